//! The journal survives torn writes, tells damage, and is shared by several processes.

use std::fs;

use link::folder::Folder;
use link::journal::{Journal, JournalError};

use crate::place::Place;

fn records(journal: &mut Journal) -> Result<Vec<String>, JournalError> {
    let mut found = Vec::new();
    journal.news(|record| found.push(record.to_owned())).map(|()| found)
}

fn filled(place: &Place) -> Vec<u8> {
    let folder = Folder::open(place.path()).expect("it works");
    let mut journal = Journal::open(&folder, "journal").expect("it works");
    for record in ["one", "two", "three"] {
        journal.append(record, |_| {}).expect("it works");
    }
    fs::read(place.path().join("journal")).expect("it works")
}

#[test]
fn a_torn_tail_is_cut_off_at_every_length() {
    let place = Place::new();
    let whole = filled(&place);
    let lines: Vec<usize> =
        whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    let folder = Folder::open(place.path()).expect("it works");
    for length in 0..=whole.len() {
        fs::write(place.path().join("journal"), &whole[..length]).expect("it works");
        let mut journal = Journal::open(&folder, "journal").expect("it works");
        let kept = lines.iter().filter(|line| **line < length).count();
        assert_eq!(
            records(&mut journal).expect("it works"),
            ["one", "two", "three"][..kept],
            "{length}"
        );
        journal.append("four", |_| {}).expect("it works");
        let mut again = Journal::open(&folder, "journal").expect("it works");
        assert_eq!(records(&mut again).expect("it works").last().expect("it works"), "four");
    }
}

#[test]
fn a_tail_of_zeros_is_cut_off() {
    let place = Place::new();
    let mut bytes = filled(&place);
    bytes.extend([0; 200_000]);
    fs::write(place.path().join("journal"), &bytes).expect("it works");
    let folder = Folder::open(place.path()).expect("it works");
    let mut journal = Journal::open(&folder, "journal").expect("it works");
    assert_eq!(records(&mut journal).expect("it works"), ["one", "two", "three"]);
}

#[test]
fn damage_in_the_middle_is_never_cut_off() {
    let place = Place::new();
    let whole = filled(&place);
    let folder = Folder::open(place.path()).expect("it works");
    let last = whole.iter().rposition(|byte| *byte == b't').expect("it works") - 17;
    for at in 0..last {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        fs::write(place.path().join("journal"), &bytes).expect("it works");
        let mut journal = Journal::open(&folder, "journal").expect("it works");
        assert!(matches!(records(&mut journal), Err(JournalError::Damaged(..))), "byte {at}");
        assert_eq!(fs::read(place.path().join("journal")).expect("it works"), bytes);
    }
}

#[test]
fn damage_is_told_with_its_file_and_place() {
    let place = Place::new();
    let whole = filled(&place);
    let folder = Folder::open(place.path()).expect("it works");
    let second = whole.iter().position(|byte| *byte == b'\n').expect("it works") + 1;
    let mut bytes = whole;
    bytes[second + 20] ^= 0x20;
    fs::write(place.path().join("journal"), &bytes).expect("it works");
    let mut journal = Journal::open(&folder, "journal").expect("it works");
    let told = records(&mut journal).expect_err("it is damaged").text().en;
    assert!(told.contains(&format!("byte {second} of `journal`")), "{told}");
}

#[test]
fn two_writers_see_each_other() {
    let place = Place::new();
    let folder = Folder::open(place.path()).expect("it works");
    let mut one = Journal::open(&folder, "journal").expect("it works");
    let mut two = Journal::open(&folder, "journal").expect("it works");
    one.append("a", |_| {}).expect("it works");
    let mut seen = Vec::new();
    let is_written = two
        .append_if(|record| seen.push(record.to_owned()), || Some("b".to_owned()))
        .expect("it works");
    assert!(is_written);
    assert_eq!(seen, ["a"]);
    assert_eq!(records(&mut one).expect("it works"), ["b"]);
}

#[test]
fn a_record_is_one_line() {
    let place = Place::new();
    let folder = Folder::open(place.path()).expect("it works");
    let mut journal = Journal::open(&folder, "journal").expect("it works");
    assert!(matches!(journal.append("a\nb", |_| {}), Err(JournalError::Refused)));
    assert!(matches!(journal.append(&"a".repeat(70_000), |_| {}), Err(JournalError::Refused)));
}
