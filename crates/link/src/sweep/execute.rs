//! What is done with the files that are due: in a plan they are only examined, otherwise they
//! are deleted, or moved into quarantine, in batches, each announced in the audit log before it
//! is touched.

use std::collections::BTreeMap;
use std::io;
use std::time::Instant;

use super::aside::{self, NoAside};
use super::draft::{Context, is_for_action};
use super::erase::{self, BATCH, Obstacle, Ready};
use super::report::{Cap, Line, Outcome};
use crate::audit::{Entry, Log};
use crate::folder::Folder;
use crate::quarantine;
use crate::retention::{Distrust, Facts, JUMP_MAX, Part, Reason, Rule, SECOND, decide};

/// A line that is due, with its place in the survey.
pub(super) type Due = (usize, Line);

/// What deleting needs.
pub(super) struct Means<'a> {
    pub(super) log: &'a mut Log,
    /// When the pass has to end.
    pub(super) end: Instant,
    /// Set when the clock of the folder's server is not believed.
    pub(super) distrust: Option<Distrust>,
}

/// Examines what is due and changes nothing.
pub(super) fn rehearse(context: &Context<'_>, due: &mut [Due]) {
    let mut usable: BTreeMap<(Part, bool), bool> = BTreeMap::new();
    for (at, line) in due {
        if line.outcome != Outcome::Kept {
            continue;
        }
        let found = &context.survey.files[*at];
        let Some(folder) = context.survey.folder(found) else { continue };
        let place = (line.part, line.is_quarantined);
        if !*usable.entry(place).or_insert_with(|| aside::is_usable(folder)) {
            line.outcome = Outcome::Waiting(Cap::Folder);
        } else if let Some(Ok(_)) = examined(context, folder, *at, line) {
            line.outcome = rehearsed(folder, line);
        }
    }
}

/// Deletes what is due.
///
/// # Errors
/// When the audit log cannot be written: nothing is deleted without a record.
pub(super) fn carry_out(
    context: &Context<'_>,
    due: &mut [Due],
    means: &mut Means<'_>,
) -> io::Result<()> {
    let places = context.survey.parts.iter().map(|(part, folder)| (*part, folder, false));
    let quarantines = &context.survey.quarantines;
    let places = places.chain(quarantines.iter().map(|(part, folder)| (*part, folder, true)));
    for (part, folder, is_quarantined) in places {
        let is_ours = |due: &&mut Due| {
            let line = &due.1;
            let is_here = (line.part, line.is_quarantined) == (part, is_quarantined);
            is_here && line.outcome == Outcome::Kept
        };
        let mut ours: Vec<&mut Due> = due.iter_mut().filter(is_ours).collect();
        if ours.is_empty() {
            continue;
        }
        let aside = match aside::open(folder) {
            Ok(aside) => aside,
            Err(no_aside) => {
                means.log.add(context.clock.now, &no_aside.entry(part));
                ours.iter_mut().for_each(|due| due.1.outcome = Outcome::Waiting(Cap::Folder));
                continue;
            }
        };
        means.distrust = means.distrust.or(offset(aside.offset));
        for batch in ours.chunks_mut(BATCH) {
            let cap = if means.distrust.is_some() {
                Some(Cap::Clock)
            } else {
                (Instant::now() >= means.end).then_some(Cap::Time)
            };
            match cap {
                Some(cap) => {
                    batch.iter_mut().for_each(|due| due.1.outcome = Outcome::Waiting(cap));
                }
                None => batch_out(context, folder, &aside.folder, batch, means)?,
            }
        }
        means.log.write()?;
        aside.close(folder)?;
    }
    Ok(())
}

/// Whether our clock and that of the folder's server are too far apart.
fn offset(by: i128) -> Option<Distrust> {
    (by.abs() > JUMP_MAX).then_some(Distrust::Offset(by / SECOND))
}

fn batch_out(
    context: &Context<'_>,
    folder: &Folder,
    aside: &Folder,
    batch: &mut [&mut Due],
    means: &mut Means<'_>,
) -> io::Result<()> {
    let mut ready: BTreeMap<usize, Ready> = BTreeMap::new();
    for (number, due) in batch.iter_mut().enumerate() {
        let (at, line) = &mut **due;
        // One that is large takes its time to read.
        if number > 0 && Instant::now() >= means.end {
            line.outcome = Outcome::Waiting(Cap::Time);
            continue;
        }
        if let Some(Ok(one)) = examined(context, folder, *at, line) {
            means.log.add(context.clock.now, &intent(context, line, &one));
            ready.insert(number, one);
        }
    }
    means.log.write()?;
    let is_moved =
        |number: &usize, _: &mut Ready| batch[*number].1.decision.reason == Reason::Quarantine;
    let moved: BTreeMap<usize, Ready> = ready.extract_if(.., is_moved).collect();
    put_away(context, folder, batch, moved, means);
    let (numbers, files): (Vec<usize>, Vec<Ready>) = ready.into_iter().unzip();
    let outcomes = erase::erase(folder, aside, &files);
    for ((number, outcome), file) in numbers.into_iter().zip(outcomes).zip(&files) {
        let line = &mut batch[number].1;
        line.outcome = outcome.map_or_else(Outcome::Obstacle, |()| Outcome::Deleted);
        means.log.add(context.clock.now, &result(context, line, file));
    }
    Ok(())
}

