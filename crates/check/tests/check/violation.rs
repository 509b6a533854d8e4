//! The other judge: whether a packet breaks a rule of kind `Denial`, by the oracle alone. What a
//! rule forbids is written here a second time, from its README, not from its code.

use std::net::IpAddr;

use design::{Blueprint, Ports};
use device::{Config, File, Input};
use diag::Sources;
use model::{
    Family, InterfaceIndex, Match, NodeId, Origin, Outcome, Packet, Readings, ServiceKind,
    StageKind, State, StepKind, Trace, ethertype, protocol,
};
use oracle::Oracle;
use site::Site;

use crate::folder;
use crate::mutant::Dice;
use crate::probe::{self, Probes, strangers};
use crate::snapshot::Snapshot;
use crate::tunnel;

/// Packets that each attacker sends while the sessions of the site are open.
const ANNOUNCED: usize = 60;

/// Frame types that are tried at layer 2.
const FRAMES: [u16; 5] =
    [ethertype::IPV4, ethertype::ARP, ethertype::IPV6, ethertype::PPPOE_SESSION, 0x88b5];

/// The site of `snapshot` under the readings that it answers; `None` if something of it cannot
/// be read.
pub(crate) fn blueprint(snapshot: &Snapshot) -> Option<Blueprint> {
    read_as(snapshot, Readings::default())
}

/// As [`blueprint`], where interfaces of machines take what routers advertise unless it is said
/// that they do not.
pub(crate) fn listening(snapshot: &Snapshot) -> Option<Blueprint> {
    let mut readings = Readings::default();
    readings.take(design::HEARD.id, "taken");
    readings.take(design::HEARD_BESIDE.id, "taken");
    read_as(snapshot, readings)
}

/// The site of `snapshot` under `readings`, unless it answers another one.
fn read_as(snapshot: &Snapshot, mut readings: Readings) -> Option<Blueprint> {
    let (site, configs) = configs(snapshot)?;
    for answer in &site.assumptions {
        readings.take(answer.id.value.clone(), answer.reading.value.clone());
    }
    let nodes = configs.iter().map(|config| config.lower(&readings).node).collect();
    Some(design::build(&site, nodes, None, &readings))
}

/// The site of `snapshot` and the configurations of its routers; `None` if something of it cannot
/// be read.
pub(crate) fn configs(snapshot: &Snapshot) -> Option<(Site, Vec<Box<dyn Config>>)> {
    let mut sources = Sources::new();
    let source = sources.add("site.toml", snapshot.site.as_str());
    let (site, _) = site::parse(source, &snapshot.site);
    let mut configs = Vec::new();
    for router in &site.routers {
        let mut files = Vec::new();
        for name in &router.config {
            let (own, text) = snapshot.files.iter().find(|(own, _)| *own == name.value)?;
            let source = sources.add(own.as_str(), text.as_str());
            files.push(File { source, name: own, text });
        }
        let vendor = device::vendor(&router.vendor.as_ref()?.value)?;
        let input = Input {
            name: &router.name.value,
            origin: Origin::Written(router.name.span),
            model: None,
            files: &files,
        };
        configs.push((vendor.parse)(&input));
    }
    Some((site, configs))
}

