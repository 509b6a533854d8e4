//! The two ends of a question: somebody by name, a zone, or an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use design::Blueprint;
use model::{
    Effects, Family, Net, Network, Node, NodeId, NodeKind, Outcome, SegmentId, SegmentKind,
};
use packet_set::{Cube, Field, Interval};
use reach::universe;
use site::{PortSpec, Site, half_width, nearest};

use super::AskError;

/// Who is asked for.
pub(super) enum End {
    Node(NodeId),
    Zone(SegmentId),
    Address(IpAddr),
    /// A destination of the site file: its network, and its addresses there.
    Listed(NodeId, Vec<Net>),
}

impl End {
    /// The end called `written`: as it is written, else with its full-width letters narrowed and
    /// without regard to case.
    pub(super) fn find(blueprint: &Blueprint, written: &str) -> Result<Self, AskError> {
        let network = &blueprint.network;
        let plain = half_width(written);
        if let Ok(address) = plain.parse() {
            return Ok(Self::Address(address));
        }
        let named = |is_meant: &dyn Fn(&str) -> bool| {
            let node = network.iter().find(|(_, node)| is_meant(&node.name));
            let zone = || zones(network).find(|(_, name)| is_meant(name));
            let listed = || {
                let mut all = blueprint.catalogue.destinations.iter();
                all.find(|one| is_meant(&one.name))
            };
            node.map(|(id, _)| Self::Node(id))
                .or_else(|| zone().map(|(id, _)| Self::Zone(id)))
                .or_else(|| listed().map(|one| Self::Listed(one.net, one.addresses.clone())))
        };
        named(&|name| name == written)
            .or_else(|| named(&|name| half_width(name).eq_ignore_ascii_case(&plain)))
            .ok_or_else(|| unknown(blueprint, written))
    }

    /// Who sends: for a zone every machine in it.
    pub(super) fn senders(
        &self,
        blueprint: &Blueprint,
        written: &str,
    ) -> Result<Vec<NodeId>, AskError> {
        let network = &blueprint.network;
        match self {
            Self::Node(node) => Ok(vec![*node]),
            Self::Zone(zone) => {
                let machines = network.iter().filter(|(_, node)| {
                    node.kind == NodeKind::Machine
                        && node.interfaces.iter().any(|one| one.segment == Some(*zone))
                });
                let machines: Vec<NodeId> = machines.map(|(id, _)| id).collect();
                if machines.is_empty() {
                    return Err(AskError::NoMachine(written.to_owned()));
                }
                Ok(machines)
            }
            Self::Address(_) | Self::Listed(..) => Err(unknown(blueprint, written)),
        }
    }

    /// Who sends in the name of `written`: of a standing line that ends at a router of which
    /// nothing is known, or at no interface that could be found, that router as well, for what
    /// comes in may be handed to whatever the router stands on.
    pub(super) fn all_senders(
        blueprint: &Blueprint,
        site: &Site,
        written: &str,
    ) -> Result<Vec<NodeId>, AskError> {
        let own = Self::find(blueprint, written).and_then(|end| end.senders(blueprint, written));
        let Some(line) = site.standing_line(&half_width(written)) else { return own };
        let mut nodes = blueprint.network.iter();
        let router = nodes.find(|(_, node)| node.name == line.router.value);
        let is_unread = |node: &Node| {
            node.lines.is_empty() && node.gaps.iter().any(|gap| gap.effects == Effects::ALL)
        };
        match (own, router) {
            (Ok(mut senders), Some((router, node))) if is_unread(node) => {
                senders.push(router);
                Ok(senders)
            }
            (Err(_), Some((router, _))) => Ok(vec![router]),
            (own, _) => own,
        }
    }

    pub(super) fn is_reached(&self, network: &Network, outcome: Outcome) -> bool {
        match (self, outcome) {
            (Self::Node(wanted) | Self::Listed(wanted, _), Outcome::Delivered(node)) => {
                *wanted == node
            }
            (Self::Zone(zone), Outcome::OnSegment(segment)) => *zone == segment,
            // The packets asked for go to addresses of the zone only.
            (Self::Zone(zone), Outcome::Delivered(node)) => {
                network.node(node).interfaces.iter().any(|one| one.segment == Some(*zone))
            }
            (Self::Address(_), Outcome::Delivered(_) | Outcome::OnSegment(_)) => true,
            _ => false,
        }
    }

    /// First packets for it, of each family that it has an address of.
    pub(super) fn packets(&self, network: &Network, ports: &[PortSpec]) -> Vec<(Family, Cube)> {
        let mut packets = Vec::new();
        for family in Family::ALL {
            for address in self.addresses(network, family) {
                let cube = universe(family).with(Field::Destination, address);
                let shapes = ports.iter().filter_map(|ports| shape(cube, family, *ports));
                packets.extend(shapes.map(|cube| (family, cube)));
                if ports.is_empty() {
                    packets.push((family, cube));
                }
            }
        }
        packets
    }

