//! Hubs, switches, wireless bridges and home gateways that join zones at layer 2, and loops.

use std::collections::BTreeSet;

use diag::{Diagnostic, text};
use model::{
    InterfaceIndex, InterfaceKind, Network, Node, NodeId, NodeKind, Origin, Ranges, Relay,
    SegmentId, ethertype,
};
use site::Pass;

use crate::build::Builder;
use crate::outside;

/// Adds a node for everything that joins zones: relays of the site file, and ports on which
/// several zones stand.
pub(crate) fn place(builder: &mut Builder<'_>) {
    let site = builder.site;
    for relay in &site.relays {
        let names: Vec<&str> = relay.zones.iter().map(|zone| zone.value.as_str()).collect();
        let all = [Pass::All, Pass::Ipv4, Pass::Ipv6, Pass::Pppoe];
        let passes: Vec<Pass> = all.into_iter().filter(|pass| relay.is_passing(*pass)).collect();
        let origin = Origin::Written(relay.name.span);
        join(builder, &relay.name.value, &names, ethertypes(&passes), origin);
    }
    for router in &site.routers {
        for port in &router.ports {
            let names: Vec<&str> = port.zones.iter().map(|zone| zone.value.as_str()).collect();
            let name = format!("{} {}", router.name.value, port.name.value);
            let origin = Origin::Written(port.name.span);
            join(builder, &name, &names, ethertypes(&[Pass::All]), origin);
        }
    }
    switches(builder);
}

/// What joins the VLANs of one wire is the switch at its other end and no part of the router: the
/// router hears what it relays.
fn switches(builder: &mut Builder<'_>) {
    let mut found = Vec::new();
    for node in builder.network.nodes_mut().filter(|node| node.kind == NodeKind::Router) {
        let relays = std::mem::take(&mut node.relays);
        let (wires, own) = relays.into_iter().partition(|relay| is_wire(node, relay));
        node.relays = own;
        for relay in wires {
            let ports = relay.ports.iter().filter_map(|port| node.interface(*port).segment);
            let segments: BTreeSet<SegmentId> = ports.collect();
            found.push((format!("{} {}", node.name, relay.name), segments, relay));
        }
    }
    for (name, segments, relay) in found {
        attached(builder, &name, segments, relay.ethertypes, relay.origin);
    }
}

/// Whether a relay joins an interface with its VLANs, whatever is in the frames.
fn is_wire(node: &Node, relay: &Relay) -> bool {
    let stands_on_another = |port: &InterfaceIndex| match node.interface(*port).kind {
        InterfaceKind::Vlan { parent } => relay.ports.contains(&parent),
        _ => false,
    };
    let [_, vlans @ ..] = relay.ports.as_slice() else { return false };
    relay.stages.is_empty() && !vlans.is_empty() && vlans.iter().all(stands_on_another)
}

fn ethertypes(passes: &[Pass]) -> Ranges {
    let mut types = Vec::new();
    for pass in passes {
        types.extend(match pass {
            Pass::All => vec![(0, 0xffff)],
            Pass::Ipv4 => vec![one(ethertype::IPV4), one(ethertype::ARP)],
            Pass::Ipv6 => vec![one(ethertype::IPV6)],
            Pass::Pppoe => {
                vec![one(ethertype::PPPOE_DISCOVERY), one(ethertype::PPPOE_SESSION)]
            }
        });
    }
    Ranges::of(types)
}

fn one(number: u16) -> (u128, u128) {
    (u128::from(number), u128::from(number))
}

fn join(builder: &mut Builder<'_>, name: &str, zones: &[&str], ethertypes: Ranges, origin: Origin) {
    let segments: BTreeSet<SegmentId> =
        zones.iter().filter_map(|zone| builder.zone(zone)).collect();
    attached(builder, name, segments, ethertypes, origin);
}

/// Adds a node that joins the segments, if they are several.
fn attached(
    builder: &mut Builder<'_>,
    name: &str,
    segments: BTreeSet<SegmentId>,
    ethertypes: Ranges,
    origin: Origin,
) {
    if segments.len() < 2 {
        return;
    }
    let id = builder.add(Node::new(name, NodeKind::Machine, origin.clone()));
    let ports: Vec<InterfaceIndex> = segments
        .into_iter()
        .map(|segment| {
            let zone = builder.network.segment(segment).name.clone();
            outside::attach(builder, id, &zone, InterfaceKind::Port, segment)
        })
        .collect();
    let relay = Relay { name: name.to_owned(), ports, ethertypes, stages: Vec::new(), origin };
    builder.node_mut(id).relays.push(relay);
}

/// Says where relays of frames of every kind form a loop.
pub(crate) fn find_loops(builder: &mut Builder<'_>) {
    let mut joined: Vec<usize> = (0..builder.network.segments.len()).collect();
    let mut found = Vec::new();
    for (id, node) in builder.network.iter() {
        for (place, relay) in node.relays.iter().enumerate() {
            // Loops of the site file's own relays are told where that file is read.
            let is_device = node.kind == NodeKind::Router;
            if relay.ethertypes.contains(ethertype::IPV4)
                && closes_loop(&builder.network, id, place, &mut joined)
                && is_device
            {
                found.push((node.name.clone(), relay.name.clone(), relay.origin.span()));
            }
        }
    }
    for (node, relay, span) in found {
        let diagnostic = Diagnostic::error(
            "T107",
            text!(
                ja: "`{node}` の `{relay}` でレイヤー2のループができています",
                en: "`{relay}` of `{node}` closes a layer-2 loop",
                node = node, relay = relay,
            ),
        )
        .advise(text!(
            ja: "ループを作っている接続のどれかを外してください",
            en: "take away one of the links that form the loop",
        ));
        builder.diagnostics.push(match span {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        });
    }
}

/// Joins the segments of a relay; true if two of them were joined before.
fn closes_loop(network: &Network, id: NodeId, place: usize, joined: &mut [usize]) -> bool {
    let node = network.node(id);
    let segments: Vec<usize> = node.relays[place]
        .ports
        .iter()
        .filter_map(|port| node.interface(*port).segment)
        .map(|segment| segment.0 as usize)
        .collect();
    let mut closes = false;
    for pair in segments.windows(2) {
        let (a, b) = (root(joined, pair[0]), root(joined, pair[1]));
        closes |= a == b;
        joined[b] = a;
    }
    closes
}

fn root(joined: &[usize], start: usize) -> usize {
    let mut at = start;
    while joined[at] != at {
        at = joined[at];
    }
    at
}
