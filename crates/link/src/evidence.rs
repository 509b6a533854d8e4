//! The evidence of deletion: what the audit log says about one folder, as one JSON object. Its
//! form is `docs/RETENTION-EVIDENCE.md`; readers need nothing of this crate.

use std::io;

use serde_json::{Map, Value, json};

use crate::audit::{Record, Verified};
use crate::moment;
use crate::retention::{Rule, SECOND};
use crate::state::State;
use crate::sweep;

/// Keys that follow from the log alone.
const COUNTED: [&str; 7] =
    ["version", "folder_id", "parts", "policy", "last_complete_pass", "passes", "deleted"];

/// What the evidence is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The swept folder as the log names it.
    pub folder: String,
    /// The facility's name, where the policy file has one.
    pub site: Option<String>,
    /// Eligibility terminals, by their names in the site file, whose hand-over folder this is.
    pub terminals: Vec<String>,
    /// From when on passes and deletions count.
    ///
    /// # Units
    /// Nanoseconds since 1970-01-01 UTC.
    pub since: i128,
}

/// What the log says about the passes over one folder.
#[derive(Clone, PartialEq, Debug, Default)]
struct Tally {
    last_complete: Option<Record>,
    complete: u64,
    stopped: u64,
    /// End of the last complete pass since the beginning.
    latest: Option<i128>,
    longest_gap: i128,
    deleted: [u64; Rule::ALL.len()],
}

/// Reads the whole log and writes the evidence.
///
/// # Errors
/// When the log cannot be read. A log that does not fit is said in the evidence and returned
/// beside it.
pub fn evidence(state: &State, subject: &Subject, now: i128) -> io::Result<(Value, Verified)> {
    up_to(u64::MAX, state, subject, now)
}

/// Keys of an evidence that say something else than the log does up to the record that it ends
/// with, in the order of the form. What the log does not know (names of facility and terminals,
/// when the evidence was made) is not compared.
///
/// # Errors
/// When the log cannot be read.
pub fn disagreements(state: &State, evidence: &Value) -> io::Result<Vec<&'static str>> {
    let text = |key: &str| evidence.get(key).and_then(Value::as_str);
    let since = text("since").and_then(moment::read_date);
    let made = text("made").and_then(moment::read);
    let last = evidence.get("log").and_then(|log| log.get("last")?.as_u64());
    let wrong = [("since", since.is_none()), ("made", made.is_none()), ("log", last.is_none())];
    let wrong: Vec<&str> = wrong.into_iter().filter(|one| one.1).map(|(key, _)| key).collect();
    let (Some(since), Some(made), Some(last)) = (since, made, last) else { return Ok(wrong) };
    let folder = text("folder").unwrap_or_default().to_owned();
    let subject = Subject { folder, site: None, terminals: Vec::new(), since };
    let (counted, _) = up_to(last, state, &subject, made)?;
    Ok(COUNTED.into_iter().filter(|key| evidence.get(*key) != counted.get(*key)).collect())
}

fn up_to(last: u64, state: &State, subject: &Subject, now: i128) -> io::Result<(Value, Verified)> {
    let root = state.key.word(subject.folder.as_bytes());
    let mut tally = Tally::default();
    let verified = sweep::inspect(state, |record| {
        if record.number <= last && record.text("root") == root {
            tally.take(record, subject.since);
        }
    })?;
    let whole = json!({
        "format": "sekisho-link-evidence",
        "version": 2,
        "made": moment::written(now),
        "since": moment::written(subject.since).get(..10),
        "site": subject.site,
        "folder": subject.folder,
        "folder_id": root,
        "terminals": subject.terminals,
        "parts": tally.fact("parts").unwrap_or_else(|| json!([])),
        "policy": tally.last_complete.as_ref().map(policy),
        "last_complete_pass": tally.last_complete.as_ref().map(last_pass),
        "passes": {
            "complete": tally.complete,
            "stopped": tally.stopped,
            "longest_gap_s": tally.longest_gap(now),
        },
        "deleted": tally.deleted(),
        "log": {
            "first": verified.first,
            "last": verified.chain.last,
            "head": verified.chain.head,
            "breaks": verified.breaks,
            "verified": verified.is_whole_since(subject.since),
        },
    });
    Ok((whole, verified))
}

impl Tally {
    fn take(&mut self, record: &Record, since: i128) {
        let counts = record.moment >= since;
        match record.act.as_str() {
            "pass" => {
                let is_complete = record.fact("complete") == Some(&Value::Bool(true));
                if counts && is_complete {
                    let before = self.latest.unwrap_or(since);
                    self.longest_gap = self.longest_gap.max(record.moment - before);
                    self.latest = Some(record.moment);
                    self.complete += 1;
                } else if counts {
                    self.stopped += 1;
                }
                if is_complete {
                    self.last_complete = Some(record.clone());
                }
            }
            "deleted" if counts => self.count(record),
            "recovered" if counts && matches!(record.text("result"), "deleted" | "gone") => {
                self.count(record);
            }
            // A pass that ended before it could write its own record.
            "interrupted" if counts => self.stopped += 1,
            _ => {}
        }
    }

    fn count(&mut self, record: &Record) {
        let rule = Rule::named(record.text("rule"));
        let at = rule.and_then(|rule| Rule::ALL.iter().position(|other| *other == rule));
        if let Some(at) = at {
            self.deleted[at] += 1;
        }
    }

    fn fact(&self, key: &str) -> Option<Value> {
        self.last_complete.as_ref()?.fact(key).cloned()
    }

    fn longest_gap(&self, now: i128) -> Option<i64> {
        let until_now = now - self.latest?;
        i64::try_from(self.longest_gap.max(until_now) / SECOND).ok()
    }

    fn deleted(&self) -> Map<String, Value> {
        let each = Rule::ALL.iter().zip(self.deleted);
        each.map(|(rule, count)| (rule.word().to_owned(), count.into())).collect()
    }
}

fn policy(record: &Record) -> Value {
    let limit = |rule: Rule| record.fact("limits_s").and_then(|limits| limits.get(rule.word()));
    json!({
        "sha256": record.text("policy"),
        "acknowledged_s": limit(Rule::Acknowledged),
        "error_s": limit(Rule::Error),
        "report_s": limit(Rule::Report),
        "temporary_s": limit(Rule::Temporary),
        "unread_delete_s": limit(Rule::Unread),
        "consumers": record.fact("consumers"),
    })
}

fn last_pass(record: &Record) -> Value {
    let seen = record.number_of("seen").unwrap_or_default();
    let deleted = record.number_of("deleted").unwrap_or_default();
    json!({
        "begin": record.text("begin"),
        "end": moment::written(record.moment),
        "seen": seen,
        "deleted": deleted,
        "kept": seen.saturating_sub(deleted),
        "overdue": record.fact("overdue"),
        "quarantined": record.fact("quarantined"),
        "foreign": record.fact("foreign"),
        "alerts": record.fact("alerts"),
        "oldest_finished_s": record.fact("oldest_finished_s"),
        "oldest_unread_s": record.fact("oldest_unread_s"),
    })
}
