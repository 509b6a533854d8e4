//! `oracle` against `reach`: answers to packets, and what follows them in their session.

use model::{
    Family, Hop, Network, NodeKind, Outcome, Packet, Pipeline, Point, SecurityStep, Stage,
    StageKind, StepKind, Trace, TrackerIndex, TrackerKind, flags, icmp, protocol,
};
use packet_set::Cube;
use reach::{Atlas, Exploration, Limits, Mode, Start, explore, point_of};
use testkit::random::{self, Random};
use testkit::shrink::{describe, shrink};

use crate::differential::{ends, leaf_ends, start, tell, traces};

/// Answers that are compared, at least.
const ANSWERS: usize = 4_000;
/// Packets per start.
const PACKETS: usize = 6;

/// What has been compared.
#[derive(Default, Debug)]
struct Count {
    networks: usize,
    answers: usize,
    delivered: usize,
    further: usize,
}

#[test]
fn oracle_and_reach_agree_about_answers() {
    let mut count = Count::default();
    let mut seed = 0;
    while count.answers < ANSWERS {
        seed += 1;
        let mut random = Random::new(seed);
        let network = comparable(random::network(&mut random));
        if random::has_relay_loop(&network) {
            continue;
        }
        count.networks += 1;
        for (node, _) in network.iter() {
            for mode in [Mode::Attack, Mode::Originate] {
                let start = start(node, mode);
                for _ in 0..PACKETS {
                    let packet = opening(&mut random, &network);
                    if compare(&network, &start, packet, &mut count).is_some() {
                        report(&network, &start, packet, seed);
                    }
                }
            }
        }
    }
    println!("{count:?}");
}

/// The network without what the judges are known to see differently.
///
/// WRONG: for answers reach leaves out the rules of translations, and gives the source back
/// before routing; the kernel does as the definition says. And for reach an automatic table
/// begins a session with a packet that it was never asked about.
pub(crate) fn comparable(mut network: Network) -> Network {
    for node in network.nodes_mut() {
        if node.kind == NodeKind::Outside {
            node.pipelines.clear();
            continue;
        }
        for pipeline in &mut node.pipelines {
            let is_kept = |stage: &Stage| !matches!(stage.kind, StageKind::Translate(_));
            pipeline.stages.retain(is_kept);
        }
        let tables = (0..).map(TrackerIndex).zip(&node.trackers);
        let tracks: Vec<Stage> = tables
            .filter(|(_, table)| table.kind == TrackerKind::Automatic)
            .map(|(index, _)| Stage::of(None, StageKind::Track(index)))
            .collect();
        for point in [Point::Prerouting, Point::LocalOut] {
            node.pipelines.insert(0, Pipeline::new(point, tracks.clone()));
        }
    }
    network
}

/// Whether no tunnel is down on the way: reach follows answers as if all were up.
fn is_while_up(network: &Network, way: &Trace) -> bool {
    way.steps.iter().all(|step| match step.kind {
        StepKind::Secured(SecurityStep::Down(_) | SecurityStep::Absent(_)) => false,
        StepKind::Vanished(route, hop) => {
            let node = network.node(step.node);
            let hop = node.routes[route].hops[hop].hop;
            !matches!(hop, Hop::Interface(door) if node.tunnel_at(door).is_some())
        }
        StepKind::PolicyVanished(place) => {
            let node = network.node(step.node);
            let hop = node.policy_routes[place].hop.hop;
            !matches!(hop, Hop::Interface(door) if node.tunnel_at(door).is_some())
        }
        _ => true,
    })
}

/// A packet that may begin a session, from and to addresses that somebody has.
pub(crate) fn opening(random: &mut Random, network: &Network) -> Packet {
    loop {
        let packet = random::packet(random, network);
        let echo = match packet.family() {
            Family::V4 => icmp::ECHO_REQUEST,
            Family::V6 => icmp::ECHO_REQUEST_V6,
        };
        let begins = match packet.protocol {
            protocol::TCP => packet.tcp_flags == flags::SYN,
            protocol::UDP => true,
            _ => packet.is_icmp() && packet.source_port == u16::from(echo),
        };
        if begins && packet.source != packet.destination {
            return packet;
        }
    }
}

