//! What people are called and which codes they have stands in the answers and nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::place::Place;
use crate::terminal::{Terminal, client_command, lines, person, root};

/// Elements whose text points to a person.
const PERSONAL: [&str; 9] = [
    "Name",
    "NameKana",
    "KanaName",
    "Birthdate",
    "Birth",
    "InsuredIdentificationNumber",
    "Address",
    "PostNumber",
    "ReferenceNumber",
];

fn personal(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match value {
                    Value::String(text) if PERSONAL.contains(&name.as_str()) => {
                        found.insert(text.clone());
                        found.extend(text.split([' ', '　']).map(str::to_owned));
                    }
                    _ => personal(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| personal(value, found)),
        _ => {}
    }
}

fn everything(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a name").path();
        if path.is_dir() {
            everything(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
}

#[test]
fn a14_nothing_about_people_leaves_by_another_way() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let history = place.path().join("history");
    let scenario = "[face]\ncount = 4\nevery-ms = 10\n\
                    [result]\nnormal = 6\nfailed = 1\nerror-file = 1\nother-identifier = 1\n\
                    truncated = 1\nwrong-declaration = 1\nunknown-code = 1\nzip-bomb = 1\n";
    let terminal = Terminal::start_with(&root, scenario, Some(&history));
    let mut people: Vec<Value> =
        (0..40).map(|number| Value::Object(person(7_654_000 + number))).collect();
    let mut wrong = person(7_654_999);
    wrong.insert("Nonsense".to_owned(), "７６５４".into());
    people.push(Value::Object(wrong));
    let request = place.path().join("request.json");
    fs::write(&request, Value::Array(people.clone()).to_string()).expect("a file");
    let mut found = BTreeSet::new();
    personal(&Value::Array(people), &mut found);
    let mut elsewhere = Vec::new();
    for (name, arguments) in [
        (
            "ask",
            vec![
                "--parallel",
                "50",
                "--settle",
                "1",
                "--timeout",
                "10",
                request.to_str().expect("a path"),
            ],
        ),
        ("face", vec!["--settle", "1"]),
        ("collect", vec!["--settle", "1"]),
    ] {
        let output = client_command(name, &root, &state).args(arguments).output().expect("it runs");
        for answer in lines(&output.stdout) {
            personal(&answer, &mut found);
        }
        elsewhere.push((format!("standard error of {name}"), output.stderr));
    }
    // A request that is no JSON at all.
    fs::write(&request, "{\"Name\": \"試験　太郎\", 1}").expect("a file");
    let output = client_command("ask", &root, &state).arg(&request).output().expect("it runs");
    elsewhere.push(("standard error".to_owned(), output.stderr));
    drop(terminal);
    everything(&state, &mut elsewhere);
    elsewhere.push(("history".to_owned(), fs::read(&history).expect("a history")));
    found.retain(|text| text.chars().count() > 1);
    assert!(found.len() > 50, "{found:?}");
    for (name, bytes) in &elsewhere {
        let content = String::from_utf8_lossy(bytes);
        for text in &found {
            assert!(!content.contains(text.as_str()), "{text} stands in {name}");
        }
        // The institution's code stands in no log either, except the emulator's own names.
        assert!(!content.contains("9910000000") || name == "history", "{name}");
    }
}
