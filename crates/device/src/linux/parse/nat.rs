//! Statements that translate addresses.

use super::assignment::is_reserved;
use super::cursor::{Context, Cursor};
use super::lexer::Kind;
use super::rule::keys;
use super::value::{self, concatenation};
use crate::registry::linux::config::{Nat, NatAddress, NatKind, Statement};

/// `snat`, `dnat`, `masquerade` and `redirect` with what follows them.
pub(super) fn nat(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Statement> {
    let start = cursor.at;
    let kind = match cursor.word()? {
        "snat" => NatKind::Source,
        "dnat" => NatKind::Destination,
        "masquerade" => NatKind::Masquerade,
        _ => NatKind::Redirect,
    };
    cursor.bump();
    let mut has_concatenation = false;
    loop {
        match cursor.word() {
            Some("ip" | "ip6") if is_family_word(cursor) => cursor.bump(),
            Some("to") => cursor.bump(),
            Some("addr" | "prefix" | "interval" | "port") => {
                has_concatenation = true;
                cursor.bump();
            }
            _ if has_concatenation && cursor.is_sign(".") => cursor.bump(),
            _ => break,
        }
    }
    let mut port = None;
    let has_none = is_nat_flag(cursor.word()) || cursor.word().is_some_and(is_reserved);
    let address = if has_none || is_after(cursor) {
        NatAddress::None
    } else {
        nat_address(cursor, context, has_concatenation)?
    };
    if cursor.take_sign(":") {
        port = Some(concatenation(cursor, context, 0)?);
    }
    while is_nat_flag(cursor.word()) || cursor.is_sign(",") {
        cursor.bump();
    }
    Some(Statement::Nat(Nat { kind, address, port, span: cursor.since(start) }))
}

/// `ip` before `to` or an address, not `ip saddr map …`.
fn is_family_word(cursor: &Cursor<'_>) -> bool {
    !matches!(
        cursor.peek_at(1),
        Some(Kind::Word(word))
            if matches!(word.as_str(), "saddr" | "daddr" | "protocol" | "nexthdr")
    )
}

/// Whether no address follows.
fn is_after(cursor: &Cursor<'_>) -> bool {
    cursor.is_end() || cursor.is_sign(":") || cursor.is_word("comment")
}

fn is_nat_flag(word: Option<&str>) -> bool {
    matches!(word, Some("random" | "fully-random" | "persistent"))
}

fn nat_address(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    has_concatenation: bool,
) -> Option<NatAddress> {
    let is_bracketed = cursor.take_sign("[");
    if !is_bracketed && let Some(keys) = keys(cursor) {
        if !cursor.take_word("map") {
            return None;
        }
        let map = value::single(cursor, context, 0)?;
        let is_plain = !has_concatenation;
        return Some(if is_plain { NatAddress::Map(keys, map) } else { NatAddress::Unknown });
    }
    let value = concatenation(cursor, context, 0)?;
    if is_bracketed && !cursor.take_sign("]") {
        return None;
    }
    if cursor.is_sign("-") {
        // `[2001:db8::1]-[2001:db8::9]`
        cursor.bump();
        cursor.take_sign("[");
        concatenation(cursor, context, 0)?;
        cursor.take_sign("]");
        return Some(NatAddress::Unknown);
    }
    Some(NatAddress::Value(value))
}
