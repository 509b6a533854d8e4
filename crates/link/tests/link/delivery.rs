//! An answer that did not reach whoever asked is not lost and counts as never handed over; what
//! is wrong is refused before it is sent; nobody gets another institution's answers.

use std::fs;
use std::path::Path;
use std::process::Output;

use link::client::Delivery;
use serde_json::{Value, json};

use crate::place::Place;
use crate::terminal::{
    INSTITUTION, Terminal, ask, client, client_command, command, lines, person, root, settings,
    text,
};

fn request(place: &Place, value: &Value) -> std::path::PathBuf {
    request_text(place, &value.to_string())
}

fn request_text(place: &Place, content: &str) -> std::path::PathBuf {
    let path = place.path().join("request.json");
    fs::write(&path, content).expect("a file");
    path
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn collected(root: &Path, state: &Path) -> Vec<Value> {
    lines(&client_command("collect", root, state).output().expect("it runs").stdout)
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_not_handed_over() {
    for name in ["ask", "bulk"] {
        let place = Place::new();
        let root = root(&place);
        let state = place.path().join("state");
        let _terminal = Terminal::start(&root, "busy = 0\n");
        let file = request(&place, &Value::Object(person(1)));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
        let mut command = client_command(name, &root, &state);
        if name == "bulk" {
            command.args(["--again", "0"]);
        }
        let output = command.arg(&file).stdout(full).stderr(std::process::Stdio::piped()).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{name}: {}", told(&output));
        assert!(told(&output).contains("P407"), "{name}: {}", told(&output));
        // It is there, and it is no repetition: nobody has had it.
        let answers = collected(&root, &state);
        let answer = answers.last().expect("it is collected");
        assert_eq!(answer["outcome"], "answered", "{name}: {answer}");
        assert_eq!(answer["again"], Value::Null, "{name}: {answer}");
        // A second look repeats what the first one handed over.
        assert_eq!(collected(&root, &state).last().expect("an answer")["again"], true);
    }
}

#[test]
fn what_was_not_delivered_cannot_be_acknowledged() {
    let place = Place::new();
    let root = root(&place);
    let _terminal = Terminal::start(&root, "");
    let mut client = client(&place, settings());
    let mut names = Vec::new();
    let each = |answer: link::client::Answer| {
        names.push(answer.response.expect("an answer"));
        Delivery::Failed
    };
    client.run([ask(1), ask(2)], each).expect("the folders stay");
    assert_eq!(names.len(), 1, "it ends at the first that fails");
    let state = place.path().join("state");
    let ack = |name: &str| {
        command().arg("ack").arg("--state").arg(&state).arg(name).output().expect("it runs")
    };
    assert_eq!(ack(&names[0]).status.code(), Some(3));
    assert_eq!(collected(&root, &state).len(), 2);
    // By its path, too.
    let path = root.join("res").join(&names[0]);
    let output = ack(path.to_str().expect("plain names"));
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn nobody_collects_the_answers_of_another_institution() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let _terminal = Terminal::start(&root, "");
    let file = request(&place, &Value::Object(person(1)));
    let output = client_command("ask", &root, &state).arg(&file).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let other = command()
        .args(["collect", "--institution", "9920000000", "--root"])
        .arg(&root)
        .arg("--state")
        .arg(&state)
        .output()
        .expect("it runs");
    assert_eq!((other.status.code(), lines(&other.stdout).len()), (Some(0), 0));
    assert_eq!(collected(&root, &state).len(), 1, "{INSTITUTION} still gets it");
}

#[test]
fn what_no_terminal_could_take_is_not_sent() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    for (key, value, word) in [
        ("Birthdate", "19990231", "Birthdate"),
        ("Birthdate", "1999-02-01", "Birthdate"),
        ("Birthdate", "", "Birthdate"),
        ("LimitApplicationCertificateRelatedConsFlg", "7", "0, 1"),
    ] {
        let mut wrong = person(1);
        wrong.insert(key.to_owned(), json!(value));
        let file = request(&place, &Value::Object(wrong));
        let output = client_command("ask", &root, &state).arg(&file).output().expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{key} {value}: {}", told(&output));
        assert!(told(&output).contains(word), "{key} {value}: {}", told(&output));
        assert!(value.is_empty() || !told(&output).contains(value), "no value is repeated");
        let left = fs::read_dir(root.join("req")).expect("a folder").count();
        assert_eq!(left, 0, "{key} {value} was sent");
    }
    for (key, value) in [("StartDate", "209813"), ("EndDate", "2099")] {
        let mut drug = json!({
            "InsurerNumber": "  999999", "InsuredPersonIdentificationNumber": "0000001",
            "StartDate": "209807", "EndDate": "209901", "FileCategory": "2",
            "PrDiInfClassification": "1", "MedicalTreatmentFlag": "1",
        });
        drug[key] = value.into();
        let file = request(&place, &drug);
        let mut command = client_command("drug", &root, &state);
        let output = command.args(["--timeout", "0"]).arg(&file).output().expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{key} {value}: {}", told(&output));
        assert!(told(&output).contains(key), "{}", told(&output));
    }
}

#[test]
fn a_byte_order_mark_before_json_is_no_fault() {
    let place = Place::new();
    let root = root(&place);
    let _terminal = Terminal::start(&root, "");
    let file = place.path().join("request.json");
    fs::write(&file, format!("\u{feff}{}", Value::Object(person(1)))).expect("a file");
    let mut command = client_command("ask", &root, &place.path().join("state"));
    let output = command.arg(&file).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn a_state_that_cannot_be_used_is_named_itself() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("a-file");
    fs::write(&state, "no folder").expect("a file");
    let file = request(&place, &Value::Object(person(1)));
    for name in ["ask", "collect", "face"] {
        let mut command = client_command(name, &root, &state);
        if name == "ask" {
            command.arg(&file);
        }
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{name}");
        let told = told(&output);
        assert!(told.contains("P403") && told.contains("a-file"), "{name}: {told}");
        assert!(!told.contains("oqs`"), "{name}: {told}");
    }
}

#[test]
fn every_command_lists_its_exit_codes() {
    let output = command().arg("--help").output().expect("it runs");
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    let list = help.split("Commands:").nth(1).expect("a list of commands");
    let list = list.split("Options:").next().unwrap_or_default();
    let names: Vec<&str> = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        let output = command().args([name, "--help"]).output().expect("it runs");
        let help = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(help.contains("Exit codes:") && help.contains("\n  3  "), "{name}: {help}");
    }
}

