//! IPsec on boxes: what policies and selectors say about which part.

use model::{
    Family, Hop, InterfaceIndex, Match, Node, NodeId, SecurityAction, SecurityStep, StepKind,
    TunnelIndex, protocol,
};
use packet_set::{BudgetExceeded, Field, Interval, IntervalSet, Pattern};

use crate::compile::{Alternative, compile_all};
use crate::explore::Run;
use crate::flight::Flight;
use crate::list::{Around, take};

/// The policies and selectors of a node, ready to be tried on boxes of one family.
#[derive(Debug)]
pub(crate) struct Security {
    /// Per policy: outward, inward.
    policies: Vec<[Vec<Alternative>; 2]>,
    /// Per tunnel: outward, inward; `None` for every packet.
    selectors: Vec<Option<[Vec<Alternative>; 2]>>,
    /// Outer packets that the node sends, and those that it receives at its own addresses.
    outer: [Vec<Pattern>; 2],
}

const OUTWARD: usize = 0;
const INWARD: usize = 1;

impl Security {
    /// `None` for a node without IPsec.
    pub(crate) fn new(node: &Node, family: Family) -> Option<Self> {
        if node.tunnels.is_empty() && node.security_policies.is_empty() {
            return None;
        }
        let both = |selectors: &[Match]| {
            let turned: Vec<Match> = selectors.iter().map(model::mirrored).collect();
            [compile_all(selectors, family), compile_all(&turned, family)]
        };
        let policies = node.security_policies.iter().map(|one| both(&one.selectors)).collect();
        let selectors = node.tunnels.iter().map(|one| one.selectors.as_deref().map(both)).collect();
        let outer = if node.tunnels.is_empty() {
            [Vec::new(), Vec::new()]
        } else {
            let own = node.addresses(family).map(|own| Interval::single(Family::number(own)));
            let own: IntervalSet = own.collect();
            let to_itself = Pattern::any().with(Field::Destination, own);
            [outer(&Pattern::any(), Field::SourcePort), outer(&to_itself, Field::DestinationPort)]
        };
        Some(Self { policies, selectors, outer })
    }
}

/// ESP, and UDP whose port of the node is one of key exchange.
fn outer(among: &Pattern, port: Field) -> Vec<Pattern> {
    let single = |number: u128| IntervalSet::single(number);
    let ports: IntervalSet = [model::IKE, model::NAT_TRAVERSAL]
        .into_iter()
        .map(|port| Interval::single(u128::from(port)))
        .collect();
    let esp = among.clone().with(Field::Protocol, single(u128::from(model::ESP)));
    let udp = among.clone().with(Field::Protocol, single(u128::from(protocol::UDP)));
    vec![esp, udp.with(port, ports)]
}

impl<'a> Run<'a> {
    /// Sends those of `flights`, about to leave on `interface`, through tunnels that policies put
    /// there; what goes on in clear is returned.
    pub(crate) fn secure(
        &mut self,
        node: NodeId,
        interface: InterfaceIndex,
        flights: Vec<Flight>,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        let atlas = self.atlas;
        let device = atlas.network.node(node);
        if device.tunnel_at(interface).is_some() {
            return Ok(flights);
        }
        let mut clear = Vec::new();
        for flight in flights {
            let Some(security) = atlas.security(node, Some(&flight)) else { continue };
            let mut left = vec![flight];
            if left[0].received_on.is_none() {
                clear.extend(self.split_outer(&security.outer[OUTWARD], &mut left)?);
            }
            for (place, policy) in device.security_policies.iter().enumerate() {
                for mut part in self.about(&security.policies[place][OUTWARD], &mut left)? {
                    self.absent(node, place, policy.may_be_absent, &part, &mut left);
                    let (step, tunnel) = match policy.action {
                        SecurityAction::Discard => {
                            let step = StepKind::Secured(SecurityStep::Discarded(place));
                            self.discard(part, node, step)?;
                            continue;
                        }
                        SecurityAction::Bypass => (SecurityStep::Bypassed(place), None),
                        SecurityAction::Protect(tunnel) => {
                            (SecurityStep::Protected(place), Some(tunnel))
                        }
                    };
                    self.note(&mut part, node, StepKind::Secured(step));
                    match tunnel {
                        None => clear.push(part),
                        Some(tunnel) => self.enter_tunnel(node, tunnel, part)?,
                    }
                }
            }
            clear.extend(left);
        }
        Ok(clear)
    }

    /// What is left of `flight`, received on `interface`, and the interface on which it counts as
    /// received.
    pub(crate) fn unsecure(
        &mut self,
        node: NodeId,
        interface: InterfaceIndex,
        flight: Flight,
    ) -> Result<(InterfaceIndex, Vec<Flight>), BudgetExceeded> {
        let atlas = self.atlas;
        let Some(security) = atlas.security(node, Some(&flight)) else {
            return Ok((interface, vec![flight]));
        };
        let device = atlas.network.node(node);
        let through = device.tunnel_at(interface);
        let Some(tunnel) = through else {
            let clear = self.check_inward(node, security, None, flight)?;
            return Ok((interface, clear));
        };
        let Some(carrier) = device.tunnel(tunnel).carrier else {
            let selectors = &security.selectors[tunnel.0 as usize];
            let selected = self.selected(node, tunnel, selectors.as_ref(), INWARD, flight)?;
            return Ok((interface, selected));
        };
        let mut let_in = self.check_inward(node, security, Some(tunnel), flight)?;
        for flight in &mut let_in {
            flight.received_on = Some(carrier);
        }
        Ok((carrier, let_in))
    }

