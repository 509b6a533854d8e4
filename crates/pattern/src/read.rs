//! `pattern.toml` to a [`Pattern`]. The files are part of the program, so a mistake in one is a
//! panic that names it; a test reads them all.

use diag::{Severity, Text};
use toml::de::{DeTable, DeValue};

use crate::{Basis, Edition, LineFact, Pattern, Placement, Property, Requirement};

/// Reads the data of pattern `id`.
pub(crate) fn read(id: &str, data: &str) -> Pattern {
    let parsed = DeTable::parse(data);
    let table = match &parsed {
        Ok(table) => table.get_ref(),
        Err(error) => panic!("pattern {id}: {error}"),
    };
    let title = table.get("title").and_then(|title| title.get_ref().as_table());
    let title = title.map(|title| Text::new(word(id, title, "ja"), word(id, title, "en")));
    let requirements = table.get("requirement").and_then(|list| list.get_ref().as_array());
    Pattern {
        id: word(id, table, "id"),
        page: word(id, table, "page"),
        title: title.unwrap_or_default(),
        line: choose(id, &word(id, table, "line"), &LineFact::WORDS),
        placement: choose(id, &word(id, table, "placement"), &Placement::WORDS),
        requirements: requirements
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.get_ref().as_table())
            .map(|entry| requirement(id, entry))
            .collect(),
    }
}

fn requirement(id: &str, table: &DeTable<'_>) -> Requirement {
    let properties = Property::ALL.map(|property| (property.name(), property));
    let properties: Vec<(&str, Property)> =
        properties.iter().map(|(name, property)| (name.as_str(), *property)).collect();
    let levels =
        [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];
    let bases = [
        ("explicit", Basis::Explicit),
        ("weaker", Basis::Weaker),
        ("inferred", Basis::Inferred),
        ("advice", Basis::Advice),
    ];
    let clauses = table.get("clauses").and_then(|list| list.get_ref().as_array());
    Requirement {
        property: choose(id, &word(id, table, "property"), &properties),
        level: choose(id, &word(id, table, "level"), &levels),
        basis: choose(id, &word(id, table, "basis"), &bases),
        clauses: clauses
            .into_iter()
            .flatten()
            .filter_map(|clause| clause.get_ref().as_str())
            .map(str::to_owned)
            .collect(),
        editions: editions(id, table),
    }
}

/// `editions = ["2021"]`; absent is all of them.
fn editions(id: &str, table: &DeTable<'_>) -> Vec<Edition> {
    let Some(list) = table.get("editions").and_then(|list| list.get_ref().as_array()) else {
        return Edition::ALL.to_vec();
    };
    let words = Edition::ALL.map(|edition| (edition.name(), edition));
    let written = list.iter().filter_map(|one| one.get_ref().as_str());
    written.map(|one| choose(id, one, &words)).collect()
}

fn word(id: &str, table: &DeTable<'_>, key: &str) -> String {
    match table.get(key).map(|value| value.get_ref()) {
        Some(DeValue::String(word)) => word.to_string(),
        _ => panic!("pattern {id}: `{key}` is missing or no text"),
    }
}

fn choose<T: Copy>(id: &str, word: &str, words: &[(&str, T)]) -> T {
    match words.iter().find(|(own, _)| *own == word) {
        Some((_, value)) => *value,
        None => panic!("pattern {id}: unknown word `{word}`"),
    }
}
