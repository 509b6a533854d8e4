//! Nothing is silently lost: what was doubtful is looked for again, what was refused for our own
//! fault waits, what went away is told, and nobody gets the same twice as new.

use std::fs;
use std::path::Path;

use link::archive::{self, Entry, Lock};
use link::client::Outcome;
use link::name::Extension;
use link::state::State;
use serde_json::Value;

use crate::place::Place;
use crate::terminal::{Terminal, ask, client_command, command, lines, person, root};
use crate::verification::{Desk, collect, word, written};

#[test]
fn a_doubtful_answer_is_looked_for_until_it_is_right() {
    let mut desk = Desk::new();
    let open = desk.publish(&ask(1));
    let whole = written(&desk.right(&open));
    let path = desk.path(&open, Extension::Xml);
    fs::write(&path, "<XmlMsg></XmlMsg>").expect("a file");
    assert_eq!(word(&desk.collect(&open)[0]), "ambiguous");
    let again = |desk: &mut Desk| {
        let open = desk.client.ledger.unfinished(|_| false).pop().expect("it is still open");
        desk.collect(&open).pop().expect("it is told")
    };
    let waiting = again(&mut desk);
    assert_eq!((word(&waiting), waiting.outcome.code()), ("waiting", 2));
    assert_eq!(waiting.to_json()["before"], "doubtful");
    fs::write(&path, &whole).expect("a file");
    let answer = again(&mut desk);
    assert_eq!((word(&answer), answer.is_again), ("answered", false));
}

#[test]
fn a_forgotten_password_makes_no_answer_doubtful() {
    let mut desk = Desk::new();
    let open = desk.publish(&ask(1));
    let entry = Entry { name: "a.xml".to_owned(), bytes: written(&desk.right(&open)) };
    let lock = Lock { password: "shiken-99".to_owned(), salt: 1 };
    let path = desk.path(&open, Extension::Zip);
    fs::write(&path, archive::write(&[entry], Some(&lock))).expect("a file");
    for (password, doubt) in [(None, "archive-locked"), (Some("another"), "archive-wrong-password")]
    {
        desk.client.settings.password = password.map(str::to_owned);
        let answer = desk.collect(&open).pop().expect("it is told");
        assert_eq!((&answer.outcome, word(&answer)), (&Outcome::Waiting, doubt));
        assert!(path.exists(), "it stays where it is");
    }
    desk.client.settings.password = Some("shiken-99".to_owned());
    assert_eq!(word(&desk.collect(&open)[0]), "answered");
}

#[test]
fn an_answer_that_went_away_is_told_once() {
    let mut desk = Desk::new();
    let open = desk.publish(&ask(1));
    let path = desk.path(&open, Extension::Xml);
    let right = written(&desk.right(&open));
    fs::write(&path, &right).expect("a file");
    assert_eq!(word(&desk.collect(&open)[0]), "answered");
    fs::remove_file(&path).expect("it goes");
    let state = desk.place.path().join("state");
    let root = root(&desk.place);
    let collected = || client_command("collect", &root, &state).output().expect("it runs");
    let output = collected();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(lines(&output.stdout)[0]["outcome"], "gone");
    assert!(String::from_utf8_lossy(&output.stderr).contains("E403"));
    let output = collected();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    // It was only put away.
    fs::write(&path, &right).expect("a file");
    assert_eq!(lines(&collected().stdout)[0]["again"], true);
}

#[test]
fn two_processes_do_not_both_hand_an_answer_over_as_new() {
    let mut desk = Desk::new();
    let open = desk.publish(&ask(1));
    fs::write(desk.path(&open, Extension::Xml), written(&desk.right(&open))).expect("a file");
    let mut other = Desk::client(&desk.place);
    let first = collect(&mut other, &open).pop().expect("an answer");
    let second = desk.collect(&open).pop().expect("an answer");
    assert_eq!((word(&first), first.is_again), ("answered", false));
    assert_eq!((word(&second), second.is_again), ("answered", true));
}

