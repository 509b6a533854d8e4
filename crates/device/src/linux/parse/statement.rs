//! Statements other than conditions and translations. What is not written just as nft's manual
//! has it is not understood.

use diag::{Diagnostic, Span, Text, text};
use model::Effect;

use super::assignment::is_reserved;
use super::cursor::{Context, Cursor};
use super::lexer::Kind;
use super::rule::{condition, has_fields, keys};
use super::value::{self, verdict};
use crate::registry::linux::config::{Condition, Key, Op, Statement, Value, Verdict};
use crate::registry::linux::lower::effect::{ALL, PERMIT};

/// Reads one statement into `found`; `None` if it is not understood.
pub(super) fn statement(
    cursor: &mut Cursor<'_>,
    context: &mut Context,
    found: &mut Vec<Statement>,
) -> Option<()> {
    if let Some(verdict) = verdict(cursor) {
        found.push(Statement::Verdict(verdict));
        return Some(());
    }
    let start = cursor.at;
    let one = match cursor.word() {
        Some("counter") if is_named(cursor) => named(cursor, "counter")?,
        Some("limit") if is_named(cursor) => named(cursor, "limit")?,
        Some("quota") if is_named(cursor) => named(cursor, "quota")?,
        Some("counter") => {
            value::counter(cursor)?;
            Statement::Nothing
        }
        Some("log") => {
            log(cursor)?;
            Statement::Nothing
        }
        Some("comment") => {
            cursor.bump();
            cursor.take_name()?;
            cursor.is_end().then_some(Statement::Nothing)?
        }
        Some("notrack") => {
            cursor.bump();
            let what = text!(ja: "`notrack`", en: "`notrack`");
            Statement::Effect(cursor.since(start), what, DECIDE_AND_TRANSLATE)
        }
        Some("xt") if xt_match(cursor).is_some() => extension(cursor),
        Some("limit") => limit(cursor)?,
        Some("quota") => quota(cursor)?,
        Some("reject") => {
            found.extend(reject(cursor)?);
            Statement::Verdict(Verdict::Drop)
        }
        Some("snat" | "dnat" | "masquerade" | "redirect") => super::nat::nat(cursor, context)?,
        Some("fwd") => relay(cursor, context)?,
        Some("add" | "update" | "delete") => return update(cursor, found),
        Some("flow") => return flow(cursor, found),
        Some(
            word @ ("set" | "dup" | "queue" | "tproxy" | "synproxy" | "meter" | "xt" | "last"),
        ) => {
            let what: Text = text!(ja: "`{word}`", en: "`{word}`", word = word);
            rest(cursor, context, start, what)
        }
        Some("ct") if is_ct_count(cursor) => {
            cursor.bump();
            cursor.bump();
            cursor.take_word("over");
            cursor.take_number()?;
            chance_of(cursor.since(start))
        }
        _ => return condition(cursor, context, found),
    };
    found.push(one);
    Some(())
}

const DECIDE_AND_TRANSLATE: &[Effect] = &[Effect::Permit, Effect::Deny, Effect::Translate];

fn is_ct_count(cursor: &Cursor<'_>) -> bool {
    matches!(cursor.peek_at(1), Some(Kind::Word(word)) if word == "count")
}

fn is_named(cursor: &Cursor<'_>) -> bool {
    matches!(cursor.peek_at(1), Some(Kind::Word(word)) if word == "name")
}

/// `counter name "x"`, `limit name "x"`, `quota name "x"`: an object of the table.
fn named(cursor: &mut Cursor<'_>, kind: &str) -> Option<Statement> {
    let start = cursor.at;
    cursor.bump();
    cursor.bump();
    cursor.take_name()?;
    let span = cursor.since(start);
    Some(if kind == "counter" { Statement::Nothing } else { chance_of(span) })
}

fn chance_of(span: Span) -> Statement {
    let what = text!(
        ja: "通信の量や時刻によって変わる条件",
        en: "a condition that depends on rate, amount or time",
    );
    Statement::Chance(span, what)
}

