//! `test` and `ci`: everything that has to hold before a change is handed over.
//!
//! Which packages and capabilities the tests need is in `environment`, how results are
//! counted in `count`.

pub mod count;
pub mod environment;

use std::path::Path;
use std::process::{Command, ExitCode};

use self::count::Tally;
use crate::problem::{self, Problem};
use crate::{generate, layers, process, tidy};

/// Variable that tells the tests which capabilities are present.
const REQUIRE: &str = "SEKISHO_TESTS_REQUIRE";

/// Runs everything; the last line printed is `N passed, N failed`.
pub fn run(root: &Path) -> ExitCode {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let mut tally = Tally::default();
    environment::prepare(&mut tally);
    check(&mut tally, "layers", &layers::check(root));
    check(&mut tally, "generate --check", &generate::check(root));
    check(&mut tally, "tidy", &tidy::run(root));
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    component(&mut tally, root, &["fmt", "--all", "--check"], is_ci);
    component(&mut tally, root, &clippy, is_ci);
    tests(&mut tally, root, is_ci);
    let (is_passed, lines) = count::conclusion(&tally, is_ci);
    println!("{lines}");
    if is_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check(tally: &mut Tally, name: &str, problems: &[Problem]) {
    println!("== {name}");
    tally.count(problem::report(problems));
}

/// Runs a part of the toolchain that may not be installed.
fn component(tally: &mut Tally, root: &Path, words: &[&str], is_ci: bool) {
    println!("== cargo {}", words.join(" "));
    let name = words.first().copied().unwrap_or_default();
    if !process::is_successful(&mut process::cargo(root, &[name, "--version"])) {
        tally.skip(&format!("cargo {name}"), "this toolchain has no such component");
        return;
    }
    let status = with_profile(process::cargo(root, words), is_ci).status();
    tally.count(status.is_ok_and(|status| status.success()));
}

fn tests(tally: &mut Tally, root: &Path, is_ci: bool) {
    let nextest = ["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"];
    let plain = ["test", "--workspace", "--no-fail-fast"];
    let has_nextest = process::is_successful(&mut process::cargo(root, &["nextest", "--version"]));
    let words: &[&str] = if has_nextest { &nextest } else { &plain };
    println!("== cargo {}", words.join(" "));
    let mut cargo = with_profile(process::cargo(root, words), is_ci);
    cargo.env(REQUIRE, environment::capabilities(tally).join(","));
    match process::tee(&mut cargo) {
        Ok(outcome) => {
            let found = if has_nextest {
                count::of_nextest(&outcome.stderr)
            } else {
                count::of_cargo_test(&outcome.stdout)
            };
            tally.add(&found, outcome.is_success);
        }
        Err(problem) => {
            problem::report(&[problem]);
            tally.count(false);
        }
    }
}

fn with_profile(mut cargo: Command, is_ci: bool) -> Command {
    if is_ci {
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}
