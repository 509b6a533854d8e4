//! F001: the claims computers reach the terminals on the services in use.

use std::rc::Rc;

use design::Flow;
use diag::text;
use model::{Aspect, Aspects, Effect, Effects};
use pattern::Property;

use crate::flows::Trial;
use crate::judgement::Judgement;
use crate::{Kind, Rule, Scene, arrival, subject};

pub(crate) static RULE: Rule = Rule {
    code: "F001",
    name: "unreachable-terminal",
    property: Property::V1,
    requirement: || {
        text!(
            ja: "レセコン等から資格確認端末へ、使うサービスで接続できる",
            en: "the claims computers can open sessions to the terminals on the services in use",
        )
    },
    explain: || {
        text!(
            ja: "レセコン等は資格確認端末に要求を出し、結果を取りに行きます。そのセッションが途\
                 中で破棄されると、資格確認の連携が動きません。破棄した行か、足りない経路を直し\
                 てください。",
            en: "The claims computers ask the terminal and fetch the results. If such a session \
                 is discarded on the way, the linkage does not work. Mend the line that discards \
                 it, or the route that is missing.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route, Effect::Stall]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    if parties.medical.is_empty() {
        return vec![scene.without_claims_computer((RULE.requirement)())];
    }
    let trials: Vec<&Rc<Trial>> = scene
        .services()
        .iter()
        .filter(|trial| {
            parties.medical.contains(&trial.from) && parties.terminals.contains(&trial.to)
        })
        .collect();
    let is_linkage =
        |flow: &&Flow| parties.medical.contains(&flow.from) && parties.terminals.contains(&flow.to);
    if !scene.blueprint.services.iter().any(|flow| is_linkage(&flow)) {
        return vec![no_service(scene)];
    }
    let untried = scene.untried_services();
    let mut judgements: Vec<Judgement> =
        untried.judgement(&(RULE.requirement)()).into_iter().collect();
    judgements.extend(arrival::unreached(scene, &trials));
    judgements
}

fn no_service(scene: &Scene<'_>) -> Judgement {
    let question = subject::linkage_question();
    Judgement::unknown(
        text!(
            ja: "レセコン等と資格確認端末の間で使うサービスが書かれていません",
            en: "no service between the claims computers and the terminals is written",
        ),
        text!(
            ja: "どの通信が必要か分かりません",
            en: "which sessions are needed is not known",
        ),
        scene.blueprint.place,
    )
    .advise(text!(
        ja: "`[[service]]` に `from`、`to`、`use`（例: `use = \"smb\"`）を書いてください。連携方\
             式はレセコンのベンダに確認してください",
        en: "write a `[[service]]` with `from`, `to` and `use` (such as `use = \"smb\"`); the \
             vendor of the claims computer knows how it is linked",
    ))
    .ask(question.who, question.text)
}
