//! Which pattern a site is taken for, and what is said where none fits or several do.

use std::collections::BTreeSet;

use check::{Report, RuleVerdict};
use site::Word;

use crate::expectation::DAY;
use crate::folder;
use crate::snapshot::Snapshot;

/// The base site `base` with `edits` made in its site file.
fn judged(base: &str, edits: &[(&str, &str)]) -> Report {
    let mut snapshot = Snapshot::base_of(base);
    for (old, new) in edits {
        assert!(snapshot.site.contains(old), "{base} has no `{old}`");
        snapshot.site = snapshot.site.replace(old, new);
    }
    snapshot.check(site::Date::read(DAY))
}

/// Codes of what is said about the site, with the headlines.
fn said(report: &Report) -> Vec<(&str, &str)> {
    let said = report.diagnostics.iter().filter(|one| one.code.starts_with("T11"));
    said.map(|one| (one.code, one.headline.en.as_str())).collect()
}

/// Nothing is proved on a guess.
fn assert_nothing_is_judged(report: &Report) {
    assert!(report.requirements.is_empty() && report.findings.is_empty());
    assert_eq!((report.site.pattern.as_str(), check::exit_code(report)), ("", 2));
}

fn notes(report: &Report, code: &str) -> String {
    let found = report.diagnostics.iter().find(|one| one.code == code).expect("it is said");
    let notes = found.notes.iter().chain(&found.helps);
    notes.map(|note| note.en.as_str()).collect::<Vec<&str>>().join("\n")
}

#[test]
fn every_base_is_what_it_states() {
    let told = |base| judged(base, &[]).site;
    let pages: Vec<(String, String)> =
        ["separate", "one-terminal", "receipt-on-terminal", "terminal-on-receipt"]
            .into_iter()
            .map(|base| (told(base).page, told(base).edition))
            .collect();
    let wanted = [("P03", "2021"), ("P04", "2023"), ("P05", "2021"), ("P06", "2021")];
    assert_eq!(pages, wanted.map(|(page, edition)| (page.to_owned(), edition.to_owned())));
}

#[test]
fn what_is_stated_and_not_so_is_told_with_the_fact_that_differs() {
    let report = judged("separate", &[("\"ipvpn.separate\"", "\"ipvpn.one-terminal\"")]);
    let headline = "pattern `ipvpn.one-terminal` is stated, but the facts are those of \
                    `ipvpn.separate` (IP-VPN, one machine per function)";
    assert_eq!(said(&report), [("T111", headline)]);
    assert!(
        notes(&report, "T111").contains("this site: claims computer, eligibility terminal and")
    );
    assert_eq!(report.site.page, "P03");
}

#[test]
fn a_stated_name_that_is_no_pattern_is_told() {
    let report = judged("separate", &[("\"ipvpn.separate\"", "\"ipvpn.seperate\"")]);
    assert_eq!(said(&report), [("T112", "there is no reference pattern `ipvpn.seperate`")]);
    assert!(notes(&report, "T112").contains("ipvpn.separate, ipvpn.one-terminal"));
    assert_eq!(report.site.page, "P03");
}

#[test]
fn a_merged_machine_without_a_base_is_a_question() {
    let edits = [("base = \"terminal\"\n", ""), ("pattern = \"ipvpn.receipt-on-terminal\"\n", "")];
    let report = judged("receipt-on-terminal", &edits);
    let headline = "which reference pattern this is remains open: \
                    ipvpn.receipt-on-terminal (P05), ipvpn.terminal-on-receipt (P06)";
    assert_eq!(said(&report), [("T113", headline)]);
    assert!(notes(&report, "T113").contains("give `terminal-1` `base = \"terminal\"`"));
    assert_nothing_is_judged(&report);
}

#[test]
fn a_stated_pattern_answers_where_there_is_no_base() {
    let report = judged("receipt-on-terminal", &[("base = \"terminal\"\n", "")]);
    assert_eq!((said(&report), report.site.page.as_str()), (Vec::new(), "P05"));
}

/// The operating system is never a sign: a wrong one would choose the page on which it is right.
#[test]
fn the_base_decides_and_the_operating_system_does_not() {
    let edits = [("base = \"terminal\"\n", "base = \"terminal\"\nos = \"windows-10-pro\"\n")];
    assert_eq!(judged("receipt-on-terminal", &edits).site.page, "P05");
    let edits = [("base = \"terminal\"\n", "base = \"claims-computer\"\n")];
    let report = judged("receipt-on-terminal", &edits);
    assert_eq!((said(&report)[0].0, report.site.page.as_str()), ("T111", "P06"));
}

#[test]
fn the_order_of_roles_decides_nothing() {
    let roles = "\"claims-computer\", \"eligibility-terminal\", \"online-claims-terminal\"";
    let turned = "\"online-claims-terminal\", \"eligibility-terminal\", \"claims-computer\"";
    for base in ["receipt-on-terminal", "terminal-on-receipt"] {
        let report = judged(base, &[(roles, turned)]);
        assert_eq!(report.site.pattern, format!("ipvpn.{base}"));
    }
}

