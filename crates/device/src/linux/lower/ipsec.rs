//! IPsec of strongSwan: by an XFRM interface, or by policies.

use std::cmp::Reverse;

use diag::{Diagnostic, Span, Text, text};
use model::{
    AssumptionUse, Encapsulation, Family, Interface, InterfaceIndex, InterfaceKind, Match, Node,
    Origin, Peer, Ranges, Readings, SecurityAction, SecurityPolicy, Tunnel, TunnelIndex,
};

use super::effect::{ALL, STALL};
use super::own_route;
use super::report::Report;
use crate::registry::linux::assumption::{CREDENTIALS, POLICIES};
use crate::registry::linux::config::{Child, ChildKind, Credential, Router, TrafficSelector};

/// Tunnels and policies of `router`.
pub(super) fn tunnels(router: &Router, readings: &Readings, node: &mut Node, report: &mut Report) {
    let mut protect = Vec::new();
    let mut pass = Vec::new();
    let mut drop = Vec::new();
    for child in &router.children {
        match child.kind {
            ChildKind::Tunnel if child.if_id != 0 => {
                perhaps_down(child, readings, node, report);
                by_route(router, child, node, report);
            }
            ChildKind::Tunnel => {
                perhaps_down(child, readings, node, report);
                protect.extend(by_policy(child, readings, node, report));
            }
            ChildKind::Pass | ChildKind::Drop if !child.is_trap => not_installed(child, report),
            ChildKind::Pass => pass.extend(shunt(child, SecurityAction::Bypass, report)),
            ChildKind::Drop => drop.extend(shunt(child, SecurityAction::Discard, report)),
        }
    }
    // The kernel tries the narrowest selectors first; strongSwan puts `pass` before and `drop`
    // behind the others.
    protect.sort_by_key(|(rank, _)| *rank);
    of_one_rank(&protect, node, report);
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
    let name = &node.interface(door).name;
    let way = router.facts.xfrm_ways.iter().find(|(own, _)| own == name).map(|(_, way)| way);
    let reached = toward(child, node);
    if let (Some(way), Peer::Address(_)) = (way, &child.peer)
        && (reached.is_none() || node.find_interface(way) != reached)
    {
        report.go_to(child.span);
        let what = text!(
            ja: "相手への経路とは別のインターフェース `{way}` から出る XFRM インターフェース",
            en: "an XFRM interface that sends by `{way}`, which does not lead to the peer",
            way = *way,
        );
        report.gap(what, STALL, (None, None));
    }
    let selectors = pairs(child, report);
    let selectors = Some(selectors.into_iter().map(|(_, one)| one).collect());
    node.tunnels.push(tunnel(child, door, None, selectors));
}

