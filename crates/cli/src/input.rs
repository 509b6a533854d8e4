//! Reading: the site file, the configuration files beside it, and today's date.

use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use check::{ConfigFile, Loaded, Unreadable};
use diag::{Lang, text};
use link::user_file;
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
/// When the site file cannot be read; the user has then been told, and a program that wants JSON
/// has an object.
pub(crate) fn read(path: &Path, lang: Lang, is_json: bool) -> Result<Input, ()> {
    let path = site_file(path);
    let shown = path.display().to_string();
    let bytes = bytes(&path).map_err(|error| refuse(lang, &path, &error, is_json))?;
    let loaded = check::load(&shown, &bytes);
    let folder = path.parent().unwrap_or(Path::new("."));
    let files = loaded.files().into_iter().map(|name| config(folder, name)).collect();
    Ok(Input { loaded, files })
}

/// Says why the site file cannot be read, and what helps.
fn refuse(lang: Lang, path: &Path, error: &io::Error, is_json: bool) {
    let headline = text!(
        ja: "サイトファイル `{path}` を読めません: {reason}",
        en: "site file `{path}` cannot be read: {reason}",
        path = path.display().to_string(), reason = diag::os_error(error),
    );
    let help = match error.kind() {
        ErrorKind::NotFound => text!(
            ja: "名前とフォルダーを確かめてください。まだなければ `sekisho new` で作れます",
            en: "check the name and the folder; `sekisho new` makes a new one",
        ),
        ErrorKind::PermissionDenied => text!(
            ja: "ファイルとフォルダーの権限を確かめてください",
            en: "check the rights of the file and of the folder",
        ),
        _ => text!(
            ja: "サイトファイル（TOML）か、`site.toml` のあるフォルダーを指定してください",
            en: "name a site file (TOML), or a folder with a `site.toml`",
        ),
    };
    output::refuse_in(lang, &headline, &[help], is_json);
}

fn config(folder: &Path, name: String) -> ConfigFile {
    let path = folder.join(&name);
    let shown = path.strip_prefix("./").unwrap_or(&path).display().to_string();
    let shown = if shown.is_empty() { name.clone() } else { shown };
    let content = beside(folder, Path::new(&name))
        .and_then(|()| bytes(&path).map_err(|error| unreadable(&error)));
    ConfigFile { name, shown, content }
}

/// Refuses a file `name` that is not in `folder` or below it, wherever links lead: a site file from
/// somebody else must not bring other files of this machine into a report.
fn beside(folder: &Path, name: &Path) -> Result<(), Unreadable> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let outside = || Unreadable {
        reason: text!(
            ja: "サイトファイルのフォルダーの外にあるため読みません",
            en: "not read: outside the folder of the site file",
        ),
        help: text!(
            ja: "ファイルをサイトファイルのフォルダーに置き、その名前を書いてください",
            en: "put the file into the folder of the site file and write its name",
        ),
    };
    let folder = folder.canonicalize().map_err(|error| unreadable(&error))?;
    match folder.join(name).canonicalize() {
        Ok(path) if path.starts_with(&folder) => Ok(()),
        Ok(_) => Err(outside()),
        // Whether a file is there is nothing to tell of other folders either.
        Err(_)
            if name.is_absolute() || name.components().any(|part| part == Component::ParentDir) =>
        {
            Err(outside())
        }
        Err(error) => Err(unreadable(&error)),
    }
}

/// Why a file beside the site file could not be read, and what helps.
fn unreadable(error: &io::Error) -> Unreadable {
    let help = match error.kind() {
        ErrorKind::NotFound => text!(
            ja: "ファイルをサイトファイルの隣に保存するか、名前を直してください（大文字と小文字も\
                 区別します）",
            en: "save the file beside the site file, or correct its name (upper and lower case \
                 differ)",
        ),
        ErrorKind::PermissionDenied => text!(
            ja: "ファイルとフォルダーを、読める権限にしてください",
            en: "make the file and its folder readable",
        ),
        ErrorKind::IsADirectory | ErrorKind::NotADirectory => text!(
            ja: "フォルダーではなく、その中のファイルの名前を書いてください",
            en: "write the name of the file in the folder",
        ),
        ErrorKind::InvalidInput => text!(
            ja: "設定を普通のファイルに保存し直してください",
            en: "save the configuration as a regular file",
        ),
        _ => text!(
            ja: "ほかのプログラムで開けるか確認し、保存し直してください",
            en: "see whether another program can open it, and save it anew",
        ),
    };
    Unreadable { reason: diag::os_error(error), help }
}

/// The site file that `path` stands for.
pub(crate) fn site_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("site.toml") } else { path.to_owned() }
}

/// At most [`READ_MAX_BYTES`] of a file, so that a huge one costs no memory.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    user_file::read(path, READ_MAX_BYTES)
}

/// The bytes of a font file; collections of Japanese fonts are larger than configurations.
pub(crate) fn font(path: &Path) -> io::Result<Vec<u8>> {
    user_file::read(path, FONT_MAX_BYTES)
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
    let refusal = "暦にある日を YYYY-MM-DD の形で書いてください / write a day of the calendar as \
                   YYYY-MM-DD";
    Date::read(text).ok_or_else(|| refusal.to_owned())
}
