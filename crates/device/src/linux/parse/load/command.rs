//! The commands of a file.

use diag::Span;

use super::Read;
use super::object::added;
use super::refusal::{Load, Refusal, Why};
use super::rule::rule;
use super::set;
use super::walk::{Table, Walk, is_name};
use super::{chain, hook, table};
use crate::registry::linux::config::TableFamily;
use crate::registry::linux::parse::chosen;
use crate::registry::linux::parse::cursor::Cursor;
use crate::registry::linux::parse::lexer::Kind;
use crate::registry::linux::parse::{MAX_DEPTH, MAX_INCLUDES};

/// Looks at a file that is loaded on its own.
pub(super) fn file<'t>(walk: &mut Walk<'t>, file: &'t Read<'t>) -> Load {
    walk.begin();
    inside(walk, file, |walk| commands(walk, 0))?;
    hook::calls(walk)
}

/// Reads the tokens of `file` with `read`, up to its end.
fn inside<'t>(
    walk: &mut Walk<'t>,
    file: &'t Read<'t>,
    read: impl FnOnce(&mut Walk<'t>) -> Load,
) -> Load {
    walk.need(walk.loaded.len() <= MAX_INCLUDES, Why::Large)?;
    walk.loaded.push(file.source);
    if let Some(place) = file.text.find('\r') {
        let span = Span::new(file.source, place, place + 1);
        return Err(Refusal { span, why: Why::LineEnd });
    }
    let cursor = std::mem::replace(&mut walk.cursor, Cursor::new(&file.tokens, file.end()));
    let text = std::mem::replace(&mut walk.text, file.text);
    read(walk)?;
    walk.need(walk.cursor.is_done(), Why::Form)?;
    (walk.cursor, walk.text) = (cursor, text);
    Ok(())
}

fn commands(walk: &mut Walk<'_>, depth: usize) -> Load {
    loop {
        walk.cursor.skip_ends();
        if walk.cursor.is_done() {
            return Ok(());
        }
        command(walk, depth)?;
        walk.separator()?;
    }
}

/// `include "NAME"`; each of the files is read with `read`.
pub(super) fn include<'t>(
    walk: &mut Walk<'t>,
    mut read: impl FnMut(&mut Walk<'t>) -> Load,
) -> Load {
    walk.cursor.bump();
    let at = walk.cursor.at;
    let name = walk.quoted()?;
    let files = walk.files;
    let found = chosen(files, name, |file| file.name).unwrap_or_default();
    if found.is_empty() {
        return walk.refuse_at(at, Why::Absent);
    }
    found.into_iter().try_for_each(|file| inside(walk, file, &mut read))
}

fn command(walk: &mut Walk<'_>, depth: usize) -> Load {
    if definition(walk)? {
        return Ok(());
    }
    let at = walk.cursor.at;
    match walk.cursor.word() {
        Some("include") => {
            walk.need(depth < MAX_DEPTH, Why::Large)?;
            include(walk, |walk| commands(walk, depth + 1))
        }
        Some("flush" | "delete") => removal(walk),
        Some("list") => {
            walk.cursor.bump();
            walk.word("ruleset")
        }
        Some("add") => {
            walk.cursor.bump();
            made(walk, at)
        }
        Some("insert") => {
            walk.cursor.bump();
            walk.need(walk.cursor.is_word("rule"), Why::Form)?;
            made(walk, at)
        }
        Some(
            "table" | "chain" | "rule" | "set" | "map" | "element" | "counter" | "quota" | "limit"
            | "ct" | "flowtable",
        ) => made(walk, at),
        _ => walk.refuse(Why::Form),
    }
}

