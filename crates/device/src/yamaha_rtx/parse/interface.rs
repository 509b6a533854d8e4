//! `ip …` and `ipv6 …`, above all the settings of interfaces.

use diag::text;
use model::{Effect, Effects, Family, Net};

use super::super::config::{
    AddressWord, Body, Command, FilterKind, IfName, NoAddress, ServiceName, ServiceWord,
};
use super::super::text::Word;
use super::address::{interface, net, net_v4};
use super::form::fits;
use super::prefix::{address_v6, address_word_v6, delegated_prefix};
use super::{
    Args, Fault, Parsed, advertise, dial_in, filter, known_on, nat, number, route, unreadable,
};

/// `ip …`, `ipv6 …`.
pub(super) fn ip(family: Family, args: &mut Args<'_>) -> Parsed {
    let word = args.peek().unwrap_or("");
    let mut buffer = [0; 24];
    match super::heads::lower(word, &mut buffer).unwrap_or("") {
        "filter" => {
            args.at += 1;
            filter::filter(family, args)
        }
        "route" => {
            args.at += 1;
            route::route(family, args)
        }
        "routing" => {
            args.at += 1;
            if fits(&args.words[2..], &["process fast|normal"]) {
                return Ok(Body::Irrelevant);
            }
            let on = args.switch()?;
            args.finish()?;
            Ok(Body::Command(Command::Routing(family, on)))
        }
        "forward" => {
            args.at += 1;
            route::forward(family, args)
        }
        "local" => {
            args.at += 1;
            apply_forward(family, None, args)
        }
        "prefix" if family == Family::V6 => {
            args.at += 1;
            advertise::prefix(args)
        }
        "icmp"
            if family == Family::V4
                && fits(&args.words[1..], &["icmp unreachable send on|off"]) =>
        {
            let is_sent = fits(&args.words[1..], &["icmp unreachable send on"]);
            args.at = args.words.len();
            Ok(Body::Command(Command::Unreachable(is_sent)))
        }
        "icmp" | "simple-service" | "rh0" | "arp" | "nd" | "multicast" | "source" | "rip" => {
            global_switch(args)
        }
        // None of their forms lets anything pass or changes a route.
        "keepalive" => {
            args.at += 1;
            Ok(keepalive(family, args))
        }
        "fragment" | "stealth" | "flow" | "tos" | "reassembly" | "max" | "mtu" => {
            Ok(Body::Irrelevant)
        }
        "host" if family == Family::V4 && fits(&args.words[1..], &["host * A {ttl=#}"]) => {
            Ok(super::service::own_name("any", args.words[2], args))
        }
        "host" => Ok(other_ip(family, args, Effect::Resolve)),
        "implicit-route" if is_weak(args) => Ok(Body::Irrelevant),
        "implicit-route" => Ok(other_ip(family, args, Effect::Route)),
        _ => match interface(args)? {
            Some(name) => on_interface(family, name, args),
            None => Ok(super::other(args)),
        },
    }
}

/// Whether connected routes count no more than static ones, as they do by default.
///
/// # Source
/// Command reference 12.01, section 8.1.33: both have 10,000, and of equals the static one counts.
fn is_weak(args: &Args<'_>) -> bool {
    let words = &args.words[1..];
    let value = words.get(2).and_then(|word| number(*word));
    fits(words, &["implicit-route preference #"])
        && value.is_some_and(|(value, _)| (1..=10_000).contains(&value))
}

/// `ip keepalive N icmp-echo INTERVAL COUNT TARGET…`. A form that is not read defines nothing,
/// and the routes that need it say so.
fn keepalive(family: Family, args: &mut Args<'_>) -> Body {
    let is_read = fits(
        &args.words[2..],
        &[
            "# icmp-echo # # A {A,log=on/off,upwait=#,downwait=#,length=#,gateway-selection-rule=head/normal,ipsec-refresh-up=,ipsec-refresh-down=}",
        ],
    );
    match args.id() {
        Ok((id, _)) if is_read => {
            args.at = args.words.len();
            Body::Command(Command::Keepalive(family, id))
        }
        _ => Body::Irrelevant,
    }
}

