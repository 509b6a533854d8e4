//! Output of `ip -j route`.

use std::net::IpAddr;

use diag::{Span, text};
use model::{Effect, Family, Net};

use super::gap;
use super::key::Object;
use crate::registry::linux::config::{
    DeviceKind, Facts, Local, LocalKind, Notes, Path, PathHop, Unread,
};
use crate::registry::linux::lower::effect::ROUTE;
use crate::registry::linux::net::is_link_local;

/// Keys that are read.
const READ: [&str; 10] =
    ["type", "dst", "table", "protocol", "gateway", "via", "dev", "metric", "flags", "nexthops"];

/// Keys that change nothing of where packets go. `pref` orders what routers advertise.
const IDLE: [&str; 6] = ["scope", "prefsrc", "metrics", "error", "pref", "weight"];

/// Keys that say for which packets or how long a route is there, or what happens on it.
const CONDITIONS: [&str; 14] = [
    "tos",
    "from",
    "src",
    "encap",
    "nhid",
    "expires",
    "realms",
    "realm_from",
    "realm_to",
    "flow",
    "mark",
    "uid",
    "ttl-propogate",
    "cache",
];

/// Who makes routes that stay as they are, or come with an address.
const MAKERS: [&str; 5] = ["kernel", "boot", "static", "dhcp", "ra"];

/// Reads a route; `None` if it cannot be read.
pub(super) fn read(
    entry: &Object<'_>,
    span: Span,
    facts: &mut Facts,
    notes: &mut Notes,
) -> Option<()> {
    if let Some(key) = CONDITIONS.iter().find(|key| is_condition(entry, key)) {
        let what = text!(
            ja: "`{key}` のある経路", en: "a route with `{key}`", key = *key,
        );
        gap(notes, span, ROUTE, what);
        return Some(());
    }
    if !entry.is_known(&[&READ, &IDLE, &["expires"]], span, notes) {
        return Some(());
    }
    let kind = entry.word("type").unwrap_or("unicast");
    let table = entry.word("table").unwrap_or("main");
    let local = match kind {
        "local" => Some(LocalKind::Own),
        "broadcast" | "anycast" => Some(LocalKind::Edge),
        "multicast" => Some(LocalKind::Multicast),
        _ => None,
    };
    if let (Some(kind), "local" | "255" | "main") = (local, table) {
        let (prefix, dev) = (prefix(entry.word("dst")?)?, entry.word("dev").map(str::to_owned));
        facts.locals.push(Local { kind, prefix, dev, span });
        return Some(());
    }
    if table != "main" || local.is_some() {
        gap(notes, span, ROUTE, text!(ja: "別の経路表", en: "another routing table"));
        return Some(());
    }
    if let Some(maker) = entry.word("protocol").filter(|one| !MAKERS.contains(one)) {
        let what = text!(
            ja: "`{maker}` が作る経路（運用中に変わります）",
            en: "a route made by `{maker}`, which changes it at run time",
            maker = maker,
        );
        gap(notes, span, ROUTE, what);
    }
    let is_discarded = match kind {
        "unicast" => false,
        "blackhole" | "unreachable" | "prohibit" => true,
        _ => return None,
    };
    let mut hops = Vec::new();
    if !is_discarded && !self::hops(entry, span, &mut hops, (facts, notes))? {
        return Some(());
    }
    let prefix = match entry.word("dst")? {
        "default" => Net::all(default_family(entry)?),
        other => prefix(other)?,
    };
    if is_link_local(prefix.address()) || prefix.address().is_multicast() {
        return Some(());
    }
    let metric = match entry.value("metric") {
        Some(_) => entry.number("metric")?,
        None => 0,
    };
    facts.has_kernel_routes[prefix.family() as usize] |= entry.word("protocol") == Some("kernel");
    let is_leased = entry.word("protocol") == Some("dhcp");
    facts.routes.push(Path { prefix, hops, is_leased, metric, span });
    Some(())
}

/// What routers advertise ends some day, and is read so.
fn is_condition(entry: &Object<'_>, key: &str) -> bool {
    entry.has(key) && !(key == "expires" && entry.word("protocol") == Some("ra"))
}

fn prefix(text: &str) -> Option<Net> {
    match text.parse::<IpAddr>() {
        Ok(address) => Some(Net::host(address)),
        Err(_) => text.parse::<Net>().ok().map(Net::prefix),
    }
}

/// The family of a route to everywhere, which `ip -j route` does not print.
fn default_family(entry: &Object<'_>) -> Option<Family> {
    let nexthops: Vec<_> = entry.list("nexthops").filter_map(|one| one.as_object()).collect();
    let all = || nexthops.iter().map(|one| Object(one)).chain([Object(entry.0)]);
    // `via` is a next hop of the other family, which only IPv4 can have; `pref` is of IPv6 only.
    if all().any(|one| one.has("via")) {
        return Some(Family::V4);
    }
    if let Some(gateway) = all().find_map(|one| one.word("gateway")) {
        return gateway.parse().ok().map(Family::of);
    }
    let is_v6 = entry.has("pref") || entry.word("protocol") == Some("ra");
    Some(if is_v6 { Family::V6 } else { Family::V4 })
}

