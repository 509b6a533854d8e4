//! Evidence says whose folder it is about: each eligibility terminal has one of its own.

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::{Folders, MINUTE};

const SITE: &str = r#"
[site]
name = "Midori Clinic"
[retention]
[machines.receipt-1]
roles = ["claims-computer"]
[machines.terminal-1]
roles = ["eligibility-terminal"]
[machines.terminal-2]
roles = ["eligibility-terminal", "online-claims-terminal"]
"#;

/// A folder in which a result was deleted, and a site file beside it.
fn swept() -> Folders {
    let folders = Folders::new();
    folders.put("res/OQSsiquc01res_1.xml", "x");
    folders.acknowledge("OQSsiquc01res_1.xml", "x", "", folders.start);
    folders.apply(MINUTE);
    folders.apply(20 * MINUTE);
    fs::write(folders.place.path().join("site.toml"), SITE).expect("written");
    folders
}

fn evidence(folders: &Folders, words: &[&str]) -> Output {
    let site = folders.place.path().join("site.toml");
    Command::new(env!("CARGO_BIN_EXE_sekisho-link"))
        .args(["--lang", "en", "evidence"])
        .arg(folders.root())
        .args(["--since", "2026-01-01", "--policy"])
        .arg(site)
        .args(words)
        .arg("--state")
        .arg(folders.place.path().join("state"))
        .output()
        .expect("it runs")
}

fn written(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("evidence is JSON")
}

#[test]
fn evidence_names_the_terminals_that_the_user_names() {
    let folders = swept();
    let one = evidence(&folders, &["--terminal", "terminal-2"]);
    assert_eq!(written(&one)["terminals"], json!(["terminal-2"]));
    let told = String::from_utf8_lossy(&one.stderr).into_owned();
    assert!(!told.contains("L417"), "{told}");
    let both = evidence(&folders, &["--terminal", "terminal-1", "--terminal", "terminal-2"]);
    assert_eq!(written(&both)["terminals"], json!(["terminal-1", "terminal-2"]));
    let id = |output: &Output| written(output)["folder_id"].as_str().map(str::to_owned);
    assert_eq!(id(&one), id(&both), "one folder has one name");
    let other = evidence(&swept(), &["--terminal", "terminal-2"]);
    assert_ne!(id(&one), id(&other), "another machine's folder has another");
}

#[test]
fn a_site_with_several_terminals_asks_which_one() {
    let folders = swept();
    let output = evidence(&folders, &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("L417") && told.contains("`terminal-2`"), "{told}");
    assert_eq!(written(&output)["terminals"], json!([]));
}

#[test]
fn a_terminal_that_the_site_file_does_not_have_is_refused() {
    let folders = swept();
    for name in ["terminal-3", "receipt-1"] {
        let output = evidence(&folders, &["--terminal", name]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(told.contains("L417") && told.contains("`terminal-1`"), "{told}");
        assert!(output.stdout.is_empty(), "nothing is written");
    }
}
