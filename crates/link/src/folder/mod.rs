//! A folder that is held open by a handle: everything is done relative to the handle, so that
//! a renamed path, a link or a mount in between leads nowhere else.
//!
//! Only files directly in the folder are touched; nothing is followed and nothing is walked.
//! What the operating system does stands in one module for each system, over one type
//! `Handle`: `open_root`, `open_child`, `open_file`, `open_growing`, `open_or_create`,
//! `create_new`, `stat`, `stat_open`, `rename_new`, `remove`, `make_folder`, `remove_folder`,
//! `is_private`, `is_writable`, `list`, `look`, `sync` and `is_leaf`.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(target_os = "linux")]
pub(crate) use linux::Reach;
#[cfg(windows)]
use windows as platform;
#[cfg(windows)]
pub(crate) use windows::open_alone;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use diag::{refused, text};

use crate::name;

/// Most names that one listing reads. LIMIT: a folder with more is reported as [`Listing`]
/// `is_cut`.
pub const LISTING_MAX: usize = 1_000_000;
/// Attempts to find a free temporary name. LIMIT: two equal ones of 64 random bits do not
/// happen unless somebody else makes them.
const TEMPORARY_ATTEMPTS: usize = 8;

/// What a name in a folder leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, a junction or another reparse point.
    Link,
    /// A device, a pipe or a socket.
    Other,
}

/// Which file it is and what state it is in.
///
/// # Units
/// Times in nanoseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The volume.
    pub volume: u64,
    /// The file on the volume.
    pub file: u128,
    /// What it is.
    pub kind: Kind,
    /// Bytes.
    pub size: u64,
    /// When the content was last changed.
    pub modified: i128,
    /// When anything about the file was last changed.
    pub changed: i128,
    /// How many names it has.
    pub links: u64,
}

impl Identity {
    /// True if both are the same file, whatever happened to it.
    #[must_use]
    pub fn is_same_file(&self, other: &Self) -> bool {
        (self.volume, self.file) == (other.volume, other.file)
    }

    /// True if both are the same file in the same state, however many names it has.
    #[must_use]
    pub fn is_same_state(&self, other: &Self) -> bool {
        *self == Self { links: self.links, ..*other }
    }
}

/// The names in a folder.
///
/// # Shape
/// Ascending; without `.` and `..`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// The names.
    pub names: Vec<OsString>,
    /// True if there are more than [`LISTING_MAX`].
    pub is_cut: bool,
}

/// What stands in a folder.
///
/// # Shape
/// Ascending by name; without `.` and `..`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inventory {
    /// The names, and what stands under them.
    pub entries: Vec<(OsString, Identity)>,
    /// True if there are more than [`LISTING_MAX`].
    pub is_cut: bool,
}

/// The content of a file, and which file it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The file, as it was after the last byte had been read.
    pub identity: Identity,
}

/// A folder held open.
#[derive(Debug)]
pub struct Folder {
    handle: platform::Handle,
    path: PathBuf,
    pinned: Identity,
}

impl Folder {
    /// Opens the folder at `path` and remembers which folder it is.
    ///
    /// # Errors
    /// When it is not there, is no folder, or any part of the path is a link.
    pub fn open(path: &Path) -> io::Result<Self> {
        let handle = platform::open_root(path)?;
        Self::new(handle, path.to_owned())
    }

    fn new(handle: platform::Handle, path: PathBuf) -> io::Result<Self> {
        let pinned = platform::stat_open(&handle)?;
        Ok(Self { handle, path, pinned })
    }

    /// Opens a folder directly inside.
    ///
    /// # Errors
    /// When it is not there, is no folder, is a link, or lies on another volume.
    pub fn child(&self, name: &str) -> io::Result<Self> {
        check_leaf(OsStr::new(name))?;
        let handle = platform::open_child(&self.handle, OsStr::new(name))?;
        Self::new(handle, self.path.join(name))
    }

    /// Opens a folder directly inside, and makes it where it is missing; only its owner may
    /// look into the new one.
    ///
    /// # Errors
    /// As [`Folder::child`], and when it cannot be made.
    pub fn child_or_new(&self, name: &str) -> io::Result<Self> {
        check_leaf(OsStr::new(name))?;
        match platform::make_folder(&self.handle, OsStr::new(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.child(name),
        }
    }

    /// Where it was opened; for people to read, never to open something.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which folder it is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.pinned
    }

