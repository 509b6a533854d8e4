//! Base chains of `ip`, `ip6` and `inet` in the order in which a packet meets them, with
//! connection tracking and address translation in their places.

use diag::{Diagnostic, text};
use model::{
    Family, Node, Origin, Pipeline, Point, Stage, StageKind, Tracker, TrackerIndex, TrackerKind,
};

use super::chain::{Lists, Purpose};
use super::effect::DECIDE;
use super::field::{Place, Seen, Tracking};
use super::nat;
use super::wire::{Form, Header, REASSEMBLY};
use crate::registry::linux::config::{
    Base, Chain, ChainKind, Condition, Hook, Key, Statement, Table, TableFamily,
};

/// Priority of the connection look-up, `NF_IP_PRI_CONNTRACK`.
const TRACKING: i64 = -200;

/// The hooks that packets pass, where translation works there, and the place in the model.
const HOOKS: [(Hook, i64, Point); 5] = [
    (Hook::Prerouting, -100, Point::Prerouting),
    (Hook::Input, 100, Point::LocalIn),
    (Hook::Forward, i64::MAX, Point::Forward),
    (Hook::Output, -100, Point::LocalOut),
    (Hook::Postrouting, 100, Point::Postrouting),
];

/// The family that a table is restricted to.
pub(super) fn only_family(family: TableFamily) -> Option<Family> {
    match family {
        TableFamily::Ip => Some(Family::V4),
        TableFamily::Ip6 => Some(Family::V6),
        _ => None,
    }
}

/// Whether a table's chains see packets.
pub(super) fn is_packet_family(family: TableFamily) -> bool {
    matches!(family, TableFamily::Ip | TableFamily::Ip6 | TableFamily::Inet)
}

/// Base chains at `hook`, with the index of their table.
pub(super) fn base_chains<'a>(
    lists: &Lists<'a>,
    hook: Hook,
    belongs: impl Fn(TableFamily) -> bool,
) -> Vec<(usize, &'a Chain, &'a Base)> {
    let mut found = Vec::new();
    for (index, table) in lists.scope.tables.iter().enumerate() {
        if table.is_dormant || !belongs(table.family) {
            continue;
        }
        for chain in &table.chains {
            if let Some(base) = chain.base.as_ref().filter(|base| base.hook == hook) {
                found.push((index, chain, base));
            }
        }
    }
    found.sort_by_key(|(_, _, base)| base.priority);
    found
}

/// What is known at a hook.
fn place(table: usize, base: &Base) -> Place {
    let (input, output) = match base.hook {
        Hook::Ingress | Hook::Prerouting | Hook::Input => (Seen::Known, Seen::Absent),
        Hook::Forward => (Seen::Known, Seen::Known),
        Hook::Output | Hook::Egress => (Seen::Absent, Seen::Known),
        Hook::Postrouting => (Seen::Sometimes, Seen::Known),
    };
    let is_first = matches!(base.hook, Hook::Prerouting | Hook::Output);
    let tracking = match base.priority.cmp(&TRACKING) {
        std::cmp::Ordering::Less if is_first => Tracking::ToCome,
        std::cmp::Ordering::Equal if is_first => Tracking::Unknown,
        _ => Tracking::Done,
    };
    let form = match base.priority <= REASSEMBLY {
        true => Form::Fragment,
        false => Form::Whole,
    };
    Place { table, input, output, tracking, form, header: Header::OfInterface }
}

/// Whether the kernel reassembles what a chain of `family` sees: it does so for connection
/// tracking only, which is there as soon as a rule asks for it.
fn is_reassembled(lists: &Lists<'_>, family: TableFamily) -> bool {
    let asks = |statement: &Statement| match statement {
        Statement::Nat(_) => true,
        Statement::Match(condition) => condition.keys.iter().any(is_of_connection),
        Statement::Vmap(keys, ..) => keys.iter().any(is_of_connection),
        _ => false,
    };
    let is_tracked = |only: Family| {
        let fits = |table: &&Table| {
            let family = table.family;
            is_packet_family(family) && only_family(family).is_none_or(|own| own == only)
        };
        let tables = lists.scope.tables.iter().filter(|table| !table.is_dormant).filter(fits);
        let mut rules = tables.flat_map(|table| &table.chains).flat_map(|chain| &chain.rules);
        rules.any(|rule| rule.statements.iter().any(asks))
    };
    match only_family(family) {
        Some(only) => is_tracked(only),
        None => Family::ALL.into_iter().all(is_tracked),
    }
}

