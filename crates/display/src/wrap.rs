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
/// At least one line; a word longer than a line is cut. Code in backquotes is never cut, so that it
/// can be copied whole: where it is longer than a line, it is a line of its own.
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
        if line.is_empty() && width(piece) > cells && !is_code(piece) {
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

/// Longest code that is kept whole.
///
/// # Units
/// Cells.
// LIMIT: what somebody pastes into a file may be of any length.
const CODE_MAX: usize = 240;

/// Whether a piece holds code with a space, which is there to be copied.
fn is_code(piece: &str) -> bool {
    piece.matches('`').count() == 2 && piece.trim_end().contains(' ') && width(piece) <= CODE_MAX
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

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn code_is_never_cut() {
        let code = "`pppoe = { through = \"router-b\" }`";
        let lines = wrap(&format!("write {code} under the machine that dials"), 24);
        assert_eq!(lines, ["write", code, "under the machine that", "dials"]);
        let lines = wrap(&format!("その端末に {code} を書いてください"), 24);
        assert_eq!(lines, ["その端末に", code, "を書いてください"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut() {
        assert_eq!(wrap("abcdefghijkl", 8), ["abcdefgh", "ijkl"]);
        assert_eq!(wrap("`abcdefghijkl`", 8), ["`abcdefg", "hijkl`"]);
    }
}
