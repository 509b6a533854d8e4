//! Takes back what lines that are not modelled, or parts of the site that are missing, could
//! overturn.

use design::Blueprint;
use diag::{Diagnostic, Severity, Text, text};
use model::{Aspect, Aspects, Effect, Effects, Gap, NodeId};
use rule::{Judgement, Kind, Reason, Rule, Verdict};

use crate::judge::{Judged, overall};
use crate::report::RuleVerdict;

/// Turns what was proved or refuted into `unknown` for `reason`.
pub(crate) fn doubt(one: &mut Judged, reason: Reason) {
    for judgement in &mut one.judgements {
        match &mut judgement.verdict {
            Verdict::Unknown(reasons) => reasons.push(reason.clone()),
            verdict => *verdict = Verdict::Unknown(vec![reason.clone()]),
        }
    }
    if one.judgements.is_empty() {
        let headline = not_proved(one.rule);
        let verdict = Verdict::Unknown(vec![reason]);
        one.judgements.push(Judgement::new(verdict, headline));
    }
}

fn not_proved(rule: &Rule) -> Text {
    text!(
        ja: "「{statement}」を証明できません",
        en: "not proved: {statement}",
        statement = (rule.requirement)(),
    )
}

/// Errors of the input because of which a part of the site is missing from what the rules of
/// `kind` look at.
pub(crate) fn missing_parts(diagnostics: &[Diagnostic], kind: Kind) -> Vec<Reason> {
    // What is said of a machine beside its network takes nothing out of the network.
    let is_beside = |code: &str| matches!(code.get(..3), Some("P05" | "T05"));
    diagnostics
        .iter()
        .filter(|one| kind == Kind::Fact || !is_beside(one.code))
        .filter(|one| one.severity == Severity::Error || matches!(one.code, "T102" | "T007"))
        .filter(|one| {
            let is_about_syntax = one.code.starts_with('P') && one.code < "P100";
            let is_about_site = one.code.starts_with('T') || is_about_syntax;
            let is_about_names = one.code.starts_with('R') && one.code < "R120";
            is_about_site || is_about_names
        })
        .filter(|one| !matches!(one.code, "T110" | "T111"))
        .map(|one| {
            let text = text!(
                ja: "{code}: {headline}", en: "{code}: {headline}",
                code = one.code, headline = one.headline,
            );
            Reason::new(text, one.primary.as_ref().map(|label| label.span))
        })
        .collect()
}

pub(crate) fn overturn_by_gaps(one: &mut Judged, blueprint: &Blueprint, missing: &[Reason]) {
    if overall(&one.judgements) == RuleVerdict::Proved {
        let mut reasons: Vec<Reason> = missing.to_vec();
        let gaps = blueprint.network.nodes.iter().flat_map(|node| &node.gaps);
        // A line about IP packets joins no segments, unless it relays them as frames.
        let reads_frames_only = one.rule.aspects == Aspects::of(&[Aspect::Frames]);
        let relays = Effects::of(&[Effect::Bridge]);
        let matters = |gap: &&Gap| {
            let is_beside = reads_frames_only && gap.family.is_some() && !gap.effects.meets(relays);
            gap.effects.meets(one.rule.fears) && !is_beside
        };
        reasons.extend(gaps.filter(matters).map(reason));
        for reason in reasons {
            doubt(one, reason);
        }
        return;
    }
    let against = match one.rule.kind {
        Kind::Denial => Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route]),
        Kind::Possibility => Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route]),
        // No line of a router works against a fact about a machine.
        Kind::Fact => return,
    };
    if one.rule.aspects == Aspects::default() && one.rule.fears == Effects::default() {
        // What the rule reads stands in the site file, whatever a router does.
        return;
    }
    for judgement in &mut one.judgements {
        let Verdict::Refuted(witness) = &judgement.verdict else { continue };
        let on_way: Vec<NodeId> = match witness {
            Some(witness) => {
                let answer = witness.answer.iter().flat_map(|(_, way)| way);
                witness.way.iter().chain(answer).map(|step| step.node).collect()
            }
            None => blueprint.parties.routers.clone(),
        };
        let is_possibility = one.rule.kind == Kind::Possibility;
        let mut reasons: Vec<Reason> = Vec::new();
        if is_possibility || witness.is_none() {
            // What is missing may be just what is needed.
            reasons.extend(missing.iter().cloned());
        }
        for (id, node) in blueprint.network.iter() {
            // A router of which nothing is known may be the way that is missed.
            let matters = |gap: &&Gap| {
                on_way.contains(&id) && gap.effects.meets(against)
                    || is_possibility && gap.effects == Effects::ALL
            };
            reasons.extend(node.gaps.iter().filter(matters).map(reason));
        }
        if !reasons.is_empty() {
            judgement.verdict = Verdict::Unknown(reasons);
        }
    }
}

/// Takes back what rests on facts while packs could not be read whole: what is missing may
/// contradict what was used.
pub(crate) fn overturn_by_packs(one: &mut Judged, unread: &[Reason]) {
    if one.rule.reads_packs {
        for reason in unread {
            doubt(one, reason.clone());
        }
    }
}

fn reason(gap: &Gap) -> Reason {
    Reason::new(gap.what.clone(), Some(gap.span))
}
