//! No input speaks to the terminal: whatever stands in a site file, a configuration, a pack, the
//! evidence or a question, no output holds a hidden character but line feeds, and no line of input
//! becomes a line of the report.

use std::fs;
use std::path::Path;

use crate::run::{CLEAN, Ran, command, copy, finish, replace, sekisho};

/// Pieces of text that would do something to a terminal or to its reader.
const HOSTILE: [&str; 12] = [
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{9b}31m",
    "\u{202e}gnp.exe",
    "\u{2066}\u{200f}\u{200b}",
    "\u{feff}\u{2028}\u{2029}",
    "\r\u{8}\u{7f}",
    "\0",
    "\t",
    "\n証明 V2 F002 端末からセッションを開けない",
    "\u{e0041}\u{85}",
];

/// Numbers that follow from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap_or_default()
    }

    /// A hostile piece, or random characters of the blocks in which hidden ones stand.
    fn text(&mut self) -> String {
        if self.below(3) > 0 {
            return HOSTILE[self.below(HOSTILE.len())].to_owned();
        }
        let blocks = [0..0x20, 0x7f..0xa0, 0x2000..0x2070, 0xfe00..0xff00, 0xe0000..0xe0080];
        (0..1 + self.below(6))
            .filter_map(|_| {
                let block = blocks[self.below(blocks.len())].clone();
                char::from_u32(block.start + u32::try_from(self.below(block.len())).ok()?)
            })
            .collect()
    }
}

/// `text` inside a string of TOML or JSON.
fn escaped(text: &str) -> String {
    let unit = |letter: char| letter.encode_utf16(&mut [0; 2]).to_vec();
    let is_short = |letter: char| u32::from(letter) < 0x1_0000;
    text.chars()
        .map(|letter| match letter {
            letter if is_short(letter) => format!("\\u{:04x}", unit(letter)[0]),
            letter => format!("\\U{:08x}", u32::from(letter)),
        })
        .collect()
}

fn assert_shown(ran: &Ran, what: &str) {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    let hidden = all.chars().find(|letter| diag::is_hidden(*letter) && *letter != '\n');
    assert_eq!(hidden, None, "{what}: {all}");
    assert!(!all.lines().any(|line| line.starts_with("証明 V2 F002 端末")), "{what}: {all}");
}

/// All that can be said about the site at `path`, with the colours that are not stripped.
fn look(path: &str, what: &str) {
    for arguments in [
        &["check", path, "--on", "2026-11-23"][..],
        &["check", path, "--on", "2026-11-23", "--format", "json"],
        &["due", path, "--on", "2026-11-23"],
        &["due", path, "--on", "2026-11-23", "--json"],
        &["todo", path, "--on", "2026-11-23"],
        &["todo", path, "--on", "2026-11-23", "--json"],
        &["draw", path, "--on", "2026-11-23"],
        &["ask", path, "receipt-1 -> terminal-1 tcp/445"],
        &["ask", path, "--from", "terminal-1"],
        &["fmt", "--check", path],
    ] {
        for lang in ["ja", "en"] {
            // What is not a terminal would otherwise lose every sequence, ours or not.
            let mut command = command();
            command.env("CLICOLOR_FORCE", "1").args(arguments).args(["--lang", lang]);
            assert_shown(&finish(&mut command), &format!("{arguments:?} {what}"));
        }
    }
}

/// Places of `text` at the end of a string in double quotes.
fn ends_of_strings(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        let quotes: Vec<usize> = code.match_indices('"').map(|(at, _)| start + at).collect();
        ends.extend(quotes.chunks_exact(2).map(|pair| pair[1]));
        start += line.len();
    }
    ends
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("the folder is this test's own");
}

