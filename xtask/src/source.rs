//! Rust source, seen coarsely: which bytes are code, which are text in quotes, which are
//! comments. Not a Rust parser; enough to look for a path without meeting it in a sentence.

/// What a part of a Rust file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Code,
    Comment,
    Quoted,
}

/// The file with comments and quoted text blanked out; lines stay where they are.
pub(crate) fn code_only(text: &str) -> String {
    keep(text, Part::Code)
}

/// The file with everything but quoted text blanked out; lines stay where they are.
pub(crate) fn quoted_only(text: &str) -> String {
    keep(text, Part::Quoted)
}

fn keep(text: &str, wanted: Part) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (part, length) = match next_part(rest) {
            Some(found) => found,
            None => (Part::Code, word_length(rest).max(c.len_utf8())),
        };
        let (taken, left) = rest.split_at(length.min(rest.len()));
        if part == wanted {
            kept += taken;
        } else {
            kept.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        rest = left;
    }
    kept
}

/// The comment or quoted text at the start of `rest`, with its length in bytes.
fn next_part(rest: &str) -> Option<(Part, usize)> {
    if rest.starts_with("//") {
        return Some((Part::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        return Some((Part::Comment, block_comment(rest)));
    }
    let word = word_length(rest);
    if let Some(length) = raw_quoted(rest, word) {
        return Some((Part::Quoted, length));
    }
    if matches!(&rest[..word], "" | "b" | "c") && rest[word..].starts_with('"') {
        return Some((Part::Quoted, word + closing(&rest[word..], '"')));
    }
    let is_character = rest.starts_with("'\\") || rest.starts_with('\'') && is_one_quoted(rest);
    is_character.then(|| (Part::Quoted, closing(rest, '\'')))
}

fn is_one_quoted(rest: &str) -> bool {
    rest.chars().nth(2) == Some('\'')
}

/// Length of the identifier at the start.
fn word_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Length of text in quotes that starts with a quote; a backslash hides the next character.
fn closing(rest: &str, quote: char) -> usize {
    let mut is_hidden = false;
    for (at, c) in rest.char_indices().skip(1) {
        if is_hidden {
            is_hidden = false;
        } else if c == '\\' {
            is_hidden = true;
        } else if c == quote {
            return at + 1;
        }
    }
    rest.len()
}

/// Length of `r"..."`, `r#"..."#`, `br"..."` and so on.
fn raw_quoted(rest: &str, word: usize) -> Option<usize> {
    if !matches!(&rest[..word], "r" | "br" | "cr") {
        return None;
    }
    let hashes = rest[word..].bytes().take_while(|byte| *byte == b'#').count();
    let body = rest[word + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end).map_or(body.len(), |at| at + end.len());
    Some(word + hashes + 1 + length)
}
