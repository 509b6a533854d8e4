//! The private folder `.sweep` inside a hand-over folder: files stand there between being
//! moved aside and being deleted. Whoever holds its lock is the only sweeper of the folder.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};

use crate::folder::Folder;
use crate::lock;
use crate::moment;

/// Its name.
pub(super) const FOLDER: &str = ".sweep";
/// The file that is locked.
const LOCK: &str = "lock";
/// LIMIT: how often another sweeper may take the folder away while we open it.
const ATTEMPTS: usize = 3;

/// The private folder, held and locked.
#[derive(Debug)]
pub(super) struct Aside {
    /// The folder.
    pub(super) folder: Folder,
    /// How far our clock is ahead of that of the folder's server.
    pub(super) offset: i128,
    lock: File,
}

/// Why the private folder cannot be used.
#[derive(Debug)]
pub(super) enum NoAside {
    /// Another sweeper has it.
    Busy,
    /// Somebody else made it, or others may write into it.
    NotPrivate,
    /// The system said so.
    Io(io::Error),
}

impl From<io::Error> for NoAside {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens and locks the private folder, and makes it where it is missing.
pub(super) fn open(part: &Folder) -> Result<Aside, NoAside> {
    for _ in 0..ATTEMPTS {
        let folder = part.child_or_new(FOLDER)?;
        if !folder.is_private()? {
            return Err(NoAside::NotPrivate);
        }
        let mut file = match folder.open_or_create(OsStr::new(LOCK)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        if !lock::take(&file)? {
            return Err(NoAside::Busy);
        }
        // The sweeper before us may have taken the file away between opening and locking.
        let stands = folder.probe(OsStr::new(LOCK))?;
        if stands.is_some_and(|stands| {
            Folder::identity_of(&file).is_ok_and(|ours| ours.is_same_file(&stands))
        }) {
            // For people only. A full disk must not keep what would make space from going.
            let _ = file
                .set_len(0)
                .and_then(|()| file.write_all(std::process::id().to_string().as_bytes()));
            let offset = offset(&folder)?;
            return Ok(Aside { folder, offset, lock: file });
        }
    }
    Err(NoAside::Busy)
}

impl Aside {
    /// What stands in it, without the lock.
    pub(super) fn leftovers(&self) -> io::Result<Vec<OsString>> {
        let names = self.folder.list()?.names;
        Ok(names.into_iter().filter(|name| name != OsStr::new(LOCK)).collect())
    }

    /// Lets it go and leaves nothing behind, unless something still stands in it.
    pub(super) fn close(self, part: &Folder) -> io::Result<()> {
        if !self.leftovers()?.is_empty() {
            return Ok(());
        }
        let Self { folder, lock, .. } = self;
        folder.remove(OsStr::new(LOCK))?;
        // On a server a name stays until nobody has the file open.
        drop(lock);
        // Windows keeps a folder that is open.
        #[cfg(windows)]
        drop(folder);
        match part.remove_folder(FOLDER) {
            // Another sweeper has begun; the folder is its own now.
            Err(error) if is_in_use(&error) => Ok(()),
            other => other,
        }
    }
}

/// Another sweeper came in between and uses the folder, or has taken it away.
fn is_in_use(error: &io::Error) -> bool {
    /// A sharing violation, and a name that is going away.
    const WINDOWS: [i32; 2] = [32, 303];
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty)
        || cfg!(windows) && error.raw_os_error().is_some_and(|code| WINDOWS.contains(&code))
}

/// How far our clock is ahead. The time of a file that we write to may be our own, kept until
/// the server is told; that of one that was just made is the server's.
fn offset(folder: &Folder) -> io::Result<i128> {
    let (name, file) = folder.create_temporary()?;
    let made = Folder::identity_of(&file).map(|identity| moment::now() - identity.modified);
    drop(file);
    folder.remove(&name)?;
    made
}

/// Whether a pass could use the private folder, as far as can be told without making it. Whether
/// another sweeper works just now is not asked.
pub(super) fn is_usable(part: &Folder) -> bool {
    let is_ours = match part.child(FOLDER) {
        Ok(folder) => folder.is_private().unwrap_or(false),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    is_ours && part.is_writable()
}

/// Whether a private folder stands in a hand-over folder, with or without something in it.
pub(super) fn is_there(part: &Folder) -> io::Result<bool> {
    Ok(part.probe(OsStr::new(FOLDER))?.is_some())
}
