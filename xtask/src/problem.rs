//! What a task found wrong: one line that says where, what, and what to do.

use std::fmt::{self, Display, Formatter};
use std::io;

/// How much a [`Problem`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The task fails.
    Error,
    /// The task only says it.
    Warning,
}

/// One thing that is wrong, with its place and its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the task fails because of it.
    pub level: Level,
    /// File, relative to the root of the workspace, with `/`.
    pub file: String,
    /// Line in that file, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do, imperative.
    pub help: String,
}

impl Problem {
    /// An error at a line of a file.
    pub fn new(
        file: impl Into<String>,
        line: usize,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { level: Level::Error, file: file.into(), line, what: what.into(), help: help.into() }
    }

    /// The same, but the task does not fail because of it.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.level = Level::Warning;
        self
    }

    /// A file that the world would not let us read or write.
    pub fn io(file: impl Into<String>, error: &io::Error) -> Self {
        Self::new(file, 1, error.to_string(), "check that the file exists and may be used")
    }

    /// A program that could not be started.
    pub fn program(program: &str, error: &io::Error) -> Self {
        Self::new(program, 1, format!("cannot be started: {error}"), "install it")
    }

    /// A command line that no task understands.
    pub fn usage(words: &str) -> Self {
        let what = format!("no task understands `{words}`");
        Self::new("cargo xtask", 1, what, "see `cargo xtask help`")
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let level = if self.level == Level::Warning { "warning: " } else { "" };
        write!(f, "{}:{}: {level}{}; {}", self.file, self.line, self.what, self.help)
    }
}

/// Prints every problem to standard error; true if none of them is an error.
pub fn report(problems: &[Problem]) -> bool {
    for problem in problems {
        eprintln!("{problem}");
    }
    problems.iter().all(|problem| problem.level == Level::Warning)
}
