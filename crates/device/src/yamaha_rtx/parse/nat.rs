//! `nat descriptor …` and `ip IF nat descriptor …`.

use diag::{Span, text};
use model::{Effect, Effects, Family, Ranges, protocol};
use std::net::Ipv4Addr;

use super::super::config::{
    Body, Command, IfName, IncomingWord, NatType, NatWord, OuterWord, PortForward, StaticNat,
};
use super::super::text::Word;
use super::form::fits;
use super::{Args, Fault, Parsed, known, known_on, number, unreadable};

type Read<T> = Result<T, Box<Fault>>;

const EFFECTS: [Effect; 3] = [Effect::Translate, Effect::Permit, Effect::Deny];

fn gap(what: diag::Text, span: Span) -> Body {
    Body::Unmodelled(Box::new(known(what, Effects::of(&EFFECTS), span))).of_family(Family::V4)
}

/// What may leave a session without a translation, and does nothing else.
fn shortage(what: diag::Text, span: Span) -> Body {
    let effects = Effects::of(&[Effect::Stall]);
    Body::Unmodelled(Box::new(known(what, effects, span))).of_family(Family::V4)
}

fn on(descriptor: u32, word: NatWord) -> Parsed {
    Ok(Body::Command(Command::Nat(descriptor, word)))
}

/// `nat descriptor …`.
pub(super) fn nat(args: &mut Args<'_>) -> Parsed {
    if !args.take("descriptor") {
        return Ok(super::other(args));
    }
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "type" => kind(args),
        "address" => address(args),
        "static" => static_nat(args),
        "masquerade" => masquerade(args),
        "timer" | "log" | "backward-compatibility" => Ok(Body::Irrelevant),
        // What is written in messages inside a packet: data connections go where the host inside
        // asked for them, on other ports as on port 21, the initial value.
        "ftp" if fits(&args.words[2..], &["ftp port # # {#}"]) => Ok(Body::Irrelevant),
        "sip" if fits(&args.words[2..], &["sip # on|off|auto"]) => Ok(Body::Irrelevant),
        "ftp" => Ok(gap(text!(ja: "NAT の FTP ポート", en: "FTP ports of NAT"), word.span)),
        _ => Err(unreadable(word)),
    }
}

fn kind(args: &mut Args<'_>) -> Parsed {
    let (id, span) = args.id()?;
    let word = args.need()?;
    let mut buffer = [0; 24];
    let kind = match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "none" => NatType::None,
        "nat" => NatType::Nat,
        "masquerade" => NatType::Masquerade,
        "nat-masquerade" => NatType::NatMasquerade,
        _ => return Err(unreadable(word)),
    };
    if args.take("hairpin=on") {
        let what = text!(ja: "ヘアピン NAT", en: "hairpin NAT");
        return Ok(gap(what, span.to(word.span)));
    }
    args.take("hairpin=off");
    args.finish()?;
    on(id, NatWord::Type(kind))
}

fn address(args: &mut Args<'_>) -> Parsed {
    let side = args.need()?;
    let (id, _) = args.id()?;
    let word = args.need()?;
    if side.text.eq_ignore_ascii_case("outer") {
        let outer = match word.text.to_ascii_lowercase().as_str() {
            "ipcp" => OuterWord::Ipcp,
            "primary" => OuterWord::Primary,
            "secondary" => OuterWord::Secondary,
            _ if matches!(word.text, "map-e" | "hb46pp") => {
                let what = text!(ja: "動的な外側アドレス", en: "mapped outer addresses");
                return Ok(gap(what, word.span));
            }
            _ => return outers(id, word, args),
        };
        return on(id, NatWord::Outer(outer));
    }
    if !side.text.eq_ignore_ascii_case("inner") {
        return Err(unreadable(side));
    }
    if word.text.eq_ignore_ascii_case("auto") {
        return on(id, NatWord::Inner(None));
    }
    let mut parts = vec![range(word)?];
    while let Some(word) = args.next() {
        parts.push(range(word)?);
    }
    on(id, NatWord::Inner(Some(Box::new(Ranges::of(parts)))))
}

