//! What is known about the router besides its ruleset: the declared file `*.net`, line by line.
//! The output of `ip -j` is read in [`json`].

mod json;

use std::net::IpAddr;

use diag::{Diagnostic, Span, text};
use model::{Family, Net, ServiceKind};

use super::config::{
    Address, BridgePort, Device, DeviceKind, Facts, Given, Listener, Notes, Path, PathHop, Unread,
};
use super::lower::effect::ALL;
use super::lower::name;
use crate::File;

/// Reads a file that is not a ruleset.
pub(super) fn read(file: &File<'_>, facts: &mut Facts, notes: &mut Notes) {
    let is_json = file.name.ends_with(".json") || file.text.trim_start().starts_with(['[', '{']);
    if is_json {
        json::read(file, facts, notes);
        return;
    }
    let mut start = 0;
    for piece in file.text.split_inclusive('\n') {
        let before = piece.len() - piece.trim_start().len();
        let line = piece.split('#').next().unwrap_or("").trim();
        let span = Span::new(file.source, start + before, start + before + line.len());
        if !line.is_empty() {
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
            ja: "`interface lan0 address 192.0.2.1/24` のように書いてください（書き方は ベンダー \
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
            facts.addresses.push(Address { interface, source, net, span });
        }
        ["loopback", interface] => device(facts, interface, DeviceKind::Loopback, span),
        ["tunnel", interface] => device(facts, interface, DeviceKind::Tunnel, span),
        ["xfrm", interface, "id", id] | ["xfrm", interface, "id", id, "on", _] => {
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
        ["bridge", bridge, "ports", ports @ ..] => {
            special(facts, bridge, DeviceKind::Bridge, span);
            let of = (*bridge).to_owned();
            facts.bridges.push(BridgePort { bridge: of, port: None, span });
            for port in ports {
                device(facts, port, DeviceKind::Port, span);
                let port = Some((*port).to_owned());
                facts.bridges.push(BridgePort { bridge: (*bridge).to_owned(), port, span });
            }
        }
        ["forwarding", family, switch] => {
            let is_on = match *switch {
                "on" => true,
                "off" => false,
                _ => return None,
            };
            facts.forwarding[self::family(family)? as usize] = Some((is_on, span));
        }
        ["advertise", interface] => facts.advertises.push(((*interface).to_owned(), span)),
        ["route", rest @ ..] => facts.routes.push(route(rest, span)?),
        ["service", "none"] => facts.has_no_listener = Some(span),
        ["service", rest @ ..] => facts.listeners.push(listener(rest, span)?),
        _ => return None,
    }
    facts.is_described |= !matches!(words.first(), Some(&("forwarding" | "service")));
    Some(())
}

/// Makes `name` known as an interface unless it already is.
fn device(facts: &mut Facts, name: &str, kind: DeviceKind, span: Span) {
    if !facts.interfaces.iter().any(|one| one.name == name) {
        let kind = if name == "lo" { DeviceKind::Loopback } else { kind };
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
    (fits(only) && fits(by_gateway)).then_some(Path { prefix, hops, metric: 0, span })
}

/// `ssh tcp/22 [from NET,NET] [for management|names|other]`.
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
    let ports = (number(first)?, number(last)?);
    let (from, rest) = match rest {
        ["from", nets, rest @ ..] => {
            let nets: Option<Vec<Net>> = nets.split(',').map(|net| net.parse().ok()).collect();
            (nets?, rest)
        }
        _ => (Vec::new(), rest),
    };
    let kind = match rest {
        [] => usual_kind(name),
        ["for", "management"] => ServiceKind::Management,
        ["for", "names"] => ServiceKind::Names,
        ["for", "other"] => ServiceKind::Other,
        _ => return None,
    };
    Some(Listener { name: (*name).to_owned(), kind, protocol, ports, from, span })
}

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
