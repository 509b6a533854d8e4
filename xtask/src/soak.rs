//! `soak`: the long runs of the file exchange, in full, and their last result in the
//! documentation. The tests themselves stand in `crates/link`.

use std::path::Path;
use std::process::ExitCode;

use crate::bench::{circumstances, replace_between};
use crate::problem::Problem;
use crate::{process, tree};

const PAGE: &str = "docs/TRUST.md";
const MARKS: (&str, &str) = ("<!-- soak:begin -->", "<!-- soak:end -->");
/// How a test says what it did.
const WORD: &str = "soak: ";

/// Runs the tests whose names hold the word, or all, in their full size; `--save` writes what
/// they say into the page.
///
/// # Errors
/// When cargo cannot be started, or the page has no block to replace.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode, Problem> {
    let is_saved = words.contains(&"--save");
    let rest = words.iter().copied().filter(|word| *word != "--save");
    // One after the other: a test that waits must not be disturbed by one that computes.
    let start = ["test", "--release", "-p", "sekisho-link", "--test", "link", "--"];
    let words: Vec<&str> =
        start.into_iter().chain(rest).chain(["--nocapture", "--test-threads=1"]).collect();
    let mut cargo = process::cargo(root, &words);
    cargo.env("SEKISHO_SOAK", "1");
    if !is_saved {
        return process::exit_code(&mut cargo);
    }
    let page = tree::read(root, PAGE)?;
    replace_between(PAGE, &page, MARKS, "")?;
    let outcome = process::tee(&mut cargo)?;
    let said = outcome.stdout.lines().filter_map(|line| {
        // The name of the test may stand before it in the same line.
        line.split_once(WORD).map(|(_, said)| format!("- {said}"))
    });
    let said: Vec<String> = said.collect();
    if !outcome.is_success {
        return Ok(ExitCode::FAILURE);
    }
    let block = format!("{}\n\n{}", circumstances(), said.join("\n"));
    tree::write(root, PAGE, &replace_between(PAGE, &page, MARKS, &block)?)?;
    Ok(ExitCode::SUCCESS)
}
