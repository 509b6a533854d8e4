//! What the machine refuses: a disk without space, and rights that are missing. Nothing is lost,
//! nothing is done without its record, and the user hears why.
//!
//! These tests run themselves again, as another user or on a small disk of their own.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use link::audit;
use link::client::{Delivery, Ledger, Outcome};
use link::moment;
use link::retention::{Policy, Reading};
use link::state::State;
use link::sweep::{Cap, Confirmation, Limits, Outcome as Swept, Sweeper};
use serde_json::Value;

use crate::obstacle::ended;
use crate::place::Place;
use crate::sweep::{DAY, Folders, HOUR, MINUTE, deleted};
use crate::terminal::{
    Terminal, ask, ask_all, client_command, command, lines, person, root, settings,
};

/// Tells a test that it runs again, and where.
const AGAIN: &str = "SEKISHO_TEST_AGAIN";
/// The user who has no rights where the tests run as root.
const NOBODY: u32 = 65_534;
/// The small disk: sixty-four blocks.
const DISK: &str = "size=256k";
const BLOCK: usize = 4_096;

pub(crate) fn again() -> Option<PathBuf> {
    std::env::var_os(AGAIN).map(PathBuf::from)
}

/// Runs the test of this name again, by a program that runs programs.
fn run_again(mut program: Command, name: &str, place: &Path) {
    program.arg(std::env::current_exe().expect("we run"));
    program.args(["--exact", name, "--nocapture"]).env(AGAIN, place);
    let output = program.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{told}");
}

/// Runs the test again on a small disk, in a name space of its own; says so where there is none.
pub(crate) fn on_a_small_disk(name: &str) {
    let place = Place::new();
    let mount = format!("mount -t tmpfs -o {DISK},mode=700 none \"$0\" && exec \"$@\"");
    let unshare = |words: &[&str]| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", &mount]);
        unshare.arg(place.path()).args(words);
        unshare
    };
    if !unshare(&["true"]).output().is_ok_and(|output| output.status.success()) {
        let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
        assert!(!required.contains("nft"), "no name space of users and mounts");
        println!("skipped: no name space of users and mounts");
        return;
    }
    run_again(unshare(&[]), name, place.path());
}

/// Leaves so many blocks of a disk free.
pub(crate) fn fill(disk: &Path, free: usize) -> PathBuf {
    let path = disk.join("fill");
    let mut file = File::create(&path).expect("a name needs no block");
    while file.write_all(&[0; BLOCK]).is_ok() {}
    let size = file.metadata().expect("it is open").len();
    let size = size / BLOCK as u64 * BLOCK as u64;
    file.set_len(size.saturating_sub((free * BLOCK) as u64)).expect("it gets smaller");
    path
}

/// The clocks so long after a moment.
fn after(start: i128, time: i128) -> Reading {
    Reading { wall: start + time, counter: HOUR + time, boot: "one".to_owned() }
}

#[test]
fn a_state_of_somebody_else_is_not_written_into() {
    let place = Place::new();
    let path = place.path().join("state");
    drop(State::open(&path).expect("the state opens"));
    // Only root can give it away.
    if std::os::unix::fs::chown(&path, Some(NOBODY), None).is_err() {
        return;
    }
    let error = State::open(&path).expect_err("it is not ours");
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    assert!(diag::os_error(&error).en.contains("uid 65534"), "{error}");
}

