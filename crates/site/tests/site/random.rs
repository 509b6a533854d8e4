//! Texts of any kind: no panic, every place inside the text, secrets stay out of messages.

use diag::{Diagnostic, SourceId};
use proptest::prelude::{Strategy, any, prop};
use proptest::test_runner::Config as ProptestConfig;
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::examples::{EVERYTHING, SEPARATE};
use crate::formatter::meaning;

fn spans(diagnostic: &Diagnostic) -> impl Iterator<Item = diag::Span> {
    let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
    labels.map(|label| label.span).chain(diagnostic.edits.iter().map(|edit| edit.span))
}

/// Every place is a slice of the text, and every statement is complete.
fn check(text: &str) {
    let (site, found) = site::parse(SourceId(0), text);
    let slice = |span: diag::Span| text.get(span.start as usize..span.end as usize);
    for diagnostic in &found {
        assert!(spans(diagnostic).all(|span| slice(span).is_some()), "{diagnostic:?}");
        let mut codes = site::codes::form::CODES.iter().chain(site::codes::content::CODES);
        let is_known = codes.any(|info| info.code == diagnostic.code);
        assert!(is_known && !diagnostic.helps.is_empty(), "{diagnostic:?}");
        assert!(!diagnostic.headline.ja.is_empty() && !diagnostic.headline.en.is_empty());
    }
    assert!(site.redactions.iter().all(|span| slice(*span).is_some()));
    if let Ok(once) = site::format(text) {
        assert_eq!(site::format(&once).as_ref(), Ok(&once), "formatting is stable");
        assert_eq!(meaning(&once), meaning(text));
    }
}

/// A valid file with some pieces cut, doubled or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "=",
        ",",
        "#",
        "\n",
        ".",
        "\\",
        "\"\"\"",
        "＝",
        "　",
        "\u{0}",
        "1",
        "2027-02-30",
        "[[service]]\n",
        "[zones]\n",
        "a.b = 1\n",
        "true",
        "é",
        "\r",
        "name = \"x\"\n",
        "# comment\n",
        "[[machines.a.nics]]\n",
        "site.name = 1\n",
    ]);
    let change = (any::<prop::sample::Index>(), 0_usize..12, piece);
    let file = prop::sample::select(vec![SEPARATE, EVERYTHING]);
    (file, prop::collection::vec(change, 1..4)).prop_map(|(file, changes)| {
        let mut text = file.to_owned();
        for (at, length, piece) in changes {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, piece);
        }
        text
    })
}

/// A valid file with its lines in another order.
fn shuffled() -> impl Strategy<Value = String> {
    let lines: Vec<&str> = EVERYTHING.lines().chain(SEPARATE.lines()).collect();
    proptest::sample::subsequence(lines.clone(), 0..lines.len())
        .prop_shuffle()
        .prop_map(|lines| lines.join("\n"))
}

proptest! {
    // A failure is pinned as a case of its own, not in a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_mutated_file_is_survived(text in mutated()) {
        check(&text);
    }

    #[test]
    fn shuffled_lines_are_survived(text in shuffled()) {
        check(&text);
    }

    #[test]
    fn a_secret_in_clear_is_in_no_message(
        secret in "[A-Za-z0-9!%&()+:;<>?@^_|~]{9,20}",
        key in prop::sample::select(vec!["secret", "password", "PSK"]),
        tail in prop::sample::select(vec!["\"", "\" extra", "", "\" ="]),
    ) {
        let line = "secret = \"env:PPPOE_CLAIMS\"";
        let text = SEPARATE.replace(line, &format!("{key} = \"{secret}{tail}"));
        let (site, found) = site::parse(SourceId(0), &text);
        prop_assert!(!found.is_empty());
        let said = format!("{:?}{:?}", found, site);
        prop_assert!(!said.contains(&secret), "the secret is repeated");
        let start = text.find(&secret).expect("the secret is in the text");
        let is_covered = site.redactions.iter().any(|span| {
            span.start as usize <= start && start + secret.len() <= span.end as usize
        });
        prop_assert!(is_covered, "{:?}", site.redactions);
    }

    #[test]
    fn a_date_reads_as_it_is_written(year in 1000_u16..3000, month in 0_u8..15, day in 0_u8..35) {
        if let Some(date) = site::Date::new(year, month, day) {
            prop_assert_eq!(date.to_string(), format!("{year:04}-{month:02}-{day:02}"));
        }
    }
}

#[test]
fn nesting_without_end_is_refused() {
    for open in ["[", "{a=", "[{a="] {
        let text = format!("{SEPARATE}\nx = {}", open.repeat(20_000));
        let (_, found) = site::parse(SourceId(0), &text);
        let is_deep = found.iter().any(|one| one.code == site::codes::TOO_DEEP);
        assert!(is_deep, "{open}: {:?}", found.iter().map(|one| one.code).collect::<Vec<_>>());
    }
}

#[test]
fn a_large_file_is_refused_and_a_long_one_ends() {
    let (_, found) = site::parse(SourceId(0), &"# 長い\n".repeat(200_000));
    assert_eq!(found[0].code, site::codes::TOO_LARGE);
    let line = "x = \"192.0.2.1\", secret\n";
    let (_, found) = site::parse(SourceId(0), &format!("[zones]\n{}", line.repeat(30_000)));
    assert!(found.len() <= 201);
    let service = "[[service]]\nfrom = \"aaaaaaaaaaaaaaaaaa\"\nto = \"b\"\nuse = \"smb\"\n";
    let (_, found) = site::parse(SourceId(0), &format!("{SEPARATE}{}", service.repeat(15_000)));
    assert!(found.len() <= 201);
}
