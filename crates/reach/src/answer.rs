//! The answers to packets that arrived, and the packets that follow them.

use model::{
    Family, InterfaceIndex, Match, NodeId, NodeKind, Outcome, Ranges, StepKind, flags, icmp,
    protocol,
};
use packet_set::{BudgetExceeded, Cube, Field, Interval};

use crate::compile::Atlas;
use crate::explore::{Exploration, Leaf, Leaning, Limits, Mode, Run, Start, Way};
use crate::flags::exactly;
use crate::flight::{Begun, Flight, History};
use crate::witness::Prepared;

impl Atlas<'_> {
    /// What becomes of the answers to the packets of `leaf`, which `found` holds.
    ///
    /// # Shape
    /// All ends are reported, also discarded ones. Only TCP openings, UDP and ICMP echo requests
    /// have answers here; for other packets nothing is followed.
    #[must_use]
    pub fn answer(&self, found: &Exploration, leaf: &Leaf, limits: &Limits) -> Exploration {
        let answers = swapped(leaf.family, &leaf.arrived).into_iter().collect();
        self.sent_back(found, leaf, answers, limits)
    }

    /// What becomes of the later packets of those who answer the packets of `leaf`: of TCP with
    /// each of [`flags::LATER`]. Others look like their first answer, and are not followed again.
    #[must_use]
    pub fn later_answer(&self, found: &Exploration, leaf: &Leaf, limits: &Limits) -> Exploration {
        self.later_answer_with(found, leaf, &flags::LATER.map(exactly), limits)
    }

    /// What becomes of all that [`later_answer`](Self::later_answer) follows and of some packets
    /// with other flags, in one box: where these all come to good ends, so do those.
    #[must_use]
    pub fn later_answer_at_once(
        &self,
        found: &Exploration,
        leaf: &Leaf,
        limits: &Limits,
    ) -> Exploration {
        self.later_answer_with(found, leaf, &[later_flags()], limits)
    }

    fn later_answer_with(
        &self,
        found: &Exploration,
        leaf: &Leaf,
        flags: &[Interval],
        limits: &Limits,
    ) -> Exploration {
        let first = swapped(leaf.family, &leaf.arrived);
        let first = first.filter(|cube| is_only(cube, protocol::TCP));
        let later = |cube: Cube| flags.iter().map(move |one| cube.with(Field::TcpFlags, *one));
        self.sent_back(found, leaf, first.into_iter().flat_map(later).collect(), limits)
    }

    /// What becomes of packets that `forger` sends as if they answered the packets of `leaf`, which
    /// it sent itself in the name of somebody else.
    ///
    /// # Shape
    /// Discarded packets are not reported. Of TCP the packets have any flags: SYN alone opens a
    /// session, as in a simultaneous open (RFC 9293 section 3.5), and what passes with other flags
    /// only, passes. Only the rewritings of the whole way are undone.
    #[must_use]
    pub fn forged_answer(&self, forger: NodeId, leaf: &Leaf, limits: &Limits) -> Exploration {
        let mut run = Run::new(self, limits, false);
        run.met = Some(Vec::new());
        // What a machine remembers lets packets to itself pass, which come from it then.
        let is_of_router = |begun: &&Begun| self.network.node(begun.node).kind == NodeKind::Router;
        let begun: Vec<Begun> = leaf.history.begun().iter().filter(is_of_router).copied().collect();
        if begun.is_empty() {
            return run.close(Ok(()));
        }
        let own = self.own_of_all(leaf.family, &begun);
        run.leans_on = Some(Leaning { begun, is_answer: true });
        run.follows_outages = true;
        let made_up = swapped(leaf.family, &leaf.arrived).into_iter().flat_map(|cube| {
            let cube = match is_only(&cube, protocol::TCP) {
                true => cube.with(Field::TcpFlags, Cube::full().interval(Field::TcpFlags)),
                false => cube,
            };
            without_sources(leaf.family, &own, cube)
        });
        let followed = made_up.into_iter().try_for_each(|cube| {
            let mut flight = Flight::new(leaf.family, cube);
            flight.history = History::of(leaf.history.rewritten().to_vec());
            run.attack(forger, &flight)
        });
        run.close(followed)
    }

    /// The sources that every node of `begun` discards because they are its own: Linux does so in
    /// IPv4, and in IPv6 it does not. One node that takes them is enough for a way.
    ///
    /// # Source
    /// Linux 6.1 `net/ipv4/fib_frontend.c`, `fib_validate_source`.
    fn own_of_all(&self, family: Family, begun: &[Begun]) -> Ranges {
        if family == Family::V6 {
            return Ranges::none();
        }
        let own = begun.iter().map(|one| match one.trigger {
            None => {
                let own = self.network.node(one.node).addresses(Family::V4);
                Ranges::of(own.map(|own| (Family::number(own), Family::number(own))))
            }
            Some(_) => Ranges::none(),
        });
        own.reduce(|one, other| one.intersection(&other)).unwrap_or_else(Ranges::none)
    }

    /// What becomes of `packets` that are sent back by those who took the packets of `leaf`.
    fn sent_back(
        &self,
        found: &Exploration,
        leaf: &Leaf,
        packets: Vec<Cube>,
        limits: &Limits,
    ) -> Exploration {
        self.go_beyond_attacks();
        let mut run = Run::new(self, limits, true);
        run.leans_on = Some(Leaning { begun: leaf.history.begun().to_vec(), is_answer: true });
        run.met = Some(Vec::new());
        let followed = packets.into_iter().try_for_each(|cube| {
            let mut flight = Flight::new(leaf.family, cube);
            flight.history = History::of(leaf.history.rewritten().to_vec());
            match leaf.outcome {
                Outcome::Delivered(node) if self.is_outside(node) => {
                    run.answer_from_outside(node, &found.way(leaf), flight)
                }
                Outcome::Delivered(node) => run.originate(node, flight),
                Outcome::OnSegment(_) | Outcome::Discarded(_) | Outcome::Lost(_) => Ok(()),
            }
        });
        run.close(followed)
    }

    /// What becomes of the later packets of the sessions that the packets of `leaf` began, sent
    /// as `start` sent them: of TCP with each of [`flags::LATER`].
    #[must_use]
    pub fn follow_up(&self, start: &Start, leaf: &Leaf, limits: &Limits) -> Exploration {
        self.follow_up_with(start, leaf, &flags::LATER.map(exactly), limits)
    }

    /// What becomes of all that [`follow_up`](Self::follow_up) follows and of some packets with
    /// other flags, in one box: where these all come to good ends, so do those.
    #[must_use]
    pub fn follow_up_at_once(&self, start: &Start, leaf: &Leaf, limits: &Limits) -> Exploration {
        self.follow_up_with(start, leaf, &[later_flags()], limits)
    }

    fn follow_up_with(
        &self,
        start: &Start,
        leaf: &Leaf,
        flags: &[Interval],
        limits: &Limits,
    ) -> Exploration {
        self.go_beyond_attacks();
        let mut run = Run::new(self, limits, true);
        run.leans_on = Some(Leaning { begun: leaf.history.begun().to_vec(), is_answer: false });
        run.met = (start.mode == Mode::Originate).then(Vec::new);
        let later: Vec<Cube> = match is_only(&leaf.sent, protocol::TCP) {
            true => flags.iter().map(|one| leaf.sent.with(Field::TcpFlags, *one)).collect(),
            false => vec![leaf.sent],
        };
        let followed = later.into_iter().try_for_each(|cube| {
            let flight = Flight::new(leaf.family, cube);
            match start.mode {
                Mode::Originate => run.originate(start.node, flight),
                Mode::Attack => run.attack(start.node, &flight),
            }
        });
        run.close(followed)
    }
}

