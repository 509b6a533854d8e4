//! What is deleted when, rule by rule.

use std::fs;

use link::retention::{Class, Reason, Rule};
use link::sweep::{Cap, Confirmation, Limits, Outcome, SweepError};

use super::{DAY, Folders, HOUR, MINUTE, deleted, line};

const RESULT: &str = "OQSsiquc01res_209901010001.xml";
const FACE: &str = "OQSsiquc01res_face_991000000011223344556677889900_20990101091500.xml";

fn at(folders: &Folders, file: &str) -> String {
    let name = file.rsplit('/').next().expect("a name");
    assert!(folders.has(file), "{file} is there");
    name.to_owned()
}

#[test]
fn an_acknowledged_result_goes_after_a_quarter_of_an_hour() {
    let folders = Folders::new();
    folders.put(&format!("res/{RESULT}"), "<XmlMsg/>");
    folders.acknowledge(RESULT, "<XmlMsg/>", "", folders.start + MINUTE);
    let report = folders.apply(15 * MINUTE);
    assert_eq!(line(&report, RESULT).decision.reason, Reason::Young(Rule::Acknowledged));
    let report = folders.apply(17 * MINUTE);
    assert_eq!(deleted(&report), [RESULT]);
    assert!(!folders.has(&format!("res/{RESULT}")));
    assert!(!folders.has("res/.sweep"), "nothing of ours stays behind");
    assert!(report.is_complete);
}

#[test]
fn another_content_under_an_acknowledged_name_stays() {
    let folders = Folders::new();
    folders.put(&format!("res/{RESULT}"), "<XmlMsg>new</XmlMsg>");
    folders.acknowledge(RESULT, "<XmlMsg/>", "", folders.start);
    let report = folders.apply(10 * DAY);
    assert_eq!(deleted(&report), [""; 0]);
    assert_eq!(line(&report, RESULT).decision.reason, Reason::Quarantine);
    assert!(folders.has(&format!("res/.quarantine/{RESULT}")));
}

#[test]
fn a_result_that_nobody_acknowledged_goes_only_by_a_written_rule() {
    let mut folders = Folders::new();
    folders.put(&format!("res/{RESULT}"), "<XmlMsg/>");
    for (time, reason) in [
        (MINUTE, Reason::Unread),
        (31 * MINUTE, Reason::UnreadLong),
        (25 * HOUR, Reason::Quarantine),
        (365 * DAY, Reason::Quarantined),
    ] {
        assert_eq!(line(&folders.apply(time), RESULT).decision.reason, reason);
    }
    folders.policy.unread_delete = Some(72 * 3_600);
    assert_eq!(deleted(&folders.apply(369 * DAY)), [RESULT]);
}

#[test]
fn a_result_whose_request_still_waits_is_not_deleted_by_age() {
    let mut folders = Folders::new();
    folders.policy.unread_delete = Some(72 * 3_600);
    folders.put(&format!("res/{RESULT}"), "<XmlMsg/>");
    folders.put("req/OQSsiquc01req_209901010001.xml", "<XmlMsg/>");
    let report = folders.apply(4 * DAY);
    assert_eq!(line(&report, RESULT).decision.reason, Reason::RequestThere);
    let request = line(&report, "OQSsiquc01req_209901010001.xml");
    assert_eq!(request.decision.reason, Reason::NotTaken);
    assert_eq!(deleted(&report), [""; 0]);
}

#[test]
fn a_face_result_needs_every_consumer() {
    let mut folders = Folders::new();
    folders.policy.consumers = vec!["kiosk".to_owned(), "reception".to_owned()];
    folders.policy.unread_delete = Some(72 * 3_600);
    folders.put(&format!("face/{FACE}"), "<XmlMsg/>");
    folders.acknowledge(FACE, "<XmlMsg/>", "reception", folders.start);
    assert_eq!(line(&folders.apply(20 * MINUTE), FACE).decision.reason, Reason::NotAll);
    folders.acknowledge(FACE, "<XmlMsg/>", "kiosk", folders.start + 20 * MINUTE);
    let report = folders.apply(30 * MINUTE);
    assert_eq!(line(&report, FACE).decision.reason, Reason::Young(Rule::Acknowledged));
    assert_eq!(deleted(&folders.apply(36 * MINUTE)), [FACE]);

    folders.put(&format!("face/{FACE}"), "<XmlMsg>2</XmlMsg>");
    assert_eq!(line(&folders.apply(HOUR), FACE).decision.reason, Reason::Unread);
    assert_eq!(deleted(&folders.apply(73 * HOUR + MINUTE)), [FACE], "the hard limit");
}

