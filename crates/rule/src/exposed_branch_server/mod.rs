//! F010: servers on a branch of the edge router are closed.

use std::collections::BTreeSet;

use diag::text;
use model::{Aspect, Aspects, Effect, Effects, NodeId, Outcome};
use pattern::Property;

use crate::intrusion::{self, Intrusion};
use crate::judgement::Judgement;
use crate::registry::unrestricted_outbound;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F010",
    name: "exposed-branch-server",
    property: Property::V10,
    requirement: || {
        text!(
            ja: "ルータから分岐するサーバは、外部に対して閉じている",
            en: "servers on a branch of the router are closed to the outside",
        )
    },
    explain: || {
        text!(
            ja: "レセコンと資格確認端末が同じ端末の構成でも、サーバ等がルータから分岐することが\
                 あります。外部からそのサーバにセッションを開けてはならず、サーバから外部へは\
                 登録した接続先だけに限ります。",
            en: "Where claims computer and terminal are one machine, servers may still stand on a \
                 branch of the router. Nobody outside may open a session to them, and they open \
                 sessions to listed destinations only.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::Frames]),
    fears: Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route, Effect::Bridge]),
    reads_packs: false,
    check,
};

impl Scene<'_> {
    /// Servers and claims computers that are no terminal.
    pub(crate) fn branch(&self) -> BTreeSet<NodeId> {
        let parties = &self.blueprint.parties;
        let medical = parties.medical.iter();
        medical.filter(|one| !parties.terminals.contains(one)).copied().collect()
    }
}

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let branch = scene.branch();
    let segments = &scene.blueprint.parties.medical_segments;
    let requirement = (RULE.requirement)();
    let mut judgements = scene.without_edge(&requirement);
    judgements.extend(scene.unwired(&requirement, branch.iter().copied()));
    let mut add = |found: Judgement| match judgements.iter_mut().find(|one| one.blames_same(&found))
    {
        Some(same) => same.merge(&found),
        None => judgements.push(found),
    };
    for outside in scene.attackers() {
        let intrusion = Intrusion {
            from: *outside,
            is_target: &|outcome| match outcome {
                Outcome::Delivered(node) => branch.contains(&node),
                Outcome::OnSegment(segment) => segments.contains(&segment),
                Outcome::Discarded(_) | Outcome::Lost(_) => false,
            },
            matter: &|leaf| {
                let is_own = scene.ends_in_own_session(leaf);
                (!is_own).then_some(leaf.sent).into_iter().collect()
            },
            headline: &|outcome| {
                text!(
                    ja: "外部の `{from}` から、分岐したサーバ側の {to} へセッションを開けます",
                    en: "`{from}` outside can open a session to {to} on the servers' branch",
                    from = scene.name(*outside), to = scene.end(outcome),
                )
            },
        };
        for found in intrusion::judge(scene, &intrusion) {
            add(found.advise(text!(
                ja: "サーバの側へ外部から始まる通信を、ルータで破棄してください",
                en: "discard on the router what begins outside towards the servers",
            )));
        }
    }
    for server in branch.iter() {
        unrestricted_outbound::judge(scene, *server).into_iter().for_each(&mut add);
    }
    judgements
}
