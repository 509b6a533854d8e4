//! Layer 2: `netdev` chains, `fwd` between ports, bridges and their chains.

mod relay;

use std::collections::BTreeMap;

use diag::{Diagnostic, Span, Text, text};
use model::{
    Acl, AclIndex, Action, AssumptionUse, Effect, Entry, InterfaceIndex, InterfaceKind, Match,
    Node, Origin, Pipeline, Point, Ranges, Readings, Relay, Stage, StageKind,
};

use super::chain::{Lists, Purpose};
use super::effect::{ALL, DENY, REACHED};
use super::field::{Place, Seen, Tracking};
use super::hook::base_chains;
use super::wire::{Form, Header, with_packet};
use crate::registry::linux::assumption::TAGGED;
use crate::registry::linux::config::{
    Base, BridgePort, Chain, Facts, Hook, Statement, TableFamily, Verdict,
};

/// Fills relays and the pipelines of single interfaces.
pub(super) fn frames(lists: &mut Lists<'_>, node: &mut Node, facts: &Facts) {
    let ingress = device_chains(lists, node, Hook::Ingress);
    let egress = device_chains(lists, node, Hook::Egress);
    of_vlans(lists, node, &ingress);
    of_vlans(lists, node, &egress);
    relay::forwards(lists, node, &ingress);
    bridges(lists, node, facts, &ingress);
    of_relays(lists, node, &egress);
    for relay in node.relays.clone() {
        relay::for_their_packet(lists, &relay);
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

/// Chains of an interface that carries VLANs: the kernel takes a tag off before they see a frame
/// and puts it on behind them, so they see the packets of the VLANs too.
///
/// # Source
/// Linux 6.18, `__netif_receive_skb_core` (`skb_vlan_untag`, `nf_ingress`, `vlan_do_receive`).
fn of_vlans(lists: &mut Lists<'_>, node: &Node, devices: &Devices<'_>) {
    for (device, chains) in devices {
        let is_above = |kind| matches!(kind, InterfaceKind::Vlan { parent } if parent == *device);
        if !node.interfaces.iter().any(|one| is_above(one.kind)) {
            continue;
        }
        for one in chains {
            let table = &lists.scope.tables[one.table];
            let rules = table.chains.iter().flat_map(|chain| &chain.rules);
            let mut statements = rules.flat_map(|rule| &rule.statements);
            let effects = match statements.any(|one| matches!(one, Statement::Relay(_))) {
                true => ALL,
                false if one.base.drops || lists.outcomes(one.list).1 => DENY,
                false => continue,
            };
            let what = text!(
                ja: "`{name}` の VLAN のパケットへのこのチェイン",
                en: "this chain on packets of the VLANs of `{name}`, which it sees too,",
                name = node.interface(*device).name,
            );
            unseen(lists, one.base.span, what, effects);
        }
    }
}

/// Chains at egress of an interface to which frames are relayed: a bridge and `fwd` send by the
/// interface, so such a chain sees what they relay.
///
/// # Source
/// Linux 6.18, `__dev_queue_xmit` (`nf_hook_egress`), tried in network namespaces.
fn of_relays(lists: &mut Lists<'_>, node: &Node, egress: &Devices<'_>) {
    let is_port = |device: &InterfaceIndex| {
        node.relays.iter().any(|relay| relay.ports.contains(device)) && !is_foot(node, *device)
    };
    for (device, chains) in egress.iter().filter(|(device, _)| is_port(device)) {
        let can_drop = |one: &&DeviceChain<'_>| one.base.drops || lists.outcomes(one.list).1;
        let dropping: Vec<Span> = chains.iter().filter(can_drop).map(|one| one.base.span).collect();
        for span in dropping {
            let what = text!(
                ja: "`{name}` へ中継されるフレームへのこのチェイン",
                en: "this chain on frames that are relayed to `{name}`",
                name = node.interface(*device).name,
            );
            unseen(lists, span, what, DENY);
        }
    }
}

fn unseen(lists: &mut Lists<'_>, span: Span, what: Text, effects: &[Effect]) {
    let headline =
        text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
    lists.report.go_to(span);
    lists.report.say(span, Diagnostic::warning("P208", headline));
    lists.report.gap(what, effects, (None, None));
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
    refused_ports(lists, facts, &feet);
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
            ethertypes: Ranges::of([relay::ALL_TYPES]),
            stages,
            origin: Origin::Written(span),
        });
        foot_stages(lists, node, foot);
    }
}

/// Ports that Linux refuses: a bridge as the port of a bridge, and a port of two bridges. What
/// the router does then depends on the order in which its tools go on.
fn refused_ports(lists: &mut Lists<'_>, facts: &Facts, feet: &[&String]) {
    for one in &facts.bridges {
        let Some(port) = &one.port else { continue };
        let is_of_another =
            |other: &BridgePort| other.port.as_ref() == Some(port) && other.bridge != one.bridge;
        let what = if feet.contains(&port) {
            text!(
                ja: "ブリッジ `{port}` を含むブリッジ", en: "the bridge `{port}` in a bridge",
                port = port,
            )
        } else if facts.bridges.iter().any(is_of_another) {
            text!(
                ja: "二つのブリッジに入れた `{port}`", en: "`{port}` as a port of two bridges",
                port = port,
            )
        } else {
            continue;
        };
        lists.report.go_to(one.span);
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        let advice = text!(
            ja: "Linux はこの設定を受け付けません。ブリッジのポートを直してください",
            en: "Linux refuses this; correct the ports of the bridge",
        );
        lists.report.say(one.span, Diagnostic::warning("P208", headline).advise(advice));
        lists.report.gap(what, ALL, (None, None));
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
            ethertypes: Ranges::of([relay::ALL_TYPES]),
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
