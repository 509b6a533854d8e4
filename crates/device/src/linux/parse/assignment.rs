//! `KEY set VALUE`: exactly one value is read. It does not matter; what the rule asks of a
//! packet so that the value can be made does.

use diag::text;
use model::Effect;

use super::cursor::{Context, Cursor};
use super::lexer::Kind;
use super::rule::{has_fields, keys};
use super::{MAX_DEPTH, key, value};
use crate::registry::linux::config::{Key, Statement, Value};
use crate::registry::linux::lower::effect::{
    ALL, BRIDGE, DECIDE, DENY, NONE, PERMIT, ROUTE, TRANSLATE,
};

/// Words of nft that no value can be; most begin a statement.
const RESERVED: [&str; 44] = [
    "accept",
    "drop",
    "continue",
    "return",
    "jump",
    "goto",
    "queue",
    "counter",
    "log",
    "limit",
    "quota",
    "last",
    "reject",
    "snat",
    "dnat",
    "masquerade",
    "redirect",
    "dup",
    "fwd",
    "notrack",
    "tproxy",
    "synproxy",
    "flow",
    "add",
    "update",
    "delete",
    "meter",
    "xt",
    "comment",
    "map",
    "vmap",
    "set",
    "exists",
    "missing",
    "saddr",
    "daddr",
    "sport",
    "dport",
    "and",
    "or",
    "xor",
    "to",
    "lshift",
    "rshift",
];

pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// What making a value takes.
#[derive(Default)]
struct Needs {
    /// Fields that the packet has to have.
    keys: Vec<Key>,
    /// Whether there may be no value, so that the rule ends there.
    can_fail: bool,
}

/// What follows `KEY set`.
pub(super) fn assignment(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    start: usize,
    target: &[Key],
    found: &mut Vec<Statement>,
) -> Option<()> {
    let [target] = target else { return None };
    let mut needs = Needs::default();
    let first = cursor.at;
    expression(cursor, context, &mut needs, 0)?;
    let written = Cursor { tokens: &cursor.tokens[..cursor.at], at: first, end: cursor.end };
    let is_by_route = written.is_word("rt");
    let name = match written.peek() {
        Some(Kind::Quoted(name) | Kind::Word(name)) => name.clone(),
        _ => String::new(),
    };
    let number = literal(written, context);
    let span = cursor.since(start);
    if is_of_packet(target) {
        needs.keys.push(target.clone());
    }
    found.extend(has_fields(&needs.keys, span));
    if needs.can_fail {
        let what = text!(
            ja: "値がないと規則が終わる `set`",
            en: "`set`, at which the rule ends if there is no value",
        );
        found.push(Statement::Chance(span, what));
    }
    if matches!(target, Key::Opaque(own, ..) if own == "ct helper") {
        found.push(Statement::Helper(span, name));
        return Some(());
    }
    let effects = match target {
        Key::Address(..) | Key::Port(..) => TRANSLATE,
        Key::Opaque(name, ..) => match least(name) {
            Some(least) if number.is_some_and(|number| number >= least) => NONE,
            // `rt mtu`: as large as the way takes.
            Some(_) if is_by_route && name == "tcp option maxseg" => NONE,
            Some(_) => DENY,
            None => assigned(name),
        },
        _ => ALL,
    };
    context.notes.limits_segments |=
        matches!(target, Key::Opaque(name, ..) if name == "tcp option maxseg");
    found.push(match effects.is_empty() {
        true => Statement::Nothing,
        false => {
            let what = text!(ja: "値を書き換える `set`", en: "setting a value with `set`");
            Statement::Effect(span, what, effects)
        }
    });
    Some(())
}

/// The number that `written` is, as such or in a variable.
fn literal(mut written: Cursor<'_>, context: &mut Context) -> Option<u128> {
    let value = value::single(&mut written, context, 0)?;
    match value {
        Value::Number(number) if written.peek().is_none() => Some(number),
        _ => None,
    }
}

/// Whether it is a field of the packet itself, which not every packet has.
fn is_of_packet(key: &Key) -> bool {
    match key {
        Key::Opaque(name, ..) => !name.starts_with("meta ") && !name.starts_with("ct "),
        Key::In | Key::Out | Key::NfProto | Key::L4Proto | Key::Protocol => false,
        _ => true,
    }
}

/// The least number that may be written to the field `name` without harm, where a smaller one can
/// stop packets.
///
/// # Source
/// RFC 1812 section 5.3.1 (a router discards what has no hop left), RFC 1700 (64 is enough to cross
/// the Internet), RFC 4861 section 7.1 (neighbour discovery has 255), RFC 9293 section 3.7.1 (536).
fn least(name: &str) -> Option<u128> {
    match name {
        "ip ttl" => Some(64),
        "ip6 hoplimit" => Some(255),
        "tcp option maxseg" => Some(536),
        _ => None,
    }
}

