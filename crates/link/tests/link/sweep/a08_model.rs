//! A8: nothing is deleted without an acknowledgement of exactly its content by everybody who
//! has to, or a rule that speaks of age alone. The decision is compared with a model that knows
//! the whole history of each file, on random histories.

use link::folder::Kind;
use link::name::Foreign;
use link::retention::{Acknowledgement, Class, Clock, Decision, Facts, Policy, Reason, decide};

use super::{DAY, MINUTE, SECOND};
use crate::budget::Rounds;

/// A decision, for the real one and for those that are wrong on purpose.
type Decide = fn(&Policy, &Clock, &Facts) -> Decision;

/// Random numbers from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn is(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}

/// Everything that ever happened to one name. The sweeper sees only a part of it.
struct History {
    class: Class,
    kind: Kind,
    links: u64,
    /// Number of the present content.
    content: u64,
    written: i128,
    touched: i128,
    first_seen: Option<i128>,
    /// Who acknowledged which content when.
    acknowledged: Vec<(String, u64, i128)>,
    has_request: bool,
    /// Whether it was moved into quarantine, where its request does not matter any more.
    is_quarantined: bool,
    /// The last time the clock was not believed.
    doubted: i128,
}

const CONSUMERS: [&str; 3] = ["a", "b", "c"];

fn policy(dice: &mut Dice) -> Policy {
    let mut some = |most: u64| dice.below(most);
    let warn = 60 + some(7_200);
    let (acknowledged, error) = (some(3_600), some(8 * 86_400));
    let (report, temporary) = (3_600 + some(8 * 86_400), 3_600 + some(7_200));
    let unread_alert = warn + some(86_400);
    let unread_delete = (some(2) == 0).then_some(warn + 3_600 + some(4 * 86_400));
    let consumers = CONSUMERS.iter().take(usize::try_from(some(4)).expect("small"));
    Policy {
        acknowledged,
        error,
        report,
        temporary,
        unread_warn: warn,
        unread_alert,
        unread_delete,
        request_alert: 60 + some(3_600),
        consumers: consumers.map(|name| (*name).to_owned()).collect(),
    }
}

fn history(dice: &mut Dice, end: &mut i128) -> History {
    let class = match dice.below(10) {
        0..3 => Class::Result,
        3..5 => Class::Face,
        5 => Class::Error,
        6 => Class::Report,
        7 => Class::Temporary,
        8 => Class::Request,
        _ if dice.is(2) => Class::Misplaced,
        _ if dice.is(2) => Class::Foreign(Foreign::LikeAnswer),
        _ => Class::Foreign(Foreign::NoApiId),
    };
    let kind = if dice.is(20) { Kind::Link } else { Kind::File };
    let mut now = 1_000 * DAY;
    let mut one = History {
        class,
        kind,
        links: 1,
        content: 0,
        written: now,
        touched: now,
        first_seen: None,
        acknowledged: Vec::new(),
        has_request: dice.is(3),
        is_quarantined: dice.is(6),
        doubted: i128::MIN,
    };
    for _ in 0..dice.below(16) {
        now += match dice.below(3) {
            0 => i128::from(dice.below(60)) * SECOND,
            1 => i128::from(dice.below(120)) * MINUTE,
            _ => i128::from(dice.below(96)) * 60 * MINUTE,
        };
        match dice.below(9) {
            0 => {
                one.content += 1;
                (one.written, one.touched) = (now, now);
                one.first_seen = one.first_seen.map(|_| now);
            }
            1 => one.touched = now,
            2 => one.first_seen = one.first_seen.or(Some(now)),
            3 => one.has_request = !one.has_request,
            4 => one.links = 1 + dice.below(2),
            5 => one.doubted = now,
            // Of this content, of the one before, or of one that never was.
            _ => {
                let consumer = CONSUMERS[usize::try_from(dice.below(3)).expect("small")];
                let content = (one.content + dice.below(3)).saturating_sub(1);
                one.acknowledged.push((consumer.to_owned(), content, now));
            }
        }
    }
    *end = now + i128::from(dice.below(10 * 86_400)) * SECOND;
    one
}

