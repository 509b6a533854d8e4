//! F042: an online-claims terminal opens only named services to the claims computers.

use diag::{Text, text};
use model::{Aspect, Aspects, Effect, Effects, NodeId, Outcome, SegmentId};
use pattern::Property;

use crate::group::Groups;
use crate::intrusion::{self, Intrusion};
use crate::judgement::Judgement;
use crate::named::{by_services, named, unnamed};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F042",
    name: "unnamed-claims-session",
    property: Property::V2Claims,
    requirement: || {
        text!(
            ja: "オンライン請求端末からレセコン等へは、書かれたサービスだけを開ける",
            en: "an online-claims terminal opens only named services to the claims computers",
        )
    },
    explain: || {
        text!(
            ja: "オンライン請求端末も外部の網につながっています。参考資料が通信方向を定めるのは資\
                 格確認端末ですが、オンライン請求端末がレセコン等の LAN にも NIC を持つと、乗っ取\
                 られたときルータA を通らずに診療情報に届きます。レセプトの受け渡しに必要なサー\
                 ビスだけを `[[service]]` に書き、それ以外はルータA で破棄してください。",
            en: "An online-claims terminal is connected to a network outside, too. The reference \
                 document gives a direction for eligibility terminals; but where an online-claims \
                 terminal also has an interface among the claims computers, whoever takes it over \
                 reaches medical records without passing Router A. Name the services that hand \
                 over the claims in `[[service]]`, and discard the rest at Router A.",
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
    if parties.medical.is_empty() && parties.medical_segments.is_empty() {
        return vec![scene.without_claims_computer(requirement)];
    }
    // What is an eligibility terminal or a claims computer, too, is the matter of F002 and F040.
    let is_other =
        |node: &NodeId| parties.terminals.contains(node) || parties.medical.contains(node);
    let terminals: Vec<NodeId> =
        parties.claims_terminals.iter().copied().filter(|node| !is_other(node)).collect();
    let both = terminals.iter().chain(&parties.medical);
    let mut judgements = scene.unwired(&requirement, both.copied());
    // What a terminal may open is part of the question: those with the same services are alike.
    for alike in by_services(scene, terminals) {
        judgements.extend(Groups::new(scene).each(alike, |terminal| judge(scene, terminal)));
    }
    judgements
}

fn judge(scene: &Scene<'_>, terminal: NodeId) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    let named = named(scene, terminal);
    let intrusion = Intrusion {
        from: terminal,
        is_target: &|outcome| match outcome {
            Outcome::Delivered(node) => node != terminal && parties.is_inside(node),
            Outcome::OnSegment(segment) => parties.medical_segments.contains(&segment),
            Outcome::Discarded(_) | Outcome::Lost(_) => false,
        },
        matter: &|leaf| unnamed(&named, leaf),
        headline: &|outcome| {
            text!(
                ja: "オンライン請求端末 `{from}` から {to} へ、書かれていないサービスでもセッショ\
                     ンを開けます",
                en: "online-claims terminal `{from}` can open sessions to {to} other than the \
                     named services",
                from = scene.name(terminal), to = scene.end(outcome),
            )
        },
    };
    let bridge = bridge(scene, terminal);
    let found = intrusion::judge(scene, &intrusion).into_iter().map(|found| {
        let found = match &bridge {
            Some(bridge) => found.because(bridge.clone()).advise(text!(
                ja: "レセコン等の LAN にある NIC を外し、必要なサービスだけをルータA 経由で通してく\
                     ださい",
                en: "take the interface off the claims computers' LAN, and pass what is needed \
                     through Router A",
            )),
            None => found,
        };
        found.advise(text!(
            ja: "必要なサービスなら `[[service]]` に書き、それ以外はルータで破棄してください",
            en: "name the service in `[[service]]` if it is needed; discard the rest at the router",
        ))
    });
    found.collect()
}

/// Where the terminal stands beside the claims computers and in another zone, in words.
fn bridge(scene: &Scene<'_>, terminal: NodeId) -> Option<Text> {
    let medical = &scene.blueprint.parties.medical_segments;
    let segments: Vec<SegmentId> =
        scene.node(terminal).interfaces.iter().filter_map(|one| one.segment).collect();
    let inner = segments.iter().find(|segment| medical.contains(segment))?;
    let outer = segments.iter().find(|segment| !medical.contains(segment))?;
    Some(text!(
        ja: "`{terminal}` はゾーン `{inner}` と `{outer}` の両方に NIC があり、二つの網をルータA の\
             外でつなぎます",
        en: "`{terminal}` has interfaces in zones `{inner}` and `{outer}` and joins the two \
             without Router A",
        terminal = scene.name(terminal), inner = scene.zone(*inner), outer = scene.zone(*outer),
    ))
}
