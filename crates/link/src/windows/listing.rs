//! The names in a folder together with what the folder says of each: number, size and times. No
//! file is opened for it.

use std::ffi::OsString;
use std::io;
use std::mem::offset_of;
use std::os::windows::ffi::OsStringExt;
use std::os::windows::io::AsHandle;

use windows_sys::Win32::Storage::FileSystem::{
    FILE_ID_BOTH_DIR_INFO, FILE_ID_EXTD_DIR_INFO, FILE_INFO_BY_HANDLE_CLASS,
    FileIdBothDirectoryInfo, FileIdExtdDirectoryInfo, GetFileInformationByHandleEx,
};

use super::{kind, nanoseconds, raw};
use crate::folder::Identity;

/// Words of eight bytes in one answer: room for some hundred names.
const ANSWER_WORDS: usize = 8 * 1024;
/// `ERROR_NO_MORE_FILES`.
const NO_MORE: i32 = 18;
/// What a server or a file system says that does not know a form of the question.
const UNKNOWN: [i32; 5] = [1, 50, 87, 120, 124];

/// A form in which a folder tells of its entries. Up to the length of the name all are the same.
struct Form {
    class: FILE_INFO_BY_HANDLE_CLASS,
    number_at: usize,
    number_bytes: usize,
    name_at: usize,
}

/// Numbers of 128 bits, and where these are not known, of 64.
const FORMS: [Form; 2] = [
    Form {
        class: FileIdExtdDirectoryInfo,
        number_at: offset_of!(FILE_ID_EXTD_DIR_INFO, FileId),
        number_bytes: 16,
        name_at: offset_of!(FILE_ID_EXTD_DIR_INFO, FileName),
    },
    Form {
        class: FileIdBothDirectoryInfo,
        number_at: offset_of!(FILE_ID_BOTH_DIR_INFO, FileId),
        number_bytes: 8,
        name_at: offset_of!(FILE_ID_BOTH_DIR_INFO, FileName),
    },
];

/// The entries of an open folder that was not listed before, `.` and `..` not among them; `None`
/// if they come without the numbers of their files. How many names a file has is not told, and
/// taken to be one.
pub(crate) fn entries(
    folder: &impl AsHandle,
    volume: u64,
    limit: usize,
) -> io::Result<Option<Vec<(OsString, Identity)>>> {
    for form in &FORMS {
        match of_form(folder, form, volume, limit) {
            Err(error) if error.raw_os_error().is_some_and(|code| UNKNOWN.contains(&code)) => {}
            Err(error) => return Err(error),
            Ok(found) => {
                let is_numbered = found.iter().all(|(_, one)| one.file != 0);
                return Ok(is_numbered.then_some(found));
            }
        }
    }
    Ok(None)
}

fn of_form(
    folder: &impl AsHandle,
    form: &Form,
    volume: u64,
    limit: usize,
) -> io::Result<Vec<(OsString, Identity)>> {
    let mut found = Vec::new();
    let mut answer = vec![0_u64; ANSWER_WORDS];
    let size = u32::try_from(size_of_val(answer.as_slice())).expect("some thousand bytes");
    while found.len() < limit {
        answer.fill(0);
        let to = answer.as_mut_ptr().cast();
        // SAFETY: the answer is aligned and `size` bytes long; the handle is open as long as
        // `folder` is borrowed.
        if unsafe { GetFileInformationByHandleEx(raw(folder), form.class, to, size) } == 0 {
            let error = io::Error::last_os_error();
            if error.raw_os_error() == Some(NO_MORE) {
                break;
            }
            return Err(error);
        }
        let bytes: Vec<u8> = answer.iter().flat_map(|word| word.to_ne_bytes()).collect();
        let read = read(&bytes, form, volume, &mut found);
        read.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
    }
    found.truncate(limit);
    Ok(found)
}

/// Adds the entries of one answer; `None` if it is not of its form.
fn read(
    bytes: &[u8],
    form: &Form,
    volume: u64,
    found: &mut Vec<(OsString, Identity)>,
) -> Option<()> {
    let mut rest = bytes;
    loop {
        let length = usize::try_from(word(rest, offset_of!(Common, FileNameLength))?).ok()?;
        let name = rest.get(form.name_at..)?.get(..length)?;
        let units: Vec<u16> =
            name.chunks_exact(2).map(|unit| u16::from_ne_bytes([unit[0], unit[1]])).collect();
        let name = OsString::from_wide(&units);
        if name != "." && name != ".." {
            let number = rest.get(form.number_at..)?.get(..form.number_bytes)?;
            let mut file = [0; 16];
            file[..form.number_bytes].copy_from_slice(number);
            let identity = Identity {
                volume,
                file: u128::from_le_bytes(file),
                kind: kind(word(rest, offset_of!(Common, FileAttributes))?),
                size: u64::try_from(long(rest, offset_of!(Common, EndOfFile))?).ok()?,
                modified: nanoseconds(long(rest, offset_of!(Common, LastWriteTime))?),
                changed: nanoseconds(long(rest, offset_of!(Common, ChangeTime))?),
                links: 1,
            };
            found.push((name, identity));
        }
        match usize::try_from(word(rest, offset_of!(Common, NextEntryOffset))?).ok()? {
            0 => return Some(()),
            step => rest = rest.get(step..)?,
        }
    }
}

/// What both forms begin with.
type Common = FILE_ID_BOTH_DIR_INFO;

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<i64> {
    Some(i64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
