//! Destinations that take their host names, ports and addresses from facts of packs.

use check::{Report, RuleVerdict, Who};
use diag::Severity;

use crate::expectation::DAY;
use crate::snapshot::Snapshot;

/// The destination of the base site as it is written there.
const WRITTEN: &str = "addresses = [\"2001:db8:100::/48\"]\nhosts = [\"web.onshi.example\"]\n\
                       ports = [\"tcp/443\"]\n";

/// The fact that says the same.
const SAME: &str = "name = \"web\"\nhosts = [\"web.onshi.example\"]\nports = [\"tcp/443\"]\n";

/// A pack with one destination for each of `facts`.
fn pack(facts: &[&str]) -> String {
    let facts = facts.iter().map(|fact| {
        format!(
            "[[destination]]\n{fact}purpose = \"screens\"\nsource = \"a paper\"\n\
             read = 2026-11-20\nclass = \"contract-only\"\n"
        )
    });
    let facts = facts.map(|fact| match fact.contains("confidence") {
        true => fact,
        false => format!("{fact}confidence = \"H\"\n"),
    });
    format!("[pack]\nname = \"ours\"\n{}", facts.collect::<String>())
}

/// The base site with `written` as what the destination states, and with `pack`.
fn judged(written: &str, pack: &str) -> Report {
    let mut snapshot = Snapshot::base();
    assert!(snapshot.site.contains(WRITTEN));
    snapshot.site = snapshot.site.replace(WRITTEN, written);
    snapshot.site = format!("packs = [\"ours.toml\"]\n{}", snapshot.site);
    snapshot.files.push(("ours.toml".to_owned(), pack.to_owned()));
    snapshot.check(site::Date::read(DAY))
}

fn verdict(report: &Report, code: &str) -> RuleVerdict {
    let found = report.requirements.iter().find(|one| one.code == code);
    found.expect("it is asked").verdict
}

/// Errors of the input.
fn errors(report: &Report) -> Vec<&'static str> {
    let errors = report.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    errors.map(|one| one.code).collect()
}

/// Nothing that depends on the destinations is proved, and nothing is refuted by what is missing.
fn assert_open(report: &Report) {
    for code in ["F006", "F007", "F009", "X001"] {
        assert_eq!(verdict(report, code), RuleVerdict::Unknown, "{code}");
    }
    assert_eq!(check::exit_code(report), 2);
}

const ADDRESSES: &str = "addresses = [\"2001:db8:100::/48\"]\n";

#[test]
fn a_fact_states_host_names_and_ports() {
    let report = judged(&format!("fact = \"web\"\n{ADDRESSES}"), &pack(&[SAME]));
    assert_eq!((errors(&report), check::exit_code(&report)), (vec![], 0));
    // The ports are those of the fact: another port is none that the router passes.
    let other = SAME.replace("tcp/443", "tcp/8443");
    let report = judged(&format!("fact = \"web\"\n{ADDRESSES}"), &pack(&[&other]));
    assert_eq!(verdict(&report, "F009"), RuleVerdict::Refuted);
    assert_eq!(verdict(&report, "F006"), RuleVerdict::Refuted);
}

#[test]
fn a_fact_of_a_contract_states_addresses_too() {
    let whole = format!("{SAME}{ADDRESSES}");
    assert_eq!(check::exit_code(&judged("fact = \"web\"\n", &pack(&[&whole]))), 0);
    let elsewhere = whole.replace("2001:db8:100::", "2001:db8:200::");
    let report = judged("fact = \"web\"\n", &pack(&[&elsewhere]));
    assert_eq!(verdict(&report, "F009"), RuleVerdict::Refuted);
    let wide = whole.replace("2001:db8:100::/48", "2000::/3");
    assert_eq!(errors(&judged("fact = \"web\"\n", &pack(&[&wide]))), ["T015"]);
}

