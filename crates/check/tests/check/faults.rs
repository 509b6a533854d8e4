//! Seeded faults of each page: for every cell of `docs/rules/MATRIX.md` one fault that a rule of
//! the cell refutes, on the clean example of that page.
//!
//! They stand in `crates/pattern/patterns/*/faults.md`, in the form of the cases of rules.

use std::collections::BTreeSet;

use check::{Report, RuleVerdict};
use pattern::{CLAUSES, Pattern, patterns};

use crate::expectation::{DAY, Expectation};
use crate::folder;
use crate::markdown::Case;
use crate::snapshot::Snapshot;

/// The clean example of a page, with routers of Yamaha.
fn example(page: &Pattern) -> Snapshot {
    let name = format!("{}-yamaha", page.id.replace('.', "-"));
    let found = folder::examples().into_iter().find(|(own, _)| *own == name);
    found.unwrap_or_else(|| panic!("{name} is missing")).1
}

/// Rules that refute something.
fn refuting(report: &Report) -> BTreeSet<&'static str> {
    let refuted = report.requirements.iter().filter(|one| one.verdict == RuleVerdict::Refuted);
    refuted.map(|one| one.code).collect()
}

/// The clauses of `page` that the rule `code` decides.
fn clauses(page: &Pattern, code: &str) -> BTreeSet<&'static str> {
    let rules = rule::rules();
    let rule = rules.iter().find(|one| one.code == code).expect("it is a rule");
    let asked = page.requirements.iter().filter(|one| one.property == rule.property);
    let named: Vec<&String> = asked.flat_map(|one| one.clauses.iter().chain(&one.covers)).collect();
    CLAUSES.into_iter().filter(|id| named.iter().any(|own| own == id)).collect()
}

/// How a fault is not found as it says, and the clauses that it shows to fail.
fn tried(page: &Pattern, clean: &Snapshot, case: &Case) -> (Vec<String>, BTreeSet<&'static str>) {
    let snapshot = clean.edited(case);
    let expected = case.blocks.iter().find_map(Expectation::read).expect("a fault has findings");
    let report = snapshot.check(site::Date::read(DAY));
    let mut problems = expected.problems(&snapshot, &report);
    let named: BTreeSet<&str> = expected.lines.iter().map(|line| line.code.as_str()).collect();
    let found = refuting(&report);
    if named.iter().any(|code| !expected.names_place(code) || !expected.names_clauses(code)) {
        problems.push("each rule needs its place and its clauses".to_owned());
    }
    if named != found {
        problems.push(format!("{found:?} refute, not {named:?}"));
    }
    let clauses = found.into_iter().flat_map(|code| clauses(page, code)).collect();
    (problems, clauses)
}

/// Clauses that `page` asks and that none of `cases` shows to fail, and what is wrong with these.
fn judged(page: &Pattern, cases: &[Case]) -> (Vec<&'static str>, Vec<String>) {
    let clean = example(page);
    let (mut shown, mut wrong) = (BTreeSet::new(), Vec::new());
    for case in cases {
        let (problems, clauses) = tried(page, &clean, case);
        shown.extend(clauses);
        let (page, line, name) = (&page.page, case.line, &case.name);
        wrong.extend(problems.iter().map(|one| format!("{page} faults.md:{line} {name}: {one}")));
    }
    let asked = CLAUSES.into_iter().filter(|id| page.basis(id).is_some());
    (asked.filter(|id| !shown.contains(id)).collect(), wrong)
}

#[test]
fn every_cell_has_a_fault_on_its_own_page() {
    let mut failed = Vec::new();
    for page in patterns() {
        let (missing, wrong) = judged(page, &folder::faults(&page.id));
        failed.extend(missing.into_iter().map(|id| format!("{id} on {} has no fault", page.page)));
        failed.extend(wrong);
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// The test above can fail: a fault that is taken away leaves a cell, and one that names another
/// line or less than what is found is wrong.
#[test]
fn a_cell_without_a_fault_is_found() {
    let page = patterns().iter().find(|one| one.page == "P14").expect("a page");
    let cases = folder::faults(&page.id);
    let without: Vec<Case> =
        cases.iter().filter(|one| !one.name.contains("server")).cloned().collect();
    assert_eq!(judged(page, &without), (vec!["R19"], Vec::new()));
    let mut moved = cases;
    let found = moved[0].blocks.iter_mut().find(|one| one.info == "findings").expect("a block");
    found.lines[0] = "E001 refuted site:1".to_owned();
    assert!(!judged(page, &moved).1.is_empty());
}
