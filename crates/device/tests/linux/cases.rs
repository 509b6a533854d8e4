//! The cases in `src/linux/cases/*.md`, compared with what they expect.
//!
//! `UPDATE_SNAPSHOTS=1` writes what came out; read the difference as if it were code.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use device::{File, Input};
use diag::{SourceId, Sources};
use model::{Origin, Readings};

use super::render;

/// What nft says to a ruleset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Takes,
    Refuses,
    /// It depends on how the kernel was built.
    Unasked,
}

/// One case of a file.
pub(super) struct Case {
    pub(super) title: String,
    /// Name and text.
    pub(super) files: Vec<(String, String)>,
    /// What nft says to the ruleset.
    pub(super) answer: Answer,
    readings: Readings,
    expected: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/linux/cases")
}

/// All cases by file.
pub(super) fn all() -> BTreeMap<PathBuf, Vec<Case>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder()).expect("the folder of cases is there") {
        let path = entry.expect("the folder of cases can be read").path();
        let text = fs::read_to_string(&path).expect("a case is text");
        found.insert(path, cases(&text));
    }
    found
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case {
                title: title.to_owned(),
                files: Vec::new(),
                answer: Answer::Takes,
                readings: Readings::default(),
                expected: String::new(),
            });
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let body = body.iter().map(|line| format!("{line}\n")).collect::<String>();
        let case = cases.last_mut().expect("a block stands under a title");
        match info.split(' ').collect::<Vec<_>>()[..] {
            ["linux", name] => case.files.push((name.to_owned(), body)),
            ["linux", name, answer] => {
                case.files.push((name.to_owned(), body));
                case.answer = match answer {
                    "refused" => Answer::Refuses,
                    "unasked" => Answer::Unasked,
                    other => panic!("unknown answer `{other}` in `{}`", case.title),
                };
            }
            ["readings"] => {
                for line in body.lines() {
                    let (id, keyword) = line.split_once(' ').expect("an id and a keyword");
                    case.readings.take(id, keyword);
                }
            }
            ["expect"] => case.expected = body,
            _ => panic!("unknown block `{info}` in `{}`", case.title),
        }
    }
    cases
}

/// What the vendor makes of the files.
pub(super) fn lower(files: &[(String, String)], readings: &Readings) -> (device::Lowered, Sources) {
    let mut sources = Sources::new();
    let ids: Vec<SourceId> =
        files.iter().map(|(name, text)| sources.add(name.clone(), text.clone())).collect();
    let files: Vec<File<'_>> =
        files.iter().zip(ids).map(|((name, text), source)| File { source, name, text }).collect();
    let input = Input {
        name: "router",
        origin: Origin::Default(diag::Text::verbatim("test")),
        model: None,
        files: &files,
    };
    let vendor = device::vendor("linux").expect("the vendor is registered");
    ((vendor.parse)(&input).lower(readings), sources)
}

fn actual(case: &Case) -> String {
    let (lowered, sources) = lower(&case.files, &case.readings);
    render::lowered(&lowered, &sources)
}

/// The text of the file with what came out in the `expect` blocks.
fn rewritten(text: &str, cases: &[Case]) -> String {
    let mut out = String::new();
    let mut number = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line.starts_with("## ") {
            number += 1;
        }
        if line == "```expect" {
            out.push_str(&actual(&cases[number - 1]));
            out.push_str("```\n");
            let _ = lines.by_ref().take_while(|line| *line != "```").count();
        }
    }
    out
}

#[test]
fn every_case_lowers_to_what_it_expects() {
    let mut differences = Vec::new();
    for (path, cases) in all() {
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            let text = fs::read_to_string(&path).expect("a case is text");
            fs::write(&path, rewritten(&text, &cases)).expect("a case can be written");
            continue;
        }
        for case in &cases {
            let actual = actual(case);
            if actual != case.expected {
                let (title, expected) = (&case.title, &case.expected);
                differences.push(format!("== {title}\n-- expected\n{expected}-- actual\n{actual}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn there_are_enough_cases() {
    assert!(all().values().map(Vec::len).sum::<usize>() >= 40);
}

#[test]
fn every_code_that_a_case_shows_is_explained() {
    let vendor = device::vendor("linux").expect("the vendor is registered");
    for case in all().values().flatten() {
        let (lowered, _) = lower(&case.files, &case.readings);
        for one in &lowered.diagnostics {
            let is_known = vendor.codes.iter().copied().flatten().any(|info| info.code == one.code);
            assert!(is_known, "{} in `{}` is not explained", one.code, case.title);
        }
    }
}
