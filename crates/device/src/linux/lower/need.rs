//! Frames and packets without which nothing else comes through, and that no flow of the site shows:
//! ARP, neighbour discovery, router advertisements, the frames of sessions and of VLANs, and what
//! tells senders that a tunnel or session takes less than a LAN.
//!
//! Where a list drops one of them that is a gap with the effect Stall: what must work is unknown.
//!
//! # Source
//! RFC 826, RFC 4861, RFC 2516, RFC 1191, RFC 8201; Linux 6.1 `nf_conntrack_proto_icmpv6.c`:
//! neighbour discovery is untracked.

use std::net::{IpAddr, Ipv6Addr};

use diag::{Diagnostic, Span, Text, text};
use model::{
    AclIndex, Action, AddressSource, Family, Hop, Interface, InterfaceIndex, InterfaceKind, Match,
    Node, Packet, Peer, Point, StageKind, State, Tunnel, ethertype, icmp, protocol,
};

use super::effect::STALL;
use super::own_route;
use super::report::Report;

/// Deepest call of lists that is followed.
// LIMIT: nft itself allows 16; beyond it nothing is said.
const MAX_CALLS: usize = 17;

/// EtherType of frames with an 802.1Q tag.
const TAGGED: u16 = 0x8100;

/// What has to pass.
struct Need {
    ethertype: u16,
    packet: Option<Packet>,
    /// In which state connection tracking has it.
    state: State,
    /// Where it passes; `true` if it is received there.
    at: (InterfaceIndex, bool),
    what: Text,
}

/// Says what is needed and dropped.
pub(super) fn dropped(node: &Node, limits_segments: bool, report: &mut Report) {
    let mut said: Vec<(Option<Span>, InterfaceIndex)> = Vec::new();
    let mut needs = needs(node);
    if !limits_segments {
        Family::ALL.into_iter().for_each(|family| too_big(node, family, &mut needs));
    }
    for need in needs {
        let Some(span) = stopped(node, &need) else { continue };
        let (interface, _) = need.at;
        if said.contains(&(span, interface)) {
            continue;
        }
        said.push((span, interface));
        let span = span.unwrap_or(report.here());
        let name = node.interface(interface).name.clone();
        report.go_to(span);
        let what = text!(
            ja: "`{name}` の{what}の破棄", en: "the loss of {what} at `{name}`",
            name = name, what = need.what,
        );
        let headline = text!(
            ja: "`{name}` の{what}が、ここで破棄されます",
            en: "{what} at `{name}` are dropped here",
            name = name, what = need.what,
        );
        let advice = text!(
            ja: "破棄する前に、これを通す規則を書いてください",
            en: "let them pass before anything drops them",
        );
        // Without what is related small packets pass.
        let told = match need.state {
            State::Related => Diagnostic::warning("R164", headline),
            _ => Diagnostic::error("R164", headline),
        };
        report.say(span, told.advise(advice));
        report.gap(what, STALL, (Some(interface), None));
    }
}

fn needs(node: &Node) -> Vec<Need> {
    let mut found = Vec::new();
    for (index, interface) in node.interfaces().filter(|(_, one)| one.enabled) {
        if node.forwards(Family::V6) {
            delegation(node, index, &mut found);
        }
        match interface.kind {
            InterfaceKind::Session { carrier } => {
                let what = text!(
                    ja: " PPPoE フレーム（`{name}` のセッション）",
                    en: "PPPoE frames of the session `{name}`",
                    name = interface.name,
                );
                for kind in [ethertype::PPPOE_DISCOVERY, ethertype::PPPOE_SESSION] {
                    both_ways(carrier, kind, &what, &mut found);
                }
            }
            InterfaceKind::Vlan { parent } => {
                let what = text!(
                    ja: "タグ付きフレーム（`{name}`）", en: "frames with the tag of `{name}`",
                    name = interface.name,
                );
                both_ways(parent, TAGGED, &what, &mut found);
            }
            InterfaceKind::Port | InterfaceKind::Bridge => {}
            InterfaceKind::Tunnel | InterfaceKind::Loopback | InterfaceKind::Null => continue,
        }
        if matches!(interface.kind, InterfaceKind::Session { .. }) {
            continue;
        }
        if is_used(node, index, Family::V4) {
            let what = text!(ja: " ARP", en: "ARP frames");
            both_ways(index, ethertype::ARP, &what, &mut found);
        }
        if is_used(node, index, Family::V6) {
            neighbours(node, index, &mut found);
        }
    }
    found
}

