//! Reads the whole log, record by record, and finds the first one that does not fit.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};

use super::record::{BREAK, Chain, NO_HASH, Record};
use crate::folder::Folder;

/// LIMIT: longest line of the log.
pub(super) const LINE_MAX_BYTES: usize = 16 * 1024;

/// What is wrong with a place of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// The line is no record, or does not fit its own hash.
    Changed,
    /// It does not follow the record before it.
    NotNext,
    /// The line was not written to its end.
    Torn,
    /// Records are missing at the end: more were written than are there.
    Shortened,
    /// Another record stands where one stood that is known elsewhere.
    Replaced,
    /// There are records, and the anchor is gone.
    AnchorGone,
    /// The anchor was not written with this key, or was changed.
    AnchorChanged,
}

impl FaultKind {
    /// The word for it in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::NotNext => "not-next",
            Self::Torn => "torn",
            Self::Shortened => "shortened",
            Self::Replaced => "replaced",
            Self::AnchorGone => "anchor-gone",
            Self::AnchorChanged => "anchor-changed",
        }
    }
}

/// A place of the log that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The number that the record there should have.
    pub number: u64,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What a reading of the whole log found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// The number of the first record; 0 if there is none. More than 1 only if the log was begun
    /// anew after a break.
    pub first: u64,
    /// How often the log was begun anew.
    pub breaks: u64,
    /// When that was last.
    pub broken_at: Option<i128>,
    /// The end of what fits.
    pub chain: Chain,
    /// The first place that does not.
    pub fault: Option<Fault>,
}

impl Verified {
    /// Whether the log is whole and tells everything since that moment.
    #[must_use]
    pub fn is_whole_since(&self, since: i128) -> bool {
        self.fault.is_none() && self.first > 0 && self.broken_at.is_none_or(|then| then < since)
    }

    fn begin(&mut self, record: &Record) {
        self.first = record.number;
        if record.act == BREAK {
            self.breaks = record.number_of("breaks").unwrap_or(1);
            self.broken_at = Some(record.moment);
        }
    }
}

/// The files of the log with their years, the oldest first.
pub(super) fn files(folder: &Folder) -> io::Result<Vec<(String, i128)>> {
    let year = |name: &OsStr| {
        let year = name.to_str()?.strip_prefix("audit-")?.strip_suffix(".jsonl")?;
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        year.parse().ok().filter(|_| is_year)
    };
    let names = folder.list()?.names;
    let known = names.iter().filter_map(|name| Some((name.to_str()?.to_owned(), year(name)?)));
    Ok(known.collect())
}

/// Reads the whole log.
///
/// # Errors
/// When it cannot be read; what does not fit is part of the result.
pub fn verify(folder: &Folder) -> io::Result<Verified> {
    each(folder, |_| ())
}

/// As [`verify`]; hands out every record that fits, up to the first that does not.
///
/// # Errors
/// When the log cannot be read.
pub fn each(folder: &Folder, mut hand_out: impl FnMut(&Record)) -> io::Result<Verified> {
    let mut found = Verified::default();
    for (name, _) in files(folder)? {
        let (file, _) = folder.open_growing(OsStr::new(&name))?;
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let limit = LINE_MAX_BYTES as u64 + 1;
            if reader.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let kind = match follow(&found, &line) {
                Ok(record) => {
                    if found.first == 0 {
                        found.begin(&record);
                    }
                    found.chain = Chain { last: record.number, head: record.hash.clone() };
                    hand_out(&record);
                    continue;
                }
                Err(kind) => kind,
            };
            let expected = found.chain.last + 1;
            found.fault = Some(Fault { file: name, line: number, number: expected, kind });
            return Ok(found);
        }
    }
    Ok(found)
}

/// The record in `line`, if it is the next one.
fn follow(found: &Verified, line: &[u8]) -> Result<Record, FaultKind> {
    let Some(line) = line.strip_suffix(b"\n") else {
        let is_long = line.len() > LINE_MAX_BYTES;
        return Err(if is_long { FaultKind::Changed } else { FaultKind::Torn });
    };
    let record = Record::read(line).ok_or(FaultKind::Changed)?;
    let is_next = if found.first == 0 {
        // A log begins with record 1, or says why it does not.
        record.act == BREAK || (record.number == 1 && record.before == NO_HASH)
    } else {
        record.number == found.chain.last + 1 && record.before == found.chain.head
    };
    if is_next { Ok(record) } else { Err(FaultKind::NotNext) }
}
