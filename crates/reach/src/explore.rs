//! The exploration: where it starts, what it finds, and the steps on the way.

use model::{Family, InterfaceIndex, NodeId, Outcome, State, States, StepKind};
use packet_set::{Budget, BudgetExceeded, Cube, Field};

use crate::compile::{Atlas, Ear};
use crate::flight::{Announced, Begun, Flight, History, Visits, universe, well_formed};
use crate::region::{Cuts, Holes};

/// What an exploration starts with.
#[derive(Clone, Debug)]
pub struct Start {
    /// Who sends.
    pub node: NodeId,
    /// How.
    pub mode: Mode,
    /// Which packets, of one family each; see [`universe`].
    pub packets: Vec<(Family, Cube)>,
    /// Whether discarded packets are reported too.
    pub keeps_discarded: bool,
    /// Whether packets that no node [remembers](Leaf::is_remembered) are left out at their ends.
    pub only_remembered: bool,
    /// Nodes whose IP sides are left out, for questions in which they play no part.
    pub ignored: Vec<NodeId>,
    /// Whether packets are also followed as if a session that announces them had been begun
    /// before; see [`Leaf::announced`].
    pub follows_announced: bool,
    /// Whether packets are also followed as if IPsec tunnels were down.
    pub follows_outages: bool,
    /// Whether packets are followed only until the node has sent them, for questions about the
    /// interfaces that it takes; they then end as if nobody took them.
    pub ends_when_sent: bool,
}

/// How packets are sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// By an attacker at the node: from any of its interfaces, with any source address, to any
    /// layer-2 address.
    Attack,
    /// By the node's own routing.
    Originate,
}

impl Start {
    /// Everything an attacker at `node` can send.
    #[must_use]
    pub fn attack(node: NodeId) -> Self {
        let packets = Family::ALL.map(|family| (family, universe(family))).to_vec();
        Self {
            node,
            mode: Mode::Attack,
            packets,
            keeps_discarded: false,
            only_remembered: false,
            ignored: Vec::new(),
            follows_announced: false,
            follows_outages: true,
            ends_when_sent: false,
        }
    }

    /// `packets` as `node` itself sends them, with all that becomes of them while tunnels are up.
    #[must_use]
    pub fn originate(node: NodeId, packets: Vec<(Family, Cube)>) -> Self {
        Self {
            node,
            mode: Mode::Originate,
            packets,
            keeps_discarded: true,
            only_remembered: false,
            ignored: Vec::new(),
            follows_announced: false,
            follows_outages: false,
            ends_when_sent: false,
        }
    }
}

/// Bounds of one exploration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Boxes that may be made.
    pub cubes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { cubes: 2_000_000 }
    }
}

/// Packets that go one way and end at one place.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Family of the packets.
    pub family: Family,
    /// The packets as they were sent; all well formed.
    pub sent: Cube,
    /// The packets as they ended.
    pub arrived: Cube,
    /// Where they ended.
    pub outcome: Outcome,
    /// Interface on which they ended, where a node took them.
    pub interface: Option<InterfaceIndex>,
    /// The session without which they do not get there.
    pub announced: Option<Announced>,
    pub(crate) step: u32,
    pub(crate) history: History,
}

impl Leaf {
    /// Whether the packets begin the session `announced` on their way.
    #[must_use]
    pub fn begins(&self, announced: &Announced) -> bool {
        self.history.begun().iter().any(|begun| {
            begun.node == announced.node
                && begun.tracker == announced.tracker
                && begun.trigger == Some(announced.trigger)
        })
    }

    /// Whether a node on the way remembers the packets and would let answers to them pass.
    #[must_use]
    pub fn is_remembered(&self) -> bool {
        self.history.is_remembered()
    }

    /// Whether addresses or ports of the packets were rewritten on the way. For an answer: whether
    /// it ends with other ones than it should, since a rewriting of its first packet was not undone
    /// or a rule rewrote it.
    #[must_use]
    pub fn is_rewritten(&self) -> bool {
        !self.history.rewritten().is_empty()
    }

    /// Whether destinations of the packets were rewritten on the way to others than they had.
    #[must_use]
    pub fn is_redirected(&self) -> bool {
        // What is turned to the one address and the ports that it has is where it wanted to go.
        let both = |field: Field| (self.sent.interval(field), self.arrived.interval(field));
        let (sent, arrived) = both(Field::Destination);
        let (sent_port, arrived_port) = both(Field::DestinationPort);
        let is_where_it_wanted =
            sent == arrived && sent.lo() == sent.hi() && sent_port == arrived_port;
        !is_where_it_wanted && self.history.rewritten().iter().any(|one| !one.is_source)
    }

    /// The same way for `sent`, a part of the packets.
    #[must_use]
    pub fn with_sent(&self, sent: Cube) -> Self {
        Self { sent, ..self.clone() }
    }
}

