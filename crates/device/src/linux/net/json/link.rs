//! Output of `ip -j addr` and `ip -j link`.

use diag::{Span, Text, text};
use model::Effect;

use super::address::address;
use super::key::Object;
use super::{gap, silent};
use crate::registry::linux::config::{
    Address, BridgePort, DeviceKind, Facts, Link, LinkShape, Notes,
};
use crate::registry::linux::lower::effect::{ALL, REACHED};
use crate::registry::linux::net::{bridge, device, if_id, special};

/// What `ip -d link` calls tunnels. What comes out of them came from afar, whatever their flags;
/// a `tap` device, which is of the kind `tun`, looks like a port.
const TUNNELS: [&str; 21] = [
    "amt",
    "bareudp",
    "erspan",
    "geneve",
    "gre",
    "gretap",
    "gtp",
    "ip6erspan",
    "ip6gre",
    "ip6gretap",
    "ip6tnl",
    "ipip",
    "ipsec",
    "l2tp",
    "ovpn",
    "sit",
    "tun",
    "vti",
    "vti6",
    "vxlan",
    "wireguard",
];

/// Devices with a wire of their own.
const PORTS: [&str; 1] = ["dsa"];

/// Devices to which nothing comes from outside.
pub(super) const INNER: [&str; 2] = ["dummy", "nlmon"];

/// Devices that get the frames of others, or give theirs to them.
const STANDING: [&str; 12] = [
    "bond", "hsr", "ipvlan", "ipvtap", "macsec", "macvlan", "macvtap", "netkit", "rmnet", "team",
    "veth", "vrf",
];

const READ: [&str; 8] =
    ["ifname", "flags", "link", "link_index", "link_netnsid", "master", "linkinfo", "addr_info"];

/// Keys that say nothing of where packets go.
const IDLE: [&str; 32] = [
    "address",
    "allmulti",
    "altnames",
    "broadcast",
    "event",
    "group",
    "gro_ipv4_max_size",
    "gro_max_size",
    "gso_ipv4_max_size",
    "gso_max_segs",
    "gso_max_size",
    "ifalias",
    "ifindex",
    "inet6_addr_gen_mode",
    "link_pointtopoint",
    "link_type",
    "linkmode",
    "max_mtu",
    "min_mtu",
    "mtu",
    "num_rx_queues",
    "num_tx_queues",
    "operstate",
    "parentbus",
    "parentdev",
    "permaddr",
    "promiscuity",
    "qdisc",
    "stats",
    "stats64",
    "tso_max_segs",
    "tso_max_size",
];

/// Keys of ports and of what is below them, which matter to their drivers.
const HARDWARE: [&str; 4] = ["phys_port_id", "phys_port_name", "phys_switch_id", "txqlen"];

const FLAGS: [&str; 17] = [
    "ALLMULTI",
    "BROADCAST",
    "DEBUG",
    "DORMANT",
    "DYNAMIC",
    "ECHO",
    "LOOPBACK",
    "LOWER_UP",
    "MASTER",
    "M-DOWN",
    "MULTICAST",
    "NO-CARRIER",
    "NOARP",
    "POINTOPOINT",
    "PROMISC",
    "SLAVE",
    "UP",
];

/// The flag of what no signal comes to.
const NO_CARRIER: &str = "NO-CARRIER";

