//! Machines: interfaces, addresses, routes and the host firewall.

use diag::{Diagnostic, Span, text};
use model::{
    Acl, AclIndex, Action, AddressSource, Entry, Family, Hop, Interface, InterfaceAddress,
    InterfaceIndex, InterfaceKind, Match, Net, NextHop, Node, NodeId, NodeKind, Origin, Pipeline,
    Point, Ranges, Route, SegmentId, Stage, StageKind, State, States, Tracker, TrackerIndex,
    TrackerKind,
};
use site::{Firewall, FirewallOpenings, Machine, Nic, NicIpv6, Role, RouteTarget, Spanned};

use crate::blueprint::{Resolver, Server};
use crate::build::{Builder, model_net};
use crate::{flow, own_line, router, standin};

/// Preference of routes that the site file writes.
const WRITTEN: u32 = 1_000;

/// The identifier of the first machine that has a stand-in for its learned address.
pub(crate) const FIRST_HOST: u64 = 0x100;

/// Puts the machine `written` into the network.
pub(crate) fn place(builder: &mut Builder<'_>, written: &Machine) {
    let origin = Origin::Written(written.name.span);
    let mut node = Node::new(written.name.value.clone(), NodeKind::Machine, origin.clone());
    if let Some(forwarding) = &written.forwarding {
        let since = Origin::Written(forwarding.span);
        node.forwarding = [(forwarding.value, since.clone()), (forwarding.value, since)];
    }
    let id = builder.add(node);
    for nic in &written.nics {
        place_nic(builder, id, nic);
    }
    two_ways(builder, id, written);
    firewall(builder, id, written);
    own_line::place(builder, id, written);
    let parties = &mut builder.parties;
    parties.machines.push(id);
    let medical = [Role::ClaimsComputer, Role::Server, Role::WebApi];
    if medical.into_iter().any(|role| written.has_role(role)) {
        parties.medical.push(id);
    }
    if written.has_role(Role::EligibilityTerminal) {
        parties.terminals.push(id);
    }
    if written.has_role(Role::OnlineClaimsTerminal) {
        parties.claims_terminals.push(id);
    }
    if written.has_role(Role::WebApi) {
        parties.web_api.push(id);
    }
}

fn place_nic(builder: &mut Builder<'_>, id: NodeId, nic: &Spanned<Nic>) {
    let zone = &nic.value.zone.value;
    let segment = builder.zone(zone);
    let origin = Origin::Written(nic.span);
    let name = nic.value.name.as_ref().map_or_else(|| zone.clone(), |name| name.value.clone());
    let index = InterfaceIndex(count(&builder.network.node(id).interfaces));
    let mut addresses = Vec::new();
    let mut routes = Vec::new();
    let mut own = |source, net: Net, span: Span| {
        let origin = Origin::Written(span);
        routes.push(router::connected(index, net, origin.clone()));
        addresses.push(InterfaceAddress { source, net: Some(net), origin });
    };
    if let Some(ipv4) = &nic.value.ipv4 {
        let length = prefix_length(builder, zone, Family::V4);
        own(AddressSource::Static, standin::net(ipv4.value.into(), length), ipv4.span);
    }
    match nic.value.ipv6.as_ref().map(|ipv6| (ipv6.value, ipv6.span)) {
        Some((NicIpv6::Address(address), span)) => {
            let length = prefix_length(builder, zone, Family::V6);
            own(AddressSource::Static, standin::net(address.into(), length), span);
        }
        Some((NicIpv6::Ra, span)) => {
            let number = segment.map_or(0, |segment| router::segment_number(segment.0));
            let address = builder.standins.host(number, FIRST_HOST + u64::from(id.0));
            own(AddressSource::Advertised, address, span);
            routes.push(learned_default(index, Origin::Written(span)));
        }
        Some((NicIpv6::Off, _)) | None => {}
    }
    let device = builder.node_mut(id);
    device.interfaces.push(Interface {
        name,
        kind: InterfaceKind::Port,
        enabled: true,
        addresses,
        advertises: None,
        segment,
        origin,
    });
    device.routes.extend(routes);
    written_routes(builder, id, index, &nic.value);
    name_servers(builder, id, index, &nic.value);
}