/// What was asked months ago costs nothing: its journal is not even read.
#[test]
fn only_journals_of_the_last_weeks_are_read() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let file = place.path().join("request.json");
    fs::write(&file, Value::Object(person(1)).to_string()).expect("a file");
    let ask = || {
        let mut ask = client_command("ask", &root, &state);
        ask.args(["--timeout", "0"]).arg(&file).output().expect("it runs").status.code()
    };
    let collected = || {
        let output = client_command("collect", &root, &state).output().expect("it runs");
        lines(&output.stdout).len()
    };
    assert_eq!((ask(), collected()), (Some(2), 1));
    // A damaged record would stop everything.
    fs::write(state.join("client-2020-01"), "damaged\ndamaged\n").expect("written");
    assert_eq!((ask(), collected()), (Some(2), 2));
    // A state that has one journal for all keeps what is in it.
    let journals = fs::read_dir(&state).expect("the state").flatten().map(|entry| entry.path());
    let is_month = |path: &std::path::PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name.starts_with("client-") && name != "client-2020-01")
    };
    let months: Vec<_> = journals.filter(is_month).collect();
    assert_eq!(months.len(), 1, "{months:?}");
    fs::rename(&months[0], state.join("client")).expect("renamed");
    assert_eq!((collected(), ask(), collected()), (2, Some(2), 3));
}

/// The clock is set back over the end of a month between a request and its answer.
#[test]
fn what_came_of_a_request_may_stand_in_the_month_before_it() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let _terminal = Terminal::start(&root, "");
    let file = place.path().join("request.json");
    fs::write(&file, Value::Object(person(1)).to_string()).expect("a file");
    let output = client_command("ask", &root, &state).arg(&file).output().expect("it runs");
    let answer = lines(&output.stdout).pop().expect("an answer");
    let response = answer["response"].as_str().expect("a name");
    let journals = fs::read_dir(&state).expect("the state").flatten().map(|entry| entry.path());
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut months = journals.filter(|path| name(path).starts_with("client-"));
    let month = months.next().expect("a journal");
    let name = name(&month);
    let (year, number) = (&name[7..11], &name[12..14]);
    let (year, number): (u32, u32) = (year.parse().expect("a year"), number.parse().expect("it"));
    let before = if number == 1 { (year - 1, 12) } else { (year, number - 1) };
    let whole = fs::read_to_string(&month).expect("it is text");
    let (ends, others): (Vec<&str>, Vec<&str>) =
        whole.split_inclusive('\n').partition(|line| line.contains("\"event\":\"end\""));
    assert_eq!(ends.len(), 1, "{whole}");
    fs::write(&month, others.concat()).expect("written");
    let before = state.join(format!("client-{:04}-{:02}", before.0, before.1));
    fs::write(before, ends.concat()).expect("written");
    let mut ack = command();
    ack.args(["ack", "--state"]).arg(&state).arg(response);
    let output = ack.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_key_that_is_not_that_of_the_journals_is_no_key() {
    for damage in ["flipped", "taken away", "taken away with its word"] {
        let place = Place::new();
        let root = root(&place);
        let state = place.path().join("state");
        let file = place.path().join("request.json");
        fs::write(&file, Value::Object(person(1)).to_string()).expect("a file");
        let ask = |timeout: &str| {
            let mut ask = client_command("ask", &root, &state);
            ask.args(["--timeout", timeout]).arg(&file).output().expect("it runs").status.code()
        };
        assert_eq!(ask("0"), Some(2));
        let key = state.join("key");
        if damage == "flipped" {
            let mut bytes = fs::read(&key).expect("a key");
            bytes[0] ^= 1;
            fs::write(&key, bytes).expect("written");
        } else {
            fs::remove_file(&key).expect("it goes");
        }
        if damage == "taken away with its word" {
            fs::remove_file(state.join("key-check")).expect("it goes");
        }
        assert_eq!(ask("0"), Some(3), "{damage}");
        let output = client_command("collect", &root, &state).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{damage}: {told}");
        assert!(told.contains("P403") && told.contains("`key`"), "{damage}: {told}");
        assert!(State::existing(&state).is_err(), "{damage}");
    }
}
