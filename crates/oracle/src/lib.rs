//! One packet, one step at a time, as `docs/PACKET-WALK.md` defines it.
//!
//! It is slow, short and obviously right: the judge that replays what `reach` claims. Each
//! function is a paragraph of the definition. It shares no code with `reach` but the model.

mod layer2;
mod matching;
mod memory;
mod port_choice;
mod route;
mod security;
mod stage;
mod walk;

use model::{InterfaceIndex, Network, NodeId, NodeKind, Outcome, Packet, StepKind, Trace};

pub use walk::MAX_PATHS;

use layer2::{Frame, flood};
use memory::Memory;
use walk::Walk;

/// A network, and what its nodes remember of the packets so far.
#[derive(Debug)]
pub struct Oracle<'n> {
    network: &'n Network,
    memory: Memory<'n>,
    stretches: Vec<u16>,
    is_complete: bool,
    tells_ports: bool,
}

impl<'n> Oracle<'n> {
    /// An oracle whose nodes remember nothing.
    #[must_use]
    pub fn new(network: &'n Network) -> Self {
        let stretches = port_choice::stretches(network);
        Self {
            network,
            memory: Memory::default(),
            stretches,
            is_complete: true,
            tells_ports: false,
        }
    }

    /// The same, which also tells ways apart that differ in nothing but the port that a translator
    /// chose.
    #[must_use]
    pub fn telling_ports(network: &'n Network) -> Self {
        Self { tells_ports: true, ..Self::new(network) }
    }

    /// All ways of a packet that an attacker at `from` sends from any interface, to any
    /// layer-2 address.
    ///
    /// # Shape
    /// Empty when it reaches no IP side.
    pub fn attack(&mut self, from: NodeId, packet: Packet) -> Vec<Trace> {
        self.walk(|walk, memory| walk.attack(from, packet, memory))
    }

    /// All ways of a packet that `from` itself sends with its own routing.
    pub fn originate(&mut self, from: NodeId, packet: Packet) -> Vec<Trace> {
        self.walk(|walk, memory| walk.originate(from, packet, memory))
    }

    /// All ways of the answer to the packet of `trace`.
    ///
    /// # Shape
    /// Empty unless the packet was delivered.
    pub fn answer(&mut self, trace: &Trace) -> Vec<Trace> {
        self.sent_back(trace, |answer| answer)
    }

    /// All ways of a later packet of the one who took the packet of `trace`: one with these TCP
    /// flags.
    pub fn later_answer(&mut self, trace: &Trace, tcp_flags: u8) -> Vec<Trace> {
        self.sent_back(trace, |answer| Packet { tcp_flags, ..answer })
    }

    /// All ways of what `made` makes of the answer to the packet of `trace`.
    fn sent_back(&mut self, trace: &Trace, made: impl FnOnce(Packet) -> Packet) -> Vec<Trace> {
        let (Outcome::Delivered(node), Some(last)) = (trace.outcome, trace.steps.last()) else {
            return Vec::new();
        };
        let answer = made(last.packet.reply());
        if self.network.node(node).kind == NodeKind::Outside
            && let Some((on, to)) = last_leg(trace)
        {
            return self.walk(|walk, memory| walk.send_back(on, to, answer, memory));
        }
        self.originate(node, answer)
    }

    /// Interfaces that see a frame of `ethertype` without an IP packet, such as one of PPPoE,
    /// that `from` sends on `interface`.
    #[must_use]
    pub fn frame(
        &self,
        from: NodeId,
        interface: InterfaceIndex,
        ethertype: u16,
    ) -> Vec<(NodeId, InterfaceIndex)> {
        flood(self.network, (from, interface), Frame { ethertype, packet: None }).seen
    }

    /// Whether every way of every packet so far was followed to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Walks, and remembers what any of the ways made nodes remember.
    fn walk(&mut self, go: impl FnOnce(&mut Walk<'n, '_>, &Memory<'n>)) -> Vec<Trace> {
        let mut walk = Walk::new(self.network, &self.stretches, self.tells_ports);
        go(&mut walk, &self.memory);
        self.is_complete &= walk.is_complete;
        let mut traces = Vec::new();
        for (trace, memory) in walk.ended {
            self.memory.learn(&memory);
            traces.push(trace);
        }
        traces
    }
}

/// An interface of a node.
type Place = (NodeId, InterfaceIndex);

/// Where the packet of `trace` was last received, and the interface that had sent it.
fn last_leg(trace: &Trace) -> Option<(Place, Place)> {
    let back = || trace.steps.iter().rev();
    let received = back().find_map(|step| match step.kind {
        StepKind::Received(interface) => Some((step.node, interface)),
        _ => None,
    })?;
    let sent = back().find_map(|step| match step.kind {
        StepKind::Sent(interface) => Some((step.node, interface)),
        _ => None,
    })?;
    Some((received, sent))
}