fn written_routes(builder: &mut Builder<'_>, id: NodeId, index: InterfaceIndex, nic: &Nic) {
    let mut routes = Vec::new();
    if let Some(gateway) = &nic.gateway {
        for family in families(nic) {
            if let Some(hop) = hop(builder, nic, gateway, index, family) {
                routes.push(default_route(family, hop, WRITTEN, Origin::Written(gateway.span)));
            }
        }
    }
    for route in &nic.routes {
        for prefix in targets(builder, &route.value.to.value, nic) {
            if let Some(hop) = hop(builder, nic, &route.value.via, index, prefix.family()) {
                let origin = Origin::Written(route.span);
                let hops = vec![next_hop(hop, origin.clone())];
                routes.push(Route { prefix, hops, preference: WRITTEN, origin });
            }
        }
    }
    builder.node_mut(id).routes.extend(routes);
}

/// Says where two routes of a machine lead to one network: which of them it takes is not written.
fn two_ways(builder: &mut Builder<'_>, id: NodeId, written: &Machine) {
    let routes = &builder.network.node(id).routes;
    let written_ones: Vec<&Route> =
        routes.iter().filter(|route| route.preference == WRITTEN).collect();
    let mut found = Vec::new();
    for (at, route) in written_ones.iter().enumerate() {
        let first = |hops: &[NextHop]| hops.first().map(|one| one.hop);
        let other = written_ones[..at]
            .iter()
            .find(|other| other.prefix == route.prefix && first(&other.hops) != first(&route.hops));
        let spans = other.and_then(|other| Some((route.origin.span()?, other.origin.span()?)));
        found.extend(spans.map(|(span, other)| (route.prefix, span, other)));
    }
    for (prefix, span, other) in found {
        let diagnostic = Diagnostic::error(
            site::codes::TWO_WAYS,
            text!(
                ja: "`{machine}` には {prefix} への経路が二つあります",
                en: "`{machine}` has two routes to {prefix}",
                machine = written.name.value, prefix = prefix,
            ),
        )
        .at(span)
        .also(other, text!(ja: "もう一つの経路", en: "the other one"))
        .advise(text!(
            ja: "機器で実際に使う方だけを残してください",
            en: "leave the one that the machine takes",
        ));
        builder.diagnostics.push(diagnostic);
    }
}

fn name_servers(builder: &mut Builder<'_>, machine: NodeId, interface: InterfaceIndex, nic: &Nic) {
    for written in nic.name_servers() {
        let server = match &written.value {
            site::Hop::Address(address) => Some(Server::Address(*address)),
            site::Hop::Router(name) => builder.network.find(name).map(Server::Router),
        };
        let span = written.span;
        let found = server.map(|server| Resolver { machine, interface, server, span });
        builder.resolvers.extend(found);
    }
}

/// The families in which the interface has an address.
fn families(nic: &Nic) -> Vec<Family> {
    let mut families = Vec::new();
    families.extend(nic.ipv4.as_ref().map(|_| Family::V4));
    let has_fixed = |ipv6: &Spanned<NicIpv6>| matches!(ipv6.value, NicIpv6::Address(_));
    families.extend(nic.ipv6.as_ref().filter(|ipv6| has_fixed(ipv6)).map(|_| Family::V6));
    families
}

fn targets(builder: &Builder<'_>, target: &RouteTarget, nic: &Nic) -> Vec<Net> {
    match target {
        RouteTarget::Default => families(nic).into_iter().map(Net::all).collect(),
        RouteTarget::Prefix(net) => vec![model_net(net)],
        RouteTarget::Zone(name) => builder
            .zone(name)
            .map(|segment| builder.network.segment(segment).nets.clone())
            .unwrap_or_default(),
    }
}

fn hop(
    builder: &mut Builder<'_>,
    nic: &Nic,
    written: &Spanned<site::Hop>,
    index: InterfaceIndex,
    family: Family,
) -> Option<Hop> {
    match &written.value {
        site::Hop::Address(address) if Family::of(*address) == family => {
            Some(Hop::AddressOn(*address, index))
        }
        site::Hop::Address(_) => None,
        site::Hop::Router(name) => {
            let found = router::address_in(builder, name, &nic.zone.value, family);
            if found.is_none() && !router::is_opaque(builder, name) {
                let diagnostic = Diagnostic::error(
                    "T105",
                    text!(
                        ja: "`{router}` はゾーン `{zone}` に {family} アドレスを持っていません",
                        en: "`{router}` has no {family} address in zone `{zone}`",
                        router = name, zone = nic.zone.value, family = family.name(),
                    ),
                )
                .at(written.span)
                .advise(text!(
                    ja: "`ports` の割り当てとルータの設定を確認してください",
                    en: "check the router's `ports` and its configuration",
                ));
                builder.diagnostics.push(diagnostic);
            }
            found.map(|address| Hop::AddressOn(address, index))
        }
    }
}

