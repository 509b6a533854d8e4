//! Every one-line change of the example configurations: nothing panics, both judges agree, every
//! line has one state, no rule is proved that the oracle can break, and what must work is not
//! proved where the oracle sees it fail.
//!
//! A sample is tried, the same in every run; `SEKISHO_FULL=1` tries all.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use check::{Report, RuleVerdict};
use rule::Kind;

use crate::folder;
use crate::mutant::{Dice, Mutant, mutants};
use crate::need;
use crate::snapshot::Snapshot;
use crate::violation;

/// Mutants of each configuration file of an example.
const EXAMPLE_SAMPLE: usize = 20;
/// Mutants of each configuration file of a broken example.
const BROKEN_SAMPLE: usize = 2;
/// Mutants of each configuration of a case that fails.
const CASE_SAMPLE: usize = 1;
/// Packets of any kind that each attacker tries for each rule, beside the directed ones.
const PACKETS: usize = 200;

fn is_full() -> bool {
    std::env::var("SEKISHO_FULL").is_ok_and(|value| value == "1")
}

/// `count` of `all`, or all of them if the full set is wanted.
fn sample(all: Vec<Mutant>, count: usize, dice: &mut Dice) -> Vec<Mutant> {
    if is_full() {
        return all;
    }
    (0..count).filter_map(|_| dice.pick(&all).cloned()).collect()
}

/// What is wrong with the check of `snapshot`, of which one line was changed where `working`
/// worked.
fn faults(snapshot: &Snapshot, working: &BTreeSet<String>, dice: &mut Dice) -> Vec<String> {
    let Ok(report) = catch_unwind(AssertUnwindSafe(|| snapshot.check(None))) else {
        return vec!["panics".to_owned()];
    };
    let mut faults: Vec<String> =
        report.faults.iter().map(|fault| format!("fault: {}", fault.en)).collect();
    faults.extend(miscounted(snapshot, &report));
    faults.extend(broken_proofs(snapshot, &report, dice));
    faults.extend(lost(working, snapshot, &report));
    faults
}

/// Routers whose lines are not all counted once.
fn miscounted(snapshot: &Snapshot, report: &Report) -> Vec<String> {
    let site = check::load("site.toml", snapshot.site.as_bytes());
    let mut wrong = Vec::new();
    for (router, coverage) in site.site().routers.iter().zip(&report.coverage) {
        let files = router.config.iter().filter_map(|config| {
            let found = snapshot.files.iter().find(|(name, _)| *name == config.value);
            found.map(|(_, text)| text)
        });
        let lines = files.flat_map(|text| text.lines());
        let lines = lines.filter(|line| !line.trim().is_empty()).count();
        let counted = coverage.modelled + coverage.irrelevant + coverage.not_modelled;
        if counted != lines {
            wrong.push(format!("{}: {lines} lines, {counted} states", coverage.router));
        }
    }
    wrong
}

/// Rules that are proved although the oracle finds a packet that breaks them.
fn broken_proofs(snapshot: &Snapshot, report: &Report, dice: &mut Dice) -> Vec<String> {
    let Some(blueprint) = violation::blueprint(snapshot) else { return Vec::new() };
    let heard = [design::HEARD.id, design::HEARD_BESIDE.id];
    let is_open = blueprint.assumptions.iter().any(|one| heard.contains(&one.assumption.id));
    let listening = is_open.then(|| violation::listening(snapshot)).flatten();
    let both = [Some(blueprint), listening];
    let denials = rule::rules().into_iter().filter(|rule| rule.kind == Kind::Denial);
    denials
        .filter(|rule| is_proved(report, rule.code))
        .filter_map(|rule| {
            let mut both = both.iter().flatten();
            let packet = both.find_map(|one| violation::search(one, rule.code, PACKETS, dice))?;
            Some(format!("{} is proved, but {packet}", rule.code))
        })
        .collect()
}

fn working(snapshot: &Snapshot) -> BTreeSet<String> {
    violation::blueprint(snapshot).map(|blueprint| need::working(&blueprint)).unwrap_or_default()
}

fn is_proved(report: &Report, code: &str) -> bool {
    let found = report.requirements.iter().find(|one| one.code == code);
    found.is_some_and(|one| one.verdict == RuleVerdict::Proved)
}

