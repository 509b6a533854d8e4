//! The calls of Windows that the standard library does not have: which file a handle is,
//! deleting and renaming through a handle, and the counter since the start of the machine.
//!
//! Everything goes through open handles; no function here takes the path of something that
//! exists.

#![allow(unsafe_code, reason = "the calls of Windows")]

pub(crate) mod access;
mod listing;

pub(crate) use listing::entries;

use std::ffi::OsStr;
use std::io;
use std::mem::{offset_of, size_of};
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsHandle, AsRawHandle};

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_REPARSE_POINT, FILE_BASIC_INFO,
    FILE_DISPOSITION_FLAG_DELETE, FILE_DISPOSITION_FLAG_POSIX_SEMANTICS, FILE_DISPOSITION_INFO,
    FILE_DISPOSITION_INFO_EX, FILE_ID_INFO, FILE_INFO_BY_HANDLE_CLASS, FILE_RENAME_INFO,
    FILE_STANDARD_INFO, FileBasicInfo, FileDispositionInfo, FileDispositionInfoEx, FileIdInfo,
    FileRenameInfo, FileStandardInfo, GetFileInformationByHandleEx, LOCKFILE_EXCLUSIVE_LOCK,
    LOCKFILE_FAIL_IMMEDIATELY, LockFileEx, SetFileInformationByHandle, UnlockFileEx,
};
use windows_sys::Win32::System::IO::OVERLAPPED;
use windows_sys::Win32::System::SystemInformation::GetTickCount64;

use crate::folder::{Identity, Kind};

/// Upper half of the place of the byte that a lock concerns: 2^62, behind any content that is
/// ever read or written.
const LOCK_AT_HIGH: u32 = 1 << 30;

/// What to do about a lock that somebody else has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Patience {
    /// Wait until it is free.
    Wait,
    /// Fail at once.
    Refuse,
}

/// Ticks of 100 ns between 1601, where Windows counts from, and 1970.
const EPOCH: i128 = 116_444_736_000_000_000;

/// Which file an open handle is, and what state it is in.
pub(crate) fn identity(file: &impl AsHandle) -> io::Result<Identity> {
    let id: FILE_ID_INFO = information(file, FileIdInfo)?;
    let basic: FILE_BASIC_INFO = information(file, FileBasicInfo)?;
    let standard: FILE_STANDARD_INFO = information(file, FileStandardInfo)?;
    Ok(Identity {
        volume: id.VolumeSerialNumber,
        file: u128::from_le_bytes(id.FileId.Identifier),
        kind: kind(basic.FileAttributes),
        size: u64::try_from(standard.EndOfFile).unwrap_or_default(),
        modified: nanoseconds(basic.LastWriteTime),
        changed: nanoseconds(basic.ChangeTime),
        links: standard.NumberOfLinks.into(),
    })
}

fn kind(attributes: u32) -> Kind {
    if attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0 {
        Kind::Link
    } else if attributes & FILE_ATTRIBUTE_DIRECTORY != 0 {
        Kind::Folder
    } else {
        Kind::File
    }
}

fn nanoseconds(ticks: i64) -> i128 {
    (i128::from(ticks) - EPOCH) * 100
}

/// Deletes what a handle with the right to delete is. The name is gone at once where the file
/// system can do that, otherwise when the handle is closed.
pub(crate) fn delete(file: &impl AsHandle) -> io::Result<()> {
    let flags = FILE_DISPOSITION_FLAG_DELETE | FILE_DISPOSITION_FLAG_POSIX_SEMANTICS;
    let modern = FILE_DISPOSITION_INFO_EX { Flags: flags };
    if set(file, FileDispositionInfoEx, &modern, size_of_val(&modern)).is_ok() {
        return Ok(());
    }
    // Older servers and file systems know the plain form only.
    let plain = FILE_DISPOSITION_INFO { DeleteFile: true };
    set(file, FileDispositionInfo, &plain, size_of_val(&plain))
}

