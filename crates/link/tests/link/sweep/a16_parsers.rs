//! A16: whatever bytes stand in the files that the sweeper reads, nothing panics, and damaged
//! input never allows anything.

use std::ffi::OsStr;

use diag::Sources;
use link::audit::{Chain, Entry, Record};
use link::moment;
use link::retention;
use proptest::prelude::*;

use super::{DAY, Folders};
use crate::budget::{self, is_soak};

fn cases() -> ProptestConfig {
    // With a budget about as many as fit into the time of one test, by 2,000 in a second.
    let cases = match budget::seconds() {
        Some(seconds) => u32::try_from(seconds * 2_000).unwrap_or(u32::MAX).min(2_000_000),
        None if is_soak() => 2_000_000,
        None => 2_000,
    };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Text that looks like a policy file here and there.
fn policy() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "[retention]",
        "acknowledged",
        "unread-delete",
        "unread_warn",
        "consumers",
        "=",
        "\"15min\"",
        "\"72h\"",
        "\"0d\"",
        "\"99999999999999999999d\"",
        "[",
        "]",
        "\"a\"",
        "\n",
        " ",
        "#",
        "\"",
        "'",
        "{",
        "}",
        "[site]",
        "name",
        "施設",
        "＝",
        "\u{FEFF}",
        "1",
        "true",
        ".",
    ]);
    let any = any::<String>();
    let piece = prop_oneof![9 => word.prop_map(str::to_owned), 1 => any];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a16_a_policy_is_read_or_refused(text in policy()) {
        let mut sources = Sources::new();
        let source = sources.add("policy.toml", text.as_str());
        let file = retention::parse(source, &text);
        for one in &file.diagnostics {
            let span = one.primary.as_ref().expect("every fault has a place").span;
            let length = u32::try_from(text.len()).expect("short");
            prop_assert!(span.start <= span.end && span.end <= length, "{one:?}");
            prop_assert!(text.is_char_boundary(span.start as usize));
            prop_assert!(text.is_char_boundary(span.end as usize));
        }
    }

    #[test]
    fn a16_a_record_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(Record::read(&bytes), None);
    }

    #[test]
    fn a16_a_damaged_record_is_refused(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let entry = Entry::new("deleted").with("name", "OQSsiquc01res_~00.xml").with("size", 7);
        let line = Chain::default().append(0, &entry);
        let line = line.trim_end().as_bytes();
        prop_assert!(Record::read(line).is_some());
        let mut damaged = line.to_vec();
        damaged[at.index(line.len())] ^= 1 << bit;
        prop_assert_eq!(Record::read(&damaged), None);
    }

    #[test]
    fn a16_a_moment_is_read_or_refused(text in "[-0-9TZ:]{0,24}") {
        if let Some(moment) = moment::read(&text) {
            prop_assert_eq!(moment::written(moment), text);
        }
    }
}

#[test]
fn a16_a_damaged_memory_deletes_nothing_and_is_told() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    folders.apply(DAY);
    let state = folders.place.path().join("state");
    let memory = std::fs::read_dir(&state)
        .expect("the state")
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("memory-"))
        .expect("a pass left a memory");
    std::fs::write(memory.path(), "sekisho-link-memory 1\nlisted 0\n").expect("written");
    let report = folders.apply(8 * DAY);
    assert!(report.is_memory_damaged && report.totals().alerts == 1);
    assert_eq!(super::deleted(&report), [""; 0], "all ages begin anew");
    assert_eq!(super::deleted(&folders.apply(15 * DAY)), ["del1.txt"]);
}

#[test]
fn a16_a_damaged_journal_of_acknowledgements_stops_the_sweeper() {
    let folders = Folders::new();
    folders.put("res/OQSsiquc01res_1.xml", "x");
    for number in 0..3 {
        folders.acknowledge(&format!("OQSsiquc01res_{number}.xml"), "x", "", folders.start);
    }
    let state = folders.state();
    let listing = state.folder.list().expect("the state");
    let is_journal =
        |name: &&std::ffi::OsString| name.to_string_lossy().starts_with("acknowledged");
    let journal = listing.names.iter().find(is_journal).expect("a journal");
    let path = state.folder.path().join(journal);
    let mut bytes = std::fs::read(&path).expect("read");
    bytes[30] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    let now = folders.after(DAY);
    let refused = folders.sweeper().apply(&now, link::sweep::Confirmation::Missing);
    assert!(refused.is_err(), "{refused:?}");
    assert!(folders.has("res/OQSsiquc01res_1.xml"));
    assert!(!OsStr::new(journal).is_empty());
}
