//! The virtual machine: qemu without any acceleration, so that it runs wherever qemu does, one
//! serial line for everything that is said, and a network that reaches only this machine.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::problem::Problem;

/// What was said in the machine.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Results, without their mark.
    pub(super) results: Vec<String>,
    /// Checks that were right.
    pub(super) right: usize,
    /// Checks that were wrong.
    pub(super) wrong: Vec<String>,
    /// True if the script came to its end.
    pub(super) is_whole: bool,
}

impl Said {
    /// True if the script came to its end and every check was right.
    pub(super) fn is_right(&self) -> bool {
        self.is_whole && self.wrong.is_empty() && self.right > 0
    }

    /// How many checks were right, and which were not.
    pub(super) fn checks(&self) -> String {
        if self.wrong.is_empty() {
            return format!("all {} checks right", self.right);
        }
        let all = self.right + self.wrong.len();
        let wrong: Vec<&str> =
            self.wrong.iter().map(|line| line.trim_start_matches("FAILED: ")).collect();
        format!("**{} of {all} checks right, not: {}**,", self.right, wrong.join("; "))
    }

    /// Prints what came of it.
    pub(super) fn tell(&self, lab: &str, seconds: u64) {
        for wrong in &self.wrong {
            println!("{wrong}");
        }
        let all = self.right + self.wrong.len();
        let end = if self.is_whole { "" } else { "; it did not come to its end" };
        println!("{lab}: {} of {all} checks right, {seconds} s{end}", self.right);
    }
}

/// Boots and listens until the machine ends; `act` does what the script asks for.
///
/// # Errors
/// When qemu cannot be started.
pub(super) fn run(
    kernel: &Path,
    image: &Path,
    patience: Duration,
    mut act: impl FnMut(&[&str]) -> Result<(), String>,
) -> Result<Said, Problem> {
    let program = "qemu-system-x86_64";
    let mut qemu = Command::new("timeout");
    qemu.arg(patience.as_secs().to_string()).arg(program);
    qemu.args(["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024"]);
    qemu.args(["-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot"]);
    qemu.args(["-netdev", "user,id=n", "-device", "virtio-net-pci,netdev=n,romfile="]);
    // The kernel tries its timer by counting interrupts, which come too late on a busy machine.
    let words = "console=ttyS0 panic=-1 loglevel=1 no_timer_check";
    qemu.args(["-device", "virtio-rng-pci", "-append", words]);
    qemu.arg("-kernel").arg(kernel).arg("-initrd").arg(image);
    let mut child = qemu
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Problem::program(program, &error))?;
    let begin = Instant::now();
    let mut said = Said::default();
    let mut input = child.stdin.take();
    let output = child.stdout.take().map(BufReader::new);
    for line in output.into_iter().flat_map(|output| output.split(b'\n')).map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        println!("{:7.1} {line}", begin.elapsed().as_secs_f32());
        if let Some(words) = line.strip_prefix("host: ") {
            let words: Vec<&str> = words.split(' ').collect();
            let answer = act(&words).map_or_else(|wrong| wrong, |()| "ok".to_owned());
            // A machine that ended meanwhile is noticed by its last line.
            let _ = input.as_mut().map(|input| writeln!(input, "{answer}"));
        } else if line == "lab: end" {
            said.is_whole = true;
        } else if let Some(result) = line.strip_prefix("lab: ") {
            said.results.push(result.to_owned());
        } else if line.starts_with("ok: ") {
            said.right += 1;
        } else if line.starts_with("FAILED: ") {
            said.wrong.push(line);
        }
    }
    let _ = child.wait();
    Ok(said)
}
