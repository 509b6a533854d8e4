//! What messages there are and what their codes mean, read from the data files in
//! `catalogue/`: observed behaviour, not the official specification.

use std::collections::{BTreeMap, BTreeSet};

use diag::Text;
use toml::de::{DeTable, DeValue};

use crate::document::Element;

const CODES: &str = include_str!("../catalogue/code.toml");
const KINDS: &str = include_str!("../catalogue/kind.toml");
const NAMES: &str = include_str!("../catalogue/name.toml");
const ELEMENTS: &str = include_str!("../catalogue/element.toml");

/// An element of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// False if it may be absent.
    pub is_required: bool,
}

/// A kind of message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kind {
    /// The id in the file name.
    pub api: String,
    /// What it is about.
    pub title: Text,
    /// The request's header, in order.
    pub header: Vec<Field>,
    /// The element around the body's elements, if there is one.
    pub wrapper: Option<String>,
    /// The request's body, in order.
    pub body: Vec<Field>,
    /// What the answer must repeat.
    pub echo: Vec<String>,
    /// The element without which an answer that says "done" is not one.
    pub proof: String,
    /// Where it was seen, and how sure that is.
    pub mark: String,
}

/// A kind of message of which the name is known and the form is not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The id in the file name, or how it begins.
    pub api: String,
    /// What it is about.
    pub title: Text,
    /// What the official specification is said to call it.
    pub interface: String,
    /// Where it was seen, and how sure that is.
    pub mark: String,
}

/// Elements of answers that stand together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// The element that they stand in.
    pub within: String,
    /// The kinds of messages that were seen to hold them.
    pub kinds: Vec<String>,
    /// Their names.
    pub elements: Vec<String>,
    /// Where they were seen, and how sure that is.
    pub mark: String,
}

/// What a coded value says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Code {
    /// A value of the table.
    Known(Text),
    /// A value that the table does not have; it is kept as it is.
    Unknown(String),
}

/// A coded value at its place in a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coded {
    /// The element.
    pub element: String,
    /// Its text, byte for byte.
    pub value: String,
    /// What it says.
    pub code: Code,
}

/// Everything that is known about messages.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Version of the data.
    pub version: String,
    /// Where the data comes from, in words that belong to every output.
    pub source: String,
    kinds: BTreeMap<String, Kind>,
    names: Vec<Named>,
    groups: Vec<Group>,
    tables: BTreeMap<String, BTreeMap<String, Text>>,
    lists: BTreeSet<String>,
}

impl Catalogue {
    /// The catalogue that belongs to this program.
    ///
    /// # Panics
    /// If the data files are not what they have to be.
    #[must_use]
    pub fn load() -> Self {
        let codes = DeTable::parse(CODES).expect("the tables are TOML");
        let kinds = DeTable::parse(KINDS).expect("the kinds are TOML");
        let names = DeTable::parse(NAMES).expect("the names are TOML");
        let elements = DeTable::parse(ELEMENTS).expect("the elements are TOML");
        let (codes, kinds) = (codes.get_ref(), kinds.get_ref());
        let mut tables = BTreeMap::new();
        for table in all(codes, "table") {
            let values: BTreeMap<String, Text> = list(table, "values").map(value).collect();
            for element in texts(table, "elements") {
                tables.insert(element, values.clone());
            }
        }
        Self {
            version: text(codes, "version"),
            source: text(codes, "source"),
            kinds: all(kinds, "kind").map(kind).map(|kind| (kind.api.clone(), kind)).collect(),
            names: all(names.get_ref(), "name").map(named).collect(),
            groups: all(elements.get_ref(), "group").map(group).collect(),
            tables,
            lists: texts(kinds, "list").collect(),
        }
    }

    /// The kind with this id, if its form is known.
    #[must_use]
    pub fn kind(&self, api: &str) -> Option<&Kind> {
        self.kinds.get(api)
    }

    /// Every kind whose form is known, by id.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.values()
    }

    /// Every kind of which only the name is known, in the order of the data.
    #[must_use]
    pub fn names(&self) -> &[Named] {
        &self.names
    }

    /// The elements that answers of this kind were seen to hold.
    pub fn elements(&self, api: &str) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.kinds.iter().any(|kind| kind == api))
    }

    /// The codes of a table and what they mean; `None` if the element is not coded.
    #[must_use]
    pub fn table(&self, element: &str) -> Option<&BTreeMap<String, Text>> {
        self.tables.get(element)
    }

    /// What a value of an element says; `None` if the element is not coded.
    #[must_use]
    pub fn code(&self, element: &str, value: &str) -> Option<Code> {
        let table = self.tables.get(element)?;
        Some(match table.get(value) {
            Some(meaning) => Code::Known(meaning.clone()),
            None => Code::Unknown(value.to_owned()),
        })
    }

    /// Every coded value of a message that is not empty, in written order.
    #[must_use]
    pub fn codes(&self, message: &Element) -> Vec<Coded> {
        let mut found = Vec::new();
        message.visit(&mut |element| {
            if let Some(code) = self.code(&element.name, &element.text)
                && !element.text.is_empty()
            {
                let (element, value) = (element.name.clone(), element.text.clone());
                found.push(Coded { element, value, code });
            }
        });
        found
    }

    /// True if an element of this name is one of several even where it stands alone.
    #[must_use]
    pub fn is_list(&self, element: &str) -> bool {
        self.lists.contains(element)
    }
}

