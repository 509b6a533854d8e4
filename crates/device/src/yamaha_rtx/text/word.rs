//! Where the words of a command begin and end.

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

/// First byte after the word that begins at `at`; quotes and backslashes hide blanks.
pub(super) fn word_end(bytes: &[u8], mut at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    at += rest.iter().position(|byte| !PLAIN[usize::from(*byte)]).unwrap_or(rest.len());
    if bytes.get(at).is_none_or(|byte| is_blank_byte(*byte)) {
        return at;
    }
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
pub(super) fn unquoted(word: &str) -> &str {
    let bytes = word.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(b'"'), Some(b'"')) | (Some(b'\''), Some(b'\'')) if bytes.len() >= 2 => {
            &word[1..word.len() - 1]
        }
        _ => word,
    }
}
