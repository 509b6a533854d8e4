//! `ipsec …`. Every word of such a line is one of a list: a line that says more, or otherwise, is
//! not read.

use std::net::IpAddr;

use diag::text;
use model::{Effect, Effects, Family, Ranges};

use super::super::config::{
    Body, Command, IdSide, IfName, IpsecWord, LocalWord, RemoteWord, SaPolicy, TraversalWord,
};
use super::super::text::Word;
use super::address::{interface_name, net_v4};
use super::form::fits;
use super::{Args, Fault, Parsed, dial_in, heads, known, unreadable};

/// What remote users could do that a line lets in.
pub(super) const REMOTE: [Effect; 4] =
    [Effect::Permit, Effect::Route, Effect::Manage, Effect::Bridge];

/// Forms, after `ipsec`, that say how a tunnel is protected and kept up, not what enters it.
///
/// # Source
/// Command reference 12.01, section 15, through the project's notes; options that were not read
/// again stand as they are found in configurations.
const HARMLESS: &[&str] = &[
    "ike encryption # des-cbc|3des-cbc|aes-cbc|aes256-cbc",
    "ike hash # md5|sha|sha256|sha384|sha512",
    "ike group # modp768|modp1024|modp1536|modp2048 modp768|modp1024|modp1536|modp2048?",
    "ike keepalive log # on|off",
    "ike keepalive use # on|off|auto {heartbeat,dpd,rfc4306,#,down=disconnect,send-only-new-sa=on/off}",
    "ike log # {key-info,message-info,payload-info}",
    "ike always-on # on|off",
    "ike backward-compatibility # #",
    "ike child-exchange type # #",
    "ike duration isakmp-sa|ipsec-sa|ike-sa|child-sa # # {rekey,kbytes,off,%}",
    "ike negotiation receive # on|off",
    "ike message-id-control # on|off",
    "ike negotiate-strictly # on|off",
    "ike payload type # # #?",
    "ike pfs # on|off",
    "ike proposal-limitation # on|off",
    "ike queue length #",
    "ike restrict-dangling-sa # auto|off",
    "ike retry # # #?",
    "ike send info # on|off",
    "ike auth method # auto|pre-shared-key",
    "ike esp-encapsulation # off",
    "tunnel outer df-bit copy|set|clear",
    "tunnel fastpath-fragment-function follow df-bit on|off",
    "log illegal-spi on|off",
    "sa delete ...",
    "refresh sa",
    "ipcomp type none",
];

/// Algorithms that hide what a packet holds.
const CIPHERS: [&str; 4] = ["des-cbc", "3des-cbc", "aes-cbc", "aes256-cbc"];

/// Algorithms that sign.
const HASHES: [&str; 3] = ["md5-hmac", "sha-hmac", "sha256-hmac"];

type Read<T> = Result<T, Box<Fault>>;

/// `ipsec …`.
pub(super) fn ipsec(args: &mut Args<'_>) -> Parsed {
    if fits(&args.words[1..], HARMLESS) {
        return Ok(Body::Irrelevant);
    }
    let word = args.need()?;
    let mut buffer = [0; 24];
    match heads::lower(word.text, &mut buffer).unwrap_or("") {
        "tunnel" => {
            let (policy, _) = args.id()?;
            args.finish()?;
            match args.context.tunnel {
                Some(name) => Ok(Body::Command(Command::IpsecTunnel(name, policy))),
                None => Err(unreadable(word)),
            }
        }
        "transport" => {
            if let Some(word) = l2tp(args.words) {
                args.at = args.words.len();
                return Ok(say(word));
            }
            let what = text!(
                ja: "IPsec トランスポートモード（リモートアクセス）",
                en: "IPsec in transport mode (remote access)",
            );
            Ok(Body::Unmodelled(Box::new(known(what, Effects::of(&REMOTE), word.span))))
        }
        "sa" if args.take("policy") => policy(args),
        "ike" => ike(args),
        "auto" if args.take("refresh") => {
            let is_global = args.peek().is_some_and(|word| word.starts_with(['o', 'O']));
            let gateway = if is_global { None } else { Some(args.gateway()?) };
            let on = args.switch()?;
            args.finish()?;
            Ok(say(IpsecWord::AutoRefresh(gateway, on)))
        }
        "use" => {
            let on = args.switch()?;
            args.finish()?;
            Ok(say(IpsecWord::Use(on)))
        }
        _ => Err(unreadable(word)),
    }
}

