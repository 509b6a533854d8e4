//! Files that are right, and what is read from them.

use diag::SourceId;
use site::{Firewall, Hop, OutsideNet, Role, RouteTarget, Secret, ZoneIpv6};

pub(crate) const SEPARATE: &str = include_str!("separate.toml");
pub(crate) const EVERYTHING: &str = include_str!("everything.toml");

#[test]
fn the_separate_pattern_parses_without_a_word() {
    let (site, found) = site::parse(SourceId(0), SEPARATE);
    assert_eq!(found, []);
    let names: Vec<_> = site.machines.iter().map(|machine| machine.name.value.as_str()).collect();
    assert_eq!(names, ["receipt-1", "terminal-1", "claims-1"], "entries keep their order");
    let receipt = site.machine("receipt-1").expect("receipt-1 is declared");
    assert!(receipt.has_role(Role::ClaimsComputer));
    let nic = &receipt.nics[0].value;
    assert_eq!(nic.gateway.as_ref().map(|hop| &hop.value), Some(&Hop::Router("router-a".into())));
    let claims = site.machine("claims-1").expect("claims-1 is declared");
    let pppoe = &claims.pppoe.as_ref().expect("claims-1 opens a session").value;
    assert_eq!(pppoe.far_nets(), [OutsideNet::ClaimsNet]);
    let secret = pppoe.secret.as_ref().map(|secret| &secret.value);
    assert_eq!(secret, Some(&Secret::Env("PPPOE_CLAIMS".into())));
    assert_eq!(claims.firewall.as_ref().map(|one| &one.value), Some(&Firewall::InboundClosed));
    let terminal = site.machine("terminal-1").expect("terminal-1 is declared");
    let route = &terminal.nics[0].value.routes[0].value;
    assert_eq!(route.to.value, RouteTarget::Zone("claims-lan".into()));
    let edge = site.zone("edge-lan").expect("edge-lan is declared");
    assert_eq!(edge.ipv6.map(|written| written.value), Some(ZoneIpv6::Ra));
    assert_eq!(site.services[0].uses[0].value.ports.len(), 1);
}

#[test]
fn every_value_knows_its_place() {
    let (site, _) = site::parse(SourceId(0), SEPARATE);
    let text = |span: diag::Span| &SEPARATE[span.start as usize..span.end as usize];
    let facility = site.facility.as_ref().expect("[site] is there");
    assert_eq!(text(facility.value.name.span), "\"みどり内科\"");
    assert_eq!(text(site.machines[0].name.span), "receipt-1");
    assert_eq!(text(site.zones[0].ipv4.expect("claims-lan has IPv4").span), "\"192.0.2.0/25\"");
    assert_eq!(text(site.routers[0].ports[1].name.span), "lan2");
    assert_eq!(text(site.services[0].span), "[[service]]");
}

#[test]
fn a_network_knows_its_addresses() {
    let net = |text: &str| {
        let (address, length) = text.split_once('/').expect("a prefix");
        site::Net::new(address.parse().expect("address"), length.parse().expect("length"))
    };
    let some = |text: &str| net(text).expect("host bits are zero");
    assert_eq!(net("192.0.2.1/24"), None);
    assert_eq!(net("192.0.2.0/33"), None);
    assert_eq!(some("192.0.2.128/25").last().to_string(), "192.0.2.255");
    assert_eq!(some("0.0.0.0/0").last().to_string(), "255.255.255.255");
    assert_eq!(some("2001:db8::/127").last().to_string(), "2001:db8::1");
    assert!(some("::/0").contains("2001:db8::1".parse().expect("address")));
    assert!(some("0.0.0.0/0").contains("192.0.2.1".parse().expect("address")));
    assert!(!some("::/0").contains("192.0.2.1".parse().expect("address")));
    assert!(some("192.0.2.0/24").overlaps(&some("192.0.2.64/26")));
    assert!(!some("192.0.2.0/25").overlaps(&some("192.0.2.128/25")));
}

#[test]
fn the_calendar_has_leap_years() {
    assert!(site::Date::new(2028, 2, 29).is_some());
    assert!(site::Date::new(2000, 2, 29).is_some());
    assert!(site::Date::new(2100, 2, 29).is_none());
    assert!(site::Date::new(2027, 4, 31).is_none());
    assert!(site::Date::new(2027, 13, 1).is_none());
}

#[test]
fn a_byte_order_mark_and_foreign_line_breaks_are_no_matter() {
    let foreign = format!("\u{FEFF}{}", SEPARATE.replace('\n', "\r\n"));
    let (site, found) = site::parse(SourceId(0), &foreign);
    assert_eq!(found, []);
    let span = site.machines[0].name.span;
    assert_eq!(&foreign[span.start as usize..span.end as usize], "receipt-1");
    assert_eq!(site::format(&foreign).as_deref(), Ok(SEPARATE));
}