#[test]
fn a_full_disk_under_the_state_deletes_nothing_without_a_record() {
    const FILES: usize = 60;
    let Some(disk) = again() else {
        let name = "refusal::a_full_disk_under_the_state_deletes_nothing_without_a_record";
        return on_a_small_disk(name);
    };
    let mut refused = 0;
    for free in (0..=24).step_by(3) {
        let folders = Folders::new();
        for number in 0..FILES {
            folders.put(&format!("res/del{number}.txt"), "x");
        }
        let state = disk.join(format!("state-{free}"));
        let sweep = |time: i128| {
            let state = State::open(&state).expect("the state opens");
            let sweeper =
                Sweeper::open(&folders.root(), state, Policy::default(), Limits::default());
            let mut sweeper = sweeper.expect("it opens");
            sweeper.apply(&folders.after(time), Confirmation::Given)
        };
        sweep(HOUR).expect("there is space");
        let filled = fill(&disk, free);
        let outcome = sweep(8 * DAY);
        refused += usize::from(outcome.is_err());
        let left = (0..FILES).filter(|number| folders.has(&format!("res/del{number}.txt"))).count();
        if free == 0 {
            assert!(outcome.is_err() && left == FILES, "{left} {outcome:?}");
        }
        fs::remove_file(filled).expect("it goes");
        // Whatever is gone was announced, and the log is whole.
        let log = State::open(&state).expect("the state opens");
        let mut announced = std::collections::BTreeSet::new();
        audit::each(&log.folder, |record| {
            if record.act == "aside" {
                announced.insert(record.text("name").to_owned());
            }
        })
        .expect("it can be read");
        assert!(announced.len() >= FILES - left, "{free}: {} {left}", announced.len());
        sweep(8 * DAY + MINUTE).expect("there is space");
        assert!(!folders.has("res/.sweep"), "{free}: nothing stands aside");
        assert!((0..FILES).all(|number| !folders.has(&format!("res/del{number}.txt"))));
        assert_eq!(audit::verify(&log.folder).expect("it can be read").fault, None, "{free}");
        fs::remove_dir_all(&state).expect("it goes");
    }
    assert!(refused > 1 && refused < 9, "{refused} of 9 passes were refused");
}

#[test]
fn a_full_disk_under_the_ledger_sends_nothing() {
    let Some(disk) = again() else {
        return on_a_small_disk("refusal::a_full_disk_under_the_ledger_sends_nothing");
    };
    let place = Place::new();
    let root = root(&place);
    let state = disk.join("state");
    let mut settings = settings();
    settings.timing.timeout = std::time::Duration::ZERO;
    let mut client = link::client::Client::open(&root, &state, settings).expect("it opens");
    ask_all(&mut client, 3);
    let sent = || fs::read_dir(root.join("req")).expect("a folder").count();
    assert_eq!(sent(), 3);
    let filled = fill(&disk, 0);
    // The last block of the journal takes some more.
    let mut taken = 3;
    let refused = loop {
        let mut told = Vec::new();
        let outcome = client.run([ask(taken)], |answer| {
            told.push(answer.outcome);
            Delivery::Done
        });
        let expected = if outcome.is_ok() { Outcome::Waiting } else { Outcome::Unsent };
        assert_eq!(told, [expected]);
        match outcome {
            Ok(()) => taken += 1,
            Err(refused) => break refused,
        }
        assert!(taken < 100, "the disk is full");
    };
    assert!(refused.text().en.contains("space"), "{}", refused.text().en);
    assert_eq!(sent(), taken, "what is not written down is not sent");
    let ack = command().args(["ack", "--state"]).arg(&state).arg("OQSsiquc01res_1.xml").output();
    assert_eq!(ack.expect("it runs").status.code(), Some(3));
    fs::remove_file(filled).expect("it goes");
    // The same client goes on, and another one reads what it wrote.
    assert_eq!(ask_all(&mut client, 1)[0].outcome, Outcome::Waiting);
    let state = State::open(&state).expect("it opens");
    let ledger = Ledger::open(&state).expect("the journal is whole");
    assert_eq!((ledger.unfinished(|_| false).len(), sent()), (taken + 1, taken + 1));
}