/// A tunnel whose packets a policy chooses; its policies with their ranks.
fn by_policy(
    child: &Child,
    readings: &Readings,
    node: &mut Node,
    report: &mut Report,
) -> Vec<(Rank, SecurityPolicy)> {
    let Some(carrier) = carrier(child, node) else {
        report.go_to(child.span);
        let what = text!(
            ja: "どのインターフェースから出るか分からない IPsec",
            en: "IPsec of which it cannot be told on which interface it leaves",
        );
        report.gap(what, ALL, (None, None));
        return Vec::new();
    };
    if toward(child, node).is_some_and(|one| one != carrier) {
        report.go_to(child.span);
        let what = text!(
            ja: "相手への経路が、`local_addrs` のアドレスのあるインターフェースから\
                 出ない IPsec（中のパ\
                 ケットがどこで受信されるか分かりません）",
            en: "IPsec whose peer is not reached by the interface with the address of \
                 `local_addrs` (where its packets come in is not known)",
        );
        report.gap(what, ALL, (None, None));
    }
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
    let policy = |(rank, one)| {
        let policy = SecurityPolicy {
            selectors: vec![one],
            action: SecurityAction::Protect(index),
            may_be_absent,
            origin: Origin::Written(child.start),
        };
        (rank, policy)
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

/// Every pair of a local and a remote selector of one family, with the rank of its policy.
fn pairs(child: &Child, report: &mut Report) -> Vec<(Rank, Match)> {
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
            let rank = Rank {
                addresses: width(&source) + width(&destination),
                protocols: u8::from(protocol.is_none()),
                ports: u8::from(local.port.is_none()) + u8::from(remote.port.is_none()),
            };
            found.push((
                rank,
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

/// What decides which policy is asked first: the least does. The trap of a child comes behind the
/// policies of tunnels that are up, so that two of one rank have no order.
///
/// # Source
/// strongSwan 5.9.8 and `ip xfrm policy` (2026-11): 512 for each bit of a prefix, 256 for a
/// protocol, 4 for each bit of a port, 1 for a tunnel that is up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Bits of addresses that are left open.
    addresses: u32,
    /// Whether the protocol is left open.
    protocols: u8,
    /// How many ports are left open.
    ports: u8,
}

/// Reports policies of one rank for different tunnels that one packet may match.
fn of_one_rank(protect: &[(Rank, SecurityPolicy)], node: &Node, report: &mut Report) {
    let tunnel = |policy: &SecurityPolicy| match policy.action {
        SecurityAction::Protect(tunnel) => Some(tunnel),
        SecurityAction::Bypass | SecurityAction::Discard => None,
    };
    let alike = |one: &(Rank, SecurityPolicy), other: &(Rank, SecurityPolicy)| {
        let meet = |a: &Match| other.1.selectors.iter().any(|b| meets(a, b));
        one.0 == other.0 && tunnel(&one.1) != tunnel(&other.1) && one.1.selectors.iter().any(meet)
    };
    for (at, one) in protect.iter().enumerate() {
        let Some(other) = protect[..at].iter().find(|other| alike(one, other)) else { continue };
        let name = |policy| tunnel(policy).map_or("", |index| node.tunnel(index).name.as_str());
        let Some(span) = one.1.origin.span() else { continue };
        report.go_to(span);
        let what = text!(
            ja: "優先順位が同じで重なる IPsec のポリシー（`{one}` と `{other}`）",
            en: "policies of IPsec that overlap and are of one rank (`{one}` and `{other}`)",
            one = name(&one.1), other = name(&other.1),
        );
        report.say(
            span,
            Diagnostic::warning("R168", what.clone()).advise(text!(
                ja: "どちらのトンネルに入れるのか、セレクターを狭めて決めてください",
                en: "make the selectors of one of them narrower",
            )),
        );
        report.gap(what, ALL, (None, None));
    }
}

/// Whether one packet may match both.
fn meets(one: &Match, other: &Match) -> bool {
    let both = |a: &Option<Ranges>, b: &Option<Ranges>| match (a, b) {
        (Some(a), Some(b)) => !a.intersection(b).is_empty(),
        _ => true,
    };
    one.family == other.family
        && both(&one.source, &other.source)
        && both(&one.destination, &other.destination)
        && both(&one.protocol, &other.protocol)
        && both(&one.source_port, &other.source_port)
        && both(&one.destination_port, &other.destination_port)
}

/// Reports what keeps a tunnel down: nobody begins it, or what it proves itself with is not there.
fn perhaps_down(child: &Child, readings: &Readings, node: &mut Node, report: &mut Report) {
    if !child.begins {
        let what = text!(
            ja: "`{name}` のトンネルはこのルータからは張りません",
            en: "this router never begins the tunnel of `{name}`",
            name = child.name,
        );
        let advice = text!(
            ja: "`start_action = trap` を加えてください",
            en: "add `start_action = trap`",
        );
        stall("R167", child.start, (what, advice), report);
    }
    match child.credential {
        Credential::Here => {}
        Credential::Missing => {
            let what = text!(
                ja: "`{name}` に合う事前共有鍵がありません",
                en: "there is no pre-shared key that fits `{name}`",
                name = child.name,
            );
            let advice = text!(
                ja: "`secrets` に `ike-…` のセクションを書き、その `id` を `remote` の \
                     `id` にも書い\
                     てください（鍵は `*` に置き換えられます）",
                en: "write a section `ike-…` in `secrets`, and its `id` as `id` in `remote`, too; \
                     `*` may stand for the key",
            );
            stall("R166", child.span, (what, advice), report);
        }
        Credential::Elsewhere => {
            if !node.assumptions.iter().any(|used| used.assumption.id == CREDENTIALS.id) {
                let span = Some(child.span);
                node.assumptions.push(AssumptionUse { assumption: &CREDENTIALS, span });
            }
            if readings.of(&CREDENTIALS) == "in-place" {
                return;
            }
            let what = text!(
                ja: "`{name}` の認証情報（証明書など）は、ルータの設定ファイルの中にありません",
                en: "what `{name}` proves itself with (certificates and the like) is not in the \
                     router's files",
                name = child.name,
            );
            let advice = text!(
                ja: "接続を確かめ、サイトファイルの `[[assumption]]` で L-A8 に `in-place` と答えて\
                     ください",
                en: "see that it comes up, and answer L-A8 with `in-place` as an `[[assumption]]` \
                     of the site file",
            );
            stall("R166", child.span, (what, advice), report);
        }
    }
}

fn stall(code: &'static str, span: Span, (what, advice): (Text, Text), report: &mut Report) {
    report.go_to(span);
    report.say(span, Diagnostic::warning(code, what.clone()).advise(advice));
    report.gap(what, STALL, (None, None));
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
    toward(child, node)
}

/// The interface by which the peer is reached.
pub(super) fn toward(child: &Child, node: &Node) -> Option<InterfaceIndex> {
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
