//! Characters that are not seen as what they are: they move the cursor, begin a terminal's
//! commands, or change the order of what stands around them. What comes from input is shown with
//! visible signs in their place, by [`visible`] and by nothing else.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a terminal or a reader would not show `letter` as what it is: controls (also line
/// feeds), marks and overrides of direction, signs without width, separators of lines.
///
/// # Source
/// Unicode 17.0: categories Cc, Zl and Zp, and of Cf the marks of direction, the signs without
/// width, and the tags.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// `text` on one line, with a visible sign for everything [hidden](is_hidden): `␛` for ESC,
/// `\u{9b}` where Unicode has no picture.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if has_hidden(text) { Cow::Owned(replaced(text, |_| false)) } else { text.into() }
}

/// As [`visible`], for text of several lines.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if has_hidden_in_lines(text) {
        Cow::Owned(replaced(text, |letter| letter == '\n'))
    } else {
        text.into()
    }
}

/// Whether anything in `text` is [hidden](is_hidden).
#[must_use]
pub fn has_hidden(text: &str) -> bool {
    holds(text, may_begin_hidden)
}

/// As [`has_hidden`], for text of several lines.
#[must_use]
pub fn has_hidden_in_lines(text: &str) -> bool {
    holds(text, |byte| byte != b'\n' && may_begin_hidden(byte))
}

/// Bytes that are looked at together.
const CHUNK: usize = 16;

/// Whether a hidden character begins at one of the bytes of `text` that are suspected.
fn holds(text: &str, is_suspected: impl Fn(u8) -> bool + Copy) -> bool {
    let is_hidden_at = |at: usize| {
        let letter = text.get(at..).and_then(|rest| rest.chars().next());
        letter.is_some_and(is_hidden)
    };
    let mut at = 0;
    for chunk in text.as_bytes().chunks(CHUNK) {
        // Without a branch, so that all bytes of a chunk are compared at once.
        let is_any = chunk.iter().fold(false, |found, byte| found | is_suspected(*byte));
        if is_any {
            let mut suspected = chunk.iter().enumerate().filter(|(_, byte)| is_suspected(**byte));
            if suspected.any(|(place, _)| is_hidden_at(at + place)) {
                return true;
            }
        }
        at += CHUNK;
    }
    false
}

/// Whether `byte` may be the first of a hidden character in UTF-8.
// INVARIANT: it is, for the first byte of everything that `is_hidden` names; tests compare all.
fn may_begin_hidden(byte: u8) -> bool {
    (byte < 0x20)
        | (byte == 0x7f)
        | (byte == 0xc2)
        | (byte == 0xd8)
        | (byte == 0xe1)
        | (byte == 0xe2)
        | (byte == 0xef)
        | (byte == 0xf3)
}

fn replaced(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) && !is_kept(letter) {
            push_sign(&mut out, letter);
        } else {
            out.push(letter);
        }
    }
    out
}

/// Adds the visible sign for a hidden character.
fn push_sign(out: &mut String, letter: char) {
    match u32::from(letter) {
        // The pictures of the controls stand in their order.
        code @ 0..=0x1f => out.extend(char::from_u32(0x2400 + code)),
        0x7f => out.push('\u{2421}'),
        // Writing to a `String` cannot fail.
        code => drop(write!(out, "\\u{{{code:x}}}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{has_hidden, has_hidden_in_lines, is_hidden, visible, visible_lines};

    #[test]
    fn what_is_hidden_is_shown() {
        for (text, shown) in [
            ("plain 医院 é", "plain 医院 é"),
            ("\u{1b}[31m", "␛[31m"),
            ("a\nb\tc\r\0\u{7f}", "a␊b␉c␍␀␡"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}txt", "\\u{202e}txt"),
            ("\u{2066}\u{2028}\u{feff}", "\\u{2066}\\u{2028}\\u{feff}"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_lines("a\n\u{1b}b"), "a\n␛b");
    }

    #[test]
    fn nothing_hidden_is_left_of_any_character() {
        for letter in (0..=0x10ffff).filter_map(char::from_u32) {
            let text = letter.to_string();
            assert!(!visible(&text).chars().any(is_hidden), "{:x}", u32::from(letter));
        }
    }

    #[test]
    fn looking_at_bytes_finds_what_looking_at_letters_finds() {
        for letter in (0..=0x10ffff).filter_map(char::from_u32) {
            // At the begin of a chunk, and across the end of one.
            for before in ["", "plain 医院 é"] {
                let text = format!("{before}{letter}");
                assert_eq!(has_hidden(&text), is_hidden(letter), "{:x}", u32::from(letter));
                let is_line = letter == '\n';
                assert_eq!(has_hidden_in_lines(&text), is_hidden(letter) && !is_line);
            }
        }
    }
}
