//! Values: what stands to the right of a field, in a set, or in a `define`.

use std::rc::Rc;

use diag::{Diagnostic, text};
use model::Family;

use super::assignment::is_reserved;
use super::cursor::{Context, Cursor};
use super::lexer::Kind;
use super::{MAX_DEPTH, MAX_VALUES};
use crate::registry::linux::config::{Data, Element, Value, Verdict};
use crate::registry::linux::lower::effect::ALL;

/// What follows a field: a set, or one value, or several flags.
pub(super) fn right_side(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Value> {
    let first = flags(cursor, context, 0)?;
    if cursor.take_sign("/") {
        let mask = flags(cursor, context, 0)?;
        return Some(Value::Masked(Box::new(first), Box::new(mask)));
    }
    Some(first)
}

/// What stands behind `&`: one value, or several in parentheses.
pub(super) fn mask(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Value> {
    if cursor.is_sign("(") { flags(cursor, context, 0) } else { single(cursor, context, 0) }
}

/// `& 255.255.255.0 == 192.0.2.0` as the prefix that it is; other masks and values as they are.
pub(super) fn prefixed(mask: Value, value: Value) -> (Option<Value>, Value) {
    let bits = |one: &Value| match one {
        Value::Address(address) => {
            let family = Family::of(*address);
            Some((family, Family::number(*address), family.top()))
        }
        _ => None,
    };
    let (Some((of, mask_bits, top)), Some((own, number, _))) = (bits(&mask), bits(&value)) else {
        return (Some(mask), value);
    };
    let hosts = top & !mask_bits;
    let is_prefix = hosts & (hosts + u128::from(hosts < u128::MAX)) == 0;
    if of == own && is_prefix && number & hosts == 0 && hosts < u128::MAX {
        let length = u128::from(top.count_ones() - hosts.count_ones());
        return (None, Value::Prefix(Box::new(value), length));
    }
    (Some(mask), value)
}

/// `a,b`, `a | b`, `(a | b)` or one value.
fn flags(cursor: &mut Cursor<'_>, context: &mut Context, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    if cursor.take_sign("(") {
        let inside = flags(cursor, context, depth + 1)?;
        return cursor.take_sign(")").then_some(inside);
    }
    let first = concatenation(cursor, context, depth)?;
    let mut parts = vec![first];
    while cursor.is_sign(",") || cursor.is_sign("|") {
        cursor.bump();
        parts.push(concatenation(cursor, context, depth)?);
    }
    if parts.len() == 1 { parts.pop() } else { Some(Value::List(parts)) }
}

/// `a . b`, or one value.
pub(super) fn concatenation(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    depth: usize,
) -> Option<Value> {
    let first = range(cursor, context, depth)?;
    let mut parts = vec![first];
    while cursor.take_sign(".") {
        parts.push(range(cursor, context, depth)?);
    }
    if parts.len() == 1 { parts.pop() } else { Some(Value::Concat(parts)) }
}

/// `a-b`, `a/length`, or one value.
fn range(cursor: &mut Cursor<'_>, context: &mut Context, depth: usize) -> Option<Value> {
    let first = single(cursor, context, depth)?;
    if cursor.take_sign("-") {
        let last = single(cursor, context, depth)?;
        return Some(Value::Range(Box::new(first), Box::new(last)));
    }
    let is_prefix = cursor.is_sign("/") && matches!(cursor.peek_at(1), Some(Kind::Number(_)));
    let has_length = matches!(first, Value::Address(_) | Value::Number(_));
    if is_prefix && has_length {
        cursor.bump();
        let length = cursor.take_number()?;
        return Some(Value::Prefix(Box::new(first), length));
    }
    Some(first)
}

pub(super) fn single(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    depth: usize,
) -> Option<Value> {
    if !count(cursor, context, 1) {
        return None;
    }
    let value = match cursor.peek()? {
        Kind::Number(number) => Value::Number(*number),
        Kind::Address(address) => Value::Address(*address),
        Kind::Word(word) if is_reserved(word) && !is_status(word) => return None,
        Kind::Word(word) | Kind::Quoted(word) => Value::Word(word.clone()),
        Kind::Hardware => Value::Hardware,
        Kind::Sign("*") => Value::Any,
        Kind::Sign("@") => {
            cursor.bump();
            return cursor.take_name().map(|name| Value::Named(name.to_owned()));
        }
        Kind::Sign("$") => return variable(cursor, context),
        Kind::Sign("{") => return set(cursor, context, depth + 1),
        _ => return None,
    };
    cursor.bump();
    Some(value)
}

/// A status of a connection that is also the name of a statement.
fn is_status(word: &str) -> bool {
    matches!(word, "snat" | "dnat")
}

/// Counts values, so that `define` of `define` of … cannot grow without end.
fn count(cursor: &Cursor<'_>, context: &mut Context, more: usize) -> bool {
    let before = context.values;
    context.values = before.saturating_add(more);
    if before <= MAX_VALUES && context.values > MAX_VALUES {
        context.notes.diagnostics.push(
            Diagnostic::error(
                "P206",
                text!(
                    ja: "値が {limit} 個を超えています。これ以降の値は読み取りません",
                    en: "more than {limit} values; nothing after this one is read",
                    limit = MAX_VALUES,
                ),
            )
            .at(cursor.here()),
        );
    }
    context.values <= MAX_VALUES
}

fn size(value: &Value) -> usize {
    match value {
        Value::List(parts) | Value::Concat(parts) => parts.iter().map(size).sum(),
        Value::Set(elements) => elements.iter().map(|one| 1 + size(&one.key)).sum(),
        Value::Range(a, b) | Value::Masked(a, b) => size(a) + size(b),
        _ => 1,
    }
}

fn variable(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Value> {
    let start = cursor.at;
    cursor.bump();
    let name = cursor.take_name()?;
    let found = context.variables.iter().rev().find(|(known, _)| known == name);
    if let Some((_, value)) = found {
        let value = Rc::clone(value);
        return count(cursor, context, size(&value)).then(|| (*value).clone());
    }
    let what = text!(ja: "定義のない変数", en: "a variable that is not defined");
    super::command::unread(context, cursor.since(start), what, ALL);
    context.notes.diagnostics.push(
        Diagnostic::error(
            "R153",
            text!(
                ja: "変数 `{name}` は定義されていません",
                en: "the variable `{name}` is not defined",
                name = name,
            ),
        )
        .at(cursor.since(start))
        .advise(text!(
            ja: "この行より前に `define {name} = …` を書くか、定義のあるファイルを追加してください",
            en: "write `define {name} = …` above, or add the file that defines it",
            name = name,
        )),
    );
    Some(Value::Unknown)
}

/// `{ element, … }`; sets inside sets are laid open.
pub(super) fn set(cursor: &mut Cursor<'_>, context: &mut Context, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH || !cursor.take_sign("{") {
        return None;
    }
    let mut elements = Vec::new();
    loop {
        while matches!(cursor.peek(), Some(Kind::End | Kind::Line)) || cursor.is_sign(",") {
            cursor.bump();
        }
        if cursor.take_sign("}") {
            return Some(Value::Set(elements));
        }
        let element = element(cursor, context, depth)?;
        match (element.key, &element.data) {
            (Value::Set(inner), None) => elements.extend(inner),
            (key, _) => elements.push(Element { key, ..element }),
        }
        cursor.skip_ends();
        if !cursor.is_sign(",") && !cursor.is_sign("}") {
            return None;
        }
    }
}

fn element(cursor: &mut Cursor<'_>, context: &mut Context, depth: usize) -> Option<Element> {
    let start = cursor.at;
    let mut key = concatenation(cursor, context, depth)?;
    if cursor.is_sign("|") {
        let mut bits = vec![key];
        while cursor.take_sign("|") {
            bits.push(concatenation(cursor, context, depth)?);
        }
        key = Value::List(bits);
    }
    let mut expires = false;
    loop {
        match cursor.word() {
            Some("timeout" | "expires") => {
                expires = true;
                cursor.bump();
                cursor.word().filter(|word| !is_reserved(word))?;
                cursor.bump();
            }
            Some("comment") => {
                cursor.bump();
                cursor.take_name()?;
            }
            Some("counter") => counter(cursor)?,
            _ => break,
        }
    }
    let data = if cursor.take_sign(":") {
        cursor.skip_ends();
        match verdict(cursor) {
            Some(verdict) => Some(Data::Verdict(verdict)),
            None => Some(Data::Value(concatenation(cursor, context, depth)?)),
        }
    } else {
        None
    };
    Some(Element { key, data, expires, span: cursor.since(start) })
}

/// `counter [packets N bytes N]`.
pub(super) fn counter(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.bump();
    if cursor.take_word("packets") {
        cursor.take_number()?;
        cursor.take_word("bytes").then_some(())?;
        cursor.take_number()?;
    }
    Some(())
}

/// A verdict, if one stands here.
pub(super) fn verdict(cursor: &mut Cursor<'_>) -> Option<Verdict> {
    let start = cursor.at;
    let word = cursor.word()?;
    let plain = match word {
        "accept" => Some(Verdict::Accept),
        "drop" => Some(Verdict::Drop),
        "continue" => Some(Verdict::Continue),
        "return" => Some(Verdict::Return),
        _ => None,
    };
    if plain.is_some() {
        cursor.bump();
        return plain;
    }
    if word != "jump" && word != "goto" {
        return None;
    }
    cursor.bump();
    let Some(name) = cursor.take_name() else {
        cursor.at = start;
        return None;
    };
    let span = cursor.since(start + 1);
    let name = name.to_owned();
    Some(if word == "jump" { Verdict::Jump(name, span) } else { Verdict::Goto(name, span) })
}
