//! `oracle` against `reach`: what an attacker sends as the answer to a packet that it sent itself
//! in the name of somebody else.

use std::sync::Arc;

use diag::Text;
use model::{
    Acl, AclIndex, Action, Entry, Family, InterfaceIndex, Match, Network, Node, NodeId, NodeKind,
    Origin, Outcome, Packet, Pipeline, Point, Stage, StageKind, State, States, StepKind, Trace,
    Tracker, TrackerIndex, TrackerKind, Trigger, flags, protocol,
};
use packet_set::Cube;
use reach::{Atlas, Limits, Mode, Start, explore, point_of};
use testkit::random::{self, Random};
use testkit::shrink::{describe, shrink};

use crate::answers::{comparable, opening};
use crate::differential::{Ends, ends, leaf_ends, start, tell, traces};

/// Answers that are compared, at least.
const ANSWERS: usize = 3_000;
/// Of them with another end than without the first packet, at least.
const OPENED: usize = 100;
/// Packets per attacker.
const PACKETS: usize = 12;

/// What has been compared.
#[derive(Default, Debug)]
struct Count {
    networks: usize,
    answers: usize,
    discarded: usize,
    opened: usize,
}

#[test]
fn oracle_and_reach_agree_about_forged_answers() {
    let mut count = Count::default();
    let mut seed = 0;
    while count.answers < ANSWERS {
        seed += 1;
        let mut random = Random::new(seed);
        let network = forgeable(&mut random);
        if random::has_relay_loop(&network) {
            continue;
        }
        count.networks += 1;
        for (node, _) in network.iter() {
            for _ in 0..PACKETS {
                let packet = opening(&mut random, &network);
                if compare(&network, node, packet, &mut count).is_some() {
                    report(&network, node, packet, seed);
                }
            }
        }
    }
    println!("{count:?}");
    assert!(count.opened >= OPENED, "{count:?}");
}

/// A comparable network, in which only routers remember, since what a machine remembers is not
/// followed; most routers guard an interface.
fn forgeable(random: &mut Random) -> Network {
    let mut network = random::network(random);
    for node in network.nodes_mut() {
        if node.kind != NodeKind::Router {
            node.pipelines.clear();
        } else if random.chance(75) {
            guard(random, node);
        }
    }
    comparable(network)
}

/// What comes in on one interface may begin sessions, and what answers them may pass.
fn guard(random: &mut Random, node: &mut Node) {
    let origin = || Origin::Default(Text::verbatim("guard"));
    let number = |count: usize| u32::try_from(count).unwrap_or(0);
    let kind = random.pick(&[TrackerKind::Automatic, TrackerKind::Triggered]);
    let table = TrackerIndex(number(node.trackers.len()));
    node.trackers.push(Tracker { name: "guarded".into(), kind, origin: origin() });
    let list = AclIndex(number(node.acls.len()));
    let inner = InterfaceIndex(number(random.below(node.interfaces.len())));
    let known = Match { states: Some(States::of(&[State::Established])), ..Match::any() };
    let begun = Match { in_interfaces: Some(vec![inner]), ..Match::any() };
    node.acls.push(Arc::new(Acl {
        name: "guard".into(),
        entries: vec![Entry {
            matches: vec![known, begun],
            action: Action::Permit,
            origin: origin(),
        }],
        default: Action::Deny,
        default_origin: origin(),
    }));
    let any = Trigger {
        matches: vec![Match::any()],
        admits_replies: true,
        related: Vec::new(),
        origin: origin(),
    };
    let track = Stage::of(None, StageKind::Track(table));
    let filter = Stage::of(None, StageKind::Filter(list));
    let open = Stage::of(None, StageKind::Open(table, vec![any]));
    let stages = match kind {
        TrackerKind::Automatic => vec![filter],
        TrackerKind::Triggered => vec![track, filter, open],
    };
    node.pipelines.push(Pipeline::new(Point::Forward, stages));
}

