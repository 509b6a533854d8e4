//! Users who dial in: what `pp select anonymous` says of them, and of the tunnels that carry them.

use std::net::{IpAddr, Ipv4Addr};

use diag::text;
use model::{Effect, Effects, Family, Net, Ranges};

use super::super::config::{Body, Command, DialInWord, IfName, PoolWord};
use super::super::text::Word;
use super::address::{interface_name, net_v4};
use super::form::fits;
use super::ipsec::REMOTE;
use super::prefix::ALL;
use super::{Args, Parsed, known, known_on, unreadable};

/// A command about users who dial in.
pub(super) fn say(word: DialInWord) -> Body {
    Body::Command(Command::DialIn(Box::new(word)))
}

/// `pp bind tunnelN tunnelN-tunnelM …`.
///
/// # Source
/// Command reference 12.01, section 17.1.2: the tunnels are of the kinds `l2tp` and `pptp`, and
/// only `anonymous` takes several of them.
pub(super) fn bind(args: &mut Args<'_>) -> Parsed {
    let span = args.words[0].span;
    let words = args.words.get(2..).unwrap_or_default();
    let tunnels: Option<Vec<(u128, u128)>> = words.iter().map(|word| tunnels(word.text)).collect();
    match (args.context.pp, tunnels) {
        (Some(IfName::PpAnonymous), Some(tunnels)) if !tunnels.is_empty() => {
            args.at = args.words.len();
            Ok(say(DialInWord::Bind(Ranges::of(tunnels))))
        }
        _ => {
            let what = text!(
                ja: "トンネルや ISDN の上の PPP（リモートアクセス）",
                en: "PPP over a tunnel or ISDN (remote access)",
            );
            Ok(Body::Unmodelled(Box::new(known(what, Effects::of(&REMOTE), span))))
        }
    }
}

/// `tunnel3`, `tunnel1-tunnel4`.
fn tunnels(word: &str) -> Option<(u128, u128)> {
    let one = |name: &str| match interface_name(name)? {
        IfName::Tunnel(number) => Some(u128::from(number)),
        _ => None,
    };
    let (low, high) = word.split_once('-').unwrap_or((word, word));
    let (low, high) = (one(low)?, one(high)?);
    (low <= high).then_some((low, high))
}

/// `tunnel template N N-M …`.
///
/// # Source
/// Command reference 12.01, section 15: the settings of the selected tunnel hold for those that are
/// named, unless they have settings of their own.
pub(super) fn template(name: IfName, args: &mut Args<'_>) -> Parsed {
    let words = args.words.get(2..).unwrap_or_default();
    match numbers(words) {
        Some(numbers) => {
            args.at = args.words.len();
            Ok(say(DialInWord::Template(name, numbers)))
        }
        None => Err(unreadable(args.words[1])),
    }
}

/// Whether `words` are numbers, or runs of them.
pub(super) fn numbers(words: &[Word<'_>]) -> Option<Ranges> {
    let run = |word: &Word<'_>| {
        let (low, high) = word.text.split_once('-').unwrap_or((word.text, word.text));
        let (low, high): (u16, u16) = (low.parse().ok()?, high.parse().ok()?);
        (0 < low && low <= high).then(|| (u128::from(low), u128::from(high)))
    };
    let runs: Option<Vec<_>> = words.iter().map(run).collect();
    runs.filter(|runs| !runs.is_empty()).map(Ranges::of)
}

