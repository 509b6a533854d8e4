//! The exceptions of `tidy`: one a line, `check path-glob reason`. A `*` stands for any check
//! or any part of a name, `**` also for folders; `#` starts a comment.

use super::Finding;
use crate::problem::Problem;

/// One exception.
pub(super) struct Exception {
    check: String,
    glob: String,
    line: usize,
    is_used: bool,
}

/// Reads the file with the exceptions.
pub(super) fn parse(file: &str, listing: &str) -> (Vec<Exception>, Vec<Problem>) {
    let mut exceptions = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in listing.lines().enumerate() {
        let line_number = index + 1;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let (check, glob, reason) = (words.next(), words.next(), words.next());
        let (Some(check), Some(glob), Some(_)) = (check, glob, reason) else {
            let help = "write `check path-glob reason`";
            problems.push(Problem::new(file, line_number, "exception without a reason", help));
            continue;
        };
        let (check, glob) = (check.to_owned(), glob.to_owned());
        exceptions.push(Exception { check, glob, line: line_number, is_used: false });
    }
    (exceptions, problems)
}

/// True if an exception covers the finding; that exception is then used.
pub(super) fn is_allowed(exceptions: &mut [Exception], finding: &Finding) -> bool {
    let mut covers = false;
    for exception in exceptions {
        let is_check = exception.check == "*" || exception.check == finding.check;
        if is_check && is_match(exception.glob.as_bytes(), finding.problem.file.as_bytes()) {
            exception.is_used = true;
            covers = true;
        }
    }
    covers
}

/// Exceptions that nothing needs any more.
pub(super) fn unused(file: &str, exceptions: &[Exception]) -> Vec<Problem> {
    let unused = exceptions.iter().filter(|exception| !exception.is_used);
    let problem = |exception: &Exception| {
        let what = format!("nothing needs the exception for `{}`", exception.glob);
        Problem::new(file, exception.line, what, "remove the line")
    };
    unused.map(problem).collect()
}

fn is_match(glob: &[u8], path: &[u8]) -> bool {
    match (glob, path) {
        ([], []) => true,
        ([b'*', b'*', rest @ ..], _) => (0..=path.len()).any(|skip| is_match(rest, &path[skip..])),
        ([b'*', rest @ ..], _) => {
            let name = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
            (0..=name).any(|skip| is_match(rest, &path[skip..]))
        }
        ([want, glob @ ..], [byte, path @ ..]) => want == byte && is_match(glob, path),
        _ => false,
    }
}
