//! A record file that only grows: one line for each record, each with a checksum, each on the
//! disk before the next step is taken. Several processes may share one.
//!
//! A line is sixteen hexadecimal digits of the SHA-256 of the rest, a space, and the rest.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use diag::{Text, text};

use crate::folder::Folder;
use crate::lock;
use crate::pseudonym;

/// Longest record. LIMIT: a longer one is refused when it is written.
pub const RECORD_MAX_BYTES: usize = 64 * 1024;
/// Largest journal. LIMIT: about twenty years of a clinic; a larger one is refused.
pub const JOURNAL_MAX_BYTES: u64 = 1 << 30;

/// Digits of a checksum.
const CHECKSUM_DIGITS: usize = 16;
/// How much is read at once.
const BLOCK_BYTES: usize = 64 * 1024;

/// Why a journal cannot be used.
#[derive(Debug)]
pub enum JournalError {
    /// The disk said so.
    Io(io::Error),
    /// A record that is not the last one does not fit its checksum: the name of the file, and the
    /// byte at which the record begins.
    Damaged(Box<str>, u64),
    /// The record is too long, holds a line break, or the journal is full.
    Refused,
}

impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl JournalError {
    /// What is wrong, in words.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Io(error) => diag::os_error(error),
            Self::Damaged(name, at) => text!(
                ja: "`{name}` の {at} バイト目からの記録が壊れています。控えから戻してください。\
                     控えがなければ、このファイルを別の場所へ移すと続けられます（書かれていた要求\
                     の回答は取り出されず、確認済みの結果は未確認に戻って残ります）",
                en: "the record at byte {at} of `{name}` is damaged; put the file back from a \
                     copy. Without one, work goes on once the file is moved elsewhere: answers to \
                     requests in it are not looked for, and acknowledged results count as unread \
                     and stay",
                name = &**name, at = at,
            ),
            Self::Refused => text!(
                ja: "記録が長すぎるか、台帳がいっぱいです",
                en: "the record is too long, or the journal is full",
            ),
        }
    }
}

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    name: Box<str>,
    file: File,
    /// Up to here every record was handed out.
    read_to: u64,
}

impl Journal {
    /// Opens the journal in `folder`, makes it where it is missing, and cuts off a last record
    /// that was not written to its end.
    ///
    /// # Errors
    /// When it cannot be opened or locked.
    pub fn open(folder: &Folder, name: &str) -> Result<Self, JournalError> {
        let file = folder.open_or_create(OsStr::new(name))?;
        Ok(Self { name: name.into(), file, read_to: 0 })
    }

    /// Hands out every record that was not handed out yet, those of other processes too.
    ///
    /// # Errors
    /// When the disk says so, or a record in the middle is damaged.
    pub fn news(&mut self, each: impl FnMut(&str)) -> Result<(), JournalError> {
        let Self { name, file, read_to } = self;
        lock::while_locked(file, |file| catch_up(name, file, read_to, each))
    }

    /// Writes one record and waits until it is on the disk. Records of other processes that
    /// came before it are handed out first, so that whoever writes knows all.
    ///
    /// # Errors
    /// When nothing, or nothing whole, was written.
    pub fn append(&mut self, record: &str, each: impl FnMut(&str)) -> Result<(), JournalError> {
        self.append_if(each, || Some(record.to_owned())).map(|_| ())
    }

    /// As [`Journal::append`], with a record that is decided only when everything before it is
    /// known and nobody else can write. True if there was one.
    ///
    /// # Errors
    /// When nothing, or nothing whole, was written.
    pub fn append_if(
        &mut self,
        each: impl FnMut(&str),
        decide: impl FnOnce() -> Option<String>,
    ) -> Result<bool, JournalError> {
        let Self { name, file, read_to } = self;
        lock::while_locked(file, |file| {
            catch_up(name, file, read_to, each)?;
            match decide() {
                Some(record) => write(file, read_to, &record).map(|()| true),
                None => Ok(false),
            }
        })
    }
}

fn write(file: &mut File, read_to: &mut u64, record: &str) -> Result<(), JournalError> {
    let line = format!("{} {record}\n", checksum(record.as_bytes()));
    let end = read_to.saturating_add(line.len() as u64);
    if record.len() > RECORD_MAX_BYTES || record.contains('\n') || end > JOURNAL_MAX_BYTES {
        return Err(JournalError::Refused);
    }
    file.seek(SeekFrom::Start(*read_to))?;
    file.write_all(line.as_bytes())?;
    file.sync_data()?;
    *read_to = end;
    Ok(())
}

/// Reads from the last known record to the end. A last record without its end, or with
/// holes of zeros, was not written to its end; it is cut off. Anything else that does not
/// fit its checksum is damage.
fn catch_up(
    name: &str,
    file: &mut File,
    read_to: &mut u64,
    mut each: impl FnMut(&str),
) -> Result<(), JournalError> {
    let size = file.metadata()?.len();
    if size > JOURNAL_MAX_BYTES || size < *read_to {
        return Err(JournalError::Refused);
    }
    if size == *read_to {
        return Ok(());
    }
    file.seek(SeekFrom::Start(*read_to))?;
    let mut pending: Vec<u8> = Vec::new();
    let mut torn: Option<u64> = None;
    let mut at = *read_to;
    let damaged = |at| Err(JournalError::Damaged(name.into(), at));
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let count = file.read(&mut block)?;
        if count == 0 {
            break;
        }
        pending.extend_from_slice(&block[..count]);
        let mut start = 0;
        while let Some(length) = pending[start..].iter().position(|byte| *byte == b'\n') {
            let line = &pending[start..start + length];
            match record(line) {
                Some(_) if torn.is_some() => return damaged(torn.unwrap_or(at)),
                // A write that was cut short has no end of line, or holes.
                None if !line.contains(&0) => return damaged(torn.unwrap_or(at)),
                Some(record) => {
                    each(record);
                    *read_to += length as u64 + 1;
                }
                None => torn = torn.or(Some(at)),
            }
            start += length + 1;
            at += length as u64 + 1;
        }
        pending.drain(..start);
        if pending.len() > RECORD_MAX_BYTES + CHECKSUM_DIGITS + 1 {
            // No record is that long; whatever it is, it may not grow in memory.
            torn = torn.or(Some(at));
            at += pending.len() as u64;
            pending.clear();
        }
    }
    if torn.is_some() || !pending.is_empty() {
        file.set_len(*read_to)?;
        file.sync_data()?;
    }
    Ok(())
}

/// What a line holds, if it fits its checksum.
fn record(line: &[u8]) -> Option<&str> {
    let (sum, rest) = line.split_at_checked(CHECKSUM_DIGITS)?;
    let record = rest.strip_prefix(b" ")?;
    let is_right = checksum(record).as_bytes() == sum;
    std::str::from_utf8(record).ok().filter(|_| is_right)
}

fn checksum(record: &[u8]) -> String {
    let mut digest = pseudonym::digest(record);
    digest.truncate(CHECKSUM_DIGITS);
    digest
}
