//! The doctor: what is wrong with a real hand-over folder, as far as it can be seen without
//! changing anything.

mod code;
mod files;
mod mount;
mod property;
mod quarantine;
mod rights;
#[cfg(target_os = "linux")]
mod samba;
mod server;

use std::io;
use std::path::Path;

use diag::{Diagnostic, Text, text};

use crate::folder::Folder;
use crate::moment;
use crate::retention::{Part, SECOND};
use crate::state;

pub use code::DOCTOR_CODES;
pub use mount::{Mount, mount_of};
pub use property::stay_time;

/// Whether a temporary file may be written to compare the clocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Probe {
    /// One file is written into the folder itself and taken away at once.
    Write,
    /// Nothing is written.
    Nothing,
}

/// What the doctor is shown besides the folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options<'a> {
    /// The text of the linkage application's `UserDefinition.property`.
    pub property: Option<&'a str>,
    /// A file with the settings of the Samba server that shares the folder; without it those of
    /// this machine are looked at.
    pub samba: Option<&'a Path>,
    /// Whether the clocks are compared by writing.
    pub probe: Probe,
}

/// Looks at the folder that holds `req`, `res` and `face`.
///
/// # Errors
/// When the folder itself cannot be opened or listed.
pub fn examine(path: &Path, options: &Options<'_>) -> io::Result<Vec<Diagnostic>> {
    let path = state::absolute(path)?;
    let root = Folder::open(&path)?;
    let now = moment::now();
    let mut found = Vec::new();
    let mount = mount::read(&path);
    found.extend(mount.as_ref().map(mount::findings).unwrap_or_default());
    let mut named = vec![(path.display().to_string(), path.clone())];
    let mut parts = Vec::new();
    let mut absent = Vec::new();
    for part in Part::ALL {
        match root.child(part.word()) {
            Ok(folder) => {
                named.push((part.word().to_owned(), folder.path().to_owned()));
                parts.push((part, folder));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => absent.push(part),
            Err(error) => found.push(unusable(part, &error)),
        }
    }
    if absent.len() == Part::ALL.len() {
        found.push(elsewhere());
    } else {
        found.extend(absent.into_iter().map(missing));
    }
    found.extend(rights::findings(&named));
    #[cfg(target_os = "linux")]
    found.extend(samba::findings(&path, mount.as_ref(), options.samba));
    for (part, folder) in &parts {
        found.extend(files::of_part(*part, folder, now)?);
        found.extend(quarantine::of_part(*part, folder, now)?);
    }
    found.extend(server::searches(&parts));
    found.extend(files::encodings(&parts, now));
    found.extend(files::other_consumers(&root, &parts)?);
    found.extend(files::recycled(&root, mount.as_ref().map(|mount| mount.point.as_path())));
    if let Some(text) = options.property {
        found.extend(property::findings(text));
    }
    if options.probe == Probe::Write {
        found.push(offset(&root));
        found.extend(server::tells(&root));
    }
    // The sort is stable: within a severity the order above stays.
    found.sort_by_key(|one| std::cmp::Reverse(one.severity));
    Ok(found)
}

/// None of the three folders is there.
fn elsewhere() -> Diagnostic {
    let headline = text!(
        ja: "req・res・face のどれもありません", en: "it holds none of req, res and face",
    );
    Diagnostic::error("E410", headline).advise(place())
}

fn missing(part: Part) -> Diagnostic {
    let headline = text!(
        ja: "フォルダー `{part}` がありません",
        en: "there is no folder `{part}`", part = part.word(),
    );
    Diagnostic::warning("E410", headline).advise(place())
}

fn place() -> Text {
    text!(
        ja: "req・res・face がある所を指定したか、共有の名前が違わないか確かめてください",
        en: "check that this is where req, res and face are, and the names of the shares",
    )
}

fn unusable(part: Part, error: &io::Error) -> Diagnostic {
    Diagnostic::error(
        "E410",
        text!(
            ja: "フォルダー `{part}` を開けません: {reason}",
            en: "folder `{part}` cannot be opened: {reason}",
            part = part.word(), reason = diag::os_error(error),
        ),
    )
    .because(text!(
        ja: "リンクや別の共有は、すり替えられると別の場所につながるため開きません",
        en: "links and other mounts are not followed: they can be made to lead elsewhere",
    ))
    .advise(text!(
        ja: "権限を確かめ、リンクなら本物のフォルダーにしてください",
        en: "check the rights; replace a link by a real folder",
    ))
}

/// Compares our clock with that of the folder's server.
fn offset(root: &Folder) -> Diagnostic {
    let measured = root.create_temporary().and_then(|(name, file)| {
        let stamped = Folder::identity_of(&file).map(|one| one.modified);
        let ours = moment::now();
        drop(file);
        root.remove(&name)?;
        Ok((ours - stamped?) / SECOND)
    });
    match measured {
        Err(error) => Diagnostic::warning(
            "E418",
            text!(
                ja: "時計を比べられません: {reason}",
                en: "the clocks cannot be compared: {reason}",
                reason = diag::os_error(&error),
            ),
        ),
        Ok(seconds) if seconds.abs() > 60 => Diagnostic::error(
            "E418",
            text!(
                ja: "フォルダーのサーバとの時計の差が {seconds} 秒あります",
                en: "the clock of the folder's server is {seconds} seconds off",
                seconds = seconds.to_string(),
            ),
        )
        .because(text!(
            ja: "5 分を超えると掃除は何も消しません",
            en: "beyond five minutes the sweeper deletes nothing",
        ))
        .advise(text!(
            ja: "両方の時刻同期（NTP）を確かめてください",
            en: "check the time synchronization (NTP) of both",
        )),
        Ok(seconds) => Diagnostic::note(
            "E418",
            text!(
                ja: "フォルダーのサーバとの時計の差は {seconds} 秒です",
                en: "the clock of the folder's server is {seconds} seconds off",
                seconds = seconds.to_string(),
            ),
        ),
    }
}
