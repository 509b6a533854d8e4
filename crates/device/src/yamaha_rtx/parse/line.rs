//! PPPoE sessions and tunnels: `pp`, `ppp`, `pppoe`, `tunnel`, `ipsec`.

use diag::text;
use model::Effect;

use super::super::config::{Body, Command, IfName};
use super::address::{interface_name, need_interface};
use super::{Args, Fault, Parsed, known_on, number, unreadable};

type Read<T> = Result<T, Box<Fault>>;

const REMOTE: [Effect; 4] = [Effect::Permit, Effect::Route, Effect::Manage, Effect::Bridge];

fn small(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// `N`, `anonymous` or `none` after `pp`.
fn peer(args: &mut Args<'_>) -> Read<Option<IfName>> {
    let word = args.need()?;
    match word.text {
        none if none.eq_ignore_ascii_case("none") => Ok(None),
        one if one.eq_ignore_ascii_case("anonymous") => Ok(Some(IfName::PpAnonymous)),
        _ => match number(word) {
            Some((id, _)) => Ok(Some(IfName::Pp(small(id)))),
            None => Err(unreadable(word)),
        },
    }
}

/// `pp …`.
pub(super) fn pp(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "select" => Ok(Body::Command(Command::Select(peer(args)?))),
        key @ ("enable" | "disable") => match peer(args)? {
            Some(name) => Ok(Body::Command(Command::Enable(name, key == "enable"))),
            None => Err(unreadable(word)),
        },
        "bind" => bind(args),
        "backup" => {
            let what = text!(ja: "相手先のバックアップ", en: "a backup peer");
            Ok(of_peer(args, what, &[Effect::Route], word.span))
        }
        "auth" | "always-on" | "keepalive" | "name" | "mtu" | "disconnect" | "description" => {
            Ok(Body::Irrelevant)
        }
        _ => Err(unreadable(word)),
    }
}

fn of_peer(args: &Args<'_>, what: diag::Text, effects: &[Effect], span: diag::Span) -> Body {
    known_on(what, effects, span, args.context.pp.unwrap_or(IfName::PpAnonymous))
}

/// `pp bind tunnelN…`: remote users, or PPP inside a tunnel.
fn bind(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let what = text!(
        ja: "トンネルや ISDN の上の PPP（リモートアクセス）",
        en: "PPP over a tunnel or ISDN (remote access)",
    );
    let unmodelled = super::known(what, model::Effects::of(&REMOTE), word.span);
    Ok(Body::Unmodelled(Box::new(unmodelled)))
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
    Ok(Body::Irrelevant)
}

/// `pppoe …`.
pub(super) fn pppoe(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "use" => {
            let (carrier, span) = need_interface(args)?;
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
        "auto"
        | "auth"
        | "padi"
        | "padr"
        | "tcp"
        | "service-name"
        | "access-concentrator"
        | "disconnect"
        | "invalid-session"
        | "call" => Ok(Body::Irrelevant),
        _ => Err(unreadable(word)),
    }
}

/// At least two interfaces until the end of the command.
pub(super) fn members(args: &mut Args<'_>) -> Read<Vec<(IfName, diag::Span)>> {
    let mut members = vec![need_interface(args)?, need_interface(args)?];
    while let Some(word) = args.next() {
        let name = interface_name(word.text).ok_or_else(|| unreadable(word))?;
        members.push((name, word.span));
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
            let (id, _) = args.number()?;
            Ok(Body::Command(Command::Select(Some(IfName::Tunnel(small(id))))))
        }
        key @ ("enable" | "disable") => {
            let (id, _) = args.number()?;
            Ok(Body::Command(Command::Enable(IfName::Tunnel(small(id)), key == "enable")))
        }
        "backup" | "template" | "multipoint" | "ngn" => match args.context.tunnel {
            Some(name) => {
                let what = text!(ja: "トンネルの特殊な設定", en: "a special kind of tunnel");
                Ok(known_on(what, &REMOTE, word.span, name))
            }
            None => Err(unreadable(word)),
        },
        "encapsulation" | "endpoint" | "name" | "description" | "map-e" | "keepalive" => {
            Ok(Body::Irrelevant)
        }
        _ => Err(unreadable(word)),
    }
}

/// `ipsec …`.
pub(super) fn ipsec(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "tunnel" => {
            args.number()?;
            match args.context.tunnel {
                Some(name) => Ok(Body::Command(Command::IpsecTunnel(name))),
                None => Err(unreadable(word)),
            }
        }
        "transport" => {
            let what = text!(
                ja: "IPsec トランスポートモード（リモートアクセス）",
                en: "IPsec in transport mode (remote access)",
            );
            let effects = model::Effects::of(&REMOTE);
            Ok(Body::Unmodelled(Box::new(super::known(what, effects, word.span))))
        }
        "ike" | "sa" | "auto" | "ipcomp" | "log" | "refresh" | "use" => Ok(Body::Irrelevant),
        _ => Err(unreadable(word)),
    }
}
