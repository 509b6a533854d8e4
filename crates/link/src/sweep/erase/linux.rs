//! Deleting on Linux: a file is moved into a private folder on the same volume, looked at again,
//! and only then deleted. What is not the file that was decided about goes back under its name.
//!
//! Behind a mount nothing is held open while a file is moved or deleted, and it is opened anew
//! under its new name: what this machine remembers of a file says nothing about which file the
//! server has moved.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::thread;
use std::time::Duration;

use super::{Obstacle, digest, put_back, refusal};
use crate::folder::{Folder, Identity, Reach};
use crate::sweep::lease::{self, Held, Proof};

/// How long a moved file waits before it is deleted: whoever found its name before it was
/// moved has opened it by then, and is noticed.
const GRACE: Duration = Duration::from_millis(100);

/// A file that may be deleted as far as it is known; held open on a disk of this machine.
#[derive(Debug)]
pub(in crate::sweep) struct Ready {
    file: Option<File>,
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
    if !identity.is_same_state(seen) {
        return Err(Obstacle::Changed);
    }
    let proof = free(&file, &identity, folder.reach())?;
    let digest = digest(&file, &identity).map_err(|error| refusal(&error))?;
    let again = Folder::identity_of(&file).map_err(|error| refusal(&error))?;
    if again != identity {
        return Err(Obstacle::Changed);
    }
    let file = (folder.reach() == Reach::Local).then_some(file);
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

/// Moves the file into a private folder, or leaves everything as it was.
pub(in crate::sweep) fn set_aside(
    folder: &Folder,
    aside: &Folder,
    ready: &Ready,
) -> Result<(), Obstacle> {
    let Ready { file, name, identity, proof, .. } = ready;
    let moved = folder.take(name, aside, name);
    let outcome = moved.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Obstacle::Stranded,
        _ => refusal(&error),
    });
    let outcome = outcome.and_then(|()| {
        let there = aside.probe(name).ok().flatten();
        let is_same = there.is_some_and(|there| is_unchanged(&there, identity));
        let is_intact = |file: &File| lease::is_intact(file, identity, *proof);
        let obstacle = if !is_same {
            Obstacle::Changed
        } else if file.as_ref().is_none_or(is_intact) {
            return Ok(());
        } else {
            Obstacle::Open
        };
        Err(put_back(folder, aside, name).err().unwrap_or(obstacle))
    });
    file.as_ref().map(lease::release);
    outcome
}

/// Deletes a file that stands aside, or puts it back.
fn delete(folder: &Folder, aside: &Folder, ready: &Ready) -> Result<(), Obstacle> {
    let name = &ready.name;
    let back = |obstacle| Err(put_back(folder, aside, name).err().unwrap_or(obstacle));
    let Some(file) = &ready.file else {
        let looked = aside.open_file(name).map_err(|error| refusal(&error));
        // The file is closed when this is known.
        return match looked.and_then(|(file, _)| look(aside, ready, &file)) {
            Err(obstacle) => back(obstacle),
            Ok(()) => aside.remove(name).or_else(|error| back(refusal(&error))),
        };
    };
    let outcome = match look(aside, ready, file) {
        Err(obstacle) => {
            lease::release(file);
            return back(obstacle);
        }
        Ok(()) => aside.remove(name),
    };
    let outcome = match outcome {
        Err(error) => back(refusal(&error)),
        Ok(()) => match Folder::identity_of(file) {
            Ok(now) if now.links > 0 => Err(Obstacle::Linked),
            _ => Ok(()),
        },
    };
    lease::release(file);
    outcome
}

/// The last look at a file that stands aside.
fn look(aside: &Folder, ready: &Ready, file: &File) -> Result<(), Obstacle> {
    let Ready { name, identity, .. } = ready;
    let proof = free(file, identity, aside.reach())?;
    let now = Folder::identity_of(file).map_err(|error| refusal(&error))?;
    if !is_unchanged(&now, identity) || digest(file, &now).ok().as_ref() != Some(&ready.digest) {
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
}

/// The same file with the same content, as far as its facts tell; being moved changes only the
/// time of the last change.
fn is_unchanged(now: &Identity, then: &Identity) -> bool {
    now.is_same_file(then)
        && (now.kind, now.size, now.modified) == (then.kind, then.size, then.modified)
}

fn free(file: &File, identity: &Identity, reach: Reach) -> Result<Proof, Obstacle> {
    match lease::take(file, identity, reach) {
        Held::Free(proof) => Ok(proof),
        Held::Open => Err(Obstacle::Open),
        Held::Elsewhere => Err(Obstacle::OpenElsewhere),
        Held::Unknown => Err(Obstacle::OpenUnknown),
    }
}
