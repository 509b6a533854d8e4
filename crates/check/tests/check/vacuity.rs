//! Nothing is proved about nothing: every table, every list and every key is taken out of every
//! example, one at a time, and what stays proved has to be accounted for.

use std::collections::{BTreeMap, BTreeSet};

use check::RuleVerdict;

use crate::expectation::DAY;
use crate::folder;

/// A part of a site file.
struct Part {
    /// What it is, without names: `machines(eligibility-terminal).nics`.
    label: String,
    /// Its lines, from the first to the last.
    lines: (usize, usize),
}

/// The path in the header of a table, without brackets.
fn header(line: &str) -> Option<&str> {
    let path = line.split('#').next().unwrap_or_default().trim().strip_prefix('[')?;
    Some(path.trim_matches(['[', ']'])).filter(|path| !path.contains(['=', ',']))
}

/// What a table is, by what it holds.
fn label(header: &str, body: &[&str]) -> String {
    let (kind, name) = header.split_once('.').unwrap_or((header, ""));
    let value = |key: &str| {
        let line = body.iter().find(|line| line.starts_with(key)).copied().unwrap_or_default();
        line.split('"').skip(1).step_by(2).collect::<Vec<&str>>().join("+")
    };
    match kind {
        "machines" => format!("machines({})", value("roles")),
        "destinations" => format!("destinations({} {})", value("net"), value("ports")),
        "routers" => format!("routers({name})"),
        _ => kind.to_owned(),
    }
}

/// Every table and every key of a site file.
fn parts(text: &str) -> Vec<Part> {
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| header(lines[*at]).is_some()).collect();
    let mut parts = Vec::new();
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(lines.len());
        let body = &lines[start + 1..end];
        let table = label(header(lines[*start]).unwrap_or_default(), body);
        let mut at = start + 1;
        while at < end {
            let last = value_end(&lines, at, end);
            if let Some((key, _)) =
                lines[at].split_once('=').filter(|_| !lines[at].starts_with('#'))
            {
                let label = format!("{table}.{}", key.trim());
                parts.push(Part { label, lines: (at, last) });
            }
            at = last + 1;
        }
        parts.push(Part { label: table, lines: (*start, end - 1) });
    }
    parts
}

/// The last line of the value that begins on line `at`.
fn value_end(lines: &[&str], at: usize, end: usize) -> usize {
    let mut depth = 0_i32;
    for (place, line) in lines.iter().enumerate().take(end).skip(at) {
        let code = line.split(" #").next().unwrap_or_default();
        for letter in code.chars() {
            depth += i32::from("[{".contains(letter)) - i32::from("]}".contains(letter));
        }
        if depth <= 0 {
            return place;
        }
    }
    at
}

/// The keys of an inline table that may be left out.
const INLINE: [&str; 6] = ["ipv4", "ipv6", "gateway", "routes", "dns", "purpose"];

