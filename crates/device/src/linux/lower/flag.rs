//! Fields that are sets of bits: the state of the connection and the TCP flags.

use std::sync::LazyLock;

use model::{Match, Ranges, State, States, flags, protocol};

use super::condition::Bounds;
use super::field::{Members, Place, Scope, Tracking};
use super::name;
use super::report::Report;
use crate::registry::linux::assumption::LOOSE;
use crate::registry::linux::config::{Op, Value};

/// The kernel's bits of [`State::ALL`].
const STATE_BITS: [(State, u8); 5] = [
    (State::New, 0x08),
    (State::Established, 0x02),
    (State::Related, 0x04),
    (State::Invalid, 0x01),
    (State::Untracked, 0x40),
];

/// The bit of [`State::Invalid`], which is the state before the look-up.
const INVALID: usize = 0x01;

/// The states whose bits fulfil a condition.
fn listed(found: &[bool]) -> States {
    let fulfils = |bits: u8| found.get(usize::from(bits)).copied().unwrap_or(false);
    let fit = STATE_BITS.iter().filter(|(_, bits)| fulfils(*bits)).map(|(state, _)| *state);
    States::of(&fit.collect::<Vec<State>>())
}

fn bits(value: &Value, named: fn(&str) -> Option<u8>) -> Option<u8> {
    match value {
        Value::Word(word) => named(word),
        Value::Number(number) => u8::try_from(*number).ok(),
        Value::List(parts) => parts.iter().try_fold(0, |all, part| Some(all | bits(part, named)?)),
        _ => None,
    }
}

/// Whether a value of the field fulfils a condition, at most and at least; `None` if the condition
/// is not understood.
fn bounds(
    (op, mask): (Op, Option<&Value>),
    members: &Members<'_>,
    named: fn(&str) -> Option<u8>,
) -> Option<[Vec<bool>; 2]> {
    let least = holds((op, mask), members, named)?;
    // A set of one element is that element for most versions of nft: one bit of it is enough.
    let most = match members.only().filter(|_| op == Op::Implicit) {
        Some(one) => {
            let wanted = bits(one, named)?;
            (0..=255).map(|value: u8| value & wanted != 0 || value == wanted).collect()
        }
        None => least.clone(),
    };
    Some([most, least])
}

/// Whether a value of the field fulfils a condition; `None` if the condition is not understood.
fn holds(
    (op, mask): (Op, Option<&Value>),
    members: &Members<'_>,
    named: fn(&str) -> Option<u8>,
) -> Option<Vec<bool>> {
    if members.is_set() {
        if mask.is_some() {
            return None;
        }
        let listed: Option<Vec<u8>> = members.values(false).map(|one| bits(one, named)).collect();
        let listed = listed?;
        return match op {
            Op::Implicit | Op::Equal => Some(test(|value| listed.contains(&value))),
            Op::NotEqual => Some(test(|value| !listed.contains(&value))),
            _ => None,
        };
    }
    let value = members.values(false).next()?;
    if let Value::Masked(wanted, mask) = value {
        let (wanted, mask) = (bits(wanted, named)?, bits(mask, named)?);
        return match op {
            Op::Implicit | Op::Equal => Some(test(|value| value & mask == wanted)),
            Op::NotEqual => Some(test(|value| value & mask != wanted)),
            _ => None,
        };
    }
    let wanted = bits(value, named)?;
    match (mask, op) {
        (Some(mask), _) => {
            let mask = bits(mask, named)?;
            match op {
                Op::Implicit | Op::Equal => Some(test(|value| value & mask == wanted)),
                Op::NotEqual => Some(test(|value| value & mask != wanted)),
                Op::Less => Some(test(|value| value & mask < wanted)),
                Op::LessOrEqual => Some(test(|value| value & mask <= wanted)),
                Op::Greater => Some(test(|value| value & mask > wanted)),
                Op::GreaterOrEqual => Some(test(|value| value & mask >= wanted)),
                Op::Without => None,
            }
        }
        (None, Op::Implicit) if wanted != 0 => Some(test(|value| value & wanted != 0)),
        (None, Op::Without) => Some(test(|value| value & wanted == 0)),
        (None, Op::Equal) => Some(test(|value| value == wanted)),
        (None, Op::NotEqual) => Some(test(|value| value != wanted)),
        _ => None,
    }
}