/// The IPv6 default route to whoever advertises on `interface`.
pub(crate) fn learned_default(interface: InterfaceIndex, origin: Origin) -> Route {
    default_route(Family::V6, Hop::Learned(interface), 100, origin)
}

pub(crate) fn default_route(family: Family, hop: Hop, preference: u32, origin: Origin) -> Route {
    let hops = vec![next_hop(hop, origin.clone())];
    Route { prefix: Net::all(family), hops, preference, origin }
}

fn next_hop(hop: Hop, origin: Origin) -> NextHop {
    NextHop { hop, guard: None, may_vanish: false, origin }
}

/// Length of the zone's prefix; a lone address if the zone has none of the family.
fn prefix_length(builder: &Builder<'_>, zone: &str, family: Family) -> u8 {
    builder
        .zone(zone)
        .and_then(|segment| builder.network.nets(segment, family).next())
        .map_or_else(|| family.bits(), Net::length)
}

/// The declared host firewall: a session table and a list before the machine takes a packet.
fn firewall(builder: &mut Builder<'_>, id: NodeId, written: &Machine) {
    let Some(firewall) = &written.firewall else { return };
    let origin = Origin::Written(firewall.span);
    let openings = match &firewall.value {
        Firewall::None => return,
        Firewall::InboundClosed => None,
        Firewall::Openings(openings) => Some(openings),
    };
    let known = Match {
        states: Some(States::of(&[State::Established, State::Related])),
        ..Match::default()
    };
    let mut entries = vec![entry(vec![known], Action::Permit, origin.clone())];
    if let Some(openings) = openings {
        entries.push(opening(builder, id, openings, origin.clone()));
    }
    let acl = Acl {
        name: format!("{} firewall", written.name.value),
        entries,
        default: Action::Deny,
        default_origin: origin.clone(),
    };
    let device = builder.node_mut(id);
    let name = acl.name.clone();
    device.acls.push(acl.into());
    device.trackers.push(Tracker { name, kind: TrackerKind::Automatic, origin });
    let track = || Stage::of(None, StageKind::Track(TrackerIndex(0)));
    device.pipelines = vec![
        Pipeline::new(Point::Prerouting, vec![track()]),
        Pipeline::new(Point::LocalOut, vec![track()]),
        Pipeline::new(Point::LocalIn, vec![Stage::of(None, StageKind::Filter(AclIndex(0)))]),
    ];
}

fn opening(
    builder: &Builder<'_>,
    id: NodeId,
    openings: &FirewallOpenings,
    origin: Origin,
) -> Entry {
    let zones: Vec<SegmentId> =
        openings.on.iter().filter_map(|zone| builder.zone(&zone.value)).collect();
    let is_on = |interface: &Interface| interface.segment.is_some_and(|one| zones.contains(&one));
    let own = builder.network.node(id).interfaces();
    let on: Vec<InterfaceIndex> =
        own.filter(|(_, interface)| is_on(interface)).map(|(index, _)| index).collect();
    let from: Vec<Net> = openings
        .from
        .iter()
        .filter_map(|zone| builder.zone(&zone.value))
        .flat_map(|segment| builder.network.segment(segment).nets.clone())
        .collect();
    let mut matches = Vec::new();
    for spec in &openings.open {
        for family in Family::ALL {
            let sources = from.iter().filter(|net| net.family() == family);
            let sources = Ranges::of(sources.map(|net| net.bounds()));
            if !openings.from.is_empty() && sources.is_empty() {
                continue;
            }
            let (protocol, destination_port) = flow::ports(&spec.value).ranges(family);
            matches.push(Match {
                family: Some(family),
                in_interfaces: (!openings.on.is_empty()).then(|| on.clone()),
                source: (!openings.from.is_empty()).then_some(sources),
                protocol,
                destination_port,
                ..Match::default()
            });
        }
    }
    entry(matches, Action::Permit, origin)
}

fn entry(matches: Vec<Match>, action: Action, origin: Origin) -> Entry {
    Entry { matches, action, origin }
}

fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
