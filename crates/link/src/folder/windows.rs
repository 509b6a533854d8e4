//! The calls on Windows. A folder is held open without sharing its deletion, so that neither it
//! nor any folder above it can be renamed or replaced; names are then opened below its path, as
//! themselves and never through a reparse point.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::os::windows::io::{AsHandle, BorrowedHandle};
use std::path::{Path, PathBuf};

use windows_sys::Win32::Foundation::{GENERIC_READ, GENERIC_WRITE};
use windows_sys::Win32::Storage::FileSystem::{
    DELETE, FILE_ATTRIBUTE_REPARSE_POINT, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT,
    FILE_READ_ATTRIBUTES, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE,
};

use super::{Identity, Kind};
use crate::windows;

const SHARE_ALL: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Handle {
    file: File,
    path: PathBuf,
}

impl AsHandle for Handle {
    fn as_handle(&self) -> BorrowedHandle<'_> {
        self.file.as_handle()
    }
}

impl Handle {
    /// The path of something directly inside.
    pub(crate) fn at(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }
}

/// Opens a file or a folder as itself: a reparse point is not followed.
fn open(path: &Path, access: u32, share: u32) -> io::Result<File> {
    OpenOptions::new()
        .access_mode(access)
        .share_mode(share)
        .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS)
        .open(path)
}

fn link_refused() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "a link or another reparse point")
}

pub(super) fn open_root(path: &Path) -> io::Result<Handle> {
    let handle = open_folder(path)?;
    // From here on nothing above can be renamed; what is no link now stays none.
    for above in path.ancestors().skip(1).filter(|above| above.parent().is_some()) {
        let attributes = fs::symlink_metadata(above)?.file_attributes();
        if attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0 {
            return Err(link_refused());
        }
    }
    Ok(handle)
}

fn open_folder(path: &Path) -> io::Result<Handle> {
    let file = open(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE)?;
    match windows::identity(&file)?.kind {
        Kind::Folder => Ok(Handle { file, path: path.to_owned() }),
        Kind::Link => Err(link_refused()),
        _ => Err(io::ErrorKind::NotADirectory.into()),
    }
}

pub(super) fn open_child(handle: &Handle, name: &OsStr) -> io::Result<Handle> {
    open_folder(&handle.at(name))
}

pub(super) fn open_file(handle: &Handle, name: &OsStr) -> io::Result<File> {
    // Without sharing the right to write, this fails while a writer has the file open.
    unlinked(open(&handle.at(name), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE)?)
}

pub(super) fn open_growing(handle: &Handle, name: &OsStr) -> io::Result<File> {
    unlinked(open(&handle.at(name), GENERIC_READ, SHARE_ALL)?)
}

fn unlinked(file: File) -> io::Result<File> {
    if windows::identity(&file)?.kind == Kind::Link { Err(link_refused()) } else { Ok(file) }
}

/// Opens a file so that nobody else can, with the right to delete it.
pub(crate) fn open_alone(handle: &Handle, name: &OsStr) -> io::Result<File> {
    open(&handle.at(name), GENERIC_READ | DELETE, 0)
}

pub(super) fn stat(handle: &Handle, name: &OsStr) -> io::Result<Option<Identity>> {
    match open(&handle.at(name), FILE_READ_ATTRIBUTES, SHARE_ALL) {
        Ok(file) => windows::identity(&file).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn stat_open(file: &impl AsHandle) -> io::Result<Identity> {
    windows::identity(file)
}

pub(super) fn create_new(handle: &Handle, name: &OsStr) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(handle.at(name))
}

pub(super) fn open_or_create(handle: &Handle, name: &OsStr) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .access_mode(GENERIC_READ | GENERIC_WRITE)
        .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
        .open(handle.at(name))?;
    unlinked(file)
}

pub(super) fn rename_new(
    handle: &Handle,
    from: &OsStr,
    to_handle: &Handle,
    to: &OsStr,
) -> io::Result<()> {
    let file = open(&handle.at(from), DELETE, SHARE_ALL)?;
    windows::rename_new(&file, to_handle.at(to).as_os_str())
}

pub(super) fn remove(handle: &Handle, name: &OsStr) -> io::Result<()> {
    let file = open(&handle.at(name), DELETE | FILE_READ_ATTRIBUTES, SHARE_ALL)?;
    match windows::identity(&file)?.kind {
        Kind::Folder => Err(io::ErrorKind::IsADirectory.into()),
        _ => windows::delete(&file),
    }
}

pub(super) fn make_folder(handle: &Handle, name: &OsStr) -> io::Result<()> {
    fs::create_dir(handle.at(name))
}

pub(super) fn remove_folder(handle: &Handle, name: &OsStr) -> io::Result<()> {
    let file = open(&handle.at(name), DELETE | FILE_READ_ATTRIBUTES, SHARE_ALL)?;
    match windows::identity(&file)?.kind {
        // Only an empty folder can be deleted this way.
        Kind::Folder => windows::delete(&file),
        _ => Err(io::ErrorKind::NotADirectory.into()),
    }
}

/// Access lists are not read here. Nothing is ever moved into the private folder on Windows:
/// files are deleted through a handle that nobody shares, so it only holds the lock.
pub(super) fn is_private(_: &Handle) -> io::Result<bool> {
    Ok(true)
}

/// Access lists are not read here.
pub(super) fn is_writable(_: &Handle) -> bool {
    true
}

pub(super) fn list(handle: &Handle, limit: usize) -> io::Result<Vec<OsString>> {
    fs::read_dir(&handle.path)?.take(limit).map(|entry| Ok(entry?.file_name())).collect()
}

/// What the folder itself says of its entries. No file is opened: whoever deletes one meanwhile
/// would have to wait for us.
pub(super) fn look(handle: &Handle, limit: usize) -> io::Result<Vec<(OsString, Identity)>> {
    // A handle of its own, so that each listing begins at the start.
    let folder = open_folder(&handle.path)?;
    let volume = windows::identity(&folder)?.volume;
    match windows::entries(&folder, volume, limit)? {
        Some(entries) => Ok(entries),
        // A server or file system that gives no numbers with the names.
        None => list(handle, limit)?
            .into_iter()
            .filter_map(|name| match stat(handle, &name) {
                Ok(found) => found.map(|identity| Ok((name, identity))),
                Err(error) => Some(Err(error)),
            })
            .collect(),
    }
}

/// Windows writes the changes of a folder by itself; a handle for reading cannot ask for it.
pub(super) fn sync(_: &Handle) -> io::Result<()> {
    Ok(())
}

pub(super) fn is_leaf(name: &OsStr) -> bool {
    const MARKS: &str = "\\/:*?\"<>|";
    let is_plain = |unit: u16| unit >= 32 && !MARKS.encode_utf16().any(|mark| mark == unit);
    let units: Vec<u16> = name.encode_wide().collect();
    let ends_badly = matches!(units.last(), None | Some(0x20 | 0x2E));
    !ends_badly && units.into_iter().all(is_plain)
}
