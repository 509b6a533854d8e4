//! Results that the card reader pushes into `face`: their names are not known before, so the
//! folder is listed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use diag::{refused, text};

use super::answer::{Answer, Delivery, Outcome};
use super::{Ledger, Timing, content};
use crate::catalogue::Catalogue;
use crate::document::{self, Element};
use crate::encoding::Encoding;
use crate::folder::{Folder, Identity};
use crate::journal::JournalError;
use crate::message::{self, Doubt, Verdict};
use crate::name::Name;
use crate::pseudonym;
use crate::state::{self, State};

/// How many names that were decided about are looked at again each time. LIMIT: each is a
/// question to the server; all have their turn.
const AGAIN_MAX: usize = 4;
/// A listing may take at most this part of the time.
const LISTING_SHARE: u32 = 20;

/// A face result as it was seen.
#[derive(Debug)]
struct Sight {
    identity: Identity,
    sha256: String,
    since: Instant,
    state: Result<(Element, Encoding), Doubt>,
}

/// A result that was decided about, as it was then.
#[derive(Debug)]
struct Done {
    identity: Identity,
    sha256: String,
}

/// Follows the folder `face`.
#[derive(Debug)]
pub struct Faces {
    folder: Folder,
    state: State,
    ledger: Ledger,
    catalogue: Catalogue,
    institution: String,
    timing: Timing,
    /// Handed over or refused, as long as the same file is there.
    done: BTreeMap<OsString, Done>,
    /// The name in `done` that was looked at last.
    looked: OsString,
    /// Told to be unreadable, and looked at again and again.
    unreadable: BTreeSet<OsString>,
    sights: BTreeMap<OsString, Sight>,
}

impl Faces {
    /// Opens the folder `face` in `root`.
    ///
    /// # Errors
    /// When it or the state cannot be used.
    pub fn open(
        root: &Path,
        state: &Path,
        institution: &str,
        timing: Timing,
    ) -> Result<Self, JournalError> {
        let state = State::open(state)?;
        let ledger = Ledger::open(&state)?;
        let folder = super::child(&Folder::open(&state::absolute(root)?)?, "face")?;
        Ok(Self {
            folder,
            state,
            ledger,
            catalogue: Catalogue::load(),
            institution: institution.to_owned(),
            timing,
            done: BTreeMap::new(),
            looked: OsString::new(),
            unreadable: BTreeSet::new(),
            sights: BTreeMap::new(),
        })
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// One look at the folder. `is_acknowledged` says whether somebody has a content under a
    /// name; that is not handed over again. Returns how long to pause before the next look, or
    /// `None` when a result did not reach whoever asked.
    ///
    /// # Errors
    /// When the folder or the journal cannot be used.
    pub fn look(
        &mut self,
        is_acknowledged: &impl Fn(&OsStr, &str) -> bool,
        mut each: impl FnMut(Answer) -> Delivery,
    ) -> Result<Option<Duration>, JournalError> {
        let begin = Instant::now();
        // Another folder under the path is not seen by the handle, and has all that comes.
        if !self.folder.is_still_there() {
            return Err(moved().into());
        }
        let listing = self.folder.list()?;
        let cost = begin.elapsed();
        self.look_again();
        self.done.retain(|name, _| listing.names.binary_search(name).is_ok());
        self.unreadable.retain(|name| listing.names.binary_search(name).is_ok());
        self.sights.retain(|name, _| listing.names.binary_search(name).is_ok());
        for name in &listing.names {
            let Name::Face(face) = Name::parse(name) else { continue };
            if self.done.contains_key(name) {
                continue;
            }
            if let Some(answer) = self.one(name, &face.institution, Instant::now()) {
                if answer.doubt == Some(Doubt::Unreadable) {
                    if self.unreadable.insert(name.clone()) && each(answer) == Delivery::Failed {
                        return Ok(None);
                    }
                    continue;
                }
                let sha256 = answer.sha256.clone().unwrap_or_default();
                if let Some(sight) = self.sights.remove(name) {
                    let done = Done { identity: sight.identity, sha256: sha256.clone() };
                    self.done.insert(name.clone(), done);
                }
                let mut answer = answer;
                if answer.outcome != Outcome::Doubtful {
                    if is_acknowledged(name, &sha256) {
                        continue;
                    }
                    if !answer.is_again {
                        let is_new = self.ledger.face(&self.state.key.name(name), &sha256)?;
                        answer.is_again = !is_new;
                    }
                }
                let is_new = answer.outcome != Outcome::Doubtful && !answer.is_again;
                if each(answer) == Delivery::Failed {
                    self.done.remove(name);
                    if is_new {
                        self.ledger.undelivered_face(&self.state.key.name(name))?;
                    }
                    return Ok(None);
                }
            }
        }
        let pause = if self.is_quiet() { self.timing.probe_max } else { self.timing.second_look };
        Ok(Some(pause.max(cost * LISTING_SHARE)))
    }

    /// Forgets results that became other files: a name that was refused, or handed over, may get
    /// a new content.
    fn look_again(&mut self) {
        let behind = self.done.range::<OsStr, _>((
            std::ops::Bound::Excluded(self.looked.as_os_str()),
            std::ops::Bound::Unbounded,
        ));
        let mut names: Vec<OsString> =
            behind.map(|(name, _)| name.clone()).take(AGAIN_MAX).collect();
        let rest = AGAIN_MAX - names.len();
        let first = self.done.keys().filter(|name| **name <= self.looked).take(rest);
        names.extend(first.cloned().collect::<Vec<_>>());
        for name in names {
            let Some(done) = self.done.get_mut(&name) else { continue };
            let current = self.folder.probe(&name).ok().flatten();
            self.looked.clone_from(&name);
            let Some(current) = current.filter(|current| *current != done.identity) else {
                continue;
            };
            let read = self.folder.read(&name, document::SIZE_MAX_BYTES);
            let is_same = |sha256: &str| !sha256.is_empty() && sha256 == done.sha256;
            match read.map(|content| pseudonym::digest(&content.bytes)) {
                // Only its times are others.
                Ok(sha256) if is_same(&sha256) => done.identity = current,
                _ => {
                    self.done.remove(&name);
                }
            }
        }
    }

    /// True if nothing that was seen is still to be decided.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.sights.keys().all(|name| self.unreadable.contains(name))
    }

