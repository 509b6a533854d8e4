//! Questions about single sessions: can this party open a session to that one, and by which line.

use diag::{Text, text};
use model::{Family, Network, NodeId, Outcome};
use oracle::Oracle;
use packet_set::{Cube, Field, Interval};
use reach::{Atlas, Exploration, Leaf, Limits, Mode, Start, Taste, pick_packet, universe};
use site::PortSpec;

use crate::assemble::{Assembled, Reading};
use crate::hop;
use crate::load::{ConfigFile, Loaded};
use crate::report::WitnessReport;

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Who opens the session: a machine, a router or a network outside.
    pub from: String,
    /// Who answers: such a name, or an address.
    pub to: String,
    /// What is opened; everything, if `None`.
    pub ports: Option<PortSpec>,
}

/// Why a question cannot be answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AskError {
    /// The question is not of the form `from -> to ports`.
    Form,
    /// Nobody has this name; those there are.
    Name(String, Vec<String>),
    /// The port is not one.
    Port(String),
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The sources of the run, for the spans.
    pub sources: diag::Sources,
    /// Whether some packet of the question arrives when the sender does as it is configured to.
    pub is_open: bool,
    /// Whether some packet arrives when the sender forges addresses or takes other ways.
    pub is_open_to_attack: bool,
    /// Lines that are not modelled and could change the answer.
    pub doubts: Vec<(Text, diag::Span)>,
    /// A packet that arrives, or one that is discarded, with its way and that of the answer.
    pub witness: Option<WitnessReport>,
}

/// Something that can be reached.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reachable {
    /// A machine, a router, a zone or a network outside.
    pub target: String,
    /// Version of IP.
    pub family: Family,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, or `other` for all that have no ports.
    pub protocol: String,
    /// Destination ports, such as `445` or `0-65535`.
    pub ports: String,
    /// Services of a router that answer, with the line that opens each.
    pub services: Vec<String>,
}

impl Question {
    /// Reads `from -> to ports`, where the ports may be missing.
    ///
    /// # Errors
    /// When the text has not that form or the port is not one.
    pub fn read(text: &str) -> Result<Self, AskError> {
        let (from, rest) =
            text.split_once("->").or_else(|| text.split_once('→')).ok_or(AskError::Form)?;
        let mut words = rest.split_whitespace();
        let to = words.next().ok_or(AskError::Form)?.to_owned();
        let ports = match words.next() {
            Some(word) => {
                Some(PortSpec::read(word).ok_or_else(|| AskError::Port(word.to_owned()))?)
            }
            None => None,
        };
        let from = from.trim().to_owned();
        if from.is_empty() || words.next().is_some() {
            return Err(AskError::Form);
        }
        Ok(Self { from, to, ports })
    }
}

/// Answers `question` about the site in `loaded`.
///
/// # Errors
/// When the question names somebody who is not there.
pub fn ask(loaded: Loaded, files: &[ConfigFile], question: &Question) -> Result<Answer, AskError> {
    let assembled = Assembled::new(loaded, files, None);
    let Reading { blueprint, mut diagnostics } = assembled.lower(&assembled.readings);
    diagnostics.extend(assembled.diagnostics.iter().cloned());
    let network = &blueprint.network;
    let from = find(network, &question.from)?;
    let target = Target::find(network, &question.to)?;
    let atlas = Atlas::new(network);
    let is_outside = blueprint.parties.outside.contains(&from);
    let packets = target.packets(network, question.ports.as_ref());
    let limits = Limits::default();
    let mut forged = start(network, from, Mode::Attack, &packets);
    if is_outside {
        // What one network outside sends to another on the same wire answers no question.
        let outside = blueprint.parties.outside.iter().copied();
        forged.ignored =
            outside.filter(|node| !target.is_reached(Outcome::Delivered(*node))).collect();
    }
    let attacked = reach::explore(&atlas, &forged, &limits);
    let own = (!is_outside).then(|| {
        let plain = start(network, from, Mode::Originate, &packets);
        reach::explore(&atlas, &plain, &limits)
    });
    let arrives =
        |found: &Exploration| found.leaves.iter().any(|leaf| target.is_reached(leaf.outcome));
    let found = own.as_ref().unwrap_or(&attacked);
    let is_open = arrives(found);
    let is_open_to_attack = arrives(&attacked);
    let is_complete = attacked.is_complete && found.is_complete;
    // The packet shown is the one that the answer speaks of.
    let (mode, shown) = if is_outside || !is_open && is_open_to_attack {
        (Mode::Attack, &attacked)
    } else {
        (Mode::Originate, found)
    };
    let chosen = best(network, from, shown, &target, is_open || is_open_to_attack);
    let witness = chosen.and_then(|leaf| tell(network, from, mode, leaf, &target));
    let gaps = network.nodes.iter().flat_map(|node| &node.gaps);
    let mut doubts: Vec<(Text, diag::Span)> =
        gaps.map(|gap| (gap.what.clone(), gap.span)).collect();
    let errors = diagnostics.iter().filter(|one| one.severity == diag::Severity::Error);
    doubts
        .extend(errors.filter_map(|one| Some((one.headline.clone(), one.primary.as_ref()?.span))));
    let place = blueprint.place.unwrap_or(diag::Span::new(diag::SourceId(0), 0, 0));
    if !is_complete {
        let what = text!(
            ja: "構成が複雑で、計算量の上限に達しました",
            en: "the configuration is so intricate that the work limit was reached",
        );
        doubts.push((what, place));
    }
    let sources = assembled.shown_sources();
    Ok(Answer { sources, is_open, is_open_to_attack, doubts, witness })
}

