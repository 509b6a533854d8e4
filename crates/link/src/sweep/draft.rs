//! From what was found to decisions: the facts about each file, and the order in which those
//! that are due are taken.

use super::erase;
use super::memory::Memory;
use super::report::{Cap, Line, Outcome};
use super::survey::{Found, Survey};
use crate::acknowledge::Acknowledgements;
use crate::archive;
use crate::pseudonym::Key;
use crate::retention::{Clock, Decision, Facts, Policy, Reason, decide};

/// Everything that a decision needs besides the file itself.
pub(super) struct Context<'a> {
    pub(super) policy: &'a Policy,
    pub(super) clock: &'a Clock,
    pub(super) acknowledgements: &'a Acknowledgements,
    pub(super) key: &'a Key,
    /// The word that stands for the folder in the log.
    pub(super) word: &'a str,
    pub(super) memory: &'a Memory,
    pub(super) survey: &'a Survey,
}

/// How many files may be deleted, and what keeps the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Allowance {
    pub(super) files: u64,
    pub(super) cap: Cap,
}

impl Context<'_> {
    /// What is known of a file; with the hash of its content, only acknowledgements of that
    /// content count.
    pub(super) fn facts(&self, found: &Found, sha256: Option<&str>) -> Facts {
        let of = |name| self.acknowledgements.of(self.key, name, sha256);
        let mut acknowledgements = of(&found.name);
        if acknowledgements.is_empty() && !self.acknowledgements.is_empty() {
            // The error answer is another file with another content.
            if let Some(name) = self.survey.also_acknowledged_as(found) {
                acknowledgements = self.acknowledgements.of(self.key, &name, None);
            }
        }
        let seen = self.memory.of(found.part, &found.identity);
        let first_seen = match seen {
            Some(seen) => seen.first,
            // It came after somebody had looked, whatever its own times say.
            None => self.memory.listed.map(|_| self.clock.now),
        };
        Facts {
            class: found.class,
            kind: found.identity.kind,
            links: found.identity.links,
            modified: found.identity.modified,
            changed: found.identity.changed,
            first_seen,
            acknowledgements,
            has_request: self.survey.has_request(found),
            is_quarantined: found.is_quarantined,
        }
    }

    fn line(&self, found: &Found) -> Line {
        // What is larger than any answer is not the content that somebody acknowledged; it costs
        // no reading to know that.
        let is_too_large = found.identity.size > archive::SIZE_MAX_BYTES;
        let mut facts = self.facts(found, is_too_large.then_some(""));
        let mut decision = decide(self.policy, self.clock, &facts);
        if !is_for_action(&decision) && !facts.acknowledgements.is_empty() {
            // What is due is read before it is deleted. What is not due is read here, so that
            // a new content under an acknowledged name is not taken for finished.
            if let Some(sha256) = self.digest(found) {
                facts = self.facts(found, Some(&sha256));
                decision = decide(self.policy, self.clock, &facts);
            }
        }
        let times = [Some(facts.modified), Some(facts.changed), facts.first_seen];
        Line {
            part: found.part,
            is_quarantined: found.is_quarantined,
            name: found.name.clone(),
            bytes: found.identity.size,
            decision,
            outcome: Outcome::Kept,
            since: times.into_iter().flatten().min().unwrap_or(facts.modified),
        }
    }

    /// The hash of the content, if it can be read at all; nothing is deleted on it.
    fn digest(&self, found: &Found) -> Option<String> {
        let folder = self.survey.folder(found)?;
        erase::content(folder, &found.name, &found.identity)
    }
}

/// Whether something is to be done with the file: deleted, or moved into quarantine.
pub(super) fn is_for_action(decision: &Decision) -> bool {
    matches!(decision.reason, Reason::Due(_) | Reason::Quarantine)
}

/// Decides about every file.
///
/// # Shape
/// Those that are due or go into quarantine, by folder, then the oldest first; behind the
/// allowance they are marked as waiting. Then the others, by folder and name. Each line comes
/// with its place in the survey.
pub(super) fn draft(
    context: &Context<'_>,
    allowance: impl FnOnce(u64) -> Allowance,
) -> (Vec<(usize, Line)>, Vec<Line>) {
    let mut due = Vec::new();
    let mut kept = Vec::new();
    for (at, found) in context.survey.files.iter().enumerate() {
        let line = context.line(found);
        if is_for_action(&line.decision) {
            due.push((at, line));
        } else {
            kept.push(line);
        }
    }
    // The sort is stable: files of the same age stay in the order of their names.
    due.sort_by_key(|(_, line)| (line.part, std::cmp::Reverse(line.decision.age)));
    let allowance = allowance(due.len() as u64);
    for (number, (_, line)) in due.iter_mut().enumerate() {
        if number as u64 >= allowance.files {
            line.outcome = Outcome::Waiting(allowance.cap);
        }
    }
    (due, kept)
}
