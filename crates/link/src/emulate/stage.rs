//! Doing the steps in the real folders, and writing down what was done.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::plan::{Place, Step};
use crate::folder::Folder;
use crate::{pseudonym, state};

/// The shared folders.
pub(super) struct Stage {
    req: Folder,
    res: Folder,
    face: Folder,
    open: BTreeMap<(Place, String), File>,
    /// Files in `res` that we made or found, and when.
    ages: BTreeMap<String, u64>,
    history: Option<File>,
}

impl Stage {
    /// Opens the three folders in `root`, and makes those that are missing.
    pub(super) fn open(root: &Path, history: Option<&Path>) -> io::Result<Self> {
        let root = Folder::open(&state::absolute(root)?)?;
        Ok(Self {
            req: root.child_or_new("req")?,
            res: root.child_or_new("res")?,
            face: root.child_or_new("face")?,
            open: BTreeMap::new(),
            ages: BTreeMap::new(),
            history: history.map(File::create).transpose()?,
        })
    }

    pub(super) fn folder(&self, place: Place) -> &Folder {
        match place {
            Place::Req => &self.req,
            Place::Res => &self.res,
            Place::Face => &self.face,
        }
    }

    /// Does one step. What the folder does not take is written down as well.
    pub(super) fn act(&mut self, now: u64, step: &Step) -> io::Result<()> {
        let (verb, place, name, bytes) = match step {
            Step::Remove(place, name) => ("remove", *place, name, None),
            Step::Publish(place, name, bytes) => ("publish", *place, name, Some(bytes)),
            Step::Open { place, name, .. } => ("open", *place, name, None),
            Step::Piece { place, name, bytes, .. } => ("piece", *place, name, Some(bytes)),
            Step::Close(place, name) => ("close", *place, name, None),
        };
        let outcome = self.act_in(step);
        if place == Place::Res && outcome.is_ok() {
            match step {
                Step::Remove(..) => {
                    self.ages.remove(name);
                }
                _ => {
                    self.ages.insert(name.clone(), now);
                }
            }
        }
        let sum = bytes.map_or_else(String::new, |bytes| {
            format!(" {} {}", bytes.len(), &pseudonym::digest(bytes)[..16])
        });
        let note = match outcome {
            Ok(()) => "",
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists => " not done",
                _ => return Err(error),
            },
        };
        self.note(&format!("{now} {verb} {}/{name}{sum}{note}", place.word()))
    }

    pub(super) fn note(&mut self, line: &str) -> io::Result<()> {
        match &mut self.history {
            Some(history) => writeln!(history, "{line}"),
            None => Ok(()),
        }
    }

    fn act_in(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Remove(place, name) => self.folder(*place).remove(OsStr::new(name)),
            Step::Publish(place, name, bytes) => {
                self.folder(*place).publish(OsStr::new(name), bytes)
            }
            Step::Open { place, name, length, is_locked } => {
                let file = self.folder(*place).create_new(OsStr::new(name))?;
                if *is_locked {
                    file.lock()?;
                }
                file.set_len(*length)?;
                self.open.insert((*place, name.clone()), file);
                Ok(())
            }
            Step::Piece { place, name, offset, bytes } => {
                let file = self.open.get_mut(&(*place, name.clone()));
                let file = file.ok_or(io::ErrorKind::NotFound)?;
                file.seek(SeekFrom::Start(*offset))?;
                file.write_all(bytes)
            }
            Step::Close(place, name) => {
                self.open.remove(&(*place, name.clone()));
                Ok(())
            }
        }
    }

    /// Files that nobody took away, as the terminal leaves them.
    pub(super) fn left_overs(&mut self, count: u64) -> io::Result<()> {
        for number in 0..count {
            let name = format!("OQSsiquc01res_2098{number:08}.xml");
            match self.res.create_new(OsStr::new(&name)) {
                Ok(mut file) => file.write_all(b"<XmlMsg></XmlMsg>\n")?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
            self.ages.insert(name, 0);
        }
        Ok(())
    }

    /// The terminal's own cleaner: what stayed too long goes, and a report stays.
    pub(super) fn clean(&mut self, now: u64, stay: u64, time: &str) -> io::Result<()> {
        let old = self.ages.iter().filter(|(name, made)| {
            now.saturating_sub(**made) >= stay
                && !name.starts_with("del")
                && !self.open.contains_key(&(Place::Res, (*name).clone()))
        });
        let old: Vec<String> = old.map(|(name, _)| name.clone()).collect();
        for name in &old {
            self.ages.remove(name);
            self.act(now, &Step::Remove(Place::Res, name.clone()))?;
        }
        if !old.is_empty() {
            let name = format!("del{time}{now:010}.txt");
            let text = format!("{} files\r\n", old.len()).into_bytes();
            self.act(now, &Step::Publish(Place::Res, name, text))?;
        }
        Ok(())
    }
}
