//! `name`: says what a file name means.

use std::ffi::{OsStr, OsString};

use clap::Args;
use diag::{Lang, Text, text};

use super::output::{self, DONE, UNUSABLE};
use crate::name::{self, Extension, Foreign, Side};

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  すべて連携のファイル名 / all are names of the exchange
  3  そうでない名前がある / one is not";

/// ファイル名の意味を示します / says what a file name means
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Name {
    /// ファイル名（開きません） / file names; nothing is opened
    #[arg(required = true)]
    names: Vec<OsString>,
}

impl Name {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let mut code = DONE;
        let mut told = String::new();
        for name in &self.names {
            let known = name::Name::parse(name);
            if matches!(known, name::Name::Foreign(_)) {
                code = UNUSABLE;
            }
            told += &format!("{}\n", meaning(name, &known).get(lang));
        }
        output::data(lang, &told, code)
    }
}

fn meaning(name: &OsStr, known: &name::Name) -> Text {
    let shown = name.to_string_lossy();
    match known {
        name::Name::Exchange(known) if known.side == Side::Request => text!(
            ja: "{name}: {api} の要求。応答は {answer}",
            en: "{name}: request {api}; its answer is {answer}",
            name = shown.as_ref(), api = known.api.as_str(),
            answer = known.counterpart(Extension::Xml).to_string(),
        ),
        name::Name::Exchange(known) => text!(
            ja: "{name}: {api} の応答。要求は {request}",
            en: "{name}: answer {api}; its request is {request}",
            name = shown.as_ref(), api = known.api.as_str(),
            request = known.counterpart(Extension::Xml).to_string(),
        ),
        name::Name::Face(_) => text!(
            ja: "{name}: 顔認証の結果", en: "{name}: result of the card reader",
            name = shown.as_ref(),
        ),
        name::Name::Leftover(_) => text!(
            ja: "{name}: 端末の消し忘れ処理の記録", en: "{name}: report of the terminal's cleaner",
            name = shown.as_ref(),
        ),
        name::Name::Temporary(_) => text!(
            ja: "{name}: 書きかけの一時ファイル", en: "{name}: a file that is not published yet",
            name = shown.as_ref(),
        ),
        name::Name::Foreign(reason) => text!(
            ja: "{name}: 連携のファイルではありません（{reason}）",
            en: "{name}: not a file of the exchange ({reason})",
            name = shown.as_ref(), reason = reason.text(),
        ),
    }
}

impl Foreign {
    /// The reason in words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::NotUnicode => text!(ja: "Unicode でない名前", en: "not Unicode"),
            Self::TooLong => text!(ja: "長すぎる名前", en: "too long"),
            Self::Reserved => text!(ja: "パスまたは予約名", en: "a path or a reserved name"),
            Self::NoApiId => text!(ja: "電文の識別子で始まらない", en: "no message id"),
            Self::UnknownSystem => text!(ja: "未知のシステム", en: "unknown system"),
            Self::NoSide => text!(ja: "req_ も res_ もない", en: "neither req_ nor res_"),
            Self::BadSuffix => text!(ja: "使えない接尾部", en: "unusable suffix"),
            Self::BadFace => text!(ja: "顔認証の結果の形でない", en: "not a face result's form"),
            Self::LikeAnswer => {
                text!(ja: "回答の写しか、改名した回答", en: "a copy of an answer, or renamed")
            }
            Self::BadExtension => text!(ja: "未知の拡張子", en: "unknown extension"),
        }
    }
}