fn both_ways(at: InterfaceIndex, ethertype: u16, what: &Text, found: &mut Vec<Need>) {
    for is_received in [true, false] {
        let at = (at, is_received);
        let state = State::Untracked;
        found.push(Need { ethertype, packet: None, state, at, what: what.clone() });
    }
}

/// Whether the router has something to do with `family` there.
fn is_used(node: &Node, index: InterfaceIndex, family: Family) -> bool {
    let interface = node.interface(index);
    let is_of = |source: AddressSource| match source {
        AddressSource::Dhcp { .. } | AddressSource::Ipcp => Some(Family::V4),
        AddressSource::Advertised | AddressSource::Delegated { .. } => Some(Family::V6),
        AddressSource::Static => None,
    };
    let has_address = interface.addresses.iter().any(|own| {
        let told = own.net.map(model::Net::family).or(is_of(own.source));
        told == Some(family)
    });
    // A line that hands out a prefix may have no address but the link-local one.
    let is_source =
        node.interfaces.iter().flat_map(|one| &one.addresses).any(
            |own| matches!(own.source, AddressSource::Delegated { from, .. } if from == index),
        );
    let is_way = node.routes.iter().any(|route| {
        let mut hops = route.hops.iter();
        route.prefix.family() == family
            && hops.any(|hop| match hop.hop {
                Hop::Learned(to) | Hop::AddressOn(_, to) => to == index,
                _ => false,
            })
    });
    let has_part = has_address || is_way || is_source && family == Family::V6;
    has_part && (node.forwards(family) || !node.tunnels.is_empty())
}

/// Whether hosts take addresses from what is handed out on `interface`.
fn hands_out(interface: &Interface) -> bool {
    let is_delegated = |source| matches!(source, AddressSource::Delegated { .. });
    interface.advertises.is_some() || interface.addresses.iter().any(|own| is_delegated(own.source))
}

/// An address of a host with a prefix that is not known.
const SOME_HOST: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0xfff0, 0, 0, 0, 1, 3);

/// What finds neighbours, and the router where it is learned.
fn neighbours(node: &Node, index: InterfaceIndex, found: &mut Vec<Need>) {
    let interface = node.interface(index);
    let link_local = |last: u16| Ipv6Addr::from([0xfe80, 0, 0, 0, 0, 0, 1, last]);
    let mut pairs = vec![(link_local(1), link_local(2))];
    pairs.extend(interface.addresses.iter().filter_map(|own| {
        let IpAddr::V6(own) = own.net?.address() else { return None };
        Some((own, Ipv6Addr::from(u128::from(own) ^ 1)))
    }));
    // A host asks from the address of the packet that waits (RFC 4861 section 7.2.2), and answers
    // from the one that is asked for.
    if hands_out(interface) {
        pairs.push((link_local(1), SOME_HOST));
    }
    let what = text!(ja: "近隣探索", en: "neighbour discovery packets");
    let mut add = |kind: u8, (from, to): (Ipv6Addr, Ipv6Addr), is_received: bool, what: &Text| {
        let packet = Packet {
            source: from.into(),
            destination: to.into(),
            protocol: protocol::ICMPV6,
            source_port: kind.into(),
            destination_port: 0,
            tcp_flags: 0,
        };
        let (ethertype, packet) = (ethertype::IPV6, Some(packet));
        let (at, state) = ((index, is_received), State::Untracked);
        found.push(Need { ethertype, packet, state, at, what: what.clone() });
    };
    for (own, other) in pairs {
        for (from, to, is_received) in [(other, own, true), (own, other, false)] {
            add(icmp::NEIGHBOUR_SOLICITATION, (from, solicited(to)), is_received, &what);
            add(icmp::NEIGHBOUR_ADVERTISEMENT, (from, to), is_received, &what);
        }
    }
    let every = Ipv6Addr::from([0xff02, 0, 0, 0, 0, 0, 0, 1]);
    let what = text!(ja: "ルータ広告", en: "router advertisements");
    let is_learned = interface.addresses.iter().any(|own| own.source == AddressSource::Advertised)
        || node.routes.iter().any(|route| {
            let is_here = route.hops.iter().any(|hop| hop.hop == Hop::Learned(index));
            is_here && route.prefix.family() == Family::V6
        });
    if is_learned {
        add(icmp::ROUTER_ADVERTISEMENT, (link_local(2), every), true, &what);
    }
    if interface.advertises.is_some() {
        add(icmp::ROUTER_ADVERTISEMENT, (link_local(1), every), false, &what);
    }
}

