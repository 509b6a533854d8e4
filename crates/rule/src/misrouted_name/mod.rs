//! X001: names of the eligibility network are asked for at the right server, for IPv6 too.

use diag::text;
use model::{Aspects, Effect, Effects, NameRule, Node};
use pattern::Property;

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "X001",
    name: "misrouted-name",
    property: Property::V9,
    requirement: || {
        text!(
            ja: "資格確認の網の名前を、IPv6 のアドレスも含めて正しい DNS サーバーに問い合わせる",
            en: "names of the eligibility network are asked for at their own server, for IPv6 too",
        )
    },
    explain: || {
        text!(
            ja: "ルータの振り分けの設定で、問い合わせの種類を書かないと IPv4（A）だけが対象にな\
                 る機種があります。IPv6 の接続先の名前（AAAA）が別の DNS サーバーに流れると、資\
                 格確認に接続できません。",
            en: "On some routers a name rule without a query type stands for IPv4 (A) only. If \
                 the names of IPv6 destinations (AAAA) go to another server, eligibility checks \
                 fail.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[Effect::Resolve]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let mut judgements: Vec<Judgement> = Vec::new();
    for destination in &scene.blueprint.catalogue.destinations {
        let is_eligibility = scene.name(destination.net) == "eligibility-net";
        let has_ipv6 = destination.addresses.is_empty()
            || destination.addresses.iter().any(|net| net.family() == model::Family::V6);
        if !is_eligibility || !has_ipv6 {
            continue;
        }
        for host in &destination.hosts {
            for router in &scene.blueprint.parties.routers {
                let found = judge(scene.node(*router), host);
                let known = |one: &Judgement| {
                    found.as_ref().is_some_and(|found| found.guilt.span() == one.guilt.span())
                };
                if !judgements.iter().any(known) {
                    judgements.extend(found);
                }
            }
        }
    }
    judgements
}

/// What is wrong with how `router` handles questions for `host`, if it has rules for names.
fn judge(router: &Node, host: &str) -> Option<Judgement> {
    let host = host.trim_start_matches("*.");
    let first = |kind: &str| {
        router.name_rules.iter().find(|rule| asks(rule, kind) && is_below(host, &rule.suffix))
    };
    // Only a router that treats this name in a special way can treat it wrongly.
    let meant =
        router.name_rules.iter().find(|rule| rule.suffix != "." && is_below(host, &rule.suffix))?;
    if first("aaaa") == Some(meant) {
        return None;
    }
    let headline = text!(
        ja: "`{router}` は `{host}` の IPv6 アドレスを別の DNS サーバーに問い合わせます",
        en: "`{router}` asks another server for the IPv6 address of `{host}`",
        router = router.name, host = host,
    );
    let text = text!(
        ja: "この振り分けは {types} だけが対象です",
        en: "this rule is for {types} only",
        types = meant.types.join(", "),
    );
    let found = Judgement::new(Verdict::Refuted(None), headline);
    Some(found.blame(Guilt::at(&meant.origin, text)).about([router.name.clone()]).advise(text!(
        ja: "問い合わせの種類を `any` または `aaaa` にしてください",
        en: "set the query type to `any` or `aaaa`",
    )))
}

/// Whether questions of this type are for `rule`.
pub(super) fn asks(rule: &NameRule, kind: &str) -> bool {
    rule.types.iter().any(|own| own == kind || own == "any")
}

/// Whether `host` lies below the suffix of a rule.
pub(super) fn is_below(host: &str, suffix: &str) -> bool {
    let suffix = suffix.trim_start_matches(['*', '.']);
    suffix.is_empty()
        || host == suffix
        || host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.'))
}