/// Settings of the whole router that open something when they leave their initial value: redirects
/// that change routes, small services that answer, routing headers that lead past filters.
///
/// # Source
/// RFC 5095 (routing header of type 0); RFC 1812 section 5.2.7.2 (redirects).
fn global_switch(args: &Args<'_>) -> Parsed {
    let words = &args.words[1..];
    if fits(words, &["icmp packet-too-big send off", "icmp packet-too-big-for-truncated send off"])
    {
        let what = text!(
            ja: "パケットが大きすぎることを送信元に知らせない設定",
            en: "senders of packets that are too big are not told",
        );
        let unmodelled = super::known(what, Effects::of(&[Effect::Deny]), args.words[0].span);
        return Ok(Body::Unmodelled(Box::new(unmodelled)));
    }
    if fits(words, &GLOBAL) {
        return Ok(Body::Irrelevant);
    }
    let (what, effect) = if fits(words, &["icmp redirect receive on"]) {
        (text!(ja: "ICMP リダイレクトの受信", en: "ICMP redirects that are obeyed"), Effect::Route)
    } else if fits(words, &["simple-service on"]) {
        let what = text!(ja: "echo などの簡易サービス", en: "simple services such as echo");
        (what, Effect::Manage)
    } else if fits(words, &["rh0 discard off"]) {
        let what = text!(ja: "タイプ 0 ルーティングヘッダー", en: "routing headers of type 0");
        (what, Effect::Permit)
    } else if fits(words, &["multicast ..."]) {
        let what = text!(ja: "マルチキャストの転送", en: "forwarding of multicast");
        (what, Effect::Permit)
    } else {
        return Err(unreadable(args.words[1]));
    };
    let unmodelled = super::known(what, Effects::of(&[effect]), args.words[0].span);
    Ok(Body::Unmodelled(Box::new(unmodelled)))
}

/// Settings of the whole router, after `ip` or `ipv6`, that open nothing.
const GLOBAL: [&str; 10] = [
    "icmp * send|send-only-linkup on|off {rebound=on/off}",
    "icmp log on|off",
    "icmp redirect receive off",
    "simple-service off",
    "rh0 discard on",
    "arp timer # #?",
    "arp log on|off",
    "nd ns-trigger-dad on|off {#,all-target,type=}",
    "source address selection rule prefix|lifetime",
    "rip use off",
];

/// Settings of an interface, after its name, that open and stop nothing.
const HARMLESS: [&str; 15] = [
    "tcp window-scale remove|off",
    "traffic ...",
    "arp queue length off|#",
    "arp log on|off",
    "dad retry count #",
    "ndproxy off",
    "rebound on",
    "wol relay off",
    "intrusion detection in|out off",
    "intrusion detection in|out ip|ip-option|fragment|icmp|udp|tcp|default|ftp|winny|share off",
    // Without `reject=on` only packets are discarded that no machine sends that means well.
    "intrusion detection in|out on {reject=off}",
    "rip send|receive off",
    "igmp off",
    "mld off",
    "pim off",
];

fn other_ip(family: Family, args: &Args<'_>, effect: Effect) -> Body {
    let span = args.words[0].span;
    let what = text!(ja: "静的な名前や経路の優先度", en: "static names or route preferences");
    let unmodelled = super::known(what, Effects::of(&[effect]), span);
    Body::Unmodelled(Box::new(super::Unmodelled { family: Some(family), ..unmodelled }))
}

fn on_interface(family: Family, name: IfName, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    let key = super::heads::lower(word.text, &mut buffer).unwrap_or("");
    match key {
        "address" if family == Family::V4 => address_v4(name, args),
        "address" => address_v6(name, args),
        "secondary" if family == Family::V4 && args.take("address") => {
            let net = need_net_v4(name, args)?;
            Ok(Body::Command(Command::Address(name, AddressWord::Secondary(net))))
        }
        "secure" if args.take("filter") => filter::secure(family, name, args),
        "nat" if family == Family::V4 && args.take("descriptor") => nat::apply(name, args),
        "forward" => {
            args.at -= 1;
            apply_forward(family, Some(name), args)
        }
        "prefix" if family == Family::V6 => delegated_prefix(name, args),
        "rtadv" if family == Family::V6 && args.take("send") => advertise::advertise(name, args),
        "dhcp" if family == Family::V6 => dhcp_v6(name, word, args),
        "remote" if family == Family::V4 && args.take("address") => {
            dial_in::remote_address(name, args)
        }
        "dhcp" => dhcp_v4(name, word, args),
        _ => switches(family, name, word, args),
    }
}

/// `ipv6 IF dhcp service …`.
fn dhcp_v6(name: IfName, word: Word<'_>, args: &mut Args<'_>) -> Parsed {
    let words = &args.words[args.at..];
    let command = if fits(words, &["service server"]) {
        Command::Dhcpv6Server(name)
    } else if fits(words, &["service client {ir=on,ir=off,rapid-commit=on,rapid-commit=off}"]) {
        Command::Dhcpv6Client(name, !words.iter().any(|word| fits(&[*word], &["ir=on"])))
    } else {
        return Err(unreadable(words.first().copied().unwrap_or(word)));
    };
    args.at = args.words.len();
    Ok(Body::Command(command))
}

