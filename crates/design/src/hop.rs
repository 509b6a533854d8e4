//! Next hops: on which interface they stand, those that the site file does not name, and those
//! that can be none.

use std::net::IpAddr;

use diag::{Diagnostic, Span, text};
use model::{
    AddressSource, Family, Hop, Interface, InterfaceAddress, InterfaceIndex, InterfaceKind, Net,
    Network, Node, NodeId, NodeKind, Origin, SegmentId, SegmentKind,
};

use crate::build::Builder;

/// Finds the interface of next hops that no connected network holds. Routers agree on such a one
/// if it is the other end of a session, or if all other packets go there, too.
pub(crate) fn settle(builder: &mut Builder<'_>) {
    let mut lost: Vec<(String, IpAddr, Option<Span>)> = Vec::new();
    for node in builder.network.nodes_mut() {
        let open = node.settle_next_hops(|route| {
            route.prefix.length() == 0 || matches!(route.origin, Origin::Implied(..))
        });
        let name = &node.name;
        lost.extend(open.into_iter().map(|(address, at)| (name.clone(), address, at.span())));
    }
    lost.sort();
    lost.dedup();
    builder.diagnostics.extend(lost.into_iter().map(|(node, address, span)| {
        let diagnostic = Diagnostic::error(
            "T130",
            text!(
                ja: "`{node}` の経路の先 {address} が、どのインターフェースにあるか分かりません",
                en: "on which interface of `{node}` next hop {address} stands is unknown",
                node = node, address = address,
            ),
        )
        .because(text!(
            ja: "{address} を含む直結したネットワークがありません。機器がその経路をどう使うか分から\
                 ないため、何も証明しません",
            en: "no connected network holds {address}; what the device makes of the route is \
                 unknown, so nothing is proved",
            address = address,
        ))
        .advise(text!(
            ja: "経路の先のアドレスを直すか、使っていない経路なら設定から削除してください",
            en: "correct the next hop, or remove the route if it is not used",
        ));
        match span {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        }
    }));
}

/// Says which routes lead to a device in a zone that nobody named: what it does with the packets
/// is not known, so nothing is proved about them.
pub(crate) fn find_unnamed(builder: &mut Builder<'_>) {
    let mut found: Vec<(String, IpAddr, String, Option<Span>)> = Vec::new();
    for (id, node) in builder.network.iter() {
        for hop in node.next_hops() {
            let Some((address, segment)) = target(&builder.network, id, hop.hop) else { continue };
            if is_unnamed(&builder.network, address, segment) {
                let zone = builder.network.segment(segment).name.clone();
                found.push((node.name.clone(), address, zone, hop.origin.span()));
            }
        }
    }
    found.sort();
    found.dedup();
    for (node, address, zone, span) in found {
        let diagnostic = Diagnostic::error(
            "T109",
            text!(
                ja: "`{node}` の経路の先 {address} は、サイトファイルにない機器です",
                en: "next hop {address} of `{node}` is a device that the site file does not name",
                node = node, address = address,
            ),
        )
        .because(text!(
            ja: "ゾーン `{zone}` のその機器がパケットをどこへ送るか分からないため、何も証明しません",
            en: "where that device in zone `{zone}` sends packets is unknown, so nothing is proved",
            zone = zone,
        ))
        .advise(text!(
            ja: "その機器を `[routers]` に設定とともに書くか、経路を削除してください",
            en: "name it under `[routers]` with its configuration, or remove the route",
        ));
        builder.diagnostics.push(match span {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        });
    }
}

