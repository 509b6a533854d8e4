//! `fuzz`: runs the byte-fuzz tests of the parsers for some seconds. The tests themselves
//! stand in `crates/testkit` and `crates/link`. `fuzz log` runs those of the file exchange alone,
//! and adds their time up in `docs/FUZZ.md` over all runs.

use std::path::Path;
use std::process::ExitCode;

use crate::problem::Problem;
use crate::process;

const SECONDS: &str = "60";
const LOG: &str = "docs/FUZZ.md";

/// Runs the fuzz tests; the only word, if any, is the number of seconds, or `log` and that number.
///
/// # Errors
/// When the word is not a number, or cargo cannot be started.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode, Problem> {
    if let ["log", seconds] = words
        && seconds.parse::<u32>().is_ok()
    {
        let words = ["test", "--release", "-p", "sekisho-link", "--test", "link", "fuzz_a16"];
        let mut cargo = process::cargo(root, &words);
        cargo.env("SEKISHO_FUZZ_SECONDS", seconds).env("SEKISHO_FUZZ_LOG", root.join(LOG));
        return process::exit_code(&mut cargo);
    }
    let seconds = match words {
        [] => SECONDS,
        [seconds] if seconds.parse::<u32>().is_ok() => seconds,
        _ => return Err(Problem::usage(&format!("fuzz {}", words.join(" ")))),
    };
    let words = ["test", "--release", "-p", "sekisho-testkit", "-p", "sekisho-link", "fuzz"];
    let mut cargo = process::cargo(root, &words);
    cargo.env("SEKISHO_FUZZ_SECONDS", seconds);
    process::exit_code(&mut cargo)
}
