//! The command line of `cargo xtask`: reads the arguments and calls the library.

#![allow(clippy::print_stderr, reason = "problems go to standard error")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xtask::problem::{self, Problem};
use xtask::{
    bench, fuzz, generate, help, lab, layers, new, release, soak, test, tidy, tree, windows,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<ExitCode, Problem> {
    if let ["layers", "--manifest", manifest] = words {
        return Ok(verdict(&layers::check(&folder_of(manifest))));
    }
    if let [] | ["help" | "-h" | "--help"] = words {
        help::print();
        return Ok(ExitCode::SUCCESS);
    }
    if let ["lab-guest", rest @ ..] = words {
        return lab::guest(rest);
    }
    let root = tree::find_root()?;
    match words {
        ["generate"] => Ok(verdict(&generate::run(&root))),
        ["generate", "--check"] => Ok(verdict(&generate::check(&root))),
        ["new", kind, rest @ ..] => Ok(verdict(&new::run(&root, kind, rest))),
        ["layers"] => Ok(verdict(&layers::check(&root))),
        ["tidy"] => Ok(verdict(&tidy::run(&root))),
        ["test" | "ci"] => Ok(test::run(&root)),
        ["bench", rest @ ..] => bench::run(&root, rest),
        ["fuzz", rest @ ..] => fuzz::run(&root, rest),
        ["windows", rest @ ..] => windows::run(&root, rest),
        ["soak", rest @ ..] => soak::run(&root, rest),
        ["release-check"] => Ok(verdict(&release::check(&root)?)),
        ["smb-lab", rest @ ..] => lab::smb(&root, rest),
        ["xfrm-lab", rest @ ..] => lab::xfrm(&root, rest),
        _ => Err(Problem::usage(&words.join(" "))),
    }
}

fn folder_of(manifest: &str) -> PathBuf {
    let path = Path::new(manifest);
    if path.is_dir() {
        return path.to_path_buf();
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn verdict(problems: &[Problem]) -> ExitCode {
    if problem::report(problems) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
