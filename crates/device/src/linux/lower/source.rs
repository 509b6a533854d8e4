//! `rp_filter`, and L-A10 where it is not told: IPv4 packets whose source is not where they arrive
//! are discarded between prerouting and what comes next.
//!
//! # Source
//! Linux 6.18, `fib_validate_source` and `__fib_validate_source` in `net/ipv4/fib_frontend.c`: not
//! asked of what came out of IPsec, nor of sources in 0.0.0.0/8. Compared with the kernel on
//! random rulesets.

use std::cmp::Reverse;
use std::sync::Arc;

use diag::{Diagnostic, text};
use model::{
    Acl, AclIndex, Action, AddressSource, AssumptionUse, Effect, Effects, Entry, Family, Hop,
    InterfaceIndex, InterfaceKind, Match, NextHop, Node, Origin, Pipeline, Point, Ranges, Readings,
    Route, Stage, StageKind,
};

use super::effect::DENY;
use super::report::Report;
use crate::registry::linux::assumption::SOURCES;
use crate::registry::linux::config::Router;
use crate::registry::linux::setting::SourceCheck;

/// Puts the list of what is discarded behind all others of prerouting.
pub(super) fn checks(router: &Router, readings: &Readings, node: &mut Node, report: &mut Report) {
    let routes = Effects::of(&[Effect::Route]);
    // With routes that are not in the model more may pass.
    let is_of_v4 = |family: Option<Family>| family != Some(Family::V6);
    let gaps = report.gaps.iter().filter(|gap| is_of_v4(gap.family));
    let mut gaps = gaps.map(|gap| gap.effects);
    let unread = router.notes.gaps.iter().filter(|gap| is_of_v4(gap.family));
    let mut unread = unread.map(|gap| Effects::of(gap.effects));
    if gaps.any(|one| one.meets(routes)) || unread.any(|one| one.meets(routes)) {
        return;
    }
    let is_worst = readings.of(&crate::AT_WORST) == crate::LOST;
    let mut entries = Vec::new();
    let mut is_open = false;
    for (index, interface) in node.interfaces() {
        if !is_asked(router, node, index) {
            continue;
        }
        let told = router.facts.settings.source_check(&interface.name);
        let (check, origin) = match told {
            Some((check, span)) => (check, Origin::Written(span)),
            None => (SourceCheck::Strict, not_told()),
        };
        let (refused, is_exact) = refused(node, index, check, is_worst);
        let refused = refused.intersection(&protected(node, index).complement(Family::V4.top()));
        if refused.is_empty() {
            continue;
        }
        is_open |= told.is_none();
        if told.is_none() && readings.of(&SOURCES) == "off" {
            continue;
        }
        if let (Some((_, span)), false, false) = (told, is_worst, is_exact) {
            report.go_to(span);
            let what = text!(
                ja: "`{name}` での `rp_filter`（予備の経路があります）",
                en: "`rp_filter` on `{name}`, with routes that take the place of others,",
                name = interface.name,
            );
            let headline =
                text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
            report.say(span, Diagnostic::warning("P208", headline));
            report.gap(what, DENY, (Some(index), Some(Family::V4)));
        }
        let one = Match {
            source: Some(refused),
            in_interfaces: Some(vec![index]),
            ..Match::family(Family::V4)
        };
        entries.push(Entry { matches: vec![one], action: Action::Deny, origin });
    }
    let is_used = node.forwards(Family::V4) || node.addresses(Family::V4).next().is_some();
    if is_open && is_used {
        node.assumptions.push(AssumptionUse { assumption: &SOURCES, span: None });
    }
    if !entries.is_empty() {
        append(node, entries);
    }
}

fn not_told() -> Origin {
    Origin::Default(text!(
        ja: "`rp_filter` の値が書かれていません（L-A10）",
        en: "the value of `rp_filter` is not written (L-A10)",
    ))
}

fn append(node: &mut Node, entries: Vec<Entry>) {
    let default_origin = Origin::Default(text!(
        ja: "`rp_filter` は送信元だけを確かめます",
        en: "`rp_filter` looks at sources only",
    ));
    let list = AclIndex(u32::try_from(node.acls.len()).unwrap_or(u32::MAX));
    let (name, default) = ("rp_filter".to_owned(), Action::Return);
    node.acls.push(Arc::new(Acl { name, entries, default, default_origin }));
    let stage = Stage::of(Some(Family::V4), StageKind::Filter(list));
    match node.pipelines.iter_mut().find(|one| one.point == Point::Prerouting) {
        Some(pipeline) => pipeline.stages.push(stage),
        None => node.pipelines.push(Pipeline::new(Point::Prerouting, vec![stage])),
    }
}