/// One address, or several of which a masquerade uses the first.
fn outers(id: u32, word: Word<'_>, args: &mut Args<'_>) -> Parsed {
    let (first, last) = range(word)?;
    let mut is_one = first == last;
    while let Some(word) = args.next() {
        range(word)?;
        is_one = false;
    }
    let first = Ipv4Addr::from(u32::try_from(first).unwrap_or(0));
    on(id, NatWord::Outer(if is_one { OuterWord::Address(first) } else { OuterWord::First(first) }))
}

fn range(word: Word<'_>) -> Read<(u128, u128)> {
    let (low, high) = word.text.split_once('-').unwrap_or((word.text, word.text));
    let one = |text: &str| text.parse::<Ipv4Addr>().ok().map(|a| u128::from(u32::from(a)));
    match (one(low), one(high)) {
        (Some(low), Some(high)) if low <= high => Ok((low, high)),
        _ => Err(unreadable(word)),
    }
}

/// `static D ID outer=inner [count|netmask]`.
fn static_nat(args: &mut Args<'_>) -> Parsed {
    let (id, _) = args.id()?;
    let (entry, _) = args.id()?;
    let word = args.need()?;
    let (outer, inner) = word.text.split_once('=').ok_or_else(|| unreadable(word))?;
    let (outer, length) = match outer.split_once('/') {
        Some((outer, length)) => (outer, Some(length)),
        None => (outer, None),
    };
    let outer: Ipv4Addr = outer.parse().map_err(|_| unreadable(word))?;
    let (inner, length) = match inner.split_once('/') {
        Some((inner, length)) => (inner, Some(length)),
        None => (inner, length),
    };
    let inner: Ipv4Addr = inner.parse().map_err(|_| unreadable(word))?;
    let mut count = match length.map(str::parse::<u32>) {
        None => 1,
        Some(Ok(length @ 16..=32)) => 1_u32 << (32 - length),
        Some(_) => return Err(unreadable(word)),
    };
    if let Some(word) = args.next() {
        count = number(word).map(|(count, _)| count).ok_or_else(|| unreadable(word))?;
    }
    args.finish()?;
    let fits = |a: Ipv4Addr| u32::from(a).checked_add(count.saturating_sub(1)).is_some();
    if count == 0 || count > 65_536 || !fits(outer) || !fits(inner) {
        return Err(unreadable(word));
    }
    on(id, NatWord::Static(entry, StaticNat { outer, inner, count }))
}

fn masquerade(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "static" => port_forward(args),
        "incoming" => {
            let (id, _) = args.id()?;
            let word = args.need()?;
            let incoming = match word.text.to_ascii_lowercase().as_str() {
                "reject" | "discard" => IncomingWord::Discard,
                "through" => IncomingWord::Through,
                "forward" => {
                    let host = args.need()?;
                    IncomingWord::Forward(host.text.parse().map_err(|_| unreadable(host))?)
                }
                _ => return Err(unreadable(word)),
            };
            args.finish()?;
            on(id, NatWord::Incoming(incoming))
        }
        "unconvertible" if !leaves_clients(&args.words[4..]) => Ok(shortage(
            text!(ja: "変換しないポート", en: "ports that NAT may not change"),
            word.span,
        )),
        "port" if !leaves_ports(args) => Ok(shortage(
            text!(ja: "NAT が使うポートの範囲", en: "the ports that NAT uses"),
            word.span,
        )),
        "session" if !leaves_sessions(args) => Ok(shortage(
            text!(ja: "NAT のセッション数の制限", en: "a limit of the sessions of NAT"),
            word.span,
        )),
        "ttl" | "session" | "port" | "unconvertible" | "remove" | "rlogin" => Ok(Body::Irrelevant),
        _ => Err(unreadable(word)),
    }
}

/// Whether `port D if-possible` or `port D tcp PORTS` leaves the ports alone that clients send
/// from: those never collide.
///
/// # Source
/// Command reference 12.01, section 23.13; RFC 6335 section 6 for the ports of clients.
fn leaves_clients(words: &[Word<'_>]) -> bool {
    let is_served = |word: &Word<'_>| {
        let (low, high) = word.text.split_once('-').unwrap_or((word.text, word.text));
        let port = |text: &str| text.parse::<u16>().is_ok_and(|port| port < 1_024);
        port(low) && port(high)
    };
    fits(words, &["port # if-possible"])
        || fits(words, &["port # tcp *"]) && words.last().is_some_and(is_served)
}