/// A line that protects the router's own packets of L2TP, which carry what its tunnels carry.
///
/// # Source
/// Command reference 12.01, sections 15 and 18.
fn l2tp(words: &[Word<'_>]) -> Option<IpsecWord> {
    let number = |word: &Word<'_>| word.text.parse::<u32>().ok();
    match words {
        [_, _, id, policy, ..] if fits(&words[1..], &["transport # # udp 1701"]) => {
            Some(IpsecWord::Transport(number(id)?, number(policy)?))
        }
        [_, _, _, id, others @ ..] if fits(&words[1..], &["transport template # ..."]) => {
            Some(IpsecWord::TransportTemplate(number(id)?, dial_in::numbers(others)?))
        }
        _ => None,
    }
}

fn say(word: IpsecWord) -> Body {
    Body::Command(Command::Ipsec(Box::new(word)))
}

/// `ipsec sa policy P G esp CIPHER [HASH] …`, `ipsec sa policy P G ah HASH …`.
fn policy(args: &mut Args<'_>) -> Parsed {
    let (number, _) = args.id()?;
    let gateway = args.gateway()?;
    let word = args.need()?;
    let encrypts = match word.text.to_ascii_lowercase().as_str() {
        "esp" => true,
        "ah" => false,
        _ => return Err(unreadable(word)),
    };
    let is_one = |word: Word<'_>, list: &[&str]| {
        list.iter().any(|known| word.text.eq_ignore_ascii_case(known))
    };
    // Both algorithms have initial values.
    let is_short = encrypts && args.peek().is_none_or(|word| word.contains('='));
    if !is_short {
        let algorithm = args.need()?;
        if !is_one(algorithm, if encrypts { &CIPHERS } else { &HASHES }) {
            return Err(unreadable(algorithm));
        }
    }
    if encrypts
        && HASHES.iter().any(|hash| args.peek().is_some_and(|w| w.eq_ignore_ascii_case(hash)))
    {
        args.next();
    }
    let mut policy = SaPolicy { gateway, encrypts, local_id: None, remote_id: None };
    while let Some(word) = args.next() {
        let Some((key, value)) = word.text.split_once('=') else { return Err(unreadable(word)) };
        let is_switch = ["on", "off"].iter().any(|one| value.eq_ignore_ascii_case(one));
        match key.to_ascii_lowercase().as_str() {
            "local-id" => policy.local_id = Some(id(word, value)?),
            "remote-id" => policy.remote_id = Some(id(word, value)?),
            "anti-replay-check" if is_switch => {}
            _ => return Err(unreadable(word)),
        }
    }
    Ok(say(IpsecWord::Policy(number, policy)))
}

/// A network as `A`, `A/M` or `A-A`.
fn id(word: Word<'_>, value: &str) -> Read<Ranges> {
    if let Some((low, high)) = value.split_once('-') {
        let bound = |text: &str| text.parse::<IpAddr>().ok().filter(IpAddr::is_ipv4);
        let (Some(low), Some(high)) = (bound(low), bound(high)) else {
            return Err(unreadable(word));
        };
        let ids = Ranges::span(Family::number(low), Family::number(high));
        return if ids.is_empty() { Err(unreadable(word)) } else { Ok(ids) };
    }
    net_v4(value).map(|net| net.prefix().ranges()).ok_or_else(|| unreadable(word))
}

/// `ipsec ike …`: who the peer is.
fn ike(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    let key = heads::lower(word.text, &mut buffer).unwrap_or("");
    let said = match key {
        "mode-cfg" => {
            let what = text!(
                ja: "IPsec の相手へのアドレス配布（リモートアクセス）",
                en: "addresses handed out to IPsec peers (remote access)",
            );
            return Ok(Body::Unmodelled(Box::new(known(what, Effects::of(&REMOTE), word.span))));
        }
        "esp-encapsulation" => {
            args.gateway()?;
            args.switch()?;
            args.finish()?;
            let what = text!(
                ja: "ヤマハ独自の ESP の UDP カプセル化",
                en: "the vendor's own ESP in UDP",
            );
            let effects = Effects::of(&[Effect::Deny]);
            return Ok(Body::Unmodelled(Box::new(known(what, effects, word.span))));
        }
        "version" => {
            let gateway = args.gateway()?;
            let word = args.need()?;
            match word.text {
                "1" => IpsecWord::Version(gateway, 1),
                "2" => IpsecWord::Version(gateway, 2),
                _ => return Err(unreadable(word)),
            }
        }
        "pre-shared-key" => IpsecWord::Key(key_of(word, args)?),
        "remote" | "local" if args.take("id") => {
            let gateway = args.gateway()?;
            let word = args.need()?;
            let side = if key == "local" { IdSide::Local } else { IdSide::Remote };
            IpsecWord::Id(gateway, side, id(word, word.text)?)
        }
        "remote" if args.take("address") => {
            let gateway = args.gateway()?;
            IpsecWord::Remote(gateway, remote(args.need()?)?)
        }
        "local" if args.take("address") => {
            let gateway = args.gateway()?;
            IpsecWord::Local(gateway, local(args)?)
        }
        "local" | "remote" if fits(&args.words[2..], &NAMES) => {
            args.at += 1;
            let gateway = args.gateway()?;
            args.at = args.words.len();
            let side = if key == "local" { IdSide::Local } else { IdSide::Remote };
            IpsecWord::Named(gateway, side)
        }
        "keepalive" if fits(&args.words[2..], &WATCHES) => {
            let what = text!(
                ja: "ほかの機器の応答でトンネルを切る監視",
                en: "a watch that takes the tunnel down unless another machine answers",
            );
            let effects = Effects::of(&[Effect::Stall]);
            return Ok(Body::Unmodelled(Box::new(known(what, effects, word.span))));
        }
        "nat-traversal" => {
            let gateway = args.gateway()?;
            IpsecWord::NatTraversal(gateway, traversal(args)?)
        }
        _ => return Err(unreadable(word)),
    };
    args.finish()?;
    Ok(say(said))
}

