//! Services of the router itself and `dns …`.

use diag::{Span, Text, text};
use model::{Effect, Effects, Family, Ranges};
use std::net::IpAddr;

use super::super::config::{Body, Command, DnsSelect, DnsServers, Hosts, ServiceName, ServiceWord};
use super::super::text::Word;
use super::address::interface_name;
use super::form::fits;
use super::{Args, Fault, Parsed, known, number, unreadable};

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
                    let what = text!(ja: "DHCP リレー", en: "DHCP relay");
                    let effects = Effects::of(&[Effect::Permit]);
                    return Ok(Body::Unmodelled(Box::new(known(what, effects, on_off.span))));
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
            let what = text!(
                ja: "端末に知らせる DNS サーバ", en: "the name servers that hosts are told",
            );
            Ok(resolves(what, word.span))
        }
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

fn upnp(args: &mut Args<'_>) -> Parsed {
    if args.take("use") && !args.switch()? {
        return Ok(Body::Command(Command::Plain));
    }
    Ok(super::other(args))
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
                    None if !is_first && name.collects_hosts() => break,
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
            false => Ok(resolves(
                text!(ja: "AAAA への応答の抑止", en: "answers without AAAA"),
                word.span,
            )),
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
        _ => Ok(super::other(args)),
    }
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
        let what = text!(ja: "名前解決の拒否", en: "names that are refused");
        let effects = Effects::of(&[Effect::Resolve]);
        let span = args.need()?.span;
        return Ok(Body::Unmodelled(Box::new(known(what, effects, span))));
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
    if let Some(word) = args.next() {
        // `original-sender`, `restrict pp N`: the rule holds for some packets only.
        let what = text!(ja: "条件つきの DNS サーバ選択", en: "a conditional choice of servers");
        let effects = Effects::of(&[Effect::Resolve]);
        return Ok(Body::Unmodelled(Box::new(known(what, effects, word.span))));
    }
    Ok(Body::Command(Command::DnsSelect(Box::new(DnsSelect { number: id, servers, kind, query }))))
}
