//! The twelve pages against tables that were written from the document by hand, and recognition.

use diag::Severity;
use pattern::{
    Basis, CLAUSES, Condition, Edition, Facts, LineFact, Pattern, Placement, Property, clause,
    decisions, patterns, readme, recognise,
};

/// Rows of a table: the first word, and a cell for each page.
fn rows(text: &'static str) -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<&str> = lines.next().expect("the table has a head").split_whitespace().collect();
    let row = |line: &'static str| {
        let mut cells = line.split_whitespace();
        let name = cells.next().expect("a row has a name");
        (name, head[1..].iter().copied().zip(cells).collect())
    };
    lines.map(row).collect()
}

fn page(page: &str) -> &'static Pattern {
    patterns().iter().find(|one| one.page == page).expect("the page is there")
}

#[test]
fn there_are_twelve_pages_in_order() {
    let pages: Vec<&str> = patterns().iter().map(|one| one.page.as_str()).collect();
    let all: Vec<String> = (3..=14).map(|number| format!("P{number:02}")).collect();
    assert_eq!(pages, all);
}

#[test]
fn every_page_says_every_clause_as_the_document_does() {
    let rows = rows(include_str!("clauses.txt"));
    let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, CLAUSES);
    for (id, cells) in rows {
        for (at, cell) in cells {
            let found = match page(at).basis(id) {
                Some(Basis::Explicit) => "E",
                Some(Basis::Weaker) => "V",
                Some(Basis::Inferred) => "I",
                Some(Basis::Advice) => "advice",
                None => "-",
            };
            assert_eq!(found, cell, "{at}/{id}");
        }
    }
}

#[test]
fn every_page_asks_every_property_as_heavily_as_the_contract() {
    let rows = rows(include_str!("contract.txt"));
    let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
    let all: Vec<&str> = Property::ALL.into_iter().map(Property::name).collect();
    assert_eq!(names, all);
    for (name, cells) in rows {
        for (at, cell) in cells {
            let asked = page(at).requirements.iter().find(|one| one.property.name() == name);
            let found = match asked.map(|one| one.level) {
                Some(Severity::Error) => "e",
                Some(Severity::Warning) => "w",
                Some(Severity::Note) => "n",
                None => "-",
            };
            assert_eq!(found, cell, "{at} {name}");
        }
    }
}

/// A clause that nothing decides would be decoration.
#[test]
fn every_clause_of_a_page_is_decided_by_something_that_the_page_asks() {
    for pattern in patterns() {
        for (id, _) in &pattern.clauses {
            let decides =
                |one: &&pattern::Requirement| one.clauses.contains(id) || one.covers.contains(id);
            assert!(pattern.requirements.iter().any(|one| decides(&one)), "{} {id}", pattern.page);
        }
    }
}

#[test]
fn what_is_cited_stands_where_it_is_said_to_stand() {
    for pattern in patterns() {
        for one in &pattern.requirements {
            assert_eq!(one.cited.len(), one.clauses.len());
            for cited in &one.cited {
                let (at, id) = cited.split_once('/').expect("a page and a clause");
                let basis = page(at).basis(id);
                assert!(basis.is_some(), "{}: {cited}", pattern.page);
                let is_own = at == pattern.page;
                assert!(is_own || one.basis == Basis::Advice, "{}: {cited}", pattern.page);
            }
            let first = one.clauses.first().and_then(|id| pattern.basis(id));
            assert!(first.is_none_or(|basis| basis <= one.basis), "{} {one:?}", pattern.page);
        }
    }
}

#[test]
fn every_clause_has_words_in_every_edition_that_has_it() {
    for id in CLAUSES {
        for edition in Edition::ALL {
            let has_words = clause(id, edition).is_some_and(|words| !words.en.is_empty());
            assert_eq!(has_words, pattern::editions(id).contains(&edition), "{id} {edition:?}");
        }
    }
    assert!(clause("R26", Edition::Y2021).is_none());
}

#[test]
fn simultaneous_use_is_discouraged_in_the_old_edition_only() {
    let asks = |edition| page("P04").asks(edition, &[]).any(|one| one.property == Property::V13);
    assert!(asks(Edition::Y2021) && !asks(Edition::Y2023));
    let guideline = |edition| clause("R24", edition).expect("both editions have it").en;
    assert!(guideline(Edition::Y2021).ends_with("version 5"));
    assert!(guideline(Edition::Y2023).ends_with("version 6.0"));
}

#[test]
fn servers_are_asked_about_only_where_there_are_some() {
    for property in [Property::V2Server, Property::V10] {
        let asks = |conditions: &[Condition]| {
            page("P05").asks(Edition::Y2021, conditions).any(|one| one.property == property)
        };
        assert!(asks(&[Condition::Server]) && !asks(&[]), "{property:?}");
    }
}

/// Two interfaces exactly where the page asks for a second one (R08), one where it drops it (R09).
#[test]
fn the_terminal_has_as_many_interfaces_as_the_clauses_say() {
    for pattern in patterns() {
        let count = pattern.plan.terminal().zones.len();
        assert_eq!(count == 2, pattern.basis("R08").is_some(), "{}", pattern.page);
        assert!(count == 1 || pattern.basis("R09").is_none(), "{}", pattern.page);
    }
}

#[test]
fn the_machines_hold_the_certificates_that_the_clauses_name() {
    for pattern in patterns() {
        let covers = pattern.plan.terminal().certificates.join(" ");
        let wanted =
            if pattern.basis("R15b").is_some() { "eligibility claims" } else { "eligibility" };
        assert_eq!(covers, wanted, "{}", pattern.page);
    }
}

