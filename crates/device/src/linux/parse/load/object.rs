//! Objects of a table that rules name: counters, quotas, limits, helpers and flow tables.

use super::chain::priority;
use super::datatype::Type;
use super::element::{self, Elements, Shape};
use super::refusal::{Load, Why};
use super::walk::Walk;
use crate::registry::linux::config::{ChainKind, Hook, TableFamily};
use crate::registry::linux::parse::lexer::Kind;
use crate::registry::linux::parse::statement as forms;

/// As [`object`], in a command of its own, where a counter needs no braces.
pub(super) fn added(walk: &mut Walk<'_>, table: usize, kind: &'static str) -> Load {
    let is_bare = matches!(walk.cursor.peek_at(1), None | Some(Kind::Line | Kind::End));
    if kind == "counter" && is_bare {
        let name = new_name(walk, table, kind)?;
        walk.tables[table].objects.push((kind, name));
        return Ok(());
    }
    object(walk, table, kind)
}

fn new_name<'t>(walk: &mut Walk<'t>, table: usize, kind: &str) -> Load<&'t str> {
    let at = walk.cursor.at;
    let name = walk.name()?;
    let mut known = walk.tables[table].objects.iter();
    if known.any(|(own, known)| *own == kind && *known == name) {
        return walk.refuse_at(at, Why::Twice);
    }
    Ok(name)
}

/// `counter NAME { … }` and its like; the first word, `kind`, has been read.
pub(super) fn object(walk: &mut Walk<'_>, table: usize, kind: &'static str) -> Load {
    let name = new_name(walk, table, kind)?;
    let family = walk.tables[table].family;
    walk.sign("{")?;
    match kind {
        "counter" => counter(walk)?,
        "quota" => one_line(walk, forms::amount)?,
        "limit" => one_line(walk, forms::rate)?,
        "ct helper" => helper(walk, family)?,
        _ => flowtable(walk, family)?,
    }
    walk.sign("}")?;
    walk.tables[table].objects.push((kind, name));
    Ok(())
}

fn counter(walk: &mut Walk<'_>) -> Load {
    walk.cursor.skip_ends();
    if walk.cursor.is_word("packets") {
        element::counter(walk)?;
        walk.cursor.skip_ends();
    }
    Ok(())
}

fn one_line<'t, T>(
    walk: &mut Walk<'t>,
    read: impl FnOnce(&mut crate::registry::linux::parse::cursor::Cursor<'t>) -> Option<T>,
) -> Load {
    walk.cursor.skip_ends();
    let at = walk.cursor.at;
    if read(&mut walk.cursor).is_none() {
        return walk.refuse_at(at, Why::Form);
    }
    walk.cursor.skip_ends();
    Ok(())
}

/// Helpers of the kernel with their protocols.
const HELPERS: [(&str, &str); 12] = [
    ("ftp", "tcp"),
    ("tftp", "udp"),
    ("sip", "udp"),
    ("sip", "tcp"),
    ("irc", "tcp"),
    ("netbios-ns", "udp"),
    ("snmp", "udp"),
    ("pptp", "tcp"),
    ("amanda", "udp"),
    ("sane", "tcp"),
    ("RAS", "udp"),
    ("Q.931", "tcp"),
];

fn helper(walk: &mut Walk<'_>, family: TableFamily) -> Load {
    walk.cursor.skip_ends();
    walk.word("type")?;
    let at = walk.cursor.at;
    let name = walk.quoted()?;
    walk.word("protocol")?;
    let protocol = walk.any_word()?;
    if !HELPERS.contains(&(name, protocol)) {
        return walk.refuse_at(at, Why::Value);
    }
    walk.separator()?;
    walk.cursor.skip_ends();
    if walk.cursor.take_word("l3proto") {
        let fits = matches!(
            (walk.cursor.word(), family),
            (Some("ip"), TableFamily::Ip | TableFamily::Inet)
                | (Some("ip6"), TableFamily::Ip6 | TableFamily::Inet)
                | (Some("inet"), TableFamily::Inet)
        );
        walk.need(fits, Why::Family)?;
        walk.cursor.bump();
        walk.separator()?;
        walk.cursor.skip_ends();
    }
    Ok(())
}

/// `hook ingress priority 0; devices = { lan0, wan0 };`.
fn flowtable(walk: &mut Walk<'_>, family: TableFamily) -> Load {
    let is_ip = matches!(family, TableFamily::Ip | TableFamily::Ip6 | TableFamily::Inet);
    walk.need(is_ip, Why::Family)?;
    walk.cursor.skip_ends();
    walk.word("hook")?;
    walk.word("ingress")?;
    priority(walk, TableFamily::Netdev, ChainKind::Filter, Hook::Ingress)?;
    walk.separator()?;
    walk.cursor.skip_ends();
    walk.word("devices")?;
    walk.sign("=")?;
    devices(walk)?;
    walk.separator()?;
    walk.cursor.skip_ends();
    if walk.cursor.take_word("counter") {
        walk.separator()?;
        walk.cursor.skip_ends();
    }
    Ok(())
}

/// `{ lan0, wan0 }`: interfaces that are there, each once.
pub(super) fn devices(walk: &mut Walk<'_>) -> Load {
    let at = walk.cursor.at;
    let mut found = Elements::default();
    let shape = Shape { key: &[Type::IfIndex], data: None, flags: None };
    element::list(walk, shape, &mut found, 0)?;
    element::apart(&found.bounds, 1, false, walk.cursor.since(at))
}
