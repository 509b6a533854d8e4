//! Routing: where a node would send a packet, with every way it may take.

use std::cmp::Reverse;

use model::{AclIndex, Hop, InterfaceIndex, Net, NextHop, Node, Packet, Route, State, StepKind};

use crate::matching::{Decision, Verdict, View, guard};

/// One thing that routing may do with a packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Choice {
    /// Next hops that are out of use then, and the step that says what is done.
    pub(crate) told: Vec<StepKind>,
    /// The interface and next hop to which it is sent; `None`: it is discarded.
    pub(crate) to: Option<(InterfaceIndex, Hop)>,
}

impl Choice {
    fn discard(gone: &[StepKind], why: StepKind) -> Self {
        Self { told: with(gone, why), to: None }
    }
}

fn with(gone: &[StepKind], last: StepKind) -> Vec<StepKind> {
    gone.iter().copied().chain([last]).collect()
}

/// What guards see.
#[derive(Clone, Copy)]
pub(crate) struct Guarded<'p> {
    pub(crate) packet: &'p Packet,
    pub(crate) state: State,
    pub(crate) in_interface: Option<InterfaceIndex>,
}

impl Guarded<'_> {
    fn decide(self, node: &Node, list: AclIndex) -> Decision {
        let view = View {
            ethertype: self.packet.family().ethertype(),
            packet: Some(self.packet),
            state: self.state,
            in_interface: self.in_interface,
            out_interface: None,
        };
        guard(node, list, view)
    }
}

/// Everything that routing at `node` may do with the packet; policy routes come first.
pub(crate) fn choices(node: &Node, guarded: Guarded<'_>) -> Vec<Choice> {
    let mut found = Vec::new();
    let mut gone = Vec::new();
    let family = guarded.packet.family();
    for (place, policy) in node.policy_routes.iter().enumerate() {
        if policy.interface != guarded.in_interface || policy.family != family {
            continue;
        }
        let Decision { verdict, acl, entry } = guarded.decide(node, policy.guard);
        match verdict {
            Verdict::Return => {}
            Verdict::Deny => {
                found.push(Choice::discard(&gone, StepKind::Denied(acl, entry)));
                return found;
            }
            Verdict::Permit => {
                let told = with(&gone, StepKind::PolicyRouted(place));
                if permits(node, &policy.hop, guarded) && is_usable(node, policy.hop.hop) {
                    found.extend(choice(node, policy.hop.hop, told));
                    if !policy.hop.may_vanish {
                        return found;
                    }
                    gone.push(StepKind::PolicyVanished(place));
                }
            }
        }
    }
    table(node, guarded, &mut gone, &mut found);
    found
}

/// The route table: the next route is looked at only while every hop before may be absent.
fn table(node: &Node, guarded: Guarded<'_>, gone: &mut Vec<StepKind>, found: &mut Vec<Choice>) {
    for (place, route) in matching_routes(node, guarded.packet) {
        if !hops(node, guarded, (place, route), gone, found) {
            return;
        }
    }
    found.push(Choice::discard(gone, StepKind::NoRoute));
}

/// Routes to the destination: longest prefix, then highest preference, then order.
fn matching_routes<'n>(node: &'n Node, packet: &Packet) -> Vec<(usize, &'n Route)> {
    let mut routes: Vec<_> = node
        .routes
        .iter()
        .enumerate()
        .filter(|(_, route)| route.prefix.contains(packet.destination))
        .collect();
    routes.sort_by_key(|(_, route)| Reverse((route.prefix.length(), route.preference)));
    routes
}

/// Adds what the hops of one route may do; whether it may be that none of them is left.
fn hops(
    node: &Node,
    guarded: Guarded<'_>,
    (place, route): (usize, &Route),
    gone: &mut Vec<StepKind>,
    found: &mut Vec<Choice>,
) -> bool {
    if route.hops.is_empty() {
        found.push(Choice::discard(gone, StepKind::Routed(place, 0)));
        return false;
    }
    let usable = || route.hops.iter().enumerate().filter(|(_, hop)| is_usable(node, hop.hop));
    for (index, hop) in usable().filter(|(_, hop)| hop.guard.is_some()) {
        if permits(node, hop, guarded) {
            let told = with(gone, StepKind::Routed(place, index));
            found.extend(choice(node, hop.hop, told));
            if !hop.may_vanish {
                return false;
            }
            gone.push(StepKind::Vanished(place, index));
        }
    }
    let mut all_may_vanish = true;
    for (index, hop) in usable().filter(|(_, hop)| hop.guard.is_none()) {
        found.extend(choice(node, hop.hop, with(gone, StepKind::Routed(place, index))));
        all_may_vanish &= hop.may_vanish;
    }
    let without_guard = usable().filter(|(_, hop)| hop.guard.is_none());
    gone.extend(without_guard.map(|(index, _)| StepKind::Vanished(place, index)));
    all_may_vanish
}

/// Whether the guard of `hop`, if it has one, permits the packet.
fn permits(node: &Node, hop: &NextHop, guarded: Guarded<'_>) -> bool {
    hop.guard.is_none_or(|guard| guarded.decide(node, guard).verdict == Verdict::Permit)
}

/// What taking `hop` means; `None` if it is not usable.
fn choice(node: &Node, hop: Hop, told: Vec<StepKind>) -> Option<Choice> {
    if hop == Hop::Discard {
        return Some(Choice { told, to: None });
    }
    interface_of(node, hop).map(|interface| Choice { told, to: Some((interface, hop)) })
}

fn is_usable(node: &Node, hop: Hop) -> bool {
    hop == Hop::Discard || interface_of(node, hop).is_some()
}

/// The enabled interface that leads to `hop`.
fn interface_of(node: &Node, hop: Hop) -> Option<InterfaceIndex> {
    let enabled = |index: InterfaceIndex| node.interface(index).enabled.then_some(index);
    match hop {
        Hop::Discard => None,
        Hop::AddressOn(_, interface) | Hop::Interface(interface) | Hop::Learned(interface) => {
            enabled(interface)
        }
        Hop::Address(address) => node
            .interfaces()
            .filter(|(_, interface)| interface.enabled)
            .find(|(_, interface)| {
                let mut nets = interface.addresses.iter().filter_map(|own| own.net);
                nets.any(|net: Net| net.contains(address))
            })
            .map(|(index, _)| index),
    }
}
