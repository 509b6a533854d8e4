//! Layer 2: `netdev` chains, `fwd` between ports, bridges and their chains.

use std::collections::BTreeMap;

use diag::{Diagnostic, Span, text};
use model::{
    Acl, AclIndex, Action, AssumptionUse, Entry, InterfaceIndex, InterfaceKind, Match, Node,
    Origin, Pipeline, Point, Ranges, Readings, Relay, Stage, StageKind,
};

use super::chain::{Lists, Purpose};
use super::effect::{BRIDGE, DENY, REACHED};
use super::field::{Place, Seen, Tracking};
use super::hook::base_chains;
use super::wire::{Form, Header, with_packet};
use crate::registry::linux::assumption::TAGGED;
use crate::registry::linux::config::{
    Base, Chain, Facts, Hook, Statement, Table, TableFamily, Value, Verdict,
};

const ALL_TYPES: (u128, u128) = (0, 0xffff);

/// Fills relays and the pipelines of single interfaces.
pub(super) fn frames(lists: &mut Lists<'_>, node: &mut Node, facts: &Facts) {
    let ingress = device_chains(lists, node, Hook::Ingress);
    let egress = device_chains(lists, node, Hook::Egress);
    forwards(lists, node, &ingress);
    bridges(lists, node, facts, &ingress);
    for relay in node.relays.clone() {
        for_their_packet(lists, &relay);
    }
    for (devices, hook) in [(&ingress, Hook::Ingress), (&egress, Hook::Egress)] {
        for (device, chains) in devices {
            let point = match hook {
                Hook::Ingress => Point::Ingress(*device),
                _ => Point::Egress(*device),
            };
            let stages = chains.iter().map(|one| filter(one.list)).collect();
            add(node, point, stages);
        }
    }
}

fn filter(list: AclIndex) -> Stage {
    Stage::of(None, StageKind::Filter(list))
}

/// Adds stages behind those that are already at `point`.
fn add(node: &mut Node, point: Point, stages: Vec<Stage>) {
    if stages.is_empty() {
        return;
    }
    match node.pipelines.iter_mut().find(|pipeline| pipeline.point == point) {
        Some(known) => known.stages.extend(stages),
        None => node.pipelines.push(Pipeline::new(point, stages)),
    }
}

/// A chain of one interface.
#[derive(Clone)]
struct DeviceChain<'a> {
    table: usize,
    chain: &'a Chain,
    base: &'a Base,
    /// What it lets through to the next hook.
    list: AclIndex,
}

type Devices<'a> = BTreeMap<InterfaceIndex, Vec<DeviceChain<'a>>>;

/// Chains of single interfaces at `hook`, in ascending priority.
fn device_chains<'a>(lists: &mut Lists<'a>, node: &Node, hook: Hook) -> Devices<'a> {
    let mut found: Devices<'a> = BTreeMap::new();
    let of_devices = |family| matches!(family, TableFamily::Netdev | TableFamily::Inet);
    for (table, chain, base) in base_chains(lists, hook, of_devices) {
        let place = device_place(lists, node, (table, base));
        let mut list = lists.base(place, chain, &Purpose::Pass);
        if lists.scope.tables[table].family == TableFamily::Inet {
            list = packets_only(lists, list, base.span);
        }
        for device in &base.devices {
            let Some(index) = node.find_interface(device) else { continue };
            found.entry(index).or_default().push(DeviceChain { table, chain, base, list });
        }
    }
    found
}

/// A list that applies `list` to frames with a packet only, which are all that `inet` sees.
fn packets_only(lists: &mut Lists<'_>, list: AclIndex, span: Span) -> AclIndex {
    let only = Match { ethertypes: Some(with_packet()), ..Match::any() };
    wrapped(lists, only, list, span)
}

