//! A5, the sweeper's half: it is killed at random moments. Afterwards no unread result is
//! missing, what was acknowledged goes, and nothing of ours is left.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use link::audit;
use link::folder::Folder;
use link::moment;

use super::{Folders, HOUR};
use crate::budget::Rounds;

const FILES: u32 = 60;

fn name(number: u32) -> String {
    format!("OQSsiquc01res_{number:04}.xml")
}

/// A result that is acknowledged, or one that is not.
fn is_acknowledged(number: u32) -> bool {
    !number.is_multiple_of(4)
}

fn sweep(folders: &Folders) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho-link"));
    command
        .args(["sweep", "--apply", "--confirm-first", "--policy"])
        .arg(folders.place.path().join("policy.toml"))
        .arg("--state")
        .arg(folders.place.path().join("state"))
        .arg(folders.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// What the quarantine holds: also acknowledged, or not.
fn quarantined(number: u32) -> String {
    format!("OQSsiquc01res_9{number:04}.xml")
}

fn fill(folders: &Folders, round: u32) {
    let res = link::folder::Folder::open(&folders.path("res")).expect("it opens");
    let quarantine = link::quarantine::open_or_make(&res).expect("ours");
    for number in 0..FILES / 4 {
        let path = quarantine.path().join(quarantined(number));
        let content = if is_acknowledged(number) { "old".to_owned() } else { kept(round) };
        fs::write(path, content).expect("written");
    }
    for number in 0..FILES {
        let path = folders.path(&format!("res/{}", name(number)));
        if is_acknowledged(number) {
            fs::write(path, "old").expect("written");
        } else {
            fs::write(path, kept(round)).expect("written");
        }
    }
}

fn kept(round: u32) -> String {
    format!("unread {round}")
}

fn check(folders: &Folders, round: u32) {
    let quarantine = folders.path("res/.quarantine");
    for number in 0..FILES / 4 {
        let found = fs::read_to_string(quarantine.join(quarantined(number))).ok();
        let expected = (!is_acknowledged(number)).then(|| kept(round));
        assert_eq!(found, expected, "round {round}: {number} in quarantine");
    }
    assert!(!quarantine.join(".sweep").exists(), "round {round}");
    let res = folders.path("res");
    for number in 0..FILES {
        let found = fs::read_to_string(res.join(name(number)));
        if is_acknowledged(number) {
            assert!(found.is_err(), "round {round}: {number} is still there");
        } else {
            let found = found.unwrap_or_else(|_| panic!("round {round}: {number} is missing"));
            assert_eq!(found, kept(round));
        }
    }
    let is_ours = |path: &Path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        name.starts_with('.') && name != ".quarantine"
    };
    let left = fs::read_dir(&res).expect("the folder").flatten().map(|entry| entry.path());
    let left: Vec<_> = left.filter(|path| is_ours(path)).collect();
    assert!(left.is_empty(), "round {round}: {left:?}");
    let state = folders.state();
    let verified = audit::verify(&state.folder).expect("the log can be read");
    assert_eq!(verified.fault, None, "round {round}");
    // Of everything that was announced the log tells the end.
    let mut open = BTreeSet::new();
    audit::each(&state.folder, |record| {
        let name = record.text("name").to_owned();
        match record.act.as_str() {
            "aside" => drop(open.insert(name)),
            "deleted" | "not-deleted" | "recovered" => drop(open.remove(&name)),
            _ => {}
        }
    })
    .expect("the log can be read");
    assert!(open.is_empty(), "round {round}: {open:?}");
}

#[test]
fn a05_a_sweeper_that_is_killed_at_any_moment_loses_nothing() {
    let folders = Folders::new();
    let policy = "[retention]\nacknowledged = \"0min\"\n";
    fs::write(folders.place.path().join("policy.toml"), policy).expect("written");
    for number in (0..FILES).filter(|number| is_acknowledged(*number)) {
        folders.acknowledge(&name(number), "old", "", moment::now() - HOUR);
    }
    for number in (0..FILES / 4).filter(|number| is_acknowledged(*number)) {
        folders.acknowledge(&quarantined(number), "old", "", moment::now() - HOUR);
    }
    fill(&folders, 0);
    let begun = Instant::now();
    assert!(sweep(&folders).status().expect("it runs").code().is_some_and(|code| code < 2));
    check(&folders, 0);
    let whole = begun.elapsed();

    let mut rounds = Rounds::new(12, 200);
    let mut interrupted = 0;
    for round in rounds.by_ref().map(|round| u32::try_from(round + 1).expect("few")) {
        fill(&folders, round);
        // Somewhere in a pass, by a walk that meets every part of it.
        let moment = whole.mul_f64(f64::from(round * 37 % 200) / 200.0);
        let mut child = sweep(&folders).spawn().expect("it runs");
        std::thread::sleep(moment);
        let is_running = child.try_wait().expect("it can be asked").is_none();
        interrupted += u64::from(is_running);
        child.kill().expect("it is ours");
        child.wait().expect("it ended");
        // A second kill soon after, in the middle of tidying up.
        if round % 3 == 0 {
            let mut child = sweep(&folders).spawn().expect("it runs");
            std::thread::sleep(Duration::from_millis(u64::from(round % 20)));
            child.kill().expect("it is ours");
            child.wait().expect("it ended");
        }
        sweep(&folders).status().expect("it runs");
        check(&folders, round);
    }
    assert!(interrupted > rounds.done() / 3, "{interrupted} of {} were interrupted", rounds.done());
    let rounds = rounds.said();
    println!("soak: A5 sweeper: {rounds} kills, {interrupted} in a pass, nothing lost");
}

/// A pass that was killed while it compared the clocks.
#[test]
fn a05_the_empty_file_that_a_killed_pass_made_in_its_folder_is_nobodys() {
    let folders = Folders::new();
    let part = Folder::open(&folders.path("res")).expect("it opens");
    let aside = part.child_or_new(".sweep").expect("it is made");
    let trial = OsStr::new(".0123456789abcdef.tmp");
    let whole = OsStr::new(".fedcba9876543210.tmp");
    drop(aside.create_new(trial).expect("made"));
    aside.create_new(whole).expect("made").write_all(b"x").expect("written");
    drop((aside, part));
    let report = folders.apply(0);
    let names: Vec<_> = report.recovered.iter().map(|one| one.name.as_os_str()).collect();
    assert_eq!(names, [whole], "what holds something goes back and is told");
    assert!(folders.has("res/.fedcba9876543210.tmp"));
    assert!(!folders.has("res/.0123456789abcdef.tmp") && !folders.has("res/.sweep"));
}
