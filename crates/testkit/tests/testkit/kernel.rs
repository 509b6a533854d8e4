//! The Linux kernel against `oracle` and `reach`, on random rulesets that our own vendor
//! `linux` reads.

use std::fmt::Write as _;

use device::{File, Input};
use diag::{Sources, Text};
use model::{
    Effect, Effects, Family, Interface, InterfaceIndex, InterfaceKind, Network, Node, NodeId,
    NodeKind, Origin, Outcome, Packet, Readings, Segment, SegmentId, SegmentKind, Trace, flags,
    icmp, protocol,
};
use oracle::Oracle;
use reach::{Atlas, Limits, Start, explore, point_of};
use testkit::kernel::judge::{Decision, Judge, Shot, declaration, neighbours};
use testkit::kernel::ruleset::{Style, ruleset};
use testkit::kernel::{LEGS, Tag, command, obstacle};
use testkit::random::Random;

/// Rulesets of each style that are compared in each namespace, and the cases of each.
const PLAIN: Plan = Plan { style: Style::Plain, rulesets: 150, cases: 256, unread: 10 };
const STATEMENTS: Plan = Plan { style: Style::Statements, rulesets: 1_000, cases: 60, unread: 10 };
const CHANCES: Plan = Plan { style: Style::Chances, rulesets: 500, cases: 60, unread: 10 };
/// Rulesets of which one is given to reach.
const REACH_EVERY: usize = 6;
/// How far reach may go with it.
const REACH_CUBES: u64 = 300_000;
/// The first seed in each namespace, one after the other.
const SEEDS: [&str; 2] = ["0", "1000000"];
/// Set in the process that is inside the namespace.
const INSIDE: &str = "SEKISHO_TESTKIT_INSIDE";

const ROUTER: NodeId = NodeId(0);
/// The broadcast addresses of the legs' networks.
const BROADCASTS: [&str; 2] = ["192.0.2.127", "198.51.100.255"];

/// The node outside on a leg.
pub(crate) fn outside(leg: usize) -> NodeId {
    NodeId(u32::try_from(leg).unwrap_or(0) + 1)
}

/// Runs `inside` of the test `test` once per seed, each time in a namespace of its own: this
/// program is started there again for that test alone.
pub(crate) fn in_namespace(test: &str, seeds: &[&str], inside: impl FnOnce(u64)) {
    if let Ok(seed) = std::env::var(INSIDE) {
        return inside(seed.parse().unwrap());
    }
    if let Some(why) = obstacle() {
        let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
        assert!(!required.contains("netns"), "the kernel cannot be asked: {why}");
        println!("skipped: the kernel cannot be asked: {why}");
        return;
    }
    let program = std::env::current_exe().unwrap();
    for seed in seeds {
        let mut command = command(&program);
        let output = command.args(["--exact", test, "--nocapture"]).env(INSIDE, seed).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}\n{failed}");
        println!("{said}");
    }
}

#[test]
fn the_kernel_agrees_about_random_rulesets() {
    let name = "kernel::the_kernel_agrees_about_random_rulesets";
    in_namespace(name, &SEEDS, |seed| compare(seed, &PLAIN));
}

#[test]
fn the_kernel_agrees_about_statements_between_conditions() {
    let name = "kernel::the_kernel_agrees_about_statements_between_conditions";
    in_namespace(name, &SEEDS, |seed| compare(seed, &STATEMENTS));
}

#[test]
fn the_kernel_lets_pass_no_more_where_a_rule_may_end() {
    let name = "kernel::the_kernel_lets_pass_no_more_where_a_rule_may_end";
    in_namespace(name, &SEEDS, |seed| compare(seed, &CHANCES));
}

/// How much is compared.
struct Plan {
    style: Style,
    rulesets: usize,
    /// Of each ruleset; they are in flight together and fit the kernel's backlog.
    cases: usize,
    /// The percentage of rulesets that may hold what is not modelled.
    unread: usize,
}

/// What was compared.
#[derive(Default, Debug)]
struct Count {
    rulesets: usize,
    refused: usize,
    not_modelled: usize,
    /// Rulesets of which the model knows only what can pass at most.
    wide: usize,
    decisions: usize,
    forwarded: usize,
    taken: usize,
    translated: usize,
    answers: usize,
    several: usize,
    of_reach: usize,
}