/// Router A stands exactly where a rule speaks of the direction of sessions inside.
#[test]
fn router_a_stands_where_sessions_inside_have_a_direction() {
    for pattern in patterns() {
        let has_router_a = pattern.plan.routers.iter().any(|router| router.role == "router-a");
        assert_eq!(has_router_a, pattern.basis("R05").is_some(), "{}", pattern.page);
        assert_eq!(has_router_a, pattern.inside.is_some(), "{}", pattern.page);
        assert_eq!(has_router_a, !pattern.placement.is_merged(), "{}", pattern.page);
        assert_eq!(has_router_a, !pattern.plan.flows.is_empty(), "{}", pattern.page);
    }
}

#[test]
fn the_sessions_are_those_of_the_line() {
    let told = |at: &str| {
        let sessions = page(at).plan.sessions.iter();
        let told =
            sessions.map(|one| format!("{} {} {}", one.kind.name(), one.by, one.to.join("+")));
        told.collect::<Vec<String>>()
    };
    let ip_vpn =
        ["IPoE eligibility-terminal eligibility-net", "PPPoE online-claims-terminal claims-net"];
    for at in ["P03", "P04", "P05", "P06"] {
        assert_eq!(told(at), ip_vpn, "{at}");
    }
    for at in ["P07", "P08", "P09", "P10"] {
        assert_eq!(told(at), ["IPsec edge eligibility-net+claims-net"], "{at}");
    }
    let apart = [
        "IPsec eligibility-terminal eligibility-net+claims-net",
        "IPsec online-claims-terminal claims-net",
    ];
    assert_eq!(told("P11"), apart);
    for at in ["P12", "P13", "P14"] {
        assert_eq!(told(at), apart[..1], "{at}");
    }
}

#[test]
fn a_site_is_recognised_by_its_own_facts_and_no_others() {
    let lines = [LineFact::IpVpn, LineFact::IpsecRouter, LineFact::IpsecTerminal];
    let placements = [
        Placement::Separate,
        Placement::OneTerminal,
        Placement::ReceiptOnTerminal,
        Placement::TerminalOnReceipt,
    ];
    let mut seen = Vec::new();
    for line in lines {
        for placement in placements {
            let facts = Facts { line: Some(line), placements: vec![placement], placed: None };
            let found = recognise(&facts);
            assert!(found[0].mismatches.is_empty());
            assert!(found[1..].iter().all(|one| !one.mismatches.is_empty()));
            seen.push(found[0].pattern.page.as_str());
        }
    }
    let all: Vec<&str> = patterns().iter().map(|one| one.page.as_str()).collect();
    assert_eq!(seen, all);
}

#[test]
fn what_is_open_fits_two_pages_and_what_is_odd_fits_none() {
    let open = vec![Placement::ReceiptOnTerminal, Placement::TerminalOnReceipt];
    let facts = Facts { line: Some(LineFact::IpVpn), placements: open, placed: None };
    let fitting = recognise(&facts).into_iter().filter(|one| one.mismatches.is_empty());
    let pages: Vec<&str> = fitting.map(|one| one.pattern.page.as_str()).collect();
    assert_eq!(pages, ["P05", "P06"]);
    let odd = Some(diag::Text::new("奇妙", "odd"));
    let facts = Facts { line: Some(LineFact::IpVpn), placements: Vec::new(), placed: odd.clone() };
    let found = recognise(&facts);
    assert_eq!(found[0].mismatches.len(), 1);
    assert_eq!(found[0].mismatches[0].found(), odd);
}

#[test]
fn every_decision_speaks_of_pages_that_are_there() {
    let all = decisions();
    let numbers: Vec<String> = all.iter().map(|one| one.number.clone()).collect();
    let wanted: Vec<String> = (1..=all.len()).map(|number| number.to_string()).collect();
    assert_eq!(numbers, wanted);
    for decision in &all {
        assert!(!decision.pages.is_empty() && !decision.text.ja.is_empty());
        assert!(decision.pages.iter().all(|at| page(at).page == *at));
    }
}

/// The README of a page says what the data say: every requirement, and every decision on it.
#[test]
fn the_readme_of_a_page_says_what_the_data_say() {
    let mut missing = Vec::new();
    for pattern in patterns() {
        let readme = readme(&pattern.id).expect("every pattern has a README");
        assert!(readme.starts_with(&format!("# {} ({})\n", pattern.id, pattern.page)));
        let mut wanted: Vec<String> = pattern.requirements.iter().map(row).collect();
        let decisions = decisions().into_iter().filter(|one| one.pages.contains(&pattern.page));
        wanted.extend(decisions.map(|one| format!("- **{}** ", one.number)));
        let lines: Vec<&str> = readme.lines().collect();
        for line in wanted {
            if !lines.iter().any(|own| own.starts_with(&line)) {
                missing.push(format!("{}: {line}", pattern.id));
            }
        }
        let rows = lines.iter().filter(|line| line.starts_with("| V")).count();
        assert_eq!(rows, pattern.requirements.len(), "{}", pattern.id);
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The row of a requirement in the README of its page, up to the remarks.
fn row(one: &pattern::Requirement) -> String {
    let level = match one.level {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    format!(
        "| {} {} | {level} | {} | {} |",
        one.property.name(),
        one.property.title().en,
        one.basis.name(),
        one.cited.join(", "),
    )
}
