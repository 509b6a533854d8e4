//! What a pass tells of itself: the clock, the folders, its memory, and what an interrupted pass
//! had left.

use diag::{Diagnostic, text};

use super::{age, count};
use crate::retention::Distrust;
use crate::sweep::report::{Cap, Line, Outcome, Recovery, Report};

pub(super) fn distrusted(distrust: Distrust) -> Diagnostic {
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
            ja: "フォルダーのサーバと時計が {by}ずれています。何も消しませんでした",
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

pub(super) fn of_folders(report: &Report) -> Vec<Diagnostic> {
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
                ja: "別の掃除が動いていないこと、`.sweep` が掃除の利用者だけのものであること、ディ\
                     スクの空き（inode も）があることを確かめてください",
                en: "check that no other sweeper runs, that `.sweep` belongs to the sweeper's \
                     user alone, and that the disk has room for files (inodes too)",
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

pub(super) fn of_recovery(report: &Report) -> Vec<Diagnostic> {
    let count =
        |recovery| report.recovered.iter().filter(|one| one.outcome == Ok(recovery)).count();
    let (deleted, back) = (count(Recovery::Deleted), count(Recovery::PutBack));
    let gone = count(Recovery::Gone);
    let left = report.recovered.len() - deleted - back - gone;
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
    if gone > 0 {
        found.push(Diagnostic::note(
            "L408",
            text!(
                ja: "中断した掃除が消した {gone} 件を、監査記録に書き足しました",
                en: "{gone} files that an interrupted pass had deleted were added to the log",
                gone = gone,
            ),
        ));
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
