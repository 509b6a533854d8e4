//! Judging only what can come out otherwise comes to the same report as judging everything anew.
//!
//! All examples and cases are compared, and a sample of their one-line changes, the same in every
//! run; `SEKISHO_FULL=1` compares all.

use check::{Effort, Report};

use crate::folder;
use crate::mutant::{Dice, mutants};
use crate::snapshot::Snapshot;

/// One-line changes of each configuration file of an example.
const EXAMPLE_SAMPLE: usize = 12;
/// One-line changes of each other configuration file.
const OTHER_SAMPLE: usize = 1;

/// What a report says, without the lines that it quotes.
fn told(report: &Report) -> String {
    format!(
        "{:#?}\n{:#?}\n{:#?}\n{:#?}",
        report.requirements, report.findings, report.assumptions, report.faults
    )
}

/// The first line in which the two ways to judge differ.
fn difference(snapshot: &Snapshot) -> Option<String> {
    let shared = told(&snapshot.check_with(None, Effort::Shared));
    let plain = told(&snapshot.check_with(None, Effort::Plain));
    if shared == plain {
        return None;
    }
    let lines = shared.lines().zip(plain.lines());
    let differing = lines.filter(|(shared, plain)| shared != plain);
    Some(differing.take(3).map(|(shared, plain)| format!("\n  {shared}\n  {plain}")).collect())
}

fn compare(name: &str, snapshot: &Snapshot, count: usize, dice: &mut Dice) -> Vec<String> {
    let own = difference(snapshot).map(|found| format!("{name}: {found}"));
    let mut failed: Vec<String> = own.into_iter().collect();
    let is_full = std::env::var("SEKISHO_FULL").is_ok_and(|value| value == "1");
    for (file, text) in snapshot.files.iter().filter(|(file, _)| !file.starts_with("../")) {
        let mut all = mutants(text, dice);
        if !is_full {
            all = (0..count).filter_map(|_| dice.pick(&all).cloned()).collect();
        }
        for mutant in all {
            let mut changed = snapshot.clone();
            *changed.file_mut(file) = mutant.text;
            let found = difference(&changed);
            failed.extend(found.map(|found| format!("{name}/{file} {}: {found}", mutant.what)));
        }
    }
    failed
}

#[test]
fn shortcuts_change_no_report_of_an_example() {
    let mut dice = Dice(0x0005_ca1e);
    let mut failed = Vec::new();
    for (name, snapshot) in &folder::examples() {
        failed.extend(compare(name, snapshot, EXAMPLE_SAMPLE, &mut dice));
    }
    for (name, snapshot) in &folder::broken() {
        failed.extend(compare(name, snapshot, OTHER_SAMPLE, &mut dice));
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn shortcuts_change_no_report_of_a_case() {
    let mut dice = Dice(0x0005_ca5e);
    let mut failed = Vec::new();
    for folder in folder::all() {
        for case in &folder.cases {
            let snapshot = Snapshot::of(case);
            failed.extend(compare(&case.name, &snapshot, OTHER_SAMPLE, &mut dice));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
