//! What the figures of the evidence have to agree in, whatever was swept. The sweeper writes no
//! evidence that breaks one of these; whoever changes a figure by hand most likely does.

use diag::{Text, text};

use super::{Evidence, Moment, Pass};

/// Something that holds in all evidence.
pub struct Invariant {
    /// The value that is named when it does not.
    pub key: &'static str,
    /// What has to hold.
    pub statement: fn() -> Text,
    /// Whether it does.
    pub holds: fn(&Evidence) -> bool,
}

/// Everything that has to hold, in the order in which it is looked at.
pub static INVARIANTS: &[Invariant] = &[
    Invariant {
        key: "since",
        statement: || {
            text!(
                ja: "`since` は `made` より後ではありません", en: "`since` is not after `made`",
            )
        },
        holds: |it| Moment::of_day(it.since) <= it.made,
    },
    Invariant {
        key: "policy",
        statement: || {
            text!(
                ja: "最後まで終わった掃除がなければ、その方針もフォルダーもありません",
                en: "without a complete pass there is neither a policy nor a folder of it",
            )
        },
        holds: |it| {
            it.policy.is_some() == it.pass.is_some() && it.parts.is_empty() == it.pass.is_none()
        },
    },
    Invariant {
        key: "folder_id",
        statement: || {
            text!(
                ja: "端末の名前があれば、`folder_id` もあります",
                en: "evidence that names terminals has a `folder_id`",
            )
        },
        holds: |it| it.terminals.is_empty() || it.folder_id.is_some(),
    },
    Invariant {
        key: "last_complete_pass.begin",
        statement: || {
            text!(
                ja: "`begin` は `end` より後ではありません", en: "`begin` is not after `end`",
            )
        },
        holds: |it| pass(it, |pass| pass.begin <= pass.end),
    },
    Invariant {
        key: "made",
        statement: || {
            text!(
                ja: "`made` は `end` より前ではありません", en: "`made` is not before `end`",
            )
        },
        holds: |it| pass(it, |pass| pass.end <= it.made),
    },
    Invariant {
        key: "last_complete_pass.seen",
        statement: || {
            text!(
                ja: "`seen` は `deleted` と `kept` の合計です",
                en: "`seen` is the sum of `deleted` and `kept`",
            )
        },
        holds: |it| pass(it, |pass| pass.deleted.checked_add(pass.kept) == Some(pass.seen)),
    },
    Invariant {
        key: "last_complete_pass.kept",
        statement: || {
            text!(
                ja: "`overdue` と `foreign` のファイルは `kept` のうちです",
                en: "the files of `overdue` and `foreign` are among those of `kept`",
            )
        },
        holds: |it| {
            pass(it, |pass| {
                pass.overdue.checked_add(pass.foreign).is_some_and(|part| part <= pass.kept)
            })
        },
    },
    Invariant {
        key: "last_complete_pass.oldest_finished_s",
        statement: || {
            text!(
                ja: "最も古いファイルは `kept` のうちで、`foreign` ではありません",
                en: "the oldest files are among those of `kept` and not of `foreign`",
            )
        },
        holds: |it| pass(it, |pass| oldest(pass) <= pass.kept.saturating_sub(pass.foreign)),
    },
    Invariant {
        key: "passes.complete",
        statement: || {
            text!(
                ja: "最後の掃除が `since` より後なら、`complete` に数えられています",
                en: "the last complete pass counts in `complete` if and only if it ended after \
                     `since`",
            )
        },
        holds: |it| {
            let is_counted = |pass: &Pass| pass.end >= Moment::of_day(it.since);
            it.pass.as_ref().is_some_and(is_counted) == (it.passes.complete > 0)
        },
    },
    Invariant {
        key: "passes.longest_gap_s",
        statement: || {
            text!(
                ja: "`longest_gap_s` は、最後の掃除から `made` までより短くなく、\
                     `since` から `made` までより長くありません",
                en: "`longest_gap_s` is not shorter than from the last complete pass to `made`, \
                     and not longer than from `since` to `made`",
            )
        },
        holds: is_gap_right,
    },
    Invariant {
        key: "deleted",
        statement: || {
            text!(
                ja: "最後の掃除が消したファイルは `deleted` に数えられています",
                en: "the files that the last complete pass deleted count in `deleted`",
            )
        },
        holds: |it| {
            pass(it, |pass| {
                pass.begin < Moment::of_day(it.since) || pass.deleted <= it.deleted.sum()
            })
        },
    },
    Invariant {
        key: "log.first",
        statement: || {
            text!(
                ja: "`first` は `last` より後ではなく、両方とも 0 か、どちらも 0 ではありません",
                en: "`first` is not after `last`, and either both or none are 0",
            )
        },
        holds: |it| it.log.first <= it.log.last && (it.log.first == 0) == (it.log.last == 0),
    },
    Invariant {
        key: "log.last",
        statement: || {
            text!(
                ja: "掃除と削除のすべてが監査ログに残っています",
                en: "every pass and every deletion has its record in the audit log",
            )
        },
        holds: |it| {
            let passes = it.passes.complete.saturating_add(it.passes.stopped);
            let least = u64::from(it.pass.is_some());
            passes.saturating_add(it.deleted.sum()).max(least) <= it.log.last
        },
    },
    Invariant {
        key: "log.head",
        statement: || {
            text!(
                ja: "記録があれば、`head` はそのハッシュです",
                en: "`head` is a hash if and only if there is a record",
            )
        },
        holds: |it| it.log.head.bytes().all(|digit| digit == b'0') == (it.log.last == 0),
    },
    Invariant {
        key: "log.verified",
        statement: || {
            text!(
                ja: "記録がないか、初めの記録が欠けていれば、検証されていません",
                en: "without records, or without the first of them, nothing is verified",
            )
        },
        holds: |it| {
            !it.log.is_verified || it.log.first == 1 || (it.log.first > 1 && it.log.breaks > 0)
        },
    },
];

/// Whether `holds` for the last complete pass, if there was one.
fn pass(evidence: &Evidence, holds: impl FnOnce(&Pass) -> bool) -> bool {
    evidence.pass.as_ref().is_none_or(holds)
}

/// How many files at least the ages speak of: a finished one is not one that nobody acknowledged.
fn oldest(pass: &Pass) -> u64 {
    u64::from(pass.oldest_finished.is_some()) + u64::from(pass.oldest_unread.is_some())
}

fn is_gap_right(it: &Evidence) -> bool {
    let Some(gap) = it.passes.longest_gap else { return it.passes.complete == 0 };
    let whole = Moment::of_day(it.since).seconds_until(it.made);
    // Moments are cut to the second, so the difference of two may be one more than the gap.
    let is_long = |pass: &Pass| pass.end.seconds_until(it.made) <= gap.saturating_add(1);
    it.passes.complete > 0 && gap <= whole && pass(it, is_long)
}
