//! The file behind the chain. Whoever opens it is alone: the sweeper holds the lock of the
//! state folder.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use diag::{refused, text};

use super::anchor::{self, Anchor, Found};
use super::inspect::inspect;
use super::record::{BREAK, Chain, Entry, Record};
use super::verify::{Fault, FaultKind, LINE_MAX_BYTES, files};
use crate::folder::Folder;
use crate::moment;
use crate::state::State;

/// Why the log cannot be used.
#[derive(Debug)]
pub enum LogError {
    /// It is not as it was written. Nothing is ever added to it then.
    Broken(Fault),
    /// The disk says so.
    Io(io::Error),
}

impl From<io::Error> for LogError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The open log.
#[derive(Debug)]
pub struct Log {
    file: File,
    year: i128,
    chain: Chain,
    /// How often it was begun anew.
    breaks: u64,
    /// When the last record was written.
    latest: Option<i128>,
    /// Lines that are not written yet.
    pending: String,
}

impl Log {
    /// Reads the log of `state` whole, opens it, and makes it where there never was one. A last
    /// line that was not written to its end is cut off, and a record says so. `heads` are records
    /// that it must have, as [`inspect`] takes them.
    ///
    /// # Errors
    /// When it is not as it was written, or cannot be read or written.
    pub fn open(state: &State, heads: &[(u64, String)], now: i128) -> Result<Self, LogError> {
        let folder = &state.folder;
        let verified = inspect(state, heads, |_| ())?;
        let all = files(folder)?;
        if let Some(fault) = verified.fault {
            // Torn is what an interrupted write leaves, and only at the very end.
            let is_last = all.last().is_some_and(|(name, _)| *name == fault.file);
            if fault.kind != FaultKind::Torn || !is_last {
                return Err(LogError::Broken(fault));
            }
        }
        if verified.first == 0 {
            // Before the first record: from now on a log that is gone is missed.
            anchor::write(state, &Anchor { chain: Chain::default(), breaks: 0 })?;
        }
        let mut chain = Chain::default();
        let mut latest = None;
        let mut year = moment::year(now);
        let mut torn = 0;
        for (name, of_year) in all.into_iter().rev() {
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
        let breaks = verified.breaks;
        let mut log = Self { file, year, chain, breaks, latest, pending: String::new() };
        if torn > 0 {
            log.add(now, &Entry::new("torn").with("bytes", torn));
            log.write()?;
        }
        Ok(log)
    }

    /// Sets a log that is not as it was written aside, under other names, and begins a new one.
    /// Its first record says for ever that there was a break, and why it was begun anew.
    ///
    /// # Errors
    /// `InvalidInput` when the log is whole, and when the disk says so.
    pub fn begin_anew(
        state: &State,
        heads: &[(u64, String)],
        now: i128,
        reason: &str,
    ) -> io::Result<()> {
        let folder = &state.folder;
        let verified = inspect(state, heads, |_| ())?;
        let Some(fault) = verified.fault else { return Err(io::ErrorKind::InvalidInput.into()) };
        let mut known = verified.chain;
        let mut breaks = verified.breaks;
        if let Found::Anchor(anchor) = anchor::read(state)? {
            breaks = breaks.max(anchor.breaks);
            if anchor.chain.last > known.last {
                known = anchor.chain;
            }
        }
        if let Some((last, head)) = heads.iter().max().filter(|head| head.0 > known.last) {
            known = Chain { last: *last, head: head.clone() };
        }
        let mut aside = Vec::new();
        for (name, _) in files(folder)? {
            let other = format!("broken-{}-{name}", known.last + 1);
            folder.rename_new(OsStr::new(&name), folder, OsStr::new(&other))?;
            aside.push(other);
        }
        let mut file = folder.create_new(OsStr::new(&name_of(moment::year(now))))?;
        let entry = Entry::new(BREAK)
            .with("breaks", breaks + 1)
            .with("why", fault.kind.word())
            .with("at", fault.number)
            .with("aside", aside)
            .with("reason", reason);
        file.write_all(known.append(now, &entry).as_bytes())?;
        file.sync_data()?;
        folder.sync()?;
        anchor::write(state, &Anchor { chain: known, breaks: breaks + 1 })
    }

    /// Writes what is not written yet, and the anchor.
    ///
    /// # Errors
    /// As [`Log::write`].
    pub fn close(&mut self, state: &State) -> io::Result<()> {
        self.write()?;
        anchor::write(state, &Anchor { chain: self.chain.clone(), breaks: self.breaks })
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
    let what = text!(
        ja: "監査記録の最後の記録が壊れています",
        en: "the last record of the audit log is damaged",
    );
    refused(io::ErrorKind::InvalidData, what)
}