/// Gives what a handle with the right to delete is another name, never over another file.
pub(crate) fn rename_new(file: &impl AsHandle, to: &OsStr) -> io::Result<()> {
    let name: Vec<u16> = to.encode_wide().collect();
    let bytes = size_of_val(name.as_slice());
    let start = offset_of!(FILE_RENAME_INFO, FileName);
    let size = (start + bytes + size_of::<u16>()).max(size_of::<FILE_RENAME_INFO>());
    // Words of eight bytes, so that the structure is aligned; zeros are "do not replace", "no
    // root folder" and the end of the name.
    let mut buffer = vec![0_u64; size.div_ceil(size_of::<u64>())];
    let info = buffer.as_mut_ptr().cast::<FILE_RENAME_INFO>();
    let length = u32::try_from(bytes).map_err(|_| io::ErrorKind::InvalidFilename)?;
    // SAFETY: the buffer is aligned for the structure and at least `size` bytes long; the name
    // with its end lies inside it. Nothing else refers to the buffer.
    unsafe {
        (&raw mut (*info).FileNameLength).write(length);
        let target = (&raw mut (*info).FileName).cast::<u16>();
        std::ptr::copy_nonoverlapping(name.as_ptr(), target, name.len());
        set(file, FileRenameInfo, &*info, size)
    }
}

/// Locks a file for us alone, by one byte that nobody reads or writes. Closing the file, and the
/// end of the process, give the lock back.
pub(crate) fn lock(file: &impl AsHandle, patience: Patience) -> io::Result<()> {
    let flags = match patience {
        Patience::Wait => LOCKFILE_EXCLUSIVE_LOCK,
        Patience::Refuse => LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY,
    };
    let mut place = place();
    // SAFETY: the handle is open as long as `file` is borrowed and was opened without
    // `FILE_FLAG_OVERLAPPED`, so that the call is over, and `place` not used, when it returns.
    let is_done = unsafe { LockFileEx(raw(file), flags, 0, 1, 0, &raw mut place) };
    if is_done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Gives the lock of [`lock`] back.
pub(crate) fn unlock(file: &impl AsHandle) -> io::Result<()> {
    let mut place = place();
    // SAFETY: as in `lock`.
    let is_done = unsafe { UnlockFileEx(raw(file), 0, 1, 0, &raw mut place) };
    if is_done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn place() -> OVERLAPPED {
    let mut place = OVERLAPPED::default();
    place.Anonymous.Anonymous.OffsetHigh = LOCK_AT_HIGH;
    place
}

/// Nanoseconds since the machine started, the time that it slept among them.
pub(crate) fn counter() -> i128 {
    // SAFETY: the function takes nothing and cannot fail.
    i128::from(unsafe { GetTickCount64() }) * 1_000_000
}

fn information<T: Default>(
    file: &impl AsHandle,
    class: FILE_INFO_BY_HANDLE_CLASS,
) -> io::Result<T> {
    let mut found = T::default();
    let size = u32::try_from(size_of::<T>()).expect("these structures are small");
    // SAFETY: `found` is the structure of this class, `size` is its size, and the handle is
    // open as long as `file` is borrowed.
    let is_done =
        unsafe { GetFileInformationByHandleEx(raw(file), class, (&raw mut found).cast(), size) };
    if is_done == 0 { Err(io::Error::last_os_error()) } else { Ok(found) }
}

fn set<T>(
    file: &impl AsHandle,
    class: FILE_INFO_BY_HANDLE_CLASS,
    info: &T,
    size: usize,
) -> io::Result<()> {
    let size = u32::try_from(size).map_err(|_| io::ErrorKind::InvalidInput)?;
    // SAFETY: `info` is the structure of this class and is followed by the rest of `size` bytes
    // of the same allocation; the handle is open as long as `file` is borrowed.
    let is_done =
        unsafe { SetFileInformationByHandle(raw(file), class, (&raw const *info).cast(), size) };
    if is_done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn raw(file: &impl AsHandle) -> HANDLE {
    file.as_handle().as_raw_handle()
}
