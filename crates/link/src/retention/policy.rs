//! The retention policy: what the table `[retention]` says.

use std::fmt::Write;

/// What allows a file to be deleted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rule {
    /// A result that everybody who has to has acknowledged.
    Acknowledged,
    /// An error answer that was acknowledged.
    Error,
    /// A report of the terminal's own cleaner, by age.
    Report,
    /// A file of our own client that was never published, by age.
    Temporary,
    /// A result that nobody acknowledged, by age: the rule of last resort.
    Unread,
}

impl Rule {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 5] =
        [Self::Acknowledged, Self::Error, Self::Report, Self::Temporary, Self::Unread];

    /// The word for it in policy, log and evidence.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Error => "error",
            Self::Report => "report",
            Self::Temporary => "temporary",
            Self::Unread => "unread",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }
}

/// How long what may stay.
///
/// # Units
/// Whole seconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// A result after its last acknowledgement.
    pub acknowledged: u64,
    /// An error answer after its acknowledgement.
    pub error: u64,
    /// A report of the terminal's cleaner.
    pub report: u64,
    /// A temporary file of our own.
    pub temporary: u64,
    /// When a result that nobody acknowledged is warned about.
    pub unread_warn: u64,
    /// When it is an error.
    pub unread_alert: u64,
    /// When it is deleted; `None` means never.
    pub unread_delete: Option<u64>,
    /// When a request that the terminal does not take is an error.
    pub request_alert: u64,
    /// Who has to acknowledge a face result; empty: anybody.
    pub consumers: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            acknowledged: 15 * 60,
            error: 7 * 86_400,
            report: 7 * 86_400,
            temporary: 3_600,
            unread_warn: 30 * 60,
            unread_alert: 86_400,
            unread_delete: None,
            request_alert: 10 * 60,
            consumers: Vec::new(),
        }
    }
}

impl Policy {
    /// The limit of a rule; `None` when the rule does not apply.
    #[must_use]
    pub fn limit(&self, rule: Rule) -> Option<u64> {
        match rule {
            Rule::Acknowledged => Some(self.acknowledged),
            Rule::Error => Some(self.error),
            Rule::Report => Some(self.report),
            Rule::Temporary => Some(self.temporary),
            Rule::Unread => self.unread_delete,
        }
    }

    /// The longest limit that counts from an acknowledgement.
    #[must_use]
    pub fn longest(&self) -> u64 {
        self.acknowledged.max(self.error)
    }

    /// The policy in one form, whatever the user's file looked like: equal policies have equal
    /// texts. Its hash stands in log and evidence.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        let mut line = |key: &str, value: u64| {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{key}={value}");
        };
        line("acknowledged", self.acknowledged);
        line("error", self.error);
        line("report", self.report);
        line("temporary", self.temporary);
        line("unread-warn", self.unread_warn);
        line("unread-alert", self.unread_alert);
        if let Some(limit) = self.unread_delete {
            line("unread-delete", limit);
        }
        line("request-alert", self.request_alert);
        for consumer in &self.consumers {
            let _ = writeln!(text, "consumer={consumer}");
        }
        text
    }
}

/// A span of time as the policy file writes it: the largest unit that leaves a whole number.
#[must_use]
pub(crate) fn duration(seconds: u64) -> String {
    match seconds {
        _ if seconds != 0 && seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds != 0 && seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("{}min", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
