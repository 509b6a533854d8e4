//! What nft itself says about the rulesets of the cases.
//!
//! Every check runs in a network namespace of its own, which vanishes with the process.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::cases::{self, Answer};

/// Interfaces that rulesets may name.
const PREPARE: &str =
    "for one in lan0 lan1 wan0; do ip link add $one type veth peer name x$one || exit 77; done";

/// Whether nft can be asked; prints why not.
///
/// # Panics
/// When `SEKISHO_TESTS_REQUIRE` asks for it and it is not there.
#[expect(clippy::print_stdout, reason = "a skipped test says why")]
fn is_there() -> bool {
    let probe = format!("{PREPARE}; nft list ruleset");
    let output = Command::new("unshare").args(["-n", "sh", "-c", &probe]).output();
    let reason = match output {
        Ok(output) if output.status.success() => return true,
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|one| one.trim() == "nft"), "nft is required: {reason}");
    println!("skipped: nft cannot be asked here ({})", reason.trim());
    false
}

/// Loads the ruleset into the namespace, or with `-c` only asks whether it could be loaded.
fn asked(folder: &Path, file: &str, option: &str) -> Output {
    let script = format!("{PREPARE}; nft {option} -I . -f {file}");
    let mut command = Command::new("unshare");
    command.args(["-n", "sh", "-c", &script]).current_dir(folder);
    command.output().expect("unshare was there a moment ago")
}

#[test]
fn nft_takes_and_refuses_the_rulesets_as_the_cases_say() {
    if !is_there() {
        return;
    }
    let folder = std::env::temp_dir().join(format!("sekisho-nft-{}", std::process::id()));
    let mut differences = Vec::new();
    for case in cases::all().into_values().flatten() {
        fs::create_dir_all(&folder).expect("the temporary folder can be made");
        for (name, text) in &case.files {
            let path = folder.join(name);
            let parent = path.parent().expect("a file stands in a folder");
            fs::create_dir_all(parent).expect("the temporary folder can be made");
            fs::write(path, text).expect("the temporary folder can be written");
        }
        let has_ruleset = case.files.iter().any(|(name, _)| name == "router.nft");
        if has_ruleset && case.answer != Answer::Unasked {
            let output = asked(&folder, "router.nft", "");
            if output.status.success() == (case.answer == Answer::Refuses) {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                differences.push(format!("{}: {:?}\n{said}", case.title, case.answer));
            }
        }
        fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn nft_takes_the_rulesets_of_the_example() {
    let folder = super::example();
    if !is_there() {
        return;
    }
    for name in ["router-a.nft", "router-b.nft"] {
        let output = asked(&folder, name, "-c");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