/// Says which routes of routers lead to what cannot be a gateway: with them a packet gets nowhere,
/// although the model takes it over any wire.
pub(crate) fn find_impossible(builder: &mut Builder<'_>) {
    let network = &builder.network;
    let routers = network.nodes.iter().filter(|node| node.kind == NodeKind::Router);
    let mut found: Vec<Diagnostic> = Vec::new();
    for node in routers {
        let routes = node.routes.iter().flat_map(|route| {
            route.hops.iter().map(move |hop| (Some(route.prefix), &route.origin, hop))
        });
        let policies = node.policy_routes.iter().map(|policy| (None, &policy.origin, &policy.hop));
        for (prefix, origin, hop) in routes.chain(policies) {
            let Origin::Written(span) = origin else { continue };
            let diagnostic = match hop.hop {
                Hop::Address(address) | Hop::AddressOn(address, _) => {
                    no_gateway(network, node, hop.hop, address)
                }
                Hop::Interface(index) => prefix
                    .filter(|prefix| leads_nowhere(network, node, *prefix, index))
                    .map(|prefix| without_gateway(node, prefix, index)),
                Hop::Learned(_) | Hop::Discard => None,
            };
            found.extend(diagnostic.map(|one| one.at(*span)));
        }
    }
    found.sort_by_key(|one| one.primary.as_ref().map(|label| label.span));
    found.dedup();
    builder.diagnostics.extend(found);
}

/// Why `address` can be no next hop of `node`.
fn no_gateway(network: &Network, node: &Node, hop: Hop, address: IpAddr) -> Option<Diagnostic> {
    let holds = |one: &&Interface| nets(one).any(|net| net.contains(address));
    let holding = node.interfaces.iter().filter(|one| one.enabled).find(holds);
    let is_end = |net: Net| {
        let (low, high) = net.bounds();
        let number = Family::number(address);
        net.family() == Family::V4 && net.length() < 31 && (number == low || number == high)
    };
    let reason = if node.owns(address) {
        text!(ja: "このルータ自身のアドレスです", en: "it is an address of the router itself")
    } else if holding.is_some_and(|one| nets(one).any(is_end))
        || matches!(hop, Hop::AddressOn(_, index)
            if leased(network, node.interface(index)).into_iter().any(is_end))
    {
        text!(
            ja: "ネットワークアドレスかブロードキャストアドレスです",
            en: "it is the address of a network, or its broadcast",
        )
    } else if let Hop::AddressOn(_, index) = hop
        && is_off_link(network, node, address, index)
    {
        let interface = &node.interface(index).name;
        text!(
            ja: "`{interface}` のどのネットワークにもないアドレスです",
            en: "no network of `{interface}` holds it",
            interface = *interface,
        )
    } else {
        return None;
    };
    let headline = text!(
        ja: "`{node}` の経路の先 {address} は、ゲートウェイになりません",
        en: "next hop {address} of `{node}` can be no gateway",
        node = node.name, address = address,
    );
    Some(Diagnostic::error("T132", headline).because(reason).advise(text!(
        ja: "回線の資料で、ゲートウェイのアドレスを確かめてください",
        en: "look up the address of the gateway in the papers of the line",
    )))
}

fn nets(interface: &Interface) -> impl Iterator<Item = Net> {
    interface.addresses.iter().filter_map(|own| own.net)
}

/// Whether `interface` is a wire, on which a device is looked for by its address.
pub(crate) fn is_wire(interface: &Interface) -> bool {
    let is_wire = |kind| {
        matches!(kind, InterfaceKind::Port | InterfaceKind::Vlan { .. } | InterfaceKind::Bridge)
    };
    interface.enabled && is_wire(interface.kind)
}

/// Whether `address` is on no network of the interface `index`, as far as these are written, and
/// no route says that it stands there all the same.
fn is_off_link(network: &Network, node: &Node, address: IpAddr, index: InterfaceIndex) -> bool {
    let interface = node.interface(index);
    let family = Family::of(address);
    let is_link_local = model::for_every_node(family).contains(Family::number(address));
    // A network that advertisements bring has a router with a link-local address.
    let leased = leased(network, interface);
    let is_learned = family == Family::V4
        && leased.is_empty()
        && interface.addresses.iter().any(|own| own.source != AddressSource::Static);
    let is_straight = node.routes.iter().any(|route| {
        let mut hops = route.hops.iter();
        route.prefix.length() > 0
            && route.prefix.contains(address)
            && hops.any(|hop| hop.hop == Hop::Interface(index))
    });
    is_wire(interface)
        && !is_link_local
        && !is_learned
        && !is_straight
        && !nets(interface).chain(leased).any(|net| net.contains(address))
}