impl Run<'_> {
    /// The outside answers on the interface where it was reached, to whoever sent to it.
    fn answer_from_outside(
        &mut self,
        outside: NodeId,
        way: &[Way],
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        let received = way.iter().rev().find_map(|step| match step.kind {
            StepKind::Received(interface) if step.node == outside => Some(interface),
            _ => None,
        });
        let sender = way.iter().rev().find_map(|step| match step.kind {
            StepKind::Sent(interface) if step.node != outside => Some((step.node, interface)),
            _ => None,
        });
        let (Some(received), Some(sender)) = (received, sender) else { return Ok(()) };
        self.return_to(outside, received, sender, flight)
    }

    fn return_to(
        &mut self,
        outside: NodeId,
        received: InterfaceIndex,
        sender: (NodeId, InterfaceIndex),
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        let reached = self.flood(outside, received, flight.clone())?;
        let mut is_reached = false;
        for one in reached {
            if (one.ear.node, one.ear.interface) == sender {
                is_reached = true;
                self.receive(one.ear, one.flight)?;
            }
        }
        let segment = self.atlas.network.node(outside).interface(received).segment;
        match segment {
            Some(segment) if !is_reached => self.end(&flight, Outcome::Lost(segment), None),
            _ => Ok(()),
        }
    }
}

