//! The client is killed at any moment and started again.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

use link::name::Name;
use serde_json::Value;

use crate::place::Place;
use crate::terminal::{Terminal, amount, client_command, lines, person, root, text};

#[test]
fn a05_a_killed_client_loses_nothing_and_sends_nothing_twice() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let history = place.path().join("history");
    let scenario = "take-ms = [1, 20]\ndelay-ms = [1, 100]\n";
    let terminal = Terminal::start_with(&root, scenario, Some(&history));
    let rounds = amount(12, 200);
    let mut delivered: Vec<Value> = Vec::new();
    for round in 0..rounds {
        let mut command = client_command("ask", &root, &state);
        command.args(["--parallel", "5", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        for number in 0..10 {
            writeln!(input, "{}", Value::Object(person(round * 10 + number))).expect("it reads");
        }
        drop(input);
        // Spread over the time that ten questions take.
        std::thread::sleep(Duration::from_millis((round as u64 * 37) % 700));
        child.kill().expect("it is ours");
        let mut output = Vec::new();
        child.stdout.take().expect("a pipe").read_to_end(&mut output).expect("it is read");
        child.wait().expect("it ended");
        delivered.extend(lines(&output));
    }
    // What was on its way arrives.
    std::thread::sleep(Duration::from_secs(1));
    let taken = terminal.stop().requests;
    let mut command = client_command("collect", &root, &state);
    let output = command.output().expect("it runs");
    let collected = lines(&output.stdout);
    delivered.extend(collected.iter().cloned());

    let mut new: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for answer in delivered.iter().filter(|answer| answer["outcome"] == "answered") {
        let name = text(answer, "response").expect("a name").to_owned();
        if answer.get("again").is_none() {
            *new.entry(name.clone()).or_default() += 1;
        }
        seen.insert(name);
    }
    assert!(new.values().all(|times| *times == 1), "an answer came twice as a new one");
    // Everything that the terminal wrote was handed over at least once.
    let mut written = BTreeSet::new();
    for entry in fs::read_dir(root.join("res")).expect("a folder") {
        written.insert(entry.expect("a name").file_name().into_string().expect("ours"));
    }
    assert_eq!(seen, written, "an answer is missing");
    assert_eq!(written.len() as u64, taken, "a request was sent twice");
    for entry in fs::read_dir(root.join("req")).expect("a folder") {
        let name = entry.expect("a name").file_name();
        let is_ours = matches!(Name::parse(OsStr::new(&name)), Name::Temporary(_));
        assert!(is_ours, "only files that the sweeper takes away after an hour stay");
    }
    println!("soak: A5: client killed {rounds} times, {} answers, none lost", written.len());
    assert!(written.len() > rounds, "the kills came too early to say anything");
}
