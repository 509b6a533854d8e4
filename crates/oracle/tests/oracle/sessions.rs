//! Session tables of both kinds.

use model::{
    Action, Family, Match, Outcome, Packet, Point, Ranges, Related, RelatedDirection, StageKind,
    State, States, StepKind, Tracker, TrackerIndex, TrackerKind, Trigger, flags, protocol,
};
use oracle::Oracle;

use crate::builder::{Line, both, entry, origin, outcomes, to_port};

const TABLE: TrackerIndex = TrackerIndex(0);

fn states(states: &[State]) -> Match {
    Match { states: Some(States::of(states)), ..Match::any() }
}

/// A router that tracks everything, opens by `triggers`, and forwards to and from its inside
/// what the given conditions describe.
fn tracking(family: Family, kind: TrackerKind, triggers: Vec<Trigger>, passes: &[Match]) -> Line {
    let mut line = Line::new(family);
    let router = line.router;
    line.site.edit(router).trackers.push(Tracker { name: "t".into(), kind, origin: origin() });
    line.site.stages(router, Point::Prerouting, vec![StageKind::Track(TABLE)]);
    let entries = passes.iter().map(|pass| entry(pass.clone(), Action::Permit)).collect();
    let acl = line.site.acl(router, entries, Action::Deny);
    let stages = vec![StageKind::Filter(acl), StageKind::Open(TABLE, triggers)];
    line.site.stages(router, Point::Forward, stages);
    line
}

fn state_of(traces: &[model::Trace]) -> State {
    assert_eq!(traces.len(), 1);
    let told = |step: &model::Step| match step.kind {
        StepKind::Tracked(TABLE, state) => Some(state),
        _ => None,
    };
    traces[0].steps.iter().find_map(told).unwrap()
}

#[test]
fn an_automatic_table_lets_answers_back() {
    both(|family| {
        let from_inside =
            Match { in_interfaces: Some(vec![model::InterfaceIndex(0)]), ..states(&[State::New]) };
        let passes = [states(&[State::Established]), from_inside];
        let line = tracking(family, TrackerKind::Automatic, vec![], &passes);
        let mut oracle = Oracle::new(&line.site.network);
        let stranger = line.site.syn((1, 10), (0, 10), 80);
        let way = oracle.originate(line.server, stranger);
        assert_eq!(outcomes(&way), [Outcome::Discarded(line.router)]);

        let way = oracle.originate(line.client, line.syn(80));
        assert_eq!(state_of(&way), State::New);
        let again = oracle.originate(line.client, line.syn(80));
        assert_eq!(state_of(&again), State::New, "nobody has answered");
        let answer = oracle.answer(&way[0]);
        assert_eq!(outcomes(&answer), [Outcome::Delivered(line.client)]);
        assert_eq!(state_of(&answer), State::Established);
        let again = oracle.originate(line.client, line.syn(80));
        assert_eq!(state_of(&again), State::Established);
    });
}

#[test]
fn an_automatic_table_remembers_only_what_left_the_node() {
    both(|family| {
        let passes = [states(&[State::Established])];
        let line = tracking(family, TrackerKind::Automatic, vec![], &passes);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&way), [Outcome::Discarded(line.router)]);
        let answer = oracle.originate(line.server, line.syn(80).reply());
        assert_eq!(outcomes(&answer), [Outcome::Discarded(line.router)]);
    });
}

#[test]
fn an_invalid_packet_begins_no_session() {
    both(|family| {
        let line = tracking(family, TrackerKind::Automatic, vec![], &[Match::any()]);
        let mut oracle = Oracle::new(&line.site.network);
        let reset = Packet { tcp_flags: flags::RST, ..line.syn(80) };
        let way = oracle.originate(line.client, reset);
        assert_eq!(state_of(&way), State::Invalid);
        let answer = oracle.answer(&way[0]);
        assert_eq!(state_of(&answer), State::New, "an ACK without a session");
    });
}

#[test]
fn an_echo_reply_answers_an_echo_request() {
    both(|family| {
        let line = tracking(family, TrackerKind::Automatic, vec![], &[Match::any()]);
        let mut oracle = Oracle::new(&line.site.network);
        let (protocol, kind) = match family {
            Family::V4 => (protocol::ICMP, model::icmp::ECHO_REQUEST),
            Family::V6 => (protocol::ICMPV6, model::icmp::ECHO_REQUEST_V6),
        };
        let echo = Packet {
            protocol,
            source_port: u16::from(kind),
            destination_port: 0,
            tcp_flags: 0,
            ..line.syn(80)
        };
        let way = oracle.originate(line.client, echo);
        assert_eq!(state_of(&way), State::New);
        let mut fresh = Oracle::new(&line.site.network);
        assert_eq!(state_of(&fresh.originate(line.server, echo.reply())), State::Invalid);
        assert_eq!(state_of(&oracle.answer(&way[0])), State::Established);
    });
}

