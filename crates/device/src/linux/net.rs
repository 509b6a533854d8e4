//! What is known about the router besides its ruleset: the declared file `*.net`, line by line.
//! The output of `ip -j` is read in [`json`].

mod json;

use std::net::IpAddr;

use diag::{Diagnostic, Span, text};
use model::{Family, Net, ServiceKind};

use super::config::{
    Address, BridgePort, Device, DeviceKind, Facts, Given, Listener, Notes, Path, PathHop, Unread,
};
use super::lower::effect::{ALL, PERMIT};
use super::lower::{is_far, name};
use super::setting::{self, Line};
use crate::{BYTE_ORDER_MARK, File};

/// Settles what only all files together tell.
pub(super) fn finish(facts: &mut Facts, notes: &mut Notes) {
    json::finish(facts, notes);
    setting::finish(facts, notes);
    circles(facts, notes);
    for one in facts.listeners.iter().filter(|one| one.may_relay) {
        let what = text!(
            ja: "頼まれた先へ接続するかもしれないサービス `{name}`（自分で答えるだけなら `for \
                 itself` を付けてください）",
            en: "the service `{name}`, which may open sessions for those who ask (write `for \
                 itself` if it only answers itself),",
            name = one.name,
        );
        notes.part(Unread { span: one.span, what, effects: PERMIT, family: None });
    }
}

/// VLANs and sessions that stand on themselves, at last.
fn circles(facts: &mut Facts, notes: &mut Notes) {
    let below = |name: &str| {
        let found = facts.interfaces.iter().find(|one| one.name == name);
        match found.map(|one| &one.kind) {
            Some(DeviceKind::Vlan(below) | DeviceKind::Session(below)) => Some(below.clone()),
            _ => None,
        }
    };
    let stands_on_itself = |one: &Device| {
        let down = std::iter::successors(below(&one.name), |name| below(name));
        down.take(facts.interfaces.len()).any(|name| name == one.name)
    };
    let found: Vec<bool> = facts.interfaces.iter().map(stands_on_itself).collect();
    for (one, is_circle) in facts.interfaces.iter_mut().zip(found) {
        if is_circle {
            one.kind = DeviceKind::Port;
            let what = text!(
                ja: "自分自身の上にある `{name}`",
                en: "`{name}`, which stands on itself,",
                name = one.name,
            );
            notes.part(Unread { span: one.span, what, effects: ALL, family: None });
        }
    }
}

/// Reads a file that is not a ruleset.
pub(super) fn read(file: &File<'_>, facts: &mut Facts, notes: &mut Notes) {
    let spaced;
    let file = match file.text.strip_prefix(BYTE_ORDER_MARK) {
        // Nobody but this program reads these files; places stay where they are.
        Some(rest) => {
            spaced = format!("{}{rest}", " ".repeat(BYTE_ORDER_MARK.len_utf8()));
            &File { text: &spaced, ..*file }
        }
        None => file,
    };
    let is_json = file.name.ends_with(".json") || file.text.trim_start().starts_with(['[', '{']);
    if is_json {
        json::read(file, facts, notes);
        return;
    }
    let is_settings = file.name.ends_with(".sysctl");
    let mut start = 0;
    for piece in file.text.split_inclusive('\n') {
        let before = piece.len() - piece.trim_start().len();
        let line = piece.split('#').next().unwrap_or("").trim();
        let span = Span::new(file.source, start + before, start + before + line.len());
        // A part of the output of `sysctl -a` may stand among declarations.
        if (is_settings || line.starts_with("net.")) && !line.is_empty() {
            match facts.settings.read(line, span) {
                Line::Kept => {}
                Line::Beside | Line::Other => notes.irrelevant.push(span),
                Line::Unreadable => refuse(line, span, notes),
            }
        } else if !line.is_empty() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if declaration(&words, span, facts).is_none() {
                refuse(line, span, notes);
            }
        }
        start += piece.len();
    }
}

