//! One pass over the hand-over folders, from the lock to the last record.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::draft::{Allowance, Context, draft};
use super::execute::{self, Due, Means};
use super::memory::{self, Found, Memory, Seen};
use super::recover::Closed;
use super::report::{Cap, Line, Mode, Outcome, Report};
use super::survey::{Survey, survey};
use super::{recover, tell};
use crate::acknowledge::Acknowledgements;
use crate::audit::{Entry, Fault, FaultKind, Log, LogError};
use crate::folder::Folder;
use crate::journal::JournalError;
use crate::lock;
use crate::quarantine;
use crate::retention::{Anchor, Clock, Part, Policy, Reading, SECOND, judge};
use crate::state::{self, State};

/// After this long without a complete pass the next one begins as carefully as the first.
const ABSENCE_MAX: i128 = 7 * 86_400 * SECOND;
/// How much longer than any limit an acknowledgement is known: a file that could not be deleted
/// then, because somebody had it open, is not taken for unread.
const ACKNOWLEDGED_SPARE: i128 = 62 * 86_400 * SECOND;
/// An acknowledgement may be written between reading the clock and reading the acknowledgements;
/// by so much it may be later than the clock.
const ACKNOWLEDGED_SINCE: i128 = 60 * SECOND;
/// How often a pass that changed nothing is written into the log.
const IDLE_LOG: i128 = 15 * 60 * SECOND;
/// The file in the state folder whose lock a pass holds.
const LOCK: &str = "sweep.lock";

/// How much one pass may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Files that the first passes may delete before the user has confirmed.
    pub first: u64,
    /// Files that any pass may delete.
    pub files: u64,
    /// How long a pass may take.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { first: 200, files: 5_000, time: Duration::from_secs(55) }
    }
}

/// Whether the user has seen the plan and wants more deleted than [`Limits::first`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confirmation {
    /// He has said so.
    Given,
    /// He has not.
    Missing,
}

/// Why there was no pass.
#[derive(Debug)]
pub enum SweepError {
    /// Another sweeper works with the same state.
    Busy,
    /// The path of the folder leads to another folder by now.
    Moved,
    /// No hand-over folder is there.
    NoParts,
    /// The acknowledgements cannot be read.
    Acknowledgements(JournalError),
    /// The audit log cannot be used.
    Log(io::Error),
    /// The audit log is not as it was written.
    Broken(Fault),
    /// Something else of the state, or the folder.
    Io(io::Error),
}

impl From<LogError> for SweepError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Broken(fault) => Self::Broken(fault),
            LogError::Io(error) => Self::Log(error),
        }
    }
}

impl From<io::Error> for SweepError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The files that a pass looked at, by folder and identity.
type Looked = BTreeMap<(Part, u128), Seen>;

/// A sweeper of one folder.
#[derive(Debug)]
pub struct Sweeper {
    root: Folder,
    state: State,
    /// The policy.
    pub policy: Policy,
    /// How much one pass may do.
    pub limits: Limits,
    /// The word that stands for the folder in log and state.
    word: String,
    acknowledgements: Acknowledgements,
}