/// What the sweeper is told: acknowledgements of the present content, times, names.
fn facts(one: &History) -> Facts {
    let of_this = one.acknowledged.iter().filter(|known| known.1 == one.content);
    Facts {
        class: one.class,
        kind: one.kind,
        links: one.links,
        modified: one.written,
        changed: one.touched,
        first_seen: one.first_seen,
        acknowledgements: of_this
            .map(|(consumer, _, at)| Acknowledgement { consumer: consumer.clone(), at: *at })
            .collect(),
        has_request: one.has_request,
        is_quarantined: one.is_quarantined,
    }
}

/// Whether the file may go at all, by the whole history and in the words of the promise. It
/// shares nothing with the decision but the policy.
fn may_go(policy: &Policy, one: &History, now: i128) -> bool {
    let older_than = |moment: i128, limit: u64| now - moment >= i128::from(limit) * SECOND;
    let is_at_rest = |limit: u64| {
        older_than(one.written, limit)
            && older_than(one.touched, limit)
            && one.first_seen.is_none_or(|seen| older_than(seen, limit))
            && (one.doubted == i128::MIN || older_than(one.doubted, limit))
    };
    let has_it = |consumer: Option<&str>, limit: u64| {
        one.acknowledged.iter().any(|(who, content, at)| {
            consumer.is_none_or(|name| name == who)
                && *content == one.content
                && older_than(*at, limit)
        })
    };
    if one.kind != Kind::File || one.links != 1 {
        return false;
    }
    let by_age = policy.unread_delete.is_some_and(is_at_rest) && !one.has_request;
    match one.class {
        Class::Foreign(_) | Class::Misplaced | Class::Request => false,
        Class::Report => is_at_rest(policy.report),
        Class::Temporary => is_at_rest(policy.temporary),
        Class::Error => by_age || has_it(None, policy.error) && is_at_rest(policy.error),
        Class::Face if !policy.consumers.is_empty() => {
            let limit = policy.acknowledged;
            by_age
                || policy.consumers.iter().all(|name| has_it(Some(name), limit))
                    && is_at_rest(limit)
        }
        Class::Result | Class::Face => {
            let limit = policy.acknowledged;
            by_age || has_it(None, limit) && is_at_rest(limit)
        }
    }
}

/// Whether the file may be moved into quarantine: a result at rest for long that not everybody
/// has, in its folder, with one name and without a request on its way.
fn may_move(policy: &Policy, one: &History, now: i128) -> bool {
    let is_result = matches!(one.class, Class::Result | Class::Face | Class::Error);
    let newest = one.written.max(one.touched).max(one.first_seen.unwrap_or(i128::MIN));
    let is_at_rest = now - newest.max(one.doubted) >= i128::from(policy.unread_alert) * SECOND;
    let has_it = |consumer: Option<&str>| {
        let is_of_this = |known: &&(String, u64, i128)| known.1 == one.content;
        let mut of_this = one.acknowledged.iter().filter(is_of_this);
        of_this.any(|known| consumer.is_none_or(|name| name == known.0))
    };
    let is_finished = if one.class == Class::Face && !policy.consumers.is_empty() {
        policy.consumers.iter().all(|name| has_it(Some(name)))
    } else {
        has_it(None)
    };
    let is_movable = one.kind == Kind::File && one.links == 1 && !one.is_quarantined;
    is_result && is_movable && is_at_rest && !is_finished && !one.has_request
}

