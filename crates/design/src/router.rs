//! Routers: their interfaces on segments, and addresses that the line hands out.

use diag::{Diagnostic, Span, text};
use model::{
    AddressSource, Effects, Family, Hop, Interface, InterfaceIndex, InterfaceKind, Net, NextHop,
    Node, NodeId, Origin, Point, Route, SegmentKind,
};
use site::{ONU, OutsideNet, Router, RouterSession};

use crate::blueprint::UndeclaredLine;
use crate::build::Builder;
use crate::{bridge, outside, own_address, session, standin};

/// Puts the router `written` with its model `node` on the segments that the site file says.
pub(crate) fn place(builder: &mut Builder<'_>, node: Node, written: &Router) -> NodeId {
    let id = builder.add(node);
    for port in &written.ports {
        let Some(index) = builder.network.node(id).find_interface(&port.name.value) else {
            unknown_port(builder, id, written, &port.name.value, port.name.span);
            continue;
        };
        let mut zones = port.zones.iter().filter_map(|zone| builder.zone(&zone.value));
        let segment = zones.next();
        builder.node_mut(id).interfaces[index.0 as usize].segment = segment;
    }
    let settled = bridge::settle(builder, id, written);
    for place in 0..builder.network.node(id).interfaces.len() {
        networks(builder, id, place, written);
    }
    far_ends(builder, id, written);
    session::unknown(builder, id, written);
    unplaced(builder, id, written, &settled);
    id
}

/// Networks that an interface brings to its zone, also those that the zone is not said to have.
fn networks(builder: &mut Builder<'_>, id: NodeId, place: usize, written: &Router) {
    let interface = &builder.network.node(id).interfaces[place];
    let Some(segment) = interface.segment else { return };
    let addresses: Vec<(Net, Option<Span>)> = interface
        .addresses
        .iter()
        .filter(|address| address.source != AddressSource::Dhcp { is_told: false })
        .filter_map(|address| Some((address.net?, address.origin.span())))
        .collect();
    for (net, span) in addresses {
        let zone = &mut builder.network.segments[segment.0 as usize];
        let known: Vec<Net> =
            zone.nets.iter().copied().filter(|own| own.family() == net.family()).collect();
        let holds = |own: &&Net| own.contains(net.address()) && own.length() <= net.length();
        if known.iter().any(|own| holds(&own)) {
            continue;
        }
        zone.nets.push(net.prefix());
        let name = zone.name.clone();
        if known.is_empty() {
            continue;
        }
        let inner = known.iter().find(|own| net.contains(own.address()));
        let headline = match inner {
            Some(own) => text!(
                ja: "`{router}` のアドレス {net} の範囲は、ゾーン `{zone}` の範囲 {own} より広くな\
                     っています",
                en: "the network of {net} on `{router}` is wider than {own}, the prefix of zone \
                     `{zone}`",
                router = written.name.value, net = net, zone = name, own = *own,
            ),
            None => text!(
                ja: "`{router}` のアドレス {net} は、ゾーン `{zone}` の範囲にありません",
                en: "address {net} of `{router}` is outside the prefix of zone `{zone}`",
                router = written.name.value, net = net, zone = name,
            ),
        };
        let diagnostic = Diagnostic::warning("T108", headline)
            .at(span.unwrap_or(written.name.span))
            .because(text!(
                ja: "この範囲の機器もゾーンにあるものとして判定します",
                en: "machines in that network are taken to stand in the zone too",
            ))
            .advise(text!(
                ja: "ゾーンの範囲かルータのアドレスを確認してください",
                en: "check the zone's prefix and the router's address",
            ));
        builder.diagnostics.push(diagnostic);
    }
}