fn is_of_connection(key: &Key) -> bool {
    match key {
        Key::CtState | Key::CtStatus => true,
        Key::Opaque(name, ..) => name.starts_with("ct "),
        _ => false,
    }
}

/// Fills the pipelines of packets.
pub(super) fn pipelines(lists: &mut Lists<'_>, node: &mut Node) {
    let Some(first) = first_chain(lists) else { return };
    let origin = Origin::Implied(
        first,
        text!(ja: "カーネルの接続追跡です", en: "connection tracking of the kernel"),
    );
    let kind = TrackerKind::Automatic;
    node.trackers.push(Tracker { name: "conntrack".to_owned(), kind, origin });
    let families = nat::families(lists);
    for (hook, translates_at, point) in HOOKS {
        let mut stages: Vec<(i64, Stage)> = Vec::new();
        if matches!(hook, Hook::Prerouting | Hook::Output) {
            stages.push((TRACKING, Stage::of(None, StageKind::Track(TrackerIndex(0)))));
        }
        if !families.is_empty() && hook != Hook::Forward {
            let list = nat::translation(lists, node, hook, place);
            let only = if let [one] = families.as_slice() { Some(*one) } else { None };
            stages.push((translates_at, Stage::of(only, StageKind::Translate(list))));
        }
        for (table, chain, base) in base_chains(lists, hook, is_packet_family) {
            if base.kind == ChainKind::Nat {
                continue;
            }
            if !families.is_empty() && base.priority == translates_at {
                tie(lists, base);
            }
            let family = lists.scope.tables[table].family;
            let mut place = place(table, base);
            if !is_reassembled(lists, family) {
                place.form = Form::Fragment;
            }
            let list = lists.base(place, chain, &Purpose::Pass);
            let family = only_family(family);
            stages.push((base.priority, Stage::of(family, StageKind::Filter(list))));
        }
        stages.sort_by_key(|(priority, _)| *priority);
        if !stages.is_empty() {
            let stages = stages.into_iter().map(|(_, stage)| stage).collect();
            node.pipelines.push(Pipeline::new(point, stages));
        }
    }
}

fn first_chain(lists: &Lists<'_>) -> Option<diag::Span> {
    let tables = lists.scope.tables.iter();
    let of_packets = tables.filter(|table| is_packet_family(table.family) && !table.is_dormant);
    let mut bases = of_packets.flat_map(|table| &table.chains).filter_map(|c| c.base.as_ref());
    bases.next().map(|base| base.span)
}

/// A filter beside the address translation: which comes first is not defined.
fn tie(lists: &mut Lists<'_>, base: &Base) {
    lists.report.go_to(base.span);
    lists.report.say(
        base.span,
        Diagnostic::warning(
            "R157",
            text!(
                ja: "優先度がアドレス変換と同じため、どちらが先に働くか決まりません",
                en: "the priority is that of address translation, so their order is not defined",
            ),
        )
        .advise(text!(
            ja: "優先度を 1 だけ変えてください",
            en: "change the priority by one",
        )),
    );
    let what = text!(ja: "順序の決まらないチェイン", en: "a chain without a defined order");
    lists.report.gap(what, DECIDE, (None, None));
}

/// Whether any rule of the tables has a condition on one of the keys.
pub(super) fn conditions<'a>(lists: &Lists<'a>) -> impl Iterator<Item = &'a Condition> {
    let tables = lists.scope.tables.iter();
    let rules = tables.flat_map(|table| &table.chains).flat_map(|chain| &chain.rules);
    rules.flat_map(|rule| &rule.statements).filter_map(|statement| match statement {
        Statement::Match(condition) => Some(condition),
        _ => None,
    })
}

/// Whether a condition looks at the destination after translation.
pub(super) fn reads_status(lists: &Lists<'_>) -> bool {
    conditions(lists).any(|condition| condition.keys.contains(&Key::CtStatus))
}