/// Reads an interface with its addresses; `None` if it cannot be read.
pub(super) fn read(
    entry: &Object<'_>,
    span: Span,
    facts: &mut Facts,
    notes: &mut Notes,
) -> Option<()> {
    let name = entry.word("ifname")?;
    entry.is_known(&[&READ, &IDLE, &HARDWARE], span, notes);
    device(facts, name, DeviceKind::Port, span);
    let flags: Vec<_> = entry.list("flags").filter_map(|flag| flag.as_str()).collect();
    if let Some(flag) = flags.iter().find(|flag| !FLAGS.contains(flag)) {
        let what = text!(ja: "フラグ `{flag}`", en: "the flag `{flag}`", flag = *flag);
        gap(notes, span, ALL, what);
    }
    let info = entry.object("linkinfo");
    let kind = info.as_ref().and_then(|info| info.word("info_kind"));
    if let Some(info) = &info {
        let known: &[&[&str]] =
            &[&["info_kind", "info_data", "info_slave_kind", "info_slave_data"]];
        info.is_known(known, span, notes);
        data(name, info, kind, span, facts, notes);
    }
    let shape = match () {
        () if flags.contains(&"LOOPBACK") => LinkShape::Loopback,
        () if flags.contains(&"POINTOPOINT") => LinkShape::PointToPoint,
        () => LinkShape::Other,
    };
    let slave_kind = info.as_ref().and_then(|info| info.word("info_slave_kind"));
    let parent = entry.word("link").unwrap_or("");
    // The number of one that has no name here is that of another network namespace.
    let is_elsewhere = entry.has("link_netnsid") || entry.has("link_index");
    note(
        facts,
        Link {
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
            slave_kind: slave_kind.map(str::to_owned),
            parent: (!parent.is_empty()).then(|| parent.to_owned()),
            deaf: [NO_CARRIER, "NOARP"].into_iter().find(|flag| flags.contains(flag)),
            is_elsewhere,
            master: entry.word("master").map(str::to_owned),
            is_up: match flags.contains(&"UP") {
                true => Some(true),
                false => (!flags.is_empty()).then_some(false),
            },
            shape,
            span,
        },
    );
    for one in entry.list("addr_info") {
        address(&Object(one.as_object()?), name, shape, span, facts, notes)?;
    }
    Some(())
}

/// Joins what several files tell of one interface.
fn note(facts: &mut Facts, link: Link) {
    match facts.links.iter_mut().find(|known| known.name == link.name) {
        Some(known) => {
            known.kind = known.kind.take().or(link.kind);
            known.slave_kind = known.slave_kind.take().or(link.slave_kind);
            known.parent = known.parent.take().or(link.parent);
            known.is_elsewhere |= link.is_elsewhere;
            known.deaf = known.deaf.or(link.deaf);
            known.is_up = known.is_up.max(link.is_up);
            known.master = known.master.take().or(link.master);
        }
        None => facts.links.push(link),
    }
}

/// Keys of `info_data` of a bridge that say nothing of which frames it relays.
const OF_BRIDGES: [&str; 29] = [
    "ageing_time",
    "bridge_id",
    "fdb_max_learned",
    "fdb_n_learned",
    "forward_delay",
    "gc_timer",
    "group_addr",
    "group_address",
    "group_fwd_mask",
    "group_fwd_mask_str",
    "hello_time",
    "hello_timer",
    "max_age",
    "no_linklocal_learn",
    "nf_call_arptables",
    "nf_call_ip6tables",
    "nf_call_iptables",
    "priority",
    "root_id",
    "root_path_cost",
    "root_port",
    "stp_state",
    "tcn_timer",
    "topology_change",
    "topology_change_detected",
    "topology_change_timer",
    "vlan_default_pvid",
    "vlan_filtering",
    "vlan_protocol",
];

/// Details of an interface of `kind`, and of it as a port of a bridge.
fn data(
    name: &str,
    info: &Object<'_>,
    kind: Option<&str>,
    span: Span,
    facts: &mut Facts,
    notes: &mut Notes,
) {
    let is_port_of_bridge = info.word("info_slave_kind") == Some("bridge");
    if let Some(port) = info.object("info_slave_data").filter(|_| is_port_of_bridge) {
        super::port::read(&port, span, notes);
    }
    let Some(data) = info.object("info_data") else { return };
    match kind {
        Some("bridge") => of_bridge(&data, span, notes),
        Some("vlan") => {
            let known = ["protocol", "id", "flags", "ingress_qos", "egress_qos"];
            data.is_known(&[&known], span, notes);
        }
        Some("xfrm") => {
            data.is_known(&[&["if_id", "link"]], span, notes);
            let id = data.number("if_id").or_else(|| if_id(data.word("if_id")?));
            if !facts.xfrm.iter().any(|(known, ..)| known == name) {
                facts.xfrm.extend(id.map(|id| (name.to_owned(), id, span)));
            }
        }
        // What comes out of a tunnel comes from afar, and others are gaps of their own.
        Some(kind) if TUNNELS.contains(&kind) || STANDING.contains(&kind) => {}
        Some("dsa") => {
            data.is_known(&[&["conduit"]], span, notes);
        }
        _ => {
            data.is_known(&[], span, notes);
        }
    }
}

