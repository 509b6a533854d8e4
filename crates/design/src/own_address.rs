//! Addresses of routers: the network that DHCP brings, and those that cannot be theirs, because no
//! host can have them or nobody hands them out.

use diag::{Diagnostic, Text, text};
use model::{
    AddressSource, Effects, Family, Interface, InterfaceAddress, InterfaceIndex, Match, Net, Node,
    NodeId, NodeKind, Ranges, SegmentId, SegmentKind, protocol,
};

use crate::build::Builder;
use crate::hop::is_wire;
use crate::router::connected;

/// Says which addresses of routers lead nowhere: who has them for a gateway gets no answer.
pub(crate) fn find_impossible(builder: &mut Builder<'_>) {
    let mut found: Vec<Diagnostic> = Vec::new();
    let routers = builder.network.nodes.iter().filter(|node| node.kind == NodeKind::Router);
    for node in routers {
        let enabled = node.interfaces.iter().filter(|one| one.enabled);
        for (interface, own) in
            enabled.flat_map(|one| one.addresses.iter().map(move |own| (one, own)))
        {
            let reason = match own.source {
                AddressSource::Static if is_wire(interface) => {
                    own.net.filter(|net| is_no_host(*net)).map(no_host)
                }
                AddressSource::Dhcp { .. } | AddressSource::Advertised => {
                    let family = match own.source {
                        AddressSource::Advertised => Family::V6,
                        _ => Family::V4,
                    };
                    let is_alone = |one: &SegmentId| is_alone(builder, node, *one, family);
                    let zone = interface.segment.filter(is_alone);
                    zone.map(|zone| nobody(&builder.network.segment(zone).name))
                }
                AddressSource::Static | AddressSource::Ipcp | AddressSource::Delegated { .. } => {
                    None
                }
            };
            let Some(reason) = reason else { continue };
            let diagnostic = headline(node, interface).because(reason).advise(text!(
                ja: "このインターフェースに、ゾーンの中のアドレスを一つ書いてください",
                en: "give the interface one written address out of its zone",
            ));
            found.push(match own.origin.span() {
                Some(span) => diagnostic.at(span),
                None => diagnostic,
            });
        }
    }
    builder.diagnostics.extend(found);
}

fn headline(node: &Node, interface: &Interface) -> Diagnostic {
    Diagnostic::error(
        "T133",
        text!(
            ja: "`{node}` の `{interface}` は、このアドレスを使えません",
            en: "`{interface}` of `{node}` cannot have this address",
            node = node.name, interface = interface.name,
        ),
    )
}

fn no_host(net: Net) -> Text {
    text!(
        ja: "{address} はネットワーク {net} のネットワークアドレスかブロードキャストアドレスです",
        en: "{address} is the address of the network {net}, or its broadcast",
        address = net.address(), net = net.prefix(),
    )
}

fn nobody(zone: &str) -> Text {
    text!(
        ja: "ゾーン `{zone}` には、アドレスを配る機器がありません",
        en: "no device in zone `{zone}` hands out addresses",
        zone = zone,
    )
}

/// Whether a host can have no such address.
fn is_no_host(net: Net) -> bool {
    let (low, high) = net.bounds();
    let number = Family::number(net.address());
    net.family() == Family::V4 && net.length() < 31 && (number == low || number == high)
}

/// Whether nobody in the zone `segment`, or behind a relay there, hands out addresses of `family`
/// to `node`.
fn is_alone(builder: &Builder<'_>, node: &Node, segment: SegmentId, family: Family) -> bool {
    let mut others = builder.network.nodes.iter().filter(|one| one.name != node.name);
    builder.network.segment(segment).kind == SegmentKind::Zone
        && !is_relayed(node, segment, family)
        && !others.any(|one| gives(one, segment, family))
}

/// Whether `node` relays packets of `family` between the zone and another one.
fn is_relayed(node: &Node, segment: SegmentId, family: Family) -> bool {
    let stands_there = |port: &InterfaceIndex| node.interface(*port).segment == Some(segment);
    node.relays.iter().any(|relay| {
        relay.ethertypes.contains(family.ethertype()) && relay.ports.iter().any(stands_there)
    })
}

/// Whether `one` may hand out addresses in the zone: a network outside, a router that answers DHCP
/// or advertises itself, and what nobody knows.
fn gives(one: &Node, segment: SegmentId, family: Family) -> bool {
    let mut own = one.interfaces.iter().filter(|own| own.segment == Some(segment)).peekable();
    if own.peek().is_none() {
        return false;
    }
    let is_dhcp = |admits: &Match| {
        let holds = |ranges: &Option<Ranges>, value: u128| {
            ranges.as_ref().is_none_or(|ranges| ranges.contains(value))
        };
        holds(&admits.protocol, protocol::UDP.into()) && holds(&admits.destination_port, DHCP)
    };
    let serves = match family {
        Family::V4 => one.services.iter().any(|service| service.admits.iter().any(is_dhcp)),
        Family::V6 => own.any(|own| own.advertises.is_some()),
    };
    let is_unknown = one.gaps.iter().any(|gap| gap.effects == Effects::ALL);
    match one.kind {
        NodeKind::Outside => true,
        NodeKind::Router => serves || is_unknown || is_relayed(one, segment, family),
        NodeKind::Machine => is_relayed(one, segment, family),
    }
}

/// The port of DHCP servers.
const DHCP: u128 = 67;

/// The network that DHCP brings to an interface is that of its zone. One that nobody says may hold
/// any address: packets to it leave there past all other routes.
pub(crate) fn dhcp_network(builder: &mut Builder<'_>, id: NodeId, place: usize) {
    let interface = &builder.network.node(id).interfaces[place];
    let is_unknown = |own: &&InterfaceAddress| own.source == AddressSource::Dhcp { is_told: false };
    let Some(address) = interface.addresses.iter().find(is_unknown) else { return };
    if !interface.enabled {
        return;
    }
    let zone = interface.segment.map(|segment| &builder.network.segment(segment).name);
    let mut zones = builder.site.zones.iter();
    let zone = zones.find(|one| Some(&one.name.value) == zone);
    let origin = address.origin.clone();
    if let Some(net) = zone.and_then(|zone| zone.ipv4.as_ref()) {
        let net = crate::build::model_net(&net.value);
        let index = InterfaceIndex(u32::try_from(place).unwrap_or(u32::MAX));
        let route = connected(index, net, origin);
        builder.node_mut(id).routes.push(route);
        return;
    }
    let router = &builder.network.node(id).name;
    let diagnostic = Diagnostic::error(
        "T131",
        text!(
            ja: "`{router}` の `{interface}` が DHCP でどのネットワークに入るか分かりません",
            en: "which network `{interface}` of `{router}` joins by DHCP is unknown",
            router = *router, interface = interface.name,
        ),
    )
    .because(text!(
        ja: "そのネットワーク宛てのパケットは、ほかの経路によらずここから出ます",
        en: "packets to that network leave there, whatever the other routes say",
    ))
    .advise(text!(
        ja: "上位の機器（ホームゲートウェイなど）の LAN を調べ、そのゾーンに `ipv4` を書いてください",
        en: "look it up on the device above, such as a home gateway, and give the zone its `ipv4`",
    ));
    builder.diagnostics.push(match origin.span() {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    });
}
