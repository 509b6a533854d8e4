//! A log that was destroyed stays destroyed. No pass heals it, deletes anything, or keeps
//! quiet about it, and evidence made of it is not verified.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use link::evidence::{Subject, evidence};
use link::sweep::{Confirmation, SweepError, inspect};
use serde_json::Value;

use super::{DAY, Folders, HOUR, MINUTE};

/// What somebody does to the log in the state folder.
type Damage = fn(&Path);

const DAMAGES: [(&str, Damage); 9] = [
    ("taken away", |state| fs::remove_file(log(state)).expect("removed")),
    ("emptied", |state| fs::write(log(state), "").expect("written")),
    ("without its last record", |state| cut(state, |lines| lines[..lines.len() - 1].to_vec())),
    ("without its first records", |state| cut(state, |lines| lines[2..].to_vec())),
    ("without a record in the middle", |state| {
        cut(state, |lines| [&lines[..1], &lines[2..]].concat());
    }),
    ("with a flipped byte", |state| {
        let mut bytes = fs::read(log(state)).expect("the log");
        bytes[40] ^= 1;
        fs::write(log(state), bytes).expect("written");
    }),
    ("cut in the middle of its last record", |state| {
        let bytes = fs::read(log(state)).expect("the log");
        fs::write(log(state), &bytes[..bytes.len() - 20]).expect("written");
    }),
    ("without its anchor", |state| fs::remove_file(state.join("audit-anchor")).expect("removed")),
    ("with another anchor", |state| {
        let path = state.join("audit-anchor");
        let text = fs::read_to_string(&path).expect("the anchor");
        let (before, last) = text.split_once("last ").expect("a number");
        let (_, after) = last.split_once('\n').expect("a line");
        fs::write(path, format!("{before}last 1\n{after}")).expect("written");
    }),
];

fn log(state: &Path) -> PathBuf {
    let all = fs::read_dir(state).expect("the state").flatten().map(|entry| entry.path());
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut logs: Vec<PathBuf> = all
        .filter(|path| {
            name(path).is_some_and(|name| name.starts_with("audit-") && name.ends_with("jsonl"))
        })
        .collect();
    logs.sort();
    logs.pop().expect("there is a log")
}

fn cut(state: &Path, kept: impl for<'a> Fn(&[&'a str]) -> Vec<&'a str>) {
    let text = fs::read_to_string(log(state)).expect("the log");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    assert!(lines.len() > 3, "there is enough to cut");
    fs::write(log(state), kept(&lines).concat()).expect("written");
}

fn state(folders: &Folders) -> PathBuf {
    folders.place.path().join("state")
}

/// A state with some records, and a result that the next pass would delete.
fn ready() -> Folders {
    let folders = Folders::new();
    for number in 0..3 {
        folders.put(&format!("res/OQSsiquc01res_{number}.xml"), "x");
        folders.acknowledge(&format!("OQSsiquc01res_{number}.xml"), "x", "", folders.start);
    }
    folders.apply(MINUTE);
    folders.apply(20 * MINUTE);
    folders.put("res/OQSsiquc01res_9.xml", "x");
    folders.acknowledge("OQSsiquc01res_9.xml", "x", "", folders.start);
    folders
}

fn made(folders: &Folders, since: i128) -> Value {
    let folder = folders.root().canonicalize().expect("it is there").display().to_string();
    let subject = Subject { folder, site: None, terminals: Vec::new(), since };
    evidence(&folders.state(), &subject, folders.start + 3 * HOUR).expect("it can be read").0
}

fn run(folders: &Folders, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sekisho-link"))
        .args(["--lang", "en"])
        .args(words)
        .arg("--state")
        .arg(state(folders))
        .output()
        .expect("it runs")
}

#[test]
fn no_pass_goes_on_after_a_broken_log() {
    for (what, damage) in DAMAGES {
        let folders = ready();
        assert_eq!(made(&folders, folders.start - DAY)["log"]["verified"], true);
        damage(&state(&folders));
        let bytes = |folders: &Folders| {
            let path = state(folders);
            let all = fs::read_dir(&path).expect("the state").flatten();
            let mut all: Vec<_> = all
                .filter(|entry| entry.file_name().to_string_lossy().starts_with("audit"))
                .map(|entry| (entry.file_name(), fs::read(entry.path()).expect("read")))
                .collect();
            all.sort();
            all
        };
        let before = bytes(&folders);
        for minutes in [40, 45, 50] {
            let now = folders.after(minutes * MINUTE);
            let outcome = folders.sweeper().apply(&now, Confirmation::Given);
            assert!(matches!(outcome, Err(SweepError::Broken(_))), "{what}: {outcome:?}");
            let outcome = folders.sweeper().plan(&now, Confirmation::Given);
            assert!(matches!(outcome, Err(SweepError::Broken(_))), "{what}: {outcome:?}");
        }
        assert!(folders.has("res/OQSsiquc01res_9.xml"), "{what}: something was deleted");
        assert_eq!(bytes(&folders), before, "{what}: the log was touched");
        let evidence = made(&folders, folders.start - DAY);
        assert_eq!(evidence["log"]["verified"], false, "{what}: {evidence:#}");
        assert_eq!(run(&folders, &["verify-log"]).status.code(), Some(1), "{what}");
    }
}

