//! A box of packets on its way: as it was sent, as it is now, and what it left behind.

use std::rc::Rc;

use model::{
    Family, InterfaceIndex, NodeId, SegmentId, State, TrackerIndex, TranslationIndex, protocol,
};
use packet_set::{Cube, Field, Interval};

use crate::region::{Holes, Region};

/// Every packet of `family`, well formed or not.
#[must_use]
pub fn universe(family: Family) -> Cube {
    let version = match family {
        Family::V4 => 4,
        Family::V6 => 6,
    };
    Cube::full()
        .with(Field::IpVersion, Interval::single(version))
        .with(Field::EtherType, Interval::single(u128::from(family.ethertype())))
        .with(Field::InputInterface, Interval::single(0))
        .with(Field::State, Interval::single(0))
        .with(Field::Source, Interval::new(0, family.top()))
        .with(Field::Destination, Interval::new(0, family.top()))
}

/// The well-formed packets of `cube`, as boxes.
///
/// Only TCP and UDP have ports, only TCP has flags, only ICMP has type and code.
pub(crate) fn well_formed(family: Family, cube: &Cube, out: &mut Vec<Cube>) {
    let byte = Interval::new(0, 255);
    let none = Interval::single(0);
    let plain = || cube.narrowed(Field::TcpFlags, none);
    let ended = |ends: Interval| {
        plain()?.narrowed(Field::SourcePort, ends)?.narrowed(Field::DestinationPort, ends)
    };
    let icmp = match family {
        Family::V4 => protocol::ICMP,
        Family::V6 => protocol::ICMPV6,
    };
    let shape = |number: u8| match number {
        protocol::TCP => Some(*cube),
        protocol::UDP => plain(),
        number if number == icmp => ended(byte),
        _ => ended(none),
    };
    let protocols = cube.interval(Field::Protocol);
    // Most boxes are about one protocol.
    if protocols.lo() == protocols.hi() {
        out.extend(u8::try_from(protocols.lo()).ok().and_then(shape));
        return;
    }
    let named = match family {
        Family::V4 => [protocol::ICMP, protocol::TCP, protocol::UDP],
        Family::V6 => [protocol::TCP, protocol::UDP, protocol::ICMPV6],
    };
    let bare = ended(none);
    let mut part = |numbers: Option<Interval>, shape: Option<Cube>| {
        let numbers = numbers.and_then(|numbers| numbers.intersect(&protocols));
        let both = numbers.zip(shape);
        out.extend(both.map(|(numbers, shape)| shape.with(Field::Protocol, numbers)));
    };
    let mut next = 0;
    for number in named {
        let one = u128::from(number);
        let gap = one.checked_sub(1).and_then(|last| Interval::try_new(next, last));
        part(gap, bare);
        if protocols.contains(one) {
            part(Some(Interval::single(one)), shape(number));
        }
        next = one + 1;
    }
    part(Interval::try_new(next, 255), bare);
}

/// How a field of the packet now follows from the packet as it was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Link {
    /// It is the same value.
    Same,
    /// It is the sent value plus this number.
    Plus(i32),
    /// It was replaced: its value now says nothing about the value sent.
    Free,
}

/// The fields that translation can change, in the order of [`Sent::links`].
pub(crate) const LINKED: [Field; 4] =
    [Field::Source, Field::Destination, Field::SourcePort, Field::DestinationPort];

/// The packets as they were sent, once something was rewritten.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sent {
    pub(crate) cube: Cube,
    pub(crate) links: [Link; 4],
}

/// A rewriting on the way, which answers undo in reverse order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Rewritten {
    pub(crate) node: NodeId,
    pub(crate) translation: TranslationIndex,
    /// Whether the source was rewritten; else the destination.
    pub(crate) is_source: bool,
    /// Address and port before.
    pub(crate) before: (Interval, Interval),
}

/// A session that the packets began on their way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Begun {
    pub(crate) node: NodeId,
    pub(crate) tracker: TrackerIndex,
    pub(crate) admits_replies: bool,
    /// Rewritings that had happened before: so many an answer still has to undo when it comes here.
    pub(crate) depth: usize,
    /// Rewritings that had happened when the table was asked: so many has a later packet here.
    pub(crate) depth_asked: usize,
    /// The trigger that began it; `None` in an automatic table.
    pub(crate) trigger: Option<TriggerId>,
}

/// A trigger of a node: number of its stage, and its place in the stage's list.
pub(crate) type TriggerId = (u32, usize);

/// A session that the packets rely on because it announces them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Announced {
    /// The node whose table holds it.
    pub node: NodeId,
    /// The table.
    pub tracker: TrackerIndex,
    pub(crate) trigger: TriggerId,
    /// Place of the announcement in the trigger's list.
    pub related: usize,
    /// Whether the announced packets go back from the responder to the initiator.
    pub is_reverse: bool,
}

/// What packets left behind on their way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Traces {
    pub(crate) rewritten: Vec<Rewritten>,
    pub(crate) begun: Vec<Begun>,
}

/// What packets left behind on their way; nothing, in most cases.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct History(Option<Rc<Traces>>);

impl History {
    pub(crate) fn of(rewritten: Vec<Rewritten>) -> Self {
        if rewritten.is_empty() {
            return Self::default();
        }
        Self(Some(Rc::new(Traces { rewritten, begun: Vec::new() })))
    }

    pub(crate) fn rewritten(&self) -> &[Rewritten] {
        self.0.as_ref().map_or(&[], |traces| &traces.rewritten)
    }

