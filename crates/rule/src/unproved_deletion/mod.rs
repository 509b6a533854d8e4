//! L001: finished files are deleted within the time that the site sets.

mod doubt;
mod owner;

use diag::{Text, text};
use lifecycle::{AppliedPolicy, Evidence, Pass};
use model::{Aspects, Date, Effects};
use pattern::Property;
use site::{Deletion, Period, Retention, Spanned};

use crate::house::{self, House, Who, and, at};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "L001",
    name: "unproved-deletion",
    property: Property::V11,
    requirement,
    explain: || {
        text!(
            ja: "資格確認端末やファイルサーバには、患者の情報を含むファイルが一時的に置かれます。処理が済んだものは定期的に削除します。サイトファイルの方針（`[retention]`）と、削除の記録（`[deletion]`、`sekisho link evidence` が作ります）で判定します。記録が古い、検証されていない、方針が食い違う場合は証明しません。",
            en: "Files with personal data lie on the terminal or a file server for a time. What is finished is deleted regularly. The policy of the site file (`[retention]`) and the evidence (`[deletion]`, made by `sekisho link evidence`) decide. Evidence that is old, not verified or of another policy proves nothing.",
        )
    },
    kind: Kind::Fact,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: true,
    check,
};

fn requirement() -> Text {
    text!(
        ja: "業務処理が完了したファイルを、施設の定めた期間内に削除している",
        en: "finished files are deleted within the time that the site sets",
    )
}

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let house = match house::of(scene, &requirement()) {
        Ok(house) => house,
        Err(unknown) => return unknown,
    };
    let today = match house.day(&requirement()) {
        Ok(today) => today,
        Err(unknown) => return unknown,
    };
    let Some(retention) = &house.site.retention else {
        let reason = text!(
            ja: "サイトファイルに `[retention]`（削除の方針）がありません",
            en: "the site file has no `[retention]`, the policy of deletion",
        );
        return vec![
            unknown(None, reason)
                .advise(text!(
                    ja: "`[retention]` に期間を定め、`sekisho link sweep` で適用してください",
                    en: "set the times in `[retention]` and apply them with `sekisho link sweep`",
                ))
                .ask(
                    Who::Hospital,
                    text!(
                        ja: "処理が終わったファイルを何日で削除すると定めているか",
                        en: "after how long finished files are to be deleted",
                    ),
                ),
        ];
    };
    let Some(deletion) = &house.site.deletion else {
        let reason = text!(
            ja: "サイトファイルに `[deletion]`（削除の記録）がありません",
            en: "the site file has no `[deletion]`, which names the evidence",
        );
        return vec![
            unknown(Some(retention.span), reason)
                .advise(text!(
                    ja: "`sekisho link evidence` で記録を作り、`[deletion]` の `evidence` に書いて\
                         ください",
                    en: "make the evidence with `sekisho link evidence` and name it in `[deletion]`",
                ))
                .ask(Who::Installer, evidence_question()),
        ];
    };
    let deletion = &deletion.value;
    let mut judgements = Vec::new();
    for (name, read) in deletion.evidence.iter().zip(&house.evidence) {
        match read {
            Ok(evidence) => {
                let paper = Paper { deletion, span: name.span, evidence };
                judgements.extend(judge(house, &retention.value, &paper, today));
            }
            Err(reason) => judgements.push(unreadable(name.span, reason.clone())),
        }
    }
    judgements.extend(owner::missing(house, deletion));
    judgements
}

/// A file of evidence.
struct Paper<'a> {
    deletion: &'a Deletion,
    /// Where the site file names it.
    span: diag::Span,
    evidence: &'a Evidence,
}

fn evidence_question() -> Text {
    text!(
        ja: "削除の記録（`sekisho link evidence` のファイル）",
        en: "the evidence of deletion, the file that `sekisho link evidence` makes",
    )
}

fn unreadable(span: diag::Span, reason: Text) -> Judgement {
    unknown(Some(span), reason)
        .advise(text!(
            ja: "`sekisho link evidence` で記録を作り直してください",
            en: "make the evidence anew with `sekisho link evidence`",
        ))
        .ask(Who::Installer, evidence_question())
}

fn unknown(span: Option<diag::Span>, reason: Text) -> Judgement {
    let headline = text!(
        ja: "処理が終わったファイルが削除されているか分かりません",
        en: "it is not known whether finished files are deleted",
    );
    Judgement::unknown(headline, reason, span)
}

fn judge(
    house: &House<'_>,
    retention: &Retention,
    paper: &Paper<'_>,
    today: Date,
) -> Vec<Judgement> {
    let Paper { deletion, span, evidence } = *paper;
    if let Some(reason) = doubt::believed(house, deletion, evidence, today) {
        return vec![unreadable(span, reason)];
    }
    let (Some(policy), Some(pass)) = (&evidence.policy, &evidence.pass) else {
        let reason = text!(
            ja: "最後まで終わった掃除が一度もありません",
            en: "no sweep has ever come to its end",
        );
        return vec![unreadable(span, reason)];
    };
    let mut judgements = looser(retention, policy, span);
    judgements.extend(left(paper, pass));
    if judgements.is_empty() {
        let reason = doubt::enough(house, (retention, deletion), evidence, pass);
        judgements.extend(reason.map(|reason| unreadable(span, reason)));
    }
    judgements
}

