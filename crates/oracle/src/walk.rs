//! The way of a packet from node to node, told as recursion.

use std::collections::BTreeSet;

use model::{
    Family, Hop, InterfaceIndex, Network, Node, NodeId, NodeKind, Outcome, Packet, Point,
    SecurityStep, StepKind, Trace, TunnelIndex, is_forwardable,
};

use crate::layer2::{Frame, Reached, Side, flood, takers};
use crate::memory::Memory;
use crate::route::{Guarded, choices};
use crate::security::{self, Fate};
use crate::stage::{Passage, Passed, Path, is_for, is_spared, pass, stages_at};

/// How many ways of one packet are followed.
// LIMIT: `Oracle::is_complete` says when it was reached.
pub const MAX_PATHS: usize = 10_000;

/// An end, the steps to it, and the last packet if ways with other packets are to be told apart.
type Told = (Outcome, Vec<(NodeId, StepKind)>, Option<Packet>);

/// All ways of one packet.
pub(crate) struct Walk<'n, 'o> {
    network: &'n Network,
    stretches: &'o [u16],
    /// Ways that have ended, each with what the nodes then remember.
    pub(crate) ended: Vec<(Trace, Memory<'n>)>,
    /// Their ends and steps, without the packets but, if that is asked for, the last.
    told: BTreeSet<Told>,
    tells_ports: bool,
    /// Ways that ended, whether or not they were told already.
    count: usize,
    /// Whether no way was left out.
    pub(crate) is_complete: bool,
}

impl<'n, 'o> Walk<'n, 'o> {
    /// A walk that has not begun.
    pub(crate) fn new(network: &'n Network, stretches: &'o [u16], tells_ports: bool) -> Self {
        Self {
            tells_ports,
            network,
            stretches,
            ended: Vec::new(),
            told: BTreeSet::new(),
            count: 0,
            is_complete: true,
        }
    }

    /// An attacker at `from` sends `packet` from each interface, to every IP side it reaches.
    pub(crate) fn attack(&mut self, from: NodeId, packet: Packet, memory: &Memory<'n>) {
        for (index, interface) in self.network.node(from).interfaces() {
            if !interface.enabled || interface.segment.is_none() {
                continue;
            }
            let mut path = begin(packet, memory);
            path.tell(from, StepKind::Sent(index));
            let reached = flood(self.network, (from, index), Frame::of(packet));
            self.arrive(&path, &reached.sides);
        }
    }

    /// Node `from` itself sends `packet`.
    pub(crate) fn originate(&mut self, from: NodeId, packet: Packet, memory: &Memory<'n>) {
        let node = self.network.node(from);
        let mut path = begin(packet, memory);
        path.passage = Passage::own();
        if node.owns(packet.destination) {
            self.deliver(from, path);
        } else {
            self.route(from, path);
        }
    }

    /// Outside node `from` sends `packet` back on `interface` to the IP side `to`.
    pub(crate) fn send_back(
        &mut self,
        (from, interface): (NodeId, InterfaceIndex),
        to: (NodeId, InterfaceIndex),
        packet: Packet,
        memory: &Memory<'n>,
    ) {
        let mut path = begin(packet, memory);
        path.tell(from, StepKind::Sent(interface));
        let Reached { segments, mut sides, .. } =
            flood(self.network, (from, interface), Frame::of(packet));
        sides.retain(|side| (side.node, side.interface) == to);
        match segments.first() {
            Some(segment) if sides.is_empty() => self.end(path, Outcome::Lost(*segment)),
            _ => self.arrive(&path, &sides),
        }
    }

    /// Each of `sides` receives the packet, each on its own path.
    fn arrive(&mut self, path: &Path<'n>, sides: &[Side]) {
        for side in sides {
            let mut path = path.clone();
            path.steps.extend(side.way.iter().cloned());
            self.receive(side.node, side.interface, path);
        }
    }

