//! Deleting on Linux: a file is moved into a private folder on the same volume, looked at again,
//! and only then deleted. What is not the file that was decided about goes back under its name.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::thread;
use std::time::Duration;

use super::{Obstacle, READ_MAX_BYTES, digest, put_back, refusal};
use crate::folder::{Folder, Identity};
use crate::sweep::lease::{self, Held, Proof};

/// How long a moved file waits before it is deleted: whoever found its name before it was
/// moved has opened it by then, and is noticed.
const GRACE: Duration = Duration::from_millis(100);

/// A file that may be deleted as far as it is known, held open.
#[derive(Debug)]
pub(in crate::sweep) struct Ready {
    file: File,
    name: OsString,
    identity: Identity,
    proof: Proof,
    /// The SHA-256 of its content.
    pub(in crate::sweep) digest: String,
}

impl Ready {
    /// Which file it is.
    pub(in crate::sweep) fn identity(&self) -> &Identity {
        &self.identity
    }
}

/// Opens the file that was seen and reads its content. Changes nothing.
pub(in crate::sweep) fn examine(
    folder: &Folder,
    name: &OsStr,
    seen: &Identity,
) -> Result<Ready, Obstacle> {
    let (file, identity) = folder.open_file(name).map_err(|error| refusal(&error))?;
    if identity != *seen {
        return Err(Obstacle::Changed);
    }
    if identity.size > READ_MAX_BYTES {
        return Err(Obstacle::Refused(io::ErrorKind::FileTooLarge));
    }
    let proof = free(&file, &identity)?;
    let digest = digest(&file).map_err(|error| refusal(&error))?;
    let again = Folder::identity_of(&file).map_err(|error| refusal(&error))?;
    if again != identity {
        return Err(Obstacle::Changed);
    }
    Ok(Ready { file, name: name.to_owned(), identity, proof, digest })
}

/// Deletes what was examined.
///
/// # Shape
/// One outcome for each file, in their order.
pub(in crate::sweep) fn erase(
    folder: &Folder,
    aside: &Folder,
    files: &[Ready],
) -> Vec<Result<(), Obstacle>> {
    let moved: Vec<_> = files.iter().map(|file| set_aside(folder, aside, file)).collect();
    if moved.iter().any(Result::is_ok) {
        thread::sleep(GRACE);
    }
    let each = files.iter().zip(moved);
    each.map(|(file, moved)| moved.and_then(|()| delete(folder, aside, file))).collect()
}

/// Moves the file into the private folder, or leaves everything as it was.
fn set_aside(folder: &Folder, aside: &Folder, ready: &Ready) -> Result<(), Obstacle> {
    let Ready { file, name, identity, proof, .. } = ready;
    let moved = folder.rename_new(name, aside, name);
    let outcome = moved.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Obstacle::Stranded,
        _ => refusal(&error),
    });
    let outcome = outcome.and_then(|()| {
        let there = aside.probe(name).ok().flatten();
        let is_same = there.is_some_and(|there| is_unchanged(&there, identity));
        let obstacle = if !is_same {
            Obstacle::Changed
        } else if lease::is_intact(file, identity, *proof) {
            return Ok(());
        } else {
            Obstacle::Open
        };
        Err(put_back(folder, aside, name).err().unwrap_or(obstacle))
    });
    lease::release(file);
    outcome
}

/// Deletes a file that stands aside, or puts it back.
fn delete(folder: &Folder, aside: &Folder, ready: &Ready) -> Result<(), Obstacle> {
    let Ready { file, name, identity, digest: expected, .. } = ready;
    let look = || {
        let proof = free(file, identity)?;
        let now = Folder::identity_of(file).map_err(|error| refusal(&error))?;
        if !is_unchanged(&now, identity) || digest(file).ok().as_ref() != Some(expected) {
            return Err(Obstacle::Changed);
        }
        if now.links != 1 {
            return Err(Obstacle::Linked);
        }
        let there = aside.probe(name).ok().flatten();
        if !there.is_some_and(|there| there.is_same_file(identity)) {
            return Err(Obstacle::Changed);
        }
        if lease::is_intact(file, identity, proof) { Ok(()) } else { Err(Obstacle::Open) }
    };
    if let Err(obstacle) = look() {
        lease::release(file);
        return Err(put_back(folder, aside, name).err().unwrap_or(obstacle));
    }
    let outcome = match aside.remove(name) {
        Err(error) => Err(put_back(folder, aside, name).err().unwrap_or(refusal(&error))),
        Ok(()) => match Folder::identity_of(file) {
            Ok(now) if now.links > 0 => Err(Obstacle::Linked),
            _ => Ok(()),
        },
    };
    lease::release(file);
    outcome
}

/// The same file with the same content, as far as its facts tell; being moved changes only the
/// time of the last change.
fn is_unchanged(now: &Identity, then: &Identity) -> bool {
    now.is_same_file(then)
        && (now.kind, now.size, now.modified) == (then.kind, then.size, then.modified)
}

fn free(file: &File, identity: &Identity) -> Result<Proof, Obstacle> {
    match lease::take(file, identity) {
        Held::Free(proof) => Ok(proof),
        Held::Open => Err(Obstacle::Open),
        Held::Unknown => Err(Obstacle::OpenUnknown),
    }
}
