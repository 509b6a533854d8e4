//! What counts as a difference.

use std::sync::Arc;

use diag::Text;
use model::{
    Acl, Action, Entry, Family, InterfaceIndex, Match, Network, Node, NodeKind, Origin, Ranges,
    Rewrite, State, States, Translation, TranslationRule, Unmatched,
};

use super::difference;
use crate::compile::Atlas;

fn network(matches: Vec<Match>) -> Network {
    let origin = Origin::Default(Text::verbatim("test"));
    let mut node = Node::new("router", NodeKind::Router, origin.clone());
    let entry = Entry { matches, action: Action::Permit, origin: origin.clone() };
    node.acls = vec![Arc::new(Acl {
        name: "list".to_owned(),
        entries: vec![entry],
        default: Action::Deny,
        default_origin: origin,
    })];
    Network { nodes: vec![Arc::new(node)], segments: Vec::new() }
}

/// How many boxes of IPv4 packets `one` and `other` may treat differently.
fn parts(one: Match, other: Match) -> usize {
    let (one, other) = (network(vec![one]), network(vec![other]));
    let found = difference(&Atlas::new(&one), &Atlas::new(&other));
    found.map_or(usize::MAX, |found| found.attacks().len())
}

fn tcp() -> Match {
    Match { protocol: Some(Ranges::one(6_u8)), ..Match::family(Family::V4) }
}

#[test]
fn every_state_that_an_attack_can_have_counts() {
    let of = |state| Match { states: Some(States::of(&[state])), ..tcp() };
    for state in [State::New, State::Related, State::Invalid, State::Untracked] {
        assert_eq!(parts(of(state), of(State::Established)), 1, "{state:?}");
    }
    assert_eq!(parts(of(State::Established), of(State::Established)), 0);
}

#[test]
fn a_condition_on_an_interface_counts() {
    let on = |number| Match { in_interfaces: Some(vec![InterfaceIndex(number)]), ..tcp() };
    assert_eq!(parts(on(0), on(1)), 1);
    assert_eq!(parts(on(0), tcp()), 1);
    assert_eq!(parts(on(0), on(0)), 0);
}

#[test]
fn where_addresses_are_translated_every_packet_may_differ() {
    let mut one = network(vec![tcp()]);
    let origin = one.nodes[0].origin.clone();
    let address = std::net::IpAddr::from([192, 0, 2, 1]);
    Arc::make_mut(&mut one.nodes[0]).translations.push(Translation {
        name: "masquerade".to_owned(),
        rules: vec![TranslationRule {
            matches: vec![Match::any()],
            rewrite: Rewrite::Source(address, model::PortRewrite::Any),
            origin: origin.clone(),
        }],
        unmatched: Unmatched::Pass,
        origin,
    });
    let mut other = one.clone();
    Arc::make_mut(&mut Arc::make_mut(&mut other.nodes[0]).acls[0]).entries.clear();
    let found = difference(&Atlas::new(&one), &Atlas::new(&other)).expect("only a list differs");
    assert_eq!(found.attacks(), [(Family::V4, crate::universe(Family::V4))]);
}
