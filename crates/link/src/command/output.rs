//! Writing: data to standard output, everything else to standard error.

use std::io::Write;

/// Exit code when everything went as asked.
pub(crate) const DONE: u8 = 0;
/// Exit code for arguments or input that cannot be used.
pub(crate) const UNUSABLE: u8 = 3;

/// Writes data. A reader that went away is no fault.
pub(crate) fn data(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}
