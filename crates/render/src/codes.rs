//! Explanations of codes.

use check::{Explained, Topic};

use crate::Style;
use display::{hanging, pad, width, wrap};

/// One code, explained.
#[must_use]
pub fn explained(one: &Explained, style: &Style) -> String {
    let mut text = hanging(&format!("{} ", one.code), &one.name, 0, style.width);
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

/// All codes by what they are about, each with its title and its name.
#[must_use]
pub fn code_list(all: &[Explained], style: &Style) -> String {
    let mut text = String::new();
    for (head, is_member) in GROUPS {
        let own: Vec<&Explained> = all.iter().filter(|one| is_member(one)).collect();
        if own.is_empty() {
            continue;
        }
        let gap = if text.is_empty() { "" } else { "\n" };
        text += &format!("{gap}{}:\n", style.pick(head.0, head.1));
        let cells = own.iter().map(|one| width(one.code)).max().unwrap_or_default();
        for one in own {
            let line = match one.name.as_str() {
                "" => one.title().get(style.lang).to_owned(),
                name => format!("{} [{name}]", one.title().get(style.lang)),
            };
            text += &hanging(&format!("{} ", pad(one.code, cells)), &line, 0, style.width);
        }
    }
    text
}

/// A heading in both languages, and which codes stand below it.
type Group = ((&'static str, &'static str), fn(&Explained) -> bool);

/// Groups of codes in the order of the list; each code is in one.
const GROUPS: [Group; 12] = [
    (("要件（ルール）", "requirements (rules)"), |one| one.topic == Topic::Rule),
    (("読み取り", "reading"), |one| is_of(one, 'P')),
    (("名前と番号の参照", "references"), |one| is_of(one, 'R')),
    (("つながり方", "topology"), |one| is_of(one, 'T')),
    (("通信", "flows"), |one| is_of(one, 'F')),
    (("回線とサービス", "the line and its services"), |one| is_of(one, 'X')),
    (("機器とフォルダー", "equipment and folders"), |one| is_of(one, 'E')),
    (("期限と記録", "lifecycle and records"), |one| is_of(one, 'L')),
    (("資料が決めていない点（前提）", "open points (assumptions)"), |one| {
        one.topic == Topic::Assumption
    }),
    (("参考パターンのページ", "pages of the reference document"), |one| {
        one.topic == Topic::Page
    }),
    (("性質", "properties"), |one| one.topic == Topic::Property),
    (("条項", "clauses"), |one| one.topic == Topic::Clause),
];

fn is_of(one: &Explained, letter: char) -> bool {
    one.topic == Topic::Input && one.code.starts_with(letter)
}
