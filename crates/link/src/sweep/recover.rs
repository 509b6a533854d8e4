//! Tidying up after a pass that did not come to its end: what stands aside is deleted if the
//! audit log says that it was to be deleted and it is still the same; otherwise it gets its
//! name back.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io;

use super::aside::{self, Aside, NoAside};
use super::erase::{self, Obstacle};
use super::execute::named;
use super::report::{Recovered, Recovery};
use crate::audit::{self, Entry, Log, Record};
use crate::folder::{Folder, Identity, Kind};
use crate::name::Name;
use crate::quarantine;
use crate::retention::Part;
use crate::state::State;

/// What the log says about a file that was moved aside.
struct Intent {
    file: String,
    size: u64,
    modified: String,
    sha256: String,
    rule: String,
}

impl Intent {
    fn read(record: &Record) -> Option<Self> {
        Some(Self {
            file: record.text("file").to_owned(),
            size: record.number_of("size")?,
            modified: record.text("modified").to_owned(),
            sha256: record.text("sha256").to_owned(),
            rule: record.text("rule").to_owned(),
        })
    }

    fn fits(&self, identity: &Identity, sha256: &str) -> bool {
        self.file == format!("{:x}", identity.file)
            && self.size == identity.size
            && self.modified == identity.modified.to_string()
            && self.sha256 == sha256
            && identity.links == 1
    }
}

/// The log tells the end of everything that was announced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Closed;

type Intents = BTreeMap<(String, String), Intent>;

/// Tidies up in every hand-over folder.
///
/// # Errors
/// When a folder or the audit log cannot be used.
pub(super) fn recover(
    root: &Folder,
    state: &State,
    word: &str,
    log: &mut Log,
    now: i128,
) -> io::Result<Vec<Recovered>> {
    let mut recovered = Vec::new();
    let mut intents = None;
    for part in Part::ALL {
        let Ok(folder) = root.child(part.word()) else { continue };
        // One that cannot be opened is told by the survey.
        let quarantine = quarantine::open(&folder).ok().flatten();
        for folder in [Some(folder), quarantine].into_iter().flatten() {
            recovered.extend(in_folder(part, &folder, &mut intents, state, word, log, now)?);
        }
    }
    Ok(recovered)
}

/// Tidies up in one folder.
fn in_folder(
    part: Part,
    folder: &Folder,
    intents: &mut Option<Intents>,
    state: &State,
    word: &str,
    log: &mut Log,
    now: i128,
) -> io::Result<Vec<Recovered>> {
    let mut recovered = Vec::new();
    if !aside::is_there(folder)? {
        return Ok(recovered);
    }
    let aside = match aside::open(folder) {
        Ok(aside) => aside,
        // Another sweeper looks after its own; a folder that is not private is nobody's.
        Err(NoAside::Busy) => return Ok(recovered),
        Err(no_aside) => {
            log.add(now, &no_aside.entry(part));
            log.write()?;
            return Ok(recovered);
        }
    };
    {
        for name in aside.leftovers()? {
            if intents.is_none() {
                *intents = Some(read_intents(&state.folder, word)?);
            }
            let pseudonym = state.key.name(&name);
            let place = (part.word().to_owned(), pseudonym.clone());
            let intent = intents.as_ref().and_then(|intents| intents.get(&place));
            if intent.is_none() && is_trial(&aside, &name) && aside.folder.remove(&name).is_ok() {
                continue;
            }
            let outcome = one(folder, &aside, &name, intent);
            let entry = named("recovered", word, part, &pseudonym);
            let entry = match outcome {
                Ok(Recovery::Deleted) => {
                    let rule = intent.map_or("", |intent| &intent.rule);
                    entry.with("result", "deleted").with("rule", rule)
                }
                Ok(Recovery::PutBack) => entry.with("result", "put-back"),
                Ok(Recovery::Gone) => entry.with("result", "gone"),
                Err(obstacle) => entry.with("result", "left-aside").with("why", obstacle.word()),
            };
            log.add(now, &entry);
            recovered.push(Recovered { part, name, outcome });
        }
        log.write()?;
        aside.close(folder)?;
    }
    Ok(recovered)
}

