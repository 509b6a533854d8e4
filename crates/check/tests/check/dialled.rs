//! A router that opens the PPPoE session which carries eligibility and online claims (R17).

use check::{Report, RuleVerdict};

use crate::expectation::DAY;
use crate::snapshot::Snapshot;

/// A router that opens one session and lets nothing pass but what is listed.
const ROUTER: &str = "\
# RTX830 Rev.15.02.31 (Tue Feb 20 11:02:47 2024)
ip route default gateway pp 1
ipv6 routing off
ip lan1 address 192.0.2.161/28
ip lan1 secure filter in 10 11 12 99
ip lan2 secure filter in 99
ip lan2 secure filter out 99
pp select 1
 pppoe use lan2
 pp auth accept chap
 pp auth myname user@example secret-1
 ppp ipcp ipaddress on
 ip pp mtu 1454
 ip pp secure filter in 99
 ip pp secure filter out 10 11 12 99 dynamic 80 81 82
 ip pp nat descriptor 1
 pp enable 1
ip filter 10 pass 192.0.2.162 198.51.100.0/25 tcp * 443
ip filter 11 pass 192.0.2.162 198.51.100.53 udp,tcp * 53
ip filter 12 pass 192.0.2.162 198.51.100.128/25 tcp * 443
ip filter 99 reject *
ip filter dynamic 80 192.0.2.162 198.51.100.0/25 filter 10
ip filter dynamic 81 192.0.2.162 198.51.100.53 filter 11
ip filter dynamic 82 192.0.2.162 198.51.100.128/25 filter 12
nat descriptor type 1 masquerade
telnetd service off
httpd service off
dns service off
sntpd service off
";

/// A site whose router B opens the session `pp1` to `nets`.
fn site(nets: &str) -> Snapshot {
    let mut snapshot = Snapshot::base_of("one-terminal-ipv4");
    let edits = [
        ("edge-lan = {", "edge-lan = { ipv4 = \"192.0.2.160/28\","),
        (
            "{ zone = \"edge-lan\",",
            "{ zone = \"edge-lan\", ipv4 = \"192.0.2.162\", gateway = \"router-b\",",
        ),
        ("pppoe = {", "# pppoe = {"),
        ("198.51.100.0/24", "198.51.100.0/25"),
        ("203.0.113.0/24", "198.51.100.128/25"),
        ("lan2 = \"onu\" }", &format!("lan2 = \"onu\" }}\nsessions = {{ pp1 = {nets} }}")),
    ];
    for (old, new) in edits {
        assert!(snapshot.site.contains(old), "the base has no `{old}`");
        snapshot.site = snapshot.site.replace(old, new);
    }
    ROUTER.clone_into(snapshot.file_mut("router-b.conf"));
    snapshot
}

fn judged(nets: &str) -> Report {
    site(nets).check(site::Date::read(DAY))
}

fn refuted(report: &Report) -> Vec<(&str, &str)> {
    let refuted = report.findings.iter().filter(|one| one.verdict == RuleVerdict::Refuted);
    refuted.map(|one| (one.diagnostic.code, one.diagnostic.headline.en.as_str())).collect()
}

#[test]
fn one_session_of_a_router_carries_eligibility_and_claims() {
    let report = judged("[\"eligibility-net\", \"claims-net\"]");
    assert_eq!(refuted(&report), Vec::new());
    assert_eq!(check::exit_code(&report), 0, "{:?}", report.requirements);
    let variants: Vec<&str> = report.site.variants.iter().map(|one| one.name()).collect();
    assert_eq!((report.site.page.as_str(), variants), ("P04", vec!["eligibility-in-pppoe"]));
}

#[test]
fn the_order_of_the_networks_decides_nothing() {
    let both = ["[\"eligibility-net\", \"claims-net\"]", "[\"claims-net\", \"eligibility-net\"]"];
    let [one, other] = both.map(|nets| judged(nets).requirements);
    assert_eq!(one, other);
}

#[test]
fn a_session_that_carries_one_of_them_does_not_reach_the_other() {
    for (nets, lost) in [("\"claims-net\"", "eligibility"), ("\"eligibility-net\"", "claims")] {
        let report = judged(nets);
        let headline =
            format!("`terminal-1` cannot open a session to destination `{lost}` on tcp/443");
        assert!(refuted(&report).contains(&("F009", headline.as_str())), "{:?}", refuted(&report));
    }
}

/// The Internet at the far end is an attacker's, whatever else stands there.
#[test]
fn what_stands_there_too_is_judged_as_well() {
    let report = judged("[\"eligibility-net\", \"claims-net\", \"internet\"]");
    assert_eq!(refuted(&report), Vec::new());
    let mut snapshot = site("[\"eligibility-net\", \"claims-net\", \"internet\"]");
    let router = snapshot.file_mut("router-b.conf");
    *router = router.replace("pp secure filter in 99", "pp secure filter in 13 99");
    router.push_str("ip filter 13 pass * 192.0.2.162 tcp * 3389\n");
    router.push_str("nat descriptor masquerade static 1 1 192.0.2.162 tcp 3389\n");
    let report = snapshot.check(site::Date::read(DAY));
    let verdict = report.requirements.iter().find(|one| one.code == "F003");
    // What the machine's own firewall alone discards is no proof (R22).
    assert_eq!(verdict.map(|one| one.verdict), Some(RuleVerdict::Unknown));
}

#[test]
fn a_drawing_shows_the_session_to_each_of_them() {
    let snapshot = site("[\"eligibility-net\", \"claims-net\"]");
    let loaded = check::load("site.toml", snapshot.site.as_bytes());
    let files = snapshot.config_files(&loaded);
    let picture = check::picture(loaded, &files, None, None);
    let pppoe = picture.routes.iter().filter(|route| route.kind == check::RouteKind::Pppoe);
    let ends: Vec<&str> = pppoe
        .filter_map(|route| match route.way.last() {
            Some(check::Stop::Place(place)) => Some(picture.places[*place].name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(ends, ["eligibility-net", "claims-net"]);
}