#[test]
fn reports_and_temporary_files_go_by_age_and_requests_never() {
    let folders = Folders::new();
    for file in ["res/del0001.txt", "req/.0123456789abcdef.tmp", "req/OQSsiquc01req_1.xml"] {
        folders.put(file, "");
    }
    assert_eq!(deleted(&folders.apply(59 * MINUTE)), [""; 0]);
    assert_eq!(deleted(&folders.apply(61 * MINUTE)), [".0123456789abcdef.tmp"]);
    assert_eq!(deleted(&folders.apply(6 * DAY)), [""; 0]);
    assert_eq!(deleted(&folders.apply(7 * DAY + HOUR)), ["del0001.txt"]);
    assert_eq!(deleted(&folders.apply(900 * DAY)), [""; 0]);
    assert!(folders.has("req/OQSsiquc01req_1.xml"));
}

#[test]
fn an_error_answer_and_the_request_beside_it_go_a_week_after_the_acknowledgement() {
    let folders = Folders::new();
    folders.put("res/OQSsiquc01req_5.err", "TEST0001");
    folders.put("res/OQSsiquc01req_5.xml", "<XmlMsg/>");
    folders.acknowledge("OQSsiquc01req_5.err", "TEST0001", "", folders.start);
    let report = folders.apply(6 * DAY);
    assert_eq!(line(&report, "OQSsiquc01req_5.xml").decision.reason, Reason::Young(Rule::Error));
    let report = folders.apply(7 * DAY + HOUR);
    assert_eq!(deleted(&report), ["OQSsiquc01req_5.err", "OQSsiquc01req_5.xml"]);
}

#[test]
fn names_that_are_not_of_the_linkage_are_told_and_left() {
    let folders = Folders::new();
    for file in ["res/notes.txt", "res/OQSsiquc01req_1.pdf", "face/Thumbs.db", "req/receipt.uke"] {
        folders.put(file, "mine");
    }
    fs::create_dir(folders.path("res/OQSsiquc01res_2.xml")).expect("a folder");
    let report = folders.apply(999 * DAY);
    assert_eq!(report.totals().foreign, 4);
    let folder = line(&report, "OQSsiquc01res_2.xml");
    assert_eq!(folder.decision.reason, Reason::NotPlain);
    assert_eq!(line(&report, "OQSsiquc01req_1.pdf").decision.reason, Reason::Misplaced);
    for file in ["res/notes.txt", "face/Thumbs.db", "req/receipt.uke"] {
        at(&folders, file);
    }
    assert!(matches!(
        link::retention::class(
            link::retention::Part::Response,
            &link::name::Name::parse("notes.txt".as_ref())
        ),
        Class::Foreign(_)
    ));
}

#[test]
fn a_file_with_two_names_is_told_and_left() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    fs::hard_link(folders.path("res/del1.txt"), folders.place.path().join("elsewhere"))
        .expect("a link");
    let report = folders.apply(30 * DAY);
    assert_eq!(line(&report, "del1.txt").decision.reason, Reason::HardLinks);
    assert_eq!((report.totals().overdue, folders.has("res/del1.txt")), (1, true));
}

#[test]
fn a_first_pass_takes_no_more_than_allowed_until_it_is_confirmed() {
    let mut folders = Folders::new();
    folders.limits = Limits { first: 3, ..Limits::default() };
    for number in 0..10 {
        folders.put(&format!("res/del{number}.txt"), "x");
    }
    let report = folders.apply(8 * DAY);
    assert_eq!(deleted(&report).len(), 3);
    assert!(!report.is_complete);
    let waiting = report.lines.iter().filter(|line| line.outcome == Outcome::Waiting(Cap::First));
    assert_eq!(waiting.count(), 7);
    let report = folders.apply(8 * DAY + MINUTE);
    assert_eq!(deleted(&report).len(), 0, "not three more with every pass");
    let now = folders.after(8 * DAY + 2 * MINUTE);
    let report = folders.sweeper().apply(&now, Confirmation::Given).expect("a pass");
    assert_eq!(deleted(&report).len(), 7);
    for number in 0..10 {
        folders.put(&format!("res/del{number}.txt"), "x");
    }
    folders.apply(8 * DAY + 3 * MINUTE);
    let report = folders.apply(15 * DAY + 2 * MINUTE);
    assert_eq!(deleted(&report).len(), 0, "first seen at three minutes");
    assert_eq!(deleted(&folders.apply(15 * DAY + 4 * MINUTE)).len(), 10, "confirmed for good");
    for number in 0..10 {
        folders.put(&format!("res/del{number}.txt"), "x");
    }
    folders.apply(15 * DAY + 5 * MINUTE);
    let report = folders.apply(23 * DAY);
    assert_eq!(deleted(&report).len(), 3, "more than a week without a pass is a first pass");
}

