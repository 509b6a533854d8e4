//! Addresses of routers: the network that DHCP brings, and those that cannot be theirs, because no
//! host can have them or nobody hands them out.

use diag::{Diagnostic, Text, text};
use model::{
    AddressSource, Family, Interface, InterfaceAddress, InterfaceIndex, Net, Node, NodeId,
    NodeKind, SegmentId, SegmentKind,
};

use crate::build::Builder;
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
                AddressSource::Static => own.net.filter(|net| is_no_host(*net)).map(no_host),
                AddressSource::Dhcp { .. } | AddressSource::Advertised => {
                    let zone = interface.segment.filter(|one| is_alone(builder, node, *one));
                    zone.map(|zone| nobody(&builder.network.segment(zone).name))
                }
                AddressSource::Ipcp | AddressSource::Delegated { .. } => None,
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
        ja: "ゾーン `{zone}` には、アドレスを配る機器がほかにありません",
        en: "no other device in zone `{zone}` could hand out addresses",
        zone = zone,
    )
}

/// Whether a host can have no such address.
fn is_no_host(net: Net) -> bool {
    let (low, high) = net.bounds();
    let number = Family::number(net.address());
    net.family() == Family::V4 && net.length() < 31 && (number == low || number == high)
}

/// Whether `node` shares the zone `segment` with machines only, which hand out nothing.
fn is_alone(builder: &Builder<'_>, node: &Node, segment: SegmentId) -> bool {
    let stands_there = |one: &Node| one.interfaces.iter().any(|own| own.segment == Some(segment));
    let gives = |one: &Node| one.kind != NodeKind::Machine || !one.relays.is_empty();
    let mut others = builder.network.nodes.iter().filter(|one| one.name != node.name);
    builder.network.segment(segment).kind == SegmentKind::Zone
        && node.relays.is_empty()
        && !others.any(|one| stands_there(one) && gives(one))
}

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
