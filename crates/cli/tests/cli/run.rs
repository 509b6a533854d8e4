//! Runs the binary, in folders of its own where it may write.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The clean example that broken sites are made from.
pub(crate) const CLEAN: &str = "examples/ipvpn-separate-yamaha";

/// The same site with routers of another vendor.
pub(crate) const CLEAN_LINUX: &str = "examples/ipvpn-separate-linux";

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the crate stands two folders below the root")
}

/// The binary in the folder of the workspace, with no locale set.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
    command.current_dir(root());
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// Runs `command` to its end.
pub(crate) fn finish(command: &mut Command) -> Ran {
    let output = command.output().expect("the binary was built with this test");
    let text = |bytes| String::from_utf8(bytes).expect("all output is UTF-8");
    let ran = Ran {
        code: output.status.code().expect("the command is not killed"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    ran
}

/// Runs the binary with `arguments`.
pub(crate) fn sekisho(arguments: &[&str]) -> Ran {
    finish(command().args(arguments))
}

/// A new empty folder for the test `name`.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder is this test's own");
    }
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// A copy of the clean example for the test `name`, to be broken. Its site file has one space
/// before each `=`, so that a line can be named as it is spoken.
pub(crate) fn copy(name: &str) -> PathBuf {
    let to = folder(name);
    for file in ["site.toml", "router-a.conf", "router-b.conf", "evidence.json"] {
        let from = root().join(CLEAN).join(file);
        let text = fs::read_to_string(from).expect("the clean example has this file");
        let text = if file == "site.toml" { without_columns(&text) } else { text };
        fs::write(to.join(file), text).expect("the target folder can be written");
    }
    to
}

fn without_columns(site: &str) -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((key, value)) if !key.contains(['#', '{']) => format!("{} = {value}", key.trim_end()),
        _ => line.to_owned(),
    };
    site.split_inclusive('\n').map(line).collect()
}

/// Replaces the only `old` of a file by `new`; the number of its line, from 1.
pub(crate) fn replace(file: &Path, old: &str, new: &str) -> u64 {
    let text = fs::read_to_string(file).expect("the file was just copied");
    assert_eq!(text.matches(old).count(), 1, "`{old}` stands once in {}", file.display());
    let before = text.split(old).next().unwrap_or_default();
    let line = before.matches('\n').count() as u64 + 1;
    fs::write(file, text.replace(old, new)).expect("the folder is this test's own");
    line
}

/// The report of a check as data.
pub(crate) struct Checked {
    pub(crate) code: i32,
    pub(crate) report: Value,
}

/// Checks the site at `path`.
pub(crate) fn check(path: &Path) -> Checked {
    let path = path.to_str().expect("test folders have plain names");
    let ran = sekisho(&["check", path, "--format", "json", "--on", "2026-11-23"]);
    let report = serde_json::from_str(&ran.stdout);
    let report = report.unwrap_or_else(|error| panic!("{path}: {error}: {}", ran.stderr));
    Checked { code: ran.code, report }
}

impl Checked {
    fn list(&self, key: &str) -> &[Value] {
        self.report[key].as_array().map_or(&[], Vec::as_slice)
    }

    /// Code and place of everything that is said, with the file as a plain path.
    pub(crate) fn said(&self) -> Vec<(String, String)> {
        let all = self.list("findings").iter().chain(self.list("diagnostics"));
        all.map(|one| {
            let at = &one["primary"]["at"];
            let file = plain(Path::new(at["file"].as_str().unwrap_or_default()));
            let line = at["line"].as_u64().unwrap_or_default();
            let code = one["code"].as_str().unwrap_or_default();
            (code.to_owned(), format!("{}:{line}", file.display()))
        })
        .collect()
    }

    /// Codes of the requirements that came out as `verdict`.
    pub(crate) fn requirements(&self, verdict: &str) -> Vec<&str> {
        let all = self.list("requirements").iter();
        let found = all.filter(|one| one["verdict"] == verdict);
        found.filter_map(|one| one["code"].as_str()).collect()
    }
}

/// `path` without the steps back in it.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for step in path.components() {
        match step {
            Component::ParentDir => {
                plain.pop();
            }
            step => plain.push(step),
        }
    }
    plain
}
