//! F041: no machine is set up to use eligibility over IPv6 and online claims at the same time.

use diag::text;
use model::{Aspects, Effects, NodeId};
use pattern::Property;

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F041",
    name: "simultaneous-use",
    property: Property::V13,
    requirement: || {
        text!(
            ja: "一台の端末で、IPv6 の資格確認とオンライン請求を同時に利用できる構成にしない",
            en: "no machine is set up to use eligibility over IPv6 and claims at the same time",
        )
    },
    explain: || {
        text!(
            ja: "2021 年版は、IPv6 で資格確認に接続する端末でのオンライン請求の同時利用を、わずか\
                 な遅延があり得るため非推奨としています。2023 年からは資格確認端末での請求が通常\
                 の方法になり、2023 年版では求めません。IPv4（PPPoE）で接続する場合は対象外です。",
            en: "The edition of 2021 discourages online claims on a machine that uses eligibility \
                 over IPv6, because both together may be slightly slower. Since 2023 claims on the \
                 eligibility terminal are a regular way, and the edition of 2023 does not ask \
                 this. Eligibility over IPv4 in PPPoE is not concerned.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    if scene.blueprint.eligibility_uses_pppoe == Some(true) {
        return Vec::new();
    }
    let both = parties.terminals.iter().filter(|node| parties.claims_terminals.contains(node));
    both.map(|machine| refuse(scene, *machine)).collect()
}

fn refuse(scene: &Scene<'_>, machine: NodeId) -> Judgement {
    let name = scene.name(machine);
    let headline = text!(
        ja: "`{machine}` は IPv6 の資格確認とオンライン請求を同時に利用できます",
        en: "`{machine}` can use eligibility over IPv6 and online claims at the same time",
        machine = name,
    );
    let origin = &scene.node(machine).origin;
    let place = text!(ja: "両方の役割を持つ端末です", en: "has both roles");
    Judgement::new(Verdict::Refuted(None), headline)
        .blame(Guilt::at(origin, place))
        .about([name.to_owned()])
        .advise(text!(
            ja: "現在の運用で判定するなら `edition = \"2023\"` と書いてください。2021 年版で判定す\
                 るなら、同時に利用しないことを決めて `[[waiver]]` に書くか、回線事業者に IPv4 での\
                 接続を確認してください",
            en: "write `edition = \"2023\"` to judge by present practice; for the edition of 2021 \
                 agree not to use both at once and write that as a `[[waiver]]`, or ask the \
                 carrier for a connection over IPv4",
        ))
}
