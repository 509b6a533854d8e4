//! Whole outputs, compared with the files in `tests/golden`. `UPDATE_SNAPSHOTS=1` writes them.

use std::fs;
use std::path::Path;

use unicode_width::UnicodeWidthStr;

use crate::run::{CLEAN, copy, replace, root, sekisho};

/// Examples that prove clean.
fn clean() -> Vec<String> {
    let entries = fs::read_dir(root().join("examples")).expect("the folder is there");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let clean = names.filter(|name| name.starts_with("ip"));
    clean.map(|name| format!("examples/{name}")).collect()
}

/// All examples whose output in both languages is kept: those, the broken ones, and a paste.
fn kept() -> Vec<String> {
    let folder = root().join("examples/broken");
    let entries = fs::read_dir(folder).expect("the folder of broken examples is there");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let folders = names.filter(|name| !name.contains('.') && name != "EXPECT");
    let mut all: Vec<String> = folders.map(|name| format!("examples/broken/{name}")).collect();
    all.extend(clean());
    all.push("examples/pasted-at-80-columns".to_owned());
    all.sort();
    all
}

fn compare(name: &str, found: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&file, found).expect("the folder of golden files can be written");
        return;
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == found,
        "{name} is not as kept; UPDATE_SNAPSHOTS=1 writes it anew, then read the diff.\n\
         first difference: {:?}",
        kept.lines().zip(found.lines()).find(|(kept, found)| kept != found),
    );
}

fn short(example: &str) -> &str {
    example.rsplit('/').next().unwrap_or(example)
}

#[test]
fn texts_are_as_kept() {
    for example in &kept() {
        for lang in ["ja", "en"] {
            let ran = sekisho(&["check", example, "--lang", lang, "--on", "2026-11-23"]);
            assert_eq!(ran.stderr, "", "{example}");
            compare(&format!("{}.{lang}.txt", short(example)), &ran.stdout);
        }
    }
}

#[test]
fn every_clean_example_proves_clean_and_has_a_readme() {
    for example in &clean() {
        let ran = sekisho(&["check", example, "--on", "2026-11-23"]);
        assert_eq!(ran.code, 0, "{example}: {}", ran.stdout);
        for word in ["error[", "warning[", "T11"] {
            assert!(!ran.stdout.contains(word), "{example}: {}", ran.stdout);
        }
        assert!(root().join(example).join("README.md").exists(), "{example}");
    }
}

#[test]
fn the_clean_example_as_json_is_as_kept() {
    let ran = sekisho(&["check", CLEAN, "--format", "json", "--on", "2026-11-23"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    compare(&format!("{}.json", short(CLEAN)), &ran.stdout);
}

#[test]
fn json_does_not_depend_on_the_language() {
    let json = |lang| sekisho(&["check", CLEAN, "--format", "json", "--lang", lang]).stdout;
    assert_eq!(json("ja"), json("en"));
}

#[test]
fn no_line_of_the_summary_is_wider_than_the_terminal() {
    for lang in ["ja", "en"] {
        let ran = sekisho(&["check", CLEAN, "--lang", lang, "--on", "2026-11-23"]);
        for line in ran.stdout.lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

/// Japanese text in front of the span is twice as wide as it has characters.
#[test]
fn the_underline_stands_under_the_text_in_japanese() {
    let site = copy("underline").join("site.toml");
    let old = r#"nics = [{ zone = "edge-lan", ipv6 = "off" }]"#;
    replace(&site, old, r#"nics = [{ name = "院内側のポート", zone = "egde-lan" }]"#);
    let path = site.to_str().expect("test folders have plain names");
    let ran = sekisho(&["check", path, "--lang", "ja", "--on", "2026-11-23"]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let error = lines.iter().position(|line| line.contains("[R001]")).expect("R001 is said");
    let under =
        lines[error..].iter().position(|line| line.contains('^')).expect("a place is shown");
    let (text, under) = (lines[error + under - 1], lines[error + under]);
    let (before, _) = text.split_once(r#""egde-lan""#).expect("the line is shown above");
    let (blank, carets) = under.split_at(under.find('^').unwrap_or_default());
    assert!(before.contains("院内側のポート"), "{text}");
    assert_eq!(blank.width(), before.width(), "{text}\n{under}");
    let carets = carets.chars().take_while(|one| *one == '^').count();
    assert_eq!(carets, r#""egde-lan""#.len(), "{text}\n{under}");
}

/// The same for a span that holds Japanese text itself.
#[test]
fn the_underline_is_as_wide_as_japanese_text() {
    let site = copy("underline-wide").join("site.toml");
    replace(&site, r#"kind = "clinic" "#, r#"kind = "クリニック" "#);
    let path = site.to_str().expect("test folders have plain names");
    let ran = sekisho(&["check", path, "--lang", "ja", "--on", "2026-11-23"]);
    let under = ran.stdout.lines().find(|line| line.contains('^')).expect("a place is shown");
    assert_eq!(under.matches('^').count(), r#""クリニック""#.width(), "{}", ran.stdout);
}
