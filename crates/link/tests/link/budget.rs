//! How long the long tests run: a number of rounds in everyday runs, a larger one in
//! `cargo xtask soak`, and there, with `--minutes`, until the time of the test is over.

use std::time::{Duration, Instant};

/// Set in the long runs.
const SOAK: &str = "SEKISHO_SOAK";
/// Seconds that each of the long tests may take.
const SECONDS: &str = "SEKISHO_SOAK_SECONDS";

/// True when the long tests are to run to their end, or to the end of their time.
pub(crate) fn is_soak() -> bool {
    std::env::var_os(SOAK).is_some()
}

/// Seconds that each of the long tests may take; `None` if they run to their end.
pub(crate) fn seconds() -> Option<u64> {
    std::env::var(SECONDS).ok()?.parse().ok().filter(|_| is_soak())
}

/// The rounds of a long test, numbered from zero.
///
/// # Shape
/// As many as in everyday runs at least, as many as in full at most.
pub(crate) struct Rounds {
    done: u64,
    everyday: u64,
    full: u64,
    end: Option<Instant>,
}

impl Rounds {
    pub(crate) fn new(everyday: u64, full: u64) -> Self {
        let full = if is_soak() { full } else { everyday };
        let end = seconds().map(|seconds| Instant::now() + Duration::from_secs(seconds));
        Self { done: 0, everyday, full, end }
    }

    /// How many were made of how many, for the report.
    pub(crate) fn said(&self) -> String {
        if self.done == self.full {
            self.done.to_string()
        } else {
            format!("{} of {}", self.done, self.full)
        }
    }

    pub(crate) fn done(&self) -> u64 {
        self.done
    }
}

impl Iterator for Rounds {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let is_late = self.end.is_some_and(|end| Instant::now() >= end);
        if self.done == self.full || is_late && self.done >= self.everyday {
            return None;
        }
        self.done += 1;
        Some(self.done - 1)
    }
}

#[test]
fn rounds_are_counted_and_said() {
    let mut rounds = Rounds { done: 0, everyday: 2, full: 4, end: Some(Instant::now()) };
    assert_eq!(rounds.by_ref().collect::<Vec<_>>(), [0, 1], "no fewer than every day");
    assert_eq!((rounds.done(), rounds.said().as_str()), (2, "2 of 4"));
    let mut rounds = Rounds { done: 0, everyday: 2, full: 4, end: None };
    assert_eq!(rounds.by_ref().count(), 4);
    assert_eq!(rounds.said(), "4");
}
