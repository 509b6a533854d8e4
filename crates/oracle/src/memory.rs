//! What nodes remember: sessions of session tables, and translated sessions.

use model::{
    NodeId, Packet, Point, Related, RelatedDirection, State, TrackerIndex, TranslationIndex,
    Trigger,
};

use crate::matching::{View, any_holds};

/// The ends of a session: a packet whose TCP flags say nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Flow(Packet);

impl Flow {
    /// The flow that `packet` is in.
    pub(crate) fn of(packet: &Packet) -> Self {
        Self(Packet { tcp_flags: 0, ..*packet })
    }

    /// The flow that answers to `packet` are in.
    pub(crate) fn answering(packet: &Packet) -> Self {
        Self::of(&packet.reply())
    }

    /// `packet` with the ends of this flow.
    pub(crate) fn applied_to(self, packet: &Packet) -> Packet {
        Packet { tcp_flags: packet.tcp_flags, ..self.0 }
    }

    /// The ports of both ends.
    pub(crate) fn ports(self) -> [u16; 2] {
        [self.0.source_port, self.0.destination_port]
    }
}

/// A session in a table.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Session<'n> {
    pub(crate) node: NodeId,
    pub(crate) tracker: TrackerIndex,
    /// The direction of the first packet.
    pub(crate) first: Flow,
    /// The other direction.
    pub(crate) other: Flow,
    /// What began it in a triggered table; `None` in an automatic one.
    pub(crate) trigger: Option<&'n Trigger>,
}

/// A translated session of a node: the first packet before and after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Translated {
    pub(crate) node: NodeId,
    /// Where it began.
    pub(crate) place: (Point, TranslationIndex),
    pub(crate) before: Packet,
    pub(crate) after: Packet,
}

impl Translated {
    /// What the session makes of `packet` at `place`, if `packet` is in its first direction:
    /// all of its work, where the session began.
    fn forth(&self, place: (Point, TranslationIndex), packet: &Packet) -> Option<Packet> {
        if Flow::of(packet) != Flow::of(&self.before) {
            return None;
        }
        let is_here = place == self.place;
        Some(if is_here { Flow::of(&self.after).applied_to(packet) } else { *packet })
    }

    /// What the session makes of `packet` at `place`, if `packet` is in its other direction:
    /// the destination comes back before routing and the source after it.
    fn back(&self, place: (Point, TranslationIndex), packet: &Packet) -> Option<Packet> {
        if Flow::of(packet) != Flow::answering(&self.after) {
            return None;
        }
        let Flow(back) = Flow::answering(&self.before);
        Some(match place.0 {
            Point::Ingress(_) | Point::Prerouting | Point::LocalOut => Packet {
                destination: back.destination,
                destination_port: back.destination_port,
                ..*packet
            },
            Point::LocalIn | Point::Forward | Point::Postrouting | Point::Egress(_) => {
                Packet { source: back.source, source_port: back.source_port, ..*packet }
            }
        })
    }
}

/// A direction of a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    /// That of its first packet.
    First,
    /// That of the answers.
    Other,
}

/// Everything that the nodes remember.
#[derive(Clone, Default, Debug)]
pub(crate) struct Memory<'n> {
    pub(crate) sessions: Vec<Session<'n>>,
    /// Those that the packet under way began: they are for later packets.
    opened: Vec<Session<'n>>,
    /// Sessions of automatic tables in which a packet of the other direction was seen.
    pub(crate) answered: Vec<Session<'n>>,
    pub(crate) translated: Vec<Translated>,
    /// Those that the packet under way began at a node that it has not left: if the node discards
    /// it, nothing is remembered.
    begun: Vec<Translated>,
    /// Those that it began at nodes that it has left: they are for later packets.
    lasting: Vec<Translated>,
}

impl<'n> Memory<'n> {
    /// Adds what `other` remembers.
    pub(crate) fn learn(&mut self, other: &Self) {
        add(&mut self.sessions, &other.sessions);
        add(&mut self.sessions, &other.opened);
        add(&mut self.answered, &other.answered);
        add(&mut self.translated, &other.translated);
        add(&mut self.translated, &other.lasting);
    }

    /// Begins a session of later packets.
    pub(crate) fn begin(&mut self, session: Session<'n>) {
        add(&mut self.opened, &[session]);
    }

