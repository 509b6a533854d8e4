//! Packs that cannot be read: what they would have said may contradict what was used.

use check::{Report, RuleVerdict};

use crate::expectation::DAY;
use crate::folder;
use crate::snapshot::Snapshot;

/// A pack that contradicts nothing.
const SOUND: &str = "[pack]\nname = \"ours\"\n";

/// Texts of packs that cannot be read whole; `None` is a file that is not there.
const BROKEN: [Option<&str>; 5] = [
    None,
    Some(""),
    Some("this is no TOML"),
    Some("[pack]\nname = \"ours\"\ncolour = \"red\"\n"),
    Some("[pack]\nname = \"ours\"\n[[os]]\nname = \"windows-10-iot-enterprise-ltsc-2019\"\n"),
];

/// The report of the base site `base` with a pack of its own.
fn with_pack(base: &str, pack: Option<&str>) -> Report {
    let mut snapshot = Snapshot::base_of(base);
    snapshot.site = format!("packs = [\"ours.toml\"]\n{}", snapshot.site);
    snapshot.files.extend(pack.map(|text| ("ours.toml".to_owned(), text.to_owned())));
    snapshot.check(site::Date::read(DAY))
}

#[test]
fn rules_that_read_packs_prove_nothing_while_one_is_not_read() {
    for base in folder::bases() {
        for pack in BROKEN {
            let report = with_pack(&base, pack);
            for one in &report.requirements {
                let rules = rule::rules();
                let rule = rules.iter().find(|rule| rule.code == one.code);
                let reads_packs = rule.is_some_and(|rule| rule.reads_packs);
                let wanted = if reads_packs { RuleVerdict::Unknown } else { RuleVerdict::Proved };
                assert_eq!(one.verdict, wanted, "{base}: {} with {pack:?}", one.code);
            }
            assert_eq!(check::exit_code(&report), 2, "{base} with {pack:?}");
        }
    }
}

#[test]
fn a_pack_that_can_be_read_overturns_nothing() {
    for base in folder::bases() {
        let report = with_pack(&base, Some(SOUND));
        assert_eq!(check::exit_code(&report), 0, "{base}");
    }
}

#[test]
fn some_rules_read_packs_and_some_do_not() {
    let rules = rule::rules();
    let count = rules.iter().filter(|rule| rule.reads_packs).count();
    assert!(count > 0 && count < rules.len());
}