/// Site files with one thing taken out, and what that is.
fn edits(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let without = |lost: &dyn Fn(usize) -> bool| {
        let kept = lines.iter().enumerate().filter(|(at, _)| !lost(*at));
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    let parts = parts(text);
    let mut edits = Vec::new();
    for part in &parts {
        let (first, last) = part.lines;
        edits.push((part.label.clone(), without(&|at| (first..=last).contains(&at))));
        let is_inline = part.label.ends_with(".nics") || part.label.starts_with("zones.");
        for at in (first..=last).filter(|_| is_inline) {
            for key in INLINE {
                let Some(cut) = without_key(lines[at], key) else { continue };
                let changed = lines.iter().enumerate();
                let changed = changed.map(|(own, line)| if own == at { &cut } else { *line });
                // Name servers beside those of an announcement are another matter.
                let is_told = key == "dns" && lines[at].contains("ipv6 = \"ra\"");
                let kind = if is_told { " beside ra" } else { "" };
                let label = format!("{}.{key}{kind}", part.label);
                edits.push((label, changed.map(|line| format!("{line}\n")).collect()));
            }
        }
    }
    // Everything of a kind at once.
    for kind in ["destinations", "service", "interference_test"] {
        let own: Vec<&Part> = parts.iter().filter(|part| is_table(part, kind)).collect();
        if !own.is_empty() {
            let lost = |at| own.iter().any(|part| (part.lines.0..=part.lines.1).contains(&at));
            edits.push((format!("every {kind}"), without(&lost)));
        }
    }
    for key in ["hosts", "addresses"] {
        let is_meant =
            |part: &&Part| part.label.starts_with("destinations") && part.label.ends_with(key);
        let own: Vec<&Part> = parts.iter().filter(is_meant).collect();
        let lost = |at| own.iter().any(|part| (part.lines.0..=part.lines.1).contains(&at));
        edits.push((format!("every destinations.{key}"), without(&lost)));
    }
    edits
}

fn is_table(part: &Part, kind: &str) -> bool {
    part.label.split('(').next() == Some(kind)
}

/// `line` without a key of its inline table; `None` if the key is not there.
fn without_key(line: &str, key: &str) -> Option<String> {
    let at = line.find(&format!(", {key} = "))?;
    let value = at + key.len() + ", ".len() + " = ".len();
    let mut depth = 0_i32;
    let mut is_quoted = false;
    let end = line[value..].char_indices().find_map(|(place, letter)| {
        is_quoted ^= letter == '"';
        if is_quoted {
            return None;
        }
        depth += i32::from("[{".contains(letter)) - i32::from("]}".contains(letter));
        let is_end = depth < 0 || depth == 0 && (letter == ',' || letter == ' ' && place > 0);
        is_end.then_some(place)
    })?;
    Some(format!("{}{}", &line[..at], &line[value + end..]))
}

/// What came of a part over all examples that have it.
#[derive(Default)]
struct Outcome {
    open: BTreeSet<&'static str>,
    proved: BTreeSet<&'static str>,
}

impl Outcome {
    /// The rules that are proved in no example any more, as the table writes them.
    fn fallen(&self) -> String {
        if self.proved.is_empty() {
            return "*".to_owned();
        }
        let fallen: Vec<&str> = self.open.difference(&self.proved).copied().collect();
        if fallen.is_empty() { "-".to_owned() } else { fallen.join(" ") }
    }
}

fn outcomes() -> BTreeMap<String, Outcome> {
    let mut table: BTreeMap<String, Outcome> = BTreeMap::new();
    for (_, snapshot) in folder::examples() {
        for (label, site) in edits(&snapshot.site) {
            let mut other = snapshot.clone();
            other.site = site;
            let report = other.check(site::Date::read(DAY));
            let outcome = table.entry(label).or_default();
            for one in &report.requirements {
                let is_proved = one.verdict == RuleVerdict::Proved;
                let set = if is_proved { &mut outcome.proved } else { &mut outcome.open };
                set.insert(one.code);
            }
        }
    }
    table
}

/// The lines of the table: what is taken out, and what is then proved no more.
fn expected() -> BTreeMap<String, String> {
    let lines = include_str!("vacuity.txt").lines();
    let rows = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| {
        let (label, fallen) = line.split_once(" | ").expect("a line has two columns");
        (label.to_owned(), fallen.to_owned())
    })
    .collect()
}

#[test]
fn what_is_taken_out_of_a_site_file_is_missed() {
    let expected = expected();
    let found = outcomes();
    let mut wrong = Vec::new();
    for (label, outcome) in &found {
        let fallen = outcome.fallen();
        match expected.get(label) {
            Some(wanted) if *wanted == fallen => {}
            Some(wanted) => wrong.push(format!("{label} | {fallen}, not {wanted}")),
            None => wrong.push(format!("{label} | {fallen} is not in the table")),
        }
    }
    let gone = expected.keys().filter(|label| !found.contains_key(*label));
    wrong.extend(gone.map(|label| format!("{label} stands in no example")));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_key_of_an_inline_table_can_be_cut_out() {
    let line = "  { zone = \"a\", routes = [{ to = \"b, c\", via = \"d\" }], dns = [\"e\"] },";
    let cut = |key: &str| without_key(line, key);
    assert_eq!(cut("routes").as_deref(), Some("  { zone = \"a\", dns = [\"e\"] },"));
    assert_eq!(
        cut("dns").as_deref(),
        Some("  { zone = \"a\", routes = [{ to = \"b, c\", via = \"d\" }] },")
    );
    assert_eq!(cut("ipv4"), None);
}