fn refuse(line: &str, span: Span, notes: &mut Notes) {
    notes.diagnostics.push(
        Diagnostic::error(
            "P203",
            text!(
                ja: "`{line}` を理解できません",
                en: "`{line}` is not understood",
                line = line,
            ),
        )
        .at(span)
        .advise(text!(
            ja: "`interface lan0 address 192.0.2.1/24` のように書いてください（書き方は ベンダ \
                 `linux` の README にあります）",
            en: "write it like `interface lan0 address 192.0.2.1/24`; the README of the vendor \
                 `linux` lists all forms",
        )),
    );
    let what = text!(ja: "理解できない行", en: "a line that is not understood");
    notes.gaps.push(Unread { span, what, effects: ALL, family: None });
}

/// One line; `None` if it is not understood.
fn declaration(words: &[&str], span: Span, facts: &mut Facts) -> Option<()> {
    match words {
        ["interface", interface] => {
            device(facts, interface, DeviceKind::Port, span);
        }
        ["interface", interface, "down"] => {
            device(facts, interface, DeviceKind::Port, span);
            let mut found = facts.interfaces.iter_mut();
            found.find(|one| one.name == *interface)?.is_up = false;
        }
        ["interface", interface, "address", given @ ..] | ["address", interface, given @ ..] => {
            device(facts, interface, DeviceKind::Port, span);
            let (source, net) = address(given)?;
            let interface = (*interface).to_owned();
            let connected = net.filter(|net| net.length() < net.family().bits()).map(Net::prefix);
            let metric = None;
            facts.addresses.push(Address { interface, source, net, connected, metric, span });
        }
        ["loopback", interface] if !is_far(interface) => {
            device(facts, interface, DeviceKind::Loopback, span);
        }
        ["tunnel", interface] => device(facts, interface, DeviceKind::Tunnel, span),
        ["xfrm", interface, "id", id] | ["xfrm", interface, "id", id, "on", _] => {
            let way = words.get(5).map(|way| ((*interface).to_owned(), (*way).to_owned()));
            facts.xfrm_ways.extend(way);
            special(facts, interface, DeviceKind::Tunnel, span);
            facts.xfrm.push(((*interface).to_owned(), if_id(id)?, span));
        }
        ["vlan", interface, "on", parent] => {
            device(facts, parent, DeviceKind::Port, span);
            special(facts, interface, DeviceKind::Vlan((*parent).to_owned()), span);
        }
        ["pppoe", interface, "on", carrier] => {
            device(facts, carrier, DeviceKind::Port, span);
            special(facts, interface, DeviceKind::Session((*carrier).to_owned()), span);
        }
        // Nothing is plugged into a bridge without ports.
        ["bridge", bridge, "ports"] => device(facts, bridge, DeviceKind::Loopback, span),
        ["bridge", bridge, "ports", ports @ ..] => {
            self::bridge(facts, bridge, None, span);
            for port in ports {
                device(facts, port, DeviceKind::Port, span);
                self::bridge(facts, bridge, Some(port), span);
            }
        }
        ["forwarding", family, switch] => {
            let is_on = match *switch {
                "on" => true,
                "off" => false,
                _ => return None,
            };
            let known = &mut facts.forwarding[self::family(family)? as usize];
            // Of two that contradict each other neither is known to hold.
            if known.is_some_and(|(other, _)| other != is_on) {
                return None;
            }
            *known = Some((is_on, span));
        }
        ["advertise", interface] => facts.advertises.push(((*interface).to_owned(), span)),
        ["route", rest @ ..] => facts.routes.push(route(rest, span)?),
        ["sysctl", rest @ ..] => match facts.settings.read(&rest.join(" "), span) {
            Line::Kept | Line::Beside => {}
            Line::Other | Line::Unreadable => return None,
        },
        ["service", "none"] => facts.has_no_listener = Some(span),
        ["service", rest @ ..] => facts.listeners.push(listener(rest, span)?),
        _ => return None,
    }
    facts.is_described |= !matches!(words.first(), Some(&("forwarding" | "service" | "sysctl")));
    Some(())
}