/// A packet that breaks rule `code`, in words; about `count` are tried for each attacker.
pub(crate) fn search(
    blueprint: &Blueprint,
    code: &str,
    count: usize,
    dice: &mut Dice,
) -> Option<String> {
    let parties = &blueprint.parties;
    let terminals = || parties.terminals.iter().filter(|one| !parties.medical.contains(one));
    let merged = || parties.terminals.iter().filter(|one| parties.medical.contains(one));
    let (attackers, targets): (Vec<NodeId>, Vec<NodeId>) = match code {
        "F002" => {
            let inside = parties.medical.iter().chain(&parties.neighbours);
            (terminals().copied().collect(), inside.copied().collect())
        }
        "F003" => (parties.outside.clone(), parties.machines.clone()),
        "F004" => {
            let outside = parties.outside.iter();
            (outside.chain(&parties.terminals).copied().collect(), parties.routers.clone())
        }
        "F006" => (parties.machines.clone(), Vec::new()),
        "F008" => {
            let sessions = blueprint.sessions.iter().filter(|session| session.is_pppoe);
            sessions.map(|session| (session.far, session.machine)).unzip()
        }
        "F030" if blueprint.contract.is_some() => (parties.machines.clone(), Vec::new()),
        "F033" => {
            let sessions = blueprint.sessions.iter().filter(|session| !session.is_pppoe);
            sessions.map(|session| (session.far, session.machine)).unzip()
        }
        "F040" => {
            let inside = parties.medical.iter().chain(&parties.neighbours);
            (merged().copied().collect(), inside.copied().collect())
        }
        "F042" => {
            let is_other =
                |node: &&NodeId| parties.terminals.contains(node) || parties.medical.contains(node);
            let claims = parties.claims_terminals.iter().filter(|node| !is_other(node));
            let inside = parties.medical.iter().chain(&parties.neighbours);
            (claims.copied().collect(), inside.copied().collect())
        }
        "F043" => {
            let is_other =
                |node: &&NodeId| parties.terminals.contains(node) || parties.medical.contains(node);
            let claims = parties.claims_terminals.iter().filter(|node| !is_other(node));
            let inside = parties.medical.iter().chain(&parties.neighbours);
            let inside = inside.filter(|node| !parties.all_terminals().contains(node));
            (inside.copied().collect(), claims.copied().collect())
        }
        "T120" => return bypass(blueprint),
        _ => return None,
    };
    let probes = Probes::of(blueprint);
    if matches!(code, "F002" | "F003") && !is_negotiating(blueprint) {
        let found = announced(blueprint, code, (&attackers, &targets), dice);
        if found.is_some() {
            return found;
        }
    }
    for from in attackers {
        for packet in probes.packets(blueprint, &targets, count, dice) {
            let traces = Oracle::new(&blueprint.network).attack(from, packet);
            if traces.iter().any(|trace| is_broken(blueprint, code, (from, packet), trace)) {
                return Some(told(blueprint, from, &packet));
            }
        }
    }
    None
}

/// Whether some session announces others that the two ends agree on.
fn is_negotiating(blueprint: &Blueprint) -> bool {
    let pipelines = blueprint.network.nodes.iter().flat_map(|node| &node.pipelines);
    pipelines.flat_map(|pipeline| &pipeline.stages).any(|stage| match &stage.kind {
        StageKind::Open(_, triggers) => {
            triggers.iter().flat_map(|one| &one.related).any(|related| related.is_negotiated)
        }
        _ => false,
    })
}

/// First packets of the sessions that the site needs, with their senders.
fn needed(blueprint: &Blueprint) -> Vec<(NodeId, Packet)> {
    let network = &blueprint.network;
    let mut needed = Vec::new();
    for family in Family::ALL {
        let mut targets: Vec<(NodeId, IpAddr, Ports)> = Vec::new();
        for service in &blueprint.services {
            for to in network.node(service.to).addresses(family) {
                targets.extend(service.ports.iter().map(|ports| (service.from, to, *ports)));
            }
        }
        for destination in &blueprint.catalogue.destinations {
            let nets = destination.addresses.iter().filter(|net| net.family() == family);
            for (net, ports) in nets.flat_map(|net| destination.ports.iter().map(move |p| (net, p)))
            {
                let machines = blueprint.parties.machines.iter();
                targets.extend(machines.map(|machine| (*machine, net.address(), *ports)));
            }
        }
        for (from, to, ports) in targets {
            let Ports::Range(protocol, port, _) = ports else { continue };
            let sources = network.node(from).addresses(family);
            needed.extend(sources.map(|source| (from, probe::first(source, to, protocol, port))));
        }
    }
    needed
}

/// A packet that passes because an open session announces it: the sessions that the site needs
/// are open, and each attacker sends what it likes, one packet after the other.
fn announced(
    blueprint: &Blueprint,
    code: &str,
    (attackers, targets): (&[NodeId], &[NodeId]),
    dice: &mut Dice,
) -> Option<String> {
    let mut oracle = Oracle::new(&blueprint.network);
    for (from, packet) in needed(blueprint) {
        oracle.originate(from, packet);
    }
    let probes = Probes::of(blueprint);
    for from in attackers.iter().copied() {
        for packet in probes.packets(blueprint, targets, ANNOUNCED, dice) {
            let traces = oracle.attack(from, packet);
            let is_related = |trace: &Trace| {
                let mut kinds = trace.steps.iter().map(|step| step.kind);
                kinds.any(|kind| matches!(kind, StepKind::Tracked(_, State::Related)))
            };
            let mut related = traces.iter().filter(|trace| is_related(trace));
            if related.any(|trace| is_broken(blueprint, code, (from, packet), trace)) {
                return Some(format!("{} in an announced one", told(blueprint, from, &packet)));
            }
        }
    }
    None
}

