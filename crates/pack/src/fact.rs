//! One fact with its values, its place and where it comes from.

use std::collections::BTreeMap;

use diag::{SourceId, Span};
use model::Date;

use crate::field::{Form, Kind, Part};

/// What a key holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Text(String),
    Day(Date),
    Flag(bool),
    Number(u32),
    Texts(Vec<String>),
    Numbers(Vec<u32>),
}

/// Who states a fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Author {
    /// It is part of the program.
    Program,
    /// It stands in a file of the site.
    Site,
}

/// How sure a fact is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// Stated by who decides it, or by several independent sources.
    High,
    /// Stated by one source that should know.
    Medium,
    /// Hearsay. Nothing is proved with it.
    Low,
}

/// Where a fact comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provenance {
    /// The address or the document.
    pub source: String,
    /// The day it was read.
    pub read: Date,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether it is public.
    pub is_public: bool,
}

/// A fact as a pack file states it.
#[derive(Clone)]
pub struct Fact {
    pub(crate) kind: &'static Kind,
    pub(crate) values: BTreeMap<&'static str, Value>,
    /// Who states it.
    pub author: Author,
    /// Where it stands.
    pub span: Span,
    /// Where the day stands on which its source was read.
    pub(crate) read: Span,
}

impl Fact {
    pub(crate) fn text(&self, key: &str) -> &str {
        match self.values.get(key) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    pub(crate) fn day(&self, key: &str) -> Option<Date> {
        match self.values.get(key) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        }
    }

    pub(crate) fn is_set(&self, key: &str) -> bool {
        matches!(self.values.get(key), Some(Value::Flag(true)))
    }

    pub(crate) fn number(&self, key: &str) -> Option<u32> {
        match self.values.get(key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn texts(&self, key: &str) -> &[String] {
        match self.values.get(key) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    pub(crate) fn numbers(&self, key: &str) -> &[u32] {
        match self.values.get(key) {
            Some(Value::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }

    /// What it is about: the values of its subject keys.
    pub(crate) fn subject(&self) -> Vec<&str> {
        let keys = self.kind.fields.iter().filter(|field| field.part == Part::Subject);
        keys.map(|field| self.text(field.key)).collect()
    }

    /// The first key in which it says something else of the same subject.
    pub(crate) fn difference(&self, other: &Self) -> Option<&'static str> {
        let keys = self.kind.fields.iter().filter(|field| field.part.is_statement());
        let keys = keys.map(|field| field.key);
        // Spelling of a name is no statement about the world.
        let mut keys = keys.filter(|key| !matches!(*key, "title" | "purpose"));
        keys.find(|key| self.values.get(key) != other.values.get(key))
    }

    /// Whether both hold on some day.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let before = |end: Option<Date>, begin: Option<Date>| {
            end.zip(begin).is_some_and(|(end, begin)| end < begin)
        };
        !before(self.day("until"), other.day("from"))
            && !before(other.day("until"), self.day("from"))
    }

    /// Whether it holds on the day `on`; without a day only what holds always does.
    pub(crate) fn holds(&self, on: Option<Date>) -> bool {
        let (from, until) = (self.day("from"), self.day("until"));
        match on {
            Some(on) => from.is_none_or(|from| from <= on) && until.is_none_or(|until| on <= until),
            None => from.is_none() && until.is_none(),
        }
    }

    /// Where it comes from.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance {
            source: self.text("source").to_owned(),
            // INVARIANT: a fact without it is not taken from its file.
            read: self.day("read").unwrap_or(EARLIEST),
            confidence: match self.text("confidence") {
                "H" => Confidence::High,
                "M" => Confidence::Medium,
                _ => Confidence::Low,
            },
            is_public: self.text("class") == "public",
        }
    }

    /// The file that it stands in.
    #[must_use]
    pub fn source(&self) -> SourceId {
        self.span.source
    }
}

/// The day that stands for one that is not known.
const EARLIEST: Date = match Date::new(1970, 1, 1) {
    Some(day) => day,
    None => panic!("the calendar has this day"),
};

impl Form {
    /// A value that would be accepted, in TOML.
    pub(crate) fn example(self) -> String {
        match self {
            Self::Text => "\"...\"".to_owned(),
            Self::Day => "2027-03-31".to_owned(),
            Self::Flag => "true".to_owned(),
            Self::Number => "39".to_owned(),
            Self::Build => "\"17763\"".to_owned(),
            Self::Firmware => "\"15.02.03\"".to_owned(),
            Self::Word(words) => format!("\"{}\"", words.first().copied().unwrap_or_default()),
            Self::Texts => "[\"...\"]".to_owned(),
            Self::Ports => "[\"tcp/443\"]".to_owned(),
            Self::Prefixes => "[\"198.51.100.0/24\"]".to_owned(),
            Self::Addresses => "[\"198.51.100.53\"]".to_owned(),
            Self::Words(words) => format!("[\"{}\"]", words.first().copied().unwrap_or_default()),
            Self::Numbers => "[90, 30]".to_owned(),
        }
    }
}
