//! One rule: its conditions and statements from left to right.

use diag::{Diagnostic, text};
use model::{Family, protocol};

use super::cursor::{Context, Cursor};
use super::lexer::Kind;
use super::value::{self, right_side};
use super::{assignment, key, statement};
use crate::registry::linux::config::{Condition, Key, Op, Rule, Statement, Value};
use crate::registry::linux::lower::effect::ALL;

/// Reads the rule that begins here, up to its end.
pub(super) fn rule(cursor: &mut Cursor<'_>, context: &mut Context) -> Rule {
    let start = cursor.at;
    let mut statements = Vec::new();
    let mut is_closed = false;
    while !cursor.is_end() {
        let before = statements.len();
        // Behind a decision nft takes nothing but a comment; behind a verdict map the rule can
        // go on, which is not modelled.
        let read = match is_closed && !cursor.is_word("comment") {
            true => None,
            false => statement::statement(cursor, context, &mut statements),
        };
        if read.is_none() {
            statements.push(not_understood(cursor, context, start));
            break;
        }
        is_closed |= statements[before..].iter().any(closes);
    }
    side_by_side(&mut statements);
    Rule { span: cursor.since(start), statements }
}

/// Takes two `!=` about neighbouring fields for conditions that cannot be read exactly: some
/// versions of nft make one comparison of both, which holds unless both fields are as written.
///
/// # Source
/// nft 1.0.6, `nft --debug=netlink`: `tcp sport != 445 tcp dport != 445` is `cmp neq 0xbd01bd01`.
fn side_by_side(statements: &mut [Statement]) {
    let is_single = |condition: &Condition| {
        condition.op == Op::NotEqual
            && condition.mask.is_none()
            && condition.keys.len() == 1
            && matches!(condition.value, Value::Number(_) | Value::Word(_))
    };
    let pair = |two: &[Statement]| match two {
        [Statement::Match(one), Statement::Match(other)] => is_single(one) && is_single(other),
        _ => false,
    };
    let places: Vec<usize> = statements
        .windows(2)
        .map(pair)
        .enumerate()
        .filter_map(|(place, is_pair)| is_pair.then_some(place))
        .collect();
    for place in places {
        for statement in &mut statements[place..=place + 1] {
            let Statement::Match(condition) = statement else { continue };
            if let Some(key) = condition.keys.first().and_then(uncertain) {
                *condition = Condition {
                    keys: vec![key],
                    mask: None,
                    op: Op::Implicit,
                    value: Value::Unknown,
                    span: condition.span,
                };
            }
        }
    }
}

/// A field that may be compared together with its neighbour, with what it asks of the packet.
fn uncertain(key: &Key) -> Option<Key> {
    let opaque = |family, protocol| Some(Key::Opaque("!= … !=".to_owned(), family, protocol));
    match key {
        Key::Port([one], _) => opaque(None, Some(*one)),
        Key::Port(..) => opaque(None, None),
        Key::IcmpType(Family::V4) | Key::IcmpCode(Family::V4) => {
            opaque(Some(Family::V4), Some(protocol::ICMP))
        }
        Key::IcmpType(Family::V6) | Key::IcmpCode(Family::V6) => {
            opaque(Some(Family::V6), Some(protocol::ICMPV6))
        }
        Key::IpProtocol => opaque(Some(Family::V4), None),
        Key::NextHeader => opaque(Some(Family::V6), None),
        _ => None,
    }
}

/// Whether nothing may follow.
fn closes(statement: &Statement) -> bool {
    match statement {
        Statement::Verdict(_)
        | Statement::Vmap(..)
        | Statement::Nat(_)
        | Statement::Relay(_)
        | Statement::Rest => true,
        Statement::Match(_)
        | Statement::Update(_)
        | Statement::Chance(..)
        | Statement::Effect(..)
        | Statement::Helper(..)
        | Statement::Nothing => false,
    }
}

