//! Proofs that rest on the firewalls of machines where the page asks a router.

use diag::text;
use model::{Aspect, Aspects};
use pattern::Property;
use reach::{Atlas, Limits};
use rule::{Focus, Judgement, Kind, Reason, Scene, Verdict};

use crate::again::{self, First};
use crate::facts::Judge;
use crate::judge::{Judged, overall};
use crate::reading::overturn_by_readings;
use crate::report::RuleVerdict;

/// Rules that were judged without the firewalls of machines.
pub(crate) struct Apart {
    /// What is proved without them, under every reading. It is proved with them, too: they only
    /// discard.
    proved: Vec<Judged>,
    /// What is not, with what was found.
    open: Vec<Judged>,
}

/// Takes what is proved without the firewalls of machines out of `judged`, of the rules that the
/// page wants a router to keep.
pub(crate) fn judge_without(
    first: &First<'_>,
    judge: Option<&Judge>,
    judged: &mut Vec<Judged>,
) -> Apart {
    let is_concerned = |one: &Judged| {
        one.rule.kind == Kind::Denial
            && one.rule.aspects.meets(Aspects::of(&[Aspect::FirstPackets]))
            && overall(&one.judgements) == RuleVerdict::Proved
            && judge.is_some_and(|judge| asks_a_router(judge, one))
    };
    let mut apart = Apart { proved: Vec::new(), open: Vec::new() };
    let Some(other) = design::without_own_firewalls(first.scene.blueprint) else { return apart };
    let atlas = Atlas::like(&other.network, &[first.scene.atlas]);
    let scene = again::like(first, Scene::new(&other, &atlas, Limits::default(), Focus::All));
    let first = &First { scene: &scene, is_without_own: true, ..*first };
    for one in judged.iter_mut().filter(|one| is_concerned(one)) {
        let mut found = (one.rule.check)(&scene);
        first.waivers.mark(one.rule, &mut found);
        if overall(&found) == RuleVerdict::Proved {
            apart.proved.push(one.again(one.judgements.clone()));
        } else {
            apart.open.push(one.again(found));
        }
    }
    let _ = overturn_by_readings(first, &mut apart.proved);
    let is_overturned = |one: &mut Judged| overall(&one.judgements) != RuleVerdict::Proved;
    apart.open.extend(apart.proved.extract_if(.., is_overturned));
    for one in &mut apart.open {
        one.judgements.retain(|judgement| judgement.verdict != Verdict::Proved);
        let judgements = one.judgements.iter_mut();
        judgements.for_each(|judgement| judgement.revise(|one| leave_open(first, one)));
    }
    judged.retain(|one| !apart.proved.iter().any(|proved| proved.rule.code == one.rule.code));
    apart
}

impl Apart {
    /// Adds to `judged`, which was judged under every reading, what was taken out of it, and takes
    /// back what rests on the firewalls of machines: the packets that the routers let through are
    /// shown, and whether they do harm is left open.
    pub(crate) fn rejoin(self, judged: &mut Vec<Judged>) {
        for found in self.open {
            let is_it = |one: &&mut Judged| {
                one.rule.code == found.rule.code && overall(&one.judgements) == RuleVerdict::Proved
            };
            if let Some(one) = judged.iter_mut().find(is_it) {
                one.judgements.extend(found.judgements);
                one.depends_on.extend(found.depends_on);
            }
        }
        judged.extend(self.proved);
        judged.sort_by_key(|one| one.rule.code);
    }
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