fn unknown_port(builder: &mut Builder<'_>, id: NodeId, written: &Router, name: &str, span: Span) {
    let device = builder.network.node(id);
    let names: Vec<&str> = device.interfaces.iter().map(|one| one.name.as_str()).collect();
    let router = &written.name.value;
    let headline = if name.trim().is_empty() {
        text!(
            ja: "`{router}` のポートの名前が空です", en: "a port of `{router}` has no name",
            router = *router,
        )
    } else {
        text!(
            ja: "`{router}` の設定にポート `{name}` がありません",
            en: "the configuration of `{router}` has no port `{name}`",
            router = *router, name = name,
        )
    };
    let mut found = Diagnostic::error("T101", headline).at(span);
    let near = names
        .iter()
        .filter(|other| strsim::damerau_levenshtein(other, name) <= 2)
        .min_by_key(|other| strsim::damerau_levenshtein(other, name));
    if let Some(near) = near {
        found = found.mend(span, format!("\"{near}\"").replace('"', ""));
    }
    let help = if names.is_empty() {
        text!(
            ja: "設定ファイルからポートをひとつも読めていません。\
                 設定ファイルについての指摘を先に直してください",
            en: "no port at all was read from the configuration; look first at what is said of \
                 that file",
        )
    } else {
        text!(
            ja: "設定にあるポート名（{names}）を書いてください",
            en: "write a port that the configuration has ({names})",
            names = names.join(", "),
        )
    };
    builder.diagnostics.push(found.advise(help));
}

/// Connects PPPoE sessions and tunnels with what is at their far ends. One that the site file
/// does not name is taken for the Internet, or for a network where an attacker stands.
fn far_ends(builder: &mut Builder<'_>, id: NodeId, written: &Router) {
    let ends: Vec<(InterfaceIndex, String, bool, Origin)> = builder
        .network
        .node(id)
        .interfaces()
        .filter(|(_, interface)| interface.enabled)
        .filter_map(|(index, interface)| {
            let is_session = matches!(interface.kind, InterfaceKind::Session { .. });
            let is_end = is_session || interface.kind == InterfaceKind::Tunnel;
            is_end.then(|| (index, interface.name.clone(), is_session, interface.origin.clone()))
        })
        .collect();
    let place = builder.site.routers.iter().position(|one| one.name.span == written.name.span);
    for (index, name, is_session, origin) in ends {
        if place.is_some_and(|place| builder.doors.contains(&(place, index))) {
            outside::carry_line(builder, (id, index), origin);
            continue;
        }
        let kind = if is_session { SegmentKind::Session } else { SegmentKind::Tunnel };
        let line = UndeclaredLine { router: id, interface: index, origin: origin.clone() };
        let (far, others) = if is_session {
            session_end(builder, written, &name, line)
        } else {
            tunnel_end(builder, written, &name, line)
        };
        outside::connect(builder, (id, index), far, kind, origin);
        for other in others {
            outside::join(builder, other, (id, index));
        }
    }
}

/// The network at the far end of a session, and the others that stand there too.
fn session_end(
    builder: &mut Builder<'_>,
    written: &Router,
    name: &str,
    undeclared: UndeclaredLine,
) -> (NodeId, Vec<NodeId>) {
    let session = written.sessions.iter().find(|one| one.name.value == name);
    let mut nets: Vec<OutsideNet> = session.into_iter().flat_map(RouterSession::far_nets).collect();
    if session.is_some_and(|session| session::is_closed_on_open_line(builder, session)) {
        nets.push(OutsideNet::Internet);
    }
    let mut ends: Vec<NodeId> = nets.into_iter().map(|net| builder.outside(net)).collect();
    ends.extend(standing_ends(builder, written, name));
    let mut ends = ends.into_iter();
    if let Some(first) = ends.next() {
        return (first, ends.collect());
    }
    builder.undeclared.push(undeclared);
    (builder.outside(OutsideNet::Internet), Vec::new())
}

/// The far sides of standing lines that come in on the interface `name`: of one that several share
/// all of them.
fn standing_ends(builder: &mut Builder<'_>, written: &Router, name: &str) -> Vec<NodeId> {
    let lines = builder
        .site
        .standing
        .iter()
        .filter(|line| line.router.value == written.name.value && line.interface.value == name);
    lines
        .map(|line| outside::far_side(builder, &line.name.value, Origin::Written(line.name.span)))
        .collect()
}

