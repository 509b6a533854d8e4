//! What the document leaves open or says in two ways, and what sekisho does about it.

use diag::Text;

use crate::table;

/// A decision on what the document leaves open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Its number.
    pub number: String,
    /// Pages on which it matters.
    pub pages: Vec<String>,
    /// What is open and what was decided.
    pub text: Text,
}

/// All decisions in order.
#[must_use]
pub fn decisions() -> Vec<Decision> {
    table::file("decisions", include_str!("../data/decisions.toml"), |file| {
        let entries = file.tables("decision").into_iter();
        let decisions = entries.map(|entry| Decision {
            number: entry.number("number"),
            pages: entry.words("pages"),
            text: entry.text(),
        });
        decisions.collect()
    })
}
