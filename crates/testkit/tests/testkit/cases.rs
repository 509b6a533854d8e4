//! The case files: facts of the kernel, asked again of the kernel and of `oracle`.

use model::{Packet, flags};
use oracle::Oracle;
use testkit::kernel::judge::{Decision, Judge, Shot};
use testkit::kernel::{LEGS, Tag};

use crate::kernel::{decision, in_namespace, network, outside};

const FILE: &str = include_str!("../../cases/kernel.md");

/// One case of the file.
struct Case<'f> {
    name: &'f str,
    ruleset: &'f str,
    /// `rp_filter` of each leg.
    sources: [usize; 2],
    /// Packets with the leg on which they arrive, and what becomes of them.
    packets: Vec<(usize, Packet, Decision)>,
}

/// The text of the first block of `kind`.
fn block<'f>(section: &'f str, kind: &str) -> &'f str {
    let (_, rest) = section.split_once(&format!("```{kind}\n")).expect("a block");
    rest.split_once("```").expect("its end").0
}

fn sources(section: &str) -> [usize; 2] {
    if !section.contains("```sources\n") {
        return [0, 0];
    }
    let mut numbers = block(section, "sources").split_whitespace().map(|one| one.parse().unwrap());
    [numbers.next().unwrap(), numbers.next().unwrap()]
}

fn cases() -> Vec<Case<'static>> {
    let sections = FILE.split("\n## ").skip(1);
    let cases = sections.map(|section| Case {
        name: section.lines().next().unwrap_or_default(),
        ruleset: block(section, "nft"),
        sources: sources(section),
        packets: block(section, "packets").lines().map(packet).collect(),
    });
    cases.collect()
}

/// `LEG WHAT SOURCE PORT > DESTINATION PORT = dropped | taken | LEG [the packet as it left]`.
fn packet(line: &str) -> (usize, Packet, Decision) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let leg = |name: &str| LEGS.iter().position(|leg| *leg == name).expect("a leg");
    let [on, what, ends @ ..] = &words[..] else { panic!("{line}") };
    let (protocol, tcp_flags) = match *what {
        "syn" => (6, flags::SYN),
        "synack" => (6, flags::SYN | flags::ACK),
        "ack" => (6, flags::ACK),
        "rst" => (6, flags::RST),
        "fin" => (6, flags::FIN),
        "udp" => (17, 0),
        number => (number.parse().unwrap(), 0),
    };
    let read = |ends: &[&str]| Packet {
        source: ends[0].parse().unwrap(),
        source_port: ends[1].parse().unwrap(),
        destination: ends[3].parse().unwrap(),
        destination_port: ends[4].parse().unwrap(),
        protocol,
        tcp_flags,
    };
    let packet = read(ends);
    let becomes = match ends[6..] {
        ["dropped"] => Decision::Dropped,
        ["taken"] => Decision::Taken,
        [on] => Decision::Forwarded(leg(on), packet),
        [on, ref after @ ..] => Decision::Forwarded(leg(on), read(after)),
        [] => panic!("{line}"),
    };
    (leg(on), packet, becomes)
}

#[test]
fn oracle_agrees_about_the_cases() {
    for case in cases() {
        let (network, _) = network(case.ruleset, case.sources).unwrap();
        let mut oracle = Oracle::new(&network);
        for (leg, packet, becomes) in case.packets {
            let traces = oracle.attack(outside(leg), packet);
            let said: Vec<Decision> = traces.iter().map(decision).collect();
            assert!(said.contains(&becomes), "{}: {packet:?}\n{said:?}", case.name);
        }
    }
}

#[test]
fn the_kernel_agrees_about_the_cases() {
    in_namespace("cases::the_kernel_agrees_about_the_cases", &["0"], |_| {
        let mut judge = Judge::new().unwrap();
        for (case, number) in cases().into_iter().zip(1..) {
            judge.load(case.ruleset, case.sources).unwrap();
            let first_leg = case.packets[0].0;
            for ((leg, packet, becomes), step) in case.packets.into_iter().zip(0..) {
                let tag = Tag { case: number, step, is_answer: leg != first_leg };
                let decided = judge.ask(&[Shot { leg, packet, tag }]).unwrap();
                assert_eq!(decided, [becomes], "{}: {packet:?}", case.name);
            }
        }
    });
}
