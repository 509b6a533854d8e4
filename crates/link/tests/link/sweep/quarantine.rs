//! What nobody acknowledged for long goes into quarantine, is told in every pass, and leaves it
//! only by an acknowledgement of its content, by a written rule, or by hand.

use std::fs;
use std::process::Command;

use link::audit;
use link::folder::Folder;
use link::quarantine::{self, Placing, Why};
use link::retention::Reason;
use link::sweep::{Confirmation, Limits, Obstacle, Outcome, Report, findings};

use super::{DAY, Folders, HOUR, MINUTE, deleted, line};
use crate::budget::Rounds;

const RESULT: &str = "OQSsiquc01res_209901010001.xml";
const FACE: &str = "OQSsiquc01res_face_991000000011223344556677889900_20990101091500.xml";
const INSIDE: &str = "res/.quarantine/OQSsiquc01res_209901010001.xml";

fn codes(report: &Report) -> Vec<&'static str> {
    findings(report).iter().map(|one| one.code).collect()
}

#[test]
fn an_unread_result_goes_into_quarantine_after_a_day_and_stays_there() {
    let folders = Folders::new();
    folders.put(&format!("res/{RESULT}"), "result");
    folders.put(&format!("face/{FACE}"), "face");
    let report = folders.apply(23 * HOUR);
    assert!(folders.has(&format!("res/{RESULT}")) && !codes(&report).contains(&"L415"));
    let report = folders.apply(25 * HOUR);
    assert_eq!(line(&report, RESULT).outcome, Outcome::Quarantined);
    assert!(report.is_complete && codes(&report).contains(&"L415"));
    for time in [26 * HOUR, 400 * DAY] {
        let report = folders.apply(time);
        assert!(codes(&report).contains(&"L415"), "it is told in every pass");
        assert_eq!((report.totals().quarantined, deleted(&report).len()), (2, 0));
        assert_eq!(line(&report, RESULT).decision.reason, Reason::Quarantined);
        assert!(folders.has(INSIDE) && folders.has(&format!("face/.quarantine/{FACE}")));
        assert!(!folders.has(&format!("res/{RESULT}")) && !folders.has("res/.sweep"));
    }
    assert_eq!(fs::read_to_string(folders.path(INSIDE)).expect("there"), "result");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = folders.path("res/.quarantine").metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    let verified = audit::verify(&folders.state().folder).expect("the log can be read");
    assert_eq!(verified.fault, None);
}

#[test]
fn what_is_acknowledged_leaves_the_quarantine_and_nothing_else_does() {
    let folders = Folders::new();
    folders.put(&format!("res/{RESULT}"), "result");
    folders.apply(25 * HOUR);
    folders.acknowledge(RESULT, "another content", "", folders.start + 26 * HOUR);
    assert_eq!(deleted(&folders.apply(10 * DAY)), [""; 0]);
    folders.acknowledge(RESULT, "result", "", folders.start + 10 * DAY);
    assert_eq!(deleted(&folders.apply(10 * DAY + 10 * MINUTE)), [""; 0]);
    let report = folders.apply(10 * DAY + 16 * MINUTE);
    assert_eq!(deleted(&report), [RESULT]);
    assert!(!folders.has("res/.quarantine"), "an empty quarantine is taken away");
}

#[test]
fn the_rule_of_last_resort_counts_anew_in_quarantine() {
    let mut folders = Folders::new();
    folders.policy.unread_delete = Some(72 * 3_600);
    folders.put(&format!("res/{RESULT}"), "result");
    folders.apply(HOUR);
    folders.apply(26 * HOUR);
    assert!(folders.has(INSIDE));
    folders.apply(27 * HOUR);
    assert_eq!(deleted(&folders.apply(98 * HOUR)), [""; 0], "71 hours after it was seen there");
    assert_eq!(deleted(&folders.apply(100 * HOUR)), [RESULT]);
}

