//! Complete folders: every rule, vendor and pattern has the files that it needs.

use std::collections::BTreeMap;

use super::Finding;
use crate::generate::{PATTERNS, RULES, VENDORS};

const RULE: [&str; 3] = ["mod.rs", "README.md", "cases.md"];
const VENDOR: [&str; 6] = ["mod.rs", "detect.rs", "parse.rs", "config.rs", "lower.rs", "README.md"];
const PATTERN: [&str; 2] = ["pattern.toml", "README.md"];

pub(super) fn check(files: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (home, needed) in [(RULES, &RULE[..]), (VENDORS, &VENDOR), (PATTERNS, &PATTERN)] {
        for (name, held) in inside(home, files) {
            let folder = format!("{home}/{name}");
            let mut missing: Vec<&str> =
                needed.iter().copied().filter(|file| !held.contains(file)).collect();
            let is_case = |file: &&str| file.starts_with("cases/") && file.ends_with(".md");
            if home == VENDORS && !held.iter().any(is_case) {
                missing.push("cases/*.md");
            }
            for file in missing {
                let what = format!("no `{file}` in this folder");
                findings.push(Finding::new("folder", &folder, 1, &what, "add it"));
            }
        }
    }
    findings
}

/// The files of each folder in `home`, relative to that folder.
fn inside<'a>(home: &str, files: &'a [String]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        let rest = file.strip_prefix(home).and_then(|rest| rest.strip_prefix('/'));
        if let Some((name, file)) = rest.and_then(|rest| rest.split_once('/')) {
            folders.entry(name).or_default().push(file);
        }
    }
    folders
}
