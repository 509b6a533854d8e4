//! Explanations of codes.

use check::Explained;

use crate::Style;
use display::{pad, wrap};

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
        for line in wrap(paragraph, style.width) {
            text += &format!("{line}\n");
        }
    }
    text
}

/// All codes, a line each.
#[must_use]
pub fn code_list(all: &[Explained], _: &Style) -> String {
    all.iter().map(|one| format!("{} {}\n", pad(one.code, 6), one.name)).collect()
}
