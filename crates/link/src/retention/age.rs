//! Whether the clock may be believed. A clock that jumped makes every age wrong, and an age is
//! what allows a deletion.

use super::SECOND;

/// How far the wall clock may run away from the machine's own counter between two passes, and
/// from the clock of the folder's server.
pub(crate) const JUMP_MAX: i128 = 300 * SECOND;

/// Both clocks of the machine at one moment.
///
/// # Units
/// Nanoseconds; the wall clock since 1970-01-01 UTC, the counter since the machine started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The wall clock.
    pub wall: i128,
    /// A counter that nobody sets and that goes on while the machine sleeps.
    pub counter: i128,
    /// Which start of the machine the counter counts from.
    pub boot: String,
}

/// What the last pass knew about the clock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// The reading of that pass.
    pub reading: Reading,
    /// No age counts from before this moment: the last time the clock was not believed.
    pub floor: i128,
}

/// Why the clock is not believed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Distrust {
    /// It is before something that has already happened, by so many seconds.
    Backwards(i128),
    /// It ran away from the machine's counter, by so many seconds (negative: back).
    Jumped(i128),
    /// It differs from the clock of the folder's server, by so many seconds.
    Offset(i128),
}

impl Distrust {
    /// The word for it in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Backwards(_) => "clock-backwards",
            Self::Jumped(_) => "clock-jumped",
            Self::Offset(_) => "clock-offset",
        }
    }

    /// By how much.
    #[must_use]
    pub fn seconds(self) -> i128 {
        match self {
            Self::Backwards(by) | Self::Jumped(by) | Self::Offset(by) => by,
        }
    }
}

/// The clock, judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clock {
    /// Now.
    pub now: i128,
    /// No age counts from before this moment.
    pub floor: i128,
    /// `None` if it is believed; otherwise nothing may be deleted in this pass.
    pub distrust: Option<Distrust>,
}

/// Compares the clock with what is known: the last pass, and the latest moment that any record
/// of ours speaks of.
#[must_use]
pub fn judge(anchor: Option<&Anchor>, latest_record: Option<i128>, now: &Reading) -> Clock {
    let known = anchor.map(|anchor| anchor.reading.wall);
    let latest = known.into_iter().chain(latest_record).max();
    let floor = anchor.map_or(i128::MIN, |anchor| anchor.floor);
    let distrust = match (latest, anchor) {
        (Some(latest), _) if now.wall < latest => {
            Some(Distrust::Backwards((latest - now.wall) / SECOND))
        }
        (_, Some(anchor)) if is_same_start(&anchor.reading, now) => {
            let by = (now.wall - anchor.reading.wall) - (now.counter - anchor.reading.counter);
            (by.abs() > JUMP_MAX).then_some(Distrust::Jumped(by / SECOND))
        }
        _ => None,
    };
    // After a jump every stored moment is wrong by an unknown amount: all ages begin anew.
    let floor = if distrust.is_some() { now.wall } else { floor };
    Clock { now: now.wall, floor, distrust }
}

/// True if both counters count from the same start of the machine.
fn is_same_start(before: &Reading, now: &Reading) -> bool {
    before.boot == now.boot && before.counter <= now.counter
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i128 = 3_600 * SECOND;

    fn reading(wall: i128, counter: i128, boot: &str) -> Reading {
        Reading { wall, counter, boot: boot.to_owned() }
    }

    fn anchor(wall: i128, counter: i128) -> Anchor {
        Anchor { reading: reading(wall, counter, "a"), floor: i128::MIN }
    }

    #[test]
    fn a_clock_that_keeps_step_is_believed() {
        let now = reading(10 * HOUR + HOUR, 2 * HOUR, "a");
        let clock = judge(Some(&anchor(10 * HOUR, HOUR)), None, &now);
        assert_eq!((clock.distrust, clock.floor), (None, i128::MIN));
    }

    #[test]
    fn a_jump_of_more_than_five_minutes_is_not_believed_either_way() {
        for by in [301, -301, 86_400] {
            let now = reading(11 * HOUR + by * SECOND, 2 * HOUR, "a");
            let clock = judge(Some(&anchor(10 * HOUR, HOUR)), None, &now);
            assert_eq!((clock.distrust, clock.floor), (Some(Distrust::Jumped(by)), now.wall));
        }
        let now = reading(11 * HOUR + 299 * SECOND, 2 * HOUR, "a");
        assert_eq!(judge(Some(&anchor(10 * HOUR, HOUR)), None, &now).distrust, None);
    }

    #[test]
    fn a_clock_before_a_record_is_not_believed_after_a_restart_either() {
        let now = reading(9 * HOUR, 0, "b");
        let clock = judge(Some(&anchor(10 * HOUR, HOUR)), None, &now);
        assert_eq!(clock.distrust, Some(Distrust::Backwards(3_600)));
        let clock = judge(None, Some(10 * HOUR), &now);
        assert_eq!(clock.distrust, Some(Distrust::Backwards(3_600)));
    }

    #[test]
    fn after_a_restart_the_counter_says_nothing() {
        let now = reading(40 * HOUR, 0, "b");
        assert_eq!(judge(Some(&anchor(10 * HOUR, HOUR)), None, &now).distrust, None);
    }
}
