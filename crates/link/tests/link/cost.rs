//! What waiting costs.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::time::{Duration, Instant};

use link::moment;
use link::pseudonym::digest;
use link::state::State;
use serde_json::{Value, json};

use crate::place::Place;
use crate::terminal::{INSTITUTION, amount, client_command, command, person, root};

/// The most memory that a process ever had.
pub(crate) fn peak_kib(process: &str) -> u64 {
    memory_kib(process, "VmHWM:")
}

fn memory_kib(process: &str, word: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(word)).expect("a number");
    line.trim().trim_end_matches(" kB").trim().parse().expect("a number")
}

/// Hundredths of a second of processor time.
fn ticks(process: &str) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let rest = stat.rsplit(") ").next().expect("fields");
    rest.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().expect("ticks")).sum()
}

#[test]
fn a19_waiting_costs_nearly_nothing() {
    let place = Place::new();
    let root = root(&place);
    for number in 0..200 {
        let name = format!("OQSsiquc01res_{number:012}.xml");
        fs::write(root.join("face").join(name), "<XmlMsg").expect("a file");
    }
    let seconds = amount(4, 60) as u64;
    let mut command = client_command("face", &root, &place.path().join("state"));
    command.args(["--follow", "--for", &(seconds + 30).to_string()]);
    let mut child = command.spawn().expect("it starts");
    let process = child.id().to_string();
    std::thread::sleep(Duration::from_secs(1));
    let begin = ticks(&process);
    std::thread::sleep(Duration::from_secs(seconds));
    let used = ticks(&process) - begin;
    let peak = peak_kib(&process);
    child.kill().expect("it is ours");
    child.wait().expect("it ended");
    println!("soak: A19: {used} ticks of 10 ms in {seconds} s, {peak} KiB");
    assert!(used <= seconds, "{used} ticks in {seconds} s are more than one percent");
    assert!(peak < 20 * 1024, "{peak} KiB");
}

/// Results of the card reader that nobody takes away cost little memory.
#[test]
fn a19_many_face_results_cost_little_memory() {
    let place = Place::in_memory();
    let root = root(&place);
    let count = amount(500, 20_000);
    for number in 0..count {
        let time = 20_990_101_000_000 + number / 60 * 100 + number % 60;
        let name = format!("OQSsiquc01res_face_{INSTITUTION}{number:020}_{time}.xml");
        fs::write(root.join("face").join(name), crate::face::face("試験　太郎")).expect("a file");
    }
    let output = place.path().join("output");
    let mut command = client_command("face", &root, &place.path().join("state"));
    command.args(["--follow", "--for", "600"]);
    let mut child =
        command.stdout(fs::File::create(&output).expect("a file")).spawn().expect("it starts");
    let begin = Instant::now();
    while fs::read_to_string(&output).expect("it is there").lines().count() < count {
        assert!(begin.elapsed() < Duration::from_secs(500), "not all are handed over");
        std::thread::sleep(Duration::from_millis(200));
    }
    let peak = peak_kib(&child.id().to_string());
    child.kill().expect("it is ours");
    child.wait().expect("it ended");
    println!("soak: A19: {count} results of the card reader: {peak} KiB");
    assert!(peak < 20 * 1024, "{peak} KiB");
}

/// What a pass over a full folder needed is given back before the service sleeps.
#[test]
fn a19_a_sweeping_service_costs_nearly_nothing_between_passes() {
    let place = Place::new();
    let root = root(&place);
    for number in 0..100_000 {
        let name = format!("OQSsiquc01res_2098{number:08}.xml");
        fs::write(root.join("res").join(name), "").expect("a file");
    }
    let state = place.path().join("state");
    let mut daemon = command();
    daemon.args(["sweep", "--daemon", "--interval", "1440", "--state"]).arg(&state).arg(&root);
    let mut child = daemon.spawn().expect("it starts");
    let process = child.id().to_string();
    // The memory of the pass is the last that it writes.
    let is_memory = |name: std::ffi::OsString| name.to_string_lossy().starts_with("memory-");
    let begin = Instant::now();
    loop {
        let mut names = fs::read_dir(&state).into_iter().flatten().flatten();
        if names.any(|entry| is_memory(entry.file_name())) {
            break;
        }
        assert!(begin.elapsed() < Duration::from_secs(300), "the pass never ends");
        std::thread::sleep(Duration::from_millis(50));
    }
    // It tidies up and tells before it sleeps.
    std::thread::sleep(Duration::from_secs(2));
    let seconds = amount(4, 60) as u64;
    let before = ticks(&process);
    std::thread::sleep(Duration::from_secs(seconds));
    let used = ticks(&process) - before;
    let (now, peak) = (memory_kib(&process, "VmRSS:"), peak_kib(&process));
    child.kill().expect("it is ours");
    child.wait().expect("it ended");
    println!(
        "soak: A19: {used} ticks of 10 ms in {seconds} s, {now} KiB after a pass over 100,000 \
         files that needed {peak} KiB"
    );
    assert!(used <= seconds, "{used} ticks in {seconds} s are more than one percent");
    assert!(now < 20 * 1024, "{now} KiB");
}

