//! The evidence of deletion, as the sweeper writes it (`docs/RETENTION-EVIDENCE.md`).

use model::Date;
use serde_json::Value;

/// What the sweeper says that it did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// Name of the facility in the policy that was applied, if there was one.
    pub site: Option<String>,
    /// Hand-over folders that were swept.
    pub parts: Vec<String>,
    /// The policy of the last complete pass.
    pub policy: Option<AppliedPolicy>,
    /// The last complete pass.
    pub pass: Option<Pass>,
    /// Hash of the last record of the audit log; empty if there is none.
    pub head: String,
    /// Whether the whole audit log was verified.
    pub is_verified: bool,
}

/// The limits that were applied.
///
/// # Units
/// Seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AppliedPolicy {
    /// Acknowledged results.
    pub acknowledged: u64,
    /// Acknowledged error answers.
    pub error: u64,
    /// Reports that the linkage application leaves behind.
    pub report: u64,
    /// Temporary files.
    pub temporary: u64,
    /// Results that nobody acknowledged; `None` is never.
    pub unread_delete: Option<u64>,
}

/// A pass that applied the policy to every file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pass {
    /// Day on which it ended, in Japan.
    pub end: Date,
    /// Files that should have been gone and were still there.
    pub overdue: u64,
    /// Age of the oldest finished file that was still there, in seconds.
    pub oldest_finished: Option<u64>,
}

/// Why evidence cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EvidenceFault {
    /// It is no JSON, or not of this form.
    OtherForm,
    /// It is of a version that is not known.
    OtherVersion(String),
    /// A value is missing or has another form.
    Key(&'static str),
}

/// The version that is read.
const VERSION: u64 = 1;

/// Longest evidence that is read.
///
/// # Units
/// Bytes.
// LIMIT: one has about 2 kB.
const SIZE_MAX_BYTES: usize = 1 << 20;

impl Evidence {
    /// Reads the evidence in `bytes`.
    ///
    /// # Errors
    /// When it is of another form or version, or not whole. Nothing may then be concluded.
    pub fn read(bytes: &[u8]) -> Result<Self, EvidenceFault> {
        if bytes.len() > SIZE_MAX_BYTES {
            return Err(EvidenceFault::OtherForm);
        }
        let root: Value = serde_json::from_slice(bytes).map_err(|_| EvidenceFault::OtherForm)?;
        if root["format"] != "sekisho-link-evidence" {
            return Err(EvidenceFault::OtherForm);
        }
        if root["version"] != VERSION {
            return Err(EvidenceFault::OtherVersion(root["version"].to_string()));
        }
        let parts = root["parts"].as_array().ok_or(EvidenceFault::Key("parts"))?;
        let parts = parts.iter().map(|part| part.as_str().map(str::to_owned));
        let log = &root["log"];
        Ok(Self {
            site: absent(&root["site"], "site", |value| value.as_str().map(str::to_owned))?,
            parts: parts.collect::<Option<_>>().ok_or(EvidenceFault::Key("parts"))?,
            policy: absent(&root["policy"], "policy", policy)?,
            pass: absent(&root["last_complete_pass"], "last_complete_pass", pass)?,
            head: log["head"].as_str().map(str::to_owned).unwrap_or_default(),
            is_verified: log["verified"].as_bool().ok_or(EvidenceFault::Key("log.verified"))?,
        })
    }
}

