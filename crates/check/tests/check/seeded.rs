//! Seeded faults: each rule finds at least three, on at least two pages.
//!
//! A case counts as one if the rule refutes it at a line or field that the case names, with the
//! clauses that the case names, and if no error of another rule and none of the input appears
//! beside it.

use std::collections::BTreeSet;

use check::{Report, RuleVerdict};
use diag::Severity;
use pattern::Property;

use crate::expectation::Expectation;
use crate::folder::{self, Folder};
use crate::snapshot::Snapshot;

/// Fewest faults of a rule.
const FAULTS_MIN: usize = 3;

/// Fewest pages that they stand on, if the page asks it of more than one.
const PAGES_MIN: usize = 2;

/// What the faults of a rule are counted by.
#[derive(Clone, Debug)]
struct Rule {
    name: String,
    /// Pages that ask for what it decides.
    pages: BTreeSet<String>,
    /// The page of each seeded fault.
    faults: Vec<String>,
}

impl Rule {
    fn of(folder: &Folder) -> Self {
        let rules = rule::rules();
        let rule = rules.iter().find(|one| one.code == folder.code).expect("it is a rule");
        Self { name: folder.name.clone(), pages: pages(rule.property), faults: faults(folder) }
    }

    /// How it falls short.
    fn shortfall(&self) -> Option<String> {
        let found: BTreeSet<&String> = self.faults.iter().collect();
        let wanted = self.pages.len().min(PAGES_MIN);
        (self.faults.len() < FAULTS_MIN || found.len() < wanted).then(|| {
            let (name, count) = (&self.name, self.faults.len());
            format!("{name}: {count} seeded faults on {found:?}, of {:?}", self.pages)
        })
    }
}

/// The pages that ask for `property`.
fn pages(property: Property) -> BTreeSet<String> {
    let asks = |one: &&pattern::Pattern| {
        one.requirements.iter().any(|requirement| requirement.property == property)
    };
    pattern::patterns().iter().filter(asks).map(|one| one.page.clone()).collect()
}

/// The page of each seeded fault in the cases of a rule.
fn faults(folder: &Folder) -> Vec<String> {
    let mut pages = Vec::new();
    for case in &folder.cases {
        let snapshot = Snapshot::of(case);
        let expected = case.blocks.iter().filter_map(Expectation::read);
        let is_fault = |one: &Expectation| {
            !one.is_wrong && one.names_place(folder.code) && one.names_clauses(folder.code)
        };
        // Two days of one site are one fault.
        let found = expected.filter(is_fault).find_map(|one| {
            let report = snapshot.check(one.today);
            let is_found = one.problems(&snapshot, &report).is_empty();
            (is_found && is_alone(folder.code, &report)).then_some(report)
        });
        pages.extend(found.as_ref().and_then(page));
    }
    pages
}

/// Whether nothing but the rule `code` finds an error.
fn is_alone(code: &str, report: &Report) -> bool {
    let mut others = report.requirements.iter().filter(|one| one.code != code);
    let is_error = |one: &check::RequirementReport| {
        one.verdict == RuleVerdict::Refuted && one.level == Severity::Error
    };
    !others.any(is_error) && report.diagnostics.iter().all(|one| one.severity != Severity::Error)
}

/// The page that judged.
pub(crate) fn page(report: &Report) -> Option<String> {
    let patterns = pattern::patterns();
    let found = patterns.iter().find(|one| one.id == report.site.pattern);
    found.map(|one| one.page.clone())
}

#[test]
fn every_rule_finds_seeded_faults_on_two_pages() {
    let rules = folder::all();
    let short: Vec<String> = rules.iter().filter_map(|one| Rule::of(one).shortfall()).collect();
    assert!(short.is_empty(), "\n{}", short.join("\n"));
}

/// The test above can fail: each fault counts, and so does the page that it stands on.
#[test]
fn a_rule_with_too_few_faults_or_pages_is_found() {
    let names = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<String>>();
    let rule = |asked: &[&str], faults: &[&str]| Rule {
        name: "some-rule".to_owned(),
        pages: names(asked).into_iter().collect(),
        faults: names(faults),
    };
    let falls_short = |one: &Rule| one.shortfall().is_some();
    assert!(!falls_short(&rule(&["P07", "P08"], &["P07", "P07", "P08"])));
    assert!(falls_short(&rule(&["P07", "P08"], &["P07", "P08"])));
    assert!(falls_short(&rule(&["P07", "P08"], &["P07", "P07", "P07"])));
    assert!(!falls_short(&rule(&["P04"], &["P04", "P04", "P04"])));
    // Only what one page asks may be shown on one page.
    let single: Vec<Property> =
        Property::ALL.into_iter().filter(|one| pages(*one).len() == 1).collect();
    assert_eq!(single, [Property::V13]);
}

/// A case that the rule does not find alone is none.
#[test]
fn a_fault_beside_another_error_does_not_count() {
    let rules = folder::all();
    let of = |code: &str| rules.iter().find(|one| one.code == code).expect("it is a rule");
    let only = |code: &str, words: &str| {
        let cases = of(code).cases.iter().filter(|one| one.name.contains(words)).cloned();
        let (name, code) = (of(code).name.clone(), of(code).code);
        faults(&Folder { name, code, cases: cases.collect() })
    };
    assert!(only("F010", "a server that can be reached from the line").is_empty());
    assert_eq!(only("X001", "without a type for the only terminal"), ["P04"]);
}
