//! Output of `ip -j rule`.

use diag::{Span, text};
use serde_json::Value;

use super::gap;
use super::key::Object;
use crate::registry::linux::config::{Facts, Notes};
use crate::registry::linux::lower::effect::ROUTE;

/// The rules that the kernel begins with.
const USUAL: [(u64, &str); 3] = [(0, "local"), (32766, "main"), (32767, "default")];

/// Whether it is a rule that the kernel begins with, and nothing else.
fn is_usual(entry: &Object<'_>) -> bool {
    let place = (entry.number("priority"), entry.word("table"));
    let is_for_all = entry.word("src") == Some("all");
    let is_bare = entry.other(&[&["priority", "src", "table", "protocol"]]).is_none();
    is_for_all && is_bare && USUAL.iter().any(|(own, table)| place == (Some(*own), Some(*table)))
}

/// Whether it is the rule for the table in which strongSwan makes its routes.
///
/// # Source
/// strongSwan 5.9.8 (`charon.routing_table` and `charon.routing_table_prio` are 220).
fn is_of_strongswan(entry: &Object<'_>) -> bool {
    let is_bare = entry.other(&[&["priority", "src", "table", "protocol"]]).is_none();
    let place = (entry.number("priority"), entry.word("table"));
    is_bare && entry.word("src") == Some("all") && place == (Some(220), Some("220"))
}

/// Reads a rule.
pub(super) fn read(entry: &Object<'_>, span: Span, facts: &mut Facts, notes: &mut Notes) {
    if is_of_strongswan(entry) {
        facts.own_table = Some(span);
        return;
    }
    if !is_usual(entry) {
        let what = text!(ja: "`ip rule` による経路選択", en: "a routing decision by `ip rule`");
        gap(notes, span, ROUTE, what);
    }
}

/// Looks whether a file with rules has those by which the model routes.
pub(super) fn whole(entries: &[Value], span: Span, facts: &mut Facts, notes: &mut Notes) {
    let rules = entries.iter().filter_map(Value::as_object).map(Object);
    let rules: Vec<_> = rules.filter(|entry| entry.has("priority")).collect();
    let has = |table: &str| rules.iter().any(|one| one.word("table") == Some(table));
    let is_whole = has("local") && has("main");
    let is_plain = rules.iter().all(|one| is_usual(one) || is_of_strongswan(one));
    if is_whole && is_plain {
        facts.rules.push(has("default"));
    }
    if !rules.is_empty() && !is_whole {
        let what = text!(
            ja: "`local` か `main` の規則がない `ip rule`",
            en: "`ip rule` without the rule for `local` or for `main`",
        );
        gap(notes, span, ROUTE, what);
    }
}