/// Questions and answers of DHCPv6 where a prefix is delegated and no advertisement gives one. The
/// answer comes from another address than the one that was asked, so that it is new.
///
/// # Source
/// RFC 8415 section 7; Linux 6.18, asked with packets.
fn delegation(node: &Node, index: InterfaceIndex, found: &mut Vec<Need>) {
    let is_from = |source: AddressSource| match source {
        AddressSource::Delegated { from, .. } => from == index,
        _ => false,
    };
    let mut all = node.interfaces.iter().flat_map(|one| &one.addresses);
    let mut own = node.interface(index).addresses.iter();
    if !all.any(|one| is_from(one.source)) || own.any(|one| one.source == AddressSource::Advertised)
    {
        return;
    }
    let client = Ipv6Addr::from([0xfe80, 0, 0, 0, 0, 0, 1, 1]);
    let server = Ipv6Addr::from([0xfe80, 0, 0, 0, 0, 0, 1, 2]);
    let servers = Ipv6Addr::from([0xff02, 0, 0, 0, 0, 0, 1, 2]);
    let ways = [(client, servers, 546, 547, false), (server, client, 547, 546, true)];
    for (source, destination, source_port, destination_port, is_received) in ways {
        found.push(Need {
            ethertype: ethertype::IPV6,
            packet: Some(Packet {
                source: source.into(),
                destination: destination.into(),
                protocol: protocol::UDP,
                source_port,
                destination_port,
                tcp_flags: 0,
            }),
            state: State::New,
            at: (index, is_received),
            what: text!(ja: " DHCPv6", en: "DHCPv6 packets"),
        });
    }
}

/// What the router tells senders on its other networks whose packets do not fit into a tunnel or
/// session; only TCP knows without it, where a rule limits its segments.
fn too_big(node: &Node, family: Family, found: &mut Vec<Need>) {
    let is_narrow = |index: InterfaceIndex| {
        let one = node.interface(index);
        let is_less = matches!(one.kind, InterfaceKind::Tunnel | InterfaceKind::Session { .. });
        one.enabled && is_less
    };
    let mut hops = node.routes.iter().filter(|route| route.prefix.family() == family);
    let is_routed = hops.any(|route| {
        route.hops.iter().any(|hop| own_route::leads(node, hop.hop).is_some_and(is_narrow))
    });
    let of_policies = node.security_policies.iter().flat_map(|one| &one.selectors);
    let mut of_tunnels = of_policies.filter(|_| !node.tunnels.is_empty());
    let is_secured = of_tunnels.any(|one| one.family.is_none_or(|own| own == family));
    if !node.forwards(family) || !is_routed && !is_secured {
        return;
    }
    let (protocol, kind, code) = match family {
        Family::V4 => (protocol::ICMP, 3, 4),
        Family::V6 => (protocol::ICMPV6, 2, 0),
    };
    for (index, interface) in node.interfaces() {
        if is_narrow(index) || leads_outside(node, index) {
            continue;
        }
        let mut own = interface.addresses.iter().filter_map(|own| own.net);
        let Some(net) = own.find(|net| net.family() == family) else { continue };
        let is_wire = !matches!(interface.kind, InterfaceKind::Loopback | InterfaceKind::Null);
        if !interface.enabled || !is_wire || net.length() == family.bits() {
            continue;
        }
        found.push(Need {
            ethertype: family.ethertype(),
            packet: Some(Packet {
                source: net.address(),
                destination: family.address(Family::number(net.address()) ^ 1),
                protocol,
                source_port: kind,
                destination_port: code,
                tcp_flags: 0,
            }),
            state: State::Related,
            at: (index, false),
            what: text!(
                ja: "「パケットが大きすぎる」という ICMP の通知",
                en: "ICMP messages that a packet is too big",
            ),
        });
    }
}

/// Whether sessions, tunnels or a default route leave by the interface, so that nobody there sends
/// into what they lead to.
fn leads_outside(node: &Node, index: InterfaceIndex) -> bool {
    let mut sessions = node.interfaces.iter();
    let carries = sessions
        .any(|one| matches!(one.kind, InterfaceKind::Session { carrier } if carrier == index));
    let own = || node.interface(index).addresses.iter().filter_map(|own| own.net);
    let is_peer = |tunnel: &Tunnel| match tunnel.peer {
        Peer::Address(peer) => own().any(|net| net.contains(peer)),
        Peer::Name(_) | Peer::Any | Peer::Unknown => false,
    };
    let ends_here = |tunnel: &Tunnel| {
        let is_local = own().any(|net| tunnel.local == Some(net.address()));
        tunnel.carrier == Some(index) || is_local || is_peer(tunnel)
    };
    let mut defaults = node.routes.iter().filter(|route| route.prefix.length() == 0);
    carries
        || node.tunnels.iter().any(ends_here)
        || defaults.any(|route| {
            route.hops.iter().any(|hop| own_route::leads(node, hop.hop) == Some(index))
        })
}

