//! What a case expects of a report, and how a report falls short of it.
//!
//! A line of a `findings` block is `CODE verdict [place…] [part of the English headline]`, where
//! the verdict is `proved`, `refuted`, `unknown` or `waived`. A rule that is named must have
//! exactly these findings; what other rules say is left open unless the line `others proved`
//! stands there, which in a case about packets does not speak for the rules E and L. A line
//! `CODE clauses P04/R05 P04/R16` says what the rule cites, and `page P04` which page judges, where
//! it is not that of the base site. `said P013 R120` names the errors of the input, which must be
//! exactly these, so that no case passes because something else is wrong. A day behind `findings`
//! is the day of the check, `never` is none; without a word it is the day of all cases. `WRONG:
//! reason` marks an expectation that is right and not met.

use std::collections::BTreeSet;

use check::{Finding, Report, RuleVerdict};
use diag::Severity;

use crate::markdown::Block;
use crate::snapshot::Snapshot;

/// A `findings` block.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    /// Day of the check.
    pub(crate) today: Option<site::Date>,
    /// Whether the product is known not to meet it yet.
    pub(crate) is_wrong: bool,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
    others_proved: bool,
    /// The page that judges, where it is not that of the base.
    pub(crate) page: Option<String>,
    /// Rules with the clauses that they cite.
    clauses: Vec<(String, Vec<String>)>,
    /// Rules with the weight of their heaviest finding.
    weights: Vec<(String, Severity)>,
    /// Errors of the input, each once, in order.
    said: BTreeSet<String>,
}

/// What is expected of one rule at one place.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Code of the rule.
    pub(crate) code: String,
    /// How it comes out.
    pub(crate) verdict: RuleVerdict,
    places: Vec<String>,
    headline: String,
}

impl Expectation {
    /// Reads a `findings` block; `None` if `block` is another one.
    pub(crate) fn read(block: &Block) -> Option<Self> {
        let today = block.info.strip_prefix("findings")?.trim();
        let mut read = Self {
            today: day(today),
            is_wrong: false,
            lines: Vec::new(),
            others_proved: false,
            page: None,
            clauses: Vec::new(),
            weights: Vec::new(),
            said: BTreeSet::new(),
        };
        for line in block.lines.iter().filter(|line| !line.is_empty()) {
            if line.starts_with("WRONG: ") {
                read.is_wrong = true;
            } else if line == "others proved" {
                read.others_proved = true;
            } else if let Some(page) = line.strip_prefix("page ") {
                read.page = Some(page.to_owned());
            } else if let Some(codes) = line.strip_prefix("said ") {
                read.said = codes.split(' ').map(str::to_owned).collect();
            } else if let Some((code, clauses)) = line.split_once(" clauses ") {
                let clauses = clauses.split(' ').map(str::to_owned).collect();
                read.clauses.push((code.to_owned(), clauses));
            } else if let Some((code, weight)) = line.split_once(" weighs ") {
                let weight = match weight {
                    "error" => Severity::Error,
                    "warning" => Severity::Warning,
                    _ => panic!("a finding weighs `error` or `warning`, not `{weight}`"),
                };
                read.weights.push((code.to_owned(), weight));
            } else {
                read.lines.push(Line::read(line));
            }
        }
        assert!(!read.lines.is_empty(), "a findings block expects nothing");
        Some(read)
    }

    /// Whether `others proved` speaks for the rule `code`: a case about packets that restates a
    /// machine leaves out what is known of it beside the network.
    fn speaks_for(&self, code: &str) -> bool {
        let is_beside = |code: &str| code.starts_with(['E', 'L']);
        !is_beside(code) || self.lines.iter().any(|line| is_beside(&line.code))
    }

    /// Whether it names where the rule `code` refutes.
    pub(crate) fn names_place(&self, code: &str) -> bool {
        let is_refuted = |line: &&Line| line.code == code && line.verdict == RuleVerdict::Refuted;
        let mut refuted = self.lines.iter().filter(is_refuted).peekable();
        refuted.peek().is_some() && refuted.all(|line| !line.places.is_empty())
    }

    /// Whether it names what the rule `code` cites.
    pub(crate) fn names_clauses(&self, code: &str) -> bool {
        self.clauses.iter().any(|(own, _)| own == code)
    }