    fn addresses(&self, network: &Network, family: Family) -> Vec<Interval> {
        match self {
            Self::Address(address) => {
                let is_same = Family::of(*address) == family;
                is_same.then(|| single(*address)).into_iter().collect()
            }
            Self::Node(node) => {
                let node = network.node(*node);
                if node.kind == NodeKind::Outside {
                    vec![Interval::new(0, family.top())]
                } else {
                    node.addresses(family).map(single).collect()
                }
            }
            Self::Listed(_, nets) => {
                let own = nets.iter().filter(|net| net.family() == family);
                own.map(|net| net.bounds())
                    .map(|(first, last)| Interval::new(first, last))
                    .collect()
            }
            Self::Zone(zone) => {
                let nets = network.nets(*zone, family).map(|net| {
                    let (first, last) = net.bounds();
                    Interval::new(first, last)
                });
                let interfaces = network.nodes.iter().flat_map(|node| &node.interfaces);
                let own = interfaces
                    .filter(|one| one.segment == Some(*zone))
                    .flat_map(|one| &one.addresses)
                    .filter_map(|one| one.net)
                    .map(Net::address)
                    .filter(|address| Family::of(*address) == family);
                nets.chain(own.map(single)).collect()
            }
        }
    }

    /// Addresses of it that a reader would expect in an example.
    pub(super) fn examples(&self, blueprint: &Blueprint) -> Vec<IpAddr> {
        let network = &blueprint.network;
        match self {
            Self::Address(address) => vec![*address],
            Self::Node(node) => examples_of(blueprint, *node),
            Self::Listed(_, nets) => nets.iter().map(|net| net.address()).collect(),
            Self::Zone(zone) => network
                .nodes
                .iter()
                .filter(|node| node.kind == NodeKind::Machine)
                .flat_map(|node| &node.interfaces)
                .filter(|one| one.segment == Some(*zone))
                .flat_map(|one| one.addresses.iter().filter_map(|one| one.net))
                .map(Net::address)
                .collect(),
        }
    }
}

/// Addresses that stand for `node`: its own, or for a network outside those of its destinations,
/// and others that no zone of the site has.
pub(super) fn examples_of(blueprint: &Blueprint, node: NodeId) -> Vec<IpAddr> {
    let network = &blueprint.network;
    let found = network.node(node);
    if found.kind != NodeKind::Outside {
        return Family::ALL.into_iter().flat_map(|family| found.addresses(family)).collect();
    }
    let listed = blueprint.catalogue.destinations.iter().filter(|one| one.net == node);
    let listed = listed.flat_map(|one| &one.addresses).map(|net| net.address());
    listed.chain(ELSEWHERE).filter(|address| !is_inside(network, *address)).collect()
}

/// Addresses for examples (RFC 5737, RFC 3849).
const ELSEWHERE: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)),
    IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0xffff, 0, 0, 0, 1)),
];

/// Whether `address` is one of a zone of the site.
pub(super) fn is_inside(network: &Network, address: IpAddr) -> bool {
    let number = Family::number(address);
    let zones = network.segments.iter().filter(|one| one.kind == SegmentKind::Zone);
    zones.flat_map(|one| &one.nets).filter(|net| net.family() == Family::of(address)).any(|net| {
        let (first, last) = net.bounds();
        (first..=last).contains(&number)
    })
}

fn zones(network: &Network) -> impl Iterator<Item = (SegmentId, &str)> {
    let all = (0u32..).map(SegmentId).zip(&network.segments);
    let zones = all.filter(|(_, one)| matches!(one.kind, SegmentKind::Zone | SegmentKind::Line));
    zones.map(|(id, one)| (id, one.name.as_str()))
}

fn unknown(blueprint: &Blueprint, written: &str) -> AskError {
    let network = &blueprint.network;
    let nodes = network.nodes.iter().map(|node| node.name.as_str());
    let zones = zones(network).map(|(_, name)| name);
    let listed = blueprint.catalogue.destinations.iter().map(|one| one.name.as_str());
    let names: Vec<&str> = nodes.chain(zones).chain(listed).collect();
    AskError::Name {
        name: written.to_owned(),
        near: nearest(written, names.iter().copied()).map(str::to_owned),
        names: names.into_iter().map(str::to_owned).collect(),
    }
}

pub(super) fn single(address: IpAddr) -> Interval {
    Interval::single(Family::number(address))
}

fn shape(cube: Cube, family: Family, ports: PortSpec) -> Option<Cube> {
    let protocol = |number: u8| Interval::single(u128::from(number));
    let with = |number: u8, first: u16, last: u16| {
        cube.narrowed(Field::Protocol, protocol(number))?
            .narrowed(Field::DestinationPort, Interval::new(u128::from(first), u128::from(last)))
    };
    match ports {
        PortSpec::Any => Some(cube),
        PortSpec::Tcp(range) => with(model::protocol::TCP, range.first(), range.last()),
        PortSpec::Udp(range) => with(model::protocol::UDP, range.first(), range.last()),
        PortSpec::Esp => cube.narrowed(Field::Protocol, protocol(50)),
        PortSpec::Icmp => {
            let (number, request) = match family {
                Family::V4 => (model::protocol::ICMP, 8),
                Family::V6 => (model::protocol::ICMPV6, 128),
            };
            cube.narrowed(Field::Protocol, protocol(number))?
                .narrowed(Field::SourcePort, protocol(request))
        }
    }
}
