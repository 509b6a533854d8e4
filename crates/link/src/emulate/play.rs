//! Time: what is due is done, new requests are planned.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::answer::Asked;
use super::plan::{self, Place, Receptions, Step, Timed};
use super::scenario::Scenario;
use super::stage::Stage;
use crate::document::{self, DocumentError};
use crate::name::{Exchange, Name, Side};

/// How often new requests are looked for.
const SCAN: Duration = Duration::from_millis(20);
/// How long a request may stay unfinished before it is sent back, or unreadable before it is left.
const UNFINISHED_MS: u64 = 5_000;
/// Pause before a request that is unfinished or cannot be read is read again.
const AGAIN_MS: u64 = 100;

/// How time goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// As it does, until so long has passed; `None` is for ever.
    Real(Option<Duration>),
    /// From one step to the next without a pause, until nothing is left to do.
    Simulated,
}

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Requests that were understood.
    pub requests: u64,
    /// Requests that were sent back, because they were none.
    pub sent_back: u64,
    /// Requests of an institution that may be real; they were left alone.
    pub refused: u64,
}

#[derive(Debug)]
enum Action {
    Do(Step),
    /// Reads a request again that was not finished, since when.
    Read(OsString, u64),
    Clean,
}

/// A terminal at its folders.
pub struct Emulator {
    scenario: Scenario,
    stage: Stage,
    queue: BTreeMap<(u64, u64), Action>,
    sequence: u64,
    seen: BTreeSet<OsString>,
    receptions: Receptions,
    /// How often each question was asked.
    asked: BTreeMap<String, u64>,
    summary: Summary,
}

impl Emulator {
    /// Opens the folders, and makes what the scenario wants to be there.
    ///
    /// # Errors
    /// When a folder cannot be used.
    pub fn open(root: &Path, scenario: Scenario, history: Option<&Path>) -> io::Result<Self> {
        let stage = Stage::open(root, history)?;
        let mut emulator = Self {
            stage,
            queue: BTreeMap::new(),
            sequence: 0,
            seen: BTreeSet::new(),
            receptions: BTreeMap::new(),
            asked: BTreeMap::new(),
            summary: Summary::default(),
            scenario,
        };
        emulator.stage.left_overs(emulator.scenario.left_overs)?;
        for number in 0..emulator.scenario.faces.0 {
            let steps = plan::face(&emulator.scenario, number);
            emulator.add(0, steps);
        }
        if emulator.scenario.stay_minutes > 0 {
            emulator.push(emulator.scenario.cleaner_every, Action::Clean);
        }
        Ok(emulator)
    }

    /// Plays the terminal. `is_over` ends it early.
    ///
    /// # Errors
    /// When a folder cannot be used any more.
    pub fn run(mut self, pace: Pace, is_over: impl Fn() -> bool) -> io::Result<Summary> {
        let begin = Instant::now();
        let mut now = 0;
        loop {
            self.scan(now)?;
            match pace {
                Pace::Simulated => {
                    // The cleaner alone would never come to an end.
                    let is_only_cleaning =
                        self.queue.values().all(|action| matches!(action, Action::Clean));
                    let next = self.queue.first_key_value().map(|(key, _)| key.0);
                    match next.filter(|_| !is_only_cleaning) {
                        Some(due) => now = due.max(now),
                        None => return Ok(self.summary),
                    }
                }
                Pace::Real(limit) => {
                    let elapsed = begin.elapsed();
                    if is_over() || limit.is_some_and(|limit| elapsed >= limit) {
                        return Ok(self.summary);
                    }
                    now = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
                }
            }
            self.due(now)?;
            if let Pace::Real(_) = pace {
                let next = self.queue.first_key_value().map_or(u64::MAX, |(key, _)| key.0);
                let elapsed = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
                std::thread::sleep(SCAN.min(Duration::from_millis(next.saturating_sub(elapsed))));
            }
        }
    }

    fn push(&mut self, due: u64, action: Action) {
        self.sequence += 1;
        self.queue.insert((due, self.sequence), action);
    }

