//! Session tables: what opens a session and what then passes.

use crate::{Match, Origin};

/// A session table of a node; an index into [`Node::trackers`](crate::Node::trackers).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TrackerIndex(pub u32);

/// A session table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tracker {
    /// The name a person would use for it.
    pub name: String,
    /// How it works.
    pub kind: TrackerKind,
    /// Where it comes from.
    pub origin: Origin,
}

/// How a session table learns sessions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TrackerKind {
    /// Every packet that the node lets through begins a session, as Linux connection tracking
    /// does (see [`Tracker::linux_first_state`]).
    Automatic,
    /// Only a packet that passes a [`StageKind::Open`](crate::StageKind::Open) stage and matches
    /// a trigger begins a session; all other packets are `New`.
    Triggered,
}

/// What begins a session in a [`TrackerKind::Triggered`] table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trigger {
    /// First packets that begin a session: the union of these.
    pub matches: Vec<Match>,
    /// Whether answers (ends and ports swapped) then are `Established`. Later packets in the
    /// direction of the first one always are.
    pub admits_replies: bool,
    /// Packets of other sessions between the two ends that then are `Related`.
    pub related: Vec<Related>,
    /// The line it comes from.
    pub origin: Origin,
}

/// Further sessions that an open session announces.
///
/// # Shape
/// The addresses are those of the session; `matches` restricts protocol and ports only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// Who may begin them.
    pub direction: RelatedDirection,
    /// Which packets.
    pub matches: Vec<Match>,
    /// Whether the node lets only those ports pass that the two ends agreed on inside the
    /// session (an application-level gateway such as the one for FTP), so that the initiator
    /// asked for it; if not, every packet that matches passes while the session lives.
    pub is_negotiated: bool,
    /// The line that says so.
    pub origin: Origin,
}

/// Direction of an announced session, seen from the session that announces it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RelatedDirection {
    /// From the initiator to the responder.
    Same,
    /// From the responder back to the initiator.
    Reverse,
}

impl Tracker {
    /// What Linux connection tracking says about the first packet of an unknown flow.
    ///
    /// TCP: SYN alone or with URG, and (with `nf_conntrack_tcp_loose=1`, the default) ACK
    /// without SYN, RST, FIN are new; any other combination is invalid. ICMP: echo, timestamp,
    /// information and address mask requests are new, ICMPv6: echo request and node information
    /// query; neighbour discovery and MLD are untracked; the others are invalid. Everything else
    /// is new.
    ///
    /// # Source
    /// Linux 6.x `nf_conntrack_proto_tcp.c`, `nf_conntrack_proto_icmp.c`,
    /// `nf_conntrack_proto_icmpv6.c`; measured, see `docs/lab-notes/linux.md`.
    #[must_use]
    pub fn linux_first_state(packet: &crate::Packet) -> crate::State {
        use crate::{Family, State, flags, protocol};
        if packet.protocol == protocol::TCP {
            const URG: u8 = 0x20;
            // PSH, ECE and CWR do not take part in the check.
            let shape =
                packet.tcp_flags & (flags::SYN | flags::ACK | flags::RST | flags::FIN | URG);
            let is_new = shape == flags::SYN
                || shape == flags::SYN | URG
                || shape == flags::ACK
                || shape == flags::ACK | URG;
            return if is_new { State::New } else { State::Invalid };
        }
        if packet.is_icmp() {
            return match (packet.family(), packet.source_port) {
                (Family::V4, 8 | 13 | 15 | 17) | (Family::V6, 128 | 139) => State::New,
                (Family::V6, 130..=136 | 143) => State::Untracked,
                _ => State::Invalid,
            };
        }
        State::New
    }
}
