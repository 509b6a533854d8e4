//! `sekisho schema`: the JSON Schema of the site file, or of packs.

use clap::Args;
use diag::{Lang, Text};

use crate::output;

/// サイトファイルの JSON Schema を出力します（エディターの補完用）/ writes the JSON Schema of
/// site files, for the completion of editors
#[derive(Args)]
pub(crate) struct Schema {
    /// パック（事実のファイル）の JSON Schema / that of packs, the files with facts
    #[arg(long)]
    pack: bool,
}

impl Schema {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let vendors = device::vendors().iter().map(|one| (one.name, (one.title)()));
        let vendors: Vec<(&str, Text)> = vendors.collect();
        let schema = if self.pack { pack::schema() } else { site::schema(&vendors) };
        output::data(lang, &format!("{schema:#}\n"), 0)
    }
}