/// Runs so many histories; the first one after which something was deleted that may not go, or
/// moved that may not be moved. Also counts how many were deleted, and moved, at all.
fn counter_example(
    seed: u64,
    histories: impl Iterator<Item = u64>,
    decide: Decide,
) -> (Option<String>, [u64; 2]) {
    let mut dice = Dice(seed);
    let [mut deleted, mut moved] = [0; 2];
    for number in histories {
        let policy = policy(&mut dice);
        let mut now = 0;
        let one = history(&mut dice, &mut now);
        let clock = Clock { now, floor: one.doubted, distrust: None };
        let facts = facts(&one);
        let decision = decide(&policy, &clock, &facts);
        if matches!(decision.reason, Reason::Due(_)) {
            deleted += 1;
            if !may_go(&policy, &one, now) {
                let found = format!("history {number}: {decision:?} for {facts:?} by {policy:?}");
                return (Some(found), [deleted, moved]);
            }
        }
        if decision.reason == Reason::Quarantine {
            moved += 1;
            if !may_move(&policy, &one, now) {
                let found = format!("history {number}: {decision:?} for {facts:?} by {policy:?}");
                return (Some(found), [deleted, moved]);
            }
        }
    }
    (None, [deleted, moved])
}

/// Cleaners as they are found in the field, and smaller mistakes.
const WRONG: [(&str, Decide); 9] = [
    ("age only", |policy, clock, facts| {
        let mut decision = decide(policy, clock, facts);
        let is_ours = matches!(facts.class, Class::Result | Class::Face | Class::Error);
        if is_ours && clock.now - facts.modified >= i128::from(policy.acknowledged) * SECOND {
            decision.reason = Reason::Due(link::retention::Rule::Acknowledged);
        }
        decision
    }),
    ("one consumer is enough", |policy, clock, facts| {
        decide(&Policy { consumers: Vec::new(), ..policy.clone() }, clock, facts)
    }),
    ("last write only", |policy, clock, facts| {
        let modified = facts.modified;
        let facts = Facts { changed: modified, first_seen: None, ..facts.clone() };
        decide(policy, clock, &facts)
    }),
    ("any clock", |policy, clock, facts| {
        decide(policy, &Clock { floor: i128::MIN, ..clock.clone() }, facts)
    }),
    ("links do not matter", |policy, clock, facts| {
        decide(policy, clock, &Facts { links: 1, kind: Kind::File, ..facts.clone() })
    }),
    ("a waiting request does not matter", |policy, clock, facts| {
        decide(policy, clock, &Facts { has_request: false, ..facts.clone() })
    }),
    ("quarantine as soon as it is warned about", |policy, clock, facts| {
        decide(&Policy { unread_alert: policy.unread_warn, ..policy.clone() }, clock, facts)
    }),
    ("quarantine whatever is old", |policy, clock, facts| {
        let mut decision = decide(policy, clock, facts);
        if matches!(decision.reason, Reason::Young(_) | Reason::UnreadTooLong) {
            decision.reason = Reason::Quarantine;
        }
        decision
    }),
    ("the first acknowledgement starts the clock", |policy, clock, facts| {
        let mut facts = facts.clone();
        facts.acknowledgements.iter_mut().for_each(|one| one.at = facts.modified);
        decide(policy, clock, &facts)
    }),
];

#[test]
fn a08_nothing_is_deleted_without_an_acknowledgement_or_a_rule() {
    let mut rounds = Rounds::new(1_000_000, 20_000_000);
    let (found, [deleted, moved]) = counter_example(8, rounds.by_ref(), decide);
    assert_eq!(found, None);
    let (said, histories) = (rounds.said(), rounds.done());
    // A sweeper that deletes nothing would pass the comparison.
    assert!(deleted > histories / 20, "{deleted} of {histories}");
    assert!(moved > histories / 100, "{moved} of {histories}");
    println!(
        "soak: A8: {said} histories, {deleted} deletions, {moved} moves into quarantine, no \
         counter-example"
    );
}

#[test]
fn a08_a_cleaner_by_age_only_is_caught() {
    for (name, wrong) in WRONG {
        let (found, _) = counter_example(8, 0..200_000, wrong);
        assert!(found.is_some(), "{name} was not caught");
    }
}
