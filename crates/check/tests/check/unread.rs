//! Entries with a mistake: what reads them is unknown, never refuted for want of them, and what
//! does not read them stays what it is.

use check::{Report, RuleVerdict};

use crate::expectation::DAY;
use crate::snapshot::Snapshot;

fn check(base: &str, edits: &[(&str, &str)]) -> Report {
    let mut snapshot = Snapshot::base_of(base);
    for (old, new) in edits {
        assert!(snapshot.site.contains(old), "{base} has no `{old}`");
        snapshot.site = snapshot.site.replacen(old, new, 1);
    }
    snapshot.check(site::Date::read(DAY))
}

fn verdict(report: &Report, code: &str) -> RuleVerdict {
    report.requirements.iter().find(|one| one.code == code).expect("it is asked").verdict
}

/// A mistake in the value, and the rule that would miss it.
const MISTAKES: [(&str, &str, &str, &str); 10] = [
    ("separate", "E003", "expires = 2030-02-01", "expires = \"2030-02-01\""),
    ("separate", "E003", "expires = 2030-02-01", "expires = 2030-02"),
    ("separate", "E003", "covers = [\"eligibility\"]", "covers = [\"eligibilty\"]"),
    ("separate", "E002", "readers = [\"face\"]", "readers = [1]"),
    ("separate", "E001", "os = \"windows", "os = 10 # \"windows"),
    ("separate", "F006", "ports = [\"udp/53\", \"tcp/53\"]", "ports = [\"udp/99999\"]"),
    ("separate", "F006", "2001:db8:53::53/128", "2001:db8:53::53/129"),
    ("separate", "F008", "firewall = \"inbound-closed\"", "firewall = \"inbound-close\""),
    ("separate", "L001", "age = \"35d\"", "age = 35"),
    ("terminal-on-receipt", "F040", "use = \"smb\"", "use = \"smbb\""),
];

#[test]
fn a_mistake_in_an_entry_refutes_nothing_that_reads_it() {
    for (base, code, old, new) in MISTAKES {
        let report = check(base, &[(old, new)]);
        let is_told = report.diagnostics.iter().any(|one| one.severity == diag::Severity::Error);
        assert!(is_told, "{new} is not told");
        assert_eq!(verdict(&report, code), RuleVerdict::Unknown, "{code} with {new}");
        let refuted = report.requirements.iter().filter(|o| o.verdict == RuleVerdict::Refuted);
        let refuted: Vec<&str> = refuted.map(|one| one.code).collect();
        assert!(refuted.is_empty(), "{new}: {refuted:?}");
        assert_eq!(check::exit_code(&report), 2, "{new}");
    }
}

/// What is wrong beside the mistake is still told.
#[test]
fn a_mistake_elsewhere_hides_nothing() {
    let mistake = ("ports = [\"tcp/443\"]", "ports = [\"tcp/99999\"]");
    let report = check("separate", &[mistake, ("readers = [\"face\"]", "readers = []")]);
    assert_eq!(verdict(&report, "E002"), RuleVerdict::Refuted);
    let open = ("firewall = \"inbound-closed\"", "firewall = \"none\"");
    let report = check("separate", &[mistake, open]);
    assert_eq!(verdict(&report, "F008"), RuleVerdict::Refuted);
    let other = ("readers = [\"face\"]", "readers = [1]");
    let report = check("separate", &[other, open]);
    assert_eq!(verdict(&report, "F008"), RuleVerdict::Refuted);
}

/// A pattern that is stated and not so leaves open which page judges.
#[test]
fn a_stated_pattern_that_is_not_the_sites_proves_nothing() {
    for stated in ["ipvpn.seperate", "ipvpn.one-terminal", "ipsec-router.separate"] {
        let report = check("separate", &[("ipvpn.separate", stated)]);
        let proved = report.requirements.iter().filter(|o| o.verdict == RuleVerdict::Proved);
        assert_eq!((proved.count(), check::exit_code(&report)), (0, 2), "{stated}");
        assert!(!report.requirements.is_empty());
    }
}

/// A machine that has the address of a router.
#[test]
fn an_address_of_a_router_on_a_machine_is_told() {
    for (old, address) in [("192.0.2.20", "192.0.2.1"), ("192.0.2.130", "192.0.2.129")] {
        let report = check("separate", &[(old, address)]);
        let said = report.diagnostics.iter().find(|one| one.code == "T103").expect("it is said");
        let place = |label: &diag::Label| report.sources.file(label.span.source).name().to_owned();
        assert_eq!(said.primary.as_ref().map(place).as_deref(), Some("site.toml"));
        assert_eq!(said.secondary.first().map(place).as_deref(), Some("router-a.conf"));
        assert_eq!(verdict(&report, "F001"), RuleVerdict::Unknown, "{address}");
        assert_eq!(check::exit_code(&report), 2, "{address}");
    }
}

