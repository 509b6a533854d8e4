//! Addresses, ports and packets that are likely to meet each other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{Family, Net, Network, Packet, protocol};

use super::Random;

/// Ports that conditions and packets share.
pub(super) const PORTS: [u16; 14] =
    [0, 22, 53, 80, 81, 443, 445, 500, 1023, 1024, 4500, 40_000, 40_001, 65_535];

/// Protocols that conditions and packets share.
pub(super) const PROTOCOLS: [u8; 6] =
    [protocol::TCP, protocol::UDP, protocol::ICMP, protocol::ICMPV6, 47, 50];

/// Values of the TCP flags byte that occur on real networks, and some that do not.
const FLAGS: [u8; 9] = [0x02, 0x10, 0x12, 0x18, 0x04, 0x11, 0x01, 0x00, 0x03];

/// ICMP types that mean something, of both families.
const ICMP_TYPES: [u16; 12] = [0, 3, 8, 11, 13, 14, 128, 129, 133, 135, 136, 143];

/// The net of `family` that belongs to segment `segment`.
pub(super) fn net(segment: usize, family: Family) -> Net {
    let (address, length) = match family {
        Family::V4 => {
            let nets = [[192, 0, 2, 0], [192, 0, 2, 128], [198, 51, 100, 0], [203, 0, 113, 0]];
            let lengths = [25, 28, 24, 30];
            (IpAddr::V4(Ipv4Addr::from(nets[segment % 4])), lengths[segment % 4])
        }
        Family::V6 => {
            let number = (0x2001_0db8_u128 << 96) + ((segment as u128) << 64);
            (IpAddr::V6(Ipv6Addr::from(number)), 64)
        }
    };
    Net::new(address, length).unwrap_or(Net::host(address))
}

/// An address that may occur: mostly of a host on one of the segments.
pub(super) fn address(random: &mut Random, family: Family) -> IpAddr {
    if random.chance(6) {
        return special(random, family);
    }
    let segment = random.below(5);
    host(random, segment, family)
}

/// One of the first hosts on a segment.
pub(super) fn host(random: &mut Random, segment: usize, family: Family) -> IpAddr {
    let (first, _) = net(segment, family).bounds();
    family.address(first + random.between(1, 4) as u128)
}

fn special(random: &mut Random, family: Family) -> IpAddr {
    let texts = match family {
        Family::V4 => ["127.0.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.127", "0.0.0.0"],
        Family::V6 => ["::1", "ff02::1", "fe80::1", "2001:db8:ffff::1", "::"],
    };
    random.pick(&texts).parse().unwrap_or(family.address(0))
}

/// A well-formed packet, likely to be about something that `network` knows.
pub fn packet(random: &mut Random, network: &Network) -> Packet {
    let family = random.pick(&Family::ALL);
    let known: Vec<IpAddr> = network.nodes.iter().flat_map(|node| node.addresses(family)).collect();
    let end = |random: &mut Random| {
        if random.chance(60) && !known.is_empty() {
            random.pick(&known)
        } else {
            address(random, family)
        }
    };
    let (source, destination) = (end(random), end(random));
    let protocol = random.pick(&PROTOCOLS);
    let base =
        Packet { source, destination, protocol, source_port: 0, destination_port: 0, tcp_flags: 0 };
    if base.is_icmp() {
        let code = u16::from(random.chance(20));
        return Packet { source_port: random.pick(&ICMP_TYPES), destination_port: code, ..base };
    }
    if !base.has_ports() {
        return base;
    }
    let tcp_flags = if protocol == protocol::TCP { random.pick(&FLAGS) } else { 0 };
    let (source_port, destination_port) = (random.pick(&PORTS), random.pick(&PORTS));
    Packet { source_port, destination_port, tcp_flags, ..base }
}
