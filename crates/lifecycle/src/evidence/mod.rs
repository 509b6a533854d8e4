//! The evidence of deletion, as the sweeper writes it (`docs/RETENTION-EVIDENCE.md`). What its
//! figures have to agree in stands in `invariant`.

mod invariant;
mod moment;
mod read;

use model::Date;

use diag::Text;

pub use invariant::{INVARIANTS, Invariant};
pub use moment::Moment;

/// What the sweeper says that it did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// When it was written.
    pub made: Moment,
    /// First day that counts, in UTC.
    pub since: Date,
    /// Name of the facility in the policy that was applied, if there was one.
    pub site: Option<String>,
    /// The folder that was swept.
    pub folder: String,
    /// What tells the folder, and the machine that swept it, from all others.
    pub folder_id: Option<String>,
    /// Names of the eligibility terminals whose folder it is; empty if nobody said.
    pub terminals: Vec<String>,
    /// Hand-over folders that were swept.
    pub parts: Vec<Part>,
    /// The policy of the last complete pass.
    pub policy: Option<AppliedPolicy>,
    /// The last complete pass.
    pub pass: Option<Pass>,
    /// The passes since `since`.
    pub passes: Passes,
    /// The deletions since `since`.
    pub deleted: Deleted,
    /// The audit log.
    pub log: Log,
}

/// A hand-over folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// `req`: requests.
    Request,
    /// `res`: answers.
    Response,
    /// `face`: results of the face reader.
    Face,
}

/// The limits that were applied.
///
/// # Units
/// Seconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppliedPolicy {
    /// Acknowledged results.
    pub acknowledged: u64,
    /// Acknowledged error answers.
    pub error: u64,
    /// Reports that the linkage application leaves behind.
    pub report: u64,
    /// Temporary files.
    pub temporary: u64,
    /// Results that nobody acknowledged; `None` is never.
    pub unread_delete: Option<u64>,
    /// Who has to acknowledge a face result; empty is anybody.
    pub consumers: Vec<String>,
}

/// A pass that applied the policy to every file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pass {
    /// When it began.
    pub begin: Moment,
    /// When it ended.
    pub end: Moment,
    /// Files.
    pub seen: u64,
    /// Those that it deleted.
    pub deleted: u64,
    /// Those that are still there.
    pub kept: u64,
    /// Files that should have been gone and were still there.
    pub overdue: u64,
    /// Files with names that are not of the linkage.
    pub foreign: u64,
    /// Findings of severity error.
    pub alerts: u64,
    /// Age of the oldest finished file that was still there, in seconds.
    pub oldest_finished: Option<u64>,
    /// Age of the oldest result that nobody acknowledged, in seconds.
    pub oldest_unread: Option<u64>,
}

/// How often the sweeper worked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passes {
    /// Passes that came to their end.
    pub complete: u64,
    /// Others.
    pub stopped: u64,
    /// Longest time without a complete pass, in seconds.
    pub longest_gap: Option<u64>,
}

/// How many files were deleted, by the rule that allowed it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deleted {
    /// Acknowledged results.
    pub acknowledged: u64,
    /// Acknowledged error answers.
    pub error: u64,
    /// Reports of the linkage application.
    pub report: u64,
    /// Temporary files.
    pub temporary: u64,
    /// Results that nobody acknowledged.
    pub unread: u64,
}

/// The audit log behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Log {
    /// Number of the first record; 0 if there is none.
    pub first: u64,
    /// Number of the last record; 0 if there is none.
    pub last: u64,
    /// Hash of the last record.
    pub head: String,
    /// How often the log was broken and begun anew.
    pub breaks: u64,
    /// Whether every record since `since` was verified, and none is missing.
    pub is_verified: bool,
}

/// Why evidence cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EvidenceFault {
    /// It is no JSON, or not of this form.
    OtherForm,
    /// It is of a version that is not known.
    OtherVersion(String),
    /// A value is missing or has another form.
    Key(&'static str),
    /// Two values cannot both be true.
    Contradiction {
        /// The value that says so.
        key: &'static str,
        /// What had to hold.
        statement: Text,
    },
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Request, Self::Response, Self::Face];

    /// The folder's name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "req",
            Self::Response => "res",
            Self::Face => "face",
        }
    }
}

impl Deleted {
    /// All of them together.
    #[must_use]
    pub fn sum(&self) -> u64 {
        let all = [self.acknowledged, self.error, self.report, self.temporary, self.unread];
        all.into_iter().fold(0, u64::saturating_add)
    }

    /// Results that are gone: what the evidence is about.
    #[must_use]
    pub fn results(&self) -> u64 {
        self.acknowledged.saturating_add(self.unread)
    }
}
