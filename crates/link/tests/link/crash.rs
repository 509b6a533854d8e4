//! The client is killed at any moment and started again.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use link::name::Name;
use serde_json::Value;

use crate::budget::Rounds;
use crate::place::Place;
use crate::terminal::{Terminal, client_command, lines, person, root, text};

/// Whether it repeats an identifier that the terminal made up.
fn is_of_another(content: &str) -> bool {
    let digits = content.split("<ArbitraryFileIdentifier>S99").nth(1).map(|rest| &rest[..14]);
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[test]
fn a05_a_killed_client_loses_nothing_and_sends_nothing_twice() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let history = place.path().join("history");
    let scenario = "take-ms = [1, 20]\ndelay-ms = [1, 100]\n\
                    [result]\nnormal = 3\nother-identifier = 2\n";
    let terminal = Terminal::start_with(&root, scenario, Some(&history));
    let mut rounds = Rounds::new(12, 200);
    let mut delivered: Vec<Value> = Vec::new();
    // How long ten questions take here, the start of the process with them.
    let mut whole = Duration::MAX;
    for round in rounds.by_ref() {
        let begin = Instant::now();
        let mut command = client_command("ask", &root, &state);
        command.args(["--parallel", "5", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        for number in 0..10 {
            writeln!(
                input,
                "{}",
                Value::Object(person(usize::try_from(round).expect("few") * 10 + number))
            )
            .expect("it reads");
        }
        drop(input);
        if round == 0 {
            child.wait().expect("it ends");
            whole = begin.elapsed();
        } else {
            // Spread over that time, and beyond it.
            let part = u32::try_from(round * 37 % 100).expect("a number below a hundred");
            std::thread::sleep(whole * part / 80);
            child.kill().expect("it is ours");
        }
        let mut output = Vec::new();
        child.stdout.take().expect("a pipe").read_to_end(&mut output).expect("it is read");
        child.wait().expect("it ended");
        delivered.extend(lines(&output));
    }
    let (said, rounds) = (rounds.said(), usize::try_from(rounds.done()).expect("few"));
    // What was on its way arrives.
    std::thread::sleep(Duration::from_secs(1));
    let taken = terminal.stop().requests;
    let mut command = client_command("collect", &root, &state);
    let output = command.output().expect("it runs");
    let collected = lines(&output.stdout);
    delivered.extend(collected.iter().cloned());

    let (seen, quarantined) = check(&root, &delivered, taken);
    for entry in fs::read_dir(root.join("req")).expect("a folder") {
        let name = entry.expect("a name").file_name();
        let is_ours = matches!(Name::parse(OsStr::new(&name)), Name::Temporary(_));
        assert!(is_ours, "only files that the sweeper takes away after an hour stay");
    }
    println!(
        "soak: A5: client killed {said} times, {seen} answers and {quarantined} in quarantine, \
         none lost"
    );
    assert!(quarantined > rounds / 4, "{quarantined}");
    assert!(seen > rounds, "the kills came too early to say anything");
}

/// How many answers were handed over and how many stand in quarantine, when none is missing.
fn check(root: &Path, delivered: &[Value], taken: u64) -> (usize, usize) {
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
    // Everything that the terminal wrote was handed over at least once, or is doubtful. What is
    // doubtful stands in quarantine, or where it was if the client was killed in that moment.
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(root.join(folder)).into_iter().flatten();
        let names = entries.map(|entry| entry.expect("a name").file_name());
        let names = names.map(|name| name.into_string().expect("ours"));
        names.filter(|name| !name.starts_with('.')).collect()
    };
    let (written, quarantined) = (names("res"), names("res/.quarantine"));
    assert!(written.is_disjoint(&quarantined) && seen.is_disjoint(&quarantined));
    let left: BTreeSet<&String> = written.difference(&seen).collect();
    assert!(seen.is_subset(&written), "an answer is missing");
    for name in &left {
        let content = fs::read(root.join("res").join(name)).expect("it is there");
        assert!(is_of_another(&String::from_utf8_lossy(&content)), "{name} is missing");
    }
    assert_eq!((written.len() + quarantined.len()) as u64, taken, "a request was sent twice");
    (written.len(), quarantined.len())
}