/// The first difference between the judges about what follows `packet`, told.
///
/// Only packets with one way are compared: the oracle remembers what all ways left behind.
fn compare(network: &Network, start: &Start, packet: Packet, count: &mut Count) -> Option<String> {
    let atlas = Atlas::new(network);
    let (mut oracle, ways) = traces(network, start, packet);
    let [way] = &ways[..] else { return None };
    if !is_taken_elsewhere(way, start) {
        return None;
    }
    let packets = vec![(packet.family(), Cube::single(&point_of(&packet)))];
    let start = Start { packets, ..start.clone() };
    let found = explore(&atlas, &start, &Limits::default());
    let [leaf] = &found.leaves[..] else { return None };
    let answer = way.steps.last()?.packet.reply();
    let mut back = oracle.answer(way);
    back.retain(|way| is_while_up(network, way));
    let claimed = atlas.answer(&found, leaf, &Limits::default());
    count.answers += 1;
    let told = difference("answer", answer, &back, &claimed);
    let [one] = &back[..] else { return told };
    if told.is_some() || !matches!(one.outcome, Outcome::Delivered(_)) {
        return told;
    }
    count.delivered += 1;
    let is_tcp = packet.protocol == protocol::TCP;
    let later: &[u8] = if is_tcp { &flags::LATER } else { &[0] };
    let claimed = atlas.follow_up(&start, leaf, &Limits::default());
    let answers = atlas.later_answer(&found, leaf, &Limits::default());
    // The boxes with all flags hold the same ways of each packet.
    let at_once = atlas.follow_up_at_once(&start, leaf, &Limits::default());
    let answers_at_once = atlas.later_answer_at_once(&found, leaf, &Limits::default());
    later.iter().find_map(|tcp_flags| {
        let further = Packet { tcp_flags: *tcp_flags, ..packet };
        let mut ways = match start.mode {
            Mode::Attack => oracle.attack(start.node, further),
            Mode::Originate => oracle.originate(start.node, further),
        };
        ways.retain(|way| is_while_up(network, way));
        count.further += 1;
        let told = difference("further packet", further, &ways, &claimed)
            .or_else(|| difference("further packet at once", further, &ways, &at_once));
        if told.is_some() || !is_tcp {
            return told;
        }
        let mut back = oracle.later_answer(way, *tcp_flags);
        back.retain(|way| is_while_up(network, way));
        let answer = Packet { tcp_flags: *tcp_flags, ..answer };
        difference("later answer", answer, &back, &answers)
            .or_else(|| difference("later answer at once", answer, &back, &answers_at_once))
    })
}

/// Whether another node took the packet off a wire.
fn is_taken_elsewhere(way: &Trace, start: &Start) -> bool {
    let is_received = |step: &model::Step| matches!(step.kind, StepKind::Received(_));
    matches!(way.outcome, Outcome::Delivered(node) if node != start.node)
        && way.steps.iter().any(is_received)
}

fn difference(what: &str, packet: Packet, said: &[Trace], claimed: &Exploration) -> Option<String> {
    let (ends, claims) = (ends(said), leaf_ends(claimed, &packet));
    if ends == claims || !claimed.is_complete {
        return None;
    }
    let mut told = format!("{what} {packet:?}\noracle {ends:?}\nreach {claims:?}\n");
    tell(&mut told, said);
    for leaf in &claimed.leaves {
        told += &format!("reach's way to {:?}: {:?}\n", leaf.outcome, claimed.way(leaf));
    }
    Some(told)
}

/// Panics with the smallest network that shows the difference.
fn report(network: &Network, start: &Start, packet: Packet, seed: u64) -> ! {
    let mut count = Count::default();
    let mut told = |network: &Network| compare(network, start, packet, &mut count);
    let small = shrink(network, |network| told(network).is_some());
    let told = told(&small).unwrap_or_default();
    panic!(
        "seed {seed}: {:?} {:?} {packet:?}\n{told}\n{}",
        start.node,
        start.mode,
        describe(&small)
    );
}
