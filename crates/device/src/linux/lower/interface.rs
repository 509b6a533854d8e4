//! Interfaces, addresses and routes: those that files describe and those that rules name.

use std::collections::BTreeMap;

use diag::{Diagnostic, Span, text};
use model::{
    AddressSource, Effect, Family, Hop, Interface, InterfaceAddress, InterfaceIndex, InterfaceKind,
    NextHop, Node, Origin, Route,
};

use super::effect::{DENY, ROUTE};
use super::remote;
use super::report::Report;
use crate::registry::linux::config::{
    Address, Condition, DeviceKind, Facts, Given, Key, Path, PathHop, Router, Rule, Statement,
    Table, Value, Verdict,
};

/// Preference of a route without a metric; a metric lowers it.
const PREFERENCE: u32 = u32::MAX;

/// Fills interfaces and routes.
pub(super) fn interfaces(router: &Router, node: &mut Node, report: &mut Report) {
    let facts = &router.facts;
    for device in &facts.interfaces {
        push(node, &device.name, device.is_up, device.span);
    }
    for (name, span) in named(&router.tables) {
        if node.find_interface(&name).is_none() {
            if facts.is_described && name != "lo" {
                not_described(&name, span, report);
            }
            push_named(node, &name, span);
        }
    }
    if facts.is_described {
        unknown_sources(router, node, report);
    }
    for path in &facts.routes {
        for hop in &path.hops {
            let (PathHop::Via(_, Some(name)) | PathHop::On(name) | PathHop::Learned(name)) = hop
            else {
                continue;
            };
            ensure(node, name, path.span, report);
        }
    }
    for device in &facts.interfaces {
        let kind = match &device.kind {
            DeviceKind::Port => InterfaceKind::Port,
            DeviceKind::Bridge => InterfaceKind::Bridge,
            DeviceKind::Loopback => InterfaceKind::Loopback,
            DeviceKind::Tunnel => InterfaceKind::Tunnel,
            DeviceKind::Vlan(parent) => {
                InterfaceKind::Vlan { parent: ensure(node, parent, device.span, report) }
            }
            DeviceKind::Session(carrier) => {
                InterfaceKind::Session { carrier: ensure(node, carrier, device.span, report) }
            }
        };
        if let Some(one) = node.interfaces.iter_mut().find(|one| one.name == device.name) {
            one.kind = kind;
        }
    }
    on_what_is_down(node, report);
    addresses(facts, node, report);
    for (name, span) in &facts.advertises {
        let index = ensure(node, name, *span, report);
        if let Some(one) = node.interfaces.get_mut(index.0 as usize) {
            one.advertises = Some(Origin::Written(*span));
        }
    }
    routes(facts, node, report);
}

/// Rules that can let pass what comes from or goes to an interface that nobody described: what
/// lies behind it is not known.
fn unknown_sources(router: &Router, node: &Node, report: &mut Report) {
    let is_known = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => node.interfaces.iter().any(|one| one.name.starts_with(start)),
        None => pattern == "lo" || router.facts.interfaces.iter().any(|one| one.name == pattern),
    };
    for table in &router.tables {
        for chain in &table.chains {
            for rule in chain.rules.iter().filter(|rule| can_permit(rule)) {
                let mut names = BTreeMap::new();
                in_rule(table, rule, &mut names);
                let unknown = names.keys().find(|name| !is_known(name));
                let Some(name) = unknown else { continue };
                report.go_to(rule.span);
                if name.ends_with('*') {
                    not_described(name, rule.span, report);
                }
                let what = text!(
                    ja: "記述のないインターフェース `{name}` を通す規則",
                    en: "a rule that lets pass at the interface `{name}`, which nobody described",
                    name = name,
                );
                report.gap(what, UNKNOWN_SOURCE, (None, None));
            }
        }
    }
}

const UNKNOWN_SOURCE: &[Effect] = &[Effect::Permit, Effect::Bridge, Effect::Manage];

fn can_permit(rule: &Rule) -> bool {
    let denies = |one: &Statement| {
        matches!(one, Statement::Verdict(Verdict::Drop | Verdict::Continue | Verdict::Return))
    };
    let decides = |one: &Statement| {
        matches!(
            one,
            Statement::Verdict(_) | Statement::Vmap(..) | Statement::Nat(_) | Statement::Relay(_)
        )
    };
    rule.statements.iter().any(decides) && !rule.statements.iter().any(denies)
}

