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
/// The file that holds a word which only that key gives: with another key nothing that was
/// written before is found again, and nothing would say so.
const CHECK: &str = "key-check";
/// What the word is made of.
const CHECKED: &[u8] = b"the key of this state";
/// How the names of what is written with the key begin.
const RECORDS: [&str; 3] = ["client", "acknowledged-", "audit-"];
/// Longest word.
const CHECK_MAX_BYTES: u64 = 64;

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
        refuse_open_to_all(path)?;
        refuse_of_others(path)?;
        let folder = Folder::open(&absolute(path)?)?;
        make_key(&folder)?;
        let key = key(&folder)?;
        mark(&folder, &key)?;
        Ok(Self { folder, key })
    }

    /// Opens the state in `path` if it is one; makes nothing.
    ///
    /// # Errors
    /// `NotFound` when no state is there, and as [`State::open`].
    pub fn existing(path: &Path) -> io::Result<Self> {
        refuse_open_to_all(path)?;
        let folder = Folder::open(&absolute(path)?)?;
        if folder.probe(OsStr::new(KEY))?.is_none() {
            return Err(if has_records(&folder)? {
                lost()
            } else {
                io::ErrorKind::NotFound.into()
            });
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

/// Makes the key where there never was one: the first process that needs it, whole and at once.
fn make_key(folder: &Folder) -> io::Result<()> {
    let name = OsStr::new(KEY);
    if folder.probe(name)?.is_some() {
        return Ok(());
    }
    // Looked at again: another process may have made it and begun to write.
    if has_records(folder)? {
        return if folder.probe(name)?.is_some() { Ok(()) } else { Err(lost()) };
    }
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    publish_new(folder, name, &bytes)?;
    #[cfg(unix)]
    {
        // Whoever reads it can undo the pseudonyms, and make acknowledgements that look right.
        let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(folder.path().join(name), rights)?;
    }
    Ok(())
}

/// Refuses a folder into which anybody may write: he could put another key and acknowledgements
/// of his own into it, and have files deleted by them.
#[cfg(unix)]
fn refuse_open_to_all(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(path)?.permissions().mode() & 0o002 == 0 {
        return Ok(());
    }
    let what = text!(
        ja: "だれでも書き込めるフォルダーは使いません。権限を直してください（`chmod 700`）",
        en: "a folder into which anybody may write is not used; mend its rights (`chmod 700`)",
    );
    Err(refused(io::ErrorKind::PermissionDenied, what))
}

/// Refuses to write into the state of another user, as root too: that user could not go on with
/// what was written.
#[cfg(target_os = "linux")]
fn refuse_of_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (owner, own) = (fs::metadata(path)?.uid(), rustix::process::geteuid().as_raw());
    if owner == own {
        return Ok(());
    }
    let what = text!(
        ja: "このフォルダーは別の利用者（uid {owner}）のものです。その利用者で実行してください\
             （`sudo -u '#{owner}' …`）",
        en: "the folder belongs to another user (uid {owner}); run this as that user (`sudo -u \
             '#{owner}' …`)",
        owner = owner,
    );
    Err(refused(io::ErrorKind::PermissionDenied, what))
}

#[cfg(not(target_os = "linux"))]
fn refuse_of_others(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open_to_all(_: &Path) -> io::Result<()> {
    Ok(())
}

fn publish_new(folder: &Folder, name: &OsStr, bytes: &[u8]) -> io::Result<()> {
    match folder.publish(name, bytes) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// True if something was written with a key.
fn has_records(folder: &Folder) -> io::Result<bool> {
    let names = folder.list()?.names;
    let is_record = |name: &str| name == CHECK || RECORDS.iter().any(|own| name.starts_with(own));
    Ok(names.iter().filter_map(|name| name.to_str()).any(is_record))
}

/// Writes the word of the key where there is none yet.
fn mark(folder: &Folder, key: &Key) -> io::Result<()> {
    let name = OsStr::new(CHECK);
    if folder.probe(name)?.is_some() {
        return Ok(());
    }
    publish_new(folder, name, key.word(CHECKED).as_bytes())
}

fn lost() -> io::Error {
    let what = text!(
        ja: "鍵のファイル `key` がないか、台帳を書いた鍵と違います。控えから `key` を戻してください",
        en: "the file `key` is missing, or is not the key that the journals were written with; put \
             it back from a copy",
    );
    refused(io::ErrorKind::InvalidData, what)
}

/// Reads the key. One that is not that of the journals is none.
fn key(folder: &Folder) -> io::Result<Key> {
    let name = OsStr::new(KEY);
    let content = folder.read(name, KEY_BYTES as u64)?;
    let bytes = <[u8; KEY_BYTES]>::try_from(content.bytes.as_slice()).map_err(|_| {
        let what = text!(
            ja: "鍵のファイル `key` の長さが違います", en: "the file `key` has the wrong length",
        );
        refused(io::ErrorKind::InvalidData, what)
    })?;
    let key = Key::new(bytes);
    if folder.probe(OsStr::new(CHECK))?.is_some() {
        let check = folder.read(OsStr::new(CHECK), CHECK_MAX_BYTES)?;
        if check.bytes != key.word(CHECKED).as_bytes() {
            return Err(lost());
        }
    }
    Ok(key)
}
