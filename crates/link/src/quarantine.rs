//! The quarantine: a private folder `.quarantine` inside a hand-over folder, for files that
//! must not be taken for anybody's result and that nobody may delete without a look. Moving
//! there is one rename on the same volume, so that nothing is ever copied or half done.
//!
//! The client moves doubtful answers to its own requests there, the sweeper results that nobody
//! acknowledged for too long. The folder belongs to whoever runs them; where it cannot be made,
//! or others may write into it, the file stays where it is, and that is told.

use std::ffi::OsStr;
use std::io;

use crate::folder::{Folder, Identity, Kind};

/// Its name.
pub const FOLDER: &str = ".quarantine";

/// What became of a doubtful file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Placing {
    /// It stands in quarantine.
    Moved,
    /// It stays where it was.
    Kept(Why),
}

/// Why a file is not moved into quarantine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// The folder exists, and is not ours alone.
    NotPrivate,
    /// The system refuses: no right to make the folder or to move the file, or another volume.
    Refused,
    /// Somebody has the file open.
    Open,
    /// It is no plain file.
    NotPlain,
    /// It went away or is another file by now.
    Changed,
    /// The quarantine has a file of this name already.
    NameTaken,
}

impl Why {
    /// The word for it in output for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotPrivate => "not-private",
            Self::Refused => "refused",
            Self::Open => "open",
            Self::NotPlain => "not-a-plain-file",
            Self::Changed => "changed",
            Self::NameTaken => "name-taken",
        }
    }
}

/// The quarantine of a hand-over folder; `None` if it has none.
///
/// # Errors
/// When something stands under its name that cannot be opened: a link, a file, a folder of
/// somebody else.
pub fn open(part: &Folder) -> io::Result<Option<Folder>> {
    if part.probe(OsStr::new(FOLDER))?.is_none() {
        return Ok(None);
    }
    match part.child(FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// The quarantine of a hand-over folder, made where it is missing.
///
/// # Errors
/// When it cannot be made, or somebody else may write into it.
pub fn open_or_make(part: &Folder) -> Result<Folder, Why> {
    let folder = part.child_or_new(FOLDER).map_err(|_| Why::Refused)?;
    match folder.is_private() {
        Ok(true) => Ok(folder),
        Ok(false) => Err(Why::NotPrivate),
        Err(_) => Err(Why::Refused),
    }
}

/// Moves the file that was seen under `name` into quarantine. If another one was moved in its
/// stead, because somebody replaced it in that moment, that one gets its name back.
#[must_use]
pub fn put(part: &Folder, name: &OsStr, seen: &Identity) -> Placing {
    match attempt(part, name, seen) {
        Ok(()) => Placing::Moved,
        Err(why) => Placing::Kept(why),
    }
}

fn attempt(part: &Folder, name: &OsStr, seen: &Identity) -> Result<(), Why> {
    if seen.kind != Kind::File {
        return Err(Why::NotPlain);
    }
    let there = part.probe(name).ok().flatten().ok_or(Why::Changed)?;
    if there != *seen {
        return Err(Why::Changed);
    }
    if crate::sweep::is_open(part, name) {
        return Err(Why::Open);
    }
    let mut folder = open_or_make(part)?;
    let mut outcome = moved(part.take_into(name, &folder));
    if outcome == Err(Why::Changed) && part.probe(name).ok().flatten() == Some(there) {
        // A pass of the sweeper took the empty folder away in that moment.
        folder = open_or_make(part)?;
        outcome = moved(part.take_into(name, &folder));
    }
    outcome?;
    let arrived = folder.probe(name).ok().flatten();
    let is_same = arrived.is_some_and(|arrived| {
        arrived.is_same_file(seen) && (arrived.size, arrived.modified) == (seen.size, seen.modified)
    });
    if is_same {
        // The move holds at once; that it survives a power cut is what the disk may refuse.
        let _ = folder.sync().and_then(|()| part.sync());
        return Ok(());
    }
    // INVARIANT: nothing is lost either way: if its name is taken again, it stays in quarantine.
    moved(folder.rename_new(name, part, name))?;
    Err(Why::Changed)
}

/// Whether files could be moved into the quarantine of a folder, as far as can be told without
/// making it.
#[must_use]
pub fn is_usable(part: &Folder) -> bool {
    match open(part) {
        Ok(Some(folder)) => folder.is_private().unwrap_or(false),
        Ok(None) => true,
        Err(_) => false,
    }
}

/// Takes the folder away if nothing stands in it.
///
/// # Errors
/// When something does, or the system refuses.
pub fn take_away(part: &Folder) -> io::Result<()> {
    part.remove_folder(FOLDER)
}

/// Gives a file of the quarantine its place in the hand-over folder again.
///
/// # Errors
/// When the name is taken there by now, or the system refuses.
pub fn release(part: &Folder, name: &OsStr) -> Result<(), Why> {
    let folder = open(part).map_err(|_| Why::Refused)?.ok_or(Why::Changed)?;
    let there = folder.probe(name).ok().flatten().ok_or(Why::Changed)?;
    if there.kind != Kind::File {
        return Err(Why::NotPlain);
    }
    moved(folder.rename_new(name, part, name))
}

fn moved(outcome: io::Result<()>) -> Result<(), Why> {
    outcome.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Why::NameTaken,
        io::ErrorKind::NotFound => Why::Changed,
        _ if error.raw_os_error() == Some(SHARING_VIOLATION) && cfg!(windows) => Why::Open,
        _ => Why::Refused,
    })
}

/// Windows: somebody holds the file without sharing its deletion.
const SHARING_VIOLATION: i32 = 32;