    /// The ends of all sessions, also of those that the packet under way began.
    pub(crate) fn flows(&self) -> impl Iterator<Item = Flow> {
        let all = self.sessions.iter().chain(&self.opened);
        all.flat_map(|session| [session.first, session.other])
    }

    /// Begins a translated session of later packets.
    pub(crate) fn begin_translated(&mut self, session: Translated) {
        add(&mut self.begun, &[session]);
    }

    /// The packet under way leaves `node`, or is taken by it: the translated sessions that it began
    /// there last.
    pub(crate) fn keep_translated(&mut self, node: NodeId) {
        let (lasting, begun) = std::mem::take(&mut self.begun)
            .into_iter()
            .partition::<Vec<_>, _>(|it| it.node == node);
        add(&mut self.lasting, &lasting);
        self.begun = begun;
    }

    /// What an automatic table says: established if the packet is in the other direction of
    /// a session, or in the first direction of one that was answered; else as Linux says of a
    /// first packet.
    pub(crate) fn track_automatic(
        &mut self,
        place: (NodeId, TrackerIndex),
        packet: &Packet,
    ) -> State {
        let flow = Flow::of(packet);
        let here = || self.sessions.iter().filter(|one| (one.node, one.tracker) == place);
        let answers: Vec<Session<'n>> = here().filter(|one| flow == one.other).cloned().collect();
        if !answers.is_empty() {
            add(&mut self.answered, &answers);
            return State::Established;
        }
        match here().find(|one| flow == one.first) {
            Some(session) if self.answered.contains(session) => State::Established,
            Some(_) => State::New,
            None => model::Tracker::linux_first_state(packet),
        }
    }

    /// What a triggered table says: established if the packet is in the first direction of a
    /// session, or in the other and the trigger admits replies; related if a session announces
    /// it; else new.
    pub(crate) fn track_triggered(
        &self,
        place: (NodeId, TrackerIndex),
        packet: &Packet,
        view: View<'_>,
    ) -> State {
        let flow = Flow::of(packet);
        let here = || self.sessions.iter().filter(|one| (one.node, one.tracker) == place);
        let admits = |one: &Session<'_>| one.trigger.is_some_and(|trigger| trigger.admits_replies);
        if here().any(|one| flow == one.first || (flow == one.other && admits(one))) {
            return State::Established;
        }
        let announces = |one: &Session<'_>| {
            let related = one.trigger.map_or(&[][..], |trigger| &trigger.related);
            related.iter().any(|related| announced(one, related, packet, view))
        };
        if here().any(announces) { State::Related } else { State::New }
    }

    /// The packet as a translated session of `node` leaves it at `place`, and its direction in
    /// the session; `None` if it is in none. A packet that is known to have a `direction` on
    /// this passage has it in every session.
    pub(crate) fn translate(
        &self,
        node: NodeId,
        place: (Point, TranslationIndex),
        packet: &Packet,
        direction: Option<Direction>,
    ) -> Option<(Direction, Packet)> {
        let here = || self.translated.iter().filter(|one| one.node == node);
        let may_be = |one: Direction| direction.is_none_or(|known| known == one);
        let forth = here().find_map(|one| one.forth(place, packet));
        let back = here().find_map(|one| one.back(place, packet));
        let forth = forth.filter(|_| may_be(Direction::First)).map(|to| (Direction::First, to));
        forth.or(back.filter(|_| may_be(Direction::Other)).map(|to| (Direction::Other, to)))
    }
}

/// Whether `session` announces `packet`: between its two ends, in the direction that `related`
/// says, and of the kind that it says.
fn announced(session: &Session<'_>, related: &Related, packet: &Packet, view: View<'_>) -> bool {
    let Flow(first) = session.first;
    let ends = match related.direction {
        RelatedDirection::Same => (first.source, first.destination),
        RelatedDirection::Reverse => (first.destination, first.source),
    };
    (packet.source, packet.destination) == ends && any_holds(&related.matches, view)
}

fn add<T: Clone + PartialEq>(known: &mut Vec<T>, new: &[T]) {
    for one in new {
        if !known.contains(one) {
            known.push(one.clone());
        }
    }
}
