//! The folder of our own where the journal and the key of the pseudonyms are kept. It is not
//! one of the shared folders.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use diag::{refused, text};

use crate::folder::Folder;
use crate::pseudonym::{KEY_BYTES, Key};

/// The file that holds the key.
const KEY: &str = "key";

/// The state of one machine.
#[derive(Debug)]
pub struct State {
    /// The folder.
    pub folder: Folder,
    /// The key of the pseudonyms.
    pub key: Key,
}

impl State {
    /// Opens the state in `path` and makes what is missing.
    ///
    /// # Errors
    /// When it cannot be read or made, or its key has the wrong length.
    pub fn open(path: &Path) -> io::Result<Self> {
        make(path)?;
        let folder = Folder::open(&absolute(path)?)?;
        let key = key(&folder)?;
        Ok(Self { folder, key })
    }

    /// Opens the state in `path` if it is one; makes nothing.
    ///
    /// # Errors
    /// `NotFound` when no state is there, and as [`State::open`].
    pub fn existing(path: &Path) -> io::Result<Self> {
        let folder = Folder::open(&absolute(path)?)?;
        if folder.probe(OsStr::new(KEY))?.is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let key = key(&folder)?;
        Ok(Self { folder, key })
    }
}

/// Replaces a file of the state as a whole: whoever reads it sees the old content or the new one.
///
/// # Errors
/// When the disk says so; the old content is then still there.
pub fn replace(folder: &Folder, name: &OsStr, content: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = folder.create_temporary()?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    drop(file);
    // The state folder is our own; nobody swaps it while we work.
    let path = folder.path();
    let moved = written.and_then(|()| fs::rename(path.join(&temporary), path.join(name)));
    if moved.is_err() {
        // What went wrong before is what the caller has to hear.
        let _ = folder.remove(&temporary);
    }
    moved?;
    folder.sync()
}

/// Where the state is kept when nobody says otherwise.
#[must_use]
pub fn default_path() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let home = set("XDG_STATE_HOME").or_else(|| set("LOCALAPPDATA")).map(PathBuf::from);
    let home = home.or_else(|| set("HOME").map(|home| Path::new(&home).join(".local/state")));
    home.unwrap_or_default().join("sekisho-link")
}

/// The real place of a path that the user wrote; links on the way to it are the user's own.
///
/// # Errors
/// When it is not there.
pub fn absolute(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

/// Whether a path lies in a folder, or is the folder itself, as far as it exists.
#[must_use]
pub fn is_inside(path: &Path, folder: &Path) -> bool {
    let (Ok(path), Ok(folder)) = (std::path::absolute(path), absolute(folder)) else {
        return false;
    };
    let real = path.ancestors().find_map(|above| absolute(above).ok());
    real.is_some_and(|real| real.starts_with(folder))
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Reads the key. The first process that needs it makes it whole and at once.
fn key(folder: &Folder) -> io::Result<Key> {
    let name = OsStr::new(KEY);
    if folder.probe(name)?.is_none() {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        match folder.publish(name, &bytes) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    let content = folder.read(name, KEY_BYTES as u64)?;
    let bytes = <[u8; KEY_BYTES]>::try_from(content.bytes.as_slice()).map_err(|_| {
        let what = text!(
            ja: "鍵のファイル `key` の長さが違います", en: "the file `key` has the wrong length",
        );
        refused(io::ErrorKind::InvalidData, what)
    })?;
    Ok(Key::new(bytes))
}
