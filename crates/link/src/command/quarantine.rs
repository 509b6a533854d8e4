//! `quarantine`: what stands in quarantine; putting it back, or saying that it is settled.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use diag::{Lang, text};

use super::output::{self, DONE};
use super::sweep::unusable;
use crate::acknowledge::Acknowledgements;
use crate::folder::{Folder, Kind};
use crate::retention::{Part, SECOND};
use crate::state::{self, State};
use crate::sweep::age;
use crate::{moment, pseudonym, quarantine};

/// Exit code when something stands in quarantine, or a name could not be dealt with.
const ALARMING: u8 = 1;
/// LIMIT: largest file that is settled; larger ones are deleted by hand.
const SIZE_MAX_BYTES: u64 = 1 << 30;

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  隔離は空 / nothing is in quarantine
  1  隔離にファイルがある、または扱えない名前があった\
     / files are in quarantine, or a name could not be dealt with
  3  フォルダーや台帳が使えない / unusable folder or state";

/// 隔離したファイルを示し、戻すか用済みにします / shows, releases or settles quarantined files
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Quarantine {
    /// 共有フォルダー（req・res・face がある所）/ the folder that holds req, res and face
    dir: PathBuf,
    /// 元の場所に戻す / puts these back where they were
    #[arg(long, value_name = "NAME", num_args = 1..)]
    release: Vec<OsString>,
    /// 確かめ終えた（掃除が消してよい）/ these are settled; the sweeper may delete them
    #[arg(long, value_name = "NAME", num_args = 1..)]
    settle: Vec<OsString>,
    /// 実際のファイル名（患者を指すことがあります）/ real names, which may identify patients
    #[arg(long)]
    names: bool,
    /// 確かめた側の名前 / who says that they are settled
    #[arg(long, value_name = "NAME", default_value = "client")]
    consumer: String,
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "STATE")]
    state: Option<PathBuf>,
}

/// A hand-over folder and its quarantine.
struct Place {
    part: Part,
    folder: Folder,
    inside: Folder,
}

impl Quarantine {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let path = self.state.clone().unwrap_or_else(state::default_path);
        if state::is_inside(&path, &self.dir) {
            output::fail(lang, "P440", &super::options::shared_state(&path));
            return output::UNUSABLE;
        }
        let state = match State::open(&path) {
            Ok(state) => state,
            Err(error) => return unusable(lang, &path, &error),
        };
        let places = match self.places() {
            Ok(places) => places,
            Err(error) => return unusable(lang, &self.dir, &error),
        };
        let mut is_right = true;
        for name in &self.release {
            is_right &= self.release(lang, &state, &places, name);
        }
        for name in &self.settle {
            is_right &= self.settle(lang, &state, &places, name);
        }
        match self.list(lang, &state, &places) {
            Ok(list) => {
                let code = if is_right && list.is_empty() { DONE } else { ALARMING };
                output::data(lang, &list, code)
            }
            Err(error) => unusable(lang, &self.dir, &error),
        }
    }

    fn places(&self) -> io::Result<Vec<Place>> {
        let root = Folder::open(&state::absolute(&self.dir)?)?;
        let mut places = Vec::new();
        for part in Part::ALL {
            let folder = match root.child(part.word()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?,
            };
            if let Some(inside) = quarantine::open(&folder)? {
                places.push(Place { part, folder, inside });
            }
        }
        Ok(places)
    }

    /// Every file, with its age since it was moved, a line each.
    fn list(&self, lang: Lang, state: &State, places: &[Place]) -> io::Result<String> {
        let now = moment::now();
        let mut list = String::new();
        for Place { part, inside, .. } in places {
            for (name, identity) in inside.look()?.entries {
                if identity.kind != Kind::File {
                    continue;
                }
                let since = (now - identity.changed.max(identity.modified)).max(0) / SECOND;
                let since = age(u64::try_from(since).unwrap_or(u64::MAX));
                let shown = self.shown(state, &name);
                let part = part.word();
                list += &format!("{:>8} {part}/{shown}\n", since.get(lang));
            }
        }
        Ok(list)
    }

    fn shown(&self, state: &State, name: &OsStr) -> String {
        if self.names {
            name.to_string_lossy().escape_debug().to_string()
        } else {
            state.key.name(name)
        }
    }

    fn release(&self, lang: Lang, state: &State, places: &[Place], written: &OsString) -> bool {
        let (place, name) = find(places, written);
        let outcome = place.map(|place| quarantine::release(&place.folder, name));
        match outcome {
            Some(Ok(())) => true,
            Some(Err(why)) => {
                let what = text!(
                    ja: "`{name}` を戻せません（{why}）",
                    en: "`{name}` cannot be put back ({why})",
                    name = self.shown(state, name), why = why.word(),
                );
                output::fail(lang, "L416", &what);
                false
            }
            None => self.unknown(lang, state, name),
        }
    }

    fn settle(&self, lang: Lang, state: &State, places: &[Place], written: &OsString) -> bool {
        let (place, name) = find(places, written);
        let Some(place) = place else { return self.unknown(lang, state, name) };
        let outcome = place.inside.read(name, SIZE_MAX_BYTES).and_then(|content| {
            let sum = pseudonym::digest(&content.bytes);
            Acknowledgements::acknowledge(state, name, &sum, &self.consumer, moment::now())
                .map_err(|error| diag::refused(io::ErrorKind::Other, error.text()))
        });
        if let Err(error) = outcome {
            let what = text!(
                ja: "`{name}` を用済みにできません: {reason}",
                en: "`{name}` cannot be settled: {reason}",
                name = self.shown(state, name), reason = diag::os_error(&error),
            );
            output::fail(lang, "L416", &what);
            return false;
        }
        true
    }

    fn unknown(&self, lang: Lang, state: &State, name: &OsStr) -> bool {
        let what = text!(
            ja: "`{name}` は隔離にありません", en: "`{name}` is not in quarantine",
            name = self.shown(state, name),
        );
        output::fail(lang, "L416", &what);
        false
    }
}

/// Where the file of this name stands. What is written may be a name, or a path that ends with it,
/// as in the list: a folder before it is the one that is meant.
fn find<'a>(places: &'a [Place], written: &'a OsString) -> (Option<&'a Place>, &'a OsStr) {
    let path = Path::new(written);
    let name = path.file_name().unwrap_or(written);
    let above = path.parent().and_then(Path::file_name);
    let above = above.filter(|above| *above != OsStr::new(quarantine::FOLDER));
    let is_meant = |place: &&Place| {
        above.is_none_or(|above| above == OsStr::new(place.part.word()) || path.is_absolute())
    };
    let is_there = |place: &&Place| matches!(place.inside.probe(name), Ok(Some(_)));
    (places.iter().filter(is_meant).find(is_there), name)
}
