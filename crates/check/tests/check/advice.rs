//! What is advised can be done as it stands: the route, and the answer to an open point.

use check::{Finding, Report, RuleVerdict};

use crate::folder;
use crate::markdown::Case;
use crate::snapshot::Snapshot;

/// The case of `rule` whose heading holds `words`.
fn snapshot(rule: &str, words: &str) -> Snapshot {
    let folders = folder::all().into_iter();
    let cases = folders.filter(|folder| folder.name == rule).flat_map(|folder| folder.cases);
    let found: Vec<Case> = cases.filter(|case| case.name.contains(words)).collect();
    Snapshot::of(found.first().expect("there is such a case"))
}

fn verdict(report: &Report, code: &str) -> RuleVerdict {
    let found = report.requirements.iter().find(|one| one.code == code);
    found.expect("it was judged").verdict
}

fn finding<'a>(report: &'a Report, code: &str) -> &'a Finding {
    report.findings.iter().find(|one| one.diagnostic.code == code).expect("it was found")
}

#[test]
fn the_route_that_is_advised_mends_a_router_without_a_way_back() {
    for words in ["refutes Router A without a route", "refutes a default route that takes"] {
        let mut site = snapshot("missing_way_back", words);
        let report = site.check(None);
        let helps = &finding(&report, "F014").diagnostic.helps;
        let command = |text: &str| {
            let quoted = text.split('`').nth(3).unwrap_or_default();
            quoted.starts_with("ip route").then(|| quoted.to_owned())
        };
        let commands: Vec<String> = helps.iter().filter_map(|one| command(&one.en)).collect();
        assert_eq!(commands, ["ip route 192.0.2.0/25 gateway 198.51.100.1"], "{words}");
        assert_eq!(command(&helps[0].ja), command(&helps[0].en));
        site.file_mut("router-a.conf").push_str(&format!("{}\n", commands[0]));
        let mended = site.check(None);
        assert_eq!(verdict(&mended, "F014"), RuleVerdict::Proved, "{words}");
        assert_ne!(verdict(&mended, "F007"), RuleVerdict::Refuted, "{words}");
    }
}

#[test]
fn the_block_that_is_advised_answers_the_open_point() {
    let site = snapshot("terminal_initiated_session", "a list of dynamic filters only does");
    let today = site::Date::new(2026, 11, 27);
    let report = site.check(today);
    let found = finding(&report, "F002");
    assert_eq!(found.verdict, RuleVerdict::Unknown);
    let block = |text: &str| {
        let (_, block) = text.split_once('\n').expect("the block stands below the sentence");
        assert!(block.contains("on = 2026-11-27"), "{block}");
        block.to_owned()
    };
    let help = found.diagnostic.helps.iter().find(|help| help.en.contains("[[assumption]]"));
    let help = help.expect("the block is advised");
    for block in [block(&help.ja), block(&help.en)] {
        let answered = Snapshot::new(&format!("{}{block}\n", site.site), site.files.clone());
        let report = answered.check(today);
        assert_eq!(report.diagnostics.iter().filter(|one| one.code.starts_with('P')).count(), 0);
        assert!(report.assumptions.iter().any(|one| one.id == "Y-A3" && one.is_answered));
        assert_ne!(verdict(&report, "F002"), RuleVerdict::Unknown, "{block}");
    }
}
