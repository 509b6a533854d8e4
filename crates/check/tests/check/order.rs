//! The order in which a site file declares things decides nothing.

use check::{Report, RuleVerdict};

use crate::expectation::DAY;
use crate::folder;
use crate::snapshot::Snapshot;

/// Ways to write the same site file in another order.
const ORDERS: [fn(&str) -> String; 3] = [turned_sections, turned_lists, turned_all];

fn turned_all(site: &str) -> String {
    turned_lists(&turned_sections(site))
}

/// The sections of every kind in the opposite order, and the kinds too.
fn turned_sections(site: &str) -> String {
    let start = site.find("\n[").map_or(site.len(), |at| at + 1);
    let (head, rest) = site.split_at(start);
    let mut sections: Vec<String> = Vec::new();
    for line in rest.split_inclusive('\n') {
        match sections.last_mut() {
            Some(last) if !line.starts_with('[') => last.push_str(line),
            _ => sections.push(line.to_owned()),
        }
    }
    let lines = |section: &String| format!("{}\n", section.trim_end_matches('\n'));
    let turned: String = sections.iter().rev().map(lines).collect();
    format!("{head}{turned}")
}

/// The entries of `nics`, which stand on a line each, and the keys of `[zones]` in the opposite
/// order.
fn turned_lists(site: &str) -> String {
    let mut turned: Vec<&str> = Vec::new();
    let mut first = None;
    for line in site.lines() {
        let is_open = first.is_some();
        let is_end = line == "]" || line.is_empty() || line.starts_with('[');
        if let Some(start) = first.filter(|_| is_end) {
            turned[start..].reverse();
            first = None;
        }
        turned.push(line);
        if line.starts_with("nics") && line.ends_with('[') || line == "[zones]" {
            assert!(!is_open || is_end, "{line}");
            first = Some(turned.len());
        }
    }
    turned.join("\n") + "\n"
}

/// What a report says, whatever the order.
fn said(report: &Report) -> Vec<String> {
    let site = &report.site;
    let mut said = vec![format!("{} {}", site.pattern, site.edition)];
    let verdicts = report.requirements.iter();
    said.extend(verdicts.map(|one| format!("{} {:?} {:?}", one.code, one.verdict, one.level)));
    let findings = report.findings.iter().filter(|one| one.verdict != RuleVerdict::Proved);
    said.extend(findings.map(|one| format!("{:?} {}", one.verdict, one.diagnostic.code)));
    let diagnostics = report.diagnostics.iter();
    said.extend(diagnostics.map(|one| format!("{} {}", one.code, one.headline.en)));
    said.sort();
    said
}

fn assert_alike(name: &str, snapshot: &Snapshot) {
    let today = site::Date::read(DAY);
    let wanted = said(&snapshot.check(today));
    for (number, order) in ORDERS.iter().enumerate() {
        let mut turned = snapshot.clone();
        turned.site = order(&snapshot.site);
        assert_eq!(said(&turned.check(today)), wanted, "{name}, order {number}");
    }
}

#[test]
fn no_order_decides_anything_on_an_example() {
    for (name, snapshot) in folder::examples() {
        assert_alike(&name, &snapshot);
    }
}

#[test]
fn no_order_decides_anything_on_a_broken_example() {
    for (name, snapshot) in folder::broken() {
        assert_alike(&name, &snapshot);
    }
}

/// A site of P04 where both interfaces of the terminal lead to one router.
fn one_box() -> Snapshot {
    let mut snapshot = Snapshot::base_of("one-terminal");
    let site = &mut snapshot.site;
    let from = site.find("[routers.router-a]").expect("the base has two routers");
    let to = site.find("[destinations").expect("the base has destinations");
    site.replace_range(
        from..to,
        "[routers.router-b]\nrole = \"router-b\"\nvendor = \"yamaha-rtx\"\n\
         config = \"router-b.conf\"\n\
         ports = { lan1 = \"edge-lan\", lan2 = \"onu\", lan3 = \"terminal-lan\" }\n",
    );
    *site = site
        .replace(", gateway = \"router-a\"", "")
        .replace(", routes = [{ to = \"claims-lan\", via = \"router-a\" }]", "");
    let router = snapshot.file_mut("router-b.conf");
    router.push_str("ip lan3 address 192.0.2.129/28\nip lan3 secure filter in 9\n");
    snapshot
}

#[test]
fn a_session_leaves_by_the_interface_from_which_pppoe_passes() {
    let snapshot = one_box();
    assert_alike("one box", &snapshot);
    let report = snapshot.check(site::Date::read(DAY));
    let verdict = |code| report.requirements.iter().find(|one| one.code == code);
    assert!(report.diagnostics.iter().all(|one| one.code != "T136"));
    for code in ["F005", "T120", "T122"] {
        assert_ne!(verdict(code).map(|one| one.verdict), Some(RuleVerdict::Refuted), "{code}");
    }
}

#[test]
fn where_several_interfaces_can_carry_it_the_session_is_open() {
    let mut snapshot = one_box();
    let router = snapshot.file_mut("router-b.conf");
    *router = router.replace("member lan1 lan2", "member lan1 lan2 lan3");
    assert_alike("open", &snapshot);
    let report = snapshot.check(site::Date::read(DAY));
    assert!(report.diagnostics.iter().any(|one| one.code == "T136"));
    assert!(
        report
            .requirements
            .iter()
            .all(|one| { one.verdict != RuleVerdict::Proved || one.code.starts_with(['E', 'L']) })
    );
    snapshot.site = snapshot.site.replace("pppoe = {", "pppoe = { zone = \"edge-lan\",");
    let report = snapshot.check(site::Date::read(DAY));
    assert!(report.diagnostics.iter().all(|one| one.code != "T136"));
}