#[test]
fn a_full_shared_disk_takes_no_half_request_and_can_be_swept() {
    let Some(disk) = again() else {
        let name = "refusal::a_full_shared_disk_takes_no_half_request_and_can_be_swept";
        return on_a_small_disk(name);
    };
    let place = Place::new();
    let root = disk.join("oqs");
    for part in ["req", "res", "face"] {
        fs::create_dir_all(root.join(part)).expect("made");
    }
    fs::write(root.join("res/del1.txt"), "x").expect("written");
    let start = moment::now();
    let filled = fill(&disk, 0);
    let state = place.path().join("state");
    let mut client =
        link::client::Client::open(&root, &state, settings()).expect("the folders are there");
    let answers = ask_all(&mut client, 2);
    for answer in &answers {
        assert_eq!(answer.outcome, Outcome::Unsent);
        let fault = answer.fault.as_ref().expect("a reason");
        assert!(fault.en.contains("space") && fault.ja.contains("空き"), "{fault:?}");
    }
    assert_eq!(fs::read_dir(root.join("req")).expect("a folder").count(), 0, "nothing stays");
    // Nobody will answer what was not sent.
    assert_eq!(client.ledger.unfinished(|_| false), []);
    let opened = State::open(&state).expect("it opens");
    assert_eq!(Ledger::open(&opened).expect("it opens").unfinished(|_| false), []);
    // Deleting what is finished must not need the space that is missing.
    let opened = State::open(&place.path().join("sweep")).expect("it opens");
    let mut sweeper = Sweeper::open(&root, opened, Policy::default(), Limits::default())
        .expect("the sweeper opens");
    let report = sweeper.apply(&after(start, 8 * DAY), Confirmation::Missing).expect("a pass");
    assert_eq!(deleted(&report), ["del1.txt"]);
    fs::remove_file(filled).expect("it goes");
    let _terminal = Terminal::start(&root, "delay-ms = [1, 5]\ntake-ms = [1, 5]\n");
    assert_eq!(ask_all(&mut client, 1)[0].outcome, Outcome::Answered);
}

/// Three shares below one folder: what to do is told, and nothing is sent.
#[test]
fn a_folder_with_a_mount_of_its_own_is_told_as_that() {
    let Some(disk) = again() else {
        return on_a_small_disk("refusal::a_folder_with_a_mount_of_its_own_is_told_as_that");
    };
    let above = link::folder::Folder::open(disk.parent().expect("a folder")).expect("it opens");
    let name = disk.file_name().and_then(|name| name.to_str()).expect("a name");
    let refused = above.child(name).expect_err("it is another volume");
    assert_eq!(refused.kind(), std::io::ErrorKind::CrossesDevices);
    let told = diag::os_error(&refused);
    assert!(told.en.contains("the share of the folder above"), "{}", told.en);
    assert!(told.ja.contains("一つ mount"), "{}", told.ja);
}

/// True if the tests run as the user who may do everything.
fn is_root() -> bool {
    fs::metadata("/proc/self").expect("Linux has it").uid() == 0
}

/// A program that runs without the rights of root.
fn powerless(program: &Path) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// The command, without the rights of root.
fn powerless_command(like: &Command) -> Command {
    let mut command = powerless(Path::new(like.get_program()));
    command.args(like.get_args()).env("LANG", "C");
    command
}

/// Gives a folder with everything in it to the user without rights.
fn give(path: &Path) {
    if !is_root() {
        return;
    }
    chown(path, Some(NOBODY), Some(NOBODY)).expect("we are root");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder").flatten() {
            give(&entry.path());
        }
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
}

