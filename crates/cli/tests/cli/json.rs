//! JSON of every command: an object in every case, and no key that the documentation lacks.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::run::{CLEAN, CLEAN_LINUX, root, sekisho};

/// Keys of `value` at any depth.
fn keys(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                into.insert(key.clone());
                keys(inner, into);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| keys(inner, into)),
        _ => {}
    }
}

/// What `arguments` write, with its exit code inside.
fn object(arguments: &[&str]) -> Value {
    let ran = sekisho(arguments);
    let value: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", ran.stdout));
    assert_eq!(value["exit_code"], ran.code, "{arguments:?}");
    assert_eq!(value["form"], 1, "{arguments:?}");
    value
}

/// Sites with findings of every kind, as the tests of the command know them.
const SITES: [&str; 6] = [
    CLEAN,
    CLEAN_LINUX,
    "examples/broken/01-ipv6-list-missing",
    "examples/broken/12-hub-joins-both-lans",
    "examples/broken/21-wrapped-paste-72",
    "examples/broken/23-claims-terminal-without-firewall",
];

#[test]
fn every_key_stands_in_the_documentation() {
    let mut found = BTreeSet::new();
    for site in SITES {
        for form in [&["--json"][..], &["--format", "json"]] {
            for command in ["check", "due", "todo"] {
                keys(&object(&[&[command, site], form].concat()), &mut found);
            }
            let question = ["ask", site, "receipt-1 -> terminal-1 tcp/445"];
            keys(&object(&[&question, form].concat()), &mut found);
            let from = ["ask", site, "--from", "terminal-1"];
            keys(&object(&[&from, form].concat()), &mut found);
        }
    }
    let page = fs::read_to_string(root().join("docs/JSON.md")).expect("the page is there");
    // Both languages of a text stand in one piece there.
    assert!(page.contains("`{\"ja\": …, \"en\": …}`"));
    let is_named = |key: &str| ["ja", "en"].contains(&key) || page.contains(&format!("`{key}`"));
    let missing: Vec<&String> = found.iter().filter(|key| !is_named(key)).collect();
    assert!(found.len() > 50, "{found:?}");
    assert!(missing.is_empty(), "docs/JSON.md lacks {missing:?}");
}

#[test]
fn a_site_that_cannot_be_read_gives_an_object_too() {
    for command in ["check", "due", "todo"] {
        let value = object(&[command, "no/such/site", "--json"]);
        assert!(value["refused"]["headline"]["ja"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(value["exit_code"], 3);
    }
    for question in ["receipt-1 -> terminal-1", "nobody -> terminal-1", "?"] {
        let site = if question.starts_with('r') { "no/such/site" } else { CLEAN };
        let value = object(&["ask", site, question, "--json"]);
        assert_eq!(value["exit_code"], 3, "{question}");
        assert!(value["refused"]["helps"].is_array(), "{question}");
    }
}
