//! One node: what it does with packets that it receives or sends.

use model::{
    InterfaceIndex, NodeId, NodeKind, Outcome, Point, State, StepKind, TrackerIndex, TrackerKind,
};
use packet_set::BudgetExceeded;

use crate::compile::{Announcement, CompiledKind, CompiledStage, Ear};
use crate::explore::Run;
use crate::flight::{Announced, Begun, Flight};
use crate::list::{Answer, Around, Wanted, first_match, take};
use crate::region::Region;

impl<'a> Run<'a> {
    /// Everything an attacker at `node` makes of `flight`.
    pub(crate) fn attack(&mut self, node: NodeId, flight: &Flight) -> Result<(), BudgetExceeded> {
        let device = self.atlas.network.node(node);
        for (index, interface) in device.interfaces() {
            if !interface.enabled || interface.segment.is_none() {
                continue;
            }
            for one in self.flood(node, index, flight.clone())? {
                self.receive(one.ear, one.flight)?;
            }
        }
        Ok(())
    }

    /// What becomes of `flight` when `node` itself sends it.
    pub(crate) fn originate(&mut self, node: NodeId, flight: Flight) -> Result<(), BudgetExceeded> {
        self.meet(node, &flight, true);
        let to_itself = &self.atlas.compiled(node, flight.family).to_itself;
        let mut rest = vec![flight.now];
        let mut inside = Vec::new();
        self.cuts.take_pattern(&mut rest, to_itself, &mut inside)?;
        for part in inside {
            self.accept(node, None, flight.within(part))?;
        }
        for part in rest {
            self.route(node, None, flight.within(part))?;
        }
        Ok(())
    }

    /// The IP side of a node receives `flight`.
    pub(crate) fn receive(&mut self, ear: Ear, mut flight: Flight) -> Result<(), BudgetExceeded> {
        let Ear { node, interface } = ear;
        if self.ignored.contains(&node) {
            return Ok(());
        }
        self.meet(node, &flight, false);
        self.note(&mut flight, node, StepKind::Received(interface));
        let device = self.atlas.network.node(node);
        if device.kind == NodeKind::Outside {
            return self.end(&flight, Outcome::Delivered(node), Some(interface));
        }
        if !self.visit(ear, &mut flight) {
            return self.discard(flight, node, StepKind::Loop);
        }
        flight.state = State::Untracked;
        flight.received_on = Some(interface);
        let compiled = self.atlas.compiled(node, flight.family);
        let points = [Point::Ingress(interface), Point::Prerouting];
        if compiled.security.is_none() && points.iter().all(|at| compiled.stages(*at).is_empty()) {
            return self.deliver_or_forward(node, interface, flight);
        }
        let (interface, mut flights) = self.unsecure(node, interface, flight)?;
        for point in [Point::Ingress(interface), Point::Prerouting] {
            flights = self.pass(node, point, None, flights)?;
        }
        for flight in flights {
            self.deliver_or_forward(node, interface, flight)?;
        }
        Ok(())
    }

    fn deliver_or_forward(
        &mut self,
        node: NodeId,
        interface: InterfaceIndex,
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        let atlas = self.atlas;
        let compiled = atlas.compiled(node, flight.family);
        let [local, others] = &compiled.local[interface.0 as usize];
        if let Some(own) = self.cuts.outside(flight.now, [others]) {
            self.accept(node, Some(interface), flight.within(own))?;
        }
        let Some(mut rest) = self.cuts.outside(flight.now, [local]) else { return Ok(()) };
        if !atlas.network.node(node).forwards(flight.family) {
            return self.discard(flight.within(rest), node, StepKind::NotForwarded);
        }
        for unforwardable in &atlas.unforwardable[flight.family as usize] {
            if self.keeps(&flight) {
                let mut lost = Vec::new();
                self.cuts.matched(&rest, unforwardable, &mut lost)?;
                for part in lost {
                    self.discard(flight.within(part), node, StepKind::NotForwarded)?;
                }
            }
            let Some(left) = self.cuts.outside(rest, [unforwardable]) else { return Ok(()) };
            rest = left;
        }
        self.route(node, Some(interface), flight.within(rest))
    }

    /// The node takes `flight` as its own, if its lists let it.
    fn accept(
        &mut self,
        node: NodeId,
        interface: Option<InterfaceIndex>,
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        if self.atlas.compiled(node, flight.family).stages(Point::LocalIn).is_empty() {
            return self.take_in(node, interface, flight);
        }
        for flight in self.pass(node, Point::LocalIn, None, vec![flight])? {
            self.take_in(node, interface, flight)?;
        }
        Ok(())
    }

