//! Next hops that the site file does not name.

use diag::{Diagnostic, Span, text};
use model::{Family, Hop, Net, Network, NodeId, NodeKind, SegmentId, SegmentKind};

use crate::build::Builder;

/// Says which routes lead to a device in a zone that nobody named: what it does with the packets
/// is not known, so nothing is proved about them.
pub(crate) fn find_unnamed(builder: &mut Builder<'_>) {
    let mut found: Vec<(String, std::net::IpAddr, String, Option<Span>)> = Vec::new();
    for (id, node) in builder.network.iter() {
        let policy = node.policy_routes.iter().map(|policy| &policy.hop);
        for hop in node.routes.iter().flat_map(|route| &route.hops).chain(policy) {
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

/// The address that a next hop has, and the segment that it stands on.
fn target(network: &Network, id: NodeId, hop: Hop) -> Option<(std::net::IpAddr, SegmentId)> {
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
fn is_unnamed(network: &Network, address: std::net::IpAddr, segment: SegmentId) -> bool {
    if network.segment(segment).kind != SegmentKind::Zone {
        return false;
    }
    let stands_there = |node: &&model::Node| {
        node.interfaces.iter().any(|interface| interface.segment == Some(segment))
    };
    let mut there = network.nodes.iter().filter(stands_there);
    let is_known = network.nodes.iter().any(|node| node.owns(address));
    let is_link_local =
        model::for_every_node(Family::of(address)).contains(Family::number(address));
    !is_known && !is_link_local && !there.any(|node| node.kind == NodeKind::Outside)
}
