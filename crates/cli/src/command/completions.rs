//! `sekisho completions SHELL`: completions for a shell.

use clap::Args;
use clap_complete::Shell;
use diag::Lang;

use crate::output;

/// シェルの補完を出力します / writes completions for a shell
#[derive(Args)]
pub(crate) struct Completions {
    /// シェル / shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, lang: Lang, command: clap::Command) -> u8 {
        let mut bytes = Vec::new();
        let mut command = link::arguments::for_reference(command, lang);
        clap_complete::generate(self.shell, &mut command, "sekisho", &mut bytes);
        output::data(lang, &String::from_utf8_lossy(&bytes), 0)
    }
}
