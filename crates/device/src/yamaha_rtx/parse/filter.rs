//! `ip|ipv6 filter …` and the lists of `secure filter`.

use diag::{Diagnostic, text};
use model::{Effects, Family, Ranges, flags, protocol};

use super::super::applications::{self, Gateway};
use super::super::config::IfName;
use super::super::config::{
    Addresses, Body, Command, Direction, Dynamic, DynamicWord, Filter, FilterKind, FilterSet,
    NumberList, Protocol, SecureFilter, SecureWord, is_icmp_alone,
};
use super::super::text::Word;
use super::address::{addresses, ports};
use super::form::fits;
use super::{Args, Fault, Parsed, number, unreadable};

type Read<T> = Result<T, Box<Fault>>;

/// Numbers of filters.
///
/// # Source
/// Command reference 12.01, section 8.1.10.
const FILTERS: std::ops::RangeInclusive<u32> = 1..=21_474_836;

/// Filters of one list, static and dynamic, that every model takes.
///
/// # Source
/// Command reference 12.01, section 8.1.25.
const LIST_MAX: usize = 128;

/// The number of a filter.
fn filter_number(word: Word<'_>) -> Option<(u32, diag::Span)> {
    number(word).filter(|(id, _)| FILTERS.contains(id))
}

/// `ip|ipv6 filter …`.
pub(super) fn filter(family: Family, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if let Some((id, span)) = filter_number(word) {
        let parsed = definition(family, (id, span), args);
        return defining(parsed, (FilterKind::Static, family, id));
    }
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "dynamic" => {
            if args.take("timer") {
                return Ok(Body::Irrelevant);
            }
            let word = args.need()?;
            let (id, span) = filter_number(word).ok_or_else(|| unreadable(word))?;
            let parsed = dynamic(family, (id, span), args);
            defining(parsed, (FilterKind::Dynamic, family, id))
        }
        "set" => set(family, args),
        "fqdn" => Ok(Body::Irrelevant),
        "source-route" | "directed-broadcast" if args.switch()? => Ok(Body::Irrelevant),
        "source-route" | "directed-broadcast" => {
            let what = text!(
                ja: "ソースルートやディレクティッドブロードキャストを通します",
                en: "source-routed or directed broadcast packets pass",
            );
            let effects = Effects::of(&[model::Effect::Permit]);
            Ok(Body::Unmodelled(Box::new(super::known(what, effects, word.span))))
        }
        _ => Err(unreadable(word)),
    }
}

fn defining(parsed: Parsed, what: (FilterKind, Family, u32)) -> Parsed {
    parsed.map_err(|fault| Box::new(Fault { defines: Some(what), ..*fault }))
}

fn definition(family: Family, (id, span): (u32, diag::Span), args: &mut Args<'_>) -> Parsed {
    let (passes, restricts) = action(args.need()?)?;
    let mut remark = None;
    let source = addresses(family, args.need()?, &mut remark)?;
    let destination = match args.next() {
        Some(word) => addresses(family, word, &mut remark)?,
        None => Addresses::Any,
    };
    let protocols = match args.next() {
        Some(word) => protocols(family, word)?,
        None => Vec::new(),
    };
    let from = args.next();
    let source_port = port_field(family, &protocols, from)?;
    let to = args.next();
    let destination_port = port_field(family, &protocols, to)?;
    args.finish()?;
    Ok(Body::Command(Command::Filter(Box::new(Filter {
        family,
        number: id,
        number_span: span,
        passes,
        restricts,
        source,
        destination,
        protocols,
        source_port,
        destination_port,
        remark,
    }))))
}

fn port_field(
    family: Family,
    protocols: &[Protocol],
    word: Option<Word<'_>>,
) -> Read<Option<Ranges>> {
    let Some(word) = word else { return Ok(None) };
    let read = ports(word)?;
    // A type or code of ICMP has one byte.
    if is_icmp_alone(family, protocols)
        && read.as_ref().is_some_and(|ranges| ranges.as_slice().last().is_some_and(|r| r.1 > 255))
    {
        return Err(unreadable(word));
    }
    Ok(read)
}

/// Whether packets pass, and whether they do so only while the line is up.
fn action(word: Word<'_>) -> Read<(bool, bool)> {
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "pass" | "pass-log" | "pass-nolog" => Ok((true, false)),
        "restrict" | "restrict-log" | "restrict-nolog" => Ok((true, true)),
        "reject" | "reject-log" | "reject-nolog" => Ok((false, false)),
        _ => Err(unreadable(word)),
    }
}

