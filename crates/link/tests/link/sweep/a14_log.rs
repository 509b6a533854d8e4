//! A14: the audit log is whole, a flipped byte is found where it is, and nothing in it or in
//! anything else that the sweeper writes or says points to a person.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use link::audit::{self, FaultKind};

use super::{DAY, Folders, HOUR, MINUTE};
use crate::budget::is_soak;

/// What could point to somebody, in names and contents of the files.
const PERSONAL: [&str; 8] =
    ["試験", "太郎", "ｼｹﾝ", "7700123", "19990101", "999999", "架空健康保険組合", "T20990101"];
const NAME: &str = "OQSsiquc01res_7700123-試験太郎-19990101.xml";
const CONTENT: &str = "<Name>試験　太郎</Name><NameKana>ｼｹﾝ ﾀﾛｳ</NameKana>\
    <Birthdate>19990101</Birthdate><InsurerNumber>  999999</InsurerNumber>\
    <InsurerName>架空健康保険組合</InsurerName><ArbitraryFileIdentifier>T20990101-0001";

fn logs(folders: &Folders) -> Vec<PathBuf> {
    let state = fs::read_dir(folders.place.path().join("state")).expect("the state");
    let mut all: Vec<PathBuf> = state.flatten().map(|entry| entry.path()).collect();
    all.sort();
    all.retain(|path| path.file_name().is_some_and(|name| name != "key"));
    all
}

fn audit_log(folders: &Folders) -> PathBuf {
    let is_log = |path: &&PathBuf| path.to_string_lossy().contains("audit-");
    logs(folders).iter().find(is_log).expect("a log").clone()
}

fn run(folders: &Folders, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho-link"));
    if words[0] != "doctor" {
        command.arg(words[0]).arg("--state").arg(folders.place.path().join("state"));
    } else {
        command.arg(words[0]);
    }
    command.args(&words[1..]).env("LANG", "ja_JP.UTF-8").output().expect("it runs")
}

#[test]
fn a14_a_flipped_byte_is_found_where_it_is() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    folders.put("res/OQSsiquc01res_1.xml", "x");
    folders.apply(HOUR);
    folders.apply(8 * DAY);
    let path = audit_log(&folders);
    let whole = fs::read(&path).expect("the log");
    let verify = || audit::verify(&folders.state().folder).expect("it can be read");
    let records = whole.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert_eq!((verify().fault, verify().chain.last), (None, records));
    let step = if is_soak() { 1 } else { 7 };
    for at in (0..whole.len()).step_by(step) {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        fs::write(&path, &changed).expect("written");
        let fault = verify().fault.unwrap_or_else(|| panic!("byte {at} was not noticed"));
        let line = 1 + whole[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        assert_eq!((fault.line, fault.number), (line, line), "byte {at}: {fault:?}");
    }
    // The last line without its end, and lines that were taken out or moved.
    fs::write(&path, &whole[..whole.len() - 1]).expect("written");
    assert_eq!(verify().fault.map(|fault| fault.kind), Some(FaultKind::Torn));
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    for (first, second) in [(vec![0], vec![2]), (vec![1, 0], vec![2])] {
        let order = first.into_iter().chain(second);
        fs::write(&path, order.map(|at| lines[at]).collect::<Vec<_>>().concat()).expect("written");
        assert_eq!(verify().fault.map(|fault| fault.kind), Some(FaultKind::NotNext));
    }
}

#[test]
fn a14_a_log_that_lost_its_end_is_noticed_by_the_command() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    folders.apply(HOUR);
    folders.apply(8 * DAY);
    assert_eq!(run(&folders, &["verify-log"]).status.code(), Some(0));
    let path = audit_log(&folders);
    let whole = fs::read_to_string(&path).expect("the log");
    let shorter = whole.trim_end().rsplit_once('\n').expect("two records").0;
    fs::write(&path, format!("{shorter}\n")).expect("written");
    let output = run(&folders, &["verify-log"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("L410"));
}

#[test]
fn a14_evidence_that_says_something_else_than_the_log_is_told() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    folders.apply(HOUR);
    let root = folders.root().display().to_string();
    let made = run(&folders, &["evidence", &root, "--since", "2026-01-01"]);
    folders.put("res/del2.txt", "x");
    // The log may go on; the evidence speaks of what was before.
    folders.apply(8 * DAY);
    let file = folders.place.path().join("evidence.json");
    let path = file.display().to_string();
    let whole: serde_json::Value = serde_json::from_slice(&made.stdout).expect("JSON");
    let verify = |evidence: &serde_json::Value| {
        fs::write(&file, evidence.to_string()).expect("written");
        let output = run(&folders, &["verify-log", "--evidence", &path]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, said) = verify(&whole);
    assert_eq!(code, Some(0), "{said}");
    for (pointer, key) in [
        ("/folder", "folder_id"),
        ("/policy/unread_delete_s", "policy"),
        ("/last_complete_pass/deleted", "last_complete_pass"),
        ("/last_complete_pass/overdue", "last_complete_pass"),
        ("/passes/complete", "passes"),
        ("/passes/longest_gap_s", "passes"),
        ("/deleted/report", "deleted"),
        ("/since", "passes"),
        ("/made", "passes"),
    ] {
        let mut changed = whole.clone();
        *changed.pointer_mut(pointer).expect(pointer) = match pointer {
            "/since" => "2099-01-01".into(),
            "/made" => "2099-01-01T00:00:00Z".into(),
            "/folder" => "/srv/other".into(),
            _ => 7.into(),
        };
        let (code, said) = verify(&changed);
        assert_eq!(code, Some(1), "{pointer}: {said}");
        assert!(said.contains("L411") && said.contains(key), "{pointer}: {said}");
    }
}