/// One step of a way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way {
    /// Where.
    pub node: NodeId,
    /// What.
    pub kind: StepKind,
}

#[derive(Clone, Copy, Debug)]
struct Arena {
    parent: u32,
    way: Way,
}

/// What was found.
#[derive(Debug)]
pub struct Exploration {
    /// Disjoint for one way; a packet that has several ways is in several leaves.
    pub leaves: Vec<Leaf>,
    /// Whether all ways were followed to their end.
    pub is_complete: bool,
    /// Boxes that were made.
    pub work: u64,
    /// The packets that each node received or sent first; `None` for attacks, but not for answers
    /// that an attacker makes up.
    pub(crate) met: Option<Vec<Met>>,
    /// States that packets could have.
    pub(crate) states: States,
    steps: Vec<Arena>,
}

/// Packets that come to be decided about by a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    /// Whether the node itself sends them.
    pub(crate) is_own: bool,
    pub(crate) node: NodeId,
    pub(crate) family: Family,
    pub(crate) cube: Cube,
}

impl Exploration {
    /// The steps of a leaf's way, in order.
    #[must_use]
    pub fn way(&self, leaf: &Leaf) -> Vec<Way> {
        let mut way = Vec::with_capacity(self.back(leaf).count());
        way.extend(self.back(leaf));
        way.reverse();
        way
    }

    /// The steps of a leaf's way, the last first.
    pub fn back(&self, leaf: &Leaf) -> impl Iterator<Item = Way> + '_ {
        let mut at = leaf.step;
        std::iter::from_fn(move || {
            let arena = self.steps.get(at as usize)?;
            at = arena.parent;
            Some(arena.way)
        })
    }
}

/// Follows all packets of `start` to their ends.
#[must_use]
pub fn explore(atlas: &Atlas<'_>, start: &Start, limits: &Limits) -> Exploration {
    if start.mode == Mode::Originate {
        atlas.go_beyond_attacks();
    }
    let room = match start.mode {
        Mode::Originate => ROOM,
        Mode::Attack if start.packets.is_empty() => Room { leaves: 0, steps: 0 },
        Mode::Attack => {
            let is_whole = |(family, cube): &(Family, Cube)| *cube == universe(*family);
            if start.packets.iter().any(is_whole) { ROOM_OF_WHOLE_ATTACKS } else { ROOM_OF_ATTACKS }
        }
    };
    let mut run = Run::with_room(atlas, limits, start.keeps_discarded, room);
    run.only_remembered = start.only_remembered;
    run.ignored.clone_from(&start.ignored);
    run.follows_announced = start.follows_announced;
    run.follows_outages = start.follows_outages;
    run.ends_when_sent = start.ends_when_sent;
    run.met = (start.mode == Mode::Originate).then(Vec::new);
    let followed = start.packets.iter().try_for_each(|(family, cube)| {
        let flight = Flight::new(*family, *cube);
        match start.mode {
            Mode::Attack => run.attack(start.node, &flight),
            Mode::Originate => run.originate(start.node, flight),
        }
    });
    run.close(followed)
}

/// Room for leaves and steps of an exploration.
#[derive(Clone, Copy)]
struct Room {
    leaves: usize,
    steps: usize,
}

/// Room that most explorations fill.
const ROOM: Room = Room { leaves: 8, steps: 32 };
const ROOM_OF_ATTACKS: Room = Room { leaves: 64, steps: 256 };
const ROOM_OF_WHOLE_ATTACKS: Room = Room { leaves: 256, steps: 1_024 };

/// An exploration under way.
pub(crate) struct Run<'a> {
    pub(crate) atlas: &'a Atlas<'a>,
    pub(crate) cuts: Cuts<'a>,
    keeps_discarded: bool,
    only_remembered: bool,
    pub(crate) ignored: Vec<NodeId>,
    pub(crate) follows_announced: bool,
    pub(crate) follows_outages: bool,
    pub(crate) ends_when_sent: bool,
    /// Sessions and rewritings that the packets may lean on: those of the packet that they
    /// answer or follow.
    pub(crate) leans_on: Option<Leaning>,
    /// What becomes [`Exploration::met`].
    pub(crate) met: Option<Vec<Met>>,
    limit: u64,
    /// Room that is used again.
    parts: Vec<Cube>,
    leaves: Vec<Leaf>,
    steps: Vec<Arena>,
    /// Where packets were received, each place with the one before it.
    visited: Vec<(Ear, Visits)>,
}

/// What earlier packets of the same session left behind.
#[derive(Clone, Debug)]
pub(crate) struct Leaning {
    pub(crate) begun: Vec<Begun>,
    pub(crate) is_answer: bool,
}

impl<'a> Run<'a> {
    pub(crate) fn new(atlas: &'a Atlas<'a>, limits: &Limits, keeps_discarded: bool) -> Self {
        Self::with_room(atlas, limits, keeps_discarded, ROOM)
    }

