//! Last days in order, and how near they are.

use diag::{Span, Text};
use model::Date;

/// What a last day is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Matter {
    /// A client certificate.
    Certificate,
    /// The support of an operating system.
    System,
    /// The support of a router.
    Firmware,
    /// A waiver of the site file.
    Waiver,
    /// The assessment of a service.
    Assessment,
    /// A test that has to be done again.
    Test,
    /// Evidence that grows old.
    Evidence,
}

impl Matter {
    /// The word for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::System => "system",
            Self::Firmware => "firmware",
            Self::Waiver => "waiver",
            Self::Assessment => "assessment",
            Self::Test => "test",
            Self::Evidence => "evidence",
        }
    }

    /// Days before the end at which to warn, where no fact tells others.
    #[must_use]
    pub fn warn_days(self) -> &'static [u32] {
        match self {
            Self::Certificate => &[90, 60, 30, 15, 7],
            // Another system takes a budget and a test of every program.
            Self::System | Self::Firmware => &[365, 180, 90, 30],
            // Another provider takes a contract.
            Self::Assessment => &[180, 90, 30],
            Self::Waiver => &[30, 7],
            Self::Test => &[],
            Self::Evidence => &[7],
        }
    }
}

/// How long a look-up on a list tells, where the list states no last day.
///
/// # Units
/// Days: such a list is published anew each year and more often.
pub const LOOKED_UP_DAYS: i64 = 366;

/// Something with a last day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadline {
    /// What it is about.
    pub matter: Matter,
    /// The machine, router or rule.
    pub subject: String,
    /// What it is.
    pub what: Text,
    /// Last day.
    pub ends: Date,
    /// Days from the day of the question to the last day; negative when it is over.
    pub days: i64,
    /// How near it is.
    pub standing: Standing,
    /// What to do.
    pub advice: Text,
    /// Where the last day comes from, beside the site file.
    pub source: Option<String>,
    /// Where it stands in the site file.
    pub span: Option<Span>,
}

/// How near a last day is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Standing {
    /// The last day was before.
    Over,
    /// The last day is in at most so many days: the nearest of the days at which to warn.
    Within(u32),
    /// There is time.
    Later,
}

/// How near `ends` is on the day `on`, with warnings at `warn_days` before.
#[must_use]
pub fn standing(ends: Date, on: Date, warn_days: &[u32]) -> Standing {
    let days = on.days_until(ends);
    if days < 0 {
        return Standing::Over;
    }
    let reached = warn_days.iter().filter(|step| days <= i64::from(**step));
    reached.min().map_or(Standing::Later, |step| Standing::Within(*step))
}

/// Puts the nearest first; what ends on the same day stays in its order.
pub fn sort(deadlines: &mut [Deadline]) {
    deadlines.sort_by_key(|one| one.ends);
}

#[cfg(test)]
mod tests {
    use super::{Matter, Standing, standing};
    use model::Date;

    #[test]
    fn warnings_come_at_their_days() {
        let ends = Date::read("2027-03-01").expect("a day");
        let at = |days: i64| {
            let on = ends.plus_days(-days).expect("a day");
            standing(ends, on, Matter::Certificate.warn_days())
        };
        assert_eq!(at(91), Standing::Later);
        assert_eq!(at(90), Standing::Within(90));
        assert_eq!(at(61), Standing::Within(90));
        assert_eq!(at(60), Standing::Within(60));
        assert_eq!(at(16), Standing::Within(30));
        assert_eq!(at(15), Standing::Within(15));
        assert_eq!(at(7), Standing::Within(7));
        // The last day itself is still good.
        assert_eq!(at(0), Standing::Within(7));
        assert_eq!(at(-1), Standing::Over);
    }
}
