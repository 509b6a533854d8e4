//! ZIP files with messages in them: read within bounds, so that a small file costs no large
//! memory, and written for the emulator.

use std::io::{Cursor, Read, Write};

use zip::read::ZipReadOptions;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{AesSalt, CompressionMethod, ZipArchive, ZipWriter};

/// Largest ZIP or PDF file. LIMIT: a larger one is refused without being read. More than comes
/// out of a ZIP file is never in one that is taken.
pub const SIZE_MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Most files in it. LIMIT.
pub const ENTRIES_MAX: usize = 1_000;
/// Most bytes that one byte may become. LIMIT: XML packs to about a twentieth.
pub const RATIO_MAX: u64 = 100;
/// Bytes that may come out whatever their ratio: a short file with much repetition.
const RATIO_FREE_BYTES: u64 = 64 * 1024;
/// Most bytes that may come out of one file, and of all. LIMIT.
pub const UNPACKED_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Most bytes of names and remarks in its directory. LIMIT: two thousand for each file.
const NAMES_MAX_BYTES: usize = 2 * 1024 * 1024;

/// What each entry of the directory of a ZIP file begins with (APPNOTE 6.3.10, 4.3.12).
const ENTRY: &[u8] = b"PK\x01\x02";

/// Why a ZIP file was not read. It never holds anything of the content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArchiveError {
    /// It may still be in the making: the directory at its end is not there, or a sum is wrong.
    Unfinished,
    /// It is encrypted, and there is no password.
    Locked,
    /// It is encrypted with another password.
    WrongPassword,
    /// It holds more than it may.
    TooLarge,
    /// A name in it leads elsewhere.
    BadName,
    /// It is packed in a way that is not known.
    Unsupported,
}

/// A file from a ZIP file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Reads every file in a ZIP file.
///
/// # Errors
/// When it is not whole, does not open, or is more than it may be.
pub fn read(bytes: &[u8], password: Option<&str>) -> Result<Vec<Entry>, ArchiveError> {
    if has_long_directory(bytes) {
        return Err(ArchiveError::TooLarge);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| fault(&error))?;
    if archive.len() > ENTRIES_MAX {
        return Err(ArchiveError::TooLarge);
    }
    if archive.has_duplicate_names() {
        return Err(ArchiveError::BadName);
    }
    let mut entries = Vec::new();
    let mut left = UNPACKED_MAX_BYTES;
    for index in 0..archive.len() {
        let options = ZipReadOptions::new().password(password.map(str::as_bytes));
        let file = archive.by_index_with_options(index, options).map_err(|error| fault(&error))?;
        let name = file.name().map_err(|error| fault(&error))?.into_owned();
        if !is_plain(&name) || !file.is_file() {
            return Err(ArchiveError::BadName);
        }
        let packed = file.compressed_size().saturating_mul(RATIO_MAX).max(RATIO_FREE_BYTES);
        let limit = packed.min(left);
        if file.size() > limit {
            return Err(ArchiveError::TooLarge);
        }
        let mut bytes = Vec::new();
        // What the directory says about the size is not believed either.
        let mut file = file.take(limit + 1);
        // A wrong sum or a cut stream.
        file.read_to_end(&mut bytes).map_err(|_| ArchiveError::Unfinished)?;
        let size = bytes.len() as u64;
        if size > limit {
            return Err(ArchiveError::TooLarge);
        }
        left -= size;
        entries.push(Entry { name, bytes });
    }
    Ok(entries)
}

/// True if there are more entries, or longer names, than there may be. The reader of ZIP files
/// makes the whole directory before it says how long it is.
fn has_long_directory(bytes: &[u8]) -> bool {
    let (mut count, mut length) = (0, 0);
    for at in memchr::memmem::find_iter(bytes, ENTRY) {
        count += 1;
        // Name, further fields and remark (4.3.12).
        let fields = bytes.get(at + 28..at + 34).unwrap_or_default();
        let fields = fields.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        length += fields.map(usize::from).sum::<usize>();
        if count > ENTRIES_MAX || length > NAMES_MAX_BYTES {
            return true;
        }
    }
    false
}

fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && !name.contains(['/', '\\', ':'])
        && !name.contains(char::is_control)
}

fn fault(error: &ZipError) -> ArchiveError {
    match error {
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => {
            ArchiveError::Locked
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            ArchiveError::Unsupported
        }
        ZipError::InvalidPassword => ArchiveError::WrongPassword,
        ZipError::DecompressedSizeLimitExceeded { .. } => ArchiveError::TooLarge,
        _ => ArchiveError::Unfinished,
    }
}

/// What a ZIP file is encrypted with.
#[derive(Clone, Debug)]
pub struct Lock {
    /// The password.
    pub password: String,
    /// Where the salt comes from: with the same number the file is the same.
    pub salt: u64,
}

/// Packs files, encrypted with AES-256 where there is a lock.
///
/// # Panics
/// Never: what is written into memory is short.
#[must_use]
pub fn write(entries: &[Entry], lock: Option<&Lock>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let started = match lock {
            Some(lock) => {
                let half = lock.salt.to_le_bytes();
                let salt = [half, half].concat().try_into().expect("twice eight bytes");
                let password = lock.password.as_bytes();
                let options = options.with_aes_encryption_and_salt(password, AesSalt::Aes256(salt));
                writer.start_file(&*entry.name, options)
            }
            None => writer.start_file(&*entry.name, options),
        };
        started.expect("a name fits into a directory");
        writer.write_all(&entry.bytes).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}
