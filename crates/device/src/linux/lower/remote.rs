//! Remote access that a ruleset speaks of and that no file describes: tunnels that only rules
//! name, and ports of VPNs that rules open to the router itself.

use std::collections::BTreeSet;

use diag::{Diagnostic, Span, text};
use model::{Effect, protocol};

use super::name;
use super::report::Report;
use crate::registry::linux::config::{
    Chain, ChainKind, Condition, Data, DeviceKind, Element, Hook, Key, Op, Router, Rule, Side,
    Statement, Table, Value, Verdict,
};

/// Beginnings of the names that tunnels have by custom; a number or a name of their own follows.
const TUNNELS: [&str; 22] = [
    "amt",
    "erspan",
    "geneve",
    "ip6gre",
    "ip6tnl",
    "ipip",
    "sit",
    "vxlan",
    "wg",
    "tun",
    "tap",
    "ovpn",
    "l2tp",
    "pptp",
    "ipsec",
    "xfrm",
    "vti",
    "gre",
    "gretap",
    "vpn",
    "tailscale",
    "zt",
];

/// Protocol, port, and what the VPN is called.
type Vpn = (u8, u16, &'static str);

/// Ports at which VPNs and other tunnels take sessions.
///
/// # Source
/// IANA port numbers; 8472 is that of VXLAN in Linux, those of WireGuard, ZeroTier and Tailscale
/// are of their documentation.
const PORTS: [Vpn; 15] = [
    (protocol::UDP, 500, "ike"),
    (protocol::TCP, 1194, "openvpn"),
    (protocol::UDP, 1194, "openvpn"),
    (protocol::UDP, 1701, "l2tp"),
    (protocol::TCP, 1723, "pptp"),
    (protocol::UDP, 4500, "ike"),
    (protocol::UDP, 51820, "wireguard"),
    (protocol::UDP, 3544, "teredo"),
    (protocol::UDP, 4754, "gre-in-udp"),
    (protocol::UDP, 4789, "vxlan"),
    (protocol::UDP, 6081, "geneve"),
    (protocol::UDP, 8472, "vxlan"),
    (protocol::UDP, 9993, "zerotier"),
    (protocol::UDP, 41641, "tailscale"),
    (protocol::TCP, 5555, "softether"),
];

/// Protocols of IP that carry packets or frames in packets. They have no port.
///
/// # Source
/// IANA protocol numbers.
const CARRIERS: [(u8, &str); 7] = [
    (4, "ipip"),
    (41, "6in4"),
    (47, "gre"),
    (94, "ipip"),
    (97, "etherip"),
    (115, "l2tp"),
    (137, "mpls-in-ip"),
];

/// Widest range of ports that is taken to be about one of its ports.
const RANGE_MAX: u16 = 1024;

/// Whether an interface of this name is a tunnel by custom.
pub(super) fn is_tunnel(name: &str) -> bool {
    let is_end = |rest: &str| {
        rest.is_empty() || rest.starts_with(|one: char| one.is_ascii_digit() || "-_.".contains(one))
    };
    TUNNELS.iter().any(|start| name.strip_prefix(start).is_some_and(is_end))
}

/// Other names of interfaces that a program makes, and takes away with what they are for.
const SESSIONS: [&str; 4] = ["ppp", "wwan", "usb", "docker"];

/// Whether interfaces of this name are made by a program, and may be gone while the router runs.
pub(in crate::registry::linux) fn is_made(name: &str) -> bool {
    TUNNELS.iter().chain(&SESSIONS).any(|start| name.starts_with(start))
}

/// Whether what comes out of an interface of this name comes from afar: a tunnel or a session.
pub(in crate::registry::linux) fn is_far(name: &str) -> bool {
    is_tunnel(name) || name.strip_prefix("ppp").is_some_and(|rest| rest.parse::<u16>().is_ok())
}

/// Reports the rules that let the sessions of a VPN in to the router, where no service is declared
/// that takes them.
pub(super) fn openings(router: &Router, report: &mut Report) {
    for table in router.tables.iter().filter(|table| !table.is_dormant) {
        for rule in input(table).into_iter().flat_map(|chain| &chain.rules) {
            for vpn in opened(table, rule).into_iter().filter(|vpn| !is_declared(router, *vpn)) {
                say(rule.span, vpn, report);
            }
        }
    }
}

/// The chains that packets to the router itself may meet.
fn input(table: &Table) -> Vec<&Chain> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let is_input = |chain: &&Chain| {
        let mut bases = chain.base.iter();
        bases.any(|base| base.hook == Hook::Input && base.kind == ChainKind::Filter)
    };
    let mut open: Vec<&Chain> = table.chains.iter().filter(is_input).collect();
    let mut found = Vec::new();
    while let Some(chain) = open.pop() {
        if names.insert(&chain.name) {
            found.push(chain);
            let targets = chain.rules.iter().flat_map(|rule| targets(table, rule));
            open.extend(
                targets
                    .flat_map(|target| table.chains.iter().filter(move |one| one.name == target)),
            );
        }
    }
    found
}

