//! `sekisho schema`: the JSON Schema of the site file.

use clap::Args;

use crate::output;

/// サイトファイルの JSON Schema を出力します（エディターの補完用）/ writes the JSON Schema
#[derive(Args)]
pub(crate) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "every command has the same form")]
    pub(crate) fn run(self) -> u8 {
        output::data(&format!("{:#}\n", site::schema()));
        0
    }
}
