//! Reading of the crate's own TOML files. They are part of the program, so a mistake in one is a
//! panic that names it; tests read them all.

use diag::Text;
use toml::de::{DeTable, DeValue};

/// A table of the file `name`.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    name: &'a str,
    table: &'a DeTable<'a>,
}

/// Reads the file `name`, whose text is `data`, and hands it to `then`.
pub(crate) fn file<T>(name: &str, data: &str, then: impl FnOnce(Table<'_>) -> T) -> T {
    match DeTable::parse(data) {
        Ok(table) => then(Table { name, table: table.get_ref() }),
        Err(error) => panic!("{name}: {error}"),
    }
}

impl<'a> Table<'a> {
    /// The text `key`.
    pub(crate) fn word(self, key: &str) -> String {
        match self.maybe(key) {
            Some(word) => word,
            None => panic!("{}: `{key}` is missing or no text", self.name),
        }
    }

    /// The text `key`, if there is one.
    pub(crate) fn maybe(self, key: &str) -> Option<String> {
        match self.table.get(key)?.get_ref() {
            DeValue::String(word) => Some(word.to_string()),
            _ => None,
        }
    }

    /// The text `key` as one of `words`.
    pub(crate) fn choice<T: Copy>(self, key: &str, words: &[(&str, T)]) -> T {
        self.choose(&self.word(key), words)
    }

    /// What `word` stands for in `words`.
    pub(crate) fn choose<T: Copy>(self, word: &str, words: &[(&str, T)]) -> T {
        match words.iter().find(|(own, _)| *own == word) {
            Some((_, value)) => *value,
            None => panic!("{}: unknown word `{word}`", self.name),
        }
    }

    /// Both languages of the table itself.
    pub(crate) fn text(self) -> Text {
        Text::new(self.word("ja"), self.word("en"))
    }

    /// The table `key`.
    pub(crate) fn table(self, key: &str) -> Option<Self> {
        let table = self.table.get(key)?.get_ref().as_table()?;
        Some(Self { name: self.name, table })
    }

    /// The tables of the array `key`; none if it is absent.
    pub(crate) fn tables(self, key: &str) -> Vec<Self> {
        let list = self.table.get(key).and_then(|list| list.get_ref().as_array());
        let tables = list.into_iter().flatten().filter_map(|entry| entry.get_ref().as_table());
        tables.map(|table| Self { name: self.name, table }).collect()
    }

    /// The texts of the array `key`; none if it is absent.
    pub(crate) fn words(self, key: &str) -> Vec<String> {
        let list = self.table.get(key).and_then(|list| list.get_ref().as_array());
        let words = list.into_iter().flatten().filter_map(|entry| entry.get_ref().as_str());
        words.map(str::to_owned).collect()
    }

    /// The number `key`, as it is written.
    pub(crate) fn number(self, key: &str) -> String {
        match self.table.get(key).map(|value| value.get_ref()) {
            Some(DeValue::Integer(number)) => number.as_str().to_owned(),
            _ => panic!("{}: `{key}` is missing or no number", self.name),
        }
    }

    /// Whether `key` is true.
    pub(crate) fn is(self, key: &str) -> bool {
        matches!(self.table.get(key).map(|value| value.get_ref()), Some(DeValue::Boolean(true)))
    }

    /// All keys with their texts, by key.
    pub(crate) fn pairs(self) -> Vec<(String, String)> {
        let pairs = self.table.iter().map(|(key, _)| {
            let key = key.get_ref().to_string();
            let word = self.word(&key);
            (key, word)
        });
        pairs.collect()
    }
}
