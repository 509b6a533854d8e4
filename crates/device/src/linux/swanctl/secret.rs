//! Places of pre-shared keys and passwords, also where the file cannot be read.

use diag::{SourceId, Span};

/// Keys of swanctl.conf whose values are secret, alone or at the beginning of a longer name.
///
/// # Source
/// swanctl.conf(5), section `secrets`.
const KEYS: [&str; 2] = ["secret", "pin"];

/// Places of pre-shared keys and passwords in `text`.
///
/// What stands behind such a key is secret up to the end of the line, whatever it is: sections may
/// stand in one line, and a value that is quoted may go on in the next one.
///
/// # Shape
/// No span goes over the end of a line.
pub(crate) fn secrets(source: SourceId, text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(from) = next(text, at) {
        let until = end(text, from);
        let mut start = from;
        for line in text[from..until].split_inclusive('\n') {
            let shown = line.trim_end();
            if !shown.trim_start().is_empty() {
                let blank = shown.len() - shown.trim_start().len();
                found.push(Span::new(source, start + blank, start + shown.len()));
            }
            start += line.len();
        }
        at = until;
    }
    found
}

/// Where the value of the next secret key from `at` begins.
fn next(text: &str, at: usize) -> Option<usize> {
    (at..text.len()).find_map(|start| value_at(text, start))
}

/// Where the value begins of the secret key that stands at `start`.
fn value_at(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let begins = |key: &&str| {
        let word = bytes.get(start..start + key.len());
        word.is_some_and(|word| word.eq_ignore_ascii_case(key.as_bytes()))
    };
    let key = KEYS.into_iter().find(|key| begins(key))?;
    if bytes[..start].last().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let word = &text[start..];
    let is_part = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '_';
    let length = word.find(|one| !is_part(one)).unwrap_or(word.len());
    let behind = word[length..].trim_start_matches([' ', '\t']);
    if let Some(value) = behind.strip_prefix('=') {
        // `pinned` is another word; what begins with `secret` may be one.
        let is_key = key == "secret" || length == key.len();
        return is_key.then_some(text.len() - value.len());
    }
    // A section has keys of its own.
    let is_section = behind.trim_start().starts_with('{');
    (key == "secret" && !is_section).then_some(text.len() - behind.len())
}

/// Where the line of `from` ends, or the one in which a quoted value that begins there ends.
fn end(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let mut quoted = 0;
    if let Some(inner) = rest[blank..].strip_prefix('"') {
        let mut is_escaped = false;
        let close = inner.find(|one| {
            let is_end = one == '"' && !is_escaped;
            is_escaped = one == '\\' && !is_escaped;
            is_end
        });
        quoted = close.map_or(rest.len(), |close| blank + 1 + close);
    }
    let line = rest[quoted..].find('\n');
    line.map_or(text.len(), |line| from + quoted + line)
}

#[cfg(test)]
mod tests {
    use diag::SourceId;

    use super::secrets;

    /// `text` with its secrets replaced.
    fn hidden(text: &str) -> String {
        let mut shown = text.to_owned();
        for span in secrets(SourceId(0), text).into_iter().rev() {
            assert!(!text[span.start as usize..span.end as usize].contains('\n'), "{text}");
            shown.replace_range(span.start as usize..span.end as usize, "*");
        }
        shown
    }

    #[test]
    fn a_key_is_hidden_wherever_it_stands() {
        for (text, expected) in [
            ("secret = top\nid = a\n", "secret = *\nid = a\n"),
            ("  secret=top # note", "  secret=*"),
            ("secrets { ike.1 { secret = \"top\" } }\n}\n", "secrets { ike.1 { secret = *\n}\n"),
            ("ike-a { id = \"x\"; secret = \"top\" }", "ike-a { id = \"x\"; secret = *"),
            ("secret = \"to\\\"p\nrest\" }\nx = y", "secret = *\n*\nx = y"),
            ("secret = \"top\nrest", "secret = *\n*"),
            ("SECRET-a = top", "SECRET-a = *"),
            ("secret top", "secret *"),
            ("secret: top", "secret*"),
            ("secrets\n{\n pin = 0000\n}", "secrets\n{\n pin = *\n}"),
        ] {
            assert_eq!(hidden(text), expected, "{text}");
        }
    }

    #[test]
    fn other_words_are_shown() {
        for text in ["pinned = yes", "topsecrets = 1", "spin = 1", "secrets {\n}", "secrets\n  {"] {
            assert_eq!(hidden(text), text);
        }
    }
}
