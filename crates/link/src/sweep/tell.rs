//! What a pass writes into the audit log besides the deletions: each file that it keeps, when
//! it is first kept and whenever the reason changes, and the pass itself.

use std::collections::BTreeMap;
use std::path::Path;

use super::draft::Context;
use super::execute::{Due, about};
use super::memory::Seen;
use super::report::{Line, Outcome, Report};
use crate::audit::{Entry, Log};
use crate::moment;
use crate::pseudonym::digest;
use crate::retention::{Part, Policy, Rule};

/// Writes what is new, and returns what is to be remembered of each file that is still there.
pub(super) fn decisions(
    context: &Context<'_>,
    due: &[Due],
    kept: &[Line],
    log: &mut Log,
) -> BTreeMap<(Part, u128), Seen> {
    let mut of_due: BTreeMap<usize, &Line> = due.iter().map(|(at, line)| (*at, line)).collect();
    let mut kept = kept.iter();
    let mut seen = BTreeMap::new();
    for (at, found) in context.survey.files.iter().enumerate() {
        // INVARIANT: the survey's order is that of `kept`, with the due ones taken out.
        let Some(line) = of_due.remove(&at).or_else(|| kept.next()) else { break };
        if matches!(line.outcome, Outcome::Deleted | Outcome::Quarantined) {
            continue;
        }
        let known = context.memory.of(found.part, &found.identity);
        let told = told(line);
        if known.is_none_or(|known| known.told != told) {
            log.add(context.clock.now, &decision(context, line));
        }
        let first = match known {
            Some(known) => known.first,
            None => context.memory.listed.map(|_| context.clock.now),
        };
        let changed = found.identity.changed;
        seen.insert((found.part, found.identity.file), Seen { changed, first, told });
    }
    seen
}

fn decision(context: &Context<'_>, line: &Line) -> Entry {
    let entry = about(context, "keep", line)
        .with("reason", line.decision.reason.word())
        .with("age_s", line.decision.age)
        .with("size", line.bytes);
    match line.outcome {
        Outcome::Obstacle(obstacle) => entry.with("why", obstacle.word()),
        Outcome::Waiting(cap) => entry.with("why", cap.word()),
        Outcome::Kept | Outcome::Deleted | Outcome::Quarantined => entry,
    }
}

/// A number that changes when there is something new to tell. It is compared, never shown.
fn told(line: &Line) -> u32 {
    let why = match line.outcome {
        Outcome::Obstacle(obstacle) => obstacle.word(),
        Outcome::Waiting(cap) => cap.word(),
        Outcome::Kept | Outcome::Deleted | Outcome::Quarantined => "",
    };
    let words = format!("{} {why}", line.decision.reason.word());
    let first = digest(words.as_bytes());
    first.get(..8).and_then(|first| u32::from_str_radix(first, 16).ok()).unwrap_or_default()
}

/// The record about a whole pass; the evidence is made of these.
pub(super) fn pass(report: &Report, policy: &Policy, root: &Path, word: &str) -> Entry {
    let totals = report.totals();
    let deleted: u64 = totals.deleted.values().sum();
    let parts: Vec<&str> = report.parts.iter().map(|part| part.word()).collect();
    let mut rules = serde_json::Map::new();
    let mut limits = serde_json::Map::new();
    for rule in Rule::ALL {
        let count = totals.deleted.get(&rule).copied().unwrap_or_default();
        rules.insert(rule.word().to_owned(), count.into());
        limits.insert(rule.word().to_owned(), policy.limit(rule).into());
    }
    Entry::new("pass")
        .with("root", word)
        .with("begin", moment::written(report.clock.now))
        .with("folder", root.to_string_lossy().as_ref())
        .with("parts", parts)
        .with("policy", digest(policy.canonical().as_bytes()))
        .with("limits_s", limits)
        .with("consumers", policy.consumers.clone())
        .with("complete", report.is_complete)
        .with("stopped", report.clock.distrust.map(|distrust| distrust.word()))
        .with("clock_s", report.clock.distrust.map(|distrust| distrust.seconds().to_string()))
        .with("seen", totals.seen)
        .with("deleted", deleted)
        .with("by_rule", rules)
        .with("overdue", totals.overdue)
        .with("quarantined", totals.quarantined)
        .with("foreign", totals.foreign)
        .with("alerts", totals.alerts)
        .with("oldest_finished_s", totals.oldest_finished)
        .with("oldest_unread_s", totals.oldest_unread)
}
