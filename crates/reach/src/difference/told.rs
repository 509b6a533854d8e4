//! What is told of the difference between two networks, and what it is asked.

use model::{Family, Net, NodeId, State, States};
use packet_set::Cube;

use crate::explore::{Exploration, Met};

/// In what two networks differ, as far as packets can tell.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Difference {
    pub(super) parts: Vec<Part>,
    /// Nodes whose routes or entries of lists have other places than before.
    pub(super) renumbered: Vec<NodeId>,
    /// Nodes that treat what they send themselves in another way.
    pub(super) partial: Vec<NodeId>,
    /// Whether interfaces or prefixes of segments differ.
    pub(super) is_moved: bool,
    /// Networks in which an address or a segment lies in only one of the two networks.
    pub(super) nets: Vec<Net>,
    /// Whether frames without packets in them may go another way.
    pub(super) is_about_frames: bool,
}

/// Packets about which a node may decide otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    /// `None` where it may be any node.
    pub(super) node: Option<NodeId>,
    pub(super) family: Family,
    /// The states that they have when it decides.
    pub(super) states: States,
    pub(super) cube: Cube,
    /// Whether it may do more with them in the other network than discard them: `false` for what a
    /// list discards there that it lets pass, or that both discard.
    pub(super) is_looser: bool,
}

impl Difference {
    /// Whether the networks decide alike about everything.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let Self { parts, renumbered, partial, is_moved, nets, is_about_frames } = self;
        parts.is_empty()
            && nets.is_empty()
            && renumbered.is_empty()
            && partial.is_empty()
            && !is_moved
            && !is_about_frames
    }

    /// Whether interfaces and prefixes of segments are the same, and so what starts at them.
    #[must_use]
    pub fn keeps_addresses(&self) -> bool {
        !self.is_moved
    }

    /// Packets, as an attacker sends them, that may go another way; all others have the same
    /// ways to the same ends in both networks.
    ///
    /// Answers, later packets of a session, and what `originate` sends are not meant: a list may
    /// treat them in another way though it treats no first packet so.
    ///
    /// # Shape
    /// The boxes may overlap; none means that the networks carry all attacks alike.
    #[must_use]
    pub fn attacks(&self) -> Vec<(Family, Cube)> {
        self.met_in(attack_states(), |_| true)
    }

    /// Those of [`attacks`](Self::attacks) that may get on to where they did not get before.
    ///
    /// A packet that gets somewhere in the other network was not discarded on its way there. So
    /// where a list only discards more of it than before, all lists on that way decide as before,
    /// and it gets there in the one network too.
    ///
    /// # Shape
    /// As of `attacks`.
    #[must_use]
    pub fn new_attacks(&self) -> Vec<(Family, Cube)> {
        self.met_in(attack_states(), |part| part.is_looser)
    }

    /// Those parts of packets in one of the `states` that are `wanted`.
    pub(super) fn met_in(
        &self,
        states: States,
        wanted: impl Fn(&Part) -> bool,
    ) -> Vec<(Family, Cube)> {
        let parts = self.parts.iter().filter(|part| part.is_met_in(states) && wanted(part));
        largest(parts.map(|part| (part.family, part.cube)))
    }

    /// Whether `found`, which was explored in one of the networks, may come out otherwise in the
    /// other. If not, it is what the same start finds there, but for the numbers of entries.
    ///
    /// It begins alike where addresses are the same. From there on every step follows from the
    /// decisions of the nodes that were met about the packets that they received or sent first,
    /// in a state that such an exploration knows; if none of these decisions differs, no step
    /// does.
    #[must_use]
    pub fn touches(&self, found: &Exploration) -> bool {
        let is_renumbered = |met: &Met| self.renumbered.contains(&met.node);
        self.decides_otherwise(found, |_| true) || found.met.iter().flatten().any(is_renumbered)
    }

    /// Whether `found`, which was explored in one of the networks, may get on in the other to where
    /// it does not get here; see [`new_attacks`](Self::new_attacks).
    #[must_use]
    pub fn lets_on(&self, found: &Exploration) -> bool {
        self.decides_otherwise(found, |part| part.is_looser)
    }

    /// Whether something of `found` met a part that is `wanted`.
    fn decides_otherwise(&self, found: &Exploration, wanted: impl Fn(&Part) -> bool) -> bool {
        let differs = |met: &Met| {
            met.is_own && self.partial.contains(&met.node)
                || self.parts.iter().any(|part| {
                    wanted(part)
                        && part.node.is_none_or(|node| node == met.node)
                        && part.family == met.family
                        && part.is_met_in(found.states)
                        && part.cube.overlaps(&met.cube)
                })
        };
        self.is_moved || found.met.as_ref().is_none_or(|met| met.iter().any(differs))
    }
}

impl Part {
    /// Packets about which a node may decide otherwise, whatever their state.
    pub(super) fn of(node: Option<NodeId>, family: Family, cube: Cube) -> Self {
        Self { node, family, states: all_states(), cube, is_looser: true }
    }

    fn is_met_in(&self, states: States) -> bool {
        !self.states.intersection(states).is_empty()
    }
}

/// `parts` without those that lie in others.
pub(super) fn largest(parts: impl IntoIterator<Item = (Family, Cube)>) -> Vec<(Family, Cube)> {
    let mut found: Vec<(Family, Cube)> = Vec::new();
    for (family, cube) in parts {
        if found.iter().any(|(own, its)| *own == family && its.covers(&cube)) {
            continue;
        }
        found.retain(|(own, its)| *own != family || !cube.covers(its));
        found.push((family, cube));
    }
    found
}

pub(super) fn all_states() -> States {
    States::of(&State::ALL)
}

/// States that a packet of an attack can have: it belongs to no session.
fn attack_states() -> States {
    States::of(&[State::New, State::Related, State::Invalid, State::Untracked])
}
