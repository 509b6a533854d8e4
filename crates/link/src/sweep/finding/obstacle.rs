//! What keeps files that are due: obstacles, and the limits of one pass.

use std::collections::BTreeMap;

use diag::{Diagnostic, Severity, Text, text};

use super::count;
use crate::retention::Reason;
use crate::sweep::Obstacle;
use crate::sweep::report::{Cap, Line, Outcome, Report};

/// How many files an obstacle keeps, in words, and what to do about it.
type Told = (fn(usize) -> Text, Option<Text>);

/// What only the server knows.
fn open_elsewhere() -> Told {
    (
        |count| {
            text!(
                ja: "消すべき {count} 件は、共有を使うほかの機器が開いているか、サーバが答えないため残しました",
                en: "{count} files that are due stay: another machine has them open, or the \
                     server does not tell",
                count = count,
            )
        },
        Some(text!(
            ja: "いつまでも残るなら `link doctor DIR --probe-clock` でサーバが答えるか確かめてください",
            en: "if that does not change, see with `link doctor DIR --probe-clock` whether \
                 the server tells",
        )),
    )
}

/// Obstacles of which there is one kind each.
fn told(obstacle: Obstacle) -> Option<Told> {
    match obstacle {
        Obstacle::Open => Some((
            |count| {
                text!(
                    ja: "消すべき {count} 件は開かれているため残しました。次回また試します",
                    en: "{count} files that are due are open and stay; the next pass tries again",
                    count = count,
                )
            },
            None,
        )),
        Obstacle::OpenElsewhere => Some(open_elsewhere()),
        Obstacle::OpenUnknown => Some((
            |count| {
                text!(
                    ja: "消すべき {count} 件は、開かれているか分からないため残しました",
                    en: "{count} files that are due stay: whether they are open cannot be found \
                         out",
                    count = count,
                )
            },
            Some(text!(
                ja: "ファイルの所有者として動かすか、権限 CAP_LEASE を与えてください",
                en: "run it as the owner of the files, or give it CAP_LEASE",
            )),
        )),
        Obstacle::Changed => Some((
            |count| {
                text!(
                    ja: "消すべき {count} 件は、その間に変わったため残しました",
                    en: "{count} files that were due changed meanwhile and stay", count = count,
                )
            },
            None,
        )),
        Obstacle::Stranded => Some((
            |count| {
                text!(
                    ja: "消すべき {count} 件は、同じ名前のものが `.sweep` にあるため残しました",
                    en: "{count} files that are due stay: `.sweep` already holds their names",
                    count = count,
                )
            },
            Some(text!(
                ja: "`.sweep` のファイルを確かめてください", en: "look at the files in `.sweep`",
            )),
        )),
        Obstacle::Refused(_) => Some((
            |count| {
                text!(
                    ja: "消すべき {count} 件は、システムに断られたため残しました",
                    en: "{count} files that are due stay: the system refused", count = count,
                )
            },
            Some(text!(
                ja: "フォルダーの権限を確かめてください", en: "check the rights of the folder",
            )),
        )),
        Obstacle::Gone | Obstacle::Linked => None,
    }
}

pub(super) fn of_obstacles(report: &Report) -> Vec<Diagnostic> {
    let mut kinds: BTreeMap<&str, (Obstacle, usize)> = BTreeMap::new();
    for line in &report.lines {
        let is_told = line.decision.reason == Reason::Quarantine;
        if let Outcome::Obstacle(obstacle) = line.outcome
            && !(is_told && obstacle == Obstacle::Stranded)
        {
            kinds.entry(obstacle.word()).or_insert((obstacle, 0)).1 += 1;
        }
    }
    let mut found = Vec::new();
    for (obstacle, count) in kinds.into_values() {
        let Some((headline, advice)) = told(obstacle) else { continue };
        let severity = match obstacle {
            // The next pass comes to the same; nobody is told by a warning.
            Obstacle::Stranded | Obstacle::OpenUnknown => Severity::Error,
            _ => Severity::Warning,
        };
        let mut one = Diagnostic::new("L403", severity, headline(count));
        one.helps.extend(advice);
        found.push(one);
    }
    let is_linked = |line: &Line| {
        let is_found = line.outcome == Outcome::Obstacle(Obstacle::Linked);
        is_found || line.decision.reason == Reason::HardLinks
    };
    if let Some((count, _)) = count(report, is_linked) {
        found.push(
            Diagnostic::warning(
                "L404",
                text!(
                    ja: "{count} 件には別の名前（ハードリンク）があり、消しても内容が残ります",
                    en: "{count} files have another name (hard link); deleting erases nothing",
                    count = count,
                ),
            )
            .advise(text!(
                ja: "誰がリンクを作ったか確かめ、もう 1 つの名前を消してください",
                en: "find out who made the link and delete the other name",
            )),
        );
    }
    found
}

pub(super) fn of_caps(report: &Report) -> Vec<Diagnostic> {
    let of =
        |cap: Cap| count(report, |line| line.outcome == Outcome::Waiting(cap)).map(|one| one.0);
    let mut found = Vec::new();
    if let Some(count) = of(Cap::First) {
        // A pass that takes nothing more is the same for ever; nobody is told by a warning.
        let is_taken =
            |line: &Line| matches!(line.outcome, Outcome::Deleted | Outcome::Quarantined);
        let is_stuck = !report.lines.iter().any(is_taken);
        let severity = if is_stuck { Severity::Error } else { Severity::Warning };
        found.push(
            Diagnostic::new(
                "L403",
                severity,
                text!(
                    ja: "初回のため {count} 件を残しました",
                    en: "{count} files stay because this is a first pass", count = count,
                ),
            )
            .advise(text!(
                ja: "計画を確かめてから `--apply --confirm-first` で実行してください",
                en: "look at the plan, then run it with `--apply --confirm-first`",
            )),
        );
    }
    if let Some(count) = of(Cap::Count).or(of(Cap::Time)) {
        found.push(Diagnostic::note(
            "L403",
            text!(
                ja: "1 回の上限に達したため {count} 件は次回です",
                en: "{count} files wait for the next pass: this one reached its limit",
                count = count,
            ),
        ));
    }
    found
}
