//! What a site file says of a machine beside its network: certificates, applications, tests, and
//! how long files are kept.

use std::fmt;

use diag::{Lang, Localize, Span};

use crate::{Cover, Date, Spanned, TestResult};

/// A client certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// What it is accepted for; not empty.
    pub covers: Vec<Spanned<Cover>>,
    /// First day it is valid.
    pub issued: Option<Spanned<Date>>,
    /// Last day it is valid.
    pub expires: Spanned<Date>,
}

/// A program and its version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct App {
    /// Its name.
    pub name: Spanned<String>,
    /// Its version.
    pub version: Spanned<String>,
}

/// `[[interference_test]]`: that the programs of a machine work beside each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InterferenceTest {
    /// The whole entry.
    pub span: Span,
    /// The machine.
    pub machine: Spanned<String>,
    /// Build of the operating system it was done with.
    pub os_build: Spanned<String>,
    /// The programs it was done with.
    pub apps: Vec<App>,
    /// When.
    pub on: Spanned<Date>,
    /// Who did it.
    pub by: Spanned<String>,
    /// How it came out.
    pub result: Spanned<TestResult>,
}

/// `[retention]`: how long what may stay in the hand-over folders. The sweeper applies it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Retention {
    /// A result that every consumer has acknowledged.
    pub acknowledged: Option<Spanned<Period>>,
    /// An error answer, after its acknowledgement.
    pub error: Option<Spanned<Period>>,
    /// Reports that the linkage application leaves behind.
    pub report: Option<Spanned<Period>>,
    /// Temporary files of the sweeper's own client.
    pub temporary: Option<Spanned<Period>>,
    /// A result that nobody acknowledged: warning.
    pub unread_warn: Option<Spanned<Period>>,
    /// The same: error.
    pub unread_alert: Option<Spanned<Period>>,
    /// The same: deleted; absent is never.
    pub unread_delete: Option<Spanned<Period>>,
    /// A request that the terminal did not take: error.
    pub request_alert: Option<Spanned<Period>>,
    /// Who has to acknowledge a result of a face reader.
    pub consumers: Vec<Spanned<String>>,
}

/// `[deletion]`: what shows that finished files are deleted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deletion {
    /// The evidence that the sweepers wrote, relative to the site file; not empty.
    pub evidence: Vec<Spanned<String>>,
    /// How old it may be.
    pub age: Spanned<Period>,
    /// Longest time that a finished file may stay.
    pub limit: Spanned<Period>,
}

/// A length of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Period {
    minutes: u32,
}

/// Units that a length of time is written in, with their minutes, the longest first.
const UNITS: [(&str, u32); 3] = [("d", 24 * 60), ("h", 60), ("min", 1)];

impl Period {
    /// The longest that is accepted, ten years.
    pub const MAX: Self = Self { minutes: 3_650 * 24 * 60 };

    /// So many minutes, but at most [`Self::MAX`].
    #[must_use]
    pub const fn of_minutes(minutes: u32) -> Self {
        if minutes > Self::MAX.minutes { Self::MAX } else { Self { minutes } }
    }

    /// Reads `30min`, `24h` or `7d`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (unit, minutes) = UNITS.into_iter().find(|(unit, _)| text.ends_with(unit))?;
        let number = text.strip_suffix(unit)?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let minutes = is_number.then(|| number.parse::<u32>().ok()?.checked_mul(minutes))??;
        (minutes <= Self::MAX.minutes).then_some(Self { minutes })
    }

    /// The length.
    ///
    /// # Units
    /// Minutes.
    #[must_use]
    pub fn minutes(self) -> u32 {
        self.minutes
    }

    /// The number and the unit that it is written with.
    fn parts(self) -> (u32, &'static str) {
        let is_whole = |unit: u32| self.minutes > 0 && self.minutes.is_multiple_of(unit);
        let found = UNITS.into_iter().find(|(_, minutes)| is_whole(*minutes));
        let (unit, minutes) = found.unwrap_or(("min", 1));
        (self.minutes / minutes, unit)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = self.parts();
        write!(f, "{number}{unit}")
    }
}

impl Localize for Period {
    fn localize(&self, lang: Lang) -> String {
        let (number, unit) = self.parts();
        let plural = if number == 1 { "" } else { "s" };
        match (lang, unit) {
            (Lang::Ja, "d") => format!("{number} 日"),
            (Lang::Ja, "h") => format!("{number} 時間"),
            (Lang::Ja, _) => format!("{number} 分"),
            (Lang::En, "d") => format!("{number} day{plural}"),
            (Lang::En, "h") => format!("{number} hour{plural}"),
            (Lang::En, _) => format!("{number} minute{plural}"),
        }
    }
}