/// How long a session without packets is kept.
///
/// # Units
/// Seconds.
///
/// # Source
/// Command reference 12.01, section 8.1.14.
const TIMEOUT: std::ops::RangeInclusive<u32> = 1..=21_474_836;

/// Items of a field of protocols at most.
const PROTOCOLS_MAX: usize = 5;

fn protocols(family: Family, word: Word<'_>) -> Read<Vec<Protocol>> {
    if word.text == "*" {
        return Ok(Vec::new());
    }
    if word.text.bytes().filter(|byte| *byte == b',').count() >= PROTOCOLS_MAX {
        return Err(unreadable(word));
    }
    let mut found = Vec::with_capacity(1);
    for item in word.text.split(',') {
        found.push(protocol_item(family, item).ok_or_else(|| unreadable(word))?);
    }
    Ok(found)
}

fn protocol_item(family: Family, item: &str) -> Option<Protocol> {
    let mut buffer = [0; 24];
    let item = super::heads::lower(item, &mut buffer)?;
    let icmp = match family {
        Family::V4 => protocol::ICMP,
        Family::V6 => protocol::ICMPV6,
    };
    let types = |parts: &[(u128, u128)]| Protocol::IcmpTypes(Ranges::of(parts.iter().copied()));
    Some(match item {
        "tcp" => Protocol::Number(protocol::TCP),
        "udp" => Protocol::Number(protocol::UDP),
        "icmp" => Protocol::Number(icmp),
        "icmp4" if family == Family::V6 => Protocol::Number(protocol::ICMP),
        "icmp6" => Protocol::Number(protocol::ICMPV6),
        "ipv6" => Protocol::Number(41),
        "gre" => Protocol::Number(47),
        "esp" => Protocol::Number(50),
        "ah" => Protocol::Number(51),
        "icmp-error" if family == Family::V4 => types(&[(3, 5), (11, 12), (31, 32)]),
        "icmp-info" if family == Family::V4 => {
            types(&[(0, 0), (8, 10), (13, 18), (30, 30), (33, 36)])
        }
        "icmp-nd" if family == Family::V6 => types(&[(133, 136)]),
        "tcpsyn" => tcp_flags(|bits| bits & flags::SYN != 0),
        "tcpfin" => tcp_flags(|bits| bits & flags::FIN != 0),
        "tcprst" => tcp_flags(|bits| bits & flags::RST != 0),
        "established" => tcp_flags(|bits| bits & flags::ACK != 0),
        _ if item.starts_with("tcpflag") => tcp_flag_word(item)?,
        _ if item.bytes().all(|byte| byte.is_ascii_digit()) => Protocol::Number(item.parse().ok()?),
        _ => return None,
    })
}

fn tcp_flags(holds: impl Fn(u8) -> bool) -> Protocol {
    let values = (0..=u8::MAX).filter(|bits| holds(*bits));
    Protocol::TcpFlags(Ranges::of(values.map(|bits| (u128::from(bits), u128::from(bits)))))
}

/// `tcpflag=value/mask` and `tcpflag!=value/mask`.
fn tcp_flag_word(item: &str) -> Option<Protocol> {
    let rest = item.strip_prefix("tcpflag")?;
    let (negated, rest) = match rest.strip_prefix("!=") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix('=')?),
    };
    let (value, mask) = rest.split_once('/')?;
    let byte = |text: &str| match text.strip_prefix("0x") {
        Some(hex) => u8::from_str_radix(hex.trim_start_matches('0'), 16)
            .ok()
            .or_else(|| (!hex.is_empty() && hex.bytes().all(|byte| byte == b'0')).then_some(0)),
        None => text.parse::<u8>().ok(),
    };
    let (value, mask) = (byte(value)?, byte(mask)?);
    Some(tcp_flags(|bits| (bits & mask == value) != negated))
}

fn dynamic(family: Family, (id, span): (u32, diag::Span), args: &mut Args<'_>) -> Parsed {
    let mut remark = None;
    let source = addresses(family, args.need()?, &mut remark)?;
    let destination = addresses(family, args.need()?, &mut remark)?;
    let word = args.need()?;
    let what = if word.text.eq_ignore_ascii_case("filter") {
        let trigger = numbers(args)?;
        let reverse = if args.take("in") { numbers(args)? } else { Vec::new() };
        let same = if args.take("out") { numbers(args)? } else { Vec::new() };
        DynamicWord::Filters { trigger, reverse, same }
    } else {
        let application = applications::application(word.text).ok_or_else(|| unreadable(word))?;
        remark = remark.or_else(|| about(application, word).map(Box::new));
        DynamicWord::Application(application)
    };
    let mut said: Vec<&str> = Vec::new();
    while let Some(word) = args.next() {
        let (key, value) = word.text.split_once('=').unwrap_or((word.text, ""));
        let is_timeout = fits(&[word], &["timeout=#"])
            && value.parse().is_ok_and(|seconds| TIMEOUT.contains(&seconds));
        if said.contains(&key) || !is_timeout && !fits(&[word], &["syslog=on/off"]) {
            return Err(unreadable(word));
        }
        said.push(key);
    }
    Ok(Body::Command(Command::Dynamic(Box::new(Dynamic {
        family,
        number: id,
        number_span: span,
        source,
        destination,
        what,
        remark,
    }))))
}

