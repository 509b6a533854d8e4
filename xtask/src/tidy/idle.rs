//! Unit tests in a crate that says that it has none: nobody would run them.

use std::path::Path;

use super::Finding;
use crate::tree;

/// How a manifest says that a library or a program has no unit tests, so that it is not built a
/// second time.
const UNTESTED: &str = "test = false";

pub(super) fn check(root: &Path, files: &[String]) -> Vec<Finding> {
    let read = |file: &str| tree::read(root, file).unwrap_or_default();
    let is_untested = |file: &&String| {
        file.ends_with("Cargo.toml") && read(file).lines().any(|line| line.trim() == UNTESTED)
    };
    let mut findings = Vec::new();
    for manifest in files.iter().filter(is_untested) {
        let sources = format!("{}src/", manifest.trim_end_matches("Cargo.toml"));
        for file in files.iter().filter(|file| file.starts_with(&sources)) {
            let text = read(file);
            let Some(line) = text.lines().position(|line| line.trim() == "#[test]") else {
                continue;
            };
            let help = format!("take `{UNTESTED}` out of `{manifest}`");
            findings.push(Finding::new("idle", file, line + 1, "nobody runs this test", &help));
        }
    }
    findings
}