/// Moves files into the quarantine of their folder.
fn put_away(
    context: &Context<'_>,
    folder: &Folder,
    batch: &mut [&mut Due],
    files: BTreeMap<usize, Ready>,
    means: &mut Means<'_>,
) {
    if files.is_empty() {
        return;
    }
    let quarantine = quarantine::open_or_make(folder);
    for (number, file) in files {
        let line = &mut batch[number].1;
        line.outcome = match &quarantine {
            Ok(quarantine) => erase::set_aside(folder, quarantine, &file)
                .map_or_else(Outcome::Obstacle, |()| Outcome::Quarantined),
            Err(_) => Outcome::Waiting(Cap::Quarantine),
        };
        means.log.add(context.clock.now, &result(context, line, &file));
    }
    if let Ok(quarantine) = quarantine {
        // The moves hold at once; the disk may only delay them.
        let _ = quarantine.sync();
        let _ = folder.sync();
    }
}

/// What would become of a file.
fn rehearsed(folder: &Folder, line: &Line) -> Outcome {
    if line.decision.reason != Reason::Quarantine {
        return Outcome::Deleted;
    }
    if !quarantine::is_usable(folder) {
        return Outcome::Waiting(Cap::Quarantine);
    }
    let inside = quarantine::open(folder).ok().flatten();
    let is_taken = inside.is_some_and(|inside| !matches!(inside.probe(&line.name), Ok(None)));
    if is_taken { Outcome::Obstacle(Obstacle::Stranded) } else { Outcome::Quarantined }
}

/// Opens and reads one file, and decides again with its content. `None` if the decision is now
/// another one; the line then holds it, and otherwise what is in the way.
fn examined(
    context: &Context<'_>,
    folder: &Folder,
    at: usize,
    line: &mut Line,
) -> Option<Result<Ready, Obstacle>> {
    let found = &context.survey.files[at];
    let ready = match erase::examine(folder, &found.name, &found.identity) {
        Ok(ready) => ready,
        Err(obstacle) => {
            line.outcome = Outcome::Obstacle(obstacle);
            return Some(Err(obstacle));
        }
    };
    // A listing may not know how many names a file has; the open file does.
    let links = ready.identity().links;
    let facts = Facts { links, ..context.facts(found, Some(&ready.digest)) };
    line.decision = decide(context.policy, context.clock, &facts);
    is_for_action(&line.decision).then_some(Ok(ready))
}

fn rule(line: &Line) -> &'static str {
    match line.decision.reason {
        Reason::Due(rule) => Rule::word(rule),
        other => other.word(),
    }
}

/// The record before a file is touched: enough to recognize it after a crash.
fn intent(context: &Context<'_>, line: &Line, ready: &Ready) -> Entry {
    let identity = ready.identity();
    let act = if line.decision.reason == Reason::Quarantine { "quarantine" } else { "aside" };
    about(context, act, line)
        .with("rule", rule(line))
        .with("age_s", line.decision.age)
        .with("size", line.bytes)
        .with("file", format!("{:x}", identity.file))
        .with("modified", identity.modified.to_string())
        .with("sha256", ready.digest.as_str())
}

fn result(context: &Context<'_>, line: &Line, ready: &Ready) -> Entry {
    match line.outcome {
        Outcome::Obstacle(obstacle) => {
            about(context, undone(line), line).with("rule", rule(line)).with("why", obstacle.word())
        }
        Outcome::Waiting(cap) => {
            about(context, undone(line), line).with("rule", rule(line)).with("why", cap.word())
        }
        Outcome::Quarantined => about(context, "quarantined", line)
            .with("rule", rule(line))
            .with("sha256", ready.digest.as_str()),
        _ => about(context, "deleted", line)
            .with("rule", rule(line))
            .with("sha256", ready.digest.as_str()),
    }
}

fn undone(line: &Line) -> &'static str {
    match line.decision.reason {
        Reason::Quarantine => "not-quarantined",
        _ => "not-deleted",
    }
}

/// A record about a file, which it names only by its pseudonym.
pub(super) fn about(context: &Context<'_>, act: &'static str, line: &Line) -> Entry {
    let entry = named(act, context.word, line.part, &context.key.name(&line.name));
    if line.is_quarantined { entry.with("place", "quarantine") } else { entry }
}

/// A record about a file.
pub(super) fn named(act: &'static str, word: &str, part: Part, pseudonym: &str) -> Entry {
    Entry::new(act).with("root", word).with("part", part.word()).with("name", pseudonym)
}

impl NoAside {
    /// The record about it.
    pub(super) fn entry(&self, part: Part) -> Entry {
        let entry = Entry::new("alert").with("part", part.word());
        match self {
            Self::Busy => entry.with("what", "another-sweeper"),
            Self::NotPrivate => entry.with("what", "private-folder-not-private"),
            Self::Io(error) => {
                entry.with("what", "private-folder").with("error", error.kind().to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_between_two_clocks_are_too_many() {
        for by in [301, -301] {
            assert_eq!(offset(by * SECOND), Some(Distrust::Offset(by)));
        }
        assert_eq!(offset(300 * SECOND), None);
    }
}
