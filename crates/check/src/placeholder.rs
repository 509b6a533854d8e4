//! Texts that say who decided something and why, while nobody did: what forms and examples put in
//! the place of an answer.

use diag::{Diagnostic, Span, text};
use site::{Assumption, Date, Spanned, Waiver};

/// What stands in the place of an answer, in small letters.
const PLACEHOLDERS: [&str; 21] = [
    "確認した人の名前",
    "確かめた人の名前",
    "決めた人の名前",
    "実機で確認（機種・版）",
    "確かめた方法（機種・版、資料の名前）",
    "名前",
    "氏名",
    "理由",
    "未定",
    "未記入",
    "要確認",
    "name of who looked",
    "who found it out",
    "tried on the device (model, firmware)",
    "how it was found out (model and firmware, or the document)",
    "name",
    "your name",
    "reason",
    "todo",
    "tbd",
    "xxx",
];

/// Whether `text` names nobody and no reason.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let says_nothing = !text.chars().any(char::is_alphanumeric);
    says_nothing || PLACEHOLDERS.contains(&text.to_lowercase().as_str())
}

/// Whether the waiver says who accepts it and why.
pub(crate) fn is_filled(waiver: &Waiver) -> bool {
    !is_placeholder(&waiver.reason.value) && !is_placeholder(&waiver.by.value)
}

/// What is left open in a waiver.
pub(crate) fn in_waiver(waiver: &Waiver) -> Vec<Diagnostic> {
    let places = [("reason", &waiver.reason), ("by", &waiver.by)];
    places.into_iter().filter_map(unfilled).collect()
}

/// Why the answer of an assumption is not taken.
pub(crate) fn in_assumption(answer: &Assumption, today: Option<Date>) -> Vec<Diagnostic> {
    let places = [("reason", &answer.reason), ("by", &answer.by)];
    let mut found: Vec<Diagnostic> = places.into_iter().filter_map(unfilled).collect();
    if let Some(today) = today.filter(|today| *today < answer.on.value) {
        found.push(later(answer.on.value, answer.on.span, today));
    }
    found
}

fn unfilled((key, written): (&str, &Spanned<String>)) -> Option<Diagnostic> {
    is_placeholder(&written.value).then(|| {
        Diagnostic::error(
            "R114",
            text!(
                ja: "`{key}` に、確かめた人や理由が書かれていません",
                en: "`{key}` says neither who decided nor why",
                key = key,
            ),
        )
        .at(written.span)
        .because(text!(
            ja: "誰も確かめていない答えは使いません",
            en: "an answer that nobody looked up is not used",
        ))
        .advise(text!(
            ja: "確かめた人の名前と、確かめた方法を書いてください。まだであれば、この項目を消して\
                 ください",
            en: "write the name of who decided and how it was found out, or remove the entry",
        ))
    })
}

fn later(on: Date, span: Span, today: Date) -> Diagnostic {
    Diagnostic::error(
        "R115",
        text!(
            ja: "`on` の日（{on}）は、判定する日（{today}）より後です",
            en: "the day in `on` ({on}) is after the day of the judgement ({today})",
            on = on, today = today,
        ),
    )
    .at(span)
    .because(text!(
        ja: "まだ確かめていない答えは使いません",
        en: "an answer of which the day has not come is not used",
    ))
    .advise(text!(
        ja: "確かめた日を書いてください",
        en: "write the day on which it was found out",
    ))
}
