//! Segments, relays, who takes a frame.

use model::{
    Action, Family, Hop, Match, NodeKind, Outcome, Ranges, SegmentKind, Stage, StageKind, StepKind,
    ethertype,
};
use oracle::Oracle;

use crate::builder::{Line, Site, all_ethertypes, both, entry, last, outcomes, to_port};

#[test]
fn an_attacker_reaches_every_ip_side_on_his_segments() {
    both(|family| {
        let line = Line::new(family);
        let mut oracle = Oracle::new(&line.site.network);
        let traces = oracle.attack(line.client, line.syn(80));
        assert_eq!(outcomes(&traces), [Outcome::Delivered(line.server)]);
        let kinds: Vec<_> = traces[0].steps.iter().map(|step| step.kind).collect();
        assert!(matches!(
            kinds[..4],
            [StepKind::Sent(_), StepKind::Received(_), StepKind::Routed(1, 0), StepKind::Sent(_),]
        ));
        assert!(oracle.is_complete());
    });
}

#[test]
fn a_disabled_interface_neither_sends_nor_sees() {
    both(|family| {
        let mut line = Line::new(family);
        let (router, inside) = (line.router, line.inside);
        line.site.edit(router).interfaces[inside.0 as usize].enabled = false;
        let mut oracle = Oracle::new(&line.site.network);
        assert!(oracle.attack(line.client, line.syn(80)).is_empty());
        let way = oracle.attack(line.router, line.syn(80));
        assert_eq!(way.len(), 1, "only to the server");
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.server)]);
    });
}

/// Two machines on two segments, and a relay with two ports between them.
fn bridge(family: Family, ethertypes: Ranges) -> (Site, [model::NodeId; 3]) {
    let mut site = Site::new(family);
    let (left, right) = (site.segment(0), site.segment(0));
    let one = site.node("one", NodeKind::Machine);
    let relay = site.node("relay", NodeKind::Machine);
    let two = site.node("two", NodeKind::Machine);
    site.interface(one, Some(left), 0, 10);
    let ports = [site.port(relay, Some(left)), site.port(relay, Some(right))];
    site.interface(two, Some(right), 0, 20);
    site.relay(relay, &ports, ethertypes);
    (site, [one, relay, two])
}

#[test]
fn a_relay_carries_its_ethertypes_only() {
    both(|family| {
        let (site, [one, relay, two]) = bridge(family, Ranges::one(family.ethertype()));
        let mut oracle = Oracle::new(&site.network);
        let traces = oracle.originate(one, site.syn((0, 10), (0, 20), 80));
        assert_eq!(outcomes(&traces), [Outcome::Delivered(two)]);
        let steps = &traces[0].steps;
        assert!(steps.iter().any(|step| matches!(step.kind, StepKind::Relayed(0, _, _))));
        let seen = oracle.frame(one, model::InterfaceIndex(0), ethertype::PPPOE_DISCOVERY);
        assert_eq!(seen, [(relay, model::InterfaceIndex(0))]);

        let (site, [one, ..]) = bridge(family, Ranges::one(ethertype::PPPOE_SESSION));
        let mut oracle = Oracle::new(&site.network);
        let traces = oracle.originate(one, site.syn((0, 10), (0, 20), 80));
        assert_eq!(outcomes(&traces), [Outcome::OnSegment(model::SegmentId(0))]);
        let seen = oracle.frame(one, model::InterfaceIndex(0), ethertype::PPPOE_SESSION);
        assert_eq!(seen.len(), 2, "the port and the machine behind it");
    });
}

#[test]
fn stages_of_a_relay_see_ports_and_packet() {
    both(|family| {
        let (mut site, [one, relay, two]) = bridge(family, all_ethertypes());
        let condition = Match {
            in_interfaces: Some(vec![model::InterfaceIndex(0)]),
            out_interfaces: Some(vec![model::InterfaceIndex(1)]),
            ethertypes: Some(Ranges::one(family.ethertype())),
            ..to_port(23)
        };
        let acl = site.acl(relay, vec![entry(condition, Action::Deny)], Action::Permit);
        site.edit(relay).relays[0].stages = vec![Stage::of(None, StageKind::Filter(acl))];
        let mut oracle = Oracle::new(&site.network);
        let telnet = site.syn((0, 10), (0, 20), 23);
        assert_eq!(
            outcomes(&oracle.originate(one, telnet)),
            [Outcome::OnSegment(model::SegmentId(0))]
        );
        let back = site.syn((0, 20), (0, 10), 23);
        assert_eq!(outcomes(&oracle.originate(two, back)), [Outcome::Delivered(one)]);
        let seen = oracle.frame(one, model::InterfaceIndex(0), ethertype::PPPOE_SESSION);
        assert_eq!(seen.len(), 2, "a condition on packets does not hold for other frames");
    });
}

