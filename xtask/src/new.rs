//! `new`: adds one folder for a rule, a vendor or a pattern, then generates. The text of the
//! new files stands in `xtask/templates`.

use std::path::Path;
use std::process::Command;

use crate::generate::{self, PATTERNS, RULES, VENDORS};
use crate::problem::Problem;
use crate::{process, rule_index, tree};

/// What to add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition<'a> {
    /// A rule with its name and code.
    Rule(&'a str, &'a str),
    /// A vendor with its name.
    Vendor(&'a str),
    /// A reference pattern with its identifier.
    Pattern(&'a str),
}

const RULE_FILES: [(&str, &str); 3] = [
    ("mod.rs", include_str!("../templates/rule/mod.rs")),
    ("README.md", include_str!("../templates/rule/README.md")),
    ("cases.md", include_str!("../templates/rule/cases.md")),
];
const VENDOR_FILES: [(&str, &str); 7] = [
    ("mod.rs", include_str!("../templates/vendor/mod.rs")),
    ("detect.rs", include_str!("../templates/vendor/detect.rs")),
    ("parse.rs", include_str!("../templates/vendor/parse.rs")),
    ("config.rs", include_str!("../templates/vendor/config.rs")),
    ("lower.rs", include_str!("../templates/vendor/lower.rs")),
    ("README.md", include_str!("../templates/vendor/README.md")),
    ("cases/first.md", include_str!("../templates/vendor/cases/first.md")),
];
const PATTERN_FILES: [(&str, &str); 3] = [
    ("pattern.toml", include_str!("../templates/pattern/pattern.toml")),
    ("README.md", include_str!("../templates/pattern/README.md")),
    ("faults.md", include_str!("../templates/pattern/faults.md")),
];

/// Names of modules that the language or the generated registry already uses.
const RESERVED: [&str; 16] = [
    "as", "const", "dyn", "final", "for", "impl", "in", "match", "mod", "move", "ref", "registry",
    "static", "trait", "type", "use",
];

/// Reads the words behind `new` and adds the folder; prints what it wrote.
pub fn run(root: &Path, kind: &str, words: &[&str]) -> Vec<Problem> {
    let addition = match (kind, words) {
        ("rule", [name, "--code", code] | ["--code", code, name]) => Addition::Rule(name, code),
        ("vendor", [name]) => Addition::Vendor(name),
        ("pattern", [name]) => Addition::Pattern(name),
        _ => return vec![Problem::usage(&format!("new {kind} {}", words.join(" ")))],
    };
    match add(root, addition) {
        Ok(files) => {
            format(root, &files);
            files.iter().for_each(|file| println!("wrote {file}"));
            Vec::new()
        }
        Err(problems) => problems,
    }
}

/// Formats the new files: how a literal is broken depends on the length of the name.
fn format(root: &Path, files: &[String]) {
    let modules = files.iter().filter(|file| file.ends_with("/mod.rs"));
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024"]).args(modules).current_dir(root);
    if !process::is_successful(&mut rustfmt) {
        println!("skipping rustfmt: it cannot be run here");
    }
}

/// Adds one folder and generates.
///
/// # Shape
/// The files written: the new ones first, then the generated ones.
///
/// # Errors
/// When the name or code cannot be used or is taken, or nothing could be generated.
pub fn add(root: &Path, addition: Addition<'_>) -> Result<Vec<String>, Vec<Problem>> {
    // What is broken before must not look as if the new folder broke it.
    generate::plan(root)?;
    let (name, code) = match addition {
        Addition::Rule(name, code) => (name, code),
        Addition::Vendor(name) | Addition::Pattern(name) => (name, ""),
    };
    let module = name.replace('-', "_");
    if let Some(problem) = refusal(root, addition, &module) {
        return Err(vec![problem]);
    }
    let (folder, templates): (String, &[(&str, &str)]) = match addition {
        Addition::Rule(..) => (format!("{RULES}/{module}"), &RULE_FILES),
        Addition::Vendor(_) => (format!("{VENDORS}/{module}"), &VENDOR_FILES),
        Addition::Pattern(_) => (format!("{PATTERNS}/{name}"), &PATTERN_FILES),
    };
    if root.join(&folder).exists() {
        let help = "choose another name, or work in that folder";
        return Err(vec![Problem::new(folder, 1, "exists already", help)]);
    }
    let mut files = Vec::new();
    for (file, template) in templates {
        let path = format!("{folder}/{file}");
        let text = template.replace("{{name}}", name).replace("{{module}}", &module);
        let text = text.replace("{{code}}", code);
        tree::write(root, &path, &text).map_err(|problem| vec![problem])?;
        files.push(path);
    }
    files.extend(generate::write(root)?);
    Ok(files)
}

fn refusal(root: &Path, addition: Addition<'_>, module: &str) -> Option<Problem> {
    let (name, home) = match addition {
        Addition::Rule(name, _) => (name, "crates/rule"),
        Addition::Vendor(name) => (name, "crates/device"),
        Addition::Pattern(name) => (name, "crates/pattern"),
    };
    let refuse = |what: String, help: &str| Some(Problem::new("cargo xtask new", 1, what, help));
    let is_pattern = matches!(addition, Addition::Pattern(_));
    let is_name = name.split('.').all(is_kebab_case) && (is_pattern || !name.contains('.'));
    if !is_name || RESERVED.contains(&module) {
        let what = format!("`{name}` cannot be used as a name");
        return refuse(what, "write lower-case words joined by `-`, no word of the language");
    }
    if !root.join(home).is_dir() {
        return refuse(format!("`{home}` does not exist"), "create that crate first");
    }
    let Addition::Rule(_, code) = addition else { return None };
    if !rule_index::is_code(code) {
        let what = format!("`{code}` is not a rule code");
        return refuse(what, "use one of the letters P R T F X E L and three digits");
    }
    let rules = rule_index::entries(root).unwrap_or_default();
    let owner = rules.into_iter().find(|rule| rule.code == code)?;
    refuse(format!("`{code}` is already the rule `{}`", owner.name), "take a code that is free")
}

fn is_kebab_case(name: &str) -> bool {
    generate::is_snake_case(&name.replace('-', "_")) && !name.contains('_')
}
