//! The commands of `sekisho link`, which are those of `sekisho-link`. Each ends with an exit
//! code; what is data goes to standard output, everything else to standard error.

mod ack;
mod ask;
mod bulk;
mod catalogue;
mod collect;
mod doctor;
mod emulate;
mod evidence;
mod face;
mod name;
mod options;
pub(crate) mod output;
mod quarantine;
mod report;
mod status;
mod sweep;
mod verify_log;

use clap::Subcommand;
use diag::Lang;

/// What the exit codes stand for; `--help` of every command that asks shows it.
pub(crate) const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  すべて回答あり / every request answered
  1  端末がエラーを返した / the terminal answered with an error
  2  まだ回答なし（再送しません。collect で受け取れます）\
     / no answer yet (never sent again; `collect` fetches it)
  3  入力やフォルダーが使えない / unusable input or folder
  4  疑わしいファイルあり（患者の結果として渡しません）\
     / a doubtful file, not handed over as anybody's result
複数あれば最も大きい番号 / of several, the largest";

/// レセコンと資格確認端末のファイル連携 / the file exchange between claims computer and terminal
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "each command says what it does where it is written")]
pub enum Link {
    Ask(ask::Ask),
    Drug(ask::Drug),
    Checkup(ask::Checkup),
    Bulk(bulk::Bulk),
    Face(face::Face),
    Collect(collect::Collect),
    Ack(ack::Ack),
    Emulate(emulate::Emulate),
    Catalogue(catalogue::List),
    Sweep(sweep::Sweep),
    Quarantine(quarantine::Quarantine),
    Status(status::Status),
    VerifyLog(verify_log::VerifyLog),
    Evidence(evidence::Evidence),
    Doctor(doctor::Doctor),
    Name(name::Name),
}

impl Link {
    /// Runs the command and gives its exit code.
    #[must_use]
    pub fn run(&self, lang: Lang) -> u8 {
        match self {
            Self::Ask(command) => command.run(lang),
            Self::Drug(command) => command.run(lang),
            Self::Checkup(command) => command.run(lang),
            Self::Bulk(command) => command.run(lang),
            Self::Face(command) => command.run(lang),
            Self::Collect(command) => command.run(lang),
            Self::Ack(command) => command.run(lang),
            Self::Emulate(command) => command.run(lang),
            Self::Catalogue(command) => command.run(lang),
            Self::Sweep(command) => command.run(lang),
            Self::Quarantine(command) => command.run(lang),
            Self::Status(command) => command.run(lang),
            Self::VerifyLog(command) => command.run(lang),
            Self::Evidence(command) => command.run(lang),
            Self::Doctor(command) => command.run(lang),
            Self::Name(command) => command.run(lang),
        }
    }
}
