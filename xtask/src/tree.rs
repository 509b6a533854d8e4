//! The files and folders of the workspace: always in the same order, always with `/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Problem;

/// The folder of the workspace's root manifest, from the current folder upward.
///
/// # Errors
/// When no folder above holds a `Cargo.toml` with a `[workspace]` table.
pub fn find_root() -> Result<PathBuf, Problem> {
    let start = std::env::current_dir().map_err(|error| Problem::io(".", &error))?;
    for folder in start.ancestors() {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        if manifest.lines().any(|line| line.trim() == "[workspace]") {
            return Ok(folder.to_path_buf());
        }
    }
    Err(Problem::new("Cargo.toml", 1, "no workspace here", "run this inside the repository"))
}

/// The text of a file, given relative to `root`.
pub(crate) fn read(root: &Path, file: &str) -> Result<String, Problem> {
    fs::read_to_string(root.join(file)).map_err(|error| Problem::io(file, &error))
}

/// Writes a file and the folders above it.
pub(crate) fn write(root: &Path, file: &str, content: &str) -> Result<(), Problem> {
    let path = root.join(file);
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, content))
        .map_err(|error| Problem::io(file, &error))
}

/// Names of the folders directly inside `folder`.
///
/// # Shape
/// Sorted; empty when `folder` does not exist.
pub(crate) fn folders(root: &Path, folder: &str) -> Result<Vec<String>, Problem> {
    Ok(entries(root, folder)?.into_iter().filter(|(_, is_folder)| *is_folder).map(first).collect())
}

/// All files below `folder`, relative to `root`.
///
/// # Shape
/// Sorted; empty when `folder` does not exist.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(root: &Path, folder: &str) -> Result<Vec<String>, Problem> {
    let mut found = Vec::new();
    for (name, is_folder) in entries(root, folder)? {
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if is_folder {
            found.extend(files(root, &path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// Files that git tracks, and new ones that it does not ignore.
///
/// # Shape
/// Sorted; files that were deleted but not yet committed are left out.
///
/// # Errors
/// When git cannot be run or `root` is not in a repository.
pub fn tracked_files(root: &Path) -> Result<Vec<String>, Problem> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let output = git.output().map_err(|error| Problem::program("git", &error))?;
    if !output.status.success() {
        let what = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Problem::new("git ls-files", 1, what, "run this inside the repository"));
    }
    let listing = String::from_utf8_lossy(&output.stdout);
    let names = listing.split('\0').filter(|name| !name.is_empty());
    let mut found: Vec<String> =
        names.filter(|name| root.join(name).is_file()).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

fn entries(root: &Path, folder: &str) -> Result<Vec<(String, bool)>, Problem> {
    let path = root.join(folder);
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let io = |error| Problem::io(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(&path).map_err(io)? {
        let entry = entry.map_err(io)?;
        let is_folder = entry.file_type().map_err(io)?.is_dir();
        found.push((entry.file_name().to_string_lossy().into_owned(), is_folder));
    }
    found.sort();
    Ok(found)
}

fn first(pair: (String, bool)) -> String {
    pair.0
}
