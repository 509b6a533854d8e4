//! Deleting on Windows: the file is opened so that nobody else can open it, looked at, and
//! deleted through that handle. Between the look and the deletion nothing can change, so it
//! need not be moved aside.

use std::ffi::{OsStr, OsString};
use std::fs::File;

use super::{Obstacle, digest, refusal};
use crate::folder::{Folder, Identity, open_alone};
use crate::windows;

/// A file that may be deleted as far as it is known, held open alone.
#[derive(Debug)]
pub(in crate::sweep) struct Ready {
    file: File,
    name: OsString,
    identity: Identity,
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
    let file = open_alone(folder.handle(), name).map_err(|error| refusal(&error))?;
    let identity = Folder::identity_of(&file).map_err(|error| refusal(&error))?;
    if !identity.is_same_state(seen) {
        return Err(Obstacle::Changed);
    }
    let digest = digest(&file, &identity).map_err(|error| refusal(&error))?;
    Ok(Ready { file, name: name.to_owned(), identity, digest })
}

/// Deletes what was examined.
///
/// # Shape
/// One outcome for each file, in their order.
pub(in crate::sweep) fn erase(
    _: &Folder,
    _: &Folder,
    files: &[Ready],
) -> Vec<Result<(), Obstacle>> {
    files.iter().map(delete).collect()
}

/// Moves what is held open alone into a private folder, or leaves everything as it was.
pub(in crate::sweep) fn set_aside(
    _: &Folder,
    aside: &Folder,
    ready: &Ready,
) -> Result<(), Obstacle> {
    let now = Folder::identity_of(&ready.file).map_err(|error| refusal(&error))?;
    if now.links != 1 {
        return Err(Obstacle::Linked);
    }
    let target = aside.handle().at(&ready.name);
    windows::rename_new(&ready.file, target.as_os_str()).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Obstacle::Stranded,
        _ => refusal(&error),
    })
}

fn delete(ready: &Ready) -> Result<(), Obstacle> {
    let now = Folder::identity_of(&ready.file).map_err(|error| refusal(&error))?;
    if now.links != 1 {
        return Err(Obstacle::Linked);
    }
    windows::delete(&ready.file).map_err(|error| refusal(&error))
}
