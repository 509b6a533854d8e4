//! What others put in the way of the client, the terminal and the commands: links, pipes and
//! folders under the names that they use, exchanged folders, and the state where everybody sees
//! it. Nobody is led elsewhere, and nobody waits for ever.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use link::client::{Answer, Delivery, Outcome};
use link::message::Doubt;
use link::quarantine::{Placing, Why};
use serde_json::Value;

use crate::place::Place;
use crate::refusal::{again, fill, on_a_small_disk};
use crate::terminal::{
    Terminal, ask, ask_all, client, client_command, command, lines, person, root, settings,
};

/// Longer than any of these commands takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a command does that must not hang.
pub(crate) fn ended(command: &mut Command) -> Output {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let begin = Instant::now();
    while child.try_wait().expect("it is ours").is_none() {
        if begin.elapsed() > PATIENCE {
            child.kill().expect("it is ours");
            child.wait().expect("it ended");
            panic!("it hangs: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().expect("it ended")
}

pub(crate) fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("it runs");
    assert!(made.success());
}

/// The ways to stand in the place of a file; what a link leads to is at `outside`.
fn plant(way: &str, path: &Path, outside: &Path) {
    match way {
        "link" => symlink(outside, path).expect("a link"),
        "pipe" => pipe(path),
        "folder" => fs::create_dir(path).expect("a folder"),
        "second name" => fs::hard_link(outside, path).expect("a second name"),
        other => unreachable!("{other}"),
    }
}

/// One answer to a client whose terminal takes the request and answers nothing, while `plant` does
/// something about the name of the answer.
fn answer_beside(place: &Place, plant: impl Fn(&Path) + Sync) -> Answer {
    let root = root(place);
    let _terminal = Terminal::start(&root, "[result]\nhang = 1\n");
    let mut settings = settings();
    settings.timing.timeout = Duration::from_secs(5);
    settings.timing.settle = Duration::from_millis(300);
    let mut client = client(place, settings);
    let answers = std::thread::scope(|scope| {
        scope.spawn(|| plant(&root.join("res").join(request_in(&root).replace("req_", "res_"))));
        ask_all(&mut client, 1)
    });
    answers.into_iter().next().expect("one question has one answer")
}

/// The name of the request, as soon as there is one.
fn request_in(root: &Path) -> String {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let names = fs::read_dir(root.join("req")).expect("a folder").flatten();
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        if let Some(name) = names.into_iter().find(|name| name.starts_with("OQS")) {
            return name;
        }
        std::thread::yield_now();
    }
    panic!("nothing is asked");
}

#[test]
fn an_answer_that_is_no_file_of_its_own_is_not_read() {
    for way in ["link", "pipe", "folder"] {
        let place = Place::new();
        let outside = place.path().join("outside.xml");
        fs::write(&outside, "<XmlMsg><Name>precious</Name></XmlMsg>").expect("written");
        let answer = answer_beside(&place, |path| plant(way, path, &outside));
        assert_eq!(answer.outcome, Outcome::Doubtful, "{way}");
        assert_eq!(answer.doubt, Some(Doubt::NotAFile), "{way}");
        assert_eq!(answer.placing, Some(Placing::Kept(Why::NotPlain)), "{way}");
        assert!(answer.content.is_empty(), "{way}");
        let left = fs::read_to_string(&outside).expect("nobody touches it");
        assert!(left.contains("precious"), "{way}");
    }
}

#[test]
fn a_result_of_the_card_reader_that_is_no_file_of_its_own_is_not_read() {
    const NAME: &str = "OQSsiquc01res_face_991000000012345678901234567890_20990101091500.xml";
    for way in ["link", "pipe", "folder"] {
        let place = Place::new();
        let root = root(&place);
        // A whole result of the institution, elsewhere.
        let outside = place.path().join("outside.xml");
        let result = "<XmlMsg><MessageHeader><MedicalInstitutionCode>9910000000\
                      </MedicalInstitutionCode></MessageHeader><MessageBody/></XmlMsg>";
        fs::write(&outside, result).expect("written");
        plant(way, &root.join("face").join(NAME), &outside);
        let mut face = client_command("face", &root, &place.path().join("state"));
        let output = ended(face.args(["--follow", "--for", "2", "--settle", "1"]));
        assert_eq!(lines(&output.stdout).len(), 0, "{way}");
        assert!(root.join("face").join(NAME).symlink_metadata().is_ok(), "{way}: it stays");
        assert_eq!(fs::read_to_string(&outside).expect("there"), result, "{way}");
    }
}

#[test]
fn a_request_that_is_no_file_of_its_own_is_not_answered() {
    let place = Place::new();
    let root = root(&place);
    let outside = place.path().join("outside.xml");
    fs::write(&outside, "<XmlMsg/>").expect("written");
    for (number, way) in ["link", "pipe", "folder"].into_iter().enumerate() {
        plant(way, &root.join(format!("req/OQSsiquc01req_{number}.xml")), &outside);
    }
    let mut emulate = command();
    let output = ended(emulate.args(["emulate", "--simulate", "--root"]).arg(&root));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_dir(root.join("req")).expect("a folder").count(), 3, "they stay");
    assert_eq!(fs::read_dir(root.join("res")).expect("a folder").count(), 0);
    // A hand-over folder that leads elsewhere is not used.
    let elsewhere = place.folder("elsewhere");
    fs::remove_dir(root.join("res")).expect("empty");
    symlink(&elsewhere, root.join("res")).expect("a link");
    let output = ended(command().args(["emulate", "--simulate", "--root"]).arg(&root));
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(fs::read_dir(&elsewhere).expect("a folder").count(), 0);
}

