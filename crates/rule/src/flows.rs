//! The flows that the site needs, tried out.

use std::net::IpAddr;

use design::{Flow, Ports};
use diag::Span;
use model::{
    Family, InterfaceIndex, InterfaceKind, NodeId, Outcome, Ranges, StepKind, flags, protocol,
};
use packet_set::{Cube, Field, Interval};
use reach::{Exploration, Leaf, Start, exactly, explore, universe};

use crate::Scene;

/// First source port that systems use for sessions that they open: Linux begins there, Windows and
/// macOS at 49,152. What is discarded for its port below it, such as a port that worms use, is no
/// session of theirs.
///
/// # Source
/// Linux `Documentation/networking/ip-sysctl.rst`, `ip_local_port_range`; RFC 6335 section 6.
const SOURCE_PORT_FIRST: u128 = 32_768;

/// A flow and what became of it.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) from: NodeId,
    /// Who should answer.
    pub(crate) to: NodeId,
    /// Who may answer instead: for a network outside, whoever else stands where it does.
    pub(crate) beside: Vec<NodeId>,
    /// Name of what is reached, where it is a listed destination.
    pub(crate) destination: Option<String>,
    pub(crate) ports: Ports,
    pub(crate) start: Start,
    pub(crate) found: Exploration,
    pub(crate) span: Span,
}

impl Trial {
    /// Whether `node` is one that should answer.
    pub(crate) fn is_end(&self, node: NodeId) -> bool {
        node == self.to || self.beside.contains(&node)
    }

    /// Whether the packets of `leaf` ended where they should: with who should answer, at an address
    /// and a port that were asked for.
    pub(crate) fn arrives(&self, leaf: &Leaf) -> bool {
        match leaf.outcome {
            Outcome::Delivered(node) => self.is_end(node) && self.is_asked_for(leaf),
            _ => false,
        }
    }

    /// Whether what a node made of the destination is still one that the flow is for.
    fn is_asked_for(&self, leaf: &Leaf) -> bool {
        let asked = self.start.packets.iter().filter(|(family, _)| *family == leaf.family);
        let holds = |cube: &Cube, field| {
            let (arrived, asked) = (leaf.arrived.interval(field), cube.interval(field));
            asked.lo() <= arrived.lo() && arrived.hi() <= asked.hi()
        };
        let mut cubes = asked.map(|(_, cube)| cube);
        !leaf.is_redirected()
            || cubes.any(|cube| {
                [Field::Destination, Field::DestinationPort].iter().all(|field| holds(cube, *field))
            })
    }

    /// Whether the packets of `answer` come back to who began, as answers to what it sent.
    pub(crate) fn comes_back(&self, answer: &Leaf) -> bool {
        answer.outcome == Outcome::Delivered(self.from) && !answer.is_rewritten()
    }

    /// Whether all packets arrive and there are some.
    pub(crate) fn works(&self) -> bool {
        self.found.is_complete
            && !self.found.leaves.is_empty()
            && self.found.leaves.iter().all(|leaf| self.arrives(leaf))
    }
}

/// Addresses that stand for somebody outside, in documentation networks (RFC 5737, RFC 3849).
pub(crate) fn outside_addresses() -> Vec<IpAddr> {
    let v6 = |third| IpAddr::from([0x2001, 0x0db8, third, 0, 0, 0, 0, 0x66]);
    vec![
        IpAddr::from([203, 0, 113, 251]),
        IpAddr::from([198, 51, 100, 251]),
        IpAddr::from([192, 0, 2, 251]),
        v6(0x0666),
        v6(0x0066),
    ]
}

/// Every service of the site, on every address at which it may be asked for.
pub(crate) fn services(scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for flow in &scene.blueprint.services {
        for family in Family::ALL {
            trials.extend(service(scene, flow, family));
        }
    }
    trials
}

fn service(scene: &Scene<'_>, flow: &Flow, family: Family) -> Vec<Trial> {
    let targets = wired_addresses(scene, flow.to, family);
    let sources = wired_addresses(scene, flow.from, family);
    let mut trials = Vec::new();
    if sources.is_empty() {
        return trials;
    }
    for target in targets {
        let to = Interval::single(Family::number(target));
        for ports in &flow.ports {
            trials.push(attempt(scene, flow.from, flow.to, &sources, (family, to), *ports, None));
            if let Some(last) = trials.last_mut() {
                last.span = flow.span;
            }
        }
    }
    trials
}