#[test]
fn a_triggered_table_knows_only_what_a_trigger_opened() {
    both(|family| {
        let trigger = |port, admits_replies| Trigger {
            matches: vec![to_port(port)],
            admits_replies,
            related: vec![],
            origin: origin(),
        };
        let triggers = vec![trigger(80, true), trigger(81, false)];
        let line = tracking(family, TrackerKind::Triggered, triggers, &[Match::any()]);
        let mut oracle = Oracle::new(&line.site.network);
        for (port, first_again, other) in [
            (80, State::Established, State::Established),
            (81, State::Established, State::New),
            (82, State::New, State::New),
        ] {
            let way = oracle.originate(line.client, line.syn(port));
            assert_eq!(state_of(&way), State::New);
            let opened = StepKind::Opened(TABLE, usize::from(port) - 80);
            let is_opened = way[0].steps.iter().any(|step| step.kind == opened);
            assert_eq!(is_opened, port != 82, "{port}");
            assert_eq!(state_of(&oracle.answer(&way[0])), other, "{port}");
            let again = oracle.originate(line.client, line.syn(port));
            assert_eq!(state_of(&again), first_again, "{port}");
            let is_opened = again[0].steps.iter().any(|step| step.kind == opened);
            assert!(!is_opened, "only a new packet opens: {port}");
        }
    });
}

#[test]
fn a_session_announces_related_ones_between_its_ends() {
    both(|family| {
        let related = |direction, port| Related {
            direction,
            matches: vec![Match { destination_port: Some(Ranges::one(port)), ..Match::any() }],
            is_negotiated: false,
            origin: origin(),
        };
        let trigger = Trigger {
            matches: vec![to_port(21)],
            admits_replies: true,
            related: vec![
                related(RelatedDirection::Reverse, 2000_u16),
                related(RelatedDirection::Same, 3000_u16),
            ],
            origin: origin(),
        };
        let line = tracking(family, TrackerKind::Triggered, vec![trigger], &[Match::any()]);
        let reverse = line.site.syn((1, 10), (0, 10), 2000);
        let same = line.site.syn((0, 10), (1, 10), 3000);
        let wrong_way = line.site.syn((0, 10), (1, 10), 2000);
        let other_end = line.site.syn((1, 11), (0, 10), 2000);
        let mut oracle = Oracle::new(&line.site.network);
        assert_eq!(state_of(&oracle.originate(line.server, reverse)), State::New);
        oracle.originate(line.client, line.syn(21));
        assert_eq!(state_of(&oracle.originate(line.server, reverse)), State::Related);
        assert_eq!(state_of(&oracle.originate(line.client, same)), State::Related);
        assert_eq!(state_of(&oracle.originate(line.client, wrong_way)), State::New);
        assert_eq!(state_of(&oracle.originate(line.server, other_end)), State::New);
    });
}

#[test]
fn before_the_first_look_up_the_state_is_untracked() {
    both(|family| {
        let mut line = tracking(family, TrackerKind::Automatic, vec![], &[Match::any()]);
        let untracked = states(&[State::Untracked]);
        line.site.deny(line.router, Point::Ingress(line.inside), untracked);
        let mut oracle = Oracle::new(&line.site.network);
        let way = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&way), [Outcome::Discarded(line.router)]);
    });
}

#[test]
fn a_packet_is_in_no_session_that_it_began_itself() {
    both(|family| {
        let all = Trigger {
            matches: vec![Match::any()],
            admits_replies: true,
            related: Vec::new(),
            origin: origin(),
        };
        let mut line = Line::new(family);
        let router = line.router;
        let tracker = Tracker { name: "t".into(), kind: TrackerKind::Triggered, origin: origin() };
        line.site.edit(router).trackers.push(tracker);
        let opens = vec![StageKind::Track(TABLE), StageKind::Open(TABLE, vec![all])];
        line.site.stages(router, Point::Prerouting, opens);
        let known = entry(states(&[State::Established]), Action::Permit);
        let acl = line.site.acl(router, vec![known], Action::Deny);
        let asks = vec![StageKind::Track(TABLE), StageKind::Filter(acl)];
        line.site.stages(router, Point::Forward, asks);
        let mut oracle = Oracle::new(&line.site.network);
        let first = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&first), [Outcome::Discarded(router)]);
        let second = oracle.originate(line.client, line.syn(80));
        assert_eq!(outcomes(&second), [Outcome::Delivered(line.server)]);
    });
}
