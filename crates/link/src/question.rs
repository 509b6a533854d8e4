//! Whom a request is about, as far as an answer may say that too: an answer that repeats another
//! question contradicts itself. Only short keyed words are kept, other ones for each request.

use serde_json::{Map, Value};

use crate::document::Element;
use crate::name::Exchange;
use crate::pseudonym::Key;

/// Elements that say whom a request is about.
const WHO: [&str; 10] = [
    "InsurerNumber",
    "InsuredCardSymbol",
    "InsuredIdentificationNumber",
    "InsuredBranchNumber",
    "Birthdate",
    "ReferenceNumber",
    "ArbitraryIdentifier",
    "InsuranceCardSymbol",
    "InsuredPersonIdentificationNumber",
    "BranchNumber",
];
/// Elements around the question of one person.
const AROUND: [&str; 2] = ["QualificationConfirmSearchInfo", "ReferenceNumberRegistrationInfo"];
/// The element around a result, and what in it belongs to the question: a number may have become
/// another one since.
const RESULT: (&str, [&str; 2]) =
    ("ResultOfQualificationConfirmation", ["Birthdate", "ArbitraryIdentifier"]);

/// The element by which a request about many people, and its result, tell them apart.
const ROW: &str = "ArbitraryIdentifier";

/// What a request says about the people whom it is about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Question {
    /// What it says of one person, by the place in [`WHO`].
    one: Box<[(u8, u32)]>,
    /// The identifiers of many people in order; none if one of them has none.
    rows: Box<[u32]>,
}

impl Question {
    /// The question of a request; of many people, only their identifiers are kept.
    pub(crate) fn of(key: &Key, request: &Exchange, message: &Element) -> Self {
        let (is_bulk, request) = (request.api.is_bulk(), request.to_string());
        let leaves: Vec<(usize, &Element)> = repeated(message).collect();
        let is_once = |at: usize| leaves.iter().filter(|(other, _)| *other == at).count() == 1;
        let words = leaves.iter().filter(|(at, _)| is_once(*at));
        let words = words.map(|(at, leaf)| (*at as u8, word(key, &request, *at, &leaf.text)));
        let mut rows = rows(message);
        let is_told_apart = is_bulk && rows.iter().all(|row| !plain(row).is_empty());
        rows.retain(|_| is_told_apart);
        Self { one: words.collect(), rows: row_words(key, &request, &rows) }
    }

    /// Whether the result of this question about many people has a row about somebody who was not
    /// asked about, or more rows of one than were asked.
    pub(crate) fn has_other_rows(&self, key: &Key, request: &str, result: &Element) -> bool {
        let mut said = rows(result);
        said.retain(|row| !plain(row).is_empty());
        let mut asked = self.rows.iter().peekable();
        let is_asked = |row: &u32| {
            while asked.next_if(|one| *one < row).is_some() {}
            asked.next_if(|one| *one == row).is_some()
        };
        !self.rows.is_empty() && !row_words(key, request, &said).iter().all(is_asked)
    }

    /// The element of an answer that says another thing than this question did.
    pub(crate) fn contradicted(
        &self,
        key: &Key,
        request: &str,
        message: &Element,
    ) -> Option<&'static str> {
        let is_other = |(at, leaf): &(usize, &Element)| {
            let asked = self.one.iter().find(|(one, _)| usize::from(*one) == *at);
            asked.is_some_and(|(_, asked)| {
                !plain(&leaf.text).is_empty() && word(key, request, *at, &leaf.text) != *asked
            })
        };
        repeated(message).find(is_other).map(|(at, _)| WHO[at])
    }

    /// As it is written down.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let word = |(at, word): &(u8, u32)| (WHO[usize::from(*at)].to_owned(), (*word).into());
        self.one.iter().map(word).collect()
    }

    /// The identifiers of many people, as they are written down.
    pub(crate) fn rows_to_json(&self) -> &[u32] {
        &self.rows
    }

    /// As it was written down; what is not understood is left out.
    pub(crate) fn from_json(written: Option<&Value>, rows: Option<&Value>) -> Self {
        let words = written.and_then(Value::as_object).into_iter().flatten();
        let words = words.filter_map(|(name, word)| {
            let at = WHO.iter().position(|one| one == name)?;
            Some((at as u8, word.as_u64()?.try_into().ok()?))
        });
        let rows = rows.and_then(Value::as_array).into_iter().flatten();
        let mut rows: Vec<u32> = rows.filter_map(|row| row.as_u64()?.try_into().ok()).collect();
        rows.sort_unstable();
        Self { one: words.collect(), rows: rows.into() }
    }
}

/// The texts of a message that say whom it is about, with their place in [`WHO`].
fn repeated(message: &Element) -> impl Iterator<Item = (usize, &Element)> {
    let mut found = Vec::new();
    for part in &message.children {
        take(part, &WHO, &mut found);
        part.visit(&mut |element| {
            if AROUND.contains(&element.name.as_str()) {
                take(element, &WHO, &mut found);
            } else if element.name == RESULT.0 {
                take(element, &RESULT.1, &mut found);
            }
        });
    }
    found.into_iter()
}

/// The identifier of each person whom a message is about; empty where there is none.
fn rows(message: &Element) -> Vec<&str> {
    let mut found = Vec::new();
    message.visit(&mut |element| {
        if AROUND.contains(&element.name.as_str()) {
            let row = element.children.iter().find(|leaf| leaf.name == ROW);
            found.push(row.map_or("", |row| row.text.as_str()));
        }
    });
    found
}

/// Words for identifiers, in order.
fn row_words(key: &Key, request: &str, rows: &[&str]) -> Box<[u32]> {
    let at = WHO.iter().position(|one| *one == ROW).expect("it says whom a request is about");
    let mut words: Vec<u32> = rows.iter().map(|row| word(key, request, at, row)).collect();
    words.sort_unstable();
    words.into()
}

fn take<'a>(around: &'a Element, names: &[&str], found: &mut Vec<(usize, &'a Element)>) {
    for leaf in &around.children {
        let name = leaf.name.as_str();
        let at = WHO.iter().position(|one| *one == name).filter(|_| names.contains(&name));
        found.extend(at.map(|at| (at, leaf)));
    }
}

/// A text without what terminals write in more than one way: spaces around a number, zeros before
/// it, letters and digits of full width.
fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
    let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    // All zeros are a number too.
    if is_number { format!("{:0>1}", plain.trim_start_matches('0')) } else { plain }
}

fn word(key: &Key, request: &str, at: usize, text: &str) -> u32 {
    let secret = format!("question\0{request}\0{}\0{}", WHO[at], plain(text));
    u32::from_str_radix(&key.word(secret.as_bytes())[..8], 16).expect("hexadecimal digits")
}
