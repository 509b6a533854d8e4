//! Packets with which somebody would try a site: its real addresses, forged ones, the ports that
//! people know and those that the configurations name.

use std::collections::BTreeSet;
use std::net::IpAddr;

use design::Blueprint;
use model::{Action, Family, Match, NodeId, Packet, Ranges, StageKind, flags, icmp, protocol};

use crate::mutant::Dice;

/// Ports that people know, and the two ends.
const PORTS: [u16; 9] = [445, 443, 22, 23, 80, 53, 1, 65_535, 49_152];

/// Protocols without ports: GRE and ESP.
const OTHERS: [u8; 2] = [47, 50];

/// Most ports that are taken from the configurations.
const WRITTEN_MAX: usize = 24;

/// Most entries of lists whose packets are tried.
const ENTRIES_MAX: usize = 40;

/// Most sources that are tried with an entry of a list.
const SOURCES_MAX: usize = 6;

/// What there is to choose packets from.
#[derive(Clone, Debug)]
pub(crate) struct Probes {
    sources: [Vec<IpAddr>; 2],
    destinations: [Vec<IpAddr>; 2],
    ports: Vec<u16>,
}

/// Addresses that stand for somebody outside.
pub(crate) fn strangers() -> [IpAddr; 2] {
    [address("203.0.113.66"), address("2001:db8:666::66")]
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("the address is written right")
}

impl Probes {
    /// What the site of `blueprint` suggests.
    pub(crate) fn of(blueprint: &Blueprint) -> Self {
        let network = &blueprint.network;
        let in_family = |family: Family| {
            let mut all: Vec<IpAddr> =
                network.nodes.iter().flat_map(|node| node.addresses(family)).collect();
            let inside = blueprint.parties.inside_segments.iter();
            let nets = inside.flat_map(|segment| network.nets(*segment, family));
            // An address of each zone that no node of the site has.
            all.extend(nets.map(|net| family.address(net.bounds().0 + 9)));
            all.extend(strangers().into_iter().filter(|one| Family::of(*one) == family));
            all
        };
        let mut sources = Family::ALL.map(in_family);
        let mut destinations = sources.clone();
        destinations[0].push(address("255.255.255.255"));
        destinations[1].push(address("ff02::1"));
        for list in [&mut sources, &mut destinations] {
            list[1].push(address("fe80::66"));
        }
        for destination in &blueprint.catalogue.destinations {
            for net in &destination.addresses {
                let family = net.family();
                let one = family.address(net.bounds().0 + 1).min(net.address());
                sources[family as usize].push(one);
                destinations[family as usize].push(one);
            }
        }
        Self { sources, destinations, ports: ports(blueprint) }
    }

    /// Packets for each of `targets` from every source, then `count` packets of any kind.
    pub(crate) fn packets(
        &self,
        blueprint: &Blueprint,
        targets: &[NodeId],
        count: usize,
        dice: &mut Dice,
    ) -> Vec<Packet> {
        let mut packets = Vec::new();
        for family in Family::ALL {
            let nodes = targets.iter().map(|target| blueprint.network.node(*target));
            for destination in nodes.flat_map(|node| node.addresses(family)) {
                for source in &self.sources[family as usize] {
                    let between = |kind, ports| packet((*source, destination), kind, ports);
                    packets.push(between(Kind::Syn, (49_152, 445)));
                    packets.push(between(Kind::Ack, (445, 49_152)));
                    packets.push(between(Kind::Udp, (53, 53)));
                    packets.push(between(Kind::Echo, (0, 0)));
                }
            }
        }
        for one in entries(blueprint).take(ENTRIES_MAX) {
            packets.extend(self.named(one));
        }
        for _ in 0..count {
            packets.extend(self.any(dice));
        }
        packets
    }