    fn take_in(
        &mut self,
        node: NodeId,
        interface: Option<InterfaceIndex>,
        mut flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        self.settle_sessions(node, &mut flight);
        self.note(&mut flight, node, StepKind::Accepted);
        self.end(&flight, Outcome::Delivered(node), interface)
    }

    /// An automatic table begins a session when a packet that it called new is taken by the node
    /// or has passed its last stage before those of the interface.
    ///
    /// # Source
    /// Linux 6.1 `net/netfilter/nf_conntrack_proto.c`: `nf_confirm` stands last at POSTROUTING and
    /// at LOCAL_IN; XFRM interfaces and egress chains come after it.
    pub(crate) fn settle_sessions(&mut self, node: NodeId, flight: &mut Flight) {
        if flight.state != State::New || !self.atlas.compiled(node, flight.family).is_tracking {
            return;
        }
        let depth = flight.depth();
        let depth_asked = flight.depth_asked;
        for (number, tracker) in (0u32..).zip(&self.atlas.network.node(node).trackers) {
            if tracker.kind == TrackerKind::Automatic {
                flight.traces_mut().begun.push(Begun {
                    node,
                    tracker: TrackerIndex(number),
                    admits_replies: true,
                    depth,
                    depth_asked,
                    trigger: None,
                });
            }
        }
    }

    /// The stages of `node` at `point`.
    pub(crate) fn pass(
        &mut self,
        node: NodeId,
        point: Point,
        sent_on: Option<InterfaceIndex>,
        mut flights: Vec<Flight>,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        let Some(family) = flights.first().map(|flight| flight.family) else {
            return Ok(flights);
        };
        let atlas = self.atlas;
        for stage in atlas.compiled(node, family).stages(point) {
            let mut left = Vec::with_capacity(flights.len());
            for flight in flights {
                self.pass_stage(node, point, stage, sent_on, flight, &mut left)?;
            }
            flights = left;
        }
        Ok(flights)
    }

    fn pass_stage(
        &mut self,
        node: NodeId,
        point: Point,
        stage: &'a CompiledStage,
        sent_on: Option<InterfaceIndex>,
        flight: Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        if !stage.spares_own {
            return self.apply(node, stage, sent_on, flight, out);
        }
        for flight in self.without_own(node, point, flight, out)? {
            self.apply(node, stage, sent_on, flight, out)?;
        }
        Ok(())
    }

    fn apply(
        &mut self,
        node: NodeId,
        stage: &'a CompiledStage,
        sent_on: Option<InterfaceIndex>,
        flight: Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        match &stage.kind {
            CompiledKind::Filter(acl) => self.filter(node, *acl, sent_on, &flight, out),
            CompiledKind::Track(tracker, announcements) => {
                self.announced(node, *tracker, announcements, &flight, out)?;
                self.track(node, *tracker, &flight, out)
            }
            CompiledKind::Open { .. } => self.open(node, &stage.kind, sent_on, flight, out),
            CompiledKind::Translate(translation) => {
                self.translate(node, *translation, sent_on, flight, out)
            }
        }
    }

    /// Lets the node's own packets past a stage that spares them, and returns the others.
    fn without_own(
        &mut self,
        node: NodeId,
        point: Point,
        flight: Flight,
        out: &mut Vec<Flight>,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        let Some(received_on) = flight.received_on else {
            // The node sent it.
            out.push(flight);
            return Ok(Vec::new());
        };
        if matches!(point, Point::Forward | Point::Postrouting | Point::Egress(_)) {
            return Ok(vec![flight]);
        }
        let [local, _] = &self.atlas.compiled(node, flight.family).local[received_on.0 as usize];
        let mut rest = vec![flight.now];
        let mut inside = Vec::new();
        self.cuts.take_pattern(&mut rest, local, &mut inside)?;
        out.extend(inside.into_iter().map(|part| flight.within(part)));
        Ok(rest.into_iter().map(|part| flight.within(part)).collect())
    }

    fn filter(
        &mut self,
        node: NodeId,
        acl: model::AclIndex,
        sent_on: Option<InterfaceIndex>,
        flight: &Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        let wanted = if self.keeps(flight) { Wanted::All } else { Wanted::Passing };
        for one in self.decide(node, acl, flight, sent_on, wanted)? {
            let (acl, entry) = match one.answer {
                Answer::Return => (acl, None),
                Answer::Permit | Answer::Deny => (one.acl, one.entry),
            };
            let mut part = flight.within(one.region);
            match self.settled(node, acl, one.answer) {
                Answer::Permit => {
                    self.note(&mut part, node, StepKind::Permitted(acl, entry));
                    out.push(part);
                }
                Answer::Deny | Answer::Return => {
                    self.discard(part, node, StepKind::Denied(acl, entry))?;
                }
            }
        }
        Ok(())
    }