impl Sweeper {
    /// Opens the folder that holds `req`, `res` and `face`, and the state.
    ///
    /// # Errors
    /// When one of them cannot be opened.
    pub fn open(root: &Path, state: State, policy: Policy, limits: Limits) -> io::Result<Self> {
        let root = Folder::open(&state::absolute(root)?)?;
        let word = state.key.word(root.path().as_os_str().as_encoded_bytes());
        let acknowledgements = Acknowledgements::new();
        Ok(Self { root, state, policy, limits, word, acknowledgements })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Folder {
        &self.root
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Says what a pass would do now; changes nothing.
    ///
    /// # Errors
    /// When the folder or the state cannot be used.
    pub fn plan(
        &mut self,
        now: &Reading,
        confirmation: Confirmation,
    ) -> Result<Report, SweepError> {
        let (memory, is_damaged) = self.remembered(now)?;
        if let Some(fault) = super::inspect(&self.state, |_| ())?.fault
            && fault.kind != FaultKind::Torn
        {
            return Err(SweepError::Broken(fault));
        }
        let clock = clock(&memory, is_damaged, self.latest(&memory, None, now), now);
        if clock.distrust.is_some() {
            return Ok(stopped(Mode::Plan, clock, is_damaged));
        }
        let survey = survey(&self.root);
        let context = self.context(&clock, &memory, &survey);
        let (budget, limits) = (self.budget(&memory, &clock, confirmation), self.limits);
        let (mut due, kept) = draft(&context, |count| allowance(budget, limits, count));
        execute::rehearse(&context, &mut due);
        report(Mode::Plan, &context, due, kept, is_damaged)
    }

    /// Deletes what is due.
    ///
    /// # Errors
    /// When the folder or the state cannot be used, or the audit log cannot be written.
    pub fn apply(
        &mut self,
        now: &Reading,
        confirmation: Confirmation,
    ) -> Result<Report, SweepError> {
        let begun = Instant::now();
        let _lock = self.lock()?;
        if !self.root.is_still_there() {
            return Err(SweepError::Moved);
        }
        let (mut memory, is_damaged) = self.remembered(now)?;
        let heads = memory::heads(&self.state.folder)?;
        let mut log = Log::open(&self.state, &heads, now.wall)?;
        let latest = self.latest(&memory, log.latest(), now);
        let clock = clock(&memory, is_damaged, latest, now);
        if clock.distrust.is_some() {
            memory.excused = memory.excused.max(latest);
        }
        log.turn_the_year(&self.state.folder, clock.now).map_err(SweepError::Log)?;
        // What the log has and the memory has not was written by a pass that did not end.
        let is_interrupted = log.chain().last != memory.head.0;
        let mut closed = (!is_interrupted).then_some(Closed);
        if clock.distrust.is_some() {
            let report = stopped(Mode::Apply, clock, is_damaged);
            return self.end(report, memory, log, now, (None, closed));
        }
        let mut recovered =
            recover::recover(&self.root, &self.state, &self.word, &mut log, clock.now)?;
        if is_interrupted {
            let (root, state, word) = (&self.root, &self.state, &self.word);
            let (found, all) = recover::close(root, state, word, &mut log, clock.now)?;
            recovered.extend(found);
            closed = all;
        }
        let survey = survey(&self.root);
        let context = self.context(&clock, &memory, &survey);
        let (budget, limits) = (self.budget(&memory, &clock, confirmation), self.limits);
        let mut wanted = 0;
        let (mut due, kept) = draft(&context, |count| {
            wanted = count;
            allowance(budget, limits, count)
        });
        let end = Instant::now() + limits.time;
        let mut means = Means { log: &mut log, end, distrust: None };
        execute::carry_out(&context, &mut due, &mut means).map_err(SweepError::Log)?;
        let distrust = means.distrust;
        let seen = tell::decisions(&context, &due, &kept, &mut log);
        let mut report = report(Mode::Apply, &context, due, kept, is_damaged)?;
        drop(survey);
        for part in Part::ALL.into_iter().filter(|part| report.has_emptied_quarantine(*part)) {
            // Whoever puts something into it in this moment keeps it.
            let _ = self.root.child(part.word()).map(|folder| quarantine::take_away(&folder));
        }
        report.recovered = recovered;
        report.clock.distrust = distrust;
        report.took = begun.elapsed();
        // Moving a file away is as drastic as deleting it for whoever has not seen the plan.
        let is_acted =
            |line: &&Line| matches!(line.outcome, Outcome::Deleted | Outcome::Quarantined);
        let acted = report.lines.iter().filter(is_acted).count() as u64;
        // Confirmed from now on: by the user, or because a pass had no more to do than allowed.
        memory.budget =
            budget.filter(|budget| wanted > *budget).map(|budget| budget - acted.min(budget));
        self.end(report, memory, log, now, (Some(seen), closed))
    }

    /// Sets a log that is not as it was written aside and begins a new one, whose first record
    /// says so for ever, with the user's reason.
    ///
    /// # Errors
    /// When the log is whole, another sweeper works, or the disk says so.
    pub fn begin_log_anew(&self, now: &Reading, reason: &str) -> Result<(), SweepError> {
        let _lock = self.lock()?;
        let heads = memory::heads(&self.state.folder)?;
        Log::begin_anew(&self.state, &heads, now.wall, reason).map_err(SweepError::Log)
    }

    fn memory(&self) -> OsString {
        format!("memory-{}", self.word).into()
    }

    fn lock(&self) -> Result<File, SweepError> {
        let file = self.state.folder.open_or_create(OsStr::new(LOCK))?;
        if lock::take(&file)? { Ok(file) } else { Err(SweepError::Busy) }
    }

    /// What the passes before knew, and whether that was damaged.
    fn remembered(&mut self, now: &Reading) -> Result<(Memory, bool), SweepError> {
        let oldest = now.wall - i128::from(self.policy.longest()) * SECOND - ACKNOWLEDGED_SPARE;
        self.acknowledgements
            .refresh_since(&self.state, oldest)
            .map_err(SweepError::Acknowledgements)?;
        let (memory, is_damaged) = match memory::read(&self.state.folder, &self.memory())? {
            Found::Nothing => {
                (Memory { budget: Some(self.limits.first), ..Memory::default() }, false)
            }
            Found::Memory(memory) => (*memory, false),
            // Somebody has looked before; since when which file is there is not known.
            Found::Damaged => {
                let budget = Some(self.limits.first);
                (Memory { budget, listed: Some(i128::MIN), ..Memory::default() }, true)
            }
        };
        Ok((memory, is_damaged))
    }

    /// The latest moment that any record speaks of. Records that are known to come from a clock
    /// that was wrong do not count any more: they stopped one pass, not all to come.
    fn latest(&self, memory: &Memory, logged: Option<i128>, now: &Reading) -> Option<i128> {
        let acknowledged = self.acknowledgements.latest();
        let is_just_now = |at: &i128| (now.wall..=now.wall + ACKNOWLEDGED_SINCE).contains(at);
        let all = [memory.listed, logged, acknowledged.filter(|at| !is_just_now(at))];
        all.into_iter().flatten().max().filter(|latest| Some(*latest) > memory.excused)
    }

    fn context<'a>(
        &'a self,
        clock: &'a Clock,
        memory: &'a Memory,
        survey: &'a Survey,
    ) -> Context<'a> {
        Context {
            policy: &self.policy,
            clock,
            acknowledgements: &self.acknowledgements,
            key: &self.state.key,
            word: &self.word,
            memory,
            survey,
        }
    }

