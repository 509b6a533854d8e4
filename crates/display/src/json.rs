//! Diagnostics as JSON. Keys are stable; texts are given in both languages.

use diag::{Diagnostic, Label, Severity, Sources, Span, Text};
use serde_json::{Value, json as value};

/// One diagnostic.
#[must_use]
pub fn diagnostic_json(sources: &Sources, one: &Diagnostic) -> Value {
    let label = |label: &Label| {
        value!({
            "at": place_json(sources, label.span),
            "text": text_json(&label.text),
        })
    };
    value!({
        "code": one.code,
        "severity": severity_word(one.severity),
        "headline": text_json(&one.headline),
        "primary": one.primary.as_ref().map(label),
        "secondary": one.secondary.iter().map(label).collect::<Vec<_>>(),
        "notes": one.notes.iter().map(text_json).collect::<Vec<_>>(),
        "helps": one.helps.iter().map(text_json).collect::<Vec<_>>(),
        "edits": one.edits.iter().map(|edit| value!({
            "at": place_json(sources, edit.span),
            "replacement": edit.replacement,
        })).collect::<Vec<_>>(),
    })
}

/// Where a span begins and ends.
#[must_use]
pub fn place_json(sources: &Sources, span: Span) -> Value {
    let file = sources.file(span.source);
    let start = file.location(span.start);
    let end = file.location(span.end);
    value!({
        "file": file.name(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}

/// A text in both languages.
#[must_use]
pub fn text_json(text: &Text) -> Value {
    value!({ "ja": text.ja, "en": text.en })
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
