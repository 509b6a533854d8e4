//! Looking for one answer: by its exact names, whole by its format, the same on a second look,
//! and then judged.

use std::ffi::OsStr;
use std::io;
use std::time::{Duration, Instant};

use super::content::{Fault, content};
use super::{Answer, Client, Open, Outcome};
use crate::folder::{Identity, Kind};
use crate::message::Doubt;
use crate::name::{Exchange, Extension};

/// A probe comes later each time by this factor, in tenths.
const BACK_OFF_TENTHS: u32 = 13;

/// How long to wait for what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timing {
    /// First pause between two probes.
    pub probe_min: Duration,
    /// Longest pause between two probes.
    pub probe_max: Duration,
    /// Pause before a whole file is looked at again.
    pub second_look: Duration,
    /// How long a file that is not whole must have stayed as it is to be called doubtful. One that
    /// may still be written is called so only when the time is over.
    pub settle: Duration,
    /// How long to wait at most.
    pub timeout: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            probe_min: Duration::from_millis(200),
            probe_max: Duration::from_secs(2),
            second_look: Duration::from_millis(100),
            settle: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
        }
    }
}

/// What a look found.
#[derive(Debug)]
pub enum Seen {
    /// Nothing yet.
    Nothing,
    /// The end of the wait.
    Answer(Box<Answer>),
}

/// A file as it was seen, and since when it is so.
#[derive(Debug)]
struct Sight {
    extension: Extension,
    identity: Identity,
    since: Instant,
    state: Result<Box<Answer>, Doubt>,
}

impl Sight {
    /// False if it has to be read again although it is the same: the right to read it may come
    /// without a sign.
    fn is_read(&self) -> bool {
        !matches!(self.state, Err(Doubt::Unreadable))
    }
}

/// The wait for one answer.
#[derive(Debug)]
pub struct Look {
    open: Open,
    timing: Timing,
    end: Instant,
    pause: Duration,
    due: Instant,
    sight: Option<Sight>,
    /// A look without a wait: nothing there means that it is over.
    is_once: bool,
}

impl Look {
    pub(super) fn new(open: Open, timing: Timing, now: Instant) -> Self {
        let (pause, end) = (timing.probe_min, now + timing.timeout);
        Self { open, timing, end, pause, due: now + pause, sight: None, is_once: false }
    }

