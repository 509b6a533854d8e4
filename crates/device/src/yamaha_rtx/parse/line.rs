//! PPPoE sessions and tunnels: `pp`, `ppp`, `pppoe`, `tunnel`.

use diag::text;
use model::{Effect, Effects};

use super::super::config::{
    ALL_PEERS, ALL_TUNNELS, AuthWord, Body, Command, DialInWord, EncapsulationWord, IfName, Target,
};
use super::address::{interface_name, need_wire};
use super::form::fits;
use super::ipsec::REMOTE;
use super::{Args, Fault, Parsed, dial_in, known, small, unreadable};

type Read<T> = Result<T, Box<Fault>>;

/// `N`, `anonymous` or `none` after `pp`.
fn peer(args: &mut Args<'_>) -> Read<Option<IfName>> {
    let word = args.need()?;
    match word.text {
        none if none.eq_ignore_ascii_case("none") => Ok(None),
        one if one.eq_ignore_ascii_case("anonymous") => Ok(Some(IfName::PpAnonymous)),
        _ => Ok(Some(IfName::Pp(small(word, args.context.model.peers)?))),
    }
}

/// `pp …`.
pub(super) fn pp(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "select" => Ok(Body::Command(Command::Select(peer(args)?))),
        "disable" if args.take("all") => Ok(Body::Command(Command::DisableAll(ALL_PEERS))),
        key @ ("enable" | "disable") => match peer(args)? {
            Some(name) => Ok(Body::Command(Command::Enable(name, key == "enable"))),
            None => Err(unreadable(word)),
        },
        "bind" => dial_in::bind(args),
        "backup" if fits(&args.words[1..], &["backup recovery time off|#"]) => Ok(Body::Irrelevant),
        "backup" => match (args.context.pp, backup(args)) {
            (Some(name @ IfName::Pp(_)), Some(target)) => {
                Ok(Body::Command(Command::Backup(name, target)))
            }
            _ => {
                let what = text!(ja: "相手先のバックアップ", en: "a backup peer");
                // Packets for this peer leave by another one.
                let effects = Effects::of(&[Effect::Route]);
                Ok(Body::Unmodelled(Box::new(known(what, effects, word.span))))
            }
        },
        "auth" => authentication(args),
        "keepalive" if !fits(&args.words[1..], &KEEPALIVE) => match args.context.pp {
            Some(name) => {
                args.at = args.words.len();
                Ok(Body::Command(Command::Needs(name)))
            }
            None => Ok(Body::Irrelevant),
        },
        "always-on" if fits(&args.words[1..], &["always-on on|off #?"]) => {
            let is_on = args.words[2].text.eq_ignore_ascii_case("on");
            args.at = args.words.len();
            let peer = args.context.pp;
            Ok(peer.map_or(Body::Irrelevant, |name| Body::Command(Command::AlwaysOn(name, is_on))))
        }
        "always-on" | "keepalive" | "name" | "mtu" | "disconnect" | "description" => {
            Ok(Body::Irrelevant)
        }
        _ => Err(unreadable(word)),
    }
}

/// `none`, `pp N`, `tunnel N` or `IF A` after `backup`, to the end of the command.
///
/// # Source
/// Command reference 12.01, section 15.49.5, for tunnels; published configurations for `pp`.
fn backup(args: &mut Args<'_>) -> Option<Option<Target>> {
    let words = args.words;
    let forms = [
        "backup none",
        "backup pp # {ipsec-fast-recovery=on/off,switch-router=on/off}",
        "backup tunnel # {switch-interface=on/off}",
        "backup * A",
    ];
    let place = forms.iter().position(|form| fits(&words[1..], &[form]))?;
    let id = |most: u16| small(words[3], most).ok();
    let target = match place {
        0 => None,
        1 => Some(Target::Interface(IfName::Pp(id(args.context.model.peers)?))),
        2 => Some(Target::Interface(IfName::Tunnel(id(args.context.model.tunnels)?))),
        _ => {
            let name = interface_name(words[2].text).filter(|name| name.has_wire())?;
            Some(Target::AddressOn(words[3].text.parse().ok()?, name))
        }
    };
    args.at = words.len();
    Some(target)
}

