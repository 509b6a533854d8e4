//! Bytes that nobody would write, for every parser and for the whole check: nothing panics, spans
//! lie in the text, and the two judges never disagree.
//!
//! `SEKISHO_FUZZ_SECONDS` says for how long; otherwise 60 seconds in CI and 5 elsewhere.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use check::ConfigFile;
use diag::{Lang, SourceId, Span};
use model::{Origin, Readings};
use testkit::random::Random;

#[test]
fn fuzz_survives_mutated_bytes() {
    let seconds = std::env::var("SEKISHO_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let seconds = seconds.unwrap_or(if is_ci { 60 } else { 5 });
    let end = Instant::now() + Duration::from_secs(seconds);
    let sites = sites();
    let mut rounds = 0_u64;
    while Instant::now() < end {
        let mut random = Random::new(rounds);
        let site = random.pick(&sites);
        one_round(&mut random, &site, rounds);
        rounds += 1;
    }
    println!("fuzz: {rounds} rounds in {seconds} s");
    assert!(rounds > 0, "at least one round was made");
}

/// A site file and its configurations.
type Files = (Vec<u8>, Vec<(String, Vec<u8>)>);

fn sites() -> Vec<Files> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    ["ipvpn-separate-yamaha", "ipvpn-separate-linux"]
        .iter()
        .map(|name| {
            let folder = examples.join(name);
            let site = fs::read(folder.join("site.toml")).unwrap();
            let names = check::load("site.toml", &site).files();
            let read = |name: String| {
                let bytes = fs::read(folder.join(&name)).unwrap();
                (name, bytes)
            };
            (site, names.into_iter().map(read).collect())
        })
        .collect()
}

fn one_round(random: &mut Random, (site, files): &Files, round: u64) {
    let victim = random.below(files.len() + 1);
    let mut site = site.clone();
    let mut files = files.clone();
    match files.get_mut(victim) {
        Some((_, bytes)) => mutate(random, bytes),
        None => mutate(random, &mut site),
    }
    for (name, bytes) in &files {
        parse_alone(name, bytes);
    }
    if let Ok(text) = std::str::from_utf8(&site) {
        let _ = site::format(text);
    }
    let files: Vec<ConfigFile> = files
        .into_iter()
        .map(|(name, bytes)| ConfigFile { shown: name.clone(), name, content: Ok(bytes) })
        .collect();
    let report = check::check(check::load("site.toml", &site), &files, None);
    assert!(report.faults.is_empty(), "round {round}: {:?}", report.faults);
    let style = render::Style::plain(Lang::Ja);
    assert!(!render::report(&report, &style).is_empty(), "there is always something to say");
    assert!(render::json(&report).starts_with('{'), "JSON is an object");
}

/// Each vendor reads the bytes, whoever wrote them.
fn parse_alone(name: &str, bytes: &[u8]) {
    let decoded = device::decode(name, bytes);
    for vendor in device::vendors() {
        let files = [device::File { source: SourceId(0), name, text: &decoded.text }];
        let input = device::Input {
            name: "router",
            origin: Origin::Written(Span::new(SourceId(0), 0, 0)),
            model: None,
            files: &files,
        };
        let lowered = (vendor.parse)(&input).lower(&Readings::default());
        for span in lowered.node.lines.iter().map(|line| line.span) {
            let range = span.start as usize..span.end as usize;
            assert!(decoded.text.get(range).is_some(), "a span lies in the text: {span:?}");
        }
    }
}

/// A few changes: bytes cut, doubled, turned, or replaced by what parsers stumble over.
fn mutate(random: &mut Random, bytes: &mut Vec<u8>) {
    const NASTY: [&str; 16] = [
        "\0",
        "\u{1b}[",
        "---more---",
        "\"",
        "\"\"\"",
        "{",
        "}",
        "[[",
        "/129",
        "999999999999",
        "::",
        "\u{3000}",
        "表",
        "\r",
        "<<EOF",
        "*",
    ];
    for _ in 0..random.between(1, 6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(40)).min(bytes.len());
        match random.below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let part = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            2 => {
                let nasty = random.pick(&NASTY);
                bytes.splice(at..at, nasty.bytes());
            }
            3 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(random.below(256)).unwrap_or(0);
                }
            }
            4 => bytes.truncate(at),
            _ => bytes[at..end].reverse(),
        }
    }
}