/// Who stands at the far end of a tunnel, and the others that stand there too.
fn tunnel_end(
    builder: &mut Builder<'_>,
    written: &Router,
    name: &str,
    undeclared: UndeclaredLine,
) -> (NodeId, Vec<NodeId>) {
    let origin = undeclared.origin.clone();
    let mut ends: Vec<NodeId> = Vec::new();
    if let Some(tunnel) = written.tunnels.iter().find(|one| one.name.value == name) {
        ends.push(outside::far_side(builder, &tunnel.standing.value, origin.clone()));
    }
    let standing = standing_ends(builder, written, name);
    ends.extend(standing.into_iter().filter(|one| !ends.contains(one)).collect::<Vec<_>>());
    let mut ends = ends.into_iter();
    if let Some(first) = ends.next() {
        return (first, ends.collect());
    }
    let place = (undeclared.router, undeclared.interface);
    if let Some(far) = session::of_tunnel(builder, written, place) {
        return (far, Vec::new());
    }
    builder.undeclared.push(undeclared);
    let name = format!("{} {name}", written.name.value);
    (outside::far_side(builder, &name, origin), Vec::new())
}

fn place_at(found: Diagnostic, origin: &Origin, otherwise: Span) -> Diagnostic {
    found.at(origin.span().unwrap_or(otherwise))
}

/// Puts the far sides of standing lines that come in on a port where the port is.
///
/// Those on tunnels and sessions stand there already.
pub(crate) fn standing_lines(builder: &mut Builder<'_>) {
    let site = builder.site;
    for line in &site.standing {
        let router = builder.network.find(&line.router.value);
        let index =
            router.and_then(|id| builder.network.node(id).find_interface(&line.interface.value));
        let (Some(id), Some(index)) = (router, index) else {
            let known = router.is_some_and(|_| !is_opaque(builder, &line.router.value));
            if known || router.is_none() {
                builder.diagnostics.push(no_such_interface(line));
            }
            continue;
        };
        let interface = builder.network.node(id).interface(index);
        if !matches!(interface.kind, InterfaceKind::Port | InterfaceKind::Vlan { .. }) {
            continue;
        }
        let origin = Origin::Written(line.name.span);
        let segment = interface.segment;
        let far = outside::far_side(builder, &line.name.value, origin.clone());
        match segment {
            Some(segment) => {
                outside::attach(builder, far, "line", InterfaceKind::Port, segment);
            }
            None => outside::connect(builder, (id, index), far, SegmentKind::Tunnel, origin),
        }
    }
}

fn no_such_interface(line: &site::Standing) -> Diagnostic {
    Diagnostic::error(
        "T104",
        text!(
            ja: "常設回線 `{name}` の `{router}` に `{interface}` がありません",
            en: "`{router}` has no `{interface}` for the standing line `{name}`",
            name = line.name.value, router = line.router.value, interface = line.interface.value,
        ),
    )
    .at(line.interface.span)
    .advise(text!(
        ja: "ルータの設定にあるインターフェースの名前を書いてください",
        en: "name an interface that the router's configuration has",
    ))
}

/// Says which machines have an address that a router has, too.
pub(crate) fn shared_addresses(builder: &mut Builder<'_>, routers: &[NodeId]) {
    let mut owned: Vec<(std::net::IpAddr, NodeId, Option<Span>)> = Vec::new();
    for router in routers {
        let interfaces = &builder.network.node(*router).interfaces;
        let addresses = interfaces.iter().flat_map(|interface| &interface.addresses);
        let fixed = addresses.filter(|address| address.source == AddressSource::Static);
        owned.extend(
            fixed.filter_map(|address| {
                Some((address.net?.address(), *router, address.origin.span()))
            }),
        );
    }
    for (at, (address, router, span)) in owned.iter().enumerate() {
        let alike = |(other, node, _): &&(_, NodeId, _)| other == address && node != router;
        let Some((_, other, line)) = owned[..at].iter().find(alike) else { continue };
        let name = |node: &NodeId| builder.network.node(*node).name.clone();
        let mut found = shared_address(&name(router), &name(other), *address);
        if let Some(span) = span {
            found = found.at(*span);
        }
        if let Some(line) = line.filter(|line| Some(*line) != *span) {
            found = found
                .also(line, text!(ja: "ルータのアドレスです", en: "the address of the router"));
        }
        builder.diagnostics.push(found);
    }
    let site = builder.site;
    for machine in &site.machines {
        for nic in machine.nics.iter().map(|nic| &nic.value) {
            for (address, span) in nic.fixed_addresses() {
                let Some((_, router, line)) = owned.iter().find(|(own, ..)| *own == address) else {
                    continue;
                };
                let router = &builder.network.node(*router).name;
                let found = shared_address(&machine.name.value, router, address).at(span);
                let label = text!(ja: "ルータのアドレスです", en: "the address of the router");
                let found = match line {
                    Some(line) => found.also(*line, label),
                    None => found,
                };
                builder.diagnostics.push(found);
            }
        }
    }
}

