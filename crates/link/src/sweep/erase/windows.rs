//! Deleting on Windows: the file is opened so that nobody else can open it, looked at, and
//! deleted through that handle. Between the look and the deletion nothing can change, so it
//! need not be moved aside.

use std::ffi::OsStr;
use std::fs::File;

use super::{Obstacle, READ_MAX_BYTES, digest, refusal};
use crate::folder::{Folder, Identity, open_alone};
use crate::windows;

/// A file that may be deleted as far as it is known, held open alone.
#[derive(Debug)]
pub(in crate::sweep) struct Ready {
    file: File,
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
    if identity != *seen {
        return Err(Obstacle::Changed);
    }
    if identity.size > READ_MAX_BYTES {
        return Err(Obstacle::Refused(std::io::ErrorKind::FileTooLarge));
    }
    let digest = digest(&file).map_err(|error| refusal(&error))?;
    Ok(Ready { file, identity, digest })
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

fn delete(ready: &Ready) -> Result<(), Obstacle> {
    let now = Folder::identity_of(&ready.file).map_err(|error| refusal(&error))?;
    if now.links != 1 {
        return Err(Obstacle::Linked);
    }
    windows::delete(&ready.file).map_err(|error| refusal(&error))
}