fn told(blueprint: &Blueprint, from: NodeId, packet: &Packet) -> String {
    format!("{} sends {packet:?}", blueprint.network.node(from).name)
}

/// Whether the way `trace` of a packet breaks rule `code`.
fn is_broken(
    blueprint: &Blueprint,
    code: &str,
    (from, packet): (NodeId, Packet),
    trace: &Trace,
) -> bool {
    let parties = &blueprint.parties;
    // What leaves in clear counts whether it begins something or not.
    if is_error(&packet) || (code != "F030" && is_reply(&packet)) {
        return false;
    }
    let in_own_session = |node: NodeId, interface: Option<InterfaceIndex>| {
        let mut sessions = blueprint.sessions.iter();
        sessions.any(|one| one.machine == node && Some(one.interface) == interface)
    };
    match (code, trace.outcome) {
        ("F002", Outcome::Delivered(node)) => parties.is_inside(node),
        ("F002", Outcome::OnSegment(segment)) => parties.medical_segments.contains(&segment),
        ("F003", Outcome::Delivered(node)) => {
            parties.machines.contains(&node) && !in_own_session(node, received_on(trace, node))
        }
        ("F003", Outcome::OnSegment(segment)) => parties.inside_segments.contains(&segment),
        ("F004", Outcome::Delivered(router)) => {
            is_answered(blueprint, from, &packet) && is_served(blueprint, from, router, trace)
        }
        ("F006", Outcome::Delivered(node)) => {
            parties.outside.contains(&node)
                && !is_listed(blueprint, &as_it_ended(packet, trace), node)
                && !in_own_session(from, sent_on(trace, from))
        }
        ("F040", Outcome::Delivered(node)) => {
            let is_server = parties.is_inside(node) && !parties.terminals.contains(&node);
            is_server && !is_named(blueprint, from, node, trace)
        }
        ("F042", Outcome::Delivered(node)) => {
            node != from && parties.is_inside(node) && !is_named(blueprint, from, node, trace)
        }
        ("F043", Outcome::Delivered(node)) => {
            let is_own = in_own_session(node, received_on(trace, node));
            let is_other = parties.terminals.contains(&node) || parties.medical.contains(&node);
            let is_claims = parties.claims_terminals.contains(&node) && !is_other;
            is_claims && !is_own && !is_named(blueprint, from, node, trace)
        }
        ("F040" | "F042", Outcome::OnSegment(segment)) => {
            parties.medical_segments.contains(&segment)
        }
        ("F030", Outcome::Delivered(node)) => {
            parties.outside.contains(&node)
                && !tunnel::is_inside(blueprint, trace)
                && !tunnel::is_outer(blueprint, &packet)
        }
        ("F008" | "F033", Outcome::Delivered(node)) => {
            let is_pppoe = code == "F008";
            let mut sessions = blueprint.sessions.iter();
            sessions.any(|one| {
                one.machine == node
                    && Some(one.interface) == received_on(trace, node)
                    && one.is_pppoe == is_pppoe
            }) && blueprint.network.node(node).owns(packet.destination)
        }
        _ => false,
    }
}

/// `packet` as it ended, where routers on the way may have turned it to another destination.
fn as_it_ended(packet: Packet, trace: &Trace) -> Packet {
    trace.steps.last().map_or(packet, |step| step.packet)
}

/// Whether `packet` is an error message of ICMP, which speaks of a packet that was sent before
/// and begins nothing (RFC 792; RFC 4443 section 2.1).
fn is_error(packet: &Packet) -> bool {
    let kind = packet.source_port;
    packet.is_icmp()
        && match packet.family() {
            Family::V4 => [3, 4, 11, 12].contains(&kind),
            Family::V6 => kind < 128,
        }
}

/// Whether `packet` is a reply of ICMP, which begins no session (RFC 792; RFC 4443 section 4.2).
fn is_reply(packet: &Packet) -> bool {
    let kind = packet.source_port;
    packet.is_icmp()
        && match packet.family() {
            Family::V4 => [0, 14, 16].contains(&kind),
            Family::V6 => kind == 129,
        }
}

