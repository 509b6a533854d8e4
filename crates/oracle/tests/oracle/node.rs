//! What the IP side of a node does: for itself, forwarding, points, loops, answers.

use model::{
    Family, Hop, Match, Net, NodeKind, Outcome, Packet, Pipeline, Point, Stage, StageKind, State,
    States, StepKind,
};
use oracle::Oracle;

use crate::builder::{Line, Site, both, entry, hop, last, outcomes, to_port};

fn addressed(family: Family, destination: &str) -> (Line, Packet) {
    let line = Line::new(family);
    let packet = Packet { destination: destination.parse().unwrap(), ..line.syn(80) };
    (line, packet)
}

#[test]
fn a_node_takes_what_every_node_takes() {
    for (family, destination) in [
        (Family::V4, "224.0.0.1"),
        (Family::V4, "255.255.255.255"),
        (Family::V4, "192.0.2.255"),
        (Family::V4, "198.51.100.1"),
        (Family::V6, "ff02::1"),
        (Family::V6, "fe80::1"),
        (Family::V6, "2001:db8:0:1::1"),
    ] {
        let (line, packet) = addressed(family, destination);
        let mut oracle = Oracle::new(&line.site.network);
        let delivered = [Outcome::Delivered(line.router)];
        assert_eq!(outcomes(&oracle.attack(line.client, packet)), delivered, "{destination}");
    }
}

#[test]
fn a_broadcast_of_a_far_net_is_forwarded() {
    let (line, packet) = addressed(Family::V4, "198.51.100.255");
    let mut oracle = Oracle::new(&line.site.network);
    let traces = oracle.attack(line.client, packet);
    assert_eq!(outcomes(&traces), [Outcome::OnSegment(model::SegmentId(1))]);
}

#[test]
fn only_forwardable_packets_of_a_forwarded_family_are_forwarded() {
    both(|family| {
        let mut line = Line::new(family);
        let loopback = Net::host(if family == Family::V4 {
            "127.0.0.1".parse().unwrap()
        } else {
            "::1".parse().unwrap()
        });
        let from_loopback = Packet { source: loopback.address(), ..line.syn(80) };
        let to_loopback = Packet { destination: loopback.address(), ..line.syn(80) };
        let mut oracle = Oracle::new(&line.site.network);
        assert_eq!(last(&oracle.attack(line.client, from_loopback)), StepKind::NotForwarded);
        assert_eq!(last(&oracle.attack(line.client, to_loopback)), StepKind::NotForwarded);

        let router = line.router;
        line.site.edit(router).forwarding[family as usize].0 = false;
        let mut oracle = Oracle::new(&line.site.network);
        assert_eq!(last(&oracle.attack(line.client, line.syn(80))), StepKind::NotForwarded);
    });
}

#[test]
fn points_are_passed_in_their_order() {
    both(|family| {
        let line = Line::new(family);
        let points = [
            (line.router, Point::Egress(line.outside)),
            (line.router, Point::Postrouting),
            (line.router, Point::Forward),
            (line.router, Point::Prerouting),
            (line.router, Point::Ingress(line.inside)),
            (line.client, Point::Egress(model::InterfaceIndex(0))),
            (line.client, Point::Postrouting),
            (line.client, Point::LocalOut),
        ];
        let mut line = line;
        for (node, point) in points {
            line.site.deny(node, point, Match::any());
            let mut oracle = Oracle::new(&line.site.network);
            let traces = oracle.originate(line.client, line.syn(80));
            let acl = model::AclIndex(line.site.network.node(node).acls.len() as u32 - 1);
            assert_eq!(last(&traces), StepKind::Denied(acl, Some(0)), "{point:?}");
        }
        let mut line = Line::new(family);
        for (node, point) in
            [(line.router, Point::LocalIn), (line.router, Point::Egress(line.inside))]
        {
            line.site.deny(node, point, Match::any());
        }
        line.site.deny(line.server, Point::LocalIn, Match::any());
        let mut oracle = Oracle::new(&line.site.network);
        let traces = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&traces), [Outcome::Discarded(line.server)]);
    });
}

