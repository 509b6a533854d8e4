//! The flow contract: which property a clause asks for, and how much it weighs.

use diag::{Severity, Text};

use crate::table::{self, Table};
use crate::{Basis, Condition, LineFact, Property};

/// One entry of `contract.toml`.
pub(crate) struct Asked {
    pub(crate) property: Property,
    pub(crate) clauses: Vec<String>,
    pub(crate) covers: Vec<String>,
    /// Instead of the basis of the clause.
    pub(crate) basis: Option<Basis>,
    /// Where no clause stands on the page.
    elsewhere: Option<Basis>,
    /// The kinds of line on whose pages `elsewhere` holds; empty is all.
    lines: Vec<LineFact>,
    levels: [Severity; 4],
    pub(crate) condition: Option<Condition>,
}

impl Asked {
    pub(crate) fn level(&self, basis: Basis) -> Severity {
        self.levels[basis as usize]
    }

    /// The basis on a page for `line` that has none of the clauses.
    pub(crate) fn elsewhere(&self, line: LineFact) -> Option<Basis> {
        self.elsewhere.filter(|_| self.lines.is_empty() || self.lines.contains(&line))
    }
}

const CONTRACT: &str = include_str!("../data/contract.toml");

/// All entries in order.
pub(crate) fn contract() -> Vec<Asked> {
    table::file("contract", CONTRACT, |file| {
        file.tables("property").into_iter().map(asked).collect()
    })
}

/// What each property asks, in the order of the contract.
pub(crate) fn titles() -> Vec<(Property, Text)> {
    table::file("contract", CONTRACT, |file| {
        let entries = file.tables("property").into_iter();
        let titled = entries.filter(|entry| entry.maybe("ja").is_some());
        titled.map(|entry| (property(entry), entry.text())).collect()
    })
}

fn property(entry: Table<'_>) -> Property {
    let properties: Vec<(&str, Property)> =
        Property::ALL.into_iter().map(|property| (property.name(), property)).collect();
    entry.choice("id", &properties)
}

const CONDITIONS: [(&str, Condition); 2] =
    [("server", Condition::Server), ("claims-terminal", Condition::ClaimsTerminal)];

fn asked(entry: Table<'_>) -> Asked {
    const LEVELS: [(&str, Severity); 3] =
        [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];
    let basis = |key| entry.maybe(key).map(|word| entry.choose(&word, &Basis::WORDS));
    let levels = match entry.table("level") {
        Some(levels) => Basis::WORDS.map(|(word, _)| levels.choice(word, &LEVELS)),
        None => [entry.choice("level", &LEVELS); 4],
    };
    Asked {
        property: property(entry),
        clauses: entry.words("clauses"),
        covers: entry.words("covers"),
        basis: basis("basis"),
        elsewhere: basis("elsewhere"),
        lines: entry
            .words("lines")
            .iter()
            .map(|word| entry.choose(word, &LineFact::WORDS))
            .collect(),
        levels,
        condition: entry.maybe("when").map(|word| entry.choose(&word, &CONDITIONS)),
    }
}
