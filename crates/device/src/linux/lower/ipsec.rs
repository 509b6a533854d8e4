//! IPsec of strongSwan: by an XFRM interface, or by policies.

use std::cmp::Reverse;

use diag::{Diagnostic, text};
use model::{
    AssumptionUse, Encapsulation, Family, Interface, InterfaceIndex, InterfaceKind, Match, Node,
    Origin, Peer, Ranges, Readings, SecurityAction, SecurityPolicy, Tunnel, TunnelIndex,
};

use super::effect::ALL;
use super::own_route;
use super::report::Report;
use crate::registry::linux::assumption::POLICIES;
use crate::registry::linux::config::{Child, ChildKind, Router, TrafficSelector};

/// Tunnels and policies of `router`.
pub(super) fn tunnels(router: &Router, readings: &Readings, node: &mut Node, report: &mut Report) {
    let mut protect = Vec::new();
    let mut pass = Vec::new();
    let mut drop = Vec::new();
    for child in &router.children {
        match child.kind {
            ChildKind::Tunnel if child.if_id != 0 => by_route(router, child, node, report),
            ChildKind::Tunnel => protect.extend(by_policy(child, readings, node, report)),
            ChildKind::Pass | ChildKind::Drop if !child.is_trap => not_installed(child, report),
            ChildKind::Pass => pass.extend(shunt(child, SecurityAction::Bypass, report)),
            ChildKind::Drop => drop.extend(shunt(child, SecurityAction::Discard, report)),
        }
    }
    // The kernel tries the narrowest selectors first; strongSwan puts `pass` before and `drop`
    // behind the others.
    protect.sort_by_key(|(width, _)| *width);
    node.security_policies.extend(pass);
    node.security_policies.extend(protect.into_iter().map(|(_, policy)| policy));
    node.security_policies.extend(drop);
    without_child(router, node, report);
}

/// A tunnel whose packets are those that are routed to an XFRM interface.
fn by_route(router: &Router, child: &Child, node: &mut Node, report: &mut Report) {
    let device = router.facts.xfrm.iter().find(|(_, id, _)| *id == child.if_id);
    let Some(door) = device.and_then(|(name, ..)| node.find_interface(name)) else {
        report.say(
            child.span,
            Diagnostic::error(
                "R160",
                text!(
                    ja: "`if_id` が {id} の XFRM インターフェースがありません",
                    en: "there is no XFRM interface with `if_id` {id}",
                    id = child.if_id,
                ),
            )
            .advise(text!(
                ja: "`ip -j -d link` の出力か、`xfrm NAME id {id}` を加えてください",
                en: "add the output of `ip -j -d link`, or `xfrm NAME id {id}`",
                id = child.if_id,
            )),
        );
        return;
    };
    if node.tunnel_at(door).is_some() {
        report.go_to(child.span);
        let what = text!(
            ja: "一つの XFRM インターフェースの二つ目の CHILD",
            en: "a second child on one XFRM interface",
        );
        report.gap(what, ALL, (None, None));
        return;
    }
    let selectors = pairs(child, report);
    let selectors = Some(selectors.into_iter().map(|(_, one)| one).collect());
    node.tunnels.push(tunnel(child, door, None, selectors));
}

/// A tunnel whose packets a policy chooses; its policies with their widths.
fn by_policy(
    child: &Child,
    readings: &Readings,
    node: &mut Node,
    report: &mut Report,
) -> Vec<(u32, SecurityPolicy)> {
    let Some(carrier) = carrier(child, node) else {
        report.go_to(child.span);
        let what = text!(
            ja: "どのインターフェースから出るか分からない IPsec",
            en: "IPsec of which it cannot be told on which interface it leaves",
        );
        report.gap(what, ALL, (None, None));
        return Vec::new();
    };
    let index = TunnelIndex(u32::try_from(node.tunnels.len()).unwrap_or(u32::MAX));
    let door = InterfaceIndex(u32::try_from(node.interfaces.len()).unwrap_or(u32::MAX));
    node.interfaces.push(Interface {
        name: format!("ipsec {}", child.name),
        kind: InterfaceKind::Tunnel,
        enabled: true,
        addresses: Vec::new(),
        advertises: None,
        segment: None,
        origin: Origin::Written(child.span),
    });
    let selectors = pairs(child, report);
    node.tunnels.push(tunnel(child, door, Some(carrier), None));
    if child.is_trap {
        let known = node.assumptions.iter().any(|used| used.assumption.id == POLICIES.id);
        if !known {
            let span = Some(child.span);
            node.assumptions.push(AssumptionUse { assumption: &POLICIES, span });
        }
    }
    let may_be_absent = !child.is_trap || readings.of(&POLICIES) != "stand";
    let policy = |(width, one)| {
        let policy = SecurityPolicy {
            selectors: vec![one],
            action: SecurityAction::Protect(index),
            may_be_absent,
            origin: Origin::Written(child.start),
        };
        (width, policy)
    };
    selectors.into_iter().map(policy).collect()
}

fn tunnel(
    child: &Child,
    door: InterfaceIndex,
    carrier: Option<InterfaceIndex>,
    selectors: Option<Vec<Match>>,
) -> Tunnel {
    Tunnel {
        name: child.name.clone(),
        interface: door,
        carrier,
        local: child.local,
        peer: child.peer.clone(),
        selectors,
        encapsulation: match child.is_encapsulated {
            true => Encapsulation::Udp,
            false => Encapsulation::Negotiated,
        },
        doubt: None,
        origin: Origin::Written(child.place),
    }
}

