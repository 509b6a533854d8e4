//! What stands in the hand-over folders: one look at every folder, nothing opened or changed.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;

use super::aside;
use crate::folder::{Folder, Identity};
use crate::name::{Extension, Name};
use crate::quarantine;
use crate::retention::{Class, Part, class};

/// One name in one folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub(super) part: Part,
    /// Whether it stands in the quarantine of the folder.
    pub(super) is_quarantined: bool,
    pub(super) name: OsString,
    pub(super) identity: Identity,
    pub(super) class: Class,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The folders that are there, open.
    pub(super) parts: Vec<(Part, Folder)>,
    /// Their quarantines that are there, open.
    pub(super) quarantines: Vec<(Part, Folder)>,
    /// What stands in them, by folder and name; behind each folder its quarantine.
    pub(super) files: Vec<Found>,
    /// Folders that could not be read, or not to their end.
    pub(super) unreadable: Vec<(Part, io::ErrorKind)>,
    requests: BTreeSet<OsString>,
}

/// Looks at every name in every hand-over folder of `root`.
pub(super) fn survey(root: &Folder) -> Survey {
    let mut survey = Survey::default();
    for part in Part::ALL {
        match root.child(part.word()) {
            Ok(folder) => {
                let seen = survey.look(part, &folder, false);
                let seen = seen.and_then(|()| match quarantine::open(&folder)? {
                    Some(inside) => {
                        survey.look(part, &inside, true)?;
                        survey.quarantines.push((part, inside));
                        Ok(())
                    }
                    None => Ok(()),
                });
                if let Err(error) = seen {
                    survey.unreadable.push((part, error.kind()));
                }
                survey.parts.push((part, folder));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => survey.unreadable.push((part, error.kind())),
        }
    }
    survey
}

impl Survey {
    fn look(&mut self, part: Part, folder: &Folder, is_quarantined: bool) -> io::Result<()> {
        let inventory = folder.look()?;
        self.files.reserve(inventory.entries.len());
        for (name, identity) in inventory.entries {
            if [aside::FOLDER, quarantine::FOLDER].iter().any(|ours| name == OsStr::new(ours)) {
                continue;
            }
            let class = class(part, &Name::parse(&name));
            if class == Class::Request && !is_quarantined {
                self.requests.insert(name.clone());
            }
            self.files.push(Found { part, is_quarantined, name, identity, class });
        }
        if inventory.is_cut { Err(io::ErrorKind::QuotaExceeded.into()) } else { Ok(()) }
    }

    /// The open folder in which something was found.
    pub(super) fn folder(&self, found: &Found) -> Option<&Folder> {
        let open = if found.is_quarantined { &self.quarantines } else { &self.parts };
        open.iter().find(|one| one.0 == found.part).map(|one| &one.1)
    }

    /// Whether the request that a result answers still waits; if the folder of the requests
    /// could not be read, it may.
    pub(super) fn has_request(&self, found: &Found) -> bool {
        if found.class != Class::Result && found.class != Class::Error {
            return false;
        }
        if self.unreadable.iter().any(|one| one.0 == Part::Request) {
            return true;
        }
        if self.requests.is_empty() {
            return false;
        }
        let Name::Exchange(known) = Name::parse(&found.name) else { return false };
        let request = match found.class {
            Class::Result => known.counterpart(Extension::Xml),
            _ => known.with_extension(Extension::Xml),
        };
        self.requests.contains(OsStr::new(&request.to_string()))
    }

    /// The name whose acknowledgement counts for this file too: a request that the terminal
    /// sent back is finished when its error answer is.
    pub(super) fn also_acknowledged_as(&self, found: &Found) -> Option<OsString> {
        let Name::Exchange(known) = Name::parse(&found.name) else { return None };
        let is_returned = found.class == Class::Error && known.extension == Extension::Xml;
        is_returned.then(|| known.with_extension(Extension::Err).to_string().into())
    }
}