/// The interface on which `node` received the packet last.
fn received_on(trace: &Trace, node: NodeId) -> Option<InterfaceIndex> {
    trace.steps.iter().rev().find_map(|step| match step.kind {
        StepKind::Received(interface) if step.node == node => Some(interface),
        _ => None,
    })
}

/// The interface on which `node` sent the packet first.
fn sent_on(trace: &Trace, node: NodeId) -> Option<InterfaceIndex> {
    trace.steps.iter().find_map(|step| match step.kind {
        StepKind::Sent(interface) if step.node == node => Some(interface),
        _ => None,
    })
}

/// Whether `from` surely gets the answers to `packet`: it is its own address.
fn is_answered(blueprint: &Blueprint, from: NodeId, packet: &Packet) -> bool {
    match blueprint.parties.outside.contains(&from) {
        true => strangers().contains(&packet.source),
        false => blueprint.network.node(from).owns(packet.source),
    }
}

/// Whether the packet as it came meets a service of `router` that `from` must not use.
fn is_served(blueprint: &Blueprint, from: NodeId, router: NodeId, trace: &Trace) -> bool {
    let parties = &blueprint.parties;
    let Some(last) = trace.steps.last() else { return false };
    let is_real = blueprint.network.node(router).owns(last.packet.destination);
    if !parties.routers.contains(&router) || !is_real {
        return false;
    }
    let received = received_on(trace, router);
    blueprint.network.node(router).services.iter().any(|service| {
        let is_forbidden = match service.kind {
            ServiceKind::Management => true,
            ServiceKind::Names => parties.outside.contains(&from),
            ServiceKind::Other => false,
        };
        is_forbidden && service.admits.iter().any(|one| holds(one, &last.packet, received))
    })
}

/// Whether the address and port conditions of `one` hold for `packet`.
fn holds(one: &Match, packet: &Packet, received: Option<InterfaceIndex>) -> bool {
    let number = model::Family::number;
    let among = |ranges: &Option<model::Ranges>, value: u128| {
        ranges.as_ref().is_none_or(|ranges| ranges.contains(value))
    };
    one.family.is_none_or(|family| family == packet.family())
        && among(&one.source, number(packet.source))
        && among(&one.destination, number(packet.destination))
        && among(&one.protocol, u128::from(packet.protocol))
        && among(&one.source_port, u128::from(packet.source_port))
        && among(&one.destination_port, u128::from(packet.destination_port))
        && one
            .in_interfaces
            .as_ref()
            .is_none_or(|list| received.is_some_and(|interface| list.contains(&interface)))
}

/// Whether the packet as it came to `server` belongs to a service that the site names.
fn is_named(blueprint: &Blueprint, from: NodeId, server: NodeId, trace: &Trace) -> bool {
    let Some(packet) = trace.steps.last().map(|step| step.packet) else { return false };
    let flows = blueprint.services.iter().filter(|flow| (flow.from, flow.to) == (from, server));
    flows.flat_map(|flow| &flow.ports).any(|ports| {
        let (protocol, ports) = ports.ranges(packet.family());
        protocol.is_none_or(|list| list.contains(packet.protocol))
            && ports.is_none_or(|list| list.contains(packet.destination_port))
    })
}

/// Whether the site lists the destination of `packet`, which comes to `outside`, there.
fn is_listed(blueprint: &Blueprint, packet: &Packet, outside: NodeId) -> bool {
    let stands = |node: NodeId| {
        let interfaces = blueprint.network.node(node).interfaces.iter();
        interfaces.filter_map(|interface| interface.segment)
    };
    let is_there =
        |net: NodeId| net == outside || stands(net).any(|one| stands(outside).any(|o| o == one));
    let is_internet = blueprint.network.node(outside).name == "internet";
    if is_internet && tunnel::is_outer(blueprint, packet) {
        return true;
    }
    let listed = blueprint.catalogue.destinations.iter().filter(|one| is_there(one.net));
    listed.into_iter().any(|destination| {
        destination.addresses.iter().any(|net| net.contains(packet.destination))
            && destination.ports.iter().any(|ports| {
                let (protocol, ports) = ports.ranges(packet.family());
                protocol.is_none_or(|list| list.contains(packet.protocol))
                    && ports.is_none_or(|list| list.contains(packet.destination_port))
            })
    })
}

