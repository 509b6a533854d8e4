//! Ports of a router that its configuration does not have.

use check::{Report, RuleVerdict};
use diag::Lang;

use crate::expectation::DAY;
use crate::snapshot::Snapshot;

/// The base site whose Router A has `name` in the place of `lan1`.
fn judged(name: &str) -> (Report, u32) {
    let mut snapshot = Snapshot::base();
    let old = "ports = { lan1 = \"claims-lan\"";
    let at = snapshot.site.find(old).expect("the base has it");
    let line = snapshot.site[..at].lines().count();
    snapshot.site = snapshot.site.replace(old, &format!("ports = {{ {name} = \"claims-lan\""));
    (snapshot.check(site::Date::read(DAY)), u32::try_from(line + 1).expect("it is short"))
}

/// The headline and the help of T101, which stands at `line`.
fn said(report: &Report, line: u32, lang: Lang) -> (String, String) {
    let mut all = report.diagnostics.iter().filter(|one| one.code == "T101");
    let found = all.next().expect("T101 is said");
    assert!(all.next().is_none(), "once");
    let span = found.primary.as_ref().expect("it has a place").span;
    assert_eq!(report.sources.file(span.source).line_of(span.start), line);
    (found.headline.get(lang).to_owned(), found.helps[0].get(lang).to_owned())
}

/// The LAN is not connected to the router, so nothing about packets is proved.
fn assert_nothing_is_proved_of_packets(report: &Report) {
    for one in &report.requirements {
        let is_of_packets = one.code.starts_with('F') && !["F008", "F013"].contains(&one.code);
        assert!(!is_of_packets || one.verdict != RuleVerdict::Proved, "{}", one.code);
    }
    assert_ne!(check::exit_code(report), 0);
}

#[test]
fn a_port_without_a_name() {
    for name in ["\"\"", "\" \""] {
        let (report, line) = judged(name);
        let (ja, help) = said(&report, line, Lang::Ja);
        assert_eq!(ja, "`router-a` のポートの名前が空です");
        assert!(help.contains("lan1"), "{help}");
        assert_eq!(said(&report, line, Lang::En).0, "a port of `router-a` has no name");
        assert_nothing_is_proved_of_packets(&report);
    }
}

#[test]
fn a_port_that_is_not_there_is_told_with_the_nearest() {
    let (report, line) = judged("lan11");
    let (en, help) = said(&report, line, Lang::En);
    assert_eq!(en, "the configuration of `router-a` has no port `lan11`");
    assert!(help.contains("lan1"), "{help}");
    let edits = report.diagnostics.iter().filter(|one| one.code == "T101");
    let edits: Vec<&str> =
        edits.flat_map(|one| &one.edits).map(|one| one.replacement.as_str()).collect();
    assert_eq!(edits, ["lan1"]);
    assert_nothing_is_proved_of_packets(&report);
}
