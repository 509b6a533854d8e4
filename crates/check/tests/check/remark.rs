//! What a finding says beside its verdict: a remark on a proof, another finding that shows the
//! same, further clauses, and the clause by which a router is missing.

use check::{Finding, Report, RuleVerdict};
use diag::Severity;

use crate::expectation::DAY;
use crate::folder;
use crate::markdown::Case;
use crate::snapshot::Snapshot;

/// The report on the case of `rule` whose heading holds `words`.
fn report_of(rule: &str, words: &str) -> Report {
    let folders = folder::all().into_iter();
    let cases = folders.filter(|folder| folder.name == rule).flat_map(|folder| folder.cases);
    let found: Vec<Case> = cases.filter(|case| case.name.contains(words)).collect();
    Snapshot::of(found.first().expect("there is such a case")).check(site::Date::read(DAY))
}

fn finding<'a>(report: &'a Report, code: &str) -> &'a Finding {
    report.findings.iter().find(|one| one.diagnostic.code == code).expect("it was found")
}

fn notes(found: &diag::Diagnostic) -> String {
    let notes = found.notes.iter().chain(&found.helps);
    notes.map(|note| note.en.as_str()).collect::<Vec<&str>>().join("\n")
}

/// A line whose sessions are all in use is proved, and that it is full is remarked.
#[test]
fn a_full_line_is_proved_with_a_remark() {
    let report = report_of("exhausted_sessions", "proves two sessions on a line for two");
    let asked = report.requirements.iter().find(|one| one.code == "X004");
    assert_eq!(asked.expect("it was judged").verdict, RuleVerdict::Proved);
    let found = finding(&report, "X004");
    assert_eq!(found.verdict, RuleVerdict::Proved);
    assert_eq!(found.diagnostic.severity, Severity::Note);
    assert!(found.diagnostic.headline.en.starts_with("all of the 2 PPPoE sessions"));
    assert!(found.diagnostic.primary.is_some() && found.diagnostic.secondary.len() == 2);
    // One session is less than a line permits, and of this carrier a third can be ordered.
    for words in ["proves a single session", "whose carrier publishes two"] {
        let report = report_of("exhausted_sessions", words);
        assert!(report.findings.iter().all(|one| one.diagnostic.code != "X004"), "{words}");
    }
}

/// A line that lets the outside in to a server breaks two clauses and is told once.
#[test]
fn the_same_packet_is_shown_once() {
    for words in ["a server that can be reached from the line", "a server that can go anywhere"] {
        let report = report_of("exposed_branch_server", words);
        let branch = finding(&report, "F010");
        let first = branch.same_as.expect("an earlier finding shows the same packet");
        let first = finding(&report, first);
        assert_eq!((&first.witness, first.same_as), (&branch.witness, None), "{words}");
        assert!(!first.diagnostic.helps.is_empty() && branch.diagnostic.helps.is_empty());
        let notes = notes(&branch.diagnostic);
        assert!(notes.contains("P06/R19: ") && notes.contains("those of F0"), "{notes}");
        assert_eq!(branch.verdict, RuleVerdict::Refuted);
    }
}

/// Clauses that the same rule decides are named beside the one that it is cited for.
#[test]
fn clauses_that_are_decided_with_others_are_named() {
    let hub = report_of("edge_bypass", "refutes a hub");
    let bypass = finding(&hub, "T120");
    assert!(notes(&bypass.diagnostic).contains("decided with it: P03/R25"));
    let asked = hub.requirements.iter().find(|one| one.code == "T120").expect("it is asked");
    assert_eq!((asked.clauses[0].as_str(), asked.covers[0].as_str()), ("P03/R21", "P03/R25"));
}

/// A site without a router at its edge is told so, with what its page says about bringing one in.
#[test]
fn a_site_without_a_router_is_told_what_its_page_says() {
    let pages = [
        (
            "ipsec-soft-separate",
            "P11/R25: on this page the router is brought in where there is none",
        ),
        ("separate", "P03/R25: on this page the router is brought in"),
    ];
    for (base, words) in pages {
        let mut snapshot = Snapshot::base_of(base);
        let (before, after) = snapshot.site.split_once("[routers.router-b]").expect("it has one");
        let rest = after.find("\n[").map_or("", |end| &after[end + 1..]);
        snapshot.site = format!("{before}{rest}");
        let report = snapshot.check(site::Date::read(DAY));
        let told: Vec<_> = report.diagnostics.iter().filter(|one| one.code == "T117").collect();
        assert_eq!(told.len(), 1, "{base}");
        assert!(notes(told[0]).contains(words), "{}", notes(told[0]));
        assert!(report.requirements.iter().all(|one| one.verdict != RuleVerdict::Proved));
        // What follows from it is not told as a mistake of its own.
        assert!(report.diagnostics.iter().all(|one| one.code != "T106"), "{base}");
        let whole = Snapshot::base_of(base).check(site::Date::read(DAY));
        assert!(whole.diagnostics.iter().all(|one| one.code != "T117"), "{base}");
    }
}
