//! IPsec of a node: its tunnels with both ends and their selectors, and the ordered policies that
//! decide what must be protected.
//!
//! # Source
//! RFC 4301 sections 4.1, 4.4.1 and 5.

use std::net::IpAddr;

use diag::Text;

use crate::{InterfaceIndex, Match, Origin, Packet, protocol};

/// A tunnel of a node; an index into [`Node::tunnels`](crate::Node::tunnels).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TunnelIndex(pub u32);

/// An IPsec tunnel that the node ends.
///
/// # Shape
/// `interface` is of kind [`Tunnel`](crate::InterfaceKind::Tunnel) and belongs to no other tunnel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tunnel {
    /// The name a person would use for it.
    pub name: String,
    /// Its door: the interface on which protected packets leave the node and come in.
    pub interface: InterfaceIndex,
    /// `None`: routes lead to the door (route-based). Else policies do, and a packet that comes
    /// in counts as received on this interface, which carries the outer packets.
    pub carrier: Option<InterfaceIndex>,
    /// The node's end of the outer packets; `None` where the line hands it out.
    pub local: Option<IpAddr>,
    /// The other end.
    pub peer: Peer,
    /// Packets that it carries outward, the union of these; inward it carries their mirror
    /// images. `None`: every packet.
    ///
    /// # Shape
    /// About addresses, protocol and ports only.
    pub selectors: Option<Vec<Match>>,
    /// What the outer packets are.
    pub encapsulation: Encapsulation,
    /// Why it may never come up, whatever passes.
    pub doubt: Option<Text>,
    /// The line that names the peer, else the one that brings the tunnel into being.
    pub origin: Origin,
}

/// The other end of a tunnel.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Peer {
    /// This address.
    Address(IpAddr),
    /// Whoever has this name.
    Name(String),
    /// Whoever knows the key.
    Any,
    /// Nothing is written.
    Unknown,
}

/// What carries the protected packets (RFC 4303, RFC 3948).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Encapsulation {
    /// ESP in IP.
    Esp,
    /// ESP in UDP port 4500.
    Udp,
    /// ESP in UDP where an address translator is found on the way, else in IP.
    Negotiated,
}

/// One entry of the ordered policies (SPD).
///
/// # Shape
/// `selectors` are written as for packets outward and are about addresses, protocol and ports
/// only; inward the mirror images hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecurityPolicy {
    /// Packets that it is about: the union of these.
    pub selectors: Vec<Match>,
    /// What is done with them.
    pub action: SecurityAction,
    /// Whether it may not be there at times, as one that comes and goes with its tunnel.
    pub may_be_absent: bool,
    /// The line it comes from.
    pub origin: Origin,
}

/// What a policy does with packets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SecurityAction {
    /// They go through this tunnel; inward they must have come through it.
    Protect(TunnelIndex),
    /// They go in clear.
    Bypass,
    /// They are discarded.
    Discard,
}

/// What IPsec made of a packet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SecurityStep {
    /// This policy sends it through its tunnel, or lets it in because it came through it.
    Protected(usize),
    /// This policy lets it pass in clear.
    Bypassed(usize),
    /// This policy discards it.
    Discarded(usize),
    /// It came in another way than through the tunnel of this policy.
    Unprotected(usize),
    /// This policy is not there while its tunnel is down.
    Absent(usize),
    /// It came through this tunnel, but no policy is about it.
    Unexpected(TunnelIndex),
    /// This tunnel carries no such packets.
    Unselected(TunnelIndex),
    /// This tunnel is down.
    Down(TunnelIndex),
}

/// ESP (RFC 4303).
pub const ESP: u8 = 50;
/// Key exchange (RFC 7296), and with [`NAT_TRAVERSAL`] also ESP in UDP (RFC 3948).
pub const IKE: u16 = 500;
/// Key exchange and ESP through address translators.
pub const NAT_TRAVERSAL: u16 = 4500;

/// Whether `packet`, which a node with tunnels sends itself, is one of its outer packets.
#[must_use]
pub fn is_outer_sent(packet: &Packet) -> bool {
    packet.protocol == ESP
        || packet.protocol == protocol::UDP && matches!(packet.source_port, IKE | NAT_TRAVERSAL)
}

/// Whether `packet`, which is for a node with tunnels, is one of its outer packets.
#[must_use]
pub fn is_outer_received(packet: &Packet) -> bool {
    packet.protocol == ESP
        || packet.protocol == protocol::UDP
            && matches!(packet.destination_port, IKE | NAT_TRAVERSAL)
}

/// The mirror image of a selector: source and destination with their ports exchanged.
#[must_use]
pub fn mirrored(selector: &Match) -> Match {
    Match {
        source: selector.destination.clone(),
        destination: selector.source.clone(),
        source_port: selector.destination_port.clone(),
        destination_port: selector.source_port.clone(),
        ..selector.clone()
    }
}
