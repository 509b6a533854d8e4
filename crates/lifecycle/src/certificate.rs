//! Certificates: whether their days can be right.

use model::Date;
use pack::CertificateKind;

/// Why the days of a certificate cannot be right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Flaw {
    /// It is written to end later than one of its kind that begins on its first day can; the last
    /// day on which that one could end.
    TooLong(Date),
    /// It is written to end later than one that begins today can; the last day as above.
    TooFar(Date),
}

/// Days by which the last day may be later than the first one and the months tell: the month in
/// which a certificate ends may be counted to its end.
const SLACK_DAYS: i64 = 31;

/// What is wrong with a certificate of `kind` that is written to hold from `issued` to `expires`,
/// seen on the day `on`. A day that was mistyped into a later year is found so.
#[must_use]
pub fn flaw(
    kind: &CertificateKind,
    issued: Option<Date>,
    expires: Date,
    on: Option<Date>,
) -> Option<Flaw> {
    let latest = |from: Date| from.plus_months(kind.months)?.plus_days(SLACK_DAYS);
    if let Some(latest) = issued.and_then(latest) {
        return (expires > latest).then_some(Flaw::TooLong(latest));
    }
    let latest = on.and_then(latest)?;
    (expires > latest).then_some(Flaw::TooFar(latest))
}

#[cfg(test)]
mod tests {
    use super::{Flaw, flaw};
    use model::Date;
    use pack::{CertificateKind, Confidence, Provenance};

    fn date(text: &str) -> Date {
        Date::read(text).expect("the test names a day")
    }

    fn kind() -> CertificateKind {
        let provenance = Provenance {
            source: String::new(),
            read: date("2026-11-20"),
            confidence: Confidence::High,
            is_public: true,
        };
        CertificateKind { months: 39, renewable_days: 90, warn_days: vec![90, 7], provenance }
    }

    #[test]
    fn three_years_and_three_months_are_right() {
        let on = Some(date("2026-12-01"));
        for expires in ["2030-02-01", "2030-02-02", "2030-03-01", "2029-01-01"] {
            assert_eq!(flaw(&kind(), Some(date("2026-11-02")), date(expires), on), None);
        }
        assert_eq!(flaw(&kind(), None, date("2030-03-31"), on), None);
        assert_eq!(flaw(&kind(), None, date("2020-03-31"), on), None);
    }

    #[test]
    fn a_year_too_late_is_found() {
        let on = Some(date("2026-12-01"));
        let found = flaw(&kind(), Some(date("2026-11-02")), date("2031-02-01"), on);
        assert_eq!(found, Some(Flaw::TooLong(date("2030-03-05"))));
        let found = flaw(&kind(), None, date("2072-03-31"), on);
        assert_eq!(found, Some(Flaw::TooFar(date("2030-04-01"))));
        // Without a day and a first day nothing can be said.
        assert_eq!(flaw(&kind(), None, date("2072-03-31"), None), None);
    }
}
