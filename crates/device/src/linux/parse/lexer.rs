//! Text of a ruleset to tokens. It knows no keyword.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use diag::{SourceId, Span};

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Kind {
    Word(String),
    Quoted(String),
    Number(u128),
    Address(IpAddr),
    /// A hardware address.
    Hardware,
    Sign(&'static str),
    /// `;`.
    End,
    /// A line break.
    Line,
    /// Something that no token begins with, or a quotation without its end.
    Broken,
}

const SIGNS: [&str; 28] = [
    "==", "!=", "<=", ">=", "<<", ">>", "{", "}", "(", ")", "[", "]", "<", ">", "&", "|", "^", "!",
    ":", ",", ".", "-", "/", "*", "@", "$", "+", "=",
];

/// The tokens of `text`.
pub(super) fn tokens(source: SourceId, text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with('#') && is_line_start(&text[..at]) {
            // A line that holds only a comment is no line for nft.
            at += rest.find('\n').map_or(rest.len(), |end| end + 1);
            continue;
        }
        let (kind, length) = next(rest);
        if let Some(kind) = kind {
            tokens.push(Token { kind, span: Span::new(source, at, at + length) });
        }
        at += length.max(1);
    }
    tokens
}

/// Whether nothing but blanks stands on the line that `before` ends with.
fn is_line_start(before: &str) -> bool {
    let line = before.trim_end_matches([' ', '\t', '\r']);
    line.is_empty() || line.ends_with('\n')
}

/// The token at the beginning of `rest` and its length; `None` for blanks and comments.
fn next(rest: &str) -> (Option<Kind>, usize) {
    let Some(first) = rest.chars().next() else { return (None, 1) };
    match first {
        ';' => (Some(Kind::End), 1),
        '\n' => (Some(Kind::Line), 1),
        '#' => (None, rest.find('\n').unwrap_or(rest.len())),
        '\\' => continued(rest),
        '"' => quoted(rest),
        // nft knows no other blanks: an ideographic space is an error there.
        ' ' | '\t' | '\r' => (None, 1),
        _ => match special(rest).or_else(|| word(rest)).or_else(|| sign(rest)) {
            Some((kind, length)) => (Some(kind), length),
            None => (Some(Kind::Broken), first.len_utf8()),
        },
    }
}

/// A backslash before a line break joins the lines.
fn continued(rest: &str) -> (Option<Kind>, usize) {
    let blank = |c: char| c == ' ' || c == '\t' || c == '\r';
    let after = rest[1..].trim_start_matches(blank);
    if after.starts_with('\n') {
        return (None, rest.len() - after.len() + 1);
    }
    (Some(Kind::Broken), 1)
}

fn quoted(rest: &str) -> (Option<Kind>, usize) {
    let body = &rest[1..];
    match body.find(['"', '\n']) {
        Some(end) if body[end..].starts_with('"') => {
            (Some(Kind::Quoted(body[..end].to_owned())), end + 2)
        }
        Some(end) => (Some(Kind::Broken), end + 1),
        None => (Some(Kind::Broken), rest.len()),
    }
}

fn run(rest: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = rest.find(|c: char| !belongs(c)).unwrap_or(rest.len());
    &rest[..end]
}

/// Hardware addresses, IPv6 and IPv4 addresses and plain numbers.
fn special(rest: &str) -> Option<(Kind, usize)> {
    let colons = run(rest, |c| c.is_ascii_hexdigit() || c == ':' || c == '.');
    if colons.matches(':').count() >= 2 {
        if is_hardware(colons) {
            return Some((Kind::Hardware, colons.len()));
        }
        for candidate in [colons, colons.trim_end_matches(['.', ':'])] {
            if let Ok(address) = candidate.parse::<Ipv6Addr>() {
                return Some((Kind::Address(IpAddr::V6(address)), candidate.len()));
            }
        }
    }
    let dots = run(rest, |c| c.is_ascii_digit() || c == '.').trim_end_matches('.');
    if let Ok(address) = dots.parse::<Ipv4Addr>() {
        return Some((Kind::Address(IpAddr::V4(address)), dots.len()));
    }
    number(rest)
}

fn is_hardware(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').collect();
    parts.len() == 6 && parts.iter().all(|part| part.len() == 2)
}

fn number(rest: &str) -> Option<(Kind, usize)> {
    let all = run(rest, |c| c.is_ascii_alphanumeric() || c == '_');
    if !all.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let value = match all.strip_prefix("0x") {
        Some(hex) => u128::from_str_radix(hex, 16).ok(),
        // nft reads a leading zero as octal.
        None if all.starts_with('0') => u128::from_str_radix(all, 8).ok(),
        None => all.parse().ok(),
    };
    // A number with letters behind it is a time or a rate such as `1d2h`.
    let kind = value.map_or_else(|| Kind::Word(all.to_owned()), Kind::Number);
    Some((kind, all.len()))
}

fn word(rest: &str) -> Option<(Kind, usize)> {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let plain = run(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '-' | '.'));
    let length = plain.len() + usize::from(rest[plain.len()..].starts_with('*'));
    Some((Kind::Word(rest[..length].to_owned()), length))
}

fn sign(rest: &str) -> Option<(Kind, usize)> {
    let found = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
    Some((Kind::Sign(found), found.len()))
}