/// `null` is nothing; what is there has to be read. A key that is missing counts as broken.
fn absent<T>(
    value: &Value,
    key: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, EvidenceFault> {
    match value {
        Value::Null => Ok(None),
        value => read(value).map(Some).ok_or(EvidenceFault::Key(key)),
    }
}

fn policy(value: &Value) -> Option<AppliedPolicy> {
    Some(AppliedPolicy {
        acknowledged: value["acknowledged_s"].as_u64()?,
        error: value["error_s"].as_u64()?,
        report: value["report_s"].as_u64()?,
        temporary: value["temporary_s"].as_u64()?,
        unread_delete: optional(value, "unread_delete_s")?,
    })
}

fn pass(value: &Value) -> Option<Pass> {
    Some(Pass {
        end: day(value["end"].as_str()?)?,
        overdue: value["overdue"].as_u64()?,
        oldest_finished: optional(value, "oldest_finished_s")?,
    })
}

/// A number that may be `null`, but not missing.
fn optional(value: &Value, key: &str) -> Option<Option<u64>> {
    match value.get(key)? {
        Value::Null => Some(None),
        number => number.as_u64().map(Some),
    }
}

/// The day in Japan of a time such as `2026-11-27T01:00:01Z`.
fn day(text: &str) -> Option<Date> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let date = Date::read(date)?;
    let mut parts = time.split(':');
    let hour: u32 = parts.next().filter(|hour| hour.len() == 2)?.parse().ok()?;
    let is_whole = parts.clone().count() == 2
        && parts.all(|part| part.len() == 2 && part.parse::<u32>().is_ok_and(|part| part < 61));
    if hour > 23 || !is_whole {
        return None;
    }
    if hour + HOURS_AHEAD < 24 { Some(date) } else { date.plus_days(1) }
}

/// How far the clocks of Japan are ahead of UTC.
const HOURS_AHEAD: u32 = 9;

#[cfg(test)]
mod tests {
    use super::{Evidence, EvidenceFault, day};
    use model::Date;

    const RIGHT: &str = r#"{"format":"sekisho-link-evidence","version":1,"site":null,
        "parts":["req","res","face"],
        "policy":{"acknowledged_s":900,"error_s":604800,"report_s":604800,"temporary_s":3600,
        "unread_delete_s":null},
        "last_complete_pass":{"end":"2026-11-20T16:00:01Z","overdue":0,"oldest_finished_s":240},
        "log":{"head":"00","verified":true},"more":1}"#;

    #[test]
    fn what_the_sweeper_writes_is_read() {
        let read = Evidence::read(RIGHT.as_bytes()).expect("it is right");
        let pass = read.pass.expect("there was one");
        // Late in the evening in Europe it is the next day in Japan.
        assert_eq!(pass.end, Date::read("2026-11-21").expect("a day"));
        assert_eq!((pass.overdue, pass.oldest_finished), (0, Some(240)));
        assert_eq!(read.policy.and_then(|policy| policy.unread_delete), None);
        assert!(read.is_verified && read.site.is_none());
    }

    #[test]
    fn nothing_is_concluded_from_what_is_not_whole() {
        let read = |from: &str, to: &str| Evidence::read(RIGHT.replace(from, to).as_bytes());
        assert_eq!(Evidence::read(b"no"), Err(EvidenceFault::OtherForm));
        assert_eq!(read("-link", "-other"), Err(EvidenceFault::OtherForm));
        let other = Err(EvidenceFault::OtherVersion("2".to_owned()));
        assert_eq!(read("\"version\":1", "\"version\":2"), other);
        assert_eq!(read("\"overdue\":0,", ""), Err(EvidenceFault::Key("last_complete_pass")));
        assert_eq!(
            read("\"overdue\":0", "\"overdue\":-1"),
            Err(EvidenceFault::Key("last_complete_pass"))
        );
        assert_eq!(
            read(",\n        \"unread_delete_s\":null", ""),
            Err(EvidenceFault::Key("policy"))
        );
        assert_eq!(read("16:00:01Z", "16:00"), Err(EvidenceFault::Key("last_complete_pass")));
        assert_eq!(read("true", "1"), Err(EvidenceFault::Key("log.verified")));
    }

    #[test]
    fn times_are_days_in_japan() {
        let at = |text: &str| day(text).map(|day| day.to_string());
        assert_eq!(at("2026-12-31T14:59:59Z").as_deref(), Some("2026-12-31"));
        assert_eq!(at("2026-12-31T15:00:00Z").as_deref(), Some("2027-01-01"));
        for text in [
            "2026-12-31",
            "2026-12-31T24:00:00Z",
            "2026-12-31T1:00:00Z",
            "2026-12-31T10:00:00+09:00",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
