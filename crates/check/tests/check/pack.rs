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

/// A pack that names the servers of a suffix, for the lines of `carrier` if it is given.
fn servers(carrier: &str, suffix: &str, address: &str) -> String {
    format!(
        "[pack]\nname = \"ours\"\n{carrier}[[dns]]\nname = \"ours\"\nsuffixes = [\"{suffix}\"]\n\
         addresses = [\"{address}\"]\nsource = \"a paper\"\nread = 2026-11-20\n\
         confidence = \"H\"\nclass = \"contract-only\"\n"
    )
}

/// What X001 comes to at the base site, changed by `edits`, with a pack.
fn names(edits: &[(&str, &str)], pack: &str) -> (RuleVerdict, String) {
    let mut snapshot = Snapshot::base();
    snapshot.site = format!("packs = [\"ours.toml\"]\n{}", snapshot.site);
    snapshot.files.push(("ours.toml".to_owned(), pack.to_owned()));
    for (old, new) in edits {
        let router = snapshot.file_mut("router-b.conf");
        *router = router.replace(old, new);
        snapshot.site = snapshot.site.replace(old, new);
    }
    let report = snapshot.check(site::Date::read(DAY));
    let verdict = report.requirements.iter().find(|one| one.code == "X001");
    let finding = report.findings.iter().find(|one| one.diagnostic.code == "X001");
    let label = finding.and_then(|one| one.diagnostic.primary.as_ref());
    let why = label.map(|label| label.text.en.clone()).unwrap_or_default();
    (verdict.expect("it is asked").verdict, why)
}

#[test]
fn a_pack_that_names_another_server_than_the_site_file_leaves_it_open() {
    let (verdict, why) = names(&[], &servers("", "onshi.example", "2001:db8:66::53"));
    assert_eq!(verdict, RuleVerdict::Unknown);
    assert!(why.contains("2001:db8:66::53"), "{why}");
}

#[test]
fn a_pack_that_names_the_server_proves_it() {
    let unlisted = [("[destinations.eligibility-dns]", "[destinations.other]"), ("/53", "/54")];
    let right = servers("", "onshi.example", "2001:db8:53::53");
    assert_eq!(names(&unlisted, SOUND).0, RuleVerdict::Unknown);
    assert_eq!(names(&unlisted, &right).0, RuleVerdict::Proved);
}

#[test]
fn a_server_that_neither_the_site_file_nor_a_pack_names_is_wrong() {
    let stranger = [("select 1 2001:db8:53::53", "select 1 2001:db8:66::8")];
    let (verdict, why) = names(&stranger, &servers("", "onshi.example", "2001:db8:53::53"));
    assert_eq!(verdict, RuleVerdict::Refuted);
    assert!(why.contains("2001:db8:53::53"), "{why}");
}

#[test]
fn a_pack_about_another_name_decides_nothing() {
    for suffix in ["other.example", "shi.example", "web.onshi.example.jp"] {
        let pack = servers("", suffix, "2001:db8:66::53");
        assert_eq!(names(&[], &pack).0, RuleVerdict::Proved, "{suffix}");
    }
}

/// The longest name decides; two packs that name different servers for it leave it open.
#[test]
fn the_longest_suffix_decides_and_two_answers_are_none() {
    let short = servers("", "example", "2001:db8:66::53");
    let long = short.replace("name = \"ours\"\nsuffixes", "name = \"long\"\nsuffixes");
    let long = long[long.find("[[dns]]").unwrap_or(0)..]
        .replace("\"example\"", "\"onshi.example\"")
        .replace("2001:db8:66::53", "2001:db8:53::53");
    assert_eq!(names(&[], &format!("{short}{long}")).0, RuleVerdict::Proved);
    let same = long.replace("\"long\"", "\"same\"").replace("2001:db8:53::53", "2001:db8:66::53");
    assert_eq!(names(&[], &format!("{short}{long}{same}")).0, RuleVerdict::Unknown);
}

/// The program's own facts, of which the site file says another server.
#[test]
fn the_facts_of_the_carrier_are_compared_with_the_site_file() {
    let line = "eligibility = \"ipoe\"\ncarrier = \"ntt-east\"";
    let edits = [("eligibility = \"ipoe\"", line), ("onshi.example", "onshikaku.org")];
    let (verdict, why) = names(&edits, SOUND);
    assert_eq!(verdict, RuleVerdict::Unknown);
    assert!(why.contains("a pack names"), "{why}");
    let stranger = [edits[0], edits[1], ("select 1 2001:db8:53::53", "select 1 2001:db8:66::8")];
    assert_eq!(names(&stranger, SOUND).0, RuleVerdict::Refuted);
}

/// A line that carries eligibility in a way that its carrier does not.
#[test]
fn a_method_that_the_carrier_does_not_have_proves_nothing_about_packets() {
    let check = |carrier: &str| {
        let mut snapshot = Snapshot::base();
        let line = format!("eligibility = \"ipoe\"\ncarrier = \"{carrier}\"");
        snapshot.site = snapshot.site.replace("eligibility = \"ipoe\"", &line);
        snapshot.check(site::Date::read(DAY))
    };
    assert_eq!(check::exit_code(&check("ntt-east")), 0);
    let report = check("ctc");
    let said = report.diagnostics.iter().find(|one| one.code == "R307").expect("it is said");
    let span = said.primary.as_ref().expect("it has a place").span;
    let before = report
        .sources
        .file(span.source)
        .text()
        .lines()
        .take_while(|line| !line.starts_with("eligibility"));
    let line = u32::try_from(before.count() + 1).expect("it is short");
    assert_eq!(report.sources.file(span.source).line_of(span.start), line);
    for one in &report.requirements {
        let is_fact = one.code.starts_with(['E', 'L']);
        assert_eq!(one.verdict == RuleVerdict::Proved, is_fact, "{}", one.code);
    }
    let todo = check::todo(&report);
    assert!(todo.iter().any(|one| one.who == check::Who::LineProvider && one.codes == ["R307"]));
}

#[test]
fn some_rules_read_packs_and_some_do_not() {
    let rules = rule::rules();
    let count = rules.iter().filter(|rule| rule.reads_packs).count();
    assert!(count > 0 && count < rules.len());
}

/// A day of a source that has not come is told and takes nothing away.
#[test]
fn a_source_that_is_read_after_the_day_is_told() {
    let late = servers("", "other.example", "2001:db8:53::53").replace("2026-11-20", "2026-12-20");
    let report = with_pack("separate", Some(&late));
    let said: Vec<&str> = report.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!((said, check::exit_code(&report)), (vec!["R312"], 0));
}