#[test]
fn a_foot_is_the_ip_side_of_its_relay() {
    both(|family| {
        let (mut site, [one, relay, two]) = bridge(family, all_ethertypes());
        let foot = site.foot(relay);
        site.edit(relay).relays[0].ports.push(foot);
        let own = site.at(0, 1);
        let net = site.net(0, 1);
        site.route(relay, net.prefix(), vec![crate::builder::hop(Hop::Interface(foot))]);
        let address = site.network.nodes[one.0 as usize].interfaces[0].addresses[0].clone();
        let address = model::InterfaceAddress { net: Some(net), ..address };
        site.edit(relay).interfaces[foot.0 as usize].addresses.push(address);
        let mut oracle = Oracle::new(&site.network);

        let traces = oracle.originate(one, site.syn((0, 10), (0, 1), 80));
        assert_eq!(outcomes(&traces), [Outcome::Delivered(relay)]);
        let received = |step: &&model::Step| step.kind == StepKind::Received(foot);
        assert_eq!(traces[0].steps.iter().filter(received).count(), 1, "at the foot only");
        let answer = oracle.answer(&traces[0]);
        assert_eq!(outcomes(&answer), [Outcome::Delivered(one)]);
        assert_eq!(answer[0].steps[0].packet.source, own);
        let to_two = oracle.originate(relay, site.syn((0, 1), (0, 20), 80));
        assert_eq!(outcomes(&to_two), [Outcome::Delivered(two)], "through the other port");
        assert_eq!(oracle.frame(relay, foot, 0x88cc).len(), 2);
        assert!(oracle.frame(one, model::InterfaceIndex(0), 0x88cc).contains(&(relay, foot)));

        site.edit(relay).relays[0].ethertypes = Ranges::one(ethertype::PPPOE_SESSION);
        let mut oracle = Oracle::new(&site.network);
        let way = oracle.attack(one, site.syn((0, 10), (0, 1), 80));
        assert!(way.is_empty(), "a port of a relay with a foot has no IP side of its own");
        let way = oracle.originate(relay, site.syn((0, 1), (0, 20), 80));
        assert_eq!(last(&way), StepKind::NoRoute);
    });
}

#[test]
fn two_relays_between_two_segments_end_and_reach_every_side() {
    both(|family| {
        let (mut site, [one, relay, two]) = bridge(family, all_ethertypes());
        let second = site.node("second", NodeKind::Machine);
        let ports = [0, 1].map(|segment| site.port(second, Some(model::SegmentId(segment))));
        site.relay(second, &ports, all_ethertypes());
        let oracle = Oracle::new(&site.network);
        let mut seen = oracle.frame(one, model::InterfaceIndex(0), 0x88cc);
        seen.sort_unstable();
        let all = [(one, 0), (relay, 0), (relay, 1), (two, 0), (second, 0), (second, 1)];
        assert_eq!(seen, all.map(|(node, index)| (node, model::InterfaceIndex(index))));
    });
}

#[test]
fn an_outside_node_takes_what_no_address_claims() {
    both(|family| {
        let mut line = Line::new(family);
        let outside = line.site.node("internet", NodeKind::Outside);
        line.site.port(outside, Some(model::SegmentId(1)));
        let mut oracle = Oracle::new(&line.site.network);
        let to_nobody = line.site.syn((0, 10), (1, 77), 80);
        assert_eq!(
            outcomes(&oracle.originate(line.client, to_nobody)),
            [Outcome::Delivered(outside)]
        );
        assert_eq!(
            outcomes(&oracle.originate(line.client, line.syn(80))),
            [Outcome::Delivered(line.server)]
        );
    });
}