#[test]
fn no_string_of_any_file_speaks_to_the_terminal() {
    let site = copy("hidden-everywhere");
    let path = site.to_str().expect("test folders have plain names");
    let mut dice = Dice(20_261_127);
    for round in 0..24 {
        let text = dice.text();
        let file = ["site.toml", "evidence.json", "router-a.conf"][round % 3];
        let place = site.join(file);
        let original = fs::read_to_string(&place).expect("it was copied");
        let changed = if file == "router-a.conf" {
            let lines: Vec<&str> = original.lines().collect();
            let at = dice.below(lines.len());
            let new = format!("{} {text}", lines[at]);
            original.replacen(lines[at], &new, 1)
        } else {
            let ends = ends_of_strings(&original);
            let at = ends[dice.below(ends.len())];
            format!("{}{}{}", &original[..at], escaped(&text), &original[at..])
        };
        write(&place, &changed);
        look(path, &format!("{file} with {text:?}"));
        write(&place, &original);
    }
}

#[test]
fn a_name_that_forges_lines_is_refused_and_shown() {
    for (key, new) in [
        ("name = \"みどり内科\"", "name = \"x\\n証明 V2 F002 端末 \\u001b[2J\\u009b\\u202e\""),
        ("[site]", "[site]\n\"\\u001b]0;x\\u0007 \\u202e\" = 1"),
        ("edition = \"2021\"", "edition = \"2021\\u001b[2J\""),
    ] {
        let site = copy("hidden-name");
        let path = site.to_str().expect("test folders have plain names");
        replace(&site.join("site.toml"), key, new);
        look(path, new);
        let ran = sekisho(&["check", path, "--on", "2026-11-23", "--lang", "en"]);
        assert_ne!(ran.code, 0, "{new}: {}", ran.stdout);
    }
    let site = copy("hidden-code");
    let path = site.to_str().expect("test folders have plain names");
    replace(&site.join("site.toml"), "name = \"みどり内科\"", "name = \"a\\nb\"");
    let ran = sekisho(&["check", path, "--on", "2026-11-23", "--lang", "en"]);
    assert!(ran.stdout.contains("P025") && ran.stdout.contains("U+000A"), "{}", ran.stdout);
}

#[test]
fn no_wrong_argument_speaks_to_the_terminal() {
    // A line feed in an argument is repeated as one: it is the user's own.
    for text in HOSTILE.into_iter().filter(|text| !text.contains('\n')) {
        let text = text.replace('\0', "\u{1}");
        for arguments in [&["due", CLEAN, "--on", &text][..], &[&text], &["link", &text]] {
            let mut command = command();
            let ran = finish(command.env("CLICOLOR_FORCE", "1").args(arguments));
            assert_eq!(ran.code, 3, "{arguments:?}");
            // The parser's own colours, in pieces that begin where a sequence ended.
            let mut pieces = ran.stderr.split("\u{1b}[");
            let first = pieces.next().unwrap_or_default().to_owned();
            let rest: String =
                pieces.map(|piece| piece.split_once('m').map_or(piece, |(_, rest)| rest)).collect();
            assert_shown(&Ran { code: 3, stdout: first + &rest, stderr: String::new() }, &text);
            assert!(
                !ran.stderr.contains("\u{1b}[2J") && !ran.stderr.contains("\u{1b}]"),
                "{text:?}"
            );
        }
    }
}

#[test]
fn no_word_of_a_question_speaks_to_the_terminal() {
    let mut dice = Dice(7);
    for _ in 0..16 {
        let text = dice.text().replace('\0', "\u{1}");
        for arguments in [
            &["explain", &text][..],
            &["ask", "examples/ipvpn-separate-yamaha", &text],
            &["ask", "examples/ipvpn-separate-yamaha", "--from", &text],
            &["check", &text],
            &["fmt", &text],
            &["draw", "examples/ipvpn-separate-yamaha", "-o", &text],
            &["link", "name", &text],
            &["link", "catalogue", &text],
            &["link", "ack", "--state", &text, &text],
            &["link", "status", &text, "--state", &text],
        ] {
            let mut command = command();
            command.env("CLICOLOR_FORCE", "1").args(arguments);
            assert_shown(&finish(&mut command), &format!("{arguments:?}"));
        }
    }
}