/// The chains to which a rule leads.
fn targets<'a>(table: &'a Table, rule: &'a Rule) -> Vec<&'a str> {
    let target = |verdict: &'a Verdict| match verdict {
        Verdict::Jump(name, _) | Verdict::Goto(name, _) => Some(name.as_str()),
        _ => None,
    };
    verdicts(table, rule).into_iter().filter_map(|(_, verdict)| target(verdict)).collect()
}

/// The verdicts of a rule; those of a map with their keys.
fn verdicts<'a>(table: &'a Table, rule: &'a Rule) -> Vec<(Option<&'a Value>, &'a Verdict)> {
    let mut found = Vec::new();
    for statement in &rule.statements {
        match statement {
            Statement::Verdict(verdict) => found.push((None, verdict)),
            Statement::Vmap(_, value, _) => {
                found.extend(elements(table, value).iter().filter_map(|one| match &one.data {
                    Some(Data::Verdict(verdict)) => Some((Some(&one.key), verdict)),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    found
}

fn elements<'a>(table: &'a Table, value: &'a Value) -> &'a [Element] {
    match value {
        Value::Set(elements) => elements,
        Value::Named(name) => {
            let set = table.sets.iter().find(|set| set.name == *name);
            set.map_or(&[], |set| set.elements.as_slice())
        }
        _ => &[],
    }
}

/// Whether a packet meets the condition by having one of the values.
fn is_plain(condition: &Condition) -> bool {
    condition.mask.is_none() && [Op::Implicit, Op::Equal].contains(&condition.op)
}

/// The VPNs whose port `rule` names where it accepts.
fn opened(table: &Table, rule: &Rule) -> Vec<Vpn> {
    let mut values: Vec<(&[Key], &Value)> = Vec::new();
    let accepts = verdicts(table, rule).into_iter().filter(|(_, one)| **one == Verdict::Accept);
    for (key, _) in accepts {
        for statement in &rule.statements {
            match (statement, key) {
                (Statement::Match(one), _) if is_plain(one) => values.push((&one.keys, &one.value)),
                (Statement::Vmap(keys, ..), Some(key)) => values.push((keys, key)),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for (keys, value) in values {
        for (position, key) in keys.iter().enumerate() {
            if matches!(key, Key::L4Proto | Key::IpProtocol | Key::NextHeader) {
                let numbers = ranges(table, value, position, protocol_number);
                let is_named = |number: u16| {
                    numbers.iter().any(|(low, high)| (*low..=*high).contains(&number))
                };
                let named = CARRIERS.iter().filter(|(number, _)| is_named(u16::from(*number)));
                found.extend(named.map(|(number, name)| (*number, 0, *name)));
                continue;
            }
            let Key::Port(protocols, Side::Destination) = key else { continue };
            let ranges = ranges(table, value, position, name::port);
            found.extend(PORTS.into_iter().filter(|(protocol, port, _)| {
                let is_named = ranges.iter().any(|(low, high)| (low..=high).contains(&port));
                protocols.contains(protocol) && is_named
            }));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The ports or protocols at `position` of the keys that `value` names one by one.
fn ranges(
    table: &Table,
    value: &Value,
    position: usize,
    named: fn(&str) -> Option<u16>,
) -> Vec<(u16, u16)> {
    let single = |value: &Value| match value {
        Value::Number(number) => u16::try_from(*number).ok(),
        Value::Word(word) => named(word),
        _ => None,
    };
    match value {
        Value::Set(_) | Value::Named(_) => {
            let keys = elements(table, value).iter().map(|one| &one.key);
            keys.flat_map(|key| ranges(table, key, position, named)).collect()
        }
        Value::List(parts) => {
            parts.iter().flat_map(|one| ranges(table, one, position, named)).collect()
        }
        Value::Concat(parts) => {
            parts.get(position).map(|one| ranges(table, one, 0, named)).unwrap_or_default()
        }
        Value::Range(low, high) => match (single(low), single(high)) {
            (Some(low), Some(high)) if high.saturating_sub(low) < RANGE_MAX => vec![(low, high)],
            _ => Vec::new(),
        },
        one => single(one).map(|port| (port, port)).into_iter().collect(),
    }
}

/// Whether a file says what takes these sessions: a service, or for key exchange swanctl.conf.
fn is_declared(router: &Router, (protocol, port, name): Vpn) -> bool {
    let mut listeners = router.facts.listeners.iter();
    let is_ipsec = name == "ike" && !router.children.is_empty();
    // What a protocol without ports carries ends at a tunnel, which a file describes.
    let mut devices = router.facts.interfaces.iter();
    if port == 0 {
        // An XFRM interface carries ESP and nothing else.
        let is_xfrm = |name: &str| router.facts.xfrm.iter().any(|(own, ..)| own == name);
        return devices.any(|one| one.kind == DeviceKind::Tunnel && !is_xfrm(&one.name));
    }
    is_ipsec
        || listeners
            .any(|one| one.protocol == protocol && (one.ports.0..=one.ports.1).contains(&port))
}

fn protocol_number(word: &str) -> Option<u16> {
    name::protocol(word).map(u16::from)
}

fn say(span: Span, (number, port, name): Vpn, report: &mut Report) {
    report.go_to(span);
    if port == 0 {
        return say_protocol(span, number, name, report);
    }
    let what = text!(
        ja: "書かれていない VPN（{name}、ポート {port}）を受けるかもしれない行",
        en: "a line that may take remote access ({name}, port {port}) that is not written",
        name = name, port = port,
    );
    report.gap(what, &[Effect::Manage], (None, None));
    report.say(
        span,
        Diagnostic::warning(
            "R163",
            text!(
                ja: "ポート {port}（{name}）をルータ自身に通していますが、待ち受けるサービスが書か\
                     れていません",
                en: "port {port} ({name}) is let in to the router, and no service is written that \
                     takes it",
                port = port, name = name,
            ),
        )
        .advise(text!(
            ja: "VPN が動いているなら、`service {name} …/{port}` と、そのインターフェース（`tunnel \
                 wg0` など）を書いてください",
            en: "if a VPN runs there, write `service {name} .../{port}` and its interface, such as \
                 `tunnel wg0`",
            name = name, port = port,
        ))
        .advise(text!(
            ja: "動いていないなら、この行を消してください",
            en: "if none does, remove this line",
        )),
    );
}

fn say_protocol(span: Span, number: u8, name: &str, report: &mut Report) {
    let what = text!(
        ja: "書かれていないトンネル（{name}、プロトコル {number}）を受けるかもしれない行",
        en: "a line that may take a tunnel ({name}, protocol {number}) that is not written",
        name = name, number = number,
    );
    report.gap(what, &[Effect::Manage], (None, None));
    let headline = text!(
        ja: "プロトコル {number}（{name}）をルータ自身に通していますが、トンネルが書かれていません",
        en: "protocol {number} ({name}) is let in to the router, and no tunnel is written",
        name = name, number = number,
    );
    report.say(
        span,
        Diagnostic::warning("R163", headline).advise(text!(
            ja: "トンネルがあれば `tunnel {name}1` のように書き、なければこの行を消してください",
            en: "write the tunnel, such as `tunnel {name}1`, or remove this line if there is none",
            name = name,
        )),
    );
}