/// The first difference between the judges about what answers `packet`, told.
///
/// Only packets with one way are compared: the oracle remembers what all ways left behind.
fn compare(network: &Network, forger: NodeId, packet: Packet, count: &mut Count) -> Option<String> {
    let atlas = Atlas::new(network);
    let whole = start(forger, Mode::Attack);
    let (mut oracle, ways) = traces(network, &whole, packet);
    let [way] = &ways[..] else { return None };
    let packets = vec![(packet.family(), Cube::single(&point_of(&packet)))];
    let first = Start { packets, keeps_discarded: true, ..whole.clone() };
    let first = explore(&atlas, &first, &Limits::default());
    let [leaf] = &first.leaves[..] else { return None };
    if !leaf.is_remembered() {
        return None;
    }
    let answer = forged(&way.steps.last()?.packet);
    let said = oracle.attack(forger, answer);
    let claimed = atlas.forged_answer(forger, leaf, &Limits::default());
    if !oracle.is_complete() || !claimed.is_complete {
        return None;
    }
    count.answers += 1;
    count.discarded += usize::from(matches!(way.outcome, Outcome::Discarded(_)));
    let alone = kept(&traces(network, &whole, answer).1, |_| true);
    let most = kept(&said, |_| true);
    count.opened += usize::from(!alone.is_superset(&most));
    // What needs no first packet is a matter of the plain attack.
    let taken = kept(&said, |way| is_taken(network, way));
    let least: Ends = taken.difference(&alone).copied().collect();
    let claims = leaf_ends(&claimed, &answer);
    if claims.is_superset(&least) && claims.is_subset(&most) {
        return None;
    }
    let mut told = format!("answer {answer:?}\noracle at least {least:?}, at most {most:?}\n");
    told += &format!("reach {claims:?}\nthe first:\n");
    tell(&mut told, std::slice::from_ref(way));
    told += "the answer:\n";
    tell(&mut told, &said);
    for leaf in &claimed.leaves {
        told += &format!("reach's way to {:?}: {:?}\n", leaf.outcome, claimed.way(leaf));
    }
    Some(told)
}

/// The packet that looks like the answer to `packet`, of TCP with some flags.
fn forged(packet: &Packet) -> Packet {
    let some = [flags::SYN, flags::SYN | flags::ACK, flags::ACK, flags::RST, flags::SYN];
    let number = usize::from(packet.source_port) + usize::from(packet.destination_port);
    let tcp_flags = if packet.protocol == protocol::TCP { some[number % some.len()] } else { 0 };
    Packet { tcp_flags, ..packet.reply() }
}

/// The ends of those `ways` that `is_kept` and that nobody discards.
fn kept(ways: &[Trace], is_kept: impl Fn(&Trace) -> bool) -> Ends {
    let is_passed = |way: &&Trace| !matches!(way.outcome, Outcome::Discarded(_));
    ends(&ways.iter().filter(is_passed).filter(|way| is_kept(way)).cloned().collect::<Vec<_>>())
}

/// Whether no router that remembers as Linux does receives a packet of IPv4 from its own address,
/// which it discards before any rule; the definition does not know that.
fn is_taken(network: &Network, way: &Trace) -> bool {
    way.steps.iter().all(|step| {
        let node = network.node(step.node);
        let is_linux = node.trackers.iter().any(|table| table.kind == TrackerKind::Automatic);
        let is_own = node.addresses(Family::V4).any(|own| own == step.packet.source);
        !(matches!(step.kind, StepKind::Received(_)) && is_linux && is_own)
    })
}

/// Panics with the smallest network that shows the difference.
fn report(network: &Network, forger: NodeId, packet: Packet, seed: u64) -> ! {
    let mut count = Count::default();
    let mut told = |network: &Network| compare(network, forger, packet, &mut count);
    let small = shrink(network, |network| told(network).is_some());
    let told = told(&small).unwrap_or_default();
    panic!("seed {seed}: {forger:?} {packet:?}\n{told}\n{}", describe(&small));
}
