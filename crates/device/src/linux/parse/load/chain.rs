//! What stands in the braces of a chain.

use super::command;
use super::datatype::Type;
use super::element;
use super::object::devices;
use super::refusal::{Load, Why};
use super::rule::rule;
use super::value::single;
use super::walk::Walk;
use crate::registry::linux::config::{ChainKind, Hook, TableFamily};
use crate::registry::linux::parse::block::{is_placed, named_priority};
use crate::registry::linux::parse::lexer::Kind;

/// Reads the inside of a chain up to and with its closing brace. `is_new` says whether the chain
/// was made here; the kernel lets no chain become a base chain later.
pub(super) fn body(walk: &mut Walk<'_>, table: usize, chain: usize, is_new: bool) -> Load {
    let scope = walk.scope();
    let (mut has_type, mut has_policy) = (false, false);
    loop {
        walk.cursor.skip_ends();
        if walk.cursor.take_sign("}") {
            walk.tables[table].chains[chain].is_made = true;
            walk.forget(scope);
            return Ok(());
        }
        walk.need(!walk.cursor.is_done(), Why::Form)?;
        let next = walk.cursor.peek_at(1);
        match (walk.cursor.word(), next) {
            (Some("type"), _) => {
                walk.need(!has_type, Why::Twice)?;
                has_type = true;
                base(walk, table, chain, is_new)?;
            }
            (Some("policy"), _) => {
                let is_base = walk.tables[table].chains[chain].base.is_some();
                walk.need(is_base, Why::Place)?;
                walk.need(!has_policy, Why::Twice)?;
                has_policy = true;
                walk.cursor.bump();
                policy(walk)?;
            }
            (Some("comment"), Some(Kind::Quoted(_))) => {
                walk.cursor.bump();
                element::comment(walk)?;
            }
            _ if command::definition(walk)? => {}
            _ => rule(walk, table, chain)?,
        }
        walk.separator()?;
    }
}

fn policy(walk: &mut Walk<'_>) -> Load {
    if walk.cursor.is_sign("$") {
        return walk.held(|walk| match walk.cursor.peek() {
            Some(Kind::Quoted(text)) if text == "accept" || text == "drop" => {
                walk.cursor.bump();
                Ok(())
            }
            _ => walk.refuse(Why::Value),
        });
    }
    let is_known = matches!(walk.cursor.word(), Some("accept" | "drop"));
    walk.need(is_known, Why::Value)?;
    walk.cursor.bump();
    Ok(())
}

/// `type filter hook input device "lan0" priority filter - 10`.
fn base(walk: &mut Walk<'_>, table: usize, chain: usize, is_new: bool) -> Load {
    let at = walk.cursor.at;
    walk.cursor.bump();
    let kind = match walk.any_word()? {
        "filter" => ChainKind::Filter,
        "nat" => ChainKind::Nat,
        "route" => ChainKind::Route,
        _ => return walk.refuse_at(at, Why::Place),
    };
    walk.word("hook")?;
    let hook = match walk.any_word()? {
        "ingress" => Hook::Ingress,
        "prerouting" => Hook::Prerouting,
        "input" => Hook::Input,
        "forward" => Hook::Forward,
        "output" => Hook::Output,
        "postrouting" => Hook::Postrouting,
        "egress" => Hook::Egress,
        _ => return walk.refuse_at(at, Why::Place),
    };
    let family = walk.tables[table].family;
    let has_device = matches!(walk.cursor.word(), Some("device" | "devices"));
    if !is_placed(family, kind, hook, has_device) {
        return walk.refuse_at(at, Why::Place);
    }
    if walk.cursor.take_word("device") {
        single(walk, Type::IfIndex)?;
    } else if walk.cursor.take_word("devices") {
        walk.sign("=")?;
        devices(walk)?;
    }
    let priority = priority(walk, family, kind, hook)?;
    let chain = &mut walk.tables[table].chains[chain];
    let base = (kind, hook, priority);
    let fits = match chain.base {
        Some(known) => known == base,
        None => is_new,
    };
    chain.base = Some(base);
    if fits { Ok(()) } else { walk.refuse_at(at, Why::Place) }
}

/// `priority filter - 10`.
pub(super) fn priority(
    walk: &mut Walk<'_>,
    family: TableFamily,
    kind: ChainKind,
    hook: Hook,
) -> Load<i64> {
    walk.word("priority")?;
    let at = walk.cursor.at;
    let found = if walk.cursor.is_sign("$") {
        walk.held(|walk| held_priority(walk, family, hook))?
    } else {
        written_priority(walk, family, hook)?
    };
    let is_number = i32::try_from(found).is_ok();
    // Translation needs the tracking of connections before it.
    if is_number && (kind != ChainKind::Nat || found > -200) {
        Ok(found)
    } else {
        walk.refuse_at(at, Why::Priority)
    }
}

fn plain(walk: &mut Walk<'_>) -> Load<i64> {
    let is_negative = walk.cursor.take_sign("-");
    let number = walk.number(u64::from(u32::MAX))?;
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    Ok(if is_negative { -number } else { number })
}

fn written_priority(walk: &mut Walk<'_>, family: TableFamily, hook: Hook) -> Load<i64> {
    let Some(word) = walk.cursor.word() else { return plain(walk) };
    let Some(base) = named(word, family, hook) else { return walk.refuse(Why::Priority) };
    walk.cursor.bump();
    if walk.cursor.is_sign("-") {
        return Ok(base + plain(walk)?);
    }
    if walk.cursor.take_sign("+") {
        walk.need(!walk.cursor.is_sign("-"), Why::Priority)?;
        return Ok(base + plain(walk)?);
    }
    Ok(base)
}

/// What a variable holds: a number, a name, or both in quotes.
fn held_priority(walk: &mut Walk<'_>, family: TableFamily, hook: Hook) -> Load<i64> {
    let (Some(Kind::Quoted(text)) | Some(Kind::Word(text))) = walk.cursor.peek() else {
        return plain(walk);
    };
    let name = text.split(' ').next().unwrap_or("");
    let is_bridge = family == TableFamily::Bridge;
    let found = named(name, family, hook).and_then(|_| named_priority(text, is_bridge));
    match found {
        Some(found) => {
            walk.cursor.bump();
            Ok(found)
        }
        None => walk.refuse(Why::Priority),
    }
}

/// The number of a name, where the hook has it.
fn named(name: &str, family: TableFamily, hook: Hook) -> Option<i64> {
    let fits = match (family, name) {
        (_, "filter") => true,
        (TableFamily::Netdev | TableFamily::Arp, _) => false,
        (_, "dstnat") => hook == Hook::Prerouting,
        (_, "srcnat") => hook == Hook::Postrouting,
        (TableFamily::Bridge, "out") => hook == Hook::Output,
        (TableFamily::Bridge, _) => false,
        (_, "raw" | "mangle" | "security") => true,
        _ => false,
    };
    let is_bridge = family == TableFamily::Bridge;
    named_priority(name, is_bridge).filter(|_| fits)
}