/// Reports the token that stands here and skips the rest of the rule.
fn not_understood(cursor: &mut Cursor<'_>, context: &mut Context, start: usize) -> Statement {
    let span = cursor.here();
    context.notes.diagnostics.push(
        Diagnostic::error(
            "P200",
            text!(
                ja: "規則のこの部分を理解できません",
                en: "this part of the rule is not understood",
            ),
        )
        .at(span)
        .because(text!(
            ja: "この規則が何をするか分からないため、関係する要件は証明しません",
            en: "what the rule does is unknown, so no requirement that it could touch is proved",
        )),
    );
    cursor.skip_to_end();
    let what = text!(ja: "理解できない規則", en: "a rule that is not understood");
    super::command::unread(context, cursor.since(start), what, ALL);
    Statement::Rest
}

/// `ip saddr . tcp dport`.
pub(super) fn keys(cursor: &mut Cursor<'_>) -> Option<Vec<Key>> {
    let start = cursor.at;
    let mut keys = vec![key::key(cursor)?];
    while cursor.take_sign(".") {
        match key::key(cursor) {
            Some(key) => keys.push(key),
            None => {
                cursor.at = start;
                return None;
            }
        }
    }
    Some(keys)
}

/// `KEY [op] VALUE`, `KEY vmap { … }`, `KEY set VALUE`.
pub(super) fn condition(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    found: &mut Vec<Statement>,
) -> Option<()> {
    let start = cursor.at;
    let keys = keys(cursor)?;
    if cursor.take_word("vmap") {
        let map = value::single(cursor, context, 0)?;
        found.push(Statement::Vmap(keys, map, cursor.since(start)));
        return Some(());
    }
    if cursor.take_word("set") {
        return assignment::assignment(cursor, context, start, &keys, found);
    }
    if matches!(cursor.word(), Some("exists" | "missing")) {
        cursor.bump();
        let value = Value::Unknown;
        let span = cursor.since(start);
        let condition = Condition { keys, mask: None, op: Op::Implicit, value, span };
        found.push(Statement::Match(condition));
        return Some(());
    }
    // The names of a status are the only values that begin a statement elsewhere.
    if keys != [Key::CtStatus] && cursor.word().is_some_and(assignment::is_reserved) {
        return None;
    }
    let is_masked = cursor.take_sign("&");
    let mask = if is_masked { Some(value::mask(cursor, context)?) } else { None };
    // What goes on here is another calculation: `&` binds tighter than `|`.
    if ["&", "|", "^", "<<", ">>"].iter().any(|sign| cursor.is_sign(sign)) {
        return None;
    }
    let op = operator(cursor);
    let value = right_side(cursor, context)?;
    let (mask, value) = match mask {
        Some(mask) => value::prefixed(mask, value),
        None => (None, value),
    };
    let span = cursor.since(start);
    found.push(Statement::Match(Condition { keys, mask, op, value, span }));
    Some(())
}

/// A condition that asks no more of the packet than that it has the fields `keys`.
pub(super) fn has_fields(keys: &[Key], span: diag::Span) -> impl Iterator<Item = Statement> {
    keys.iter().map(move |key| {
        let (keys, value) = (vec![key.clone()], Value::Set(Vec::new()));
        Statement::Match(Condition { keys, mask: None, op: Op::NotEqual, value, span })
    })
}

fn operator(cursor: &mut Cursor<'_>) -> Op {
    let op = match cursor.peek() {
        Some(Kind::Sign("==")) => Op::Equal,
        Some(Kind::Sign("!=")) => Op::NotEqual,
        Some(Kind::Sign("!")) => Op::Without,
        Some(Kind::Sign("<")) => Op::Less,
        Some(Kind::Sign("<=")) => Op::LessOrEqual,
        Some(Kind::Sign(">")) => Op::Greater,
        Some(Kind::Sign(">=")) => Op::GreaterOrEqual,
        Some(Kind::Word(word)) => match word.as_str() {
            "eq" => Op::Equal,
            "ne" => Op::NotEqual,
            "lt" => Op::Less,
            "le" => Op::LessOrEqual,
            "gt" => Op::Greater,
            "ge" => Op::GreaterOrEqual,
            _ => return Op::Implicit,
        },
        _ => return Op::Implicit,
    };
    cursor.bump();
    op
}
