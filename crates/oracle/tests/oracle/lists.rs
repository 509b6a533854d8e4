//! Lists: calls, defaults, depth, and what conditions see.

use model::{AclIndex, Action, Match, Outcome, Point, Ranges, StageKind, State, States, StepKind};
use oracle::Oracle;

use crate::builder::{Line, both, entry, last, outcomes, to_port};

/// What the router's first list does with a packet to port 80, and the entry that decided.
fn decided(lists: &[(Vec<(Match, Action)>, Action)]) -> (AclIndex, Option<usize>, bool) {
    let mut line = Line::new(model::Family::V4);
    for (entries, default) in lists {
        let entries = entries.iter().map(|(condition, action)| entry(condition.clone(), *action));
        line.site.acl(line.router, entries.collect(), *default);
    }
    line.site.stages(line.router, Point::Forward, vec![StageKind::Filter(AclIndex(0))]);
    let mut oracle = Oracle::new(&line.site.network);
    let traces = oracle.originate(line.client, line.syn(80));
    assert_eq!(traces.len(), 1);
    let told = traces[0].steps.iter().find_map(|step| match step.kind {
        StepKind::Permitted(acl, entry) => Some((acl, entry, true)),
        StepKind::Denied(acl, entry) => Some((acl, entry, false)),
        _ => None,
    });
    let is_delivered = traces[0].outcome == Outcome::Delivered(line.server);
    let told = told.unwrap_or((AclIndex(99), None, true));
    assert_eq!(told.2, is_delivered);
    told
}

const CALL: Action = Action::Call(AclIndex(1));
const GOTO: Action = Action::Goto(AclIndex(1));

#[test]
fn the_first_entry_that_matches_decides() {
    let list = (vec![(to_port(81), Action::Permit), (to_port(80), Action::Deny)], Action::Permit);
    assert_eq!(decided(&[list]), (AclIndex(0), Some(1), false));
    assert_eq!(decided(&[(vec![], Action::Deny)]), (AclIndex(0), None, false));
    assert_eq!(decided(&[(vec![], Action::Permit)]), (AclIndex(0), None, true));
}

#[test]
fn a_called_list_decides_or_returns() {
    let caller = (vec![(Match::any(), CALL), (Match::any(), Action::Deny)], Action::Permit);
    let permits = (vec![(to_port(80), Action::Permit)], Action::Return);
    assert_eq!(decided(&[caller.clone(), permits]), (AclIndex(1), Some(0), true));
    let returns = (vec![(to_port(80), Action::Return)], Action::Permit);
    assert_eq!(decided(&[caller.clone(), returns]), (AclIndex(0), Some(1), false));
    let default_returns = (vec![], Action::Return);
    assert_eq!(decided(&[caller.clone(), default_returns]), (AclIndex(0), Some(1), false));
    let default_decides = (vec![], Action::Permit);
    assert_eq!(decided(&[caller, default_decides]), (AclIndex(1), None, true));
}

#[test]
fn what_a_goto_returns_leaves_the_list_too() {
    let caller = (vec![(Match::any(), GOTO), (Match::any(), Action::Permit)], Action::Deny);
    let returns = (vec![], Action::Return);
    assert_eq!(decided(&[caller, returns.clone()]), (AclIndex(0), None, false));
    let outer = (vec![(Match::any(), CALL), (Match::any(), Action::Deny)], Action::Permit);
    let middle = (vec![(Match::any(), Action::Goto(AclIndex(2)))], Action::Permit);
    assert_eq!(decided(&[outer, middle, returns]), (AclIndex(0), Some(1), false));
}

#[test]
fn an_outermost_list_that_returns_leaves_it_to_its_default() {
    let list = (vec![(Match::any(), Action::Return)], Action::Deny);
    assert_eq!(decided(&[list]), (AclIndex(0), None, false));
    let nothing = (vec![], Action::Return);
    assert_eq!(decided(&[nothing]), (AclIndex(99), None, true), "the filter lets it pass");
    let (calls, denies) = ((vec![], CALL), (vec![], Action::Deny));
    assert_eq!(decided(&[calls, denies]), (AclIndex(99), None, true), "a default calls nothing");
}

