//! Statements other than comparisons.

use super::datatype::Type;
use super::element::{counter, verdict};
use super::field::{fields, note, of_ip};
use super::refusal::{Load, Why};
use super::rule::{Place, call, named_set, relation};
use super::value::single;
use super::walk::Walk;
use super::{hook, nat};
use crate::registry::linux::config::TableFamily;
use crate::registry::linux::parse::lexer::Kind;
use crate::registry::linux::parse::statement as forms;

/// Reads one statement; whether nothing but a comment may follow it.
pub(super) fn statement(walk: &mut Walk<'_>, place: &mut Place) -> Load<bool> {
    if let Some(found) = verdict(walk)? {
        if let Some((name, span)) = found {
            call(walk, place, name, span)?;
        }
        return Ok(true);
    }
    let is_named = matches!(walk.cursor.peek_at(1), Some(Kind::Word(word)) if word == "name");
    match walk.cursor.word() {
        Some("counter" | "limit" | "quota") if is_named => named(walk, place)?,
        Some("counter") => {
            walk.cursor.bump();
            counter(walk)?;
        }
        // nft prints it, and loads nothing of a file with it: what a listing holds is in force.
        Some("xt") if forms::xt_match(&walk.cursor).is_some() => {
            walk.xt.get_or_insert(walk.cursor.here());
            for _ in 0..3 {
                walk.cursor.bump();
            }
        }
        Some("log") => form(walk, forms::log)?,
        Some("limit") => form(walk, |cursor| forms::limit(cursor).map(drop))?,
        Some("quota") => form(walk, |cursor| forms::quota(cursor).map(drop))?,
        Some("ct") if is_count(walk) => count(walk, place)?,
        Some("notrack") => {
            of_ip(walk, place, hook::CT)?;
            walk.cursor.bump();
        }
        Some("reject") => {
            nat::reject(walk, place)?;
            return Ok(true);
        }
        Some("snat" | "dnat" | "masquerade" | "redirect") => {
            nat::nat(walk, place)?;
            return Ok(true);
        }
        Some("fwd") => {
            relay(walk, place)?;
            return Ok(true);
        }
        Some("add" | "update" | "delete") => update(walk, place)?,
        Some("flow") => flow(walk, place)?,
        _ => return relation(walk, place),
    }
    Ok(false)
}

/// What the reading of statements knows just as well.
fn form<'t>(
    walk: &mut Walk<'t>,
    read: impl FnOnce(&mut crate::registry::linux::parse::cursor::Cursor<'t>) -> Option<()>,
) -> Load {
    let at = walk.cursor.at;
    match read(&mut walk.cursor) {
        Some(()) => Ok(()),
        None => walk.refuse_at(at, Why::Form),
    }
}

/// `counter name "x"`: an object of the table.
fn named(walk: &mut Walk<'_>, place: &Place) -> Load {
    let kind = walk.any_word()?;
    walk.word("name")?;
    object(walk, place, kind)
}

/// The name of an object of the table, which must be there.
pub(super) fn object(walk: &mut Walk<'_>, place: &Place, kind: &str) -> Load {
    let at = walk.cursor.at;
    let name = match walk.cursor.peek() {
        Some(Kind::Quoted(_)) => walk.quoted()?,
        _ => walk.name()?,
    };
    let mut objects = walk.tables[place.table].objects.iter();
    if objects.any(|(own, known)| *own == kind && *known == name) {
        Ok(())
    } else {
        walk.refuse_at(at, Why::Undefined)
    }
}

fn is_count(walk: &Walk<'_>) -> bool {
    matches!(walk.cursor.peek_at(1), Some(Kind::Word(word)) if word == "count")
}

/// `ct count over 20`.
fn count(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    of_ip(walk, place, hook::CT)?;
    walk.cursor.bump();
    walk.cursor.bump();
    walk.cursor.take_word("over");
    walk.number(u64::from(u32::MAX)).map(|_| ())
}

/// `fwd to "wan0"`.
fn relay(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    walk.need(place.family == TableFamily::Netdev, Why::Family)?;
    note(place, hook::RELAY);
    walk.cursor.bump();
    walk.word("to")?;
    single(walk, Type::IfIndex).map(|_| ())
}

/// `flow add @table`.
fn flow(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    of_ip(walk, place, hook::FLOW)?;
    walk.cursor.bump();
    walk.word("add")?;
    walk.sign("@")?;
    object(walk, place, "flowtable")
}

/// `add @set { ip saddr timeout 1m limit rate 5/second }`.
fn update(walk: &mut Walk<'_>, place: &mut Place) -> Load {
    walk.cursor.bump();
    let set = named_set(walk, place)?;
    walk.sign("{")?;
    let at = walk.cursor.at;
    let fields = fields(walk, place)?;
    let set = &walk.tables[place.table].sets[set];
    let flags = set.flags;
    let fits = set.data.is_none() && set.key.iter().eq(fields.iter().map(|one| &one.ty));
    if !fits {
        return walk.refuse_at(at, Why::Type);
    }
    let is_open = flags.dynamic && !flags.interval && !flags.constant;
    walk.need(is_open, Why::Flag)?;
    if walk.cursor.is_word("timeout") {
        walk.need(flags.timeout, Why::Flag)?;
        walk.cursor.bump();
        single(walk, Type::Stretch)?;
    }
    match walk.cursor.word() {
        Some("limit") => form(walk, |cursor| forms::limit(cursor).map(drop))?,
        Some("ct") if is_count(walk) => count(walk, place)?,
        Some("counter") => walk.cursor.bump(),
        _ => {}
    }
    walk.sign("}")
}
