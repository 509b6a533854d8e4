//! No password or key of a configuration gets into a report.

use check::Report;
use diag::{Diagnostic, Text};

use crate::markdown;
use crate::snapshot::Snapshot;

/// The word that must not be seen.
const SECRET: &str = "SECRET-WORD";

/// Lines that hold the secret: right ones, and ones that cannot be read.
const LINES: [&str; 16] = [
    "pp auth myname user@example SECRET-WORD",
    "pp auth username user SECRET-WORD",
    "ipsec ike pre-shared-key 1 text SECRET-WORD",
    "ipsec ike pre-shared-key SECRET-WORD",
    "ipsec ike pre-shared-keys 1 text SECRET-WORD",
    "login password SECRET-WORD",
    "administrator password encrypted SECRET-WORD",
    "login user staff SECRET-WORD",
    "snmp community read-only SECRET-WORD",
    "snmp host 192.0.2.10 SECRET-WORD",
    "no login password SECRET-WORD",
    "l2tp tunnel auth on SECRET-WORD",
    "ipsec ike eap myname user SECRET-WORD",
    "pp auth myname user@example \"SECRET-WORD",
    "# administrator password SECRET-WORD",
    "auth user 1 name SECRET-WORD",
];

fn words(text: &Text) -> [&str; 2] {
    [&text.ja, &text.en]
}

/// Every text of a diagnostic.
fn texts(diagnostic: &Diagnostic) -> Vec<&str> {
    let labels = diagnostic.primary.iter().chain(&diagnostic.secondary).map(|label| &label.text);
    let prose = diagnostic.notes.iter().chain(&diagnostic.helps).chain(labels);
    let mut all: Vec<&str> = prose.chain([&diagnostic.headline]).flat_map(words).collect();
    all.extend(diagnostic.edits.iter().map(|edit| edit.replacement.as_str()));
    all
}

/// Everything that a report says.
fn said(report: &Report) -> Vec<&str> {
    let findings = report.findings.iter();
    let diagnostics = report.diagnostics.iter().chain(findings.map(|one| &one.diagnostic));
    let mut all: Vec<&str> = diagnostics.flat_map(texts).collect();
    let witnesses = report.findings.iter().filter_map(|one| one.witness.as_ref());
    let hops = witnesses.flat_map(|one| one.hops.iter().chain(&one.answer));
    all.extend(hops.flat_map(|hop| words(&hop.text)));
    all.extend(report.assumptions.iter().flat_map(|one| words(&one.meaning)));
    all.extend(report.requirements.iter().flat_map(|one| words(&one.statement)));
    all.extend(report.faults.iter().flat_map(words));
    all
}

/// What a check says about a router with these lines.
fn report(lines: &str) -> Report {
    let config = format!(
        "## secret\nA line.\n```yamaha-rtx router-a\nip lan1 address 192.0.2.1/25\n\
         ip lan2 address 192.0.2.129/28\npp select 1\n{lines}\n```\n"
    );
    Snapshot::of(&markdown::cases(&config).remove(0)).check(None)
}

#[test]
fn no_text_of_a_report_holds_a_secret() {
    for line in LINES {
        let report = report(line);
        let leak = said(&report).into_iter().find(|text| text.contains(SECRET));
        assert_eq!(leak, None, "{line}");
    }
}

#[test]
fn no_text_of_a_report_holds_the_rest_of_a_secret() {
    for line in ["login password first", "ipsec ike pre-shared-key 1 text first"] {
        let report = report(&format!("{line}\nSECRET-WORD"));
        let leak = said(&report).into_iter().find(|text| text.contains(SECRET));
        assert_eq!(leak, None, "{line}");
    }
}

#[test]
fn a_secret_alone_on_its_line_is_hidden() {
    let report = report("ipsec ike pre-shared-key 1 text\nSECRET-WORD");
    assert_eq!(said(&report).into_iter().find(|text| text.contains(SECRET)), None);
    assert!(report.sources.iter().all(|(_, file)| !file.text().contains(SECRET)));
}
