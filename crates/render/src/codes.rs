//! Explanations of codes.

use check::Explained;

use crate::Style;
use display::{pad, width, wrap};

/// One code, explained.
#[must_use]
pub fn explained(one: &Explained, style: &Style) -> String {
    let mut text = format!("{} {}\n", one.code, one.name);
    if let Some(statement) = &one.statement {
        for line in wrap(statement.get(style.lang), style.width) {
            text += &format!("{line}\n");
        }
    }
    text.push('\n');
    for paragraph in one.text.get(style.lang).split('\n') {
        let hang = if paragraph.starts_with("- ") { "  " } else { "" };
        let lines = wrap(paragraph, style.width.saturating_sub(hang.len()));
        for (number, line) in lines.iter().enumerate() {
            text += if number == 0 { "" } else { hang };
            text += &format!("{line}\n");
        }
    }
    text
}

/// All codes, a line each.
#[must_use]
pub fn code_list(all: &[Explained], _: &Style) -> String {
    let cells = all.iter().map(|one| width(one.code)).max().unwrap_or_default();
    all.iter().map(|one| format!("{} {}\n", pad(one.code, cells), one.name)).collect()
}