    /// True if the path still leads to this folder: it was neither replaced nor remounted.
    #[must_use]
    pub fn is_still_there(&self) -> bool {
        let again = platform::open_root(&self.path).and_then(|handle| platform::stat_open(&handle));
        again.is_ok_and(|again| again.is_same_file(&self.pinned))
    }

    /// What stands under exactly this name; `None` if nothing does. The folder is not listed,
    /// so the cost does not depend on how many other files there are.
    ///
    /// # Errors
    /// When the folder cannot be asked.
    pub fn probe(&self, name: &OsStr) -> io::Result<Option<Identity>> {
        check_leaf(name)?;
        #[cfg(test)]
        asked::PROBES.set(asked::PROBES.get() + 1);
        platform::stat(&self.handle, name)
    }

    /// Opens a plain file for reading. On Windows this fails while a writer holds it open.
    ///
    /// # Errors
    /// When it is not there, is no plain file, is a link, or is held by somebody.
    pub fn open_file(&self, name: &OsStr) -> io::Result<(File, Identity)> {
        check_leaf(name)?;
        plain(platform::open_file(&self.handle, name)?)
    }

    /// As [`Folder::open_file`], also while a writer holds it open: for files of our own, which
    /// show by themselves what is whole.
    ///
    /// # Errors
    /// When it is not there, is no plain file, or is a link.
    pub fn open_growing(&self, name: &OsStr) -> io::Result<(File, Identity)> {
        check_leaf(name)?;
        plain(platform::open_growing(&self.handle, name)?)
    }

