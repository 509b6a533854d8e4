//! Mistakes that people make in a site file: what is told of them, and what follows from them.

use std::fs;

use crate::run::{CLEAN, Ran, command, copy, finish, replace, sekisho};

/// The check of the clean example with `old` replaced by `new` in the site file.
fn with(name: &str, old: &str, new: &str) -> Ran {
    let folder = copy(name);
    replace(&folder.join("site.toml"), old, new);
    check(folder.to_str().expect("test folders have plain names"))
}

fn check(folder: &str) -> Ran {
    sekisho(&["check", folder, "--on", "2026-11-23"])
}

/// The codes of the table's rows that came out as `verdict`.
fn codes(ran: &Ran, verdict: &str) -> Vec<String> {
    let rows = ran.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<&str>>());
    let rows = rows.filter(|words| words.first() == Some(&verdict) && words.len() > 3);
    rows.map(|words| words[2].to_owned()).collect()
}

#[test]
fn what_a_router_does_whose_configuration_was_not_read_is_not_known() {
    let ran = with("unread", "config = \"router-a.conf\"", "config = \"router-x.conf\"");
    for guess in ["has no route", "cannot open a session", "are not judged"] {
        assert!(!ran.stdout.contains(guess), "{guess}: {}", ran.stdout);
    }
    assert!(ran.stdout.contains("first make the configuration of that router readable"));
    assert!(ran.stdout.contains("save the file beside the site file"), "{}", ran.stdout);
    assert!(ran.stdout.contains("wait for mistakes in the input to be mended"), "{}", ran.stdout);
    // It is said once, with all that waits for it.
    assert_eq!(ran.stdout.matches("\nwarning[").count(), 1, "{}", ran.stdout);
}

#[test]
fn a_mistake_beside_the_network_leaves_proofs_about_packets() {
    for (name, old, new, waits) in [
        ("kind", "kind = \"clinic\"", "kind = \"clinik\"", &[][..]),
        ("reader", "readers = [\"face\"]", "readers = [1]", &["E002", "L001"]),
        ("age", "age = \"35d\"", "age = 35", &["L001"]),
        (
            "date",
            "\"eligibility\"], issued = 2026-11-02",
            "\"eligibility\"], issued = 2026-11-31",
            &["E003"],
        ),
    ] {
        let ran = with(name, old, new);
        assert_eq!(
            (ran.code, codes(&ran, "unknown")),
            (2, waits.iter().map(|one| (*one).to_owned()).collect()),
            "{name}: {}",
            ran.stdout
        );
        assert_eq!(ran.stdout.matches("\nerror[").count(), 1, "{}", ran.stdout);
        let count = format!("of the unknown, {} wait for", waits.len());
        assert_eq!(ran.stdout.contains(&count), !waits.is_empty(), "{}", ran.stdout);
    }
}

#[test]
fn a_mistake_in_the_network_leaves_nothing_proved_about_packets() {
    let ran = with("zone", "zone = \"terminal-lan\", ipv4", "zome = \"terminal-lan\", ipv4");
    let proved = codes(&ran, "proved");
    assert!(proved.iter().all(|code| !code.starts_with(['F', 'T', 'X'])), "{proved:?}");
}

#[test]
fn a_day_is_told_from_how_it_is_written() {
    let none =
        with("day-none", "expires = 2030-02-01 }]\nreaders", "expires = 2030-02-30 }]\nreaders");
    assert!(none.stdout.contains("P016]: the calendar has no day `2030-02-30`"), "{}", none.stdout);
    let other =
        with("day-slash", "expires = 2030-02-01 }]\nreaders", "expires = 2030/02/01 }]\nreaders");
    assert!(other.stdout.contains("write year-month-day without quotes: `2030-02-01`"));
    for ran in [none, other] {
        assert!(!ran.stdout.contains("there is no `certificates`"), "{}", ran.stdout);
        assert_eq!(codes(&ran, "unknown"), ["E003"], "{}", ran.stdout);
    }
}

#[test]
fn the_list_of_questions_has_a_mistake_once() {
    let folder = copy("todo-once");
    replace(&folder.join("site.toml"), "ports = [\"udp/123\"]", "ports = [\"udp/99999\"]");
    let site = folder.to_str().expect("test folders have plain names");
    let ran = sekisho(&["todo", site, "--on", "2026-11-23"]);
    assert_eq!(ran.stdout.matches("  - ").count(), 1, "{}", ran.stdout);
}

#[test]
fn a_missing_site_name_is_no_evidence_of_another_site() {
    let ran = with("site-name", "name = \"みどり内科\"", "nam = \"みどり内科\"");
    assert!(!ran.stdout.contains("of another site"), "{}", ran.stdout);
}

#[test]
fn swapped_configurations_are_recognised() {
    let folder = copy("swapped");
    let (a, b) = (folder.join("router-a.conf"), folder.join("router-b.conf"));
    let text = fs::read(&a).expect("the file was just copied");
    fs::copy(&b, &a).expect("the folder is this test's own");
    fs::write(&b, text).expect("the folder is this test's own");
    let ran = check(folder.to_str().expect("test folders have plain names"));
    assert!(
        ran.stdout.contains("error[P114]: the configurations of `router-a` and `router-b` seem")
    );
    assert_eq!(codes(&ran, "refuted"), Vec::<String>::new(), "{}", ran.stdout);
    assert!(!ran.stdout.contains("T105"), "{}", ran.stdout);
    let proved = codes(&ran, "proved");
    assert!(proved.iter().all(|code| !code.starts_with(['F', 'X'])), "{proved:?}");
    assert!(!sekisho(&["check", CLEAN, "--on", "2026-11-23"]).stdout.contains("P114"));
}