/// `define NAME = VALUE` and its like; whether one stood here.
pub(super) fn definition(walk: &mut Walk<'_>) -> Load<bool> {
    let kind = match walk.cursor.word() {
        Some(kind @ ("define" | "redefine" | "undefine")) => kind,
        _ => return Ok(false),
    };
    walk.cursor.bump();
    let is_known = walk.cursor.word().is_some_and(|name| walk.is_defined(name));
    if kind == "undefine" {
        walk.need(is_known, Why::Undefined)?;
        let name = walk.name()?;
        walk.undefine(name);
        return Ok(true);
    }
    walk.need(kind == "redefine" || !is_known, Why::Twice)?;
    let name = walk.name()?;
    walk.sign("=")?;
    let start = walk.cursor.at;
    initializer(walk, 0)?;
    walk.need(walk.cursor.is_end(), Why::Form)?;
    walk.define(name, start);
    Ok(true)
}

/// What a variable may hold, whatever its type: whether it fits is seen where it is used.
fn initializer(walk: &mut Walk<'_>, depth: usize) -> Load {
    if walk.cursor.is_sign("{") {
        return items(walk, depth);
    }
    if walk.cursor.take_sign("-") {
        return walk.number(u64::MAX).map(|_| ());
    }
    item(walk)?;
    while walk.cursor.is_sign(",") || walk.cursor.is_sign("|") {
        walk.cursor.bump();
        item(walk)?;
    }
    Ok(())
}

fn items(walk: &mut Walk<'_>, depth: usize) -> Load {
    walk.need(depth < MAX_DEPTH, Why::Large)?;
    walk.sign("{")?;
    walk.line_break();
    loop {
        if walk.cursor.is_sign("{") {
            items(walk, depth + 1)?;
        } else {
            item(walk)?;
        }
        walk.line_break();
        if walk.cursor.take_sign("}") {
            return Ok(());
        }
        let is_broken = matches!(walk.cursor.peek(), Some(Kind::End | Kind::Line));
        walk.need(!is_broken, Why::Break)?;
        walk.sign(",")?;
        walk.line_break();
        if walk.cursor.take_sign("}") {
            return Ok(());
        }
    }
}

/// `a`, `a-b`, `a/24`, `a . b`.
fn item(walk: &mut Walk<'_>) -> Load {
    loop {
        atom(walk)?;
        if walk.cursor.take_sign("-") {
            atom(walk)?;
        } else if walk.cursor.take_sign("/") {
            walk.number(128)?;
        }
        if !walk.takes_dot()? {
            return Ok(());
        }
    }
}

/// Words of nft that are also values.
const VALUES: [&str; 6] = ["tcp", "udp", "icmp", "icmpv6", "esp", "sctp"];

fn atom(walk: &mut Walk<'_>) -> Load {
    let is_atom = match walk.cursor.peek() {
        Some(Kind::Sign("$")) => {
            walk.cursor.bump();
            let name = walk.cursor.word();
            walk.need(name.is_some_and(|name| walk.is_defined(name)), Why::Undefined)?;
            true
        }
        Some(Kind::Word(word)) => {
            is_name(word.trim_end_matches('*')) || VALUES.contains(&word.as_str())
        }
        Some(Kind::Number(number)) => u64::try_from(*number).is_ok(),
        Some(Kind::Quoted(_) | Kind::Address(_) | Kind::Hardware) => true,
        _ => false,
    };
    walk.need(is_atom, Why::Value)?;
    walk.cursor.bump();
    Ok(())
}

/// The family that stands here, or `ip` if none does.
fn family(walk: &mut Walk<'_>) -> TableFamily {
    let found = match walk.cursor.word() {
        Some("ip") => TableFamily::Ip,
        Some("ip6") => TableFamily::Ip6,
        Some("inet") => TableFamily::Inet,
        Some("arp") => TableFamily::Arp,
        Some("bridge") => TableFamily::Bridge,
        Some("netdev") => TableFamily::Netdev,
        _ => return TableFamily::Ip,
    };
    walk.cursor.bump();
    found
}

