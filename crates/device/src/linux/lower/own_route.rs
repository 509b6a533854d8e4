//! L-A7: the routes that strongSwan makes for its policies, in a table of its own that the kernel
//! asks before all others.
//!
//! # Source
//! strongSwan 5.9.8 in a network namespace, `ip rule` and `ip route show table 220` (2026-11): one
//! route to the remote selector of each policy without `if_id`, protocol and port, by the interface
//! that leads to the peer, if the router has an address in the local selector.

use std::cmp::Reverse;

use diag::{Diagnostic, text};
use model::{AssumptionUse, Family, Hop, InterfaceIndex, Net, Node, Ranges, Readings, Route};

use super::effect::ROUTE;
use super::ipsec::{carrier, toward};
use super::report::Report;
use crate::registry::linux::assumption::OWN_ROUTES;
use crate::registry::linux::config::{Child, ChildKind, Router};

/// Says where a route of strongSwan's would lead packets another way than the written ones do.
pub(super) fn overruled(
    router: &Router,
    readings: &Readings,
    node: &mut Node,
    report: &mut Report,
) {
    if let Some(span) = router.facts.own_table.filter(|_| router.children.is_empty()) {
        report.go_to(span);
        let what = text!(
            ja: "経路表 220（swanctl.conf がありません）",
            en: "the routing table 220 without swanctl.conf, which says what is in it,",
        );
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        report.say(span, Diagnostic::warning("P208", headline));
        report.gap(what, ROUTE, (None, None));
    }
    // Where the rule for its table is printed, strongSwan has made it.
    let is_seen = router.facts.own_table.is_some();
    let by_policy = |child: &&Child| child.if_id == 0 && is_installed(child);
    for child in router.children.iter().filter(by_policy) {
        if child.remote_ts.iter().all(|remote| is_alike(child, &remote.addresses, node)) {
            continue;
        }
        if !node.assumptions.iter().any(|used| used.assumption.id == OWN_ROUTES.id) {
            let span = Some(child.span);
            node.assumptions.push(AssumptionUse { assumption: &OWN_ROUTES, span });
        }
        if readings.of(&OWN_ROUTES) == "off" && !is_seen {
            continue;
        }
        report.go_to(child.span);
        let what = text!(
            ja: "strongSwan が `{name}` のために作る経路（ほかの経路より先に使われます）",
            en: "the route that strongSwan makes for `{name}`, which comes before all others",
            name = child.name,
        );
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        let advice = text!(
            ja: "strongswan.conf で `charon.install_routes = no` にし、サイトファイルの \
                 `[[assumption]]` で L-A7 に `off` と答えてください",
            en: "set `charon.install_routes = no` in strongswan.conf, and answer L-A7 with `off` \
                 as an `[[assumption]]` of the site file",
        );
        report.say(child.span, Diagnostic::warning("P208", headline).advise(advice));
        report.gap(what, ROUTE, (None, None));
    }
}

fn is_installed(child: &Child) -> bool {
    match child.kind {
        ChildKind::Tunnel => true,
        ChildKind::Pass => child.is_trap,
        ChildKind::Drop => false,
    }
}

/// Whether all routes to `remote` lead where the one of strongSwan would, or it makes none.
fn is_alike(child: &Child, remote: &Option<(Family, Ranges)>, node: &Node) -> bool {
    // The peer itself is reached as before.
    let Some((family, remote)) = remote else { return true };
    let has_policy = child.local_ts.iter().any(|local| {
        let is_whole = |(own, addresses): &(Family, Ranges)| {
            own == family && has_address(node, *family, addresses)
        };
        local.protocol.is_none() && local.addresses.as_ref().is_none_or(is_whole)
    });
    let is_whole = child.remote_ts.iter().any(|one| {
        one.protocol.is_none() && one.addresses.as_ref().is_some_and(|(_, own)| own == remote)
    });
    if !has_policy || !is_whole {
        return true;
    }
    let mut around: Vec<&Route> = Vec::new();
    let mut inside: Vec<&Route> = Vec::new();
    for route in node.routes.iter().filter(|route| route.prefix.family() == *family) {
        let own = route.prefix.ranges();
        match (own.intersection(remote) == *remote, own.intersection(remote).is_empty()) {
            (true, _) => around.push(route),
            (false, false) => inside.push(route),
            (false, true) => {}
        }
    }
    around.sort_by_key(|route| Reverse((route.prefix.length(), route.preference)));
    let leads_to = |route: &Route| match route.hops.as_slice() {
        [hop] => leads(node, hop.hop),
        _ => None,
    };
    let usual = around.first().and_then(|route| leads_to(route));
    let own = match child.kind {
        ChildKind::Tunnel => toward(child, node).or_else(|| carrier(child, node)),
        ChildKind::Pass | ChildKind::Drop => usual,
    };
    own.is_some() && usual == own && inside.iter().all(|route| leads_to(route) == own)
}

/// Whether the router has an address among `addresses`, or one that only the line hands out.
fn has_address(node: &Node, family: Family, addresses: &Ranges) -> bool {
    let all = node.interfaces.iter().flat_map(|one| &one.addresses);
    let mut nets = all.map(|own| own.net);
    nets.any(|net: Option<Net>| match net {
        Some(net) => net.family() == family && addresses.contains(Family::number(net.address())),
        None => true,
    })
}

/// The interface to which a next hop leads.
pub(super) fn leads(node: &Node, hop: Hop) -> Option<InterfaceIndex> {
    match hop {
        Hop::Interface(index) | Hop::Learned(index) | Hop::AddressOn(_, index) => Some(index),
        Hop::Address(address) => {
            let mut all = node.interfaces();
            let found = all.find(|(_, one)| {
                let mut nets = one.addresses.iter().filter_map(|own| own.net);
                nets.any(|net| net.contains(address))
            });
            found.map(|(index, _)| index)
        }
        Hop::Discard => None,
    }
}
