//! Interface names, addresses, masks, ranges and ports.

use diag::{Diagnostic, Span, text};
use model::{Family, Net, Ranges};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::applications;
use super::super::config::{Addresses, IfName};
use super::super::heads::lower;
use super::super::text::Word;
use super::{Args, Fault, unreadable};

/// LIMIT: ranges that an address field may stand for; only wildcards in front of written
/// octets reach it.
const MAX_RANGES: usize = 4_096;

type Read<T> = Result<T, Box<Fault>>;

/// The interface called `word`; `pp` and `tunnel` are read by [`interface`].
pub(super) fn interface_name(word: &str) -> Option<IfName> {
    let digits = word.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(word.len());
    let (kind, rest) = word.split_at(digits);
    let mut buffer = [0; 24];
    let kind = lower(kind, &mut buffer)?;
    if kind == "null" && rest.is_empty() {
        return Some(IfName::Null);
    }
    let small = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse::<u16>().ok() } else { None }
    };
    if kind == "lan" {
        if let Some((port, part)) = rest.split_once('.') {
            return Some(IfName::LanPart(small(port)?, small(part)?));
        }
        if let Some((port, tag)) = rest.split_once('/') {
            return Some(IfName::LanTag(small(port)?, small(tag)?));
        }
        return Some(IfName::Lan(small(rest)?));
    }
    let number = small(rest)?;
    match kind {
        "vlan" => Some(IfName::Vlan(number)),
        "onu" => Some(IfName::Onu(number)),
        "wan" => Some(IfName::Wan(number)),
        "bridge" => Some(IfName::Bridge(number)),
        "loopback" => Some(IfName::Loopback(number)),
        "tunnel" => Some(IfName::Tunnel(number)),
        "pp" => Some(IfName::Pp(number)),
        _ => None,
    }
}

/// The interface of a command such as `ip IF …`, with `pp` and `tunnel` meaning the selected.
pub(super) fn interface(args: &mut Args<'_>) -> Read<Option<IfName>> {
    let Some(word) = args.peek() else { return Ok(None) };
    let selected = if word.eq_ignore_ascii_case("pp") {
        Some(args.context.pp)
    } else if word.eq_ignore_ascii_case("tunnel") {
        Some(args.context.tunnel)
    } else {
        None
    };
    let Some(selected) = selected else {
        let name = interface_name(word);
        if name.is_some_and(IfName::is_selected) {
            return Err(named_instead_of_selected(args.need()?));
        }
        args.at += usize::from(name.is_some());
        return Ok(name);
    };
    let word = args.need()?;
    match selected {
        Some(name) => Ok(Some(name)),
        None => Err(Box::new(Fault {
            code: "P127",
            help: Some(text!(
                ja: "この行の前に `{word} select 番号` を置いてください",
                en: "put `{word} select NUMBER` before this line",
                word = word.text,
            )),
            ..*Fault::at(
                word.span,
                text!(
                    ja: "`{word}` が選択されていません",
                    en: "no `{word}` is selected here",
                    word = word.text,
                ),
            )
        })),
    }
}

/// `pp1` and `tunnel1` are names in `show` and in lists of members; a setting is made for the one
/// that is selected.
fn named_instead_of_selected(word: Word<'_>) -> Box<Fault> {
    let kind = word.text.trim_end_matches(|c: char| c.is_ascii_digit());
    Box::new(Fault {
        help: Some(text!(
            ja: "`{kind} select 番号` で選択してから `{kind}` と書いてください",
            en: "select it with `{kind} select NUMBER` and write `{kind}`",
            kind = kind,
        )),
        ..*Fault::at(
            word.span,
            text!(
                ja: "`{word}` という名前は、この位置では使えません",
                en: "`{word}` is no name that this command takes",
                word = word.text,
            ),
        )
    })
}

/// An interface name at the next word.
pub(super) fn need_interface(args: &mut Args<'_>) -> Read<(IfName, Span)> {
    let word = args.need()?;
    interface_name(word.text).map(|name| (name, word.span)).ok_or_else(|| unreadable(word))
}

/// The name of an interface that frames of a wire pass, at the next word.
pub(super) fn need_wire(args: &mut Args<'_>) -> Read<(IfName, Span)> {
    let word = args.peek().unwrap_or("");
    if interface_name(word).is_some_and(|name| !name.has_wire()) {
        return Err(unreadable(args.need()?));
    }
    need_interface(args)
}

/// An IPv4 address with a mask: `A/bits`, `A/dotted`, `A/0xhex`; a host without.
pub(super) fn net_v4(text: &str) -> Option<Net> {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let address: Ipv4Addr = address.parse().ok()?;
    let length = match mask {
        None => 32,
        Some(mask) => mask_length(mask)?,
    };
    Net::new(IpAddr::V4(address), length)
}

/// A number of bits as it is written: digits without a sign or zeros in front.
fn length_bits(text: &str) -> Option<u8> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = text.len() == 1 || !text.starts_with('0');
    if is_plain && is_short { text.parse().ok() } else { None }
}

