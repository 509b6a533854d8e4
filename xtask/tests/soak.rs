//! What a long run of the file exchange leaves in the documentation, and what a release needs.

use std::fs;

use xtask::{bench, release, soak};

#[test]
fn a_soak_that_is_not_saved_says_how_cargo_ended() {
    let stdout = "test a ... ok\ntest result: ok. 114 passed; 0 failed\n";
    let told = soak::unsaved("signal: 15 (SIGTERM)", stdout).to_string();
    assert!(told.contains("signal: 15 (SIGTERM), after: test result: ok. 114 passed"), "{told}");
    assert!(soak::unsaved("exit status: 101", "").to_string().contains("no result of the tests"));
}

#[test]
fn a_soak_of_some_tests_replaces_their_lines_only() {
    let page = "<!-- soak:begin -->\nMeasured on 2026-11-01, 2 cores.\n\n- A1: 5 exchanges\n\
                - A7: 81 of 1000 passes, 3 deletions\n- A7: 20 moves\n- A16: 9 rounds, 100 CPU \
                seconds, no\n- A16 in all saved runs, of any version: 100 of 86400 CPU seconds \
                (24 hours), 0.1 %\n<!-- soak:end -->\n";
    let stdout = "test b ... soak: A7: 1000 passes, 44 deletions\nsoak: A16: 7 rounds, 764 CPU \
                  seconds, no\nsoak: A99: 1 new\n";
    let day = bench::date(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
            / 86_400,
    );
    let told = format!("(by itself on {day})");
    let lines = [
        "Measured on 2026-11-01, 2 cores.".to_owned(),
        String::new(),
        "- A1: 5 exchanges".to_owned(),
        format!("- A7: 1000 passes, 44 deletions {told}"),
        "- A7: 20 moves".to_owned(),
        format!("- A16: 7 rounds, 764 CPU seconds, no {told}"),
        format!("- A99: 1 new {told}"),
        "- A16 in all saved runs, of any version: 864 of 86400 CPU seconds (24 hours), 1.0 %"
            .to_owned(),
    ];
    let block = soak::part(page, stdout);
    assert_eq!(block.lines().collect::<Vec<_>>(), lines);
    // Once more, and nothing is doubled.
    let again = format!("<!-- soak:begin -->\n{block}\n<!-- soak:end -->\n");
    assert_eq!(soak::part(&again, "soak: A99: 2 new\n").matches("A99").count(), 1);
}

#[test]
fn what_a_soak_says_is_kept_and_fuzzing_is_added_up() {
    let page =
        "- A16 in all saved runs, of any version: 100 of 86400 CPU seconds (24 hours), 0.1 %\n";
    let stdout =
        "test a ... soak: A1: 5 exchanges\nnothing\nsoak: A16: 9 rounds, 764 CPU seconds, no\n";
    let block = soak::block(page, Some(18), "0f", stdout);
    assert!(block.replace('\n', " ").contains("shared 18 minutes"), "{block}");
    assert!(
        block.contains("\n- A1: 5 exchanges\n- A16: 9 rounds, 764 CPU seconds, no\n"),
        "{block}"
    );
    let line = "any version: 864 of 86400 CPU seconds (24 hours), 1.0 %";
    assert!(block.ends_with(line), "{block}");
    assert!(
        soak::block("", None, "0f", "")
            .ends_with("any version: 0 of 86400 CPU seconds (24 hours), 0.0 %")
    );
}

#[test]
fn a_soak_in_which_tests_failed_names_them() {
    let stdout = "test a ... soak: A1: 5 exchanges\ntest b ... FAILED\n\nfailures:\n\n\
                  failures:\n    x::y\n    d\n\ntest result: FAILED. 138 passed; 2 failed\n";
    let block = soak::block("", None, "0f", stdout);
    let width = block.lines().map(str::len).max();
    assert!(width.is_some_and(|width| width <= 120), "{block}");
    let block = block.replace('\n', " ");
    assert!(block.contains("138 of 140 tests passed."), "{block}");
    assert!(block.contains("they failed: `x::y`, `d`.**  - A1: 5 exchanges "), "{block}");
    let block = soak::block("", None, "0f", "test result: ok. 140 passed; 0 failed; 0 ignored\n");
    assert!(block.replace('\n', " ").contains(" All 140 tests passed. "), "{block}");
}

/// A page after a whole run in which these tests ran.
fn page_after(tests: &[&str], minutes: Option<u64>) -> String {
    let ran: Vec<String> = tests.iter().map(|name| format!("test {name} ... ok\n")).collect();
    let stdout = format!("{}test result: ok. 6 passed; 0 failed\n", ran.concat());
    let block = soak::block("", minutes, "0f", &stdout);
    format!("<!-- soak:begin -->\n{block}\n<!-- soak:end -->\n")
}

#[test]
fn a_release_needs_a_whole_soak_of_these_sources() {
    let tests = ["crash::a05_b", "x::a06_b", "x::y::a07_b", "a08_b", "x::a09_b", "x::a10_b"];
    let said = |page: &str, sources: &str| {
        let problems = release::judge(page, sources);
        problems.into_iter().map(|problem| problem.what).collect::<Vec<_>>()
    };
    let right = page_after(&tests, None);
    assert_eq!(said(&right, "0f"), Vec::<String>::new());
    assert_eq!(said(&right, "1f"), ["the last full soak was of sources 0f, not 1f"]);
    assert_eq!(
        said(&page_after(&tests[..5], None), "0f"),
        ["no test of A10 passed in the last full soak"]
    );
    assert!(said(&page_after(&tests, Some(18)), "0f")[0].contains("not whole"));
    let failed =
        right.replace("All 6 tests", "**5 of 6 tests").replace("All 6\ntests", "**5 of 6 tests");
    assert_ne!(failed, right);
    assert_eq!(said(&failed, "0f"), ["in the last full soak not all tests passed"]);
    let part = soak::part(&right, "soak: A7: 1 pass\n");
    let part = format!("<!-- soak:begin -->\n{part}\n<!-- soak:end -->\n");
    assert!(said(&part, "0f")[0].contains("not whole"));
    assert!(!said("# Page\n", "0f").is_empty());
}

#[test]
fn the_word_of_the_sources_is_another_one_when_a_source_changes() {
    let place = std::env::temp_dir().join(format!("sekisho-sources-{}", std::process::id()));
    let write = |name: &str, content: &str| {
        let path = place.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("crates/link/Cargo.toml", "[dependencies]\nzip = { workspace = true }\n");
    write("crates/link/src/lib.rs", "one");
    write("docs/TRUST.md", "one");
    let lock = |zip: &str, other: &str| {
        let package =
            |name: &str, version: &str| format!("[[package]]\nname = \"{name}\"\nv = {version}\n");
        write("Cargo.lock", &[package("zip", zip), package("other", other)].concat());
        release::sources(&place).unwrap()
    };
    let first = lock("1", "1");
    assert_eq!(lock("1", "2"), first, "a crate that it does not build on");
    assert_ne!(lock("2", "1"), first);
    write("docs/TRUST.md", "two");
    assert_eq!(lock("1", "1"), first);
    write("crates/link/src/lib.rs", "two");
    assert_ne!(lock("1", "1"), first);
    fs::remove_dir_all(&place).unwrap();
}
