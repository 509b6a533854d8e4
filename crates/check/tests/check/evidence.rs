//! Evidence of deletion in which one value was changed to another one that is possible: the proof
//! is still true, or it is gone and the reason names the value. What is true is written down here
//! a second time, from the document alone.

use check::RuleVerdict;
use lifecycle::Evidence;
use serde_json::{Value, json};

use crate::snapshot::Snapshot;

/// The day of the judgement: the evidence was made on it, in Japan.
const TODAY: (u16, u8, u8) = (2026, 11, 23);

fn original() -> Value {
    let base = Snapshot::base();
    let file = base.files.iter().find(|(name, _)| name == "evidence.json");
    serde_json::from_str(&file.expect("the base has evidence").1).expect("it is JSON")
}

/// What came of the rule, and every reason that it gave.
fn judged(evidence: &Value) -> (RuleVerdict, String) {
    let mut snapshot = Snapshot::base();
    *snapshot.file_mut("evidence.json") = evidence.to_string();
    let (year, month, day) = TODAY;
    let report = snapshot.check(site::Date::new(year, month, day));
    let verdict = report.requirements.iter().find(|one| one.code == "L001").expect("it is asked");
    let said = report.findings.iter().filter(|one| one.diagnostic.code == "L001");
    let said = said.map(|one| format!("{:?}", one.diagnostic)).collect();
    (verdict.verdict, said)
}

/// The pointers to all values that are no objects.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                leaves(value, &format!("{pointer}/{key}"), found);
            }
        }
        _ => found.push(pointer.to_owned()),
    }
}

/// Other values of the same kind.
fn others(value: &Value) -> Vec<Value> {
    let mut all = match value {
        Value::Number(number) => {
            let number = number.as_u64().expect("figures are not negative");
            let near = [number.saturating_sub(1), number + 1, number * 2, number + 60];
            let far = [0, 1, 60, 3_600, 99_999_999, 315_360_000, u64::MAX];
            near.into_iter().chain(far).map(Value::from).chain([Value::Null]).collect()
        }
        Value::Bool(is_so) => vec![json!(!is_so)],
        Value::Null => vec![json!(0), json!(60), json!(3_600), json!("Midori Clinic")],
        Value::Array(_) => vec![
            json!([]),
            json!(["req"]),
            json!(["res"]),
            json!(["face"]),
            json!(["req", "res"]),
            json!(["res", "face"]),
            json!(["res", "res"]),
            json!(["reception"]),
        ],
        Value::String(text) if text.ends_with('Z') => [
            "1970-01-01T00:00:00Z",
            "2020-11-22T15:00:00Z",
            "2026-10-31T23:59:59Z",
            "2026-11-22T14:59:59Z",
            "2026-11-22T15:00:02Z",
            "2026-11-22T16:00:00Z",
            "2026-11-23T15:00:00Z",
            "2027-11-22T15:00:00Z",
            "9999-12-31T23:59:59Z",
        ]
        .map(Value::from)
        .into(),
        Value::String(text) if text.len() == 64 => {
            vec![json!("0".repeat(64)), json!("1".repeat(64)), json!("g".repeat(64)), json!("1")]
        }
        Value::String(text) if text.len() == 10 => {
            ["2020-01-01", "2026-11-22", "2026-11-23", "2029-01-01"].map(Value::from).into()
        }
        _ => ["", " ", "Aozora Clinic", "/", "/srv/oqs\u{1b}[2J", r"\\server\oqs"]
            .map(Value::from)
            .into(),
    };
    all.retain(|other| other != value);
    all
}

/// What the document says a reader may conclude, for the base site and its day.
fn is_true(it: &Value) -> bool {
    let number = |pointer: &str| it.pointer(pointer).and_then(Value::as_u64);
    let text = |pointer: &str| it.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let has = |part: &str| it["parts"].as_array().is_some_and(|all| all.contains(&json!(part)));
    let at_most = |pointer: &str, most: u64| number(pointer).is_none_or(|number| number <= most);
    let (pass, week) = ("/last_complete_pass", 7 * 86_400);
    let of_pass = |key: &str| number(&format!("{pass}/{key}"));
    let deleted = ["acknowledged", "error", "report", "temporary", "unread"];
    let sum: u64 = deleted.iter().filter_map(|key| number(&format!("/deleted/{key}"))).sum();
    let (begin, end) = (text("/last_complete_pass/begin"), text("/last_complete_pass/end"));
    // Days in Japan begin at 15:00 UTC; moments of this form compare as text.
    let is_dated = begin <= end
        && end <= text("/made")
        && text("/made") < "2026-11-23T15:00:00Z"
        && end >= "2026-10-18T15:00:00Z"
        && text("/since") <= &text("/made")[..10];
    let is_counted = of_pass("seen") == of_pass("deleted").zip(of_pass("kept")).map(|(a, b)| a + b)
        && of_pass("foreign") <= of_pass("kept")
        && of_pass("deleted").is_some_and(|deleted| deleted <= sum)
        && number("/passes/complete").is_some_and(|complete| complete > 0)
        && number("/log/last") >= number("/passes/complete").map(|complete| complete + sum);
    let is_clean = of_pass("overdue") == Some(0)
        && of_pass("alerts") == Some(0)
        && at_most("/last_complete_pass/oldest_finished_s", week)
        && at_most("/last_complete_pass/oldest_unread_s", 3 * 86_400)
        && number("/passes/longest_gap_s").is_some_and(|gap| gap <= week)
        && number("/deleted/acknowledged") > Some(0);
    let is_strict = at_most("/policy/acknowledged_s", 900)
        && at_most("/policy/error_s", week)
        && at_most("/policy/report_s", week)
        && at_most("/policy/temporary_s", 3_600)
        && number("/policy/unread_delete_s").is_some_and(|limit| limit <= 3 * 86_400)
        && it["policy"]["consumers"] == json!([]);
    let is_ours = text("/site") == "Midori Clinic" && has("res") && has("face");
    let is_logged = it["log"]["verified"] == true
        && number("/log/first") == Some(1)
        && text("/log/head").bytes().any(|digit| digit != b'0');
    is_dated && is_counted && is_clean && is_strict && is_ours && is_logged
}

