//! The file behind the chain. Whoever opens it is alone: the sweeper holds the lock of the
//! state folder.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::record::{Chain, Entry, Record};
use super::verify::{LINE_MAX_BYTES, files};
use crate::folder::Folder;
use crate::moment;

/// The open log.
#[derive(Debug)]
pub struct Log {
    file: File,
    year: i128,
    chain: Chain,
    /// When the last record was written.
    latest: Option<i128>,
    /// Lines that are not written yet.
    pending: String,
}

impl Log {
    /// Opens the log in `folder` and makes it where it is missing. A last line that was not
    /// written to its end is cut off, and a record says so.
    ///
    /// # Errors
    /// When it cannot be read or written, or its last record does not fit its hash.
    pub fn open(folder: &Folder, now: i128) -> io::Result<Self> {
        let mut chain = Chain::default();
        let mut latest = None;
        let mut year = moment::year(now);
        let mut torn = 0;
        for (name, of_year) in files(folder)?.into_iter().rev() {
            let file = folder.open_or_create(OsStr::new(&name))?;
            let (record, cut) = last_record(&file)?;
            torn += cut;
            year = year.max(of_year);
            if let Some(record) = record {
                chain = Chain { last: record.number, head: record.hash };
                latest = Some(record.moment);
                break;
            }
        }
        let file = folder.open_or_create(OsStr::new(&name_of(year)))?;
        folder.sync()?;
        let mut log = Self { file, year, chain, latest, pending: String::new() };
        if torn > 0 {
            log.add(now, &Entry::new("torn").with("bytes", torn));
            log.write()?;
        }
        Ok(log)
    }

    /// Adds a record; it is not on the disk before [`Log::write`].
    pub fn add(&mut self, now: i128, entry: &Entry) {
        self.pending += &self.chain.append(now, entry);
        self.latest = Some(now);
    }

    /// Waits until every record is on the disk.
    ///
    /// # Errors
    /// When the disk says so; nothing may then be done on the strength of these records.
    pub fn write(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(self.pending.as_bytes())?;
        self.file.sync_data()?;
        self.pending.clear();
        Ok(())
    }

    /// Goes on in the file of the year of `now`.
    ///
    /// # Errors
    /// When the new file cannot be made.
    pub fn turn_the_year(&mut self, folder: &Folder, now: i128) -> io::Result<()> {
        let year = moment::year(now);
        if year > self.year {
            self.write()?;
            self.file = folder.open_or_create(OsStr::new(&name_of(year)))?;
            folder.sync()?;
            self.year = year;
        }
        Ok(())
    }

    /// The end of the chain.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// When the last record was written.
    #[must_use]
    pub fn latest(&self) -> Option<i128> {
        self.latest
    }
}

fn name_of(year: i128) -> String {
    format!("audit-{year:04}.jsonl")
}

/// The last whole record of a file, and how many bytes of a torn one were cut off behind it.
fn last_record(mut file: &File) -> io::Result<(Option<Record>, u64)> {
    let size = file.metadata()?.len();
    let from = size.saturating_sub(2 * LINE_MAX_BYTES as u64);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(2 * LINE_MAX_BYTES as u64).read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let torn = (tail.len() - whole) as u64;
    if torn > 0 {
        if whole == 0 && from > 0 {
            return Err(damaged());
        }
        file.set_len(size - torn)?;
        file.sync_data()?;
    }
    let Some(lines) = tail[..whole].strip_suffix(b"\n") else { return Ok((None, torn)) };
    let begin = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let record = Record::read(&lines[begin..]).ok_or_else(damaged)?;
    Ok((Some(record), torn))
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the last record of the audit log is damaged")
}