#[test]
fn a_second_file_of_the_name_a_held_file_and_a_linked_one_stay_where_they_are() {
    let folders = Folders::new();
    let names: Vec<String> = (0..3).map(|number| format!("OQSsiquc01res_{number}.xml")).collect();
    for name in &names {
        folders.put(&format!("res/{name}"), "new");
    }
    let res = Folder::open(&folders.path("res")).expect("it opens");
    let inside = quarantine::open_or_make(&res).expect("ours");
    fs::write(inside.path().join(&names[0]), "old").expect("written");
    drop(inside);
    let held = fs::File::open(folders.path(&format!("res/{}", names[1]))).expect("it opens");
    fs::hard_link(folders.path(&format!("res/{}", names[2])), folders.path("other")).expect("made");
    let report = folders.apply(25 * HOUR);
    let outcome = |name: &str| {
        let is_it = |one: &&link::sweep::Line| one.name == *name && !one.is_quarantined;
        let one = report.lines.iter().find(is_it).expect("a line");
        (one.decision.reason, one.outcome)
    };
    assert_eq!(outcome(&names[0]), (Reason::Quarantine, Outcome::Obstacle(Obstacle::Stranded)));
    assert_eq!(outcome(&names[1]), (Reason::Quarantine, Outcome::Obstacle(Obstacle::Open)));
    assert_eq!(outcome(&names[2]), (Reason::UnreadTooLong, Outcome::Kept));
    assert!(codes(&report).contains(&"L416"));
    for name in &names {
        assert!(folders.has(&format!("res/{name}")), "{name}");
    }
    drop(held);
    folders.apply(26 * HOUR);
    assert!(!folders.has(&format!("res/{}", names[1])));
}

#[test]
fn moving_counts_for_the_first_pass_as_deleting_does() {
    let mut folders = Folders::new();
    folders.limits = Limits { first: 3, ..Limits::default() };
    for number in 0..10 {
        folders.put(&format!("res/OQSsiquc01res_{number}.xml"), "x");
    }
    let report = folders.apply(25 * HOUR);
    assert_eq!(report.totals().quarantined, 3);
    assert!(!report.is_complete);
    let report = folders.apply(26 * HOUR);
    assert_eq!(report.totals().quarantined, 3, "not three more with every pass");
    let now = folders.after(27 * HOUR);
    let report = folders.sweeper().apply(&now, Confirmation::Given).expect("a pass");
    assert_eq!(report.totals().quarantined, 10);
}

/// On a share where the sweeper has no folder of its own, the file stays, that is an error in
/// every pass, and everything else is done.
#[cfg(target_os = "linux")]
#[test]
fn without_a_private_quarantine_a_file_stays_and_the_rest_is_done() {
    use std::os::unix::fs::PermissionsExt;
    let folders = Folders::new();
    folders.put(&format!("res/{RESULT}"), "result");
    folders.put("res/del1.txt", "x");
    let path = folders.path("res/.quarantine");
    fs::create_dir(&path).expect("made");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).expect("ours");
    let plan = folders.plan(8 * DAY);
    assert_eq!(line(&plan, RESULT).outcome, Outcome::Waiting(link::sweep::Cap::Quarantine));
    let report = folders.apply(8 * DAY);
    assert_eq!(line(&report, RESULT).outcome, Outcome::Waiting(link::sweep::Cap::Quarantine));
    assert_eq!(deleted(&report), ["del1.txt"]);
    assert!(report.is_complete && codes(&report).contains(&"L416"));
    assert!(folders.has(&format!("res/{RESULT}")));
    let res = Folder::open(&folders.path("res")).expect("it opens");
    let seen = res.probe(RESULT.as_ref()).expect("asked").expect("there");
    let placing = quarantine::put(&res, RESULT.as_ref(), &seen);
    assert_eq!(placing, Placing::Kept(Why::NotPrivate));
    // A link in its place leads nowhere, and the folder counts as not wholly read.
    fs::remove_dir(&path).expect("empty");
    let outside = folders.place.folder("outside");
    std::os::unix::fs::symlink(&outside, &path).expect("made");
    let report = folders.apply(9 * DAY);
    assert!(!report.is_complete);
    assert_eq!(fs::read_dir(&outside).expect("there").count(), 0);
}

