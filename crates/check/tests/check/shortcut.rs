//! Judging only what can come out otherwise comes to the same report as judging everything anew.
//!
//! All examples and cases are compared, and a sample of their one-line changes, the same in every
//! run; `SEKISHO_FULL=1` compares all.

use check::{Effort, Report};
use model::{Assumption, Readings};

use crate::folder;
use crate::mutant::{Dice, mutants};
use crate::snapshot::Snapshot;
use crate::violation;

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

fn is_full() -> bool {
    std::env::var("SEKISHO_FULL").is_ok_and(|value| value == "1")
}

fn compare(name: &str, snapshot: &Snapshot, count: usize, dice: &mut Dice) -> Vec<String> {
    let own = difference(snapshot).map(|found| format!("{name}: {found}"));
    let mut failed: Vec<String> = own.into_iter().collect();
    for (file, text) in snapshot.files.iter().filter(|(file, _)| !file.starts_with("../")) {
        let mut all = mutants(text, dice);
        if !is_full() {
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

/// Machines that are put beside each one of a site.
const COPIES: u8 = 3;

/// `site` with more of each machine, at the addresses after its own.
fn fleet(site: &str) -> String {
    let mut text = String::new();
    let mut own = String::new();
    let multiply = |own: &mut String, text: &mut String| {
        *text += own;
        if own.starts_with("[machines.") {
            (1..=COPIES).for_each(|number| *text += &copy(own, number));
        }
        own.clear();
    };
    for line in site.lines() {
        if line.starts_with('[') {
            multiply(&mut own, &mut text);
        }
        own += &format!("{line}\n");
    }
    multiply(&mut own, &mut text);
    text
}

/// The table `own` of a machine with another name and other addresses.
fn copy(own: &str, number: u8) -> String {
    let own = own.replacen(']', &format!("-{number}]"), 1);
    let mut parts = own.split("ipv4 = \"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (address, rest) = part.split_once('"').unwrap_or((part, ""));
        text += &format!("ipv4 = \"{}\"{rest}", after(address, number));
    }
    text
}

fn after(address: &str, number: u8) -> String {
    let address: Option<std::net::Ipv4Addr> = address.parse().ok();
    let address = address.map_or(0, u32::from).saturating_add(u32::from(number));
    std::net::Ipv4Addr::from(address).to_string()
}

/// Every IPv4 address that `site` gives to a machine.
fn addresses(site: &str) -> Vec<&str> {
    let lines = site.lines().filter(|line| line.contains("zone = "));
    let parts = lines.flat_map(|line| line.split("ipv4 = \"").skip(1));
    parts.filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn machines_that_are_left_out_change_no_report() {
    let mut dice = Dice(0x0005_f1ee);
    let mut failed = Vec::new();
    let broken = folder::broken().into_iter();
    let clean = folder::examples().into_iter().map(|one| (true, one));
    for (is_clean, (name, mut snapshot)) in clean.chain(broken.map(|one| (false, one))) {
        let site = std::mem::take(&mut snapshot.site);
        snapshot.site = fleet(&site);
        failed.extend(compare(&name, &snapshot, OTHER_SAMPLE, &mut dice));
        // Lines that speak of one machine speak of one of those beside it.
        let mut all = addresses(&site);
        if !is_clean && !is_full() {
            all = dice.pick(&all).copied().into_iter().collect();
        }
        for address in all {
            let mut changed = snapshot.clone();
            for (_, text) in &mut changed.files {
                *text = text.replace(address, &after(address, COPIES));
            }
            let found = difference(&changed);
            failed.extend(found.map(|found| format!("{name} {address}: {found}")));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
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

/// The readings with the second one of `assumption`.
fn turned(assumption: &Assumption) -> Readings {
    let mut readings = Readings::default();
    let other = assumption.readings.get(1).map_or("", |reading| reading.keyword);
    readings.take(assumption.id, other);
    readings
}

#[test]
fn a_reading_that_no_lowering_asked_for_changes_no_router() {
    let cases = folder::all().into_iter().flat_map(|folder| folder.cases);
    let cases = cases.map(|case| (case.name.clone(), Snapshot::of(&case)));
    let examples = folder::examples().into_iter().chain(folder::broken());
    let (mut same, mut other) = (0, 0);
    for (name, snapshot) in examples.chain(cases) {
        let both = violation::configs(&snapshot).zip(violation::configs(&snapshot));
        let Some(((_, own), (_, its))) = both else { continue };
        for (own, its) in own.iter().zip(&its) {
            let readings = Readings::default();
            let node = format!("{:?}", own.lower(&readings));
            for assumption in device::vendors().iter().flat_map(|vendor| vendor.assumptions) {
                let turned = turned(assumption);
                if readings.suffice_for(&turned) {
                    same += 1;
                    let lowered = format!("{:?}", its.lower(&turned));
                    assert!(lowered == node, "{name}: {} changes a router", assumption.id);
                } else {
                    other += 1;
                }
            }
        }
    }
    assert!(same > 100 && other > 100, "{same} alike, {other} not");
}
