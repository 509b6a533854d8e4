//! What an interrupted pass left open, and what must not stop or slow a pass.

use std::ffi::OsStr;
use std::fs;
use std::time::{Duration, Instant};

use diag::Severity;
use link::audit::{self, Entry, Log};
use link::evidence::{Subject, evidence};
use link::retention::Reason;
use link::sweep::{Recovery, findings};

use super::{DAY, Folders, HOUR, MINUTE, SECOND, deleted, line};

/// A pass that announced two files, deleted one, and was killed.
fn interrupt(folders: &Folders) {
    let state = folders.state();
    let root = folders.root().canonicalize().expect("it is there");
    let word = state.key.word(root.as_os_str().as_encoded_bytes());
    let names = ["OQSsiquc01res_1.xml", "OQSsiquc01res_2.xml"];
    folders.put("res/OQSsiquc01res_2.xml", "x");
    let mut log = Log::open(&state, &[], folders.start + MINUTE).expect("it opens");
    for name in names {
        let entry = Entry::new("aside")
            .with("root", word.as_str())
            .with("part", "res")
            .with("name", state.key.name(OsStr::new(name)))
            .with("rule", "acknowledged")
            .with("size", 1)
            .with("file", "1")
            .with("modified", "1")
            .with("sha256", "");
        log.add(folders.start + MINUTE, &entry);
    }
    log.write().expect("written");
    drop(log);
}

/// What was announced and is gone is told once by these passes.
fn assert_told_once(folders: &Folders) {
    let passes = [3, 4, 5].map(|minute| folders.apply(minute * MINUTE));
    let all = passes.iter().flat_map(|report| &report.recovered);
    assert_eq!(all.filter(|one| one.outcome == Ok(Recovery::Gone)).count(), 1);
}

/// What an interrupted pass announced is closed by the first pass that can, not only by the next.
#[test]
fn what_an_interrupted_pass_deleted_is_told_also_after_one_that_the_clock_stopped() {
    let folders = Folders::new();
    folders.apply(0);
    interrupt(&folders);
    assert!(folders.apply(-5 * DAY).clock.distrust.is_some());
    assert_told_once(&folders);
}

#[cfg(unix)]
#[test]
fn what_an_interrupted_pass_deleted_is_told_also_after_one_that_cannot_look() {
    let folders = Folders::new();
    folders.apply(0);
    interrupt(&folders);
    let sweep = folders.path("res/.sweep");
    fs::create_dir(&sweep).expect("made");
    fs::write(sweep.join("OQSsiquc01res_9.xml"), "x").expect("written");
    let rights = |mode| {
        let rights = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(&sweep, rights).expect("ours");
    };
    rights(0o777);
    assert!(folders.apply(2 * MINUTE).recovered.is_empty());
    rights(0o700);
    assert_told_once(&folders);
}

#[test]
fn what_an_interrupted_pass_deleted_stands_in_log_and_evidence() {
    let folders = Folders::new();
    folders.apply(0);
    let state = folders.state();
    let root = folders.root().canonicalize().expect("it is there");
    interrupt(&folders);
    let report = folders.apply(2 * MINUTE);
    let outcomes: Vec<_> = report.recovered.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Ok(Recovery::Gone)]);
    let folder = root.display().to_string();
    let since = folders.start - HOUR;
    let subject = Subject { folder, site: None, terminals: Vec::new(), since };
    let (made, verified) =
        evidence(&folders.state(), &subject, folders.start + HOUR).expect("it can be read");
    assert_eq!(verified.fault, None);
    assert_eq!(made["deleted"]["acknowledged"], 1);
    assert_eq!(made["passes"]["stopped"], 1, "{made}");
    // It is written once.
    assert!(folders.apply(3 * MINUTE).recovered.is_empty());
    let mut ends = 0;
    audit::each(&state.folder, |record| ends += u32::from(record.act == "recovered"))
        .expect("it can be read");
    assert_eq!(ends, 2);
}

#[test]
fn an_acknowledgement_in_the_moment_a_pass_begins_stops_nothing() {
    let folders = Folders::new();
    folders.put("res/OQSsiquc01res_1.xml", "x");
    folders.acknowledge("OQSsiquc01res_1.xml", "x", "", folders.start + SECOND);
    assert_eq!(folders.plan(0).clock.distrust, None);
    assert_eq!(folders.apply(0).clock.distrust, None);
}