/// The group to which who asks for `address` sends (RFC 4291 section 2.7.1).
fn solicited(address: Ipv6Addr) -> Ipv6Addr {
    let prefix = u128::from(Ipv6Addr::from([0xff02, 0, 0, 0, 0, 1, 0xff00, 0]));
    Ipv6Addr::from(prefix | u128::from(address) & 0xff_ffff)
}

/// Where it is dropped; the place may not be known.
fn stopped(node: &Node, need: &Need) -> Option<Option<Span>> {
    let (interface, is_received) = need.at;
    let points: &[Point] = match (need.packet.is_some(), is_received) {
        (true, true) => &[Point::Ingress(interface), Point::Prerouting, Point::LocalIn],
        (true, false) => &[Point::LocalOut, Point::Postrouting, Point::Egress(interface)],
        (false, true) => &[Point::Ingress(interface)],
        (false, false) => &[Point::Egress(interface)],
    };
    let family = need.packet.map(|packet| packet.family());
    let pipelines = |point| node.pipelines.iter().filter(move |one| one.point == point);
    let stages = points.iter().copied().flat_map(pipelines).flat_map(|one| &one.stages);
    let own = stages.filter(|stage| stage.family.is_none() || stage.family == family);
    own.filter_map(|stage| match stage.kind {
        StageKind::Filter(list) => Some(list),
        _ => None,
    })
    .find_map(|list| {
        let acl = node.acl(list);
        match decide(node, list, need, 0)? {
            Decision::Permit => None,
            Decision::Deny(span) => Some(span),
            Decision::Return if acl.default == Action::Deny => Some(acl.default_origin.span()),
            Decision::Return => None,
        }
    })
}

enum Decision {
    Permit,
    Deny(Option<Span>),
    Return,
}

/// What a list decides; `None` beyond the limit.
fn decide(node: &Node, list: AclIndex, need: &Need, depth: usize) -> Option<Decision> {
    if depth > MAX_CALLS {
        return None;
    }
    let acl = node.acl(list);
    for entry in &acl.entries {
        if !entry.matches.iter().any(|one| holds(one, need)) {
            continue;
        }
        match entry.action {
            Action::Permit => return Some(Decision::Permit),
            Action::Deny => return Some(Decision::Deny(entry.origin.span())),
            Action::Return => return Some(Decision::Return),
            Action::Goto(next) => return decide(node, next, need, depth + 1),
            Action::Call(next) => match decide(node, next, need, depth + 1)? {
                Decision::Return => {}
                decided => return Some(decided),
            },
        }
    }
    Some(match acl.default {
        Action::Permit => Decision::Permit,
        Action::Deny => Decision::Deny(acl.default_origin.span()),
        Action::Return | Action::Call(_) | Action::Goto(_) => Decision::Return,
    })
}

/// Whether a match holds.
fn holds(one: &Match, need: &Need) -> bool {
    let (interface, is_received) = need.at;
    let is_on = |list: &Option<Vec<InterfaceIndex>>, is_known: bool| {
        list.as_ref().is_none_or(|list| is_known && list.contains(&interface))
    };
    let is_frame = one.ethertypes.as_ref().is_none_or(|own| own.contains(need.ethertype))
        && one.states.is_none_or(|own| own.contains(need.state))
        && is_on(&one.in_interfaces, is_received)
        && is_on(&one.out_interfaces, !is_received);
    let Some(packet) = need.packet else {
        let bare = Match {
            ethertypes: one.ethertypes.clone(),
            states: one.states,
            in_interfaces: one.in_interfaces.clone(),
            out_interfaces: one.out_interfaces.clone(),
            ..Match::any()
        };
        return is_frame && *one == bare;
    };
    let has = |ranges: &Option<model::Ranges>, value: u128| {
        ranges.as_ref().is_none_or(|ranges| ranges.contains(value))
    };
    is_frame
        && one.family.is_none_or(|own| own == packet.family())
        && has(&one.source, Family::number(packet.source))
        && has(&one.destination, Family::number(packet.destination))
        && has(&one.protocol, u128::from(packet.protocol))
        && has(&one.source_port, u128::from(packet.source_port))
        && has(&one.destination_port, u128::from(packet.destination_port))
        && has(&one.tcp_flags, u128::from(packet.tcp_flags))
}