/// An IPv6 address with a number of bits; a host without.
pub(super) fn net_v6(text: &str) -> Option<Net> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, length_bits(length)?),
        None => (text, 128),
    };
    Net::new(IpAddr::V6(address.parse().ok()?), length)
}

fn mask_length(mask: &str) -> Option<u8> {
    let bits = if let Some(hex) = mask.strip_prefix("0x").or_else(|| mask.strip_prefix("0X")) {
        if hex.len() != 8 {
            return None;
        }
        u32::from_str_radix(hex, 16).ok()?
    } else if mask.contains('.') {
        u32::from(mask.parse::<Ipv4Addr>().ok()?)
    } else {
        return length_bits(mask).filter(|length| *length <= 32);
    };
    let is_contiguous = bits.leading_ones() + bits.trailing_zeros() == 32 || bits == 0;
    is_contiguous.then(|| u8::try_from(bits.leading_ones()).unwrap_or(32))
}

/// A network of `family`; `default` is all addresses.
pub(super) fn net(family: Family, word: &str) -> Option<Net> {
    if word.eq_ignore_ascii_case("default") {
        return Some(Net::all(family));
    }
    match family {
        Family::V4 => net_v4(word),
        Family::V6 => net_v6(word),
    }
}

/// An address field of a filter, and what there is to say about it.
pub(super) fn addresses(
    family: Family,
    word: Word<'_>,
    remark: &mut Option<Box<Diagnostic>>,
) -> Read<Addresses> {
    if word.text == "*" {
        return Ok(Addresses::Any);
    }
    if let Some((low, high)) = single(family, word.text) {
        return Ok(Addresses::Set(run(low, high)));
    }
    if let Some(name) = named(family, word) {
        *remark = Some(Box::new(name));
        return Ok(Addresses::Named(word.span));
    }
    let mut parts = Vec::with_capacity(1);
    for item in word.text.split(',') {
        match address_item(family, item) {
            Item::Ranges(mut more) if parts.len() + more.len() <= MAX_RANGES => {
                parts.append(&mut more);
            }
            Item::Ranges(_) => return Err(unreadable(word)),
            Item::Reversed => {
                return Err(Box::new(Fault { code: "P125", ..*reversed(word) }));
            }
            Item::Bad => return Err(unreadable(word)),
        }
    }
    Ok(Addresses::Set(Ranges::of(parts)))
}

fn reversed(word: Word<'_>) -> Box<Fault> {
    Fault::at(
        word.span,
        text!(
            ja: "範囲 `{word}` の始点が終点より大きくなっています",
            en: "the range `{word}` begins above its end",
            word = super::shown(word.text),
        ),
    )
}

enum Item {
    Ranges(Vec<(u128, u128)>),
    Reversed,
    Bad,
}

/// The numbers from `low` to `high`; one number is built without sorting.
fn run(low: u128, high: u128) -> Ranges {
    if low == high { Ranges::one(low) } else { Ranges::span(low, high) }
}

/// The common forms: one address, or one network.
fn single(family: Family, text: &str) -> Option<(u128, u128)> {
    if text.contains('/') {
        return net(family, text).filter(|_| !text.contains(',')).map(Net::bounds);
    }
    let value = match family {
        Family::V4 => u128::from(u32::from(text.parse::<Ipv4Addr>().ok()?)),
        Family::V6 => u128::from(text.parse::<Ipv6Addr>().ok()?),
    };
    Some((value, value))
}

fn address_item(family: Family, item: &str) -> Item {
    let one = |text: &str| match family {
        Family::V4 => text.parse::<Ipv4Addr>().ok().map(|a| u128::from(u32::from(a))),
        Family::V6 => text.parse::<Ipv6Addr>().ok().map(u128::from),
    };
    if let Some(value) = one(item) {
        return Item::Ranges(vec![(value, value)]);
    }
    if item.contains('/') {
        return match net(family, item) {
            Some(net) => Item::Ranges(vec![net.bounds()]),
            None => Item::Bad,
        };
    }
    if let Some((low, high)) = item.split_once('-') {
        let low = if low.is_empty() { Some(0) } else { one(low) };
        let high = if high.is_empty() { Some(family.top()) } else { one(high) };
        return match (low, high) {
            (Some(low), Some(high)) if low <= high => Item::Ranges(vec![(low, high)]),
            (Some(_), Some(_)) => Item::Reversed,
            _ => Item::Bad,
        };
    }
    match family {
        Family::V4 => wildcard(item).map_or(Item::Bad, Item::Ranges),
        Family::V6 => Item::Bad,
    }
}

