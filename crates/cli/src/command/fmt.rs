//! `sekisho fmt FILE`: formats a site file and keeps its comments.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use clap::Args;
use diag::{Lang, Sources, text};

use super::difference;
use crate::{input, output};

/// サイトファイルを整形します（コメントは残ります）/ formats a site file and keeps its comments
#[derive(Args)]
pub(crate) struct Fmt {
    /// サイトファイル / site file
    #[arg(default_value = "site.toml")]
    file: PathBuf,
    /// 書き換えず、整形で変わる行を表示する（あれば終了コード 1）/ changes nothing and shows the
    /// lines that would change; exit code 1 if there are any
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let path = input::site_file(&self.file);
        let shown = path.display().to_string();
        let before = input::bytes(&path)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| ErrorKind::InvalidData.into()));
        let before = match before {
            Ok(before) => before,
            Err(error) => return complain(lang, &shown, &error),
        };
        let after = match site::format(&before) {
            Ok(after) => after,
            Err(diagnostics) => {
                let mut sources = Sources::new();
                sources.add(shown, before);
                let style = output::style(lang);
                output::tell(&render::diagnostics(&sources, &diagnostics, &style));
                return output::UNUSABLE;
            }
        };
        // Line ends stay as they are; a byte order mark goes.
        let is_windows = before.contains("\r\n") && !after.contains('\r');
        let after = if is_windows { after.replace('\n', "\r\n") } else { after };
        if after == before {
            return 0;
        }
        if self.check {
            return output::data(lang, &difference::of(&shown, &before, &after), 1);
        }
        match fs::write(&path, after) {
            Ok(()) => 0,
            Err(error) => complain(lang, &shown, &error),
        }
    }
}

fn complain(lang: Lang, path: &str, error: &io::Error) -> u8 {
    let headline = text!(
        ja: "`{path}` を整形できません: {reason}", en: "`{path}` cannot be formatted: {reason}",
        path = path, reason = diag::os_error(error),
    );
    output::refuse(lang, &headline, &[])
}
