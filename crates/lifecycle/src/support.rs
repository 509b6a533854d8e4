//! Until when an operating system gets security updates.

use model::Date;
use pack::{Facts, Found, Os};

/// How long an operating system is supported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Support {
    /// By its maker, until the day that the fact tells.
    Maker(Os),
    /// By extended updates that were bought, until this day.
    Extended(Os, Date),
    /// It is not known.
    Unknown(Lack),
}

/// Why it is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lack {
    /// No pack knows the name; the nearest name that one knows.
    Name(Option<String>),
    /// The build is not written; builds that the name is known with.
    NoBuild(Vec<String>),
    /// The name is not known with this build; builds that it is known with.
    Build(Vec<String>),
    /// The facts contradict each other.
    Disputed,
    /// There is only hearsay.
    Hearsay,
    /// Extended updates are written for longer than they are sold; the last day that they are.
    Beyond(Date),
    /// Extended updates are written, and there are none for this edition.
    NotSold,
}

impl Support {
    /// The last day, if it is known.
    #[must_use]
    pub fn ends(&self) -> Option<Date> {
        match self {
            Self::Maker(os) => Some(os.ends),
            Self::Extended(_, until) => Some(*until),
            Self::Unknown(_) => None,
        }
    }
}

/// How long the operating system `name` with the build `build` is supported, for which extended
/// updates were bought until `esu`; facts are those of the day `on`.
#[must_use]
pub fn support(
    facts: &Facts,
    name: &str,
    build: Option<&str>,
    esu: Option<Date>,
    on: Option<Date>,
) -> Support {
    let builds: Vec<String> = facts.builds(name).into_iter().map(str::to_owned).collect();
    if builds.is_empty() {
        let near = pack::nearest(name, facts.systems());
        return Support::Unknown(Lack::Name(near.map(str::to_owned)));
    }
    let Some(build) = build else { return Support::Unknown(Lack::NoBuild(builds)) };
    let os = match facts.os(name, build, on) {
        Found::Known(os) => os,
        Found::Missing => return Support::Unknown(Lack::Build(builds)),
        Found::Hearsay(_) => return Support::Unknown(Lack::Hearsay),
        Found::Disputed => return Support::Unknown(Lack::Disputed),
    };
    match (esu, os.esu_ends) {
        (None, _) => Support::Maker(os),
        (Some(_), None) => Support::Unknown(Lack::NotSold),
        (Some(until), Some(last)) if until > last => Support::Unknown(Lack::Beyond(last)),
        (Some(until), Some(_)) if until <= os.ends => Support::Maker(os),
        (Some(until), Some(_)) => Support::Extended(os, until),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lack, Support, support};
    use diag::SourceId;
    use model::Date;
    use pack::{Author, Facts};

    fn facts() -> Facts {
        let (_, text) =
            pack::BUILT_IN.iter().find(|(name, _)| name.ends_with("os.toml")).expect("it is there");
        Facts::of(vec![pack::read(SourceId(0), text, Author::Program).0], &pack::Line::default()).0
    }

    fn found(name: &str, build: &str, esu: Option<&str>) -> Support {
        let day = |text: &str| Date::read(text).expect("the test names a day");
        support(&facts(), name, Some(build), esu.map(day), Some(day("2026-12-01")))
    }

    fn ends(support: &Support) -> String {
        support.ends().map(|day| day.to_string()).unwrap_or_default()
    }

    #[test]
    fn editions_that_look_alike_end_on_different_days() {
        assert_eq!(
            ends(&found("windows-10-iot-enterprise-ltsc-2021", "19044", None)),
            "2032-01-13"
        );
        assert_eq!(ends(&found("windows-10-enterprise-ltsc-2021", "19044", None)), "2027-01-12");
    }

    #[test]
    fn bought_updates_count_as_far_as_they_are_sold() {
        let pro = |esu| found("windows-10-pro", "19045.6456", esu);
        assert_eq!(ends(&pro(None)), "2025-10-14");
        assert_eq!(ends(&pro(Some("2027-10-12"))), "2027-10-12");
        assert_eq!(ends(&pro(Some("2025-01-01"))), "2025-10-14");
        assert!(matches!(pro(Some("2029-10-09")), Support::Unknown(Lack::Beyond(_))));
        // There are none for the edition for IoT, nor for older builds.
        let iot = found("windows-10-iot-enterprise", "19045", Some("2027-10-12"));
        assert_eq!(iot, Support::Unknown(Lack::NotSold));
        let old = found("windows-10-pro", "19044", Some("2027-10-12"));
        assert_eq!(old, Support::Unknown(Lack::NotSold));
    }

    #[test]
    fn a_name_or_a_build_that_no_fact_knows_is_unknown() {
        let near = found("windows-10-iot-enterprise-ltcs-2019", "17763", None);
        let wanted = Some("windows-10-iot-enterprise-ltsc-2019".to_owned());
        assert_eq!(near, Support::Unknown(Lack::Name(wanted)));
        assert_eq!(found("beos", "5", None), Support::Unknown(Lack::Name(None)));
        let other = found("windows-10-iot-enterprise-ltsc-2019", "19044", None);
        assert_eq!(other, Support::Unknown(Lack::Build(vec!["17763".to_owned()])));
        let none = support(&facts(), "windows-10-pro", None, None, None);
        assert!(matches!(none, Support::Unknown(Lack::NoBuild(builds)) if builds.len() == 2));
    }
}