#[test]
fn an_acknowledgement_is_known_as_long_as_the_policy_needs_it() {
    let mut folders = Folders::new();
    folders.policy.acknowledged = 120 * 86_400;
    folders.put("res/OQSsiquc01res_1.xml", "x");
    folders.apply(-DAY);
    folders.acknowledge("OQSsiquc01res_1.xml", "x", "", folders.start);
    for month in 1..4 {
        folders.acknowledge("OQSsiquc01res_2.xml", "x", "", folders.start + month * 31 * DAY);
    }
    let report = folders.apply(119 * DAY);
    let reason = line(&report, "OQSsiquc01res_1.xml").decision.reason;
    assert!(matches!(reason, Reason::Young(_)), "{reason:?}");
    assert_eq!(deleted(&folders.apply(121 * DAY)), ["OQSsiquc01res_1.xml"]);
}

#[test]
fn a_huge_file_under_an_acknowledged_name_costs_no_time() {
    let folders = Folders::new();
    let name = "OQSsiquc01res_1.xml";
    folders.put(&format!("res/{name}"), "x");
    folders.acknowledge(name, "x", "", folders.start);
    let file = fs::OpenOptions::new().write(true).open(folders.path(&format!("res/{name}")));
    file.expect("it is there").set_len((4 << 30) - 1).expect("sparse");
    let begun = Instant::now();
    let report = folders.apply(HOUR);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let reason = line(&report, name).decision.reason;
    assert!(matches!(reason, Reason::Unread | Reason::UnreadLong), "{reason:?}");
}

/// A report of the terminal's own cleaner goes by its age alone: a huge one is deleted unread.
#[test]
fn a_huge_report_is_deleted_without_being_read() {
    let folders = Folders::new();
    for number in 0..3 {
        let name = format!("res/del{number}.txt");
        folders.put(&name, "x");
        let file = fs::OpenOptions::new().write(true).open(folders.path(&name));
        file.expect("it is there").set_len((4 << 30) - 1).expect("sparse");
    }
    assert_eq!(deleted(&folders.apply(8 * DAY)).len(), 3);
    let mut hashes = Vec::new();
    audit::each(&folders.state().folder, |record| {
        if record.act == "deleted" {
            hashes.push(record.text("sha256").to_owned());
        }
    })
    .expect("it can be read");
    assert_eq!(hashes, ["", "", ""], "no content was read");
}

/// A service whose passes delete nothing any more turns red.
#[test]
fn a_first_pass_that_took_all_that_it_may_is_an_error_the_next_time() {
    let mut folders = Folders::new();
    folders.limits.first = 2;
    for number in 0..5 {
        folders.put(&format!("res/del{number}.txt"), "x");
    }
    for (time, severity) in [(8 * DAY, Severity::Warning), (9 * DAY, Severity::Error)] {
        let report = folders.apply(time);
        let found = findings(&report);
        let told = found.iter().find(|one| one.code == "L403").expect("it is told");
        assert_eq!(told.severity, severity);
    }
}

/// What somebody renamed is not deleted, and is not silently kept for ever.
#[test]
fn what_looks_like_an_answer_is_told_and_counts_in_the_evidence() {
    let names = [
        "OQSsiquc01res_1.XML",
        "Copy of OQSsiquc01res_2.xml",
        "oqssiquc01RES_3.xml.bak",
        "OQSsiquc01res_face_99_1.xml",
        "OQSsiquc01res_4 (1).xml",
    ];
    let folders = Folders::new();
    folders.put("res/note.txt", "x");
    names.iter().for_each(|name| folders.put(&format!("res/{name}"), "x"));
    folders.apply(0);
    let young = folders.apply(HOUR);
    assert_eq!((young.totals().alerts, young.totals().foreign), (0, 6));
    let report = folders.apply(2 * DAY);
    for name in names {
        assert_eq!(line(&report, name).decision.reason, Reason::LikeAnswer, "{name}");
        assert!(folders.has(&format!("res/{name}")), "{name}");
    }
    assert_eq!(line(&report, "note.txt").decision.reason, Reason::Foreign);
    assert_eq!((report.totals().alerts, report.totals().foreign), (5, 6));
    let told = findings(&report).into_iter().find(|one| one.severity == Severity::Error);
    assert_eq!(told.expect("it is told").code, "L405");
}
