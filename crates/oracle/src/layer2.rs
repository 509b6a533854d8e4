//! Layer 2: which interfaces see a frame, which IP sides it enters, and who takes it.

use std::collections::VecDeque;

use model::{
    Hop, InterfaceIndex, InterfaceKind, Network, Node, NodeId, NodeKind, Outcome, Packet, Relay,
    SegmentId, SegmentKind, State, Step, StepKind,
};

use crate::matching::{View, filter, step};

/// A frame on its way over segments and relays.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) ethertype: u16,
    pub(crate) packet: Option<Packet>,
}

impl Frame {
    /// The frame that carries `packet`.
    pub(crate) fn of(packet: Packet) -> Self {
        Self { ethertype: packet.family().ethertype(), packet: Some(packet) }
    }
}

/// The IP side of a node at one of its interfaces, and what relays did on the way to it.
#[derive(Clone)]
pub(crate) struct Side {
    pub(crate) node: NodeId,
    pub(crate) interface: InterfaceIndex,
    pub(crate) way: Vec<Step>,
}

/// Where a frame got to.
#[derive(Default)]
pub(crate) struct Reached {
    /// Segments on which the sender itself put it.
    pub(crate) segments: Vec<SegmentId>,
    /// Interfaces that saw it, each once.
    pub(crate) seen: Vec<(NodeId, InterfaceIndex)>,
    /// IP sides that it entered, each once.
    pub(crate) sides: Vec<Side>,
}

/// An interface about to send the frame, and what relays did before.
struct Sending {
    node: NodeId,
    interface: InterfaceIndex,
    way: Vec<Step>,
}

/// Sends `frame` from an interface of a node; from a foot: on the other ports of its relays.
pub(crate) fn flood(network: &Network, from: (NodeId, InterfaceIndex), frame: Frame) -> Reached {
    let mut reached = Reached::default();
    let mut queue = VecDeque::new();
    for interface in sending_interfaces(network.node(from.0), from.1, frame.ethertype) {
        reached.segments.extend(network.node(from.0).interface(interface).segment);
        queue.push_back(Sending { node: from.0, interface, way: Vec::new() });
    }
    let mut sent: Vec<(NodeId, InterfaceIndex)> = Vec::new();
    while let Some(sending) = queue.pop_front() {
        // An interface sends a frame once, so this ends.
        if sent.contains(&(sending.node, sending.interface)) {
            continue;
        }
        sent.push((sending.node, sending.interface));
        let Some(segment) = network.node(sending.node).interface(sending.interface).segment else {
            continue;
        };
        for (id, node) in network.iter() {
            for (index, interface) in node.interfaces() {
                let is_sender = (id, index) == (sending.node, sending.interface);
                if interface.enabled && interface.segment == Some(segment) && !is_sender {
                    see(&mut reached, &mut queue, (id, node), index, &sending.way, frame);
                }
            }
        }
    }
    reached
}

/// The interfaces that send what the IP side sends on `interface`.
fn sending_interfaces(
    node: &Node,
    interface: InterfaceIndex,
    ethertype: u16,
) -> Vec<InterfaceIndex> {
    if node.interface(interface).kind != InterfaceKind::Bridge {
        return vec![interface];
    }
    relays_of(node, interface)
        .map(|(_, relay)| relay)
        .filter(|relay| relay.ethertypes.contains(ethertype))
        .flat_map(|relay| other_ports(node, relay, interface))
        .collect()
}

/// What happens at an interface that sees the frame.
fn see(
    reached: &mut Reached,
    queue: &mut VecDeque<Sending>,
    (id, node): (NodeId, &Node),
    port: InterfaceIndex,
    way: &[Step],
    frame: Frame,
) {
    if !reached.seen.contains(&(id, port)) {
        reached.seen.push((id, port));
    }
    for (place, relay) in relays_of(node, port) {
        if !relay.ethertypes.contains(frame.ethertype) {
            continue;
        }
        for other in other_ports(node, relay, port) {
            if let Some(way) = relayed((id, node), (place, relay), (port, other), way, frame) {
                queue.push_back(Sending { node: id, interface: other, way });
            }
        }
        if let Some(foot) = foot_of(node, relay).filter(|foot| node.interface(*foot).enabled) {
            if !reached.seen.contains(&(id, foot)) {
                reached.seen.push((id, foot));
            }
            enter(reached, id, foot, way);
        }
    }
    if foot_for(node, port).is_none() {
        enter(reached, id, port, way);
    }
}

/// The frame enters the IP side of a node.
fn enter(reached: &mut Reached, node: NodeId, interface: InterfaceIndex, way: &[Step]) {
    let is_known = |side: &Side| (side.node, side.interface) == (node, interface);
    if !reached.sides.iter().any(is_known) {
        reached.sides.push(Side { node, interface, way: way.to_vec() });
    }
}

