//! The claims computer's side: a request is written down before it is published, published
//! once, and its answer is looked for by its exact name until it is whole and proved to be the
//! answer.
//!
//! There is no watcher: on network drives it misses changes, and a probe by name costs the same
//! in a full folder as in an empty one.

mod answer;
mod content;
mod face;
mod ledger;
mod look;
mod send;

pub use answer::{Answer, Delivery, Outcome};
pub use face::Faces;
pub use ledger::{Ledger, Open};
pub use look::{Look, Seen, Timing};
pub use send::{SendError, publish};

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use diag::{os_error, refused, text};
use serde_json::{Map, Value};

use crate::catalogue::Catalogue;
use crate::encoding::Encoding;
use crate::folder::Folder;
use crate::journal::JournalError;
use crate::name::{Exchange, Name};
use crate::quarantine;
use crate::state::{self, State};

/// Most requests under way at once. LIMIT: each costs a probe for every tick.
pub const PARALLEL_MAX: usize = 1_024;

/// What a client is told once.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The institution's code.
    pub institution: String,
    /// How requests are written.
    pub encoding: Encoding,
    /// How long to wait.
    pub timing: Timing,
    /// How many requests may be under way.
    pub parallel: usize,
    /// The password of encrypted answers.
    pub password: Option<String>,
}

/// A request to be made.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The kind of message.
    pub api: String,
    /// One object for each person.
    pub people: Vec<Map<String, Value>>,
}

/// A claims computer at its shared folders.
#[derive(Debug)]
pub struct Client {
    /// Requests go here.
    pub req: Folder,
    /// Answers come here.
    pub res: Folder,
    /// Our own state.
    pub state: State,
    /// What was asked and what came of it.
    pub ledger: Ledger,
    /// What is known of messages.
    pub catalogue: Catalogue,
    /// What it was told.
    pub settings: Settings,
}

