//! Services of the router itself and `dns …`.

use diag::{Span, Text, text};
use model::{Asking, Effect, Effects, Family, Ranges};
use std::net::{IpAddr, Ipv4Addr};

use super::super::config::{
    Body, Command, DnsSelect, DnsServers, Hosts, OwnName, ServiceName, ServiceWord,
};
use super::super::text::Word;
use super::address::interface_name;
use super::form::fits;
use super::{Args, Fault, Parsed, dial_in, known, number, unreadable};

type Read<T> = Result<T, Box<Fault>>;

fn name(head: &str) -> Option<ServiceName> {
    Some(match head {
        "telnetd" => ServiceName::Telnet,
        "sshd" => ServiceName::Ssh,
        "sftpd" => ServiceName::Sftp,
        "httpd" => ServiceName::Http,
        "tftp" => ServiceName::Tftp,
        "snmp" => ServiceName::Snmp,
        "snmpv2c" => ServiceName::SnmpV2c,
        "snmpv3" => ServiceName::SnmpV3,
        "sntpd" => ServiceName::Sntp,
        "dhcp" => ServiceName::Dhcp,
        "l2tp" => ServiceName::L2tp,
        "pptp" => ServiceName::Pptp,
        "dns" => ServiceName::Dns,
        _ => return None,
    })
}

/// `telnetd …` and the like.
pub(super) fn service(head: &str, args: &mut Args<'_>) -> Parsed {
    let Some(name) = name(head) else { return upnp(args) };
    let on = |word| Ok(Body::Command(Command::Service(name, word)));
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "service" => {
            let on_off = args.need()?;
            let mut buffer = [0; 24];
            let runs = match super::heads::lower(on_off.text, &mut buffer).unwrap_or("") {
                "on" | "server" => true,
                "off" => false,
                "relay" if name == ServiceName::Dhcp => {
                    return Ok(Body::Command(Command::DhcpRelay));
                }
                _ => return Err(unreadable(on_off)),
            };
            on(ServiceWord::Runs(runs))
        }
        "scope" if name == ServiceName::Dhcp && fits(&args.words[1..], &["scope option ..."]) => {
            let is_dns = |word: &Word<'_>| {
                let key = word.text.split('=').next().unwrap_or_default();
                key.eq_ignore_ascii_case("dns") || key == "6"
            };
            if !args.words.iter().any(is_dns) {
                return Ok(super::other(args));
            }
            if let Some(servers) = told_servers(args) {
                args.at = args.words.len();
                return Ok(Body::Command(Command::TellsServers(servers)));
            }
            let what = text!(
                ja: "端末に知らせる DNS サーバ", en: "the name servers that hosts are told",
            );
            Ok(resolves(what, word.span))
        }
        "scope" if name == ServiceName::Dhcp => {
            Ok(dial_in::scope(args).unwrap_or_else(|| super::other(args)))
        }
        // Whom the router asks: a packet of its own.
        "relay" if name == ServiceName::Dhcp && fits(&args.words[1..], &DHCP_RELAY) => {
            Ok(Body::Irrelevant)
        }
        "relay" if name == ServiceName::Dhcp => Ok(super::other(args).of_family(Family::V4)),
        "host" if args.peek().is_some_and(|word| word.eq_ignore_ascii_case("key")) => {
            Ok(Body::Irrelevant)
        }
        "host" => {
            let hosts = Box::new(hosts(args, name)?);
            on(ServiceWord::Hosts(hosts))
        }
        "listen" => {
            let (port, span) = args.number()?;
            match u16::try_from(port) {
                Ok(0) => Err(unreadable(args.words[args.at - 1])),
                Ok(port) => on(ServiceWord::Port(port)),
                Err(_) => Err(Fault::at(
                    span,
                    text!(ja: "ポート番号が大きすぎます", en: "the port number is too large"),
                )),
            }
        }
        _ => Ok(super::other(args)),
    }
}

/// What a relay of DHCP asks whom, after `dhcp`.
///
/// # Source
/// Command reference 12.01, section 12.1.
const DHCP_RELAY: [&str; 4] =
    ["relay server A {A}", "relay select hash|all", "relay srcport #", "relay threshold #"];

/// The addresses in `dhcp scope option N dns=A,A…`; `None` if another option stands beside them.
fn told_servers(args: &Args<'_>) -> Option<Vec<Ipv4Addr>> {
    let [_, _, _, _, word] = args.words else { return None };
    let (_, list) = word.text.split_once('=')?;
    list.split(',').map(|one| one.parse().ok()).collect()
}

/// A name that the router answers itself.
pub(super) fn own_name(kind: &'static str, name: Word<'_>, args: &mut Args<'_>) -> Body {
    args.at = args.words.len();
    let name = name.text.trim_end_matches('.').to_ascii_lowercase();
    Body::Command(Command::OwnName(Box::new(OwnName { kind, name })))
}

