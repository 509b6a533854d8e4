//! Where an answer goes another way than the packet that it answers came.

use model::{InterfaceIndex, NodeId, NodeKind, StepKind};
use reach::Way;

use crate::Scene;

/// A node that has no way back: it sends the answer elsewhere than where the first packet came
/// from, or has no route for it at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Departure {
    /// The node.
    pub(crate) node: NodeId,
    /// The interface on which the first packet came.
    pub(crate) came_on: InterfaceIndex,
    /// Who sent the first packet there, and on which interface.
    pub(crate) before: Option<(NodeId, InterfaceIndex)>,
    /// The route that it takes instead: its place in the node's routes.
    pub(crate) instead: Option<usize>,
}

impl Scene<'_> {
    /// Where the answer of `back` first leaves the way of `forth`; `None` if it never does.
    pub(crate) fn departure(&self, forth: &[Way], back: &[Way]) -> Option<Departure> {
        let mut route = None;
        for (place, step) in back.iter().enumerate() {
            match step.kind {
                StepKind::Received(_) => route = None,
                StepKind::Routed(taken, _) => route = Some(taken),
                StepKind::Sent(out) => {
                    let Some(came_on) = came_on(forth, step.node) else { continue };
                    let found = departure(forth, step.node, came_on, route);
                    let is_elsewhere = !self.is_same_segment(step.node, came_on, out)
                        || is_for_another(&back[place..], &found);
                    if is_elsewhere {
                        return Some(found);
                    }
                }
                StepKind::NoRoute => {
                    let Some(came_on) = came_on(forth, step.node) else { continue };
                    return Some(departure(forth, step.node, came_on, None));
                }
                _ => {}
            }
        }
        None
    }

    fn is_same_segment(&self, node: NodeId, one: InterfaceIndex, two: InterfaceIndex) -> bool {
        let node = self.node(node);
        let segment = |index: InterfaceIndex| node.interface(index).segment;
        // What a network outside sends comes from nowhere in particular.
        node.kind == NodeKind::Outside || one == two || segment(one) == segment(two)
    }
}

/// Whether the packet that is sent first in `back` is received by a router that did not send the
/// first packet here: the network is the same, the next hop is not.
fn is_for_another(back: &[Way], departure: &Departure) -> bool {
    let received = back.iter().skip(1).find(|step| matches!(step.kind, StepKind::Received(_)));
    match (received, departure.before) {
        (Some(step), Some((before, _))) => step.node != before,
        _ => false,
    }
}

fn came_on(forth: &[Way], node: NodeId) -> Option<InterfaceIndex> {
    forth.iter().find_map(|step| match step.kind {
        StepKind::Received(interface) if step.node == node => Some(interface),
        _ => None,
    })
}

fn departure(
    forth: &[Way],
    node: NodeId,
    came_on: InterfaceIndex,
    instead: Option<usize>,
) -> Departure {
    let received = |step: &Way| step.node == node && matches!(step.kind, StepKind::Received(_));
    let place = forth.iter().position(received).unwrap_or(0);
    let before = forth[..place].iter().rev().find_map(|step| match step.kind {
        StepKind::Sent(interface) => Some((step.node, interface)),
        _ => None,
    });
    Departure { node, came_on, before, instead }
}
