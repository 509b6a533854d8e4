//! Whether anybody else has a file open, asked of the Linux kernel: it grants a write lease
//! only on a file that nobody else has open, and while it is held, whoever wants to open the
//! file waits and can be noticed. No process is ever signalled or disturbed.
//!
//! Behind a mount the kernel grants it only while the server lets this machine alone write to
//! the file. It is given back at once: the server waits for it when the file is moved.
//!
//! # Source
//! fcntl(2), "Leases": the owner of the file or `CAP_LEASE`; local file systems, and CIFS
//! where the server granted an exclusive oplock.

#![allow(unsafe_code, reason = "no safe crate of the tree offers F_SETLEASE")]

use std::fs::File;
use std::os::fd::AsRawFd;

use super::holders;
use crate::folder::{Identity, Reach};

/// The command that chooses the signal; from `linux/fcntl.h`, the same on every architecture.
const F_SETSIG: i32 = 10;

/// What is known about others who have the file open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    /// Nobody has it open.
    Free(Proof),
    /// Somebody has.
    Open,
    /// Somebody has it open through the server, or the server tells nobody.
    Elsewhere,
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
    /// Nobody had it open when the server was asked.
    Asked,
}

/// Takes the lease on a file that is open exactly once in this process, else looks at all
/// processes. The lease ends with [`release`] or when the file is closed.
pub(super) fn take(file: &File, identity: &Identity, reach: Reach) -> Held {
    match (ask(file), reach) {
        (Ok(_), Reach::Local) => Held::Free(Proof::Lease),
        (Err(std::io::ErrorKind::WouldBlock), Reach::Local) => Held::Open,
        (Err(_), Reach::Local) => holders::look(identity),
        (Ok(_), Reach::Smb) => {
            release(file);
            Held::Free(Proof::Asked)
        }
        // A server that grants no oplock refuses in the same words as a file that is open. What
        // this machine sees is not all, so that it can only say who has it.
        (Err(std::io::ErrorKind::WouldBlock), Reach::Smb) => match holders::look(identity) {
            Held::Open => Held::Open,
            _ => Held::Elsewhere,
        },
        (_, Reach::Smb | Reach::Other) => {
            release(file);
            Held::Unknown
        }
    }
}

/// Asks for the lease. A waiting opener is announced by a signal: the one that is chosen here is
/// ignored by default, where the usual one would end us.
fn ask(file: &File) -> Result<i32, std::io::ErrorKind> {
    match control(file, F_SETSIG, libc::SIGURG) {
        Ok(0) => control(file, libc::F_SETLEASE, libc::F_WRLCK),
        _ => Err(std::io::ErrorKind::Unsupported),
    }
}

/// True if nobody has tried to open the file since [`take`].
pub(super) fn is_intact(file: &File, identity: &Identity, proof: Proof) -> bool {
    match proof {
        Proof::Lease => control(file, libc::F_GETLEASE, 0) == Ok(libc::F_WRLCK),
        Proof::Looked => holders::look(identity) == Held::Free(Proof::Looked),
        Proof::Asked => take(file, identity, Reach::Smb) == Held::Free(Proof::Asked),
    }
}

/// True if the server of a file that nobody else can have open says so.
pub(crate) fn does_server_tell(file: &File) -> bool {
    let is_granted = ask(file).is_ok();
    release(file);
    is_granted
}

/// Lets whoever waits go on.
pub(super) fn release(file: &File) {
    // Closing the file would do the same; a failure leaves that.
    let _ = control(file, libc::F_SETLEASE, libc::F_UNLCK);
}

fn control(file: &File, command: i32, argument: i32) -> Result<i32, std::io::ErrorKind> {
    // SAFETY: these commands take an integer and touch no memory of ours; the descriptor is
    // open as long as `file` is borrowed.
    let answer = unsafe { libc::fcntl(file.as_raw_fd(), command, argument) };
    if answer < 0 { Err(std::io::Error::last_os_error().kind()) } else { Ok(answer) }
}
