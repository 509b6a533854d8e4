//! Moments as people and other programs read them: UTC, by the proleptic Gregorian calendar.

use std::time::{SystemTime, UNIX_EPOCH};

/// Nanoseconds of a second.
const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400;

/// The wall clock.
///
/// # Units
/// Nanoseconds since 1970-01-01 UTC.
#[must_use]
pub fn now() -> i128 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    }
}

/// `YYYY-MM-DDThh:mm:ssZ`.
#[must_use]
pub fn written(moment: i128) -> String {
    let seconds = moment.div_euclid(SECOND);
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The year.
#[must_use]
pub fn year(moment: i128) -> i128 {
    civil(moment.div_euclid(SECOND * DAY)).0
}

/// Reads what [`written`] writes.
#[must_use]
pub fn read(text: &str) -> Option<i128> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let is_time = hour < 24 && minute < 60 && second < 60;
    is_time.then_some(())?;
    Some(read_date(date)? + ((hour * 60 + minute) * 60 + second) * SECOND)
}

/// Reads `YYYY-MM-DD`; the moment at which that day begins.
#[must_use]
pub fn read_date(text: &str) -> Option<i128> {
    let is_long = text.split('-').map(str::len).eq([4, 2, 2]);
    let [year, month, day] = numbers(text, '-').filter(|_| is_long)?;
    let days = days(year, month, day);
    (civil(days) == (year, month, day)).then_some(days * DAY * SECOND)
}

/// Reads a day as messages write it, `yyyyMMdd`; the moment at which it begins.
#[must_use]
pub fn read_day(text: &str) -> Option<i128> {
    let is_plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| read_date(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])))?
}

/// The day of a moment as messages write it.
#[must_use]
pub fn day(moment: i128) -> String {
    written(moment).split('T').next().unwrap_or_default().replace('-', "")
}

fn numbers(text: &str, between: char) -> Option<[i128; 3]> {
    let mut numbers = [0; 3];
    let mut parts = text.split(between);
    for number in &mut numbers {
        let part = parts.next()?;
        let is_plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_plain)?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Year, month and day of the day `days` after 1970-01-01: whole 400-year eras, then years
/// that begin in March, so that the leap day is the last of its year.
fn civil(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year + i128::from(month <= 2), month, day)
}

/// The inverse of [`civil`].
fn days(year: i128, month: i128, day: i128) -> i128 {
    let year = year - i128::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(written(seconds * SECOND), text);
            assert_eq!(read(text), Some(seconds * SECOND));
        }
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in ["2026-02-29", "2026-13-01", "2026-1-1", "2026-01-01x", "", "+026-01-01"] {
            assert_eq!(read_date(text), None, "{text}");
        }
        assert_eq!(year(read_date("2026-01-01").expect("a date")), 2026);
        for text in ["20260229", "2026011", "202601011", "2026-1-1", "２０２６", ""] {
            assert_eq!(read_day(text), None, "{text}");
        }
        assert_eq!(day(read_day("20991231").expect("a day") + DAY * SECOND), "21000101");
    }
}
