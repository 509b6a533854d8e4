//! Labs that need another kernel than that of the machine: a virtual machine with Debian's
//! kernel, booted from a small image that is built here, and a script that runs in it.
//!
//! The script prints lines: `lab: …` is a result, `ok: …` and `FAILED: …` are checks, and
//! `host: WORDS` asks this side to do something and waits for a line `ok`.

mod guest;
mod image;
mod machine;
mod packages;
mod server;
mod smb;
mod xfrm;

pub use guest::run as guest;
pub use smb::run as smb;
pub use xfrm::run as xfrm;

use std::path::{Path, PathBuf};

use crate::problem::Problem;
use crate::process;

/// Where a lab keeps what it downloads and builds, inside the target directory.
fn folder(root: &Path, name: &str) -> Result<PathBuf, Problem> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let path = target.join("lab").join(name);
    std::fs::create_dir_all(&path)
        .map_err(|error| Problem::io(path.display().to_string(), &error))?;
    path.canonicalize().map_err(|error| Problem::io(path.display().to_string(), &error))
}

/// An error of the world with the place where it happened.
fn at<T>(path: &Path, result: std::io::Result<T>) -> Result<T, Problem> {
    result.map_err(|error| Problem::io(path.display().to_string(), &error))
}

/// Builds the tests of a package, which are optimized; the file of the tests.
fn built(root: &Path, package: &str, name: &str) -> Result<PathBuf, Problem> {
    let words = ["test", "-p", package, "--test", name, "--no-run"];
    let mut cargo = process::cargo(root, &words);
    let said = process::text(cargo.arg("--message-format=json"))?;
    let start = format!("{name}-");
    let is_ours = |path: &PathBuf| {
        path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(&start))
    };
    let file = said
        .lines()
        .filter_map(|line| line.split_once("\"executable\":\"").map(|(_, rest)| rest))
        .filter_map(|rest| rest.split_once('"').map(|(path, _)| PathBuf::from(path)))
        .find(is_ours);
    file.ok_or_else(|| Problem::new("cargo", 1, format!("built no tests {name}"), "see above"))
}
