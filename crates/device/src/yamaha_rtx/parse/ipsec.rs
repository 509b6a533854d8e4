//! `ipsec …`.

use std::net::IpAddr;

use diag::text;
use model::{Effect, Effects, Family, Ranges};

use super::super::config::{Body, Command, IdSide, IpsecWord, RemoteWord, SaPolicy};
use super::super::text::Word;
use super::address::net_v4;
use super::{Args, Fault, Parsed, heads, known, unreadable};

/// What remote users could do that a line lets in.
pub(super) const REMOTE: [Effect; 4] =
    [Effect::Permit, Effect::Route, Effect::Manage, Effect::Bridge];

type Read<T> = Result<T, Box<Fault>>;

/// `ipsec …`.
pub(super) fn ipsec(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match heads::lower(word.text, &mut buffer).unwrap_or("") {
        "tunnel" => {
            let (policy, _) = args.number()?;
            match args.context.tunnel {
                Some(name) => Ok(Body::Command(Command::IpsecTunnel(name, policy))),
                None => Err(unreadable(word)),
            }
        }
        "transport" => {
            let what = text!(
                ja: "IPsec トランスポートモード（リモートアクセス）",
                en: "IPsec in transport mode (remote access)",
            );
            Ok(Body::Unmodelled(Box::new(known(what, Effects::of(&REMOTE), word.span))))
        }
        "sa" if args.take("policy") => policy(args),
        "ike" => ike(args),
        "auto" if args.take("refresh") => {
            let gateway = optional_number(args);
            let on = args.switch()?;
            Ok(say(IpsecWord::AutoRefresh(gateway, on)))
        }
        "use" => {
            let on = args.switch()?;
            Ok(say(IpsecWord::Use(on)))
        }
        "sa" | "auto" | "ipcomp" | "log" | "refresh" => Ok(Body::Irrelevant),
        _ => Err(unreadable(word)),
    }
}

fn say(word: IpsecWord) -> Body {
    Body::Command(Command::Ipsec(Box::new(word)))
}

fn optional_number(args: &mut Args<'_>) -> Option<u32> {
    let number = args.peek()?.parse().ok()?;
    args.at += 1;
    Some(number)
}

/// `ipsec sa policy P G esp|ah …`.
fn policy(args: &mut Args<'_>) -> Parsed {
    let (number, _) = args.number()?;
    let (gateway, _) = args.number()?;
    let word = args.need()?;
    let encrypts = match word.text.to_ascii_lowercase().as_str() {
        "esp" => true,
        "ah" => false,
        _ => return Err(unreadable(word)),
    };
    let mut policy = SaPolicy { gateway, encrypts, local_id: None, remote_id: None };
    while let Some(word) = args.next() {
        let Some((key, value)) = word.text.split_once('=') else { continue };
        match key.to_ascii_lowercase().as_str() {
            "local-id" => policy.local_id = Some(id(word, value)?),
            "remote-id" => policy.remote_id = Some(id(word, value)?),
            _ => {}
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
        return Ok(Ranges::span(Family::number(low), Family::number(high)));
    }
    net_v4(value).map(|net| net.prefix().ranges()).ok_or_else(|| unreadable(word))
}

/// `ipsec ike …`: who the peer is; how the keys are made does not matter.
fn ike(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    let key = heads::lower(word.text, &mut buffer).unwrap_or("");
    match key {
        "version" => {
            let (gateway, _) = args.number()?;
            let (version, _) = args.number()?;
            Ok(say(IpsecWord::Version(gateway, version)))
        }
        "remote" | "local" if args.take("id") => {
            let (gateway, _) = args.number()?;
            let word = args.need()?;
            let side = if key == "local" { IdSide::Local } else { IdSide::Remote };
            Ok(say(IpsecWord::Id(gateway, side, id(word, word.text)?)))
        }
        "remote" if args.take("address") => {
            let (gateway, _) = args.number()?;
            let word = args.need()?;
            Ok(say(IpsecWord::Remote(gateway, remote(word))))
        }
        "local" if args.take("address") => {
            let (gateway, _) = args.number()?;
            let word = args.need()?;
            Ok(say(IpsecWord::Local(gateway, word.text.parse().ok())))
        }
        "nat-traversal" => {
            let (gateway, _) = args.number()?;
            let on = args.switch()?;
            Ok(say(IpsecWord::NatTraversal(gateway, on)))
        }
        "mode-cfg" => {
            let what = text!(
                ja: "IPsec の相手へのアドレス配布（リモートアクセス）",
                en: "addresses handed out to IPsec peers (remote access)",
            );
            Ok(Body::Unmodelled(Box::new(known(what, Effects::of(&REMOTE), word.span))))
        }
        "esp-encapsulation" => {
            args.number()?;
            if !args.switch()? {
                return Ok(Body::Irrelevant);
            }
            let what = text!(
                ja: "ヤマハ独自の ESP の UDP カプセル化",
                en: "the vendor's own ESP in UDP",
            );
            let effects = Effects::of(&[Effect::Deny]);
            Ok(Body::Unmodelled(Box::new(known(what, effects, word.span))))
        }
        _ => Ok(Body::Irrelevant),
    }
}

fn remote(word: Word<'_>) -> RemoteWord {
    if word.text.eq_ignore_ascii_case("any") {
        return RemoteWord::Any;
    }
    match word.text.parse() {
        Ok(address) => RemoteWord::Address(address),
        Err(_) => RemoteWord::Host(word.text.to_ascii_lowercase()),
    }
}