/// Somebody exchanges the hand-over folders while the client works: it goes on in those that it
/// opened, and neither asks nor believes the others.
#[test]
fn folders_that_are_swapped_while_a_client_works_lead_nowhere() {
    let place = Place::new();
    let root = root(&place);
    let outside = place.folder("outside");
    let mut settings = settings();
    settings.timing.timeout = Duration::from_secs(1);
    let mut client = client(&place, settings);
    for part in ["req", "res"] {
        fs::rename(root.join(part), root.join(format!("real-{part}"))).expect("moved");
        symlink(&outside, root.join(part)).expect("a link");
    }
    let answers = std::thread::scope(|scope| {
        scope.spawn(|| {
            let begin = Instant::now();
            while fs::read_dir(root.join("real-req")).expect("there").next().is_none() {
                assert!(begin.elapsed() < PATIENCE, "nothing is asked");
                std::thread::yield_now();
            }
            let entries = fs::read_dir(root.join("real-req")).expect("there").flatten();
            for entry in entries {
                let name = entry.file_name().to_string_lossy().replace("req_", "res_");
                fs::write(outside.join(name), "<XmlMsg/>").expect("written");
            }
        });
        ask_all(&mut client, 1)
    });
    assert_eq!(answers[0].outcome, Outcome::Waiting, "{:?}", answers[0].doubt);
    assert!(answers[0].response.is_none(), "what stands elsewhere is nobody's answer");
    assert!(root.join("real-req").join(&answers[0].request).exists(), "it was published here");
    assert!(!outside.join(&answers[0].request).exists());
}

/// A file that a command is shown.
fn shown(path: &Path) -> Vec<Vec<PathBuf>> {
    let words = |words: &[&str]| words.iter().map(PathBuf::from).collect::<Vec<_>>();
    let with = |mut all: Vec<PathBuf>| {
        all.push(path.to_owned());
        all
    };
    [
        &["sweep", "ROOT", "--state", "STATE", "--policy"][..],
        &["evidence", "ROOT", "--state", "STATE", "--since", "2026-01-01", "--policy"],
        &["verify-log", "--state", "STATE", "--evidence"],
        &["doctor", "ROOT", "--config"],
        &["doctor", "ROOT", "--samba"],
        &["emulate", "--root", "ROOT", "--for", "0", "--scenario"],
        &["ask", "--root", "ROOT", "--state", "STATE", "--institution", "9910000000"],
    ]
    .into_iter()
    .map(|all| with(words(all)))
    .collect()
}

#[test]
fn a_file_that_a_user_names_is_a_file() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let policy = place.path().join("policy.toml");
    fs::write(&policy, "[retention]\n").expect("written");
    let pass = command().args(["sweep", "--apply", "--state"]).arg(&state).arg(&root).output();
    assert!(pass.expect("it runs").status.success());
    let (pipe_path, folder) = (place.path().join("pipe"), place.folder("folder"));
    pipe(&pipe_path);
    for path in [pipe_path.as_path(), &folder, Path::new("/dev/zero")] {
        for words in shown(path) {
            let mut all = command();
            for word in &words {
                match word.to_str() {
                    Some("ROOT") => all.arg(&root),
                    Some("STATE") => all.arg(&state),
                    _ => all.arg(word),
                };
            }
            let output = ended(&mut all);
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(3), "{words:?}: {told}");
            let wanted = ["a pipe or a device", "it is a folder"];
            assert!(wanted.iter().any(|one| told.contains(one)), "{words:?}: {told}");
        }
    }
    let mut encrypted = client_command("ask", &root, &state);
    let output = ended(encrypted.arg("--password-file").arg(&pipe_path).arg(&policy));
    assert_eq!(output.status.code(), Some(3));
}

/// Every file of the state, with the commands that need it.
const STATE: [(&str, &[&str]); 6] = [
    ("key", &["sweep", "ask", "ack", "collect", "status", "verify-log"]),
    ("client", &["ask", "ack", "collect"]),
    ("acknowledged", &["sweep", "ack", "collect"]),
    ("audit-2", &["sweep", "verify-log"]),
    ("memory", &["sweep"]),
    ("sweep.lock", &["sweep"]),
];

fn used(name: &str, root: &Path, state: &Path, request: &Path, response: &str) -> Output {
    let mut used = match name {
        "ask" => {
            let mut ask = client_command("ask", root, state);
            ask.args(["--timeout", "0"]).arg(request);
            ask
        }
        "collect" => client_command("collect", root, state),
        _ => {
            let mut used = command();
            used.arg(name).arg("--state").arg(state);
            match name {
                "sweep" => used.arg("--apply").arg(root),
                "status" => used.arg(root),
                "ack" => used.arg(response),
                _ => &mut used,
            };
            used
        }
    };
    ended(&mut used)
}

