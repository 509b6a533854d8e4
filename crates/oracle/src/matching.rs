//! Whether a packet meets a condition, and what a list of entries decides about it.
//!
//! It changes nothing: sessions and translations are not its business.

use model::{
    AclIndex, Action, InterfaceIndex, Match, Node, Packet, Ranges, StageKind, State, Step, StepKind,
};

/// How deep lists may call each other; beyond it a packet is discarded.
pub(crate) const CALL_DEPTH_MAX: usize = 16;

/// What a condition can see.
#[derive(Clone, Copy)]
pub(crate) struct View<'p> {
    /// The EtherType of the frame.
    pub(crate) ethertype: u16,
    /// The packet, unless the frame holds none.
    pub(crate) packet: Option<&'p Packet>,
    /// What a session table last said.
    pub(crate) state: State,
    /// The interface it was received on, where that is known.
    pub(crate) in_interface: Option<InterfaceIndex>,
    /// The interface it will be sent on, where that is known.
    pub(crate) out_interface: Option<InterfaceIndex>,
}

/// What a list says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// The packet passes.
    Permit,
    /// The packet is discarded.
    Deny,
    /// Nothing: the packet goes back to whoever asked.
    Return,
}

/// A verdict and the place of the list entry that decided (`None`: the default).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Decision {
    pub(crate) verdict: Verdict,
    pub(crate) acl: AclIndex,
    pub(crate) entry: Option<usize>,
}

/// Whether any of `matches` holds.
pub(crate) fn any_holds(matches: &[Match], view: View<'_>) -> bool {
    matches.iter().any(|one| holds(one, view))
}

/// Whether every condition of `condition` holds; one about what the view lacks does not.
fn holds(condition: &Match, view: View<'_>) -> bool {
    frame_holds(condition, view) && packet_holds(condition, view)
}

fn frame_holds(condition: &Match, view: View<'_>) -> bool {
    let among = |wanted: &Option<Vec<InterfaceIndex>>, known: Option<InterfaceIndex>| match wanted {
        None => true,
        Some(list) => known.is_some_and(|interface| list.contains(&interface)),
    };
    within(&condition.ethertypes, u128::from(view.ethertype))
        && condition.states.is_none_or(|states| states.contains(view.state))
        && among(&condition.in_interfaces, view.in_interface)
        && among(&condition.out_interfaces, view.out_interface)
}

fn packet_holds(condition: &Match, view: View<'_>) -> bool {
    let Some(packet) = view.packet else {
        let about_packets = Match {
            ethertypes: None,
            states: None,
            in_interfaces: None,
            out_interfaces: None,
            ..condition.clone()
        };
        return about_packets == Match::any();
    };
    condition.family.is_none_or(|family| family == packet.family())
        && within(&condition.source, model::Family::number(packet.source))
        && within(&condition.destination, model::Family::number(packet.destination))
        && within(&condition.protocol, u128::from(packet.protocol))
        && within(&condition.source_port, u128::from(packet.source_port))
        && within(&condition.destination_port, u128::from(packet.destination_port))
        && within(&condition.tcp_flags, u128::from(packet.tcp_flags))
}

fn within(wanted: &Option<Ranges>, value: u128) -> bool {
    wanted.as_ref().is_none_or(|ranges| ranges.contains(value))
}

/// What the list `acl` of `node` decides when nobody called it: an entry that returns leaves
/// the word to the default of this list.
fn decide(node: &Node, acl: AclIndex, view: View<'_>) -> Decision {
    let decision = entries(node, acl, view, 0);
    if decision.verdict == Verdict::Return && decision.entry.is_some() {
        return default_of(node, acl);
    }
    decision
}

/// What the list `acl` of `node` says as a guard: what it returns goes back to routing.
pub(crate) fn guard(node: &Node, acl: AclIndex, view: View<'_>) -> Decision {
    entries(node, acl, view, 0)
}

/// What the list `acl` of `node` decides, called `depth` lists deep.
///
/// # Shape
/// `Return` with an entry: an entry of `acl` itself sent the packet back.
fn entries(node: &Node, acl: AclIndex, view: View<'_>, depth: usize) -> Decision {
    for (index, entry) in node.acl(acl).entries.iter().enumerate() {
        if !any_holds(&entry.matches, view) {
            continue;
        }
        let decision = act(node, (acl, Some(index)), entry.action, view, depth);
        let goes_on = matches!(entry.action, Action::Call(_));
        if decision.verdict == Verdict::Return && goes_on {
            continue;
        }
        return decision;
    }
    default_of(node, acl)
}

/// What the default of `acl` decides; one that is neither `Permit` nor `Deny` returns.
fn default_of(node: &Node, acl: AclIndex) -> Decision {
    let verdict = match node.acl(acl).default {
        Action::Permit => Verdict::Permit,
        Action::Deny => Verdict::Deny,
        Action::Return | Action::Call(_) | Action::Goto(_) => Verdict::Return,
    };
    Decision { verdict, acl, entry: None }
}

/// Does `action`, which stands at `place`.
fn act(
    node: &Node,
    place: (AclIndex, Option<usize>),
    action: Action,
    view: View<'_>,
    depth: usize,
) -> Decision {
    let here = |verdict| Decision { verdict, acl: place.0, entry: place.1 };
    match action {
        Action::Permit => here(Verdict::Permit),
        Action::Deny => here(Verdict::Deny),
        Action::Return => here(Verdict::Return),
        Action::Call(_) | Action::Goto(_) if depth == CALL_DEPTH_MAX => here(Verdict::Deny),
        Action::Call(other) | Action::Goto(other) => {
            let decision = entries(node, other, view, depth + 1);
            match decision.verdict {
                Verdict::Return => here(Verdict::Return),
                Verdict::Permit | Verdict::Deny => decision,
            }
        }
    }
}

/// What one list stage makes of a frame at a relay: whether it passes, and the step to tell.
pub(crate) fn filter(node: &Node, kind: &StageKind, view: View<'_>) -> (bool, Option<StepKind>) {
    let StageKind::Filter(acl) = kind else { return (true, None) };
    let Decision { verdict, acl, entry } = decide(node, *acl, view);
    match verdict {
        Verdict::Permit => (true, Some(StepKind::Permitted(acl, entry))),
        Verdict::Deny => (false, Some(StepKind::Denied(acl, entry))),
        Verdict::Return => (true, None),
    }
}

/// A step at `node` with the packet as it is then.
pub(crate) fn step(node: model::NodeId, kind: StepKind, packet: Packet) -> Step {
    Step { node, kind, packet }
}
