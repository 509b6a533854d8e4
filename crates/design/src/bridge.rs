//! Bridges of a router: their ports stand in the zone of the bridge, and several ports of a bridge
//! in one zone are a switch.

use std::collections::BTreeSet;

use diag::{Diagnostic, text};
use model::{
    Effect, Effects, Gap, Hop, InterfaceIndex, InterfaceKind, Node, NodeId, Relay, SegmentId,
};
use site::Router;

use crate::build::Builder;

/// Gives ports and bridges of the router `written` the zones that follow from those that the site
/// file says, and lists the ports that need none any more.
pub(crate) fn settle(
    builder: &mut Builder<'_>,
    id: NodeId,
    written: &Router,
) -> Vec<InterfaceIndex> {
    wireless(builder, id, written);
    let standing = builder.site.standing.iter();
    let standing = standing.filter(|one| one.router.value == written.name.value);
    let standing: Vec<&str> = standing.map(|one| one.interface.value.as_str()).collect();
    let node = builder.node_mut(id);
    let mut settled = Vec::new();
    for mut relay in std::mem::take(&mut node.relays) {
        let Some(foot) = foot_of(node, &relay) else {
            node.relays.push(relay);
            continue;
        };
        let is_own = |port: InterfaceIndex| {
            carries_more(node, port) || standing.contains(&node.interface(port).name.as_str())
        };
        let ports: Vec<InterfaceIndex> =
            relay.ports.iter().copied().filter(|port| *port != foot).collect();
        if ports.iter().any(|port| is_own(*port)) {
            node.relays.push(relay);
            continue;
        }
        let zone = node.interface(foot).segment;
        let up: Vec<InterfaceIndex> =
            ports.iter().copied().filter(|port| node.interface(*port).enabled).collect();
        let zones: Option<BTreeSet<SegmentId>> =
            up.iter().map(|port| node.interface(*port).segment.or(zone)).collect();
        let zones: Vec<SegmentId> = zones.into_iter().flatten().collect();
        match (zones.as_slice(), zone) {
            ([only], _) => {
                filtered(node, &relay, up.len());
                stand(node, foot, Some(*only));
                settled.extend(apart(node, ports));
            }
            ([], Some(zone)) => {
                stand(node, foot, Some(zone));
                // No frame comes through ports that are all down.
                node.interfaces[foot.0 as usize].enabled &= ports.is_empty();
                settled.extend(apart(node, ports));
            }
            ([], None) => node.relays.push(relay),
            _ => {
                for port in &up {
                    let own = &mut node.interfaces[port.0 as usize];
                    if own.segment.is_none() {
                        own.segment = zone;
                        node.interfaces[foot.0 as usize].segment = None;
                    }
                }
                if relay.stages.is_empty() {
                    let doubled = doubled(node, &up);
                    relay.ports.retain(|port| !doubled.contains(port));
                    settled.extend(apart(node, doubled));
                }
                node.relays.push(relay);
            }
        }
    }
    settled
}

/// Zones on interfaces into which nothing can be plugged.
fn wireless(builder: &mut Builder<'_>, id: NodeId, written: &Router) {
    let node = builder.network.node(id);
    let mut found = Vec::new();
    for port in written.ports.iter().filter(|port| !port.zones.is_empty()) {
        let Some(index) = node.find_interface(&port.name.value) else { continue };
        let interface = node.interface(index);
        if interface.kind != InterfaceKind::Loopback {
            continue;
        }
        let diagnostic = Diagnostic::error(
            "T134",
            text!(
                ja: "`{router}` の `{interface}` にはケーブルをつなぐポートがありません",
                en: "nothing can be plugged into `{interface}` of `{router}`",
                router = written.name.value, interface = interface.name,
            ),
        )
        .at(port.name.span)
        .because(text!(
            ja: "内部のインターフェースか、ポートのないブリッジです",
            en: "it is an inner interface, or a bridge without ports",
        ))
        .advise(text!(
            ja: "ゾーンにつながるインターフェースを書くか、設定のブリッジにポートを書いてください",
            en: "name the interface that leads to the zone, or give the bridge its ports",
        ));
        found.push(match interface.origin.span() {
            Some(line) => {
                diagnostic.also(line, text!(ja: "このインターフェースです", en: "the interface"))
            }
            None => diagnostic,
        });
    }
    builder.diagnostics.extend(found);
}

/// The router's own foot in `relay`.
fn foot_of(node: &Node, relay: &Relay) -> Option<InterfaceIndex> {
    let is_foot = |port: &InterfaceIndex| node.interface(*port).kind == InterfaceKind::Bridge;
    relay.ports.iter().copied().find(is_foot)
}

/// Whether `port` is more than a port of its bridge: a VLAN or a session stands on it, or packets
/// go there past the bridge.
fn carries_more(node: &Node, port: InterfaceIndex) -> bool {
    let stands_on = |kind: InterfaceKind| match kind {
        InterfaceKind::Vlan { parent: below } | InterfaceKind::Session { carrier: below } => {
            below == port
        }
        _ => false,
    };
    let leads_there = |hop: Hop| match hop {
        Hop::Interface(to) | Hop::Learned(to) | Hop::AddressOn(_, to) => to == port,
        Hop::Address(_) | Hop::Discard => false,
    };
    let policy = node.policy_routes.iter().map(|policy| policy.hop.hop);
    let hops = node.routes.iter().flat_map(|route| &route.hops).map(|hop| hop.hop);
    !node.interface(port).addresses.is_empty()
        || node.interfaces.iter().any(|one| stands_on(one.kind))
        || hops.chain(policy).any(leads_there)
        || node.relays.iter().any(|relay| relay.ports.contains(&port))
}

/// Makes the foot of a bridge an interface like others, in the zone of its ports.
fn stand(node: &mut Node, foot: InterfaceIndex, zone: Option<SegmentId>) {
    let foot = &mut node.interfaces[foot.0 as usize];
    foot.kind = InterfaceKind::Port;
    foot.segment = zone;
}

/// Takes the ports out of their zones.
fn apart(node: &mut Node, ports: Vec<InterfaceIndex>) -> Vec<InterfaceIndex> {
    for port in &ports {
        node.interfaces[port.0 as usize].segment = None;
    }
    ports
}

/// Ports that stand in the zone of a port before them.
fn doubled(node: &Node, ports: &[InterfaceIndex]) -> Vec<InterfaceIndex> {
    let mut seen: BTreeSet<SegmentId> = BTreeSet::new();
    let is_new = |port: &&InterfaceIndex| {
        node.interface(**port).segment.is_some_and(|segment| !seen.insert(segment))
    };
    ports.iter().filter(is_new).copied().collect()
}

/// What lists keep from each other in one zone is not in the model.
fn filtered(node: &mut Node, relay: &Relay, ports: usize) {
    let Some(span) = relay.origin.span().filter(|_| ports > 1 && !relay.stages.is_empty()) else {
        return;
    };
    let what = text!(
        ja: "一つのゾーンにあるブリッジ `{bridge}` のポートのあいだのフィルター",
        en: "filters between ports of the bridge `{bridge}` in one zone",
        bridge = relay.name,
    );
    let effects = Effects::of(&[Effect::Deny]);
    node.gaps.push(Gap { span, what, effects, interface: None, family: None });
}