#[test]
fn what_no_page_draws_fits_none() {
    let terminal = "[machines.terminal-2]\nroles = [\"eligibility-terminal\"]\n\
                    nics = [{ zone = \"edge-lan\", ipv6 = \"ra\" }]\n[machines.terminal-1]";
    let cases = [
        (
            "receipt-on-terminal",
            ("[machines.terminal-1]", terminal),
            "`terminal-1` is claims computer and terminal in one, `terminal-2` a terminal only",
        ),
        (
            "separate",
            (
                "roles = [\"claims-computer\"]",
                "roles = [\"claims-computer\", \"online-claims-terminal\"]",
            ),
            "`receipt-1` is claims computer and online-claims terminal in one",
        ),
        (
            "separate",
            (
                "roles = [\"eligibility-terminal\"]",
                "roles = [\"eligibility-terminal\", \"server\"]",
            ),
            "`terminal-1` is server and eligibility terminal in one",
        ),
        (
            "separate",
            ("roles = [\"eligibility-terminal\"]", "roles = [\"other\"]"),
            "no machine has `eligibility-terminal` in its `roles`",
        ),
    ];
    for (base, edit, wanted) in cases {
        let report = judged(base, &[edit]);
        assert_eq!(said(&report), [("T110", "no known reference pattern fits this site")]);
        assert!(notes(&report, "T110").contains(wanted), "{}", notes(&report, "T110"));
        assert_nothing_is_judged(&report);
    }
}

/// Codes of the errors of the input, in the order in which they are told.
fn told(report: &Report) -> Vec<&str> {
    let errors = report.diagnostics.iter().filter(|one| one.severity == diag::Severity::Error);
    errors.map(|one| one.code).collect()
}

#[test]
fn that_no_page_fits_is_not_told_while_a_mistake_may_be_why() {
    let cases = [
        (("kind = \"ip-vpn\"", "knid = \"ip-vpn\""), vec!["P010"]),
        (("kind = \"ip-vpn\"", "kind = \"ipvpn\""), vec!["P013"]),
        (("[line]", "[lin]"), vec!["P010"]),
        (("roles = [\"eligibility-terminal\"]", "rols = [\"eligibility-terminal\"]"), vec!["P010"]),
        (("roles = [\"eligibility-terminal\"]", "roles = [\"eligibilty-terminal\"]"), vec!["P013"]),
        (("[machines.terminal-1]", "[machine.terminal-1]"), vec!["P010", "R004"]),
    ];
    for (edit, wanted) in cases {
        let report = judged("separate", &[edit]);
        assert_eq!(told(&report), wanted, "{edit:?}");
        assert!(report.requirements.is_empty() && report.findings.is_empty(), "{edit:?}");
        assert_eq!(check::exit_code(&report), 3, "{edit:?}");
    }
}

/// A mistake elsewhere is no reason for it: both are told, the mistake first.
#[test]
fn that_no_page_fits_is_told_after_mistakes_that_are_not_why() {
    let roles = ("roles = [\"eligibility-terminal\"]", "roles = [\"other\"]");
    let port = ("ports = [\"tcp/443\"]", "ports = [\"443\"]");
    assert_eq!(told(&judged("separate", &[roles, port])), ["P017", "T110"]);
    let build = ("os_build = \"17763.6532\"", "os_build = \"new\"");
    assert_eq!(told(&judged("separate", &[roles, build])), ["P050", "T110"]);
}

/// A name that leads nowhere because its entry cannot be read is told after the entry, wherever
/// it stands.
#[test]
fn what_leads_nowhere_is_told_after_what_cannot_be_read() {
    let gone = ("[machines.terminal-1]", "[machine.terminal-1]");
    let first = (
        "[zones]\n",
        "[[service]]\nfrom = \"receipt-1\"\nto = \"terminal-1\"\n\
                  use = \"smb\"\n[zones]\n",
    );
    assert_eq!(told(&judged("separate", &[first, gone])), ["P010", "R004", "R004"]);
}

#[test]
fn an_edition_that_there_is_not_judges_nothing() {
    let report = judged("separate", &[("edition = \"2021\"", "edition = \"2022\"")]);
    let errors: Vec<&str> = report
        .diagnostics
        .iter()
        .filter(|one| one.severity == diag::Severity::Error)
        .map(|one| one.code)
        .collect();
    assert_eq!(errors, ["P013"]);
    assert!(report.requirements.is_empty() && report.findings.is_empty());
    // A mistake in the input, unlike a site that fits no page.
    assert_eq!(check::exit_code(&report), 3);
}

#[test]
fn an_old_edition_can_be_run_again() {
    let judged = |edition: &str| {
        let edits = [("edition = \"2023\"", edition)];
        let report = judged("one-terminal", &edits);
        let codes: Vec<&str> = report.requirements.iter().map(|one| one.code).collect();
        (report.site.edition, codes.contains(&"F041"), report.findings.len())
    };
    assert_eq!(judged("edition = \"2023\""), ("2023".to_owned(), false, 0));
    assert_eq!(judged("edition = \"2021\""), ("2021".to_owned(), true, 1));
}

