//! Names that a file uses and that only a later file declares: nft loads nothing of the first.

use diag::{Span, text};

use super::cursor::Context;
use crate::registry::linux::config::{
    Data, Element, Nat, NatAddress, Rule, Statement, Table, TableFamily, Value, Verdict,
};

/// A chain or a set that is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Chain,
    Set,
}

/// A name that is not there when its file ends.
pub(super) struct Missing {
    table: (TableFamily, String),
    kind: Kind,
    name: String,
    span: Span,
}

/// The names that rules of `tables` use and that are not there.
pub(super) fn missing(tables: &[Table]) -> Vec<Missing> {
    let mut found = Vec::new();
    for table in tables {
        let mut used = Vec::new();
        let rules = table.chains.iter().flat_map(|chain| &chain.rules);
        rules.for_each(|rule| of_rule(rule, &mut used));
        let elements = table.sets.iter().flat_map(|set| &set.elements);
        elements.for_each(|one| of_element(one, &mut used));
        let absent = used.into_iter().filter(|(kind, name, _)| !is_there(table, *kind, name));
        found.extend(absent.map(|(kind, name, span)| Missing {
            table: (table.family, table.name.clone()),
            kind,
            name: name.to_owned(),
            span,
        }));
    }
    found
}

/// Notes those of `missing` that are there now; what is not there at all is noted where it is
/// looked up.
pub(super) fn note(missing: &[Missing], tables: &[Table], context: &mut Context) {
    for one in missing {
        let is_it = |table: &&Table| (table.family, &table.name) == (one.table.0, &one.table.1);
        let Some(table) = tables.iter().find(is_it) else { continue };
        if !is_there(table, one.kind, &one.name) {
            continue;
        }
        let what = text!(
            ja: "後のファイルで初めて宣言される名前 `{name}`",
            en: "the name `{name}`, which only a later file declares",
            name = one.name,
        );
        super::load::refused(context, one.span, what);
    }
}

fn is_there(table: &Table, kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Chain => table.chains.iter().any(|chain| chain.name == name),
        Kind::Set => table.sets.iter().any(|set| set.name == name),
    }
}

type Used<'r> = Vec<(Kind, &'r str, Span)>;

fn of_rule<'r>(rule: &'r Rule, used: &mut Used<'r>) {
    for statement in &rule.statements {
        match statement {
            Statement::Match(condition) => {
                of_value(&condition.value, condition.span, used);
                condition.mask.iter().for_each(|mask| of_value(mask, condition.span, used));
            }
            Statement::Verdict(verdict) => of_verdict(verdict, used),
            Statement::Vmap(_, map, span) => of_value(map, *span, used),
            Statement::Nat(nat) => of_nat(nat, used),
            Statement::Update(name) => used.push((Kind::Set, name, rule.span)),
            Statement::Relay(_)
            | Statement::Chance(..)
            | Statement::Effect(..)
            | Statement::Nothing
            | Statement::Rest => {}
        }
    }
}

fn of_nat<'r>(nat: &'r Nat, used: &mut Used<'r>) {
    match &nat.address {
        NatAddress::Value(value) | NatAddress::Map(_, value) => of_value(value, nat.span, used),
        NatAddress::None | NatAddress::Unknown => {}
    }
    nat.port.iter().for_each(|port| of_value(port, nat.span, used));
}

fn of_value<'r>(value: &'r Value, span: Span, used: &mut Used<'r>) {
    match value {
        Value::Named(name) => used.push((Kind::Set, name, span)),
        Value::Set(elements) => elements.iter().for_each(|one| of_element(one, used)),
        _ => {}
    }
}

fn of_element<'r>(element: &'r Element, used: &mut Used<'r>) {
    match &element.data {
        Some(Data::Verdict(verdict)) => of_verdict(verdict, used),
        Some(Data::Value(value)) => of_value(value, element.span, used),
        None => {}
    }
}

fn of_verdict<'r>(verdict: &'r Verdict, used: &mut Used<'r>) {
    match verdict {
        Verdict::Jump(name, span) | Verdict::Goto(name, span) => {
            used.push((Kind::Chain, name, *span));
        }
        Verdict::Accept | Verdict::Drop | Verdict::Continue | Verdict::Return => {}
    }
}
