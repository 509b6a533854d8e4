//! IPsec: what policies and selectors say about one packet.

use model::{
    InterfaceIndex, Match, Node, SecurityAction, SecurityStep, TunnelIndex, is_outer_received,
    is_outer_sent, mirrored,
};

use crate::matching::{View, any_holds};

/// What becomes of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It goes on in clear.
    Clear,
    /// It goes through this tunnel, or came through it.
    Through(TunnelIndex),
    /// It is discarded.
    Discarded,
}

/// One possibility: what is told, and what becomes of the packet.
pub(crate) type Possibility = (Vec<SecurityStep>, Fate);

/// What may become of a packet that `node` is about to send on `interface`.
pub(crate) fn outward(
    node: &Node,
    interface: InterfaceIndex,
    is_own: bool,
    view: View<'_>,
) -> Vec<Possibility> {
    let is_outer = is_own && !node.tunnels.is_empty() && view.packet.is_some_and(is_outer_sent);
    if is_outer || node.tunnel_at(interface).is_some() {
        return vec![(Vec::new(), Fate::Clear)];
    }
    let mut found = Vec::new();
    let mut absent = Vec::new();
    for (place, policy) in node.security_policies.iter().enumerate() {
        if !any_holds(&policy.selectors, view) {
            continue;
        }
        let (step, fate) = match policy.action {
            SecurityAction::Bypass => (SecurityStep::Bypassed(place), Fate::Clear),
            SecurityAction::Discard => (SecurityStep::Discarded(place), Fate::Discarded),
            SecurityAction::Protect(tunnel) => {
                (SecurityStep::Protected(place), Fate::Through(tunnel))
            }
        };
        found.push((with(&absent, step), fate));
        if !policy.may_be_absent {
            return found;
        }
        absent.push(SecurityStep::Absent(place));
    }
    found.push((absent, Fate::Clear));
    found
}

/// What may become of a packet that `node` has received on `interface`.
pub(crate) fn inward(node: &Node, interface: InterfaceIndex, view: View<'_>) -> Vec<Possibility> {
    let through = node.tunnel_at(interface);
    if let Some(tunnel) = through.filter(|tunnel| node.tunnel(*tunnel).carrier.is_none()) {
        let is_selected = is_selected(node, tunnel, view, mirrored);
        return vec![if is_selected {
            (Vec::new(), Fate::Through(tunnel))
        } else {
            (vec![SecurityStep::Unselected(tunnel)], Fate::Discarded)
        }];
    }
    let is_outer = view
        .packet
        .is_some_and(|packet| node.owns(packet.destination) && is_outer_received(packet));
    if is_outer && through.is_none() && !node.tunnels.is_empty() {
        return vec![(Vec::new(), Fate::Clear)];
    }
    let mut found = Vec::new();
    let mut absent = Vec::new();
    for (place, policy) in node.security_policies.iter().enumerate() {
        let selectors: Vec<Match> = policy.selectors.iter().map(mirrored).collect();
        if !any_holds(&selectors, view) {
            continue;
        }
        let (step, fate) = match (policy.action, through) {
            (SecurityAction::Discard, _) => (SecurityStep::Discarded(place), Fate::Discarded),
            (SecurityAction::Bypass, None) => (SecurityStep::Bypassed(place), Fate::Clear),
            (SecurityAction::Bypass, Some(tunnel)) => {
                (SecurityStep::Unexpected(tunnel), Fate::Discarded)
            }
            (SecurityAction::Protect(wanted), Some(tunnel)) if wanted == tunnel => {
                (SecurityStep::Protected(place), Fate::Through(tunnel))
            }
            (SecurityAction::Protect(_), _) => (SecurityStep::Unprotected(place), Fate::Discarded),
        };
        found.push((with(&absent, step), fate));
        if !policy.may_be_absent {
            return found;
        }
        absent.push(SecurityStep::Absent(place));
    }
    found.push(match through {
        None => (absent, Fate::Clear),
        Some(tunnel) => (with(&absent, SecurityStep::Unexpected(tunnel)), Fate::Discarded),
    });
    found
}

/// Whether `tunnel` has a selector for a packet outward.
pub(crate) fn carries(node: &Node, tunnel: TunnelIndex, view: View<'_>) -> bool {
    is_selected(node, tunnel, view, Clone::clone)
}

fn is_selected(
    node: &Node,
    tunnel: TunnelIndex,
    view: View<'_>,
    turn: impl Fn(&Match) -> Match,
) -> bool {
    let selectors = &node.tunnel(tunnel).selectors;
    selectors.as_ref().is_none_or(|all| {
        let all: Vec<Match> = all.iter().map(turn).collect();
        any_holds(&all, view)
    })
}

/// The interface on which a packet counts as received that came in on `interface`.
pub(crate) fn received_on(node: &Node, interface: InterfaceIndex) -> InterfaceIndex {
    let tunnel = node.tunnel_at(interface);
    tunnel.and_then(|tunnel| node.tunnel(tunnel).carrier).unwrap_or(interface)
}

fn with(absent: &[SecurityStep], step: SecurityStep) -> Vec<SecurityStep> {
    absent.iter().copied().chain([step]).collect()
}
