//! What a pass has to tell somebody, as diagnostics: one for each kind of matter, with how many
//! files it concerns. No file name stands in them.

use std::collections::BTreeMap;

use diag::{Diagnostic, Severity, Text, text};

use super::erase::Obstacle;
use super::report::{Cap, Line, Mode, Outcome, Recovery, Report};
use crate::retention::{Distrust, Reason};

/// Everything that a pass has to tell, the gravest first.
#[must_use]
pub fn findings(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(report.clock.distrust.map(distrusted));
    found.extend(of_folders(report));
    found.extend(of_recovery(report));
    found.extend(of_requests(report));
    found.extend(of_unread(report));
    found.extend(of_quarantine(report));
    found.extend(of_obstacles(report));
    found.extend(of_caps(report));
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

fn distrusted(distrust: Distrust) -> Diagnostic {
    let by = distrust.seconds().unsigned_abs();
    let by = age(u64::try_from(by).unwrap_or(u64::MAX));
    let headline = match distrust {
        Distrust::Backwards(_) => text!(
            ja: "時計が記録より {by}前を指しています。何も消しませんでした",
            en: "the clock is {by} behind the last record; nothing was deleted", by = by,
        ),
        Distrust::Jumped(_) => text!(
            ja: "時計が前回から {by}飛びました。何も消しませんでした",
            en: "the clock jumped by {by} since the last pass; nothing was deleted", by = by,
        ),
        Distrust::Offset(_) => text!(
            ja: "フォルダーのサーバーと時計が {by}ずれています。何も消しませんでした",
            en: "the clock of the folder's server is {by} off; nothing was deleted", by = by,
        ),
    };
    Diagnostic::error("L407", headline)
        .because(text!(
            ja: "時計が正しくないと、ファイルの経過時間が分かりません。保存期間は今から数え直しま\
                 す",
            en: "without a right clock no age is known; all ages begin anew",
        ))
        .advise(text!(
            ja: "時刻同期（NTP）を確かめてください",
            en: "check the time synchronization (NTP)",
        ))
}

fn of_folders(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (part, kind) in &report.unreadable {
        found.push(
            Diagnostic::error(
                "L409",
                text!(
                    ja: "フォルダー `{part}` を最後まで読めません: {reason}",
                    en: "folder `{part}` cannot be read to its end: {reason}",
                    part = part.word(), reason = diag::os_error(&(*kind).into()),
                ),
            )
            .advise(text!(
                ja: "権限と、リンクや別の共有でないことを確かめてください",
                en: "check the rights, and that it is neither a link nor another share",
            )),
        );
    }
    let is_other = |line: &Line| line.outcome == Outcome::Waiting(Cap::Folder);
    if let Some((count, _)) = count(report, is_other) {
        found.push(
            Diagnostic::error(
                "L409",
                text!(
                    ja: "作業フォルダー `.sweep` を使えないため {count} 件を消せません",
                    en: "{count} files cannot be deleted: the private folder `.sweep` cannot \
                         be used",
                    count = count,
                ),
            )
            .advise(text!(
                ja: "別の掃除が動いていないこと、`.sweep` が掃除の利用者だけのものであることを確か\
                     めてください",
                en: "check that no other sweeper runs and that `.sweep` belongs to the sweeper's \
                     user alone",
            )),
        );
    }
    if report.is_memory_damaged {
        found.push(Diagnostic::error(
            "L409",
            text!(
                ja: "前回までの記憶が壊れていました。保存期間は今から数え直します",
                en: "the memory of earlier passes was damaged; all ages begin anew",
            ),
        ));
    }
    found
}

fn of_recovery(report: &Report) -> Vec<Diagnostic> {
    let count =
        |recovery| report.recovered.iter().filter(|one| one.outcome == Ok(recovery)).count();
    let (deleted, back) = (count(Recovery::Deleted), count(Recovery::PutBack));
    let left = report.recovered.len() - deleted - back;
    let mut found = Vec::new();
    if back + left > 0 {
        found.push(
            Diagnostic::error(
                "L408",
                text!(
                    ja: "中断した掃除の残り: {back} 件を元に戻し、{left} 件は `.sweep` に残しました",
                    en: "left by an interrupted pass: {back} files put back, {left} still in \
                         `.sweep`",
                    back = back, left = left,
                ),
            )
            .because(text!(
                ja: "`.sweep` に残るのは、同じ名前の新しいファイルがあるときです",
                en: "a file stays in `.sweep` while a new one has its name",
            ))
            .advise(text!(
                ja: "`.sweep` のファイルを確かめ、要らなければ手で消してください",
                en: "look at the files in `.sweep` and delete by hand what nobody needs",
            )),
        );
    }
    if deleted > 0 {
        found.push(Diagnostic::note(
            "L408",
            text!(
                ja: "中断した掃除の残り {deleted} 件を、決定どおり消しました",
                en: "{deleted} files left by an interrupted pass were deleted as decided",
                deleted = deleted,
            ),
        ));
    }
    found
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

/// What stands in quarantine, and what should and cannot.
fn of_quarantine(report: &Report) -> Vec<Diagnostic> {
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

/// How many files an obstacle keeps, in words, and what to do about it.
type Told = (fn(usize) -> Text, Option<Text>);

/// What only the server knows.
fn open_elsewhere() -> Told {
    (
        |count| {
            text!(
                ja: "消すべき {count} 件は、共有を使うほかの機器が開いているか、サーバーが答えないため残しました",
                en: "{count} files that are due stay: another machine has them open, or the \
                     server does not tell",
                count = count,
            )
        },
        Some(text!(
            ja: "いつまでも残るなら `link doctor DIR --probe-clock` でサーバーが答えるか確かめてください",
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

fn of_obstacles(report: &Report) -> Vec<Diagnostic> {
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
            Obstacle::Stranded => Severity::Error,
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

fn of_caps(report: &Report) -> Vec<Diagnostic> {
    let of =
        |cap: Cap| count(report, |line| line.outcome == Outcome::Waiting(cap)).map(|one| one.0);
    let mut found = Vec::new();
    if let Some(count) = of(Cap::First) {
        found.push(
            Diagnostic::warning(
                "L403",
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

fn of_names(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
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
                ja: "端末とサーバーの時計を確かめてください",
                en: "check the clocks of terminal and server",
            )),
        );
    }
    found
}