/// Whether sources are looked at on this interface: not on the door of an IPsec tunnel.
fn is_asked(router: &Router, node: &Node, index: InterfaceIndex) -> bool {
    let interface = node.interface(index);
    let is_wire = !matches!(interface.kind, InterfaceKind::Loopback | InterfaceKind::Null);
    let is_named = |start: &&str| interface.name.starts_with(start);
    let is_ipsec = node.tunnel_at(index).is_some()
        || router.facts.xfrm.iter().any(|(name, ..)| *name == interface.name)
        || interface.kind == InterfaceKind::Tunnel && ["ipsec", "xfrm"].iter().any(is_named);
    interface.enabled && is_wire && !is_ipsec
}

/// Sources that are refused on `index`, and whether no others are.
fn refused(
    node: &Node,
    index: InterfaceIndex,
    check: SourceCheck,
    is_worst: bool,
) -> (Ranges, bool) {
    if check == SourceCheck::Off {
        return (Ranges::none(), true);
    }
    let top = Family::V4.top();
    let mut routes: Vec<&Route> =
        node.routes.iter().filter(|route| route.prefix.family() == Family::V4).collect();
    routes.sort_by_key(|route| Reverse((route.prefix.length(), route.preference)));
    // Sources of which no route has spoken yet, and those that pass.
    let mut rest = Ranges::none().complement(top);
    let mut passing = this_network();
    // Sources that a route refuses which may go, and with it what it says of them.
    let mut refused_at_times = Ranges::none();
    let mut is_exact = true;
    for route in routes {
        let part = route.prefix.ranges().intersection(&rest);
        let is_gone = |hop: &NextHop| is_down(node, hop.hop);
        if !route.hops.is_empty() && route.hops.iter().all(is_gone) {
            continue;
        }
        let leads = |hop: &NextHop| leads(node, hop.hop, index);
        let is_way = match check {
            SourceCheck::Strict => route.hops.iter().any(leads),
            _ => route.hops.iter().any(|hop| hop.hop != Hop::Discard),
        };
        if is_way {
            is_exact &= part.intersection(&refused_at_times).is_empty();
            passing = passing.union(&part);
        }
        let may_go = !route.hops.is_empty() && route.hops.iter().all(|hop| hop.may_vanish);
        if is_way || is_worst || !may_go {
            rest = rest.intersection(&part.complement(top));
        } else {
            refused_at_times = refused_at_times.union(&part);
        }
    }
    // The network of an address that the line hands out is not known.
    let is_learned = node.interface(index).addresses.iter().any(|own| match own.source {
        AddressSource::Dhcp { is_told } => !is_told,
        AddressSource::Ipcp => true,
        _ => false,
    });
    if is_learned {
        is_exact &= rest.intersection(&refused_at_times).is_empty();
        passing = passing.union(&rest);
    }
    (passing.complement(top), is_exact)
}

/// Sources that come out of IPsec at this interface, of which rp_filter asks nothing; what comes in
/// clear from them is discarded by the policy.
fn protected(node: &Node, index: InterfaceIndex) -> Ranges {
    let everything = || Ranges::none().complement(Family::V4.top());
    let mut sources = Ranges::none();
    for tunnel in node.tunnels.iter().filter(|tunnel| tunnel.carrier == Some(index)) {
        let Some(selectors) = &tunnel.selectors else { return everything() };
        for one in selectors.iter().filter(|one| one.family != Some(Family::V6)) {
            let remote = one.destination.clone().unwrap_or_else(everything);
            sources = sources.union(&remote);
        }
    }
    sources
}

/// Sources of those who have no address yet.
fn this_network() -> Ranges {
    Ranges::span(0_u32, 0x00ff_ffff_u32)
}

/// Whether the interface of a next hop is down, and the route with it.
fn is_down(node: &Node, hop: Hop) -> bool {
    match hop {
        Hop::Interface(on) | Hop::Learned(on) | Hop::AddressOn(_, on) => {
            !node.interface(on).enabled
        }
        Hop::Address(_) | Hop::Discard => false,
    }
}

/// Whether a next hop leads, or may lead, to `index`.
fn leads(node: &Node, hop: Hop, index: InterfaceIndex) -> bool {
    match hop {
        Hop::Interface(on) | Hop::Learned(on) | Hop::AddressOn(_, on) => on == index,
        Hop::Address(gateway) => {
            let nets =
                |at: InterfaceIndex| node.interface(at).addresses.iter().filter_map(|own| own.net);
            let mut up = node.interfaces().filter(|(_, one)| one.enabled);
            let found = up.find(|(at, _)| nets(*at).any(|net| net.contains(gateway)));
            found.is_none_or(|(at, _)| at == index)
        }
        Hop::Discard => false,
    }
}
