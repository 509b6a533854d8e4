//! Reading: the site file, the configuration files beside it, and today's date.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use check::{ConfigFile, Loaded};
use diag::{Lang, text};
use site::Date;

use crate::output;

/// Most bytes that are read of one file: one more than any file that can be used.
const READ_MAX_BYTES: u64 = 17 * 1024 * 1024;

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
    ConfigFile { name, shown, content: bytes(&path) }
}

/// The site file that `path` stands for.
pub(crate) fn site_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("site.toml") } else { path.to_owned() }
}

/// At most [`READ_MAX_BYTES`] of a file, so that a huge one costs no memory.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err("is a directory".to_owned());
    }
    let mut bytes = Vec::new();
    let mut file = file.take(READ_MAX_BYTES);
    file.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Today by the system's clock, in UTC.
pub(crate) fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    civil(since.as_secs() / 86_400)
}

/// The day `days` after 1970-01-01, by the proleptic Gregorian calendar: whole 400-year eras,
/// then years that begin in March, so that the leap day is the last of its year.
fn civil(days: u64) -> Option<Date> {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}