/// Watches, after `pp`, that ask the far end of the line only.
const KEEPALIVE: [&str; 3] = [
    "keepalive use on|off|lcp-echo",
    "keepalive log on|off",
    "keepalive interval # {#,retry-interval=,count=,time=}",
];

/// `pp auth …`: what the router says of itself to the peer. Who has to say it to the router lets
/// nobody in by itself.
///
/// # Source
/// Command reference 12.01, sections 11.2 and 11.3.
fn authentication(args: &mut Args<'_>) -> Parsed {
    let words = &args.words[1..];
    let peer = args.context.pp.filter(|name| matches!(name, IfName::Pp(_)));
    let said = if fits(words, &["auth accept pap|chap|mschap|mschap-v2 pap|chap|mschap|mschap-v2?"])
    {
        AuthWord::Accept
    } else if fits(words, &["auth myname * *"]) {
        AuthWord::Name
    } else if fits(words, &["auth request ..."]) && peer.is_some() {
        return Ok(needs(args));
    } else if fits(words, &["auth username * * ..."])
        && args.context.pp == Some(IfName::PpAnonymous)
    {
        return Ok(dial_in::user(args));
    } else if fits(words, &["auth request|username ...", "auth multi connect prohibit ..."]) {
        return Ok(Body::Irrelevant);
    } else {
        return Err(unreadable(words.get(2).copied().unwrap_or(args.words[0])));
    };
    args.at = args.words.len();
    Ok(peer.map_or(Body::Irrelevant, |name| Body::Command(Command::Authentication(name, said))))
}

/// A line without which the far end, or a host that is watched, may keep the peer from being up.
fn needs(args: &mut Args<'_>) -> Body {
    args.at = args.words.len();
    Body::Command(Command::Needs(args.context.pp.unwrap_or(IfName::PpAnonymous)))
}

/// `ppp …`: only the IPCP address matters.
pub(super) fn ppp(args: &mut Args<'_>) -> Parsed {
    if args.take("ipcp") && args.take("ipaddress") {
        let on = args.switch()?;
        return match args.context.pp {
            Some(name) => Ok(Body::Command(Command::IpcpAddress(name, on))),
            None => Err(unreadable(args.words[0])),
        };
    }
    let words = &args.words[1..];
    if fits(words, &HARMLESS_PPP) {
        return Ok(Body::Irrelevant);
    }
    if fits(words, &["ipv6cp use on|off"]) {
        let is_carried = fits(words, &["ipv6cp use on"]);
        args.at = args.words.len();
        let line = args.context.pp;
        let word = line.map(|name| DialInWord::Ipv6(name, is_carried));
        return Ok(word.map_or(Body::Irrelevant, dial_in::say));
    }
    if fits(words, &["lcp|ccp|pap|chap|mscbcp|mp ..."]) {
        return Ok(needs(args));
    }
    Err(unreadable(words.first().copied().unwrap_or(args.words[0])))
}

/// What `ppp` negotiates without changing what passes, or whether the line comes up.
///
/// # Source
/// Command reference 12.01, section 11.
const HARMLESS_PPP: [&str; 12] = [
    "lcp acfc|magicnumber|pfc|accm on|off",
    "lcp mru on|off #?",
    "lcp silent off",
    "lcp|ccp restart|maxterminate|maxconfigure|maxfailure #",
    "ccp type none|stac0|stac|cstac|mppe-40|mppe-128|mppe-any",
    "ccp no-encryption accept",
    "pap restart|maxauthreq #",
    "chap restart|maxchallenge #",
    "mp use off",
    "ipcp vjc|msext on|off",
    "ipcp maxconfigure|maxfailure|maxterminate|restart #",
    "ipcp remote address check on|off",
];

/// What `pppoe` sets without changing where the session goes.
const HARMLESS_PPPOE: [&str; 8] = [
    "auto connect on",
    "auto disconnect on|off",
    "padi maxretry|restart #",
    "padr maxretry|restart #",
    "tcp mss limit auto|#",
    "disconnect time off|#",
    "invalid-session forced close on|off",
    "call prohibit auth-error count off|#",
];

