//! The fields of a filter as matches of the model.

use model::{Family, Match, Ranges, protocol};

use super::super::config::{Addresses, Filter, Protocol, is_icmp_alone};

/// Protocols with ports.
fn with_ports() -> Ranges {
    Ranges::of([
        (u128::from(protocol::TCP), u128::from(protocol::TCP)),
        (u128::from(protocol::UDP), u128::from(protocol::UDP)),
    ])
}

/// An address field; `None` for every address.
pub(super) fn address(field: &Addresses) -> Option<Ranges> {
    match field {
        Addresses::Any | Addresses::Named(_) => None,
        Addresses::Set(ranges) => Some(ranges.clone()),
    }
}

/// Packets that `filter` matches.
pub(super) fn of_filter(filter: &Filter) -> Vec<Match> {
    let base = Match {
        family: Some(filter.family),
        source: address(&filter.source),
        destination: address(&filter.destination),
        ..Match::default()
    };
    of_service(filter, &base)
}

/// Packets of `base` that have the protocol and ports of `filter`.
///
/// # Source
/// Command reference 12.01, section 8.1.10: ports are compared for TCP and UDP only; another
/// protocol in the same field matches as if no port were given; type and code are compared
/// when the field is `icmp` alone.
// UNMODELLED: later fragments, which have no ports to compare.
pub(super) fn of_service(filter: &Filter, base: &Match) -> Vec<Match> {
    let ports = |found: Match| Match {
        source_port: filter.source_port.clone(),
        destination_port: filter.destination_port.clone(),
        ..found
    };
    let has_ports = filter.source_port.is_some() || filter.destination_port.is_some();
    if filter.protocols.is_empty() {
        if !has_ports {
            return vec![base.clone()];
        }
        let others = with_ports().complement(u128::from(u8::MAX));
        return vec![
            ports(Match { protocol: Some(with_ports()), ..base.clone() }),
            Match { protocol: Some(others), ..base.clone() },
        ];
    }
    if is_icmp_alone(filter.family, &filter.protocols) {
        let number = icmp(filter.family);
        return vec![ports(Match { protocol: Some(Ranges::one(number)), ..base.clone() })];
    }
    let mut plain = Ranges::none();
    let mut found = Vec::new();
    for item in &filter.protocols {
        match item {
            Protocol::Number(number) => plain = plain.union(&Ranges::one(*number)),
            Protocol::IcmpTypes(types) => found.push(Match {
                protocol: Some(Ranges::one(icmp(filter.family))),
                source_port: Some(types.clone()),
                ..base.clone()
            }),
            Protocol::TcpFlags(values) => found.push(ports(Match {
                protocol: Some(Ranges::one(protocol::TCP)),
                tcp_flags: Some(values.clone()),
                ..base.clone()
            })),
        }
    }
    let ported = plain.intersection(&with_ports());
    let others = plain.intersection(&with_ports().complement(u128::from(u8::MAX)));
    let mut all = Vec::new();
    if has_ports {
        if !ported.is_empty() {
            all.push(ports(Match { protocol: Some(ported), ..base.clone() }));
        }
        if !others.is_empty() {
            all.push(Match { protocol: Some(others), ..base.clone() });
        }
    } else if !plain.is_empty() {
        all.push(Match { protocol: Some(plain), ..base.clone() });
    }
    all.append(&mut found);
    all
}

/// ICMP of `family`.
fn icmp(family: Family) -> u8 {
    match family {
        Family::V4 => protocol::ICMP,
        Family::V6 => protocol::ICMPV6,
    }
}
