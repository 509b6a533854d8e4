//! Whether anybody else has a file open, asked of the Linux kernel: it grants a write lease
//! only on a file that nobody else has open, and while it is held, whoever wants to open the
//! file waits and can be noticed. No process is ever signalled or disturbed.
//!
//! # Source
//! fcntl(2), "Leases": the owner of the file or `CAP_LEASE`; local file systems, and CIFS
//! where the server granted an exclusive oplock.

#![allow(unsafe_code, reason = "no safe crate of the tree offers F_SETLEASE")]

use std::fs::File;
use std::os::fd::AsRawFd;

use super::holders;
use crate::folder::Identity;

/// The command that chooses the signal; from `linux/fcntl.h`, the same on every architecture.
const F_SETSIG: i32 = 10;

/// What is known about others who have the file open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    /// Nobody has it open.
    Free(Proof),
    /// Somebody has.
    Open,
    /// It cannot be found out with the rights that we have.
    Unknown,
}

/// How it is known that nobody has a file open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Proof {
    /// The lease is held: nobody can open it unnoticed.
    Lease,
    /// Nobody had it open when all processes were looked at.
    Looked,
}

/// Takes the lease on a file that is open exactly once in this process, else looks at all
/// processes. The lease ends with [`release`] or when the file is closed.
pub(super) fn take(file: &File, identity: &Identity) -> Held {
    // A waiting opener is announced by a signal; the one chosen here is ignored by default.
    let is_quiet = control(file, F_SETSIG, libc::SIGURG) == Ok(0);
    let outcome = if is_quiet {
        control(file, libc::F_SETLEASE, libc::F_WRLCK)
    } else {
        Err(std::io::ErrorKind::Unsupported)
    };
    match outcome {
        Ok(_) => Held::Free(Proof::Lease),
        Err(std::io::ErrorKind::WouldBlock) if !is_remote(file) => Held::Open,
        // A server that grants no oplock refuses in the same words as a file that is open.
        Err(_) => holders::look(identity),
    }
}

/// True if nobody has tried to open the file since [`take`].
pub(super) fn is_intact(file: &File, identity: &Identity, proof: Proof) -> bool {
    match proof {
        Proof::Lease => control(file, libc::F_GETLEASE, 0) == Ok(libc::F_WRLCK),
        Proof::Looked => holders::look(identity) == Held::Free(Proof::Looked),
    }
}

/// Lets whoever waits go on.
pub(super) fn release(file: &File) {
    // Closing the file would do the same; a failure leaves that.
    let _ = control(file, libc::F_SETLEASE, libc::F_UNLCK);
}

fn is_remote(file: &File) -> bool {
    const CIFS: i64 = 0xFF53_4D42;
    const SMB2: i64 = 0xFE53_4D42;
    const NFS: i64 = 0x6969;
    let kind = rustix::fs::fstatfs(file).map(|found| found.f_type);
    kind.is_ok_and(|kind| matches!(kind, CIFS | SMB2 | NFS))
}

fn control(file: &File, command: i32, argument: i32) -> Result<i32, std::io::ErrorKind> {
    // SAFETY: these commands take an integer and touch no memory of ours; the descriptor is
    // open as long as `file` is borrowed.
    let answer = unsafe { libc::fcntl(file.as_raw_fd(), command, argument) };
    if answer < 0 { Err(std::io::Error::last_os_error().kind()) } else { Ok(answer) }
}
