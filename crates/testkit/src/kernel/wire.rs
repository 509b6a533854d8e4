//! Packets of the model as frames, and back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{Family, Packet, flags, protocol};

/// Which packet of which case a frame is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tag {
    /// The case; its number is also in the IPv4 identification and the IPv6 flow label.
    pub case: u16,
    /// Its packet.
    pub step: u8,
    /// Whether it goes in the other direction than the first packet of the case.
    pub is_answer: bool,
}

const MAGIC: [u8; 4] = *b"seki";
const PAYLOAD_BYTES: usize = 8;
const ETHERNET_BYTES: usize = 14;

impl Tag {
    fn payload(self) -> [u8; PAYLOAD_BYTES] {
        let [high, low] = self.case.to_be_bytes();
        let [a, b, c, d] = MAGIC;
        [a, b, c, d, high, low, self.step, u8::from(self.is_answer)]
    }

    /// The tag in a payload.
    pub(super) fn of_payload(payload: &[u8]) -> Option<Self> {
        let rest = payload.strip_prefix(&MAGIC)?;
        let [high, low, step, is_answer] = *rest.first_chunk::<4>()?;
        let case = u16::from_be_bytes([high, low]);
        Some(Self { case, step, is_answer: is_answer == 1 })
    }
}

/// The Ethernet frame that carries `packet` to `destination`.
#[must_use]
pub fn frame(packet: &Packet, tag: Tag, source: [u8; 6], destination: [u8; 6]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(96);
    bytes.extend(destination);
    bytes.extend(source);
    bytes.extend(packet.family().ethertype().to_be_bytes());
    let mut upper = transport(packet, tag);
    upper.extend(tag.payload());
    set_checksum(packet, &mut upper);
    let length = u16::try_from(upper.len()).unwrap_or(u16::MAX);
    match (packet.source, packet.destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            let mut header = vec![0x45, 0];
            header.extend((length + 20).to_be_bytes());
            header.extend(tag.case.to_be_bytes());
            header.extend([0, 0, 64, packet.protocol, 0, 0]);
            header.extend(source.octets());
            header.extend(destination.octets());
            let sum = checksum(&header);
            header[10..12].copy_from_slice(&sum.to_be_bytes());
            bytes.extend(header);
        }
        (source, destination) => {
            bytes.extend([0x60, 0]);
            bytes.extend(tag.case.to_be_bytes());
            bytes.extend(length.to_be_bytes());
            bytes.extend([packet.protocol, 64]);
            bytes.extend(octets(source));
            bytes.extend(octets(destination));
        }
    }
    bytes.extend(upper);
    bytes
}

/// The header above IP, its checksum 0.
///
/// TCP numbers are such that a connection's packets are in its window.
fn transport(packet: &Packet, tag: Tag) -> Vec<u8> {
    let mut header = Vec::new();
    let byte = |value: u16| u8::try_from(value).unwrap_or(u8::MAX);
    if packet.is_icmp() {
        header.extend([byte(packet.source_port), byte(packet.destination_port), 0, 0]);
        header.extend(tag.case.to_be_bytes());
        header.extend([0, 1]);
        return header;
    }
    if packet.has_ports() {
        header.extend(packet.source_port.to_be_bytes());
        header.extend(packet.destination_port.to_be_bytes());
    }
    match packet.protocol {
        protocol::UDP => {
            header.extend((8 + PAYLOAD_BYTES as u16).to_be_bytes());
            header.extend([0, 0]);
        }
        protocol::TCP => {
            let (own, other): (u32, u32) = if tag.is_answer { (5000, 1000) } else { (1000, 5000) };
            let is_syn = packet.tcp_flags & flags::SYN != 0;
            let is_ack = packet.tcp_flags & flags::ACK != 0;
            header.extend((own + u32::from(!is_syn)).to_be_bytes());
            header.extend((if is_ack { other + 1 } else { 0 }).to_be_bytes());
            header.extend([0x50, packet.tcp_flags, 0xff, 0xff, 0, 0, 0, 0]);
        }
        _ => {}
    }
    header
}

/// Where the checksum is in the header above IP.
fn checksum_at(packet: &Packet) -> Option<usize> {
    match packet.protocol {
        protocol::TCP => Some(16),
        protocol::UDP => Some(6),
        _ if packet.is_icmp() => Some(2),
        _ => None,
    }
}

fn set_checksum(packet: &Packet, upper: &mut [u8]) {
    let Some(at) = checksum_at(packet) else { return };
    let mut covered = Vec::new();
    if packet.protocol != protocol::ICMP {
        covered.extend(octets(packet.source));
        covered.extend(octets(packet.destination));
        covered.extend(u32::try_from(upper.len()).unwrap_or(0).to_be_bytes());
        covered.extend([0, 0, 0, packet.protocol]);
    }
    covered.extend_from_slice(upper);
    let sum = match checksum(&covered) {
        0 if packet.protocol == protocol::UDP => u16::MAX,
        sum => sum,
    };
    upper[at..at + 2].copy_from_slice(&sum.to_be_bytes());
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// The Internet checksum (RFC 1071).
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u32 = 0;
    for pair in bytes.chunks(2) {
        sum += u32::from(u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(u16::MAX)
}

/// The packet and the tag in an Ethernet frame; `None` for frames that [`frame`] did not make.
#[must_use]
pub fn parse(frame: &[u8]) -> Option<(Packet, Tag)> {
    let ethertype = u16::from_be_bytes([*frame.get(12)?, *frame.get(13)?]);
    let ip = frame.get(ETHERNET_BYTES..)?;
    let family = Family::ALL.into_iter().find(|family| family.ethertype() == ethertype)?;
    let (source, destination, protocol, upper) = match family {
        Family::V4 => {
            let address = |at: usize| ip.get(at..)?.first_chunk::<4>().copied();
            let ends = (Ipv4Addr::from(address(12)?), Ipv4Addr::from(address(16)?));
            (IpAddr::V4(ends.0), IpAddr::V4(ends.1), *ip.get(9)?, ip.get(20..)?)
        }
        Family::V6 => {
            let address = |at: usize| ip.get(at..)?.first_chunk::<16>().copied();
            let ends = (Ipv6Addr::from(address(8)?), Ipv6Addr::from(address(24)?));
            (IpAddr::V6(ends.0), IpAddr::V6(ends.1), *ip.get(6)?, ip.get(40..)?)
        }
    };
    let mut packet =
        Packet { source, destination, protocol, source_port: 0, destination_port: 0, tcp_flags: 0 };
    let two = |at: usize| Some(u16::from_be_bytes([*upper.get(at)?, *upper.get(at + 1)?]));
    if packet.is_icmp() {
        packet.source_port = u16::from(*upper.first()?);
        packet.destination_port = u16::from(*upper.get(1)?);
    } else if packet.has_ports() {
        (packet.source_port, packet.destination_port) = (two(0)?, two(2)?);
    }
    if protocol == protocol::TCP {
        packet.tcp_flags = *upper.get(13)?;
    }
    let tag = Tag::of_payload(upper.get(header_bytes(family, protocol)..)?)?;
    Some((packet, tag))
}

/// Length of the header above IP.
pub(super) fn header_bytes(family: Family, protocol: u8) -> usize {
    match (family, protocol) {
        (_, protocol::TCP) => 20,
        (_, protocol::UDP) | (Family::V4, protocol::ICMP) | (Family::V6, protocol::ICMPV6) => 8,
        _ => 0,
    }
}
