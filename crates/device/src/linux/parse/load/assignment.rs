//! `FIELD set VALUE`.

use super::datatype::Type;
use super::element::{self, Elements, Shape};
use super::field::{Field, Settable, field, fields, note};
use super::hook;
use super::refusal::{Load, Why};
use super::rule::{Place, named_set};
use super::statement::object;
use super::value::single;
use super::walk::{Data, Walk};
use crate::registry::linux::parse::lexer::Kind;

/// What follows `set`.
pub(super) fn assignment(walk: &mut Walk<'_>, place: &mut Place, target: Field) -> Load {
    match target.set {
        Settable::No => walk.refuse(Why::Form),
        Settable::Object(kind) => {
            walk.need(matches!(walk.cursor.peek(), Some(Kind::Quoted(_))), Why::Value)?;
            object(walk, place, kind)
        }
        Settable::PacketKind => {
            note(place, hook::PACKET_KIND);
            single(walk, target.ty).map(|_| ())
        }
        Settable::SegmentSize if walk.cursor.is_word("rt") => {
            note(place, hook::RT_MTU);
            walk.cursor.bump();
            walk.word("mtu")
        }
        Settable::SegmentSize => single(walk, target.ty).map(|_| ()),
        Settable::Value if target.ty == Type::CtEvent => events(walk),
        Settable::Value if target.ty == Type::ClassId => class(walk),
        Settable::Value => single(walk, target.ty).map(|_| ()),
        Settable::Mark => mark(walk, place),
    }
}

fn events(walk: &mut Walk<'_>) -> Load {
    single(walk, Type::CtEvent)?;
    while walk.cursor.take_sign(",") {
        single(walk, Type::CtEvent)?;
    }
    Ok(())
}

/// `1:10` of traffic control, in hexadecimal digits.
fn class(walk: &mut Walk<'_>) -> Load {
    walk.number(99)?;
    walk.sign(":")?;
    walk.number(99).map(|_| ())
}

/// A number, or the mark of the packet or of its connection, perhaps with some bits changed; or
/// what a map gives.
fn mark(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    if !matches!(walk.cursor.peek(), Some(Kind::Word(_))) {
        return single(walk, Type::Mark).map(|_| ());
    }
    let at = walk.cursor.at;
    if computed(walk, place)? {
        return Ok(());
    }
    let found = fields(walk, place)?;
    if walk.cursor.take_word("map") {
        return looked_up(walk, place, &found);
    }
    let is_mark = found.len() == 1 && found[0].ty == Type::Mark;
    if !is_mark {
        return walk.refuse_at(at, Why::Type);
    }
    for (sign, word) in [("&", "and"), ("|", "or"), ("^", "xor")] {
        if walk.cursor.take_sign(sign) || walk.cursor.take_word(word) {
            single(walk, Type::Mark)?;
        }
    }
    Ok(())
}

/// `numgen inc mod 2`, `jhash ip saddr mod 4 seed 1`; whether one stood here.
fn computed(walk: &mut Walk<'_>, place: &mut Place) -> Load<bool> {
    let head = match walk.cursor.word() {
        Some(head @ ("numgen" | "jhash")) => head,
        _ => return Ok(false),
    };
    walk.cursor.bump();
    if head == "numgen" {
        let is_known = matches!(walk.cursor.word(), Some("inc" | "random"));
        walk.need(is_known, Why::Form)?;
        walk.cursor.bump();
    } else {
        let at = walk.cursor.at;
        let found = fields(walk, place)?;
        if !found.iter().all(|one| one.ty.is_part()) {
            return walk.refuse_at(at, Why::Type);
        }
    }
    walk.word("mod")?;
    walk.need(!matches!(walk.cursor.peek(), Some(Kind::Number(0))), Why::Value)?;
    walk.number(0xffff)?;
    if head == "jhash" && walk.cursor.take_word("seed") {
        walk.number(u64::from(u32::MAX))?;
    }
    if walk.cursor.take_word("offset") {
        walk.number(0xffff)?;
    }
    Ok(true)
}

fn looked_up(walk: &mut Walk<'_>, place: &Place, fields: &[Field]) -> Load {
    let key: Vec<Type> = fields.iter().map(|one| one.ty).collect();
    let data = Data::Values(vec![Type::Mark]);
    if walk.cursor.is_sign("@") {
        let map = named_set(walk, place)?;
        let map = &walk.tables[place.table].sets[map];
        let fits = map.key == key && map.data.as_ref() == Some(&data);
        return walk.need(fits, Why::Type);
    }
    let at = walk.cursor.at;
    let mut found = Elements::default();
    let shape = Shape { key: &key, data: Some(&data), flags: None };
    element::list(walk, shape, &mut found, 0)?;
    element::apart(&found.bounds, key.len(), false, walk.cursor.since(at))
}

/// Fields of `typeof`, which stand in no rule.
pub(super) fn type_of(walk: &mut Walk<'_>, place: &mut Place) -> Load<Type> {
    walk.headers = super::header::Headers::of(place.family);
    let at = walk.cursor.at;
    let found = field(walk, place)?;
    if found.ty.is_part() { Ok(found.ty) } else { walk.refuse_at(at, Why::Type) }
}
