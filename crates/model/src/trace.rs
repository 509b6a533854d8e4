//! What happens to one packet on its way: the words in which both judges tell it.

use crate::{
    AclIndex, InterfaceIndex, NodeId, Packet, SecurityStep, SegmentId, State, TrackerIndex,
    TranslationIndex,
};

/// The way of one packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trace {
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How the way of a packet ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// A node took it as its own; an outside network takes everything that reaches it.
    Delivered(NodeId),
    /// It was sent on a segment to an address of the segment's networks that no node of the
    /// site file has: whoever has it receives it.
    OnSegment(SegmentId),
    /// A node discarded it; the last step says why.
    Discarded(NodeId),
    /// It was sent on a segment where nobody answers for the next hop.
    Lost(SegmentId),
}

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Where.
    pub node: NodeId,
    /// What.
    pub kind: StepKind,
    /// The packet as it is after the step.
    pub packet: Packet,
}

/// Kinds of [`Step`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StepKind {
    /// The node sent it on this interface.
    Sent(InterfaceIndex),
    /// The node's IP side received it on this interface.
    Received(InterfaceIndex),
    /// A layer-2 relay of the node passed it on; the number is its place in `Node::relays`.
    Relayed(usize, InterfaceIndex, InterfaceIndex),
    /// A list let it pass; the entry that decided (`None`: the default), in the list where it
    /// stands, which may be one that was called.
    Permitted(AclIndex, Option<usize>),
    /// A list discarded it.
    Denied(AclIndex, Option<usize>),
    /// A session table told its state.
    Tracked(TrackerIndex, State),
    /// It began a session; the number is the trigger's place in the stage's list.
    Opened(TrackerIndex, usize),
    /// A translation's rule changed it (`None`: a known session did).
    Translated(TranslationIndex, Option<usize>),
    /// A translation discarded it, by this rule or because none matched.
    Untranslatable(TranslationIndex, Option<usize>),
    /// The route table chose: place of the route in `Node::routes` and of the hop in it.
    Routed(usize, usize),
    /// A policy route chose; the number is its place in `Node::policy_routes`.
    PolicyRouted(usize),
    /// A next hop is out of use: place of the route in `Node::routes` and of the hop in it.
    Vanished(usize, usize),
    /// The next hop of a policy route is out of use; its place in `Node::policy_routes`.
    PolicyVanished(usize),
    /// IPsec decided; the numbers in it are places in `Node::security_policies`.
    Secured(SecurityStep),
    /// The node does not forward packets of this family, or none between such addresses.
    NotForwarded,
    /// No usable route leads to the destination.
    NoRoute,
    /// It came back to where it had been.
    Loop,
    /// The node took it as its own.
    Accepted,
}