/// Conditions of iptables that nft prints by name only. None of them changes the packet.
const XT_MATCHES: [&str; 36] = [
    "addrtype",
    "ah",
    "comment",
    "connbytes",
    "connlimit",
    "conntrack",
    "dscp",
    "esp",
    "eui64",
    "frag",
    "hashlimit",
    "helper",
    "hl",
    "icmp",
    "icmp6",
    "iprange",
    "ipv6header",
    "length",
    "limit",
    "mac",
    "mark",
    "mh",
    "multiport",
    "owner",
    "physdev",
    "pkttype",
    "policy",
    "recent",
    "rpfilter",
    "rt",
    "state",
    "string",
    "tcp",
    "time",
    "ttl",
    "udp",
];

/// The name behind `xt match`, if it is one of [`XT_MATCHES`].
pub(super) fn xt_match<'t>(cursor: &Cursor<'t>) -> Option<&'t str> {
    let is_match = matches!(cursor.peek_at(1), Some(Kind::Word(word)) if word == "match");
    let Some(Kind::Word(name) | Kind::Quoted(name)) = cursor.peek_at(2).filter(|_| is_match) else {
        return None;
    };
    XT_MATCHES.contains(&name.as_str()).then_some(name)
}

/// `xt match NAME`: what the extension asks of the packet is not printed.
fn extension(cursor: &mut Cursor<'_>) -> Statement {
    let start = cursor.at;
    let name = xt_match(cursor).unwrap_or_default();
    for _ in 0..3 {
        cursor.bump();
    }
    let keys = vec![Key::Opaque(format!("xt match {name}"), None, None)];
    let (value, span) = (Value::Unknown, cursor.since(start));
    Statement::Match(Condition { keys, mask: None, op: Op::Implicit, value, span })
}

/// `log prefix "…" level … group … flags …`, each at most once.
pub(super) fn log(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.bump();
    let mut seen = Vec::new();
    while let Some(word) = cursor.word() {
        if !matches!(word, "prefix" | "level" | "group" | "snaplen" | "queue-threshold" | "flags") {
            break;
        }
        cursor.bump();
        match word {
            "prefix" => match cursor.peek()? {
                Kind::Quoted(text) if text.len() < MAX_PREFIX => cursor.bump(),
                _ => return None,
            },
            "level" => {
                let level = cursor.word()?;
                LOG_LEVELS.contains(&level).then_some(())?;
                cursor.bump();
            }
            "flags" => log_flags(cursor)?,
            "snaplen" => (cursor.take_number()? <= u128::from(u32::MAX)).then_some(())?,
            _ => (cursor.take_number()? <= u128::from(u16::MAX)).then_some(())?,
        }
        if word != "flags" && seen.contains(&word) {
            return None;
        }
        seen.push(word);
    }
    // A message goes to the kernel's log, with a level, or to a group.
    let (has_level, has_flags) = (seen.contains(&"level"), seen.contains(&"flags"));
    let has_group = ["group", "snaplen", "queue-threshold"].iter().any(|one| seen.contains(one));
    (!(has_group && (has_level || has_flags))).then_some(())
}

/// `NF_LOG_PREFIXLEN`.
const MAX_PREFIX: usize = 128;

const LOG_LEVELS: [&str; 9] =
    ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug", "audit"];

fn log_flags(cursor: &mut Cursor<'_>) -> Option<()> {
    let word = cursor.word()?;
    cursor.bump();
    match word {
        "all" | "skuid" | "ether" => Some(()),
        "ip" => cursor.take_word("options").then_some(()),
        "tcp" => loop {
            (cursor.take_word("sequence") || cursor.take_word("options")).then_some(())?;
            if !cursor.take_sign(",") {
                break Some(());
            }
        },
        _ => None,
    }
}