    /// Packets that the entry `one` of a list is about, between addresses of the site.
    fn named(&self, one: &Match) -> Vec<Packet> {
        let first = |ranges: &Option<Ranges>, otherwise: u16| {
            let low = ranges.as_ref().and_then(Ranges::first);
            low.and_then(|low| u16::try_from(low).ok()).unwrap_or(otherwise)
        };
        let protocol = first(&one.protocol, protocol::TCP.into()).to_be_bytes()[1];
        let has_ports = matches!(protocol, protocol::TCP | protocol::UDP);
        let usual = if has_ports { (49_152, 445) } else { (0, 0) };
        let ports = (first(&one.source_port, usual.0), first(&one.destination_port, usual.1));
        let tcp_flags = first(&one.tcp_flags, flags::SYN.into()).to_be_bytes()[1];
        let mut packets = Vec::new();
        for family in Family::ALL.into_iter().filter(|own| one.family.is_none_or(|f| f == *own)) {
            let fits = |ranges: &Option<Ranges>, all: &[IpAddr]| {
                let named = |one: &&IpAddr| {
                    ranges.as_ref().is_none_or(|list| list.contains(Family::number(**one)))
                };
                let mut found: Vec<IpAddr> = all.iter().filter(named).copied().collect();
                let low = ranges.as_ref().and_then(Ranges::first);
                found.extend(low.map(|low| family.address(low)));
                found
            };
            for destination in fits(&one.destination, &self.destinations[family as usize]) {
                let sources = fits(&one.source, &self.sources[family as usize]);
                for source in sources.into_iter().take(SOURCES_MAX) {
                    let mut packet = packet((source, destination), Kind::Other(protocol), ports);
                    if packet.has_ports() || packet.is_icmp() {
                        (packet.source_port, packet.destination_port) = ports;
                    }
                    let is_tcp = protocol == protocol::TCP;
                    packet.tcp_flags = if is_tcp { tcp_flags } else { 0 };
                    packets.push(packet);
                }
            }
        }
        packets
    }

    fn any(&self, dice: &mut Dice) -> Option<Packet> {
        let family = dice.below(2);
        let source = *dice.pick(&self.sources[family])?;
        let destination = *dice.pick(&self.destinations[family])?;
        let kind = *dice.pick(&Kind::ALL)?;
        let ports = (*dice.pick(&self.ports)?, *dice.pick(&self.ports)?);
        Some(packet((source, destination), kind, ports))
    }
}

/// What sort of packet is tried.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Syn,
    Ack,
    Udp,
    Echo,
    Other(u8),
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Syn,
        Self::Syn,
        Self::Ack,
        Self::Udp,
        Self::Udp,
        Self::Echo,
        Self::Other(OTHERS[0]),
        Self::Other(OTHERS[1]),
    ];
}

fn packet((source, destination): (IpAddr, IpAddr), kind: Kind, ports: (u16, u16)) -> Packet {
    let is_v4 = destination.is_ipv4();
    let (protocol, ports, tcp_flags) = match kind {
        Kind::Syn => (protocol::TCP, ports, flags::SYN),
        Kind::Ack => (protocol::TCP, ports, flags::ACK),
        Kind::Udp => (protocol::UDP, ports, 0),
        Kind::Echo if is_v4 => (protocol::ICMP, (icmp::ECHO_REQUEST.into(), 0), 0),
        Kind::Echo => (protocol::ICMPV6, (icmp::ECHO_REQUEST_V6.into(), 0), 0),
        Kind::Other(number) => (number, (0, 0), 0),
    };
    let (source_port, destination_port) = ports;
    Packet { source, destination, protocol, source_port, destination_port, tcp_flags }
}

/// The first packet of a session.
pub(crate) fn first(source: IpAddr, destination: IpAddr, protocol: u8, port: u16) -> Packet {
    let kind = if protocol == protocol::TCP { Kind::Syn } else { Kind::Udp };
    packet((source, destination), kind, (49_152, port))
}

/// What services admit, sessions announce and the entries of all lists let pass.
fn entries(blueprint: &Blueprint) -> impl Iterator<Item = &Match> {
    let nodes = || blueprint.network.nodes.iter();
    let entries = nodes().flat_map(|node| &node.acls).flat_map(|acl| &acl.entries);
    let permits = entries.filter(|entry| entry.action != Action::Deny);
    let stages = nodes().flat_map(|node| &node.pipelines).flat_map(|pipeline| &pipeline.stages);
    let triggers = stages.flat_map(|stage| match &stage.kind {
        StageKind::Open(_, triggers) => triggers.as_slice(),
        _ => &[],
    });
    let announced = triggers.flat_map(|trigger| &trigger.related);
    let services = nodes().flat_map(|node| &node.services);
    let admitted = services.flat_map(|service| &service.admits);
    let announced = announced.flat_map(|related| &related.matches);
    admitted.chain(announced).chain(permits.flat_map(|entry| &entry.matches))
}

/// The ports that people know and the ends of the ranges that lists compare.
fn ports(blueprint: &Blueprint) -> Vec<u16> {
    let mut written = BTreeSet::new();
    for one in entries(blueprint) {
        for ranges in [&one.source_port, &one.destination_port].into_iter().flatten() {
            let ends = ranges.as_slice().iter().flat_map(|(low, high)| [*low, *high]);
            written.extend(ends.filter_map(|end| u16::try_from(end).ok()));
        }
    }
    PORTS.into_iter().chain(written.into_iter().take(WRITTEN_MAX)).collect()
}
