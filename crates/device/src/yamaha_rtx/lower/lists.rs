//! Numbers in lists to definitions: what is undefined, what cannot be used, and the guards of
//! routes, which are lists of the same filters.

use diag::{Diagnostic, Span, text};
use model::{Acl, AclIndex, Action, Effect, Effects, Entry, Family, Origin};

use super::super::assumptions::Y_A14;
use super::super::config::{Addresses, Dynamic, Filter, FilterKind, IfName};
use super::{Lowering, matches};

/// Most numbers that a spelling aid names.
const MAX_NEAR: usize = 3;

/// What a number in a list stands for.
pub(super) enum Meaning<'c, T> {
    /// A definition and its line.
    Defined(&'c T, Span),
    /// The same, but which addresses it is about only the router knows, by a name.
    Named(&'c T, Span),
    /// A definition that is not modelled; its gap is recorded.
    Open,
    /// Nothing.
    Undefined,
}

fn is_named(addresses: [&Addresses; 2]) -> bool {
    addresses.iter().any(|one| matches!(one, Addresses::Named(_)))
}

impl<'c> Lowering<'c> {
    /// The static filter `number`, used by a list or a route.
    pub(super) fn static_filter(
        &mut self,
        family: Family,
        (number, span): (u32, Span),
        interface: Option<IfName>,
    ) -> Meaning<'c, Filter> {
        let key = (family, number);
        let Some((filter, line)) = self.settings.filters.get(&key).copied() else {
            if self.settings.unreadable.contains(&(FilterKind::Static, family, number)) {
                return Meaning::Open;
            }
            self.undefined(FilterKind::Static, family, (number, span));
            return Meaning::Undefined;
        };
        let is_new = self.used.insert(key);
        if is_named([&filter.source, &filter.destination]) {
            if is_new {
                self.diagnostics.extend(filter.remark.as_deref().cloned());
            }
            if interface.is_some() {
                self.assume(&Y_A14, line);
                return Meaning::Named(filter, line);
            }
            let effect = if filter.passes { Effect::Permit } else { Effect::Deny };
            let effects = Effects::of(&[effect, Effect::Route]);
            let what = text!(
                ja: "名前で書かれたアドレス",
                en: "an address that is given by name",
            );
            self.scoped_gap(line, what, effects, None, Some(family));
            return Meaning::Open;
        }
        Meaning::Defined(filter, line)
    }

    /// The dynamic filter `number`, used by a list of `interface`.
    pub(super) fn dynamic_filter(
        &mut self,
        family: Family,
        (number, span): (u32, Span),
    ) -> Meaning<'c, Dynamic> {
        let key = (family, number);
        let Some((dynamic, line)) = self.settings.dynamics.get(&key).copied() else {
            if self.settings.unreadable.contains(&(FilterKind::Dynamic, family, number)) {
                return Meaning::Open;
            }
            self.undefined(FilterKind::Dynamic, family, (number, span));
            return Meaning::Undefined;
        };
        if self.used_dynamics.insert(key) {
            self.diagnostics.extend(dynamic.remark.as_deref().cloned());
        }
        if is_named([&dynamic.source, &dynamic.destination]) {
            self.assume(&Y_A14, line);
            return Meaning::Named(dynamic, line);
        }
        Meaning::Defined(dynamic, line)
    }

    pub(super) fn undefined(
        &mut self,
        kind: FilterKind,
        family: Family,
        (number, span): (u32, Span),
    ) {
        let version = if family == Family::V4 { "ip" } else { "ipv6" };
        let (code, command) = match kind {
            FilterKind::Static => ("R120", format!("{version} filter {number}")),
            FilterKind::Dynamic => ("R121", format!("{version} filter dynamic {number}")),
        };
        let mut diagnostic = Diagnostic::error(
            code,
            text!(
                ja: "`{command}` は定義されていません",
                en: "`{command}` is not defined",
                command = command,
            ),
        )
        .at(span);
        let near = self.near(kind, family, number);
        if !near.is_empty() {
            diagnostic = diagnostic.advise(text!(
                ja: "番号を確かめてください。似た番号: {near}",
                en: "check the number; similar ones are {near}",
                near = near.join(", "),
            ));
        }
        self.say(diagnostic);
    }

    /// Defined numbers that one slip away from `number`.
    fn near(&self, kind: FilterKind, family: Family, number: u32) -> Vec<String> {
        let wanted = number.to_string();
        let numbers: Vec<u32> = match kind {
            FilterKind::Static => self.settings.filters.keys(),
            FilterKind::Dynamic => return self.near_dynamic(family, &wanted),
        }
        .filter(|(one, _)| *one == family)
        .map(|(_, number)| *number)
        .collect();
        nearest(&wanted, numbers)
    }

    fn near_dynamic(&self, family: Family, wanted: &str) -> Vec<String> {
        let keys = self.settings.dynamics.keys().filter(|(one, _)| *one == family);
        nearest(wanted, keys.map(|(_, number)| *number).collect())
    }

    /// The guard of a gateway: packets that its filters pass.
    pub(super) fn guard(
        &mut self,
        name: String,
        family: Family,
        numbers: &[(u32, Span)],
        default: Action,
        line: Span,
    ) -> AclIndex {
        let mut entries = Vec::new();
        for number in numbers {
            match self.static_filter(family, *number, None) {
                Meaning::Defined(filter, span) | Meaning::Named(filter, span) => {
                    entries.push(entry(filter, span));
                }
                Meaning::Open => {}
                Meaning::Undefined => {
                    // Which packets take the gateway is unknown then.
                    let what = text!(
                        ja: "定義されていないフィルターによる経路選択",
                        en: "a route chosen by a filter that is not defined",
                    );
                    let effects = Effects::of(&[Effect::Route, Effect::Permit, Effect::Deny]);
                    self.scoped_gap(line, what, effects, None, Some(family));
                }
            }
        }
        let default_origin = Origin::Implied(
            line,
            text!(
                ja: "どのフィルターにも当てはまらないパケット",
                en: "packets that no filter of the gateway matches",
            ),
        );
        self.add_acl(Acl { name, entries, default, default_origin })
    }
}

fn nearest(wanted: &str, numbers: Vec<u32>) -> Vec<String> {
    numbers
        .into_iter()
        .map(|number| number.to_string())
        .filter(|number| is_one_slip(wanted, number))
        .take(MAX_NEAR)
        .collect()
}

/// Whether one digit was changed, left out, doubled or swapped with its neighbour, or the end
/// of a longer number was cut off.
fn is_one_slip(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() == short.len() {
        let different: Vec<usize> = (0..a.len()).filter(|at| a[*at] != b[*at]).collect();
        return match different.as_slice() {
            [_] => true,
            [x, y] => *y == x + 1 && a[*x] == b[*y] && a[*y] == b[*x],
            _ => false,
        };
    }
    if long.len() == short.len() + 1 {
        return (0..long.len())
            .any(|at| long[..at] == short[..at] && long[at + 1..] == short[at..]);
    }
    short.len() >= 3 && long.starts_with(short)
}

/// `filter` as an entry.
pub(super) fn entry(filter: &Filter, line: Span) -> Entry {
    let action = if filter.passes { Action::Permit } else { Action::Deny };
    Entry { matches: matches::of_filter(filter), action, origin: Origin::Written(line) }
}
