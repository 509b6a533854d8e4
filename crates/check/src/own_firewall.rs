//! Proofs that rest on the firewalls of machines where the page asks a router.

use diag::text;
use model::Aspect;
use pattern::Property;
use reach::{Atlas, Limits};
use rule::{Focus, Judgement, Kind, Reason, Scene, Verdict};

use crate::again::{self, First, Room};
use crate::facts::Judge;
use crate::judge::{Judged, overall};
use crate::report::RuleVerdict;

/// Takes back what only a machine's own firewall brings about, where the page wants a router to do
/// it: the packets that the routers let through are shown, and whether they do harm is left open.
pub(crate) fn overturn(first: &First<'_>, judge: Option<&Judge>, judged: &mut [Judged]) {
    let is_concerned = |one: &Judged| {
        one.rule.kind == Kind::Denial
            && one.rule.aspects.meets(model::Aspects::of(&[Aspect::FirstPackets]))
            && overall(&one.judgements) == RuleVerdict::Proved
            && judge.is_some_and(|judge| asks_a_router(judge, one))
    };
    if !judged.iter().any(is_concerned) {
        return;
    }
    let blueprint = first.scene.blueprint;
    let Some(other) = design::without_own_firewalls(blueprint) else { return };
    let (sites, networks) = (Room::new(1), Room::new(1));
    let mut again = again::Judge::new(first, &sites, &networks);
    let mut again = again.turn(other, Vec::new(), Focus::All, false);
    for (place, one) in judged.iter_mut().enumerate().filter(|(_, one)| is_concerned(one)) {
        if again.verdict(place, one, RuleVerdict::Proved) != RuleVerdict::Proved {
            state(first, one);
        }
    }
}

/// States what gets through without the firewalls of machines.
fn state(first: &First<'_>, one: &mut Judged) {
    let Some(other) = design::without_own_firewalls(first.scene.blueprint) else { return };
    let atlas = Atlas::new(&other.network);
    let scene = Scene::new(&other, &atlas, Limits::default(), Focus::All);
    let scene = match first.scene.house {
        Some(house) => scene.with_house(house),
        None => scene,
    };
    let mut found = (one.rule.check)(&scene);
    first.waivers.mark(one.rule, &mut found);
    found.retain(|judgement| judgement.verdict != Verdict::Proved);
    found.iter_mut().for_each(|judgement| judgement.revise(|one| leave_open(first, one)));
    one.judgements.extend(found);
}

/// Whether the page says that a router, and no firewall of a machine, keeps what the rule asks:
/// access from outside where it has R22, sessions towards the claims computers where it draws them
/// (R05) without leaving the means free (R20).
fn asks_a_router(judge: &Judge, one: &Judged) -> bool {
    let has = |clause: &str| one.requirement.clauses.iter().any(|own| own == clause);
    match one.rule.property {
        Property::V3 => has("R22"),
        Property::V2 => has("R05") && judge.pattern.basis("R20").is_none(),
        _ => false,
    }
}

fn leave_open(first: &First<'_>, judgement: &mut Judgement) {
    let network = &first.scene.blueprint.network;
    let mut guarded = judgement.subjects.iter().filter_map(|name| {
        let node = network.node(network.find(name)?);
        let list = node.acls.first().filter(|_| node.kind == model::NodeKind::Machine)?;
        list.default_origin.span()
    });
    // Who sends may have a firewall, too; who receives is named last.
    let span = guarded.next_back();
    let reason = text!(
        ja: "これを破棄するのは機器自身のファイアウォールだけです。この図ではルータに求めています",
        en: "only a machine's own firewall discards it, and the page asks a router to",
    );
    let reason = Reason::new(reason, span);
    match &mut judgement.verdict {
        // Without the firewall it is not known, either.
        Verdict::Unknown(reasons) => reasons.push(reason),
        verdict => *verdict = Verdict::Unknown(vec![reason]),
    }
    judgement.helps.push(text!(
        ja: "ルータの側でも、この通信を破棄してください",
        en: "discard it at the router as well",
    ));
}
