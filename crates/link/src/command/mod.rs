//! The commands of `sekisho link`, which are those of `sekisho-link`. Each ends with an exit
//! code; what is data goes to standard output, everything else to standard error.

mod name;
pub(crate) mod output;

use clap::Subcommand;
use diag::Lang;

/// レセコンと資格確認端末のファイル連携 / the file exchange between claims computer and terminal
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "each command says what it does where it is written")]
pub enum Link {
    Name(name::Name),
}

impl Link {
    /// Runs the command and gives its exit code.
    #[must_use]
    pub fn run(&self, lang: Lang) -> u8 {
        match self {
            Self::Name(command) => command.run(lang),
        }
    }
}
