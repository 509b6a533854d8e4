//! A packet that a person finds plausible, out of a box of packets.

use std::net::IpAddr;

use crate::flags::{exactly, field_of_flags, flags_of_field};
use model::{Family, Match, Packet, flags, protocol};
use packet_set::{Budget, Cube, Field, Interval, Point, Preference, pick, split, unmatched};

/// What a witness should look like if it can.
#[derive(Clone, Debug, Default)]
pub struct Taste {
    /// Source addresses, best first.
    pub sources: Vec<IpAddr>,
    /// Destination addresses, best first.
    pub destinations: Vec<IpAddr>,
    /// Destination ports, best first.
    pub ports: Vec<u16>,
}

/// First port of the range that operating systems take source ports from (RFC 6335).
const EPHEMERAL_FIRST: u128 = 49_152;

/// The most plausible packet of `cube`, which holds well-formed packets of `family` only.
#[must_use]
pub fn pick_packet(family: Family, cube: &Cube, taste: &Taste) -> Packet {
    let numbers = |addresses: &[IpAddr]| -> Vec<Interval> {
        addresses
            .iter()
            .filter(|address| Family::of(**address) == family)
            .map(|address| Interval::single(Family::number(*address)))
            .collect()
    };
    let values = |values: &[u128]| -> Vec<Interval> {
        values.iter().copied().map(Interval::single).collect()
    };
    let icmp = match family {
        Family::V4 => protocol::ICMP,
        Family::V6 => protocol::ICMPV6,
    };
    let protocols = [protocol::TCP, protocol::UDP, icmp].map(u128::from);
    let ports: Vec<u128> = taste.ports.iter().copied().map(u128::from).collect();
    let mut preference = Preference::default()
        .prefer(Field::Source, numbers(&taste.sources))
        .prefer(Field::Destination, numbers(&taste.destinations))
        .prefer(Field::Protocol, values(&protocols))
        .prefer(Field::TcpFlags, [flags::SYN, flags::ACK].map(exactly));
    let number = pick(cube, &preference).value(Field::Protocol);
    preference = if number == u128::from(icmp) {
        preference.prefer(Field::SourcePort, values(&[8, 128]))
    } else {
        preference
            .prefer(Field::SourcePort, vec![Interval::new(EPHEMERAL_FIRST, 65_535)])
            .prefer(Field::DestinationPort, values(&ports))
    };
    packet_of(family, &pick(cube, &preference))
}

/// The packet of `family` with the values of `point`.
#[must_use]
pub fn packet_of(family: Family, point: &Point) -> Packet {
    let word = |field| u16::try_from(point.value(field)).unwrap_or(u16::MAX);
    let byte = |field| u8::try_from(point.value(field)).unwrap_or(u8::MAX);
    Packet {
        source: family.address(point.value(Field::Source)),
        destination: family.address(point.value(Field::Destination)),
        protocol: byte(Field::Protocol),
        source_port: word(Field::SourcePort),
        destination_port: word(Field::DestinationPort),
        tcp_flags: flags_of_field(point.value(Field::TcpFlags)),
    }
}

/// `packet` as a point of the packet space.
#[must_use]
pub fn point_of(packet: &Packet) -> Point {
    let family = packet.family();
    crate::flight::universe(family)
        .lowest()
        .with(Field::Source, Family::number(packet.source))
        .with(Field::Destination, Family::number(packet.destination))
        .with(Field::Protocol, u128::from(packet.protocol))
        .with(Field::SourcePort, u128::from(packet.source_port))
        .with(Field::DestinationPort, u128::from(packet.destination_port))
        .with(Field::TcpFlags, field_of_flags(packet.tcp_flags))
}

/// A part of `cube`, which holds packets of `family`, that `one` matches; conditions on state
/// and interfaces are left aside.
#[must_use]
pub fn overlap(family: Family, cube: &Cube, one: &Match) -> Option<Cube> {
    let compiled = crate::compile::compile_all(std::slice::from_ref(one), family);
    let pattern = &compiled.first()?.pattern;
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    split(cube, pattern, &mut Budget::default(), &mut inside, &mut outside).ok()?;
    inside.into_iter().next()
}

/// A match that is compared with many boxes.
#[derive(Clone, Debug)]
pub struct Prepared(packet_set::Pattern);

impl Prepared {
    /// `one` for packets of `family`; `None` if none of them matches. Conditions on state and
    /// interfaces are left aside.
    #[must_use]
    pub fn new(family: Family, one: &Match) -> Option<Self> {
        let compiled = crate::compile::compile_all(std::slice::from_ref(one), family);
        compiled.into_iter().next().map(|alternative| Self(alternative.pattern))
    }

    /// The parts of `cubes` that do not match.
    #[must_use]
    pub fn without(&self, cubes: Vec<Cube>) -> Vec<Cube> {
        if !cubes.iter().any(|cube| self.0.overlaps(cube)) {
            return cubes;
        }
        let mut rest = Vec::new();
        for cube in cubes {
            let before = rest.len();
            // What could not be split off stays: nothing is taken out unseen.
            if unmatched(&cube, &self.0, &mut Budget::default(), &mut rest).is_err() {
                rest.truncate(before);
                rest.push(cube);
            }
        }
        rest
    }
}

/// The parts of `cubes`, which hold packets of `family`, that `one` does not match.
#[must_use]
pub fn without(family: Family, cubes: Vec<Cube>, one: &Match) -> Vec<Cube> {
    match Prepared::new(family, one) {
        Some(prepared) => prepared.without(cubes),
        None => cubes,
    }
}