#[test]
fn a_state_with_something_else_in_the_place_of_a_file_is_refused() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let request = place.path().join("request.json");
    fs::write(&request, Value::Object(person(1)).to_string()).expect("written");
    let terminal = Terminal::start(&root, "delay-ms = [1, 5]\ntake-ms = [1, 5]\n");
    let output = ended(client_command("ask", &root, &state).arg(&request));
    let response = lines(&output.stdout)[0]["response"].as_str().expect("an answer").to_owned();
    drop(terminal);
    for name in ["ack", "sweep"] {
        assert_eq!(used(name, &root, &state, &request, &response).status.code(), Some(0), "{name}");
    }
    fs::write(root.join("res/del1.txt"), "x").expect("written");
    let outside = place.path().join("outside");
    for (start, commands) in STATE {
        let entries = fs::read_dir(&state).expect("a folder").flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let name = names.into_iter().find(|name| name.starts_with(start)).expect("it was used");
        let (path, kept) = (state.join(&name), place.path().join("kept"));
        fs::rename(&path, &kept).expect("moved");
        for way in ["link", "pipe", "folder"] {
            fs::copy(&kept, &outside).expect("copied");
            let before = fs::read(&outside).expect("there");
            plant(way, &path, &outside);
            for command in commands {
                let output = used(command, &root, &state, &request, &response);
                let told = String::from_utf8_lossy(&output.stderr);
                // What is no log is no whole log.
                let wanted = if name.starts_with("audit") { vec![1, 2, 3] } else { vec![3] };
                let code = output.status.code().expect("nobody ended it");
                assert!(wanted.contains(&code), "{way} as {name}, {command}: {code} {told}");
                assert!(output.stdout.is_empty() || code != 3, "{way} as {name}, {command}");
            }
            assert_eq!(fs::read(&outside).expect("there"), before, "{way} as {name}");
            match way {
                "folder" => fs::remove_dir(&path).expect("empty"),
                _ => fs::remove_file(&path).expect("it goes"),
            }
        }
        fs::rename(&kept, &path).expect("moved back");
    }
    assert!(root.join("res/del1.txt").exists());
    let requests = fs::read_dir(root.join("req")).expect("a folder").count();
    assert_eq!(requests, 0, "nothing is asked without a journal");
}

/// On a terminal no line is wider than it is; in a file each message keeps its own line.
#[test]
fn what_a_terminal_shows_is_no_wider_than_it() {
    let place = Place::new();
    let root = root(&place);
    let state = root.join("s");
    for lang in ["ja", "en"] {
        let mut plain = command();
        plain.args(["--lang", lang, "sweep", "--state"]).arg(&state).arg(&root);
        let words: Vec<_> = plain.get_args().map(|word| word.to_string_lossy()).collect();
        let line = format!("{} {}", plain.get_program().to_string_lossy(), words.join(" "));
        let mut script = Command::new("script");
        script.args(["-q", "-e", "-c", &line, "/dev/null"]).env("COLUMNS", "72");
        let shown = ended(&mut script);
        assert_eq!(shown.status.code(), Some(3), "{lang}");
        let shown = String::from_utf8(shown.stdout).expect("UTF-8");
        let widest = shown.lines().map(|line| display::width(line.trim_end())).max();
        assert!(shown.lines().count() > 1 && widest <= Some(72), "{lang}: {shown}");
        let logged = String::from_utf8(ended(&mut plain).stderr).expect("UTF-8");
        assert_eq!(logged.lines().count(), 1, "{lang}: {logged}");
    }
}

/// Whoever asked has a line for each request, also for those that are on the way.
#[test]
fn a_journal_that_fails_leaves_no_request_untold() {
    let Some(disk) = again() else {
        return on_a_small_disk("obstacle::a_journal_that_fails_leaves_no_request_untold");
    };
    let place = Place::new();
    let mut settings = settings();
    settings.parallel = 100;
    let mut client =
        link::client::Client::open(&root(&place), &disk.join("state"), settings).expect("it opens");
    let requests = (0..60).inspect(|number| {
        if *number == 2 {
            fill(&disk, 0);
        }
    });
    let mut told = Vec::new();
    let outcome = client.run(requests.map(ask), |answer| {
        assert_eq!(answer.fault.is_some(), answer.outcome == Outcome::Unsent);
        told.push((answer.number, answer.outcome));
        Delivery::Done
    });
    assert!(outcome.is_err(), "the disk is full");
    told.sort();
    let numbers: Vec<u64> = told.iter().filter_map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=60).collect::<Vec<u64>>());
    let sent = fs::read_dir(root(&place).join("req")).expect("a folder").count();
    let waiting = told.iter().filter(|(_, outcome)| *outcome == Outcome::Waiting).count();
    assert!(sent >= 2 && sent == waiting, "{sent} sent, {waiting} told as waiting");
}
