//! Frames with packets in them: who sees them, and who of those takes them.

use model::{Hop, InterfaceIndex, NodeId, Outcome, SegmentId, SegmentKind, StageKind, StepKind};
use packet_set::{BudgetExceeded, Cube, Field, Interval, Pattern};

use crate::compile::{Ear, foot_of, set_of};
use crate::explore::Run;
use crate::flight::{Flight, Passed};
use crate::list::{Answer, Wanted};
use crate::region::Region;

/// A frame that has reached the IP side of a node.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    pub(crate) ear: Ear,
    pub(crate) flight: Flight,
}

impl Run<'_> {
    /// Sends `flight` from `node` on `interface`, and lists the IP sides that it reaches.
    pub(crate) fn flood(
        &mut self,
        node: NodeId,
        interface: InterfaceIndex,
        mut flight: Flight,
    ) -> Result<Vec<Reached>, BudgetExceeded> {
        self.note(&mut flight, node, StepKind::Sent(interface));
        let mut reached = Vec::new();
        let atlas = self.atlas;
        let doors = &atlas.compiled(node, flight.family).doors[interface.0 as usize];
        self.enter(node, doors, &flight, None, &mut reached)?;
        Ok(reached)
    }

    /// Sends `flight` through `doors`, one after the other.
    fn enter(
        &mut self,
        node: NodeId,
        doors: &[(InterfaceIndex, SegmentId)],
        flight: &Flight,
        before: Option<&Passed<'_>>,
        reached: &mut Vec<Reached>,
    ) -> Result<(), BudgetExceeded> {
        let Some(((port, segment), others)) = doors.split_first() else { return Ok(()) };
        let passed = Passed { segment: *segment, before };
        self.hear(*segment, Ear { node, interface: *port }, flight, &passed, reached)?;
        self.enter(node, others, flight, Some(&passed), reached)
    }

    fn hear(
        &mut self,
        segment: SegmentId,
        from: Ear,
        flight: &Flight,
        passed: &Passed<'_>,
        reached: &mut Vec<Reached>,
    ) -> Result<(), BudgetExceeded> {
        let atlas = self.atlas;
        for ear in atlas.ears(segment).iter().copied().filter(|ear| *ear != from) {
            self.cuts.budget.spend(1)?;
            let device = atlas.network.node(ear.node);
            let mut is_captured = false;
            for (place, relay) in device.relays.iter().enumerate() {
                if !relay.ports.contains(&ear.interface) {
                    continue;
                }
                let foot = foot_of(device, place);
                is_captured |= foot.is_some_and(|foot| foot != ear.interface);
                if !relay.ethertypes.contains(flight.family.ethertype()) {
                    continue;
                }
                if let Some(foot) = foot.filter(|foot| device.interface(*foot).enabled) {
                    let ear = Ear { node: ear.node, interface: foot };
                    reached.push(Reached { ear, flight: flight.clone() });
                }
                for port in relay.ports.iter().copied().filter(|port| *port != ear.interface) {
                    self.relay(ear, place, port, flight, passed, reached)?;
                }
            }
            if !is_captured {
                reached.push(Reached { ear, flight: flight.clone() });
            }
        }
        Ok(())
    }

    /// Passes a frame that `ear` heard through the relay at `place` to `port`.
    fn relay(
        &mut self,
        ear: Ear,
        place: usize,
        port: InterfaceIndex,
        flight: &Flight,
        passed: &Passed<'_>,
        reached: &mut Vec<Reached>,
    ) -> Result<(), BudgetExceeded> {
        let device = self.atlas.network.node(ear.node);
        let out = device.interface(port);
        let Some(segment) = out.segment.filter(|_| out.enabled) else { return Ok(()) };
        if passed.contains(segment) {
            return Ok(());
        }
        let passed = Passed { segment, before: Some(passed) };
        let mut inside = flight.clone();
        inside.received_on = Some(ear.interface);
        inside.state = model::State::Untracked;
        let mut parts = vec![inside];
        for stage in &device.relays[place].stages {
            let StageKind::Filter(acl) = stage.kind else { continue };
            if stage.family.is_some_and(|only| only != flight.family) {
                continue;
            }
            let mut left = Vec::new();
            for part in parts {
                for one in self.decide(ear.node, acl, &part, Some(port), Wanted::Passing)? {
                    let (list, entry) = match one.answer {
                        Answer::Return => (acl, None),
                        Answer::Permit | Answer::Deny => (one.acl, one.entry),
                    };
                    if self.settled(ear.node, list, one.answer) == Answer::Permit {
                        let mut part = part.within(one.region);
                        self.note(&mut part, ear.node, StepKind::Permitted(list, entry));
                        left.push(part);
                    }
                }
            }
            parts = left;
        }
        for mut part in parts {
            self.note(&mut part, ear.node, StepKind::Relayed(place, ear.interface, port));
            let from = Ear { node: ear.node, interface: port };
            self.hear(segment, from, &part, &passed, reached)?;
        }
        Ok(())
    }

    /// Sends `flight` on `interface` to the next hop `hop`, and follows it.
    pub(crate) fn send(
        &mut self,
        node: NodeId,
        interface: InterfaceIndex,
        hop: Hop,
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        let doors = &self.atlas.compiled(node, flight.family).doors[interface.0 as usize];
        let Some((_, segment)) = doors.first().copied() else {
            return self.discard(flight, node, StepKind::NoRoute);
        };
        let whole = flight.now;
        if self.cuts.is_empty(&whole)? {
            return Ok(());
        }
        let mut lost = flight.clone();
        if self.ends_when_sent {
            self.note(&mut lost, node, StepKind::Sent(interface));
            return self.end(&lost, Outcome::Lost(segment), None);
        }
        let reached = self.flood(node, interface, flight)?;
        self.note(&mut lost, node, StepKind::Sent(interface));
        let kind = self.atlas.network.segment(segment).kind;
        if matches!(kind, SegmentKind::Session | SegmentKind::Tunnel) {
            return self.send_to_peer(segment, whole, &lost, reached);
        }
        let rest = match hop {
            Hop::Learned(_) => self.take_by_routers(whole, reached)?,
            Hop::Interface(_) => self.take_by_owners(whole, None, reached)?,
            Hop::Address(address) | Hop::AddressOn(address, _) => {
                self.take_by_owners(whole, Some(address), reached)?
            }
            Hop::Discard => vec![whole],
        };
        self.unclaimed(segment, hop, &lost, rest)
    }

    fn send_to_peer(
        &mut self,
        segment: SegmentId,
        whole: Region,
        lost: &Flight,
        reached: Vec<Reached>,
    ) -> Result<(), BudgetExceeded> {
        let mut rest = vec![whole];
        for one in reached {
            self.carve(&mut rest, whole, &one.flight.now)?;
            self.receive(one.ear, one.flight)?;
        }
        self.unclaimed(segment, Hop::Discard, lost, rest)
    }

    /// Routers that advertise themselves take the frame; what none of them gets is returned.
    fn take_by_routers(
        &mut self,
        whole: Region,
        reached: Vec<Reached>,
    ) -> Result<Vec<Region>, BudgetExceeded> {
        let mut rest = vec![whole];
        for one in reached {
            let device = self.atlas.network.node(one.ear.node);
            let is_router = self.atlas.is_outside(one.ear.node)
                || device.interface(one.ear.interface).advertises.is_some();
            if is_router {
                self.carve(&mut rest, whole, &one.flight.now)?;
                self.receive(one.ear, one.flight)?;
            }
        }
        Ok(rest)
    }

    /// Whoever has the next hop's address (`None`: the packet's destination) takes the frame,
    /// then the outside; what nobody gets is returned.
    fn take_by_owners(
        &mut self,
        whole: Region,
        address: Option<std::net::IpAddr>,
        reached: Vec<Reached>,
    ) -> Result<Vec<Region>, BudgetExceeded> {
        let mut rest = vec![whole];
        let atlas = self.atlas;
        for one in &reached {
            let device = atlas.network.node(one.ear.node);
            for taken in taken(device, one.ear.interface, one.flight.family) {
                let part = match address {
                    Some(address) if is_among(address, one.flight.family, taken) => {
                        Some(one.flight.now)
                    }
                    Some(_) => None,
                    None => one
                        .flight
                        .now
                        .cube
                        .narrowed(Field::Destination, taken)
                        .map(|cube| Region { cube, ..one.flight.now }),
                };
                if let Some(part) = part {
                    self.carve(&mut rest, whole, &part)?;
                    self.receive(one.ear, one.flight.within(part))?;
                }
            }
        }
        if !reached.iter().any(|one| atlas.is_outside(one.ear.node)) {
            return Ok(rest);
        }
        let mut left = rest.clone();
        for one in reached.iter().filter(|one| atlas.is_outside(one.ear.node)) {
            for cube in self.beside(whole, &one.flight.now)? {
                for region in &rest {
                    let Some(cube) = region.cube.intersect(&cube) else { continue };
                    let part = Region { cube, holes: region.holes };
                    self.cuts.carve(&mut left, &cube);
                    self.receive(one.ear, one.flight.within(part))?;
                }
            }
        }
        Ok(left)
    }

    /// Ends what nobody on the segment takes.
    fn unclaimed(
        &mut self,
        segment: SegmentId,
        hop: Hop,
        flight: &Flight,
        mut rest: Vec<Region>,
    ) -> Result<(), BudgetExceeded> {
        let mut on_segment = Vec::new();
        if let Hop::Interface(_) = hop {
            let nets = self.atlas.network.nets(segment, flight.family);
            let nets = model::Ranges::of(nets.map(model::Net::bounds));
            let known = Pattern::any().with(Field::Destination, set_of(&nets));
            for region in &rest {
                self.cuts.matched(region, &known, &mut on_segment)?;
            }
        }
        for part in on_segment {
            self.cuts.carve(&mut rest, &part.cube);
            self.end(&flight.within(part), Outcome::OnSegment(segment), None)?;
        }
        for part in rest {
            self.end(&flight.within(part), Outcome::Lost(segment), None)?;
        }
        Ok(())
    }

    /// Removes `part`, a part of `whole`, from `rest`, which are parts of `whole` too.
    fn carve(
        &mut self,
        rest: &mut Vec<Region>,
        whole: Region,
        part: &Region,
    ) -> Result<(), BudgetExceeded> {
        if part.holes == whole.holes {
            self.cuts.carve(rest, &part.cube);
            return Ok(());
        }
        for cube in self.cuts.cubes(part)? {
            self.cuts.carve(rest, &cube);
        }
        Ok(())
    }

    /// `part`, a part of `whole`, as boxes with the holes of `whole` understood.
    fn beside(&mut self, whole: Region, part: &Region) -> Result<Vec<Cube>, BudgetExceeded> {
        if part.holes == whole.holes { Ok(vec![part.cube]) } else { self.cuts.cubes(part) }
    }
}

fn is_among(address: std::net::IpAddr, family: model::Family, taken: Interval) -> bool {
    model::Family::of(address) == family && taken.contains(model::Family::number(address))
}

/// Addresses for which frames are taken on `interface`: those that it has, and those that the node
/// answers for.
fn taken(device: &model::Node, interface: InterfaceIndex, family: model::Family) -> Vec<Interval> {
    let own = device.interface(interface).addresses.iter();
    let own = own.filter_map(|own| Some(own.net?.address()));
    let own = own.filter(|own| model::Family::of(*own) == family).map(model::Family::number);
    let proxies = device.proxies.iter();
    let mut proxies =
        proxies.filter(|one| one.interface == interface && one.family == family).peekable();
    if proxies.peek().is_none() {
        return own.map(Interval::single).collect();
    }
    let others = proxies.flat_map(|one| one.addresses.as_slice().iter().copied());
    let all = model::Ranges::of(own.map(|one| (one, one)).chain(others));
    all.as_slice().iter().map(|(low, high)| Interval::new(*low, *high)).collect()
}
