//! What a pass decided and did.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::time::Duration;

use diag::Severity;

use super::erase::Obstacle;
use crate::retention::{Clock, Decision, Part, Reason, Rule};

/// Whether anything is changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Nothing: it is only said what would be done.
    Plan,
    /// What is due is deleted.
    Apply,
}

/// Why a file that is due is not touched in this pass.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cap {
    /// The first pass takes no more without a confirmation.
    First,
    /// A pass takes no more files.
    Count,
    /// A pass takes no more time.
    Time,
    /// The clock of the folder's server was not believed.
    Clock,
    /// Another sweeper works in the folder, or the private folder cannot be used.
    Folder,
    /// The quarantine cannot be made or used.
    Quarantine,
}

impl Cap {
    /// The word for it in log and output in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first-pass",
            Self::Count => "count",
            Self::Time => "time",
            Self::Clock => "clock",
            Self::Folder => "private-folder",
            Self::Quarantine => "quarantine-folder",
        }
    }
}

/// What came of a file. In a plan: what would come of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// It stays, by decision.
    Kept,
    /// It is gone.
    Deleted,
    /// It stands in quarantine now.
    Quarantined,
    /// It was due, and something was in the way.
    Obstacle(Obstacle),
    /// It was due, and a later pass will take it.
    Waiting(Cap),
}

/// One file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The folder.
    pub part: Part,
    /// Whether it was found in the quarantine of the folder.
    pub is_quarantined: bool,
    /// Its name; it may point to a person.
    pub name: OsString,
    /// Its size.
    pub bytes: u64,
    /// What was decided.
    pub decision: Decision,
    /// What came of it.
    pub outcome: Outcome,
    /// When the oldest of its times was.
    ///
    /// # Units
    /// Nanoseconds since 1970-01-01 UTC.
    pub since: i128,
}

/// A file that a crash had left aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recovered {
    /// The folder.
    pub part: Part,
    /// Its name.
    pub name: OsString,
    /// Deleted as it had been decided, or put back, or neither.
    pub outcome: Result<Recovery, Obstacle>,
}

/// What became of a file that a crash had left aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recovery {
    /// The log says that it was to be deleted, and it was still the same.
    Deleted,
    /// It has its name again.
    PutBack,
    /// The log says that it was to be deleted, and it is not there any more; the pass ended
    /// before it wrote that down. It is known by its pseudonym only.
    Gone,
}

/// A whole pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// Whether it changed anything.
    pub mode: Mode,
    /// The clock. Nothing is deleted when it is not believed.
    pub clock: Clock,
    /// The folders that are there.
    pub parts: Vec<Part>,
    /// Every file: those that are due first, the oldest first, then the others by folder and
    /// name.
    pub lines: Vec<Line>,
    /// Files that a crash had left aside.
    pub recovered: Vec<Recovered>,
    /// How long it took.
    pub took: Duration,
    /// Folders that could not be read.
    pub unreadable: Vec<(Part, io::ErrorKind)>,
    /// True if the memory of earlier passes was damaged.
    pub is_memory_damaged: bool,
    /// True if no file was left out for any reason but its own.
    pub is_complete: bool,
}

/// Numbers about a pass.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Files.
    pub seen: u64,
    /// Those that are gone.
    pub deleted: BTreeMap<Rule, u64>,
    /// Those that the policy wants gone and that are still there.
    pub overdue: u64,
    /// Those that stand in quarantine in the end.
    pub quarantined: u64,
    /// Names that are not of the linkage.
    pub foreign: u64,
    /// Findings that are errors.
    pub alerts: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Age of the oldest finished file that is still there, since it was finished.
    ///
    /// # Units
    /// Whole seconds.
    pub oldest_finished: Option<u64>,
    /// Age of the oldest result that nobody acknowledged.
    pub oldest_unread: Option<u64>,
}

impl Line {
    /// True if the policy wants the file gone and it is still there.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        match self.outcome {
            Outcome::Kept => self.decision.is_overdue,
            Outcome::Deleted | Outcome::Quarantined | Outcome::Obstacle(Obstacle::Gone) => false,
            // What should stand in quarantine is not wanted gone.
            _ => matches!(self.decision.reason, Reason::Due(_)) || self.decision.is_overdue,
        }
    }

    /// How much it weighs; `None` if there is nothing to say.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        match self.outcome {
            Outcome::Kept | Outcome::Quarantined => self.decision.reason.severity(),
            Outcome::Obstacle(_) | Outcome::Waiting(_)
                if self.decision.reason == Reason::Quarantine =>
            {
                Some(Severity::Error)
            }
            Outcome::Deleted | Outcome::Obstacle(Obstacle::Gone) => None,
            Outcome::Obstacle(Obstacle::Stranded) => Some(Severity::Error),
            Outcome::Obstacle(_) | Outcome::Waiting(_) => Some(Severity::Warning),
        }
    }
}

impl Report {
    /// True if the quarantine of the folder held files and holds none of them any more.
    pub(super) fn has_emptied_quarantine(&self, part: Part) -> bool {
        let is_its = |line: &&Line| line.part == part && line.is_quarantined;
        let is_new = |line: &Line| line.part == part && line.outcome == Outcome::Quarantined;
        let mut its = self.lines.iter().filter(is_its).peekable();
        its.peek().is_some()
            && its.all(|line| line.outcome == Outcome::Deleted)
            && !self.lines.iter().any(is_new)
    }

    /// The numbers.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        let age = |moment: i128| {
            let age = (self.clock.now - moment).max(0) / crate::retention::SECOND;
            u64::try_from(age).ok()
        };
        for line in &self.lines {
            totals.seen += 1;
            totals.overdue += u64::from(line.is_overdue());
            match line.severity() {
                Some(Severity::Error) => totals.alerts += 1,
                Some(Severity::Warning) => totals.warnings += 1,
                _ => {}
            }
            let reason = line.decision.reason;
            let is_foreign =
                matches!(reason, Reason::Foreign | Reason::LikeAnswer | Reason::Misplaced);
            totals.foreign += u64::from(is_foreign);
            if let (Outcome::Deleted, Reason::Due(rule)) = (line.outcome, reason) {
                *totals.deleted.entry(rule).or_default() += 1;
                continue;
            }
            if line.outcome == Outcome::Obstacle(Obstacle::Gone) {
                continue;
            }
            let stands = line.is_quarantined || line.outcome == Outcome::Quarantined;
            totals.quarantined += u64::from(stands);
            let finished = line.decision.finished.and_then(age);
            totals.oldest_finished = totals.oldest_finished.max(finished);
            if reason.is_unread() || reason == Reason::Due(Rule::Unread) {
                totals.oldest_unread = totals.oldest_unread.max(age(line.since));
            }
        }
        totals.alerts += u64::from(self.clock.distrust.is_some());
        totals.alerts += u64::from(self.is_memory_damaged) + self.unreadable.len() as u64;
        let is_alarming = |one: &&Recovered| one.outcome != Ok(Recovery::Deleted);
        totals.alerts += self.recovered.iter().filter(is_alarming).count() as u64;
        totals
    }
}