/// Makes `name` known as an interface unless it already is. One with the name of a tunnel or of a
/// session is no port.
fn device(facts: &mut Facts, name: &str, kind: DeviceKind, span: Span) {
    if !facts.interfaces.iter().any(|one| one.name == name) {
        let kind = match kind {
            _ if name == "lo" => DeviceKind::Loopback,
            DeviceKind::Port if is_far(name) => DeviceKind::Tunnel,
            kind => kind,
        };
        facts.interfaces.push(Device { name: name.to_owned(), kind, is_up: true, span });
    }
}

/// As [`device`], but the kind is known for sure.
fn special(facts: &mut Facts, name: &str, kind: DeviceKind, span: Span) {
    device(facts, name, kind.clone(), span);
    if let Some(found) = facts.interfaces.iter_mut().find(|one| one.name == name) {
        found.kind = kind;
    }
}

/// Makes `port`, or the router's own foot, a part of the bridge `name`.
fn bridge(facts: &mut Facts, name: &str, port: Option<&str>, span: Span) {
    special(facts, name, DeviceKind::Bridge, span);
    let port = port.map(str::to_owned);
    let is_same = |one: &BridgePort| one.bridge == name && one.port == port;
    if !facts.bridges.iter().any(is_same) {
        facts.bridges.push(BridgePort { bridge: name.to_owned(), port, span });
    }
}

/// A number, also in the form `0x2a`.
fn if_id(word: &str) -> Option<u32> {
    match word.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => word.parse().ok(),
    }
}

fn family(word: &str) -> Option<Family> {
    match word {
        "ipv4" => Some(Family::V4),
        "ipv6" => Some(Family::V6),
        _ => None,
    }
}

/// `192.0.2.1/24`, `dhcp [STAND-IN]`, `ra [STAND-IN]`, `ipcp [STAND-IN]`,
/// `delegated from wan0 [identifier ::1] [STAND-IN]`.
fn address(words: &[&str]) -> Option<(Given, Option<Net>)> {
    let (source, rest) = match words {
        ["dhcp", rest @ ..] => (Given::Dhcp, rest),
        ["ra", rest @ ..] => (Given::Advertised, rest),
        ["ipcp", rest @ ..] => (Given::Ipcp, rest),
        ["delegated", "from", from, rest @ ..] => {
            let (identifier, rest) = match rest {
                ["identifier", identifier, rest @ ..] => (low_bits(identifier)?, rest),
                _ => (1, rest),
            };
            (Given::Delegated((*from).to_owned(), identifier), rest)
        }
        rest => (Given::Static, rest),
    };
    let net = match rest {
        [] if source != Given::Static => None,
        [net] if net.contains('/') => Some(net.parse().ok()?),
        _ => return None,
    };
    Some((source, net))
}

fn low_bits(text: &str) -> Option<u64> {
    let address: std::net::Ipv6Addr = text.parse().ok()?;
    u64::try_from(u128::from(address) & u128::from(u64::MAX)).ok()
}

/// `[ipv4|ipv6] default|PREFIX [via ADDRESS] [on INTERFACE] | learned on INTERFACE | discard`.
fn route(words: &[&str], span: Span) -> Option<Path> {
    let (only, words) = match words {
        [first, rest @ ..] if family(first).is_some() => (family(first), rest),
        _ => (None, words),
    };
    let (to, words) = words.split_first()?;
    let hops = match words {
        ["via", gateway] => vec![PathHop::Via(gateway.parse().ok()?, None)],
        ["via", gateway, "on", interface] => {
            vec![PathHop::Via(gateway.parse().ok()?, Some((*interface).to_owned()))]
        }
        ["on", interface] => vec![PathHop::On((*interface).to_owned())],
        ["learned", "on", interface] => vec![PathHop::Learned((*interface).to_owned())],
        ["discard"] => Vec::new(),
        _ => return None,
    };
    let by_gateway = match hops.first() {
        Some(PathHop::Via(gateway, _)) => Some(Family::of(*gateway)),
        _ => None,
    };
    let prefix = if *to == "default" {
        Net::all(only.or(by_gateway)?)
    } else {
        to.parse::<Net>().ok()?.prefix()
    };
    let fits = |family: Option<Family>| family.is_none_or(|one| one == prefix.family());
    (fits(only) && fits(by_gateway)).then_some(Path {
        prefix,
        hops,
        is_leased: false,
        metric: 0,
        span,
    })
}

