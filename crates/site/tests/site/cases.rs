//! Golden diagnostics: `cases.md` holds bad files and what is said about them.
//!
//! A block `site` is a whole file, a block `part` stands between `edition` and `[line]` of a
//! right one. `UPDATE_SNAPSHOTS=1` rewrites the blocks `findings`.

use std::fmt::Write as _;
use std::path::Path;

use diag::{Diagnostic, Severity, Sources, Span};

const HEAD: &str = "edition = \"2021\"\n";
const TAIL: &str = "\n[site]\nname = \"みどり内科\"\nkind = \"clinic\"\n\
    [line]\nkind = \"ip-vpn\"\neligibility = \"ipoe\"\n";

/// What is said about `text`, whose first line is called `first`.
fn findings(text: &str, first: i64) -> String {
    let mut sources = Sources::new();
    let id = sources.add("site.toml", text);
    let (_, found) = site::parse(id, text);
    let place = |span: Span| {
        let at = sources.file(id).location(span.start);
        let shown = sources.snippet(span).chars().count();
        format!("{}:{}+{shown}", i64::from(at.line) + first - 1, at.column)
    };
    let mut out = String::new();
    for one in &found {
        describe(&mut out, one, &place).expect("a string takes text");
    }
    out
}

fn describe(
    out: &mut String,
    one: &Diagnostic,
    place: &dyn Fn(Span) -> String,
) -> std::fmt::Result {
    let severity = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let at = one.primary.as_ref().map_or_else(String::new, |label| place(label.span));
    writeln!(out, "{} {severity} {at} {}", one.code, one.headline.ja)?;
    writeln!(out, "  {}", one.headline.en)?;
    for label in &one.secondary {
        writeln!(out, "  also {} {} / {}", place(label.span), label.text.ja, label.text.en)?;
    }
    for note in &one.notes {
        writeln!(out, "  note {} / {}", note.ja, note.en)?;
    }
    for help in &one.helps {
        writeln!(out, "  help {} / {}", help.ja, help.en)?;
    }
    for edit in &one.edits {
        writeln!(out, "  edit {} {}", place(edit.span), edit.replacement)?;
    }
    Ok(())
}

#[test]
fn bad_files_are_explained_as_the_cases_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/site/cases.md");
    let written = std::fs::read_to_string(&path).expect("the cases are there");
    let (mut now, mut cases) = (String::new(), 0);
    let (mut kind, mut text, mut said) = (String::new(), String::new(), String::new());
    for line in written.lines() {
        if let Some(opened) = line.strip_prefix("```").filter(|_| kind.is_empty()) {
            kind = opened.to_owned();
            text.clear();
            now.push_str(line);
        } else if line == "```" {
            match kind.as_str() {
                "site" => said = findings(&text, 1),
                "part" => said = findings(&format!("{HEAD}{text}{TAIL}"), 0),
                _ => {
                    now.push_str(&said);
                    cases += 1;
                }
            }
            kind.clear();
            now.push_str(line);
        } else {
            text.push_str(line);
            text.push('\n');
            if kind == "findings" {
                continue;
            }
            now.push_str(line);
        }
        now.push('\n');
    }
    assert!(cases >= 25, "{cases} cases");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &now).expect("the cases can be written");
        return;
    }
    let differs = now.lines().zip(written.lines()).position(|(new, old)| new != old);
    let shown = differs.map(|at| (at + 1, now.lines().nth(at), written.lines().nth(at)));
    assert!(now == written, "line, now, written: {shown:#?}");
}