/// `ip pp|tunnel remote address …`, from after `address`.
pub(super) fn remote_address(name: IfName, args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if let Ok(address) = word.text.parse() {
        args.finish()?;
        return Ok(Body::Command(Command::RemoteAddress(name, address)));
    }
    let words = args.words.get(args.at..).unwrap_or_default();
    let is_pool = name == IfName::PpAnonymous && word.text.eq_ignore_ascii_case("pool");
    let pool = match words {
        [only] if only.text.eq_ignore_ascii_case("dhcp") => Some(PoolWord::Scopes),
        words => addresses(words).map(PoolWord::Written),
    };
    match pool {
        Some(pool) if is_pool => {
            args.at = args.words.len();
            Ok(say(DialInWord::Pool(pool)))
        }
        _ if is_pool && fits(words, &["dhcpc {interface=}"]) => {
            let what = text!(
                ja: "LAN の DHCP サーバから遠隔接続の相手に渡すアドレス",
                en: "addresses that a DHCP server on a LAN gives to remote users",
            );
            let gap = known(what, Effects::of(&[Effect::Route]), word.span);
            Ok(Body::Unmodelled(Box::new(gap)).of_family(Family::V4))
        }
        _ => {
            let what = text!(
                ja: "遠隔接続の相手に渡すアドレス",
                en: "addresses handed out to remote users",
            );
            Ok(known_on(what, &ALL, word.span, name).of_family(Family::V4))
        }
    }
}

/// Addresses and runs of them.
fn addresses(words: &[Word<'_>]) -> Option<Ranges> {
    let runs: Option<Vec<_>> = words.iter().map(|word| run(word.text)).collect();
    runs.filter(|runs| !runs.is_empty()).map(Ranges::of)
}

/// `A`, `A-B`.
fn run(word: &str) -> Option<(u128, u128)> {
    let one = |text: &str| text.parse::<Ipv4Addr>().ok().map(|one| u128::from(u32::from(one)));
    let (low, high) = word.split_once('-').unwrap_or((word, word));
    let (low, high) = (one(low)?, one(high)?);
    (low <= high).then_some((low, high))
}

/// `pp auth username NAME PASSWORD [myname NAME PASSWORD] [A] [PREFIX]` of users who dial in: an
/// address may be kept for one of them. No word of it is shown.
pub(super) fn user(args: &mut Args<'_>) -> Body {
    let mut rest = args.words.get(5..).unwrap_or_default();
    if let [first, _, _, more @ ..] = rest
        && first.text.eq_ignore_ascii_case("myname")
    {
        rest = more;
    }
    let address = rest.first().and_then(|word| word.text.parse::<Ipv4Addr>().ok());
    match (rest, address) {
        ([], _) => Body::Irrelevant,
        // A number by which ISDN tells a caller gives him no address.
        ([only], None) if only.text.bytes().all(|byte| byte.is_ascii_digit()) => Body::Irrelevant,
        ([_], Some(address)) => {
            args.at = args.words.len();
            say(DialInWord::User(address))
        }
        _ => {
            let what = text!(
                ja: "遠隔接続の相手ごとのアドレス", en: "an address that one remote user gets",
            );
            let effects = Effects::of(&[Effect::Route]);
            Body::Unmodelled(Box::new(known(what, effects, args.words[0].span)))
        }
    }
}

/// `dhcp scope N A-B/M [except A …] [gateway A] [expire T] [maxexpire T]`; `None` for other forms.
///
/// # Source
/// Command reference 12.01, sections 12.1.4 and 12.1.5.
pub(super) fn scope(args: &mut Args<'_>) -> Option<Body> {
    let words = args.words;
    let (id, range) = (words.get(2)?, words.get(3)?);
    let word = if id.text.eq_ignore_ascii_case("bind") {
        if words.last()?.text.eq_ignore_ascii_case("ipcp") {
            return None;
        }
        let (low, high) = run(words.get(4)?.text)?;
        DialInWord::Kept(Ranges::span(low, high))
    } else {
        let number = id.text.parse().ok()?;
        let (run_of, mask) = range.text.split_once('/')?;
        let (low, high) = run(run_of)?;
        let first = Family::V4.address(low);
        let net = net_v4(&format!("{first}/{mask}"))?;
        DialInWord::Scope(number, hosts(net).intersection(&Ranges::span(low, high)))
    };
    args.at = words.len();
    Some(say(word))
}

/// The addresses of `net` that a host can have.
fn hosts(net: Net) -> Ranges {
    let (low, high) = net.bounds();
    let is_wide = net.length() < 31 && matches!(net.address(), IpAddr::V4(_));
    if is_wide { Ranges::span(low + 1, high - 1) } else { net.ranges() }
}