/// What is known at a chain of single interfaces.
fn device_place(lists: &Lists<'_>, node: &Node, (table, base): (usize, &Base)) -> Place {
    let has_header = |name: &String| {
        node.find_interface(name).is_none_or(|index| lists.scope.ethernet.contains(&index))
    };
    let is_ingress = base.hook == Hook::Ingress;
    let header = match base.devices.iter().all(has_header) {
        _ if !is_ingress => Header::Unknown,
        true => Header::Always,
        false => Header::OfInterface,
    };
    let (input, output) = match is_ingress {
        true => (Seen::Known, Seen::Absent),
        false => (Seen::Absent, Seen::Known),
    };
    let tracking = if is_ingress { Tracking::ToCome } else { Tracking::Unknown };
    let form = if is_ingress { Form::Frame } else { Form::Fragment };
    Place { table, input, output, tracking, form, header }
}

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

fn forwards<'a>(lists: &mut Lists<'a>, node: &mut Node, ingress: &Devices<'a>) {
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
fn for_their_packet(lists: &mut Lists<'_>, relay: &Relay) {
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

/// A list that applies `list` to frames received on `port` only.
fn port_list(lists: &mut Lists<'_>, port: InterfaceIndex, list: AclIndex, span: Span) -> AclIndex {
    let only = Match { in_interfaces: Some(vec![port]), ..Match::any() };
    wrapped(lists, only, list, span)
}

/// A list that applies `list` to what `only` holds for, and lets everything else pass.
fn wrapped(lists: &mut Lists<'_>, only: Match, list: AclIndex, span: Span) -> AclIndex {
    let origin = Origin::Written(span);
    let entries = vec![Entry { matches: vec![only], action: Action::Goto(list), origin }];
    let name = lists.acls[list.0 as usize].name.clone();
    let default_origin = Origin::Written(span);
    lists.add(Acl { name, entries, default: Action::Permit, default_origin })
}

fn bridge_place(table: usize, hook: Hook) -> Place {
    let (input, output) = match hook {
        Hook::Forward | Hook::Postrouting => (Seen::Known, Seen::Known),
        _ => (Seen::Known, Seen::Absent),
    };
    let (tracking, header) = (Tracking::Unknown, Header::Always);
    Place { table, input, output, tracking, form: Form::Frame, header }
}

fn bridges(lists: &mut Lists<'_>, node: &mut Node, facts: &Facts, ingress: &Devices<'_>) {
    let of_bridges = |family| family == TableFamily::Bridge;
    let mut feet: Vec<&String> = Vec::new();
    for one in &facts.bridges {
        if !feet.contains(&&one.bridge) {
            feet.push(&one.bridge);
        }
    }
    if feet.is_empty() {
        return;
    }
    let mut passing = Vec::new();
    for hook in [Hook::Prerouting, Hook::Forward, Hook::Postrouting] {
        for (table, chain, _) in base_chains(lists, hook, of_bridges) {
            let list = lists.base(bridge_place(table, hook), chain, &Purpose::Pass);
            passing.push(filter(list));
        }
    }
    for name in feet {
        let Some(foot) = node.find_interface(name) else { continue };
        let own = facts.bridges.iter().filter(|one| one.bridge == *name);
        let span = own.clone().map(|one| one.span).next().unwrap_or(lists.report.here());
        let names = own.filter_map(|one| one.port.as_deref());
        let mut ports: Vec<_> = names.filter_map(|port| node.find_interface(port)).collect();
        let mut stages = Vec::new();
        for port in &ports {
            for one in ingress.get(port).into_iter().flatten() {
                stages.push(filter(port_list(lists, *port, one.list, one.base.span)));
                on_bridge_port(lists, one.base.span, *port);
            }
        }
        stages.extend(passing.iter().cloned());
        ports.push(foot);
        node.relays.push(Relay {
            name: name.clone(),
            ports,
            ethertypes: Ranges::of([ALL_TYPES]),
            stages,
            origin: Origin::Written(span),
        });
        foot_stages(lists, node, foot);
    }
}

/// L-A5, where VLANs stand on a wire: a machine on it may be in all of them.
pub(super) fn tagged(lists: &mut Lists<'_>, readings: &Readings, node: &mut Node) {
    let mut wires: BTreeMap<InterfaceIndex, Vec<InterfaceIndex>> = BTreeMap::new();
    for (index, interface) in node.interfaces() {
        if let InterfaceKind::Vlan { parent } = interface.kind {
            wires.entry(parent).or_insert_with(|| vec![parent]).push(index);
        }
    }
    for (parent, ports) in &wires {
        if is_foot(node, *parent) {
            on_bridge(lists, node, ports);
        }
    }
    let Some((_, first)) = wires.first_key_value() else { return };
    let span = first.last().and_then(|index| node.interface(*index).origin.span());
    node.assumptions.push(AssumptionUse { assumption: &TAGGED, span });
    if readings.of(&TAGGED) != "joined" {
        return;
    }
    for (parent, ports) in wires {
        let wire = node.interface(parent);
        node.relays.push(Relay {
            name: format!("tags on {}", wire.name),
            ports,
            ethertypes: Ranges::of([ALL_TYPES]),
            stages: Vec::new(),
            origin: wire.origin.clone(),
        });
    }
}

/// Which ports of a bridge stand in the VLANs on it is not in the model.
fn on_bridge(lists: &mut Lists<'_>, node: &Node, ports: &[InterfaceIndex]) {
    for port in ports.iter().skip(1) {
        let vlan = node.interface(*port);
        let Some(span) = vlan.origin.span() else { continue };
        lists.report.go_to(span);
        let what = text!(
            ja: "ブリッジの上の VLAN `{name}`", en: "`{name}`, a VLAN on a bridge,",
            name = vlan.name,
        );
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        lists.report.say(span, Diagnostic::warning("P208", headline));
        lists.report.gap(what, REACHED, (None, None));
    }
}

/// Frames for the router itself do not pass a relay's stages in the model.
fn on_bridge_port(lists: &mut Lists<'_>, span: Span, port: InterfaceIndex) {
    lists.report.go_to(span);
    let what = text!(
        ja: "ブリッジのポートの `netdev` チェインがルータ自身あてのフレームに及ぼす効果",
        en: "what a `netdev` chain on a bridge port does to frames for the router itself",
    );
    let headline =
        text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
    lists.report.say(span, Diagnostic::warning("P201", headline));
    lists.report.gap(what, DENY, (Some(port), None));
}

/// Chains of the family `bridge` that the router's own frames pass.
fn foot_stages(lists: &mut Lists<'_>, node: &mut Node, foot: InterfaceIndex) {
    let of_bridges = |family| family == TableFamily::Bridge;
    let sides = [
        (Point::Ingress(foot), [Hook::Prerouting, Hook::Input]),
        (Point::Egress(foot), [Hook::Output, Hook::Postrouting]),
    ];
    for (point, hooks) in sides {
        let mut stages = Vec::new();
        for hook in hooks {
            for (table, chain, base) in base_chains(lists, hook, of_bridges) {
                let can_drop = base.drops || chain.rules.iter().any(has_decision);
                if !can_drop {
                    continue;
                }
                let place = Place {
                    table,
                    input: Seen::Hidden,
                    output: Seen::Hidden,
                    tracking: Tracking::Unknown,
                    form: Form::Frame,
                    header: Header::Always,
                };
                stages.push(filter(lists.base(place, chain, &Purpose::Pass)));
            }
        }
        add(node, point, stages);
    }
}

fn has_decision(rule: &crate::registry::linux::config::Rule) -> bool {
    rule.statements.iter().any(|statement| match statement {
        Statement::Verdict(verdict) => *verdict != Verdict::Accept,
        Statement::Vmap(..) | Statement::Rest => true,
        _ => false,
    })
}

/// Whether the interface is the router's foot in a bridge.
pub(super) fn is_foot(node: &Node, index: InterfaceIndex) -> bool {
    node.interface(index).kind == InterfaceKind::Bridge
}
