//! What is still to be asked: everything that is not known, with who knows it.

use diag::{Severity, Span, Text, text};
use rule::Who;

use crate::report::{Finding, Report, RuleVerdict};

/// Something to ask or to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Todo {
    /// Who knows it.
    pub who: Who,
    /// What to ask.
    pub text: Text,
    /// Codes of what waits for it, in order.
    pub codes: Vec<&'static str>,
    /// Where the answer belongs.
    pub span: Option<Span>,
}

/// What is missing in `report`, grouped by who knows it.
///
/// # Shape
/// Nothing is listed that the report does not leave open: it comes from what is unknown, and from
/// what is wrong or missing in the input.
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
    for finding in open.filter(|finding| !waits_for_file(report, finding)) {
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
    list.sort_by_key(|one| one.who);
    list
}

/// Codes about configuration files that cannot be read.
const UNREADABLE: [&str; 2] = ["P111", "P112"];

/// Whether the first thing that `finding` waits for is a configuration that cannot be read, which
/// is told by itself: what else it asks comes once the file can be read.
fn waits_for_file(report: &Report, finding: &Finding) -> bool {
    let files = report.diagnostics.iter().filter(|one| UNREADABLE.contains(&one.code));
    let mut files = files.filter_map(|one| Some(one.primary.as_ref()?.span));
    let place = finding.diagnostic.primary.as_ref().map(|label| label.span);
    finding.questions.is_empty() && files.any(|file| Some(file) == place)
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
        "V4" | "V5" | "V6" | "V9" => Who::LineProvider,
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
