//! The last lines of a report: how many requirements came out how, what was understood of the
//! configurations, and on which assumptions the result rests.

use check::{Report, RuleVerdict};
use diag::Lang;

use crate::Style;
use display::wrap;

/// The summary.
pub(crate) fn summary(report: &Report, style: &Style) -> String {
    let count = |verdict| report.count(verdict);
    let (proved, refuted) = (count(RuleVerdict::Proved), count(RuleVerdict::Refuted));
    let (unknown, waived) = (count(RuleVerdict::Unknown), count(RuleVerdict::Waived));
    let lines =
        |pick: fn(&check::Coverage) -> usize| -> usize { report.coverage.iter().map(pick).sum() };
    let modelled = lines(|one| one.modelled);
    let irrelevant = lines(|one| one.irrelevant);
    let not_modelled = lines(|one| one.not_modelled);
    let ids: Vec<String> =
        report.assumptions.iter().map(|one| format!("{}={}", one.id, one.reading)).collect();
    let ids = if ids.is_empty() { style.pick("なし", "none").to_owned() } else { ids.join(", ") };
    let (requirements, lines, assumptions) = match style.lang {
        Lang::Ja => (
            format!("要件: 証明 {proved}・反証 {refuted}・不明 {unknown}・例外 {waived}"),
            format!(
                "設定の行: モデル化 {modelled}・無関係 {irrelevant}・モデル化していない {not_modelled}"
            ),
            format!("使った前提: {ids}"),
        ),
        Lang::En => (
            format!(
                "requirements: {proved} proved, {refuted} refuted, {unknown} unknown, {waived} waived"
            ),
            format!(
                "config lines: {modelled} modelled, {irrelevant} irrelevant, {not_modelled} not modelled"
            ),
            format!("assumptions used: {ids}"),
        ),
    };
    let mut text = format!("{requirements}\n");
    for line in waiting(report, style).iter().flat_map(|words| wrap(words, style.width)) {
        text += &format!("{line}\n");
    }
    text += &format!("{lines}\n");
    for line in wrap(&assumptions, style.width) {
        text += &format!("{line}\n");
    }
    text
}

/// How much of what is unknown waits for mistakes in the input to be mended.
fn waiting(report: &Report, style: &Style) -> Option<String> {
    let (count, codes) = check::waiting(report);
    let codes = codes.join(", ");
    (count > 0).then(|| match style.lang {
        Lang::Ja => format!(
            "不明のうち {count} 件は、入力の誤り（{codes}）を直すと判定できるようになります"
        ),
        Lang::En => {
            format!("of the unknown, {count} wait for mistakes in the input to be mended ({codes})")
        }
    })
}
