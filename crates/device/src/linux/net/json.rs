//! Output of `ip -j addr`, `ip -j link`, `ip -j route` and `ip -j rule`.

use diag::{Diagnostic, Span, text};
use model::{Family, Net};
use serde_json::Value;

use super::{device, if_id, is_link_local, special};
use crate::File;
use crate::registry::linux::config::{
    Address, BridgePort, DeviceKind, Facts, Given, Notes, Path, PathHop, Unread,
};
use crate::registry::linux::lower::effect::{ALL, BRIDGE, ROUTE};

/// What `ip -d link` calls tunnels. What comes out of them came from afar, whatever their flags;
/// a `tap` device, which is of the kind `tun`, looks like a port.
const TUNNELS: [&str; 17] = [
    "erspan",
    "geneve",
    "gre",
    "gretap",
    "ip6erspan",
    "ip6gre",
    "ip6gretap",
    "ip6tnl",
    "ipip",
    "l2tp",
    "sit",
    "tun",
    "vti",
    "vti6",
    "vxlan",
    "wireguard",
    "ipsec",
];

/// Reads one file.
pub(super) fn read(file: &File<'_>, facts: &mut Facts, notes: &mut Notes) {
    // Text without a line has no place but its beginning.
    let end = if file.text.trim().is_empty() { 0 } else { file.text.len() };
    let whole = Span::new(file.source, 0, end);
    let value: Value = match serde_json::from_str(file.text) {
        Ok(value) => value,
        Err(error) => {
            let place = offset(file.text, error.line(), error.column());
            let at = Span::new(file.source, place, place);
            notes.diagnostics.push(
                Diagnostic::error(
                    "P204",
                    text!(
                        ja: "`{name}` は JSON として読めません",
                        en: "`{name}` cannot be read as JSON",
                        name = file.name,
                    ),
                )
                .at(at)
                .advise(text!(
                    ja: "`ip -j addr` などの出力をそのまま保存してください",
                    en: "save the output of `ip -j addr` and the like as it is",
                )),
            );
            refuse(whole, notes);
            return;
        }
    };
    let places = elements(file);
    let Value::Array(entries) = value else {
        unknown(file, whole, notes);
        return;
    };
    for (index, entry) in entries.iter().enumerate() {
        let span = places.get(index).copied().unwrap_or(whole);
        if read_entry(entry, span, facts, notes).is_none() {
            unknown(file, span, notes);
        }
    }
    facts.is_described = true;
}

fn refuse(span: Span, notes: &mut Notes) {
    let what = text!(ja: "読めない JSON", en: "JSON that cannot be read");
    notes.gaps.push(Unread { span, what, effects: ALL, family: None });
}

fn unknown(file: &File<'_>, span: Span, notes: &mut Notes) {
    notes.diagnostics.push(
        Diagnostic::error(
            "P205",
            text!(
                ja: "`{name}` のこの項目は `ip -j` の addr・link・route・rule のどれでもありません",
                en: "this entry of `{name}` is none of addr, link, route and rule of `ip -j`",
                name = file.name,
            ),
        )
        .at(span),
    );
    refuse(span, notes);
}

