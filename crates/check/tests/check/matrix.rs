//! Every clause that a page says is decided by a rule, and every rule by cases.

use std::collections::BTreeSet;

use pattern::{CLAUSES, Property, patterns};

fn decided() -> BTreeSet<Property> {
    rule::rules().into_iter().map(|rule| rule.property).collect()
}

/// The cells of the matrix (clause and page) that are asked and that nothing in `decided` decides.
fn empty_cells(decided: &BTreeSet<Property>) -> Vec<String> {
    let mut empty = Vec::new();
    for page in patterns() {
        for id in CLAUSES.into_iter().filter(|id| page.basis(id).is_some()) {
            let mut asked = page
                .requirements
                .iter()
                .filter(|one| one.clauses.iter().chain(&one.covers).any(|own| own == id));
            if !asked.any(|one| decided.contains(&one.property)) {
                empty.push(format!("{id} on {}", page.page));
            }
        }
    }
    empty
}

#[test]
fn no_cell_that_is_asked_is_empty() {
    let empty = empty_cells(&decided());
    assert!(empty.is_empty(), "{empty:?}");
}

/// The test above can fail: without the rules about layer 2 some cells are empty.
#[test]
fn a_cell_that_nothing_decides_is_found() {
    let mut decided = decided();
    decided.remove(&Property::V8);
    let empty = empty_cells(&decided);
    assert!(empty.contains(&"R21 on P03".to_owned()), "{empty:?}");
}

/// A rule whose property no page asks would never be run.
#[test]
fn every_rule_decides_something_that_a_page_asks() {
    for property in decided() {
        let is_asked = |one: &pattern::Pattern| {
            one.requirements.iter().any(|requirement| requirement.property == property)
        };
        assert!(patterns().iter().any(is_asked), "{}", property.name());
    }
}