#[test]
fn calls_are_sixteen_deep_at_most() {
    let chain = |calls: u32| {
        let mut lists: Vec<_> = (1..=calls)
            .map(|next| (vec![(Match::any(), Action::Call(AclIndex(next)))], Action::Return))
            .collect();
        lists.push((vec![], Action::Permit));
        lists
    };
    assert_eq!(decided(&chain(16)), (AclIndex(16), None, true));
    assert_eq!(decided(&chain(17)), (AclIndex(16), Some(0), false));
    let cycle = (vec![(Match::any(), Action::Goto(AclIndex(0)))], Action::Permit);
    assert!(!decided(&[cycle]).2);
}

#[test]
fn an_unknown_interface_meets_no_condition() {
    both(|family| {
        for (point, is_denied) in
            [(Point::Prerouting, false), (Point::Forward, true), (Point::Postrouting, true)]
        {
            let mut line = Line::new(family);
            let out = Some(vec![line.outside]);
            line.site.deny(line.router, point, Match { out_interfaces: out, ..Match::any() });
            let mut oracle = Oracle::new(&line.site.network);
            let denied = [Outcome::Discarded(line.router)];
            let way = oracle.originate(line.client, line.syn(80));
            assert_eq!(outcomes(&way) == denied, is_denied, "{point:?}");
        }
        let mut line = Line::new(family);
        let anywhere = Some(vec![model::InterfaceIndex(0)]);
        let condition = Match { in_interfaces: anywhere, ..Match::any() };
        line.site.deny(line.client, Point::LocalOut, condition);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&way), [Outcome::Delivered(line.server)]);
    });
}

#[test]
fn every_field_of_a_condition_restricts() {
    both(|family| {
        let line = Line::new(family);
        let number = |address| Ranges::one(model::Family::number(address));
        let packet = line.syn(80);
        let other = line.site.at(2, 1);
        let fitting = Match {
            family: Some(family),
            ethertypes: Some(Ranges::one(family.ethertype())),
            source: Some(number(packet.source)),
            destination: Some(number(packet.destination)),
            protocol: Some(Ranges::one(6_u8)),
            source_port: Some(Ranges::one(40_000_u16)),
            destination_port: Some(Ranges::span(79_u16, 80_u16)),
            tcp_flags: Some(Ranges::one(2_u8)),
            states: Some(States::of(&[State::Untracked])),
            in_interfaces: Some(vec![line.inside]),
            out_interfaces: Some(vec![line.outside]),
        };
        let unfitting = Match {
            family: model::Family::ALL.into_iter().find(|one| *one != family),
            ethertypes: Some(Ranges::one(0x88cc_u16)),
            source: Some(number(other)),
            destination: Some(number(other)),
            protocol: Some(Ranges::one(17_u8)),
            source_port: Some(Ranges::one(1_u16)),
            destination_port: Some(Ranges::one(1_u16)),
            tcp_flags: Some(Ranges::one(0_u8)),
            states: Some(States::of(&[State::New])),
            in_interfaces: Some(vec![line.outside]),
            out_interfaces: Some(vec![]),
        };
        let denied = |condition: &Match| {
            let mut line = Line::new(family);
            line.site.deny(line.router, Point::Forward, condition.clone());
            let mut oracle = Oracle::new(&line.site.network);
            let traces = oracle.originate(line.client, line.syn(80));
            matches!(last(&traces), StepKind::Denied(..))
        };
        assert!(denied(&fitting));
        macro_rules! restricts {
            ($($field:ident),*) => {$({
                let $field = unfitting.$field.clone();
                assert!(!denied(&Match { $field, ..fitting.clone() }), stringify!($field));
            })*};
        }
        restricts!(family, ethertypes, source, destination, protocol, source_port);
        restricts!(destination_port, tcp_flags, states, in_interfaces, out_interfaces);
    });
}
