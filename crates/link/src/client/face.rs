//! Results that the card reader pushes into `face`: their names are not known before, so the
//! folder is listed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::ops::Bound;
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

/// How many names that were decided about are looked at again each time, of those that were
/// doubtful and of the others. LIMIT: each is a question to the server; all have their turn.
const AGAIN_MAX: usize = 2;
/// How many results are read for the first time in one look. LIMIT: the newest come first, and one
/// that comes meanwhile waits for no more than these.
const NEW_MAX: usize = 64;
/// A listing may take at most this part of the time.
const LISTING_SHARE: u32 = 20;

/// A face result as it was seen. What it says is read again when it is handed over.
#[derive(Debug)]
struct Sight {
    identity: Identity,
    sha256: String,
    since: Instant,
    state: Result<(), Doubt>,
}

/// A result that was decided about, as it was then: short words, for there may be many.
#[derive(Debug)]
struct Done {
    file: u64,
    content: u64,
    is_doubtful: bool,
}

/// A word for a file as it is.
fn file_word(identity: &Identity) -> u64 {
    let Identity { volume, file, kind, size, modified, changed, links } = identity;
    let mut hash = DefaultHasher::new();
    (volume, file, *kind as u8, size, modified, changed, links).hash(&mut hash);
    hash.finish()
}

