//! One packet, and what every IP node does with certain packets.

use std::net::IpAddr;

use crate::Family;

/// IP protocol numbers that the model speaks about.
///
/// # Source
/// IANA protocol numbers.
pub mod protocol {
    /// ICMP for IPv4.
    pub const ICMP: u8 = 1;
    /// TCP.
    pub const TCP: u8 = 6;
    /// UDP.
    pub const UDP: u8 = 17;
    /// ICMP for IPv6.
    pub const ICMPV6: u8 = 58;
}

/// TCP flags as bits of the flags byte (RFC 9293 section 3.1).
pub mod flags {
    /// FIN.
    pub const FIN: u8 = 0x01;
    /// SYN.
    pub const SYN: u8 = 0x02;
    /// RST.
    pub const RST: u8 = 0x04;
    /// PSH.
    pub const PSH: u8 = 0x08;
    /// ACK.
    pub const ACK: u8 = 0x10;

    /// Flags of the segments of a session after its handshake: nothing new, data, the end, and the
    /// end at once (RFC 9293 sections 3.5 to 3.8). A reset without ACK answers what no session
    /// knows.
    pub const LATER: [u8; 4] = [ACK, PSH | ACK, FIN | ACK, RST | ACK];
}

/// ICMP types that the model speaks about.
pub mod icmp {
    /// Echo reply (RFC 792).
    pub const ECHO_REPLY: u8 = 0;
    /// Echo request (RFC 792).
    pub const ECHO_REQUEST: u8 = 8;
    /// Echo request of ICMPv6 (RFC 4443).
    pub const ECHO_REQUEST_V6: u8 = 128;
    /// Echo reply of ICMPv6 (RFC 4443).
    pub const ECHO_REPLY_V6: u8 = 129;
    /// Router solicitation (RFC 4861 section 4.1).
    pub const ROUTER_SOLICITATION: u8 = 133;
    /// Router advertisement (RFC 4861 section 4.2).
    pub const ROUTER_ADVERTISEMENT: u8 = 134;
    /// Neighbour solicitation (RFC 4861 section 4.3).
    pub const NEIGHBOUR_SOLICITATION: u8 = 135;
    /// Neighbour advertisement (RFC 4861 section 4.4).
    pub const NEIGHBOUR_ADVERTISEMENT: u8 = 136;
}

/// One IP packet as far as the model looks into it.
///
/// # Shape
/// Source and destination are of one family. For ICMP and ICMPv6 `source_port` is the type and
/// `destination_port` the code; for protocols without ports both are 0. `tcp_flags` is 0 unless
/// the protocol is TCP.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Packet {
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// Protocol, or for IPv6 the last next header.
    pub protocol: u8,
    /// Source port or ICMP type.
    pub source_port: u16,
    /// Destination port or ICMP code.
    pub destination_port: u16,
    /// TCP flags byte.
    pub tcp_flags: u8,
}

impl Packet {
    /// The family of both addresses.
    #[must_use]
    pub fn family(&self) -> Family {
        Family::of(self.destination)
    }

    /// Whether the protocol has ports.
    #[must_use]
    pub fn has_ports(&self) -> bool {
        matches!(self.protocol, protocol::TCP | protocol::UDP)
    }

    /// Whether the packet is ICMP of its own family.
    #[must_use]
    pub fn is_icmp(&self) -> bool {
        match self.family() {
            Family::V4 => self.protocol == protocol::ICMP,
            Family::V6 => self.protocol == protocol::ICMPV6,
        }
    }

    /// The packet that answers this one, as its receiver sends it: addresses and ports swapped,
    /// TCP SYN answered by SYN and ACK (else by ACK), an ICMP echo request by an echo reply.
    #[must_use]
    pub fn reply(&self) -> Self {
        let mut reply = Self { source: self.destination, destination: self.source, ..*self };
        if self.is_icmp() {
            reply.source_port = match self.source_port {
                8 => 0,
                128 if self.family() == Family::V6 => 129,
                other => other,
            };
            return reply;
        }
        reply.source_port = self.destination_port;
        reply.destination_port = self.source_port;
        if self.protocol == protocol::TCP {
            let is_syn = self.tcp_flags & (flags::SYN | flags::ACK) == flags::SYN;
            reply.tcp_flags = if is_syn { flags::SYN | flags::ACK } else { flags::ACK };
        }
        reply
    }
}

/// What a session table says about a packet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It belongs to no known session and may begin one.
    New,
    /// It belongs to a known session.
    Established,
    /// It belongs to a session that a known session announced.
    Related,
    /// It belongs to no session and cannot begin one.
    Invalid,
    /// The table does not look at it.
    Untracked,
}

impl State {
    /// All states in order.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Established, Self::Related, Self::Invalid, Self::Untracked];
}

/// A set of [`State`]s.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct States(u8);

impl States {
    /// The states listed.
    #[must_use]
    pub fn of(states: &[State]) -> Self {
        Self(states.iter().fold(0, |bits, state| bits | 1 << *state as u8))
    }

    /// Whether `state` is in the set.
    #[must_use]
    pub fn contains(self, state: State) -> bool {
        self.0 & (1 << state as u8) != 0
    }

    /// States in both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// States that are not in the set.
    #[must_use]
    pub fn complement(self) -> Self {
        Self(!self.0 & 0b1_1111)
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The states of the set in order.
    pub fn iter(self) -> impl Iterator<Item = State> {
        State::ALL.into_iter().filter(move |state| self.contains(*state))
    }
}

/// Numbers of the addresses of `family` between which a router forwards packets.
///
/// A router never forwards a packet to or from a multicast, loopback, unspecified or limited
/// broadcast address, nor for IPv6 a link-local one. As a source, multicast is excluded alike.
///
/// # Source
/// RFC 1812 section 5.3.7, RFC 4291 sections 2.5.2, 2.5.3, 2.5.6 and 2.7.
#[must_use]
pub fn is_forwardable(family: Family) -> crate::Ranges {
    match family {
        Family::V4 => {
            let v4 = |a: u32| u128::from(a);
            crate::Ranges::of([
                (v4(0x0100_0000), v4(0x7eff_ffff)),
                (v4(0x8000_0000), v4(0xdfff_ffff)),
                (v4(0xf000_0000), v4(0xffff_fffe)),
            ])
        }
        Family::V6 => {
            let link_local_first = 0xfe80_u128 << 112;
            let link_local_last = link_local_first + (1_u128 << 118) - 1;
            let multicast_first = 0xff00_u128 << 112;
            crate::Ranges::of([
                (2, link_local_first - 1),
                (link_local_last + 1, multicast_first - 1),
            ])
        }
    }
}

/// Numbers of the addresses of `family` that every node on a segment takes as its own:
/// multicast, the limited broadcast and IPv6 link-local addresses.
///
/// # Source
/// RFC 1122 section 3.2.1.3, RFC 4291 sections 2.5.6 and 2.7.
#[must_use]
pub fn for_every_node(family: Family) -> crate::Ranges {
    match family {
        Family::V4 => {
            let limited_broadcast = u128::from(u32::MAX);
            crate::Ranges::of([(0xe000_0000, 0xefff_ffff), (limited_broadcast, limited_broadcast)])
        }
        Family::V6 => {
            let link_local_first = 0xfe80_u128 << 112;
            let multicast_first = 0xff00_u128 << 112;
            crate::Ranges::of([
                (link_local_first, link_local_first + (1_u128 << 118) - 1),
                (multicast_first, u128::MAX),
            ])
        }
    }
}
