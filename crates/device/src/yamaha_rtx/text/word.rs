//! The words of a command, and where they end.

use super::is_blank_byte;

/// Bytes that neither end a word nor hide blanks.
static PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut at = 0;
    let special = *b" \t\\\"'";
    while at < special.len() {
        plain[special[at] as usize] = false;
        at += 1;
    }
    plain
};

/// The word of `text` that begins at `start`, without the quotes around it, and the first byte
/// after it.
pub(super) fn word_at(text: &str, start: usize) -> (&str, usize) {
    let bytes = text.as_bytes();
    let mut end = start;
    while bytes.get(end).is_some_and(|byte| PLAIN[usize::from(*byte)]) {
        end += 1;
    }
    // Most words hold neither quotes nor backslashes.
    if bytes.get(end).is_none_or(|byte| is_blank_byte(*byte)) {
        return (&text[start..end], end);
    }
    let end = hidden_end(bytes, end);
    (unquoted(&text[start..end]), end)
}

/// First byte after the word that goes on at `at`; quotes and backslashes hide blanks.
fn hidden_end(bytes: &[u8], mut at: usize) -> usize {
    let mut quote = None;
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (_, b'\\') => at += 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b' ' | b'\t') => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// A word without the quotes around it.
fn unquoted(word: &str) -> &str {
    let bytes = word.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(b'"'), Some(b'"')) | (Some(b'\''), Some(b'\'')) if bytes.len() >= 2 => {
            &word[1..word.len() - 1]
        }
        _ => word,
    }
}
