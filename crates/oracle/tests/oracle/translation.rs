//! Address translation.

use model::{
    Action, Family, Hop, Match, Outcome, Packet, Point, PortRewrite, Ranges, Rewrite, StageKind,
    State, States, StepKind, Tracker, TrackerIndex, TrackerKind, Translation, TranslationIndex,
    TranslationRule, Unmatched,
};
use oracle::Oracle;

use crate::builder::{Line, both, entry, last, origin, outcomes, to_port};

/// A router that translates by `rules` at each of `points`, always the same list.
fn translating(family: Family, rules: Vec<(Match, Rewrite)>, points: &[Point]) -> Line {
    let mut line = Line::new(family);
    let rules = rules
        .into_iter()
        .map(|(condition, rewrite)| TranslationRule {
            matches: vec![condition],
            rewrite,
            origin: origin(),
        })
        .collect();
    let translation =
        Translation { name: "nat".into(), rules, unmatched: Unmatched::Pass, origin: origin() };
    let router = line.router;
    line.site.edit(router).translations.push(translation);
    for point in points {
        line.site.stages(router, *point, vec![StageKind::Translate(TranslationIndex(0))]);
    }
    line
}

fn from_inside() -> Match {
    Match { in_interfaces: Some(vec![model::InterfaceIndex(0)]), ..Match::any() }
}

/// The packet as its receiver saw it, on the only way.
fn arrived(traces: &[model::Trace]) -> Packet {
    assert_eq!(traces.len(), 1, "{traces:#?}");
    traces[0].steps.last().unwrap().packet
}

const BOTH_POINTS: [Point; 2] = [Point::Prerouting, Point::Postrouting];

#[test]
fn a_rewritten_source_gets_its_answer_back() {
    both(|family| {
        let address = Line::new(family).site.at(1, 1);
        let rules = vec![(
            Match { out_interfaces: Some(vec![model::InterfaceIndex(1)]), ..from_inside() },
            Rewrite::Source(address, PortRewrite::Shift { from: 40_000, to: 50_000 }),
        )];
        let line = translating(family, rules, &BOTH_POINTS);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, line.syn(80));
        let expected = Packet { source: address, source_port: 50_000, ..line.syn(80) };
        assert_eq!(arrived(&way), expected);
        let answer = oracle.answer(&way[0]);
        assert_eq!(outcomes(&answer), [Outcome::Delivered(line.client)]);
        assert_eq!(arrived(&answer), line.syn(80).reply());
        let known = StepKind::Translated(TranslationIndex(0), None);
        assert!(answer[0].steps.iter().any(|step| step.kind == known));
        let again = oracle.originate(line.client, line.syn(80));
        assert_eq!(arrived(&again), expected);
        assert!(again[0].steps.iter().any(|step| step.kind == known));
    });
}

#[test]
fn a_rewritten_destination_is_routed_anew_and_answered() {
    both(|family| {
        let server = Line::new(family).site.at(1, 10);
        let rules = vec![(to_port(8080), Rewrite::Destination(server, PortRewrite::Keep))];
        let line = translating(family, rules, &BOTH_POINTS);
        let mut oracle = Oracle::new(&line.site.network);
        let packet = line.site.syn((0, 10), (0, 1), 8080);
        let way = oracle.originate(line.client, packet);
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.server)]);
        assert_eq!(arrived(&oracle.answer(&way[0])), packet.reply());
    });
}

#[test]
fn the_first_matching_rule_decides() {
    both(|family| {
        let server = Line::new(family).site.at(1, 10);
        let rules = vec![
            (to_port(80), Rewrite::Keep),
            (to_port(81), Rewrite::Discard),
            (Match::any(), Rewrite::Destination(server, PortRewrite::Keep)),
        ];
        let mut line = translating(family, rules, &[Point::Prerouting]);
        let to_router = |line: &Line, port| line.site.syn((0, 10), (0, 1), port);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, to_router(&line, 80));
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.router)]);
        let way = oracle.originate(line.client, to_router(&line, 81));
        assert_eq!(last(&way), StepKind::Untranslatable(TranslationIndex(0), Some(1)));
        let way = oracle.originate(line.client, to_router(&line, 82));
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.server)]);

        let router = line.router;
        line.site.edit(router).translations[0].rules.clear();
        line.site.edit(router).translations[0].unmatched = Unmatched::Discard;
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, line.syn(80));
        assert_eq!(last(&way), StepKind::Untranslatable(TranslationIndex(0), None));
    });
}

#[test]
fn a_translator_may_choose_any_port() {
    both(|family| {
        let address = Line::new(family).site.at(1, 1);
        let rules = vec![(from_inside(), Rewrite::Source(address, PortRewrite::Any))];
        let mut line = translating(family, rules, &[Point::Postrouting]);
        let condition =
            Match { source_port: Some(Ranges::span(1000_u16, 1000_u16)), ..to_port(80) };
        let server = line.server;
        let acl = line.site.acl(server, vec![entry(condition, Action::Deny)], Action::Permit);
        line.site.stages(server, Point::LocalIn, vec![StageKind::Filter(acl)]);
        let mut oracle = Oracle::new(&line.site.network);
        let ends = outcomes(&oracle.originate(line.client, line.syn(80)));
        assert_eq!(ends, [Outcome::Delivered(server), Outcome::Discarded(server)]);
        let ends = outcomes(&oracle.originate(line.client, line.syn(81)));
        assert_eq!(ends, [Outcome::Delivered(server)]);
        let gre = Packet {
            protocol: 47,
            source_port: 0,
            destination_port: 0,
            tcp_flags: 0,
            ..line.syn(80)
        };
        let way = oracle.originate(line.client, gre);
        assert_eq!(arrived(&way), Packet { source: address, ..gre }, "GRE has no ports");
    });
}