/// Every listed destination with addresses, from the machines that need it.
pub(crate) fn destinations(scene: &Scene<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for destination in &scene.blueprint.catalogue.destinations {
        for net in &destination.addresses {
            let (low, high) = net.bounds();
            for from in users(scene, destination.net) {
                let sources = all_addresses(scene, from, net.family());
                for ports in &destination.ports {
                    let to = (net.family(), Interval::new(low, high));
                    let name = Some(destination.name.clone());
                    let mut trial =
                        attempt(scene, from, destination.net, &sources, to, *ports, name);
                    trial.span = destination.span;
                    trials.push(trial);
                }
            }
        }
    }
    trials
}

/// The machines that have to reach the outside network `net`: eligibility terminals and those
/// that use the Web API the eligibility network, online-claims terminals the claims network,
/// nobody the Internet.
pub(crate) fn users(scene: &Scene<'_>, net: NodeId) -> Vec<NodeId> {
    let parties = &scene.blueprint.parties;
    let (first, second): (&[NodeId], &[NodeId]) = match scene.name(net) {
        "eligibility-net" => (&parties.terminals, &parties.web_api),
        "claims-net" => (&parties.claims_terminals, &[]),
        _ => (&[], &[]),
    };
    let others = second.iter().filter(|node| !first.contains(node));
    first.iter().chain(others).copied().collect()
}

fn all_addresses(scene: &Scene<'_>, node: NodeId, family: Family) -> Vec<IpAddr> {
    scene.node(node).addresses(family).collect()
}

/// Addresses of the node on interfaces that stand in zones.
fn wired_addresses(scene: &Scene<'_>, node: NodeId, family: Family) -> Vec<IpAddr> {
    let interfaces = scene.node(node).interfaces.iter();
    interfaces
        .filter(|interface| interface.kind == InterfaceKind::Port)
        .flat_map(|interface| &interface.addresses)
        .filter_map(|address| Some(address.net?.address()))
        .filter(|address| Family::of(*address) == family)
        .collect()
}

/// The first packets of sessions on `ports` from each of `sources` to `target`, tried out.
pub(crate) fn attempt(
    scene: &Scene<'_>,
    from: NodeId,
    to: NodeId,
    sources: &[IpAddr],
    (family, target): (Family, Interval),
    ports: Ports,
    destination: Option<String>,
) -> Trial {
    let start = Start::originate(from, openings(sources, (family, target), ports));
    let found = tried(scene, &start);
    let span = scene.blueprint.place.unwrap_or(Span::new(diag::SourceId(0), 0, 0));
    let beside = beside(scene, to);
    Trial { from, to, beside, destination, ports, start, found, span }
}

/// First packets of sessions on `ports` from each of `sources` to `target`.
fn openings(
    sources: &[IpAddr],
    (family, target): (Family, Interval),
    ports: Ports,
) -> Vec<(Family, Cube)> {
    let whole = universe(family).with(Field::Destination, target);
    let cubes = shapes(&whole, family, ports).into_iter();
    let from_each = |cube: Cube| {
        sources.iter().map(move |source| {
            let source = Interval::single(Family::number(*source));
            (family, cube.with(Field::Source, source))
        })
    };
    cubes.flat_map(from_each).collect()
}

/// The interfaces by which `machine` sends packets to the listed destinations that it has to
/// reach, told by its own routing alone: it must neither forward nor put packets into packets.
pub(crate) fn doors(scene: &Scene<'_>, machine: NodeId) -> Vec<InterfaceIndex> {
    let mut doors = Vec::new();
    let all = &scene.blueprint.catalogue.destinations;
    for destination in all.iter().filter(|one| users(scene, one.net).contains(&machine)) {
        for net in &destination.addresses {
            let (low, high) = net.bounds();
            let sources = all_addresses(scene, machine, net.family());
            for ports in &destination.ports {
                let to = (net.family(), Interval::new(low, high));
                let start = Start {
                    ends_when_sent: true,
                    ..Start::originate(machine, openings(&sources, to, *ports))
                };
                let found = tried(scene, &start);
                let steps = found.leaves.iter().flat_map(|leaf| found.back(leaf));
                doors.extend(steps.filter_map(|step| match step.kind {
                    StepKind::Sent(interface) => Some(interface),
                    _ => None,
                }));
            }
        }
    }
    doors
}

fn tried(scene: &Scene<'_>, start: &Start) -> Exploration {
    let mut found = explore(scene.atlas, start, &scene.limits);
    keep_chosen_sources(scene, start.node, &mut found);
    found
}

