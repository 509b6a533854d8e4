//! The calls on Linux: `openat2` with no way out of the folder, and the `*at` family.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use diag::{refused, text};
use rustix::fs::{
    Access, AtFlags, CWD, Dir, FileType, Mode, OFlags, RenameFlags, ResolveFlags, Statx, StatxFlags,
};

use super::{Identity, Kind};

/// An open folder.
#[derive(Debug)]
pub(crate) struct Handle {
    fd: OwnedFd,
    reach: Reach,
}

impl AsFd for Handle {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl From<OwnedFd> for Handle {
    fn from(fd: OwnedFd) -> Self {
        let reach = reach(&fd);
        Self { fd, reach }
    }
}

/// Who else may use a folder without this kernel's knowledge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reach {
    /// Nobody: the disk is this machine's.
    Local,
    /// Whoever else uses the share; the server says whether a file is open.
    Smb,
    /// Whoever else uses the server, of which nothing can be asked.
    Other,
}

/// # Source
/// statfs(2), `linux/magic.h`.
fn reach(fd: &impl AsFd) -> Reach {
    const SMB: [i64; 2] = [0xFF53_4D42, 0xFE53_4D42];
    // NFS, FUSE, 9P, AFS, Ceph.
    const OTHER: [i64; 5] = [0x6969, 0x6573_5546, 0x0102_1997, 0x5346_414F, 0x00C3_6400];
    match rustix::fs::fstatfs(fd).map(|found| found.f_type) {
        Ok(kind) if SMB.contains(&kind) => Reach::Smb,
        Ok(kind) if OTHER.contains(&kind) => Reach::Other,
        _ => Reach::Local,
    }
}

impl Handle {
    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }
}

/// Nothing below a handle leads out of its folder.
fn beneath() -> ResolveFlags {
    ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC
}

pub(super) fn open_root(path: &Path) -> io::Result<Handle> {
    // A folder may lie behind a mount, never behind a link.
    let resolve = ResolveFlags::NO_SYMLINKS;
    Ok(rustix::fs::openat2(CWD, path, folder_flags(), Mode::empty(), resolve)?.into())
}

pub(super) fn open_child(handle: &Handle, name: &OsStr) -> io::Result<Handle> {
    match rustix::fs::openat2(handle, name, folder_flags(), Mode::empty(), beneath()) {
        Ok(folder) => Ok(folder.into()),
        Err(rustix::io::Errno::XDEV) => Err(elsewhere()),
        Err(error) => Err(error.into()),
    }
}

/// A folder with a mount of its own.
fn elsewhere() -> io::Error {
    let what = text!(
        ja: "別に mount されています。`req`・`res`・`face` を別々にではなく、その上のフォルダー\
             の共有を一つ mount してください",
        en: "it is a mount of its own; do not mount `req`, `res` and `face` one by one, but the \
             share of the folder above them",
    );
    refused(io::ErrorKind::CrossesDevices, what)
}

pub(super) fn open_file(handle: &Handle, name: &OsStr) -> io::Result<File> {
    // Without `NONBLOCK` a named pipe would hold us until somebody writes into it.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = rustix::fs::openat2(handle, name, flags, Mode::empty(), beneath())?;
    Ok(File::from(file))
}

/// Nobody is refused because of a writer.
pub(super) fn open_growing(handle: &Handle, name: &OsStr) -> io::Result<File> {
    open_file(handle, name)
}

pub(super) fn stat(handle: &Handle, name: &OsStr) -> io::Result<Option<Identity>> {
    // A mount remembers for a second what it was told; the server is to be asked.
    facts(handle, name, AtFlags::STATX_FORCE_SYNC)
}

