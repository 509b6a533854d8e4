//! What one pass leaves for the next: the clock, and which files were seen since when. No file
//! name stands in it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;

use crate::folder::{Folder, Identity};
use crate::pseudonym::digest;
use crate::retention::{Anchor, Part, Reading};
use crate::state::replace;

/// LIMIT: largest memory that is read: that of about two million files.
const SIZE_MAX_BYTES: u64 = 256 * 1024 * 1024;
/// First line; the number changes with the form.
const HEAD: &str = "sekisho-link-memory 1";
/// LIMIT: no clock is further from 1970 than this, so that no difference of two moments is more
/// than fits into a number.
const MOMENT_MAX: u128 = 1 << 96;

/// A file that was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    /// Its last change when it was seen. Another file under the same number has another one.
    pub(super) changed: i128,
    /// When it was first seen; `None` if it was there before anybody looked.
    pub(super) first: Option<i128>,
    /// The last decision that was written into the log.
    pub(super) told: u32,
}

/// What the passes before this one knew.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Memory {
    /// The clock at the last pass.
    pub(super) anchor: Option<Anchor>,
    /// When the folder was last listed as a whole.
    pub(super) listed: Option<i128>,
    /// When a pass was last complete.
    pub(super) completed: Option<i128>,
    /// How many files may still be deleted before the user has confirmed; `None` when he has.
    pub(super) budget: Option<u64>,
    /// Number of the last record of the log when it was last complete, and its hash.
    pub(super) head: (u64, String),
    /// Records up to this moment come from a clock that was not believed.
    pub(super) excused: Option<i128>,
    /// When an idle pass was last written into the log.
    pub(super) logged: Option<i128>,
    /// The files.
    pub(super) seen: BTreeMap<(Part, u128), Seen>,
}

/// What was found where the memory is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// Nothing: this is the first pass.
    Nothing,
    /// What the last pass left.
    Memory(Box<Memory>),
    /// Something that no pass left as it is now.
    Damaged,
}

/// Reads the memory.
pub(super) fn read(folder: &Folder, name: &OsStr) -> io::Result<Found> {
    if folder.probe(name)?.is_none() {
        return Ok(Found::Nothing);
    }
    let content = folder.read(name, SIZE_MAX_BYTES)?;
    let text = std::str::from_utf8(&content.bytes).ok();
    let found = text.and_then(Memory::parse);
    Ok(found.map_or(Found::Damaged, |memory| Found::Memory(Box::new(memory))))
}

/// The number and the hash of the last record that each memory in a state folder knows of. The
/// audit log has at least these.
///
/// # Errors
/// When the state folder cannot be read.
pub(super) fn heads(folder: &Folder) -> io::Result<Vec<(u64, String)>> {
    let mut heads = Vec::new();
    for name in folder.list()?.names {
        if !name.as_encoded_bytes().starts_with(b"memory-") {
            continue;
        }
        if let Found::Memory(memory) = read(folder, &name)? {
            heads.push(memory.head);
        }
    }
    Ok(heads)
}

/// Replaces the memory as a whole.
pub(super) fn write(folder: &Folder, name: &OsStr, memory: &Memory) -> io::Result<()> {
    replace(folder, name, memory.text().as_bytes())
}

impl Memory {
    /// What is remembered of this very file.
    pub(super) fn of(&self, part: Part, identity: &Identity) -> Option<&Seen> {
        let seen = self.seen.get(&(part, identity.file));
        seen.filter(|seen| seen.changed == identity.changed)
    }

    fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        if let Some(Anchor { reading, floor }) = &self.anchor {
            let Reading { wall, counter, boot } = reading;
            text += &format!("clock {wall} {counter} {floor} {boot}\n");
        }
        for (key, moment) in [
            ("listed", self.listed),
            ("completed", self.completed),
            ("logged", self.logged),
            ("excused", self.excused),
        ] {
            if let Some(moment) = moment {
                text += &format!("{key} {moment}\n");
            }
        }
        if let Some(budget) = self.budget {
            text += &format!("budget {budget}\n");
        }
        text += &format!("head {} {}\n", self.head.0, self.head.1);
        for ((part, file), seen) in &self.seen {
            let first = seen.first.map_or("-".to_owned(), |first| first.to_string());
            let Seen { changed, told, .. } = seen;
            text += &format!("{} {file} {changed} {first} {told}\n", part.word());
        }
        let sum = digest(text.as_bytes());
        text + &format!("sum {sum}\n")
    }

    fn parse(text: &str) -> Option<Self> {
        let (body, sum) = text.strip_suffix('\n')?.rsplit_once("\nsum ")?;
        let body = text.get(..body.len() + 1)?;
        (digest(body.as_bytes()) == sum).then_some(())?;
        let mut lines = body.lines();
        (lines.next() == Some(HEAD)).then_some(())?;
        let mut memory = Self::default();
        for line in lines {
            memory.line(&line.split(' ').collect::<Vec<_>>())?;
        }
        Some(memory)
    }

    fn line(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["clock", wall, counter, floor, boot] => {
                let reading = Reading {
                    wall: moment(wall)?,
                    counter: moment(counter)?,
                    boot: (*boot).to_owned(),
                };
                self.anchor = Some(Anchor { reading, floor: moment_or_ever(floor)? });
            }
            ["listed", listed] => self.listed = Some(moment_or_ever(listed)?),
            ["completed", completed] => self.completed = Some(moment(completed)?),
            ["logged", logged] => self.logged = Some(moment(logged)?),
            ["excused", excused] => self.excused = Some(moment_or_ever(excused)?),
            ["budget", budget] => self.budget = Some(budget.parse().ok()?),
            ["head", number, hash] => self.head = (number.parse().ok()?, (*hash).to_owned()),
            [part, file, changed, first, told] => {
                let part = Part::ALL.into_iter().find(|known| known.word() == *part)?;
                let first = if *first == "-" { None } else { Some(moment(first)?) };
                let seen = Seen { changed: moment(changed)?, first, told: told.parse().ok()? };
                self.seen.insert((part, file.parse().ok()?), seen);
            }
            _ => return None,
        }
        Some(())
    }
}

/// A moment, or a time that a clock counts.
fn moment(text: &str) -> Option<i128> {
    text.parse().ok().filter(|moment: &i128| moment.unsigned_abs() < MOMENT_MAX)
}

/// A moment, or the one before all others.
fn moment_or_ever(text: &str) -> Option<i128> {
    if text.parse() == Ok(i128::MIN) { Some(i128::MIN) } else { moment(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_no_clock_shows_is_damage() {
        for far in [i128::MAX, i128::MIN, 1 << 97, -(1 << 97)] {
            let memory = Memory { completed: Some(far), ..Memory::default() };
            assert_eq!(Memory::parse(&memory.text()), None, "{far}");
        }
        // Where it says that it was always so, it is a moment.
        let memory = Memory { listed: Some(i128::MIN), ..Memory::default() };
        assert_eq!(Memory::parse(&memory.text()), Some(memory));
    }

    #[test]
    fn what_is_written_is_read_and_a_changed_byte_is_noticed() {
        let reading = Reading { wall: 5, counter: 3, boot: "b".to_owned() };
        let mut memory = Memory {
            anchor: Some(Anchor { reading, floor: i128::MIN }),
            listed: Some(4),
            budget: Some(200),
            ..Memory::default()
        };
        let seen = Seen { changed: -7, first: None, told: 9 };
        memory.seen.insert((Part::Face, u128::MAX), seen);
        memory.seen.insert((Part::Response, 1), Seen { first: Some(8), ..seen });
        let text = memory.text();
        assert_eq!(Memory::parse(&text), Some(memory));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let changed = String::from_utf8(bytes).expect("one bit of ASCII");
            assert_eq!(Memory::parse(&changed), None, "byte {at}");
        }
    }
}
