//! Reading: every key has to be there, in its form and in its range, and the figures have to
//! agree with one another.

use model::Date;
use serde_json::Value;

use super::invariant::INVARIANTS;
use super::{AppliedPolicy, Deleted, Evidence, EvidenceFault, Log, Moment, Part, Pass, Passes};

/// The version that is read.
const VERSION: u64 = 2;

/// Longest evidence that is read.
///
/// # Units
/// Bytes.
// LIMIT: one has about 2 kB.
const SIZE_MAX_BYTES: usize = 1 << 20;

/// Digits of a SHA-256.
const HASH_DIGITS: usize = 64;

/// Digits of what tells a folder from others.
const FOLDER_DIGITS: usize = 16;

/// Longest time of a policy.
///
/// # Units
/// Seconds.
const LIMIT_MAX: u64 = 3_650 * 86_400;

impl Evidence {
    /// Reads the evidence in `bytes`.
    ///
    /// # Errors
    /// When it is of another form or version, not whole, or contradicts itself. Nothing may then
    /// be concluded.
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
        let evidence = whole(&root)?;
        match INVARIANTS.iter().find(|invariant| !(invariant.holds)(&evidence)) {
            None => Ok(evidence),
            Some(broken) => Err(EvidenceFault::Contradiction {
                key: broken.key,
                statement: (broken.statement)(),
            }),
        }
    }
}

type Read<T> = Result<T, EvidenceFault>;

fn whole(root: &Value) -> Read<Evidence> {
    Ok(Evidence {
        made: must("made", moment(&root["made"]))?,
        since: must("since", root["since"].as_str().and_then(Date::read))?,
        site: optional(root, "site", "site", name)?,
        folder: must("folder", name(&root["folder"]).filter(|folder| is_absolute(folder)))?,
        folder_id: added(root, "folder_id", folder_id)?,
        terminals: added(root, "terminals", terminals)?.unwrap_or_default(),
        parts: must("parts", parts(&root["parts"]))?,
        policy: nested(root, "policy", policy)?,
        pass: nested(root, "last_complete_pass", pass)?,
        passes: passes(&root["passes"])?,
        deleted: deleted(&root["deleted"])?,
        log: log(&root["log"])?,
    })
}

fn must<T>(key: &'static str, value: Option<T>) -> Read<T> {
    value.ok_or(EvidenceFault::Key(key))
}

/// A value that may be `null`, but not missing.
fn optional<T>(
    object: &Value,
    key: &str,
    shown: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Read<Option<T>> {
    match must(shown, object.get(key))? {
        Value::Null => Ok(None),
        value => must(shown, read(value)).map(Some),
    }
}

/// A value that older evidence of this version does not have.
fn added<T>(
    root: &Value,
    key: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Read<Option<T>> {
    root.get(key).map(|value| must(key, read(value))).transpose()
}

/// An object that may be `null`, but not missing.
fn nested<T>(
    root: &Value,
    key: &'static str,
    read: impl FnOnce(&Value) -> Read<T>,
) -> Read<Option<T>> {
    match must(key, root.get(key))? {
        Value::Null => Ok(None),
        value => read(value).map(Some),
    }
}

/// Text that a person wrote: not empty, and without control characters.
fn name(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let is_plain = !text.trim().is_empty() && !text.chars().any(char::is_control);
    is_plain.then(|| text.to_owned())
}

/// Whether a path begins at a root of some system.
fn is_absolute(path: &str) -> bool {
    let is_drive = |path: &str| {
        let mut characters = path.chars();
        characters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
            && characters.next() == Some(':')
            && characters.next().is_some_and(|mark| mark == '\\' || mark == '/')
    };
    path.starts_with('/') || path.starts_with(r"\\") || is_drive(path)
}

fn moment(value: &Value) -> Option<Moment> {
    Moment::read(value.as_str()?)
}

fn parts(value: &Value) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for word in value.as_array()? {
        let part = Part::ALL.into_iter().find(|part| *word == part.word())?;
        if parts.contains(&part) {
            return None;
        }
        parts.push(part);
    }
    Some(parts)
}

fn hash(value: &Value) -> Option<String> {
    digits(value, HASH_DIGITS)
}

fn folder_id(value: &Value) -> Option<String> {
    digits(value, FOLDER_DIGITS)
}

/// Lower-case hexadecimal digits, `count` of them.
fn digits(value: &Value, count: usize) -> Option<String> {
    let text = value.as_str()?;
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == count && text.bytes().all(is_digit)).then(|| text.to_owned())
}