#[test]
fn paths_of_windows_are_told_with_the_right_spelling() {
    for (name, path, code, right) in [
        ("path-drive", r#""C:\config\router-a.conf""#, "P001", "\"router-a.conf\""),
        ("path-escape", r#""C:\router-a.conf""#, "P026", "\"router-a.conf\""),
        ("path-up", r"'..\x.conf'", "P026", "\"x.conf\""),
        ("path-below", r"'config\router-a.conf'", "P026", "\"config/router-a.conf\""),
    ] {
        let ran = with(name, "config = \"router-a.conf\"", &format!("config = {path}"));
        let headline = format!("error[{code}]: a file is not named with `\\` or a drive here");
        assert!(ran.stdout.contains(&headline), "{name}: {}", ran.stdout);
        assert!(ran.stdout.contains(&format!("`{right}`")), "{name}: {}", ran.stdout);
    }
}

#[test]
fn a_string_that_is_not_closed_is_shown_where_it_begins() {
    let ran = with("quote", "config = \"router-a.conf\"", "config = \"router-a.conf");
    assert!(ran.stdout.contains("error[P001]: the string that begins here is not closed"));
    assert!(ran.stdout.contains("site.toml:52:10"), "{}", ran.stdout);
}

#[test]
fn a_key_that_stands_twice_is_named_with_both_places() {
    let ran = with("twice", "readers = [\"face\"]", "readers = [\"face\"]\nos = \"x\"");
    let shown = ran.stdout.find("error[P008]: `os` is written twice").expect("it is told");
    let end = ran.stdout[shown..].find("\n\n").unwrap_or_default();
    let shown = &ran.stdout[shown..shown + end];
    assert!(shown.contains("site.toml:34:1") && shown.contains("it is here first"), "{shown}");
}

#[test]
fn codes_are_explained_as_reports_write_them() {
    let told = |words: &[&str]| {
        let ran = sekisho(&[&["explain"], words].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.stderr);
        ran.stdout
    };
    assert!(told(&["S-A1=apart"]).starts_with("S-A1 "));
    let both = told(&["P03", "R05"]);
    assert!(both.starts_with("P03 ") && both.contains("\nR05 "), "{both}");
    assert_eq!(told(&["P03/R05"]), both);
    assert_eq!(told(&["F001,", "F002"]), told(&["F001", "F002"]));
    assert_eq!(sekisho(&["explain", "F001", "Q999"]).code, 3);
}

#[test]
fn a_question_takes_destinations_and_the_folder_where_it_is_asked() {
    let ran = sekisho(&["ask", CLEAN, "terminal-1 -> eligibility tcp/443"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("2001:db8:a1"), "{}", ran.stdout);
    let ran = sekisho(&["ask", CLEAN, "receipt-1 -> eligibility tcp/443"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let folder = copy("ask-here");
    let here = finish(command().current_dir(&folder).args(["ask", "receipt-1 -> terminal-1 smb"]));
    assert_eq!(here.code, 0, "{}{}", here.stdout, here.stderr);
    assert_eq!(finish(command().current_dir(&folder).args(["ask", "x"])).code, 3);
    let closed = sekisho(&["ask", CLEAN, "terminal-1 -> receipt-1"]);
    assert!(!closed.stdout.contains("example: 0 "), "{}", closed.stdout);
}

#[test]
fn formatting_shows_what_it_would_change_and_keeps_line_ends() {
    let file = copy("fmt-show").join("site.toml");
    let path = file.to_str().expect("test folders have plain names");
    let shown = sekisho(&["fmt", "--check", path]);
    assert_eq!(shown.code, 1);
    assert!(shown.stdout.contains("- kind = \"clinic\""), "{}", shown.stdout);
    assert!(shown.stdout.contains("+ kind    = \"clinic\""), "{}", shown.stdout);
    let text = fs::read_to_string(&file).expect("the file was just copied");
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    fs::write(&file, windows).expect("the folder is this test's own");
    assert_eq!(sekisho(&["fmt", path]).code, 0);
    let text = fs::read_to_string(&file).expect("the file was just formatted");
    assert!(text.starts_with('#') && !text.replace("\r\n", "").contains('\n'), "{text}");
    let again = sekisho(&["fmt", "--check", path]);
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));
}

#[test]
fn a_report_says_on_which_day_it_was_judged() {
    assert!(check(CLEAN).stdout.starts_with("みどり内科 on 2026-11-23\n"));
    let ja = sekisho(&["check", CLEAN, "--on", "2026-11-23", "--lang", "ja"]);
    assert!(ja.stdout.starts_with("みどり内科 — 2026-11-23 の時点\n"), "{}", ja.stdout);
}

#[test]
fn a_router_that_is_not_there_is_told_once() {
    let ran = with("no-router", "via = \"router-a\"", "via = \"router-z\"");
    assert!(ran.stdout.contains("error[R002]"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("T105"), "{}", ran.stdout);
}
