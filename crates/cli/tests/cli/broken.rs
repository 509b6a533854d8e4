//! Broken examples: each is found out, at the line that is wrong.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::run::{check, plain, root};

const FOLDER: &str = "examples/broken";

/// Rules whose refutations are about a packet.
const SHOWN_BY_A_PACKET: [&str; 9] =
    ["F001", "F002", "F003", "F004", "F006", "F007", "F008", "F009", "F014"];

struct Expected {
    folder: String,
    exit: i32,
    code: String,
    /// File and line from the root of the workspace.
    place: String,
}

fn expected() -> Vec<Expected> {
    let text = fs::read_to_string(root().join(FOLDER).join("EXPECT")).expect("the table is there");
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [folder, exit, code, place] = cells[..] else { panic!("four cells: {row}") };
        let place = plain(&Path::new(FOLDER).join(folder).join(place));
        Expected {
            folder: folder.to_owned(),
            exit: exit.parse().expect("an exit code is a number"),
            code: code.to_owned(),
            place: place.display().to_string(),
        }
    })
    .collect()
}

#[test]
fn every_broken_example_is_in_the_table() {
    let entries = fs::read_dir(root().join(FOLDER)).expect("the folder is there");
    let folders: BTreeSet<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let table: BTreeSet<String> = expected().into_iter().map(|row| row.folder).collect();
    assert_eq!(folders, table);
    for folder in &folders {
        assert!(root().join(FOLDER).join(folder).join("README.md").exists(), "{folder}");
    }
}

#[test]
fn every_broken_example_is_blamed_on_its_line() {
    let mut complaints = Vec::new();
    for row in expected() {
        let checked = check(&Path::new(FOLDER).join(&row.folder));
        let said = checked.said();
        let is_blamed = said.contains(&(row.code.clone(), row.place.clone()));
        if checked.code != row.exit || !is_blamed {
            complaints.push(format!(
                "{}: want exit {}, {} at {}; exit {}, {said:#?}",
                row.folder, row.exit, row.code, row.place, checked.code,
            ));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn whatever_is_refuted_by_a_packet_shows_it() {
    for row in expected().iter().filter(|row| row.exit == 1) {
        let checked = check(&Path::new(FOLDER).join(&row.folder));
        let findings = checked.report["findings"].as_array().cloned().unwrap_or_default();
        for one in findings.iter().filter(|one| one["verdict"] == "refuted") {
            let code = one["code"].as_str().unwrap_or_default();
            // Frames (F005, T120) and name rules (X001) are no matter of a single packet.
            if SHOWN_BY_A_PACKET.contains(&code) {
                let hops = one["witness"]["hops"].as_array().map_or(0, Vec::len);
                assert!(hops > 0, "{} {code}", row.folder);
            }
        }
    }
}
