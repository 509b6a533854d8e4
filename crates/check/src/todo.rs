//! What is still to be asked: everything that is not known, with who knows it.

use std::collections::BTreeSet;

use diag::{Diagnostic, Severity, Span, Text, text};
use rule::Who;

use crate::mark;
use crate::report::{Finding, Report, RuleVerdict};

/// Something to ask or to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Todo {
    /// Who knows it.
    pub who: Who,
    /// What to ask.
    pub text: Text,
    /// Codes of what waits for it, in order; empty if the site file only marks it.
    pub codes: Vec<&'static str>,
    /// Where the answer belongs.
    pub span: Option<Span>,
}

/// What is missing in `report`, grouped by who knows it.
///
/// # Shape
/// Nothing is listed that the report does not leave open: it comes from what is unknown, from what
/// is wrong or missing in the input, and from what the site file itself marks as to be asked.
#[must_use]
pub fn todo(report: &Report) -> Vec<Todo> {
    let mut list: Vec<Todo> = Vec::new();
    for one in report.diagnostics.iter().filter(|one| one.severity >= Severity::Warning) {
        let span = one.primary.as_ref().map(|label| label.span);
        let help = one.helps.first();
        let text = match help {
            Some(help) => text!(
                ja: "{headline}。{help}", en: "{headline}; {help}",
                headline = one.headline, help = *help,
            ),
            None => one.headline.clone(),
        };
        let who = match one.code {
            "R305" | "R307" | "R308" | "R309" => Who::LineProvider,
            _ => Who::Installer,
        };
        add(&mut list, Todo { who, text, codes: vec![one.code], span });
    }
    let open = report.findings.iter().filter(|one| one.verdict == RuleVerdict::Unknown);
    let is_due = |one: &&Finding| !waits_for_input(report, one) && !waits_for_others(report, one);
    for finding in open.filter(is_due) {
        let code = finding.diagnostic.code;
        let span = finding.diagnostic.primary.as_ref().map(|label| label.span);
        if finding.questions.is_empty() {
            let property = report.requirements.iter().find(|one| one.code == code);
            let who = property.map_or(Who::Installer, |one| knows(one.property));
            add(&mut list, Todo { who, text: reason(finding), codes: vec![code], span });
        }
        for question in &finding.questions {
            let text = question.text.clone();
            add(&mut list, Todo { who: question.who, text, codes: vec![code], span });
        }
    }
    for one in mark::marks(report, &list) {
        add(&mut list, one);
    }
    list.sort_by_key(|one| one.who);
    list
}

/// Whether `finding` waits for a mistake in the input to be mended, which is told by itself: what
/// else it asks comes once the input can be read.
pub(crate) fn waits_for_input(report: &Report, finding: &Finding) -> bool {
    let place = finding.diagnostic.primary.as_ref().map(|label| label.span);
    finding.verdict == RuleVerdict::Unknown
        && finding.questions.is_empty()
        && place.is_some()
        && mistakes(report).any(|one| one.primary.as_ref().map(|label| label.span) == place)
}

/// Whether `finding` follows from what another rule leaves open or refutes: there is nothing to ask
/// before that is settled.
fn waits_for_others(report: &Report, finding: &Finding) -> bool {
    let is_open = |code: &&str| {
        let mut own = report.requirements.iter().filter(|one| one.code == *code);
        own.any(|one| one.verdict != RuleVerdict::Proved)
    };
    finding.questions.is_empty() && finding.waits_for.iter().any(is_open)
}

/// Mistakes in the site file and in what it names, because of which something may be unknown.
fn mistakes(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    let is_of_site = |one: &Diagnostic| one.code.get(1..).is_some_and(|number| number < "120");
    let is_told = |one: &&Diagnostic| one.severity == Severity::Error || mark::is_still_open(one);
    report.diagnostics.iter().filter(is_told).filter(move |one| is_of_site(one))
}

/// How many requirements are unknown because of mistakes in the input, and the codes of these.
#[must_use]
pub fn waiting(report: &Report) -> (usize, Vec<&'static str>) {
    let waits: Vec<&Finding> =
        report.findings.iter().filter(|one| waits_for_input(report, one)).collect();
    let rules: BTreeSet<&str> = waits.iter().map(|one| one.diagnostic.code).collect();
    let is_unknown = |code: &&&str| {
        report
            .requirements
            .iter()
            .any(|one| one.code == **code && one.verdict == RuleVerdict::Unknown)
    };
    let count = rules.iter().filter(is_unknown).count();
    let place = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span);
    let is_waited_for =
        |one: &&Diagnostic| waits.iter().any(|finding| place(&finding.diagnostic) == place(one));
    let codes: BTreeSet<&'static str> =
        mistakes(report).filter(is_waited_for).map(|one| one.code).collect();
    (count, codes.into_iter().collect())
}

/// Adds `one`, or what it is asked for to the same question.
fn add(list: &mut Vec<Todo>, one: Todo) {
    let same = list.iter_mut().find(|other| other.who == one.who && other.text == one.text);
    match same {
        Some(other) => {
            let new = one.codes.into_iter().filter(|code| !other.codes.contains(code));
            let new: Vec<&'static str> = new.collect();
            other.codes.extend(new);
        }
        None => list.push(one),
    }
}

/// Who knows what decides `property`, where the rule itself does not say.
fn knows(property: &str) -> Who {
    match property {
        "V1" => Who::SystemVendor,
        "V4" | "V5" | "V6" | "V6.service" | "V9" | "V9.names" => Who::LineProvider,
        _ => Who::Installer,
    }
}

/// The headline of a finding with the first reason that it gives.
fn reason(finding: &Finding) -> Text {
    let diagnostic = &finding.diagnostic;
    let label = diagnostic.primary.as_ref().map(|label| &label.text);
    match label.filter(|text| !text.en.is_empty()) {
        Some(why) => text!(
            ja: "{headline}（{why}）", en: "{headline} ({why})",
            headline = diagnostic.headline, why = *why,
        ),
        None => diagnostic.headline.clone(),
    }
}