/// `ip IF dhcp …`: a server or relay that this interface has for itself.
fn dhcp_v4(name: IfName, word: Word<'_>, args: &mut Args<'_>) -> Parsed {
    if !args.take("service") {
        let is_timing = args.take("retry") || args.take("lease");
        let what = text!(ja: "DHCP で受け取る経路", en: "routes learned by DHCP");
        return Ok(match is_timing {
            true => Body::Irrelevant,
            false => Body::Unmodelled(Box::new(super::known(
                what,
                Effects::of(&[Effect::Route]),
                word.span,
            ))),
        });
    }
    if args.take("off") {
        return Ok(Body::Irrelevant);
    }
    if args.take("server") {
        return Ok(Body::Command(Command::Service(ServiceName::Dhcp, ServiceWord::Runs(true))));
    }
    if args.take("relay") && args.is_done() {
        return Ok(Body::Command(Command::DhcpRelay));
    }
    let what = text!(ja: "DHCP リレー", en: "DHCP relay");
    Ok(known_on(what, &[Effect::Permit], word.span, name).of_family(Family::V4))
}

/// Settings of which only some forms are harmless.
fn switches(family: Family, name: IfName, word: Word<'_>, args: &mut Args<'_>) -> Parsed {
    let mut buffer = [0; 24];
    let key = super::heads::lower(word.text, &mut buffer).unwrap_or("");
    if fits(&args.words[args.at - 1..], &HARMLESS) {
        return Ok(Body::Irrelevant);
    }
    if key == "mtu" {
        return mtu(family, name, args);
    }
    if fits(&args.words[args.at - 1..], &["tcp mss limit auto|off|#"]) {
        let is_limited = !fits(&args.words[args.at - 1..], &["tcp mss limit off"]);
        args.at = args.words.len();
        return Ok(Body::Command(Command::MssLimit(family, name, is_limited)));
    }
    if family == Family::V4 && fits(&args.words[args.at - 1..], &["proxyarp on|off"]) {
        let is_on = fits(&args.words[args.at..], &["on"]);
        args.at = args.words.len();
        return Ok(Body::Command(Command::ProxyArp(name, is_on)));
    }
    let gap =
        |what, effects: &[Effect]| Ok(known_on(what, effects, word.span, name).of_family(family));
    // What changes routes does so for packets of all interfaces.
    let anywhere = |what, effects: &[Effect]| {
        let gap = super::known(what, Effects::of(effects), word.span);
        Ok(Body::Unmodelled(Box::new(gap)).of_family(family))
    };
    match key {
        "arp" if fits(&args.words[args.at..], &["static A * {#,ttl=#/off}"]) => gap(
            text!(
                ja: "固定の MAC アドレス（機器が替わると届きません）",
                en: "a fixed MAC address, which may be that of another machine",
            ),
            &[Effect::Deny, Effect::Route],
        ),
        "proxyarp" | "ndproxy" => {
            gap(text!(ja: "代理 ARP", en: "proxy ARP"), &[Effect::Route, Effect::Permit])
        }
        "rebound" if fits(&args.words[args.at..], &["off"]) => gap(
            text!(
                ja: "受信したインターフェースから送り返さない設定",
                en: "packets that are not sent back out of the interface they came in by",
            ),
            &[Effect::Deny],
        ),
        "wol" => gap(
            text!(ja: "WOL パケットの中継", en: "relaying of wake-on-LAN packets"),
            &[Effect::Permit],
        ),
        "intrusion" => {
            gap(text!(ja: "不正アクセス検知", en: "intrusion detection"), &[Effect::Deny])
        }
        "rip" | "ospf" | "hello" => {
            anywhere(text!(ja: "動的経路制御", en: "dynamic routing"), &[Effect::Route])
        }
        "vrrp" => anywhere(text!(ja: "VRRP", en: "VRRP"), &[Effect::Route, Effect::Permit]),
        "igmp" | "pim" | "mld" => {
            gap(text!(ja: "マルチキャストの転送", en: "forwarding of multicast"), &[Effect::Permit])
        }
        _ => Err(unreadable(word)),
    }
}