#[test]
fn a_stage_that_spares_own_packets_is_skipped_for_them() {
    both(|family| {
        let mut line = Line::new(family);
        for point in [Point::Prerouting, Point::LocalIn, Point::LocalOut, Point::Postrouting] {
            let entries = vec![entry(to_port(80), model::Action::Deny)];
            let acl = line.site.acl(line.router, entries, model::Action::Permit);
            let kind = StageKind::Filter(acl);
            let stage = Stage { family: None, spares_own: true, kind };
            line.site.edit(line.router).pipelines.push(Pipeline::new(point, vec![stage]));
        }
        let mut oracle = Oracle::new(&line.site.network);
        let to_router = line.site.syn((0, 10), (0, 1), 80);
        let way = oracle.originate(line.client, to_router);
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.router)]);
        let from_router = line.site.syn((0, 1), (1, 10), 80);
        let way = oracle.originate(line.router, from_router);
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.server)]);
        let through = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&through), [Outcome::Discarded(line.router)]);
    });
}

#[test]
fn a_node_delivers_to_itself_through_local_in() {
    both(|family| {
        let mut line = Line::new(family);
        let own = line.site.syn((1, 1), (0, 1), 80);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.router, own);
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.router)]);
        let state = Match { states: Some(States::of(&[State::Untracked])), ..Match::any() };
        line.site.deny(line.router, Point::LocalOut, state.clone());
        let mut oracle = Oracle::new(&line.site.network);
        assert_eq!(oracle.originate(line.router, own), way, "not through the others");
        line.site.deny(line.router, Point::LocalIn, state);
        let mut oracle = Oracle::new(&line.site.network);
        assert!(matches!(last(&oracle.originate(line.router, own)), StepKind::Denied(..)));
    });
}

#[test]
fn a_stage_of_the_other_family_is_skipped() {
    both(|family| {
        let mut line = Line::new(family);
        let entries = vec![entry(Match::any(), model::Action::Deny)];
        let acl = line.site.acl(line.router, entries, model::Action::Permit);
        let stages = Family::ALL
            .into_iter()
            .filter(|one| *one != family)
            .map(|other| Stage::of(Some(other), StageKind::Filter(acl)))
            .collect();
        line.site.edit(line.router).pipelines.push(Pipeline::new(Point::Forward, stages));
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.server)]);
    });
}

#[test]
fn a_packet_that_comes_back_is_a_loop() {
    both(|family| {
        let mut site = Site::new(family);
        let segment = site.segment(0);
        let routers = ["one", "two"].map(|name| site.node(name, NodeKind::Router));
        site.interface(routers[0], Some(segment), 0, 1);
        site.interface(routers[1], Some(segment), 0, 2);
        let (one, two) = (site.at(0, 1), site.at(0, 2));
        site.default_route(routers[0], Hop::Address(two));
        site.default_route(routers[1], Hop::Address(one));
        let mut oracle = Oracle::new(&site.network);
        let traces = oracle.originate(routers[0], site.syn((0, 1), (2, 2), 80));
        assert_eq!(outcomes(&traces), [Outcome::Discarded(routers[1])]);
        assert_eq!(last(&traces), StepKind::Loop);
        let received = |step: &&model::Step| matches!(step.kind, StepKind::Received(_));
        assert_eq!(traces[0].steps.iter().filter(received).count(), 3);
    });
}

#[test]
fn an_answer_is_originated_by_the_node_that_took_the_packet() {
    both(|family| {
        let line = Line::new(family);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, line.syn(80));
        let answer = oracle.answer(&way[0]);
        assert_eq!(outcomes(&answer), [Outcome::Delivered(line.client)]);
        assert_eq!(answer[0].steps[0].packet, line.syn(80).reply());
        let discarded = model::Trace { outcome: Outcome::Discarded(line.router), ..way[0].clone() };
        assert!(oracle.answer(&discarded).is_empty());
    });
}

#[test]
fn an_answer_from_outside_goes_back_to_the_sender_of_the_last_leg() {
    both(|family| {
        let mut line = Line::new(family);
        let outside = line.site.node("internet", NodeKind::Outside);
        let port = line.site.port(outside, Some(model::SegmentId(1)));
        let far = line.site.at(2, 1);
        let router = line.router;
        let prefix = line.site.net(2, 0).prefix();
        let to_internet = vec![hop(Hop::AddressOn(far, line.outside))];
        line.site.route(router, prefix, to_internet);
        let packet = line.site.syn((0, 10), (2, 10), 80);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, packet);
        assert_eq!(outcomes(&way), [Outcome::Delivered(outside)]);
        let answer = oracle.answer(&way[0]);
        assert_eq!(outcomes(&answer), [Outcome::Delivered(line.client)]);
        assert_eq!(answer[0].steps[0].kind, StepKind::Sent(port));
        let node = answer[0].steps[1].node;
        assert_eq!((node, answer[0].steps[1].kind), (router, StepKind::Received(line.outside)));
        assert_eq!(answer.len(), 1, "not to the server on the same segment");
    });
}
