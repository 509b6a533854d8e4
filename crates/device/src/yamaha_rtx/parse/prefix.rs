//! IPv6 addresses of interfaces, written or made of prefixes that are learned.

use diag::text;
use model::{Effect, Family, Net};
use std::net::Ipv6Addr;

use super::super::config::{AddressWord, Body, Command, IfName, LearnedBy};
use super::super::text::Word;
use super::address::{interface_name, net_v6};
use super::{Args, Fault, Parsed, known_on, unreadable};

/// `ipv6 IF address …`.
pub(super) fn address_v6(name: IfName, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let Some(address) = address_word_v6(word)? else {
        let what = text!(
            ja: "委譲されたプレフィックスのサブネット番号",
            en: "a subnet number inside a delegated prefix",
        );
        return Ok(known_on(what, &ALL, word.span, name).of_family(Family::V6));
    };
    if args.is_done() || args.take("prefix") || args.take("eui64") {
        args.finish()?;
        return Ok(Body::Command(Command::Address(name, address)));
    }
    Err(unreadable(args.need()?))
}

/// An IPv6 address of an interface; `None` for a subnet number inside a delegated prefix.
pub(super) fn address_word_v6(word: Word<'_>) -> Result<Option<AddressWord>, Box<Fault>> {
    let address = if ["auto", "dhcp"].iter().any(|key| word.text.eq_ignore_ascii_case(key)) {
        AddressWord::Auto
    } else if let Some((kind, rest)) = word.text.split_once('@') {
        if !is_prefix_kind(kind) {
            return Err(unreadable(word));
        }
        let (from, net) = delegated(rest).ok_or_else(|| unreadable(word))?;
        let identifier = u128::from(ipv6(net)) & u128::from(u64::MAX);
        let Some(by) = learned_by(kind, net) else { return Ok(None) };
        AddressWord::Delegated(from, by, u64::try_from(identifier).unwrap_or(0))
    } else {
        let net = net_v6(word.text).ok_or_else(|| unreadable(word))?;
        if !word.text.contains('/') {
            return Err(unreadable(word));
        }
        AddressWord::Static(net)
    };
    Ok(Some(address))
}

/// What an address of the router can do that is not known.
pub(super) const ALL: [Effect; 4] = [Effect::Permit, Effect::Deny, Effect::Route, Effect::Manage];

fn ipv6(net: Net) -> Ipv6Addr {
    match net.address() {
        std::net::IpAddr::V6(address) => address,
        std::net::IpAddr::V4(_) => Ipv6Addr::UNSPECIFIED,
    }
}

/// Whether a prefix is learned.
pub(super) fn is_prefix_kind(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("ra-prefix") || kind.eq_ignore_ascii_case("dhcp-prefix")
}

/// How a prefix of this kind is learned, with the number of the network before the last 64 bits of
/// `net`. `None` for a number that may not lie in the prefix: what is advertised has 64 bits, and
/// what lines delegate 56 at most.
pub(super) fn learned_by(kind: &str, net: Net) -> Option<LearnedBy> {
    let number = u8::try_from(u128::from(ipv6(net)) >> 64).ok()?;
    if net.length() != 64 {
        return None;
    }
    match kind.eq_ignore_ascii_case("dhcp-prefix") {
        true => Some(LearnedBy::Delegation(number)),
        false => (number == 0).then_some(LearnedBy::Advertisement),
    }
}

/// `lan2::1/64` after the `@`.
pub(super) fn delegated(rest: &str) -> Option<(IfName, Net)> {
    let colon = rest.find(':')?;
    let name = interface_name(&rest[..colon])?;
    Some((name, net_v6(&rest[colon..])?))
}

/// `ipv6 IF prefix ra-prefix@IF::/64`: the same as an address without a host part.
pub(super) fn delegated_prefix(name: IfName, args: &mut Args<'_>) -> Parsed {
    if args.take("change") {
        return Ok(Body::Irrelevant);
    }
    let word = args.need()?;
    match word.text.split_once('@') {
        Some((kind, rest)) if is_prefix_kind(kind) && delegated(rest).is_some() => {
            let what = text!(
                ja: "インターフェースのプレフィックス",
                en: "an address made from a prefix and the hardware address",
            );
            Ok(known_on(what, &ALL, word.span, name).of_family(Family::V6))
        }
        None if net_v6(word.text).is_some() && args.is_done() => {
            let what = text!(
                ja: "インターフェースのプレフィックス",
                en: "an address made from a prefix and the hardware address",
            );
            Ok(known_on(what, &ALL, word.span, name).of_family(Family::V6))
        }
        _ => Err(unreadable(word)),
    }
}
