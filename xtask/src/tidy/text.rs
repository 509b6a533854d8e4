//! Text as such: header, size, width, white space, unfinished work. Only our own text (Rust,
//! TOML, Markdown): a device configuration stays as the device wrote it.

use super::Finding;
use crate::generate;

const LINES_WANTED: usize = 500;
const LINES_MAX: usize = 800;
const WIDTH_MAX: usize = 100;
/// Written in halves so that this file passes its own check.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// One thing, one word: how the reference document spells what is spelt in two ways. In halves for
/// the same reason.
const SPELLINGS: [(&str, &str); 5] = [
    (concat!("サー", "バー"), "サーバ"),
    (concat!("ルー", "ター"), "ルータ"),
    (concat!("ベン", "ダー"), "ベンダ"),
    (concat!("インタ", "フェース"), "インターフェース"),
    (concat!("インターフェ", "イス"), "インターフェース"),
];

pub(super) fn check(file: &str, content: &str) -> Vec<Finding> {
    let is_rust = file.ends_with(".rs");
    if !is_rust && !file.ends_with(".toml") && !file.ends_with(".md") {
        return Vec::new();
    }
    let mut findings = white_space(file, content);
    findings.extend(spelling(file, content));
    if !file.ends_with(".md") {
        findings.extend(unfinished(file, content));
    }
    if is_rust {
        findings.extend(header(file, content));
        findings.extend(size(file, content));
        findings.extend(width(file, content));
    }
    findings
}

fn spelling(file: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in content.lines().enumerate() {
        for (other, own) in SPELLINGS.iter().filter(|(other, _)| line.contains(other)) {
            let what = format!("`{other}` is another spelling");
            let help = format!("write `{own}`, as the reference document does");
            findings.push(Finding::new("spelling", file, index + 1, &what, &help));
        }
    }
    findings
}

fn header(file: &str, content: &str) -> Option<Finding> {
    let is_headed = content.starts_with("//!") || content.starts_with(generate::HEADER);
    let help = "start it with `//!`: what it holds, and what it does not";
    (!is_headed).then(|| Finding::new("header", file, 1, "the file does not say what it is", help))
}

fn size(file: &str, content: &str) -> Option<Finding> {
    let lines = content.lines().count();
    if lines <= LINES_WANTED || content.starts_with(generate::HEADER) {
        return None;
    }
    let what = format!("{lines} lines, {LINES_WANTED} are wanted, {LINES_MAX} are the limit");
    let mut finding = Finding::new("size", file, lines, &what, "split it where the nouns split");
    if lines <= LINES_MAX {
        finding.problem = finding.problem.as_warning();
    }
    Some(finding)
}

fn width(file: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in content.lines().enumerate() {
        let width = display_width(line);
        if width > WIDTH_MAX && !is_indivisible(line) {
            let what = format!("{width} columns, {WIDTH_MAX} are the limit");
            findings.push(Finding::new("width", file, index + 1, &what, "break the line"));
        }
    }
    findings
}

/// A line that is one string literal or one URL: there is nothing to break.
fn is_indivisible(line: &str) -> bool {
    let text = line.trim_start_matches(['/', '!', '#', ' ']).trim_end();
    let is_url = text.contains("://") && !text.contains(' ');
    // A field or an argument of `text!` has its name before the literal.
    let value = text.split_once(": ").filter(|(name, _)| generate::is_snake_case(name));
    let inner = value.map_or(text, |(_, value)| value).trim_end_matches([',', ';', ')']);
    let body = inner.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    is_url || body.is_some_and(|body| !body.replace("\\\"", "").contains('"'))
}

fn white_space(file: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in content.split('\n').enumerate() {
        if line.ends_with([' ', '\t', '\r', '\u{3000}']) {
            let what = "white space at the end of the line";
            findings.push(Finding::new("space", file, index + 1, what, "remove it"));
        }
        if line.contains('\t') {
            findings.push(Finding::new("tab", file, index + 1, "a tab", "write spaces"));
        }
    }
    if !content.is_empty() && (!content.ends_with('\n') || content.ends_with("\n\n")) {
        let line = content.lines().count();
        let what = "the file does not end with exactly one line feed";
        findings.push(Finding::new("newline", file, line, what, "end it with one"));
    }
    findings
}

fn unfinished(file: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in content.lines().enumerate() {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        if let Some(word) = words.find(|word| UNFINISHED.contains(word)) {
            let help = "do it, or report it as a diagnostic or an issue";
            findings.push(Finding::new("unfinished", file, index + 1, &format!("`{word}`"), help));
        }
    }
    findings
}

/// Columns of a line on a terminal.
///
/// # Shape
/// Full-width characters count two, all others one; combining marks too, so the count is
/// never too small.
pub(super) fn display_width(line: &str) -> usize {
    line.chars().map(|c| if is_full_width(c) { 2 } else { 1 }).sum()
}

fn is_full_width(c: char) -> bool {
    matches!(
        u32::from(c),
        0x1100..=0x115F
            | 0x2E80..=0x303E
            | 0x3041..=0xA4CF
            | 0xAC00..=0xD7A3
            | 0xF900..=0xFAFF
            | 0xFE30..=0xFE6F
            | 0xFF00..=0xFF60
            | 0xFFE0..=0xFFE6
            | 0x1F300..=0x1FAFF
            | 0x20000..=0x3FFFD
    )
}