/// Every pair of a local and a remote selector of one family, with how many addresses it leaves.
fn pairs(child: &Child, report: &mut Report) -> Vec<(u32, Match)> {
    let peer = match child.peer {
        Peer::Address(address) => Some(address),
        _ => None,
    };
    let mut found = Vec::new();
    let mut is_open = false;
    for local in &child.local_ts {
        for remote in &child.remote_ts {
            let end = |one: &TrafficSelector, own: Option<std::net::IpAddr>| {
                let own = own.map(|own| (Family::of(own), Ranges::one(Family::number(own))));
                one.addresses.clone().or(own)
            };
            let (Some((family, source)), Some((other, destination))) =
                (end(local, child.local), end(remote, peer))
            else {
                is_open = true;
                continue;
            };
            let Some(protocol) = agreed(local, remote).filter(|_| family == other) else {
                continue;
            };
            let width = width(&source) + width(&destination);
            found.push((
                width,
                Match {
                    source: Some(source),
                    destination: Some(destination),
                    protocol: protocol.map(Ranges::one),
                    source_port: local.port.map(Ranges::one),
                    destination_port: remote.port.map(Ranges::one),
                    ..Match::family(family)
                },
            ));
        }
    }
    if is_open {
        open(child, report);
    }
    found
}

/// The protocol of a policy for both selectors; `None` if strongSwan makes none, because each names
/// another.
fn agreed(local: &TrafficSelector, remote: &TrafficSelector) -> Option<Option<u8>> {
    match (local.protocol, remote.protocol) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => Some(one.or(other)),
    }
}

fn open(child: &Child, report: &mut Report) {
    let what = text!(
        ja: "アドレスの分からない `dynamic` のセレクター",
        en: "a selector `dynamic` whose address is not known",
    );
    report.go_to(child.span);
    report.gap(what, ALL, (None, None));
}

/// How many bits of addresses a selector leaves open.
fn width(ranges: &Ranges) -> u32 {
    let widest = ranges.as_slice().iter().map(|(low, high)| 128 - (high - low).leading_zeros());
    widest.max().unwrap_or(0)
}

fn shunt(child: &Child, action: SecurityAction, report: &mut Report) -> Vec<SecurityPolicy> {
    let mut found = Vec::new();
    for local in &child.local_ts {
        for remote in &child.remote_ts {
            let (Some((family, source)), Some((other, destination))) =
                (local.addresses.clone(), remote.addresses.clone())
            else {
                open(child, report);
                continue;
            };
            let Some(protocol) = agreed(local, remote).filter(|_| family == other) else {
                continue;
            };
            found.push(SecurityPolicy {
                selectors: vec![Match {
                    source: Some(source),
                    destination: Some(destination),
                    protocol: protocol.map(Ranges::one),
                    source_port: local.port.map(Ranges::one),
                    destination_port: remote.port.map(Ranges::one),
                    ..Match::family(family)
                }],
                action,
                // Without the daemon nothing is discarded; what passes in clear then does anyway.
                may_be_absent: action == SecurityAction::Discard,
                origin: Origin::Written(child.span),
            });
        }
    }
    found
}

fn not_installed(child: &Child, report: &mut Report) {
    report.say(
        child.span,
        Diagnostic::warning(
            "R161",
            text!(
                ja: "`{name}` のポリシーは設置されません（`start_action = trap` がありません）",
                en: "the policy of `{name}` is never installed (no `start_action = trap`)",
                name = child.name,
            ),
        )
        .advise(text!(
            ja: "`start_action = trap` を加えてください",
            en: "add `start_action = trap`",
        )),
    );
}

/// The interface that carries the outer packets: the one with the local address, else the one to
/// which the peer is routed.
pub(super) fn carrier(child: &Child, node: &Node) -> Option<InterfaceIndex> {
    let has = |interface: &Interface, address| {
        let mut own = interface.addresses.iter().filter_map(|own| own.net);
        own.any(|net| net.address() == address)
    };
    if let Some(local) = child.local {
        return node.interfaces().find(|(_, one)| has(one, local)).map(|(index, _)| index);
    }
    let Peer::Address(peer) = child.peer else { return None };
    let mut routes: Vec<_> =
        node.routes.iter().filter(|route| route.prefix.contains(peer)).collect();
    routes.sort_by_key(|route| Reverse((route.prefix.length(), route.preference)));
    own_route::leads(node, routes.first()?.hops.first()?.hop)
}

/// XFRM interfaces that no child protects.
fn without_child(router: &Router, node: &Node, report: &mut Report) {
    for (name, _, span) in &router.facts.xfrm {
        let door = node.find_interface(name);
        if door.is_some_and(|door| node.tunnel_at(door).is_none()) {
            report.say(
                *span,
                Diagnostic::warning(
                    "R162",
                    text!(
                        ja: "XFRM インターフェース `{name}` を保護する CHILD がありません",
                        en: "no child protects the XFRM interface `{name}`",
                        name = *name,
                    ),
                )
                .advise(text!(
                    ja: "swanctl.conf もルータの設定に加えてください",
                    en: "add swanctl.conf to the router's files",
                )),
            );
        }
    }
}
