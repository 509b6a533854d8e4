//! The formatter: golden files, nothing lost, nothing changed, and stable.

use std::fs;
use std::path::{Path, PathBuf};

use diag::SourceId;

use crate::examples::{EVERYTHING, SEPARATE};

const ROUGH: &str = include_str!("rough.toml");

/// What the file says, without the places.
pub(crate) fn meaning(text: &str) -> String {
    let (site, _) = site::parse(SourceId(0), text);
    // How many mistakes there are stays, their places go.
    let wiring = vec![diag::Span::new(SourceId(0), 0, 0); site.wiring.len()];
    let site = site::Site { redactions: Vec::new(), wiring, ..site };
    let shown = format!("{site:?}");
    // A span reads `0:12..34`.
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some(at) = rest.find("span: ") {
        out.push_str(&rest[..at]);
        rest = rest[at + 6..].trim_start_matches(|letter: char| {
            letter.is_ascii_digit() || letter == ':' || letter == '.'
        });
    }
    out.push_str(rest);
    out
}

fn formatted(text: &str) -> String {
    site::format(text).expect("the text is TOML")
}

#[test]
fn a_rough_file_becomes_the_golden_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/site/formatted.toml");
    let now = formatted(ROUGH);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &now).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(now, golden);
}

#[test]
fn formatting_twice_changes_nothing_and_the_meaning_stays() {
    for text in [ROUGH, SEPARATE, EVERYTHING] {
        let once = formatted(text);
        assert_eq!(formatted(&once), once);
        assert_eq!(meaning(&once), meaning(text));
    }
}

#[test]
fn a_canonical_file_stays_as_it_is() {
    assert_eq!(formatted(SEPARATE), SEPARATE);
}

#[test]
fn no_comment_is_lost() {
    let once = formatted(ROUGH);
    let comments = |text: &str| {
        let mut found: Vec<String> = text
            .lines()
            .filter_map(|line| line.split_once("# "))
            .map(|(_, comment)| comment.trim().to_owned())
            .collect();
        found.sort();
        found
    };
    assert_eq!(comments(&once), comments(ROUGH));
}

#[test]
fn a_text_that_is_not_toml_is_not_touched() {
    let found = site::format("[site\nname = ").expect_err("a bracket is open");
    assert!(!found.is_empty());
}

#[test]
fn what_only_the_parser_takes_for_toml_stays_as_it_is() {
    let text = "x = { a # comment\n = 1 }\n";
    assert_eq!(formatted(text), text);
}

/// Every site file below `folder`.
fn site_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.filter_map(|one| Some(one.ok()?.path())).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { site_files(&path) } else { vec![path] };
    let all = paths.into_iter().flat_map(below);
    all.filter(|path| path.file_name().is_some_and(|name| name == "site.toml")).collect()
}

#[test]
fn every_example_has_the_form_of_the_formatter() {
    let all = site_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples"));
    assert!(all.len() > 70, "{all:?}");
    let is_other = |path: &&PathBuf| {
        let text = fs::read_to_string(path).expect("it is there");
        site::format(&text).ok() != Some(text)
    };
    let others: Vec<&PathBuf> = all.iter().filter(is_other).collect();
    assert_eq!(others, Vec::<&PathBuf>::new(), "`sekisho fmt` writes them anew");
}
