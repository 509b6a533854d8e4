//! Single values and ranges of a type.

use std::net::IpAddr;

use model::Family;

use super::datatype::Type;
use super::refusal::{Load, Why};
use super::symbol;
use super::walk::Walk;
use super::word;
use crate::registry::linux::parse::lexer::Kind;

/// What a value or a range covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covered {
    pub(super) low: u128,
    pub(super) high: u128,
    /// Whether it is written as more than one value.
    pub(super) is_range: bool,
}

/// `IFNAMSIZ` without the zero byte at its end.
const NAME_MAX: usize = 15;

/// One value.
pub(super) fn single(walk: &mut Walk<'_>, ty: Type) -> Load<u128> {
    walk.spend()?;
    let value = match walk.cursor.peek() {
        Some(Kind::Sign("$")) => return walk.held(|walk| single(walk, ty)),
        Some(Kind::Number(number)) => {
            let most = ty.most().map(u128::from);
            most.filter(|most| number <= most).map(|_| *number)
        }
        Some(Kind::Address(IpAddr::V4(v4))) if ty == Type::Ipv4 => Some(u128::from(v4.to_bits())),
        Some(Kind::Address(IpAddr::V6(v6))) if ty == Type::Ipv6 => Some(v6.to_bits()),
        Some(Kind::Hardware) if ty == Type::Ether => hardware(walk),
        Some(Kind::Word(text)) => plain(walk, ty, text)?,
        Some(Kind::Quoted(text)) => quoted(walk, ty, text)?,
        _ => None,
    };
    match value {
        Some(value) => {
            walk.cursor.bump();
            Ok(value)
        }
        None => walk.refuse(Why::Value),
    }
}

fn hardware(walk: &Walk<'_>) -> Option<u128> {
    let span = walk.cursor.here();
    let text = walk.text.get(span.start as usize..span.end as usize)?;
    let mut value = 0;
    for part in text.split(':') {
        value = value << 8 | u128::from(u8::from_str_radix(part, 16).ok()?);
    }
    Some(value)
}

fn plain(walk: &Walk<'_>, ty: Type, text: &str) -> Load<Option<u128>> {
    Ok(match ty {
        // A number with letters behind it is two words for nft.
        Type::IfName | Type::IfIndex if text.starts_with(|one: char| one.is_ascii_digit()) => None,
        Type::IfName if word::is_kept(text) || text.ends_with('*') => None,
        Type::IfName => interface_name(text),
        Type::IfIndex if word::is_kept(text) => None,
        Type::IfIndex => return index(walk, text),
        Type::Stretch => stretch(text).map(u128::from),
        _ => symbol::value(ty, text).map(u128::from),
    })
}

fn quoted(walk: &Walk<'_>, ty: Type, text: &str) -> Load<Option<u128>> {
    Ok(match ty {
        Type::IfName if text.ends_with('*') => None,
        Type::IfName | Type::Text => interface_name(text),
        Type::IfIndex => return index(walk, text),
        Type::Day | Type::Group => symbol::value(ty, text).map(u128::from),
        Type::Time => moment(text),
        Type::Hour => hour(text).map(u128::from),
        _ => None,
    })
}

/// Interfaces are compared by number: nft looks the name up when it loads the rules.
fn index(walk: &Walk<'_>, text: &str) -> Load<Option<u128>> {
    walk.need(walk.has_interface(text), Why::Interface)?;
    Ok(interface_name(text))
}

/// The bytes of a name, those that come first being the highest.
fn interface_name(text: &str) -> Option<u128> {
    let is_plain = text.bytes().all(|one| one.is_ascii_graphic() && !b"*\\/%".contains(&one));
    if text.is_empty() || text.len() > NAME_MAX || !is_plain {
        return None;
    }
    let mut bytes = [0; 16];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    Some(u128::from_be_bytes(bytes))
}

