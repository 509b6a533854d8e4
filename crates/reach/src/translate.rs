//! Address translation on boxes.

use model::{
    Family, InterfaceIndex, NodeId, PORT_CLASSES, PortRewrite, Rewrite, StepKind, TranslationIndex,
    Unmatched, port_class, protocol,
};
use packet_set::{BudgetExceeded, Cube, Field, Interval, IntervalSet, Pattern, split};

use crate::explore::Run;
use crate::flight::{Flight, Rewritten};
use crate::list::{Around, first_match};

impl Run<'_> {
    pub(crate) fn translate(
        &mut self,
        node: NodeId,
        translation: TranslationIndex,
        sent_on: Option<InterfaceIndex>,
        flight: Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        let is_before_routing = sent_on.is_none() && flight.received_on.is_some();
        if let Some(place) = self.undoes(node, is_before_routing, &flight) {
            for cube in self.cuts.cubes(&flight.now)? {
                let mut part = flight.within(cube);
                undo(place, &mut part);
                self.note(&mut part, node, StepKind::Translated(translation, None));
                out.push(part);
            }
            return Ok(());
        }
        let atlas = self.atlas;
        let rules = &atlas.compiled(node, flight.family).translations[translation.0 as usize];
        let around = Around::of(&flight, sent_on);
        for (part, place) in first_match(flight.now, rules, &around, &mut self.cuts)? {
            let part = flight.within(part);
            let found = atlas.network.node(node).translation(translation);
            match place.map(|place| (place, &found.rules[place].rewrite)) {
                None if found.unmatched == Unmatched::Discard => {
                    let kind = StepKind::Untranslatable(translation, None);
                    self.discard(part, node, kind)?;
                }
                Some((place, Rewrite::Discard)) => {
                    let kind = StepKind::Untranslatable(translation, Some(place));
                    self.discard(part, node, kind)?;
                }
                None | Some((_, Rewrite::Keep)) => out.push(part),
                Some((place, Rewrite::Source(address, port))) => {
                    let change = Change { is_source: true, address: *address, port: *port };
                    self.rewrite(node, translation, place, change, part, out)?;
                }
                Some((place, Rewrite::Destination(address, port))) => {
                    let change = Change { is_source: false, address: *address, port: *port };
                    self.rewrite(node, translation, place, change, part, out)?;
                }
            }
        }
        Ok(())
    }

    fn rewrite(
        &mut self,
        node: NodeId,
        translation: TranslationIndex,
        place: usize,
        change: Change,
        flight: Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        if Family::of(change.address) != flight.family {
            out.push(flight);
            return Ok(());
        }
        let (address_field, port_field) = change.fields();
        let (with_ports, without) = self.by_ports(&flight)?;
        let with_ports = match change.port {
            PortRewrite::Near => by_class(&with_ports, port_field),
            PortRewrite::Keep | PortRewrite::Any | PortRewrite::Shift { .. } => with_ports,
        };
        for (cube, has_port) in with_ports
            .into_iter()
            .map(|cube| (cube, true))
            .chain(without.into_iter().map(|cube| (cube, false)))
        {
            let mut part = flight.within(cube);
            let before = (cube.interval(address_field), cube.interval(port_field));
            part.traces_mut().rewritten.push(Rewritten {
                node,
                translation,
                is_source: change.is_source,
                before,
            });
            let address = Interval::single(Family::number(change.address));
            part.replace(address_field, address);
            match change.port {
                PortRewrite::Any if has_port => {
                    part.replace(port_field, port_field.domain());
                }
                PortRewrite::Shift { from, to } if has_port => {
                    part.shift(port_field, i32::from(to) - i32::from(from));
                }
                PortRewrite::Near if has_port => {
                    part.replace(port_field, class_of(before.1));
                }
                PortRewrite::Keep
                | PortRewrite::Any
                | PortRewrite::Near
                | PortRewrite::Shift { .. } => {}
            }
            self.note(&mut part, node, StepKind::Translated(translation, Some(place)));
            out.push(part);
        }
        Ok(())
    }

    /// The parts of the flight, as boxes, that have ports, and the others.
    fn by_ports(&mut self, flight: &Flight) -> Result<(Vec<Cube>, Vec<Cube>), BudgetExceeded> {
        let numbers: IntervalSet = [protocol::TCP, protocol::UDP]
            .into_iter()
            .map(|number| Interval::single(u128::from(number)))
            .collect();
        let ported = Pattern::any().with(Field::Protocol, numbers);
        let (mut inside, mut rest) = (Vec::new(), Vec::new());
        for cube in self.cuts.cubes(&flight.now)? {
            split(&cube, &ported, &mut self.cuts.budget, &mut inside, &mut rest)?;
        }
        Ok((inside, rest))
    }

    /// The rewriting by this node that an answer undoes here: the destination gets its address
    /// back before it is routed, the source after that.
    fn undoes(&self, node: NodeId, is_before_routing: bool, flight: &Flight) -> Option<usize> {
        let is_answer = self.leans_on.as_ref().is_some_and(|leaning| leaning.is_answer);
        let mut rewritten = flight.history.rewritten().iter();
        is_answer
            .then(|| {
                rewritten.rposition(|one| one.node == node && one.is_source == is_before_routing)
            })
            .flatten()
    }
}

/// The parts of `cubes` whose ports are of one class each.
fn by_class(cubes: &[Cube], port: Field) -> Vec<Cube> {
    let classes = PORT_CLASSES.map(|(first, last)| Interval::new(first.into(), last.into()));
    let parts = |cube: &Cube| classes.map(|class| cube.narrowed(port, class));
    cubes.iter().flat_map(parts).flatten().collect()
}

/// All ports of the class of `ports`, which are of one.
fn class_of(ports: Interval) -> Interval {
    let any = u16::try_from(ports.lo()).unwrap_or(u16::MAX);
    let (first, last) = port_class(any);
    Interval::new(first.into(), last.into())
}

/// Gives the packets of an answer, a box without holes, back what the rewriting at `place` took.
fn undo(place: usize, flight: &mut Flight) {
    let last = flight.traces_mut().rewritten.remove(place);
    let (address, port) = if last.is_source {
        (Field::Destination, Field::DestinationPort)
    } else {
        (Field::Source, Field::SourcePort)
    };
    flight.replace(address, last.before.0);
    let number = flight.now.cube.interval(Field::Protocol).lo();
    if number == u128::from(protocol::TCP) || number == u128::from(protocol::UDP) {
        flight.replace(port, last.before.1);
    }
}

#[derive(Clone, Copy, Debug)]
struct Change {
    is_source: bool,
    address: std::net::IpAddr,
    port: PortRewrite,
}

impl Change {
    fn fields(&self) -> (Field, Field) {
        if self.is_source {
            (Field::Source, Field::SourcePort)
        } else {
            (Field::Destination, Field::DestinationPort)
        }
    }
}
