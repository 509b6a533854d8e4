//! The folders of the rules and of the examples.

use std::fs;
use std::path::{Path, PathBuf};

use crate::markdown::{self, Case};
use crate::snapshot::Snapshot;

/// The folder of a rule.
pub(crate) struct Folder {
    /// Its name.
    pub(crate) name: String,
    /// Code of the rule.
    pub(crate) code: &'static str,
    /// Its cases.
    pub(crate) cases: Vec<Case>,
}

/// The folders of all rules.
pub(crate) fn all() -> Vec<Folder> {
    let rules = rule::rules();
    let folder = |rule: &&rule::Rule| {
        let name = rule.name.replace('-', "_");
        let text = read(&root().join("crates/rule/src").join(&name).join("cases.md"));
        Folder { name, code: rule.code, cases: markdown::cases(&text) }
    };
    rules.iter().map(folder).collect()
}

/// The example sites with their names, in order.
pub(crate) fn examples() -> Vec<(String, Snapshot)> {
    sites(&root().join("examples"), "ip")
}

/// The seeded faults of the pattern `id`.
pub(crate) fn faults(id: &str) -> Vec<Case> {
    let path = root().join("crates/pattern/patterns").join(id).join("faults.md");
    markdown::cases(&read(&path))
}

/// The files of the base site `name`, in order.
pub(crate) fn base(name: &str) -> Vec<(String, String)> {
    let folder = bases_folder().join(name);
    let mut files: Vec<(String, String)> =
        children(&folder).iter().map(|path| (self::name(path), read(path))).collect();
    files.sort();
    files
}

/// The names of all base sites, in order.
pub(crate) fn bases() -> Vec<String> {
    let mut names: Vec<String> = children(&bases_folder()).iter().map(|path| name(path)).collect();
    names.sort();
    names
}

fn bases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/base")
}

/// The examples of sites with a fault, with their names, in order.
pub(crate) fn broken() -> Vec<(String, Snapshot)> {
    let folder = root().join("examples/broken");
    if folder.exists() { sites(&folder, "") } else { Vec::new() }
}

fn sites(folder: &Path, prefix: &str) -> Vec<(String, Snapshot)> {
    let mut folders: Vec<PathBuf> = children(folder)
        .into_iter()
        .filter(|path| name(path).starts_with(prefix))
        .filter(|path| path.join("site.toml").exists())
        .collect();
    folders.sort();
    folders.into_iter().map(|path| (name(&path), example(&path))).collect()
}

fn example(path: &Path) -> Snapshot {
    let site = read(&path.join("site.toml"));
    let wanted = check::load("site.toml", site.as_bytes()).files();
    let files = wanted.into_iter().map(|name| {
        let text = read(&path.join(&name));
        (name, text)
    });
    Snapshot::new(&site, files.collect())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn children(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).expect("the folder exists");
    entries.map(|entry| entry.expect("the folder can be read").path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