#[test]
fn a_file_that_comes_with_old_times_is_as_old_as_it_was_first_seen() {
    let folders = Folders::new();
    folders.apply(0);
    folders.put("res/del1.txt", "x");
    // What the folder's own clock says is not believed against what was seen.
    let report = folders.apply(30 * DAY);
    assert_eq!(line(&report, "del1.txt").decision.age, 0);
    assert_eq!(deleted(&folders.apply(37 * DAY)), ["del1.txt"]);
}

// On Windows a file is deleted where it stands, so that nothing that stands aside is in its way.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_taken_aside_already_waits_and_nothing_is_lost() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "old");
    fs::create_dir(folders.path("res/.sweep")).expect("a folder");
    fs::write(folders.path("res/.sweep/del1.txt"), "older").expect("a file");
    let report = folders.apply(8 * DAY);
    assert_eq!(report.recovered.len(), 1);
    assert_eq!(report.recovered[0].outcome, Err(link::sweep::Obstacle::Stranded));
    assert_eq!(
        line(&report, "del1.txt").outcome,
        Outcome::Obstacle(link::sweep::Obstacle::Stranded)
    );
    let read = |file: &str| fs::read_to_string(folders.path(file)).expect("it is there");
    assert_eq!((read("res/del1.txt"), read("res/.sweep/del1.txt")), ("old".into(), "older".into()));
}

#[test]
fn one_sweeper_at_a_time() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    let state = folders.state();
    let lock = state.folder.open_or_create("sweep.lock".as_ref()).expect("the lock");
    lock.lock().expect("locked");
    let now = folders.after(8 * DAY);
    let refused = folders.sweeper().apply(&now, Confirmation::Missing);
    assert!(matches!(refused, Err(SweepError::Busy)), "{refused:?}");
    drop(lock);

    fs::create_dir(folders.path("res/.sweep")).expect("a folder");
    let lock = fs::File::create(folders.path("res/.sweep/lock")).expect("the lock");
    lock.lock().expect("locked");
    let report = folders.apply(8 * DAY);
    assert_eq!(line(&report, "del1.txt").outcome, Outcome::Waiting(Cap::Folder));
    drop(lock);
    assert_eq!(deleted(&folders.apply(8 * DAY + MINUTE)), ["del1.txt"]);
}

#[test]
fn a_folder_without_hand_over_folders_is_refused() {
    let folders = Folders::new();
    for part in ["req", "res", "face"] {
        fs::remove_dir(folders.path(part)).expect("it is empty");
    }
    let refused = folders.sweeper().apply(&folders.after(0), Confirmation::Missing);
    assert!(matches!(refused, Err(SweepError::NoParts)), "{refused:?}");
}

/// Every code that the sweeper, the log and the doctor give has an explanation.
#[test]
fn every_code_is_explained() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut given = std::collections::BTreeSet::new();
    for folder in ["retention", "sweep", "doctor", "command"] {
        for entry in fs::read_dir(source.join(folder)).expect("the sources").flatten() {
            if entry.file_name() == "code.rs" || entry.path().is_dir() {
                continue;
            }
            let text = fs::read_to_string(entry.path()).expect("read");
            let words = text.split('"').filter(|word| word.len() == 4);
            let is_code = |word: &&str| {
                let digits = word[1..].bytes().all(|byte| byte.is_ascii_digit());
                digits && word.starts_with(['P', 'L', 'E'])
            };
            given.extend(words.filter(is_code).map(str::to_owned));
        }
    }
    assert!(given.len() > 25, "{given:?}");
    let known = link::CODES
        .iter()
        .chain(link::doctor::DOCTOR_CODES)
        .chain(link::retention::RETENTION_CODES);
    let known: std::collections::BTreeSet<&str> = known.map(|info| info.code).collect();
    let unknown: Vec<_> = given.iter().filter(|code| !known.contains(code.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
