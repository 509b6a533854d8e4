//! What nft refuses though every word of it is right: it then loads nothing of the file.

use diag::{Diagnostic, Span, Text, text};
use model::Family;

use super::Loader;
use super::cursor::{Context, Cursor};
use super::lexer::Kind;
use crate::registry::linux::config::{
    Condition, Element, Key, Op, Rule, Set, Statement, TableFamily, Value,
};
use crate::registry::linux::lower::effect::ALL;
use crate::registry::linux::lower::interface;

/// `IFNAMSIZ` without the zero byte at its end.
const NAME_MAX: usize = 15;

/// Notes that nft refuses, or may refuse, the whole file.
pub(super) fn refused(context: &mut Context, span: Span, what: Text) {
    context.notes.diagnostics.push(
        Diagnostic::error("P200", text!(ja: "{what}です", en: "here is {what}", what = what))
            .at(span)
            .because(text!(
                ja: "nft はこのファイル全体を読み込みません",
                en: "nft loads nothing of this file",
            )),
    );
    super::command::unread(context, span, what, ALL);
}

/// Looks at a rule of the table `index`.
pub(super) fn rule(loader: &mut Loader<'_>, index: usize, rule: &Rule) {
    for (kind, name, span) in std::mem::take(&mut loader.context.uses) {
        let is_it = |one: &(usize, &str, String)| *one == (index, kind, name.clone());
        if !loader.objects.iter().any(is_it) {
            let what = text!(
                ja: "定義のない {kind} `{name}`",
                en: "the {kind} `{name}`, which is not defined",
                kind = kind, name = name,
            );
            refused(&mut loader.context, span, what);
        }
    }
    let mut found = Fields::default();
    match loader.tables[index].family {
        TableFamily::Ip => found.families.push(Family::V4),
        TableFamily::Ip6 => found.families.push(Family::V6),
        _ => {}
    }
    for statement in &rule.statements {
        let (keys, span) = match statement {
            Statement::Match(condition) => {
                names(loader, condition);
                (&condition.keys, condition.span)
            }
            Statement::Vmap(keys, _, span) => (keys, *span),
            _ => continue,
        };
        keys.iter().for_each(|key| found.add(key));
        if let Statement::Match(condition) = statement {
            found.narrow(condition);
        }
        if found.families.len() > 1 || found.protocols.len() > 1 {
            let what = text!(
                ja: "ほかの条件と両立しない条件",
                en: "a condition that contradicts another one",
            );
            return refused(&mut loader.context, span, what);
        }
    }
}

/// Notes `iif` and `oif` with an interface that is not there yet when the rules are loaded.
pub(super) fn by_index(context: &mut Context, value: &Value, span: Span) {
    let is_late = |value: &Value| match value {
        Value::Word(name) => interface::has_fleeting_name(name),
        _ => false,
    };
    let late = match value {
        Value::Set(elements) => elements.iter().any(|one| is_late(&one.key)),
        one => is_late(one),
    };
    if late {
        let what = text!(
            ja: "読み込むときにないかもしれないインターフェースの番号（`iifname` や `oifname` なら\
                 名前で比べます）",
            en: "the number of an interface that may not be there when the rules are loaded \
                 (`iifname` and `oifname` compare the name)",
        );
        refused(context, span, what);
    }
}

/// Notes an object of the table `index` that rules can name.
pub(super) fn object(loader: &mut Loader<'_>, index: usize, kind: &str, name: &str) {
    if let Some(kind) = KINDS.iter().find(|one| **one == kind) {
        loader.objects.push((index, kind, name.to_owned()));
    }
}

const KINDS: [&str; 4] = ["counter", "limit", "quota", "flowtable"];

/// The protocols that the fields of a rule belong to.
#[derive(Default)]
struct Fields {
    families: Vec<Family>,
    protocols: Vec<u8>,
}