fn push(node: &mut Node, name: &str, enabled: bool, span: Span) -> InterfaceIndex {
    let kind = if name == "lo" { InterfaceKind::Loopback } else { InterfaceKind::Port };
    node.interfaces.push(Interface {
        name: name.to_owned(),
        kind,
        enabled,
        addresses: Vec::new(),
        advertises: None,
        segment: None,
        origin: Origin::Written(span),
    });
    InterfaceIndex(u32::try_from(node.interfaces.len() - 1).unwrap_or(u32::MAX))
}

/// An interface that only rules name: a tunnel, if it has the name of one.
fn push_named(node: &mut Node, name: &str, span: Span) {
    let index = push(node, name, true, span);
    if remote::is_tunnel(name) {
        node.interfaces[index.0 as usize].kind = InterfaceKind::Tunnel;
    }
}

fn ensure(node: &mut Node, name: &str, span: Span, report: &mut Report) -> InterfaceIndex {
    if let Some(found) = node.find_interface(name) {
        return found;
    }
    not_described(name, span, report);
    push(node, name, true, span)
}

fn not_described(name: &str, span: Span, report: &mut Report) {
    report.say(
        span,
        Diagnostic::warning(
            "R150",
            text!(
                ja: "`{name}` というインターフェースはこのルータの記述にありません",
                en: "no file describes the interface `{name}` of this router",
                name = name,
            ),
        )
        .advise(text!(
            ja: "名前の誤りを直すか、`interface {name}` を書いてください",
            en: "correct the name, or write `interface {name}`",
            name = name,
        )),
    );
}

/// Interfaces that rules and chains name, with the place where they do first.
fn named(tables: &[Table]) -> BTreeMap<String, Span> {
    let mut found = BTreeMap::new();
    for table in tables {
        for chain in &table.chains {
            if let Some(base) = &chain.base {
                for device in &base.devices {
                    found.entry(device.clone()).or_insert(base.span);
                }
            }
            chain.rules.iter().for_each(|rule| in_rule(table, rule, &mut found));
        }
    }
    found.retain(|name, _| !name.ends_with('*'));
    found
}

/// Names and patterns of a rule.
fn in_rule(table: &Table, rule: &Rule, found: &mut BTreeMap<String, Span>) {
    for statement in &rule.statements {
        let (keys, value, span) = match statement {
            Statement::Match(Condition { keys, value, span, .. }) => (keys, value, *span),
            Statement::Vmap(keys, value, span) => (keys, value, *span),
            Statement::Relay(Value::Word(name)) => {
                found.entry(name.clone()).or_insert(rule.span);
                continue;
            }
            _ => continue,
        };
        for (position, key) in keys.iter().enumerate() {
            if matches!(key, Key::In | Key::Out) {
                let is_single = keys.len() == 1;
                in_value(table, value, (position, is_single), span, found);
            }
        }
    }
}

/// Names at `position` of the concatenations in `value`.
fn in_value(
    table: &Table,
    value: &Value,
    (position, is_single): (usize, bool),
    span: Span,
    found: &mut BTreeMap<String, Span>,
) {
    let elements = match value {
        Value::Set(elements) => elements,
        Value::Named(name) => match table.sets.iter().find(|set| set.name == *name) {
            Some(set) => &set.elements,
            None => return,
        },
        one => return in_key(one, (position, is_single), span, found),
    };
    for element in elements {
        in_key(&element.key, (position, is_single), element.span, found);
    }
}

fn in_key(
    key: &Value,
    (position, is_single): (usize, bool),
    span: Span,
    found: &mut BTreeMap<String, Span>,
) {
    let name = match key {
        Value::Concat(parts) => parts.get(position),
        one => is_single.then_some(one),
    };
    if let Some(Value::Word(name)) = name {
        found.entry(name.clone()).or_insert(span);
    }
}

