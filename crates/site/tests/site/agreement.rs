//! The table of fields, the decoder and the JSON Schema say the same.

use std::collections::BTreeSet;

use diag::{Diagnostic, SourceId};
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::examples::{EVERYTHING, SEPARATE};

/// Every path to a key in the schema; `*` stands for a name or an index.
fn schema_paths(schema: &Value) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    walk_schema(schema, schema, "", &mut paths);
    paths
}

fn walk_schema(root: &Value, at: &Value, path: &str, paths: &mut BTreeSet<String>) {
    if let Some(reference) = at["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        let target = root.pointer(pointer).expect("a reference leads somewhere");
        return walk_schema(root, target, path, paths);
    }
    for (key, value) in at["properties"].as_object().into_iter().flatten() {
        let below = format!("{path}.{key}");
        paths.insert(below.clone());
        walk_schema(root, value, &below, paths);
    }
    if at["additionalProperties"].is_object() {
        walk_schema(root, &at["additionalProperties"], &format!("{path}.*"), paths);
    }
    for variant in at["anyOf"].as_array().into_iter().flatten() {
        walk_schema(root, variant, path, paths);
    }
    if at["items"].is_object() {
        walk_schema(root, &at["items"], path, paths);
    }
}

/// Every path to a key that the file uses, with names replaced as in [`schema_paths`].
fn file_paths(text: &str, known: &BTreeSet<String>) -> BTreeSet<String> {
    let root = DeTable::parse(text).expect("the example is TOML");
    let mut paths = BTreeSet::new();
    walk_table(root.get_ref(), "", known, &mut paths);
    paths
}

fn walk_table(
    table: &DeTable<'_>,
    path: &str,
    known: &BTreeSet<String>,
    paths: &mut BTreeSet<String>,
) {
    for (key, value) in table {
        let exact = format!("{path}.{}", key.get_ref());
        let below = if known.contains(&exact) {
            paths.insert(exact.clone());
            exact
        } else {
            format!("{path}.*")
        };
        let mut values = vec![value];
        while let Some(value) = values.pop() {
            match value.get_ref() {
                DeValue::Table(table) => walk_table(table, &below, known, paths),
                DeValue::Array(items) => values.extend(items.iter()),
                _ => {}
            }
        }
    }
}

fn errors(text: &str) -> Vec<Diagnostic> {
    site::parse(SourceId(0), text).1
}

#[test]
fn the_file_with_everything_uses_every_key_of_the_schema() {
    let known = schema_paths(&site::schema(&[]));
    let used = file_paths(EVERYTHING, &known);
    let unused: Vec<_> = known.difference(&used).collect();
    assert_eq!(unused, Vec::<&String>::new());
    // What is used is in the schema by construction; the decoder takes all of it. It reads
    // each key that it takes: a debug assertion compares both for every table.
    let refused: Vec<_> = errors(EVERYTHING)
        .into_iter()
        .filter(|one| one.severity == diag::Severity::Error)
        .map(|one| one.headline.en)
        .collect();
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn a_key_that_is_not_in_the_schema_is_refused_everywhere() {
    let lines: Vec<&str> = EVERYTHING.lines().collect();
    let headers = lines.iter().enumerate().filter(|(_, line)| line.starts_with('['));
    for (at, header) in headers {
        let mut changed = lines.clone();
        changed.insert(at + 1, "not-in-the-schema = 1");
        let found = errors(&changed.join("\n"));
        let is_refused = found.iter().any(|one| one.code == site::codes::UNKNOWN_KEY);
        assert!(is_refused, "below {header}");
    }
}

#[test]
fn a_required_key_of_the_schema_is_missed() {
    let schema = site::schema(&[]);
    let root = schema["required"].as_array().expect("the root requires keys");
    let found = errors("[zones]\n");
    let missed = found.iter().filter(|one| one.code == site::codes::MISSING_KEY);
    assert_eq!(missed.count(), root.len());
    for (name, record) in schema["$defs"].as_object().expect("definitions") {
        for key in record["required"].as_array().into_iter().flatten() {
            let key = key.as_str().expect("a key");
            let without = without_key(EVERYTHING, name, key);
            let Some(text) = without else { continue };
            let is_missed = errors(&text).iter().any(|one| one.code == site::codes::MISSING_KEY);
            assert!(is_missed, "`{key}` of {name}");
        }
    }
}

/// The file without the line of `key`, in the section whose record is `name`.
fn without_key(text: &str, name: &str, key: &str) -> Option<String> {
    let mut section = "";
    let mut is_found = false;
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| {
            if line.starts_with('[') {
                section = line.trim_matches(['[', ']']).split('.').next().unwrap_or("");
            }
            let is_section =
                section.trim_end_matches('s') == name || (section == "site" && name == "facility");
            let is_key = line.split('=').next().map(str::trim) == Some(key);
            is_found |= is_section && is_key;
            !(is_section && is_key)
        })
        .collect();
    is_found.then(|| kept.join("\n"))
}

#[test]
fn vendors_and_services_are_offered_as_words() {
    let schema = site::schema(&[("acme-router", diag::Text::new("エースルータ", "Acme routers"))]);
    let vendor = &schema["$defs"]["router"]["properties"]["vendor"];
    assert_eq!(vendor["oneOf"][0]["const"], "acme-router");
    let used = &schema["$defs"]["service"]["properties"]["use"]["anyOf"][0]["anyOf"];
    let words = used[0]["oneOf"].as_array().expect("the words of `use`");
    let words: Vec<&str> = words.iter().filter_map(|one| one["const"].as_str()).collect();
    assert_eq!(words, site::USES.iter().map(|known| known.word).collect::<Vec<_>>());
    assert!(used[1]["pattern"].as_str().is_some_and(|pattern| pattern.contains("tcp|udp")));
}

#[test]
fn everything_in_the_schema_is_described_in_both_languages() {
    fn walk(at: &Value, count: &mut usize) {
        if let Some(text) = at["description"].as_str() {
            let (ja, en) = text.split_once("\n\n").expect("two languages");
            assert!(!ja.is_ascii() && !en.is_empty(), "{text}");
            *count += 1;
        }
        match at {
            Value::Object(object) => object.values().for_each(|value| walk(value, count)),
            Value::Array(items) => items.iter().for_each(|value| walk(value, count)),
            _ => {}
        }
    }
    let mut count = 0;
    walk(&site::schema(&[])["$defs"], &mut count);
    assert!(count > 100, "{count} descriptions");
}

#[test]
fn every_code_is_explained_once() {
    let mut codes = BTreeSet::new();
    let mut names = BTreeSet::new();
    for info in site::codes::form::CODES.iter().chain(site::codes::content::CODES) {
        assert!(codes.insert(info.code) && names.insert(info.name), "{}", info.code);
        assert!(info.code.len() == 4 && "PRT".contains(&info.code[..1]), "{}", info.code);
        let words = (info.explain)();
        assert!(words.ja.ends_with('。') && words.en.ends_with('.'), "{}", info.code);
    }
    assert!(codes.len() > 35);
    assert!(errors(SEPARATE).is_empty());
}
