//! Tests of the sweeper. They run on real folders; only the clock is an argument, so that a
//! week passes in no time.

mod a05_crash;
#[cfg(target_os = "linux")]
mod a06_attack;
mod a07_replace;
mod a08_model;
mod a09_open;
mod a10_clock;
mod a14_log;
mod a15_plan;
mod a16_parsers;
mod anchor;
mod basic;
mod quarantine;
mod rights;
mod terminal;
mod unfinished;

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use link::acknowledge::Acknowledgements;
use link::moment;
use link::pseudonym::digest;
use link::retention::{Policy, Reading};
use link::state::State;
use link::sweep::{Confirmation, Limits, Line, Outcome, Report, Sweeper};

use crate::place::Place;

pub(crate) const SECOND: i128 = 1_000_000_000;
pub(crate) const MINUTE: i128 = 60 * SECOND;
pub(crate) const HOUR: i128 = 60 * MINUTE;
pub(crate) const DAY: i128 = 24 * HOUR;

/// The hand-over folders of one site, a state and a sweeper.
pub(crate) struct Folders {
    pub(crate) place: Place,
    pub(crate) start: i128,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
}

impl Folders {
    pub(crate) fn new() -> Self {
        Self::at(Place::new())
    }

    pub(crate) fn at(place: Place) -> Self {
        for part in ["req", "res", "face"] {
            place.folder(&format!("oqs/{part}"));
        }
        let start = moment::now();
        Self { place, start, policy: Policy::default(), limits: Limits::default() }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.place.path().join("oqs")
    }

    pub(crate) fn state(&self) -> State {
        State::open(&self.place.path().join("state")).expect("the state opens")
    }

    pub(crate) fn sweeper(&self) -> Sweeper {
        Sweeper::open(&self.root(), self.state(), self.policy.clone(), self.limits)
            .expect("the sweeper opens")
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    /// Writes a file such as `res/NAME`.
    pub(crate) fn put(&self, file: &str, content: &str) {
        fs::write(self.path(file), content).expect("the file can be written");
    }

    pub(crate) fn has(&self, file: &str) -> bool {
        self.path(file).symlink_metadata().is_ok()
    }

    pub(crate) fn acknowledge(&self, name: &str, content: &str, consumer: &str, at: i128) {
        let sha256 = digest(content.as_bytes());
        Acknowledgements::acknowledge(&self.state(), OsStr::new(name), &sha256, consumer, at)
            .expect("the acknowledgement is written");
    }

    /// The clocks so long after the start.
    pub(crate) fn after(&self, time: i128) -> Reading {
        let boot = "one".to_owned();
        Reading { wall: self.start + time, counter: HOUR + time, boot }
    }

    pub(crate) fn apply(&self, time: i128) -> Report {
        self.sweeper().apply(&self.after(time), Confirmation::Missing).expect("a pass")
    }

    pub(crate) fn plan(&self, time: i128) -> Report {
        self.sweeper().plan(&self.after(time), Confirmation::Missing).expect("a plan")
    }
}

/// The line about a file.
pub(crate) fn line<'a>(report: &'a Report, name: &str) -> &'a Line {
    report.lines.iter().find(|line| line.name == OsStr::new(name)).expect("the file has a line")
}

/// The names of the files that were deleted.
pub(crate) fn deleted(report: &Report) -> Vec<&str> {
    let gone = report.lines.iter().filter(|line| line.outcome == Outcome::Deleted);
    gone.map(|line| line.name.to_str().expect("names in tests are text")).collect()
}
