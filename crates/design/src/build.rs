//! Puts the pieces together, in an order in which each finds what it needs.

use std::sync::Arc;

use diag::{Diagnostic, Span};
use model::{
    AssumptionUse, Net, Network, Node, NodeId, Origin, Peer, Readings, Segment, SegmentId,
    SegmentKind,
};
use site::{AccessMethod, ONU, OutsideNet, Role, Site, ZoneIpv6, ZonePurpose};

use crate::blueprint::{
    Blueprint, Catalogue, LineTunnel, Parties, Resolver, SessionLine, Setting, UndeclaredLine,
};
use crate::contract::{self, Contract, Door};
use crate::own_prefix::OwnPrefix;
use crate::standin::StandIns;
use crate::{
    advertised, carrier, flow, heard, hop, machine, outside, own_address, own_prefix, relay,
    router, standin, way_back,
};

/// Puts `site` and the models of its routers together.
///
/// `routers` holds one node for each router of the site file, in its order. The prefix that the
/// line hands out is taken to lie as `inside` says, or apart from all that is written. What the
/// site itself leaves open ([`HEARD`](crate::HEARD), [`HEARD_BESIDE`](crate::HEARD_BESIDE)) is read
/// as `readings` say.
#[must_use]
pub fn build(
    site: &Site,
    routers: Vec<Node>,
    inside: Option<OwnPrefix>,
    readings: &Readings,
) -> Blueprint {
    let mut builder = Builder::new(site, &routers, inside);
    let literals = match inside {
        Some(_) => Vec::new(),
        None => own_prefix::places(site, &routers, builder.standins.base()),
    };
    builder.doors = match &builder.contract {
        Some(contract) => contract::doors(site, &routers, contract),
        None => Vec::new(),
    };
    builder.zones();
    outside::declare(&mut builder);
    let routers = routers.into_iter().zip(&site.routers);
    let routers: Vec<NodeId> =
        routers.map(|(node, written)| router::place(&mut builder, node, written)).collect();
    router::standing_lines(&mut builder);
    router::resolve(&mut builder, &routers);
    for written in &site.machines {
        machine::place(&mut builder, written);
    }
    router::shared_addresses(&mut builder, &routers);
    relay::place(&mut builder);
    builder.heard = heard::uses(&builder);
    heard::take(&mut builder, readings);
    builder.finish(routers, literals)
}