/// Writes down the end of what a pass announced and, because it was interrupted, did not write
/// down: a file that stands nowhere any more was deleted. `None` beside them says that of some it
/// cannot be told yet.
///
/// # Errors
/// When a folder or the audit log cannot be used.
pub(super) fn close(
    root: &Folder,
    state: &State,
    word: &str,
    log: &mut Log,
    now: i128,
) -> io::Result<(Vec<Recovered>, Option<Closed>)> {
    let mut closed = Vec::new();
    let mut all = Some(Closed);
    let intents = read_intents(&state.folder, word)?;
    for part in Part::ALL {
        let of_part = |(place, _): &(&(String, String), &Intent)| place.0 == part.word();
        let ours: Vec<_> = intents.iter().filter(of_part).collect();
        if ours.is_empty() {
            continue;
        }
        let Ok(folder) = root.child(part.word()) else {
            all = None;
            continue;
        };
        let quarantine = quarantine::open(&folder).ok().flatten();
        let mut there = BTreeSet::new();
        let mut is_known = true;
        for folder in [Some(folder), quarantine].into_iter().flatten() {
            // What stands aside belongs to whoever tidies up there.
            is_known &= !aside::is_there(&folder)?;
            let names = folder.list()?.names;
            there.extend(names.iter().map(|name| state.key.name(name)));
        }
        all = all.filter(|_| is_known);
        for ((_, pseudonym), intent) in ours.into_iter().filter(|_| is_known) {
            let is_there = there.contains(pseudonym);
            let entry = named("recovered", word, part, pseudonym);
            log.add(
                now,
                &match is_there {
                    true => entry.with("result", "untouched"),
                    false => entry.with("result", "gone").with("rule", intent.rule.as_str()),
                },
            );
            if !is_there {
                let (name, outcome) = (OsString::from(pseudonym), Ok(Recovery::Gone));
                closed.push(Recovered { part, name, outcome });
            }
        }
    }
    if !closed.is_empty() {
        // It left no record of its own.
        let files = closed.len();
        log.add(now, &Entry::new("interrupted").with("root", word).with("files", files));
    }
    log.write()?;
    Ok((closed, all))
}

/// True for the empty file that a pass makes in the private folder to compare the clocks. What was
/// moved there was announced before, whatever its name.
fn is_trial(aside: &Aside, name: &OsStr) -> bool {
    let is_empty = || {
        let found = aside.folder.probe(name).ok().flatten();
        found.is_some_and(|found| found.kind == Kind::File && found.size == 0)
    };
    matches!(Name::parse(name), Name::Temporary(_)) && is_empty()
}

/// What the log announced and of which it does not tell the end.
fn read_intents(state: &Folder, word: &str) -> io::Result<Intents> {
    let mut intents = Intents::new();
    audit::each(state, |record| {
        if record.text("root") != word {
            return;
        }
        let place = (record.text("part").to_owned(), record.text("name").to_owned());
        match record.act.as_str() {
            "aside" => {
                if let Some(intent) = Intent::read(record) {
                    intents.insert(place, intent);
                }
            }
            "deleted" | "not-deleted" | "recovered" => {
                intents.remove(&place);
            }
            _ => {}
        }
    })?;
    Ok(intents)
}

fn one(
    folder: &Folder,
    aside: &Aside,
    name: &OsStr,
    intent: Option<&Intent>,
) -> Result<Recovery, Obstacle> {
    let back = || erase::put_back(folder, &aside.folder, name).map(|()| Recovery::PutBack);
    let Ok(Some(identity)) = aside.folder.probe(name) else { return Err(Obstacle::Gone) };
    let Some(intent) = intent else { return back() };
    let Ok(ready) = erase::examine(&aside.folder, name, &identity) else { return back() };
    if !intent.fits(ready.identity(), &ready.digest) {
        return back();
    }
    // What is held open alone cannot be deleted by its name.
    drop(ready);
    match aside.folder.remove(name) {
        Ok(()) => Ok(Recovery::Deleted),
        Err(_) => back(),
    }
}
