//! The last look at text before a terminal gets it.

use std::borrow::Cow;

/// `text` as a terminal may have it: line feeds and our own colours pass, everything else
/// that is [hidden](diag::is_hidden) is shown. What comes from input is shown before, where it is
/// put into a sentence; this is for what was forgotten there.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| !diag::is_hidden(letter) || letter == '\n';
    if text.chars().all(is_plain) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let taken = color(rest).unwrap_or(letter.len_utf8());
        let (piece, after) = rest.split_at(taken);
        if taken > letter.len_utf8() || is_plain(letter) {
            out.push_str(piece);
        } else {
            out.push_str(&diag::visible(piece));
        }
        rest = after;
    }
    Cow::Owned(out)
}

/// How long a change of colour at the beginning of `text` is.
fn color(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let is_parameter = |byte: &u8| byte.is_ascii_digit() || *byte == b';';
    let length = parameters.bytes().take_while(|byte| is_parameter(byte)).count();
    parameters[length..].starts_with('m').then_some(2 + length + 1)
}

#[cfg(test)]
mod tests {
    use super::terminal;

    #[test]
    fn colours_pass_and_nothing_else() {
        for (text, shown) in [
            ("a\n\tb", "a\n␉b"),
            ("\u{1b}[1;31ma\u{1b}[0m", "\u{1b}[1;31ma\u{1b}[0m"),
            ("\u{1b}[2J", "␛[2J"),
            ("\u{1b}]0;title\u{7}", "␛]0;title␇"),
            ("\u{9b}31m\r", "\\u{9b}31m␍"),
            ("\u{1b}[31", "␛[31"),
            ("\u{1b}", "␛"),
        ] {
            assert_eq!(terminal(text), shown);
        }
    }
}
