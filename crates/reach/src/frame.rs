//! Frames without packets that matter, such as PPPoE: who sees them, and through which relays.

use std::rc::Rc;

use model::{AclIndex, Action, InterfaceIndex, Match, Node, NodeId, SegmentId, StageKind};

use crate::compile::{Atlas, foot_of};

/// Someone who sees a frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hearer {
    /// The node.
    pub node: NodeId,
    /// Its interface.
    pub interface: InterfaceIndex,
    /// The relays on the way: node and place in its `relays`.
    pub relays: Vec<(NodeId, usize)>,
}

/// A segment still to be visited, who sends on it, and the relays passed so far.
type Ahead = (SegmentId, Option<(NodeId, InterfaceIndex)>, Vec<(NodeId, usize)>);

impl Atlas<'_> {
    /// Who sees a frame of `ethertype` that `node` sends on `interface`.
    ///
    /// A relay's list that looks into IP packets lets such a frame pass only by entries that ask
    /// for nothing but the EtherType and the ports.
    ///
    /// # Shape
    /// Each interface once, by the way with the fewest relays.
    #[must_use]
    pub fn frame(&self, node: NodeId, interface: InterfaceIndex, ethertype: u16) -> Vec<Hearer> {
        let device = self.network.node(node);
        let Some(segment) = device.interface(interface).segment else { return Vec::new() };
        self.spread(segment, Some((node, interface)), ethertype)
    }

    /// Who sees a frame of `ethertype` on `segment`, found once: all that [`frame`](Self::frame)
    /// tells for a sender there that relays nothing, and the sender itself.
    ///
    /// Such a sender passes on nothing that it would hear of its own, so it makes no difference to
    /// the others whether it listens.
    #[must_use]
    pub fn heard_on(&self, segment: SegmentId, ethertype: u16) -> Rc<[Hearer]> {
        let mut known = self.heard.borrow_mut();
        let heard = known
            .entry((segment, ethertype))
            .or_insert_with(|| self.spread(segment, None, ethertype).into());
        Rc::clone(heard)
    }

    /// Who sees a frame on `segment` but `sender`.
    fn spread(
        &self,
        segment: SegmentId,
        sender: Option<(NodeId, InterfaceIndex)>,
        ethertype: u16,
    ) -> Vec<Hearer> {
        let mut heard: Vec<Hearer> = Vec::new();
        let mut passed = vec![segment];
        let mut ahead = vec![(segment, sender, Vec::new())];
        while !ahead.is_empty() {
            let mut next = Vec::new();
            for (segment, from, relays) in ahead {
                for ear in self.ears(segment) {
                    if Some((ear.node, ear.interface)) == from {
                        continue;
                    }
                    let hearer =
                        Hearer { node: ear.node, interface: ear.interface, relays: relays.clone() };
                    self.pass_on(&hearer, ethertype, &mut passed, &mut next);
                    heard.push(hearer);
                }
            }
            ahead = next;
        }
        heard
    }

    fn pass_on(
        &self,
        hearer: &Hearer,
        ethertype: u16,
        passed: &mut Vec<SegmentId>,
        next: &mut Vec<Ahead>,
    ) {
        let device = self.network.node(hearer.node);
        for (place, relay) in device.relays.iter().enumerate() {
            let is_port = relay.ports.contains(&hearer.interface);
            if !is_port || !relay.ethertypes.contains(ethertype) {
                continue;
            }
            for port in relay.ports.iter().copied().filter(|port| *port != hearer.interface) {
                let out = device.interface(port);
                let Some(segment) = out.segment.filter(|_| out.enabled) else { continue };
                let is_foot = foot_of(device, place) == Some(port);
                let is_open = relay.stages.iter().all(|stage| match stage.kind {
                    StageKind::Filter(acl) => {
                        stage.family.is_some()
                            || permits(device, acl, ethertype, hearer.interface, port, 0)
                                == Some(true)
                    }
                    _ => true,
                });
                if !is_foot && is_open && !passed.contains(&segment) {
                    passed.push(segment);
                    let mut relays = hearer.relays.clone();
                    relays.push((hearer.node, place));
                    next.push((segment, Some((hearer.node, port)), relays));
                }
            }
        }
    }
}

/// How deep lists may call each other.
const CALL_DEPTH_MAX: u32 = 16;

/// Whether list `acl` lets the frame pass; `None` if it returns it.
fn permits(
    device: &Node,
    acl: AclIndex,
    ethertype: u16,
    received_on: InterfaceIndex,
    sent_on: InterfaceIndex,
    depth: u32,
) -> Option<bool> {
    if depth > CALL_DEPTH_MAX {
        return Some(false);
    }
    let list = device.acl(acl);
    let settle = |action: Action| match action {
        Action::Permit => Some(Some(true)),
        Action::Deny => Some(Some(false)),
        Action::Return => Some(None),
        Action::Call(next) => {
            permits(device, next, ethertype, received_on, sent_on, depth + 1).map(Some)
        }
        Action::Goto(next) => {
            Some(permits(device, next, ethertype, received_on, sent_on, depth + 1))
        }
    };
    let holds = |one: &Match| holds(one, ethertype, received_on, sent_on);
    for entry in list.entries.iter().filter(|entry| entry.matches.iter().any(holds)) {
        if let Some(settled) = settle(entry.action) {
            let is_outermost_return = settled.is_none() && depth == 0;
            return if is_outermost_return { settle(list.default)? } else { settled };
        }
    }
    match settle(list.default)? {
        None if depth == 0 => Some(true),
        settled => settled,
    }
}

/// Whether a frame without an IP packet meets the conditions.
fn holds(
    one: &Match,
    ethertype: u16,
    received_on: InterfaceIndex,
    sent_on: InterfaceIndex,
) -> bool {
    let asks_for_packet = one.family.is_some()
        || one.source.is_some()
        || one.destination.is_some()
        || one.protocol.is_some()
        || one.source_port.is_some()
        || one.destination_port.is_some()
        || one.tcp_flags.is_some();
    let among = |list: &Option<Vec<InterfaceIndex>>, own| {
        list.as_ref().is_none_or(|list| list.contains(&own))
    };
    !asks_for_packet
        && one.ethertypes.as_ref().is_none_or(|types| types.contains(ethertype))
        && one.states.is_none_or(|states| states.contains(model::State::Untracked))
        && among(&one.in_interfaces, received_on)
        && among(&one.out_interfaces, sent_on)
}