#[test]
fn a_next_hop_that_nobody_has_is_lost() {
    both(|family| {
        let mut line = Line::new(family);
        let nobody = line.site.at(1, 99);
        let router = line.router;
        line.site.default_route(router, Hop::Address(nobody));
        let mut oracle = Oracle::new(&line.site.network);
        let far = line.site.syn((0, 10), (2, 10), 80);
        let lost = Outcome::Lost(model::SegmentId(1));
        assert_eq!(outcomes(&oracle.originate(line.client, far)), [lost]);
    });
}

#[test]
fn a_learned_router_is_one_that_advertises_or_is_outside() {
    both(|family| {
        let mut line = Line::new(family);
        let client = line.client;
        line.site.edit(client).routes.pop();
        line.site.default_route(client, Hop::Learned(model::InterfaceIndex(0)));
        let mut oracle = Oracle::new(&line.site.network);
        let lost = Outcome::Lost(model::SegmentId(0));
        assert_eq!(outcomes(&oracle.originate(client, line.syn(80))), [lost]);

        let (router, inside) = (line.router, line.inside);
        line.site.edit(router).interfaces[inside.0 as usize].advertises =
            Some(crate::builder::origin());
        let outside = line.site.node("internet", NodeKind::Outside);
        line.site.port(outside, Some(model::SegmentId(0)));
        let mut oracle = Oracle::new(&line.site.network);
        let both_take = [Outcome::Delivered(line.server), Outcome::Delivered(outside)];
        assert_eq!(outcomes(&oracle.originate(client, line.syn(80))), both_take);
    });
}

#[test]
fn on_a_point_to_point_segment_everybody_takes_everything() {
    both(|family| {
        for kind in [SegmentKind::Session, SegmentKind::Tunnel] {
            let mut line = Line::new(family);
            line.site.network.segments[1].kind = kind;
            line.site.network.segments[1].nets.clear();
            let mut oracle = Oracle::new(&line.site.network);
            let to_nobody = line.site.syn((0, 10), (1, 77), 80);
            let traces = oracle.originate(line.client, to_nobody);
            assert_eq!(outcomes(&traces), [Outcome::Discarded(line.server)]);

            let net = line.site.net(1, 0);
            let (server, right) = (line.server, model::SegmentId(1));
            line.site.network.segments[1].nets = vec![net];
            line.site.edit(server).interfaces[0].enabled = false;
            let mut oracle = Oracle::new(&line.site.network);
            let traces = oracle.originate(line.client, to_nobody);
            assert_eq!(outcomes(&traces), [Outcome::Lost(right)], "there is no other end");
        }
    });
}

#[test]
fn what_a_foot_sends_is_on_the_segment_of_its_first_port() {
    both(|family| {
        for (kinds, ends) in [
            ([SegmentKind::Zone, SegmentKind::Tunnel], Outcome::OnSegment(model::SegmentId(0))),
            ([SegmentKind::Tunnel, SegmentKind::Zone], Outcome::Lost(model::SegmentId(0))),
        ] {
            let (mut site, [one, relay, two]) = bridge(family, all_ethertypes());
            let foot = site.foot(relay);
            site.edit(relay).relays[0].ports.push(foot);
            let prefix = site.net(0, 0).prefix();
            site.route(relay, prefix, vec![crate::builder::hop(Hop::Interface(foot))]);
            for (segment, kind) in site.network.segments.iter_mut().zip(kinds) {
                segment.kind = kind;
            }
            for machine in [one, two] {
                site.edit(machine).interfaces[0].segment = None;
            }
            let mut oracle = Oracle::new(&site.network);
            let way = oracle.originate(relay, site.syn((0, 1), (0, 77), 80));
            assert_eq!(outcomes(&way), [ends]);
        }
    });
}

#[test]
fn an_interface_without_segment_sends_nowhere() {
    both(|family| {
        let mut line = Line::new(family);
        let (router, outside) = (line.router, line.outside);
        line.site.edit(router).interfaces[outside.0 as usize].segment = None;
        let mut oracle = Oracle::new(&line.site.network);
        let traces = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&traces), [Outcome::Discarded(router)]);
        assert_eq!(last(&traces), StepKind::NoRoute);
    });
}