    fn one(&mut self, name: &OsString, institution: &str, now: Instant) -> Option<Answer> {
        let own = self.institution.clone();
        let is_own = |code: &str| code == own && institution == own;
        let current = self.folder.probe(name).ok().flatten()?;
        let is_same = self.sights.get(name).is_some_and(|sight| sight.identity == current);
        let is_refused = |sight: &Sight| matches!(sight.state, Err(Doubt::Unreadable));
        let since = self.sights.get(name).filter(|sight| is_same && is_refused(sight));
        let since = since.map(|sight| sight.since);
        if !is_same || since.is_some() {
            match content::face(&self.folder, name, &is_own) {
                Ok((identity, sha256, state)) => {
                    self.sights.insert(name.clone(), Sight { identity, sha256, since: now, state });
                }
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    let (sha256, state) = (String::new(), Err(Doubt::TooLarge));
                    let sight = Sight { identity: current, sha256, since: now, state };
                    self.sights.insert(name.clone(), sight);
                }
                // The right to read it may come without a sign.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    let (sha256, state) = (String::new(), Err(Doubt::Unreadable));
                    let since = since.unwrap_or(now);
                    let sight = Sight { identity: current, sha256, since, state };
                    self.sights.insert(name.clone(), sight);
                }
                Err(_) => {}
            }
            if !self.sights.get(name).is_some_and(is_refused) {
                return None;
            }
        }
        let sight = self.sights.get(name)?;
        let age = now.saturating_duration_since(sight.since);
        let shown = name.to_string_lossy().into_owned();
        let mut answer = Answer::new(String::new(), "OQSsiquc01".to_owned(), Outcome::Answered);
        answer.response = Some(shown);
        answer.sha256 = Some(sight.sha256.clone());
        match &sight.state {
            Ok((message, encoding)) if age >= self.timing.second_look => {
                match message::verdict(self.catalogue.kind("OQSsiquc01"), message) {
                    Ok(Verdict::Answered) => {}
                    Ok(Verdict::Failed | Verdict::InProgress) => answer.outcome = Outcome::Failed,
                    Err(doubt) => {
                        answer.outcome = Outcome::Doubtful;
                        answer.doubt = Some(doubt);
                        return Some(answer);
                    }
                }
                answer.content = message::to_json(&self.catalogue, message);
                answer.content.insert("encoding".to_owned(), encoding.label().into());
                let before = self.ledger.face_of(&self.state.key.name(name));
                answer.is_again = before == Some(&sight.sha256);
                Some(answer)
            }
            Err(doubt) if age >= self.timing.settle || !may_pass(doubt) => {
                answer.outcome = Outcome::Doubtful;
                answer.doubt = Some(doubt.clone());
                Some(answer)
            }
            _ => None,
        }
    }
}

fn moved() -> io::Error {
    let what = text!(
        ja: "フォルダー `face` が別のものに入れ替わったか、なくなりました。起動し直してください",
        en: "the folder `face` was replaced or taken away; start the program again",
    );
    refused(io::ErrorKind::NotFound, what)
}

/// True if waiting may help: the file may still be written, or may be read one day.
fn may_pass(doubt: &Doubt) -> bool {
    doubt.may_pass() || *doubt == Doubt::Unreadable
}