/// The network of a router's address is wider than the zone: all of it is judged.
#[test]
fn a_wider_network_on_a_router_is_judged_too() {
    let check = |filter: &str| {
        let mut snapshot = Snapshot::base();
        // The other network of the router stands apart from the wide one.
        let apart = |text: &str| {
            text.replace("192.0.2.128/28", "198.51.100.0/28")
                .replace("192.0.2.129/28", "198.51.100.1/28")
                .replace("192.0.2.130", "198.51.100.2")
        };
        snapshot.site = apart(&snapshot.site);
        let router = snapshot.file_mut("router-a.conf");
        *router = apart(router).replace("192.0.2.1/25", "192.0.2.1/24");
        assert!(router.contains("192.0.2.1/24"), "{router}");
        router.push_str(filter);
        snapshot.check(site::Date::read(DAY))
    };
    let report = check("");
    let said = report.diagnostics.iter().find(|one| one.code == "T108").expect("it is said");
    let label = said.primary.as_ref().expect("it has a place");
    assert_eq!(report.sources.file(label.span.source).name(), "router-a.conf");
    assert_eq!(verdict(&report, "F002"), RuleVerdict::Proved);
    // What lies beyond the zone's own prefix, and the router would reach.
    let open = "ip lan2 secure filter in 5 9\nip filter 5 pass * 192.0.2.192/26\n\
                ip lan1 secure filter out 5 9\nip filter 9 reject *\n";
    assert_eq!(verdict(&check(open), "F002"), RuleVerdict::Refuted);
}

/// Mistakes beside the network that hide another one behind them.
#[test]
fn many_mistakes_beside_the_network_hide_none_in_it() {
    let many = "1, ".repeat(300);
    let readers = format!("readers = [{many}\"face\"]");
    let report = check("separate", &[("readers = [\"face\"]", &readers)]);
    assert!(report.diagnostics.iter().any(|one| one.code == "P006"), "they are too many to tell");
    assert_eq!(verdict(&report, "F002"), RuleVerdict::Unknown);
    // Each line is one more round of reading.
    let broken = "os = 1 2\nos_build = = 3\nchanged = [1\nreaders = [\"face\"]";
    let report = check("separate", &[("readers = [\"face\"]", broken)]);
    assert_eq!(verdict(&report, "F002"), RuleVerdict::Unknown);
}

/// What a faulty line of a machine says of the network goes with the line.
#[test]
fn a_mistake_beside_the_network_takes_no_key_of_it_away() {
    let old = "readers = [\"face\"]";
    for new in [
        "readers = [\"face\"], forwarding = true",
        "readers = [\"face\"] forwarding = true",
        "readers = [\n  \"face\"\n  forwarding = true\n]",
        "readers = [1 \"face\"\r]\rforwarding = true",
        "certificates = [{ covers = [\"eligibility\"] expires = 2027-03-31, forwarding = true }]",
        "[[machines.terminal-1.certificates]]\ncovers = [\"eligibility\"]\nexpires = 2027-03-31\n\
         forwarding = true",
        "[[machines.terminal-1.certificates]]\ncovers = [\"eligibility\"]\nexpires = 2027-03-31\n\
         forwardin = true",
    ] {
        let report = check("separate", &[(old, new)]);
        assert_eq!(verdict(&report, "T121"), RuleVerdict::Unknown, "{new}");
    }
    // Where nothing else can be meant, nothing else is lost.
    for new in ["readers = [\"face\" \"face\"]  # a = b", "raeders = [\"face\"]"] {
        let report = check("separate", &[(old, new)]);
        assert_eq!(verdict(&report, "T121"), RuleVerdict::Proved, "{new}");
        assert_eq!(verdict(&report, "E002"), RuleVerdict::Unknown, "{new}");
    }
}

/// Days that the calendar does not have leave open what reads them, and nothing else.
#[test]
fn a_day_that_is_not_in_the_calendar_takes_nothing_else_away() {
    let assessment = "checked = 2026-02-30 }";
    let report = check("ipsec-router-separate", &[("checked = 2026-11-02 }", assessment)]);
    assert!(report.diagnostics.iter().any(|one| one.code == "P016"));
    for one in &report.requirements {
        let is_open = one.code == "E007";
        let wanted = if is_open { RuleVerdict::Unknown } else { RuleVerdict::Proved };
        assert_eq!(one.verdict, wanted, "{}", one.code);
    }
    // What stands behind it on the line went with it.
    let more = "checked = 2026-02-30 }, peer = \"203.0.113.9\"";
    let report = check("ipsec-router-separate", &[("checked = 2026-11-02 }", more)]);
    assert_eq!(verdict(&report, "F002"), RuleVerdict::Unknown);

    let open = ("firewall = \"inbound-closed\"", "firewall = \"none\"");
    let waiver = "[[waiver]]\nrule = \"F008\"\nreason = \"soon\"\nby = \"Dr. Green\"\n\
                  until = 2026-12-32\n[deletion]";
    let report = check("separate", &[open, ("[deletion]", waiver)]);
    assert!(report.diagnostics.iter().any(|one| one.code == "P016"));
    assert_eq!(verdict(&report, "F008"), RuleVerdict::Refuted);
    assert_eq!(verdict(&report, "F002"), RuleVerdict::Proved);
}

