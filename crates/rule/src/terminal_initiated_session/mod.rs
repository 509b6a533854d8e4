//! F002: the terminals can open no session to the claims computers.

mod frame;

use diag::text;
use model::{Aspect, Aspects, Effect, Effects, NodeId, Outcome};
use pattern::Property;
use reach::Leaf;

use crate::group::Groups;
use crate::intrusion::{self, Intrusion};
use crate::judgement::Judgement;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F002",
    name: "terminal-initiated-session",
    property: Property::V2,
    requirement: || {
        text!(
            ja: "資格確認端末からレセコン等へ、新しいセッションを開けない",
            en: "the terminals can open no session to the claims computers",
        )
    },
    explain: || {
        text!(
            ja: "資格確認端末は外部の網につながっています。端末が乗っ取られても診療情報に届かな\
                 いよう、端末側からレセコン等へのセッションは、プロトコル、IPv4・IPv6、経路を問\
                 わず開けてはいけません。表示した行がそのパケットを通しています。",
            en: "The terminal is connected to a network outside. So that a terminal that was \
                 taken over cannot reach medical records, no session may be opened from it \
                 towards the claims computers, whatever the protocol, the version of IP or the \
                 way. The line shown lets the packet pass.",
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
    if parties.medical.is_empty() && parties.medical_segments.is_empty() {
        return vec![scene.without_claims_computer((RULE.requirement)())];
    }
    let requirement = (RULE.requirement)();
    let mut judgements = scene.unmanned(&requirement);
    let both = parties.terminals.iter().chain(&parties.medical);
    judgements.extend(scene.unwired(&requirement, both.copied()));
    let mut groups = Groups::new(scene);
    for terminal in &parties.terminals {
        if parties.medical.contains(terminal) || groups.is_settled(*terminal) {
            continue;
        }
        let intrusion = Intrusion {
            from: *terminal,
            is_target: &|outcome| match outcome {
                Outcome::Delivered(node) => {
                    parties.is_inside(node) || parties.claims_terminals.contains(&node)
                }
                Outcome::OnSegment(segment) => parties.medical_segments.contains(&segment),
                Outcome::Discarded(_) | Outcome::Lost(_) => false,
            },
            matter: &|leaf| match leaf.outcome {
                Outcome::Delivered(node) if !stands_inside(scene, node, leaf) => Vec::new(),
                _ => vec![leaf.sent],
            },
            headline: &|outcome| {
                text!(
                    ja: "資格確認端末 `{from}` から {to} へセッションを開けます",
                    en: "eligibility terminal `{from}` can open a session to {to}",
                    from = scene.name(*terminal), to = scene.end(outcome),
                )
            },
        };
        let mut found = intrusion::judge(scene, &intrusion);
        found.extend(frame::judge(scene, *terminal));
        groups.learn(*terminal, found.is_empty());
        judgements.extend(found.into_iter().map(|found| {
            if !found.helps.is_empty() {
                return found;
            }
            found.advise(text!(
                ja: "端末側から始まる通信を破棄し、レセコン側から始まった通信の応答だけを通して\
                     ください",
                en: "discard what the terminal begins; pass only answers to what the claims side \
                     began",
            ))
        }));
    }
    judgements
}

/// Whether the packets of `leaf` come to `node` as a part of the claims side: it is a claims
/// computer, or an online-claims terminal reached where claims computers stand.
fn stands_inside(scene: &Scene<'_>, node: NodeId, leaf: &Leaf) -> bool {
    let parties = &scene.blueprint.parties;
    let segment = leaf.interface.and_then(|at| scene.node(node).interface(at).segment);
    let is_among_them = segment.is_some_and(|segment| parties.medical_segments.contains(&segment));
    parties.is_inside(node) || is_among_them && parties.claims_terminals.contains(&node)
}