/// Watches over a host behind the tunnel, after `ipsec ike`.
const WATCHES: [&str; 1] =
    ["keepalive use # on icmp-echo A {A,#,down=disconnect,send-only-new-sa=on/off}"];

/// Names of the ends, after `ipsec ike`.
const NAMES: [&str; 1] =
    ["local|remote name # * {fqdn,user-fqdn,rfc822-addr,ipv4-addr,ipv6-addr,key-id,tel,tel-key}"];

/// The gateway of a key. No diagnostic shows a word of the line: any may be a part of the key.
fn key_of(command: Word<'_>, args: &mut Args<'_>) -> Read<u32> {
    let gateway = args.gateway();
    let is_text = args.take("text");
    match (gateway, args.next(), args.is_done()) {
        (Ok(gateway), Some(key), true) if is_key(key.text, is_text) => Ok(gateway),
        _ => Err(Fault::at(
            command.span,
            text!(
                ja: "事前共有鍵の行を読み取れません",
                en: "the line of a pre-shared key cannot be read",
            ),
        )),
    }
}

/// Bytes of a key at most.
const KEY_MAX: usize = 128;

/// Whether a word without its quotes is a key: after `text` not empty, and no quote is left open;
/// else hexadecimal digits behind `0x`, or the `*` that `show config` puts in its place.
///
/// # Source
/// Command reference 12.01, section 15.5.
fn is_key(text: &str, is_text: bool) -> bool {
    if is_text {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        return is_plain
            && !text.is_empty()
            && text.len() <= KEY_MAX
            && !text.starts_with(['"', '\'']);
    }
    text == "*"
        || text.strip_prefix("0x").is_some_and(|digits| {
            !digits.is_empty()
                && digits.len() <= 2 * KEY_MAX
                && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

fn remote(word: Word<'_>) -> Read<RemoteWord> {
    if word.text.eq_ignore_ascii_case("any") {
        return Ok(RemoteWord::Any);
    }
    if let Ok(address) = word.text.parse() {
        return Ok(RemoteWord::Address(address));
    }
    let is_name =
        word.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
            && word.text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if is_name {
        Ok(RemoteWord::Host(word.text.to_ascii_lowercase()))
    } else {
        Err(unreadable(word))
    }
}

/// An address, or where one is learned: `ipcp pp N`, `dhcp IF`, `ipv6 prefix P on IF`.
fn local(args: &mut Args<'_>) -> Read<LocalWord> {
    let word = args.need()?;
    if let Ok(address) = word.text.parse() {
        return Ok(LocalWord::Address(address));
    }
    let learned = match word.text.to_ascii_lowercase().as_str() {
        "ipcp" if args.take("pp") => {
            let number = args.id().ok().and_then(|(number, _)| u16::try_from(number).ok());
            number.map(|number| LocalWord::Ipcp(IfName::Pp(number)))
        }
        "dhcp" => args.next().and_then(|word| interface_name(word.text)).map(LocalWord::Dhcp),
        "ipv6" if args.take("prefix") && args.next().is_some() && args.take("on") => {
            args.next().and_then(|word| interface_name(word.text)).map(LocalWord::Prefix)
        }
        _ => None,
    };
    learned.ok_or_else(|| unreadable(word))
}

/// `on|off [keepalive=N] [force=on|off] [type=1|2]` after the gateway.
fn traversal(args: &mut Args<'_>) -> Read<TraversalWord> {
    let on = args.switch()?;
    let mut forced = false;
    while let Some(word) = args.next() {
        let value = word.text.split_once('=');
        match value.map(|(key, value)| (key.to_ascii_lowercase(), value.to_ascii_lowercase())) {
            Some((key, value)) if key == "force" && (value == "on" || value == "off") => {
                forced = value == "on";
            }
            Some((key, value))
                if key == "keepalive"
                    && (value == "off"
                        || value.parse().is_ok_and(|one: u32| (30..=100_000).contains(&one))) => {}
            Some((key, value)) if key == "type" && (value == "1" || value == "2") => {}
            _ => return Err(unreadable(word)),
        }
    }
    Ok(match (on, forced) {
        (false, _) => TraversalWord::Off,
        (true, false) => TraversalWord::Negotiated,
        (true, true) => TraversalWord::Forced,
    })
}