    pub(super) fn at_once(mut self, now: Instant) -> Self {
        self.due = now;
        self.is_once = true;
        self
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Exchange {
        &self.open.request
    }

    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// One look: every name that an answer can have, in order.
    pub(super) fn look(&mut self, client: &Client, now: Instant) -> Seen {
        let (extension, identity) = match self.find(client) {
            Ok(Some(found)) => found,
            Ok(None) if self.is_once && self.is_handed_over() => return self.gone(),
            // A share that cannot be reached may come back.
            _ => {
                self.sight = None;
                return self.nothing(now);
            }
        };
        let is_same = self.sight.as_ref().is_some_and(|sight| {
            (sight.extension, sight.identity) == (extension, identity) && sight.is_read()
        });
        if !is_same {
            self.sight = self.read(client, extension, identity, now);
        }
        self.conclude(now)
    }

    /// The first name that something stands under.
    fn find(&self, client: &Client) -> io::Result<Option<(Extension, Identity)>> {
        for extension in Extension::RESPONSES.into_iter().chain([Extension::Err]) {
            if let Some(identity) = client.res.probe(OsStr::new(&self.name(extension)))? {
                return Ok(Some((extension, identity)));
            }
        }
        Ok(None)
    }

    fn name(&self, extension: Extension) -> String {
        match extension {
            Extension::Err => self.open.request.with_extension(extension).to_string(),
            _ => self.open.request.counterpart(extension).to_string(),
        }
    }

    /// Whether what was seen is enough to end the wait.
    fn conclude(&mut self, now: Instant) -> Seen {
        let Some(sight) = &self.sight else { return self.nothing(now) };
        let age = now.saturating_duration_since(sight.since);
        let doubt = match &sight.state {
            Ok(_) => {
                // The content of an error file has no form that would prove it whole.
                let pause = match sight.extension {
                    Extension::Err => self.timing.second_look.max(Duration::from_secs(1)),
                    _ => self.timing.second_look,
                };
                if age >= pause {
                    let sight = self.sight.take().expect("it was just there");
                    return sight.state.map_or(Seen::Nothing, Seen::Answer);
                }
                self.due = now + (pause - age);
                return Seen::Nothing;
            }
            Err(doubt) => doubt.clone(),
        };
        if doubt.is_ours() {
            return self.kept_shut(doubt, age, now);
        }
        // A look without a wait takes nothing away from whoever still waits.
        if self.is_once && doubt.may_pass() && self.open.is_young() {
            return Seen::Answer(Box::new(self.ended(Outcome::Waiting, Some(doubt))));
        }
        let limit = if doubt.may_pass() { self.timing.settle } else { self.timing.second_look };
        let is_over = now >= self.end && !self.is_once;
        // What may still be written has all the time that the user gave.
        let is_patient = doubt.may_pass() && !self.is_once && !is_over;
        if age >= limit && !is_patient {
            return Seen::Answer(Box::new(self.ended(Outcome::Doubtful, Some(doubt))));
        }
        if is_over {
            return Seen::Answer(Box::new(self.ended(Outcome::Waiting, Some(doubt))));
        }
        // A file that is being written moves on; nothing is won by waiting longer and longer.
        let rest = if is_patient { self.end - now } else { limit - age };
        self.due = now + self.timing.probe_min.min(rest);
        Seen::Nothing
    }

    /// A file that we have no right or no password for: what nobody has read is not doubtful.
    /// Rights may be mended while we wait; a password is what it was.
    fn kept_shut(&mut self, doubt: Doubt, age: Duration, now: Instant) -> Seen {
        let is_hopeless = doubt != Doubt::Unreadable && age >= self.timing.second_look;
        if self.is_once || is_hopeless || now >= self.end {
            return Seen::Answer(Box::new(self.ended(Outcome::Waiting, Some(doubt))));
        }
        self.due = now + self.timing.probe_min;
        Seen::Nothing
    }

    /// True if an answer was handed over before.
    fn is_handed_over(&self) -> bool {
        !matches!(&self.open.last, None | Some((Outcome::Doubtful, _)))
    }

    /// An answer that was there once; that is told once.
    fn gone(&self) -> Seen {
        let mut answer = self.ended(Outcome::Gone, None);
        answer.is_again = self.open.is_gone;
        Seen::Answer(Box::new(answer))
    }

    fn nothing(&mut self, now: Instant) -> Seen {
        if now >= self.end || self.is_once {
            let mut answer = self.ended(Outcome::Waiting, None);
            answer.was_doubtful = matches!(&self.open.last, Some((Outcome::Doubtful, _)));
            return Seen::Answer(Box::new(answer));
        }
        self.due = (now + self.pause).min(self.end.max(now));
        self.pause = (self.pause * BACK_OFF_TENTHS / 10).min(self.timing.probe_max);
        Seen::Nothing
    }

    fn ended(&self, outcome: Outcome, doubt: Option<Doubt>) -> Answer {
        let request = self.open.request.to_string();
        let mut answer = Answer::new(request, self.open.request.api.to_string(), outcome);
        if let Some(sight) = &self.sight {
            answer.response = Some(self.name(sight.extension));
            answer.identity = Some(sight.identity);
        }
        answer.doubt = doubt;
        answer
    }

    /// Reads a file; `None` if it went away or is held by its writer.
    fn read(
        &self,
        client: &Client,
        extension: Extension,
        found: Identity,
        now: Instant,
    ) -> Option<Sight> {
        let sight = |identity, state| Some(Sight { extension, identity, since: now, state });
        if found.kind != Kind::File {
            return sight(found, Err(Doubt::NotAFile));
        }
        let name = self.name(extension);
        match content(client, &name, extension, &self.open) {
            Ok((identity, sha256, mut answer)) => {
                answer.response = Some(name);
                answer.is_again = self.open.last.as_ref().is_some_and(|(_, last)| *last == sha256);
                answer.sha256 = Some(sha256);
                sight(identity, Ok(Box::new(answer)))
            }
            Err(Fault::Doubt(doubt)) => sight(found, Err(doubt)),
            Err(Fault::Io(error)) if error.kind() == io::ErrorKind::FileTooLarge => {
                sight(found, Err(Doubt::TooLarge))
            }
            Err(Fault::Io(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
                sight(found, Err(Doubt::Unreadable))
            }
            Err(Fault::Io(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests;
