//! `soak`: the long runs of the file exchange, and their last result in the documentation. The
//! tests themselves stand in `crates/link`.
//!
//! Without `--minutes` every test runs to its full number. With it, the tests that take long
//! share that time, and each says how far it came. Fuzzing (A16) is never finished: its time is
//! added up over all runs that were saved.

use std::path::Path;
use std::process::ExitCode;

use crate::bench::{self, circumstances, replace_between};
use crate::problem::Problem;
use crate::{process, release, tree};

const PAGE: &str = "docs/TRUST.md";
const MARKS: (&str, &str) = ("<!-- soak:begin -->", "<!-- soak:end -->");
/// How a test says what it did.
const WORD: &str = "soak: ";
/// Tests that share the time of `--minutes`: A5 twice, A6, A7 twice, A8, A9, and A16, which counts
/// twice: the damaged files, and four tests of texts.
const SHARES: u64 = 9;
/// What A16 asks for: 24 hours.
const FUZZ_SECONDS: u64 = 24 * 3_600;
/// How the line about A16 in all runs begins and goes on.
const FUZZED: (&str, &str) = ("- A16 in all saved runs, of any version: ", " of ");

/// Runs the tests whose names hold the word, or all; `--save` writes what they say into the page,
/// and which of them failed. Of some tests, if all passed, it replaces their own lines and leaves
/// the others.
///
/// # Errors
/// When cargo cannot be started, the number of minutes is none, or the page has no block to
/// replace.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode, Problem> {
    let is_saved = words.contains(&"--save");
    let (minutes, words) = minutes(words)?;
    let rest: Vec<&str> = words.into_iter().filter(|word| *word != "--save").collect();
    let is_whole = rest.is_empty();
    // One after the other: a test that waits must not be disturbed by one that computes.
    let start = ["test", "--release", "-p", "sekisho-link", "--test", "link", "--"];
    let words: Vec<&str> =
        start.into_iter().chain(rest).chain(["--nocapture", "--test-threads=1"]).collect();
    let mut cargo = process::cargo(root, &words);
    cargo.env("SEKISHO_SOAK", "1");
    if let Some(minutes) = minutes {
        cargo.env("SEKISHO_SOAK_SECONDS", (minutes * 60 / SHARES).to_string());
    }
    if !is_saved {
        return process::exit_code(&mut cargo);
    }
    let page = tree::read(root, PAGE)?;
    replace_between(PAGE, &page, MARKS, "")?;
    let sources = release::sources(root)?;
    let outcome = process::tee(&mut cargo)?;
    // A run in which single tests failed is told as that; one that was broken off is not.
    if !outcome.is_success && (!is_whole || failed(&outcome.stdout).is_empty()) {
        return Err(unsaved(&outcome.end, &outcome.stdout));
    }
    if release::sources(root)? != sources {
        return Err(changed());
    }
    // It may have changed in the meantime.
    let page = tree::read(root, PAGE)?;
    let block = if is_whole {
        block(&page, minutes, &sources, &outcome.stdout)
    } else {
        part(&page, &outcome.stdout)
    };
    tree::write(root, PAGE, &replace_between(PAGE, &page, MARKS, &block)?)?;
    Ok(if outcome.is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The tests that failed, of a run that came to its end.
fn failed(stdout: &str) -> Vec<&str> {
    if !stdout.lines().any(|line| line.starts_with("test result: FAILED")) {
        return Vec::new();
    }
    // The names stand twice: with what each said, and as the last list.
    let list = stdout.rsplit_once("\nfailures:\n").map_or("", |(_, list)| list);
    list.lines().map_while(|line| line.strip_prefix("    ")).collect()
}

/// How many tests passed, and which did not.
fn verdict(stdout: &str) -> String {
    let result = stdout.lines().rev().find(|line| line.starts_with("test result: "));
    let count = |word: &str| {
        let counts = result.unwrap_or("").split(['.', ';']);
        counts.filter_map(|part| part.trim().strip_suffix(word)?.trim().parse::<u64>().ok()).sum()
    };
    let (passed, failed_count): (u64, u64) = (count("passed"), count("failed"));
    let failed: Vec<String> = failed(stdout).iter().map(|name| format!("`{name}`")).collect();
    if failed.is_empty() {
        return format!(" All {passed} tests passed.");
    }
    let all = passed + failed_count;
    format!(
        " **{passed} of {all} tests passed. What these say below counts for nothing, they failed: \
         {}.**",
        failed.join(", ")
    )
}

/// Why nothing was saved. That every test passed does not mean that cargo came to its end: a signal
/// that ends it lets the tests go on.
#[must_use]
pub fn unsaved(end: &str, stdout: &str) -> Problem {
    let said = stdout.lines().rev().find(|line| line.starts_with("test result: "));
    let said = said.unwrap_or("no result of the tests");
    let what = format!("cargo ended with {end}, after: {said}; the page is as it was");
    Problem::new(
        "cargo test",
        1,
        what,
        "see what it says above, and what ended it if it was a signal",
    )
}

/// Why nothing was saved although the tests ran: nobody knows what they ran on.
fn changed() -> Problem {
    let what = "sources of the file exchange changed while the tests ran; the page is as it was";
    Problem::new("cargo test", 1, what, "run it in a worktree of its own")
}

/// The minutes, and the other words.
fn minutes<'a>(words: &[&'a str]) -> Result<(Option<u64>, Vec<&'a str>), Problem> {
    let Some(at) = words.iter().position(|word| *word == "--minutes") else {
        return Ok((None, words.to_vec()));
    };
    let minutes = words.get(at + 1).and_then(|word| word.parse().ok()).filter(|it| *it > 0);
    let minutes = minutes.ok_or_else(|| Problem::usage(&format!("soak {}", words.join(" "))))?;
    let rest = words.iter().take(at).chain(words.iter().skip(at + 2));
    Ok((Some(minutes), rest.copied().collect()))
}