/// A word for a content; none for one that was not read.
fn content_word(sha256: &str) -> u64 {
    sha256.get(..16).and_then(|word| u64::from_str_radix(word, 16).ok()).unwrap_or(0)
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
    /// The names in `done` that were looked at last, of those that were doubtful and of the others.
    looked: [OsString; 2],
    /// Told to be unreadable, and looked at again and again.
    unreadable: BTreeSet<OsString>,
    sights: BTreeMap<OsString, Sight>,
    /// True if there are results that were not looked at yet.
    is_behind: bool,
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
            looked: Default::default(),
            unreadable: BTreeSet::new(),
            sights: BTreeMap::new(),
            is_behind: false,
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
        let mut new_count = 0;
        for name in self.newest_first(&listing.names) {
            let Name::Face(face) = Name::parse(name) else { continue };
            if !self.sights.contains_key(name) {
                new_count += 1;
                if new_count > NEW_MAX {
                    continue;
                }
            }
            let answer = self.one(name, &face.institution, Instant::now());
            let Some(answer) = answer else { continue };
            if self.decide(name, answer, is_acknowledged, &mut each)? == Delivery::Failed {
                return Ok(None);
            }
        }
        self.is_behind = new_count > NEW_MAX;
        let pause = if self.is_quiet() { self.timing.probe_max } else { self.timing.second_look };
        let rest = if self.is_behind { Duration::ZERO } else { cost * LISTING_SHARE };
        Ok(Some(pause.max(rest)))
    }

    /// The results that nothing was decided about yet, the newest first.
    fn newest_first<'a>(&self, names: &'a [OsString]) -> Vec<&'a OsString> {
        let open = names.iter().filter(|name| !self.done.contains_key(*name));
        let faces = open.filter_map(|name| match Name::parse(name) {
            Name::Face(face) => Some((face.time.parse().unwrap_or(0), name)),
            _ => None,
        });
        let mut faces: Vec<(u64, &OsString)> = faces.collect();
        faces.sort_unstable_by(|one, other| other.cmp(one));
        faces.into_iter().map(|(_, name)| name).collect()
    }

    /// Writes down what was decided about a result, and hands it over.
    fn decide(
        &mut self,
        name: &OsString,
        mut answer: Answer,
        is_acknowledged: &impl Fn(&OsStr, &str) -> bool,
        each: &mut impl FnMut(Answer) -> Delivery,
    ) -> Result<Delivery, JournalError> {
        if answer.doubt == Some(Doubt::Unreadable) {
            let is_told = !self.unreadable.insert(name.clone());
            return Ok(if is_told { Delivery::Done } else { each(answer) });
        }
        let sha256 = answer.sha256.clone().unwrap_or_default();
        let is_doubtful = answer.outcome == Outcome::Doubtful;
        if let Some(sight) = self.sights.remove(name) {
            let (file, content) = (file_word(&sight.identity), content_word(&sha256));
            self.done.insert(name.clone(), Done { file, content, is_doubtful });
        }
        if !is_doubtful {
            if is_acknowledged(name, &sha256) {
                return Ok(Delivery::Done);
            }
            if !answer.is_again {
                answer.is_again = !self.ledger.face(&self.state.key.name(name), &sha256)?;
            }
        }
        let is_new = !is_doubtful && !answer.is_again;
        if each(answer) == Delivery::Done {
            return Ok(Delivery::Done);
        }
        self.done.remove(name);
        if is_new {
            self.ledger.undelivered_face(&self.state.key.name(name))?;
        }
        Ok(Delivery::Failed)
    }

    /// Forgets results that became other files: a name that was refused, or handed over, may get
    /// a new content.
    fn look_again(&mut self) {
        for is_doubtful in [true, false] {
            let looked = &self.looked[usize::from(is_doubtful)];
            let its = |(name, done): (&OsString, &Done)| {
                (done.is_doubtful == is_doubtful).then(|| name.clone())
            };
            let behind = (Bound::Excluded(looked.as_os_str()), Bound::Unbounded);
            let behind = self.done.range::<OsStr, _>(behind).filter_map(its);
            let before = (Bound::Unbounded, Bound::Included(looked.as_os_str()));
            let before = self.done.range::<OsStr, _>(before).filter_map(its);
            let names: Vec<OsString> = behind.chain(before).take(AGAIN_MAX).collect();
            for name in &names {
                self.look_again_at(name);
            }
            if let Some(last) = names.into_iter().next_back() {
                self.looked[usize::from(is_doubtful)] = last;
            }
        }
    }

    fn look_again_at(&mut self, name: &OsString) {
        let Some(done) = self.done.get_mut(name) else { return };
        let current = self.folder.probe(name).ok().flatten();
        let current = current.map(|current| file_word(&current));
        let Some(current) = current.filter(|current| *current != done.file) else { return };
        let read = self.folder.read(name, document::SIZE_MAX_BYTES);
        match read.map(|content| content_word(&pseudonym::digest(&content.bytes))) {
            // Only its times are others.
            Ok(content) if content == done.content => done.file = current,
            _ => {
                self.done.remove(name);
            }
        }
    }

    /// True if nothing that was seen is still to be decided.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        !self.is_behind && self.sights.keys().all(|name| self.unreadable.contains(name))
    }

    /// What is to be said of a result now, if it is anything.
    fn one(&mut self, name: &OsString, institution: &str, now: Instant) -> Option<Answer> {
        let current = self.folder.probe(name).ok().flatten()?;
        let known = self.sights.get(name).filter(|sight| sight.identity == current);
        let since = known.map(|sight| sight.since);
        // The right to read it may come without a sign.
        let is_refused = known.is_some_and(|sight| sight.state == Err(Doubt::Unreadable));
        let mut content = None;
        if since.is_none() || is_refused {
            content = self.see(name, institution, current, since.unwrap_or(now));
            if !self.sights.get(name).is_some_and(|sight| sight.state == Err(Doubt::Unreadable)) {
                return None;
            }
        }
        let sight = self.sights.get(name)?;
        let age = now.saturating_duration_since(sight.since);
        let limit = match &sight.state {
            Ok(()) => self.timing.second_look,
            Err(doubt) if may_pass(doubt) => self.timing.settle,
            Err(_) => Duration::ZERO,
        };
        if age < limit {
            return None;
        }
        if sight.state.is_ok() {
            // What is handed over is what stood there before.
            let seen = (sight.identity, sight.sha256.clone());
            content = self.see(name, institution, current, now);
            let sight = self.sights.get(name)?;
            if (sight.identity, &sight.sha256) != (seen.0, &seen.1) || content.is_none() {
                return None;
            }
        }
        Some(self.said(name, content))
    }

    /// Reads a result; gives what it says if it is whole and ours.
    fn see(
        &mut self,
        name: &OsString,
        institution: &str,
        current: Identity,
        since: Instant,
    ) -> Option<(Element, Encoding)> {
        let own = &self.institution;
        let is_own = |code: &str| code == own && institution == own;
        let refused = |doubt| (current, String::new(), Err(doubt));
        let (identity, sha256, read) = match content::face(&self.folder, name, &is_own) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => refused(Doubt::TooLarge),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                refused(Doubt::Unreadable)
            }
            // Gone, or held by its writer.
            Err(_) => return None,
        };
        let (state, content) = match read {
            Ok(content) => (Ok(()), Some(content)),
            Err(doubt) => (Err(doubt), None),
        };
        self.sights.insert(name.clone(), Sight { identity, sha256, since, state });
        content
    }

    /// What is handed over of a result that was seen: what it says, or that it is doubtful.
    fn said(&self, name: &OsString, content: Option<(Element, Encoding)>) -> Answer {
        let mut answer = Answer::new(String::new(), "OQSsiquc01".to_owned(), Outcome::Answered);
        answer.response = Some(name.to_string_lossy().into_owned());
        let sight = &self.sights[name];
        answer.sha256 = Some(sight.sha256.clone());
        let verdict = match (&content, &sight.state) {
            (_, Err(doubt)) => Err(doubt.clone()),
            (Some((message, _)), Ok(())) => {
                message::verdict(self.catalogue.kind("OQSsiquc01"), message)
            }
            (None, Ok(())) => Err(Doubt::Unreadable),
        };
        match verdict {
            Ok(Verdict::Answered) => {}
            Ok(Verdict::Failed | Verdict::InProgress) => answer.outcome = Outcome::Failed,
            Err(doubt) => {
                answer.outcome = Outcome::Doubtful;
                answer.doubt = Some(doubt);
                return answer;
            }
        }
        if let Some((message, encoding)) = content {
            answer.content = message::to_json(&self.catalogue, &message);
            answer.content.insert("encoding".to_owned(), encoding.label().into());
        }
        let before = self.ledger.face_of(&self.state.key.name(name));
        answer.is_again = before == Some(&sight.sha256);
        answer
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