/// What the last complete pass left although the site does not allow it.
fn left(paper: &Paper<'_>, pass: &Pass) -> Vec<Judgement> {
    let Paper { deletion, span, .. } = *paper;
    let mut judgements = Vec::new();
    let limit = seconds(deletion.limit.value);
    if pass.overdue > 0 {
        let headline = text!(
            ja: "削除すべきファイルが {count} 個残っています",
            en: "{count} files that had to be deleted are still there",
            count = pass.overdue,
        );
        judgements.push(
            Judgement::new(Verdict::Refuted(None), headline)
                .blame(at(span, Text::default()))
                .advise(text!(
                    ja: "`sekisho link doctor` で、消せない理由を確認してください",
                    en: "ask `sekisho link doctor` why they cannot be deleted",
                )),
        );
    }
    if let Some(oldest) = pass.oldest_finished.filter(|oldest| *oldest > limit) {
        let headline = text!(
            ja: "処理が終わったファイルが {oldest}残っていました（上限は {limit}）",
            en: "a finished file was {oldest} old; the limit is {limit}",
            oldest = length(oldest), limit = deletion.limit.value,
        );
        let label = text!(ja: "記録です", en: "the evidence");
        judgements.push(
            Judgement::new(Verdict::Refuted(None), headline)
                .blame(and(at(deletion.limit.span, Text::default()), span, label))
                .advise(text!(
                    ja: "`[retention]` の期間を `limit` より短くし、掃除の間隔を確認してください",
                    en: "make the times of `[retention]` shorter than `limit`, and look how often \
                         the folder is swept",
                )),
        );
    }
    judgements
}

fn seconds(period: Period) -> u64 {
    u64::from(period.minutes()) * 60
}

const MINUTES_OF_DAY: u32 = 24 * 60;

/// Limits that the sweeper applied and that are looser than those of the site file.
fn looser(retention: &Retention, policy: &AppliedPolicy, paper: diag::Span) -> Vec<Judgement> {
    // What is absent has the sweeper's default.
    let limit = |written: Option<Spanned<Period>>, minutes: u32| {
        written.map_or(Period::of_minutes(minutes), |written| written.value)
    };
    let compared = [
        (
            "acknowledged",
            retention.acknowledged,
            limit(retention.acknowledged, 15),
            policy.acknowledged,
        ),
        ("error", retention.error, limit(retention.error, 7 * MINUTES_OF_DAY), policy.error),
        ("report", retention.report, limit(retention.report, 7 * MINUTES_OF_DAY), policy.report),
        ("temporary", retention.temporary, limit(retention.temporary, 60), policy.temporary),
    ];
    let mut found: Vec<Judgement> = compared
        .into_iter()
        .filter(|(_, _, own, applied)| *applied > seconds(*own))
        .map(|(key, written, own, applied)| {
            let span = written.map_or(paper, |written| written.span);
            other_policy(key, own, length(applied), span, paper)
        })
        .collect();
    if let Some(own) = retention.unread_delete {
        let applied = policy.unread_delete;
        if applied.is_none_or(|applied| applied > seconds(own.value)) {
            let never = || text!(ja: "削除しない", en: "never");
            let applied = applied.map_or_else(never, length);
            found.push(other_policy("unread-delete", own.value, applied, own.span, paper));
        }
    }
    found
}

/// A length of time in words; a part of a minute counts as one.
fn length(seconds: u64) -> Text {
    let minutes = u32::try_from(seconds.div_ceil(60)).unwrap_or(u32::MAX);
    let period = Period::of_minutes(minutes);
    text!(ja: "{period}", en: "{period}", period = period)
}

fn other_policy(
    key: &str,
    own: Period,
    applied: Text,
    span: diag::Span,
    paper: diag::Span,
) -> Judgement {
    let headline = text!(
        ja: "掃除に使われた `{key}`（{applied}）が、サイトファイルの {own}より長くなっています",
        en: "the sweeper applied a longer `{key}` ({applied}) than the site file says ({own})",
        key = key, applied = applied, own = own,
    );
    let label = text!(ja: "記録です", en: "the evidence");
    let guilt = at(span, Text::default());
    let guilt = if span == paper { guilt } else { and(guilt, paper, label) };
    Judgement::new(Verdict::Refuted(None), headline).blame(guilt).advise(text!(
        ja: "`sekisho link sweep --policy` にこのサイトファイルを指定してください",
        en: "name this site file with `sekisho link sweep --policy`",
    ))
}