    /// What the outermost list makes of an answer: its default decides what is returned.
    pub(crate) fn settled(&self, node: NodeId, acl: model::AclIndex, answer: Answer) -> Answer {
        if answer != Answer::Return {
            return answer;
        }
        match self.atlas.network.node(node).acl(acl).default {
            model::Action::Deny => Answer::Deny,
            _ => Answer::Permit,
        }
    }

    fn track(
        &mut self,
        node: NodeId,
        tracker: TrackerIndex,
        flight: &Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        let mut told = |run: &mut Self, part: Region, state| {
            let mut part = flight.within(part);
            part.state = state;
            part.depth_asked = part.depth();
            run.note(&mut part, node, StepKind::Tracked(tracker, state));
            out.push(part);
        };
        if self.is_known(node, tracker, flight) {
            told(self, flight.now, State::Established);
            return Ok(());
        }
        let kind = self.atlas.network.node(node).tracker(tracker).kind;
        if kind == TrackerKind::Triggered {
            told(self, flight.now, State::New);
            return Ok(());
        }
        let atlas = self.atlas;
        let classes = &atlas.first_states[flight.family as usize];
        if let Some(new) = self.cuts.outside(flight.now, &classes.not_new) {
            told(self, new, State::New);
        }
        let mut rest: Vec<Region> =
            self.cuts.outside(flight.now, &classes.new).into_iter().collect();
        let mut inside = Vec::new();
        for pattern in &classes.untracked {
            self.cuts.take_pattern(&mut rest, pattern, &mut inside)?;
        }
        for part in inside {
            told(self, part, State::Untracked);
        }
        for part in rest {
            told(self, part, State::Invalid);
        }
        Ok(())
    }

    /// The packets as they pass if a session that announces them was begun before.
    ///
    /// That is one more way for them, beside the one without such a session.
    fn announced(
        &mut self,
        node: NodeId,
        tracker: TrackerIndex,
        announcements: &'a [Announcement],
        flight: &Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        if !self.follows_announced || flight.announced.is_some() {
            return Ok(());
        }
        let around = Around::of(flight, None);
        for one in announcements {
            let mut rest = vec![flight.now];
            let mut inside = Vec::new();
            take(&mut rest, &one.packets, &around, &mut self.cuts, &mut inside)?;
            for part in inside {
                let mut part = flight.within(part);
                part.state = State::Related;
                part.announced = Some(Announced {
                    node,
                    tracker,
                    trigger: one.trigger,
                    related: one.related,
                    is_reverse: one.is_reverse,
                });
                self.note(&mut part, node, StepKind::Tracked(tracker, State::Related));
                out.push(part);
            }
        }
        Ok(())
    }

    /// Whether the packets belong to a session that an earlier packet of theirs began.
    fn is_known(&self, node: NodeId, tracker: TrackerIndex, flight: &Flight) -> bool {
        let Some(leaning) = &self.leans_on else { return false };
        leaning.begun.iter().any(|begun| {
            let depth = if leaning.is_answer { begun.depth } else { begun.depth_asked };
            begun.node == node
                && begun.tracker == tracker
                && depth == flight.depth()
                && (!leaning.is_answer || begun.admits_replies)
        })
    }

    fn open(
        &mut self,
        node: NodeId,
        stage: &'a CompiledKind,
        sent_on: Option<InterfaceIndex>,
        flight: Flight,
        out: &mut Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        let CompiledKind::Open { number, tracker, triggers, admits } = stage else {
            return Ok(());
        };
        if flight.state != State::New {
            out.push(flight);
            return Ok(());
        }
        let around = Around::of(&flight, sent_on);
        for (part, place) in first_match(flight.now, triggers, &around, &mut self.cuts)? {
            let mut part = flight.within(part);
            if let Some(place) = place {
                let depth = part.depth();
                part.traces_mut().begun.push(Begun {
                    node,
                    tracker: *tracker,
                    admits_replies: admits[place],
                    depth,
                    depth_asked: depth,
                    trigger: Some((*number, place)),
                });
                self.note(&mut part, node, StepKind::Opened(*tracker, place));
            }
            out.push(part);
        }
        Ok(())
    }
}