/// `limit rate over 10/second burst 5 packets`, `limit rate 10 mbytes/second`.
pub(super) fn limit(cursor: &mut Cursor<'_>) -> Option<Statement> {
    let start = cursor.at;
    cursor.bump();
    rate(cursor)?;
    Some(chance_of(cursor.since(start)))
}

/// What stands behind `limit`.
pub(super) fn rate(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.take_word("rate").then_some(())?;
    if !cursor.take_word("over") {
        cursor.take_word("until");
    }
    let number = cursor.take_number()?;
    (number > 0 && number <= u128::from(u32::MAX)).then_some(())?;
    let is_period = |word: &str| matches!(word, "second" | "minute" | "hour" | "day" | "week");
    let is_of_bytes = match cursor.peek()? {
        Kind::Sign("/") => {
            cursor.bump();
            cursor.word().filter(|word| is_period(word))?;
            false
        }
        Kind::Word(word) => {
            let (unit, period) = word.split_once('/')?;
            let is_small = number <= most_of(unit)?;
            (is_small && is_period(period)).then_some(true)?
        }
        _ => return None,
    };
    cursor.bump();
    if cursor.take_word("burst") {
        let burst = cursor.take_number()?;
        (burst > 0 && burst <= u128::from(u32::MAX)).then_some(())?;
        let unit = cursor.word()?;
        (if is_of_bytes { is_unit(unit) } else { unit == "packets" }).then_some(())?;
        cursor.bump();
    }
    Some(())
}

/// The greatest rate in this unit that the kernel counts in nanoseconds.
fn most_of(unit: &str) -> Option<u128> {
    match unit {
        "bytes" => Some(900_000_000),
        "kbytes" => Some(900_000),
        "mbytes" => Some(900),
        _ => None,
    }
}

fn is_unit(word: &str) -> bool {
    matches!(word, "bytes" | "kbytes" | "mbytes")
}

/// `quota over 25 mbytes used 1 mbytes`.
pub(super) fn quota(cursor: &mut Cursor<'_>) -> Option<Statement> {
    let start = cursor.at;
    cursor.bump();
    amount(cursor)?;
    Some(chance_of(cursor.since(start)))
}

/// What stands behind `quota`.
pub(super) fn amount(cursor: &mut Cursor<'_>) -> Option<()> {
    if !cursor.take_word("over") {
        cursor.take_word("until");
    }
    (!matches!(cursor.peek(), Some(Kind::Number(0)))).then_some(())?;
    quantity(cursor)?;
    if cursor.take_word("used") {
        quantity(cursor)?;
    }
    Some(())
}

fn quantity(cursor: &mut Cursor<'_>) -> Option<()> {
    (cursor.take_number()? <= u128::from(u32::MAX)).then_some(())?;
    cursor.word().filter(|word| is_unit(word))?;
    cursor.bump();
    Some(())
}

/// `reject with icmp type host-unreachable`, `reject with tcp reset`: what it asks of the packet
/// is a condition, an ICMP error of its family or a reset of TCP.
fn reject(cursor: &mut Cursor<'_>) -> Option<Option<Statement>> {
    let span = cursor.here();
    cursor.bump();
    if !cursor.take_word("with") {
        return Some(None);
    }
    let kind = cursor.word()?;
    cursor.bump();
    let (key, value) = match kind {
        "tcp" => {
            cursor.take_word("reset").then_some(())?;
            (Key::L4Proto, "tcp")
        }
        "icmp" => {
            reject_code(cursor, &REJECT_V4)?;
            (Key::NfProto, "ipv4")
        }
        "icmpv6" => {
            reject_code(cursor, &REJECT_V6)?;
            (Key::NfProto, "ipv6")
        }
        "icmpx" => return reject_code(cursor, &REJECT_BOTH).map(|()| None),
        _ => return None,
    };
    let value = Value::Word(value.to_owned());
    let condition = Condition { keys: vec![key], mask: None, op: Op::Implicit, value, span };
    Some(Some(Statement::Match(condition)))
}

