//! `doctor`: looks at a real hand-over folder and says what is wrong with it.

use std::path::PathBuf;

use clap::Args;
use diag::{Lang, Severity, Sources, text};
use serde_json::json;

use super::output::{self, DONE};
use super::sweep::{Format, unusable};
use crate::doctor::{self, Options, Probe};
use crate::state;
use crate::user_file;

/// Exit code when something has to be mended.
const ILL: u8 = 1;
/// LIMIT: largest file of the linkage application that is read.
const CONFIG_MAX_BYTES: u64 = 1024 * 1024;

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  エラーなし（警告があっても 0）/ no error; warnings alone are 0
  1  直すものがある / something has to be mended
  3  引数やフォルダーが使えない / unusable arguments or folder";

/// 共有フォルダーを診断します（何も変えません）/ examines the folder; changes nothing
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Doctor {
    /// 共有フォルダー（req・res・face がある所）/ the folder that holds req, res and face
    dir: PathBuf,
    /// 連携アプリケーションの UserDefinition.property / the linkage application's settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 共有している Samba の設定（smb.conf か `testparm -s` の出力。既定はこの機械のもの） /
    /// settings of the Samba server that shares it: smb.conf, or what `testparm -s` prints; those
    /// of this machine by default
    #[arg(long, value_name = "FILE")]
    samba: Option<PathBuf>,
    /// 一時ファイルを 1 つ書いて消し、サーバとの時計の差を測る / measures the server's clock by
    /// writing one temporary file
    #[arg(long)]
    probe_clock: bool,
    /// 出力の形式 / form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Doctor {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let property = match self.config.as_deref().map(read).transpose() {
            Ok(property) => property,
            Err(error) => {
                return unusable(lang, self.config.as_deref().unwrap_or(&self.dir), &error);
            }
        };
        let probe = if self.probe_clock { Probe::Write } else { Probe::Nothing };
        if let Some(file) = &self.samba
            && let Err(error) = user_file::open(file)
        {
            return unusable(lang, file, &error);
        }
        let samba = self.samba.as_deref();
        let options = Options { property: property.as_deref(), samba, probe };
        let found = match doctor::examine(&self.dir, &options) {
            Ok(found) => found,
            Err(error) => return unusable(lang, &self.dir, &error),
        };
        let folder = state::absolute(&self.dir).unwrap_or_else(|_| self.dir.clone());
        let folder = folder.display().to_string();
        let text = match self.format {
            Format::Json => {
                let none = Sources::new();
                let list: Vec<_> =
                    found.iter().map(|one| display::diagnostic_json(&none, one)).collect();
                let whole = json!({ "form": 1, "folder": folder, "diagnostics": list });
                display::json_text(&whole)
            }
            Format::Text => {
                let told = display::diagnostics(&Sources::new(), &found, &output::style(lang));
                let said = text!(
                    ja: "{folder}: 指摘 {count} 件", en: "{folder}: {count} findings",
                    folder = folder, count = found.len(),
                );
                told + said.get(lang) + "\n"
            }
        };
        let is_ill = found.iter().any(|one| one.severity == Severity::Error);
        output::data(lang, &text, if is_ill { ILL } else { DONE })
    }
}

fn read(path: &std::path::Path) -> std::io::Result<String> {
    let bytes = user_file::read(path, CONFIG_MAX_BYTES)?;
    // Whatever the encoding of its comments, the key that is looked for is ASCII.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