/// `dns static TYPE NAME VALUE [ttl=N]`.
///
/// # Source
/// Yamaha's page of `ip host` and `dns static` (rtpro, dns/ip_host.html): one record each, and
/// `ip host` is short for an address and its way back.
fn static_name(args: &mut Args<'_>) -> Option<Body> {
    let words = args.words;
    if !fits(&words[1..], &["static a|aaaa|cname|mx|ns|ptr * * {ttl=#}"]) {
        return None;
    }
    let kinds = [("mx", "mx"), ("ns", "ns"), ("ptr", "ptr")];
    let own = kinds.iter().find(|(kind, _)| words[2].text.eq_ignore_ascii_case(kind));
    // What a question of another type for such a name is answered is not written.
    Some(own_name(own.map_or("any", |(_, kind)| kind), words[3], args))
}

fn upnp(args: &mut Args<'_>) -> Parsed {
    if args.take("use") && !args.switch()? {
        return Ok(Body::Command(Command::Plain));
    }
    // What hosts ask for is an entry of NAT, which IPv6 does not have here.
    Ok(super::other(args).of_family(Family::V4))
}

/// `any`, `none`, `lan`, interfaces, addresses and ranges.
fn hosts(args: &mut Args<'_>, name: ServiceName) -> Read<Hosts> {
    let mut hosts = Hosts::default();
    let mut is_first = true;
    let mut is_alone = false;
    while let Some(word) = args.next() {
        let mut buffer = [0; 24];
        let said = super::heads::lower(word.text, &mut buffer).unwrap_or("");
        let stands_alone = matches!(said, "any" | "none");
        if !name.collects_hosts() && !is_first && (is_alone || stands_alone) {
            return Err(unreadable(word));
        }
        is_alone |= stands_alone;
        match said {
            "any" => hosts.any = true,
            "none" => {}
            "lan" => hosts.lan = true,
            _ => match interface_name(word.text).filter(|name| name.has_wire()) {
                Some(interface) => hosts.interfaces.push(interface),
                None => match host_range(word) {
                    Some((Family::V4, ranges)) => hosts.v4 = hosts.v4.union(&ranges),
                    Some((Family::V6, ranges)) => hosts.v6 = hosts.v6.union(&ranges),
                    // A community or user name may follow the host.
                    None if !is_first && name.collects_hosts() => {
                        args.at = args.words.len();
                        break;
                    }
                    None => return Err(unreadable(word)),
                },
            },
        }
        is_first = false;
    }
    if is_first {
        args.need()?;
    }
    Ok(hosts)
}

fn host_range(word: Word<'_>) -> Option<(Family, Ranges)> {
    if let Ok(address) = word.text.parse::<IpAddr>() {
        return Some((Family::of(address), Ranges::one(Family::number(address))));
    }
    let (low, high) = word.text.split_once('-')?;
    let (low, high): (IpAddr, IpAddr) = (low.parse().ok()?, high.parse().ok()?);
    let family = Family::of(low);
    let (from, to) = (Family::number(low), Family::number(high));
    (family == Family::of(high) && from <= to).then(|| (family, Ranges::span(from, to)))
}

/// `dns …`.
pub(super) fn dns(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "service" if args.take("fallback") => Ok(Body::Irrelevant),
        "service" if args.take("aaaa") => match fits(&args.words[3..], &["filter off"]) {
            true => Ok(Body::Irrelevant),
            false => Ok(without_v6(args)),
        },
        "notice" if !fits(&args.words[1..], &["notice order dhcp|dhcpv6|msext me {server}"]) => {
            let what = text!(
                ja: "端末に知らせる DNS サーバ", en: "the name servers that hosts are told",
            );
            Ok(resolves(what, word.span))
        }
        "service" => {
            let word = args.need()?;
            let mut buffer = [0; 24];
            let runs = match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
                "recursive" | "on" => true,
                "off" => false,
                _ => return Err(unreadable(word)),
            };
            Ok(Body::Command(Command::Service(ServiceName::Dns, ServiceWord::Runs(runs))))
        }
        "host" => {
            let hosts = Box::new(hosts(args, ServiceName::Dns)?);
            Ok(Body::Command(Command::Service(ServiceName::Dns, ServiceWord::Hosts(hosts))))
        }
        "server" => dns_server(args),
        "private" if fits(&args.words[1..], &["private name *"]) && !is_usual(args.words[3]) => {
            Ok(own_name("any", args.words[3], args))
        }
        "static" => Ok(static_name(args).unwrap_or_else(|| super::other(args))),
        _ => Ok(super::other(args)),
    }
}

/// `dns service aaaa filter on`: no name is answered with an address of IPv6.
fn without_v6(args: &mut Args<'_>) -> Body {
    if !fits(&args.words[3..], &["filter on"]) {
        let what = text!(ja: "AAAA への応答の抑止", en: "answers without AAAA");
        return resolves(what, args.words[1].span);
    }
    args.at = args.words.len();
    let name = OwnName { kind: "aaaa", name: ".".to_owned() };
    Body::Command(Command::OwnName(Box::new(name)))
}

/// The name that every router has by default.
fn is_usual(word: Word<'_>) -> bool {
    word.text.eq_ignore_ascii_case("setup.netvolante.jp")
}