pub(crate) struct Builder<'a> {
    pub(crate) site: &'a Site,
    pub(crate) network: Network,
    pub(crate) standins: StandIns,
    pub(crate) parties: Parties,
    pub(crate) sessions: Vec<SessionLine>,
    pub(crate) contract: Option<Contract>,
    /// Tunnels of routers that carry the line.
    pub(crate) doors: Vec<Door>,
    pub(crate) line_tunnels: Vec<LineTunnel>,
    pub(crate) resolvers: Vec<Resolver>,
    pub(crate) undeclared: Vec<UndeclaredLine>,
    /// Where [`HEARD`](crate::HEARD) and [`HEARD_BESIDE`](crate::HEARD_BESIDE) are open.
    pub(crate) heard: Vec<AssumptionUse>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn new(site: &'a Site, routers: &[Node], inside: Option<OwnPrefix>) -> Self {
        Self {
            site,
            network: Network::default(),
            standins: match inside {
                Some(own) => StandIns::inside(own),
                None => StandIns::apart_from(routers),
            },
            parties: Parties::default(),
            sessions: Vec::new(),
            contract: contract::of(site),
            doors: Vec::new(),
            line_tunnels: Vec::new(),
            resolvers: Vec::new(),
            undeclared: Vec::new(),
            heard: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn zones(&mut self) {
        for zone in &self.site.zones {
            let mut nets = Vec::new();
            nets.extend(zone.ipv4.as_ref().map(|net| model_net(&net.value)));
            if let Some(ZoneIpv6::Prefix(net)) = zone.ipv6.as_ref().map(|net| net.value) {
                nets.push(model_net(&net));
            }
            let is_line = zone.name.value == ONU;
            let kind = if is_line { SegmentKind::Line } else { SegmentKind::Zone };
            let origin = Origin::Written(zone.name.span);
            let id = self.segment(zone.name.value.clone(), kind, nets, origin);
            if is_line {
                self.parties.line = Some(id);
            } else {
                self.parties.inside_segments.push(id);
            }
        }
        if self.parties.line.is_none() {
            let place = self.place();
            let id = self.segment(ONU.to_owned(), SegmentKind::Line, Vec::new(), place);
            self.parties.line = Some(id);
        }
    }

    /// Where the site file speaks of the line, else of the facility.
    pub(crate) fn place(&self) -> Origin {
        let line = self.site.line.as_ref().map(|line| line.span);
        let facility = self.site.facility.as_ref().map(|facility| facility.span);
        let start = diag::Span::new(self.site.source, 0, 0);
        Origin::Written(line.or(facility).unwrap_or(start))
    }

    pub(crate) fn segment(
        &mut self,
        name: String,
        kind: SegmentKind,
        nets: Vec<Net>,
        origin: Origin,
    ) -> SegmentId {
        let number = u32::try_from(self.network.segments.len()).unwrap_or(u32::MAX);
        self.network.segments.push(Segment { name, kind, nets, origin });
        SegmentId(number)
    }

    pub(crate) fn zone(&self, name: &str) -> Option<SegmentId> {
        let place = self.network.segments.iter().position(|segment| {
            matches!(segment.kind, SegmentKind::Zone | SegmentKind::Line) && segment.name == name
        })?;
        Some(SegmentId(u32::try_from(place).ok()?))
    }

    pub(crate) fn add(&mut self, node: Node) -> NodeId {
        let number = u32::try_from(self.network.nodes.len()).unwrap_or(u32::MAX);
        self.network.nodes.push(Arc::new(node));
        NodeId(number)
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        self.network.node_mut(id)
    }

    /// The node that stands for an outside network; it is declared before anything else.
    pub(crate) fn outside(&self, net: OutsideNet) -> NodeId {
        let name = outside::name(net);
        self.network.find(name).unwrap_or(NodeId(0))
    }

    fn finish(mut self, routers: Vec<NodeId>, literals: Vec<(OwnPrefix, Span)>) -> Blueprint {
        self.parties.routers = routers;
        self.medical_segments();
        relay::find_loops(&mut self);
        hop::find_impossible(&mut self);
        own_address::find_impossible(&mut self);
        advertised::find_untold(&mut self);
        hop::settle(&mut self);
        hop::find_unnamed(&mut self);
        carrier::find_stray(&mut self);
        let services = flow::services(&self);
        let catalogue = Catalogue { destinations: flow::destinations(&self) };
        let mut assumptions = std::mem::take(&mut self.heard);
        if self.standins.is_used {
            let assumption = &standin::LINE_PREFIX;
            assumptions.push(AssumptionUse { assumption, span: None });
        }
        let own_address_lines =
            standin::own_address_lines(&self.network, &self.parties.routers, &self.others());
        if !own_address_lines.is_empty() {
            let assumption = &standin::LINE_ADDRESS;
            assumptions.push(AssumptionUse { assumption, span: None });
        }
        let line = self.site.line.as_ref().map(|line| &line.value);
        let is_pppoe = |method: Option<site::Spanned<AccessMethod>>| {
            method.map(|method| method.value == AccessMethod::Pppoe)
        };
        let claims_use_pppoe = is_pppoe(line.and_then(|line| line.claims));
        let eligibility_uses_pppoe = is_pppoe(line.and_then(|line| line.eligibility));
        let sessions_max = line.and_then(|line| line.sessions_max);
        let standing = self.site.standing.iter().filter_map(|one| {
            let router = self.network.find(&one.router.value)?;
            let interface = self.network.node(router).find_interface(&one.interface.value)?;
            Some((router, interface))
        });
        let standing = standing.collect();
        let setting = Setting {
            place: self.place().span(),
            parties: self.parties,
            services,
            catalogue,
            sessions: self.sessions,
            contract: self.contract,
            line_tunnels: self.line_tunnels,
            claims_use_pppoe,
            eligibility_uses_pppoe,
            resolvers: self.resolvers,
            sessions_max: sessions_max.map(|written| (written.value, written.span)),
            undeclared: self.undeclared,
            standing,
            knows_way_back: way_back::is_known(self.site),
            assumptions,
            diagnostics: self.diagnostics,
            literals,
            own_address_lines,
            standin: self.standins.base(),
        };
        Blueprint { network: self.network, setting: Arc::new(setting) }
    }

    /// IPv4 addresses that somebody else has: peers of tunnels and listed destinations.
    fn others(&self) -> Vec<Net> {
        let peers = self.network.nodes.iter().flat_map(|node| &node.tunnels);
        let peers = peers.filter_map(|tunnel| match tunnel.peer {
            Peer::Address(address) => Some(Net::host(address)),
            _ => None,
        });
        let listed = self.site.destinations.iter().flat_map(|one| &one.addresses);
        peers.chain(listed.map(|net| model_net(&net.value))).collect()
    }

    fn medical_segments(&mut self) {
        let has = |role: &[Role], name: &str| {
            self.site.machines.iter().any(|machine| {
                role.iter().any(|role| machine.has_role(*role))
                    && machine.nics.iter().any(|nic| nic.value.zone.value == name)
            })
        };
        let claims = [Role::ClaimsComputer, Role::Server, Role::WebApi];
        let is_merged = |name: &str| {
            self.site.machines.iter().any(|machine| {
                machine.has_role(Role::EligibilityTerminal)
                    && claims.iter().any(|role| machine.has_role(*role))
                    && machine.nics.iter().any(|nic| nic.value.zone.value == name)
            })
        };
        let is_for_medical = |name: &str| {
            let purpose = self.site.zone(name).and_then(|zone| zone.purpose);
            purpose.is_some_and(|purpose| purpose.value == ZonePurpose::ClaimsComputers)
        };
        let medical: Vec<SegmentId> = self
            .parties
            .inside_segments
            .iter()
            .copied()
            .filter(|id| {
                let name = &self.network.segment(*id).name;
                // Terminals that stand there by mistake do not change what the zone is for; a
                // claims computer that is one itself does.
                let is_declared = is_for_medical(name) && !is_merged(name);
                let is_seen = has(&claims, name) && !has(&[Role::EligibilityTerminal], name);
                is_declared || is_seen
            })
            .collect();
        self.parties.neighbours = self.neighbours(&medical);
        self.parties.medical_segments = medical;
        let is_for_terminals = |name: &str| {
            let purpose = self.site.zone(name).and_then(|zone| zone.purpose);
            purpose.is_some_and(|purpose| purpose.value == ZonePurpose::Terminals)
        };
        let unmanned = self.parties.inside_segments.iter().copied().filter(|id| {
            let name = &self.network.segment(*id).name;
            is_for_terminals(name) && !has(&[Role::EligibilityTerminal], name)
        });
        self.parties.unmanned_segments = unmanned.collect();
    }

    /// Machines of no kind that a page speaks of, with an interface in one of `segments`.
    fn neighbours(&self, segments: &[SegmentId]) -> Vec<NodeId> {
        let parties = &self.parties;
        let known = [&parties.medical, &parties.terminals, &parties.claims_terminals];
        let is_other = |id: &NodeId| !known.iter().any(|list| list.contains(id));
        let stands_there = |id: &NodeId| {
            let interfaces = &self.network.node(*id).interfaces;
            interfaces.iter().any(|one| one.segment.is_some_and(|own| segments.contains(&own)))
        };
        let machines = parties.machines.iter().copied();
        machines.filter(is_other).filter(stands_there).collect()
    }
}

/// A network of the site file as one of the model.
pub(crate) fn model_net(net: &site::Net) -> Net {
    standin::net(net.address(), net.length())
}