    pub(crate) fn begun(&self) -> &[Begun] {
        self.0.as_ref().map_or(&[], |traces| &traces.begun)
    }

    /// Whether a node remembers the packets and would let answers to them pass.
    pub(crate) fn is_remembered(&self) -> bool {
        self.begun().iter().any(|begun| begun.admits_replies)
    }

    fn traces_mut(&mut self) -> &mut Traces {
        Rc::make_mut(self.0.get_or_insert_with(Rc::default))
    }
}

/// A place where packets were received; the last of a chain in the exploration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Visits(pub(crate) u32);

impl Visits {
    pub(crate) const NONE: Self = Self(u32::MAX);
}

/// Packets on their way.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    pub(crate) family: Family,
    pub(crate) now: Region,
    pub(crate) sent: Option<Rc<Sent>>,
    pub(crate) state: State,
    /// Rewritings that had happened when the table of the node was asked.
    pub(crate) depth_asked: usize,
    pub(crate) received_on: Option<InterfaceIndex>,
    pub(crate) history: History,
    pub(crate) visits: Visits,
    pub(crate) announced: Option<Announced>,
    /// Last step in the exploration's arena; `u32::MAX` before the first.
    pub(crate) step: u32,
}

impl Flight {
    pub(crate) fn new(family: Family, cube: Cube) -> Self {
        Self {
            family,
            now: cube.into(),
            sent: None,
            state: State::Untracked,
            depth_asked: 0,
            received_on: None,
            history: History::default(),
            visits: Visits::NONE,
            announced: None,
            step: u32::MAX,
        }
    }

    /// The same flight, restricted to the packets that are now in `part`.
    pub(crate) fn within(&self, part: impl Into<Region>) -> Self {
        Self { now: part.into(), ..self.clone() }
    }

    /// What is left behind, to be added to.
    pub(crate) fn traces_mut(&mut self) -> &mut Traces {
        self.history.traces_mut()
    }

    /// Rewritings so far.
    pub(crate) fn depth(&self) -> usize {
        self.history.rewritten().len()
    }

    /// The packets that are now in `part` as they were sent.
    pub(crate) fn as_sent(&self, part: &Cube) -> Cube {
        match &self.sent {
            None => *part,
            Some(sent) => sent.cube_for(part),
        }
    }

    /// Replaces `field` by `value`, whatever it was.
    // INVARIANT: the packets now are a box without holes, which speak of the packets before.
    pub(crate) fn replace(&mut self, field: Field, value: Interval) {
        self.remember();
        self.relink(field, Link::Free);
        self.now = self.now.cube.with(field, value).into();
    }

    /// Adds `offset` to `field`.
    // INVARIANT: as for `replace`.
    pub(crate) fn shift(&mut self, field: Field, offset: i32) {
        self.remember();
        let link = match self.link(field) {
            Link::Same => Link::Plus(offset),
            Link::Plus(before) => Link::Plus(before + offset),
            Link::Free => Link::Free,
        };
        self.relink(field, link);
        if let Some(moved) = moved(self.now.cube.interval(field), i64::from(offset)) {
            self.now = self.now.cube.with(field, moved).into();
        }
    }

    fn link(&self, field: Field) -> Link {
        let at = LINKED.iter().position(|linked| *linked == field);
        match (&self.sent, at) {
            (Some(sent), Some(at)) => sent.links[at],
            _ => Link::Same,
        }
    }

    /// Writes what is known of the packets now into the packets as sent.
    fn remember(&mut self) {
        assert_eq!(self.now.holes, Holes::NONE, "what is rewritten has no holes");
        let now = self.now.cube;
        match &mut self.sent {
            Some(sent) => Rc::make_mut(sent).cube = sent.cube_for(&now),
            None => self.sent = Some(Rc::new(Sent { cube: now, links: [Link::Same; 4] })),
        }
    }

    fn relink(&mut self, field: Field, link: Link) {
        let at = LINKED.iter().position(|linked| *linked == field);
        if let (Some(sent), Some(at)) = (&mut self.sent, at) {
            Rc::make_mut(sent).links[at] = link;
        }
    }
}

impl Sent {
    /// The sent packets that can have become a packet of `now`.
    fn cube_for(&self, now: &Cube) -> Cube {
        let mut cube = self.cube;
        for field in Field::ALL {
            let link = LINKED.iter().position(|linked| *linked == field);
            let link = link.map_or(Link::Same, |at| self.links[at]);
            let then = match link {
                Link::Same => Some(now.interval(field)),
                Link::Plus(offset) => moved(now.interval(field), -i64::from(offset)),
                Link::Free => None,
            };
            if let Some(narrowed) = then.and_then(|then| cube.narrowed(field, then)) {
                cube = narrowed;
            }
        }
        cube
    }
}

/// `interval` moved by `offset`, as far as the result is a port.
fn moved(interval: Interval, offset: i64) -> Option<Interval> {
    let bound = |value: u128| {
        let value = i64::try_from(value).ok()? + offset;
        u128::try_from(value.clamp(0, 65_535)).ok()
    };
    Interval::try_new(bound(interval.lo())?, bound(interval.hi())?)
}

/// A segment that a frame has been sent on, with those before it, so that layer-2 loops end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passed<'p> {
    pub(crate) segment: SegmentId,
    pub(crate) before: Option<&'p Passed<'p>>,
}

impl Passed<'_> {
    pub(crate) fn contains(&self, segment: SegmentId) -> bool {
        self.segment == segment || self.before.is_some_and(|before| before.contains(segment))
    }
}
