//! Taking a file away so that nothing else goes with it. How that is done is the system's
//! matter; both ways open the file, look at it, and let nobody come in between.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
pub(super) use linux::{Ready, erase, examine, set_aside};
#[cfg(windows)]
pub(super) use windows::{Ready, erase, examine, set_aside};

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use sha2::{Digest, Sha256};

use crate::archive;
use crate::folder::{Folder, Identity};
use crate::pseudonym::hex;

/// Files that are deleted together: on Linux they wait together for whoever was about to open
/// one.
pub(super) const BATCH: usize = 64;

/// Why a file that was to be deleted is still there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Obstacle {
    /// Somebody else took it away.
    Gone,
    /// It is not the file, or not the content, that was decided about.
    Changed,
    /// Somebody has it open.
    Open,
    /// Somebody has it open through the server, or the server tells nobody.
    OpenElsewhere,
    /// It cannot be found out whether somebody has it open.
    OpenUnknown,
    /// It has another name by now; taking this one away would erase nothing.
    Linked,
    /// The system refused.
    Refused(io::ErrorKind),
    /// It stands aside in the private folder, because a new file took its name.
    Stranded,
}

impl Obstacle {
    /// The word for it in log and output in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Changed => "changed",
            Self::Open => "open",
            Self::OpenElsewhere => "open-elsewhere",
            Self::OpenUnknown => "open-unknown",
            Self::Linked => "hard-links",
            Self::Refused(_) => "refused",
            Self::Stranded => "stranded",
        }
    }
}

/// Whether it is known that somebody has the file open. What cannot be found out is `false`:
/// nothing may be deleted on this.
pub(crate) fn is_open(folder: &Folder, name: &OsStr) -> bool {
    let open = folder.open_file(name);
    #[cfg(target_os = "linux")]
    return open.is_ok_and(|(file, identity)| {
        let held = super::lease::take(&file, &identity, folder.reach());
        matches!(held, super::lease::Held::Open)
    });
    #[cfg(windows)]
    open.is_err_and(|error| refusal(&error) == Obstacle::Open)
}

/// The hash of the content of the file that was seen, whoever has it open.
pub(super) fn content(folder: &Folder, name: &OsStr, seen: &Identity) -> Option<String> {
    let (file, identity) = folder.open_file(name).ok()?;
    identity.is_same_state(seen).then_some(())?;
    digest(&file, &identity).ok()
}

/// Gives a file its name again, never over another one.
pub(super) fn put_back(folder: &Folder, aside: &Folder, name: &OsStr) -> Result<(), Obstacle> {
    aside.rename_new(name, folder, name).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Obstacle::Stranded,
        _ => refusal(&error),
    })
}

/// The SHA-256 of the whole content, in hexadecimal digits; empty for what is larger than any
/// answer. LIMIT: that is nothing that somebody acknowledged, and whoever may write into the share
/// could stop every pass with it.
fn digest(mut file: &File, identity: &Identity) -> io::Result<String> {
    if identity.size > archive::SIZE_MAX_BYTES {
        return Ok(String::new());
    }
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 64 * 1024];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&block[..count]),
        }
    }
}

fn refusal(error: &io::Error) -> Obstacle {
    // EBUSY and ETXTBSY; on Windows a sharing violation and a pending deletion.
    const BUSY: [i32; 2] = if cfg!(windows) { [32, 303] } else { [16, 26] };
    match error.kind() {
        io::ErrorKind::NotFound => Obstacle::Gone,
        // A server whose client holds the file without sharing its deletion says "busy".
        _ if error.raw_os_error().is_some_and(|code| BUSY.contains(&code)) => Obstacle::Open,
        kind => Obstacle::Refused(kind),
    }
}