#[test]
fn the_command_says_so_at_every_pass() {
    let folders = ready();
    cut(&state(&folders), |lines| lines[..lines.len() - 1].to_vec());
    let root = folders.root().display().to_string();
    for _ in 0..2 {
        let output = run(&folders, &["sweep", &root, "--apply"]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains("L410") && told.contains("--begin-log-anew"), "{told}");
    }
    let output = run(&folders, &["evidence", &root, "--since", "2026-01-01"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_crash_between_log_and_anchor_is_no_break() {
    let folders = ready();
    let anchor = state(&folders).join("audit-anchor");
    let older = fs::read(&anchor).expect("the anchor");
    let memory = fs::read_dir(state(&folders)).expect("the state").flatten();
    let memory = memory.map(|entry| entry.path());
    let is_memory = |path: &PathBuf| path.to_string_lossy().contains("memory-");
    let memory = memory.into_iter().find(is_memory).expect("a memory");
    let remembered = fs::read(&memory).expect("the memory");
    folders.apply(40 * MINUTE);
    fs::write(&anchor, older).expect("written");
    fs::write(&memory, remembered).expect("written");
    folders.apply(60 * MINUTE);
    assert_eq!(inspect(&folders.state(), |_| ()).expect("read").fault, None);
}

#[test]
fn a_log_that_is_begun_anew_says_so_for_ever() {
    let folders = ready();
    let damaged = fs::read(log(&state(&folders))).expect("the log");
    for round in 1..=2 {
        cut(&state(&folders), |lines| lines[1..].to_vec());
        let now = folders.after(round * 10 * HOUR);
        folders.sweeper().begin_log_anew(&now, "the disk failed").expect("it is begun");
        for pass in 1..=4 {
            folders.put(&format!("res/OQSsiquc01res_{round}{pass}.xml"), "x");
            folders.apply(round * 10 * HOUR + pass * HOUR);
        }
        let verified = inspect(&folders.state(), |_| ()).expect("read");
        assert_eq!((verified.fault.clone(), verified.breaks), (None, round as u64));
        assert_eq!(verified.broken_at, Some(now.wall / 1_000_000_000 * 1_000_000_000));
        // What was before the break is not shown, what is behind it is.
        assert_eq!(made(&folders, folders.start - DAY)["log"]["verified"], false);
        assert_eq!(made(&folders, now.wall + MINUTE)["log"]["verified"], true);
        assert_eq!(made(&folders, now.wall + MINUTE)["log"]["breaks"], round as u64);
    }
    let aside = fs::read_dir(state(&folders)).expect("the state").flatten();
    let aside = aside.filter(|entry| entry.file_name().to_string_lossy().starts_with("broken-"));
    let kept: Vec<Vec<u8>> = aside.map(|entry| fs::read(entry.path()).expect("read")).collect();
    assert_eq!(kept.len(), 2, "what was broken is kept");
    assert!(kept.iter().any(|bytes| damaged.ends_with(bytes)));
    let output = run(&folders, &["verify-log"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("L413"), "{told}");
    // The break itself cannot be cut away.
    cut(&state(&folders), |lines| lines[1..].to_vec());
    assert_eq!(run(&folders, &["verify-log"]).status.code(), Some(1));
}

#[test]
fn a_whole_log_is_not_begun_anew() {
    let folders = ready();
    let root = folders.root().display().to_string();
    let before = fs::read(log(&state(&folders))).expect("the log");
    let output = run(&folders, &["sweep", &root, "--apply", "--begin-log-anew", "for fun"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(fs::read(log(&state(&folders))).expect("the log"), before);
}

#[test]
fn the_chain_goes_on_from_year_to_year() {
    let folders = ready();
    let first = log(&state(&folders));
    for months in 1..=14 {
        folders.put(&format!("res/OQSsiquc01res_y{months}.xml"), "x");
        folders.apply(months * 30 * DAY);
    }
    assert_ne!(log(&state(&folders)), first, "another year has another file");
    let verified = inspect(&folders.state(), |_| ()).expect("read");
    assert_eq!((verified.fault, verified.first), (None, 1));
    fs::remove_file(first).expect("removed");
    let now = folders.after(15 * 30 * DAY);
    let outcome = folders.sweeper().apply(&now, Confirmation::Given);
    assert!(matches!(outcome, Err(SweepError::Broken(_))), "{outcome:?}");
}

#[test]
fn what_only_looks_makes_no_state() {
    let folders = Folders::new();
    let root = folders.root().display().to_string();
    for words in [
        &["status", &root][..],
        &["verify-log"],
        &["evidence", &root, "--since", "2026-01-01"],
        &["ack", "OQSsiquc01res_1.xml"],
    ] {
        let output = run(&folders, words);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{words:?}: {told}");
        assert!(told.contains("--state"), "{words:?}: {told}");
        assert!(!state(&folders).exists(), "{words:?} made a state");
    }
}

#[test]
fn without_a_log_nothing_is_verified() {
    let folders = Folders::new();
    folders.state();
    assert_eq!(made(&folders, folders.start - DAY)["log"]["verified"], false);
    assert_eq!(run(&folders, &["verify-log"]).status.code(), Some(1));
}