    fn check_inward(
        &mut self,
        node: NodeId,
        security: &'a Security,
        through: Option<TunnelIndex>,
        flight: Flight,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        let device = self.atlas.network.node(node);
        let mut let_in = Vec::new();
        let mut left = vec![flight];
        if through.is_none() {
            let_in.extend(self.split_outer(&security.outer[INWARD], &mut left)?);
        }
        for (place, policy) in device.security_policies.iter().enumerate() {
            for mut part in self.about(&security.policies[place][INWARD], &mut left)? {
                self.absent(node, place, policy.may_be_absent, &part, &mut left);
                let (step, passes) = match (policy.action, through) {
                    (SecurityAction::Discard, _) => (SecurityStep::Discarded(place), false),
                    (SecurityAction::Bypass, None) => (SecurityStep::Bypassed(place), true),
                    (SecurityAction::Bypass, Some(tunnel)) => {
                        (SecurityStep::Unexpected(tunnel), false)
                    }
                    (SecurityAction::Protect(wanted), _) if through == Some(wanted) => {
                        (SecurityStep::Protected(place), true)
                    }
                    (SecurityAction::Protect(_), _) => (SecurityStep::Unprotected(place), false),
                };
                if passes {
                    self.note(&mut part, node, StepKind::Secured(step));
                    let_in.push(part);
                } else {
                    self.discard(part, node, StepKind::Secured(step))?;
                }
            }
        }
        match through {
            None => let_in.extend(left),
            Some(tunnel) => {
                for part in left {
                    let step = StepKind::Secured(SecurityStep::Unexpected(tunnel));
                    self.discard(part, node, step)?;
                }
            }
        }
        Ok(let_in)
    }

    /// A policy that may be absent leaves `part` to those behind it, too.
    fn absent(
        &mut self,
        node: NodeId,
        place: usize,
        may_be_absent: bool,
        part: &Flight,
        left: &mut Vec<Flight>,
    ) {
        if may_be_absent && self.follows_outages {
            let mut part = part.clone();
            self.note(&mut part, node, StepKind::Secured(SecurityStep::Absent(place)));
            left.push(part);
        }
    }

    /// Takes what `alternatives` are about out of `left`.
    fn about(
        &mut self,
        alternatives: &'a [Alternative],
        left: &mut Vec<Flight>,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        let mut found = Vec::new();
        let mut kept = Vec::new();
        for flight in std::mem::take(left) {
            let around = Around::of(&flight, None);
            let mut rest = vec![flight.now];
            let mut inside = Vec::new();
            take(&mut rest, alternatives, &around, &mut self.cuts, &mut inside)?;
            found.extend(inside.into_iter().map(|part| flight.within(part)));
            kept.extend(rest.into_iter().map(|part| flight.within(part)));
        }
        *left = kept;
        Ok(found)
    }

    /// Takes the outer packets out of `left`.
    fn split_outer(
        &mut self,
        outer: &'a [Pattern],
        left: &mut Vec<Flight>,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        let mut found = Vec::new();
        let mut kept = Vec::new();
        for flight in std::mem::take(left) {
            let mut rest = vec![flight.now];
            let mut inside = Vec::new();
            for pattern in outer {
                self.cuts.take_pattern(&mut rest, pattern, &mut inside)?;
            }
            found.extend(inside.into_iter().map(|part| flight.within(part)));
            kept.extend(rest.into_iter().map(|part| flight.within(part)));
        }
        *left = kept;
        Ok(found)
    }

    /// The parts of `flight` that `tunnel` has selectors for.
    fn selected(
        &mut self,
        node: NodeId,
        tunnel: TunnelIndex,
        selectors: Option<&'a [Vec<Alternative>; 2]>,
        direction: usize,
        flight: Flight,
    ) -> Result<Vec<Flight>, BudgetExceeded> {
        let Some(selectors) = selectors else { return Ok(vec![flight]) };
        let mut left = vec![flight];
        let found = self.about(&selectors[direction], &mut left)?;
        for part in left {
            let step = StepKind::Secured(SecurityStep::Unselected(tunnel));
            self.discard(part, node, step)?;
        }
        Ok(found)
    }

    /// A policy sends `flight` through `tunnel`.
    fn enter_tunnel(
        &mut self,
        node: NodeId,
        tunnel: TunnelIndex,
        flight: Flight,
    ) -> Result<(), BudgetExceeded> {
        let device = self.atlas.network.node(node);
        let door = device.tunnel(tunnel).interface;
        if !device.interface(door).enabled {
            return self.discard(flight, node, StepKind::NoRoute);
        }
        self.carry(node, tunnel, (door, Hop::Interface(door)), vec![flight])
    }

    /// `tunnel` carries those of `flights` that it has selectors for, unless it is down.
    pub(crate) fn carry(
        &mut self,
        node: NodeId,
        tunnel: TunnelIndex,
        (door, hop): (InterfaceIndex, Hop),
        flights: Vec<Flight>,
    ) -> Result<(), BudgetExceeded> {
        let atlas = self.atlas;
        for flight in flights {
            let Some(security) = atlas.security(node, Some(&flight)) else { continue };
            let selectors = security.selectors[tunnel.0 as usize].as_ref();
            for part in self.selected(node, tunnel, selectors, OUTWARD, flight)? {
                if self.follows_outages {
                    let step = StepKind::Secured(SecurityStep::Down(tunnel));
                    self.discard(part.clone(), node, step)?;
                }
                self.send(node, door, hop, part)?;
            }
        }
        Ok(())
    }
}
