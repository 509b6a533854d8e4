//! Reports as terminal text and JSON. Layout, colour and width live here and nowhere else.

mod answer;
mod codes;
mod diagnostic;
mod hop;
mod json;
mod summary;
mod table;
mod text;
mod wrap;

pub use answer::{answer, reachable};
pub use codes::{code_list, explained};
pub use diagnostic::diagnostics;
pub use json::{answer_json, json};
pub use text::report;

use diag::Lang;

/// How text is to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Language.
    pub lang: Lang,
    /// Whether colour may be used; nothing depends on it.
    pub color: bool,
    /// Width of the terminal in cells; a full-width character takes two.
    pub width: usize,
}

impl Style {
    /// Plain text, 80 cells wide.
    #[must_use]
    pub fn plain(lang: Lang) -> Self {
        Self { lang, color: false, width: 80 }
    }

    pub(crate) fn pick<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}
