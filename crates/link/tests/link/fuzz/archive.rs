//! ZIP files whose bytes and whose fields are damaged, with damaged messages in them.

use link::archive::{self, ENTRIES_MAX, Entry, Lock, UNPACKED_MAX_BYTES};
use link::catalogue::Catalogue;
use link::document;

use super::document::bytes;
use super::random::Random;

/// The three kinds of records, and how many bytes of numbers follow their signature.
const RECORDS: [(&[u8; 4], usize); 3] =
    [(b"PK\x03\x04", 26), (b"PK\x01\x02", 42), (b"PK\x05\x06", 18)];
/// Methods of packing, versions, flags, marks of extra fields: numbers of two bytes.
const NUMBERS: &[u16] =
    &[0, 1, 2, 8, 9, 12, 14, 20, 51, 63, 93, 95, 98, 99, 0x800, 0x9901, 0x7fff, 0x8000, 0xffff];
const PASSWORD: &str = "shiken-99";

/// ZIP files as a terminal writes them. Keys take long to make, so that a few serve many rounds.
pub(super) struct Archives {
    files: Vec<Vec<u8>>,
    made: usize,
}

impl Archives {
    pub(super) fn new() -> Self {
        Self { files: Vec::new(), made: 0 }
    }

    fn make(random: &mut Random, catalogue: &Catalogue) -> Vec<u8> {
        let entry = |number: usize, bytes| {
            let name = if number == 2 { "読.txt".to_owned() } else { format!("OQS_{number}.xml") };
            Entry { name, bytes }
        };
        let count = random.below(4);
        let entries: Vec<Entry> =
            (0..count).map(|number| entry(number, bytes(random, catalogue))).collect();
        let lock = Lock { password: PASSWORD.to_owned(), salt: random.next() };
        archive::write(&entries, random.is_one_in(2).then_some(&lock))
    }

    /// What is unpacked stays within its bounds and its folder, and is read as a message.
    pub(super) fn round(&mut self, random: &mut Random, catalogue: &Catalogue) -> bool {
        const KEPT: usize = 16;
        if self.files.len() < KEPT {
            self.files.push(Self::make(random, catalogue));
        } else if random.is_one_in(64) {
            self.made = (self.made + 1) % KEPT;
            self.files[self.made] = Self::make(random, catalogue);
        }
        let mut file = self.files[random.below(self.files.len())].clone();
        if !random.is_one_in(4) {
            for _ in 0..=random.below(3) {
                field(random, &mut file);
            }
        }
        if random.is_one_in(2) {
            file = random.damage(&file);
        }
        let password = random.of(&[Some(PASSWORD), Some("x"), Some(""), None]);
        let Ok(entries) = archive::read(&file, password) else { return false };
        let size: usize = entries.iter().map(|entry| entry.bytes.len()).sum();
        assert!(size as u64 <= UNPACKED_MAX_BYTES && entries.len() <= ENTRIES_MAX);
        for entry in entries {
            assert!(!entry.name.contains(['/', '\\', ':', '\0']) && entry.name != "..");
            let _ = document::parse(&entry.bytes);
        }
        true
    }
}

/// Sets a field of one of the records, or a name in it.
fn field(random: &mut Random, file: &mut [u8]) {
    let (signature, length) = random.of(&RECORDS);
    let places: Vec<usize> = file
        .windows(4)
        .enumerate()
        .filter_map(|(at, four)| (four == signature).then_some(at + 4))
        .collect();
    if places.is_empty() {
        return;
    }
    let begin = random.of(&places);
    let at = begin + random.below(length / 2) * 2;
    match random.below(4) {
        0 => set(file, at, &random.of(NUMBERS).to_le_bytes()),
        1 => {
            let near = u32::try_from(file.len())
                .unwrap_or(0)
                .wrapping_add_signed(i32::try_from(random.below(9)).unwrap_or(0) - 4);
            set(file, at, &near.to_le_bytes());
        }
        2 => set(file, at, &u32::MAX.to_le_bytes()),
        // A name of the same length that leads elsewhere.
        _ => {
            let names: [&[u8]; 5] = [b"../", b"a/b", b"C:a", b"OQS_1.xml", b"\0\r\n"];
            set(file, begin + length, random.of(&names));
        }
    }
}

fn set(file: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = file.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}
