//! Random nodes: interfaces, relays, routes.

use std::sync::Arc;

use model::{
    AclIndex, AddressSource, Family, Hop, Interface, InterfaceAddress, InterfaceIndex,
    InterfaceKind, Net, NextHop, Node, NodeKind, PolicyRoute, Proxy, Ranges, Relay, Route,
    SegmentId, Stage, StageKind, ethertype,
};

use super::packet::{address, host, net};
use super::{Random, list, origin, security, stage};

/// A node on some of `segments` segments.
pub(super) fn node(random: &mut Random, index: usize, segments: usize) -> Node {
    let kind = random.pick(&[
        NodeKind::Router,
        NodeKind::Router,
        NodeKind::Router,
        NodeKind::Machine,
        NodeKind::Outside,
    ]);
    let mut node = Node::new(format!("node-{index}"), kind, origin());
    let likely = if kind == NodeKind::Router { 95 } else { 20 };
    node.takes_every_broadcast = random.chance(50);
    node.forwarding = [(random.chance(likely), origin()), (random.chance(likely), origin())];
    node.interfaces = random.some(1, 3, |random| interface(random, segments));
    if kind != NodeKind::Outside && random.chance(30) {
        relay(random, &mut node, segments);
    }
    if kind != NodeKind::Outside && random.chance(30) {
        security::doors(random, &mut node, segments);
    }
    node.acls = list::lists(random, node.interfaces.len()).into_iter().map(Arc::new).collect();
    for relay in &mut node.relays {
        let list = AclIndex(index_below(random, node.acls.len()));
        let filter = |_: &mut Random| Stage::of(None, StageKind::Filter(list));
        relay.stages = random.some(0, 1, filter);
    }
    routes(random, &mut node);
    // Drawn from a stream of their own: all else is the same with and without them.
    let mut own = random.clone();
    if kind != NodeKind::Outside && own.chance(15) {
        proxies(&mut own, &mut node);
    }
    if !node.tunnels.is_empty() {
        security::fill(random, &mut node);
    }
    if kind != NodeKind::Outside || random.chance(20) {
        stage::fill(random, &mut node);
    }
    node
}

fn index_below(random: &mut Random, count: usize) -> u32 {
    u32::try_from(random.below(count)).unwrap_or(0)
}

fn interface(random: &mut Random, segments: usize) -> Interface {
    let segment = random.below(segments);
    let mut addresses = Vec::new();
    for family in Family::ALL {
        if random.chance(80) {
            addresses.push(own_address(random, segment, family));
        }
    }
    Interface {
        name: "port".into(),
        kind: InterfaceKind::Port,
        enabled: random.chance(95),
        addresses,
        advertises: random.maybe(25, |_| origin()),
        segment: random.maybe(97, |_| SegmentId(u32::try_from(segment).unwrap_or(0))),
        origin: origin(),
    }
}

fn own_address(random: &mut Random, segment: usize, family: Family) -> InterfaceAddress {
    let length = net(segment, family).length();
    let net = Net::new(host(random, segment, family), length);
    InterfaceAddress { source: AddressSource::Static, net, origin: origin() }
}

/// A relay over existing and new ports, often with a foot that has addresses.
fn relay(random: &mut Random, node: &mut Node, segments: usize) {
    while node.interfaces.len() < 2 || random.chance(20) {
        node.interfaces.push(interface(random, segments));
    }
    let mut ports: Vec<InterfaceIndex> =
        node.interfaces().map(|(index, _)| index).filter(|_| random.chance(75)).collect();
    if random.chance(40) {
        let segment = random.below(segments);
        let mut foot = interface(random, segments);
        foot.kind = InterfaceKind::Bridge;
        foot.segment = None;
        foot.addresses = vec![
            own_address(random, segment, Family::V4),
            own_address(random, segment, Family::V6),
        ];
        node.interfaces.push(foot);
        ports.push(InterfaceIndex(last(node)));
    }
    let pppoe = (u128::from(ethertype::PPPOE_DISCOVERY), u128::from(ethertype::PPPOE_SESSION));
    let ethertypes = random.pick(&[
        Ranges::span(0_u16, u16::MAX),
        Ranges::of([pppoe]),
        Ranges::one(ethertype::IPV6),
        Ranges::of([pppoe, (u128::from(ethertype::IPV6), u128::from(ethertype::IPV6))]),
        Ranges::one(ethertype::IPV4),
    ]);
    node.relays.push(Relay {
        name: "relay".into(),
        ports,
        ethertypes,
        stages: Vec::new(),
        origin: origin(),
    });
}

