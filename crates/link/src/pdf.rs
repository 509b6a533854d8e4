//! Whether a PDF file stands there to its end (ISO 32000-1, 7.5 and annex F). Nothing in it is
//! looked at but what tells where it ends.

/// How far from its beginning a file says that it is linearized.
const HEAD_BYTES: usize = 1_024;
/// How far from the end the last table is pointed to: a word, a number and the mark of the end.
const TAIL_BYTES: usize = 128;

/// True if `bytes` are a PDF file that ends where one ends.
///
/// A file that is made for reading while it loads ("linearized") has a mark of its end within its
/// first kilobyte too. That one points to no table, and the file says how long it will be.
#[must_use]
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_end();
    let Some(body) = text.strip_suffix(b"%%EOF") else { return false };
    bytes.starts_with(b"%PDF-") && is_as_long_as_it_says(bytes) && has_table(text, body)
}

/// Whether the last `startxref` names the place of a table: `xref`, or an object that holds one.
fn has_table(text: &[u8], body: &[u8]) -> bool {
    const WORD: &[u8] = b"startxref";
    let tail = &body[body.len().saturating_sub(TAIL_BYTES)..];
    let Some(at) = memchr::memmem::rfind(tail, WORD) else { return false };
    let Some(place) = number(&tail[at + WORD.len()..]) else { return false };
    let Some(table) = usize::try_from(place).ok().and_then(|place| text.get(place..)) else {
        return false;
    };
    let table = table.trim_ascii_start();
    table.starts_with(b"xref") || table.first().is_some_and(u8::is_ascii_digit)
}

/// Whether a file that says its length (`/Linearized`, `/L`) has it.
fn is_as_long_as_it_says(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let Some(at) = memchr::memmem::find(head, b"/Linearized") else { return true };
    let end = memchr::memmem::find(&head[at..], b">>").map_or(head.len(), |end| at + end);
    let parameters = &head[at..end];
    let mut lengths =
        memchr::memmem::find_iter(parameters, b"/L").filter_map(|at| number(&parameters[at + 2..]));
    // Later versions may be appended to it.
    lengths.next().is_some_and(|length| length <= bytes.len() as u64)
}

/// The number that `bytes` begin with, after white space.
fn number(bytes: &[u8]) -> Option<u64> {
    let bytes = bytes.trim_ascii_start();
    let length = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&bytes[..length]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    /// A file with one table at its end.
    fn plain() -> Vec<u8> {
        let body = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n";
        format!("{body}xref\n0 1\ntrailer\n<<>>\nstartxref\n{}\n%%EOF\n", body.len()).into_bytes()
    }

    /// A file whose first page, with a mark of the end, comes first.
    fn linearized() -> Vec<u8> {
        let head = "%PDF-1.4\n1 0 obj\n<</Linearized 1/L 00200/H [ 1 2 ]/O 3>>\nendobj\n";
        let page = "xref\n0 1\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n";
        let mut file = format!("{head}{page}").into_bytes();
        let rest = format!("xref\n0 1\nstartxref\n{}\n%%EOF\n", head.len());
        file.resize(200 - rest.len(), b' ');
        file.extend(rest.into_bytes());
        file
    }

    #[test]
    fn no_beginning_of_a_file_is_whole() {
        for file in [plain(), linearized()] {
            assert!(is_whole(&file));
            // The line break behind the mark is no part of what ends there.
            for length in 0..file.trim_ascii_end().len() {
                assert!(!is_whole(&file[..length]), "{length} of {}", file.len());
            }
        }
    }

    #[test]
    fn a_file_that_was_made_longer_before_it_was_filled_is_not_whole() {
        let mut file = plain();
        file.resize(file.len() + 100, 0);
        assert!(!is_whole(&file));
    }

    #[test]
    fn a_version_may_be_appended_to_a_linearized_file() {
        let mut file = linearized();
        let more = format!("2 0 obj\n<<>>\nendobj\nstartxref\n{}\n%%EOF", file.len());
        file.extend(more.into_bytes());
        assert!(is_whole(&file));
    }
}
