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
    if text.chars().any(is_hidden) { Cow::Owned(replaced(text, |_| false)) } else { text.into() }
}

/// As [`visible`], for text of several lines.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    let is_kept = |letter| letter == '\n';
    if text.chars().any(|letter| is_hidden(letter) && !is_kept(letter)) {
        Cow::Owned(replaced(text, is_kept))
    } else {
        text.into()
    }
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
    use super::{is_hidden, visible, visible_lines};

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
}