    fn add(&mut self, now: u64, steps: Vec<Timed>) {
        for (after, step) in steps {
            self.push(now + after, Action::Do(step));
        }
    }

    fn due(&mut self, now: u64) -> io::Result<()> {
        while let Some(entry) = self.queue.first_entry()
            && entry.key().0 <= now
        {
            let due = entry.key().0;
            match entry.remove() {
                Action::Do(step) => self.stage.act(due, &step)?,
                Action::Read(name, since) => self.read(&name, due, since)?,
                Action::Clean => {
                    let stay = self.scenario.stay_minutes * 60_000;
                    self.stage.clean(due, stay, &self.scenario.time)?;
                    self.push(due + self.scenario.cleaner_every.max(1), Action::Clean);
                }
            }
        }
        Ok(())
    }

    /// Plans what happens to every new request.
    fn scan(&mut self, now: u64) -> io::Result<()> {
        let listing = self.stage.folder(Place::Req).list()?;
        self.seen.retain(|name| listing.names.binary_search(name).is_ok());
        for name in listing.names {
            if self.seen.insert(name.clone()) {
                self.read(&name, now, now)?;
            }
        }
        Ok(())
    }

    fn read(&mut self, file: &OsStr, now: u64, since: u64) -> io::Result<()> {
        let Name::Exchange(name) = Name::parse(file) else { return Ok(()) };
        if name.side != Side::Request {
            return Ok(());
        }
        let folder = self.stage.folder(Place::Req);
        let content = match folder.read(file, document::SIZE_MAX_BYTES) {
            Ok(content) => content,
            // On a mounted share a file that has just come cannot always be read at once.
            Err(_) if now < since + UNFINISHED_MS => {
                self.push(now + AGAIN_MS, Action::Read(file.to_owned(), since));
                return Ok(());
            }
            Err(_) => return self.stage.note(&format!("{now} unreadable req/{name}")),
        };
        match document::parse(&content.bytes) {
            Err(DocumentError::Unfinished) if now < since + UNFINISHED_MS => {
                self.push(now + AGAIN_MS, Action::Read(file.to_owned(), since));
            }
            // What cannot be read may be a request of a real institution.
            Err(_) if !names_only_synthetic(&content.bytes) => {
                self.summary.refused += 1;
                self.stage.note(&format!("{now} refused req/{name}"))?;
            }
            Err(_) => self.send_back(&name, &content.bytes, now),
            Ok((message, _)) => {
                let asked = Asked::new(message);
                let is_real = |code: &str| !Scenario::is_synthetic(code);
                if is_real(&asked.institution) || asked.institutions().any(is_real) {
                    self.summary.refused += 1;
                    return self.stage.note(&format!("{now} refused req/{name}"));
                }
                if asked.institution != self.scenario.institution {
                    self.send_back(&name, &content.bytes, now);
                    return Ok(());
                }
                self.summary.requests += 1;
                let (scenario, receptions) = (&self.scenario, &mut self.receptions);
                let mut label = plan::question(&name, &asked);
                let times = self.asked.entry(label.clone()).or_default();
                *times += 1;
                label += &format!(" {times}");
                let bytes = &content.bytes;
                let steps = plan::request(scenario, &label, &name, bytes, &asked, receptions);
                self.add(now, steps);
            }
        }
        Ok(())
    }

    fn send_back(&mut self, name: &Exchange, bytes: &[u8], now: u64) {
        self.summary.sent_back += 1;
        self.push(now, Action::Do(Step::Remove(Place::Req, name.to_string())));
        self.add(now, plan::error_file(name, bytes, 1, "TEST0001,要求を読めません"));
    }
}

/// True if bytes that are no message name an institution, and none that is not invented.
fn names_only_synthetic(bytes: &[u8]) -> bool {
    // Tags and codes are the same letters in each encoding.
    let text = String::from_utf8_lossy(bytes);
    let mut found = super::scenario::codes(&text).peekable();
    found.peek().is_some() && found.all(Scenario::is_synthetic)
}