fn told(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Takes a right away, lets a command run into it, and gives it back.
fn without(path: &Path, rights: u32, words: &Command) -> std::process::Output {
    let before = fs::metadata(path).expect("it is there").permissions();
    mode(path, rights);
    let output = ended(&mut powerless_command(words));
    fs::set_permissions(path, before).expect("ours");
    output
}

#[test]
fn a_right_that_is_missing_is_named_and_nothing_is_sent() {
    let place = Place::new();
    let root = root(&place);
    let state = place.folder("state");
    let file = place.path().join("request.json");
    fs::write(&file, Value::Object(person(1)).to_string()).expect("written");
    give(place.path());
    let mut ask = client_command("ask", &root, &state);
    ask.args(["--timeout", "0"]).arg(&file);
    let mut sweep = command();
    sweep.args(["sweep", "--apply", "--state"]).arg(&state).arg(&root);
    let face = client_command("face", &root, &state);
    let fresh = place.folder("fresh");
    give(&fresh);
    let mut ask_fresh = client_command("ask", &root, &fresh);
    ask_fresh.arg(&file);
    for (what, rights, words, wanted) in [
        (root.join("req"), 0o555, &ask, "P404"),
        (root.join("req"), 0o000, &ask, "P403"),
        (root.join("res"), 0o000, &ask, "`res`"),
        (root.clone(), 0o000, &ask, "shared folder"),
        (root.join("face"), 0o000, &face, "`face`"),
        (fresh, 0o500, &ask_fresh, "state folder"),
        (state.clone(), 0o000, &sweep, "P440"),
        (file.clone(), 0o000, &ask, "P402"),
    ] {
        let output = without(&what, rights, words);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(3), "{what:?} {rights:o}: {told}");
        assert!(told.contains(wanted) && told.contains("permission denied"), "{what:?}: {told}");
        let sent = fs::read_dir(root.join("req")).expect("a folder").count();
        assert_eq!(sent, 0, "{what:?} {rights:o}");
    }
    // Nothing of it stays in the way.
    assert_eq!(ended(&mut powerless_command(&ask)).status.code(), Some(2));
    assert_eq!(fs::read_dir(root.join("req")).expect("a folder").count(), 1);
}

#[test]
fn an_answer_that_may_not_be_read_is_told_and_waits() {
    let place = Place::new();
    let root = root(&place);
    let state = place.folder("state");
    let file = place.path().join("request.json");
    fs::write(&file, Value::Object(person(1)).to_string()).expect("written");
    give(place.path());
    let mut ask = client_command("ask", &root, &state);
    ask.args(["--timeout", "3", "--settle", "0"]).arg(&file);
    let answer = std::thread::scope(|scope| {
        let planted = scope.spawn(|| {
            let request = loop {
                let names = fs::read_dir(root.join("req")).expect("a folder").flatten();
                let names = names.filter_map(|entry| entry.file_name().into_string().ok());
                if let Some(name) = names.into_iter().find(|name| name.starts_with("OQS")) {
                    break name;
                }
                std::thread::yield_now();
            };
            let path = root.join("res").join(request.replace("req_", "res_"));
            let mut options = OpenOptions::new();
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o000);
            let mut file = options.write(true).create_new(true).open(&path).expect("made");
            file.write_all(b"<XmlMsg></XmlMsg>").expect("written");
            give(&path);
            path
        });
        let output = ended(&mut powerless_command(&ask));
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        assert!(told(&output).contains("E402"), "{}", told(&output));
        let said = lines(&output.stdout).pop().expect("a line");
        assert_eq!((&said["outcome"], &said["doubt"]), (&"waiting".into(), &"unreadable".into()));
        planted.join().expect("no panic")
    });
    assert!(answer.exists(), "it is not put away");
    // Nobody waits for that right.
    let collected = ended(&mut powerless_command(&client_command("collect", &root, &state)));
    assert_eq!(collected.status.code(), Some(2), "{}", told(&collected));
    assert!(told(&collected).contains("E402"), "{}", told(&collected));
    // With the right to read it is looked at: it is no answer to that request.
    mode(&answer, 0o600);
    let collected = ended(&mut powerless_command(&client_command("collect", &root, &state)));
    assert_eq!(collected.status.code(), Some(4), "{}", told(&collected));
}

