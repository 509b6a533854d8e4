//! A terminal that runs beside the test, and what the tests ask it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use link::client::{Answer, Ask, Client, Delivery, Settings, Timing};
use link::emulate::{Emulator, Pace, Scenario, Summary};
use link::encoding::Encoding;
use serde_json::{Map, Value, json};

pub(crate) use crate::budget::is_soak;
use crate::place::Place;

/// The institution of every test.
pub(crate) const INSTITUTION: &str = "9910000000";

/// How much is done: less in everyday runs, all of it in `cargo xtask soak`.
pub(crate) fn amount(everyday: usize, soak: usize) -> usize {
    if is_soak() { soak } else { everyday }
}

/// A running terminal; it ends with the value.
pub(crate) struct Terminal {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<Summary>>,
}

impl Terminal {
    pub(crate) fn start(root: &Path, scenario: &str) -> Self {
        Self::start_with(root, scenario, None)
    }

    pub(crate) fn start_with(root: &Path, scenario: &str, history: Option<&Path>) -> Self {
        let scenario = Scenario::parse(scenario).expect("a right scenario");
        let emulator = Emulator::open(root, scenario, history).expect("the folders are there");
        let is_over = Arc::new(AtomicBool::new(false));
        let flag = is_over.clone();
        let thread = std::thread::spawn(move || {
            let run = emulator.run(Pace::Real(None), || flag.load(Ordering::Relaxed));
            run.expect("the folders stay")
        });
        Self { is_over, thread: Some(thread) }
    }

    pub(crate) fn stop(mut self) -> Summary {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.take().expect("it runs").join().expect("it ends")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn settings() -> Settings {
    Settings {
        institution: INSTITUTION.to_owned(),
        encoding: Encoding::Utf8,
        // A machine that does other things as well must not change what is found.
        timing: Timing { timeout: Duration::from_secs(120), ..Timing::default() },
        parallel: 256,
        password: Some("shiken-99".to_owned()),
    }
}

pub(crate) fn client(place: &Place, settings: Settings) -> Client {
    let state = place.path().join("state");
    Client::open(&root(place), &state, settings).expect("the folders are there")
}

/// The shared folder of a test.
pub(crate) fn root(place: &Place) -> PathBuf {
    for name in ["oqs/req", "oqs/res", "oqs/face"] {
        place.folder(name);
    }
    place.path().join("oqs")
}

/// A question about nobody; the number tells the questions apart.
pub(crate) fn person(number: usize) -> Map<String, Value> {
    let value = json!({
        "InsurerNumber": "  999999",
        "InsuredCardSymbol": "試験",
        "InsuredIdentificationNumber": format!("{number:07}"),
        "InsuredBranchNumber": "00",
        "Birthdate": "19990101",
        "LimitApplicationCertificateRelatedConsFlg": "1",
    });
    value.as_object().expect("an object").clone()
}

pub(crate) fn ask(number: usize) -> Ask {
    Ask { api: "OQSsiquc01".to_owned(), people: vec![person(number)] }
}

/// Asks about so many people and gives back every answer.
pub(crate) fn ask_all(client: &mut Client, count: usize) -> Vec<Answer> {
    let mut answers = Vec::new();
    client
        .run((0..count).map(ask), |answer| {
            answers.push(answer);
            Delivery::Done
        })
        .expect("the folders stay");
    answers
}

/// The first text of an element in an answer.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    match value {
        Value::Object(object) => match object.get(name) {
            Some(Value::String(text)) => Some(text),
            _ => object.values().find_map(|value| text(value, name)),
        },
        Value::Array(values) => values.iter().find_map(|value| text(value, name)),
        _ => None,
    }
}

/// Every answer is of another request, and is byte for byte what the terminal wrote in the end.
pub(crate) fn assert_whole(root: &Path, answers: &[Answer]) {
    let names: BTreeSet<&str> = answers.iter().map(|answer| answer.request.as_str()).collect();
    assert_eq!(names.len(), answers.len(), "a request was answered twice");
    for answer in answers {
        let file = root.join("res").join(answer.response.as_deref().expect("an answer"));
        let bytes = std::fs::read(&file).expect("the answer stays");
        let sum = link::pseudonym::digest(&bytes);
        assert_eq!(Some(sum), answer.sha256, "what was accepted is not what was written");
    }
}

/// The command `sekisho-link`.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho-link"));
    command.env("LANG", "C");
    command
}

/// The command with a sub-command and everything that it has to know.
pub(crate) fn client_command(name: &str, root: &Path, state: &Path) -> Command {
    let mut command = command();
    command.arg(name).arg("--root").arg(root).arg("--state").arg(state);
    command.args(["--institution", INSTITUTION]);
    command
}

/// Everything that was printed, as JSON.
pub(crate) fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}