/// What of `working` the oracle sees fail in the site of `snapshot`, where all that must work is
/// proved.
fn lost(working: &BTreeSet<String>, snapshot: &Snapshot, report: &Report) -> Vec<String> {
    if working.is_empty() || !need::RULES.iter().all(|code| is_proved(report, code)) {
        return Vec::new();
    }
    let still = self::working(snapshot);
    working
        .difference(&still)
        .map(|one| format!("what must work is proved, but {one} does not"))
        .collect()
}

/// Tries mutants of every file of `snapshot`.
fn try_mutants(name: &str, snapshot: &Snapshot, count: usize, dice: &mut Dice) -> Vec<String> {
    let mut failed = Vec::new();
    let working = working(snapshot);
    // The files of a whole example that a broken one shares are mutated there.
    let own = snapshot.files.iter().filter(|(file, _)| !file.starts_with("../"));
    for (file, text) in own {
        let all = mutants(text, dice);
        for mutant in sample(all, count, dice) {
            let mut changed = snapshot.clone();
            *changed.file_mut(file) = mutant.text;
            let faults = faults(&changed, &working, dice);
            failed.extend(
                faults.into_iter().map(|fault| format!("{name}/{file} {}: {fault}", mutant.what)),
            );
        }
    }
    failed
}

#[test]
fn a_session_that_works_no_more_is_told_where_all_is_proved() {
    let base = Snapshot::base();
    let (working, proved) = (working(&base), base.check(None));
    assert!(need::RULES.iter().all(|code| is_proved(&proved, code)));
    assert_eq!(lost(&working, &base, &proved), Vec::<String>::new());
    let mut changed = base;
    let passes = "ip filter 10 pass 192.0.2.0/25 192.0.2.130 tcp * 445";
    let router = changed.file_mut("router-a.conf");
    *router = router.replace(passes, &passes.replace("445", "446"));
    // As if the rules had not seen the change.
    let session = "receipt-1 -> terminal-1 V4 Range(6, 445, 445)";
    let told = format!("what must work is proved, but {session} does not");
    assert_eq!(lost(&working, &changed, &proved), [told]);
}

#[test]
fn every_example_needs_sessions_that_work() {
    for (name, snapshot) in &folder::examples() {
        assert!(!working(snapshot).is_empty(), "{name}");
    }
}

#[test]
fn no_change_of_one_line_in_an_example_makes_a_wrong_proof() {
    let mut dice = Dice(0x5e15_4000);
    let mut failed = Vec::new();
    let examples = folder::examples();
    assert!(!examples.is_empty());
    for (name, snapshot) in &examples {
        let own = faults(snapshot, &BTreeSet::new(), &mut dice);
        failed.extend(own.into_iter().map(|fault| format!("{name}: {fault}")));
        failed.extend(try_mutants(name, snapshot, EXAMPLE_SAMPLE, &mut dice));
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn no_change_of_one_line_in_a_broken_example_makes_a_wrong_proof() {
    let mut dice = Dice(0xb60_7e11);
    let mut failed = Vec::new();
    for (name, snapshot) in &folder::broken() {
        let own = faults(snapshot, &BTreeSet::new(), &mut dice);
        failed.extend(own.into_iter().map(|fault| format!("{name}: {fault}")));
        failed.extend(try_mutants(name, snapshot, BROKEN_SAMPLE, &mut dice));
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn no_change_of_one_line_in_a_case_makes_a_wrong_proof() {
    let mut dice = Dice(0xca5e);
    let mut failed = Vec::new();
    for folder in folder::all() {
        for case in &folder.cases {
            let is_known = case.blocks.iter().any(|block| block.text().contains("WRONG: "));
            if !is_known {
                let snapshot = Snapshot::of(case);
                failed.extend(try_mutants(&case.name, &snapshot, CASE_SAMPLE, &mut dice));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn the_judges_agree_about_answers_over_a_relay_with_a_list() {
    let examples = folder::examples();
    let linux = examples.into_iter().find(|(name, _)| name == "ipvpn-separate-linux");
    let (_, mut snapshot) = linux.expect("the example is there");
    let text = snapshot.file_mut("router-b.nft");
    *text = text.replacen("ether type", "ether ype", 1);
    let faults = snapshot.check(None).faults;
    assert!(faults.is_empty(), "{faults:?}");
}
