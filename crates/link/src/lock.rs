//! Locks between processes, on a file that stands for what only one of them may use.
//!
//! On Linux they are advisory and concern the whole file. On Windows a lock forbids every other
//! handle to read and write the locked bytes, so one byte far behind any content is locked:
//! whoever looks at the file (a backup, an editor, another handle of ours) is never refused.

#[cfg(target_os = "linux")]
mod platform {
    use std::fs::{File, TryLockError};
    use std::io;

    pub(super) fn wait(file: &File) -> io::Result<()> {
        file.lock()
    }

    pub(super) fn attempt(file: &File) -> Result<(), TryLockError> {
        file.try_lock()
    }

    pub(super) fn release(file: &File) -> io::Result<()> {
        file.unlock()
    }
}

#[cfg(windows)]
mod platform {
    use std::fs::{File, TryLockError};
    use std::io;

    use crate::windows;

    /// `ERROR_LOCK_VIOLATION`: somebody else has the lock.
    const TAKEN: i32 = 33;

    pub(super) fn wait(file: &File) -> io::Result<()> {
        windows::lock(file, windows::Patience::Wait)
    }

    pub(super) fn attempt(file: &File) -> Result<(), TryLockError> {
        windows::lock(file, windows::Patience::Refuse).map_err(|error| {
            if error.raw_os_error() == Some(TAKEN) {
                TryLockError::WouldBlock
            } else {
                TryLockError::Error(error)
            }
        })
    }

    pub(super) fn release(file: &File) -> io::Result<()> {
        windows::unlock(file)
    }
}

use std::fs::{File, TryLockError};
use std::io;

/// Does something while nobody else has the lock of this file; waits for it.
///
/// # Errors
/// When the system has no lock to give.
pub(crate) fn while_locked<T, E: From<io::Error>>(
    file: &mut File,
    work: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    platform::wait(file)?;
    let outcome = work(file);
    platform::release(file)?;
    outcome
}

/// Takes the lock until the file is closed; false if somebody else has it.
///
/// # Errors
/// When the system has no lock to give.
pub(crate) fn take(file: &File) -> io::Result<bool> {
    match platform::attempt(file) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        // How a mounted share says it.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
            Ok(false)
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}
