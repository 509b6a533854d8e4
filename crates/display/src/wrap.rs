//! Line breaking by display width: Japanese text may break almost anywhere, Latin words not.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cells that `text` takes.
#[must_use]
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` followed by spaces up to `cells`.
#[must_use]
pub fn pad(text: &str, cells: usize) -> String {
    let missing = cells.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// `text` in lines of at most `cells` cells.
///
/// # Shape
/// At least one line; a word longer than a line is cut, at a space if it is code with one.
/// Characters that must not begin a line
/// (closing brackets, commas, full stops) stay with the one before.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let fits = width(&line) + width(piece.trim_end()) <= cells;
        if !fits && !line.is_empty() {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        if line.is_empty() && width(piece) > cells {
            line = cut(piece, cells, &mut lines);
        } else if !(line.is_empty() && piece.trim().is_empty()) {
            line.push_str(piece);
        }
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// `text` in lines of at most `cells` cells, the first behind `head`, the others behind as many
/// spaces as `head` takes and `hang` more.
#[must_use]
pub fn hanging(head: &str, text: &str, hang: usize, cells: usize) -> String {
    let indent = " ".repeat(width(head) + hang);
    let whole = width(head) + width(text) <= cells;
    let room = cells.saturating_sub(if whole { width(head) } else { indent.len() });
    let mut out = String::new();
    for (number, line) in wrap(text, room).iter().enumerate() {
        out += format!("{}{line}", if number == 0 { head } else { &indent }).trim_end();
        out.push('\n');
    }
    out
}

fn cut(piece: &str, cells: usize, lines: &mut Vec<String>) -> String {
    let mut line = String::new();
    for character in piece.chars() {
        if width(&line) + character.width().unwrap_or(0) > cells {
            let rest = match line.rfind(' ') {
                Some(space) if character != ' ' => line.split_off(space + 1),
                _ => String::new(),
            };
            lines.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
        }
        line.push(character);
    }
    line
}

/// The pieces of `text` between which a line may break.
#[must_use]
pub fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    let mut in_quotes = false;
    for (at, character) in text.char_indices() {
        let may_break = before.is_some_and(|before| {
            let is_wide = |one: char| one.width().unwrap_or(0) == 2;
            let after_space = before == ' ' && character != ' ';
            let beside_wide = is_wide(before) || is_wide(character);
            (after_space || beside_wide && character != ' ')
                && !cannot_begin(character)
                && !cannot_end(before)
        });
        if may_break && !in_quotes {
            pieces.push(&text[start..at]);
            start = at;
        }
        if character == '`' {
            in_quotes = !in_quotes;
        }
        before = Some(character);
    }
    pieces.push(&text[start..]);
    pieces
}

fn cannot_begin(character: char) -> bool {
    "、。，．）」』】〕！？：；ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.;:)]}!?"
        .contains(character)
}

fn cannot_end(character: char) -> bool {
    "（「『【〔([{".contains(character)
}
