//! What terminals and pagers do to a line: its width, and what is seen of it.

use super::trim;

/// What pagers write at the foot of a page.
pub(super) const PAGER_MARKS: [&str; 4] = ["---つづく---", "---More---", "--More--", "---more---"];

/// Whether what stands before a carriage return may be lost: a pager's mark, or nothing.
pub(super) fn is_overwritten(part: &str) -> bool {
    let shown = replayed(part);
    let shown = trim(&shown);
    shown.is_empty() || PAGER_MARKS.contains(&shown)
}

/// Display width; full-width characters count two.
pub(in super::super) fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3
        | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6)
}

/// What a terminal shows for a line with backspaces, carriage returns and escapes.
pub(super) fn replayed(raw: &str) -> String {
    // One cell per column; the second cell of a full-width character is empty.
    let mut cells: Vec<Option<char>> = Vec::with_capacity(raw.len());
    let mut cursor: usize = 0;
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{8}' => cursor = cursor.saturating_sub(1),
            '\r' => cursor = 0,
            '\u{1b}' => {
                if chars.next() == Some('[') {
                    let last = chars.find(|c| c.is_ascii_alphabetic());
                    if last == Some('K') {
                        cells.truncate(cursor);
                    }
                }
            }
            c if c < ' ' && c != '\t' => {}
            c => {
                let width = if is_wide(c) { 2 } else { 1 };
                if cells.len() < cursor + width {
                    cells.resize(cursor + width, Some(' '));
                }
                cells[cursor] = Some(c);
                if width == 2 {
                    cells[cursor + 1] = None;
                }
                cursor += width;
            }
        }
    }
    cells.into_iter().flatten().collect()
}
