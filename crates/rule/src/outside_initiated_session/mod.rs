//! F003: nobody outside can open a session to a machine of the site.

use diag::text;
use model::{Aspect, Aspects, Effect, Effects, Outcome};
use pattern::Property;

use crate::intrusion::{self, Intrusion};
use crate::judgement::Judgement;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F003",
    name: "outside-initiated-session",
    property: Property::V3,
    requirement: || {
        text!(
            ja: "外部からは、どの端末にもセッションを開けない",
            en: "nobody outside can open a session to any machine",
        )
    },
    explain: || {
        text!(
            ja: "閉域網やインターネットの側から始まる通信は、IPv4 でも IPv6 でも、院内のどの端末\
                 にも届いてはいけません。閉域網は安全とは限らず、IPv6 のフィルターの付け忘れが最\
                 も多い穴です。表示した行がそのパケットを通しています。",
            en: "What begins on the closed networks or the Internet must reach no machine of the \
                 site, in IPv4 or IPv6. A closed network is not a safe one, and a forgotten IPv6 \
                 list is the most frequent hole. The line shown lets the packet pass.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::Frames]),
    fears: Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route, Effect::Bridge]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    let requirement = (RULE.requirement)();
    let mut judgements = scene.without_edge(&requirement);
    judgements.extend(scene.unwired(&requirement, parties.machines.iter().copied()));
    for outside in scene.attackers() {
        let intrusion = Intrusion {
            from: *outside,
            is_target: &|outcome| match outcome {
                Outcome::Delivered(node) => parties.machines.contains(&node),
                Outcome::OnSegment(segment) => parties.inside_segments.contains(&segment),
                Outcome::Discarded(_) | Outcome::Lost(_) => false,
            },
            matter: &|leaf| {
                let is_own = scene.ends_in_own_session(leaf);
                (!is_own).then_some(leaf.sent).into_iter().collect()
            },
            headline: &|outcome| {
                text!(
                    ja: "外部の `{from}` から {to} へセッションを開けます",
                    en: "`{from}` outside can open a session to {to}",
                    from = scene.name(*outside), to = scene.end(outcome),
                )
            },
        };
        for found in intrusion::judge(scene, &intrusion) {
            let found = found.advise(text!(
                ja: "外部から始まる通信を破棄し、内部から始まった通信の応答だけを通してください",
                en: "discard what begins outside; pass only answers to what began inside",
            ));
            match judgements.iter_mut().find(|one| one.blames_same(&found)) {
                Some(same) => same.merge(&found),
                None => judgements.push(found),
            }
        }
    }
    judgements
}