/// A box with all packets of `cube` that [`Atlas::forged_answer`] has answers to: of TCP those with
/// nothing but SYN; `None` if there are none.
#[must_use]
pub fn may_be_forged(cube: &Cube) -> Option<Cube> {
    let opening = exactly(flags::SYN);
    let values = match is_only(cube, protocol::TCP) {
        true => opening,
        // What is not TCP has no flags.
        false => Interval::new(0, opening.hi()),
    };
    cube.narrowed(Field::TcpFlags, values)
}

/// The least interval of the field that holds each of [`flags::LATER`].
fn later_flags() -> Interval {
    let values = flags::LATER.map(exactly);
    let ends = values
        .into_iter()
        .reduce(|one, other| Interval::new(one.lo().min(other.lo()), one.hi().max(other.hi())));
    ends.unwrap_or(values[0])
}

fn is_only(cube: &Cube, number: u8) -> bool {
    cube.interval(Field::Protocol) == Interval::single(u128::from(number))
}

/// `cube` without packets from `sources`.
fn without_sources(family: Family, sources: &Ranges, cube: Cube) -> Vec<Cube> {
    if sources.is_empty() {
        return vec![cube];
    }
    let of_them = Match { source: Some(sources.clone()), ..Match::any() };
    match Prepared::new(family, &of_them) {
        Some(prepared) => prepared.without(vec![cube]),
        None => vec![cube],
    }
}

/// The answers to the packets of `cube`, as `model::Packet::reply` makes them.
fn swapped(family: Family, cube: &Cube) -> Option<Cube> {
    let turned = cube
        .with(Field::Source, cube.interval(Field::Destination))
        .with(Field::Destination, cube.interval(Field::Source));
    let kind = |value: u8| Interval::single(u128::from(value));
    let (icmp_number, request, reply) = match family {
        Family::V4 => (protocol::ICMP, icmp::ECHO_REQUEST, icmp::ECHO_REPLY),
        Family::V6 => (protocol::ICMPV6, icmp::ECHO_REQUEST_V6, icmp::ECHO_REPLY_V6),
    };
    if is_only(cube, icmp_number) {
        let asked = turned.narrowed(Field::SourcePort, kind(request))?;
        return Some(asked.with(Field::SourcePort, kind(reply)));
    }
    let ported = turned
        .with(Field::SourcePort, cube.interval(Field::DestinationPort))
        .with(Field::DestinationPort, cube.interval(Field::SourcePort));
    if is_only(cube, protocol::TCP) {
        cube.narrowed(Field::TcpFlags, exactly(flags::SYN))?;
        return Some(ported.with(Field::TcpFlags, exactly(flags::SYN | flags::ACK)));
    }
    Some(ported)
}
