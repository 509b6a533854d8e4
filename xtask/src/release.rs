//! `release-check`: whether this tree may be released. Deleting the wrong file is the worst that
//! the file exchange can do: the acceptance tests against it must have passed in full size, in a
//! run of `soak --save` of the sources as they are.

use std::fs;
use std::path::Path;

use crate::problem::Problem;
use crate::tree;

const PAGE: &str = "docs/TRUST.md";
const MARKS: (&str, &str) = ("<!-- soak:begin -->", "<!-- soak:end -->");
/// What the file exchange is built of and tested by.
const FOLDERS: [&str; 4] =
    ["crates/link/src", "crates/link/catalogue", "crates/link/tests", "crates/diag/src"];
const MANIFEST: &str = "crates/link/Cargo.toml";
/// The criteria without which there is no release.
const NEEDED: [&str; 6] = ["A5", "A6", "A7", "A8", "A9", "A10"];
/// How the two lines begin that a run is recognised by.
const SOURCES: &str = "- sources of the file exchange: ";
const PASSED: &str = "- tests that passed: ";

/// A word for the sources of the file exchange: another one whenever one of them changes, or the
/// version of a crate that it builds on.
///
/// # Errors
/// When one of them cannot be read.
pub fn sources(root: &Path) -> Result<String, Problem> {
    let mut files = vec![MANIFEST.to_owned()];
    for folder in FOLDERS {
        files.extend(tree::files(root, folder)?);
    }
    let mut word = FNV_BEGIN;
    for file in files {
        let bytes = fs::read(root.join(&file)).map_err(|error| Problem::io(&file, &error))?;
        word = hashed(hashed(word, file.as_bytes()), &bytes);
    }
    let manifest = tree::read(root, MANIFEST)?;
    for package in tree::read(root, "Cargo.lock")?.split("[[package]]\n") {
        let name = package.lines().find_map(|line| line.strip_prefix("name = "));
        let name = name.unwrap_or_default().trim_matches('"');
        if manifest.lines().any(|line| line.starts_with(&format!("{name} = "))) {
            word = hashed(word, package.as_bytes());
        }
    }
    Ok(format!("{word:016x}"))
}

const FNV_BEGIN: u64 = 0xCBF2_9CE4_8422_2325;

/// FNV-1a, with the length so that nothing moves from one file to the next. Nobody has to be kept
/// from making two trees with the same word.
fn hashed(word: u64, bytes: &[u8]) -> u64 {
    let length = (bytes.len() as u64).to_le_bytes();
    let step = |word: u64, byte: &u8| (word ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
    length.iter().chain(bytes).fold(word, step)
}

/// What a run of all tests says about the criteria, for the page.
pub(crate) fn lines(sources: &str, stdout: &str) -> Vec<String> {
    let passed: Vec<&str> = stdout.lines().filter_map(|line| line.strip_prefix("test ")).collect();
    let count = |criterion: &str| {
        let number: u64 = criterion[1..].parse().unwrap_or(0);
        let is_its = |line: &&&str| {
            let name = line.split(" ... ").next().unwrap_or_default();
            let last = name.rsplit("::").next().unwrap_or_default();
            last.starts_with(&format!("a{number:02}_"))
        };
        passed.iter().filter(is_its).count()
    };
    let counts = NEEDED.map(|criterion| format!("{criterion} {}", count(criterion)));
    vec![format!("{SOURCES}{sources}"), format!("{PASSED}{}", counts.join(", "))]
}

/// Why this tree must not be released, if it must not.
///
/// # Errors
/// When the page or the sources cannot be read.
pub fn check(root: &Path) -> Result<Vec<Problem>, Problem> {
    Ok(judge(&tree::read(root, PAGE)?, &sources(root)?))
}

/// The same, for a page and the word of the sources.
#[must_use]
pub fn judge(page: &str, sources: &str) -> Vec<Problem> {
    let (begin, end) = MARKS;
    let block = page.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    let block = block.map_or("", |(block, _)| block);
    let words = block.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = |start: &str| block.lines().find_map(|line| line.strip_prefix(start));
    let mut problems = Vec::new();
    let mut refuse = |what: String| {
        let help = "run `cargo xtask soak --save` on these sources, without `--minutes`";
        problems.push(Problem::new(PAGE, 1, what, help));
    };
    match line(SOURCES) {
        Some(word) if word == sources => {}
        Some(word) => refuse(format!("the last full soak was of sources {word}, not {sources}")),
        None => refuse("no full soak says of which sources it was".to_owned()),
    }
    if !words.contains(" tests passed.") || !words.contains(" All ") || words.contains("**") {
        refuse("in the last full soak not all tests passed".to_owned());
    }
    if words.contains(" shared ") || words.contains("(by itself") {
        refuse(
            "the last soak was not whole: its tests shared their time, or some ran by \
                themselves"
                .to_owned(),
        );
    }
    let passed = line(PASSED).unwrap_or_default();
    for criterion in NEEDED {
        let count =
            passed.split(", ").find_map(|one| one.strip_prefix(criterion)?.strip_prefix(' '));
        if count.and_then(|count| count.parse().ok()).unwrap_or(0_u64) == 0 {
            refuse(format!("no test of {criterion} passed in the last full soak"));
        }
    }
    problems
}
