//! Services that the site file names, as rules ask of them: whether sessions to them arrive.

use std::rc::Rc;

use diag::{Text, text};
use reach::Mode;

use crate::Scene;
use crate::flows::{Trial, written};
use crate::judgement::{Judgement, Verdict, Witness};
use crate::rewritten;

/// What there is to say of the services among `trials` that do not arrive: a service that works at
/// one address of its end works.
pub(crate) fn unreached(scene: &Scene<'_>, trials: &[&Rc<Trial>]) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    let mut seen = Vec::new();
    for trial in trials {
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

/// Whether the service of `trial` works at another address of its end.
pub(crate) fn works_elsewhere(scene: &Scene<'_>, trial: &Trial) -> bool {
    let key = (trial.from, trial.to, trial.ports);
    let mut same = scene.services().iter().filter(|one| (one.from, one.to, one.ports) == key);
    same.any(|one| one.works())
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
    let redirected = scene.who_redirected(&witness.way).filter(|_| leaf.is_redirected());
    let (guilt, advice) = match redirected {
        Some(guilt) => (guilt, rewritten::advice()),
        None => (scene.who_discarded(&witness.way, witness.outcome), permit()),
    };
    Judgement::new(Verdict::Refuted(Some(witness)), headline)
        .blame(guilt)
        .about([scene.name(trial.from).to_owned(), scene.name(trial.to).to_owned()])
        .advise(advice)
}

fn permit() -> Text {
    text!(
        ja: "この通信を許可する行を破棄する行より前に置くか、経路を設定してください",
        en: "permit these sessions before the line that discards them, or set the route",
    )
}
