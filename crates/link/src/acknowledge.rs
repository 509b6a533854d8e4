//! Acknowledgements: who said that he has what a file holds. The client writes one when it has
//! handed a result over, the command `ack` when the claims program says so; the sweeper reads
//! them all.
//!
//! # Shape
//! Journals `acknowledged-YYYY-MM` in the state folder, one for each month, one JSON object in
//! a record: `name` (keyed hash of the file name), `sha256` of the content, `consumer`, `at`.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use serde_json::{Value, json};

use crate::journal::{Journal, JournalError};
use crate::moment;
use crate::pseudonym::Key;
use crate::retention::Acknowledgement;
use crate::state::State;

/// How far back acknowledgements are read when nobody says otherwise, in nanoseconds. LIMIT: what
/// was acknowledged before is treated as not acknowledged.
const BACK: i128 = 62 * 86_400 * 1_000_000_000;
/// How the names of the journals begin.
const JOURNAL: &str = "acknowledged-";

/// One acknowledgement with the content that it is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Known {
    sha256: String,
    acknowledgement: Acknowledgement,
}

/// All acknowledgements that still count.
#[derive(Debug, Default)]
pub struct Acknowledgements {
    months: BTreeMap<String, Journal>,
    by_name: BTreeMap<String, Vec<Known>>,
    /// The latest moment that any of them speaks of.
    latest: Option<i128>,
}

impl Acknowledgements {
    /// No acknowledgement.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes that `consumer` has the content with this hash under this name. It is on the disk
    /// when this returns.
    ///
    /// # Errors
    /// When it could not be written; nothing was then acknowledged.
    pub fn acknowledge(
        state: &State,
        name: &OsStr,
        sha256: &str,
        consumer: &str,
        now: i128,
    ) -> Result<(), JournalError> {
        let record = json!({
            "name": word(&state.key, name),
            "sha256": sha256,
            "consumer": consumer,
            "at": moment::written(now),
        });
        let mut journal = Journal::open(&state.folder, &month(now))?;
        journal.append(&record.to_string(), |_| ())
    }

    /// Reads what was written since the last time, of the last two months.
    ///
    /// # Errors
    /// When a journal cannot be read or is damaged.
    pub fn refresh(&mut self, state: &State) -> Result<(), JournalError> {
        self.refresh_since(state, moment::now() - BACK)
    }

    /// As [`Acknowledgements::refresh`], of every month that has not ended before `oldest`, at
    /// least two. One that is yet to come takes the place of none.
    ///
    /// # Errors
    /// When a journal cannot be read or is damaged.
    pub fn refresh_since(&mut self, state: &State, oldest: i128) -> Result<(), JournalError> {
        let first = month(oldest.min(moment::now() - BACK));
        let is_journal = |name: &&str| name.starts_with(JOURNAL) && **name >= *first;
        let listing = state.folder.list()?;
        for name in listing.names.iter().filter_map(|name| name.to_str()).filter(is_journal) {
            if !self.months.contains_key(name) {
                let journal = Journal::open(&state.folder, name)?;
                self.months.insert(name.to_owned(), journal);
            }
        }
        let oldest = oldest.min(moment::now() - BACK);
        for journal in self.months.values_mut() {
            let (by_name, latest) = (&mut self.by_name, &mut self.latest);
            journal.news(|record| {
                // What is older costs no memory, although its month is read.
                if let Some((name, known)) = read(record)
                    && known.acknowledgement.at >= oldest
                {
                    *latest = (*latest).max(Some(known.acknowledgement.at));
                    by_name.entry(name).or_insert_with(|| Vec::with_capacity(1)).push(known);
                }
            })?;
        }
        Ok(())
    }

    /// True if nobody has acknowledged anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Acknowledgements of the name; with `sha256`, only those of that content.
    #[must_use]
    pub fn of(&self, key: &Key, name: &OsStr, sha256: Option<&str>) -> Vec<Acknowledgement> {
        if self.by_name.is_empty() {
            return Vec::new();
        }
        let known = self.by_name.get(&word(key, name)).map_or(&[][..], Vec::as_slice);
        let is_same = |one: &&Known| sha256.is_none_or(|sha256| one.sha256 == sha256);
        known.iter().filter(is_same).map(|one| one.acknowledgement.clone()).collect()
    }

    /// The latest moment that any acknowledgement speaks of.
    #[must_use]
    pub fn latest(&self) -> Option<i128> {
        self.latest
    }
}

fn word(key: &Key, name: &OsStr) -> String {
    key.word(name.as_encoded_bytes())
}

fn month(now: i128) -> String {
    let written = moment::written(now);
    format!("{JOURNAL}{}", written.get(..7).unwrap_or("0000-00"))
}

fn read(record: &str) -> Option<(String, Known)> {
    let value: Value = serde_json::from_str(record).ok()?;
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    let acknowledgement =
        Acknowledgement { consumer: text("consumer")?, at: moment::read(&text("at")?)? };
    Some((text("name")?, Known { sha256: text("sha256")?, acknowledgement }))
}