/// The way including this relay, if its stages let the frame pass from one port to the other.
fn relayed(
    (id, node): (NodeId, &Node),
    (place, relay): (usize, &Relay),
    (port, other): (InterfaceIndex, InterfaceIndex),
    way: &[Step],
    frame: Frame,
) -> Option<Vec<Step>> {
    let mut way = way.to_vec();
    let view = View {
        ethertype: frame.ethertype,
        packet: frame.packet.as_ref(),
        state: State::Untracked,
        in_interface: Some(port),
        out_interface: Some(other),
    };
    for stage in &relay.stages {
        if stage.family.is_some_and(|only| only.ethertype() != frame.ethertype) {
            continue;
        }
        let (passes, told) = filter(node, &stage.kind, view);
        if !passes {
            return None;
        }
        way.extend(told.zip(frame.packet).map(|(kind, packet)| step(id, kind, packet)));
    }
    let kind = StepKind::Relayed(place, port, other);
    way.extend(frame.packet.map(|packet| step(id, kind, packet)));
    Some(way)
}

/// Relays of which `interface` is a port, with their places in `Node::relays`.
fn relays_of(node: &Node, interface: InterfaceIndex) -> impl Iterator<Item = (usize, &Relay)> {
    node.relays.iter().enumerate().filter(move |(_, relay)| relay.ports.contains(&interface))
}

/// Enabled ports on which `relay` sends what came from `port`.
fn other_ports(
    node: &Node,
    relay: &Relay,
    port: InterfaceIndex,
) -> impl Iterator<Item = InterfaceIndex> {
    relay.ports.iter().copied().filter(move |other| {
        let interface = node.interface(*other);
        *other != port && interface.enabled && interface.kind != InterfaceKind::Bridge
    })
}

/// The node's own foot in `relay`.
fn foot_of(node: &Node, relay: &Relay) -> Option<InterfaceIndex> {
    relay.ports.iter().copied().find(|port| node.interface(*port).kind == InterfaceKind::Bridge)
}

/// The foot at which frames for `port` enter the IP side instead of at `port` itself.
fn foot_for(node: &Node, port: InterfaceIndex) -> Option<InterfaceIndex> {
    relays_of(node, port).find_map(|(_, relay)| foot_of(node, relay))
}

/// Who takes a frame that was sent to the next hop `hop`; if nobody, how the way ends.
///
/// # Errors
/// The outcome, when no IP side takes it.
pub(crate) fn takers(
    network: &Network,
    reached: &Reached,
    hop: Hop,
    packet: &Packet,
) -> Result<Vec<Side>, Outcome> {
    let is_outside = |side: &&Side| network.node(side.node).kind == NodeKind::Outside;
    let address = match hop {
        Hop::Address(address) | Hop::AddressOn(address, _) => Some(address),
        Hop::Interface(_) | Hop::Discard => Some(packet.destination),
        Hop::Learned(_) => None,
    };
    let is_next_hop = |side: &&Side| {
        let node = network.node(side.node);
        let interface = node.interface(side.interface);
        match address {
            Some(address) => {
                let mut own = interface.addresses.iter().filter_map(|own| own.net);
                own.any(|net| net.address() == address)
                    || node.proxies.iter().any(|proxy| proxy.is_for(side.interface, address))
            }
            None => interface.advertises.is_some() || is_outside(side),
        }
    };
    let all = || reached.sides.iter();
    let chosen: Vec<Side> = if is_point_to_point(network, reached) {
        all().cloned().collect()
    } else if all().any(|side| is_next_hop(&side)) {
        all().filter(is_next_hop).cloned().collect()
    } else {
        all().filter(is_outside).cloned().collect()
    };
    if chosen.is_empty() { Err(nobody(network, reached, hop, packet)) } else { Ok(chosen) }
}

/// Whether the packet was sent on a segment where everybody takes everything.
fn is_point_to_point(network: &Network, reached: &Reached) -> bool {
    let kind = network.segment(reached.segments[0]).kind;
    matches!(kind, SegmentKind::Session | SegmentKind::Tunnel)
}

/// How the way of a packet ends that nobody takes.
fn nobody(network: &Network, reached: &Reached, hop: Hop, packet: &Packet) -> Outcome {
    let segment = reached.segments[0];
    let mut nets = network.segment(segment).nets.iter();
    let may_stand_there = nets.any(|net| net.contains(packet.destination));
    match hop {
        Hop::Interface(_) if may_stand_there && !is_point_to_point(network, reached) => {
            Outcome::OnSegment(segment)
        }
        _ => Outcome::Lost(segment),
    }
}
