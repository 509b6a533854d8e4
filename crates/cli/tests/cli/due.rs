//! `sekisho due` and `sekisho todo`: what ends when, and what is still to be asked.

use std::path::Path;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::run::{CLEAN, copy, replace, sekisho};

fn json(arguments: &[&str]) -> (i32, Value) {
    let ran = sekisho(arguments);
    let value = serde_json::from_str(&ran.stdout);
    (ran.code, value.unwrap_or_else(|error| panic!("{error}: {} {}", ran.stdout, ran.stderr)))
}

fn due(site: &str, on: &str) -> (i32, Vec<(String, String, String)>) {
    let (code, value) = json(&["due", site, "--on", on, "--json"]);
    assert_eq!(value["exit_code"], code);
    let rows = value["deadlines"].as_array().expect("a list").iter();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let row = |one| (word(one, "ends"), word(one, "subject"), word(one, "standing"));
    (code, rows.map(row).collect())
}

#[test]
fn what_is_due_is_sorted_and_told_by_the_exit_code() {
    let (code, rows) = due(CLEAN, "2026-11-23");
    assert_eq!(code, 0, "{rows:?}");
    let days: Vec<&String> = rows.iter().map(|(day, ..)| day).collect();
    assert!(days.is_sorted() && days.len() == 4, "{days:?}");
    let standing = |on: &str, subject: &str| {
        let (code, rows) = due(CLEAN, on);
        let found = rows.into_iter().find(|(_, own, _)| own == subject);
        (code, found.map(|(.., standing)| standing).unwrap_or_default())
    };
    // The evidence of deletion is the first to grow old.
    assert_eq!(standing("2026-12-21", "evidence.json"), (2, "near".to_owned()));
    assert_eq!(standing("2026-12-28", "evidence.json"), (2, "near".to_owned()));
    assert_eq!(standing("2026-12-29", "evidence.json"), (1, "over".to_owned()));
    // Ninety days before its end a certificate can be renewed.
    assert_eq!(standing("2029-11-02", "claims-1").1, "later");
    assert_eq!(standing("2029-11-03", "claims-1").1, "near");
}

#[test]
fn what_cannot_be_known_is_not_dated() {
    let site = copy("due-unknown");
    let file = site.join("site.toml");
    let old = "os = \"windows-10-iot-enterprise-ltsc-2019\"";
    replace(&file, old, "os = \"windows-10-iot-enterprise-ltcs-2019\"");
    let path = site.to_str().expect("test folders have plain names");
    let (code, value) = json(&["due", path, "--on", "2026-11-23", "--json"]);
    assert_eq!(code, 2);
    let reason = value["undated"][0]["reason"]["en"].as_str().unwrap_or_default();
    assert!(reason.contains("ltsc-2019"), "the nearest name is told: {value:#}");
}

/// The heading of the configuration names the model, the site file does not.
#[test]
fn the_end_of_a_model_that_only_its_configuration_names_is_told() {
    let site = copy("due-heading");
    let pack = [
        "[pack]",
        "name = \"ours\"",
        "[[router]]",
        "vendor = \"yamaha-rtx\"",
        "model = \"RTX830\"",
        "pppoe_pass_through = \"15.02.03\"",
        "ends = 2027-01-31",
        "replaces = \"the vendor's list\"",
        "source = \"an invented letter\"",
        "read = 2026-11-20",
        "confidence = \"H\"",
        "class = \"public\"",
    ];
    let pack = pack.join("\n");
    std::fs::write(site.join("ours.toml"), pack).expect("the test folder can be written");
    let file = site.join("site.toml");
    replace(&file, "edition = \"2021\"", "packs = [\"ours.toml\"]\nedition = \"2021\"");
    let (code, rows) = due(site.to_str().expect("test folders have plain names"), "2026-12-01");
    let of_routers: Vec<_> = rows.iter().filter(|(day, ..)| day == "2027-01-31").collect();
    assert_eq!(of_routers.len(), 2, "{rows:?}");
    assert_eq!(code, 2);
}

#[test]
fn lines_fit_the_terminal() {
    for lang in ["ja", "en"] {
        let ran = sekisho(&["due", CLEAN, "--on", "2029-11-20", "--lang", lang]);
        assert_eq!(ran.code, 1);
        for line in ran.stdout.lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

#[test]
fn a_day_that_does_not_exist_is_refused() {
    for command in ["due", "todo", "check"] {
        let ran = sekisho(&[command, CLEAN, "--on", "2026-02-30"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{command}");
    }
}

#[test]
fn a_clean_site_leaves_nothing_to_ask() {
    let (code, value) = json(&["todo", CLEAN, "--on", "2026-11-23", "--json"]);
    assert_eq!((code, value["todo"].as_array().map(Vec::len)), (0, Some(0)));
}

fn asked(site: &Path) -> Vec<(String, String)> {
    let path = site.to_str().expect("test folders have plain names");
    let (code, value) = json(&["todo", path, "--on", "2026-11-23", "--json"]);
    assert_eq!(code, 2);
    let rows = value["todo"].as_array().expect("a list").iter();
    let row = |one: &Value| {
        let who = one["who"].as_str().unwrap_or_default().to_owned();
        (who, one["codes"].as_array().map(|all| format!("{all:?}")).unwrap_or_default())
    };
    rows.map(row).collect()
}

#[test]
fn what_is_taken_out_of_the_file_is_asked_for() {
    let site = copy("todo");
    let file = site.join("site.toml");
    replace(&file, "readers = [\"face\"]\n", "");
    let certificate =
        "certificates = [{ covers = [\"claims\"], issued = 2026-11-02, expires = 2030-02-01 }]\n";
    replace(&file, certificate, "");
    let asked = asked(&site);
    let has =
        |who: &str, code: &str| asked.iter().any(|(own, codes)| own == who && codes.contains(code));
    assert!(has("installer", "E002") && has("hospital", "E003"), "{asked:?}");
    assert_eq!(asked.len(), 2, "{asked:?}");
}

#[test]
fn packs_that_contradict_the_program_prove_nothing() {
    let site = copy("own-pack");
    let file = site.join("site.toml");
    replace(&file, "edition = \"2021\"", "packs = [\"ours.toml\"]\nedition = \"2021\"");
    let pack = "[pack]\nname = \"ours\"\n[[certificate]]\nname = \"client\"\n\
                months = 36\nrenewable_days = 90\n\
                warn_days = [90]\nsource = \"a letter\"\nread = 2026-11-01\n\
                confidence = \"M\"\nclass = \"contract-only\"\n";
    std::fs::write(site.join("ours.toml"), pack).expect("the folder is this test's own");
    let checked = crate::run::check(&site);
    assert!(checked.said().iter().any(|(code, place)| code == "R300" && place.ends_with("toml:4")));
    assert_eq!(checked.requirements("unknown"), ["E003"]);
    // With a reason it takes the place of the program's.
    std::fs::write(site.join("ours.toml"), format!("{pack}replaces = \"a newer letter\"\n"))
        .expect("the folder is this test's own");
    let checked = crate::run::check(&site);
    assert!(checked.said().iter().any(|(code, _)| code == "R306"));
    // A certificate of 39 months is longer than any there is now.
    assert_eq!(checked.requirements("unknown"), ["E003"]);
    std::fs::remove_file(site.join("ours.toml")).expect("it was just written");
    let checked = crate::run::check(&site);
    assert!(checked.said().iter().any(|(code, _)| code == "P304"));
}