/// A journal of this state with records of so many days, two hundred questions, answers, results of
/// the card reader and acknowledgements a day.
fn busy_months(state: &State, days: i128) {
    const DAY: i128 = 86_400 * 1_000_000_000;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |file: &str, at: &str, record: &Value| {
        let record = record.to_string();
        let sum = &digest(record.as_bytes())[..16];
        let file = files.entry(format!("{file}-{}", &at[..7])).or_default();
        *file += &format!("{sum} {record}\n");
    };
    for number in 0..days * 200 {
        let at = moment::written(moment::now() - DAY * days + DAY / 200 * number);
        let day = at[..10].replace('-', "");
        let request = format!("OQSsiquc01req_{day}{number:012}.xml");
        let response = request.replace("req_", "res_");
        let expected = json!({
            "ArbitraryFileIdentifier": state.key.word(at.as_bytes()),
            "MedicalInstitutionCode": state.key.word(b"institution"),
        });
        let sha256 = digest(request.as_bytes());
        let name = state.key.name(OsStr::new(&response));
        let asked = json!({
            "Birthdate": 4_000_000_000_u32, "InsuredBranchNumber": 4_000_000_000_u32,
            "InsuredCardSymbol": 4_000_000_000_u32, "InsurerNumber": 4_000_000_000_u32,
            "InsuredIdentificationNumber": 4_000_000_000_u32,
        });
        let intent = json!({
            "event": "intent", "at": at, "request": request, "expected": expected, "asked": asked,
        });
        let end = json!({
            "event": "end", "at": at, "request": request, "outcome": "answered",
            "response": name, "sha256": sha256, "doubt": null,
        });
        let face = json!({ "event": "face", "at": at, "name": name, "sha256": sha256 });
        [intent, end, face].iter().for_each(|record| add("client", &at, record));
        let known = json!({
            "name": state.key.word(response.as_bytes()), "sha256": sha256, "consumer": "client",
            "at": at,
        });
        add("acknowledged", &at, &known);
    }
    for (name, content) in files {
        fs::write(state.folder.path().join(name), content).expect("written");
    }
}

/// Questions of months do not make the next one heavier: what is over is forgotten.
#[test]
fn a19_a_state_of_months_needs_no_more_memory_than_a_new_one_may() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    busy_months(&State::open(&state).expect("it opens"), 150);
    let request = place.path().join("request.json");
    fs::write(&request, Value::Object(person(1)).to_string()).expect("a file");
    for (name, words) in [
        ("face", vec!["--follow", "--for", "60"]),
        ("ask", vec!["--timeout", "60", request.to_str().expect("a path")]),
    ] {
        let mut command = client_command(name, &root, &state);
        let mut child = command.args(words).spawn().expect("it starts");
        let process = child.id().to_string();
        let begin = Instant::now();
        // It has read everything once it waits.
        let mut used = (ticks(&process), Instant::now());
        while used.1.elapsed() < Duration::from_millis(1_500) {
            assert!(begin.elapsed() < Duration::from_secs(50), "{name} never waits");
            std::thread::sleep(Duration::from_millis(100));
            let now = ticks(&process);
            if now > used.0 + 1 {
                used = (now, Instant::now());
            }
        }
        let peak = peak_kib(&process);
        child.kill().expect("it is ours");
        child.wait().expect("it ended");
        println!("soak: A19: {name} beside a journal of 30,000 questions: {peak} KiB");
        assert!(peak < 20 * 1024, "{name}: {peak} KiB");
    }
}
