//! What the tests need of the machine: Debian packages, and capabilities of the kernel.

use std::path::Path;
use std::process::Command;

use super::count::Tally;
use crate::process;

/// A Debian package that tests use.
struct Package {
    name: &'static str,
    /// A program of it, or a file with its whole path.
    program: &'static str,
    reason: &'static str,
}

/// Everything the tests use beyond the Rust toolchain.
const PACKAGES: [Package; 5] = [
    Package {
        name: "nftables",
        program: "nft",
        reason: "the kernel judges the flow corpus and every emitted host firewall",
    },
    Package {
        name: "iproute2",
        program: "ip",
        reason: "network namespaces, addresses and routes of the laboratory",
    },
    Package {
        name: "samba",
        program: "smbd",
        reason: "the file exchange through a real SMB server on 127.0.0.1",
    },
    Package { name: "smbclient", program: "smbclient", reason: "the other side of that server" },
    Package {
        name: "fonts-ipafont-gothic",
        program: JAPANESE_FONT,
        reason: "letters of drawings as PNG, and the room that they take",
    },
];

/// A font with Japanese letters.
const JAPANESE_FONT: &str = "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf";

/// A command for each capability that succeeds where it is present.
const PROBES: [(&str, &[&str]); 3] = [
    ("nft", &["nft", "list", "ruleset"]),
    ("netns", &["ip", "link", "set", "lo", "up"]),
    ("samba", &["smbd", "--version"]),
];

/// Folders beside `PATH` where Debian puts programs of the administrator.
const SYSTEM_FOLDERS: [&str; 2] = ["/usr/sbin", "/sbin"];

/// Says which packages the tests need, and installs the missing ones where it may.
pub(super) fn prepare(tally: &mut Tally) {
    println!("== packages");
    let mut missing = Vec::new();
    for package in &PACKAGES {
        let is_present = has_program(package.program);
        let state = if is_present { "present" } else { "missing" };
        println!("{} ({state}): {}", package.name, package.reason);
        if !is_present {
            missing.push(package);
        }
    }
    if missing.is_empty() {
        return;
    }
    if !is_root() || !has_program("apt-get") {
        for package in missing {
            let reason = "not installed, and only root can install it with apt-get";
            tally.skip(package.name, reason);
        }
        return;
    }
    apt_get(&["update"]);
    for package in missing {
        let is_installed = apt_get(&["install", "-y", "--no-install-recommends", package.name]);
        if !is_installed || !has_program(package.program) {
            tally.skip(package.name, "apt-get could not install it");
        }
    }
}

/// What this machine lets a test do; what it does not is counted as skipped.
///
/// # Shape
/// `nft`: packet filters inside a network namespace; `netns`: such a namespace of one's own;
/// `samba`: an SMB server.
/// `japanese-font`: a font for drawings.
pub(super) fn capabilities(tally: &mut Tally) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (name, probe) in PROBES {
        if process::is_successful(Command::new("unshare").arg("--net").args(probe)) {
            found.push(name);
        } else {
            let reason = format!("`unshare --net {}` does not succeed here", probe.join(" "));
            tally.skip(name, &reason);
        }
    }
    if has_program(JAPANESE_FONT) {
        found.push("japanese-font");
    } else {
        tally.skip("japanese-font", &format!("there is no {JAPANESE_FONT}"));
    }
    found
}

fn apt_get(words: &[&str]) -> bool {
    println!("apt-get {}", words.join(" "));
    let mut command = Command::new("apt-get");
    command.arg("-q").args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command.status().is_ok_and(|status| status.success())
}

fn has_program(name: &str) -> bool {
    if Path::new(name).is_absolute() {
        return Path::new(name).is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path);
    folders
        .chain(SYSTEM_FOLDERS.iter().map(|folder| Path::new(folder).to_path_buf()))
        .any(|folder| folder.join(name).is_file())
}

/// True if the effective user is root.
fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let users = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    users.is_some_and(|users| users.split_whitespace().nth(1) == Some("0"))
}
