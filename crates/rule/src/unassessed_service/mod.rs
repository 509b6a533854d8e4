//! E007: the IPsec service behind the tunnel was assessed.

use diag::{Text, text};
use lifecycle::LOOKED_UP_DAYS;
use model::{Aspects, Date, Effects};
use pattern::Property;
use site::{Assessment, Line, Listing};

use crate::house::{self, Who, at, not_proved};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "E007",
    name: "unassessed-service",
    property: Property::V6Service,
    requirement,
    explain: || {
        text!(
            ja: "参考資料は、HISPRO 適合性評価を取得した IPsec 接続サービスにだけ接続することを求めます。評価されたサービスの一覧は sekisho には入っていません。IPsec 事業者に確かめ、一覧で見たサービス名と確認した日を `[line]` の `assessment` に書いてください。",
            en: "The reference document lets a site reach IPsec services only that were assessed (HISPRO). sekisho does not hold the list of them. Ask the provider, look the service up, and write its name and the day as `assessment` of `[line]`.",
        )
    },
    kind: Kind::Fact,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn requirement() -> Text {
    text!(
        ja: "IPsec 接続サービスは、HISPRO の適合性評価を取得している",
        en: "the IPsec service is one that was assessed (HISPRO)",
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
    let Some(line) = &house.site.line else {
        let reason = text!(ja: "`[line]` がありません", en: "there is no `[line]`");
        return vec![Judgement::unknown(not_proved(&requirement()), reason, None)];
    };
    let place = line.value.peer.as_ref().map_or(line.span, |peer| peer.span);
    let found = match line.value.assessment.as_ref().map(|one| (&one.value, one.span)) {
        None => Some(
            Judgement::unknown(not_proved(&requirement()), unsaid(), Some(place))
                .ask(Who::LineProvider, question(&line.value))
                .advise(how()),
        ),
        Some((Assessment::None, span)) => {
            let text = text!(ja: "取得していません", en: "it was not assessed");
            Some(refuted(headline()).blame(at(span, text)).advise(choose()))
        }
        Some((Assessment::Listed(listing), _)) => judge(listing, today),
    };
    found.into_iter().collect()
}

fn judge(listing: &Listing, today: Date) -> Option<Judgement> {
    if is_unnamed(&listing.service.value) {
        let reason = text!(
            ja: "サービスの名称が書かれていません", en: "the name of the service is not written",
        );
        let span = Some(listing.service.span);
        return Some(Judgement::unknown(not_proved(&requirement()), reason, span).advise(how()));
    }
    if let Some(until) = listing.until.as_ref().filter(|until| until.value < today) {
        let text = text!(
            ja: "{day} までの評価です", en: "it was assessed until {day}", day = until.value,
        );
        return Some(refuted(headline()).blame(at(until.span, text)).advise(text!(
            ja: "IPsec 事業者に今の評価を確かめ、`until` と `checked` を直してください",
            en: "ask the provider for the present assessment and correct `until` and `checked`",
        )));
    }
    if listing.until.is_none() && listing.checked.value.days_until(today) > LOOKED_UP_DAYS {
        return Some(stale(listing));
    }
    (listing.checked.value > today).then(|| {
        let reason = text!(
            ja: "一覧を確認した日（{day}）が、判定の日より後です",
            en: "the list was looked up on {day}, which is after the day of the judgement",
            day = listing.checked.value,
        );
        Judgement::unknown(not_proved(&requirement()), reason, Some(listing.checked.span)).advise(
            text!(
                ja: "`checked` には、一覧を実際に見た日を書いてください",
                en: "write the day on which the list was looked at as `checked`",
            ),
        )
    })
}

/// Whether `service` names none: it has no letter, or is the sample of the advice.
fn is_unnamed(service: &str) -> bool {
    let samples = ["一覧の名称", "name on the list"];
    !service.chars().any(char::is_alphanumeric) || samples.contains(&service.trim())
}

fn stale(listing: &Listing) -> Judgement {
    let reason = text!(
        ja: "一覧を確認した日（{day}）から 1 年以上たっています",
        en: "the list was looked up on {day}, more than a year ago",
        day = listing.checked.value,
    );
    Judgement::unknown(not_proved(&requirement()), reason, Some(listing.checked.span)).advise(text!(
        ja: "一覧を見直して `checked` を今の日付にするか、評価の期限を `until` に書いてください",
        en: "look the list up again and write the day as `checked`, or the last day of the \
             assessment as `until`",
    ))
}

fn refuted(headline: Text) -> Judgement {
    Judgement::new(Verdict::Refuted(None), headline)
}

fn headline() -> Text {
    text!(
        ja: "IPsec 接続サービスは、HISPRO の適合性評価を取得していません",
        en: "the IPsec service is not one that was assessed (HISPRO)",
    )
}

fn unsaid() -> Text {
    text!(
        ja: "`[line]` に `assessment` がありません", en: "`[line]` states no `assessment`",
    )
}

fn question(line: &Line) -> Text {
    match &line.provider {
        Some(provider) => text!(
            ja: "`{provider}` の IPsec 接続サービスは HISPRO の適合性評価を取得していますか。\
                 一覧での名称は何ですか",
            en: "was the IPsec service of `{provider}` assessed (HISPRO), and under which name \
                 does the list have it?",
            provider = provider.value,
        ),
        None => text!(
            ja: "IPsec 接続サービスは HISPRO の適合性評価を取得していますか。\
                 一覧での名称は何ですか",
            en: "was the IPsec service assessed (HISPRO), and under which name does the list have \
                 it?",
        ),
    }
}

fn how() -> Text {
    text!(
        ja: "IPsec 事業者に確かめ、`[line]` に `assessment = {{ service = \"一覧の名称\", \
             checked = 2026-01-31 }}` のように書いてください。取得していなければ `\"none\"` です",
        en: "ask the provider and write it into `[line]`, such as `assessment = {{ service = \
             \"…\", checked = 2026-01-31 }}`; `\"none\"` if it was not assessed",
    )
}

fn choose() -> Text {
    text!(
        ja: "適合性評価を取得した IPsec 接続サービスに切り替えてください",
        en: "change to an IPsec service that was assessed",
    )
}