    /// Received by the IP side of node `id` on `interface`.
    fn receive(&mut self, id: NodeId, interface: InterfaceIndex, mut path: Path<'n>) {
        if self.count >= MAX_PATHS {
            self.is_complete = false;
            return;
        }
        let node = self.network.node(id);
        path.passage = Passage::received(interface);
        path.tell(id, StepKind::Received(interface));
        if node.kind == NodeKind::Outside {
            return self.accept(id, path);
        }
        if path.received.contains(&(id, interface)) {
            return self.discard(id, path, StepKind::Loop);
        }
        path.received.push((id, interface));
        for (told, fate) in security::inward(node, interface, path.view()) {
            let mut path = path.clone();
            for step in told {
                path.tell(id, StepKind::Secured(step));
            }
            match fate {
                Fate::Discarded => self.end(path, Outcome::Discarded(id)),
                Fate::Clear | Fate::Through(_) => self.admit(id, interface, path),
            }
        }
    }

    /// The stages at the interface on which node `id` received the packet, and where it goes then.
    fn admit(&mut self, id: NodeId, interface: InterfaceIndex, mut path: Path<'n>) {
        let node = self.network.node(id);
        let interface = security::received_on(node, interface);
        path.passage = Passage::received(interface);
        for path in self.pass(id, &[Point::Ingress(interface), Point::Prerouting], path) {
            if is_for(node, interface, &path.packet) {
                self.deliver(id, path);
            } else if forwards(node, &path.packet) {
                self.route(id, path);
            } else {
                self.discard(id, path, StepKind::NotForwarded);
            }
        }
    }

    /// The packet is for node `id` itself.
    fn deliver(&mut self, id: NodeId, path: Path<'n>) {
        for path in self.pass(id, &[Point::LocalIn], path) {
            self.accept(id, path);
        }
    }

    /// Node `id` takes the packet.
    fn accept(&mut self, id: NodeId, mut path: Path<'n>) {
        path.leave(id);
        path.tell(id, StepKind::Accepted);
        self.end(path, Outcome::Delivered(id));
    }

    /// Node `id` routes the packet, each choice on its own path.
    fn route(&mut self, id: NodeId, path: Path<'n>) {
        let guarded = Guarded {
            packet: &path.packet,
            state: path.passage.state(),
            in_interface: path.passage.in_interface,
        };
        for choice in choices(self.network.node(id), guarded) {
            let mut path = path.clone();
            for told in choice.told {
                path.tell(id, told);
            }
            match choice.to {
                None => self.end(path, Outcome::Discarded(id)),
                Some((interface, hop)) => {
                    path.passage.out_interface = Some(interface);
                    self.forward(id, interface, hop, path);
                }
            }
        }
    }

    /// The stages after routing, then the packet is sent: as it is, or through a tunnel.
    fn forward(&mut self, id: NodeId, interface: InterfaceIndex, hop: Hop, path: Path<'n>) {
        let node = self.network.node(id);
        let first = if path.passage.is_own { Point::LocalOut } else { Point::Forward };
        for mut path in self.pass(id, &[first, Point::Postrouting], path) {
            path.leave(id);
            let view = path.view();
            for (told, fate) in security::outward(node, interface, path.passage.is_own, view) {
                let mut path = path.clone();
                for step in told {
                    path.tell(id, StepKind::Secured(step));
                }
                match fate {
                    Fate::Discarded => self.end(path, Outcome::Discarded(id)),
                    Fate::Clear => self.leave(id, interface, hop, path),
                    Fate::Through(tunnel) => self.enter_tunnel(id, tunnel, path),
                }
            }
        }
    }

    /// The stages at the interface on which the packet leaves, and the tunnel if it is a door.
    fn leave(&mut self, id: NodeId, interface: InterfaceIndex, hop: Hop, path: Path<'n>) {
        for path in self.pass(id, &[Point::Egress(interface)], path) {
            match self.network.node(id).tunnel_at(interface) {
                Some(tunnel) => self.carry(id, tunnel, (interface, hop), path),
                None => self.send(id, interface, hop, path),
            }
        }
    }

