//! Routes, next hops, guards, policy routes.

use model::{Action, Hop, Match, Net, NextHop, Node, NodeKind, Outcome, PolicyRoute, StepKind};
use oracle::Oracle;

use crate::builder::{Line, both, entry, hop, last, origin, outcomes, to_port};

/// A line whose router also has two exits, each an outside node, on nets that it knows.
struct Exits {
    line: Line,
    exits: [model::NodeId; 2],
    hops: [NextHop; 2],
}

fn exits(family: model::Family) -> Exits {
    let mut line = Line::new(family);
    let mut hops = Vec::new();
    let exits = ["first", "second"].map(|name| {
        let segment = line.site.segment(2);
        let exit = line.site.node(name, NodeKind::Outside);
        line.site.port(exit, Some(segment));
        let router = line.router;
        let port = line.site.port(router, Some(segment));
        hops.push(hop(Hop::Interface(port)));
        exit
    });
    let hops = [hops[0].clone(), hops[1].clone()];
    Exits { line, exits, hops }
}

impl Exits {
    fn ends(&self) -> Vec<Outcome> {
        self.ends_of(80)
    }

    fn ends_of(&self, port: u16) -> Vec<Outcome> {
        let mut oracle = Oracle::new(&self.line.site.network);
        let packet = self.line.site.syn((0, 10), (2, 10), port);
        outcomes(&oracle.originate(self.line.client, packet))
    }

    fn route(&mut self, length: u8, preference: u32, hops: Vec<NextHop>) {
        let prefix = Net::new(self.line.site.at(2, 10), length).unwrap();
        let router = self.line.router;
        self.line.site.route(router, prefix, hops).preference = preference;
    }

    fn guard(&mut self, port: u16, action: Action) -> model::AclIndex {
        let router = self.line.router;
        self.line.site.acl(router, vec![entry(to_port(port), action)], Action::Return)
    }

    fn to(&self, exit: usize) -> Outcome {
        Outcome::Delivered(self.exits[exit])
    }

    fn router(&mut self) -> &mut Node {
        let router = self.line.router;
        self.line.site.edit(router)
    }
}

#[test]
fn the_longest_prefix_wins_then_preference_then_order() {
    both(|family| {
        let mut net = exits(family);
        let [first, second] = net.hops.clone();
        net.route(8, 9, vec![first.clone()]);
        net.route(16, 0, vec![second.clone()]);
        assert_eq!(net.ends(), [net.to(1)]);
        net.route(16, 1, vec![first.clone()]);
        assert_eq!(net.ends(), [net.to(0)]);
        net.route(16, 1, vec![second]);
        assert_eq!(net.ends(), [net.to(0)]);
    });
}

#[test]
fn no_route_and_discarding_routes() {
    both(|family| {
        let mut net = exits(family);
        let discarded = [Outcome::Discarded(net.line.router)];
        let packet = net.line.site.syn((0, 10), (2, 10), 80);
        let mut oracle = Oracle::new(&net.line.site.network);
        assert_eq!(last(&oracle.originate(net.line.client, packet)), StepKind::NoRoute);
        let first = net.hops[0].clone();
        net.route(8, 0, vec![first]);
        net.route(16, 0, vec![]);
        assert_eq!(net.ends(), discarded);
        net.route(17, 0, vec![hop(Hop::Discard)]);
        let mut oracle = Oracle::new(&net.line.site.network);
        assert_eq!(last(&oracle.originate(net.line.client, packet)), StepKind::Routed(4, 0));
    });
}

#[test]
fn unguarded_hops_are_all_possible() {
    both(|family| {
        let mut net = exits(family);
        let hops = net.hops.to_vec();
        net.route(16, 0, hops);
        assert_eq!(net.ends(), [net.to(0), net.to(1)]);
    });
}

#[test]
fn the_first_guard_that_permits_decides() {
    both(|family| {
        let mut net = exits(family);
        let [mut first, mut second] = net.hops.clone();
        first.guard = Some(net.guard(80, Action::Permit));
        second.guard = Some(net.guard(81, Action::Permit));
        let unguarded = hop(Hop::Discard);
        net.route(16, 0, vec![unguarded, first, second]);
        assert_eq!(net.ends_of(80), [net.to(0)]);
        assert_eq!(net.ends_of(81), [net.to(1)]);
        assert_eq!(net.ends_of(82), [Outcome::Discarded(net.line.router)]);
    });
}

#[test]
fn a_route_without_usable_hop_gives_way_to_the_next() {
    both(|family| {
        let mut net = exits(family);
        let [mut first, second] = net.hops.clone();
        first.guard = Some(net.guard(80, Action::Deny));
        net.route(8, 0, vec![second]);
        net.route(16, 0, vec![first]);
        assert_eq!(net.ends(), [net.to(1)]);
        let Hop::Interface(port) = net.hops[1].hop else { unreachable!() };
        net.router().interfaces[port.0 as usize].enabled = false;
        assert_eq!(net.ends(), [Outcome::Discarded(net.line.router)]);
    });
}

