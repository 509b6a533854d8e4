//! `ack`: the claims program says that it has what was handed over.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;
use diag::{Lang, text};

use super::sweep::existing;
use super::{options, output};
use crate::acknowledge::Acknowledgements;
use crate::client::Ledger;
use crate::journal::JournalError;
use crate::moment;
use crate::state::{self, State};

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  すべて確認済みにした / all acknowledged
  3  渡していない回答がある、または台帳が使えない\
     / one was never handed over, or the state cannot be used";

/// 受け取った回答を確認済みにします（掃除してよい）/ acknowledges answers, which may then go
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Ack {
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// 受け取った側の名前。方針の `consumers` にあるもの / who has it: a name of `consumers` in the
    /// policy, if that names any
    #[arg(long, value_name = "NAME", default_value = "client")]
    consumer: String,
    /// 回答のファイル名（JSON の response。パスでも可）/ names of answers, `response` in the JSON,
    /// or their paths
    #[arg(required = true, value_name = "RESPONSE")]
    names: Vec<OsString>,
}

impl Ack {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let path = self.state.clone().unwrap_or_else(state::default_path);
        let Some(state) = existing(lang, &path) else { return output::UNUSABLE };
        match self.all(lang, &state) {
            Ok(code) => code,
            Err(error) => {
                options::broken(lang, &path.display().to_string(), &error.text());
                output::UNUSABLE
            }
        }
    }

    fn all(&self, lang: Lang, state: &State) -> Result<u8, JournalError> {
        let ledger = Ledger::open(state)?;
        let mut code = output::DONE;
        for (written, place) in self.names.iter().zip(1_usize..) {
            // A path names the file that was handed over by its last part.
            let name = Path::new(written).file_name().unwrap_or(written);
            match ledger.handed_over(&state.key, name) {
                Some(sha256) => {
                    let now = moment::now();
                    Acknowledgements::acknowledge(state, name, sha256, &self.consumer, now)?;
                }
                None => {
                    code = output::UNUSABLE;
                    // Whatever is given by mistake may hold anything.
                    let what = text!(
                        ja: "{place} 番目の名前（{name}）の回答はまだ渡していないため、確認済みに\
                             できません",
                        en: "the answer of name {place} ({name}) was never handed over, so it \
                             cannot be acknowledged",
                        place = place, name = state.key.name(name),
                    );
                    output::fail(lang, "P406", &what);
                }
            }
        }
        Ok(code)
    }
}
