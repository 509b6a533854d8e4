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
