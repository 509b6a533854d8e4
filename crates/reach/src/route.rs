//! Routing: policy routes, the longest prefix, next hops that may vanish.

use model::{
    Hop, InterfaceIndex, InterfaceKind, Net, NextHop, Node, NodeId, Point, Route, StepKind,
};
use packet_set::BudgetExceeded;

use crate::explore::Run;
use crate::flight::Flight;
use crate::list::{Answer, Wanted};

impl Run<'_> {
    /// Routes `flight` at `node` and follows it.
    pub(crate) fn route(
        &mut self,
        node: NodeId,
        received_on: Option<InterfaceIndex>,
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        let device = self.atlas.network.node(node);
        let mut left = vec![flight];
        for (place, policy) in device.policy_routes.iter().enumerate() {
            if policy.interface != received_on {
                continue;
            }
            let mut next = Vec::new();
            for flight in left {
                if policy.family != flight.family {
                    next.push(flight);
                    continue;
                }
                let decided = self.decide(node, policy.guard, &flight, None, Wanted::All)?;
                for one in decided {
                    let mut part = flight.within(one.region);
                    match (one.answer, usable(device, &policy.hop)) {
                        (Answer::Deny, _) => {
                            self.discard(part, node, StepKind::Denied(one.acl, one.entry))?;
                        }
                        (Answer::Permit, Some(out)) => {
                            if self.may_vanish(device, &policy.hop) {
                                let mut gone = part.clone();
                                self.note(&mut gone, node, StepKind::PolicyVanished(place));
                                next.push(gone);
                            }
                            self.note(&mut part, node, StepKind::PolicyRouted(place));
                            self.leave(node, out, policy.hop.hop, part)?;
                        }
                        (Answer::Permit | Answer::Return, _) => next.push(part),
                    }
                }
            }
            left = next;
        }
        for flight in left {
            self.route_by_table(node, &flight, 0)?;
        }
        Ok(())
    }

    /// Whether `hop` is also followed as if it were out of use.
    fn may_vanish(&self, device: &Node, hop: &NextHop) -> bool {
        hop.may_vanish
            && (self.follows_outages
                || !matches!(hop.hop, Hop::Interface(door) if device.tunnel_at(door).is_some()))
    }

    /// Routes `flight` by the routes from the place `first` in the order of trial.
    fn route_by_table(
        &mut self,
        node: NodeId,
        flight: &Flight,
        first: usize,
    ) -> Result<(), BudgetExceeded> {
        let atlas = self.atlas;
        let routes = &atlas.compiled(node, flight.family).routes;
        let mut left = vec![flight.now];
        let mut inside = Vec::new();
        for (number, (place, to)) in routes.iter().enumerate().skip(first) {
            if left.is_empty() {
                return Ok(());
            }
            self.cuts.take_pattern(&mut left, to, &mut inside)?;
            for part in std::mem::take(&mut inside) {
                let route = &atlas.network.node(node).routes[*place];
                for rest in self.try_route(node, *place, route, flight.within(part))? {
                    if rest.step == flight.step {
                        left.push(rest.now);
                    } else {
                        // A next hop is out of use: that is a way of its own.
                        self.route_by_table(node, &rest, number + 1)?;
                    }
                }
            }
        }
        if self.keeps(flight) {
            for part in left {
                self.discard(flight.within(part), node, StepKind::NoRoute)?;
            }
        }
        Ok(())
    }

    /// Sends `flight` by `route`; what may also take the next route is returned.
    fn try_route(
        &mut self,
        node: NodeId,
        place: usize,
        route: &Route,
        mut flight: Flight,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        if route.hops.is_empty() {
            self.note(&mut flight, node, StepKind::Routed(place, 0));
            self.discard(flight, node, StepKind::NoRoute)?;
            return Ok(Vec::new());
        }
        let device = self.atlas.network.node(node);
        let hops = || {
            let all = route.hops.iter().enumerate();
            all.filter_map(|(number, hop)| Some((number, hop, usable(device, hop)?)))
        };
        if let [only] = route.hops.as_slice()
            && only.guard.is_none()
            && !self.may_vanish(device, only)
        {
            if let Some(out) = usable(device, only) {
                self.note(&mut flight, node, StepKind::Routed(place, 0));
                self.leave(node, out, only.hop, flight)?;
                return Ok(Vec::new());
            }
            return Ok(vec![flight]);
        }
        let mut left = vec![flight];
        for (number, hop, out) in hops() {
            let Some(guard) = hop.guard else { continue };
            let mut next = Vec::new();
            for part in left {
                let decided = self.decide(node, guard, &part, None, Wanted::All)?;
                for one in decided {
                    let mut taken = part.within(one.region);
                    if one.answer != Answer::Permit {
                        next.push(taken);
                        continue;
                    }
                    if self.may_vanish(device, hop) {
                        let mut gone = taken.clone();
                        self.note(&mut gone, node, StepKind::Vanished(place, number));
                        next.push(gone);
                    }
                    self.note(&mut taken, node, StepKind::Routed(place, number));
                    self.leave(node, out, hop.hop, taken)?;
                }
            }
            left = next;
        }
        let plain = || hops().filter(|(_, hop, _)| hop.guard.is_none());
        for (number, hop, out) in plain() {
            for part in &left {
                let mut taken = part.clone();
                self.note(&mut taken, node, StepKind::Routed(place, number));
                self.leave(node, out, hop.hop, taken)?;
            }
        }
        if !plain().all(|(_, hop, _)| self.may_vanish(device, hop)) {
            return Ok(Vec::new());
        }
        for part in &mut left {
            for (number, ..) in plain() {
                self.note(part, node, StepKind::Vanished(place, number));
            }
        }
        Ok(left)
    }

    /// Sends `flight` out, through the stages on the way.
    fn leave(
        &mut self,
        node: NodeId,
        out: Out,
        hop: Hop,
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        let Out::On(interface) = out else {
            return self.discard(flight, node, StepKind::NoRoute);
        };
        let first = if flight.received_on.is_some() { Point::Forward } else { Point::LocalOut };
        let compiled = self.atlas.compiled(node, flight.family);
        let points = [first, Point::Postrouting, Point::Egress(interface)];
        if compiled.security.is_none() && points.iter().all(|at| compiled.stages(*at).is_empty()) {
            let mut flight = flight;
            self.settle_sessions(node, &mut flight);
            return self.send(node, interface, hop, flight);
        }
        let mut flights = vec![flight];
        for point in [first, Point::Postrouting] {
            flights = self.pass(node, point, Some(interface), flights)?;
        }
        // What is discarded from here on, by a tunnel or at the interface, is remembered before.
        flights.iter_mut().for_each(|flight| self.settle_sessions(node, flight));
        let is_secured = self.atlas.security(node, flights.first()).is_some();
        if is_secured {
            flights = self.secure(node, interface, flights)?;
        }
        flights = self.pass(node, Point::Egress(interface), Some(interface), flights)?;
        if is_secured && let Some(tunnel) = self.atlas.network.node(node).tunnel_at(interface) {
            return self.carry(node, tunnel, (interface, hop), flights);
        }
        flights.into_iter().try_for_each(|flight| self.send(node, interface, hop, flight))
    }
}

/// Where a usable hop leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Out {
    On(InterfaceIndex),
    Nowhere,
}

/// `None` if the hop cannot be used.
fn usable(device: &Node, hop: &NextHop) -> Option<Out> {
    let interface = match hop.hop {
        Hop::Discard => return Some(Out::Nowhere),
        Hop::Interface(index) | Hop::Learned(index) | Hop::AddressOn(_, index) => index,
        Hop::Address(address) => {
            device
                .interfaces()
                .filter(|(_, interface)| interface.enabled)
                .find(|(_, interface)| {
                    interface
                        .addresses
                        .iter()
                        .filter_map(|own| own.net)
                        .any(|net: Net| net.contains(address))
                })?
                .0
        }
    };
    let found = device.interface(interface);
    if !found.enabled {
        return None;
    }
    Some(if found.kind == InterfaceKind::Null { Out::Nowhere } else { Out::On(interface) })
}