#[test]
fn a_file_that_is_another_one_by_now_is_not_moved() {
    let folders = Folders::new();
    folders.put(&format!("res/{RESULT}"), "old");
    let res = Folder::open(&folders.path("res")).expect("it opens");
    let seen = res.probe(RESULT.as_ref()).expect("asked").expect("there");
    folders.put("res/writer", "new and longer");
    fs::rename(folders.path("res/writer"), folders.path(&format!("res/{RESULT}"))).expect("moved");
    let placing = quarantine::put(&res, RESULT.as_ref(), &seen);
    assert_eq!(placing, Placing::Kept(Why::Changed));
    let found = fs::read_to_string(folders.path(&format!("res/{RESULT}"))).expect("there");
    assert_eq!(found, "new and longer");
}

/// A writer replaces the file at full speed while it is moved: nothing that he wrote is lost, in
/// its place or in quarantine.
#[test]
fn a07_a_response_that_is_written_during_the_move_is_never_lost() {
    let folders = Folders::new();
    let res = Folder::open(&folders.path("res")).expect("it opens");
    let mut rounds = Rounds::new(500, 20_000);
    let (mut moved, mut kept) = (0, 0);
    for round in rounds.by_ref() {
        let content = format!("new {round}");
        folders.put(&format!("res/{RESULT}"), "old");
        let seen = res.probe(RESULT.as_ref()).expect("asked").expect("there");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                folders.put("res/writer", &content);
                let target = folders.path(&format!("res/{RESULT}"));
                while fs::rename(folders.path("res/writer"), &target).is_err() {}
            });
            match quarantine::put(&res, RESULT.as_ref(), &seen) {
                Placing::Moved => moved += 1,
                Placing::Kept(_) => kept += 1,
            }
        });
        let read = |file: &str| fs::read_to_string(folders.path(file)).unwrap_or_default();
        let found = [read(&format!("res/{RESULT}")), read(INSIDE)];
        assert!(found.contains(&content), "round {round}: {found:?}");
        let _ = fs::remove_file(folders.path(INSIDE));
    }
    let rounds = rounds.said();
    println!("soak: A7: {rounds} moves into quarantine, {moved} moved, {kept} kept, 0 lost");
    assert!(moved > 0, "{moved} moved, {kept} kept");
}

#[test]
fn the_command_shows_puts_back_and_settles() {
    let folders = Folders::new();
    let names = ["OQSsiquc01res_1.xml", "OQSsiquc01res_7700123-太郎.xml"];
    for name in names {
        folders.put(&format!("res/{name}"), "result");
    }
    folders.apply(25 * HOUR);
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho-link"));
        command.arg("quarantine").arg(folders.root()).arg("--state");
        command.arg(folders.place.path().join("state")).args(words);
        let output = command.env("LANG", "C").output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said, _) = run(&[]);
    assert_eq!((code, said.lines().count()), (Some(1), 2), "{said}");
    assert!(!said.contains("7700123") && !said.contains("太郎"), "{said}");
    assert!(run(&["--names"]).1.contains("7700123"));
    let status = Command::new(env!("CARGO_BIN_EXE_sekisho-link"))
        .args(["status", "--state"])
        .arg(folders.place.path().join("state"))
        .arg(folders.root())
        .env("LANG", "C")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(said.contains("in quarantine (`.quarantine`): 2 files"), "{said}");
    let options =
        link::doctor::Options { property: None, samba: None, probe: link::doctor::Probe::Nothing };
    let found = link::doctor::examine(&folders.root(), &options).expect("it can be read");
    assert!(found.iter().any(|one| one.code == "E423"), "{found:?}");
    // As the list shows it; of a folder where it does not stand it is unknown.
    let listed = format!("face/{}", names[0]);
    assert!(run(&["--release", &listed]).2.contains("L416"));
    let listed = format!("res/{}", names[0]);
    let (code, said, _) = run(&["--release", &listed]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    assert!(folders.has(&format!("res/{}", names[0])));
    let (code, _, told) = run(&["--settle", "OQSsiquc01res_9-太郎.xml"]);
    assert!(code == Some(1) && told.contains("L416") && !told.contains("太郎"), "{told}");
    let path = folders.path("res/.quarantine").join(names[1]);
    assert_eq!(run(&["--settle", path.to_str().expect("plain names")]).2, "");
    folders.apply(26 * HOUR);
    assert_eq!(deleted(&folders.apply(27 * HOUR)), [names[1]]);
    assert_eq!(run(&[]).0, Some(0));
}