fn shared_address(machine: &str, router: &str, address: std::net::IpAddr) -> Diagnostic {
    Diagnostic::error(
        "T103",
        text!(
            ja: "`{machine}` のアドレス `{address}` は、ルータ `{router}` も使っています",
            en: "`{machine}` has the address `{address}`, which the router `{router}` has, too",
            machine = machine, router = router, address = address,
        ),
    )
    .advise(text!(
        ja: "実機のアドレスを確かめ、どちらかを直してください",
        en: "look at the machine and the router and correct one of the two",
    ))
}

/// Whether packets or frames can come in or leave on an interface. One without an address takes
/// packets too where a node filters at one place for all interfaces.
fn is_used(device: &Node, index: InterfaceIndex) -> bool {
    let leads_there = |hop: Hop| match hop {
        Hop::Interface(to) | Hop::Learned(to) | Hop::AddressOn(_, to) => to == index,
        Hop::Address(_) | Hop::Discard => false,
    };
    let policy = device.policy_routes.iter().map(|policy| &policy.hop);
    let mut hops = device.routes.iter().flat_map(|route| &route.hops).chain(policy);
    !device.interface(index).addresses.is_empty()
        || device.relays.iter().any(|relay| relay.ports.contains(&index))
        || device.pipelines.iter().any(|pipeline| pipeline.point == Point::Forward)
        || hops.any(|hop| leads_there(hop.hop))
}

/// Whether the bridge whose foot is `index` joins any ports.
fn has_ports(device: &Node, index: InterfaceIndex) -> bool {
    device.relays.iter().any(|relay| relay.ports.contains(&index) && relay.ports.len() > 1)
}

/// Says which used interfaces stand nowhere.
fn unplaced(builder: &mut Builder<'_>, id: NodeId, written: &Router, settled: &[InterfaceIndex]) {
    let device = builder.network.node(id);
    let mut found = Vec::new();
    for (index, interface) in device.interfaces().filter(|(index, _)| !settled.contains(index)) {
        let is_wire = match interface.kind {
            InterfaceKind::Port | InterfaceKind::Vlan { .. } => true,
            // What it joins may come and go, such as containers.
            InterfaceKind::Bridge => !has_ports(device, index),
            _ => false,
        };
        if interface.enabled && is_wire && is_used(device, index) && interface.segment.is_none() {
            let is_written = written.ports.iter().any(|port| port.name.value == interface.name);
            if !is_written {
                found.push((interface.name.clone(), interface.origin.clone()));
            }
        }
    }
    for (name, origin) in found {
        let diagnostic = Diagnostic::warning(
            "T102",
            text!(
                ja: "`{router}` の `{name}` は使われていますが、どのゾーンにもありません",
                en: "`{name}` of `{router}` is in use but in no zone",
                router = written.name.value, name = name,
            ),
        )
        .because(text!(
            ja: "何がつながっているか分からないため、その先は調べていません",
            en: "what is plugged in there is unknown, so nothing behind it was examined",
        ))
        .advise(text!(
            ja: "`[routers.{router}]` の `ports` に `{name}` のゾーンを書いてください",
            en: "name the zone of `{name}` in `ports` under `[routers.{router}]`",
            router = written.name.value, name = name,
        ));
        builder.diagnostics.push(place_at(diagnostic, &origin, written.name.span));
    }
}

