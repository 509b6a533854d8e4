//! F016: what else the site file names between machines is reached.

use std::rc::Rc;

use design::{Blueprint, Flow};
use diag::text;
use model::{Aspect, Aspects, Effect, Effects, NodeId};
use pattern::Property;

use crate::flows::Trial;
use crate::judgement::Judgement;
use crate::{Kind, Rule, Scene, arrival};

pub(crate) static RULE: Rule = Rule {
    code: "F016",
    name: "unreachable-service",
    property: Property::V7Service,
    requirement: || {
        text!(
            ja: "サイトファイルに書いたサービスで、機器どうしが接続できる",
            en: "machines can open the sessions between them that the site file names",
        )
    },
    explain: || {
        text!(
            ja: "`[[service]]` には、サーバやファイルサーバなど、レセコンと資格確認端末の連携の\
                 ほかに使う通信も書きます。その最初のパケットが途中で破棄されると、業務が止まりま\
                 す。破棄した行か、足りない経路を直してください。使わないサービスなら、\
                 `[[service]]` から消してください。レセコン等から資格確認端末へは F001、端末から\
                 レセコン等へは F013 が判定します。",
            en: "A `[[service]]` also names what is used beside the linkage of claims computer \
                 and terminal: a server, a file server. If the first packet is discarded on the \
                 way, work stops. Mend the line that discards it, or the route that is missing; \
                 remove the `[[service]]` if nobody uses it. F001 judges what claims computers \
                 open to terminals, F013 what a terminal opens to them.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route, Effect::Stall]),
    reads_packs: false,
    check,
};

/// Whether the site names a service that is judged here.
pub(crate) fn names_one(blueprint: &Blueprint) -> bool {
    blueprint.services.iter().any(|flow| is_meant(blueprint, flow.from, flow.to))
}

/// Whether no other rule judges that `from` reaches `to`: neither is it the linkage, nor is it what
/// a terminal must not open.
fn is_meant(blueprint: &Blueprint, from: NodeId, to: NodeId) -> bool {
    let is_terminal = |node| blueprint.parties.terminals.contains(&node);
    let is_medical = |node| blueprint.parties.medical.contains(&node);
    let is_linkage = is_medical(from) && is_terminal(to) && !is_medical(to);
    let is_reversed = is_terminal(from) && !is_medical(from) && is_medical(to);
    !is_linkage && !is_reversed
}

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let is_own = |flow: &Flow| is_meant(scene.blueprint, flow.from, flow.to);
    let untried = scene.untried_flows(&is_own);
    let mut judgements: Vec<Judgement> =
        untried.judgement(&(RULE.requirement)()).into_iter().collect();
    let is_tried = |trial: &&Rc<Trial>| is_meant(scene.blueprint, trial.from, trial.to);
    let trials: Vec<&Rc<Trial>> = scene.services().iter().filter(is_tried).collect();
    judgements.extend(arrival::unreached(scene, &trials));
    judgements
}