fn addresses(facts: &Facts, node: &mut Node, report: &mut Report) {
    for address in &facts.addresses {
        // No packet from outside reaches a loopback address (martian source or destination).
        if address.net.is_some_and(|net| net.address().is_loopback()) {
            continue;
        }
        let index = ensure(node, &address.interface, address.span, report);
        let source = match &address.source {
            Given::Static => AddressSource::Static,
            Given::Dhcp => AddressSource::Dhcp { is_told: address.net.is_some() },
            Given::Ipcp => AddressSource::Ipcp,
            Given::Advertised => AddressSource::Advertised,
            Given::Delegated(from, identifier) => AddressSource::Delegated {
                from: ensure(node, from, address.span, report),
                identifier: *identifier,
            },
        };
        let origin = Origin::Written(address.span);
        if let Some(one) = node.interfaces.get_mut(index.0 as usize) {
            one.addresses.push(InterfaceAddress { source, net: address.net, origin });
        }
    }
}

/// Several routes for one prefix: which one is used, and what follows when it goes, is not said.
fn twice(facts: &Facts, report: &mut Report) {
    let is_learned = |path: &Path| matches!(path.hops.as_slice(), [PathHop::Learned(_)]);
    // Different ones for each prefix and metric.
    let mut before: BTreeMap<_, Vec<&Path>> = BTreeMap::new();
    for path in &facts.routes {
        let known = before.entry((path.prefix, path.metric)).or_default();
        let is_other =
            known.iter().any(|one| one.hops != path.hops && !(is_learned(one) && is_learned(path)));
        if known.iter().all(|one| one.hops != path.hops) {
            known.push(path);
        }
        if !is_other {
            continue;
        }
        report.go_to(path.span);
        let what = text!(
            ja: "{prefix} への二つ目の経路", en: "a second route to {prefix}",
            prefix = path.prefix,
        );
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        report.say(path.span, Diagnostic::warning("P208", headline));
        report.gap(what, ROUTE, (None, None));
    }
}

fn routes(facts: &Facts, node: &mut Node, report: &mut Report) {
    twice(facts, report);
    shared(facts, report);
    for path in &facts.routes {
        let route = route(facts, path, node);
        node.routes.push(route);
    }
    // The kernel makes a route for the network of every address.
    for address in &facts.addresses {
        let Some(net) = address.connected else { continue };
        let Some(index) = node.find_interface(&address.interface) else { continue };
        if net.address().is_loopback() {
            continue;
        }
        let hop = Hop::Interface(index);
        let is_same =
            |route: &Route| route.prefix == net && route.hops.iter().any(|known| known.hop == hop);
        if node.routes.iter().any(is_same) {
            continue;
        }
        let origin = Origin::Implied(
            address.span,
            text!(ja: "直結のネットワークです", en: "the connected network"),
        );
        let hops = vec![NextHop { hop, guard: None, may_vanish: false, origin: origin.clone() }];
        let usual = if net.family() == Family::V6 { 256 } else { 0 };
        let preference = PREFERENCE - address.metric.unwrap_or(usual);
        node.routes.push(Route { prefix: net, hops, preference, origin });
    }
    // The kernel takes a next hop to which a route of link scope leads (fib_check_nh); what is
    // left is told when the network is put together.
    node.settle_next_hops(|_| true);
}

/// Networks that two interfaces are connected to, or one to which a route of the same rank leads
/// elsewhere: which one is used depends on which came first.
fn shared(facts: &Facts, report: &mut Report) {
    let is_up = |name: &String| {
        let mut found = facts.interfaces.iter().filter(|one| one.name == *name);
        found.all(|one| one.is_up)
    };
    let connected = || facts.addresses.iter().filter(|one| is_up(&one.interface));
    for (number, address) in connected().enumerate() {
        let Some(net) = address.connected.filter(|net| !net.address().is_loopback()) else {
            continue;
        };
        let is_other = |one: &Address| {
            one.connected == Some(net)
                && one.metric == address.metric
                && one.interface != address.interface
        };
        let leads_elsewhere = |path: &&Path| {
            let is_here = |hop: &PathHop| match hop {
                PathHop::Via(_, Some(name)) | PathHop::On(name) => *name == address.interface,
                PathHop::Via(_, None) | PathHop::Learned(_) => false,
            };
            path.prefix == net
                && path.metric == address.metric.unwrap_or(0)
                && net.family() == Family::V4
                && !path.hops.iter().all(is_here)
        };
        let is_shared = connected().take(number).any(is_other);
        if !is_shared && !facts.routes.iter().any(|path| leads_elsewhere(&path)) {
            continue;
        }
        report.go_to(address.span);
        let what = text!(
            ja: "直結のネットワーク {net} への別の道（どちらが使われるか分かりません）",
            en: "another way to the connected network {net} (which one is used is not told)",
            net = net,
        );
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        report.say(address.span, Diagnostic::warning("P208", headline));
        report.gap(what, ROUTE, (None, None));
    }
}

