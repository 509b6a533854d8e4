//! One record of the audit log, and the chain that binds it to the one before.

use serde_json::{Map, Value};

use crate::moment;
use crate::pseudonym::digest;

/// The hash before the first record.
pub const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The first record of a log that was begun anew.
pub(super) const BREAK: &str = "break";
/// What stands before the hash of a record.
const BEFORE: &str = ",\"hash\":\"";
/// What stands behind it.
const AFTER: &str = "\"}";

/// What a record says, before it has a place in the chain.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    act: &'static str,
    facts: Map<String, Value>,
}

impl Entry {
    /// A record about an act.
    #[must_use]
    pub fn new(act: &'static str) -> Self {
        Self { act, facts: Map::new() }
    }

    /// The same with one more fact.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(key.to_owned(), value.into());
        self
    }

    /// What it is about.
    #[must_use]
    pub fn act(&self) -> &'static str {
        self.act
    }
}

/// The end of a chain: what the next record needs to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// The number of the last record; 0 before the first.
    pub last: u64,
    /// Its hash.
    pub head: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self { last: 0, head: NO_HASH.to_owned() }
    }
}

impl Chain {
    /// The line of the next record, with its line feed; the chain then ends with it.
    pub fn append(&mut self, moment: i128, entry: &Entry) -> String {
        let mut whole = Map::new();
        whole.insert("n".to_owned(), (self.last + 1).into());
        whole.insert("t".to_owned(), moment::written(moment).into());
        whole.insert("act".to_owned(), entry.act.into());
        whole.extend(entry.facts.clone());
        whole.insert("prev".to_owned(), self.head.clone().into());
        let text = Value::Object(whole).to_string();
        let body = text.strip_suffix('}').expect("an object ends with a brace");
        let hash = digest(body.as_bytes());
        let line = format!("{body}{BEFORE}{hash}{AFTER}\n");
        *self = Self { last: self.last + 1, head: hash };
        line
    }
}

/// A record that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Its number.
    pub number: u64,
    /// When it was written.
    pub moment: i128,
    /// What it is about.
    pub act: String,
    /// The hash of the record before it.
    pub before: String,
    /// Its own hash.
    pub hash: String,
    facts: Value,
}

impl Record {
    /// Reads a line without its line feed; `None` if it is no record or does not fit its hash.
    #[must_use]
    pub fn read(line: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(line).ok()?;
        let (body, hash) = text.strip_suffix(AFTER)?.rsplit_once(BEFORE)?;
        if digest(body.as_bytes()) != hash {
            return None;
        }
        let facts: Value = serde_json::from_str(text).ok()?;
        Some(Self {
            number: facts.get("n")?.as_u64()?,
            moment: moment::read(facts.get("t")?.as_str()?)?,
            act: facts.get("act")?.as_str()?.to_owned(),
            before: facts.get("prev")?.as_str()?.to_owned(),
            hash: hash.to_owned(),
            facts,
        })
    }

    /// A fact that is text; empty if there is none.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.facts.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A fact that is a number.
    #[must_use]
    pub fn number_of(&self, key: &str) -> Option<u64> {
        self.facts.get(key).and_then(Value::as_u64)
    }

    /// A fact of any kind.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<&Value> {
        self.facts.get(key)
    }
}
