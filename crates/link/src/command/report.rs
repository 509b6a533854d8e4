//! A pass of the sweeper as terminal text and as JSON.

use std::collections::BTreeMap;

use diag::{Lang, Sources, Text, text};
use serde_json::{Value, json};

use super::output;
use super::sweep::Shown;
use crate::retention::{Reason, Rule};
use crate::sweep::{Cap, Line, Mode, Obstacle, Outcome, Report, Sweeper, age, findings};

/// LIMIT: lines of one kind that are shown in text; JSON has them all.
const LINES_MAX: usize = 1_000;
/// Cells for the reason in a line.
const REASON_WIDTH: usize = 28;

/// The report for a terminal.
pub(super) fn text(sweeper: &Sweeper, report: &Report, shown: Shown, lang: Lang) -> String {
    let mut out = head(sweeper, report).get(lang).to_owned() + "\n";
    let (due, kept): (Vec<&Line>, Vec<&Line>) =
        report.lines.iter().partition(|line| line.outcome != Outcome::Kept);
    for line in due.iter().take(LINES_MAX) {
        out += &one(sweeper, line, shown, lang);
    }
    out += &more(due.len(), lang);
    if shown.is_all {
        for line in kept.iter().take(LINES_MAX) {
            out += &one(sweeper, line, shown, lang);
        }
        out += &more(kept.len(), lang);
    }
    out += &summary(report, &kept, lang);
    let style = output::style(lang);
    let found = findings(report);
    if !found.is_empty() {
        out += "\n";
        out += &display::diagnostics(&Sources::new(), &found, &style);
    }
    out
}

fn head(sweeper: &Sweeper, report: &Report) -> Text {
    let dir = sweeper.root().path().display().to_string();
    match report.mode {
        Mode::Plan => text!(
            ja: "計画: {dir}（何も消していません）", en: "plan: {dir} (nothing was deleted)",
            dir = dir,
        ),
        Mode::Apply => text!(ja: "実行: {dir}", en: "done: {dir}", dir = dir),
    }
}

fn one(sweeper: &Sweeper, line: &Line, shown: Shown, lang: Lang) -> String {
    let name = if shown.is_named {
        diag::visible(&line.name.to_string_lossy()).into_owned()
    } else {
        sweeper.state().key.name(&line.name)
    };
    let mark = match line.outcome {
        Outcome::Deleted => "-",
        Outcome::Quarantined => ">",
        Outcome::Kept => " ",
        Outcome::Obstacle(_) | Outcome::Waiting(_) => "!",
    };
    let why = why(line);
    let why = display::pad(why.get(lang), REASON_WIDTH);
    let age = age(line.decision.age);
    let place = if line.is_quarantined { "/.quarantine" } else { "" };
    format!("{mark} {why} {:>8} {}{place}/{name}\n", age.get(lang), line.part.word())
}

fn more(count: usize, lang: Lang) -> String {
    if count <= LINES_MAX {
        return String::new();
    }
    let rest = text!(
        ja: "  ほか {count} 件（--format json に全件）",
        en: "  and {count} more (all of them with --format json)",
        count = count - LINES_MAX,
    );
    rest.get(lang).to_owned() + "\n"
}

fn summary(report: &Report, kept: &[&Line], lang: Lang) -> String {
    let totals = report.totals();
    let each = |rule: &Rule, count: &u64| format!("{} {count}", rule_text(*rule).get(lang));
    let by_rule: Vec<String> =
        totals.deleted.iter().map(|(rule, count)| each(rule, count)).collect();
    let deleted: u64 = totals.deleted.values().sum();
    let deleted = match report.mode {
        Mode::Plan => text!(ja: "消すもの: {count}", en: "to delete: {count}", count = deleted),
        Mode::Apply => text!(ja: "消した: {count}", en: "deleted: {count}", count = deleted),
    };
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for line in kept {
        *reasons.entry(why(line).get(lang).to_owned()).or_default() += 1;
    }
    let reasons: Vec<String> =
        reasons.into_iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    let stays = text!(
        ja: "残る: {count}", en: "stay: {count}",
        count = totals.seen - totals.deleted.values().sum::<u64>(),
    );
    let brackets = |list: &[String]| match (list.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Ja) => format!("（{}）", list.join("、")),
        (false, Lang::En) => format!(" ({})", list.join(", ")),
    };
    let lines = [
        format!("{}{}", deleted.get(lang), brackets(&by_rule)),
        format!("{}{}", stays.get(lang), brackets(&reasons)),
    ];
    let style = output::style(lang);
    lines
        .iter()
        .flat_map(|line| display::wrap(line, style.width))
        .fold(String::new(), |all, line| all + &line + "\n")
}

fn rule_text(rule: Rule) -> Text {
    match rule {
        Rule::Acknowledged => text!(ja: "確認済み", en: "acknowledged"),
        Rule::Error => text!(ja: "確認済みのエラー", en: "acknowledged error"),
        Rule::Report => text!(ja: "消し忘れ処理の記録", en: "cleaner's report"),
        Rule::Temporary => text!(ja: "書きかけ", en: "never published"),
        Rule::Unread => text!(ja: "未確認・期限切れ", en: "unread, by age"),
    }
}

