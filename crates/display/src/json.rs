//! Diagnostics as JSON. Keys are stable; texts are given in both languages.

use diag::{Diagnostic, Label, Severity, Sources, Span, Text};
use serde::Serialize;

/// A diagnostic as it is written in JSON.
#[derive(Clone, Debug, Serialize)]
pub struct DiagnosticJson<'a> {
    code: &'a str,
    severity: &'static str,
    headline: TextJson<'a>,
    primary: Option<LabelJson<'a>>,
    secondary: Vec<LabelJson<'a>>,
    notes: Vec<TextJson<'a>>,
    helps: Vec<TextJson<'a>>,
    edits: Vec<EditJson<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct LabelJson<'a> {
    at: PlaceJson<'a>,
    text: TextJson<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct EditJson<'a> {
    at: PlaceJson<'a>,
    replacement: &'a str,
}

/// A place as it is written in JSON.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceJson<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

/// A text as it is written in JSON.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TextJson<'a> {
    ja: &'a str,
    en: &'a str,
}

/// One diagnostic.
#[must_use]
pub fn diagnostic_json<'a>(sources: &'a Sources, one: &'a Diagnostic) -> DiagnosticJson<'a> {
    let label = |label: &'a Label| LabelJson {
        at: place_json(sources, label.span),
        text: text_json(&label.text),
    };
    let edits = one.edits.iter().map(|edit| EditJson {
        at: place_json(sources, edit.span),
        replacement: &edit.replacement,
    });
    DiagnosticJson {
        code: one.code,
        severity: severity_word(one.severity),
        headline: text_json(&one.headline),
        primary: one.primary.as_ref().map(label),
        secondary: one.secondary.iter().map(label).collect(),
        notes: one.notes.iter().map(text_json).collect(),
        helps: one.helps.iter().map(text_json).collect(),
        edits: edits.collect(),
    }
}

/// Where a span begins and ends.
#[must_use]
pub fn place_json(sources: &Sources, span: Span) -> PlaceJson<'_> {
    let file = sources.file(span.source);
    let start = file.location(span.start);
    let end = file.location(span.end);
    PlaceJson {
        file: file.name(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// A text in both languages.
#[must_use]
pub fn text_json(text: &Text) -> TextJson<'_> {
    TextJson { ja: &text.ja, en: &text.en }
}

/// The word for a severity.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// `whole` as text of several lines; what is [hidden](diag::is_hidden) in it is written `\\uXXXX`.
///
/// # Panics
/// Never: the keys of everything that is written are strings.
#[must_use]
pub fn json_text(whole: &impl Serialize) -> String {
    shown(serde_json::to_string_pretty(whole).expect("keys are strings")) + "\n"
}

/// As [`json_text`], on one line.
///
/// # Panics
/// As [`json_text`].
#[must_use]
pub fn json_line(whole: &impl Serialize) -> String {
    shown(serde_json::to_string(whole).expect("keys are strings")) + "\n"
}

/// Outside of strings JSON text holds nothing hidden but line feeds.
fn shown(text: String) -> String {
    if !diag::has_hidden_in_lines(&text) {
        return text;
    }
    let is_shown = |letter: char| diag::is_hidden(letter) && letter != '\n';
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_shown(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out += &format!("\\u{unit:04x}");
            }
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{json_line, json_text};

    #[test]
    fn what_is_hidden_is_escaped_and_read_back() {
        let text = "\u{1b}\u{9b}31m\u{202e}\u{7f}\n\u{e0001}医院";
        for written in [json_line(&text), json_text(&[text])] {
            let is_raw = |letter: char| diag::is_hidden(letter) && letter != '\n';
            assert!(!written.trim_end().contains(is_raw), "{written:?}");
            assert!(written.contains("\\u009b") && written.contains("\\u202e"), "{written}");
            let read: serde_json::Value = serde_json::from_str(&written).expect("it is JSON");
            let read = read.as_str().or_else(|| read[0].as_str());
            assert_eq!(read, Some(text));
        }
    }
}
