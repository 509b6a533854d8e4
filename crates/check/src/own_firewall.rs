//! What is proved without the firewalls of machines, and proofs that rest on them where the page
//! asks a router.

use std::mem;

use diag::text;
use model::{Aspect, Aspects};
use pattern::Property;
use rule::{Judgement, Kind, Reason, Rule, Scene, Verdict};

use crate::again::First;
use crate::facts::Judge;
use crate::judge::{Judged, overall};
use crate::reading::overturn_by_readings;
use crate::report::RuleVerdict;

/// Rules that were judged without the firewalls of machines.
pub(crate) struct Apart {
    /// What is proved without them, under every reading. It is proved with them, too: they only
    /// discard.
    proved: Vec<Judged>,
    /// What is not, with what was found, of the rules that the page wants a router to keep.
    open: Vec<Judged>,
}

/// What a rule comes to without the firewalls of machines.
pub(crate) enum Without {
    /// It was not asked, since no machine has one or they may do more than take away.
    Unasked,
    /// It is proved, and what it looked at are attacks and the site only.
    Proved,
    /// Anything else.
    Found(Vec<Judgement>),
}

/// Whether firewalls of machines can only take away what would refute `rule`.
pub(crate) fn only_take_away(rule: &Rule) -> bool {
    rule.kind == Kind::Denial && rule.aspects.meets(Aspects::of(&[Aspect::FirstPackets]))
}

/// Takes what is proved on `opened`, without the firewalls of machines, out of `judged`: then it
/// need not be judged with them under other readings.
pub(crate) fn take_apart(
    first: &First<'_>,
    opened: Option<&Scene<'_>>,
    judge: Option<&Judge>,
    judged: &mut Vec<Judged>,
) -> Apart {
    let mut apart = Apart { proved: Vec::new(), open: Vec::new() };
    let Some(scene) = opened else { return apart };
    let is_for_router = |one: &Judged| judge.is_some_and(|judge| asks_a_router(judge, one));
    let first = &First { scene, is_without_own: true, ..*first };
    for one in judged.iter_mut().filter(|one| overall(&one.judgements) == RuleVerdict::Proved) {
        match mem::replace(&mut one.without, Without::Unasked) {
            Without::Proved => apart.proved.push(one.again(one.judgements.clone())),
            Without::Found(mut found) if is_for_router(one) => {
                first.waivers.mark(one.rule, &mut found);
                match overall(&found) {
                    RuleVerdict::Proved => apart.proved.push(one.again(one.judgements.clone())),
                    _ => apart.open.push(one.again(found)),
                }
            }
            Without::Found(_) | Without::Unasked => {}
        }
    }
    let _ = overturn_by_readings(first, &mut apart.proved);
    let is_overturned = |one: &mut Judged| overall(&one.judgements) != RuleVerdict::Proved;
    let overturned = apart.proved.extract_if(.., is_overturned);
    apart.open.extend(overturned.filter(|one| is_for_router(one)));
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
