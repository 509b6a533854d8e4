//! `fwd` between ports: relays of frames.

use std::collections::BTreeMap;

use diag::{Diagnostic, Span, text};
use model::{
    Acl, AclIndex, Action, Entry, InterfaceIndex, Match, Node, Origin, Ranges, Relay, StageKind,
};

use super::super::chain::{Lists, Purpose};
use super::super::effect::BRIDGE;
use super::super::wire::with_packet;
use super::{Devices, device_place, filter, port_list};
use crate::registry::linux::config::{Statement, Table, Value};

/// Every EtherType.
pub(super) const ALL_TYPES: (u128, u128) = (0, 0xffff);

/// Interfaces that rules of the table send frames to.
fn targets(table: &Table) -> Vec<String> {
    let rules = table.chains.iter().flat_map(|chain| &chain.rules);
    let mut names: Vec<String> = rules
        .flat_map(|rule| &rule.statements)
        .filter_map(|statement| match statement {
            Statement::Relay(Value::Word(name)) => Some(name.clone()),
            _ => None,
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// One direction of a relay made by `fwd`.
struct Direction {
    from: InterfaceIndex,
    types: Ranges,
    /// Lists that frames with a packet pass; none if the EtherType alone decides.
    lists: Vec<AclIndex>,
    span: Span,
}

pub(super) fn forwards<'a>(lists: &mut Lists<'a>, node: &mut Node, ingress: &Devices<'a>) {
    let mut pairs: BTreeMap<(InterfaceIndex, InterfaceIndex), Vec<Direction>> = BTreeMap::new();
    for (from, chains) in ingress {
        for (number, one) in chains.iter().enumerate() {
            for target in targets(&lists.scope.tables[one.table]) {
                let to = node.find_interface(&target).filter(|to| to != from);
                let Some(to) = to else { continue };
                let before = lists.acls.len();
                let purpose = Purpose::Relay(target);
                let place = device_place(lists, node, (one.table, one.base));
                let list = lists.base(place, one.chain, &purpose);
                let (types, is_plain) = relayed(&lists.acls[list.0 as usize], *from);
                let span = first_span(&lists.acls[list.0 as usize]).unwrap_or(one.base.span);
                let earlier = chains[..number].iter().map(|earlier| earlier.list);
                let mut needed: Vec<AclIndex> = earlier.collect();
                if !is_plain || !needed.is_empty() {
                    needed.push(list);
                } else if list.0 as usize == before {
                    lists.acls.truncate(before);
                }
                if types.is_empty() {
                    continue;
                }
                let pair = (to.min(*from), to.max(*from));
                let direction = Direction { from: *from, types, lists: needed, span };
                pairs.entry(pair).or_default().push(direction);
            }
        }
    }
    for ((first, second), directions) in pairs {
        let relay = joined(lists, node, (first, second), &directions);
        node.relays.push(relay);
    }
}

fn first_span(acl: &Acl) -> Option<Span> {
    let permits = acl.entries.iter().filter(|entry| entry.action == Action::Permit);
    permits.filter_map(|entry| entry.origin.span()).next()
}

/// EtherTypes that a list made for [`Purpose::Relay`] relays from `from`, and whether the
/// EtherType alone decides.
fn relayed(acl: &Acl, from: InterfaceIndex) -> (Ranges, bool) {
    let all = Ranges::of([ALL_TYPES]);
    let with_packet = with_packet();
    let (mut left, mut found, mut is_plain) = (all.clone(), Ranges::none(), true);
    for entry in &acl.entries {
        for one in &entry.matches {
            if one.in_interfaces.as_ref().is_some_and(|list| !list.contains(&from)) {
                continue;
            }
            let bare = Match {
                ethertypes: one.ethertypes.clone(),
                in_interfaces: one.in_interfaces.clone(),
                ..Match::any()
            };
            let is_bare = *one == bare;
            let mut types = one.ethertypes.clone().unwrap_or_else(|| all.clone());
            if !is_bare {
                types = types.intersection(&with_packet);
            }
            is_plain &= is_bare;
            match entry.action {
                Action::Permit => found = found.union(&types.intersection(&left)),
                Action::Call(_) | Action::Goto(_) => {
                    is_plain = false;
                    found = found.union(&types.intersection(&left));
                    continue;
                }
                Action::Deny | Action::Return => {}
            }
            if is_bare {
                left = left.intersection(&types.complement(0xffff));
            }
        }
    }
    (found, is_plain)
}

/// Whether a frame passes is asked of the frame alone, also where a rule lets it pass for the
/// packet that it carries.
pub(super) fn for_their_packet(lists: &mut Lists<'_>, relay: &Relay) {
    let mut left: Vec<AclIndex> = relay
        .stages
        .iter()
        .filter_map(|stage| match stage.kind {
            StageKind::Filter(list) => Some(list),
            _ => None,
        })
        .collect();
    let mut seen = Vec::new();
    let mut place = None;
    while let Some(list) = left.pop() {
        if seen.contains(&list) {
            continue;
        }
        seen.push(list);
        for entry in &lists.acls[list.0 as usize].entries {
            if let Action::Call(next) | Action::Goto(next) = entry.action {
                left.push(next);
            }
            if entry.action != Action::Deny && !entry.matches.iter().all(is_of_frame) {
                place = place.or(entry.origin.span());
            }
        }
    }
    let Some(span) = place else { return };
    lists.report.go_to(span);
    let what = text!(
        ja: "中身のパケットによってフレームを中継する規則",
        en: "a rule that relays frames for the packet in them",
    );
    let headline =
        text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
    lists.report.say(span, Diagnostic::warning("P201", headline));
    lists.report.gap(what, BRIDGE, (None, None));
}

/// Whether a match asks nothing of the packet in a frame.
fn is_of_frame(one: &Match) -> bool {
    let bare = Match {
        ethertypes: one.ethertypes.clone(),
        in_interfaces: one.in_interfaces.clone(),
        out_interfaces: one.out_interfaces.clone(),
        ..Match::any()
    };
    *one == bare
}

/// The relay between two ports in one or both directions.
fn joined(
    lists: &mut Lists<'_>,
    node: &Node,
    (first, second): (InterfaceIndex, InterfaceIndex),
    directions: &[Direction],
) -> Relay {
    let names = [&node.interface(first).name, &node.interface(second).name];
    let mut types = Ranges::none();
    for direction in directions {
        types = types.union(&direction.types);
    }
    let goes_from = |port| directions.iter().any(|one: &Direction| one.from == port);
    let is_both_ways = goes_from(first) && goes_from(second);
    let is_same = directions.iter().all(|one| one.types == types && one.lists.is_empty());
    let span = directions.first().map_or(lists.report.here(), |one| one.span);
    if !is_both_ways {
        one_way(lists, span, names);
    }
    let mut stages = Vec::new();
    if !is_both_ways || !is_same {
        let mut entries = Vec::new();
        for direction in directions {
            let only = Match {
                in_interfaces: Some(vec![direction.from]),
                ethertypes: Some(direction.types.clone()),
                ..Match::any()
            };
            let origin = Origin::Written(direction.span);
            let action = match direction.lists.last() {
                Some(list) => Action::Goto(*list),
                None => Action::Permit,
            };
            entries.push(Entry { matches: vec![only], action, origin });
            for list in direction.lists.iter().rev().skip(1) {
                stages.push(filter(port_list(lists, direction.from, *list, direction.span)));
            }
        }
        let name = format!("fwd {} {}", names[0], names[1]);
        let default_origin = Origin::Written(span);
        let default = Action::Deny;
        stages.push(filter(lists.add(Acl { name, entries, default, default_origin })));
    }
    Relay {
        name: format!("fwd {} {}", names[0], names[1]),
        ports: vec![first, second],
        ethertypes: types,
        stages,
        origin: Origin::Written(span),
    }
}

fn one_way(lists: &mut Lists<'_>, span: Span, names: [&String; 2]) {
    lists.report.say(
        span,
        Diagnostic::warning(
            "R159",
            text!(
                ja: "`fwd` が `{a}` と `{b}` の間で片方向しかありません",
                en: "`fwd` goes only one way between `{a}` and `{b}`",
                a = names[0], b = names[1],
            ),
        )
        .advise(text!(
            ja: "逆向きの `fwd` も書いてください。応答が戻りません",
            en: "write the `fwd` of the other direction too; no answer comes back",
        )),
    );
}
