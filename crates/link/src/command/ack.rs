//! `ack`: the claims program says that it has what was handed over.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use diag::{Lang, text};

use super::sweep::existing;
use super::{options, output};
use crate::acknowledge::Acknowledgements;
use crate::client::Ledger;
use crate::journal::JournalError;
use crate::state::{self, State};
use crate::{moment, name};

/// 受け取った回答を確認済みにします（掃除してよい）/ acknowledges answers, which may then go
#[derive(Debug, Args)]
pub struct Ack {
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// 受け取った側の名前 / who has it
    #[arg(long, value_name = "NAME", default_value = "client")]
    consumer: String,
    /// 回答のファイル名（JSON の response）/ names of answers, `response` in the JSON
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
                options::broken(lang, &path.display().to_string(), &error.to_string());
                output::UNUSABLE
            }
        }
    }

    fn all(&self, lang: Lang, state: &State) -> Result<u8, JournalError> {
        let ledger = Ledger::open(state)?;
        let mut code = output::DONE;
        for name in &self.names {
            match ledger.handed_over(&state.key, name) {
                Some(sha256) => {
                    let now = moment::now();
                    Acknowledgements::acknowledge(state, name, sha256, &self.consumer, now)?;
                }
                None => {
                    code = output::UNUSABLE;
                    let shown = match name::Name::parse(name) {
                        name::Name::Exchange(known) => known.to_string(),
                        _ => state.key.name(name),
                    };
                    let what = text!(
                        ja: "`{name}` はまだ渡していないため、確認済みにできません",
                        en: "`{name}` was never handed over, so it cannot be acknowledged",
                        name = shown,
                    );
                    output::fail(lang, "P406", &what);
                }
            }
        }
        Ok(code)
    }
}
