//! What was asked and what came of it, in the journal. It holds names that we gave ourselves,
//! keyed hashes and outcomes; nothing about people.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsStr;

use serde_json::{Map, Value, json};

use super::{Answer, Outcome};
use crate::acknowledge::Acknowledgements;
use crate::document::Element;
use crate::folder::Folder;
use crate::journal::{Journal, JournalError};
use crate::message::RECEPTION;
use crate::moment;
use crate::name::{Exchange, Extension, Name, Side};
use crate::pseudonym::Key;
use crate::question::Question;
use crate::state::State;

/// How the names of the journals in the state folder begin: one for each month, so that what is
/// long over costs nothing.
const JOURNAL: &str = "client-";
/// The journal of states that had only one.
const SINGLE: &str = "client";
/// A day in nanoseconds.
const DAY: i128 = 86_400 * 1_000_000_000;
/// How long an answer that did not come, or was doubtful, is still looked for. LIMIT: a week; the
/// terminal has long given up.
const LATE_MAX: i128 = 7 * DAY;
/// How long whoever asked may wait. LIMIT: an hour; programs in a clinic wait for minutes.
const YOUNG: i128 = DAY / 24;
/// How long an answer that was handed over and that nobody acknowledged is offered again. LIMIT:
/// shorter than acknowledgements are known, so that none is ever missed.
const OFFER_MAX: i128 = 31 * DAY;
/// How far back the journals are read. LIMIT: what was asked before is over, whatever came of it.
const BACK: i128 = OFFER_MAX + LATE_MAX + DAY;
/// Elements whose text a request is recognised by.
const ECHO: [&str; 4] = ["MedicalInstitutionCode", "ArbitraryFileIdentifier", RECEPTION, CATEGORY];
/// What an answer may be: a document to look at, or a message.
const CATEGORY: &str = "FileCategory";
/// The categories that are documents to look at (`FileCategory` of the catalogue).
const DOCUMENTS: [&str; 2] = ["1", "3"];

/// A request that was written down, and how far it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    /// Its name.
    pub request: Exchange,
    /// When it, or what came of it last, was written down.
    at: i128,
    /// True if it was told that the answer, once handed over, is not there any more.
    pub(super) is_gone: bool,
    /// Keyed hashes of what the answer has to repeat, by the place of the element in [`ECHO`].
    expected: Vec<(usize, Box<str>)>,
    /// Whom it asks about.
    question: Question,
    /// True if it was never published after all.
    is_unsent: bool,
    /// The outcome that was handed over last, and the content's hash.
    pub last: Option<(Outcome, String)>,
}

impl Open {
    pub(super) fn new(request: Exchange, key: &Key, message: &Element) -> Self {
        let parts = message.children.iter().flat_map(|part| &part.children);
        let known = parts.filter_map(|Element { name, text, .. }| {
            let at = ECHO.iter().position(|one| one == name)?;
            Some((at, word(key, name, text).into_boxed_str()))
        });
        let expected = known.collect();
        let question = Question::of(key, &request, message);
        let at = moment::now();
        Self { request, at, is_gone: false, expected, question, is_unsent: false, last: None }
    }

    /// The element by which an answer says that it answers another question.
    pub(super) fn contradicted(&self, key: &Key, message: &Element) -> Option<&'static str> {
        self.question.contradicted(key, &self.request.to_string(), message)
    }

    /// Whether the result of this request, which was about many people, has rows about others.
    pub(super) fn has_other_rows(&self, key: &Key, result: &Element) -> bool {
        self.question.has_other_rows(key, &self.request.to_string(), result)
    }

    /// True if another process may still wait for the answer, so that the terminal may still be
    /// writing it.
    pub(super) fn is_young(&self) -> bool {
        moment::now() - self.at < YOUNG
    }

    /// True if somebody has what was handed over last.
    #[must_use]
    pub fn is_acknowledged(&self, key: &Key, known: &Acknowledgements) -> bool {
        let Some((_, sha256)) = &self.last else { return false };
        let answers = Extension::RESPONSES.map(|extension| self.request.counterpart(extension));
        let error = self.request.with_extension(Extension::Err);
        answers.into_iter().chain([error]).any(|name| {
            let name = name.to_string();
            !known.of(key, OsStr::new(&name), Some(sha256)).is_empty()
        })
    }

    /// Whether documents to look at were asked for; `None` if the request did not say, or was
    /// written down before that was.
    #[must_use]
    pub fn asks_for_documents(&self, key: &Key) -> Option<bool> {
        let mut is_one = DOCUMENTS.into_iter().map(|word| self.is_echo(key, CATEGORY, word));
        is_one.next()?.map(|first| first || is_one.any(|other| other == Some(true)))
    }

    /// Whether the request had this text in this element; `None` if it had no such element.
    #[must_use]
    pub fn is_echo(&self, key: &Key, name: &str, text: &str) -> Option<bool> {
        let is_it = |one: &&(usize, Box<str>)| ECHO[one.0] == name;
        let expected = &self.expected.iter().find(is_it)?.1;
        Some(**expected == word(key, name, text))
    }
}