#[test]
fn a_result_of_the_card_reader_that_may_not_be_read_is_told_and_comes_later() {
    let place = Place::new();
    let root = root(&place);
    let state = place.folder("state");
    let scenario = place.path().join("scenario.toml");
    fs::write(&scenario, "[face]\ncount = 1\n").expect("written");
    let mut emulate = command();
    emulate.args(["emulate", "--simulate", "--root"]).arg(&root).arg("--scenario").arg(&scenario);
    assert!(ended(&mut emulate).status.success());
    let result = fs::read_dir(root.join("face")).expect("a folder").flatten().next();
    let result = result.expect("the card reader's").path();
    give(place.path());
    let mut face = client_command("face", &root, &state);
    face.args(["--settle", "1"]);
    let output = without(&result, 0o000, &face);
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert!(told(&output).contains("unreadable"), "{}", told(&output));
    // One that goes on tells it once, and hands it over as soon as it can.
    mode(&result, 0o000);
    face.args(["--follow", "--for", "6"]);
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(std::time::Duration::from_secs(3));
            mode(&result, 0o600);
        });
        ended(&mut powerless_command(&face))
    });
    let said = lines(&output.stdout);
    let outcomes: Vec<_> = said.iter().map(|one| one["outcome"].as_str()).collect();
    assert_eq!(outcomes, [Some("doubtful"), Some("answered")], "{}", told(&output));
}

#[test]
fn a15_a_plan_knows_a_folder_that_may_not_be_written() {
    let Some(place) = again() else {
        let place = Place::new();
        let root = root(&place);
        fs::write(root.join("res/del1.txt"), "x").expect("written");
        fs::write(root.join("face/del2.txt"), "x").expect("written");
        fs::create_dir(place.path().join("state")).expect("made");
        give(place.path());
        mode(&root.join("res"), 0o555);
        let name = "refusal::a15_a_plan_knows_a_folder_that_may_not_be_written";
        let mut program = powerless(Path::new("env"));
        program.arg("--");
        return run_again(program, name, place.path());
    };
    let start = moment::now();
    let state = State::open(&place.join("state")).expect("it opens");
    let sweeper = Sweeper::open(&place.join("oqs"), state, Policy::default(), Limits::default());
    let mut sweeper = sweeper.expect("it opens");
    let now = after(start, 8 * DAY);
    let plan = sweeper.plan(&now, Confirmation::Missing).expect("a plan");
    let pass = sweeper.apply(&now, Confirmation::Missing).expect("a pass");
    for report in [&plan, &pass] {
        let of = |name: &str| crate::sweep::line(report, name).outcome;
        assert_eq!(of("del1.txt"), Swept::Waiting(Cap::Folder));
        assert_eq!(of("del2.txt"), Swept::Deleted);
        assert!(!report.is_complete);
    }
    assert!(place.join("oqs/res/del1.txt").exists());
    assert!(!place.join("oqs/face/del2.txt").exists());
}

/// Every command that prints data says so when nobody could read it.
#[test]
fn what_cannot_be_printed_is_no_success() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let run = |words: &[&str]| {
        let mut command = command();
        command.args(words).arg("--state").arg(&state);
        command
    };
    assert!(ended(run(&["sweep", "--apply"]).arg(&root)).status.success());
    let mut all = vec![
        (run(&["sweep", "--plan"]), true),
        (run(&["sweep", "--apply", "--format", "json"]), true),
        (run(&["status"]), true),
        (run(&["evidence", "--since", "2026-01-01"]), true),
        (run(&["verify-log"]), false),
    ];
    for words in [&["doctor"][..], &["doctor", "--format", "json"]] {
        let mut doctor = command();
        doctor.args(words);
        all.push((doctor, true));
    }
    for words in [&["catalogue"][..], &["name", "del1.txt"]] {
        let mut plain = command();
        plain.args(words);
        all.push((plain, false));
    }
    for (mut command, needs_root) in all {
        if needs_root {
            command.arg(&root);
        }
        let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
        let output = command.stdout(full).stderr(std::process::Stdio::piped()).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{command:?}: {}", told(&output));
        assert!(told(&output).contains("P407"), "{command:?}: {}", told(&output));
    }
}