fn last(node: &Node) -> u32 {
    u32::try_from(node.interfaces.len()).unwrap_or(1) - 1
}

/// Addresses of its segments and others that it answers for.
fn proxies(random: &mut Random, node: &mut Node) {
    let interfaces = node.interfaces.len();
    node.proxies = random.some(1, 2, |random| {
        let family = random.pick(&Family::ALL);
        let parts = random.some(1, 3, |random| match random.chance(50) {
            true => prefix(random, family).bounds(),
            false => Net::host(address(random, family)).bounds(),
        });
        let interface = InterfaceIndex(index_below(random, interfaces));
        Proxy { interface, family, addresses: Ranges::of(parts), origin: origin() }
    });
}

fn routes(random: &mut Random, node: &mut Node) {
    let connected: Vec<(Net, InterfaceIndex)> = node
        .interfaces()
        .flat_map(|(index, one)| one.addresses.iter().map(move |own| (own.net, index)))
        .filter_map(|(net, index)| net.map(|net| (net.prefix(), index)))
        .collect();
    for (prefix, index) in connected {
        let hops = vec![plain(Hop::Interface(index))];
        node.routes.push(Route { prefix, hops, preference: 0, origin: origin() });
    }
    for family in Family::ALL {
        let count = random.between(0, 3);
        for _ in 0..count {
            let prefix = prefix(random, family);
            let hops = match random.below(10) {
                0 => Vec::new(),
                1..=6 => vec![next_hop(random, node, family)],
                _ => random.some(2, 3, |random| next_hop(random, node, family)),
            };
            let preference = u32::try_from(random.below(2)).unwrap_or(0);
            node.routes.push(Route { prefix, hops, preference, origin: origin() });
        }
    }
    if random.chance(20) {
        let interfaces = node.interfaces.len();
        let interface = |random: &mut Random| InterfaceIndex(index_below(random, interfaces));
        node.policy_routes = random.some(1, 2, |random| {
            let family = random.pick(&Family::ALL);
            let mut hop = next_hop(random, node, family);
            hop.guard = None;
            PolicyRoute {
                interface: random.maybe(80, interface),
                family,
                guard: AclIndex(index_below(random, node.acls.len())),
                hop,
                origin: origin(),
            }
        });
    }
}

fn prefix(random: &mut Random, family: Family) -> Net {
    if random.chance(60) {
        return Net::all(family);
    }
    let lengths: &[u8] = match family {
        Family::V4 => &[8, 24, 25, 30, 32],
        Family::V6 => &[32, 48, 64, 126, 128],
    };
    let one = address(random, family);
    Net::new(one, random.pick(lengths)).unwrap_or(Net::host(one)).prefix()
}

fn plain(hop: Hop) -> NextHop {
    NextHop { hop, guard: None, may_vanish: false, origin: origin() }
}

fn next_hop(random: &mut Random, node: &Node, family: Family) -> NextHop {
    let interface = InterfaceIndex(index_below(random, node.interfaces.len()));
    let gateway = match node.interface(interface).segment {
        Some(segment) if random.chance(80) => host(random, segment.0 as usize, family),
        _ => address(random, family),
    };
    let hop = match random.below(10) {
        0..=4 => Hop::Address(gateway),
        5..=6 => Hop::AddressOn(gateway, interface),
        7 => Hop::Interface(interface),
        8 => Hop::Learned(interface),
        _ => Hop::Discard,
    };
    let guard = random.maybe(20, |random| AclIndex(index_below(random, node.acls.len())));
    NextHop { hop, guard, may_vanish: random.chance(15), origin: origin() }
}
