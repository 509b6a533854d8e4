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

/// The block that a finding advises for an open point, in both languages.
fn blocks(report: &Report) -> [String; 2] {
    let found = finding(report, "F002");
    assert_eq!(found.verdict, RuleVerdict::Unknown);
    let block = |text: &str| {
        let (_, block) = text.split_once('\n').expect("the block stands below the sentence");
        assert!(block.contains("on = 2026-11-27"), "{block}");
        block.to_owned()
    };
    let help = found.diagnostic.helps.iter().find(|help| help.en.contains("[[assumption]]"));
    let help = help.expect("the block is advised");
    [block(&help.ja), block(&help.en)]
}

#[test]
fn the_block_that_is_advised_answers_the_open_point_once_it_is_filled_in() {
    let site = snapshot("terminal_initiated_session", "a list of dynamic filters only does");
    let today = site::Date::new(2026, 11, 27);
    for block in blocks(&site.check(today)) {
        assert!(block.contains("# \"discard\"") && block.contains("# \"pass\""), "{block}");
        let filled = block
            .replace("reading = \"\"", "reading = \"discard\"")
            .replace("reason = \"\"", "reason = \"tried on an RTX830\"")
            .replace("by = \"\"", "by = \"Sato\"");
        let answered = Snapshot::new(&format!("{}{filled}\n", site.site), site.files.clone());
        let report = answered.check(today);
        assert_eq!(report.diagnostics.iter().filter(|one| one.code.starts_with('P')).count(), 0);
        assert!(report.assumptions.iter().any(|one| one.id == "Y-A3" && one.is_answered));
        assert_ne!(verdict(&report, "F002"), RuleVerdict::Unknown, "{filled}");
    }
}

#[test]
fn the_block_that_is_advised_proves_nothing_as_it_stands() {
    let site = snapshot("terminal_initiated_session", "a list of dynamic filters only does");
    let today = site::Date::new(2026, 11, 27);
    for block in blocks(&site.check(today)) {
        let pasted = Snapshot::new(&format!("{}{block}\n", site.site), site.files.clone());
        let report = pasted.check(today);
        assert!(!report.assumptions.iter().any(|one| one.is_answered), "{block}");
        assert_eq!(verdict(&report, "F002"), RuleVerdict::Unknown, "{block}");
        assert_eq!(check::exit_code(&report), 2, "{block}");
    }
}

/// An answer with these words and this day.
fn answer(reason: &str, by: &str, on: &str) -> String {
    format!(
        "[[assumption]]\nid = \"Y-A3\"\nreading = \"discard\"\nreason = \"{reason}\"\n\
         by = \"{by}\"\non = {on}\n"
    )
}

#[test]
fn an_answer_that_nobody_stands_for_is_refused_at_its_place() {
    let site = snapshot("terminal_initiated_session", "a list of dynamic filters only does");
    let today = site::Date::new(2026, 11, 27);
    let right = answer("実機で確認（RTX830）", "佐藤", "2026-11-27");
    let refused = [
        (answer("実機で確認（RTX830）", "確認した人の名前", "2026-11-20"), "R114"),
        (answer("実機で確認（機種・版）", "佐藤", "2026-11-20"), "R114"),
        (answer("tried on it", "Name of who looked", "2026-11-20"), "R114"),
        (answer("tried on the device (model, firmware)", "Sato", "2026-11-20"), "R114"),
        (answer("tried on it", "...", "2026-11-20"), "R114"),
        (answer("tried on it", "Sato", "2099-11-27"), "R115"),
        (answer("tried on it", "Sato", "2026-11-28"), "R115"),
    ];
    let check = |block: &str| {
        let site = Snapshot::new(&format!("{}{block}", site.site), site.files.clone());
        site.check(today)
    };
    let is_answered = |report: &Report| report.assumptions.iter().any(|one| one.is_answered);
    assert!(is_answered(&check(&right)));
    for (block, code) in refused {
        let report = check(&block);
        let said = report.diagnostics.iter().find(|one| one.code == code);
        let place = said.and_then(|one| one.primary.as_ref()).expect("it is said at a place");
        let place = report.sources.file(place.span.source).name();
        assert_eq!((is_answered(&report), place), (false, "site.toml"), "{block}");
        assert_eq!(verdict(&report, "F002"), RuleVerdict::Unknown, "{block}");
    }
}

#[test]
fn a_waiver_that_nobody_stands_for_waives_nothing() {
    let mut site = snapshot("wrong_reader_count", "two readers");
    let waiver = |reason: &str, by: &str| {
        format!(
            "[[waiver]]\nrule = \"E002\"\nreason = \"{reason}\"\nby = \"{by}\"\n\
             until = 2026-12-31\n"
        )
    };
    let today = site::Date::new(2026, 11, 27);
    let before = site.site.clone();
    site.site = format!("{before}{}", waiver("the second one leaves in December", "Sato"));
    assert_eq!(verdict(&site.check(today), "E002"), RuleVerdict::Waived);
    for (reason, by) in [("理由", "佐藤"), ("the second one leaves", "TBD")] {
        site.site = format!("{before}{}", waiver(reason, by));
        let report = site.check(today);
        assert_eq!(verdict(&report, "E002"), RuleVerdict::Refuted, "{reason} {by}");
        assert!(report.diagnostics.iter().any(|one| one.code == "R114"));
    }
}

/// Where a page names systems whose support is over, what is left is said (decision 8).
#[test]
fn an_ended_system_that_the_page_names_comes_with_what_is_left() {
    let notes = |base: &str, year: u16| {
        let mut site = Snapshot::base_of(base);
        site.site = site.site.replace("esu = 2028-10-10\n", "");
        let report = site.check(site::Date::new(year, 11, 23));
        let found = finding(&report, "E001");
        assert_eq!(found.verdict, RuleVerdict::Refuted, "{base}");
        let notes = found.diagnostic.notes.iter();
        notes.filter(|note| note.en.contains("(decision 8)") && note.ja.contains("決定 8")).count()
    };
    assert_eq!(notes("terminal-on-receipt", 2026), 1);
    assert_eq!(notes("separate", 2029), 0);
}