impl Client {
    /// Opens the folders `req` and `res` in `root`, and the state.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn open(root: &Path, state: &Path, settings: Settings) -> Result<Self, JournalError> {
        let root = Folder::open(&state::absolute(root)?)?;
        let state = State::open(state)?;
        let ledger = Ledger::open(&state)?;
        Ok(Self {
            req: child(&root, "req")?,
            res: child(&root, "res")?,
            state,
            ledger,
            catalogue: Catalogue::load(),
            settings,
        })
    }

    /// Makes every request, no more than `parallel` at once, and hands each answer over as it
    /// comes, with the number of its request. Returns when all have an answer or have waited long
    /// enough, and at the first answer that does not reach whoever asked.
    ///
    /// # Errors
    /// When the journal or a folder cannot be used any more. What was on the way is then told as
    /// waiting, and the rest as unsent.
    pub fn run(
        &mut self,
        requests: impl IntoIterator<Item = Ask>,
        mut each: impl FnMut(Answer) -> Delivery,
    ) -> Result<(), JournalError> {
        let mut requests = (1..).zip(requests);
        let mut under_way = UnderWay::default();
        let outcome = self.run_all(&mut requests, &mut under_way, &mut each);
        let Err(error) = outcome else { return Ok(()) };
        let error = SendError::Journal(error);
        let unsent = |(number, ask): (u64, Ask)| Answer {
            number: Some(number),
            ..Answer::unsent(&ask.api, &error)
        };
        let left = under_way.left();
        let is_told = |answer| each(answer) == Delivery::Done;
        // Nobody is left to be told once one did not arrive.
        let _ = left.into_iter().chain(requests.map(unsent)).all(is_told);
        match error {
            SendError::Journal(error) => Err(error),
            _ => Ok(()),
        }
    }

    fn run_all(
        &mut self,
        requests: &mut impl Iterator<Item = (u64, Ask)>,
        UnderWay { waiting, numbers }: &mut UnderWay,
        each: &mut impl FnMut(Answer) -> Delivery,
    ) -> Result<(), JournalError> {
        let mut is_more = true;
        while is_more || !waiting.is_empty() {
            while is_more && waiting.len() < self.settings.parallel.clamp(1, PARALLEL_MAX) {
                let Some((number, ask)) = requests.next() else {
                    is_more = false;
                    break;
                };
                let error = match publish(self, &ask) {
                    Ok(open) => {
                        let look = Look::new(open, self.settings.timing, Instant::now());
                        numbers.insert(look.request().to_string(), number);
                        waiting.insert(look.request().clone(), look);
                        continue;
                    }
                    Err(error) => error,
                };
                let unsent = Answer::unsent(&ask.api, &error);
                let delivery = each(Answer { number: Some(number), ..unsent });
                if let SendError::Journal(error) = error {
                    return Err(error);
                }
                if delivery == Delivery::Failed {
                    return Ok(());
                }
            }
            let mut each = |answer: Answer| {
                let number = numbers.remove(&answer.request);
                each(Answer { number, ..answer })
            };
            if self.turn(waiting, &mut each)? == Delivery::Failed {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Looks once for everything that was asked and has no answer yet, or whose answer nobody
    /// acknowledged, and hands it over; ends at the first that does not reach whoever asked.
    ///
    /// # Errors
    /// When the journal or a folder cannot be used any more.
    pub fn collect(
        &mut self,
        open: Vec<Open>,
        mut each: impl FnMut(Answer) -> Delivery,
    ) -> Result<(), JournalError> {
        let now = Instant::now();
        let timing = Timing { timeout: self.settings.timing.settle, ..self.settings.timing };
        let looks = open.into_iter().map(|open| Look::new(open, timing, now).at_once(now));
        let mut waiting: BTreeMap<Exchange, Look> =
            looks.map(|look| (look.request().clone(), look)).collect();
        while !waiting.is_empty() {
            if self.turn(&mut waiting, &mut each)? == Delivery::Failed {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes down that an answer did not reach whoever asked, although that was meant to be.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn undelivered(&mut self, answer: &Answer) -> Result<(), JournalError> {
        self.ledger.undelivered(answer)
    }

    /// Everything that is due, then sleep until something is.
    fn turn(
        &mut self,
        waiting: &mut BTreeMap<Exchange, Look>,
        each: &mut impl FnMut(Answer) -> Delivery,
    ) -> Result<Delivery, JournalError> {
        let now = Instant::now();
        let mut done = Vec::new();
        for (request, look) in waiting.iter_mut() {
            if look.due() > now {
                continue;
            }
            if let Seen::Answer(answer) = look.look(self, Instant::now()) {
                done.push((request.clone(), *answer));
            }
        }
        for (request, mut answer) in done {
            waiting.remove(&request);
            // On the disk first: what was handed over is known even if we end right then.
            if !self.ledger.end(&self.state, &answer)? {
                // Another process has handed it over meanwhile, or told that it is gone.
                answer.is_again = true;
            }
            if answer.outcome == Outcome::Gone && answer.is_again {
                continue;
            }
            if let (Outcome::Doubtful, Some(name), Some(seen)) =
                (&answer.outcome, &answer.response, &answer.identity)
            {
                // It answers our own request, so that nobody else waits for it.
                answer.placing = Some(quarantine::put(&self.res, OsStr::new(name), seen));
            }
            if each(answer.clone()) == Delivery::Failed {
                self.ledger.undelivered(&answer)?;
                return Ok(Delivery::Failed);
            }
        }
        let next = waiting.values().map(Look::due).min();
        if let Some(pause) = next.map(|next| next.saturating_duration_since(Instant::now())) {
            std::thread::sleep(pause.min(Duration::from_secs(1)));
        }
        Ok(Delivery::Done)
    }
}

/// Requests that were published and have no answer yet.
#[derive(Default)]
struct UnderWay {
    waiting: BTreeMap<Exchange, Look>,
    /// Which of the requests each is.
    numbers: BTreeMap<String, u64>,
}

impl UnderWay {
    /// What is to be told of them when nothing more can be done.
    fn left(self) -> Vec<Answer> {
        let waiting = self.numbers.into_iter().filter_map(|(name, number)| {
            let Name::Exchange(request) = Name::parse(OsStr::new(&name)) else { return None };
            let answer = Answer::new(name, request.api.to_string(), Outcome::Waiting);
            Some(Answer { number: Some(number), ..answer })
        });
        waiting.collect()
    }
}

/// A hand-over folder; an error names it.
fn child(root: &Folder, name: &str) -> io::Result<Folder> {
    root.child(name).map_err(|error| {
        let reason = os_error(&error);
        let what = text!(
            ja: "フォルダー `{name}` を開けません: {reason}",
            en: "folder `{name}` cannot be opened: {reason}", name = name, reason = reason,
        );
        refused(error.kind(), what)
    })
}