    /// How `report` falls short.
    pub(crate) fn problems(&self, snapshot: &Snapshot, report: &Report) -> Vec<String> {
        let mut problems: Vec<String> =
            report.faults.iter().map(|fault| format!("fault: {}", fault.en)).collect();
        let errors = report.diagnostics.iter().filter(|one| one.severity == Severity::Error);
        let said: BTreeSet<String> = errors.map(|one| one.code.to_owned()).collect();
        if said != self.said {
            problems.push(format!("the input has the errors {said:?}, not {:?}", self.said));
        }
        for (code, clauses) in &self.clauses {
            let cited = report.requirements.iter().find(|one| one.code == code);
            let cited = cited.map(|one| &one.clauses);
            if cited != Some(clauses) {
                problems.push(format!("{code} cites {cited:?}"));
            }
        }
        for (code, weight) in &self.weights {
            let own = report.findings.iter().map(|one| &one.diagnostic);
            let heaviest = own.filter(|one| one.code == code).map(|one| one.severity).max();
            if heaviest != Some(*weight) {
                problems.push(format!("{code} weighs {heaviest:?}"));
            }
        }
        for requirement in &report.requirements {
            let lines: Vec<&Line> =
                self.lines.iter().filter(|line| line.code == requirement.code).collect();
            let is_proved = requirement.verdict == RuleVerdict::Proved;
            if lines.is_empty() {
                if self.others_proved && !is_proved && self.speaks_for(requirement.code) {
                    problems.push(format!("{} is not proved", requirement.code));
                }
                continue;
            }
            let wants_proof = lines.iter().any(|line| line.verdict == RuleVerdict::Proved);
            if wants_proof != is_proved {
                problems.push(format!("{} is {:?}", requirement.code, requirement.verdict));
            }
            let code = requirement.code;
            let mut found: Vec<&Finding> =
                report.findings.iter().filter(|one| one.diagnostic.code == code).collect();
            // A proof is a finding only where there is a remark on it.
            let is_finding =
                |line: &&&Line| line.verdict != RuleVerdict::Proved || !line.headline.is_empty();
            for line in lines.iter().filter(is_finding) {
                match found.iter().position(|one| line.fits(snapshot, report, one)) {
                    Some(place) => drop(found.remove(place)),
                    None => problems.push(format!("missing: {line:?}")),
                }
            }
            problems.extend(
                found.iter().map(|one| format!("unexpected: {}", shown(snapshot, report, one))),
            );
        }
        for line in &self.lines {
            if !report.requirements.iter().any(|one| one.code == line.code) {
                problems.push(format!("{} was not judged", line.code));
            }
        }
        problems
    }
}

impl Line {
    fn read(text: &str) -> Self {
        let mut words = text.split(' ');
        let code = words.next().unwrap_or_default().to_owned();
        let verdict = match words.next() {
            Some("proved") => RuleVerdict::Proved,
            Some("refuted") => RuleVerdict::Refuted,
            Some("unknown") => RuleVerdict::Unknown,
            Some("waived") => RuleVerdict::Waived,
            other => panic!("{text}: {other:?} is no verdict"),
        };
        let rest: Vec<&str> = words.collect();
        let is_place = |word: &&&str| {
            let name = word.split(':').next().unwrap_or_default();
            name != **word && ["router-a", "router-b", "site"].iter().any(|o| name.starts_with(o))
        };
        let places = rest.iter().take_while(is_place).map(|word| (*word).to_owned());
        let places: Vec<String> = places.collect();
        let headline = rest[places.len()..].join(" ");
        Self { code, verdict, places, headline }
    }

    /// Whether `finding` is what the line says: the first place is the primary one, or for what
    /// is unknown any of them.
    fn fits(&self, snapshot: &Snapshot, report: &Report, finding: &Finding) -> bool {
        let found = places(snapshot, report, finding);
        let stands = |(number, place): (usize, &String)| match (number, self.verdict) {
            (0, RuleVerdict::Refuted | RuleVerdict::Waived) => found.first() == Some(place),
            _ => found.contains(place),
        };
        finding.verdict == self.verdict
            && finding.diagnostic.headline.en.contains(&self.headline)
            && self.places.iter().enumerate().all(stands)
    }
}

/// The places of a finding, the primary one first.
fn places(snapshot: &Snapshot, report: &Report, finding: &Finding) -> Vec<String> {
    let labels = finding.diagnostic.primary.iter().chain(&finding.diagnostic.secondary);
    labels.map(|label| snapshot.place(&report.sources, label.span)).collect()
}

fn shown(snapshot: &Snapshot, report: &Report, finding: &Finding) -> String {
    let verdict = format!("{:?}", finding.verdict).to_lowercase();
    let places = places(snapshot, report, finding).join(" ");
    let diagnostic = &finding.diagnostic;
    format!("{} {verdict} {places} {}", diagnostic.code, diagnostic.headline.en)
}

/// All findings of a report in the form of expectations.
pub(crate) fn told(snapshot: &Snapshot, report: &Report) -> String {
    let mut text = String::new();
    for requirement in &report.requirements {
        if requirement.verdict == RuleVerdict::Proved {
            text.push_str(&format!("  {} proved\n", requirement.code));
        }
    }
    for finding in &report.findings {
        text.push_str(&format!("  {}\n", shown(snapshot, report, finding)));
    }
    text
}

/// The day of a block: `never` is none, and without a word it is the day of all cases.
fn day(word: &str) -> Option<site::Date> {
    match word {
        "never" => None,
        "" => Some(date(DAY)),
        word => Some(date(word)),
    }
}

/// The day on which cases are judged that name no other.
pub(crate) const DAY: &str = "2026-11-23";

fn date(text: &str) -> site::Date {
    let numbers: Vec<u16> = text.split('-').filter_map(|part| part.parse().ok()).collect();
    let &[year, month, day] = numbers.as_slice() else { panic!("{text} is no date") };
    let small = |number: u16| u8::try_from(number).expect("a month or day is small");
    site::Date::new(year, small(month), small(day)).expect("the date exists")
}
