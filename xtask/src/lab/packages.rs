//! What the labs need from Debian: programs that have to be installed, and the kernel, which is
//! downloaded and unpacked and never installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::at;
use crate::problem::Problem;
use crate::process;

/// The package that depends on Debian's newest small kernel.
const KERNEL: &str = "linux-image-cloud-amd64";

/// An unpacked kernel.
pub(super) struct Kernel {
    /// The folder that the package was unpacked into.
    pub(super) folder: PathBuf,
    /// What it calls itself.
    pub(super) release: String,
}

impl Kernel {
    /// The file that is booted.
    pub(super) fn image(&self) -> PathBuf {
        self.folder.join("boot").join(format!("vmlinuz-{}", self.release))
    }

    /// Its modules.
    pub(super) fn modules(&self) -> PathBuf {
        self.folder.join("lib/modules").join(&self.release)
    }
}

/// Says which programs are missing, with the packages that hold them.
pub(super) fn require(programs: &[(&str, &str)]) -> Result<(), Problem> {
    let missing: Vec<&str> = programs
        .iter()
        .filter(|(program, _)| !is_there(program))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = format!("programs are missing of the packages {}", missing.join(", "));
    let help = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    Err(Problem::new("lab", 1, what, help))
}

/// True if a program stands in one of the folders of programs.
fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let sbin = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(sbin).any(|folder| folder.join(program).is_file())
}

/// Downloads the kernel that the package lists name, unless it is here already.
pub(super) fn kernel(cache: &Path) -> Result<Kernel, Problem> {
    let said = process::text(Command::new("apt-cache").args(["depends", KERNEL]))?;
    let package = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: linux-image-"))
        .next()
        .ok_or_else(|| {
            let help = "apt-get update, on Debian for amd64";
            Problem::new("lab", 1, format!("apt-cache knows no {KERNEL}"), help)
        })?;
    let release = package.trim().to_owned();
    let kernel = Kernel { folder: cache.join(&release), release };
    if !kernel.image().is_file() {
        let name = format!("linux-image-{}", kernel.release);
        process::done(Command::new("apt-get").args(["download", &name]).current_dir(cache))?;
        let start = format!("{name}_");
        for entry in at(cache, std::fs::read_dir(cache))?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&start) {
                let mut unpack = Command::new("dpkg-deb");
                unpack.arg("--extract").arg(entry.path()).arg(&kernel.folder);
                process::done(&mut unpack)?;
            }
        }
    }
    Ok(kernel)
}
