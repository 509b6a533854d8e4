//! `ip|ipv6 route …` and `ip|ipv6 forward filter …`.

use diag::text;
use model::{Effect, Effects, Family};
use std::net::IpAddr;

use super::super::config::{Body, Command, Forward, GatewayWord, IfName, RouteCommand, Target};
use super::address::{interface_name, need_interface, net};
use super::{Args, Fault, Parsed, number, small, unreadable};

/// Metrics of a gateway.
///
/// # Source
/// Command reference 12.01, section 8.1.7.
const METRICS: std::ops::RangeInclusive<u32> = 1..=15;

/// Highest weight of a gateway.
///
/// # Source
/// Command reference 12.01, section 8.1.7.
const WEIGHT_MAX: u32 = 2_147_483_647;

type Read<T> = Result<T, Box<Fault>>;

/// `ip route PREFIX gateway G … [gateway G …]`, from after `route`.
pub(super) fn route(family: Family, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if word.text.eq_ignore_ascii_case("change") {
        return Ok(Body::Irrelevant);
    }
    let prefix = net(family, word.text).ok_or_else(|| unreadable(word))?.prefix();
    let mut gateways = Vec::with_capacity(1);
    while !args.is_done() {
        if !args.take("gateway") {
            return Err(unreadable(args.need()?));
        }
        match gateway(args)? {
            Some(one) => gateways.push(one),
            None => return Ok(by_application(family, args)),
        }
    }
    if gateways.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::Route(Box::new(RouteCommand { prefix, gateways }))))
}

fn by_application(family: Family, args: &Args<'_>) -> Body {
    let what = text!(ja: "アプリケーションによる経路選択", en: "routes chosen by application");
    let unmodelled = super::known(what, Effects::of(&[Effect::Route]), args.words[0].span);
    Body::Unmodelled(Box::new(super::Unmodelled { family: Some(family), ..unmodelled }))
}

/// One gateway with its parameters; `None` if an application selects its packets.
fn gateway(args: &mut Args<'_>) -> Read<Option<GatewayWord>> {
    let first = args.need()?;
    let mut span = first.span;
    let mut buffer = [0; 24];
    let target = match super::heads::lower(first.text, &mut buffer).unwrap_or("") {
        "pp" => {
            let word = args.need()?;
            span = span.to(word.span);
            if word.text.eq_ignore_ascii_case("anonymous") {
                while args.peek().is_some_and(|word| word.starts_with("name=")) {
                    args.at += 1;
                }
                Target::Interface(IfName::PpAnonymous)
            } else {
                Target::Interface(IfName::Pp(small(word, args.context.model.peers)?))
            }
        }
        "tunnel" => {
            let word = args.need()?;
            span = span.to(word.span);
            Target::Interface(IfName::Tunnel(small(word, args.context.model.tunnels)?))
        }
        "dhcp" | "ra" => {
            let (name, place) = need_interface(args)?;
            span = span.to(place);
            Target::Learned(name)
        }
        _ => plain_target(first.text).ok_or_else(|| unreadable(first))?,
    };
    parameters(
        GatewayWord {
            target,
            span,
            filters: Vec::new(),
            may_vanish: false,
            keepalive: None,
            is_spare: false,
        },
        args,
    )
}

fn plain_target(word: &str) -> Option<Target> {
    if let Some((address, zone)) = word.split_once('%') {
        return Some(Target::AddressOn(address.parse().ok()?, interface_name(zone)?));
    }
    if let Ok(address) = word.parse::<IpAddr>() {
        return Some(Target::Address(address));
    }
    match interface_name(word)? {
        IfName::Null | IfName::Loopback(_) => Some(Target::Discard),
        _ => None,
    }
}

fn parameters(mut gateway: GatewayWord, args: &mut Args<'_>) -> Read<Option<GatewayWord>> {
    let mut said: Vec<String> = Vec::new();
    while let Some(word) = args.words.get(args.at).copied() {
        let key = word.text.to_ascii_lowercase();
        if said.contains(&key) {
            return Err(unreadable(word));
        }
        said.push(key.clone());
        match key.as_str() {
            "gateway" => break,
            "filter" => {
                args.at += 1;
                while let Some(one) = args.words.get(args.at).and_then(|word| number(*word)) {
                    gateway.filters.push(one);
                    args.at += 1;
                }
                if gateway.filters.is_empty() {
                    return Err(unreadable(word));
                }
            }
            "metric" => {
                args.at += 1;
                let word = args.need()?;
                let metric = number(word).filter(|(metric, _)| METRICS.contains(metric));
                metric.ok_or_else(|| unreadable(word))?;
            }
            "hide" => {
                args.at += 1;
                gateway.may_vanish = true;
            }
            "keepalive" => {
                args.at += 1;
                gateway.keepalive = Some(args.id()?);
            }
            "weight" => {
                args.at += 1;
                let (weight, _) = args.number()?;
                if weight > WEIGHT_MAX {
                    return Err(unreadable(args.words[args.at - 1]));
                }
                gateway.is_spare = weight == 0;
            }
            "dpi" => return Ok(None),
            _ => return Err(unreadable(word)),
        }
    }
    Ok(Some(gateway))
}

/// `ip forward filter ID ORDER gateway G filter N… [keepalive K]`, from after `forward`.
pub(super) fn forward(family: Family, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if !word.text.eq_ignore_ascii_case("filter") {
        return Err(unreadable(word));
    }
    let (set, _) = args.number()?;
    let (order, _) = args.number()?;
    if !args.take("gateway") {
        return Err(unreadable(args.need()?));
    }
    let Some(gateway) = gateway(args)? else { return Ok(by_application(family, args)) };
    args.finish()?;
    if gateway.filters.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::Forward(Box::new(Forward { family, set, order, gateway }))))
}