fn kind(table: &DeTable<'_>) -> Kind {
    let fields = |key: &str| {
        let field = |word: String| match word.strip_suffix('?') {
            Some(name) => Field { name: name.to_owned(), is_required: false },
            None => Field { name: word, is_required: true },
        };
        texts(table, key).map(field).collect()
    };
    Kind {
        api: text(table, "api"),
        title: Text::new(text(table, "ja"), text(table, "en")),
        header: fields("header"),
        wrapper: table.contains_key("wrapper").then(|| text(table, "wrapper")),
        body: fields("body"),
        echo: texts(table, "echo").collect(),
        proof: text(table, "proof"),
        mark: text(table, "mark"),
    }
}

fn named(table: &DeTable<'_>) -> Named {
    Named {
        api: text(table, "api"),
        title: Text::new(text(table, "ja"), text(table, "en")),
        interface: text(table, "interface"),
        mark: text(table, "mark"),
    }
}

fn group(table: &DeTable<'_>) -> Group {
    Group {
        within: text(table, "within"),
        kinds: texts(table, "kinds").collect(),
        elements: texts(table, "elements").collect(),
        mark: text(table, "mark"),
    }
}

/// A code and its meaning in both languages.
fn value(value: &DeValue<'_>) -> (String, Text) {
    let words: Vec<&str> = match value {
        DeValue::Array(words) => words.iter().filter_map(|word| word.get_ref().as_str()).collect(),
        _ => Vec::new(),
    };
    let [code, ja, en] = words[..] else { panic!("a code has three words") };
    (code.to_owned(), Text::new(ja, en))
}

fn text(table: &DeTable<'_>, key: &str) -> String {
    let value = table.get(key).and_then(|value| value.get_ref().as_str());
    value.unwrap_or_else(|| panic!("`{key}` is a string")).to_owned()
}

fn list<'a>(table: &'a DeTable<'_>, key: &str) -> impl Iterator<Item = &'a DeValue<'a>> {
    let array = match table.get(key).map(toml::Spanned::get_ref) {
        Some(DeValue::Array(array)) => array,
        _ => panic!("`{key}` is an array"),
    };
    array.iter().map(toml::Spanned::get_ref)
}

fn all<'a>(table: &'a DeTable<'_>, key: &str) -> impl Iterator<Item = &'a DeTable<'a>> {
    list(table, key).map(|value| match value {
        DeValue::Table(table) => table,
        _ => panic!("a table"),
    })
}

fn texts<'a>(table: &'a DeTable<'_>, key: &'a str) -> impl Iterator<Item = String> + 'a {
    list(table, key).map(|value| value.as_str().expect("a string").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a mark ends with how sure it is.
    fn is_mark(mark: &str) -> bool {
        let sure = mark.split_once('|').map_or("", |(_, sure)| sure);
        mark.len() > sure.len() + 1 && sure.starts_with(['H', 'M', 'L'])
    }

    #[test]
    fn every_entry_says_where_it_was_seen() {
        let catalogue = Catalogue::load();
        let marks = catalogue.kinds().map(|kind| &kind.mark);
        let marks = marks.chain(catalogue.names().iter().map(|name| &name.mark));
        for mark in marks.chain(catalogue.groups.iter().map(|group| &group.mark)) {
            assert!(is_mark(mark), "{mark}");
        }
        let codes = DeTable::parse(CODES).expect("TOML");
        for table in all(codes.get_ref(), "table") {
            assert!(is_mark(&text(table, "mark")), "{}", text(table, "mark"));
        }
        for data in [KINDS, NAMES, ELEMENTS] {
            let data = DeTable::parse(data).expect("TOML");
            assert_eq!(text(data.get_ref(), "version"), catalogue.version);
            assert_eq!(text(data.get_ref(), "source"), catalogue.source);
        }
    }

    #[test]
    fn what_is_said_of_elements_is_about_kinds_that_there_are() {
        let catalogue = Catalogue::load();
        for group in &catalogue.groups {
            for kind in &group.kinds {
                assert!(catalogue.kind(kind).is_some(), "{kind} in {}", group.within);
            }
        }
        for kind in catalogue.kinds() {
            assert!(catalogue.elements(&kind.api).next().is_some(), "{}", kind.api);
        }
        // A name whose form is known would stand in two places.
        for name in catalogue.names() {
            assert!(catalogue.kinds().all(|kind| !kind.api.starts_with(&name.api)), "{}", name.api);
            let system = name.api.get(..3).unwrap_or_default();
            assert!(crate::name::SYSTEMS.contains(&system), "{}", name.api);
        }
    }

    #[test]
    fn consents_at_the_card_reader_have_a_meaning() {
        let catalogue = Catalogue::load();
        for element in ["PharmacistsInfoConsFlg", "DiagnosisInfoConsFlg", "OperationInfoConsFlg"] {
            assert!(matches!(catalogue.code(element, "1"), Some(Code::Known(_))), "{element}");
            assert_eq!(catalogue.code(element, "7"), Some(Code::Unknown("7".to_owned())));
        }
    }
}