/// An IPv4 address of which some octets are `*`.
fn wildcard(item: &str) -> Option<Vec<(u128, u128)>> {
    let mut octets = [None; 4];
    let mut count = 0;
    for part in item.split('.') {
        let slot = octets.get_mut(count)?;
        count += 1;
        *slot = match part {
            "*" => None,
            number => Some(number.parse::<u8>().ok()?),
        };
    }
    if count != 4 {
        return None;
    }
    // Octets after the last written one are one run; before it, each wildcard multiplies.
    let written = octets.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let mut starts = vec![0_u128];
    for octet in &octets[..written] {
        let values = match octet {
            Some(value) => u128::from(*value)..=u128::from(*value),
            None => 0..=255,
        };
        let more = starts.len() * if octet.is_some() { 1 } else { 256 };
        if more > MAX_RANGES {
            return None;
        }
        starts = starts.iter().flat_map(|s| values.clone().map(move |v| s * 256 + v)).collect();
    }
    let free = 8 * (4 - written);
    let run = |start: u128| (start << free, (start << free) | ((1_u128 << free) - 1));
    Some(starts.into_iter().map(run).collect())
}

/// A remark if `word` is a name instead of an address.
fn named(family: Family, word: Word<'_>) -> Option<Diagnostic> {
    let text = word.text;
    let is_name = !text.contains(['/', ':', ','])
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._*@".contains(&byte));
    let is_other = text.contains(['/', ':', ',']) && text.split(',').any(is_dotted_name);
    if !is_name && !is_other {
        return None;
    }
    if !text.contains('.') && is_protocol_word(text) {
        return Some(keyword_as_address(family, word));
    }
    let headline = text!(
        ja: "`{name}` が指すアドレスは設定からは分かりません",
        en: "which addresses `{name}` stands for is not in the configuration",
        name = super::shown(text),
    );
    Some(Diagnostic::warning("P124", headline).at(word.span).because(text!(
        ja: "名前は運用中にルータが解決するため、このフィルターに関係する要件は証明しません",
        en: "the router resolves the name while it runs, so no requirement that needs the filter \
             is proved",
    )))
}

fn is_dotted_name(item: &str) -> bool {
    !item.contains(['/', ':'])
        && item.contains('.')
        && item.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_protocol_word(word: &str) -> bool {
    const WORDS: [&str; 18] = [
        "tcp",
        "udp",
        "icmp",
        "icmp4",
        "icmp6",
        "icmp-nd",
        "icmp-error",
        "icmp-info",
        "tcpsyn",
        "tcpfin",
        "tcprst",
        "established",
        "gre",
        "esp",
        "ah",
        "ipv6",
        "pass",
        "reject",
    ];
    WORDS.iter().any(|one| one.eq_ignore_ascii_case(word)) || applications::port(word).is_some()
}

fn keyword_as_address(family: Family, word: Word<'_>) -> Diagnostic {
    Diagnostic::error(
        "P123",
        text!(
            ja: "アドレスの位置に `{word}` があります（ルータは名前として扱います）",
            en: "`{word}` stands where an address belongs; the router takes it for a host name",
            word = super::shown(word.text),
        ),
    )
    .at(word.span)
    .because(text!(
        ja: "{family} フィルターの引数は 始点 終点 プロトコル 始点ポート 終点ポート の順です",
        en: "the order of an {family} filter is source, destination, protocol, ports",
        family = family.name(),
    ))
    .advise(text!(
        ja: "アドレスが抜けていないか確かめてください。すべてなら `*` を書いてください",
        en: "look for the address that is missing; write `*` for all",
    ))
}

/// Items of a field of ports at most.
///
/// # Source
/// Command reference 12.01, section 8.1.10.
const ITEMS_MAX: usize = 10;

/// A port field; `None` for `*`.
pub(super) fn ports(word: Word<'_>) -> Read<Option<Ranges>> {
    if word.text == "*" {
        return Ok(None);
    }
    if let Some((low, high)) = port(word.text) {
        return Ok(Some(run(low, high)));
    }
    if word.text.bytes().filter(|byte| *byte == b',').count() >= ITEMS_MAX {
        return Err(unreadable(word));
    }
    let mut parts = Vec::with_capacity(1);
    for item in word.text.split(',') {
        if let Some((low, high)) = port(item) {
            parts.push((low, high));
            continue;
        }
        // `netbios_ns-netbios_ssn`, `1024-`, `-1023`; a name never holds a hyphen here.
        let Some((low, high)) = item.split_once('-') else { return Err(unreadable(word)) };
        let low = if low.is_empty() { Some((0, 0)) } else { port(low) };
        let high = if high.is_empty() { Some((65_535, 65_535)) } else { port(high) };
        match (low, high) {
            (Some(low), Some(high)) if low.0 <= high.1 => parts.push((low.0, high.1)),
            (Some(_), Some(_)) => return Err(Box::new(Fault { code: "P125", ..*reversed(word) })),
            _ => return Err(unreadable(word)),
        }
    }
    Ok(Some(Ranges::of(parts)))
}

fn port(item: &str) -> Option<(u128, u128)> {
    if !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = item.parse::<u16>().ok()?;
        return Some((u128::from(value), u128::from(value)));
    }
    applications::port(item).map(|(low, high)| (u128::from(low), u128::from(high)))
}
