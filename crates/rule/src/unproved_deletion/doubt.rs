//! Why evidence proves nothing: because it cannot be believed, or because what it says is not
//! enough.

use diag::{Text, text};
use lifecycle::{AppliedPolicy, Evidence, Part, Pass};
use model::Date;
use pack::Found;
use site::{CardReader, Deletion, Reader, Retention, Word};

use super::{MINUTES_OF_DAY, RULE, length, owner, seconds};
use crate::house::House;

/// Why nothing that the evidence says can be believed of this site on this day.
pub(super) fn believed(
    house: &House<'_>,
    deletion: &Deletion,
    evidence: &Evidence,
    today: Date,
) -> Option<Text> {
    let other = of_site(house, evidence).or_else(|| owner::stranger(house, evidence));
    if other.is_some() {
        return other;
    }
    if !evidence.log.is_verified {
        return Some(text!(
            ja: "監査ログの連鎖が検証されていません（`log.verified`）",
            en: "the chain of the audit log was not verified (`log.verified`)",
        ));
    }
    let made = evidence.made.day_in_japan();
    if made > today {
        return Some(text!(
            ja: "記録の日付（{made}）が判定日より後です",
            en: "the evidence is of {made}, later than the day of the judgement",
            made = made,
        ));
    }
    // INVARIANT: the last pass ended before the evidence was made.
    let end = evidence.pass.as_ref()?.end.day_in_japan();
    let days = i64::from(deletion.age.value.minutes() / MINUTES_OF_DAY);
    (end.days_until(today) > days).then(|| {
        text!(
            ja: "記録が古すぎます（{end}、許容は {age}）",
            en: "the evidence is too old: it is of {end}, and may be {age} old",
            end = end, age = deletion.age.value,
        )
    })
}

/// Why it is not evidence of this site.
fn of_site(house: &House<'_>, evidence: &Evidence) -> Option<Text> {
    let facility = house.site.facility.as_ref().map(|facility| &facility.value.name.value);
    match (&evidence.site, facility) {
        (Some(written), Some(own)) if written == own => None,
        (Some(written), _) => Some(text!(
            ja: "別の施設 `{site}` の記録です",
            en: "the evidence is of another site, `{site}`",
            site = *written,
        )),
        (None, _) => Some(text!(
            ja: "どの施設の記録か分かりません（`site` が `null`）。`sekisho link evidence \
                 --policy` にこのサイトファイルを指定すると書かれます",
            en: "the evidence names no site (`site` is `null`); `sekisho link evidence --policy` \
                 with this site file writes it",
        )),
    }
}

/// Why what the evidence says does not show that finished files are deleted within the limit.
pub(super) fn enough(
    house: &House<'_>,
    (retention, deletion): (&Retention, &Deletion),
    evidence: &Evidence,
    pass: &Pass,
) -> Option<Text> {
    of_parts(house, retention, evidence)
        .or_else(|| of_work(deletion, evidence, pass))
        .or_else(|| of_policy(retention, deletion, evidence.policy.as_ref()?))
        .or_else(|| of_unread(retention, deletion, pass))
}

/// A hand-over folder in which results lie and that was not swept.
fn of_parts(house: &House<'_>, retention: &Retention, evidence: &Evidence) -> Option<Text> {
    let lacks = |part| !evidence.parts.contains(&part);
    if lacks(Part::Response) {
        return Some(text!(
            ja: "回答が置かれるフォルダー `res` が掃除されていません（`parts`）",
            en: "`res`, the folder of the answers, was not swept (`parts`)",
        ));
    }
    let is_concerned = |machine: &&site::Machine| {
        evidence.terminals.is_empty() || owner::is_about(house, evidence, machine)
    };
    let may_have_face = |machine: &site::Machine| {
        let readers = machine.readers.as_ref();
        readers.is_none_or(|readers| readers.value.iter().any(|one| may_be_face(house, &one.value)))
    };
    let is_used = !retention.consumers.is_empty()
        || evidence.policy.as_ref().is_some_and(|policy| !policy.consumers.is_empty())
        || house.terminals().filter(is_concerned).any(may_have_face);
    (is_used && lacks(Part::Face)).then(|| {
        text!(
            ja: "顔認証の結果が置かれるフォルダー `face` が掃除されていません（`parts`）",
            en: "`face`, the folder of the face reader's results, was not swept (`parts`)",
        )
    })
}