fn compare(first_seed: u64, plan: &Plan) {
    let mut judge = Judge::new().unwrap();
    let mut count = Count::default();
    let mut seed = first_seed;
    let mut case = 0_u16;
    while count.rulesets < plan.rulesets {
        seed += 1;
        let mut random = Random::new(seed);
        let text = ruleset(&mut random, plan.style);
        let sources = [random.below(3), random.below(3)];
        if let Err(error) = judge.load(&text, sources) {
            count.refused += 1;
            assert!(count.refused * 10 < 100 + (seed - first_seed) as usize, "{error}\n{text}");
            continue;
        }
        let (network, is_wide) = match network(&text, sources) {
            Ok(found) => found,
            Err(what) => {
                count.not_modelled += 1;
                let limit = 1_000 + plan.unread * (seed - first_seed) as usize;
                assert!(count.not_modelled * 100 < limit, "not modelled: {what}\n{text}");
                continue;
            }
        };
        count.rulesets += 1;
        count.wide += usize::from(is_wide);
        // A case number is used once: its connections stay in the kernel.
        assert!(usize::from(case) + plan.cases <= usize::from(u16::MAX), "{count:?}");
        let mut cases: Vec<Case<'_>> = (0..plan.cases)
            .map(|_| {
                case += 1;
                Case::new(&mut random, &network, case)
            })
            .collect();
        compare_cases(&mut judge, (&network, is_wide), &mut cases, &text, &mut count);
    }
    println!("{count:?}");
}

fn compare_cases(
    judge: &mut Judge,
    (network, is_wide): (&Network, bool),
    cases: &mut [Case<'_>],
    text: &str,
    count: &mut Count,
) {
    // Everything at once takes reach a hundred times as long as the rest.
    let claimed =
        if !is_wide && count.rulesets.is_multiple_of(REACH_EVERY) { claims(network) } else { None };
    while cases.iter().any(|case| case.next().is_some()) {
        let here: Vec<&mut Case<'_>> =
            cases.iter_mut().filter(|case| case.next().is_some()).collect();
        let shots: Vec<Shot> = here.iter().filter_map(|case| case.next()).collect();
        let decisions = judge.ask(&shots).unwrap();
        for ((case, shot), decided) in here.into_iter().zip(shots).zip(decisions) {
            let traces = case.oracle.attack(outside(shot.leg), shot.packet);
            let said: Vec<Decision> = traces.iter().map(decision).collect();
            case.flown.push((shot, decided));
            if is_wide && decided == Decision::Dropped {
                // Why, the model does not know, nor what the kernel remembers of it.
                case.later = &case.later[..case.flown.len() - 1];
                count.decisions += 1;
                continue;
            }
            if !said.contains(&decided) || !case.oracle.is_complete() {
                panic!("the kernel disagrees\n{}", tell(network, text, &case.flown, &traces));
            }
            if let (1, Some(claimed)) = (case.flown.len(), &claimed) {
                let leaves = &claimed[shot.leg].leaves;
                assert!(claims_decision(leaves, &shot, decided), "reach: {shot:?}\n{text}");
                count.of_reach += 1;
            }
            count.decisions += 1;
            count.several += usize::from(said.len() > 1);
            count.taken += usize::from(decided == Decision::Taken);
            if let Decision::Forwarded(_, packet) = decided {
                count.forwarded += 1;
                count.translated += usize::from(packet != shot.packet);
                count.answers += usize::from(shot.tag.is_answer);
            }
        }
    }
}

/// Whether a leaf of reach says what the kernel decided, with the packet as it left.
fn claims_decision(leaves: &[reach::Leaf], shot: &Shot, decided: Decision) -> bool {
    let (family, point) = (shot.packet.family(), point_of(&shot.packet));
    let mut here = leaves.iter().filter(|leaf| leaf.family == family && leaf.sent.contains(&point));
    here.any(|leaf| match decided {
        Decision::Forwarded(leg, packet) => {
            leaf.outcome == Outcome::Delivered(outside(leg))
                && leaf.arrived.contains(&point_of(&packet))
        }
        Decision::Taken => leaf.outcome == Outcome::Delivered(ROUTER),
        Decision::Dropped => !matches!(leaf.outcome, Outcome::Delivered(_)),
    })
}

/// What reach says about everything that can come from each leg, if it finds all within its
/// limits.
fn claims(network: &Network) -> Option<[reach::Exploration; 2]> {
    let atlas = Atlas::new(network);
    let found = [0, 1].map(|leg| {
        let start = Start { keeps_discarded: true, ..Start::attack(outside(leg)) };
        explore(&atlas, &start, &Limits { cubes: REACH_CUBES })
    });
    found.iter().all(|one| one.is_complete).then_some(found)
}

pub(crate) fn decision(trace: &Trace) -> Decision {
    match (trace.outcome, trace.steps.last()) {
        (Outcome::Delivered(ROUTER), _) => Decision::Taken,
        (Outcome::Delivered(node), Some(last)) => {
            Decision::Forwarded(node.0 as usize - 1, last.packet)
        }
        _ => Decision::Dropped,
    }
}

fn tell(network: &Network, text: &str, flown: &[(Shot, Decision)], traces: &[Trace]) -> String {
    let mut told = String::new();
    for (shot, decided) in flown {
        let _ = writeln!(told, "on {}: {:?}", LEGS[shot.leg], shot.packet);
        let _ = writeln!(told, "kernel: {decided:?}");
    }
    for trace in traces {
        let _ = writeln!(told, "oracle: {:?}", trace.outcome);
        for step in &trace.steps {
            let _ = writeln!(told, "  {} {:?} {:?}", step.node.0, step.kind, step.packet);
        }
    }
    let lists = testkit::shrink::describe(network);
    format!("{told}\n{text}\n{lists}")
}

/// The router that the kernel is, read by our own vendor, between two nodes outside, and whether
/// it may drop more than the model says.
///
/// # Errors
/// What of the ruleset is not modelled.
pub(crate) fn network(text: &str, sources: [usize; 2]) -> Result<(Network, bool), String> {
    let origin = Origin::Default(Text::verbatim("kernel"));
    let declared = declaration(sources);
    let mut sources = Sources::new();
    let mut file = |name, text| File { source: sources.add(name, text), name, text };
    let files = [file("router.nft", text), file("router.net", declared.as_str())];
    let input = Input { name: "router", origin: origin.clone(), model: None, files: &files };
    let vendor = device::vendor("linux").expect("our own vendor");
    let mut node = (vendor.parse)(&input).lower(&Readings::default()).node;
    node.kind = NodeKind::Router;
    let is_wide = !node.gaps.is_empty();
    // What only takes packets away leaves an upper bound.
    let takes = [Effects::of(&[Effect::Deny]), Effects::of(&[Effect::Stall])];
    let mut others = node.gaps.iter().filter(|gap| !takes.contains(&gap.effects)).peekable();
    if others.peek().is_some() {
        let what = others.map(|gap| format!("`{}`: {}", sources.snippet(gap.span), gap.what.en));
        return Err(what.collect::<Vec<_>>().join("\n"));
    }
    let mut network = Network::default();
    for (leg, name) in LEGS.iter().enumerate() {
        let segment = SegmentId(u32::try_from(leg).unwrap_or(0));
        let InterfaceIndex(index) = node.find_interface(name).expect("declared");
        node.interfaces[index as usize].segment = Some(segment);
        let nets = node.interfaces[index as usize].addresses.iter();
        let nets = nets.filter_map(|own| own.net).map(model::Net::prefix).collect();
        let kind = SegmentKind::Zone;
        network.segments.push(Segment {
            name: (*name).to_owned(),
            kind,
            nets,
            origin: origin.clone(),
        });
    }
    network.nodes.push(node.into());
    for leg in 0..LEGS.len() {
        let mut node = Node::new(format!("outside-{leg}"), NodeKind::Outside, origin.clone());
        node.interfaces.push(Interface {
            name: "port".into(),
            kind: InterfaceKind::Port,
            enabled: true,
            addresses: Vec::new(),
            advertises: None,
            segment: Some(SegmentId(u32::try_from(leg).unwrap_or(0))),
            origin: origin.clone(),
        });
        network.nodes.push(node.into());
    }
    Ok((network, is_wide))
}

/// A packet of a case after the first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Later {
    /// The first one again.
    Again,
    /// The answer to the last one in the first direction that the kernel sent, to it as it then
    /// was; if it sent none, to the last one.
    Answer,
    /// A further one in the first direction.
    Further,
}