fn word(key: &Key, name: &str, text: &str) -> String {
    key.word(format!("{name}\0{text}").as_bytes())
}

/// The journal of the month of a moment.
fn month(at: i128) -> String {
    let written = moment::written(at);
    format!("{JOURNAL}{}", written.get(..7).unwrap_or("0000-00"))
}

/// Every request, by name, and every face result that was handed over.
#[derive(Debug)]
pub struct Ledger {
    folder: Folder,
    journals: BTreeMap<String, Journal>,
    known: Known,
}

#[derive(Debug, Default)]
struct Known {
    requests: BTreeMap<String, Open>,
    /// Records about requests whose own record comes later: it stands in the journal of another
    /// month, because the clock was set back in between.
    early: BTreeMap<String, Vec<String>>,
    /// The request about many people that a reception number was given to, by the keyed hash of
    /// the number.
    receptions: BTreeMap<String, String>,
    /// Keyed hash of the name, and the content's hash.
    faces: BTreeMap<String, String>,
    /// What is older is over and costs no memory.
    oldest: i128,
}

impl Ledger {
    /// Reads the journal of this state.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(state: &State) -> Result<Self, JournalError> {
        let folder = Folder::open(state.folder.path())?;
        let mut ledger = Self { folder, journals: BTreeMap::new(), known: Known::default() };
        ledger.refresh()?;
        Ok(ledger)
    }

    /// The content's hash with which the file of this name was handed over; `None` if it never
    /// was, or was doubtful.
    #[must_use]
    pub fn handed_over(&self, key: &Key, name: &OsStr) -> Option<&str> {
        match Name::parse(name) {
            Name::Face(_) => self.face_of(&key.name(name)),
            Name::Exchange(known) => {
                let request = match known.side {
                    Side::Response => known.counterpart(Extension::Xml),
                    Side::Request => known.with_extension(Extension::Xml),
                };
                match &self.known.requests.get(&request.to_string())?.last {
                    Some((Outcome::Doubtful, _)) | None => None,
                    Some((_, sha256)) => Some(sha256),
                }
            }
            _ => None,
        }
    }

    /// Reads what other processes wrote since.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn refresh(&mut self) -> Result<(), JournalError> {
        let oldest = moment::now() - BACK;
        self.known.oldest = oldest;
        let first = month(oldest);
        let single = self.folder.probe(OsStr::new(SINGLE))?;
        let is_recent = single.is_some_and(|single| single.modified >= oldest);
        let listing = self.folder.list()?.names;
        let months = listing.iter().filter_map(|name| name.to_str());
        let months = months.filter(|name| name.starts_with(JOURNAL) && **name >= *first);
        // The months follow in order: what is said about a request stands behind it.
        for name in is_recent.then_some(SINGLE).into_iter().chain(months) {
            self.open_journal(name)?;
        }
        let Self { journals, known, .. } = self;
        for journal in journals.values_mut() {
            journal.news(|record| known.take(record))?;
        }
        Ok(())
    }

    fn open_journal(&mut self, name: &str) -> Result<(), JournalError> {
        if !self.journals.contains_key(name) {
            let journal = Journal::open(&self.folder, name)?;
            self.journals.insert(name.to_owned(), journal);
        }
        Ok(())
    }

    /// As [`Journal::append_if`], in the journal of this month.
    fn append_if(
        &mut self,
        decide: impl FnOnce(&Known) -> Option<String>,
    ) -> Result<Option<String>, JournalError> {
        let name = month(moment::now());
        self.open_journal(&name)?;
        let Self { journals, known, .. } = self;
        let journal = journals.get_mut(&name).expect("it was just opened");
        let known = RefCell::new(known);
        let mut decided = None;
        let is_written = journal.append_if(
            |record| known.borrow_mut().take(record),
            || {
                decided = decide(&known.borrow());
                decided.clone()
            },
        )?;
        Ok(decided.filter(|_| is_written))
    }

    /// Writes down that a request will be published. False if its name was used before.
    pub(super) fn intend(&mut self, open: &Open) -> Result<bool, JournalError> {
        let name = open.request.to_string();
        let expected: BTreeMap<&str, &str> =
            open.expected.iter().map(|(at, word)| (ECHO[*at], &**word)).collect();
        let record = json!({
            "event": "intent",
            "at": moment::written(moment::now()),
            "request": name,
            "expected": expected,
            "asked": open.question.to_json(),
            "rows": open.question.rows_to_json(),
        });
        // The name is ours alone if nobody had it in the moment of writing.
        let is_new = |known: &Known| !known.requests.contains_key(&name);
        let written = self.append_if(|known| is_new(known).then(|| record.to_string()))?;
        if written.is_some() {
            self.known.requests.insert(name.clone(), open.clone());
        }
        Ok(written.is_some())
    }

    /// Writes down that a request that was to be published was not: nobody answers it.
    pub(super) fn unsent(&mut self, request: &Exchange) -> Result<(), JournalError> {
        let at = moment::written(moment::now());
        self.write(&json!({ "event": "unsent", "at": at, "request": request.to_string() }))
    }

    /// Writes down what came of a request. Waiting is no end and is not written. False if another
    /// process wrote the same meanwhile: it has handed it over.
    pub(super) fn end(&mut self, state: &State, answer: &Answer) -> Result<bool, JournalError> {
        if matches!(answer.outcome, Outcome::Waiting | Outcome::Unsent) || answer.is_again {
            return Ok(!answer.is_again);
        }
        let response = answer.response.as_ref();
        let reception = answer.reception().map(|number| word(&state.key, RECEPTION, number));
        let record = json!({
            "event": if answer.outcome == Outcome::Gone { "gone" } else { "end" },
            "at": moment::written(moment::now()),
            "request": answer.request,
            "outcome": answer.outcome.word(),
            "response": response.map(|name| state.key.name(OsStr::new(name))),
            "sha256": answer.sha256,
            "doubt": answer.doubt.as_ref().map(crate::message::Doubt::word),
            "reception": reception,
        });
        let what = (answer.outcome.clone(), answer.sha256.clone().unwrap_or_default());
        let is_same = |known: &Known| {
            let open = known.requests.get(&answer.request);
            match answer.outcome {
                Outcome::Gone => open.is_some_and(|open| open.is_gone),
                _ => open.is_some_and(|open| open.last.as_ref() == Some(&what)),
            }
        };
        let is_new = self.write_unless(&record, is_same)?;
        Ok(is_new || answer.outcome == Outcome::Doubtful)
    }

    /// Writes down that what [`Ledger::end`] or [`Ledger::face`] says did not come about: the
    /// answer did not reach whoever asked. One that was handed over before stays so.
    pub(super) fn undelivered(&mut self, answer: &Answer) -> Result<(), JournalError> {
        if matches!(answer.outcome, Outcome::Waiting | Outcome::Unsent | Outcome::Gone)
            || answer.is_again
        {
            return Ok(());
        }
        let at = moment::written(moment::now());
        self.write(&json!({ "event": "undelivered", "at": at, "request": answer.request }))
    }

    /// As [`Ledger::undelivered`], for a face result.
    pub(super) fn undelivered_face(&mut self, name: &str) -> Result<(), JournalError> {
        let at = moment::written(moment::now());
        self.write(&json!({ "event": "undelivered", "at": at, "name": name }))
    }

    /// Writes down that a face result was handed over. False if another process did so meanwhile.
    pub(super) fn face(&mut self, name: &str, sha256: &str) -> Result<bool, JournalError> {
        let at = moment::written(moment::now());
        let record = json!({ "event": "face", "at": at, "name": name, "sha256": sha256 });
        self.write_unless(&record, |known| {
            known.faces.get(name).map(String::as_str) == Some(sha256)
        })
    }

    /// Writes a record unless `is_known` holds once everything before it is known and nobody else
    /// can write. True if it was written.
    fn write_unless(
        &mut self,
        record: &Value,
        is_known: impl FnOnce(&Known) -> bool,
    ) -> Result<bool, JournalError> {
        let written = self.append_if(|known| (!is_known(known)).then(|| record.to_string()))?;
        if let Some(record) = &written {
            self.known.take(record);
        }
        Ok(written.is_some())
    }

    fn write(&mut self, record: &Value) -> Result<(), JournalError> {
        self.write_unless(record, |_| false).map(|_| ())
    }

    /// The content's hash with which a face result was handed over.
    #[must_use]
    pub fn face_of(&self, name: &str) -> Option<&str> {
        self.known.faces.get(name).map(String::as_str)
    }

    /// Requests of the last week that have no answer or a doubtful one, and those of the last
    /// month whose answer nobody acknowledged, in order of name.
    pub fn unfinished(&self, is_acknowledged: impl Fn(&Open) -> bool) -> Vec<Open> {
        let now = moment::now();
        let is_open = |open: &&Open| match &open.last {
            _ if open.is_unsent => false,
            None | Some((Outcome::Doubtful, _)) => now - open.at < LATE_MAX,
            Some(_) => now - open.at < OFFER_MAX && !is_acknowledged(open),
        };
        self.known.requests.values().filter(is_open).cloned().collect()
    }

    /// The request about many people whose result `open` asks for; `None` if it is not known.
    pub(super) fn first_step(&self, open: &Open) -> Option<&Open> {
        let number = open.expected.iter().find(|(at, _)| ECHO[*at] == RECEPTION)?;
        self.known.requests.get(self.known.receptions.get(&*number.1)?)
    }

    /// A request by its name.
    #[must_use]
    pub fn request(&self, name: &str) -> Option<&Open> {
        self.known.requests.get(name)
    }
}

