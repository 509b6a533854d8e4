//! Runs `src/yamaha_rtx/cases/*.md`.
//!
//! A case is a `##` heading, prose, a `yamaha-rtx` block and `expect` blocks. An `expect` block
//! may name readings (`expect Y-A2=list-first`). Its lines:
//! - every diagnostic of the device must stand there, as `CODE severity line:column headline`;
//! - `! text`: no line of the rendering holds the text;
//! - any other line must be a line of the rendering, in this order, blanks at the ends aside.

use std::fs;
use std::path::Path;

use model::Readings;

use super::{device, rendering};

struct Case {
    file: String,
    name: String,
    config: String,
    expects: Vec<(Readings, Vec<String>)>,
}

fn read_cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/yamaha_rtx/cases");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder of cases exists")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("a case is text");
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
        read_file(&file.unwrap_or_default(), &text, &mut cases);
    }
    cases
}

fn read_file(file: &str, text: &str, cases: &mut Vec<Case>) {
    let mut block: Option<(String, Vec<String>)> = None;
    for line in text.lines() {
        match (&mut block, line.strip_prefix("````").or(line.strip_prefix("```"))) {
            (None, Some(info)) => block = Some((info.trim().to_owned(), Vec::new())),
            (Some((info, lines)), Some("")) => {
                let case = cases.last_mut().expect("a block stands below a heading");
                if info == "yamaha-rtx" {
                    case.config = lines.iter().map(|line| format!("{line}\n")).collect();
                } else if let Some(words) = info.strip_prefix("expect") {
                    case.expects.push((readings(words), lines.clone()));
                } else {
                    panic!("{file}: unknown block {info}");
                }
                block = None;
            }
            (Some((_, lines)), _) => lines.push(decoded(line)),
            (None, None) => {
                if let Some(name) = line.strip_prefix("## ") {
                    cases.push(Case {
                        file: file.to_owned(),
                        name: name.to_owned(),
                        config: String::new(),
                        expects: Vec::new(),
                    });
                }
            }
        }
    }
}

/// `\b`, `\e`, `\r`, `\u{feff}` in blocks stand for characters that editors do not keep.
fn decoded(line: &str) -> String {
    line.replace("<BS>", "\u{8}")
        .replace("<ESC>", "\u{1b}")
        .replace("<CR>", "\r")
        .replace("<BOM>", "\u{feff}")
        .replace("<FENCE>", "```")
}

fn readings(words: &str) -> Readings {
    let mut readings = Readings::default();
    for word in words.split_whitespace() {
        let (id, reading) = word.split_once('=').expect("a reading is ID=KEYWORD");
        readings.take(id, reading);
    }
    readings
}

#[test]
fn cases_hold() {
    let cases = read_cases();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut failures = Vec::new();
    for case in cases.iter().filter(|case| case.name.contains(&only)) {
        assert!(!case.expects.is_empty(), "{}: {} expects nothing", case.file, case.name);
        for (readings, lines) in &case.expects {
            let device = device(&case.config, readings);
            let rendered = rendering::render(&device);
            for problem in problems(&device, &rendered, lines) {
                failures.push(format!("{}: {}: {problem}\n{rendered}", case.file, case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn problems(device: &super::Device, rendered: &str, lines: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let expected: Vec<&str> =
        lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    for said in rendering::diagnostics(device) {
        if !expected.contains(&said.trim()) {
            found.push(format!("unexpected: {said}"));
        }
    }
    let mut rest = rendered.lines().map(str::trim);
    for line in expected {
        if let Some(absent) = line.strip_prefix("! ") {
            if rendered.contains(absent) {
                found.push(format!("present: {absent}"));
            }
            continue;
        }
        if !rest.any(|one| one == line) {
            found.push(format!("missing (or out of order): {line}"));
            rest = rendered.lines().map(str::trim);
        }
    }
    found
}

#[test]
fn there_are_enough_cases() {
    assert!(read_cases().len() >= 40);
}
