//! The answers to packets that arrived, and the packets that follow them.

use model::{Family, InterfaceIndex, NodeId, Outcome, StepKind, flags, icmp, protocol};
use packet_set::{BudgetExceeded, Cube, Field, Interval};

use crate::compile::Atlas;
use crate::explore::{Exploration, Leaf, Leaning, Limits, Mode, Run, Start, Way};
use crate::flags::exactly;
use crate::flight::{Flight, History};

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
        let first = swapped(leaf.family, &leaf.arrived);
        let first = first.filter(|cube| is_only(cube, protocol::TCP));
        let later = |cube: Cube| flags::LATER.map(|one| cube.with(Field::TcpFlags, exactly(one)));
        self.sent_back(found, leaf, first.into_iter().flat_map(later).collect(), limits)
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
        self.go_beyond_attacks();
        let mut run = Run::new(self, limits, true);
        run.leans_on = Some(Leaning { begun: leaf.history.begun().to_vec(), is_answer: false });
        run.met = (start.mode == Mode::Originate).then(Vec::new);
        let later: Vec<Cube> = match is_only(&leaf.sent, protocol::TCP) {
            true => {
                let with = |one| leaf.sent.with(Field::TcpFlags, exactly(one));
                flags::LATER.map(with).to_vec()
            }
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

fn is_only(cube: &Cube, number: u8) -> bool {
    cube.interval(Field::Protocol) == Interval::single(u128::from(number))
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