/// What setting the field `name` can do.
fn assigned(name: &str) -> &'static [Effect] {
    match name {
        // Read by `ct mark` and `meta mark` conditions only, which are reported where they stand;
        // the packet's mark may also choose a routing table.
        "meta mark" => ROUTE,
        "ct mark" | "ct label" | "ct event" | "ct secmark" | "meta secmark" | "meta priority"
        | "meta nftrace" | "ip dscp" | "ip6 dscp" | "ip ecn" | "ip6 ecn" | "ip6 flowlabel" => NONE,
        // Fragments of two packets with one number are put together.
        "ip id" => DENY,
        "ct expectation" => PERMIT,
        "ct zone" | "meta pkttype" => DECIDE,
        _ if name.starts_with("ether ") || name.starts_with("vlan ") => BRIDGE,
        _ => ALL,
    }
}

/// `a . b`, with or without `map { … }`.
fn expression(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    needs: &mut Needs,
    depth: usize,
) -> Option<()> {
    bits(cursor, context, needs, depth)?;
    while cursor.take_sign(".") {
        bits(cursor, context, needs, depth)?;
    }
    if cursor.take_word("map") {
        value::single(cursor, context, 0)?;
        needs.can_fail = true;
    }
    Some(())
}

/// `a & b | c`, with signs or words.
fn bits(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    needs: &mut Needs,
    depth: usize,
) -> Option<()> {
    one(cursor, context, needs, depth)?;
    loop {
        let is_sign = ["&", "|", "^", "<<", ">>"].iter().any(|sign| cursor.is_sign(sign));
        let words = ["and", "or", "xor", "lshift", "rshift"];
        if !is_sign && !words.iter().any(|word| cursor.is_word(word)) {
            return Some(());
        }
        cursor.bump();
        one(cursor, context, needs, depth)?;
    }
}

fn one(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    needs: &mut Needs,
    depth: usize,
) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    if cursor.take_sign("(") {
        expression(cursor, context, needs, depth + 1)?;
        return cursor.take_sign(")").then_some(());
    }
    match cursor.word() {
        Some("numgen") => {
            cursor.bump();
            (cursor.take_word("inc") || cursor.take_word("random")).then_some(())?;
            return modulo(cursor);
        }
        Some("jhash") => {
            cursor.bump();
            needs.keys.extend(keys(cursor)?);
            return modulo(cursor);
        }
        Some("symhash") => {
            cursor.bump();
            return modulo(cursor);
        }
        _ => {}
    }
    if let Some(key) = key::key(cursor) {
        if !always_has(&key) {
            needs.keys.push(key);
        }
        return Some(());
    }
    written(cursor, context)
}

/// Whether every packet has it.
fn always_has(key: &Key) -> bool {
    matches!(key, Key::Opaque(name, ..) if matches!(
        name.as_str(),
        "meta mark" | "meta priority" | "meta length" | "meta cpu" | "meta nftrace"
    ))
}

/// `mod 16 seed 0xfeed offset 100`.
fn modulo(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.take_word("mod").then_some(())?;
    cursor.take_number()?;
    for word in ["seed", "offset"] {
        if cursor.take_word(word) {
            cursor.take_number()?;
        }
    }
    Some(())
}

/// A value that stands there as such: `1`, `1:10`, `cs1`, `"ftp"`, `new,destroy`, `$MARK`.
fn written(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<()> {
    match cursor.peek()? {
        Kind::Number(_) => {
            cursor.bump();
            if cursor.take_sign(":") {
                cursor.take_number()?;
            }
            Some(())
        }
        Kind::Word(word) if is_reserved(word) => None,
        Kind::Word(_) => {
            cursor.bump();
            while cursor.is_sign(",") && matches!(cursor.peek_at(1), Some(Kind::Word(_))) {
                cursor.bump();
                cursor.word().filter(|word| !is_reserved(word))?;
                cursor.bump();
            }
            Some(())
        }
        Kind::Address(_) | Kind::Hardware | Kind::Quoted(_) => {
            cursor.bump();
            Some(())
        }
        Kind::Sign("$") => match value::single(cursor, context, 0)? {
            Value::Number(_) | Value::Word(_) | Value::Address(_) | Value::Hardware => Some(()),
            _ => None,
        },
        Kind::Sign(_) | Kind::End | Kind::Line | Kind::Broken => None,
    }
}
