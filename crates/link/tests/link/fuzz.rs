//! Bytes that nobody would write: names, messages, ZIP files and journals, damaged at random.
//!
//! `SEKISHO_FUZZ_SECONDS` says for how long; otherwise 20 seconds in CI and 2 elsewhere.

use std::ffi::OsString;
use std::fs;
use std::io::Cursor;
use std::time::{Duration, Instant};

use link::archive::{self, Entry};
use link::document::{self, Element};
use link::encoding::Encoding;
use link::folder::Folder;
use link::journal::Journal;
use link::name::Name;

use crate::budget;
use crate::place::Place;

/// Rounds for each of those that damage a journal: it waits for the disk, longer than everything
/// else together takes.
const JOURNAL_EVERY: u64 = 20;

/// Numbers that follow from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % end.max(1)
    }

    /// The bytes with some of them changed, doubled, cut out or cut off.
    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        const MARKS: &[u8] = b"<>&;/\"'\0\xff\x81\xe3PK\x05\x06\n -]!";
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = MARKS[self.below(MARKS.len())],
                2 => bytes.insert(at, MARKS[self.below(MARKS.len())]),
                3 => bytes.truncate(at),
                _ => {
                    let end = (at + self.below(20)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
        bytes
    }
}

/// Processor time of this thread.
#[cfg(target_os = "linux")]
pub(crate) fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "a test takes no centuries")]
    let seconds = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
    seconds
}

#[cfg(windows)]
pub(crate) fn cpu_seconds() -> f64 {
    f64::NAN
}

/// A file name of these bytes: on Windows, where names are UTF-16, of units of the same values.
fn file_name(bytes: &[u8]) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec());
    #[cfg(windows)]
    {
        let units: Vec<u16> = bytes
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |all, one| all << 8 | u16::from(*one)))
            .collect();
        std::os::windows::ffi::OsStringExt::from_wide(&units)
    }
}

#[test]
fn fuzz_a16_damaged_files_never_panic_and_never_become_other_records() {
    let seconds = std::env::var("SEKISHO_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let seconds = seconds.or_else(budget::seconds).unwrap_or(if is_ci { 20 } else { 2 });
    let (end, before) = (Instant::now() + Duration::from_secs(seconds), cpu_seconds());
    let leaf = Element::leaf("Name", "試験　太郎");
    let root = Element::parent("XmlMsg", vec![Element::parent("MessageHeader", vec![leaf])]);
    let xml = document::write(&root, Encoding::ShiftJis).expect("it can be written");
    let entry = Entry { name: "OQSsiquc01res_1.xml".to_owned(), bytes: xml.clone() };
    let lock = archive::Lock { password: "x".to_owned(), salt: 1 };
    let zips =
        [archive::write(std::slice::from_ref(&entry), None), archive::write(&[entry], Some(&lock))];
    let names = [
        "OQSsiquc01req_209901010001.xml",
        "OQSsiquc01res_face_991000000012345678901234567890_20990101091500.xml",
        ".0123456789abcdef.tmp",
        "del20990101.txt",
    ];
    let place = Place::new();
    let folder = Folder::open(place.path()).expect("it is there");
    let records = ["{\"event\":\"one\"}", "{\"event\":\"two\"}", "{\"event\":\"three\"}"];
    let mut journal = Journal::open(&folder, "journal").expect("it opens");
    for record in records {
        journal.append(record, |_| {}).expect("it is written");
    }
    let path = place.path().join("journal");
    let whole = fs::read(&path).expect("it is there");

    let mut random = Random(0x5eed);
    let mut rounds = 0_u64;
    while Instant::now() < end {
        let _ = document::parse(&random.damage(&xml));
        for zip in &zips {
            let _ = archive::read(Cursor::new(random.damage(zip)), Some("x"));
        }
        let whole_name = names[random.below(names.len())];
        let name = random.damage(whole_name.as_bytes());
        match Name::parse(&file_name(&name)) {
            Name::Exchange(known) => assert_eq!(known.to_string().as_bytes(), name),
            Name::Face(known) => assert_eq!(known.to_string().as_bytes(), name),
            Name::Leftover(known) | Name::Temporary(known) => assert_eq!(known.as_bytes(), name),
            Name::Foreign(_) => {}
        }
        rounds += 1;
        if rounds % JOURNAL_EVERY != 1 {
            continue;
        }
        fs::write(&path, random.damage(&whole)).expect("a file");
        let mut journal = Journal::open(&folder, "journal").expect("it opens");
        let each = |record: &str| assert!(records.contains(&record), "{record} was never written");
        let _ = journal.news(each);
    }
    let used = cpu_seconds() - before;
    println!("soak: A16: {rounds} rounds of damaged files, {used:.0} CPU seconds, no panic");
    assert!(rounds > 0, "at least one round was made");
}
