//! The tunnel of an IPsec line, for the search for packets that break a rule.

use std::net::IpAddr;

use design::Blueprint;
use model::{Packet, Peer, StepKind, Trace, protocol};

/// Whether the packet of `trace` was in the tunnel of the line on its last stretch.
pub(crate) fn is_inside(blueprint: &Blueprint, trace: &Trace) -> bool {
    let last = trace.steps.iter().rev().find_map(|step| match step.kind {
        StepKind::Sent(interface) => Some((step.node, interface)),
        _ => None,
    });
    blueprint.line_tunnels.iter().any(|line| {
        let door = blueprint.network.node(line.node).tunnel(line.tunnel).interface;
        last == Some((line.node, door))
    })
}

/// Whether `packet` looks like one of the tunnel's own and goes to its other end.
pub(crate) fn is_outer(blueprint: &Blueprint, packet: &Packet) -> bool {
    let is_shaped = packet.protocol == 50
        || packet.protocol == protocol::UDP && [500, 4500].contains(&packet.destination_port);
    is_shaped && peers(blueprint).contains(&packet.destination)
}

fn peers(blueprint: &Blueprint) -> Vec<IpAddr> {
    let mut found = Vec::new();
    if let Some(contract) = &blueprint.contract
        && !contract.addresses.is_empty()
    {
        return contract.addresses.clone();
    }
    for line in &blueprint.line_tunnels {
        match &blueprint.network.node(line.node).tunnel(line.tunnel).peer {
            Peer::Address(address) => found.push(*address),
            Peer::Name(name) => {
                let listed = blueprint.catalogue.destinations.iter();
                let named = listed.filter(|one| one.hosts.iter().any(|host| host == name));
                found.extend(named.flat_map(|one| &one.addresses).map(|net| net.address()));
            }
            Peer::Any | Peer::Unknown => {}
        }
    }
    found
}