/// The IPv4 networks in which DHCP gives the interface its address, as the site file says.
fn leased(network: &Network, interface: &Interface) -> Vec<Net> {
    let is_leased = |own: &&InterfaceAddress| own.source == AddressSource::Dhcp { is_told: false };
    let own: Vec<Net> =
        interface.addresses.iter().filter(is_leased).filter_map(|own| own.net).collect();
    let Some(segment) = interface.segment.filter(|_| !own.is_empty()) else { return Vec::new() };
    let nets = network.segment(segment).nets.iter().copied();
    let is_told = |net: &Net| {
        net.family() == Family::V4 && own.iter().all(|own| own.prefix() != net.prefix())
    };
    nets.filter(is_told).collect()
}

/// Whether a route without a gateway leads to a wire on which its destinations do not stand: all
/// of the Internet, or whatever is on the other side of a line. That a gateway itself stands on
/// the wire is said in this way, too.
fn leads_nowhere(network: &Network, node: &Node, prefix: Net, index: InterfaceIndex) -> bool {
    let interface = node.interface(index);
    let of_segment = interface.segment.iter().flat_map(|one| &network.segment(*one).nets);
    let is_connected = nets(interface).chain(of_segment.copied()).any(|net| net.prefix() == prefix);
    let is_outside = |segment: SegmentId| {
        let stands_there = |one: &Interface| one.segment == Some(segment);
        let mut outside = network.nodes.iter().filter(|one| one.kind == NodeKind::Outside);
        outside.any(|one| one.interfaces.iter().any(stands_there))
    };
    let holds_gateway = node.next_hops().any(|hop| match hop.hop {
        Hop::Address(address) | Hop::AddressOn(address, _) => prefix.contains(address),
        _ => false,
    });
    let is_far = prefix.length() == 0 || interface.segment.is_some_and(is_outside);
    is_wire(interface) && !is_connected && is_far && !(prefix.length() > 0 && holds_gateway)
}

fn without_gateway(node: &Node, prefix: Net, index: InterfaceIndex) -> Diagnostic {
    let interface = &node.interface(index).name;
    let headline = text!(
        ja: "`{node}` の {prefix} への経路に、ゲートウェイがありません",
        en: "the route of `{node}` to {prefix} has no gateway",
        node = node.name, prefix = prefix,
    );
    let reason = text!(
        ja: "`{interface}` はセッションでもトンネルでもないため、宛先そのものを線の上で探します",
        en: "`{interface}` is neither a session nor a tunnel: each destination is looked for on \
             the wire itself",
        interface = *interface,
    );
    Diagnostic::error("T132", headline).because(reason).advise(text!(
        ja: "ゲートウェイのアドレスを書いてください",
        en: "write the address of the gateway",
    ))
}

/// The address that a next hop has, and the segment that it stands on.
fn target(network: &Network, id: NodeId, hop: Hop) -> Option<(IpAddr, SegmentId)> {
    let node = network.node(id);
    match hop {
        Hop::AddressOn(address, index) => Some((address, node.interface(index).segment?)),
        Hop::Address(address) => {
            let interface = node.interfaces.iter().find(|interface| {
                let mut nets = interface.addresses.iter().filter_map(|own| own.net);
                interface.enabled && nets.any(|net: Net| net.contains(address))
            })?;
            Some((address, interface.segment?))
        }
        Hop::Interface(_) | Hop::Learned(_) | Hop::Discard => None,
    }
}

/// Whether a zone has nobody with `address`. Link-local addresses are not listed, so one of them
/// may be anybody's.
fn is_unnamed(network: &Network, address: IpAddr, segment: SegmentId) -> bool {
    if network.segment(segment).kind != SegmentKind::Zone {
        return false;
    }
    let stands_there = |node: &&std::sync::Arc<model::Node>| {
        node.interfaces.iter().any(|interface| interface.segment == Some(segment))
    };
    let mut there = network.nodes.iter().filter(stands_there);
    let is_known = network.nodes.iter().any(|node| node.owns(address));
    let is_link_local =
        model::for_every_node(Family::of(address)).contains(Family::number(address));
    !is_known && !is_link_local && !there.any(|node| node.kind == NodeKind::Outside)
}