/// `10:00` or `10:00:30`, in seconds.
fn hour(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let mut part = |most: u32| {
        let text = parts.next()?;
        let is_fit = text.len() == 2 && text.bytes().all(|one| one.is_ascii_digit());
        text.parse().ok().filter(|number| is_fit && *number <= most)
    };
    let (hours, minutes) = (part(23)?, part(59)?);
    let seconds = if text.len() > 5 { part(59)? } else { 0 };
    parts.next().is_none().then_some(hours * 3600 + minutes * 60 + seconds)
}

/// `2026-11-23 08:30:00`, as a number that grows with time.
fn moment(text: &str) -> Option<u128> {
    let is_shaped = text.len() == MOMENT.len()
        && text.bytes().zip(MOMENT.bytes()).all(|(one, shape)| match shape {
            b'0' => one.is_ascii_digit(),
            sign => one == sign,
        });
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        // Without the 29th, which not every year has.
        2 => 28,
        _ => 31,
    };
    let is_day =
        (2000..2100).contains(&year) && (1..=12).contains(&month) && (1..=last).contains(&day);
    let is_time = part(11, 13)? < 24 && part(14, 16)? < 60 && part(17, 19)? < 60;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (is_shaped && is_day && is_time).then(|| digits.parse().ok()).flatten()
}

const MOMENT: &str = "0000-00-00 00:00:00";

/// `1d2h3m4s`, in seconds.
pub(super) fn stretch(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    for (unit, seconds) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 5 || !rest[digits..].starts_with(unit) {
            continue;
        }
        total += rest[..digits].parse::<u64>().ok()? * seconds;
        rest = &rest[digits + 1..];
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

/// A value, a range, a prefix or a name that ends in `*`.
pub(super) fn covered(walk: &mut Walk<'_>, ty: Type) -> Load<Covered> {
    if walk.cursor.is_sign("$") {
        return walk.held(|walk| covered(walk, ty));
    }
    if ty == Type::IfName
        && let Some(found) = wildcard(walk)
    {
        walk.cursor.bump();
        return Ok(found);
    }
    let at = walk.cursor.at;
    let low = single(walk, ty)?;
    if walk.cursor.is_sign("-") {
        walk.need(ty.is_ordered(), Why::Operator)?;
        walk.cursor.bump();
        let high = single(walk, ty)?;
        if high < low {
            return walk.refuse_at(at, Why::Range);
        }
        return Ok(Covered { low, high, is_range: true });
    }
    if walk.cursor.is_sign("/") && matches!(ty, Type::Ipv4 | Type::Ipv6) {
        walk.cursor.bump();
        let length = match walk.number(u64::from(ty.bits())) {
            Ok(length) => u32::try_from(length).unwrap_or(0),
            Err(_) => return walk.refuse_at(at, Why::Range),
        };
        let host = (1_u128 << (ty.bits() - length).min(127)).wrapping_sub(1)
            | if ty.bits() - length == 128 { u128::MAX } else { 0 };
        // Where bits of the host are set, it is not known whether nft counts from there.
        let high = low.saturating_add(host);
        return Ok(Covered { low: low & !host, high, is_range: true });
    }
    Ok(Covered { low, high: low, is_range: false })
}

fn wildcard(walk: &Walk<'_>) -> Option<Covered> {
    let (Some(Kind::Word(text)) | Some(Kind::Quoted(text))) = walk.cursor.peek() else {
        return None;
    };
    let start = text.strip_suffix('*')?;
    let is_word = matches!(walk.cursor.peek(), Some(Kind::Word(_)));
    if is_word && text.starts_with(|one: char| one.is_ascii_digit()) {
        return None;
    }
    let low = interface_name(start).filter(|_| start.len() < NAME_MAX)?;
    let high = low | u128::MAX >> (8 * start.len());
    Some(Covered { low, high, is_range: true })
}

/// The type of addresses of a family.
pub(super) fn addresses(family: Family) -> Type {
    match family {
        Family::V4 => Type::Ipv4,
        Family::V6 => Type::Ipv6,
    }
}