fn of_bridge(data: &Object<'_>, span: Span, notes: &mut Notes) {
    // How it learns who listens to a group.
    let group = |key: &str| key.starts_with("mcast_");
    let known = ["vlan_stats_enabled", "vlan_stats_per_port", "mst_enabled"];
    let mut rest = data.0.keys().map(String::as_str);
    let is_known = |key: &&str| OF_BRIDGES.contains(key) || known.contains(key) || group(key);
    if let Some(key) = rest.find(|key| !is_known(key)) {
        let what = text!(ja: "ブリッジの `{key}`", en: "`{key}` of a bridge", key = key);
        gap(notes, span, ALL, what);
    }
    let is_on = |key: &str| data.has(key) && data.number::<u64>(key) != Some(0);
    if is_on("vlan_filtering") {
        let what = text!(ja: "VLAN を分けるブリッジ", en: "a bridge that tells VLANs apart");
        gap(notes, span, ALL, what);
    }
    if ["nf_call_iptables", "nf_call_ip6tables", "nf_call_arptables"].into_iter().any(is_on) {
        let what = text!(
            ja: "ブリッジで中継するフレームへの inet の規則",
            en: "rules of inet applied to relayed frames",
        );
        gap(notes, span, &[Effect::Deny, Effect::Translate], what);
    }
}

/// Settles what the interfaces are, by all files.
pub(super) fn finish(facts: &mut Facts, notes: &mut Notes) {
    for (name, address) in std::mem::take(&mut facts.unrouted) {
        let is_it = |one: &&mut Address| {
            one.interface == name && one.net.is_some_and(|net| net.address() == address)
        };
        facts.addresses.iter_mut().filter(is_it).for_each(|one| one.connected = None);
    }
    let links = std::mem::take(&mut facts.links);
    let tunnels = links.iter().filter(|link| link.kind.as_deref() == Some("xfrm"));
    let ways = tunnels.filter_map(|link| Some((link.name.clone(), link.parent.clone()?)));
    facts.xfrm_ways.extend(ways);
    for link in &links {
        settle(link, facts, notes);
        if is_empty_bridge(link, &links, facts) {
            special(facts, &link.name, DeviceKind::Loopback, link.span);
            facts.bridges.retain(|one| one.bridge != link.name);
        } else {
            silent::read(link, facts, notes);
        }
        let is_idle = is_idle(link, facts);
        let known = facts.interfaces.iter_mut().find(|one| one.name == link.name);
        match (known, link.is_up) {
            (Some(known), Some(true)) => known.is_up = true,
            (Some(known), Some(false)) if is_idle => known.is_up = false,
            _ => {}
        }
    }
    let declared: Vec<_> = facts.bridges.iter().map(|one| one.bridge.clone()).collect();
    for link in &links {
        let Some(master) = &link.master else { continue };
        let known = links.iter().find(|one| one.name == *master);
        match known.and_then(|one| one.kind.as_deref()).or(link.slave_kind.as_deref()) {
            Some("bridge") => {}
            None if declared.contains(master) => {}
            None => {
                let what = text!(
                    ja: "種類の分からない `{master}` の一部である `{name}`（`ip -j -d addr` で種類\
                         が出ます）",
                    en: "`{name}`, a part of `{master}`, whose kind is not told (`ip -j -d addr` \
                         tells it),",
                    master = *master, name = link.name,
                );
                gap(notes, link.span, REACHED, what);
            }
            Some(_) => {
                gap(notes, link.span, REACHED, part(&link.name, master));
                continue;
            }
        }
        bridge(facts, master, None, link.span);
        bridge(facts, master, Some(&link.name), link.span);
    }
}

/// Whether nothing is plugged into a bridge, as into that of containers while none runs: it has no
/// carrier, and no port.
fn is_empty_bridge(link: &Link, links: &[Link], facts: &Facts) -> bool {
    let is_port = |one: &Link| one.master.as_ref() == Some(&link.name);
    let has_port = |one: &BridgePort| one.bridge == link.name && one.port.is_some();
    link.kind.as_deref() == Some("bridge")
        && (link.deaf == Some(NO_CARRIER) || link.is_up == Some(false))
        && !links.iter().any(is_port)
        && !facts.bridges.iter().any(has_port)
}