    fn with_room(atlas: &'a Atlas<'a>, limits: &Limits, keeps_discarded: bool, room: Room) -> Self {
        Self {
            atlas,
            cuts: Cuts::new(Budget::new(limits.cubes)),
            keeps_discarded,
            only_remembered: false,
            ignored: Vec::new(),
            follows_announced: false,
            follows_outages: false,
            ends_when_sent: false,
            leans_on: None,
            limit: limits.cubes,
            parts: Vec::new(),
            leaves: Vec::with_capacity(room.leaves),
            steps: Vec::with_capacity(room.steps),
            visited: Vec::new(),
            met: None,
        }
    }

    /// Notes that `node` is to decide about `flight`.
    pub(crate) fn meet(&mut self, node: NodeId, flight: &Flight, is_own: bool) {
        if let Some(met) = &mut self.met {
            met.push(Met { is_own, node, family: flight.family, cube: flight.now.cube });
        }
    }

    /// Notes that `flight` is received by `ear`; false if that happened on its way before.
    pub(crate) fn visit(&mut self, ear: Ear, flight: &mut Flight) -> bool {
        let mut at = flight.visits;
        while let Some((own, before)) = self.visited.get(at.0 as usize) {
            if *own == ear {
                return false;
            }
            at = *before;
        }
        let last = u32::try_from(self.visited.len()).unwrap_or(u32::MAX);
        self.visited.push((ear, flight.visits));
        flight.visits = Visits(last);
        true
    }

    /// What was found, given how the last walk ended.
    pub(crate) fn close(self, followed: Result<(), BudgetExceeded>) -> Exploration {
        let mut states = vec![State::New, State::Invalid, State::Untracked];
        states.extend(self.follows_announced.then_some(State::Related));
        states.extend(self.leans_on.as_ref().map(|_| State::Established));
        Exploration {
            met: self.met,
            states: States::of(&states),
            leaves: self.leaves,
            is_complete: followed.is_ok(),
            work: self.limit - self.cuts.budget.left(),
            steps: self.steps,
        }
    }

    /// Notes a step of `flight`.
    pub(crate) fn note(&mut self, flight: &mut Flight, node: NodeId, kind: StepKind) {
        let parent = flight.step;
        flight.step = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        self.steps.push(Arena { parent, way: Way { node, kind } });
    }

    /// Ends `flight` with `outcome`.
    pub(crate) fn end(
        &mut self,
        flight: &Flight,
        outcome: Outcome,
        interface: Option<InterfaceIndex>,
    ) -> Result<(), BudgetExceeded> {
        let is_discarded = matches!(outcome, Outcome::Discarded(_));
        let is_wanted = !self.only_remembered || flight.history.is_remembered();
        if !is_wanted || is_discarded && !self.keeps_discarded {
            return Ok(());
        }
        let mut parts = std::mem::take(&mut self.parts);
        parts.clear();
        if flight.now.holes == Holes::NONE {
            well_formed(flight.family, &flight.now.cube, &mut parts);
        } else {
            for cube in self.cuts.cubes(&flight.now)? {
                well_formed(flight.family, &cube, &mut parts);
            }
        }
        for part in parts.iter().copied() {
            if flight.sent.is_none() {
                self.leaf(flight, outcome, interface, (part, part))?;
                continue;
            }
            let mut sent = Vec::new();
            well_formed(flight.family, &flight.as_sent(&part), &mut sent);
            for sent in sent {
                self.leaf(flight, outcome, interface, (sent, part))?;
            }
        }
        self.parts = parts;
        Ok(())
    }

    fn leaf(
        &mut self,
        flight: &Flight,
        outcome: Outcome,
        interface: Option<InterfaceIndex>,
        (sent, arrived): (Cube, Cube),
    ) -> Result<(), BudgetExceeded> {
        self.cuts.budget.spend(1)?;
        self.leaves.push(Leaf {
            family: flight.family,
            sent,
            arrived,
            outcome,
            interface,
            announced: flight.announced,
            step: flight.step,
            history: flight.history.clone(),
        });
        Ok(())
    }

    /// Whether it is told where `flight` is discarded, if that happens before a node on its way
    /// begins another session.
    pub(crate) fn keeps(&self, flight: &Flight) -> bool {
        self.keeps_discarded && (!self.only_remembered || flight.history.is_remembered())
    }

    /// Ends `flight` at `node`, which discards it for the reason `kind`.
    pub(crate) fn discard(
        &mut self,
        mut flight: Flight,
        node: NodeId,
        kind: StepKind,
    ) -> Result<(), BudgetExceeded> {
        if !self.keeps(&flight) {
            return Ok(());
        }
        self.note(&mut flight, node, kind);
        self.end(&flight, Outcome::Discarded(node), None)
    }
}