/// Gives stand-ins to the addresses that only the line hands out, with their connected routes.
pub(crate) fn resolve(builder: &mut Builder<'_>, routers: &[NodeId]) {
    for id in routers {
        for place in 0..builder.network.node(*id).interfaces.len() {
            resolve_interface(builder, *id, place);
            own_address::dhcp_network(builder, *id, place);
        }
    }
}

fn resolve_interface(builder: &mut Builder<'_>, id: NodeId, place: usize) {
    let interface = builder.network.node(id).interfaces[place].clone();
    let segment = interface.segment;
    let name = segment.map(|segment| builder.network.segment(segment).name.clone());
    for (number, address) in interface.addresses.iter().enumerate() {
        if address.net.is_some() {
            continue;
        }
        let identifier = 0xff00 + u64::from(id.0);
        let net = match address.source {
            AddressSource::Static => continue,
            AddressSource::Dhcp { .. } => builder.standins.ipv4(24),
            AddressSource::Ipcp => builder.standins.ipv4(32),
            AddressSource::Advertised => {
                let prefix = line_prefix(builder, name.as_deref());
                standin::with_identifier(prefix, identifier)
            }
            AddressSource::Delegated { identifier, .. } => {
                let zone = segment.map_or(u16::MAX, |segment| segment_number(segment.0));
                let prefix = builder.standins.prefix(zone);
                standin::with_identifier(prefix, identifier)
            }
        };
        let origin = address.origin.clone();
        let device = builder.node_mut(id);
        device.interfaces[place].addresses[number].net = Some(net);
        let index = InterfaceIndex(u32::try_from(place).unwrap_or(u32::MAX));
        device.routes.push(connected(index, net, origin));
        if let Some(segment) = segment {
            builder.network.segments[segment.0 as usize].nets.push(net.prefix());
        }
    }
}

/// Number of the stand-in prefix of a zone; 0 is the line itself.
pub(crate) fn segment_number(segment: u32) -> u16 {
    u16::try_from(segment + 1).unwrap_or(u16::MAX)
}

fn line_prefix(builder: &mut Builder<'_>, zone: Option<&str>) -> Net {
    let number = match zone {
        Some(zone) if zone != ONU => {
            builder.zone(zone).map_or(0, |segment| segment_number(segment.0))
        }
        _ => 0,
    };
    builder.standins.prefix(number)
}

/// The route to the network that `interface` is connected to.
pub(crate) fn connected(interface: InterfaceIndex, net: Net, origin: Origin) -> Route {
    let hop = NextHop {
        hop: Hop::Interface(interface),
        guard: None,
        may_vanish: false,
        origin: origin.clone(),
    };
    Route { prefix: net.prefix(), hops: vec![hop], preference: u32::MAX, origin }
}

/// Whether nothing is known of `router` but what the site file says.
pub(crate) fn is_opaque(builder: &Builder<'_>, router: &str) -> bool {
    let node = builder.network.find(router).map(|id| builder.network.node(id));
    node.is_some_and(|node| node.gaps.iter().any(|gap| gap.effects == Effects::ALL))
}

/// The address of `router` on the segment called `zone`.
pub(crate) fn address_in(
    builder: &Builder<'_>,
    router: &str,
    zone: &str,
    family: Family,
) -> Option<std::net::IpAddr> {
    let segment = builder.zone(zone)?;
    let device = builder.network.node(builder.network.find(router)?);
    let stands_there = |port: &InterfaceIndex| device.interface(*port).segment == Some(segment);
    // The foot of a bridge hears the zones of all its ports.
    let hears = |(index, interface): &(InterfaceIndex, &Interface)| {
        let mut relays = device.relays.iter().filter(|relay| relay.ports.contains(index));
        let is_foot = interface.kind == InterfaceKind::Bridge;
        stands_there(index) || is_foot && relays.any(|one| one.ports.iter().any(stands_there))
    };
    device
        .interfaces()
        .filter(hears)
        .flat_map(|(_, interface)| &interface.addresses)
        .filter_map(|address| address.net)
        .find(|net| net.family() == family)
        .map(Net::address)
}
