//! Files that the user names. Only regular files are opened: a pipe or a device may give nothing,
//! or bytes without an end.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use diag::{refused, text};

/// Opens the file at `path` for reading.
///
/// # Errors
/// When the system refuses, or it is a folder, a pipe, a socket or a device.
pub fn open(path: &Path) -> io::Result<File> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        let what = text!(
            ja: "フォルダーです。ファイルを指定してください", en: "it is a folder; name a file",
        );
        return Err(refused(ErrorKind::IsADirectory, what));
    }
    if !kind.is_file() {
        let what = text!(
            ja: "パイプやデバイスです。普通のファイルを指定してください",
            en: "it is a pipe or a device; name a regular file",
        );
        return Err(refused(ErrorKind::InvalidInput, what));
    }
    File::open(path)
}

/// At most `most` bytes of the file at `path`, so that a huge one costs no memory.
///
/// # Errors
/// As [`open`], and when it cannot be read.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