#[test]
fn variants_compose_and_are_told_where_the_edition_is_older() {
    let names = |report: &Report| {
        report.site.variants.iter().map(|one| one.name()).collect::<Vec<&str>>().join(" ")
    };
    assert_eq!(names(&judged("one-terminal-ipv4", &[])), "eligibility-in-pppoe");
    let claims = ("claims = \"pppoe\"", "claims = \"ipoe\"");
    let report = judged("separate", &[claims]);
    assert_eq!(names(&report), "claims-over-ipv6");
    assert_eq!(
        said(&report),
        [("T115", "edition 2021 does not know online claims over IPv6 (IPoE)")]
    );
    let server = ("roles = [\"server\"]", "roles = [\"server\", \"web-api\"]");
    let newer = ("edition = \"2021\"", "edition = \"2023\"");
    let report = judged("terminal-on-receipt", &[server, claims, newer]);
    assert_eq!((names(&report).as_str(), said(&report).len()), ("claims-over-ipv6 web-api", 0));
    assert_eq!(report.site.page, "P06");
}

#[test]
fn more_terminals_than_drawn_are_judged_alike() {
    let terminal = "[machines.terminal-2]\nroles = [\"eligibility-terminal\"]\n\
                    nics = [{ zone = \"claims-lan\", ipv4 = \"192.0.2.21\" }]\n[routers.router-a]";
    let report = judged("one-terminal", &[("[routers.router-a]", terminal)]);
    assert_eq!(
        said(&report),
        [("T114", "P04 draws one eligibility terminal; `terminal-2` is judged alike")]
    );
    let headline = "eligibility terminal `terminal-2` can open a session to `receipt-1`";
    assert!(report.findings.iter().any(|one| one.diagnostic.headline.en == headline));
}

/// Servers are asked about only where there are some, and then a named service is spared.
#[test]
fn servers_beside_a_merged_machine_are_asked_about() {
    let asks = |base: &str| judged(base, &[]).requirements.iter().any(|one| one.code == "F040");
    assert!(!asks("receipt-on-terminal") && asks("terminal-on-receipt"));
    let asked = judged("receipt-on-terminal", &[]);
    let codes: Vec<&str> = asked.requirements.iter().map(|one| one.code).collect();
    assert!(!codes.contains(&"F001") && !codes.contains(&"F002"), "{codes:?}");
}

/// Where the tunnel ends is seen at the machines, too.
#[test]
fn an_endpoint_that_the_machines_deny_is_told() {
    let router = ("endpoint = \"terminal\"", "endpoint = \"router\"");
    let report = judged("ipsec-soft-separate", &[router]);
    assert_eq!(said(&report)[0].0, "T116");
    assert_nothing_is_judged(&report);
    let none = ("tunnel = { through = \"router-b\" }\n", "");
    let report = judged("ipsec-soft-separate", &[none]);
    let headline = "`endpoint` says that a terminal ends the tunnel, but no machine has one";
    assert_eq!(said(&report), [("T116", headline)]);
    assert_nothing_is_judged(&report);
    let roles = "roles = [\"claims-computer\"]\n";
    let tunnel = "tunnel = { through = \"router-b\", peer = \"203.0.113.9\" }\n";
    let report = judged("separate", &[(roles, &format!("{roles}{tunnel}"))]);
    let headline = "the line is an IP-VPN, but `receipt-1` ends a tunnel itself";
    assert_eq!(said(&report)[0], ("T116", headline));
    assert!(report.requirements.iter().all(|one| one.verdict != RuleVerdict::Proved));
}

/// What a page draws is what its examples have: routers, the terminal's roles and interfaces.
#[test]
fn every_example_is_drawn_as_its_page_says() {
    let mut pages = BTreeSet::new();
    for (name, snapshot) in folder::examples() {
        let report = snapshot.check(site::Date::read(DAY));
        let page = pattern::patterns().iter().find(|one| one.id == report.site.pattern);
        let page = page.unwrap_or_else(|| panic!("{name} is of a page"));
        pages.insert(page.page.as_str());
        let loaded = check::load("site.toml", snapshot.site.as_bytes());
        let site = loaded.site();
        let is_terminal = |one: &&site::Machine| one.has_role(site::Role::EligibilityTerminal);
        let terminal = site.machines.iter().find(is_terminal).expect("a terminal");
        let roles: BTreeSet<&str> = terminal.roles.iter().map(|role| role.value.word()).collect();
        let drawn = page.plan.terminal();
        assert_eq!(roles, drawn.roles.iter().map(String::as_str).collect(), "{name}");
        assert_eq!(terminal.nics.len(), drawn.zones.len(), "{name}");
        let role = |one: &site::Router| one.role.map(|role| role.value.word());
        let routers: BTreeSet<&str> = site.routers.iter().filter_map(role).collect();
        let drawn: BTreeSet<&str> = page.plan.routers.iter().map(|one| one.role.as_str()).collect();
        assert_eq!(routers, drawn, "{name}");
    }
    assert_eq!(pages.len(), pattern::patterns().len(), "every page has an example");
}