/// Why a file goes, or what keeps it.
fn why(line: &Line) -> Text {
    match line.outcome {
        Outcome::Obstacle(Obstacle::Stranded) if line.decision.reason == Reason::Quarantine => {
            text!(ja: ".quarantine に同名", en: "name taken in .quarantine")
        }
        Outcome::Obstacle(obstacle) => obstacle_text(obstacle),
        Outcome::Waiting(Cap::First) => text!(ja: "初回の上限", en: "first pass"),
        Outcome::Waiting(Cap::Count | Cap::Time) => text!(ja: "次回", en: "next pass"),
        Outcome::Waiting(Cap::Clock) => text!(ja: "時計のずれ", en: "clock"),
        Outcome::Waiting(Cap::Quarantine) => {
            text!(ja: ".quarantine を使えない", en: ".quarantine unusable")
        }
        Outcome::Waiting(Cap::Folder) => text!(ja: ".sweep を使えない", en: ".sweep unusable"),
        Outcome::Kept | Outcome::Deleted | Outcome::Quarantined => {
            reason_text(line.decision.reason)
        }
    }
}

fn obstacle_text(obstacle: Obstacle) -> Text {
    match obstacle {
        Obstacle::Gone => text!(ja: "もうない", en: "gone"),
        Obstacle::Changed => text!(ja: "変わった", en: "changed"),
        Obstacle::Open => text!(ja: "開かれている", en: "open"),
        Obstacle::OpenElsewhere => text!(ja: "ほかで開かれている", en: "open elsewhere"),
        Obstacle::OpenUnknown => text!(ja: "開かれているか不明", en: "open or not: unknown"),
        Obstacle::Linked => text!(ja: "ハードリンクあり", en: "hard links"),
        Obstacle::Refused(_) => text!(ja: "断られた", en: "refused"),
        Obstacle::Stranded => text!(ja: ".sweep に同名", en: "name taken in .sweep"),
    }
}

fn reason_text(reason: Reason) -> Text {
    match reason {
        Reason::Due(rule) => rule_text(rule),
        Reason::Young(rule) => {
            text!(ja: "{rule}・期限前", en: "{rule}, too young", rule = rule_text(rule))
        }
        Reason::Unread => text!(ja: "未確認", en: "unread"),
        Reason::UnreadLong => text!(ja: "未確認・警告", en: "unread, warning"),
        Reason::UnreadTooLong => text!(ja: "未確認・長すぎる", en: "unread, too long"),
        Reason::Quarantine => text!(ja: "未確認・隔離へ", en: "unread, to quarantine"),
        Reason::Quarantined => text!(ja: "隔離中", en: "in quarantine"),
        Reason::NotAll => text!(ja: "一部だけ確認", en: "not all have it"),
        Reason::NotAllLong => text!(ja: "一部だけ確認・警告", en: "not all have it, warning"),
        Reason::RequestThere => text!(ja: "要求が残っている", en: "request still there"),
        Reason::Waiting => text!(ja: "要求", en: "request"),
        Reason::NotTaken => text!(ja: "取り込まれない要求", en: "request not taken"),
        Reason::HardLinks => text!(ja: "ハードリンクあり", en: "hard links"),
        Reason::LikeAnswer => text!(ja: "回答らしい名前", en: "looks like an answer"),
        Reason::Foreign => text!(ja: "連携のものでない", en: "foreign"),
        Reason::Misplaced => text!(ja: "置き場所が違う", en: "misplaced"),
        Reason::NotPlain => text!(ja: "ファイルでない", en: "not a plain file"),
        Reason::Future => text!(ja: "日時が未来", en: "times in the future"),
    }
}

/// The report as JSON, every file of it.
pub(super) fn json(sweeper: &Sweeper, report: &Report, shown: Shown) -> String {
    let totals = report.totals();
    let file = |line: &Line| {
        let name = if shown.is_named {
            line.name.to_string_lossy().into_owned()
        } else {
            sweeper.state().key.name(&line.name)
        };
        let (outcome, why) = match line.outcome {
            Outcome::Deleted => ("deleted", None),
            Outcome::Quarantined => ("quarantined", None),
            Outcome::Kept => ("kept", None),
            Outcome::Obstacle(obstacle) => ("obstacle", Some(obstacle.word())),
            Outcome::Waiting(cap) => ("waiting", Some(cap.word())),
        };
        json!({
            "part": line.part.word(),
            "place": if line.is_quarantined { "quarantine" } else { "folder" },
            "name": name,
            "size": line.bytes,
            "reason": line.decision.reason.word(),
            "age_s": line.decision.age,
            "outcome": outcome,
            "why": why,
        })
    };
    let by_rule: serde_json::Map<String, Value> = Rule::ALL
        .iter()
        .map(|rule| {
            let count = totals.deleted.get(rule).copied().unwrap_or_default();
            (rule.word().to_owned(), count.into())
        })
        .collect();
    let found = findings(report);
    let none = Sources::new();
    let diagnostic = |one| display::diagnostic_json(&none, one);
    let whole = json!({
        "form": 1,
        "mode": if report.mode == Mode::Plan { "plan" } else { "apply" },
        "folder": sweeper.root().path().display().to_string(),
        "parts": report.parts.iter().map(|part| part.word()).collect::<Vec<_>>(),
        "complete": report.is_complete,
        "stopped": report.clock.distrust.map(|distrust| distrust.word()),
        "seen": totals.seen,
        "deleted": by_rule,
        "overdue": totals.overdue,
        "quarantined": totals.quarantined,
        "foreign": totals.foreign,
        "oldest_finished_s": totals.oldest_finished,
        "oldest_unread_s": totals.oldest_unread,
        "files": report.lines.iter().map(file).collect::<Vec<_>>(),
        "diagnostics": found.iter().map(diagnostic).collect::<Vec<_>>(),
    });
    display::json_text(&whole)
}
