//! `sekisho new`: a commented site file to start from.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use diag::{Lang, text};

use crate::output;

/// コメント付きのサイトファイルを作ります / makes a commented site file
#[derive(Args)]
pub(crate) struct New {
    /// 参考パターン / reference pattern
    #[arg(long, default_value = "ipvpn.separate")]
    pattern: String,
    /// 作るファイル。`-` は標準出力 / file to make; `-` is standard output
    #[arg(default_value = "site.toml")]
    file: PathBuf,
}

/// Site files to start from: pattern, Japanese, English.
const TEMPLATES: &[(&str, &str, &str)] = &[(
    "ipvpn.separate",
    include_str!("../../template/ipvpn.separate.ja.toml"),
    include_str!("../../template/ipvpn.separate.en.toml"),
)];

impl New {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let found = TEMPLATES.iter().find(|(id, ..)| *id == self.pattern);
        let Some((_, ja, en)) = found else {
            let known: Vec<&str> = TEMPLATES.iter().map(|(id, ..)| *id).collect();
            output::tell_in(
                lang,
                &text!(
                    ja: "エラー: パターン `{id}` はありません。{known} のどれかを書いてください",
                    en: "error: there is no pattern `{id}`; write one of {known}",
                    id = self.pattern, known = known.join(", "),
                ),
            );
            return output::UNUSABLE;
        };
        let template = match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        if self.file.as_os_str() == "-" {
            output::data(template);
            return 0;
        }
        // Never over a file that is there: it may be somebody's work.
        let made = OpenOptions::new().write(true).create_new(true).open(&self.file);
        let shown = self.file.display().to_string();
        match made.and_then(|mut file| file.write_all(template.as_bytes())) {
            Ok(()) => {
                output::tell_in(
                    lang,
                    &text!(
                        ja: "`{path}` を作りました。コメントに従って書き換え、\
                             `sekisho check {path}` を実行してください",
                        en: "made `{path}`; edit it as its comments say and run `sekisho check \
                             {path}`",
                        path = shown,
                    ),
                );
                0
            }
            Err(error) => {
                output::tell_in(
                    lang,
                    &text!(
                        ja: "エラー: `{path}` を作れません（{reason}）。既にあるファイルは上書き\
                             しません",
                        en: "error: `{path}` cannot be made ({reason}); an existing file is \
                             never overwritten",
                        path = shown, reason = error.to_string(),
                    ),
                );
                output::UNUSABLE
            }
        }
    }
}
