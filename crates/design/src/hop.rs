//! Next hops: on which interface they stand, and those that the site file does not name.

use std::net::IpAddr;

use diag::{Diagnostic, Span, text};
use model::{Family, Hop, Net, Network, NodeId, NodeKind, Origin, SegmentId, SegmentKind};

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