fn facts(handle: &Handle, name: &OsStr, more: AtFlags) -> io::Result<Option<Identity>> {
    let flags = AtFlags::SYMLINK_NOFOLLOW | more;
    match rustix::fs::statx(handle, name, flags, StatxFlags::BASIC_STATS) {
        Ok(found) => Ok(Some(identity(&found))),
        Err(rustix::io::Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn stat_open(file: &impl AsFd) -> io::Result<Identity> {
    let found = rustix::fs::statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::BASIC_STATS)?;
    Ok(identity(&found))
}

fn identity(found: &Statx) -> Identity {
    let kind = match FileType::from_raw_mode(found.stx_mode.into()) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    };
    let nanoseconds =
        |seconds: i64, rest: u32| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    Identity {
        volume: u64::from(found.stx_dev_major) << 32 | u64::from(found.stx_dev_minor),
        file: found.stx_ino.into(),
        kind,
        size: found.stx_size,
        modified: nanoseconds(found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec),
        changed: nanoseconds(found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec),
        links: found.stx_nlink.into(),
    }
}

pub(super) fn create_new(handle: &Handle, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    // The other side of the exchange may be another user of the same group: the group may do with
    // the file what it may do with the folder. In a folder of the owner's own, as the one that
    // holds the key, it may do nothing.
    let group = Mode::from_raw_mode(rustix::fs::fstat(handle)?.st_mode) & (Mode::RGRP | Mode::WGRP);
    let mode = Mode::RUSR | Mode::WUSR | group;
    Ok(File::from(rustix::fs::openat2(handle, name, flags, mode, beneath())?))
}

pub(super) fn open_or_create(handle: &Handle, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let mode = Mode::RUSR | Mode::WUSR;
    Ok(File::from(rustix::fs::openat2(handle, name, flags, mode, beneath())?))
}

pub(super) fn rename_new(
    handle: &Handle,
    from: &OsStr,
    to_handle: &Handle,
    to: &OsStr,
) -> io::Result<()> {
    match handle.reach {
        Reach::Local => take(handle, from, to_handle, to),
        Reach::Smb | Reach::Other => link_and_remove(handle, from, to_handle, to),
    }
}

/// Moves whatever stands under the name by now. Over a network a file that appears under the
/// new name at the same moment may be replaced.
pub(super) fn take(
    handle: &Handle,
    from: &OsStr,
    to_handle: &Handle,
    to: &OsStr,
) -> io::Result<()> {
    Ok(rustix::fs::renameat_with(handle, from, to_handle, to, RenameFlags::NOREPLACE)?)
}

/// Moves a file that nobody else touches under its old name. For SMB 2 and 3 the kernel asks
/// the server to replace what stands under the new name, whatever its caller said, and looks
/// only beforehand; a second name is never made over another file.
fn link_and_remove(
    handle: &Handle,
    from: &OsStr,
    to_handle: &Handle,
    to: &OsStr,
) -> io::Result<()> {
    use rustix::io::Errno;
    match rustix::fs::linkat(handle, from, to_handle, to, AtFlags::empty()) {
        Ok(()) => {
            // It stands where it has to. An old name that cannot be taken away now is tidied up
            // like any other that an interrupted program leaves.
            let _ = remove(handle, from);
            Ok(())
        }
        // An attempt before was interrupted between the two steps.
        Err(Errno::EXIST) if is_one_file(handle, from, to_handle, to)? => remove(handle, from),
        // A server whose disk knows no second names.
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::PERM | Errno::MLINK) => {
            take(handle, from, to_handle, to)
        }
        Err(error) => Err(error.into()),
    }
}

fn is_one_file(one: &Handle, name: &OsStr, other: &Handle, its: &OsStr) -> io::Result<bool> {
    let (one, other) = (stat(one, name)?, stat(other, its)?);
    Ok(one.zip(other).is_some_and(|(one, other)| one.links > 1 && one.is_same_file(&other)))
}

pub(super) fn remove(handle: &Handle, name: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::unlinkat(handle, name, AtFlags::empty())?)
}

pub(super) fn make_folder(handle: &Handle, name: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::mkdirat(handle, name, Mode::RWXU)?)
}

pub(super) fn remove_folder(handle: &Handle, name: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::unlinkat(handle, name, AtFlags::REMOVEDIR)?)
}

pub(super) fn is_private(handle: &Handle) -> io::Result<bool> {
    let found = rustix::fs::fstat(handle)?;
    let others = Mode::WGRP | Mode::WOTH;
    let is_shared = Mode::from_raw_mode(found.st_mode).intersects(others);
    Ok(found.st_uid == rustix::process::geteuid().as_raw() && !is_shared)
}

pub(super) fn list(handle: &Handle, limit: usize) -> io::Result<Vec<OsString>> {
    each(handle, limit, |name| Ok(Some(name)))
}

pub(super) fn is_writable(handle: &Handle) -> bool {
    let wanted = Access::WRITE_OK | Access::EXEC_OK;
    rustix::fs::accessat(handle, ".", wanted, AtFlags::EACCESS).is_ok()
}

/// Each name is asked about while the kernel still knows what the server has just told of it:
/// behind a mount that costs one question for hundreds of names.
pub(super) fn look(handle: &Handle, limit: usize) -> io::Result<Vec<(OsString, Identity)>> {
    each(handle, limit, |name| {
        // A name that is gone by now is nobody's business any more.
        let facts = facts(handle, &name, AtFlags::empty())?;
        Ok(facts.map(|facts| (name, facts)))
    })
}

fn each<T>(
    handle: &Handle,
    limit: usize,
    mut of: impl FnMut(OsString) -> io::Result<Option<T>>,
) -> io::Result<Vec<T>> {
    let mut found = Vec::new();
    // `Dir::read_from` opens the folder anew, so that each listing begins at the start.
    for entry in Dir::read_from(handle)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            found.extend(of(OsString::from_vec(name.to_owned()))?);
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

pub(super) fn sync(handle: &Handle) -> io::Result<()> {
    Ok(rustix::fs::fsync(handle)?)
}

pub(super) fn is_leaf(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    !matches!(bytes, b"" | b"." | b"..") && !bytes.contains(&b'/') && !bytes.contains(&0)
}
