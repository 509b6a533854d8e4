//! F040: a machine that is claims computer and terminal opens only named services to servers.

use diag::text;
use model::{Aspect, Aspects, Effect, Effects, NodeId, Outcome};
use pattern::Property;

use crate::intrusion::{self, Intrusion};
use crate::judgement::Judgement;
use crate::named::{named, unnamed};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F040",
    name: "unnamed-server-session",
    property: Property::V2Server,
    requirement: || {
        text!(
            ja: "レセコンと資格確認端末を兼ねる端末からサーバ等へは、書かれたサービスだけを開ける",
            en: "a machine that is claims computer and terminal opens only named services to \
                 servers",
        )
    },
    explain: || {
        text!(
            ja: "レセコンと資格確認端末が同じ端末では、通信方向の要件はありません。しかし、サー\
                 バ等がある場合、外部の網につながるその端末が乗っ取られると、サーバ等にそのまま\
                 届きます。必要なサービスを `[[service]]` に書き、それ以外を分岐先のルータかサー\
                 バで破棄してください。",
            en: "Where one machine is claims computer and terminal, no clause speaks of a \
                 direction. But where servers stand beside it, whoever takes over that machine, \
                 which is connected to a network outside, reaches them at once. Name the \
                 services that are needed in `[[service]]`, and discard the rest at the router \
                 or at the servers.",
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
    let is_terminal = |node: &NodeId| parties.terminals.contains(node);
    let both = parties.terminals.iter().chain(&parties.medical);
    let mut judgements = scene.unwired(&(RULE.requirement)(), both.copied());
    for machine in parties.terminals.iter().filter(|node| parties.medical.contains(node)) {
        let named = named(scene, *machine);
        let intrusion = Intrusion {
            from: *machine,
            is_target: &|outcome| match outcome {
                Outcome::Delivered(node) => parties.is_inside(node) && !is_terminal(&node),
                Outcome::OnSegment(segment) => parties.medical_segments.contains(&segment),
                Outcome::Discarded(_) | Outcome::Lost(_) => false,
            },
            matter: &|leaf| unnamed(&named, leaf),
            headline: &|outcome| {
                text!(
                    ja: "`{from}` から {to} へ、書かれていないサービスでもセッションを開けます",
                    en: "`{from}` can open sessions to {to} other than the named services",
                    from = scene.name(*machine), to = scene.end(outcome),
                )
            },
        };
        judgements.extend(intrusion::judge(scene, &intrusion).into_iter().map(|found| {
            found.advise(text!(
                ja: "必要なサービスなら `[[service]]` に書き、そうでなければ分岐先のルータかサー\
                     バで破棄してください",
                en: "name the service in `[[service]]` if it is needed; else discard it at the \
                     router or at the server",
            ))
        }));
    }
    judgements
}