/// `pppoe …`.
pub(super) fn pppoe(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "use" => {
            let (carrier, span) = need_wire(args)?;
            match args.context.pp {
                Some(name) => Ok(Body::Command(Command::PppoeUse(name, carrier))),
                None => Err(super::Fault::at(
                    span,
                    text!(ja: "`pp` が選択されていません", en: "no `pp` is selected here"),
                )),
            }
        }
        "pass-through" => {
            let word = args.need()?;
            if !word.text.eq_ignore_ascii_case("member") {
                return Err(unreadable(word));
            }
            let members = members(args)?;
            Ok(Body::Command(Command::PppoePassThrough(members)))
        }
        "tcp" if fits(&args.words[1..], &["tcp mss limit off"]) => {
            args.at = args.words.len();
            let session = args.context.pp;
            Ok(session
                .map_or(Body::Irrelevant, |name| Body::Command(Command::NoPppoeMssLimit(name))))
        }
        _ if fits(&args.words[1..], &HARMLESS_PPPOE) => Ok(Body::Irrelevant),
        "service-name" | "access" | "access-concentrator"
            if fits(
                &args.words[1..],
                &["service-name *", "access concentrator *", "access-concentrator *"],
            ) =>
        {
            Ok(needs(args))
        }
        "auto" if fits(&args.words[1..], &["auto connect off"]) => Ok(needs(args)),
        _ => Err(unreadable(word)),
    }
}

/// At least two interfaces until the end of the command.
pub(super) fn members(args: &mut Args<'_>) -> Read<Vec<(IfName, diag::Span)>> {
    let mut members = vec![need_wire(args)?, need_wire(args)?];
    while !args.is_done() {
        members.push(need_wire(args)?);
    }
    Ok(members)
}

/// `tunnel …`.
pub(super) fn tunnel(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "select" => {
            if args.take("none") {
                return Ok(Body::Command(Command::Select(None)));
            }
            let id = small(args.need()?, args.context.model.tunnels)?;
            Ok(Body::Command(Command::Select(Some(IfName::Tunnel(id)))))
        }
        "disable" if args.take("all") => Ok(Body::Command(Command::DisableAll(ALL_TUNNELS))),
        key @ ("enable" | "disable") => {
            let id = small(args.need()?, args.context.model.tunnels)?;
            Ok(Body::Command(Command::Enable(IfName::Tunnel(id), key == "enable")))
        }
        "backup" if args.context.tunnel.is_some() => match (args.context.tunnel, backup(args)) {
            (Some(name), Some(target)) => Ok(Body::Command(Command::Backup(name, target))),
            _ => {
                let what = text!(ja: "トンネルのバックアップ", en: "a backup of a tunnel");
                let effects = Effects::of(&[Effect::Route]);
                Ok(Body::Unmodelled(Box::new(known(what, effects, word.span))))
            }
        },
        "template" if args.context.tunnel.is_some() => match args.context.tunnel {
            Some(name) => dial_in::template(name, args),
            None => Err(unreadable(word)),
        },
        "backup" | "template" | "multipoint" | "ngn" => match args.context.tunnel {
            Some(_) => {
                let what = text!(ja: "トンネルの特殊な設定", en: "a special kind of tunnel");
                // Packets for it may come and go by others.
                Ok(Body::Unmodelled(Box::new(known(what, Effects::of(&REMOTE), word.span))))
            }
            None => Err(unreadable(word)),
        },
        "encapsulation" => encapsulation(args),
        "endpoint" | "name" | "description" | "map-e" | "keepalive" => Ok(Body::Irrelevant),
        _ => Err(unreadable(word)),
    }
}

/// `tunnel encapsulation WORD`.
fn encapsulation(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let Some(name) = args.context.tunnel else { return Err(unreadable(word)) };
    let said = match word.text.to_ascii_lowercase().as_str() {
        "ipsec" => EncapsulationWord::Ipsec,
        "ipip" | "map-e" | "ipudp" => EncapsulationWord::Plain,
        "l2tp" | "pptp" => EncapsulationWord::Dialled,
        "l2tpv3" | "l2tpv3-raw" => EncapsulationWord::Layer2,
        _ => return Err(unreadable(word)),
    };
    Ok(Body::Command(Command::Encapsulation(name, said)))
}
