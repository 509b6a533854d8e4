//! Random IPsec: tunnels that routes or policies lead to.

use model::{
    Encapsulation, Family, Hop, Interface, InterfaceIndex, InterfaceKind, Match, Net, NextHop,
    Node, Peer, Ranges, Route, SecurityAction, SecurityPolicy, SegmentId, Tunnel, TunnelIndex,
    protocol,
};

use super::packet::{PORTS, PROTOCOLS, address, host};
use super::{Random, origin};

/// Gives `node` one or two tunnels with their doors; routes and policies come later.
pub(super) fn doors(random: &mut Random, node: &mut Node, segments: usize) {
    let carriers = node.interfaces.len();
    let count = random.between(1, 2);
    for _ in 0..count {
        let door = InterfaceIndex(u32::try_from(node.interfaces.len()).unwrap_or(0));
        let segment = random.below(segments);
        node.interfaces.push(Interface {
            name: "door".into(),
            kind: InterfaceKind::Tunnel,
            enabled: random.chance(95),
            addresses: Vec::new(),
            advertises: None,
            segment: random.maybe(95, |_| SegmentId(u32::try_from(segment).unwrap_or(0))),
            origin: origin(),
        });
        let carrier = |random: &mut Random| {
            InterfaceIndex(u32::try_from(random.below(carriers)).unwrap_or(0))
        };
        node.tunnels.push(Tunnel {
            name: "tunnel".into(),
            interface: door,
            carrier: random.maybe(50, carrier),
            local: None,
            peer: Peer::Unknown,
            selectors: random.maybe(50, |random| random.some(0, 2, selector)),
            encapsulation: Encapsulation::Negotiated,
            doubt: None,
            origin: origin(),
        });
    }
}

/// Routes to the doors of `node`, and policies.
pub(super) fn fill(random: &mut Random, node: &mut Node) {
    for tunnel in 0..node.tunnels.len() {
        let door = node.tunnels[tunnel].interface;
        if random.chance(60) {
            let family = random.pick(&Family::ALL);
            let hop = NextHop {
                hop: Hop::Interface(door),
                guard: None,
                may_vanish: random.chance(50),
                origin: origin(),
            };
            let one = Net::host(host(random, 1, family));
            let prefix = random.pick(&[Net::all(family), one]);
            let preference = u32::try_from(random.below(3)).unwrap_or(0);
            node.routes.push(Route { prefix, hops: vec![hop], preference, origin: origin() });
        }
    }
    let tunnels = node.tunnels.len();
    node.security_policies = random.some(0, 4, |random| policy(random, tunnels));
}

fn policy(random: &mut Random, tunnels: usize) -> SecurityPolicy {
    let action = match random.below(5) {
        0 => SecurityAction::Bypass,
        1 => SecurityAction::Discard,
        _ => {
            SecurityAction::Protect(TunnelIndex(u32::try_from(random.below(tunnels)).unwrap_or(0)))
        }
    };
    SecurityPolicy {
        selectors: random.some(1, 2, selector),
        action,
        may_be_absent: random.chance(40),
        origin: origin(),
    }
}

/// A selector: addresses of one family, sometimes a protocol, ports only beside TCP and UDP.
fn selector(random: &mut Random) -> Match {
    let family = random.pick(&Family::ALL);
    let mut one = Match::family(family);
    one.source = random.maybe(50, |random| net(random, family));
    one.destination = random.maybe(60, |random| net(random, family));
    let number = random.maybe(35, |random| random.pick(&PROTOCOLS));
    one.protocol = number.map(Ranges::one);
    if matches!(number, Some(protocol::TCP | protocol::UDP)) {
        one.destination_port = random.maybe(60, |random| Ranges::one(random.pick(&PORTS)));
        one.source_port = random.maybe(20, |random| Ranges::one(random.pick(&PORTS)));
    }
    one
}

fn net(random: &mut Random, family: Family) -> Ranges {
    let one = address(random, family);
    let lengths: &[u8] = match family {
        Family::V4 => &[0, 8, 24, 28, 32],
        Family::V6 => &[0, 32, 64, 128],
    };
    Net::new(one, random.pick(lengths)).unwrap_or(Net::host(one)).ranges()
}