/// Packets of one session in turn, and what the nodes remember of them.
struct Case<'n> {
    number: u16,
    oracle: Oracle<'n>,
    first: Shot,
    later: &'static [Later],
    flown: Vec<(Shot, Decision)>,
}

impl<'n> Case<'n> {
    fn new(random: &mut Random, network: &'n Network, number: u16) -> Self {
        let leg = random.below(2);
        let packet = packet(random, leg);
        let tag = Tag { case: number, step: 0, is_answer: false };
        let plans: [&[Later]; 5] = [
            &[],
            &[Later::Answer],
            &[Later::Again, Later::Answer],
            &[Later::Answer, Later::Further],
            &[Later::Answer, Later::Further, Later::Answer],
        ];
        let is_session = crosses(&packet, leg) && begins(&packet);
        let later = if is_session { random.pick(&plans) } else { &[] };
        let first = Shot { leg, packet, tag };
        let oracle = Oracle::new(network);
        Self { number, oracle, first, later, flown: Vec::new() }
    }

    /// The packet that comes next.
    fn next(&self) -> Option<Shot> {
        let Some(done) = self.flown.len().checked_sub(1) else { return Some(self.first) };
        let step = *self.later.get(done)?;
        let is_answer = step == Later::Answer;
        let tag = Tag { case: self.number, step: u8::try_from(done).ok()? + 1, is_answer };
        if !is_answer {
            let is_tcp = self.first.packet.protocol == protocol::TCP;
            let mut packet = self.first.packet;
            if is_tcp && step == Later::Further {
                packet.tcp_flags = flags::ACK;
            }
            return Some(Shot { tag, packet, ..self.first });
        }
        let back = || self.flown.iter().rev().filter(|(shot, _)| !shot.tag.is_answer);
        // A translated session has an answer of its own; one to the packet before would be a
        // session that collides with it, and the kernel then chooses another port.
        let left = back().find(|(_, decided)| matches!(decided, Decision::Forwarded(..)));
        match left.or_else(|| back().next())? {
            // The kernel answers itself, if at all.
            (_, Decision::Taken) => None,
            (_, Decision::Forwarded(leg, packet)) => {
                Some(Shot { leg: *leg, packet: packet.reply(), tag })
            }
            (shot, Decision::Dropped) => {
                Some(Shot { leg: 1 - shot.leg, packet: shot.packet.reply(), tag })
            }
        }
    }
}