/// `ssh tcp/22 [from NET,NET] [for management|names|itself|other]`.
fn listener(words: &[&str], span: Span) -> Option<Listener> {
    let [name, what, rest @ ..] = words else { return None };
    let (protocol, ports) = what.split_once('/')?;
    let protocol = match protocol {
        "tcp" => model::protocol::TCP,
        "udp" => model::protocol::UDP,
        _ => return None,
    };
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let number = |word: &str| word.parse().ok().or_else(|| name::port(word));
    let ports: (u16, u16) = (number(first)?, number(last)?);
    // A range that holds no port would be a service that nobody reaches.
    if ports.0 == 0 || ports.0 > ports.1 {
        return None;
    }
    let (from, rest) = match rest {
        ["from", nets, rest @ ..] => {
            // The address of nobody, with all of its bits, is where no packet comes from.
            let is_somebody =
                |net: &Net| net.length() < net.family().bits() || !net.address().is_unspecified();
            let net = |net: &str| net.parse().ok().filter(is_somebody);
            let nets: Option<Vec<Net>> = nets.split(',').map(net).collect();
            (nets?, rest)
        }
        _ => (Vec::new(), rest),
    };
    let is_misnamed = is_misnamed(name, protocol, ports);
    let is_usual = usual_kind(name) != ServiceKind::Management && !is_misnamed;
    let is_answering = ANSWERING.contains(name);
    let is_known = is_answering || is_usual;
    let (kind, is_told) = match rest {
        [] if is_misnamed => (ServiceKind::Management, false),
        [] => (usual_kind(name), is_known),
        ["for", "management"] => (ServiceKind::Management, true),
        ["for", "names"] => (ServiceKind::Names, true),
        // What is known to be for management is so whatever else it is for.
        ["for", "itself" | "other"] if is_answering => (ServiceKind::Management, true),
        ["for", "itself"] => (ServiceKind::Other, true),
        ["for", "other"] => (ServiceKind::Other, is_known),
        _ => return None,
    };
    let may_relay = !is_told;
    Some(Listener { name: (*name).to_owned(), kind, protocol, ports, from, may_relay, span })
}

/// Whether a service is said to use another protocol or port than those of its name, which then
/// tells nothing.
///
/// # Source
/// IANA port numbers.
fn is_misnamed(name: &str, protocol: u8, (first, last): (u16, u16)) -> bool {
    let usual: &[u16] = match name {
        "dhcp" => &[67, 68],
        "dhcp-client" => &[68],
        "dhcpv6" => &[546, 547],
        "dhcpv6-client" => &[546],
        "ntp" => &[123],
        "ike" | "ipsec" => &[500, 4500],
        "dns" | "domain" => &[53],
        "wireguard" => return protocol == model::protocol::TCP,
        _ => return false,
    };
    let is_by_udp = !matches!(name, "dns" | "domain");
    let is_usual = (first..=last).all(|port| usual.contains(&port));
    is_by_udp && protocol == model::protocol::TCP || !is_usual
}

/// Names of services for management that open no sessions for others.
const ANSWERING: [&str; 8] = ["ftp", "http", "https", "netconf", "snmp", "ssh", "telnet", "www"];

/// What a service of this name is for. An unknown name may be for management.
fn usual_kind(name: &str) -> ServiceKind {
    match name {
        "dns" | "domain" => ServiceKind::Names,
        "dhcp" | "dhcpv6" | "ntp" | "dhcp-client" | "dhcpv6-client" => ServiceKind::Other,
        // Who comes in there is a question of its own.
        "ike" | "ipsec" | "l2tp" | "openvpn" | "pptp" | "sstp" | "wireguard" => ServiceKind::Other,
        _ => ServiceKind::Management,
    }
}

/// Whether the model leaves the address out because every interface has one of its kind.
fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(v6) if v6.segments()[0] & 0xffc0 == 0xfe80)
}