/// What could decide whom names are asked of.
fn resolves(what: Text, span: Span) -> Body {
    Body::Unmodelled(Box::new(known(what, Effects::of(&[Effect::Resolve]), span)))
}

fn dns_server(args: &mut Args<'_>) -> Parsed {
    if args.take("select") {
        return dns_select(args);
    }
    if args.take("pp") || args.take("dhcp") {
        args.need()?;
        let edns = args.take("edns=on");
        if edns || args.is_done() {
            return Ok(Body::Command(Command::DnsServer(DnsServers::Learned(edns))));
        }
        return Err(unreadable(args.need()?));
    }
    let servers = servers(args);
    args.finish()?;
    if servers.len() > SERVERS {
        return Err(unreadable(args.words[2 + SERVERS]));
    }
    if servers.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::DnsServer(DnsServers::Written(servers))))
}

/// Addresses, each with `edns=on` or not.
fn servers(args: &mut Args<'_>) -> Vec<(IpAddr, bool)> {
    let mut servers = Vec::new();
    while let Some(address) = args.peek().and_then(|word| word.parse::<IpAddr>().ok()) {
        args.at += 1;
        let edns = args.take("edns=on");
        if !edns {
            args.take("edns=off");
        }
        servers.push((address, edns));
    }
    servers
}

/// Numbers of `dns server select`.
///
/// # Source
/// Command reference 12.01, section 24; the smallest range of any model.
const SELECTS: std::ops::RangeInclusive<u32> = 1..=2_147_483_647;

/// Servers of one `dns server select`.
///
/// # Source
/// Command reference 12.01, section 24.
const SELECT_SERVERS: usize = 2;

/// Servers of `dns server`.
///
/// # Source
/// Command reference 12.01, section 24.
const SERVERS: usize = 4;

const TYPES: [&str; 8] = ["a", "aaaa", "ptr", "mx", "ns", "cname", "any", "srv"];

fn dns_select(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let id = number(word).map(|(id, _)| id).filter(|id| SELECTS.contains(id));
    let id = id.ok_or_else(|| unreadable(word))?;
    let word = args.peek().unwrap_or("");
    if word.eq_ignore_ascii_case("reject") {
        return refused(id, args);
    }
    let servers = if args.take("pp") || args.take("dhcp") {
        args.need()?;
        DnsServers::Learned(args.take("edns=on"))
    } else {
        let servers = servers(args);
        if servers.is_empty() || servers.len() > SELECT_SERVERS {
            return Err(unreadable(args.words[args.at.saturating_sub(1)]));
        }
        DnsServers::Written(servers)
    };
    let mut kind = "a".to_owned();
    let mut word = args.need()?;
    if TYPES.iter().any(|one| one.eq_ignore_ascii_case(word.text)) && !args.is_done() {
        kind = word.text.to_ascii_lowercase();
        word = args.need()?;
    }
    let query = word.text.to_ascii_lowercase();
    let asking = condition(args)?;
    let select = DnsSelect { number: id, servers, kind, query, asking };
    Ok(Body::Command(Command::DnsSelect(Box::new(select))))
}

/// `[original-sender] [restrict pp N]`: the rule holds for some hosts, or while a line is up.
fn condition(args: &mut Args<'_>) -> Read<Asking> {
    if args.is_done() {
        return Ok(Asking::Always);
    }
    let sender = args.peek().unwrap_or("");
    let is_sender = |one: &str| {
        let (low, high) = one.split_once('-').unwrap_or((one, one));
        fits_address(low) && fits_address(high)
    };
    if sender.split(',').all(is_sender) {
        args.at += 1;
    }
    if args.take("restrict") {
        if !args.take("pp") {
            return Err(unreadable(args.need()?));
        }
        args.number()?;
    }
    args.finish()?;
    Ok(Asking::Perhaps)
}

fn fits_address(text: &str) -> bool {
    let address = text.split_once('/').map_or(text, |(address, _)| address);
    address.parse::<IpAddr>().is_ok()
}

/// `dns server select ID reject [TYPE] NAME`: such questions are not asked. Names with `*` in front
/// are those below; which others a `*` stands for is written nowhere.
fn refused(number: u32, args: &mut Args<'_>) -> Parsed {
    let span = args.need()?.span;
    let kind = match args.words.get(args.at..).unwrap_or_default() {
        [kind, _] if TYPES.iter().any(|one| one.eq_ignore_ascii_case(kind.text)) => {
            args.at += 1;
            kind.text.to_ascii_lowercase()
        }
        _ => "a".to_owned(),
    };
    let query = args.need()?.text.to_ascii_lowercase();
    let below = query.trim_start_matches(['*', '.']);
    if !args.is_done() || below.contains('*') {
        args.at = args.words.len();
        return Ok(resolves(text!(ja: "名前解決の拒否", en: "names that are refused"), span));
    }
    let query = if below.is_empty() { ".".to_owned() } else { below.to_owned() };
    let servers = DnsServers::Written(Vec::new());
    let asking = Asking::Nobody;
    let select = DnsSelect { number, servers, kind, query, asking };
    Ok(Body::Command(Command::DnsSelect(Box::new(select))))
}