/// The table that stands here, with its family.
fn known_table(walk: &mut Walk<'_>) -> Load<usize> {
    let at = walk.cursor.at;
    let family = family(walk);
    let name = walk.name()?;
    match walk.table(family, name) {
        Some(found) => Ok(found),
        None => walk.refuse_at(at, Why::Absent),
    }
}

/// `flush …`, `delete …`.
fn removal(walk: &mut Walk<'_>) -> Load {
    let is_flush = walk.any_word()? == "flush";
    let at = walk.cursor.at;
    match walk.any_word()? {
        "ruleset" if is_flush => {
            let only = (!walk.cursor.is_end()).then(|| family(walk));
            walk.tables.retain(|table| only.is_some_and(|only| table.family != only));
            Ok(())
        }
        "table" => {
            let table = known_table(walk)?;
            if is_flush {
                for chain in &mut walk.tables[table].chains {
                    chain.clear();
                }
            } else {
                walk.tables.remove(table);
            }
            Ok(())
        }
        "chain" => {
            let table = known_table(walk)?;
            let at = walk.cursor.at;
            let name = walk.name()?;
            let table = &mut walk.tables[table];
            let Some(chain) = table.chain(name) else { return walk.refuse_at(at, Why::Absent) };
            if is_flush {
                table.chains[chain].clear();
                return Ok(());
            }
            let is_called = table.chains.iter().any(|one| one.calls.contains(&name))
                || table.sets.iter().any(|one| one.calls.iter().any(|(own, _)| *own == name))
                || table.chains[chain].base.is_some();
            table.remove(chain);
            if is_called { walk.refuse_at(at, Why::Absent) } else { Ok(()) }
        }
        _ => walk.refuse_at(at, Why::Form),
    }
}

/// `table …`, `chain …`, `rule …`, `element …`.
fn made(walk: &mut Walk<'_>, at: usize) -> Load {
    let kind = walk.any_word()?;
    if kind == "table" {
        return made_table(walk);
    }
    let kind = if kind == "ct" {
        walk.word("helper")?;
        "ct helper"
    } else {
        kind
    };
    let table = known_table(walk)?;
    match kind {
        "chain" => made_chain(walk, table),
        "rule" => {
            let name_at = walk.cursor.at;
            let name = walk.name()?;
            let Some(chain) = walk.tables[table].chain(name) else {
                return walk.refuse_at(name_at, Why::Undefined);
            };
            let has_words = !walk.cursor.is_end() && !walk.cursor.is_word("comment");
            walk.need(has_words, Why::Form)?;
            rule(walk, table, chain)
        }
        "set" => set::set(walk, table, false),
        "map" => set::set(walk, table, true),
        "element" => {
            let name_at = walk.cursor.at;
            let name = walk.name()?;
            match walk.tables[table].set(name) {
                Some(set) => set::more(walk, table, set),
                None => walk.refuse_at(name_at, Why::Undefined),
            }
        }
        "counter" => added(walk, table, "counter"),
        "quota" => added(walk, table, "quota"),
        "limit" => added(walk, table, "limit"),
        "ct helper" => added(walk, table, "ct helper"),
        "flowtable" => added(walk, table, "flowtable"),
        _ => walk.refuse_at(at, Why::Form),
    }
}

fn made_table(walk: &mut Walk<'_>) -> Load {
    let family = family(walk);
    let name = walk.name()?;
    let index = walk.table(family, name).unwrap_or_else(|| {
        walk.tables.push(Table::new(family, name));
        walk.tables.len() - 1
    });
    if walk.cursor.take_sign("{") { table::body(walk, index) } else { Ok(()) }
}

fn made_chain(walk: &mut Walk<'_>, table: usize) -> Load {
    let span = walk.cursor.here();
    let name = walk.name()?;
    let is_new = walk.tables[table].chain(name).is_none();
    let chain = table::make(walk, table, name, span);
    if walk.cursor.take_sign("{") { chain::body(walk, table, chain, is_new) } else { Ok(()) }
}
