//! What an interrupted pass left open, and what must not stop or slow a pass.

use std::ffi::OsStr;
use std::fs;
use std::time::{Duration, Instant};

use link::audit::{self, Entry, Log};
use link::evidence::{Subject, evidence};
use link::retention::Reason;
use link::sweep::Recovery;

use super::{DAY, Folders, HOUR, MINUTE, SECOND, deleted, line};

#[test]
fn what_an_interrupted_pass_deleted_stands_in_log_and_evidence() {
    let folders = Folders::new();
    folders.apply(0);
    let state = folders.state();
    // A pass announced two files, deleted one, and was killed.
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