/// Whoever asks about several people is told whom an answer is about, also where there is none.
#[test]
fn an_answer_says_which_of_the_requests_it_is_of() {
    let place = Place::new();
    let root = root(&place);
    let mut terminal = Some(Terminal::start(&root, ""));
    let mut wrong = person(2);
    wrong.remove("Birthdate");
    let all = [person(1), wrong, person(3)].map(Value::Object).to_vec();
    let file = request(&place, &Value::Array(all));
    let state = place.path().join("state");
    for (timeout, outcome, code) in [("60", "answered", 3), ("0", "waiting", 3)] {
        let mut ask = client_command("ask", &root, &state);
        let output = ask.args(["--timeout", timeout]).arg(&file).output().expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{}", told(&output));
        let mut answers = lines(&output.stdout);
        answers.sort_by_key(|answer| answer["number"].as_u64());
        let said: Vec<String> =
            answers.iter().map(|one| format!("{} {}", one["number"], one["outcome"])).collect();
        let wanted = [(1, outcome), (2, "unsent"), (3, outcome)];
        assert_eq!(said, wanted.map(|(number, outcome)| format!("{number} \"{outcome}\"")));
        assert!(told(&output).contains("request 2 is not sent"), "{}", told(&output));
        // The second time nobody answers.
        terminal.take();
        if outcome == "answered" {
            for (at, number) in [(0, "0000001"), (2, "0000003")] {
                let asked = text(&answers[at], "InsuredIdentificationNumber");
                assert_eq!(asked, Some(number));
            }
        }
    }
}

#[test]
fn a_number_that_cannot_be_meant_is_refused() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let file = request(&place, &Value::Object(person(1)));
    for words in [
        ["ask", "--timeout", "18446744073709551615"],
        ["ask", "--settle", "604801"],
        ["ask", "--parallel", "0"],
        ["ask", "--parallel", "1025"],
        ["bulk", "--again", "18446744073709551615"],
        ["bulk", "--patience", "18446744073709551615"],
    ] {
        let mut command = client_command(words[0], &root, &state);
        let output = command.args(&words[1..]).arg(&file).output().expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{words:?}: {}", told(&output));
        assert!(told(&output).contains("whole number from"), "{words:?}: {}", told(&output));
    }
    let day = ["evidence", "--since", "2999-01-01", "--state"];
    let output = command().args(day).arg(&state).arg(&root).output().expect("it runs");
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert!(told(&output).contains("a day that has come"), "{}", told(&output));
    assert!(!state.exists(), "nothing was begun");
}

#[test]
fn an_option_that_would_change_nothing_is_refused() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    for words in [
        ["face", "--timeout", "5"],
        ["face", "--parallel", "2"],
        ["face", "--encoding", "utf-8"],
        ["face", "--password-file", "x"],
        ["collect", "--timeout", "5"],
        ["collect", "--parallel", "2"],
        ["collect", "--encoding", "utf-8"],
        ["bulk", "--parallel", "2"],
    ] {
        let mut command = client_command(words[0], &root, &state);
        let output = command.args(&words[1..]).output().expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{words:?}: {}", told(&output));
        assert!(told(&output).contains(words[1]), "{words:?}: {}", told(&output));
    }
    let mut face = command();
    face.args(["face", "--institution", "991000000", "--root"]).arg(&root);
    let output = face.arg("--state").arg(&state).output().expect("it runs");
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert!(told(&output).contains("P400"), "{}", told(&output));
    assert!(!state.exists(), "nothing was begun");
}

