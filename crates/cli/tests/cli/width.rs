//! Nothing but quoted lines of the input and words that cannot be broken is wider than a terminal.

use std::fs;

use unicode_width::UnicodeWidthStr;

use crate::run::{CLEAN, root, sekisho};

/// Columns of a terminal; a full-width letter takes two.
const COLUMNS: usize = 80;

/// Every example, right or broken.
fn examples() -> Vec<String> {
    let mut all = Vec::new();
    for folder in ["examples", "examples/broken"] {
        let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let paths = names.map(|name| format!("{folder}/{name}"));
        all.extend(paths.filter(|path| root().join(path).join("site.toml").exists()));
    }
    all.sort();
    assert!(all.len() > 60, "{all:?}");
    all
}

/// Whether a line may be as wide as it is: it quotes the input, or shows what is marked in it, or
/// it is one word that nothing breaks.
fn is_excused(line: &str) -> bool {
    let rest = line.trim_start_matches([' ', '|', '=', '-', '>', ':', 'x']);
    let words = rest.split_whitespace().count();
    let number = line.trim_start().split(' ').next().unwrap_or_default();
    let is_quoted = number.parse::<u32>().is_ok() && line.contains(" | ");
    let marks = ['^', '-', '_', ' ', '|'];
    let is_underline =
        line.contains(" | ") && line.trim_start().trim_start_matches(marks).is_empty();
    is_quoted || is_underline || words == 1 || is_code(rest)
}

/// Whether a line is nothing but code in backquotes, with what follows it without a space.
fn is_code(line: &str) -> bool {
    let quote = line.find('`').filter(|at| *at < 4);
    let end = line.rfind('`').filter(|end| line[*end..].width() <= 8);
    quote.zip(end).is_some_and(|(start, end)| !line[start + 1..end].contains('`'))
}

fn assert_fits(arguments: &[&str]) {
    for lang in ["ja", "en"] {
        let mut all = vec!["--lang", lang];
        all.extend(arguments);
        let ran = sekisho(&all);
        for line in ran.stdout.lines().chain(ran.stderr.lines()) {
            assert!(line.width() <= COLUMNS || is_excused(line), "{arguments:?}: {line}");
        }
    }
}

#[test]
fn reports_fit_the_terminal() {
    for example in &examples() {
        for command in ["check", "due", "todo"] {
            assert_fits(&[command, example, "--on", "2026-11-23"]);
        }
    }
}

#[test]
fn answers_and_explanations_fit_the_terminal() {
    for question in [
        "receipt-1 -> terminal-1 smb",
        "terminal-1 -> claims-lan any",
        "eligibility-net -> terminal-1 https",
        "nobody -> terminal-1",
        "receipt-1 -> terminal-1 smbb",
        "receipt-1",
    ] {
        assert_fits(&["ask", CLEAN, question]);
    }
    for from in ["terminal-1", "claims-lan", "eligibility-net", "internet"] {
        assert_fits(&["ask", CLEAN, "--from", from]);
    }
    assert_fits(&["explain"]);
    let list = sekisho(&["explain", "--lang", "en"]).stdout;
    let codes = list.lines().filter(|line| !line.starts_with(' ') && !line.ends_with(':'));
    let codes: Vec<&str> = codes.filter_map(|line| line.split(' ').next()).collect();
    assert!(codes.len() > 200, "{list}");
    for code in codes.into_iter().filter(|code| !code.is_empty()) {
        assert_eq!(sekisho(&["explain", code]).code, 0, "{code}");
        assert_fits(&["explain", code]);
    }
}
