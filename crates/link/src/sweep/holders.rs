//! Who has a file open, by looking at every process: the way where the kernel grants no lease.
//! It is complete only with the right to look at all of them.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

use super::lease::{Held, Proof};
use crate::folder::Identity;

/// LIMIT: most processes and open files that are looked at; with more the answer is unknown.
const LOOKED_MAX: usize = 1_000_000;

/// Looks whether any other process has the file open.
///
/// # Shape
/// `Open` as soon as one is found; `Unknown` if any process could not be looked at. A file that
/// is only mapped into memory, its descriptor closed, is not noticed.
pub(super) fn look(identity: &Identity) -> Held {
    let Ok(processes) = fs::read_dir("/proc") else { return Held::Unknown };
    let own = std::process::id().to_string();
    let mut is_complete = true;
    let mut looked = 0;
    for process in processes.flatten() {
        let name = process.file_name();
        let is_process = name.to_str().is_some_and(|name| name.bytes().all(|c| c.is_ascii_digit()));
        if !is_process || name.to_str() == Some(own.as_str()) {
            continue;
        }
        let open = match fs::read_dir(process.path().join("fd")) {
            Ok(open) => open,
            Err(error) if is_gone(&error) => continue,
            Err(_) => {
                is_complete = false;
                continue;
            }
        };
        for descriptor in open.flatten() {
            looked += 1;
            if looked > LOOKED_MAX {
                return Held::Unknown;
            }
            match fs::metadata(descriptor.path()) {
                Ok(found) if is_same(&found, identity) => return Held::Open,
                Err(error) if !is_gone(&error) => is_complete = false,
                _ => {}
            }
        }
    }
    if is_complete { Held::Free(Proof::Looked) } else { Held::Unknown }
}

/// The process or the descriptor ended meanwhile.
fn is_gone(error: &io::Error) -> bool {
    const NO_SUCH_PROCESS: i32 = 3;
    error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(NO_SUCH_PROCESS)
}

fn is_same(found: &fs::Metadata, identity: &Identity) -> bool {
    let (major, minor) = (rustix::fs::major(found.dev()), rustix::fs::minor(found.dev()));
    let volume = u64::from(major) << 32 | u64::from(minor);
    volume == identity.volume && u128::from(found.ino()) == identity.file
}
