//! The Linux kernel as a judge: a router in a network namespace of its own that is asked what
//! it does with packets.
//!
//! Nothing here enters a namespace: [`command`] starts a process in a new one, which vanishes
//! with it.

pub mod judge;
pub mod ruleset;
mod wire;

use std::process::Command;

pub use wire::{Tag, frame, parse};

/// Where the two legs of the router stand: their interface names.
pub const LEGS: [&str; 2] = ["lan0", "lan1"];

/// Why the kernel cannot be asked here; `None` if it can.
#[must_use]
pub fn obstacle() -> Option<String> {
    for tool in ["unshare", "ip", "nft", "taskset"] {
        if Command::new(tool).arg("--version").output().is_err()
            && Command::new(tool).arg("-V").output().is_err()
        {
            return Some(format!("`{tool}` is not installed"));
        }
    }
    let mut probe = Command::new("unshare");
    probe.args([namespace_option(), "nft", "add", "table", "inet", "probe"]);
    match probe.output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

/// A command that runs `program` in a new network namespace, on one processor, so that frames
/// keep their order.
#[must_use]
pub fn command(program: &std::path::Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &processor(), "unshare", namespace_option()]).arg(program);
    command
}

/// The first processor that this process may use.
fn processor() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first = list.unwrap_or("0").trim().split([',', '-']).next().unwrap_or("0");
    first.to_owned()
}

/// A new network namespace; without root a user namespace with it.
fn namespace_option() -> &'static str {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let is_root = status.lines().any(|line| line.starts_with("Uid:\t0\t"));
    if is_root { "-n" } else { "-rn" }
}