impl Known {
    fn take(&mut self, line: &str) {
        let Ok(Value::Object(record)) = serde_json::from_str(line) else { return };
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
        let at = text("at").as_deref().and_then(moment::read);
        if at.is_some_and(|at| at < self.oldest) {
            return;
        }
        let about = text("request").filter(|name| !self.requests.contains_key(name));
        match text("event").as_deref() {
            Some("intent") => self.intent(&record),
            Some("end" | "gone" | "unsent" | "undelivered") if about.is_some() => {
                let early = self.early.entry(about.unwrap_or_default()).or_default();
                early.push(line.to_owned());
            }
            Some("end") => {
                let outcome = text("outcome").as_deref().and_then(Outcome::parse);
                let open = self.requests.get_mut(&text("request").unwrap_or_default());
                if let (Some(open), Some(outcome)) = (open, outcome) {
                    open.last = Some((outcome, text("sha256").unwrap_or_default()));
                    open.at = at.unwrap_or(open.at);
                    open.is_gone = false;
                }
                if let (Some(number), Some(request)) = (text("reception"), text("request")) {
                    self.receptions.insert(number, request);
                }
            }
            Some("gone") => {
                if let Some(open) = self.requests.get_mut(&text("request").unwrap_or_default()) {
                    open.is_gone = true;
                }
            }
            Some("unsent") => {
                if let Some(open) = self.requests.get_mut(&text("request").unwrap_or_default()) {
                    open.is_unsent = true;
                }
            }
            Some("undelivered") => {
                if let Some(open) = self.requests.get_mut(&text("request").unwrap_or_default()) {
                    open.last = None;
                }
                self.faces.remove(&text("name").unwrap_or_default());
            }
            Some("face") => {
                if let (Some(name), Some(sha256)) = (text("name"), text("sha256")) {
                    self.faces.insert(name, sha256);
                }
            }
            _ => {}
        }
    }

    fn intent(&mut self, record: &Map<String, Value>) {
        let name = record.get("request").and_then(Value::as_str).unwrap_or_default();
        let Name::Exchange(request) = Name::parse(OsStr::new(name)) else { return };
        let expected = record.get("expected").and_then(Value::as_object).into_iter().flatten();
        let expected = expected
            .filter_map(|(name, word)| {
                let at = ECHO.iter().position(|one| one == name)?;
                Some((at, word.as_str()?.into()))
            })
            .collect();
        let at = record.get("at").and_then(Value::as_str).and_then(moment::read).unwrap_or(0);
        let question = Question::from_json(record.get("asked"), record.get("rows"));
        let open =
            Open { request, at, is_gone: false, expected, question, is_unsent: false, last: None };
        self.requests.insert(name.to_owned(), open);
        for early in self.early.remove(name).unwrap_or_default() {
            self.take(&early);
        }
    }
}
