//! A second of the calendar in UTC.

use model::Date;

/// A moment, to the second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    /// Seconds since 1970-01-01 UTC.
    seconds: i64,
}

const SECONDS_OF_DAY: i64 = 86_400;

/// How far the clocks of Japan are ahead of UTC.
const JAPAN_AHEAD_SECONDS: i64 = 9 * 3_600;

impl Moment {
    /// Reads `2026-11-27T01:00:01Z`; `None` for any other form, and for what no calendar has.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let date = Date::read(date)?;
        let mut seconds = 0;
        let mut parts = time.split(':');
        for most in [24, 60, 60] {
            let part = parts.next()?;
            let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            let number: i64 = part.parse().ok().filter(|number| is_plain && *number < most)?;
            seconds = seconds * 60 + number;
        }
        let seconds = date.number() * SECONDS_OF_DAY + seconds;
        parts.next().is_none().then_some(Self { seconds })
    }

    /// When `day` begins in UTC.
    #[must_use]
    pub fn of_day(day: Date) -> Self {
        Self { seconds: day.number() * SECONDS_OF_DAY }
    }

    /// Seconds from `self` to `other`; 0 if `other` is earlier.
    #[must_use]
    pub fn seconds_until(self, other: Self) -> u64 {
        u64::try_from(other.seconds - self.seconds).unwrap_or(0)
    }

    /// The day in Japan.
    ///
    /// # Panics
    /// Never: a moment is read from a day of the calendar, which ends in the year 9999.
    #[must_use]
    pub fn day_in_japan(self) -> Date {
        let day = (self.seconds + JAPAN_AHEAD_SECONDS).div_euclid(SECONDS_OF_DAY);
        Date::of_number(day).expect("four digits of a year and one day fit")
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn times_are_days_in_japan() {
        let at = |text: &str| Moment::read(text).map(|moment| moment.day_in_japan().to_string());
        assert_eq!(at("2026-12-31T14:59:59Z").as_deref(), Some("2026-12-31"));
        assert_eq!(at("2026-12-31T15:00:00Z").as_deref(), Some("2027-01-01"));
        for text in [
            "2026-12-31",
            "2026-12-31T24:00:00Z",
            "2026-12-31T23:60:00Z",
            "2026-12-31T23:00:60Z",
            "2026-12-31T1:00:00Z",
            "2026-12-31T+1:00:00Z",
            "2026-12-31T10:00:00:00Z",
            "2026-12-31T10:00:00+09:00",
            "2026-02-29T10:00:00Z",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_are_counted_across_days() {
        let at = |text: &str| Moment::read(text).expect("a moment");
        let (early, late) = (at("2028-02-28T23:59:59Z"), at("2028-03-01T00:00:00Z"));
        assert_eq!(early.seconds_until(late), 86_401);
        assert_eq!(late.seconds_until(early), 0);
    }
}
