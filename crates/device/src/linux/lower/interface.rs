//! Interfaces, addresses and routes: those that files describe and those that rules name.

use std::collections::BTreeMap;

use diag::{Diagnostic, Span, text};
use model::{
    AddressSource, Family, Hop, Interface, InterfaceAddress, InterfaceIndex, InterfaceKind, Net,
    NextHop, Node, Origin, Route,
};

use super::remote;
use super::report::Report;
use crate::registry::linux::config::{
    Chain, Condition, DeviceKind, Facts, Given, Key, Path, PathHop, Router, Statement, Table, Value,
};

/// Preference of a route without a metric; a metric lowers it.
const PREFERENCE: u32 = u32::MAX;

/// Fills interfaces and routes.
pub(super) fn interfaces(router: &Router, node: &mut Node, report: &mut Report) {
    let facts = &router.facts;
    for device in &facts.interfaces {
        push(node, &device.name, device.is_up, device.span);
    }
    let (patterns, names): (Vec<_>, Vec<_>) =
        named(&router.tables).into_iter().partition(|(name, _)| name.ends_with('*'));
    for (name, span) in names {
        if node.find_interface(&name).is_none() {
            if facts.is_described && name != "lo" {
                not_described(&name, span, report);
            }
            push_named(node, &name, span);
        }
    }
    for (pattern, span) in patterns {
        let start = pattern.trim_end_matches('*');
        let is_there = node.interfaces.iter().any(|one| one.name.starts_with(start));
        if !is_there && remote::is_tunnel(&pattern) {
            not_described(&pattern, span, report);
            push_named(node, &pattern, span);
        }
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
    addresses(facts, node, report);
    for (name, span) in &facts.advertises {
        let index = ensure(node, name, *span, report);
        if let Some(one) = node.interfaces.get_mut(index.0 as usize) {
            one.advertises = Some(Origin::Written(*span));
        }
    }
    routes(facts, node);
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
            in_rules(table, chain, &mut found);
        }
    }
    found
}

fn in_rules(table: &Table, chain: &Chain, found: &mut BTreeMap<String, Span>) {
    for statement in chain.rules.iter().flat_map(|rule| &rule.statements) {
        let (keys, value, span) = match statement {
            Statement::Match(Condition { keys, value, span, .. }) => (keys, value, *span),
            Statement::Vmap(keys, value, span) => (keys, value, *span),
            Statement::Relay(Value::Word(name)) => {
                let span = chain.rules.first().map_or(chain.span, |rule| rule.span);
                found.entry(name.clone()).or_insert(span);
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
            Given::Dhcp => AddressSource::Dhcp,
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

fn routes(facts: &Facts, node: &mut Node) {
    for path in &facts.routes {
        let route = route(path, node);
        node.routes.push(route);
    }
    // The kernel makes a route for the network of every address.
    for address in &facts.addresses {
        let Some(net) = address.net.map(Net::prefix) else { continue };
        let Some(index) = node.find_interface(&address.interface) else { continue };
        if net.length() == net.family().bits() || net.address().is_loopback() {
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
        let preference = PREFERENCE - if net.family() == Family::V6 { 256 } else { 0 };
        node.routes.push(Route { prefix: net, hops, preference, origin });
    }
}

fn route(path: &Path, node: &Node) -> Route {
    let origin = Origin::Written(path.span);
    let hops = path.hops.iter().filter_map(|hop| {
        let hop = match hop {
            PathHop::Via(gateway, None) => Hop::Address(*gateway),
            PathHop::Via(gateway, Some(name)) => {
                Hop::AddressOn(*gateway, node.find_interface(name)?)
            }
            PathHop::On(name) => Hop::Interface(node.find_interface(name)?),
            PathHop::Learned(name) => Hop::Learned(node.find_interface(name)?),
        };
        Some(NextHop { hop, guard: None, may_vanish: false, origin: origin.clone() })
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
