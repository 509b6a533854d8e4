//! How diagnostics look, as terminal text and as JSON, and the breaking of lines by display
//! width. It knows nothing of reports: that is `render`. Commands that stand outside the proof
//! engine use it alone.

mod diagnostic;
mod excerpt;
mod json;
mod terminal;
mod wrap;

pub use diagnostic::{complaint, diagnostic, diagnostics};
pub use json::{
    DiagnosticJson, PlaceJson, TextJson, diagnostic_json, json_line, json_text, place_json,
    severity_word, text_json,
};
pub use terminal::terminal;
pub use wrap::{hanging, pad, pieces, width, wrap};

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

    /// The one of two texts that is in the language of the output.
    #[must_use]
    pub fn pick<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}