    /// How many files may be deleted before the user has confirmed; `None` if he has.
    fn budget(&self, memory: &Memory, clock: &Clock, confirmation: Confirmation) -> Option<u64> {
        if confirmation == Confirmation::Given {
            return None;
        }
        let is_absent = memory.completed.is_some_and(|then| clock.now - then > ABSENCE_MAX);
        match memory.budget {
            None if is_absent => Some(self.limits.first),
            budget => budget,
        }
    }

    /// Writes the last record and the memory. Until what an interrupted pass announced is closed,
    /// the memory stays that of the pass before it, so that the next one knows.
    fn end(
        &self,
        report: Report,
        mut memory: Memory,
        mut log: Log,
        now: &Reading,
        (seen, closed): (Option<Looked>, Option<Closed>),
    ) -> Result<Report, SweepError> {
        let was = log.chain().clone();
        let is_idle = was.last == memory.head.0 && report.is_complete;
        let is_due = memory.logged.is_none_or(|then| report.clock.now - then >= IDLE_LOG);
        if !is_idle || is_due {
            let took = i128::try_from(report.took.as_nanos()).unwrap_or_default();
            log.add(report.clock.now + took, &self.pass_record(&report));
            memory.logged = Some(report.clock.now);
        }
        log.close(&self.state).map_err(SweepError::Log)?;
        let floor = match report.clock.distrust {
            Some(_) => report.clock.now,
            None => report.clock.floor,
        };
        memory.anchor = Some(Anchor { reading: now.clone(), floor });
        if let Some(seen) = seen {
            memory.seen = seen;
            memory.listed = Some(report.clock.now);
        }
        if report.is_complete {
            memory.completed = Some(report.clock.now);
        } else if let Some(completed) = memory.completed {
            memory.completed = Some(completed.min(report.clock.now));
        }
        if closed.is_some() {
            memory.head = (log.chain().last, log.chain().head.clone());
        }
        memory::write(&self.state.folder, &self.memory(), &memory)?;
        Ok(report)
    }

    fn pass_record(&self, report: &Report) -> Entry {
        tell::pass(report, &self.policy, self.root.path(), &self.word)
    }
}

fn clock(memory: &Memory, is_damaged: bool, latest: Option<i128>, now: &Reading) -> Clock {
    let mut clock = judge(memory.anchor.as_ref(), latest, now);
    if is_damaged {
        clock.floor = clock.now;
    }
    clock
}

/// How many of `count` files may be deleted.
fn allowance(budget: Option<u64>, limits: Limits, count: u64) -> Allowance {
    match budget {
        Some(budget) if count > budget && budget < limits.files => {
            Allowance { files: budget, cap: Cap::First }
        }
        _ => Allowance { files: limits.files, cap: Cap::Count },
    }
}

/// A pass that did not look at anything.
fn stopped(mode: Mode, clock: Clock, is_memory_damaged: bool) -> Report {
    Report {
        mode,
        clock,
        parts: Vec::new(),
        lines: Vec::new(),
        recovered: Vec::new(),
        took: Duration::ZERO,
        unreadable: Vec::new(),
        is_memory_damaged,
        is_complete: false,
    }
}

fn report(
    mode: Mode,
    context: &Context<'_>,
    due: Vec<Due>,
    kept: Vec<Line>,
    is_memory_damaged: bool,
) -> Result<Report, SweepError> {
    let survey = context.survey;
    if survey.parts.is_empty() && survey.unreadable.is_empty() {
        return Err(SweepError::NoParts);
    }
    // Without a quarantine a file stays where it is, and everything else was done.
    let is_waiting = due.iter().any(|due| match due.1.outcome {
        Outcome::Waiting(cap) => cap != Cap::Quarantine,
        _ => false,
    });
    let lines = due.into_iter().map(|due| due.1).chain(kept).collect();
    Ok(Report {
        mode,
        clock: context.clock.clone(),
        parts: survey.parts.iter().map(|part| part.0).collect(),
        lines,
        recovered: Vec::new(),
        took: Duration::ZERO,
        unreadable: survey.unreadable.clone(),
        is_memory_damaged,
        is_complete: !is_waiting && survey.unreadable.is_empty(),
    })
}