#[test]
fn an_address_is_on_the_first_enabled_interface_whose_net_has_it() {
    both(|family| {
        let mut net = exits(family);
        let gateway = net.line.site.at(1, 10);
        net.route(16, 0, vec![hop(Hop::Address(gateway))]);
        let forwarded = [Outcome::Discarded(net.line.server)];
        assert_eq!(net.ends(), forwarded, "the server takes it and forwards nothing");
        let far = net.line.site.at(2, 77);
        net.route(17, 0, vec![hop(Hop::Address(far))]);
        assert_eq!(net.ends(), forwarded, "a hop on no connected net is not usable");
    });
}

#[test]
fn a_hop_that_may_vanish_leaves_the_others_and_the_next_route() {
    both(|family| {
        let mut net = exits(family);
        let [mut first, second] = net.hops.clone();
        first.may_vanish = true;
        net.route(16, 0, vec![first.clone()]);
        assert_eq!(net.ends(), [Outcome::Discarded(net.line.router), net.to(0)].sorted());
        net.route(8, 0, vec![second.clone()]);
        assert_eq!(net.ends(), [net.to(0), net.to(1)]);
        net.route(17, 0, vec![first.clone(), second]);
        net.router().routes.retain(|route| route.prefix.length() != 8);
        assert_eq!(net.ends(), [net.to(0), net.to(1)], "and not the shorter prefix");
        let mut guarded = first;
        guarded.guard = Some(net.guard(80, Action::Permit));
        net.route(18, 0, vec![guarded, hop(Hop::Discard)]);
        assert_eq!(net.ends(), [Outcome::Discarded(net.line.router), net.to(0)].sorted());
    });
}

#[test]
fn policy_routes_come_first() {
    both(|family| {
        let mut net = exits(family);
        let [first, second] = net.hops.clone();
        net.route(16, 0, vec![second.clone()]);
        let guard = net.guard(80, Action::Permit);
        let denies = net.guard(81, Action::Deny);
        let inside = net.line.inside;
        let policy = |guard, hop: &NextHop| PolicyRoute {
            interface: Some(inside),
            family,
            guard,
            hop: hop.clone(),
            origin: origin(),
        };
        net.router().policy_routes = vec![policy(denies, &first), policy(guard, &first)];
        assert_eq!(net.ends_of(80), [net.to(0)]);
        assert_eq!(net.ends_of(81), [Outcome::Discarded(net.line.router)]);
        assert_eq!(net.ends_of(82), [net.to(1)], "a list that returns leaves it to the table");

        net.router().policy_routes[1].hop.may_vanish = true;
        assert_eq!(net.ends_of(80), [net.to(0), net.to(1)]);
        net.router().policy_routes[1].interface = None;
        assert_eq!(net.ends_of(80), [net.to(1)], "only for packets of the node itself");
        let mut oracle = Oracle::new(&net.line.site.network);
        let own = net.line.site.syn((0, 1), (2, 10), 80);
        let ends = outcomes(&oracle.originate(net.line.router, own));
        assert_eq!(ends, [net.to(0), net.to(1)]);
    });
}

#[test]
fn what_a_guard_returns_goes_back_to_routing() {
    both(|family| {
        let mut net = exits(family);
        let [first, second] = net.hops.clone();
        net.route(16, 0, vec![second]);
        let router = net.line.router;
        let returns = vec![entry(to_port(80), Action::Return)];
        let guard = net.line.site.acl(router, returns, Action::Deny);
        let interface = Some(net.line.inside);
        let policy = PolicyRoute { interface, family, guard, hop: first, origin: origin() };
        net.router().policy_routes = vec![policy];
        assert_eq!(net.ends_of(80), [net.to(1)], "not to the default of the guard");
        assert_eq!(net.ends_of(81), [Outcome::Discarded(router)]);
    });
}

#[test]
fn guards_see_the_packet_where_it_came_in() {
    both(|family| {
        let mut net = exits(family);
        let [mut first, second] = net.hops.clone();
        let router = net.line.router;
        let seen = Match { in_interfaces: Some(vec![net.line.inside]), ..Match::any() };
        let entries = vec![entry(seen, Action::Permit)];
        first.guard = Some(net.line.site.acl(router, entries, Action::Deny));
        net.route(16, 0, vec![first, second]);
        assert_eq!(net.ends(), [net.to(0)]);
        let mut oracle = Oracle::new(&net.line.site.network);
        let own = net.line.site.syn((0, 1), (2, 10), 80);
        assert_eq!(outcomes(&oracle.originate(router, own)), [net.to(1)]);
    });
}

trait Sorted {
    fn sorted(self) -> Self;
}

impl<const N: usize> Sorted for [Outcome; N] {
    fn sorted(mut self) -> Self {
        self.sort_unstable();
        self
    }
}
