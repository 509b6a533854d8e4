//! Which packets of an attack pass: those that need a session which announces them only if
//! somebody can begin it.

use model::{Family, NodeId, Outcome, Packet};
use packet_set::{Cube, Field, Interval};
use reach::{Exploration, Leaf, Start, pick_packet};

use crate::Scene;
use crate::judgement::{Opening, Witness};

/// Packets of an attack that pass.
pub struct Attempt {
    /// The leaf with some of its packets.
    pub leaf: Leaf,
    /// What begins the session that lets them pass, if they need one, and the packet that passes.
    pub announcing: Option<(Opening, Packet)>,
}

impl Attempt {
    /// `witness`, which shows the packets of the leaf, with what has to be sent before.
    pub(crate) fn shown(&self, mut witness: Witness) -> Witness {
        if let Some((before, packet)) = self.announcing {
            witness.packet = packet;
            witness.before = Some(before);
        }
        witness
    }
}

impl Scene<'_> {
    /// The first of `parts`, boxes of the packets of `leaf` of an attack by `from`, that `from` can
    /// make pass; `None` if there is none.
    ///
    /// All boxes have to be handed over at once: packets that pass only while a session lives
    /// that announces them may be possible in one box, and in the one before it not.
    #[must_use]
    pub fn attempt(&self, from: NodeId, leaf: &Leaf, parts: &[Cube]) -> Option<Attempt> {
        if leaf.announced.is_none() {
            return Some(Attempt { leaf: leaf.with_sent(*parts.first()?), announcing: None });
        }
        if parts.is_empty() {
            return None;
        }
        let openings = self.openings(from, leaf)?;
        parts.iter().find_map(|part| {
            let leaf = leaf.with_sent(*part);
            let announcing = self.announcing(from, &leaf, &openings)?;
            Some(Attempt { leaf, announcing: Some(announcing) })
        })
    }

    /// Who would have to begin the session on which `leaf` of an attack by `from` relies, and what
    /// becomes of everything that it can send.
    fn openings(&self, from: NodeId, leaf: &Leaf) -> Option<(NodeId, Exploration)> {
        let Outcome::Delivered(victim) = leaf.outcome else { return None };
        let opener = if leaf.announced.as_ref()?.is_reverse { victim } else { from };
        // A session begins even if the packet is discarded further on.
        let mut start = Start::attack(opener);
        start.keeps_discarded = true;
        let openings = reach::explore(self.atlas, &start, &self.limits);
        if !openings.is_complete {
            self.cut_short();
        }
        Some((opener, openings))
    }

    /// A packet among `openings` that begins the session on which `leaf` of an attack by `from`
    /// relies, with the packet of `leaf` that then passes; `None` if none does.
    fn announcing(
        &self,
        from: NodeId,
        leaf: &Leaf,
        openings: &(NodeId, Exploration),
    ) -> Option<(Opening, Packet)> {
        let announced = leaf.announced.as_ref()?;
        let (opener, openings) = (openings.0, &openings.1);
        let taste = self.taste(from, leaf.outcome);
        openings.leaves.iter().find_map(|first| {
            if first.family != leaf.family || !first.begins(announced) {
                return None;
            }
            let (source, destination) = if announced.is_reverse {
                (Field::Destination, Field::Source)
            } else {
                (Field::Source, Field::Destination)
            };
            let sent = leaf
                .sent
                .narrowed(source, first.sent.interval(Field::Source))?
                .narrowed(destination, first.sent.interval(Field::Destination))?;
            let packet = pick_packet(leaf.family, &sent, &taste);
            let single = |address| Interval::single(Family::number(address));
            let ends = if announced.is_reverse {
                (packet.destination, packet.source)
            } else {
                (packet.source, packet.destination)
            };
            let opening = first
                .sent
                .narrowed(Field::Source, single(ends.0))?
                .narrowed(Field::Destination, single(ends.1))?;
            let own = self.taste(opener, first.outcome);
            let opening = pick_packet(leaf.family, &opening, &own);
            Some((Opening { from: opener, packet: opening }, packet))
        })
    }
}