/// Whether results of face recognition may come from `reader`; of a model that no pack knows they
/// may.
fn may_be_face(house: &House<'_>, reader: &CardReader) -> bool {
    match reader {
        CardReader::Kind(kind) => *kind == Reader::Face,
        CardReader::Model(model) => match house.library.of(&RULE).reader(model, house.today) {
            Found::Known(kind) => kind != Reader::Generic.word(),
            Found::Missing | Found::Hearsay(_) | Found::Disputed => true,
        },
    }
}

/// What the sweeper did since the first day that counts.
fn of_work(deletion: &Deletion, evidence: &Evidence, pass: &Pass) -> Option<Text> {
    let since = evidence.since;
    if evidence.passes.complete == 0 {
        return Some(text!(
            ja: "{since} から後に、最後まで終わった掃除がありません（`passes.complete`）",
            en: "no sweep has come to its end since {since} (`passes.complete`)",
            since = since,
        ));
    }
    if evidence.deleted.results() == 0 {
        return Some(text!(
            ja: "{since} から結果が一つも削除されていません（`deleted`）。フォルダーと `--state` \
                 が使われているものか確かめてください",
            en: "no result was deleted since {since} (`deleted`); see whether the folder and \
                 `--state` are those in use",
            since = since,
        ));
    }
    if pass.alerts > 0 {
        return Some(text!(
            ja: "最後の掃除でエラーが {count} 件ありました（`alerts`）",
            en: "the last sweep told {count} errors (`alerts`)",
            count = pass.alerts,
        ));
    }
    let gap = evidence.passes.longest_gap.filter(|gap| *gap > seconds(deletion.limit.value))?;
    Some(text!(
        ja: "{gap}のあいだ掃除が終わっていません（`longest_gap_s`、上限は {limit}）",
        en: "no sweep came to its end for {gap} (`longest_gap_s`); the limit is {limit}",
        gap = length(gap), limit = deletion.limit.value,
    ))
}

/// What the policy that was applied lets stay for longer than the limit, or waits for.
fn of_policy(retention: &Retention, deletion: &Deletion, policy: &AppliedPolicy) -> Option<Text> {
    let limits = [
        ("acknowledged_s", policy.acknowledged),
        ("error_s", policy.error),
        ("report_s", policy.report),
        ("temporary_s", policy.temporary),
    ];
    let limit = deletion.limit.value;
    if let Some((key, applied)) = limits.into_iter().find(|(_, own)| *own > seconds(limit)) {
        return Some(text!(
            ja: "方針の `{key}`（{applied}）が `limit`（{limit}）より長くなっています",
            en: "`{key}` of the policy ({applied}) is longer than `limit` ({limit})",
            key = key, applied = length(applied), limit = limit,
        ));
    }
    let is_known =
        |name: &&String| retention.consumers.iter().any(|consumer| consumer.value == **name);
    let other = policy.consumers.iter().find(|name| !is_known(name))?;
    Some(text!(
        ja: "掃除は `{name}` の確認を待ちますが、サイトファイルの `consumers` にありません",
        en: "the sweeper waits for `{name}`, which is not among the `consumers` of the site file",
        name = *other,
    ))
}

/// A result that nobody acknowledged, for longer than the site allows any result to stay: whether
/// it is finished is not known.
fn of_unread(retention: &Retention, deletion: &Deletion, pass: &Pass) -> Option<Text> {
    let limit = deletion.limit.value;
    let limit = retention.unread_delete.map_or(limit, |own| own.value.min(limit));
    let oldest = pass.oldest_unread.filter(|oldest| *oldest > seconds(limit))?;
    Some(text!(
        ja: "確認されていない結果が {oldest}残っています（`oldest_unread_s`、上限は {limit}）",
        en: "a result that nobody acknowledged is {oldest} old (`oldest_unread_s`); the limit is \
             {limit}",
        oldest = length(oldest), limit = limit,
    ))
}
