//! Reading: the site file, the configuration files beside it, and today's date.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use check::{ConfigFile, Loaded};
use diag::{Lang, text};
use site::Date;

use crate::output;

/// Most bytes that are read of one file: one more than any file that can be used.
const READ_MAX_BYTES: u64 = 17 * 1024 * 1024;

/// Most bytes that are read of a font file.
const FONT_MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A site file and its configuration files.
pub(crate) struct Input {
    pub(crate) loaded: Loaded,
    pub(crate) files: Vec<ConfigFile>,
}

/// Reads the site at `path`: a site file, or a folder that holds a `site.toml`.
///
/// # Errors
/// When the site file cannot be read; the user has then been told.
pub(crate) fn read(path: &Path, lang: Lang) -> Result<Input, ()> {
    let path = site_file(path);
    let shown = path.display().to_string();
    let bytes = match bytes(&path) {
        Ok(bytes) => bytes,
        Err(reason) => {
            output::tell_in(
                lang,
                &text!(
                    ja: "エラー: サイトファイル `{path}` を読めません（{reason}）。`sekisho new` \
                         で新しく作れます",
                    en: "error: site file `{path}` cannot be read ({reason}); `sekisho new` \
                         makes one",
                    path = shown, reason = reason,
                ),
            );
            return Err(());
        }
    };
    let loaded = check::load(&shown, &bytes);
    let folder = path.parent().unwrap_or(Path::new("."));
    let files = loaded.files().into_iter().map(|name| config(folder, name)).collect();
    Ok(Input { loaded, files })
}

fn config(folder: &Path, name: String) -> ConfigFile {
    let path = folder.join(&name);
    let shown = path.strip_prefix("./").unwrap_or(&path).display().to_string();
    let content = beside(folder, &path).and_then(|()| bytes(&path));
    ConfigFile { name, shown, content }
}

/// Refuses a file that is not in `folder` or below it, wherever links lead: a site file from
/// somebody else must not bring other files of this machine into a report.
fn beside(folder: &Path, path: &Path) -> Result<(), String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let outside = || OUTSIDE.to_owned();
    let folder = folder.canonicalize().map_err(|error| error.to_string())?;
    match path.canonicalize() {
        Ok(path) if path.starts_with(&folder) => Ok(()),
        Ok(_) => Err(outside()),
        // Whether a file is there is nothing to tell of other folders either.
        Err(_)
            if path.is_absolute() || path.components().any(|part| part == Component::ParentDir) =>
        {
            Err(outside())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Why such a file is not read.
const OUTSIDE: &str = "サイトファイルのフォルダーの外にあるため読みません / not read: outside the \
    folder of the site file";

/// The site file that `path` stands for.
pub(crate) fn site_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("site.toml") } else { path.to_owned() }
}

/// At most [`READ_MAX_BYTES`] of a file, so that a huge one costs no memory.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    at_most(path, READ_MAX_BYTES)
}

/// The bytes of a font file; collections of Japanese fonts are larger than configurations.
pub(crate) fn font(path: &Path) -> Result<Vec<u8>, String> {
    at_most(path, FONT_MAX_BYTES)
}

fn at_most(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err("is a directory".to_owned());
    }
    let mut bytes = Vec::new();
    let mut file = file.take(most);
    file.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Today in Japan by the system's clock: a certificate ends at midnight there, whatever the time
/// zone of the machine that asks.
pub(crate) fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let seconds = since.as_secs() + JAPAN_AHEAD_SECONDS;
    Date::of_number(i64::try_from(seconds / 86_400).ok()?)
}

/// How far the clocks of Japan are ahead of UTC.
const JAPAN_AHEAD_SECONDS: u64 = 9 * 3_600;

/// Reads a day that the user wrote on the command line.
///
/// # Errors
/// When it is not of the form `2026-12-01`, or the calendar has no such day.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    let refusal = || "YYYY-MM-DD の形の、暦にある日ではありません / no day of the form YYYY-MM-DD";
    Date::read(text).ok_or_else(|| refusal().to_owned())
}