/// `trial`, which was made on another network of the same site, tried out on that of `scene`.
pub(crate) fn again(scene: &Scene<'_>, trial: &Trial) -> Trial {
    Trial {
        from: trial.from,
        to: trial.to,
        beside: trial.beside.clone(),
        destination: trial.destination.clone(),
        ports: trial.ports,
        start: trial.start.clone(),
        found: tried(scene, &trial.start),
        span: trial.span,
    }
}

/// Networks outside that stand on a segment of `node`, which is one too.
fn beside(scene: &Scene<'_>, node: NodeId) -> Vec<NodeId> {
    let outside = &scene.blueprint.parties.outside;
    if !outside.contains(&node) {
        return Vec::new();
    }
    let segments =
        |node: NodeId| scene.node(node).interfaces.iter().filter_map(|interface| interface.segment);
    let shares = |other: &NodeId| segments(*other).any(|one| segments(node).any(|own| own == one));
    outside.iter().copied().filter(shares).collect()
}

/// A machine with several addresses of a family uses the one of the interface that it sends on;
/// the others are left out unless no address fits.
fn keep_chosen_sources(scene: &Scene<'_>, from: NodeId, found: &mut Exploration) {
    let fits: Vec<bool> = found
        .leaves
        .iter()
        .map(|leaf| {
            let sent = found.back(leaf).filter_map(|step| match step.kind {
                StepKind::Sent(interface) => Some(interface),
                _ => None,
            });
            // The first of the way.
            let sent_on = sent.last();
            sent_on.is_none_or(|interface| {
                let own = &scene.node(from).interface(interface).addresses;
                let source = leaf.family.address(leaf.sent.interval(Field::Source).lo());
                own.iter().filter_map(|address| address.net).any(|net| net.address() == source)
            })
        })
        .collect();
    if fits.iter().any(|fits| *fits) {
        let mut fits = fits.into_iter();
        found.leaves.retain(|_| fits.next().unwrap_or(true));
    }
}

/// First packets of sessions on `ports`.
fn shapes(whole: &Cube, family: Family, ports: Ports) -> Vec<Cube> {
    let (protocols, destination_ports) = ports.ranges(family);
    let all = || Ranges::span(0_u8, u8::MAX);
    let protocols = protocols.unwrap_or_else(all);
    let mut cubes = Vec::new();
    for (low, high) in protocols.as_slice() {
        let Some(cube) = whole.narrowed(Field::Protocol, Interval::new(*low, *high)) else {
            continue;
        };
        match &destination_ports {
            None => cubes.extend(opening(&cube, family, ports)),
            Some(ranges) => cubes.extend(ranges.as_slice().iter().filter_map(|(low, high)| {
                let cube = cube.narrowed(Field::DestinationPort, Interval::new(*low, *high))?;
                let cube =
                    cube.narrowed(Field::SourcePort, Interval::new(SOURCE_PORT_FIRST, 65_535))?;
                let tcp = u128::from(protocol::TCP);
                let is_tcp = cube.interval(Field::Protocol) == Interval::single(tcp);
                let opening = if is_tcp { flags::SYN } else { 0 };
                cube.narrowed(Field::TcpFlags, exactly(opening))
            })),
        }
    }
    cubes
}

/// Openings where no ports are named: for ICMP the echo request, for everything one TCP session.
fn opening(cube: &Cube, family: Family, ports: Ports) -> Option<Cube> {
    let single = |value: u8| Interval::single(u128::from(value));
    match ports {
        Ports::Icmp => {
            let request = match family {
                Family::V4 => 8,
                Family::V6 => 128,
            };
            cube.narrowed(Field::SourcePort, single(request))?
                .narrowed(Field::DestinationPort, single(0))?
                .narrowed(Field::TcpFlags, exactly(0))
        }
        Ports::Any => cube
            .narrowed(Field::Protocol, single(protocol::TCP))?
            .narrowed(Field::TcpFlags, exactly(flags::SYN))?
            .narrowed(Field::SourcePort, Interval::new(SOURCE_PORT_FIRST, 65_535)),
        Ports::Protocol(_) | Ports::Range(..) => cube.narrowed(Field::TcpFlags, exactly(0)),
    }
}

/// What is opened, as people write it.
pub(crate) fn written(ports: Ports) -> String {
    match ports {
        Ports::Any => "any".to_owned(),
        Ports::Icmp => "icmp".to_owned(),
        Ports::Protocol(number) => format!("protocol {number}"),
        Ports::Range(number, first, last) => {
            let name = match number {
                protocol::TCP => "tcp",
                protocol::UDP => "udp",
                _ => "port",
            };
            if first == last { format!("{name}/{first}") } else { format!("{name}/{first}-{last}") }
        }
    }
}
