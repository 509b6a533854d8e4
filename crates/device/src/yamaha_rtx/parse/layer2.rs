//! `bridge`, `vlan` and `lan`: what joins and divides segments.

use diag::text;
use model::{Effect, Effects, Ranges, ethertype};

use super::super::config::{Body, Command, Division, IfName};
use super::address::{interface_name, need_interface};
use super::form::fits;
use super::line::members;
use super::{Args, Parsed, known_on, unreadable};

/// Numbers of tagged VLANs.
///
/// # Source
/// IEEE 802.1Q; number 1 is the untagged VLAN of switches.
const VIDS: std::ops::RangeInclusive<u16> = 2..=4094;

/// Words of `lan type` that say how fast a port is.
const SPEEDS: [&str; 7] =
    ["auto", "2500-fdx", "1000-fdx", "100-fdx", "100-hdx", "10-fdx", "10-hdx"];

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
    let mut tag = None;
    while let Some(word) = args.next() {
        match word.text.split_once('=') {
            Some((key, value)) if key.eq_ignore_ascii_case("vid") && tag.is_none() => {
                let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
                let value = value.parse().ok().filter(|value| is_number && VIDS.contains(value));
                tag = Some(value.ok_or_else(|| unreadable(word))?);
            }
            Some((key, _)) if key.eq_ignore_ascii_case("name") => {}
            _ => return Err(unreadable(word)),
        }
    }
    match tag {
        Some(tag) => Ok(Body::Command(Command::TaggedVlan(name, tag))),
        None => Err(unreadable(args.words[0])),
    }
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
            Ok(known_on(what, &[Effect::Stall], word.span, name))
        }
        "pass-through" => pass_through(args),
        "port-mirroring" => mirroring(args),
        "link-aggregation" => aggregation(args),
        "flexible-port" => flexible_port(args),
        _ => Ok(super::other(args)),
    }
}

/// `lan port-mirroring lanN PORT …`.
fn mirroring(args: &mut Args<'_>) -> Parsed {
    match args.words.get(args.at).and_then(|word| interface_name(word.text)) {
        Some(IfName::Lan(id)) => {
            args.at = args.words.len();
            Ok(Body::Command(Command::PortMirroring(id)))
        }
        _ => Ok(super::other(args)),
    }
}

/// `lan flexible-port lanN=SOCKETS…`: each socket belongs to one LAN.
fn flexible_port(args: &mut Args<'_>) -> Parsed {
    let mut lans = Vec::new();
    let mut taken: Vec<u16> = Vec::new();
    while let Some(word) = args.next() {
        let (name, sockets) = word.text.split_once('=').ok_or_else(|| unreadable(word))?;
        let Some(IfName::Lan(id)) = interface_name(name) else { return Err(unreadable(word)) };
        let sockets: Option<Vec<u16>> =
            sockets.split(',').map(run).try_fold(Vec::new(), |mut all, run| {
                all.extend(run?);
                Some(all)
            });
        let sockets = sockets.ok_or_else(|| unreadable(word))?;
        if lans.contains(&id) || sockets.iter().any(|one| taken.contains(one)) {
            return Err(unreadable(word));
        }
        taken.extend(sockets);
        lans.push(id);
    }
    if lans.is_empty() {
        args.need()?;
    }
    Ok(Body::Command(Command::FlexiblePort(lans)))
}

/// LIMIT: sockets of a router.
const SOCKETS: u16 = 64;

/// `3` or `1-6`.
fn run(text: &str) -> Option<std::ops::RangeInclusive<u16>> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let one = |text: &str| text.parse::<u16>().ok().filter(|socket| (1..=SOCKETS).contains(socket));
    let (low, high) = (one(low)?, one(high)?);
    (low <= high).then_some(low..=high)
}

/// `lan link-aggregation static ID lanN:PORT…`: ports of one switch that carry the same frames.
fn aggregation(args: &mut Args<'_>) -> Parsed {
    let lan = |word: &super::Word<'_>| {
        let (name, port) = word.text.split_once(':')?;
        match interface_name(name)? {
            IfName::Lan(id) if is_port(port) => Some(id),
            _ => None,
        }
    };
    let lans: Vec<u16> = args.words.iter().filter_map(lan).collect();
    if lans.is_empty() {
        return Err(unreadable(args.words[1]));
    }
    args.at = args.words.len();
    Ok(Body::Command(Command::Aggregation(lans)))
}

/// `lan type lanN SPEED [PORT…] [SPEED …] [OPTION=VALUE…]`.
fn lan_type(args: &mut Args<'_>) -> Parsed {
    let (name, span) = need_interface(args)?;
    let IfName::Lan(id) = name else {
        return Err(super::Fault::at(
            span,
            text!(ja: "LAN インターフェースではありません", en: "this is no LAN interface"),
        ));
    };
    let mut division = (Division::Unsaid, span);
    while let Some(word) = args.next() {
        let Some((key, value)) = word.text.split_once('=') else {
            let is_speed = SPEEDS.iter().any(|speed| word.text.eq_ignore_ascii_case(speed));
            if is_speed || word.text.split(',').all(is_port) {
                continue;
            }
            return Err(unreadable(word));
        };
        let value = value.to_ascii_lowercase();
        let said = match key.to_ascii_lowercase().as_str() {
            "port-based-option" => match value.as_str() {
                "off" => Division::Whole,
                "divide-network" => Division::Divided,
                _ if value.starts_with("split-into-") => Division::Isolated,
                _ => return Err(unreadable(word)),
            },
            // Other keys that divide the ports, of older models.
            key if key.starts_with("port-based") && value == "off" => Division::Whole,
            key if key.starts_with("port-based") => Division::Other,
            _ if fits(&[word], &LAN_OPTIONS) => continue,
            _ => return Err(unreadable(word)),
        };
        if division.0 != Division::Unsaid {
            return Err(unreadable(word));
        }
        division = (said, word.span);
    }
    Ok(Body::Command(Command::LanType(id, division.0, division.1)))
}

/// Options of `lan type` that divide nothing.
const LAN_OPTIONS: [&str; 5] = [
    "mtu=#",
    "auto-crossover=on/off",
    "macaddress-aging=on/off/#",
    "speed-downshift=on/off",
    "flow-control=on/off",
];

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