/// Whether the packet goes from one leg's hosts to the other's.
fn crosses(packet: &Packet, leg: usize) -> bool {
    let family = packet.family();
    let is_host = |address: std::net::IpAddr, leg: usize| {
        (2..=9).any(|host| neighbours(leg, host)[family as usize] == address.to_string())
    };
    is_host(packet.source, leg) && is_host(packet.destination, 1 - leg)
}

fn begins(packet: &Packet) -> bool {
    match packet.protocol {
        protocol::TCP => {
            matches!(packet.tcp_flags, flags::SYN | flags::ACK)
        }
        protocol::UDP | 253 => true,
        _ => matches!(
            (packet.family(), u8::try_from(packet.source_port)),
            (Family::V4, Ok(icmp::ECHO_REQUEST)) | (Family::V6, Ok(icmp::ECHO_REQUEST_V6))
        ),
    }
}

fn packet(random: &mut Random, leg: usize) -> Packet {
    let family = random.pick(&Family::ALL);
    let host = |random: &mut Random, leg: usize| -> std::net::IpAddr {
        let host = random.pick(&[2, 3, 4, 5, 6, 7]);
        neighbours(leg, host)[family as usize].parse().unwrap()
    };
    let beyond = |random: &mut Random| -> std::net::IpAddr {
        let texts = match family {
            Family::V4 => ["203.0.113.5", "203.0.113.200"],
            Family::V6 => ["2001:db8:ffff::5", "2001:db8:ffff:1::1"],
        };
        random.pick(&texts).parse().unwrap()
    };
    let source = match random.below(8) {
        0 => beyond(random),
        1 => host(random, 1 - leg),
        _ => host(random, leg),
    };
    // ICMP of the other family is left out: the kernel reads a type in it that the model does
    // not have.
    let echo = if family == Family::V4 { protocol::ICMP } else { protocol::ICMPV6 };
    let mut protocol = random.pick(&[6_u8, 6, 6, 17, 17, echo, 253]);
    let destination = match random.below(10) {
        0 => beyond(random),
        1 => host(random, leg),
        2..=3 => {
            // The kernel gives no news of other protocols that it takes.
            if protocol == 253 {
                protocol = protocol::UDP;
            }
            let leg = random.below(2);
            match (family, random.below(4)) {
                (Family::V4, 0) => BROADCASTS[leg].parse().unwrap(),
                _ => neighbours(leg, 1)[family as usize].parse().unwrap(),
            }
        }
        _ => host(random, 1 - leg),
    };
    let packet =
        Packet { source, destination, protocol, source_port: 0, destination_port: 0, tcp_flags: 0 };
    upper(random, packet)
}

fn upper(random: &mut Random, packet: Packet) -> Packet {
    let ports = [22_u16, 53, 80, 81, 443, 445, 1023, 1024, 40_000, 40_001, 65_535];
    let (source_port, destination_port) = (random.pick(&ports), random.pick(&ports));
    match packet.protocol {
        protocol::TCP => {
            let tcp_flags = random.pick(&[2_u8, 2, 2, 2, 0x10, 0x10, 0x12, 0x18, 4, 0x11, 1, 0, 3]);
            Packet { source_port, destination_port, tcp_flags, ..packet }
        }
        protocol::UDP => Packet { source_port, destination_port, ..packet },
        _ if packet.is_icmp() => {
            let types: &[u16] = match packet.family() {
                Family::V4 => &[8, 8, 8, 0, 3, 11, 13, 14],
                Family::V6 => &[128, 128, 128, 129, 1, 3],
            };
            Packet { source_port: random.pick(types), ..packet }
        }
        _ => packet,
    }
}
