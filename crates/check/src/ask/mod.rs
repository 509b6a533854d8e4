//! Questions about single sessions: can this party open a session to that one, and by which line.

mod end;
mod question;

use design::Blueprint;
use diag::{Text, text};
use model::{Family, Network, NodeId, Outcome};
use oracle::Oracle;
use packet_set::{Cube, Field};
use reach::{Atlas, Exploration, Leaf, Limits, Mode, Start, Taste, pick_packet};

use self::end::End;
use crate::assemble::{Assembled, Reading};
use crate::hop;
use crate::load::{ConfigFile, Loaded};
use crate::report::WitnessReport;

pub use self::question::{AskError, Question};

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

/// Answers `question` about the site in `loaded`.
///
/// # Errors
/// When the question names somebody who is not there.
pub fn ask(loaded: Loaded, files: &[ConfigFile], question: &Question) -> Result<Answer, AskError> {
    let assembled = Assembled::new(loaded, files, None);
    let Reading { blueprint, mut diagnostics } = assembled.lower(&assembled.readings);
    diagnostics.extend(assembled.diagnostics.iter().cloned());
    let network = &blueprint.network;
    let senders = End::find(network, &question.from)?.senders(network, &question.from)?;
    let target = End::find(network, &question.to)?;
    let atlas = Atlas::new(network);
    let packets = target.packets(network, &question.ports);
    let tries: Vec<Try> = senders
        .into_iter()
        .map(|from| Try::new(&blueprint, &atlas, from, &target, &packets))
        .collect();
    let is_open = tries.iter().any(|one| one.is_open);
    let is_open_to_attack = tries.iter().any(|one| one.is_open_to_attack);
    // The packet shown is the one that the answer speaks of.
    let told = tries.iter().find(|one| one.is_open || !is_open && one.is_open_to_attack);
    let told = told.or(tries.first());
    let witness = told.and_then(|one| one.witness(&blueprint, &target));
    let gaps = network.nodes.iter().flat_map(|node| &node.gaps);
    let mut doubts: Vec<(Text, diag::Span)> =
        gaps.map(|gap| (gap.what.clone(), gap.span)).collect();
    let errors = diagnostics.iter().filter(|one| one.severity == diag::Severity::Error);
    doubts
        .extend(errors.filter_map(|one| Some((one.headline.clone(), one.primary.as_ref()?.span))));
    let place = blueprint.place.unwrap_or(diag::Span::new(diag::SourceId(0), 0, 0));
    if !tries.iter().all(|one| one.is_complete) {
        let what = text!(
            ja: "構成が複雑で、計算量の上限に達しました",
            en: "the configuration is so intricate that the work limit was reached",
        );
        doubts.push((what, place));
    }
    let sources = assembled.shown_sources();
    Ok(Answer { sources, is_open, is_open_to_attack, doubts, witness })
}

/// All packets of one sender for a question.
struct Try {
    from: NodeId,
    is_open: bool,
    is_open_to_attack: bool,
    is_complete: bool,
    /// How it sends the packets that are shown.
    mode: Mode,
    /// Those packets.
    shown: Exploration,
}

impl Try {
    fn new(
        blueprint: &Blueprint,
        atlas: &Atlas<'_>,
        from: NodeId,
        target: &End,
        packets: &[(Family, Cube)],
    ) -> Self {
        let network = &blueprint.network;
        let limits = Limits::default();
        let outside = &blueprint.parties.outside;
        let is_outside = outside.contains(&from);
        let arrives = |outcome| target.is_reached(network, outcome);
        let mut forged = start(network, from, Mode::Attack, packets);
        if is_outside {
            // What one network outside sends to another on the same wire answers no question.
            let others = outside.iter().copied();
            forged.ignored = others.filter(|node| !arrives(Outcome::Delivered(*node))).collect();
        }
        let attacked = reach::explore(atlas, &forged, &limits);
        // How a network outside is configured nobody knows: it sends what it likes.
        let own = (!is_outside).then(|| {
            let plain = start(network, from, Mode::Originate, packets);
            reach::explore(atlas, &plain, &limits)
        });
        let is_reached =
            |found: &Exploration| found.leaves.iter().any(|leaf| arrives(leaf.outcome));
        let is_open = is_reached(own.as_ref().unwrap_or(&attacked));
        let is_open_to_attack = is_reached(&attacked);
        let is_complete = attacked.is_complete && own.as_ref().is_none_or(|own| own.is_complete);
        let (mode, shown) = match own {
            Some(own) if is_open || !is_open_to_attack => (Mode::Originate, own),
            _ => (Mode::Attack, attacked),
        };
        Self { from, is_open, is_open_to_attack, is_complete, mode, shown }
    }

    /// A packet that arrives, or where none does, one that does not.
    fn witness(&self, blueprint: &Blueprint, target: &End) -> Option<WitnessReport> {
        let network = &blueprint.network;
        let taste = taste(blueprint, self.from, target);
        let arrives = self.is_open || self.is_open_to_attack;
        let leaves = self.shown.leaves.iter();
        let wanted = leaves.filter(|leaf| target.is_reached(network, leaf.outcome) == arrives);
        let is_outward = matches!(target, End::Node(node)
            if network.node(*node).kind == model::NodeKind::Outside);
        let chosen = wanted.min_by_key(|leaf| {
            let packet = pick_packet(leaf.family, &leaf.sent, &taste);
            let is_opening = packet.tcp_flags == model::flags::SYN || !packet.has_ports();
            // What goes to an address of the site is no example of a session to the outside.
            let is_astray = is_outward && end::is_inside(network, packet.destination);
            let is_foreign = !network.node(self.from).owns(packet.source);
            let is_odd = !taste.destinations.contains(&packet.destination);
            (is_astray, is_foreign, is_odd, !is_opening, self.shown.way(leaf).len())
        });
        chosen.and_then(|leaf| tell(network, self.from, self.mode, leaf, &taste))
    }
}

/// Everything that an attacker at `from` reaches, by target; for a zone, one at any of its
/// machines.
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
    let senders = End::find(network, from)?.senders(network, from)?;
    let atlas = Atlas::new(network);
    let mut list: Vec<Reachable> = Vec::new();
    for sender in senders {
        let found = reach::explore(&atlas, &Start::attack(sender), &Limits::default());
        list.extend(found.leaves.iter().filter_map(|leaf| describe(network, leaf)));
    }
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
                    .map(|address| (*family, cube.with(Field::Source, end::single(address)))),
            ),
        }
    }
    let start = Start::originate(from, own);
    Start { mode, ..start }
}

fn taste(blueprint: &Blueprint, from: NodeId, target: &End) -> Taste {
    Taste {
        sources: end::examples_of(blueprint, from),
        destinations: target.examples(blueprint),
        ports: vec![445, 443, 80, 22],
    }
}

fn tell(
    network: &Network,
    from: NodeId,
    mode: Mode,
    leaf: &Leaf,
    taste: &Taste,
) -> Option<WitnessReport> {
    let packet = pick_packet(leaf.family, &leaf.sent, taste);
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