#[test]
fn a_changed_value_is_caught_or_the_proof_stays_true() {
    let original = original();
    assert_eq!(judged(&original).0, RuleVerdict::Proved);
    assert!(is_true(&original));
    let mut pointers = Vec::new();
    leaves(&original, "", &mut pointers);
    let (mut caught, mut kept) = (0, Vec::new());
    for pointer in &pointers {
        for other in others(original.pointer(pointer).expect("it was just found")) {
            let mut changed = original.clone();
            *changed.pointer_mut(pointer).expect("it was just found") = other.clone();
            // Most are refused by the reader alone, which costs no check.
            if Evidence::read(changed.to_string().as_bytes()).is_err() {
                caught += 1;
                continue;
            }
            let (verdict, said) = judged(&changed);
            if verdict == RuleVerdict::Proved {
                assert!(is_true(&changed), "{pointer} = {other} proves what is not true");
                kept.push(pointer.clone());
            } else {
                assert!(!said.is_empty(), "{pointer} = {other}: no reason");
                caught += 1;
            }
        }
    }
    assert!(caught > 150, "only {caught} were caught");
    // A change of these is never harmless, whatever the new value.
    for pointer in [
        "/format",
        "/version",
        "/site",
        "/log/verified",
        "/log/first",
        "/last_complete_pass/seen",
        "/last_complete_pass/deleted",
        "/last_complete_pass/kept",
        "/last_complete_pass/overdue",
        "/last_complete_pass/alerts",
    ] {
        assert!(pointers.iter().any(|own| own == pointer), "{pointer} is looked at");
        assert!(!kept.iter().any(|own| own == pointer), "{pointer}: a change was not caught");
    }
}

#[test]
fn what_is_missing_is_caught() {
    let original = original();
    let mut pointers = Vec::new();
    leaves(&original, "", &mut pointers);
    for pointer in pointers {
        let (object, key) = pointer.rsplit_once('/').expect("pointers begin with a slash");
        let mut changed = original.clone();
        let object = changed.pointer_mut(object).and_then(Value::as_object_mut);
        object.expect("it holds the value").remove(key);
        let read = Evidence::read(changed.to_string().as_bytes());
        assert!(read.is_err(), "{pointer} is not missed");
    }
}

#[test]
fn the_reason_names_the_value() {
    for (pointer, value, word) in [
        ("/site", Value::Null, "`site`"),
        ("/parts", json!(["req"]), "`res`"),
        ("/parts", json!(["req", "res"]), "`face`"),
        ("/made", json!("2020-11-22T15:05:00Z"), "`since`"),
        ("/since", json!("2029-01-01"), "`since`"),
        ("/folder", json!(""), "`folder`"),
        ("/last_complete_pass/begin", json!("2027-11-22T15:00:00Z"), "begin"),
        ("/last_complete_pass/seen", json!(1), "seen"),
        ("/last_complete_pass/alerts", json!(5), "`alerts`"),
        ("/last_complete_pass/oldest_unread_s", json!(99_999_999), "`oldest_unread_s`"),
        ("/passes/complete", json!(0), "complete"),
        ("/passes/longest_gap_s", json!(99_999_999), "longest_gap_s"),
        ("/passes/longest_gap_s", json!(900_000), "`longest_gap_s`"),
        ("/log/verified", json!(false), "`log.verified`"),
        ("/log/last", json!(5), "log.last"),
        ("/policy/consumers", json!(["billing"]), "`consumers`"),
    ] {
        let mut changed = original();
        *changed.pointer_mut(pointer).expect("it is there") = value.clone();
        let (verdict, said) = judged(&changed);
        assert_eq!(verdict, RuleVerdict::Unknown, "{pointer} = {value}");
        assert!(said.contains(word), "{pointer} = {value}: {said}");
    }
}