/// Everything that an attacker at `from` reaches, by target.
///
/// # Errors
/// When nobody has the name `from`.
pub fn reachable(
    loaded: Loaded,
    files: &[ConfigFile],
    from: &str,
) -> Result<Vec<Reachable>, AskError> {
    let assembled = Assembled::new(loaded, files, None);
    let blueprint = assembled.lower(&assembled.readings).blueprint;
    let network = &blueprint.network;
    let from = find(network, from)?;
    let atlas = Atlas::new(network);
    let found = reach::explore(&atlas, &Start::attack(from), &Limits::default());
    let mut list: Vec<Reachable> =
        found.leaves.iter().filter_map(|leaf| describe(network, leaf)).collect();
    list.sort();
    list.dedup();
    Ok(list)
}

fn describe(network: &Network, leaf: &Leaf) -> Option<Reachable> {
    let (target, services) = match leaf.outcome {
        Outcome::Delivered(node) => {
            let node = network.node(node);
            let offered = node.services.iter().filter(|service| {
                let admits = &service.admits;
                admits.iter().any(|one| {
                    let came_there = one.in_interfaces.as_ref().is_none_or(|interfaces| {
                        leaf.interface.is_some_and(|own| interfaces.contains(&own))
                    });
                    came_there && reach::overlap(leaf.family, &leaf.arrived, one).is_some()
                })
            });
            (node.name.clone(), offered.map(|service| service.name.clone()).collect())
        }
        Outcome::OnSegment(segment) => (network.segment(segment).name.clone(), Vec::new()),
        Outcome::Discarded(_) | Outcome::Lost(_) => return None,
    };
    let range = |field| {
        let interval = leaf.sent.interval(field);
        if interval.lo() == interval.hi() {
            interval.lo().to_string()
        } else {
            format!("{}-{}", interval.lo(), interval.hi())
        }
    };
    let numbers = leaf.sent.interval(Field::Protocol);
    let protocol = match (numbers.lo(), numbers.hi()) {
        (6, 6) => "tcp",
        (17, 17) => "udp",
        (1, 1) if leaf.family == Family::V4 => "icmp",
        (58, 58) if leaf.family == Family::V6 => "icmpv6",
        _ => "other",
    };
    let protocol = protocol.to_owned();
    let ports = range(Field::DestinationPort);
    Some(Reachable { target, family: leaf.family, protocol, ports, services })
}

fn find(network: &Network, name: &str) -> Result<NodeId, AskError> {
    network.find(name).ok_or_else(|| {
        let names = network.nodes.iter().map(|node| node.name.clone()).collect();
        AskError::Name(name.to_owned(), names)
    })
}

/// Who is asked for.
enum Target {
    Node(NodeId),
    Address(std::net::IpAddr),
}

impl Target {
    fn find(network: &Network, name: &str) -> Result<Self, AskError> {
        match name.parse() {
            Ok(address) => Ok(Self::Address(address)),
            Err(_) => find(network, name).map(Self::Node),
        }
    }

    fn is_reached(&self, outcome: Outcome) -> bool {
        match (self, outcome) {
            (Self::Node(wanted), Outcome::Delivered(node)) => *wanted == node,
            (Self::Address(_), Outcome::Delivered(_) | Outcome::OnSegment(_)) => true,
            _ => false,
        }
    }

