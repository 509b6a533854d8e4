//! What a pass has to tell somebody, as diagnostics: one for each kind of matter, with how many
//! files it concerns. No file name stands in them.

mod obstacle;
mod pass;
mod quarantine;

use diag::{Diagnostic, Severity, Text, text};

use super::report::{Line, Outcome, Report};
use crate::retention::Reason;

/// Everything that a pass has to tell, the gravest first.
#[must_use]
pub fn findings(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(report.clock.distrust.map(pass::distrusted));
    found.extend(pass::of_folders(report));
    found.extend(pass::of_recovery(report));
    found.extend(of_requests(report));
    found.extend(of_unread(report));
    found.extend(quarantine::of_quarantine(report));
    found.extend(obstacle::of_obstacles(report));
    found.extend(obstacle::of_caps(report));
    found.extend(of_names(report));
    // The sort is stable: within a severity the order above stays.
    found.sort_by_key(|one| std::cmp::Reverse(one.severity));
    found
}

/// How many lines there are of some kind, and the greatest age among them in words.
fn count(report: &Report, is_meant: impl Fn(&Line) -> bool) -> Option<(usize, Text)> {
    let meant: Vec<&Line> = report.lines.iter().filter(|line| is_meant(line)).collect();
    let oldest = meant.iter().map(|line| line.decision.age).max()?;
    Some((meant.len(), age(oldest)))
}

/// A span of time as people say it.
#[must_use]
pub fn age(seconds: u64) -> Text {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (2.., ..) => text!(ja: "{days} 日", en: "{days} d", days = days),
        (_, 2.., _) => text!(ja: "{hours} 時間", en: "{hours} h", hours = hours),
        (_, _, 2..) => text!(ja: "{minutes} 分", en: "{minutes} min", minutes = minutes),
        _ => text!(ja: "{seconds} 秒", en: "{seconds} s", seconds = seconds),
    }
}
fn of_requests(report: &Report) -> Option<Diagnostic> {
    let (count, oldest) = count(report, |line| line.decision.reason == Reason::NotTaken)?;
    Some(
        Diagnostic::error(
            "L402",
            text!(
                ja: "端末が要求 {count} 件を取り込みません（最も古いものは {oldest}）",
                en: "the terminal does not take {count} requests (the oldest is {oldest} old)",
                count = count, oldest = oldest,
            ),
        )
        .because(text!(
            ja: "要求は消しません。数秒で取り込まれるのが普通です",
            en: "requests are never deleted; usually one is taken within seconds",
        ))
        .advise(text!(
            ja: "資格確認端末の電源と連携アプリケーションを確かめてください",
            en: "check that the terminal and its linkage application run",
        )),
    )
}

fn of_unread(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let kinds = [
        (Severity::Error, "L401", &[Reason::UnreadTooLong, Reason::Quarantine][..]),
        (
            Severity::Warning,
            "L400",
            &[Reason::UnreadLong, Reason::NotAllLong, Reason::RequestThere][..],
        ),
    ];
    for (severity, code, reasons) in kinds {
        let is_meant = |line: &Line| {
            let stays = line.outcome != Outcome::Quarantined;
            stays && reasons.contains(&line.decision.reason)
        };
        let Some((count, oldest)) = count(report, is_meant) else { continue };
        found.push(
            Diagnostic::new(
                code,
                severity,
                text!(
                    ja: "確認されていない結果が {count} 件あります（最も古いものは {oldest}）",
                    en: "{count} results are not acknowledged (the oldest is {oldest} old)",
                    count = count, oldest = oldest,
                ),
            )
            .because(text!(
                ja: "確認のない結果は、`unread-delete` を書かない限り消しません",
                en: "without an acknowledgement nothing is deleted unless `unread-delete` says so",
            ))
            .advise(text!(
                ja: "レセコンが取り込んでいるか確かめ、取り込み済みなら `link ack` で知らせてくだ\
                     さい",
                en: "check that the claims program fetches them, and tell with `link ack` what \
                     it has",
            )),
        );
    }
    found
}

/// Files that no rule knows and that look like answers.
fn of_answers_by_name(report: &Report) -> Option<Diagnostic> {
    let is_like = |line: &Line| line.decision.reason == Reason::LikeAnswer;
    let (count, oldest) = count(report, is_like)?;
    Some(
        Diagnostic::error(
            "L405",
            text!(
                ja: "回答らしい名前のファイルが {count} 件残っています（最も古いものは {oldest}）",
                en: "{count} files look like answers by their names (the oldest is {oldest} old)",
                count = count, oldest = oldest,
            ),
        )
        .because(text!(
            ja: "名前が連携のものと違うため消しません。写しや改名した回答なら、患者の情報が\
                 入っています",
            en: "they are not deleted, since no rule knows their names; a copy of an answer, or \
                 one that was renamed, holds personal data",
        ))
        .advise(text!(
            ja: "`--all --names` で名前を確かめ、手で消すか、元の名前に戻してください",
            en: "see their names with `--all --names`; delete them by hand, or give them their \
                 names back",
        )),
    )
}

fn of_names(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(of_answers_by_name(report));
    let is_foreign =
        |line: &Line| matches!(line.decision.reason, Reason::Foreign | Reason::Misplaced);
    if let Some((count, _)) = count(report, is_foreign) {
        found.push(
            Diagnostic::note(
                "L405",
                text!(
                    ja: "連携のファイルでない {count} 件には触りません",
                    en: "{count} files are not of the linkage and are left alone", count = count,
                ),
            )
            .advise(text!(
                ja: "`--all --names` で名前を確かめ、要らなければ手で消してください",
                en: "see their names with `--all --names`, and delete by hand what nobody needs",
            )),
        );
    }
    if let Some((count, _)) = count(report, |line| line.decision.reason == Reason::NotPlain) {
        found.push(
            Diagnostic::warning(
                "L406",
                text!(
                    ja: "連携の名前を持つリンク・フォルダー・装置が {count} 件あります",
                    en: "{count} links, folders or devices have names of the linkage",
                    count = count,
                ),
            )
            .because(text!(
                ja: "掃除をだまして別のものを消させる手口に使われます。触りません",
                en: "they can serve to trick a cleaner into deleting something else; they are \
                     left alone",
            ))
            .advise(text!(
                ja: "誰が作ったか確かめてください", en: "find out who made them",
            )),
        );
    }
    if let Some((count, _)) = count(report, |line| line.decision.reason == Reason::Future) {
        found.push(
            Diagnostic::warning(
                "L406",
                text!(
                    ja: "{count} 件の日時が未来です。その日時から数えます",
                    en: "{count} files have times in the future; their age counts from then",
                    count = count,
                ),
            )
            .advise(text!(
                ja: "端末とサーバの時計を確かめてください",
                en: "check the clocks of terminal and server",
            )),
        );
    }
    found
}
