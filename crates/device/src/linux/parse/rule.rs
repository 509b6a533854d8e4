//! One rule: its conditions and statements from left to right.

use diag::{Diagnostic, Span, Text, text};
use model::Effect;

use super::cursor::{Context, Cursor};
use super::key;
use super::lexer::Kind;
use super::value::{self, right_side, verdict};
use crate::registry::linux::config::{Condition, Key, Op, Rule, Statement, Value};
use crate::registry::linux::lower::effect::{ALL, BRIDGE, DECIDE, NONE, PERMIT, ROUTE, TRANSLATE};

/// Reads the rule that begins here, up to its end.
pub(super) fn rule(cursor: &mut Cursor<'_>, context: &mut Context) -> Rule {
    let start = cursor.at;
    let mut statements = Vec::new();
    while !cursor.is_end() {
        let before = cursor.at;
        statements.extend(reject_condition(cursor));
        match statement(cursor, context) {
            Some(found) => {
                let is_last = matches!(found, Statement::Rest(..));
                statements.push(found);
                if is_last {
                    break;
                }
            }
            None => {
                cursor.at = cursor.at.max(before);
                statements.push(not_understood(cursor, context));
                break;
            }
        }
    }
    Rule { span: cursor.since(start), statements }
}

/// Reports the token that stands here and skips the rest of the rule.
fn not_understood(cursor: &mut Cursor<'_>, context: &mut Context) -> Statement {
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
    Statement::Rest(span, text!(ja: "理解できない規則", en: "a rule that is not understood"), ALL)
}

