//! Statements that translate addresses, and `reject`.

use model::Family;

use super::datatype::Type;
use super::element::{self, Elements, Shape, is_list};
use super::field::{fields, note, of_ip};
use super::hook;
use super::refusal::{Load, Why};
use super::rule::{Place, named_set};
use super::value::{addresses, covered};
use super::walk::{Data, Walk};
use crate::registry::linux::config::TableFamily;
use crate::registry::linux::parse::lexer::Kind;
use crate::registry::linux::parse::statement::{REJECT_BOTH, REJECT_V4, REJECT_V6};

/// `snat`, `dnat`, `masquerade` and `redirect` with what follows them.
pub(super) fn nat(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    let kind = walk.any_word()?;
    let uses = match kind {
        "snat" => hook::SNAT,
        "masquerade" => hook::MASQUERADE,
        _ => hook::DNAT,
    };
    of_ip(walk, place, uses)?;
    match kind {
        "snat" | "dnat" => target(walk, place)?,
        _ if walk.cursor.take_word("to") => {
            walk.sign(":")?;
            port(walk)?;
        }
        _ => {}
    }
    flags(walk)
}

fn port(walk: &mut Walk<'_>) -> Load {
    walk.ask(|headers| headers.has_transport())?;
    covered(walk, Type::Service).map(|_| ())
}

/// `random,persistent`.
fn flags(walk: &mut Walk<'_>) -> Load {
    let is_flag =
        |word: Option<&str>| matches!(word, Some("random" | "fully-random" | "persistent"));
    while is_flag(walk.cursor.word()) {
        walk.cursor.bump();
        if walk.cursor.take_sign(",") {
            walk.need(is_flag(walk.cursor.word()), Why::Form)?;
        }
    }
    Ok(())
}

/// `[ip] to 192.0.2.1[:80]`, `ip to tcp dport map { … }`.
fn target(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    let written = match walk.cursor.word() {
        Some("ip") => Some(Family::V4),
        Some("ip6") => Some(Family::V6),
        _ => None,
    };
    if written.is_some() {
        walk.cursor.bump();
    }
    let here = match place.family {
        TableFamily::Ip => Some(Family::V4),
        TableFamily::Ip6 => Some(Family::V6),
        _ => match walk.headers.version() {
            Some(4) => Some(Family::V4),
            Some(_) => Some(Family::V6),
            None => None,
        },
    };
    let at = walk.cursor.at;
    walk.word("to")?;
    if written.is_none() && walk.cursor.take_sign(":") {
        return port(walk);
    }
    let (Some(family), true) =
        (written.or(here), written.is_none() || here.is_none() || written == here)
    else {
        return walk.refuse_at(at, Why::Family);
    };
    let ty = addresses(family);
    if walk.cursor.is_sign("[") {
        walk.need(family == Family::V6, Why::Value)?;
        walk.cursor.bump();
        covered(walk, ty)?;
        walk.sign("]")?;
    } else if matches!(walk.cursor.peek(), Some(Kind::Word(_))) {
        return looked_up(walk, place, ty);
    } else {
        covered(walk, ty)?;
        // Behind a bare address of IPv6 a colon would belong to it.
        walk.need(family == Family::V4 || !walk.cursor.is_sign(":"), Why::Form)?;
    }
    if walk.cursor.take_sign(":") { port(walk) } else { Ok(()) }
}

/// `ip daddr map { … }`, `ip daddr map @m`.
fn looked_up(walk: &mut Walk<'_>, place: &mut Place, ty: Type) -> Load {
    let fields = fields(walk, place)?;
    walk.word("map")?;
    let key: Vec<Type> = fields.iter().map(|one| one.ty).collect();
    let data = Data::Values(vec![ty]);
    if walk.cursor.is_sign("@") {
        let map = named_set(walk, place)?;
        let map = &walk.tables[place.table].sets[map];
        let fits = map.key == key && map.data.as_ref() == Some(&data);
        return walk.need(fits, Why::Type);
    }
    walk.need(is_list(walk), Why::Form)?;
    let at = walk.cursor.at;
    let mut found = Elements::default();
    let shape = Shape { key: &key, data: Some(&data), flags: None };
    element::list(walk, shape, &mut found, 0)?;
    element::apart(&found.bounds, key.len(), false, walk.cursor.since(at))
}

/// `reject`, `reject with icmp type host-unreachable`, `reject with tcp reset`.
pub(super) fn reject(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    note(place, hook::REJECT);
    walk.cursor.bump();
    walk.ask(|headers| headers.is_ip())?;
    if !walk.cursor.take_word("with") {
        return Ok(());
    }
    let at = walk.cursor.at;
    let codes: &[&str] = match walk.any_word()? {
        "tcp" => {
            walk.ask(|headers| headers.transport(6))?;
            return walk.word("reset");
        }
        "icmp" => {
            walk.ask(|headers| headers.v4())?;
            &REJECT_V4
        }
        "icmpv6" => {
            walk.ask(|headers| headers.v6())?;
            &REJECT_V6
        }
        "icmpx" => {
            let has_one = matches!(place.family, TableFamily::Ip | TableFamily::Ip6);
            walk.need(!has_one, Why::Family)?;
            &REJECT_BOTH
        }
        _ => return walk.refuse_at(at, Why::Form),
    };
    walk.cursor.take_word("type");
    match walk.cursor.word() {
        Some(word) if codes.contains(&word) => {
            walk.cursor.bump();
            Ok(())
        }
        _ => walk.refuse(Why::Value),
    }
}