/// The byte at `line` and `column`, both counted from 1, on a character boundary.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the elements of the outermost array stand. The text is JSON, which was checked.
fn elements(file: &File<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    for (at, byte) in file.text.bytes().enumerate() {
        if is_text {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_text = !ends;
            continue;
        }
        match byte {
            b'"' => is_text = true,
            b'[' | b'{' => {
                depth += 1;
                if depth == 2 {
                    start = at;
                }
            }
            b']' | b'}' => {
                if depth == 2 {
                    spans.push(Span::new(file.source, start, at + 1));
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    spans
}

/// One entry; `None` if it is of no known kind.
fn read_entry(entry: &Value, span: Span, facts: &mut Facts, notes: &mut Notes) -> Option<()> {
    let entries = entry.as_object()?;
    if entries.is_empty() {
        return Some(());
    }
    if entry.get("ifname").is_some() {
        return link(entry, span, facts, notes);
    }
    if entry.get("dst").is_some() {
        return route(entry, span, facts, notes);
    }
    let table = entry.get("table")?.as_str()?;
    let is_usual = matches!(table, "local" | "main" | "default")
        && entry.get("src").is_none_or(|src| src == "all")
        && entry.get("fwmark").is_none()
        && entry.get("iif").is_none();
    if !is_usual {
        let what = text!(ja: "`ip rule` による経路選択", en: "a routing decision by `ip rule`");
        notes.part(Unread { span, what, effects: ROUTE, family: None });
    }
    Some(())
}

fn link(entry: &Value, span: Span, facts: &mut Facts, notes: &mut Notes) -> Option<()> {
    let word = |key: &str| entry.get(key).and_then(Value::as_str);
    let name = word("ifname")?;
    let flags: Vec<_> =
        entry.get("flags").and_then(Value::as_array).into_iter().flatten().collect();
    let has = |flag: &str| flags.iter().any(|one| *one == flag);
    let info = entry.get("linkinfo").and_then(|info| info.get("info_kind")).and_then(Value::as_str);
    let parent = word("link").unwrap_or("");
    let is_child = !parent.is_empty() && name.starts_with(&format!("{parent}."));
    match info {
        Some("bridge") => bridge(facts, name, None, span),
        Some("xfrm") => {
            special(facts, name, DeviceKind::Tunnel, span);
            let data = entry.get("linkinfo").and_then(|info| info.get("info_data"));
            let id = data.and_then(|data| data.get("if_id"));
            let number = id.and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
            let id = number.or_else(|| if_id(id.and_then(Value::as_str)?));
            if !facts.xfrm.iter().any(|(known, ..)| known == name) {
                facts.xfrm.extend(id.map(|id| (name.to_owned(), id, span)));
            }
        }
        Some(kind) if TUNNELS.contains(&kind) => special(facts, name, DeviceKind::Tunnel, span),
        Some("vlan") => special(facts, name, DeviceKind::Vlan(parent.to_owned()), span),
        None if is_child => special(facts, name, DeviceKind::Vlan(parent.to_owned()), span),
        _ if has("LOOPBACK") => special(facts, name, DeviceKind::Loopback, span),
        // A point-to-point link whose carrier is not told may be a PPPoE session or a tunnel.
        _ if has("POINTOPOINT") => device(facts, name, DeviceKind::Tunnel, span),
        _ => device(facts, name, DeviceKind::Port, span),
    }
    if !parent.is_empty() && info.is_none() && !is_child {
        let what = text!(
            ja: "`{parent}` の上にある種類の分からない `{name}`",
            en: "`{name}`, which stands on `{parent}` and is of unknown kind,",
            parent = parent, name = name,
        );
        notes.part(Unread { span, what, effects: BRIDGE, family: None });
    }
    if !flags.is_empty() && !has("UP") {
        let mut known = facts.interfaces.iter_mut();
        known.find(|one| one.name == name)?.is_up = false;
    }
    if let Some(master) = word("master") {
        bridge(facts, master, Some(name), span);
    }
    for one in entry.get("addr_info").and_then(Value::as_array).into_iter().flatten() {
        let text = one.get("local").and_then(Value::as_str)?;
        let length = u8::try_from(one.get("prefixlen")?.as_u64()?).ok()?;
        let net = Net::new(text.parse().ok()?, length)?;
        if is_link_local(net.address()) {
            continue;
        }
        let is_dynamic = one.get("dynamic").and_then(Value::as_bool).unwrap_or(false);
        let source = match (is_dynamic, net.family()) {
            (false, _) => Given::Static,
            (true, Family::V4) => Given::Dhcp,
            (true, Family::V6) => Given::Advertised,
        };
        let address = Address { interface: name.to_owned(), source, net: Some(net), span };
        let is_same = |known: &Address| known.interface == name && known.net == Some(net);
        if !facts.addresses.iter().any(is_same) {
            facts.addresses.push(address);
        }
    }
    Some(())
}

fn bridge(facts: &mut Facts, name: &str, port: Option<&str>, span: Span) {
    special(facts, name, DeviceKind::Bridge, span);
    let port = port.map(str::to_owned);
    let is_same = |one: &BridgePort| one.bridge == name && one.port == port;
    if !facts.bridges.iter().any(is_same) {
        facts.bridges.push(BridgePort { bridge: name.to_owned(), port, span });
    }
}

fn route(entry: &Value, span: Span, facts: &mut Facts, notes: &mut Notes) -> Option<()> {
    let word = |key: &str| entry.get(key).and_then(Value::as_str);
    if let Some(table) = word("table").filter(|table| *table != "main") {
        if !matches!(table, "local" | "255") {
            let what = text!(ja: "別の経路表", en: "another routing table");
            notes.part(Unread { span, what, effects: ROUTE, family: None });
        }
        return Some(());
    }
    let dst = word("dst")?;
    let mut hops = Vec::new();
    let nexthops = entry.get("nexthops").and_then(Value::as_array);
    for one in nexthops.into_iter().flatten().chain([entry]) {
        let dev = one.get("dev").and_then(Value::as_str).map(str::to_owned);
        let via = one.get("via").and_then(|via| via.get("host"));
        let gateway = one.get("gateway").or(via).and_then(Value::as_str);
        match (gateway, dev) {
            (Some(_), Some(dev)) if word("protocol") == Some("ra") => {
                hops.push(PathHop::Learned(dev))
            }
            (Some(gateway), dev) => hops.push(PathHop::Via(gateway.parse().ok()?, dev)),
            (None, Some(dev)) => hops.push(PathHop::On(dev)),
            (None, None) => {}
        }
    }
    let prefix = match (dst, hops.first()) {
        ("default", Some(PathHop::Via(gateway, _))) => Net::all(Family::of(*gateway)),
        // `ip -j route` prints no family; `pref` is printed for IPv6 only.
        ("default", _) if entry.get("pref").is_some() || word("protocol") == Some("ra") => {
            Net::all(Family::V6)
        }
        ("default", _) => Net::all(Family::V4),
        _ => dst.parse::<Net>().ok()?.prefix(),
    };
    match word("type").unwrap_or("unicast") {
        "unicast" => {}
        "blackhole" | "unreachable" | "prohibit" => hops.clear(),
        "local" | "broadcast" | "multicast" | "anycast" => return Some(()),
        _ => return None,
    }
    let is_ignored = is_link_local(prefix.address()) || prefix.address().is_multicast();
    if is_ignored {
        return Some(());
    }
    let metric = entry.get("metric").and_then(Value::as_u64).unwrap_or(0);
    let metric = u32::try_from(metric).unwrap_or(u32::MAX);
    facts.routes.push(Path { prefix, hops, metric, span });
    Some(())
}
