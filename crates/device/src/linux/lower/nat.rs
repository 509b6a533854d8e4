//! Chains of type `nat` to translations.

use std::net::IpAddr;

use diag::{Diagnostic, Span, text};
use model::{
    Family, Match, Node, Origin, PortRewrite, Rewrite, State, States, Translation,
    TranslationIndex, TranslationRule, Unmatched,
};

use super::chain::Lists;
use super::condition::{Bounds, Doubt, all_pairs};
use super::effect::{PERMIT, STALL, TRANSLATE};
use super::field::Place;
use super::hook::{base_chains, is_packet_family, only_family};
use super::own_address::own_address;
use crate::registry::linux::config::{
    Base, Chain, ChainKind, Data, Element, Hook, Nat, NatAddress, NatKind, Rule, Statement, Value,
    Verdict,
};

/// Deepest jump that is laid open.
const MAX_JUMPS: usize = 16;

/// Most rules of one chain, with those of chains that it jumps to.
// LIMIT: beyond it the rule is reported.
const MAX_RULES: usize = 10_000;

/// Most ports of a rule that are translated to one port.
// LIMIT: beyond it the rule is reported.
const MAX_PORTS: u128 = 64;

/// Families that have a chain of type `nat`.
pub(super) fn families(lists: &Lists<'_>) -> Vec<Family> {
    let hooks = [Hook::Prerouting, Hook::Input, Hook::Output, Hook::Postrouting];
    let mut found = Vec::new();
    for hook in hooks {
        for (table, _, base) in base_chains(lists, hook, is_packet_family) {
            if base.kind != ChainKind::Nat {
                continue;
            }
            match only_family(lists.scope.tables[table].family) {
                Some(family) => found.push(family),
                None => found.extend(Family::ALL),
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The rules of one hook while they are collected.
pub(super) struct Rules<'n> {
    pub(super) node: &'n Node,
    place: Place,
    pub(super) hook: Hook,
    /// Whether what no rule decides is kept: no chain comes behind, and the policy does not drop.
    is_end: bool,
    is_last: bool,
    rules: Vec<TranslationRule>,
    /// Rules read so far, with those of chains that are jumped to.
    read: usize,
}

/// The translation of all `nat` chains at `hook`: they work at one place, whatever their
/// priority, which only orders them among themselves.
pub(super) fn translation(
    lists: &mut Lists<'_>,
    node: &mut Node,
    hook: Hook,
    place: fn(usize, &Base) -> Place,
) -> TranslationIndex {
    let chains: Vec<_> = base_chains(lists, hook, is_packet_family)
        .into_iter()
        .filter(|(_, _, base)| base.kind == ChainKind::Nat)
        .collect();
    let mut rules = Vec::new();
    for (number, (table, chain, base)) in chains.iter().enumerate() {
        let mut collected = Rules {
            node: &*node,
            place: place(*table, base),
            hook,
            is_end: number + 1 == chains.len() && !base.drops,
            is_last: number + 1 == chains.len(),
            rules: Vec::new(),
            read: 0,
        };
        // Only the first packet of a connection is looked at.
        let first = States::of(&[State::New, State::Related]);
        let start = Match {
            states: Some(first),
            family: only_family(lists.scope.tables[*table].family),
            ..Match::any()
        };
        let when = Bounds::exact(vec![start.clone()]);
        chain_rules(lists, &mut collected, chain, &when, Call { depth: 0, is_tail: true });
        if base.drops {
            let origin = Origin::Written(base.span);
            let rewrite = Rewrite::Discard;
            collected.rules.push(TranslationRule { matches: vec![start], rewrite, origin });
        }
        rules.append(&mut collected.rules);
    }
    let origin = match chains.first() {
        Some((_, chain, _)) => Origin::Written(chain.span),
        None => Origin::Default(text!(
            ja: "変換した通信の応答を戻します",
            en: "answers of translated connections are translated back",
        )),
    };
    let name = format!("nat {}", hook_word(hook));
    node.translations.push(Translation { name, rules, unmatched: Unmatched::Pass, origin });
    TranslationIndex(u32::try_from(node.translations.len() - 1).unwrap_or(u32::MAX))
}

fn hook_word(hook: Hook) -> &'static str {
    match hook {
        Hook::Prerouting => "prerouting",
        Hook::Input => "input",
        Hook::Output => "output",
        _ => "postrouting",
    }
}

fn gap(lists: &mut Lists<'_>, span: Span, what: diag::Text) {
    let headline =
        text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
    lists.report.say(span, Diagnostic::warning("P201", headline));
    lists.report.gap(what, TRANSLATE, (None, None));
}

/// How a chain was called.
#[derive(Clone, Copy)]
struct Call {
    depth: usize,
    /// Whether no rule of those that called it comes behind.
    is_tail: bool,
}

fn chain_rules(
    lists: &mut Lists<'_>,
    rules: &mut Rules<'_>,
    chain: &Chain,
    when: &Bounds,
    call: Call,
) {
    for (number, rule) in chain.rules.iter().enumerate() {
        lists.report.go_to(rule.span);
        rules.read += 1;
        if rules.read > MAX_RULES {
            let what = text!(
                ja: "多すぎるアドレス変換の規則",
                en: "too many rules of address translation",
            );
            return gap(lists, rule.span, what);
        }
        let is_end = number + 1 == chain.rules.len();
        one_rule(lists, rules, (rule, is_end), when, call);
    }
}

fn one_rule(
    lists: &mut Lists<'_>,
    rules: &mut Rules<'_>,
    (rule, is_end): (&Rule, bool),
    when: &Bounds,
    call: Call,
) {
    let mut bounds = when.clone();
    for statement in &rule.statements {
        match statement {
            Statement::Match(condition) => {
                let found = lists.scope.condition(rules.place, condition, &mut lists.report);
                match found.and_then(|found| bounds.and(&found)) {
                    Some(both) => bounds = both,
                    None => {
                        let what = text!(ja: "大きすぎる規則", en: "a rule that is too large");
                        return gap(lists, rule.span, what);
                    }
                }
            }
            Statement::Nat(nat) => {
                doubtful(lists, &bounds, rule.span);
                return rewrite(lists, rules, rule, nat, &bounds.may);
            }
            Statement::Verdict(verdict) => {
                doubtful(lists, &bounds, rule.span);
                return decide(lists, rules, (rule, is_end), verdict, &bounds, call);
            }
            Statement::Chance(span, what) => {
                gap(lists, *span, what.clone());
                return;
            }
            Statement::Effect(span, what, effects) => {
                lists.report.say(
                    *span,
                    Diagnostic::warning(
                        "P201",
                        text!(ja: "{what}はモデルにありません", en: "{what} is not modelled",
                            what = what),
                    ),
                );
                lists.report.gap(what.clone(), effects, (None, None));
            }
            Statement::Helper(span, name) => {
                let what = super::word::helper(name);
                let headline = text!(ja: "{what}はモデルにありません", en: "{what} is not modelled",
                    what = what);
                lists.report.say(*span, Diagnostic::warning("P201", headline));
                lists.report.gap(what, PERMIT, (None, None));
            }
            Statement::Vmap(_, _, span) => {
                let what =
                    text!(ja: "アドレス変換の判定表", en: "a verdict map among translations");
                return gap(lists, *span, what);
            }
            Statement::Rest => return,
            Statement::Relay(_) | Statement::Update(_) | Statement::Nothing => {}
        }
    }
}

fn doubtful(lists: &mut Lists<'_>, bounds: &Bounds, span: Span) {
    if bounds.doubt != Doubt::None {
        let what = text!(
            ja: "アドレス変換の規則のモデルにない条件",
            en: "a condition of a translation that is not known exactly",
        );
        gap(lists, span, what);
    }
}

fn decide(
    lists: &mut Lists<'_>,
    rules: &mut Rules<'_>,
    (rule, is_end): (&Rule, bool),
    verdict: &Verdict,
    bounds: &Bounds,
    Call { depth, is_tail }: Call,
) {
    let mut push = |rewrite: Rewrite| {
        let (matches, origin) = (bounds.may.clone(), Origin::Written(rule.span));
        rules.rules.push(TranslationRule { matches, rewrite, origin });
    };
    match verdict {
        Verdict::Continue => {}
        Verdict::Drop => push(Rewrite::Discard),
        Verdict::Accept if rules.is_last => push(Rewrite::Keep),
        Verdict::Return if rules.is_end && depth == 0 => push(Rewrite::Keep),
        // The policy decides, and drops.
        Verdict::Return if rules.is_last && depth == 0 => push(Rewrite::Discard),
        // It is where the chain ends anyway, or nothing behind it does anything.
        Verdict::Return if is_end => {}
        Verdict::Accept | Verdict::Return if has_no_translation(lists) => {}
        Verdict::Accept | Verdict::Return => {
            let what = text!(
                ja: "後にアドレス変換の規則が続く `accept` や `return`",
                en: "`accept` or `return` with translations behind it",
            );
            gap(lists, rule.span, what);
        }
        Verdict::Goto(_, span) if !(is_tail && rules.is_end) => {
            let what = text!(
                ja: "後にアドレス変換の規則が続く `goto`",
                en: "`goto` with translations behind the call of its chain",
            );
            gap(lists, *span, what);
        }
        Verdict::Jump(name, span) | Verdict::Goto(name, span) => {
            let table = &lists.scope.tables[rules.place.table];
            let found = table.chains.iter().find(|one| one.name == *name && one.base.is_none());
            match found.filter(|_| depth < MAX_JUMPS) {
                Some(chain) => {
                    // Nothing of this chain comes after `goto`, and nothing behind its call.
                    let is_goto = matches!(verdict, Verdict::Goto(..));
                    let call = Call { depth: depth + 1, is_tail: is_tail && (is_end || is_goto) };
                    chain_rules(lists, rules, chain, bounds, call);
                    if is_goto {
                        let (matches, origin) = (bounds.may.clone(), Origin::Written(rule.span));
                        let rewrite = Rewrite::Keep;
                        rules.rules.push(TranslationRule { matches, rewrite, origin });
                    }
                }
                None => {
                    let what = text!(ja: "移動先のないチェイン", en: "a jump that leads nowhere");
                    gap(lists, *span, what);
                }
            }
        }
    }
}

/// Whether no chain of type `nat` translates or drops anything.
fn has_no_translation(lists: &Lists<'_>) -> bool {
    let is_of_nat =
        |chain: &Chain| chain.base.as_ref().is_some_and(|base| base.kind == ChainKind::Nat);
    let tables = lists.scope.tables.iter().filter(|table| table.chains.iter().any(is_of_nat));
    let mut chains = tables.flat_map(|table| &table.chains);
    let is_plain = |statement: &Statement| match statement {
        Statement::Verdict(verdict) => *verdict != Verdict::Drop,
        Statement::Match(_) | Statement::Chance(..) | Statement::Nothing => true,
        _ => false,
    };
    let is_idle = |rule: &Rule| rule.statements.iter().all(is_plain);
    chains.all(|chain| {
        let drops = is_of_nat(chain) && chain.base.as_ref().is_some_and(|base| base.drops);
        let is_filter = chain.base.is_some() && !is_of_nat(chain);
        !drops && (is_filter || chain.rules.iter().all(is_idle))
    })
}

fn rewrite(
    lists: &mut Lists<'_>,
    rules: &mut Rules<'_>,
    rule: &Rule,
    nat: &Nat,
    matches: &[Match],
) {
    match (&nat.kind, &nat.address) {
        (NatKind::Masquerade | NatKind::Redirect, NatAddress::None) => {
            own_address(lists, rules, rule, nat, matches);
        }
        (NatKind::Source | NatKind::Destination, NatAddress::Value(value)) => {
            fixed(lists, rules, rule, nat, matches, value);
        }
        (NatKind::Source | NatKind::Destination, NatAddress::Map(keys, map)) => {
            let table = &lists.scope.tables[rules.place.table];
            let elements: Option<&[Element]> = match map {
                Value::Set(elements) => Some(elements),
                Value::Named(name) => {
                    let is_open =
                        lists.scope.open_sets.contains(&(rules.place.table, name.clone()));
                    let found = table.sets.iter().find(|set| set.name == *name);
                    found.filter(|_| !is_open).map(|set| set.elements.as_slice())
                }
                _ => None,
            };
            // `*` is what no other element is.
            let (rest, named): (Vec<_>, Vec<_>) =
                elements.unwrap_or(&[]).iter().partition(|one| one.key == Value::Any);
            for element in named.into_iter().chain(rest) {
                let found = lists.scope.element(rules.place, keys, &element.key, &mut lists.report);
                let both = found.and_then(|found| all_pairs(matches, &found.may));
                match (both, &element.data) {
                    (Some(both), Some(Data::Value(value))) => {
                        fixed(lists, rules, rule, nat, &both, value);
                    }
                    _ => too_much(lists, nat),
                }
            }
            if elements.is_none() {
                too_much(lists, nat);
            }
        }
        _ => too_much(lists, nat),
    }
}

pub(super) fn too_much(lists: &mut Lists<'_>, nat: &Nat) {
    let what = text!(ja: "この形のアドレス変換", en: "this form of address translation");
    gap(lists, nat.span, what);
}

/// To one written address; of a range the first is taken and the rest reported.
fn fixed(
    lists: &mut Lists<'_>,
    rules: &mut Rules<'_>,
    rule: &Rule,
    nat: &Nat,
    matches: &[Match],
    value: &Value,
) {
    let address = match value {
        Value::Address(address) => *address,
        Value::Range(first, _) => {
            too_much(lists, nat);
            let Value::Address(address) = **first else { return };
            address
        }
        Value::Set(elements) => match elements.as_slice() {
            [Element { key: Value::Address(address), .. }] => *address,
            _ => return too_much(lists, nat),
        },
        _ => return too_much(lists, nat),
    };
    let mut own = rules.node.interfaces.iter().flat_map(|one| &one.addresses);
    let is_own = own.any(|own| own.net.is_some_and(|net| net.address() == address));
    if nat.kind == NatKind::Source && !is_own {
        foreign(lists, nat, address);
    }
    push(lists, rules, rule, nat, matches, address);
}

/// A source address that is none of the router's: answers to it come only if somebody sends them
/// here all the same.
fn foreign(lists: &mut Lists<'_>, nat: &Nat, address: IpAddr) {
    let what = text!(
        ja: "ルータのものではない送信元アドレス {address} への変換",
        en: "a translation to the source address {address}, which the router does not have",
        address = address,
    );
    lists.report.say(
        nat.span,
        Diagnostic::warning("R165", text!(ja: "{what}です", en: "this is {what}", what = what))
            .advise(text!(
                ja: "`masquerade` にするか、このアドレスを外側のインターフェースに付けてください",
                en: "use `masquerade`, or give this address to the interface outside",
            )),
    );
    lists.report.gap(what, STALL, (None, Some(Family::of(address))));
}

pub(super) fn push(
    lists: &mut Lists<'_>,
    rules: &mut Rules<'_>,
    rule: &Rule,
    nat: &Nat,
    matches: &[Match],
    address: IpAddr,
) {
    let family = Match::family(Family::of(address));
    let matches = all_pairs(matches, &[family]).unwrap_or_default();
    let is_source = matches!(nat.kind, NatKind::Source | NatKind::Masquerade);
    let mut add = |matches: Vec<Match>, port: PortRewrite| {
        let rewrite = match is_source {
            true => Rewrite::Source(address, port),
            false => Rewrite::Destination(address, port),
        };
        if !matches.is_empty() {
            let origin = Origin::Written(rule.span);
            rules.rules.push(TranslationRule { matches, rewrite, origin });
        }
    };
    match &nat.port {
        None if is_source => add(matches, PortRewrite::Near),
        None => add(matches, PortRewrite::Keep),
        Some(Value::Range(..)) if is_source => add(matches, PortRewrite::Any),
        Some(Value::Number(to)) if !is_source => {
            let Ok(to) = u16::try_from(*to) else { return too_much(lists, nat) };
            let Some(ports) = destination_ports(&matches) else { return too_much(lists, nat) };
            for from in ports {
                let port = model::Ranges::one(from);
                let only = Match { destination_port: Some(port), ..Match::any() };
                let one = all_pairs(&matches, &[only]).unwrap_or_default();
                let shift =
                    if from == to { PortRewrite::Keep } else { PortRewrite::Shift { from, to } };
                add(one, shift);
            }
        }
        Some(_) => {
            add(matches, PortRewrite::Any);
            too_much(lists, nat);
        }
    }
}

/// The destination ports that the matches speak about; `None` if they are too many.
fn destination_ports(matches: &[Match]) -> Option<Vec<u16>> {
    let mut found = model::Ranges::none();
    for one in matches {
        found = found.union(one.destination_port.as_ref()?);
    }
    let count: u128 = found.as_slice().iter().map(|(low, high)| high - low + 1).sum();
    if count > MAX_PORTS {
        return None;
    }
    let all = found.as_slice().iter().flat_map(|(low, high)| *low..=*high);
    Some(all.filter_map(|port| u16::try_from(port).ok()).collect())
}