/// Smallest packet that an IPv4 host has to take whole, and the smallest MTU of IPv6.
///
/// # Units
/// Bytes.
///
/// # Source
/// RFC 791 section 3.1; RFC 8200 section 5.
const LEAST: [u32; 2] = [576, 1_280];

/// `ip|ipv6 IF mtu N`: how long packets may be matters only where nothing useful gets through.
fn mtu(family: Family, name: IfName, args: &mut Args<'_>) -> Parsed {
    let (size, span) = args.number()?;
    args.finish()?;
    if size >= LEAST[family as usize] {
        return Ok(Body::Irrelevant);
    }
    let what = text!(ja: "小さすぎる MTU", en: "an MTU that is too small");
    Ok(known_on(what, &[Effect::Stall], span, name))
}

fn address_v4(name: IfName, args: &mut Args<'_>) -> Parsed {
    if args.take("dhcp") {
        return Ok(Body::Command(Command::Address(name, AddressWord::Dhcp)));
    }
    let net = need_net_v4(name, args)?;
    if args.take("broadcast") {
        let word = args.need()?;
        if word.text.parse::<std::net::Ipv4Addr>().is_err() {
            return Err(unreadable(word));
        }
    }
    args.finish()?;
    Ok(Body::Command(Command::Address(name, AddressWord::Static(net))))
}

fn need_net_v4(name: IfName, args: &mut Args<'_>) -> Result<Net, Box<Fault>> {
    let word = args.need()?;
    let needs_mask = name.is_lan_side() && !word.text.contains('/');
    let net = net_v4(word.text).filter(|_| !needs_mask).ok_or_else(|| unreadable(word))?;
    let (low, high) = net.bounds();
    let own = Family::number(net.address());
    if name.is_lan_side() && net.length() < 31 && (own == low || own == high) {
        return Err(no_host(word));
    }
    Ok(net)
}

/// The address of the network itself, or its broadcast.
fn no_host(word: Word<'_>) -> Box<Fault> {
    Fault::at(
        word.span,
        text!(
            ja: "`{word}` はネットワークアドレスかブロードキャストアドレスです",
            en: "`{word}` is the address of a network or its broadcast address",
            word = super::shown(word.text),
        ),
    )
}

/// `ip IF forward filter ID`, from `forward`.
fn apply_forward(family: Family, name: Option<IfName>, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if !word.text.eq_ignore_ascii_case("forward") || !args.take("filter") {
        return Err(unreadable(word));
    }
    let (set, _) = args.number()?;
    args.finish()?;
    Ok(Body::Command(Command::ApplyForward(family, name, set)))
}

/// `no ip|ipv6 …` for what has a table, in the form that names one thing and no more; the rest is
/// not modelled.
pub(super) fn no_ip(family: Family, args: &mut Args<'_>) -> Option<Command> {
    let command = taken_back(family, args)?;
    args.is_done().then_some(command)
}

fn taken_back(family: Family, args: &mut Args<'_>) -> Option<Command> {
    if args.take("filter") {
        let kind = if args.take("dynamic") { FilterKind::Dynamic } else { FilterKind::Static };
        let (id, _) = args.number().ok()?;
        return Some(Command::NoFilter(kind, family, id));
    }
    if args.take("route") {
        return Some(Command::NoRoute(net(family, args.next()?.text)?));
    }
    let name = interface(args).ok()??;
    let is_secondary = family == Family::V4 && args.take("secondary");
    if args.take("address") {
        return Some(Command::NoAddress(name, no_address(family, is_secondary, args)?));
    }
    if args.take("secure") && args.take("filter") {
        let word = args.next()?;
        let direction = filter::direction(word);
        let is_name = word.text.eq_ignore_ascii_case("name");
        return (direction.is_some() || is_name)
            .then_some(Command::NoSecureFilter(family, name, direction));
    }
    None
}

/// What `no … address` names.
fn no_address(family: Family, is_secondary: bool, args: &mut Args<'_>) -> Option<NoAddress> {
    let Some(word) = args.next() else {
        return match (family, is_secondary) {
            (Family::V4, true) => Some(NoAddress::Secondary),
            (Family::V4, false) => Some(NoAddress::First),
            (Family::V6, _) => None,
        };
    };
    let address = match family {
        Family::V6 => address_word_v6(word).ok()??,
        Family::V4 if is_secondary => AddressWord::Secondary(net_v4(word.text)?),
        Family::V4 if word.text.eq_ignore_ascii_case("dhcp") => AddressWord::Dhcp,
        Family::V4 => AddressWord::Static(net_v4(word.text)?),
    };
    Some(NoAddress::This(address))
}
