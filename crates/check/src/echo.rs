//! Findings that show again what another one shows.

use diag::text;

use crate::report::{Finding, RuleVerdict};

/// Lets each finding that shows the same packet at the same line as one before it refer to that
/// one. Both stay: they refute different requirements, by different clauses.
pub(crate) fn refer(findings: &mut [Finding]) {
    for place in 1..findings.len() {
        let (before, rest) = findings.split_at_mut(place);
        let Some(one) = rest.first_mut() else { return };
        let Some(first) = before.iter().find(|first| is_same(first, one)) else { continue };
        let code = first.diagnostic.code;
        one.same_as = Some(code);
        one.diagnostic.secondary.clear();
        one.diagnostic.helps.clear();
        one.diagnostic.notes.push(text!(
            ja: "行もパケットも、することも {code} と同じです",
            en: "the line and the packet are those of {code}, and so is what to do",
            code = code,
        ));
    }
}

fn is_same(first: &Finding, one: &Finding) -> bool {
    let place = |one: &Finding| one.diagnostic.primary.as_ref().map(|label| label.span);
    let is_refuted = |one: &Finding| one.verdict == RuleVerdict::Refuted;
    is_refuted(first)
        && is_refuted(one)
        && first.diagnostic.code != one.diagnostic.code
        && first.diagnostic.severity >= one.diagnostic.severity
        && first.same_as.is_none()
        && place(first).is_some()
        && place(first) == place(one)
        && first.witness.is_some()
        && first.witness == one.witness
}