/// Names, each once.
fn terminals(value: &Value) -> Option<Vec<String>> {
    let names: Vec<String> = value.as_array()?.iter().map(name).collect::<Option<_>>()?;
    let is_once = |at: usize| !names[..at].contains(&names[at]);
    (0..names.len()).all(is_once).then_some(names)
}

/// A limit of a policy: whole minutes, `least` or more seconds.
fn limit(value: &Value, least: u64) -> Option<u64> {
    value.as_u64().filter(|limit| (least..=LIMIT_MAX).contains(limit) && limit % 60 == 0)
}

fn policy(value: &Value) -> Read<AppliedPolicy> {
    const HOUR: u64 = 3_600;
    must("policy.sha256", hash(&value["sha256"]))?;
    let consumers = value["consumers"].as_array();
    let consumers = consumers.and_then(|consumers| consumers.iter().map(name).collect());
    Ok(AppliedPolicy {
        acknowledged: must("policy.acknowledged_s", limit(&value["acknowledged_s"], 0))?,
        error: must("policy.error_s", limit(&value["error_s"], 0))?,
        report: must("policy.report_s", limit(&value["report_s"], HOUR))?,
        temporary: must("policy.temporary_s", limit(&value["temporary_s"], HOUR))?,
        unread_delete: optional(value, "unread_delete_s", "policy.unread_delete_s", |value| {
            limit(value, HOUR)
        })?,
        consumers: must("policy.consumers", consumers)?,
    })
}

fn pass(value: &Value) -> Read<Pass> {
    let finished = "last_complete_pass.oldest_finished_s";
    let unread = "last_complete_pass.oldest_unread_s";
    Ok(Pass {
        begin: must("last_complete_pass.begin", moment(&value["begin"]))?,
        end: must("last_complete_pass.end", moment(&value["end"]))?,
        seen: must("last_complete_pass.seen", value["seen"].as_u64())?,
        deleted: must("last_complete_pass.deleted", value["deleted"].as_u64())?,
        kept: must("last_complete_pass.kept", value["kept"].as_u64())?,
        overdue: must("last_complete_pass.overdue", value["overdue"].as_u64())?,
        foreign: must("last_complete_pass.foreign", value["foreign"].as_u64())?,
        alerts: must("last_complete_pass.alerts", value["alerts"].as_u64())?,
        oldest_finished: optional(value, "oldest_finished_s", finished, Value::as_u64)?,
        oldest_unread: optional(value, "oldest_unread_s", unread, Value::as_u64)?,
    })
}

fn passes(value: &Value) -> Read<Passes> {
    let gap = "passes.longest_gap_s";
    Ok(Passes {
        complete: must("passes.complete", value["complete"].as_u64())?,
        stopped: must("passes.stopped", value["stopped"].as_u64())?,
        longest_gap: optional(value, "longest_gap_s", gap, Value::as_u64)?,
    })
}

fn deleted(value: &Value) -> Read<Deleted> {
    Ok(Deleted {
        acknowledged: must("deleted.acknowledged", value["acknowledged"].as_u64())?,
        error: must("deleted.error", value["error"].as_u64())?,
        report: must("deleted.report", value["report"].as_u64())?,
        temporary: must("deleted.temporary", value["temporary"].as_u64())?,
        unread: must("deleted.unread", value["unread"].as_u64())?,
    })
}

fn log(value: &Value) -> Read<Log> {
    Ok(Log {
        first: must("log.first", value["first"].as_u64())?,
        last: must("log.last", value["last"].as_u64())?,
        head: must("log.head", hash(&value["head"]))?,
        breaks: must("log.breaks", value["breaks"].as_u64())?,
        is_verified: must("log.verified", value["verified"].as_bool())?,
    })
}
