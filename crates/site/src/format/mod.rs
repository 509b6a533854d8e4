//! `sekisho fmt`: the same site file in canonical order and spacing.

mod layout;
mod scan;

use std::ops::Range;

use diag::{Diagnostic, SourceId};
use toml::de::{DeTable, DeValue};

use crate::decode::root::ROOT;
use crate::{recover, syntax};
use scan::{Piece, Statement};

/// The file in canonical form: sections in the order of the schema, `=` and comments aligned,
/// one blank line between sections. Comments, blank lines between keys, the order of entries
/// and the writing of every value stay.
///
/// # Errors
/// The diagnostics of a text that is not TOML.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    // The diagnostics of one text need no other source than the first.
    let source = SourceId(0);
    if let Some(refusal) = syntax::refusal(source, text) {
        return Err(vec![refusal]);
    }
    let (before, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let mut found = recover::recover(source, text).faults;
        found.sort_by_key(|one| one.primary.as_ref().map(|label| label.span));
        return Err(found);
    }
    let formatted = arrange(text);
    let (after, errors) = DeTable::parse_recoverable(&formatted);
    // The layout is checked on a second path. The parser takes some texts that are not TOML,
    // such as a comment between a key and its `=`; those stay as they are.
    let is_same = errors.is_empty() && is_same_root(before.get_ref(), after.get_ref());
    Ok(if is_same { formatted } else { text.to_owned() })
}

/// A header with all that follows it, or what stands before the first header.
struct Section {
    /// Comments above the header.
    leading: Vec<Piece>,
    header: Option<Statement>,
    body: Vec<Piece>,
}

fn arrange(text: &str) -> String {
    let mut pieces = scan::pieces(text);
    let preamble = split_preamble(&mut pieces);
    let mut sections = split_sections(pieces);
    let footer = sections.last_mut().map_or_else(Vec::new, |last| split_footer(&mut last.body));
    if let Some(first) = sections.first_mut().filter(|first| first.header.is_none()) {
        sort_root(&mut first.body);
    }
    sections.sort_by_key(|section| section.header.as_ref().map(|header| rank(&header.root) + 1));
    let mut out = layout::Page::default();
    out.block(&preamble);
    for section in &sections {
        out.gap();
        out.block(&section.leading);
        if let Some(header) = &section.header {
            out.header(header);
        }
        out.block(&section.body);
    }
    out.gap();
    out.block(&footer);
    out.finish()
}

/// Place of a root key in the canonical order; unknown ones come last.
fn rank(root: &str) -> usize {
    ROOT.fields.iter().position(|field| field.key == root).unwrap_or(ROOT.fields.len())
}

/// Comments at the top that a blank line sets apart from the first statement.
fn split_preamble(pieces: &mut Vec<Piece>) -> Vec<Piece> {
    let first = pieces.iter().position(Piece::is_statement).unwrap_or(pieces.len());
    let end = pieces[..first].iter().rposition(Piece::is_blank).map_or(0, |at| at + 1);
    pieces.drain(..end).collect()
}

/// Comments at the bottom that a blank line sets apart from the last statement.
fn split_footer(body: &mut Vec<Piece>) -> Vec<Piece> {
    let last = body.iter().rposition(Piece::is_statement).map_or(0, |at| at + 1);
    let blank = body[last..].iter().position(Piece::is_blank);
    blank.map_or_else(Vec::new, |at| body.split_off(last + at))
}

fn split_sections(pieces: Vec<Piece>) -> Vec<Section> {
    let mut sections = vec![Section { leading: Vec::new(), header: None, body: Vec::new() }];
    for piece in pieces {
        let Piece::Statement(statement) = piece else {
            push(&mut sections, piece);
            continue;
        };
        if !statement.is_header() {
            push(&mut sections, Piece::Statement(statement));
            continue;
        }
        let leading = sections.last_mut().map_or_else(Vec::new, |last| {
            let is_first = last.header.is_none() && !last.body.iter().any(Piece::is_statement);
            if is_first { std::mem::take(&mut last.body) } else { split_footer(&mut last.body) }
        });
        sections.push(Section { leading, header: Some(statement), body: Vec::new() });
    }
    sections
}

fn push(sections: &mut [Section], piece: Piece) {
    // INVARIANT: split_sections begins with one section.
    if let Some(last) = sections.last_mut() {
        last.body.push(piece);
    }
}

/// Sorts the root keys, each with the comments above it.
fn sort_root(body: &mut Vec<Piece>) {
    let mut groups: Vec<(usize, Vec<Piece>)> = Vec::new();
    let mut group = Vec::new();
    for piece in body.drain(..) {
        let place = match &piece {
            Piece::Statement(statement) => Some(rank(&statement.root)),
            _ => None,
        };
        group.push(piece);
        if let Some(place) = place {
            groups.push((place, std::mem::take(&mut group)));
        }
    }
    groups.sort_by_key(|(place, _)| *place);
    body.extend(groups.into_iter().flat_map(|(_, group)| group));
    body.append(&mut group);
}

/// Whether two files say the same, with the entries of every section in the same order.
fn is_same_root(one: &DeTable<'_>, two: &DeTable<'_>) -> bool {
    one.len() == two.len()
        && one.iter().zip(two.iter()).all(|((key, a), (other, b))| {
            key.get_ref() == other.get_ref() && is_same(a.get_ref(), b.get_ref())
        })
}

fn is_same(one: &DeValue<'_>, two: &DeValue<'_>) -> bool {
    match (one, two) {
        (DeValue::String(a), DeValue::String(b)) => a == b,
        (DeValue::Integer(a), DeValue::Integer(b)) => a.to_string() == b.to_string(),
        (DeValue::Float(a), DeValue::Float(b)) => a.to_string() == b.to_string(),
        (DeValue::Boolean(a), DeValue::Boolean(b)) => a == b,
        (DeValue::Datetime(a), DeValue::Datetime(b)) => a == b,
        (DeValue::Array(a), DeValue::Array(b)) => {
            a.len() == b.len()
                && a.iter().zip(b.iter()).all(|(a, b)| is_same(a.get_ref(), b.get_ref()))
        }
        (DeValue::Table(a), DeValue::Table(b)) => {
            is_same_root(a, b) && file_order(a).eq(file_order(b))
        }
        _ => false,
    }
}

/// The keys of a table as the file orders them.
fn file_order<'a>(table: &'a DeTable<'_>) -> impl Iterator<Item = &'a str> {
    let mut keys: Vec<(Range<usize>, &str)> =
        table.keys().map(|key| (key.span(), key.get_ref().as_ref())).collect();
    keys.sort_by_key(|(span, _)| span.start);
    keys.into_iter().map(|(_, key)| key)
}