/// Says which sessions and VLANs stand on an interface that is down.
fn on_what_is_down(node: &Node, report: &mut Report) {
    for (_, interface) in node.interfaces() {
        let (InterfaceKind::Session { carrier: below } | InterfaceKind::Vlan { parent: below }) =
            interface.kind
        else {
            continue;
        };
        let (true, false) = (interface.enabled, node.interface(below).enabled) else { continue };
        let Some(span) = interface.origin.span() else { continue };
        report.go_to(span);
        let what = text!(
            ja: "停止している `{below}` の上の `{name}`",
            en: "`{name}` on `{below}`, which is down,",
            name = interface.name, below = node.interface(below).name,
        );
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        report.say(span, Diagnostic::warning("P208", headline));
        report.gap(what, DENY, (None, None));
    }
}

/// Whether the interface is not there as long as the router is.
fn is_fleeting(facts: &Facts, name: &str) -> bool {
    let kind = facts.interfaces.iter().find(|one| one.name == name).map(|one| &one.kind);
    matches!(kind, Some(DeviceKind::Tunnel | DeviceKind::Session(_))) || remote::is_made(name)
}

fn route(facts: &Facts, path: &Path, node: &Node) -> Route {
    let origin = Origin::Written(path.span);
    // With the interface its routes go. Where no other takes its place, nothing goes anywhere; nor
    // does it where that one leads into IPsec, which is down with the line that carries it.
    let is_protected = |other: &Path| {
        other.hops.iter().all(|hop| match hop {
            PathHop::Via(_, Some(name)) | PathHop::On(name) => {
                facts.xfrm.iter().any(|(xfrm, ..)| xfrm == name)
            }
            PathHop::Via(_, None) | PathHop::Learned(_) => false,
        })
    };
    // Those of the same interface go all together.
    let names = |one: &Path| -> Option<Vec<String>> {
        let name = |hop: &PathHop| match hop {
            PathHop::Via(_, Some(name)) | PathHop::On(name) => Some(name.clone()),
            PathHop::Via(_, None) | PathHop::Learned(_) => None,
        };
        one.hops.iter().map(name).collect::<Option<Vec<_>>>().filter(|names| !names.is_empty())
    };
    let own = names(path).filter(|_| !path.is_leased);
    let goes_too = |other: &Path| match (&own, names(other)) {
        (Some(own), Some(other)) => own.len() == 1 && other.iter().all(|name| own.contains(name)),
        _ => false,
    };
    let has_other = facts.routes.iter().any(|other| {
        !std::ptr::eq(other, path)
            && !is_protected(other)
            && !goes_too(other)
            && other.prefix.family() == path.prefix.family()
            && other.prefix.length() <= path.prefix.length()
            && other.prefix.ranges().contains(Family::number(path.prefix.address()))
    });
    let hops = path.hops.iter().filter_map(|hop| {
        let may_vanish = has_other
            && match hop {
                _ if path.is_leased => true,
                PathHop::Via(_, Some(name)) | PathHop::On(name) => is_fleeting(facts, name),
                PathHop::Learned(_) => true,
                PathHop::Via(_, None) => false,
            };
        let hop = match hop {
            PathHop::Via(gateway, None) => Hop::Address(*gateway),
            PathHop::Via(gateway, Some(name)) => {
                Hop::AddressOn(*gateway, node.find_interface(name)?)
            }
            PathHop::On(name) => Hop::Interface(node.find_interface(name)?),
            PathHop::Learned(name) => Hop::Learned(node.find_interface(name)?),
        };
        Some(NextHop { hop, guard: None, may_vanish, origin: origin.clone() })
    });
    // The kernel counts IPv6 metric 0 as 1024; the order of metrics is all that matters here.
    let metric = match (path.prefix.family(), path.metric) {
        (Family::V6, 0) => 1024,
        (_, metric) => metric,
    };
    let preference = PREFERENCE - metric;
    Route {
        prefix: path.prefix,
        hops: hops.collect(),
        preference,
        origin: Origin::Written(path.span),
    }
}