    /// First packets for it, of each family that it has an address of.
    fn packets(&self, network: &Network, ports: Option<&PortSpec>) -> Vec<(Family, Cube)> {
        let mut packets = Vec::new();
        for family in Family::ALL {
            let addresses: Vec<Interval> = match self {
                Self::Address(address) => {
                    let is_same = Family::of(*address) == family;
                    is_same.then(|| single(*address)).into_iter().collect()
                }
                Self::Node(node) => {
                    let node = network.node(*node);
                    if node.kind == model::NodeKind::Outside {
                        vec![Interval::new(0, family.top())]
                    } else {
                        node.addresses(family).map(single).collect()
                    }
                }
            };
            for address in addresses {
                let cube = universe(family).with(Field::Destination, address);
                packets.extend(shape(cube, family, ports).map(|cube| (family, cube)));
            }
        }
        packets
    }
}

fn single(address: std::net::IpAddr) -> Interval {
    Interval::single(Family::number(address))
}

fn shape(cube: Cube, family: Family, ports: Option<&PortSpec>) -> Option<Cube> {
    let protocol = |number: u8| Interval::single(u128::from(number));
    let with = |number: u8, first: u16, last: u16| {
        cube.narrowed(Field::Protocol, protocol(number))?
            .narrowed(Field::DestinationPort, Interval::new(u128::from(first), u128::from(last)))
    };
    match ports {
        None | Some(PortSpec::Any) => Some(cube),
        Some(PortSpec::Tcp(range)) => with(model::protocol::TCP, range.first(), range.last()),
        Some(PortSpec::Udp(range)) => with(model::protocol::UDP, range.first(), range.last()),
        Some(PortSpec::Esp) => cube.narrowed(Field::Protocol, protocol(50)),
        Some(PortSpec::Icmp) => {
            let (number, request) = match family {
                Family::V4 => (model::protocol::ICMP, 8),
                Family::V6 => (model::protocol::ICMPV6, 128),
            };
            cube.narrowed(Field::Protocol, protocol(number))?
                .narrowed(Field::SourcePort, protocol(request))
        }
    }
}

/// `packets` as `from` sends them: with its own addresses, unless it attacks.
fn start(network: &Network, from: NodeId, mode: Mode, packets: &[(Family, Cube)]) -> Start {
    let mut own = Vec::new();
    for (family, cube) in packets {
        match mode {
            Mode::Attack => own.push((*family, *cube)),
            Mode::Originate => own.extend(
                network
                    .node(from)
                    .addresses(*family)
                    .map(|address| (*family, cube.with(Field::Source, single(address)))),
            ),
        }
    }
    let start = Start::originate(from, own);
    Start { mode, ..start }
}

fn best<'a>(
    network: &Network,
    from: NodeId,
    found: &'a Exploration,
    target: &Target,
    is_open: bool,
) -> Option<&'a Leaf> {
    let wanted = found.leaves.iter().filter(|leaf| target.is_reached(leaf.outcome) == is_open);
    wanted.min_by_key(|leaf| {
        let packet = pick_packet(leaf.family, &leaf.sent, &taste(network, from, target));
        let is_opening = packet.tcp_flags == model::flags::SYN || !packet.has_ports();
        (!network.node(from).owns(packet.source), !is_opening, found.way(leaf).len())
    })
}

fn taste(network: &Network, from: NodeId, target: &Target) -> Taste {
    let all = |node: NodeId| {
        let node = network.node(node);
        Family::ALL.into_iter().flat_map(|family| node.addresses(family)).collect::<Vec<_>>()
    };
    let destinations = match target {
        Target::Node(node) => all(*node),
        Target::Address(address) => vec![*address],
    };
    Taste { sources: all(from), destinations, ports: vec![445, 443, 80, 22] }
}

fn tell(
    network: &Network,
    from: NodeId,
    mode: Mode,
    leaf: &Leaf,
    target: &Target,
) -> Option<WitnessReport> {
    let packet = pick_packet(leaf.family, &leaf.sent, &taste(network, from, target));
    let mut oracle = Oracle::new(network);
    let traces = match mode {
        Mode::Attack => oracle.attack(from, packet),
        Mode::Originate => oracle.originate(from, packet),
    };
    let way = traces.into_iter().find(|trace| trace.outcome == leaf.outcome)?;
    let answer = oracle.answer(&way).into_iter().next();
    let replayed = crate::replay::Replayed { way, answer };
    Some(hop::witness(network, from, &packet, &replayed))
}