fn about(application: &applications::Application, word: Word<'_>) -> Option<Diagnostic> {
    match application.gateway {
        Gateway::Plain | Gateway::Ftp => None,
        Gateway::Inert => Some(
            Diagnostic::warning(
                "P128",
                text!(
                    ja: "動的フィルターの `{name}` は受け付けられますが動作しません",
                    en: "a dynamic filter for `{name}` is accepted but does nothing",
                    name = word.text,
                ),
            )
            .at(word.span)
            .advise(text!(
                ja: "静的フィルターで通してください",
                en: "let the packets pass with static filters",
            )),
        ),
        Gateway::AnyUdp | Gateway::AnyTcpUdp => Some(
            Diagnostic::note(
                "P129",
                text!(
                    ja: "`{name}` の動的フィルターは実際より広く開くものとして扱います",
                    en: "a dynamic filter for `{name}` is taken to open more than it does",
                    name = word.text,
                ),
            )
            .at(word.span),
        ),
    }
}

fn numbers(args: &mut Args<'_>) -> Read<Vec<(u32, diag::Span)>> {
    let mut found = Vec::new();
    while let Some(word) = args.words.get(args.at) {
        let Some(one) = filter_number(*word) else { break };
        found.push(one);
        args.at += 1;
    }
    if found.is_empty() {
        return Err(unreadable(args.need()?));
    }
    Ok(found)
}

fn list(args: &mut Args<'_>, stop: &[&str]) -> Read<NumberList> {
    let mut list = NumberList::default();
    let mut is_dynamic = false;
    while let Some(word) = args.words.get(args.at) {
        if stop.iter().any(|keyword| word.text.eq_ignore_ascii_case(keyword)) {
            break;
        }
        args.at += 1;
        if word.text.eq_ignore_ascii_case("dynamic") && !is_dynamic {
            is_dynamic = true;
            continue;
        }
        let one = filter_number(*word).ok_or_else(|| unreadable(*word))?;
        if list.numbers.len() + list.dynamics.len() >= LIST_MAX {
            return Err(Fault::at(
                word.span,
                text!(
                    ja: "フィルターが {limit} 個を超えています（ルータは受け付けません）",
                    en: "there are more than {limit} filters, which the router does not take",
                    limit = LIST_MAX,
                ),
            ));
        }
        if is_dynamic { list.dynamics.push(one) } else { list.numbers.push(one) }
    }
    if list.dynamics.is_empty() && (is_dynamic || list.numbers.is_empty()) {
        return Err(args.missing());
    }
    Ok(list)
}

/// `in` or `out`.
pub(super) fn direction(word: Word<'_>) -> Option<Direction> {
    match word.text {
        text if text.eq_ignore_ascii_case("in") => Some(Direction::In),
        text if text.eq_ignore_ascii_case("out") => Some(Direction::Out),
        _ => None,
    }
}

/// `ip filter set NAME in|out … [in|out …]`.
fn set(family: Family, args: &mut Args<'_>) -> Parsed {
    let name = args.need()?;
    let mut lists = Vec::new();
    while let Some(word) = args.next() {
        let direction = direction(word).ok_or_else(|| unreadable(word))?;
        lists.push((direction, list(args, &["in", "out"])?));
    }
    if lists.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::FilterSet(Box::new(FilterSet {
        family,
        name: name.text.to_owned(),
        lists,
    }))))
}

/// `ip IF secure filter in|out|name …`, from after `filter`.
pub(super) fn secure(family: Family, interface: IfName, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let what = match direction(word) {
        Some(direction) => SecureWord::List(direction, list(args, &[])?),
        None if word.text.eq_ignore_ascii_case("name") => {
            let name = args.need()?;
            args.finish()?;
            SecureWord::Set(name.text.to_owned(), name.span)
        }
        None => return Err(unreadable(word)),
    };
    Ok(Body::Command(Command::SecureFilter(Box::new(SecureFilter { family, interface, what }))))
}
