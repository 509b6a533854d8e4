//! Secrets: nothing in the repository may be, or look like, a key that somebody uses.

use super::Finding;

const HELP: &str = "write REDACTED or a word that starts with EXAMPLE instead";
const HARMLESS: [&str; 7] = ["REDACTED", "EXAMPLE", "env:", "{", "<", "$", "*"];

pub(super) fn check(file: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in content.lines().enumerate() {
        let begin = line.find("BEGIN ").map(|at| &line[at..]);
        if begin.is_some_and(|rest| rest.contains("PRIVATE KEY")) {
            findings.push(Finding::new("secret", file, index + 1, "a private key", HELP));
        }
        if shared_key(line).is_some_and(|key| !is_harmless(key)) {
            findings.push(Finding::new("secret", file, index + 1, "a pre-shared key", HELP));
        }
    }
    findings
}

/// What follows `pre-shared-key N text`, or a key in hexadecimal.
fn shared_key(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("pre-shared-key ")?;
    let mut words = rest.split_whitespace().skip_while(|word| word.parse::<u32>().is_ok());
    let word = words.next()?;
    if word == "text" { words.next() } else { word.starts_with("0x").then_some(word) }
}

fn is_harmless(key: &str) -> bool {
    let key = key.trim_matches(['"', '\'', '`', '\\']);
    key.is_empty() || HARMLESS.iter().any(|start| key.starts_with(start))
}