/// A waiver with a mistake covers nothing, and takes nothing out of the site.
#[test]
fn a_waiver_with_a_mistake_covers_nothing() {
    let waiver = |rule: &str, at: &str, by: &str| {
        format!(
            "[[waiver]]\nrule = {rule}\n{at}reason = \"until the next visit\"\n{by}\
             until = 2026-12-31\n"
        )
    };
    let by = "by = \"Dr. Green\"\n";
    let open = ("firewall = \"inbound-closed\"", "firewall = \"none\"");
    let whole =
        |waiver: &str| check("separate", &[open, ("[deletion]", &format!("{waiver}[deletion]"))]);
    let right = whole(&waiver("\"F008\"", "at = \"claims-1\"\n", by));
    assert_eq!(verdict(&right, "F008"), RuleVerdict::Waived);
    let others = right.requirements.iter().filter(|one| one.code != "F008");
    assert!(others.clone().all(|one| one.verdict == RuleVerdict::Proved));
    for (rule, at) in [
        ("\"F008\"", "at = [\"claims-1\"]\n"),
        ("\"F008\"", "at = \"\"\n"),
        ("\"F008\"", "at = “claims-1”\n"),
        ("\"F008\"", "place = \"claims-1\"\n"),
        ("\"F008\"", "at = \"nobody\"\n"),
        ("\"F999\"", ""),
    ] {
        let report = whole(&waiver(rule, at, by));
        let is_told = report.diagnostics.iter().any(|one| one.severity == diag::Severity::Error);
        assert!(is_told, "{rule} {at}");
        assert_ne!(verdict(&report, "F008"), RuleVerdict::Waived, "{rule} {at}");
        // What could not be read as TOML at all may have been anything, and so may a key that no
        // table has.
        if !at.contains('“') && !at.contains("place") {
            assert_eq!(verdict(&report, "F008"), RuleVerdict::Refuted, "{rule} {at}");
            assert_eq!(verdict(&report, "F002"), RuleVerdict::Proved, "{rule} {at}");
        }
    }
}

/// Rules about machines and papers read no network: how the site is wired may be open.
#[test]
fn mistakes_in_the_wiring_leave_the_papers_judged() {
    let wiring = [
        ("{ zone = \"claims-lan\", ipv4 = \"192.0.2.20\"", "{ ipv4 = \"192.0.2.20\""),
        ("lan2 = \"terminal-lan\"", "lan3 = \"terminal-lan\""),
        ("ipv4 = \"192.0.2.128/28\"", "ipv4 = \"192.0.2.0/24\""),
        ("gateway = \"router-a\"", "gateway = \"router-c\""),
    ];
    for (old, new) in wiring {
        let report = check("separate", &[(old, new)]);
        assert_eq!(verdict(&report, "F002"), RuleVerdict::Unknown, "{new}");
        for code in ["E001", "E002", "E003", "L001"] {
            assert_eq!(verdict(&report, code), RuleVerdict::Proved, "{code} with {new}");
        }
    }
    // Who is left out, or what a machine is, matters to them.
    let roles = ("roles = [\"online-claims-terminal\"]", "roles = [\"online-claims\"]");
    assert_eq!(verdict(&check("separate", &[roles]), "E003"), RuleVerdict::Unknown);
}

/// Behind the first value of a line nothing is taken for beside the network, whatever stands there.
#[test]
fn a_second_key_on_a_broken_line_may_be_of_the_network() {
    let os = "os = \"windows-10-iot-enterprise-ltsc-2019\"";
    for behind in
        ["\u{3000}forwarding\u{3000}＝\u{3000}true", "、 forwarding ＝ true", " forwarding : true"]
    {
        let report = check("separate", &[(os, &format!("{os}{behind}"))]);
        assert_eq!(verdict(&report, "T121"), RuleVerdict::Unknown, "{behind}");
    }
    for broken in ["os = windows 10 forwarding : true", "forwarding ＝ true os = \"windows-11-pro"]
    {
        let report = check("separate", &[(os, broken)]);
        assert_eq!(verdict(&report, "T121"), RuleVerdict::Unknown, "{broken}");
    }
    for beside in
        ["os = “windows-11-pro”", "os = windows-11-pro # forwarding", "os = \"windows-11-pro"]
    {
        let report = check("separate", &[(os, beside)]);
        assert_eq!(verdict(&report, "T121"), RuleVerdict::Proved, "{beside}");
        assert_eq!(verdict(&report, "E001"), RuleVerdict::Unknown, "{beside}");
    }
}
