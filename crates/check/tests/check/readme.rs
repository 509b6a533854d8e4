//! The READMEs list every requirement in the words of the program.

use std::fs;
use std::path::PathBuf;

use diag::Lang;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The table of all requirements.
fn table(lang: Lang) -> String {
    let mut rows: Vec<String> = rule::rules()
        .into_iter()
        .map(|one| format!("| {} | {} |\n", one.code, (one.requirement)().get(lang)))
        .collect();
    rows.sort();
    rows.concat()
}

/// The rows of `text` that begin with the code of a rule, where they stand together.
fn rows(text: &str) -> String {
    let codes: Vec<String> =
        rule::rules().into_iter().map(|one| format!("| {} |", one.code)).collect();
    let is_row = |line: &&str| codes.iter().any(|code| line.starts_with(code));
    text.lines().filter(is_row).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_readmes_tell_every_requirement() {
    for (name, lang) in [("README.md", Lang::En), ("README.ja.md", Lang::Ja)] {
        let file = root().join(name);
        let text = fs::read_to_string(&file).expect("the README is there");
        let (told, table) = (rows(&text), table(lang));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&file, text.replacen(&told, &table, 1)).expect("the README can be written");
            continue;
        }
        assert_eq!(told, table, "{name}; with UPDATE_SNAPSHOTS=1 this test writes the table");
    }
}
