//! `sekisho link`: the file exchange between claims computer and eligibility terminal. The
//! commands themselves stand in the crate `link`.

use clap::Args;
use diag::Lang;

/// レセコンと資格確認端末のファイル連携 / the file exchange of claims computer and terminal
#[derive(Args)]
pub(crate) struct Link {
    #[command(subcommand)]
    command: link::command::Link,
}

impl Link {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        self.command.run(lang)
    }
}