#[test]
fn what_is_no_request_is_told_with_its_line() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    for (content, line) in [
        ("\"x\"", 1),
        ("\n\n  7", 3),
        ("{}\n[{},\n 7]", 2),
        ("{\n", 2),
        ("[]\n[]\n\ntrue", 4),
        ("{} {}\n{\n\"a\" 1}", 3),
        ("{\"a\": \"1\"}\n{\"a\": \"1\", \"b\": \"a\",\n\"a\": \"2\"}", 3),
        ("[{\"b\": \"1\"},\n{\"\\\"b\": \"\", \"c\": {},\n\n\"\\u0063\": \"1\"}]", 4),
    ] {
        let file = request_text(&place, content);
        let output = client_command("ask", &root, &state).arg(&file).output().expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{content}: {}", told(&output));
        let wanted = format!("(line {line})");
        assert!(told(&output).contains(&wanted), "{content}: {}", told(&output));
    }
}

#[test]
fn a_kind_that_is_not_known_is_told_once() {
    let place = Place::new();
    let root = root(&place);
    let all = [person(1), person(2)].map(Value::Object).to_vec();
    let file = request(&place, &Value::Array(all));
    for (name, kind) in [("ask", "OQSsixxx01"), ("ask", "x"), ("bulk", "OQSmuxxx01")] {
        let mut command = client_command(name, &root, &place.path().join("state"));
        let output = command.args(["--kind", kind]).arg(&file).output().expect("it runs");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{kind}");
        let told = told(&output);
        assert_eq!(told.matches("P405").count(), 1, "{told}");
        assert!(told.contains("link catalogue"), "{told}");
    }
}

#[test]
fn a_folder_without_any_of_the_three_is_told_as_that() {
    let place = Place::new();
    let doctor = || command().arg("doctor").arg(place.path()).output().expect("it runs");
    let output = doctor();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("E410").count(), 1, "{said}");
    fs::create_dir(place.path().join("res")).expect("made");
    let output = doctor();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said.matches("warning[E410]").count(), 2, "{said}");
}

/// Whoever uses the share could read the key and write acknowledgements.
#[test]
fn a_state_that_everybody_sees_is_not_made() {
    let place = Place::new();
    let root = root(&place);
    let file = request(&place, &Value::Object(person(1)));
    let states = [root.clone(), root.join("res"), root.join("new").join("state")];
    #[cfg(unix)]
    let linked = {
        let shortcut = place.path().join("shortcut");
        std::os::unix::fs::symlink(&root, &shortcut).expect("a link");
        Some(shortcut.join("state"))
    };
    #[cfg(not(unix))]
    let linked = None;
    for state in states.into_iter().chain(linked) {
        let mut sweep = command();
        sweep.args(["sweep", "--apply", "--state"]).arg(&state).arg(&root);
        let mut ask = client_command("ask", &root, &state);
        ask.arg(&file);
        for mut command in [sweep, ask, client_command("face", &root, &state)] {
            let output = command.output().expect("it runs");
            assert_eq!(output.status.code(), Some(3), "{command:?}: {}", told(&output));
            let is_named = told(&output).contains("inside the shared folder");
            assert!(is_named, "{command:?}: {}", told(&output));
        }
    }
    let names = fs::read_dir(&root).expect("a folder").flatten().map(|one| one.file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["face", "req", "res"], "nothing was made");
    assert_eq!(fs::read_dir(root.join("res")).expect("a folder").count(), 0);
    // One beside it that is not there yet is right, whatever its name begins with.
    let beside = place.path().join("oqs-state").join("new");
    let output = command().args(["sweep", "--state"]).arg(&beside).arg(&root).output();
    assert_eq!(output.expect("it runs").status.code(), Some(0));
}

#[test]
fn what_is_printed_fits_into_eighty_columns() {
    let place = Place::new();
    let root = root(&place);
    fs::write(root.join("res").join("del1.txt"), "x").expect("a file");
    fs::write(root.join("res").join("メモ.txt"), "x").expect("a file");
    let root = root.display().to_string();
    let state = place.path().join("state").display().to_string();
    for lang in ["ja", "en"] {
        for words in [
            &["catalogue"][..],
            &["doctor", "oqs"],
            &["sweep", "oqs", "--all", "--names", "--state", &state],
            &["status", "oqs", "--state", &state],
            &["name", "del1.txt", "OQSsiquc01req_1.xml", "OQSsiquc01res_1.x"],
        ] {
            let mut command = command();
            command.current_dir(place.path()).env_remove("COLUMNS");
            let output = command.args(words).args(["--lang", lang]).output().expect("it runs");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(!said.is_empty(), "{words:?}: {}", told(&output));
            for line in said.lines().filter(|line| !line.contains(&root)) {
                assert!(display::width(line) <= 80, "{words:?}: {line}");
            }
        }
    }
}
