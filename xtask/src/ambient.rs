//! Invariant 1: below layer 8 a source touches no file, socket, clock, randomness,
//! environment or process. Tests, examples and benchmarks beside `src/` may.

use std::path::Path;

use crate::problem::Problem;
use crate::source;
use crate::tree;

/// A path of the standard library, what it touches, and what to do instead.
const FORBIDDEN: [(&str, &str, &str); 13] = [
    ("fs", "a file", BYTES),
    ("env", "the environment", BYTES),
    ("process", "a process", LEAF),
    ("net::Tcp", "a socket", LEAF),
    ("net::Udp", "a socket", LEAF),
    ("net::ToSocketAddrs", "a socket", LEAF),
    ("os::unix::net", "a socket", LEAF),
    ("os::unix::fs", "a file", BYTES),
    ("time::SystemTime", "the clock", TODAY),
    ("time::Instant", "the clock", TODAY),
    ("time::UNIX_EPOCH", "the clock", TODAY),
    ("hash::RandomState", "randomness", SEED),
    ("collections::hash_map::RandomState", "randomness", SEED),
];
/// Modules that must not be imported whole: the item would escape this check.
const WHOLE: [&str; 2] = ["net", "time"];

const BYTES: &str = "take the bytes as an argument";
const TODAY: &str = "take `today` as an argument";
const SEED: &str = "take the seed as an argument";
const LEAF: &str = "move this work to layer 8 or above";

/// Every use of the world in the sources of a crate.
pub(crate) fn check(root: &Path, name: &str) -> Result<Vec<Problem>, Problem> {
    let mut problems = Vec::new();
    for file in tree::files(root, &format!("crates/{name}/src"))? {
        if !file.ends_with(".rs") {
            continue;
        }
        for (line, path) in standard_paths(&source::code_only(&tree::read(root, &file)?)) {
            if let Some((world, help)) = refusal(&path) {
                let what = format!("`{name}` uses `std::{path}`, which touches {world}");
                problems.push(Problem::new(&file, line, what, help));
            }
        }
    }
    Ok(problems)
}

fn refusal(path: &str) -> Option<(&'static str, &'static str)> {
    let whole = path.trim_end_matches("::*");
    if WHOLE.contains(&whole) {
        return Some(("sockets or the clock", "import the single item instead"));
    }
    FORBIDDEN
        .iter()
        .find(|(start, ..)| is_below(path, start))
        .map(|(_, world, help)| (*world, *help))
}

/// True if a path is `start` or continues it; `net::Tcp` also starts `net::TcpStream`.
fn is_below(path: &str, start: &str) -> bool {
    let is_prefix = start.ends_with("Tcp") || start.ends_with("Udp");
    path.strip_prefix(start)
        .is_some_and(|rest| is_prefix || rest.is_empty() || rest.starts_with("::"))
}

/// Every path below `std`, without `std::`, with its line; braces are resolved.
pub(crate) fn standard_paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let tokens = tokens(code);
    let mut at = 0;
    while at < tokens.len() {
        let is_start = tokens[at].1 == "std" && is_path_mark(&tokens, at + 1);
        at += 1;
        if is_start {
            at = subtree(&tokens, at + 1, "", &mut found);
        }
    }
    found
}

type Token<'a> = (usize, &'a str);

/// Reads what follows `::` and returns the position behind it.
fn subtree(
    tokens: &[Token<'_>],
    start: usize,
    path: &str,
    found: &mut Vec<(usize, String)>,
) -> usize {
    let Some((line, word)) = tokens.get(start) else { return start };
    if *word != "{" {
        let path = if path.is_empty() { (*word).to_owned() } else { format!("{path}::{word}") };
        if is_path_mark(tokens, start + 1) {
            return subtree(tokens, start + 2, &path, found);
        }
        // `fs::{self}` is `fs`.
        found.push((*line, path.trim_end_matches("::self").to_owned()));
        return start + 1;
    }
    let mut at = start + 1;
    while let Some((_, word)) = tokens.get(at) {
        match *word {
            "}" => return at + 1,
            "," => at += 1,
            // `fs as files`: the path is already noted.
            "as" => at += 2,
            _ => at = subtree(tokens, at, path, found),
        }
    }
    at
}

fn is_path_mark(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|(_, word)| *word == "::")
}

/// Identifiers, `::` and single signs, each with its line.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(c) = rest.chars().next() {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let length = match word {
                0 if rest.starts_with("::") => 2,
                0 => c.len_utf8(),
                word => word,
            };
            found.push((index + 1, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    found
}
