//! `bridge`, `vlan` and `lan`: what joins and divides segments.

use diag::{Text, text};
use model::{Effect, Effects, Ranges, ethertype};

use super::super::config::{Body, Command, IfName};
use super::address::need_interface;
use super::line::members;
use super::{Args, Parsed, known_on, unreadable};

fn port_isolation() -> Text {
    text!(ja: "ポート間の分離", en: "isolation of switch ports")
}

/// `bridge …`.
pub(super) fn bridge(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if !word.text.eq_ignore_ascii_case("member") {
        return Ok(super::other(args));
    }
    let (bridge, span) = need_interface(args)?;
    if !matches!(bridge, IfName::Bridge(_)) {
        return Err(super::Fault::at(
            span,
            text!(ja: "ブリッジインターフェースではありません", en: "this is no bridge interface"),
        ));
    }
    let mut list = Vec::new();
    while !args.is_done() {
        list.push(need_interface(args)?);
    }
    if list.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::BridgeMember(bridge, list)))
}

/// `vlan …`.
pub(super) fn vlan(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if word.text.eq_ignore_ascii_case("port") {
        if !args.take("mapping") {
            return Err(unreadable(word));
        }
        let (part, _) = need_interface(args)?;
        let (vlan, span) = need_interface(args)?;
        return match (part, vlan) {
            (IfName::LanPart(..), IfName::Vlan(_)) => {
                Ok(Body::Command(Command::PortMapping(part, vlan)))
            }
            _ => Err(super::Fault::at(
                span,
                text!(
                    ja: "`vlan port mapping lan1.2 vlan2` の形ではありません",
                    en: "this is not of the form `vlan port mapping lan1.2 vlan2`",
                ),
            )),
        };
    }
    args.at -= 1;
    let (name, span) = need_interface(args)?;
    if !matches!(name, IfName::LanTag(..)) || !args.take("802.1q") {
        return Err(super::Fault::at(
            span,
            text!(
                ja: "`vlan lan1/1 802.1q vid=10` の形ではありません",
                en: "this is not of the form `vlan lan1/1 802.1q vid=10`",
            ),
        ));
    }
    while let Some(word) = args.next() {
        if !word.text.starts_with("vid=") && !word.text.starts_with("name=") {
            return Err(unreadable(word));
        }
    }
    Ok(Body::Command(Command::TaggedVlan(name)))
}

/// `lan …`.
pub(super) fn lan(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    let mut buffer = [0; 24];
    match super::heads::lower(word.text, &mut buffer).unwrap_or("") {
        "type" => lan_type(args),
        "shutdown" => {
            let (name, _) = need_interface(args)?;
            if args.is_done() {
                return Ok(Body::Command(Command::Shutdown(name)));
            }
            let what = text!(ja: "ポート単位の停止", en: "single ports are shut down");
            Ok(known_on(what, &[Effect::Deny], word.span, name))
        }
        "pass-through" => pass_through(args),
        _ => Ok(super::other(args)),
    }
}

/// `lan type lanN … [port-based-option=…]`.
fn lan_type(args: &mut Args<'_>) -> Parsed {
    let (name, _) = need_interface(args)?;
    let mut body = Body::Irrelevant;
    while let Some(word) = args.next() {
        let Some((key, value)) = word.text.split_once('=') else { continue };
        if !key.eq_ignore_ascii_case("port-based-option") {
            continue;
        }
        let value = value.to_ascii_lowercase();
        body = match (value.as_str(), name) {
            ("off", _) => Body::Irrelevant,
            ("divide-network", IfName::Lan(id)) => Body::Command(Command::Divide(id)),
            _ if value.starts_with("split-into-") => {
                known_on(port_isolation(), &[Effect::Deny], word.span, name)
            }
            _ => return Err(unreadable(word)),
        };
    }
    Ok(body)
}

/// `lan pass-through ethertype ID …`, `lan pass-through member ID …`.
fn pass_through(args: &mut Args<'_>) -> Parsed {
    let word = args.need()?;
    if word.text.eq_ignore_ascii_case("member") {
        let (id, _) = args.number()?;
        let members = members(args)?;
        return Ok(Body::Command(Command::LanPassThrough(id, members)));
    }
    if !word.text.eq_ignore_ascii_case("ethertype") {
        let effects = Effects::of(&[Effect::Bridge]);
        let what = text!(ja: "LAN パススルーの設定", en: "a setting of LAN pass-through");
        return Ok(Body::Unmodelled(Box::new(super::known(what, effects, word.span))));
    }
    let (id, _) = args.number()?;
    let mut types = Ranges::none();
    while let Some(word) = args.next() {
        for item in word.text.split(',') {
            let one = match item.to_ascii_lowercase().as_str() {
                "ipv6" => Ranges::one(ethertype::IPV6),
                "pppoe" => Ranges::span(ethertype::PPPOE_DISCOVERY, ethertype::PPPOE_SESSION),
                hex => match hex.strip_prefix("0x").map(|hex| u16::from_str_radix(hex, 16)) {
                    Some(Ok(number)) => Ranges::one(number),
                    _ => return Err(unreadable(word)),
                },
            };
            types = types.union(&one);
        }
    }
    if types.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::LanEthertype(id, Box::new(types))))
}
