//! Runs `crates/rule/src/*/cases.md`; the form of a case is told in `snapshot` and `expectation`.
//!
//! `CASE=words` runs only the cases whose heading holds the words, and fails with what came out
//! of them, so that it is seen.

use std::collections::BTreeMap;

use check::RuleVerdict;

use crate::expectation::{DAY, Expectation, told};
use crate::folder::{self, Folder};
use crate::markdown::Case;
use crate::seeded;
use crate::snapshot::{self, Snapshot};

fn expectations(case: &Case) -> Vec<Expectation> {
    case.blocks.iter().filter_map(Expectation::read).collect()
}

/// How a case is not met; for one marked as wrong, that it is.
fn failures(case: &Case) -> Vec<String> {
    let snapshot = Snapshot::of(case);
    let mut failures = Vec::new();
    for expectation in expectations(case) {
        let report = snapshot.check(expectation.today);
        let problems = expectation.problems(&snapshot, &report);
        match (expectation.is_wrong, problems.is_empty()) {
            (true, true) => failures.push("is right by now: take the mark away".to_owned()),
            (false, false) => {
                failures.extend(problems);
                failures.push(format!("found:\n{}", told(&snapshot, &report)));
                let said = report.diagnostics.iter().map(|one| {
                    let place = one.primary.as_ref().map(|label| label.span);
                    let place = place.map(|span| snapshot.place(&report.sources, span));
                    format!("  {} {:?} {}\n", one.code, place, one.headline.en)
                });
                failures.push(format!("said:\n{}", said.collect::<String>()));
            }
            (true, false) | (false, true) => {}
        }
    }
    failures
}

/// What comes out of a case.
fn outcome(case: &Case) -> String {
    let snapshot = Snapshot::of(case);
    let all = expectations(case);
    let told = all.iter().map(|one| told(&snapshot, &snapshot.check(one.today)));
    format!("{}:\n{}", case.name, told.collect::<String>())
}

#[test]
fn every_case_of_a_rule_holds() {
    let only = std::env::var("CASE").unwrap_or_default();
    let mut failed = Vec::new();
    for Folder { name, cases, .. } in folder::all() {
        for case in cases.iter().filter(|case| case.name.contains(&only)) {
            if !only.is_empty() {
                failed.push(outcome(case));
            }
            for failure in failures(case) {
                failed.push(format!("{name}/cases.md:{}: {}: {failure}", case.line, case.name));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn every_rule_has_cases_that_fail_and_cases_that_pass() {
    for Folder { name, code, cases } in folder::all() {
        let count = |is_wanted: &dyn Fn(RuleVerdict) -> bool| {
            let holds = |case: &&Case| {
                let all = expectations(case);
                let mut lines = all.iter().flat_map(|one| &one.lines);
                lines.any(|line| line.code == code && is_wanted(line.verdict))
            };
            cases.iter().filter(holds).count()
        };
        let refuted = count(&|verdict| verdict == RuleVerdict::Refuted);
        let others = count(&|verdict| verdict != RuleVerdict::Refuted);
        assert!(refuted >= 3, "{name} has {refuted} cases that fail");
        assert!(others >= 2, "{name} has {others} cases that pass or stay open");
    }
}

#[test]
fn every_case_says_what_it_is_about() {
    let mut names = Vec::new();
    for Folder { name, cases, .. } in folder::all() {
        for case in cases {
            assert!(case.prose.ends_with('.'), "{name}: {} has no sentence", case.name);
            assert!(!expectations(&case).is_empty(), "{name}: {} expects nothing", case.name);
            assert!(!names.contains(&case.name), "{name}: {} stands twice", case.name);
            names.push(case.name);
        }
    }
}

/// The table of clauses and pages counts a case for the page that it is of.
#[test]
fn every_case_says_which_page_judges_it() {
    let page_of = |base: &str| {
        let report = Snapshot::base_of(base).check(None);
        seeded::page(&report).expect("a base is of a page")
    };
    let pages: BTreeMap<String, String> =
        folder::bases().into_iter().map(|base| (base.clone(), page_of(&base))).collect();
    let mut wrong = Vec::new();
    for Folder { name, cases, .. } in folder::all() {
        for case in &cases {
            let snapshot = Snapshot::of(case);
            let base = snapshot::base_name(case);
            for expectation in expectations(case) {
                let found = seeded::page(&snapshot.check(expectation.today));
                let said = expectation.page.as_ref().unwrap_or(&pages[base]);
                if found.as_ref().is_some_and(|page| page != said) {
                    wrong.push(format!("{name}/cases.md:{}: {found:?}, not {said}", case.line));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_base_site_proves_clean() {
    for base in folder::bases() {
        let snapshot = Snapshot::base_of(&base);
        let report = snapshot.check(site::Date::read(DAY));
        let is_proved = report.requirements.iter().all(|one| one.verdict == RuleVerdict::Proved);
        assert!(is_proved, "{base}:\n{}", told(&snapshot, &report));
        assert_eq!(check::exit_code(&report), 0, "{base}");
        let placement = report.site.pattern.split('.').next_back().unwrap_or_default();
        assert!(base.contains(placement) && !placement.is_empty(), "{base} is not {placement}");
    }
}
