//! IPsec of a device as text, one fact a line, for the expectations of cases.

use std::fmt::Write;

use model::{Family, Match, Node, Origin, Peer, Ranges, SecurityAction};

/// Tunnels and policies of `node`.
pub(crate) fn security(node: &Node, place: &dyn Fn(&Origin) -> String, out: &mut String) {
    for tunnel in &node.tunnels {
        let door = &node.interface(tunnel.interface).name;
        let how = match tunnel.carrier {
            None => "by-route".to_owned(),
            Some(carrier) => format!("by-policy on {}", node.interface(carrier).name),
        };
        let local = tunnel.local.map_or("learned".to_owned(), |local| local.to_string());
        let peer = match &tunnel.peer {
            Peer::Address(address) => address.to_string(),
            Peer::Name(name) => name.clone(),
            Peer::Any => "any".to_owned(),
            Peer::Unknown => "unknown".to_owned(),
        };
        let encapsulation = format!("{:?}", tunnel.encapsulation).to_lowercase();
        let selectors = match &tunnel.selectors {
            None => String::new(),
            Some(all) => format!(" carries {}", matches(all)),
        };
        let origin = place(&tunnel.origin);
        let _ = writeln!(
            out,
            "ipsec {door} {how} {local} to {peer} {encapsulation}{selectors} {origin}"
        );
    }
    for policy in &node.security_policies {
        let action = match policy.action {
            SecurityAction::Protect(tunnel) => {
                format!("protect {}", node.interface(node.tunnel(tunnel).interface).name)
            }
            SecurityAction::Bypass => "bypass".to_owned(),
            SecurityAction::Discard => "discard".to_owned(),
        };
        let absent = if policy.may_be_absent { " while-up" } else { "" };
        let origin = place(&policy.origin);
        let _ = writeln!(out, "policy {action}{absent} {} {origin}", matches(&policy.selectors));
    }
}

fn matches(all: &[Match]) -> String {
    let all: Vec<String> = all.iter().map(one).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(" or ") }
}

fn one(found: &Match) -> String {
    let family = found.family.unwrap_or(Family::V4);
    let mut parts = vec![found.family.map_or("any", Family::name).to_lowercase()];
    let mut field = |name: &str, ranges: &Option<Ranges>, show: &dyn Fn(u128) -> String| {
        let Some(ranges) = ranges else { return };
        let shown = |(low, high): &(u128, u128)| match low == high {
            true => show(*low),
            false => format!("{}-{}", show(*low), show(*high)),
        };
        let all: Vec<String> = ranges.as_slice().iter().map(shown).collect();
        parts.push(format!("{name} {}", all.join(",")));
    };
    let address = |number: u128| family.address(number).to_string();
    let plain = |number: u128| number.to_string();
    field("proto", &found.protocol, &plain);
    field("from", &found.source, &address);
    field("sport", &found.source_port, &plain);
    field("to", &found.destination, &address);
    field("dport", &found.destination_port, &plain);
    parts.join(" ")
}
