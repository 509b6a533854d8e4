//! What a router tells the hosts of a LAN: `ipv6 prefix …` and `ipv6 IF rtadv send …`.

use model::Net;

use super::super::config::{Advertised, Body, Command, IfName, PrefixWord};
use super::super::text::Word;
use super::address::net_v6;
use super::prefix::{delegated, is_prefix_kind, learned_by};
use super::{Args, Parsed, number, unreadable};

/// Length of a prefix of which hosts make addresses.
///
/// # Units
/// Bits.
///
/// # Source
/// RFC 4862 section 5.5.3 (d): prefix and identifier make 128 bits; identifiers have 64.
const PREFIX_BITS: u8 = 64;

/// Shortest time for which a prefix is taken to stay.
///
/// # Units
/// Seconds.
///
/// # Source
/// RFC 4862 section 5.5.3 (e): two hours is the shortest that a running host respects.
const STAYS: u32 = 7_200;

/// Longest time between two advertisements if nothing is said.
///
/// # Units
/// Seconds.
///
/// # Source
/// RFC 4861 section 6.2.1, MaxRtrAdvInterval.
const INTERVAL: u32 = 600;

/// Fewest hops that let a host reach the other side of the Internet; 0 says nothing of it.
///
/// # Source
/// RFC 4861 section 6.3.4; 64 is the recommended initial value (IANA, IP parameters).
const HOPS: u32 = 64;

/// Smallest MTU of IPv6.
///
/// # Units
/// Bytes.
///
/// # Source
/// RFC 8200 section 5.
const MTU: u32 = 1_280;

/// `ipv6 prefix N PREFIX [OPTION=…]`.
pub(super) fn prefix(args: &mut Args<'_>) -> Parsed {
    let (id, _) = args.id()?;
    let word = args.need()?;
    let said = match word.text.split_once('@') {
        Some((kind, rest)) if is_prefix_kind(kind) => {
            let found = delegated(rest);
            found.and_then(|(from, net)| Some(PrefixWord::Learned(from, learned_by(kind, net)?)))
        }
        Some(_) => None,
        None => {
            let net = net_v6(word.text);
            let fits = |net: &Net| net.length() == PREFIX_BITS;
            net.filter(fits).map(PrefixWord::Written)
        }
    };
    let said = said.ok_or_else(|| unreadable(word))?;
    while let Some(word) = args.next() {
        if !leaves_addresses(word) {
            return Err(unreadable(word));
        }
    }
    Ok(Body::Command(Command::Prefix(id, said)))
}

/// Whether hosts make addresses of a prefix with this option, and keep them.
fn leaves_addresses(word: Word<'_>) -> bool {
    let Some((key, value)) = option(word) else { return false };
    match key.as_str() {
        "l_flag" | "a_flag" => value.text.eq_ignore_ascii_case("on"),
        "valid_lifetime" | "preferred_lifetime" => {
            number(value).is_some_and(|(seconds, _)| seconds >= STAYS)
        }
        _ => false,
    }
}

/// `ipv6 IF rtadv send N… [OPTION=…]`, from after `send`.
///
/// # Source
/// Ranges: RFC 4861 section 6.2.1.
pub(super) fn advertise(name: IfName, args: &mut Args<'_>) -> Parsed {
    let mut prefixes = vec![args.id()?.0];
    while args.peek().is_some_and(|word| !word.contains('=')) {
        prefixes.push(args.id()?.0);
    }
    let mut interval = INTERVAL;
    let mut lifetime: Option<(u32, Word<'_>)> = None;
    let mut tells_of_dhcp = false;
    let mut tells_names = None;
    let mut least = None;
    let mut said: Vec<String> = Vec::new();
    while let Some(word) = args.next() {
        let (key, value) = option(word).ok_or_else(|| unreadable(word))?;
        let count = number(value).map(|(count, _)| count);
        if said.contains(&key) {
            return Err(unreadable(word));
        }
        said.push(key.clone());
        match (key.as_str(), count) {
            ("m_flag" | "o_flag", None) if is_switch(value) => {
                tells_of_dhcp |= value.text.eq_ignore_ascii_case("on");
            }
            ("max-rtr-adv-interval", Some(count @ 4..=1_800)) => interval = count,
            ("min-rtr-adv-interval", Some(count @ 3..=1_350)) => least = Some((count, word)),
            ("adv-default-lifetime", Some(count @ 0..=9_000)) => lifetime = Some((count, word)),
            ("adv-reachable-time", Some(0..=3_600_000)) | ("adv-retrans-time", Some(_)) => {}
            ("adv-cur-hop-limit", Some(count)) if count == 0 || (HOPS..=255).contains(&count) => {}
            ("mtu", Some(count)) if (MTU..=9_000).contains(&count) => {}
            ("mtu", None) if matches!(value.text, "auto" | "off") => {}
            ("rdnss", None) => tells_names = Some(word.span),
            _ => return Err(unreadable(word)),
        }
    }
    if let Some((seconds, word)) = least
        && seconds > interval / 4 * 3
    {
        return Err(unreadable(word));
    }
    // A host forgets the router as its way out before the next advertisement comes.
    if let Some((seconds, word)) = lifetime
        && seconds < interval
    {
        return Err(unreadable(word));
    }
    let said = Advertised { prefixes, tells_of_dhcp, tells_names };
    Ok(Body::Command(Command::Advertise(name, said)))
}

fn is_switch(word: Word<'_>) -> bool {
    ["on", "off"].iter().any(|one| word.text.eq_ignore_ascii_case(one))
}

/// `key=value`, the key in lower case.
fn option(word: Word<'_>) -> Option<(String, Word<'_>)> {
    let (key, value) = word.text.split_once('=')?;
    Some((key.to_ascii_lowercase(), Word { text: value, span: word.span }))
}