fn statement(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Statement> {
    if let Some(verdict) = verdict(cursor) {
        return Some(Statement::Verdict(verdict));
    }
    let start = cursor.at;
    match cursor.word() {
        Some("counter") => {
            value::counter(cursor);
            Some(Statement::Nothing)
        }
        Some("log") => {
            log(cursor);
            Some(Statement::Nothing)
        }
        Some("comment") => {
            cursor.bump();
            cursor.take_name().map(|_| Statement::Nothing)
        }
        Some("notrack") => {
            cursor.bump();
            let what = text!(ja: "`notrack`", en: "`notrack`");
            Some(Statement::Effect(cursor.since(start), what, DECIDE_AND_TRANSLATE))
        }
        Some("limit" | "quota" | "last") => chance(cursor),
        Some("reject") => {
            reject(cursor);
            Some(Statement::Verdict(crate::registry::linux::config::Verdict::Drop))
        }
        Some("snat" | "dnat" | "masquerade" | "redirect") => super::nat::nat(cursor, context),
        Some("fwd") => relay(cursor, context),
        Some(
            word @ ("add" | "update" | "delete" | "set" | "flow" | "dup" | "queue" | "tproxy"
            | "synproxy" | "meter" | "xt"),
        ) => special(cursor, word),
        Some("ct") if is_ct_count(cursor) => {
            cursor.bump();
            cursor.bump();
            cursor.take_word("over");
            cursor.take_number()?;
            Some(chance_of(cursor.since(start)))
        }
        _ => condition(cursor, context),
    }
}

const DECIDE_AND_TRANSLATE: &[Effect] = &[Effect::Permit, Effect::Deny, Effect::Translate];

fn is_ct_count(cursor: &Cursor<'_>) -> bool {
    matches!(cursor.peek_at(1), Some(Kind::Word(word)) if word == "count")
}

fn chance_of(span: Span) -> Statement {
    let what = text!(
        ja: "通信の量や時刻によって変わる条件",
        en: "a condition that depends on rate, amount or time",
    );
    Statement::Chance(span, what)
}

/// `log prefix "…" level … group … flags …`.
fn log(cursor: &mut Cursor<'_>) {
    cursor.bump();
    while let Some(word) = cursor.word() {
        match word {
            "prefix" | "level" | "group" | "snaplen" | "queue-threshold" => {
                cursor.bump();
                cursor.bump();
            }
            "flags" => {
                cursor.bump();
                log_flags(cursor);
            }
            _ => return,
        }
    }
}

fn log_flags(cursor: &mut Cursor<'_>) {
    match cursor.word() {
        Some("all" | "skuid" | "ether") => cursor.bump(),
        Some("ip") => {
            cursor.bump();
            cursor.take_word("options");
        }
        Some("tcp") => {
            cursor.bump();
            cursor.bump();
            while cursor.take_sign(",") {
                cursor.bump();
            }
        }
        _ => {}
    }
}

/// `limit rate over 10/second burst 5 packets`, `quota over 25 mbytes`, `limit name "x"`.
fn chance(cursor: &mut Cursor<'_>) -> Option<Statement> {
    let start = cursor.at;
    cursor.bump();
    if cursor.take_word("name") {
        cursor.take_name()?;
        return Some(chance_of(cursor.since(start)));
    }
    loop {
        match cursor.peek() {
            Some(Kind::Number(_)) => cursor.bump(),
            Some(Kind::Sign("/")) => cursor.bump(),
            Some(Kind::Word(word)) if is_rate_word(word) => cursor.bump(),
            _ => return Some(chance_of(cursor.since(start))),
        }
    }
}

fn is_rate_word(word: &str) -> bool {
    let unit = word.rsplit('/').next().unwrap_or(word);
    matches!(
        word,
        "rate"
            | "over"
            | "until"
            | "burst"
            | "packets"
            | "bytes"
            | "kbytes"
            | "mbytes"
            | "gbytes"
            | "used"
            | "never"
            | "second"
            | "minute"
            | "hour"
            | "day"
            | "week"
    ) || (word.contains('/') && matches!(unit, "second" | "minute" | "hour" | "day" | "week"))
}

/// `reject with icmp type host-unreachable`, `reject with tcp reset`.
fn reject(cursor: &mut Cursor<'_>) {
    cursor.bump();
    if !cursor.take_word("with") {
        return;
    }
    cursor.bump();
    cursor.take_word("type");
    cursor.take_word("code");
    cursor.bump();
}

/// What `reject with …` asks of the packet: a reset of TCP, an ICMP error of its family.
fn reject_condition(cursor: &Cursor<'_>) -> Option<Statement> {
    let is_word = |ahead: usize, word: &str| {
        let found = cursor.peek_at(ahead);
        matches!(found, Some(Kind::Word(found)) if found == word)
    };
    if !is_word(0, "reject") || !is_word(1, "with") {
        return None;
    }
    let (key, value) = match cursor.peek_at(2) {
        Some(Kind::Word(word)) if word == "tcp" => (Key::L4Proto, "tcp"),
        Some(Kind::Word(word)) if word == "icmp" => (Key::NfProto, "ipv4"),
        Some(Kind::Word(word)) if word == "icmpv6" => (Key::NfProto, "ipv6"),
        _ => return None,
    };
    let value = Value::Word(value.to_owned());
    let span = cursor.here();
    let condition = Condition { keys: vec![key], mask: None, op: Op::Implicit, value, span };
    Some(Statement::Match(condition))
}

fn relay(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Statement> {
    let start = cursor.at;
    cursor.bump();
    if matches!(cursor.word(), Some("ip" | "ip6")) {
        let what = text!(ja: "次ホップ指定の `fwd`", en: "`fwd` to a next hop");
        cursor.skip_to_end();
        return Some(Statement::Rest(cursor.since(start), what, ALL));
    }
    cursor.take_word("to");
    let target = value::single(cursor, context, 0)?;
    if cursor.is_word("map") || !matches!(target, Value::Word(_)) {
        let what = text!(ja: "表で宛先を選ぶ `fwd`", en: "`fwd` to a port from a map");
        cursor.skip_to_end();
        return Some(Statement::Rest(cursor.since(start), what, ALL));
    }
    Some(Statement::Relay(target))
}

/// Statements that are known by name and not modelled.
fn special(cursor: &mut Cursor<'_>, word: &str) -> Option<Statement> {
    let start = cursor.at;
    match word {
        "add" | "update" | "delete" => {
            cursor.bump();
            update(cursor)
        }
        "flow" => {
            cursor.bump();
            cursor.bump();
            cursor.take_sign("@");
            cursor.take_name()?;
            let what = text!(
                ja: "確立した通信に以後の規則を通らせない `flow add`",
                en: "`flow add`, which lets established sessions bypass the rules,",
            );
            Some(Statement::Effect(cursor.since(start), what, PERMIT))
        }
        "dup" => {
            cursor.bump();
            while !cursor.is_end() && !is_terminal(cursor.word()) {
                cursor.bump();
            }
            let what = text!(ja: "パケットを複製する `dup`", en: "`dup`, which copies packets,");
            Some(Statement::Effect(cursor.since(start), what, COPY))
        }
        _ => {
            let (what, effects): (Text, &'static [Effect]) = match word {
                "queue" => (text!(ja: "`queue`", en: "`queue`"), DECIDE_AND_TRANSLATE),
                "synproxy" => (text!(ja: "`synproxy`", en: "`synproxy`"), DECIDE),
                "tproxy" => (text!(ja: "`tproxy`", en: "`tproxy`"), ALL),
                _ => (text!(ja: "`{word}`", en: "`{word}`", word = word), ALL),
            };
            cursor.skip_to_end();
            Some(Statement::Rest(cursor.since(start), what, effects))
        }
    }
}

const COPY: &[Effect] = &[Effect::Permit, Effect::Bridge];

pub(super) fn is_terminal(word: Option<&str>) -> bool {
    matches!(word, Some("accept" | "drop" | "return" | "jump" | "goto" | "counter" | "log"))
}

/// `add @set { key timeout 1m limit … }`.
fn update(cursor: &mut Cursor<'_>) -> Option<Statement> {
    if !cursor.take_sign("@") {
        return None;
    }
    let name = cursor.take_name()?.to_owned();
    let mut has_condition = false;
    if !cursor.take_sign("{") {
        return None;
    }
    let start = cursor.at;
    let mut depth = 1_usize;
    while depth > 0 {
        match cursor.peek()? {
            Kind::Sign("{") => depth += 1,
            Kind::Sign("}") => depth -= 1,
            Kind::Word(word) => has_condition |= matches!(word.as_str(), "limit" | "ct" | "quota"),
            _ => {}
        }
        cursor.bump();
    }
    if has_condition {
        return Some(chance_of(cursor.since(start)));
    }
    Some(Statement::Update(name))
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

fn condition(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Statement> {
    let start = cursor.at;
    let keys = keys(cursor)?;
    if cursor.take_word("vmap") {
        let map = value::single(cursor, context, 0)?;
        return Some(Statement::Vmap(keys, map, cursor.since(start)));
    }
    if cursor.take_word("set") {
        return Some(assignment(cursor, start, &keys));
    }
    if matches!(cursor.word(), Some("exists" | "missing")) {
        cursor.bump();
        let value = Value::Unknown;
        let span = cursor.since(start);
        let condition = Condition { keys, mask: None, op: Op::Implicit, value, span };
        return Some(Statement::Match(condition));
    }
    let mask = if cursor.take_sign("&") { Some(right_side(cursor, context)?) } else { None };
    let has_shift = cursor.is_sign("|") || cursor.is_sign("^") || cursor.is_sign("<<");
    if has_shift || cursor.is_sign(">>") {
        return None;
    }
    let op = operator(cursor);
    let value = right_side(cursor, context)?;
    let span = cursor.since(start);
    Some(Statement::Match(Condition { keys, mask, op, value, span }))
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

/// `KEY set VALUE`: the value is skipped, what it can do depends on the field.
fn assignment(cursor: &mut Cursor<'_>, start: usize, keys: &[Key]) -> Statement {
    let mut depth = 0_usize;
    while !(depth == 0 && (cursor.is_end() || is_terminal(cursor.word()))) {
        match cursor.peek() {
            None => break,
            Some(Kind::Sign("{")) => depth += 1,
            Some(Kind::Sign("}")) => depth = depth.saturating_sub(1),
            _ => {}
        }
        cursor.bump();
    }
    let span = cursor.since(start);
    let effects = match keys {
        [Key::Address(..) | Key::Port(..)] => TRANSLATE,
        [Key::Opaque(name, ..)] => assigned(name),
        _ => ALL,
    };
    if effects.is_empty() {
        return Statement::Nothing;
    }
    let what = text!(ja: "値を書き換える `set`", en: "setting a value with `set`");
    Statement::Effect(span, what, effects)
}

/// What setting the field `name` can do.
fn assigned(name: &str) -> &'static [Effect] {
    match name {
        // Read by `ct mark` and `meta mark` conditions only, which are reported where they stand;
        // the packet's mark may also choose a routing table.
        "meta mark" => ROUTE,
        "ct mark" | "ct label" | "ct event" | "ct secmark" | "meta secmark" | "meta priority"
        | "meta nftrace" | "ip dscp" | "ip6 dscp" | "ip ecn" | "ip6 ecn" | "ip ttl"
        | "ip6 hoplimit" | "ip6 flowlabel" | "ip id" | "tcp option maxseg" => NONE,
        "ct helper" | "ct expectation" => PERMIT,
        "ct zone" | "meta pkttype" => DECIDE,
        _ if name.starts_with("ether ") || name.starts_with("vlan ") => BRIDGE,
        _ => ALL,
    }
}