/// Devices that the kernel makes with a kind of tunnel, and that carry nothing while they are down.
const SPARE: [&str; 9] =
    ["erspan0", "gre0", "gretap0", "ip6_vti0", "ip6gre0", "ip6tnl0", "ip_vti0", "sit0", "tunl0"];

/// Whether an interface that is down has nothing to do when it is up. A tunnel has: it is switched
/// on when somebody comes in.
fn is_idle(link: &Link, facts: &Facts) -> bool {
    let name = &link.name;
    let mut known = facts.interfaces.iter();
    let is_tunnel = known.any(|one| one.name == *name && one.kind == DeviceKind::Tunnel);
    let has_address = facts.addresses.iter().any(|one| one.interface == *name);
    let is_spare = SPARE.contains(&name.as_str());
    link.master.is_none() && !has_address && (!is_tunnel || is_spare)
}

fn part(name: &str, master: &str) -> Text {
    text!(
        ja: "`{master}` の一部である `{name}`", en: "`{name}`, a part of `{master}`,",
        master = master, name = name,
    )
}

fn settle(link: &Link, facts: &mut Facts, notes: &mut Notes) {
    let Link { name, span, .. } = link;
    let known = facts.interfaces.iter().find(|one| one.name == *name).map(|one| &one.kind);
    let is_declared = known.is_some_and(|kind| *kind != DeviceKind::Port);
    let is_end = match link.kind.as_deref() {
        Some(kind) => {
            matches!(kind, "xfrm" | "ppp") || PORTS.contains(&kind) || TUNNELS.contains(&kind)
        }
        None => link.shape == LinkShape::PointToPoint,
    };
    if link.is_elsewhere && is_end {
        // Its packets, and what protects them, belong to the namespace where it was made.
        let what = text!(
            ja: "別のネットワーク名前空間で作られた `{name}`",
            en: "`{name}`, which was made in another network namespace,",
            name = *name,
        );
        gap(notes, *span, ALL, what);
    }
    match (link.kind.as_deref(), &link.parent) {
        (Some("bridge"), _) => bridge(facts, name, None, *span),
        (Some(kind), _) if kind == "xfrm" || TUNNELS.contains(&kind) => {
            special(facts, name, DeviceKind::Tunnel, *span);
        }
        (Some("vlan"), Some(parent)) if !link.is_elsewhere => {
            special(facts, name, DeviceKind::Vlan(parent.clone()), *span);
        }
        (Some(kind), _) if PORTS.contains(&kind) => {}
        (Some(kind), _) if INNER.contains(&kind) => {
            special(facts, name, DeviceKind::Loopback, *span);
        }
        (Some("ppp") | None, _) if is_declared => {}
        (None, None) if link.shape == LinkShape::Loopback => {
            special(facts, name, DeviceKind::Loopback, *span);
        }
        // A point-to-point link whose carrier is not told may be a PPPoE session or a tunnel.
        (Some("ppp"), _) => special(facts, name, DeviceKind::Tunnel, *span),
        (None, None) if link.shape == LinkShape::PointToPoint => {
            special(facts, name, DeviceKind::Tunnel, *span);
        }
        (None, None) if !link.is_elsewhere => {}
        (None, Some(parent)) => {
            if name.starts_with(&format!("{parent}.")) {
                special(facts, name, DeviceKind::Vlan(parent.clone()), *span);
            }
            let what = text!(
                ja: "`{parent}` の上にある種類の分からない `{name}`",
                en: "`{name}`, which stands on `{parent}` and is of unknown kind,",
                parent = *parent, name = *name,
            );
            gap(notes, *span, REACHED, what);
        }
        (Some(kind), _) if STANDING.contains(&kind) => {
            gap(notes, *span, REACHED, of_kind(name, kind));
        }
        (kind, _) => gap(notes, *span, ALL, of_kind(name, kind.unwrap_or("?"))),
    }
}

fn of_kind(name: &str, kind: &str) -> Text {
    text!(
        ja: "種類が `{kind}` の `{name}`", en: "`{name}` of the kind `{kind}`",
        kind = kind, name = name,
    )
}