/// What the tests said, as lines of a list.
fn said(stdout: &str) -> Vec<String> {
    let said = stdout.lines().filter_map(|line| {
        // The name of the test may stand before it in the same line.
        line.split_once(WORD).map(|(_, said)| format!("- {said}"))
    });
    said.collect()
}

/// What stands in the page after a run of some tests: the block that it has, with their lines in
/// the place of those that say the same with other figures.
#[must_use]
pub fn part(page: &str, stdout: &str) -> String {
    let (begin, end) = MARKS;
    let old = page.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    let mut lines: Vec<String> =
        old.map_or("", |(block, _)| block).trim().lines().map(str::to_owned).collect();
    let said = said(stdout);
    let all = total(before(page) + said.iter().filter_map(|line| fuzzed(line)).sum::<u64>());
    lines.retain(|line| !line.starts_with(FUZZED.0));
    for line in said {
        let new = format!("{line} (by itself on {})", bench::today());
        match lines.iter_mut().find(|old| meaning(old) == meaning(&line)) {
            Some(old) => *old = new,
            None => lines.push(new),
        }
    }
    lines.push(all);
    lines.join("\n")
}

/// A line without its figures, and without when it was measured.
fn meaning(line: &str) -> String {
    let line = line.split(" (by itself").next().unwrap_or(line);
    let words = line.split_whitespace().filter(|word| *word != "of");
    words.filter(|word| !word.starts_with(|first: char| first.is_ascii_digit())).collect()
}

/// The line about fuzzing in all runs.
fn total(seconds: u64) -> String {
    let (begin, of) = FUZZED;
    let tenths = seconds * 1_000 / FUZZ_SECONDS;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    format!("{begin}{seconds}{of}{FUZZ_SECONDS} CPU seconds (24 hours), {whole}.{tenth} %")
}

/// What stands in the page after a run.
#[must_use]
pub fn block(page: &str, minutes: Option<u64>, sources: &str, stdout: &str) -> String {
    let mut said = said(stdout);
    let budget = minutes.map_or_else(String::new, |minutes| {
        format!(
            " The tests that take longest shared {minutes} minutes; \"200 of 1000\" means that \
             the time was over after 200."
        )
    });
    let now: u64 = said.iter().filter_map(|line| fuzzed(line)).sum();
    let all = total(before(page) + now);
    said.extend(release::lines(sources, stdout));
    let verdict = verdict(stdout);
    let head = format!("{}{}{verdict}{budget}", circumstances(), bench::load());
    format!("{}\n\n{}\n{all}", bench::paragraph(&head), said.join("\n"))
}

/// The CPU seconds that a line about A16 speaks of.
fn fuzzed(line: &str) -> Option<u64> {
    let rest = line.strip_prefix("- A16: ")?;
    let (words, _) = rest.split_once(" CPU seconds")?;
    words.rsplit(' ').next()?.parse().ok()
}

/// The CPU seconds of all runs that were saved before.
fn before(page: &str) -> u64 {
    let (begin, of) = FUZZED;
    let line = page.lines().find_map(|line| line.strip_prefix(begin));
    let number = line.and_then(|line| line.split_once(of));
    number.and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}
