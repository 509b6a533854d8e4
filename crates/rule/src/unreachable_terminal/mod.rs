//! F001: the claims computers reach the terminals on the services in use.

use design::Flow;
use diag::text;
use model::{Aspect, Aspects, Effect, Effects};
use pattern::Property;
use reach::Mode;

use crate::flows::{Trial, written};
use crate::judgement::{Judgement, Verdict, Witness};
use crate::{Kind, Rule, Scene, subject};

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
    fears: Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    if parties.medical.is_empty() {
        return vec![scene.without_claims_computer((RULE.requirement)())];
    }
    let trials: Vec<&Trial> = scene
        .services()
        .iter()
        .map(AsRef::as_ref)
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
    let mut seen = Vec::new();
    for trial in &trials {
        let key = (trial.from, trial.to, trial.ports);
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let same = trials.iter().filter(|one| (one.from, one.to, one.ports) == key);
        if !same.clone().any(|one| one.works()) {
            judgements.extend(same.take(1).map(|one| refuse(scene, one)));
        }
    }
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
             式はレセコンのベンダーに確認してください",
        en: "write a `[[service]]` with `from`, `to` and `use` (such as `use = \"smb\"`); the \
             vendor of the claims computer knows how it is linked",
    ))
    .ask(question.who, question.text)
}

fn refuse(scene: &Scene<'_>, trial: &Trial) -> Judgement {
    let headline = text!(
        ja: "`{from}` から `{to}` へ {ports} で接続できません",
        en: "`{from}` cannot open a session to `{to}` on {ports}",
        from = scene.name(trial.from), to = scene.name(trial.to), ports = written(trial.ports),
    );
    if let Some(unknown) = scene.incomplete(&trial.found, headline.clone()) {
        return unknown;
    }
    let failed = trial.found.leaves.iter().find(|leaf| !trial.arrives(leaf));
    let Some(leaf) = failed else {
        return Judgement::unknown(
            headline,
            text!(
                ja: "送信元か宛先のアドレスが分かりません",
                en: "the address of one end is not known",
            ),
            Some(trial.span),
        );
    };
    let witness: Witness = scene.witness(Mode::Originate, trial.from, &trial.found, leaf);
    let guilt = scene.who_discarded(&witness.way, witness.outcome);
    Judgement::new(Verdict::Refuted(Some(witness)), headline)
        .blame(guilt)
        .about([scene.name(trial.from).to_owned(), scene.name(trial.to).to_owned()])
        .advise(text!(
            ja: "この通信を許可する行を破棄する行より前に置くか、経路を設定してください",
            en: "permit these sessions before the line that discards them, or set the route",
        ))
}