#[test]
fn a14_a_torn_record_is_cut_off_and_told() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    folders.apply(HOUR);
    let path = audit_log(&folders);
    let mut torn = fs::read(&path).expect("the log");
    torn.extend_from_slice(b"{\"n\":99,\"t\":\"20");
    fs::write(&path, torn).expect("written");
    folders.apply(HOUR + MINUTE);
    let verified = audit::verify(&folders.state().folder).expect("it can be read");
    assert_eq!(verified.fault, None);
    assert!(fs::read_to_string(&path).expect("the log").contains("\"act\":\"torn\",\"bytes\":15"));
}

#[test]
fn a14_each_reason_for_which_a_file_stays_is_a_record() {
    let mut folders = Folders::new();
    folders.policy.unread_warn = 60;
    folders.policy.unread_alert = 60;
    folders.policy.unread_delete = Some(3_600);
    folders.put(&format!("res/{NAME}"), CONTENT);
    folders.put(&format!("req/{}", NAME.replace("res_", "req_")), CONTENT);
    for time in [0, 2 * MINUTE, 66 * MINUTE] {
        folders.apply(time);
    }
    let log = fs::read_to_string(audit_log(&folders)).expect("it can be read");
    for reason in ["not-acknowledged-too-long", "request-still-there"] {
        assert!(log.contains(reason), "no {reason}: {log}");
    }
}

#[test]
fn a14_nothing_that_is_written_or_said_points_to_a_person() {
    let folders = Folders::new();
    folders.put(&format!("res/{NAME}"), CONTENT);
    folders.put("res/del-7700123-試験.txt", CONTENT);
    folders.put("res/試験太郎.pdf", CONTENT);
    folders.put("req/OQSsiquc01req_7700123-試験太郎-19990101.xml", CONTENT);
    folders.acknowledge(NAME, CONTENT, "reception", folders.start);
    let mut said: Vec<Vec<u8>> = Vec::new();
    let root = folders.root().display().to_string();
    for words in [
        &["sweep", &root][..],
        &["sweep", &root, "--all"],
        &["sweep", &root, "--all", "--format", "json"],
        &["doctor", &root],
        &["doctor", &root, "--format", "json"],
    ] {
        let output = run(&folders, words);
        assert!(output.status.code().is_some_and(|code| code < 3), "{output:?}");
        said.push(output.stdout);
        said.push(output.stderr);
    }
    // A message that somebody takes for the policy.
    let message = folders.place.path().join("message.xml").display().to_string();
    fs::write(&message, CONTENT).expect("a file");
    let output = run(&folders, &["sweep", &root, "--policy", &message]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    said.extend([output.stdout, output.stderr]);
    folders.apply(20 * MINUTE);
    folders.apply(8 * DAY);
    for words in
        [&["status", &root][..], &["verify-log"], &["evidence", &root, "--since", "2026-01-01"]]
    {
        let output = run(&folders, words);
        said.push(output.stdout);
        said.push(output.stderr);
    }
    said.extend(logs(&folders).iter().map(|path| fs::read(path).expect("it can be read")));
    for (number, text) in said.iter().enumerate() {
        let text = String::from_utf8_lossy(text);
        for personal in PERSONAL {
            assert!(!text.contains(personal), "{number} says {personal}: {text}");
        }
    }
    assert!(said.iter().any(|text| String::from_utf8_lossy(text).contains("OQSsiquc01res_~")));
}

#[cfg(target_os = "linux")]
#[test]
fn a14_the_key_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folders = Folders::new();
    folders.apply(0);
    let state = folders.place.path().join("state");
    let mode = |path: PathBuf| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(state.join("key")), mode(state)), (0o600, 0o700));
    // A folder that somebody made before.
    let made = folders.place.folder("made");
    let set = |mode| {
        let rights = fs::Permissions::from_mode(mode);
        fs::set_permissions(&made, rights).expect("ours");
    };
    set(0o755);
    drop(link::state::State::open(&made).expect("it opens"));
    assert_eq!(mode(made.join("key")), 0o600);
    set(0o777);
    assert!(link::state::State::open(&made).is_err(), "anybody may write into it");
    assert!(link::state::State::existing(&made).is_err());
}