impl Fields {
    fn add(&mut self, key: &Key) {
        let (family, protocol) = match key {
            Key::Address(family, _) => (Some(*family), None),
            Key::IpProtocol => (Some(Family::V4), None),
            Key::NextHeader => (Some(Family::V6), None),
            Key::Port([one], _) => (None, Some(*one)),
            Key::TcpFlags => (None, Some(model::protocol::TCP)),
            Key::IcmpType(Family::V4) | Key::IcmpCode(Family::V4) => {
                (Some(Family::V4), Some(model::protocol::ICMP))
            }
            Key::IcmpType(Family::V6) | Key::IcmpCode(Family::V6) => {
                (Some(Family::V6), Some(model::protocol::ICMPV6))
            }
            Key::Opaque(_, family, protocol) => (*family, *protocol),
            _ => (None, None),
        };
        self.families.extend(family.filter(|one| !self.families.contains(one)));
        self.protocols.extend(protocol.filter(|one| !self.protocols.contains(one)));
    }

    /// What a comparison with one protocol says.
    fn narrow(&mut self, condition: &Condition) {
        let is_positive = matches!(condition.op, Op::Implicit | Op::Equal);
        let ([Key::L4Proto | Key::IpProtocol | Key::NextHeader], true) =
            (condition.keys.as_slice(), is_positive)
        else {
            return;
        };
        let number = match &condition.value {
            Value::Number(number) => u8::try_from(*number).ok(),
            Value::Word(word) => crate::registry::linux::lower::name::protocol(word),
            _ => None,
        };
        self.protocols.extend(number.filter(|one| !self.protocols.contains(one)));
    }
}

/// Interface names that are too long for the kernel.
fn names(loader: &mut Loader<'_>, condition: &Condition) {
    if !matches!(condition.keys.as_slice(), [Key::In | Key::Out]) {
        return;
    }
    let is_long = |value: &Value| match value {
        Value::Word(name) => name.len() > NAME_MAX,
        _ => false,
    };
    let too_long = match &condition.value {
        Value::Set(elements) => elements.iter().any(|one| is_long(&one.key)),
        one => is_long(one),
    };
    if too_long {
        let what = text!(
            ja: "長すぎるインターフェース名",
            en: "an interface name that is too long",
        );
        refused(&mut loader.context, condition.span, what);
    }
}

/// Looks at a set whose body begins at the token `body`; `None` if it has no type.
pub(super) fn set(
    loader: &mut Loader<'_>,
    cursor: &Cursor<'_>,
    body: usize,
    set: &Set,
) -> Option<()> {
    let words = &cursor.tokens[body..cursor.at];
    let has = |wanted: &str| {
        words.iter().any(|token| matches!(&token.kind, Kind::Word(word) if word == wanted))
    };
    let is_known = loader.tables.iter().flat_map(|table| &table.sets).any(|s| s.name == set.name);
    (has("type") || has("typeof") || is_known).then_some(())?;
    if has("auto-merge") {
        return Some(());
    }
    let mut ranges: Vec<(u128, u128)> = set.elements.iter().filter_map(range).collect();
    ranges.sort_unstable();
    if ranges.windows(2).any(|pair| pair[1].0 <= pair[0].1 && pair[0] != pair[1]) {
        let what = text!(ja: "重なる要素のあるセット", en: "a set whose elements overlap");
        refused(&mut loader.context, set.span, what);
    }
    Some(())
}

/// The numbers of an element, if it is one of addresses or numbers.
fn range(element: &Element) -> Option<(u128, u128)> {
    let one = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        Value::Address(address) => Some(Family::number(*address)),
        _ => None,
    };
    match &element.key {
        Value::Range(low, high) => Some((one(low)?, one(high)?)),
        Value::Prefix(base, length) => {
            let Value::Address(address) = **base else { return None };
            let net = model::Net::new(address, u8::try_from(*length).ok()?)?;
            net.ranges().as_slice().first().copied()
        }
        single => one(single).map(|number| (number, number)),
    }
}