/// Addresses of the closed network are known to parties of a contract only: the program brings
/// none, and what needs them is asked of who runs the line.
#[test]
fn a_fact_of_the_program_leaves_the_addresses_to_be_asked() {
    let report = judged("fact = \"eligibility-web\"\n", &pack(&[]));
    assert_eq!(errors(&report), [""; 0]);
    assert_eq!(verdict(&report, "F009"), RuleVerdict::Unknown);
    let todo = check::todo(&report);
    let is_asked = |one: &check::Todo| {
        one.who == Who::LineProvider
            && one.codes.contains(&"F009")
            && one.text.en.contains("addresses, host names and ports")
    };
    assert!(todo.iter().any(is_asked), "{todo:?}");
}

#[test]
fn a_fact_that_is_not_there_is_told_with_the_nearest() {
    let report = judged(&format!("fact = \"wep\"\n{ADDRESSES}"), &pack(&[SAME]));
    assert_eq!(errors(&report), ["R308"]);
    let said = &report.diagnostics[0];
    assert!(said.helps.iter().any(|help| help.en.starts_with("write `web`")), "{said:?}");
    assert_open(&report);
    let report = judged("fact = \"something\"\n", &pack(&[SAME]));
    let said = &report.diagnostics[0];
    assert!(said.helps.iter().any(|help| help.en.contains("eligibility-web, ")), "{said:?}");
    assert_open(&report);
}

#[test]
fn a_fact_in_doubt_states_nothing() {
    let hearsay = format!("{SAME}confidence = \"L\"\n");
    let other = SAME.replace("tcp/443", "tcp/8443");
    let over = format!("{SAME}until = 2026-01-31\n");
    let packs = [
        pack(&[&hearsay]),
        pack(&[SAME, &other]),
        pack(&[&over]),
        format!("{}x = 1\n", pack(&[SAME])),
    ];
    for text in packs {
        let report = judged(&format!("fact = \"web\"\n{ADDRESSES}"), &text);
        assert!(errors(&report).contains(&"R308"), "{text}");
        assert_open(&report);
    }
}

#[test]
fn what_is_written_beside_a_fact_must_not_differ_from_it() {
    let same = format!("fact = \"web\"\n{WRITTEN}");
    assert_eq!(check::exit_code(&judged(&same, &pack(&[SAME]))), 0);
    let with_addresses = format!("{SAME}addresses = [\"2001:db8:200::/48\"]\n");
    for (written, fact) in [
        (same.replace("tcp/443", "tcp/8443"), SAME.to_owned()),
        (same.replace("web.onshi", "api.onshi"), SAME.to_owned()),
        (same.clone(), with_addresses),
    ] {
        let report = judged(&written, &pack(&[&fact]));
        assert_eq!(errors(&report), ["R309"], "{written}");
        assert_open(&report);
    }
}

#[test]
fn a_fact_that_knows_more_ports_for_a_host_is_a_note() {
    let more = SAME.replace("[\"tcp/443\"]", "[\"tcp/443\", \"tcp/80\"]");
    let report = judged(WRITTEN, &pack(&[&more]));
    let said: Vec<(&str, Severity)> =
        report.diagnostics.iter().map(|one| (one.code, one.severity)).collect();
    assert_eq!(said, [("R310", Severity::Note)]);
    assert!(report.diagnostics[0].headline.en.contains("tcp/80"));
    assert_eq!(check::exit_code(&report), 0);
    let range = WRITTEN.replace("tcp/443", "tcp/1-1000");
    assert!(judged(&range, &pack(&[&more])).diagnostics.is_empty());
}

/// What no site file would take is told at its place in the pack.
#[test]
fn ports_and_addresses_of_a_pack_have_the_form_of_site_files() {
    for (old, new) in [
        ("tcp/443", "443"),
        ("tcp/443", "tcp/0"),
        ("tcp/443", "tcp/70000"),
        ("tcp/443", "tcp/20-10"),
        ("2001:db8:100::/48", "2001:db8:100::1/48"),
        ("2001:db8:100::/48", "2001:db8:100::"),
        ("2001:db8:100::/48", "192.0.2.0/33"),
    ] {
        let fact = format!("{SAME}{ADDRESSES}").replace(old, new);
        let report = judged(WRITTEN, &pack(&[&fact]));
        assert_eq!(errors(&report), ["P303"], "{new}");
    }
}