/// A frame that comes from the line to a machine that does not need it.
fn bypass(blueprint: &Blueprint) -> Option<String> {
    let network = &blueprint.network;
    let oracle = Oracle::new(network);
    let segment = |node: NodeId, interface| network.node(node).interface(interface).segment;
    for outside in &blueprint.parties.outside {
        for (index, interface) in network.node(*outside).interfaces() {
            if interface.segment != blueprint.parties.line {
                continue;
            }
            for frame in FRAMES {
                for (node, heard) in oracle.frame(*outside, index, frame) {
                    let is_needed = frame == ethertype::PPPOE_SESSION
                        && blueprint.sessions.iter().any(|one| {
                            one.is_pppoe
                                && segment(one.machine, one.carrier) == segment(node, heard)
                        });
                    if blueprint.parties.machines.contains(&node) && !is_needed {
                        let name = &network.node(node).name;
                        return Some(format!("{name} hears frames of type {frame:#06x}"));
                    }
                }
            }
        }
    }
    None
}

/// The site of the case called `name` in the folder of rule `code`.
fn case(code: &str, name: &str) -> Snapshot {
    let folder = folder::all().into_iter().find(|folder| folder.code == code);
    let cases = folder.expect("the rule exists").cases;
    Snapshot::of(cases.iter().find(|case| case.name == name).expect("the case exists"))
}

#[test]
fn a_second_packet_passes_where_the_first_one_does_not() {
    let snapshot = case("F002", "refutes a session that the terminal opens in two steps");
    let blueprint = blueprint(&snapshot).expect("the case can be read");
    let network = &blueprint.network;
    let [terminal, receipt] = ["terminal-1", "receipt-1"].map(|name| network.find(name));
    let (terminal, receipt) = (terminal.expect("it is there"), receipt.expect("it is there"));
    let [from, to] = ["192.0.2.130", "192.0.2.20"].map(|text| text.parse().expect("an address"));
    let send = |oracle: &mut Oracle<'_>, port| {
        let traces = oracle.attack(terminal, probe::first(from, to, protocol::TCP, port));
        traces.iter().any(|trace| trace.outcome == Outcome::Delivered(receipt))
    };
    let mut oracle = Oracle::new(network);
    assert!(!send(&mut oracle, 139), "without a session nothing passes lan2");
    assert!(!send(&mut oracle, 445), "the first packet dies on lan1");
    assert!(send(&mut oracle, 139), "but its session announces the second one");
}

#[test]
fn the_search_finds_what_is_open() {
    let open = [
        ("F002", "refutes a router without lists"),
        ("F002", "refutes established as a permission"),
        ("F002", "refutes a list that trusts a source address"),
        ("F002", "refutes sessions that an open session announces"),
        ("F003", "refutes a forgotten IPv6 list"),
        ("F003", "refutes a port forward"),
        ("F003", "refutes sessions that a session to the outside announces"),
        ("F004", "refutes telnet for any host"),
        ("F006", "refutes a list that passes everything out"),
        ("F008", "refutes a firewall that is switched off"),
        ("T120", "refutes a hub at the edge"),
        ("F030", "refutes a default route beside that of the tunnel"),
        ("F030", "refutes a route that hides while the tunnel is down"),
        ("F030", "refutes IPv6 in clear beside the tunnel"),
        ("F030", "refutes another tunnel"),
        ("F033", "refutes a machine with a tunnel whose firewall is switched off"),
        ("F040", "refutes a branch without a limit"),
        ("F042", "refutes an online-claims terminal with a foot among the claims computers"),
        ("F004", "refutes management that a merged machine can reach"),
        ("F008", "refutes a session to both networks without a firewall"),
    ];
    for (code, name) in open {
        let blueprint = blueprint(&case(code, name)).expect("the case can be read");
        assert!(search(&blueprint, code, 300, &mut Dice(1)).is_some(), "{code}: {name}");
    }
}

#[test]
fn the_search_finds_nothing_in_a_base_site() {
    for base in folder::bases() {
        let blueprint = blueprint(&Snapshot::base_of(&base)).expect("a base site can be read");
        for code in ["F002", "F003", "F004", "F006", "F008", "F030", "F033", "F040", "F042", "T120"]
        {
            assert_eq!(search(&blueprint, code, 300, &mut Dice(1)), None, "{base} {code}");
        }
    }
}