/// What `holds` says of each value of the field.
fn test(holds: impl Fn(u8) -> bool) -> Vec<bool> {
    (0..=255).map(holds).collect()
}

/// `tcp flags …`.
pub(super) fn tcp(
    comparison: (Op, Option<&Value>),
    members: &Members<'_>,
    is_open: bool,
) -> Bounds {
    let any = Match { protocol: Some(Ranges::one(protocol::TCP)), ..Match::any() };
    let found = if is_open { None } else { bounds(comparison, members, name::tcp_flag) };
    let Some(found) = found else { return Bounds::perhaps(vec![any]) };
    let [may, must] = found.map(|found| {
        let values = (0_u128..).zip(found).filter(|(_, holds)| *holds);
        let flags = Ranges::of(values.map(|(value, _)| (value, value)));
        let is_possible = !flags.is_empty();
        is_possible.then(|| Match { tcp_flags: Some(flags), ..any.clone() }).into_iter().collect()
    });
    Bounds::between(may, must)
}

/// `ct state …`.
pub(super) fn state(
    scope: &Scope<'_>,
    place: Place,
    comparison: (Op, Option<&Value>),
    members: &Members<'_>,
    is_open: bool,
    report: &mut Report,
) -> Bounds {
    let any = Bounds::perhaps(vec![Match::any()]);
    let found = if is_open { None } else { bounds(comparison, members, name::ct_state) };
    let Some([most, least]) = found else { return any };
    match place.tracking {
        Tracking::Unknown => return any,
        Tracking::ToCome if most[INVALID] == least[INVALID] => return Bounds::of(most[INVALID]),
        Tracking::ToCome => return any,
        Tracking::Done => {}
    }
    let mut known = of_states(scope, listed(&least), report);
    if listed(&most) != listed(&least) {
        known = Bounds::between(of_states(scope, listed(&most), report).may, known.must);
    }
    // Versions of nft differ in what `!= established,related` means: neither, or not both.
    let lists_several = members.values(false).any(|one| matches!(one, Value::List(_)));
    if comparison.0 == Op::NotEqual && comparison.1.is_none() && lists_several {
        let without = holds((Op::Without, None), members, name::ct_state).unwrap_or_default();
        let fewer = of_states(scope, listed(&without), report);
        return Bounds::between(known.may, fewer.must);
    }
    known
}

/// Flags of TCP with which a session begins, and all others.
static OPENINGS: LazyLock<Ranges> = LazyLock::new(|| flags_of(true));
static LATER: LazyLock<Ranges> = LazyLock::new(|| flags_of(false));

fn flags_of(is_opening: bool) -> Ranges {
    let is_syn = |byte: u128| {
        let bits = u8::try_from(byte).unwrap_or(0);
        bits & (flags::SYN | flags::ACK) == flags::SYN
    };
    Ranges::of((0..=255).filter(|byte| is_syn(*byte) == is_opening).map(|byte| (byte, byte)))
}

/// Packets in one of `states`, under the reading of L-A2.
fn of_states(scope: &Scope<'_>, states: States, report: &mut Report) -> Bounds {
    if states.is_empty() {
        return Bounds::never();
    }
    if states.complement().is_empty() {
        return Bounds::always();
    }
    let (has_new, has_invalid) = (states.contains(State::New), states.contains(State::Invalid));
    let plain = Match { states: Some(states), ..Match::any() };
    if has_new == has_invalid {
        return Bounds::exact(vec![plain]);
    }
    report.uses_loose();
    if scope.readings.of(&LOOSE) == "on" {
        return Bounds::exact(vec![plain]);
    }
    // Strictly, a packet that would be new although it is no SYN is invalid.
    let new = Some(States::of(&[State::New]));
    let tcp = Some(Ranges::one(protocol::TCP));
    let matches = if has_new {
        let rest = states.intersection(States::of(&[State::New]).complement());
        let other = Some(Ranges::one(protocol::TCP).complement(255));
        let mut matches = vec![
            Match { states: new, protocol: other, ..Match::any() },
            Match { states: new, protocol: tcp, tcp_flags: Some(OPENINGS.clone()), ..Match::any() },
        ];
        if !rest.is_empty() {
            matches.push(Match { states: Some(rest), ..Match::any() });
        }
        matches
    } else {
        let late =
            Match { states: new, protocol: tcp, tcp_flags: Some(LATER.clone()), ..Match::any() };
        vec![plain, late]
    };
    Bounds::exact(matches)
}