/// Ports of a masquerade that are enough for the sessions of a site.
const PORTS_MIN: u32 = 1_024;

/// Whether `port range D LOW-HIGH…` leaves enough of them.
fn leaves_ports(args: &Args<'_>) -> bool {
    let words = &args.words[4..];
    let run = |word: &Word<'_>| {
        let (low, high) = word.text.split_once('-')?;
        let (low, high): (u16, u16) = (low.parse().ok()?, high.parse().ok()?);
        high.checked_sub(low).map(|rest| u32::from(rest) + 1)
    };
    let runs: Option<Vec<u32>> = words.iter().skip(2).map(run).collect();
    fits(words, &["range # ..."]) && runs.is_some_and(|runs| runs.iter().sum::<u32>() >= PORTS_MIN)
}

/// Whether `session limit D ID N` and `session limit total D N` leave enough of them.
fn leaves_sessions(args: &Args<'_>) -> bool {
    let words = &args.words[4..];
    let most = words.last().and_then(|word| number(*word)).map(|(most, _)| most);
    fits(words, &["limit # # #", "limit total # #"]) && most.is_some_and(|most| most >= PORTS_MIN)
}

/// `masquerade static D ID inner protocol [outer=]inner[,…]`.
fn port_forward(args: &mut Args<'_>) -> Parsed {
    let (id, _) = args.id()?;
    let (entry, _) = args.id()?;
    let host = args.need()?;
    let inner = host.text.parse().map_err(|_| unreadable(host))?;
    let word = args.need()?;
    let protocol = match word.text.to_ascii_lowercase().as_str() {
        "tcp" => protocol::TCP,
        "udp" => protocol::UDP,
        "icmp" => protocol::ICMP,
        "esp" => 50,
        "gre" => 47,
        "ah" => 51,
        text => text.parse().map_err(|_| unreadable(word))?,
    };
    let ports = match args.next() {
        None => None,
        Some(word) if word.text == "*" => None,
        Some(word) => {
            let items: Read<Vec<_>> =
                word.text.split(',').map(|item| port_pair(item, word)).collect();
            Some(items?)
        }
    };
    args.finish()?;
    if ports.is_some() && !matches!(protocol, protocol::TCP | protocol::UDP) {
        return Err(unreadable(word));
    }
    let forward = PortForward { inner, protocol, ports };
    on(id, NatWord::MasqueradeStatic(entry, Box::new(forward)))
}

/// `80`, `8080=80`, `5000-5009`: first outer, first inner and how many after the first.
fn port_pair(item: &str, word: Word<'_>) -> Read<(u16, u16, u16)> {
    let (outer, inner) = item.split_once('=').unwrap_or((item, item));
    let run = |text: &str| -> Read<(u16, u16)> {
        let ranges = super::address::ports(Word { text, span: word.span })?;
        let ranges = ranges.ok_or_else(|| unreadable(word))?;
        match ranges.as_slice() {
            [(low, high)] => {
                let port = |value: &u128| u16::try_from(*value).unwrap_or(u16::MAX);
                Ok((port(low), port(high)))
            }
            _ => Err(unreadable(word)),
        }
    };
    let (outer, inner) = (run(outer)?, run(inner)?);
    if outer.1 - outer.0 != inner.1 - inner.0 {
        return Err(unreadable(word));
    }
    Ok((outer.0, inner.0, outer.1 - outer.0))
}

/// `ip IF nat descriptor D… [reverse D…]`, from after `descriptor`.
pub(super) fn apply(interface: IfName, args: &mut Args<'_>) -> Parsed {
    let mut list = Vec::new();
    while let Some(word) = args.next() {
        if word.text.eq_ignore_ascii_case("reverse") {
            let what = text!(ja: "リバース NAT", en: "reverse NAT");
            return Ok(known_on(what, &EFFECTS, word.span, interface).of_family(Family::V4));
        }
        let one = number(word).filter(|(id, _)| *id > 0);
        list.push(one.ok_or_else(|| unreadable(word))?);
    }
    if list.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::ApplyNat(interface, list)))
}
