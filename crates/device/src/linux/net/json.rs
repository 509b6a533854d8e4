//! Output of `ip -j addr`, `ip -j link`, `ip -j route` and `ip -j rule`.
//!
//! Every key of an entry is read, known to change nothing, or a gap.

mod address;
mod key;
mod link;
mod port;
mod route;
mod rule;
mod silent;

use diag::{Diagnostic, Span, Text, text};
use model::Effect;
use serde_json::Value;

use self::key::Object;
use crate::File;
use crate::registry::linux::config::{Facts, Notes, Unread};
use crate::registry::linux::lower::effect::ALL;

/// Says what only all files together tell.
pub(super) fn finish(facts: &mut Facts, notes: &mut Notes) {
    link::finish(facts, notes);
    route::finish(facts, notes);
    route::missing(facts, notes);
}

/// Notes a part of an entry that is not in the model.
fn gap(notes: &mut Notes, span: Span, effects: &'static [Effect], what: Text) {
    notes.part(Unread { span, what, effects, family: None });
}

/// Reads one file.
pub(super) fn read(file: &File<'_>, facts: &mut Facts, notes: &mut Notes) {
    // Text without a line has no place but its beginning.
    let end = if file.text.trim().is_empty() { 0 } else { file.text.len() };
    let whole = Span::new(file.source, 0, end);
    let value: Value = match serde_json::from_str(file.text) {
        Ok(value) => value,
        Err(error) => {
            let place = offset(file.text, error.line(), error.column());
            let at = Span::new(file.source, place, place);
            notes.diagnostics.push(
                Diagnostic::error(
                    "P204",
                    text!(
                        ja: "`{name}` は JSON として読めません",
                        en: "`{name}` cannot be read as JSON",
                        name = file.name,
                    ),
                )
                .at(at)
                .advise(text!(
                    ja: "`ip -j addr` などの出力をそのまま保存してください",
                    en: "save the output of `ip -j addr` and the like as it is",
                )),
            );
            refuse(whole, notes);
            return;
        }
    };
    let places = elements(file);
    let Value::Array(entries) = value else {
        unknown(file, whole, notes);
        return;
    };
    for (index, entry) in entries.iter().enumerate() {
        let span = places.get(index).copied().unwrap_or(whole);
        if read_entry(entry, span, facts, notes).is_none() {
            unknown(file, span, notes);
        }
    }
    rule::whole(&entries, whole, facts, notes);
    facts.is_described = true;
}

fn refuse(span: Span, notes: &mut Notes) {
    let what = text!(ja: "読めない JSON", en: "JSON that cannot be read");
    notes.gaps.push(Unread { span, what, effects: ALL, family: None });
}

fn unknown(file: &File<'_>, span: Span, notes: &mut Notes) {
    notes.diagnostics.push(
        Diagnostic::error(
            "P205",
            text!(
                ja: "`{name}` のこの項目は `ip -j` の addr・link・route・rule のどれでもありません",
                en: "this entry of `{name}` is none of addr, link, route and rule of `ip -j`",
                name = file.name,
            ),
        )
        .at(span),
    );
    refuse(span, notes);
}

/// The byte at `line` and `column`, both counted from 1, on a character boundary.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the elements of the outermost array stand. The text is JSON, which was checked.
fn elements(file: &File<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    for (at, byte) in file.text.bytes().enumerate() {
        if is_text {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_text = !ends;
            continue;
        }
        match byte {
            b'"' => is_text = true,
            b'[' | b'{' => {
                depth += 1;
                if depth == 2 {
                    start = at;
                }
            }
            b']' | b'}' => {
                if depth == 2 {
                    spans.push(Span::new(file.source, start, at + 1));
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    spans
}

/// One entry; `None` if it is of no known kind.
fn read_entry(entry: &Value, span: Span, facts: &mut Facts, notes: &mut Notes) -> Option<()> {
    let entry = Object(entry.as_object()?);
    if entry.0.is_empty() {
        return Some(());
    }
    // A rule may have a `dst` too.
    if entry.has("priority") {
        rule::read(&entry, span, facts, notes);
        return Some(());
    }
    if entry.has("ifname") {
        return link::read(&entry, span, facts, notes);
    }
    if entry.has("dst") {
        return route::read(&entry, span, facts, notes);
    }
    None
}