#[test]
fn only_tcp_and_udp_have_ports_to_rewrite() {
    both(|family| {
        let address = Line::new(family).site.at(1, 1);
        let shift = PortRewrite::Shift { from: 0, to: 10 };
        let rules = vec![(from_inside(), Rewrite::Source(address, shift))];
        let line = translating(family, rules, &[Point::Postrouting]);
        let plain = Packet { source_port: 0, tcp_flags: 0, ..line.syn(80) };
        for (protocol, port) in [(47, 0), (1, 0), (58, 0), (6, 10), (17, 10)] {
            let packet = Packet { protocol, ..plain };
            let mut oracle = Oracle::new(&line.site.network);
            let way = oracle.originate(line.client, packet);
            assert_eq!(arrived(&way).source_port, port, "protocol {protocol}");
        }
    });
}

#[test]
fn a_rule_for_new_packets_leaves_answers_alone() {
    both(|family| {
        let address = Line::new(family).site.at(1, 1);
        let outbound = Match {
            states: Some(States::of(&[State::New])),
            out_interfaces: Some(vec![model::InterfaceIndex(1)]),
            ..Match::any()
        };
        let rules = vec![(outbound, Rewrite::Source(address, PortRewrite::Keep))];
        let mut line = translating(family, rules, &BOTH_POINTS);
        let router = line.router;
        let kind = TrackerKind::Automatic;
        line.site.edit(router).trackers.push(Tracker { name: "t".into(), kind, origin: origin() });
        let track = StageKind::Track(TrackerIndex(0));
        line.site.stages(router, Point::Ingress(line.inside), vec![track.clone()]);
        line.site.stages(router, Point::Ingress(line.outside), vec![track]);
        let mut oracle = Oracle::new(&line.site.network);
        let inbound = line.site.syn((1, 10), (0, 10), 80);
        let way = oracle.originate(line.server, inbound);
        let answer = oracle.answer(&way[0]);
        assert_eq!(arrived(&answer), inbound.reply(), "the source stays the client's");
        let outbound = oracle.originate(line.client, line.syn(80));
        assert_eq!(arrived(&outbound).source, address);
        assert_eq!(outcomes(&oracle.answer(&outbound[0])), [Outcome::Delivered(line.client)]);
    });
}

#[test]
fn two_translations_of_one_packet_are_both_undone() {
    both(|family| {
        let site = Line::new(family).site;
        let (server, source) = (site.at(1, 10), site.at(1, 1));
        let inbound = Match { out_interfaces: None, ..to_port(8080) };
        let outbound =
            Match { out_interfaces: Some(vec![model::InterfaceIndex(1)]), ..from_inside() };
        let rules = vec![
            (inbound, Rewrite::Destination(server, PortRewrite::Shift { from: 8080, to: 80 })),
            (outbound, Rewrite::Source(source, PortRewrite::Keep)),
        ];
        let mut line = translating(family, rules, &BOTH_POINTS);
        let client = line.client;
        let gateway = line.site.at(0, 1);
        line.site.default_route(client, Hop::Address(gateway));
        let mut oracle = Oracle::new(&line.site.network);
        let packet = line.site.syn((0, 10), (0, 1), 8080);
        let way = oracle.originate(client, packet);
        let expected = Packet { source, destination: server, destination_port: 80, ..packet };
        assert_eq!(arrived(&way), expected);
        assert_eq!(arrived(&oracle.answer(&way[0])), packet.reply());
    });
}

#[test]
fn a_packet_meets_the_sessions_of_earlier_packets_in_one_direction() {
    both(|family| {
        let site = Line::new(family).site;
        let client = site.at(0, 10);
        let gre = Packet {
            protocol: 47,
            source_port: 0,
            destination_port: 0,
            tcp_flags: 0,
            ..site.syn((0, 10), (1, 77), 80)
        };
        let rules = vec![(from_inside(), Rewrite::Destination(client, PortRewrite::Keep))];
        let line = translating(family, rules, &BOTH_POINTS);
        let mut oracle = Oracle::new(&line.site.network);
        // The packet then is its own answer; neither it nor the next one is translated back.
        for _ in 0..2 {
            let way = oracle.originate(line.client, gre);
            assert_eq!(arrived(&way), Packet { destination: client, ..gre });
        }
    });
}

#[test]
fn a_packet_that_is_dropped_leaves_no_translated_session() {
    both(|family| {
        let site = Line::new(family).site;
        let (server, shown) = (site.at(1, 10), site.at(1, 77));
        let rules = vec![(from_inside(), Rewrite::Destination(server, PortRewrite::Keep))];
        let mut line = translating(family, rules, &BOTH_POINTS);
        let router = line.router;
        line.site.deny(router, Point::Forward, to_port(80));
        let mut oracle = Oracle::new(&line.site.network);
        for (port, source) in [(80, server), (443, shown)] {
            let packet = Packet { destination: shown, ..line.syn(port) };
            let way = oracle.originate(line.client, packet);
            assert_eq!(way.len(), 1, "{way:#?}");
            // What answers the packet as it was rewritten: translated back if it had left.
            let answer = Packet { destination: server, ..packet }.reply();
            let back = oracle.originate(line.server, answer);
            assert_eq!(arrived(&back).source, source, "{port}");
        }
    });
}
