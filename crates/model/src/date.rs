//! Days of the calendar, and arithmetic with them.

use std::fmt;

use diag::{Lang, Localize};

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

/// Days of 400 years.
const ERA: i64 = 146_097;

impl Date {
    /// The day `year-month-day`; `None` when the calendar has no such day.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if day >= 1 && day <= days_in(year, month) { Some(Self { year, month, day }) } else { None }
    }

    /// Reads `2027-03-31`; `None` for any other form, and for a day that does not exist.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_plain = year.len() == 4 && month.len() == 2 && day.len() == 2;
        let is_whole = parts.next().is_none() && [year, month, day].into_iter().all(is_number);
        (is_plain && is_whole)
            .then(|| Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))?
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(&self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(&self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01; negative before.
    ///
    /// Years are counted from March, so that the leap day is the last of its year, in eras of
    /// 400 years, which are all alike.
    #[must_use]
    pub fn number(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month_from_march = (month + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * ERA + day_of_era - EPOCH
    }

    /// The day that is `number` days after 1970-01-01; `None` outside the years 0 to 65535.
    #[must_use]
    pub fn of_number(number: i64) -> Option<Self> {
        let days = number.checked_add(EPOCH)?;
        let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Days from `self` to `other`; negative if `other` is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        other.number() - self.number()
    }

    /// The day that is `days` later, or earlier where it is negative; `None` beyond the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::of_number(self.number().checked_add(days)?)
    }

    /// The same day of the month `months` later, or the last day of that month if it is shorter;
    /// `None` beyond the calendar.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Option<Self> {
        let all = u32::from(self.year) * 12 + u32::from(self.month) - 1;
        let all = all.checked_add(months)?;
        let year = u16::try_from(all / 12).ok()?;
        let month = u8::try_from(all % 12 + 1).ok()?;
        Self::new(year, month, self.day.min(days_in(year, month)))
    }
}

/// Days of the month; 0 for a month that does not exist.
const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Localize for Date {
    fn localize(&self, _: Lang) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    fn date(text: &str) -> Date {
        Date::read(text).expect("the test names a day")
    }

    /// Every day of 500 years follows the one before by the calendar's own rule.
    #[test]
    fn numbers_and_days_are_the_same() {
        let (mut year, mut month, mut day) = (1801, 1, 1);
        let mut number = date("1801-01-01").number();
        while year < 2301 {
            let today = Date::new(year, month, day).expect("it was stepped to");
            assert_eq!(today.number(), number);
            assert_eq!(Date::of_number(number), Some(today));
            number += 1;
            (year, month, day) = match Date::new(year, month, day + 1) {
                Some(next) => (year, month, next.day()),
                None if month == 12 => (year + 1, 1, 1),
                None => (year, month + 1, 1),
            };
        }
        assert_eq!(date("1970-01-01").number(), 0);
        assert_eq!(date("2026-11-23").number(), 20_780);
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(date("2026-11-30").plus_months(3), Some(date("2027-02-28")));
        assert_eq!(date("2024-11-30").plus_months(39), Some(date("2028-02-29")));
        assert_eq!(date("2026-01-31").plus_months(39), Some(date("2029-04-30")));
        assert_eq!(date("2026-12-15").plus_months(1), Some(date("2027-01-15")));
        assert_eq!(date("2026-12-15").plus_months(u32::MAX), None);
    }

    #[test]
    fn days_are_counted_both_ways() {
        assert_eq!(date("2026-12-01").days_until(date("2027-03-01")), 90);
        assert_eq!(date("2027-03-01").days_until(date("2026-12-01")), -90);
        assert_eq!(date("2028-03-01").plus_days(-1), Some(date("2028-02-29")));
        assert_eq!(date("2026-01-01").plus_days(i64::MAX), None);
    }

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for text in ["2026-02-29", "2026-13-01", "2026-1-1", "2026/01/01", "", "2026-01-01-01"] {
            assert_eq!(Date::read(text), None, "{text}");
        }
        for text in ["+026-01-01", "2026-01-+1", "２026-01-01"] {
            assert_eq!(Date::read(text), None, "{text}");
        }
        assert_eq!(date("2028-02-29").to_string(), "2028-02-29");
    }
}
