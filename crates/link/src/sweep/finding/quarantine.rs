//! What stands in quarantine, and what should and cannot.

use diag::{Diagnostic, text};

use super::count;
use crate::retention::Reason;
use crate::sweep::Obstacle;
use crate::sweep::report::{Cap, Line, Mode, Outcome, Report};

/// What stands in quarantine, and what should and cannot.
pub(super) fn of_quarantine(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let stands = |line: &Line| {
        let is_new = line.outcome == Outcome::Quarantined;
        let is_old = line.is_quarantined && line.decision.reason == Reason::Quarantined;
        is_new || is_old
    };
    if let Some((count, oldest)) = count(report, stands) {
        let is_plan = report.mode == Mode::Plan
            && report.lines.iter().any(|line| line.outcome == Outcome::Quarantined);
        let headline = if is_plan {
            text!(
                ja: "隔離（`.quarantine`）に入る結果、または入っている結果が {count} 件あります\
                     （最も古いものは {oldest}）",
                en: "{count} results go into quarantine (`.quarantine`) or stand there (the oldest \
                     is {oldest} old)",
                count = count, oldest = oldest,
            )
        } else {
            text!(
                ja: "隔離（`.quarantine`）に結果が {count} 件あります（最も古いものは {oldest}）",
                en: "{count} results are in quarantine (`.quarantine`; the oldest is {oldest} old)",
                count = count, oldest = oldest,
            )
        };
        found.push(
            Diagnostic::error("L415", headline)
                .because(text!(
                    ja: "疑わしい結果と、長く確認されない結果です。患者の結果として使わず、内容を確\
                         かめるまで消しません",
                    en: "they are doubtful, or nobody acknowledged them for long; they are used as \
                         nobody's result, and not deleted before somebody has looked",
                ))
                .advise(text!(
                    ja: "`link quarantine DIR` で確かめ、戻す（`--release`）か、確認済みにして\
                         （`--settle`）ください",
                    en: "look at them with `link quarantine DIR`, then put them back (`--release`) \
                         or say that they are settled (`--settle`)",
                )),
        );
    }
    let cannot = |line: &Line| {
        let is_taken = line.outcome == Outcome::Obstacle(Obstacle::Stranded);
        let is_wanted = line.decision.reason == Reason::Quarantine;
        line.outcome == Outcome::Waiting(Cap::Quarantine) || is_taken && is_wanted
    };
    if let Some((count, _)) = count(report, cannot) {
        found.push(
            Diagnostic::error(
                "L416",
                text!(
                    ja: "{count} 件を隔離できず、元の場所に残しました",
                    en: "{count} files cannot be put into quarantine and stay where they are",
                    count = count,
                ),
            )
            .because(text!(
                ja: "`.quarantine` が掃除の利用者だけのものでないか、作れないか、同じ名前のファイル\
                     があります",
                en: "`.quarantine` is not the sweeper's alone, cannot be made, or holds the name \
                     already",
            ))
            .advise(text!(
                ja: "フォルダーの権限と `.quarantine` の中を確かめてください",
                en: "check the rights of the folder and what `.quarantine` holds",
            )),
        );
    }
    found
}