    /// Reads a whole file of at most `limit` bytes; a longer one costs no memory.
    ///
    /// # Errors
    /// As [`Folder::open_file`], and `FileTooLarge` when it is longer.
    pub fn read(&self, name: &OsStr, limit: u64) -> io::Result<Content> {
        let (file, before) = self.open_file(name)?;
        if before.size > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        // One byte more, so that a file that grew meanwhile is noticed.
        (&file).take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Content { bytes, identity: platform::stat_open(&file)? })
    }

    /// Every name in the folder. What a client does all the time is [`Folder::probe`].
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> io::Result<Listing> {
        #[cfg(test)]
        asked::LISTINGS.set(asked::LISTINGS.get() + 1);
        let mut names = platform::list(&self.handle, LISTING_MAX + 1)?;
        let is_cut = names.len() > LISTING_MAX;
        names.truncate(LISTING_MAX);
        names.sort_unstable();
        Ok(Listing { names, is_cut })
    }

    /// Every name in the folder with what stands under it, in as few questions as the system
    /// has. No file is opened. On a share it is what the server told within the last second,
    /// and [`Identity::links`] may be too small there and on Windows: look again with the file
    /// open before anything depends on it.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn look(&self) -> io::Result<Inventory> {
        let mut entries = platform::look(&self.handle, LISTING_MAX + 1)?;
        let is_cut = entries.len() > LISTING_MAX;
        entries.truncate(LISTING_MAX);
        entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Ok(Inventory { entries, is_cut })
    }

    /// Makes a file that was not there, for writing; only its owner and group may look into it.
    ///
    /// # Errors
    /// `AlreadyExists` when something stands under the name.
    pub fn create_new(&self, name: &OsStr) -> io::Result<File> {
        check_leaf(name)?;
        platform::create_new(&self.handle, name)
    }

    /// Opens a plain file for reading and writing, and makes it where it is missing.
    ///
    /// # Errors
    /// When it is no plain file, or is a link.
    pub fn open_or_create(&self, name: &OsStr) -> io::Result<File> {
        check_leaf(name)?;
        let file = platform::open_or_create(&self.handle, name)?;
        if platform::stat_open(&file)?.kind == Kind::File { Ok(file) } else { Err(not_plain()) }
    }

    /// Makes the file appear under `name` at once and whole: a temporary file in the same
    /// folder, written through to the disk, renamed. Nothing is ever replaced.
    ///
    /// # Errors
    /// `AlreadyExists` when something stands under the name; the temporary file is then gone.
    pub fn publish(&self, name: &OsStr, bytes: &[u8]) -> io::Result<()> {
        check_leaf(name)?;
        let (temporary, mut file) = self.create_temporary()?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        drop(file);
        let moved = written.and_then(|()| self.rename_new(&temporary, self, name));
        if moved.is_err() {
            // What went wrong before is what the caller has to hear.
            let _ = self.remove(&temporary);
        }
        moved?;
        self.sync()
    }

    /// A new temporary file and its name.
    ///
    /// # Errors
    /// When the folder does not take a new file.
    pub fn create_temporary(&self) -> io::Result<(OsString, File)> {
        for _ in 0..TEMPORARY_ATTEMPTS {
            let name = OsString::from(name::temporary(random()?));
            match platform::create_new(&self.handle, &name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => return other.map(|file| (name, file)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Moves a file that nobody else touches under its old name; never over another one.
    ///
    /// # Errors
    /// `AlreadyExists` when something stands under the new name.
    pub fn rename_new(&self, from: &OsStr, to_folder: &Self, to: &OsStr) -> io::Result<()> {
        check_leaf(from)?;
        check_leaf(to)?;
        platform::rename_new(&self.handle, from, &to_folder.handle, to)
    }

    /// Moves whatever stands under a name into a folder that nobody else uses.
    ///
    /// # Errors
    /// `AlreadyExists` when something stands under the new name.
    #[cfg(target_os = "linux")]
    pub(crate) fn take(&self, from: &OsStr, to_folder: &Self, to: &OsStr) -> io::Result<()> {
        check_leaf(from)?;
        check_leaf(to)?;
        platform::take(&self.handle, from, &to_folder.handle, to)
    }

    /// Moves whatever stands under a name into a folder that nobody else uses, under that name.
    ///
    /// # Errors
    /// `AlreadyExists` when something stands under the name there.
    pub(crate) fn take_into(&self, name: &OsStr, to_folder: &Self) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        return self.take(name, to_folder, name);
        // The handle that is renamed there is the file, whatever becomes of its name.
        #[cfg(windows)]
        self.rename_new(name, to_folder, name)
    }

    /// Who else may use the folder without this machine's knowledge.
    #[cfg(target_os = "linux")]
    pub(crate) fn reach(&self) -> Reach {
        self.handle.reach()
    }

    /// Takes a name away; a link is taken away itself.
    ///
    /// # Errors
    /// When it is not there, is a folder, or is held by somebody.
    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        check_leaf(name)?;
        platform::remove(&self.handle, name)
    }

    /// Which file an open file is, and what state it is in.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn identity_of(file: &File) -> io::Result<Identity> {
        platform::stat_open(file)
    }

    /// True if it is our own folder and nobody else may write into it.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn is_private(&self) -> io::Result<bool> {
        platform::is_private(&self.handle)
    }

    /// True unless the system says that we may not make or take away anything in it.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        platform::is_writable(&self.handle)
    }

    /// Takes an empty folder directly inside away.
    ///
    /// # Errors
    /// When it is not there, is no folder, or something stands in it.
    pub fn remove_folder(&self, name: &str) -> io::Result<()> {
        check_leaf(OsStr::new(name))?;
        platform::remove_folder(&self.handle, OsStr::new(name))
    }

    /// Waits until names that were made, moved or taken away are on the disk.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn sync(&self) -> io::Result<()> {
        platform::sync(&self.handle)
    }

    /// The open handle, for the calls of Windows that delete through one.
    #[cfg(windows)]
    pub(crate) fn handle(&self) -> &platform::Handle {
        &self.handle
    }
}

/// Refuses what is not the name of something directly inside a folder.
fn check_leaf(name: &OsStr) -> io::Result<()> {
    if platform::is_leaf(name) {
        Ok(())
    } else {
        let what = text!(
            ja: "そのままのファイル名ではありません", en: "not a plain file name",
        );
        Err(refused(io::ErrorKind::InvalidFilename, what))
    }
}

fn plain(file: File) -> io::Result<(File, Identity)> {
    let identity = platform::stat_open(&file)?;
    if identity.kind == Kind::File { Ok((file, identity)) } else { Err(not_plain()) }
}

fn not_plain() -> io::Error {
    let what = text!(
        ja: "普通のファイルではありません（フォルダー、リンク、パイプなど）",
        en: "not a plain file (a folder, a link, a pipe)",
    );
    refused(io::ErrorKind::InvalidInput, what)
}

/// Sixty-four bits that nobody can guess.
///
/// # Errors
/// When the system has none.
pub fn random() -> io::Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u64::from_le_bytes(bytes))
}

/// How often the folders of this thread were asked, for tests that count work.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::Cell;

    thread_local! {
        pub(crate) static PROBES: Cell<u64> = const { Cell::new(0) };
        pub(crate) static LISTINGS: Cell<u64> = const { Cell::new(0) };
    }
}
