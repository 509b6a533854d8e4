//! Programs that a task runs: cargo mostly, with the output passed through.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::thread;

use crate::problem::Problem;

/// The cargo that started this task, in the workspace's root.
pub(crate) fn cargo(root: &Path, words: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(words).current_dir(root);
    command
}

/// Runs a program on our own terminal.
pub(crate) fn exit_code(command: &mut Command) -> Result<ExitCode, Problem> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| Problem::program(&name, &error))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a program that succeeds prints on standard output.
pub(crate) fn text(command: &mut Command) -> Result<String, Problem> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Problem::program(&name, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Problem::new(name, 1, format!("failed: {said}"), "see what it says"))
}

/// Runs a program on our own terminal; that it fails is a problem.
pub(crate) fn done(command: &mut Command) -> Result<(), Problem> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| Problem::program(&name, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Problem::new(name, 1, format!("failed: {status}"), "see what it says"))
}

/// True if a program runs and succeeds; its output is thrown away.
pub(crate) fn is_successful(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What a program printed, and whether it succeeded.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) is_success: bool,
    /// How it ended, in words.
    pub(crate) end: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a program, passes its output through while it runs, and keeps a copy.
pub(crate) fn tee(command: &mut Command) -> Result<Outcome, Problem> {
    let name = command.get_program().to_string_lossy().into_owned();
    let io = |error| Problem::program(&name, &error);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(io)?;
    let errors = child.stderr.take();
    let copy = thread::spawn(move || errors.map(|from| pass(from, io::stderr())));
    let stdout = child.stdout.take().map(|from| pass(from, io::stdout()));
    let stderr = copy.join().unwrap_or_default();
    let status = child.wait().map_err(io)?;
    Ok(Outcome {
        is_success: status.success(),
        end: status.to_string(),
        stdout: stdout.unwrap_or_default(),
        stderr: stderr.unwrap_or_default(),
    })
}

fn pass(from: impl Read, mut to: impl Write) -> String {
    let mut from = BufReader::new(from);
    let mut kept = Vec::new();
    loop {
        let start = kept.len();
        match from.read_until(b'\n', &mut kept) {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&kept).into_owned(),
            // A closed terminal must not end the count.
            Ok(_) => drop(to.write_all(&kept[start..]).and_then(|()| to.flush())),
        }
    }
}