/// The next hops of a route that has some; whether they are all known.
fn hops(
    entry: &Object<'_>,
    span: Span,
    found: &mut Vec<PathHop>,
    (facts, notes): (&mut Facts, &mut Notes),
) -> Option<bool> {
    let is_learned = entry.word("protocol") == Some("ra");
    let mut parts = Vec::new();
    for one in entry.list("nexthops") {
        let one = Object(one.as_object()?);
        let known: &[&[&str]] = &[&["gateway", "via", "dev", "flags", "weight"]];
        if !one.is_known(known, span, notes) {
            return Some(false);
        }
        parts.push(one);
    }
    if parts.is_empty() {
        parts.push(Object(entry.0));
    }
    for one in parts {
        let flags: Vec<&str> = one.list("flags").filter_map(|flag| flag.as_str()).collect();
        let is_known = |flag: &&str| ["onlink", "linkdown"].contains(flag);
        if let Some(flag) = flags.iter().find(|flag| !is_known(flag)) {
            let what = text!(
                ja: "`{flag}` の付いた経路", en: "a route with the flag `{flag}`", flag = *flag,
            );
            gap(notes, span, ROUTE, what);
            return Some(false);
        }
        let dev = one.word("dev").map(str::to_owned);
        if flags.contains(&"linkdown") {
            facts.linkdown.push((dev.clone(), span));
        }
        let via = one.object("via").and_then(|via| via.word("host"));
        found.push(match (one.word("gateway").or(via), dev) {
            (Some(_), Some(dev)) if is_learned => PathHop::Learned(dev),
            (Some(gateway), dev) => PathHop::Via(gateway.parse().ok()?, dev),
            (None, Some(dev)) => PathHop::On(dev),
            (None, None) => return None,
        });
    }
    Some(true)
}

/// Routes on interfaces without a carrier. The kernel takes them all the same, as
/// `ignore_routes_with_linkdown` is off by default, and nothing stands behind an inner interface.
fn without_carrier(facts: &Facts, notes: &mut Notes) {
    let is_inner = |dev: &Option<String>| {
        let mut known = facts.interfaces.iter();
        known.any(|one| Some(&one.name) == dev.as_ref() && one.kind == DeviceKind::Loopback)
    };
    for (_, span) in facts.linkdown.iter().filter(|(dev, _)| !is_inner(dev)) {
        let flag = "linkdown";
        let what =
            text!(ja: "`{flag}` の付いた経路", en: "a route with the flag `{flag}`", flag = flag);
        gap(notes, *span, ROUTE, what);
    }
}

/// Looks whether what the kernel takes for itself are its addresses.
pub(super) fn finish(facts: &mut Facts, notes: &mut Notes) {
    without_carrier(facts, notes);
    for local in &facts.locals {
        let address = local.prefix.address();
        let is_host = local.prefix.length() == local.prefix.family().bits();
        let is_usual = address.is_loopback() || is_link_local(address) || address.is_multicast();
        let on_dev =
            facts.addresses.iter().filter(|one| local.dev.as_ref() == Some(&one.interface));
        let is_handed_out = on_dev.clone().any(|one| one.net.is_none());
        let holds = |net: Net| match local.kind {
            LocalKind::Own => net.address() == address,
            LocalKind::Edge => is_edge(net, address),
            LocalKind::Multicast => false,
        };
        let mut nets = facts.addresses.iter().flat_map(|one| [one.net, one.connected]).flatten();
        let is_known = is_host && (is_handed_out || nets.any(holds));
        if !is_usual && !is_known {
            let what = text!(
                ja: "ルータのアドレスにない {prefix} を自分あてとする経路",
                en: "a route that takes {prefix} for the router itself, which has no such address",
                prefix = local.prefix,
            );
            gap(notes, local.span, &[Effect::Route, Effect::Manage], what);
        }
    }
}

/// Looks whether the routes are there, where the addresses are: a kernel has some.
pub(super) fn missing(facts: &Facts, notes: &mut Notes) {
    for family in Family::ALL {
        let Some(span) = facts.printed[family as usize] else { continue };
        let is_off = facts.forwarding[family as usize].is_some_and(|(is_on, _)| !is_on);
        if is_off || facts.routes.iter().any(|path| path.prefix.family() == family) {
            continue;
        }
        let what = match family {
            Family::V4 => text!(
                ja: "経路の出力（`ip -j route`）がないルータ",
                en: "a router without the output of `ip -j route`",
            ),
            Family::V6 => text!(
                ja: "経路の出力（`ip -6 -j route`）がないルータ",
                en: "a router without the output of `ip -6 -j route`",
            ),
        };
        notes.part(Unread { span, what, effects: ROUTE, family: Some(family) });
    }
    unconnected(facts, notes);
}

/// Looks whether the kernel has made the routes to the networks of the addresses.
fn unconnected(facts: &Facts, notes: &mut Notes) {
    for address in &facts.addresses {
        // The other end of a session is behind it in any case.
        let is_network =
            |net: &Net| !net.address().is_loopback() && net.length() < net.family().bits();
        let Some(net) = address.connected.filter(is_network) else { continue };
        let mut known = facts.interfaces.iter();
        let is_up = known.any(|one| one.name == address.interface && one.is_up);
        let leads = |path: &Path| {
            let on = |hop: &PathHop| matches!(hop, PathHop::On(name) if *name == address.interface);
            path.prefix == net && path.hops.iter().any(on)
        };
        let is_printed = facts.has_kernel_routes[net.family() as usize];
        if is_up && is_printed && !facts.routes.iter().any(leads) {
            let what = text!(
                ja: "直結のネットワーク {net} への経路が `ip -j route` の出力にないこと",
                en: "the output of `ip -j route` without the connected network {net}",
                net = net,
            );
            gap(notes, address.span, ROUTE, what);
        }
    }
}

/// Whether `address` is the first or the last of the network.
fn is_edge(net: Net, address: IpAddr) -> bool {
    let number = Family::number(address);
    let ranges = net.prefix().ranges();
    net.family() == Family::of(address)
        && ranges.as_slice().iter().any(|(low, high)| number == *low || number == *high)
}
