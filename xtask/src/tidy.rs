//! `tidy`: what neither the compiler, rustfmt nor clippy looks at. This file finds the files
//! and applies the exceptions; each kind of check has its own file.

mod address;
mod allow;
mod folder;
mod idle;
mod secret;
mod text;

use std::path::Path;

use crate::problem::Problem;
use crate::tree;

/// File with the exceptions, relative to the root.
pub const ALLOW: &str = "xtask/tidy-allow.txt";

/// A problem and the name of the check that found it; exceptions name the check.
struct Finding {
    check: &'static str,
    problem: Problem,
}

impl Finding {
    fn new(check: &'static str, file: &str, line: usize, what: &str, help: &str) -> Self {
        Self { check, problem: Problem::new(file, line, format!("{check}: {what}"), help) }
    }
}

/// Checks every file that git tracks or would track.
pub fn run(root: &Path) -> Vec<Problem> {
    match tree::tracked_files(root) {
        Ok(files) => check(root, &files),
        Err(problem) => vec![problem],
    }
}

/// Checks the files given, relative to `root`.
///
/// # Shape
/// By file, then by line; the exceptions of [`ALLOW`] are left out, and those that nothing
/// needs are problems themselves.
pub fn check(root: &Path, files: &[String]) -> Vec<Problem> {
    let listing = tree::read(root, ALLOW).unwrap_or_default();
    let (mut exceptions, mut problems) = allow::parse(ALLOW, &listing);
    let mut findings = folder::check(files);
    findings.extend(idle::check(root, files));
    for file in files {
        match std::fs::read(root.join(file)) {
            Ok(bytes) => findings.extend(check_file(file, &bytes)),
            Err(error) => problems.push(Problem::io(file, &error)),
        }
    }
    findings.retain(|finding| !allow::is_allowed(&mut exceptions, finding));
    problems.extend(findings.into_iter().map(|finding| finding.problem));
    problems.extend(allow::unused(ALLOW, &exceptions));
    problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    problems
}

/// All checks that need one file only.
fn check_file(file: &str, bytes: &[u8]) -> Vec<Finding> {
    let Ok(content) = std::str::from_utf8(bytes) else {
        // A picture, or a configuration in another encoding: only secrets can be looked for.
        return secret::check(file, &String::from_utf8_lossy(bytes));
    };
    let mut findings = text::check(file, content);
    findings.extend(secret::check(file, content));
    if address::is_in_scope(file) {
        findings.extend(address::check(file, content));
    }
    findings
}