fn reject_code(cursor: &mut Cursor<'_>, codes: &[&str]) -> Option<()> {
    cursor.take_word("type");
    cursor.word().filter(|word| codes.contains(word))?;
    cursor.bump();
    Some(())
}

pub(super) const REJECT_V4: [&str; 7] = [
    "net-unreachable",
    "host-unreachable",
    "prot-unreachable",
    "port-unreachable",
    "net-prohibited",
    "host-prohibited",
    "admin-prohibited",
];

pub(super) const REJECT_V6: [&str; 6] = [
    "no-route",
    "admin-prohibited",
    "addr-unreachable",
    "port-unreachable",
    "policy-fail",
    "reject-route",
];

pub(super) const REJECT_BOTH: [&str; 4] =
    ["port-unreachable", "admin-prohibited", "no-route", "host-unreachable"];

/// A statement that is known by name only: what stands behind it is not read either.
fn rest(cursor: &mut Cursor<'_>, context: &mut Context, start: usize, what: Text) -> Statement {
    cursor.skip_to_end();
    let span = cursor.since(start);
    let headline =
        text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
    context.notes.diagnostics.push(Diagnostic::warning("P201", headline).at(span));
    super::command::unread(context, span, what, ALL);
    Statement::Rest
}

fn relay(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Statement> {
    let start = cursor.at;
    cursor.bump();
    if matches!(cursor.word(), Some("ip" | "ip6")) {
        let what = text!(ja: "次ホップ指定の `fwd`", en: "`fwd` to a next hop");
        return Some(rest(cursor, context, start, what));
    }
    cursor.take_word("to").then_some(())?;
    let target = value::single(cursor, context, 0)?;
    if !matches!(target, Value::Word(_)) || !cursor.is_end() && !cursor.is_word("comment") {
        let what = text!(ja: "表で宛先を選ぶ `fwd`", en: "`fwd` to a port from a map");
        return Some(rest(cursor, context, start, what));
    }
    Some(Statement::Relay(target))
}

/// `flow add @table`, which ends the rule where the session cannot be taken over.
fn flow(cursor: &mut Cursor<'_>, found: &mut Vec<Statement>) -> Option<()> {
    let start = cursor.at;
    cursor.bump();
    (cursor.take_word("add") || cursor.take_word("offload")).then_some(())?;
    cursor.take_sign("@").then_some(())?;
    cursor.take_name()?;
    let span = cursor.since(start);
    let what = text!(
        ja: "確立した通信に以後の規則を通らせない `flow add`",
        en: "`flow add`, which lets established sessions bypass the rules,",
    );
    found.push(Statement::Effect(span, what, PERMIT));
    found.push(chance_of(span));
    Some(())
}

/// `add @set { key timeout 1m limit … }`: a packet without the fields, and one for which there
/// is no room in the set, ends the rule.
fn update(cursor: &mut Cursor<'_>, found: &mut Vec<Statement>) -> Option<()> {
    let start = cursor.at;
    cursor.bump();
    cursor.take_sign("@").then_some(())?;
    let name = cursor.take_name()?.to_owned();
    cursor.take_sign("{").then_some(())?;
    let keys = keys(cursor)?;
    if cursor.take_word("timeout") {
        cursor.word().filter(|word| !is_reserved(word))?;
        cursor.bump();
    }
    while !cursor.is_sign("}") {
        match cursor.word()? {
            "counter" => value::counter(cursor)?,
            "limit" => drop(limit(cursor)?),
            "quota" => drop(quota(cursor)?),
            "ct" if is_ct_count(cursor) => {
                cursor.bump();
                cursor.bump();
                cursor.take_word("over");
                cursor.take_number()?;
            }
            _ => return None,
        }
    }
    cursor.take_sign("}").then_some(())?;
    let span = cursor.since(start);
    found.extend(has_fields(&keys, span));
    found.push(Statement::Update(name));
    found.push(chance_of(span));
    Some(())
}
