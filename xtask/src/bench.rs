//! `bench`: runs the benchmarks and keeps the result in the documentation. The benchmarks
//! themselves stand in `bench/`.

use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::problem::Problem;
use crate::{process, tree};

const PAGE: &str = "docs/PERFORMANCE.md";
const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";
const SECONDS_PER_DAY: u64 = 86_400;

/// The packages whose programs are measured as processes of their own.
const PROGRAMS: [&str; 2] = ["sekisho-cli", "sekisho-link"];

/// Builds the programs that are measured and runs the benchmarks; `--save` writes what they print
/// into the page.
///
/// # Errors
/// When cargo cannot be started, a program cannot be built, or the page has no block to replace.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode, Problem> {
    let is_saved = words.contains(&"--save");
    let rest = words.iter().copied().filter(|word| *word != "--save");
    // Those of an earlier state would be measured in their place, or none.
    let packages = PROGRAMS.iter().flat_map(|package| ["-p", package]);
    let build: Vec<&str> = ["build", "--release"].into_iter().chain(packages).collect();
    process::done(&mut process::cargo(root, &build))?;
    let start = ["run", "--release", "-p", "bench", "--"];
    let words: Vec<&str> = start.into_iter().chain(rest).collect();
    let mut cargo = process::cargo(root, &words);
    if !is_saved {
        return process::exit_code(&mut cargo);
    }
    let page = tree::read(root, PAGE)?;
    replace_block(&page, "")?;
    let outcome = process::tee(&mut cargo)?;
    if !outcome.is_success {
        return Ok(ExitCode::FAILURE);
    }
    let block = format!("{}\n\n{}", circumstances(), outcome.stdout.trim_end());
    tree::write(root, PAGE, &replace_block(&page, &block)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The page with another text between the two marks.
///
/// # Errors
/// When a mark is missing, or they are in the wrong order.
pub fn replace_block(page: &str, block: &str) -> Result<String, Problem> {
    replace_between(PAGE, page, (BEGIN, END), block)
}

/// As [`replace_block`], in a page with other marks.
pub(crate) fn replace_between(
    name: &str,
    page: &str,
    (begin, end): (&str, &str),
    block: &str,
) -> Result<String, Problem> {
    let no_mark = |mark: &str| {
        Problem::new(name, 1, format!("no line `{mark}`"), format!("add `{begin}` and `{end}`"))
    };
    let (before, rest) = page.split_once(begin).ok_or_else(|| no_mark(begin))?;
    let (_, after) = rest.split_once(end).ok_or_else(|| no_mark(end))?;
    // Tables are padded; the page has no white space at the end of a line.
    let lines: Vec<&str> = block.trim_end().lines().map(str::trim_end).collect();
    Ok(format!("{before}{begin}\n{}\n{end}{after}", lines.join("\n")))
}

/// When and on what the benchmarks ran.
pub(crate) fn circumstances() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = memory_mib().map_or_else(String::new, |mib| format!(", {mib} MiB of memory"));
    format!("Measured on {}, {cores} cores{memory}.", today())
}

/// What else the machine did in the last minutes.
pub(crate) fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    match text.split(' ').nth(2) {
        Some(load) => format!(" The load was {load} in the last quarter of an hour."),
        None => String::new(),
    }
}

/// A paragraph in lines that the documents may have.
pub(crate) fn paragraph(text: &str) -> String {
    const COLUMNS: usize = 120;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => word.clone_into(line),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => {
                *line += " ";
                *line += word;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// The day, in UTC.
pub(crate) fn today() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    date(now / SECONDS_PER_DAY)
}

fn memory_mib() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

/// The date of a day, counted from 1970-01-01.
pub fn date(mut day: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let mut year = 1970;
    while day >= if is_leap(year) { 366 } else { 365 } {
        day -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", day + 1)
}