    /// A policy sends the packet through `tunnel`.
    fn enter_tunnel(&mut self, id: NodeId, tunnel: TunnelIndex, path: Path<'n>) {
        let node = self.network.node(id);
        let door = node.tunnel(tunnel).interface;
        if node.interface(door).enabled {
            self.carry(id, tunnel, (door, Hop::Interface(door)), path);
        } else {
            self.discard(id, path, StepKind::NoRoute);
        }
    }

    /// `tunnel` carries the packet, unless it is down or has no such selector.
    fn carry(
        &mut self,
        id: NodeId,
        tunnel: TunnelIndex,
        (door, hop): (InterfaceIndex, Hop),
        path: Path<'n>,
    ) {
        if !security::carries(self.network.node(id), tunnel, path.view()) {
            let told = StepKind::Secured(SecurityStep::Unselected(tunnel));
            return self.discard(id, path, told);
        }
        self.discard(id, path.clone(), StepKind::Secured(SecurityStep::Down(tunnel)));
        self.send(id, door, hop, path);
    }

    /// Node `id` sends the packet on `interface` to the next hop.
    fn send(&mut self, id: NodeId, interface: InterfaceIndex, hop: Hop, mut path: Path<'n>) {
        let reached = flood(self.network, (id, interface), Frame::of(path.packet));
        if reached.segments.is_empty() {
            return self.discard(id, path, StepKind::NoRoute);
        }
        // What the interface itself translates begins only now.
        path.leave(id);
        path.tell(id, StepKind::Sent(interface));
        match takers(self.network, &reached, hop, &path.packet) {
            Ok(sides) => self.arrive(&path, &sides),
            Err(outcome) => self.end(path, outcome),
        }
    }

    /// The packet passes the stages of node `id` at `points`; the ways on which it goes on.
    fn pass(&mut self, id: NodeId, points: &[Point], path: Path<'n>) -> Vec<Path<'n>> {
        let node = self.network.node(id);
        let stages = stages_at(node, points, &path.packet);
        let mut going = vec![path];
        for (point, stage) in stages {
            for path in std::mem::take(&mut going) {
                if is_spared(node, stage, &path) {
                    going.push(path);
                    continue;
                }
                match pass((id, node), (point, &stage.kind), path, self.stretches) {
                    Passed::On(paths) => going.extend(paths),
                    Passed::Ended(path, outcome) => self.end(*path, outcome),
                }
            }
            if going.len() > MAX_PATHS {
                going.truncate(MAX_PATHS);
                self.is_complete = false;
            }
        }
        going
    }

    fn discard(&mut self, id: NodeId, mut path: Path<'n>, told: StepKind) {
        path.tell(id, told);
        self.end(path, Outcome::Discarded(id));
    }

    /// A way ends. Ways that differ only in the port that a translator chose count once, unless
    /// they are to be told apart.
    fn end(&mut self, path: Path<'n>, outcome: Outcome) {
        self.count += 1;
        let kinds = path.steps.iter().map(|step| (step.node, step.kind)).collect();
        let last = path.steps.last().filter(|_| self.tells_ports).map(|step| step.packet);
        if self.told.insert((outcome, kinds, last)) {
            self.ended.push((Trace { steps: path.steps, outcome }, path.memory));
        }
    }
}

/// A path on which nothing has happened.
fn begin<'n>(packet: Packet, memory: &Memory<'n>) -> Path<'n> {
    Path {
        packet,
        steps: Vec::new(),
        received: Vec::new(),
        memory: memory.clone(),
        passage: Passage::default(),
    }
}

/// Whether `node` forwards packets of the family between such addresses.
fn forwards(node: &Node, packet: &Packet) -> bool {
    let forwardable = is_forwardable(packet.family());
    node.forwards(packet.family())
        && forwardable.contains(Family::number(packet.source))
        && forwardable.contains(Family::number(packet.destination))
}
