//! `xfrm-lab`: the oracle against a kernel's IPsec while the tunnel is up, which needs a kernel
//! that holds ESP associations. The comparison itself is a test of `crates/testkit`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use super::image::Image;
use super::{at, folder, machine, packages};
use crate::problem::Problem;
use crate::process;

const PROGRAMS: [(&str, &str); 7] = [
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("busybox", "busybox-static"),
    ("cpio", "cpio"),
    ("ip", "iproute2"),
    ("bash", "bash"),
    ("apt-get", "apt"),
    ("gzip", "gzip"),
];
const MODULES: [&str; 10] = [
    "net/ipv4",
    "net/xfrm",
    "net/core",
    "crypto",
    "lib",
    "drivers/net/veth.ko",
    "drivers/net/virtio_net.ko",
    "drivers/net/net_failover.ko",
    "drivers/virtio",
    "drivers/char/hw_random",
];
const PATIENCE: Duration = Duration::from_secs(1_800);

/// Runs the lab.
///
/// # Errors
/// When something is missing, or the words are not understood.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode, Problem> {
    if !words.is_empty() {
        return Err(Problem::usage(&format!("xfrm-lab {}", words.join(" "))));
    }
    packages::require(&PROGRAMS)?;
    let begin = Instant::now();
    let home = folder(root, "xfrm")?;
    let tests = super::built(root, "sekisho-testkit", "testkit")?;
    let kernel = packages::kernel(&folder(root, "kernel")?)?;
    let image = Image::new(home.join("image"))?;
    let load = ["virtio_pci", "virtio_net", "veth", "xfrm_user", "esp4", "crypto_null"];
    image.modules(&kernel, &MODULES, &load)?;
    for program in ["ip", "bash"] {
        let path = process::text(Command::new("sh").args(["-c", "command -v \"$0\"", program]))?;
        let path = at(&home, PathBuf::from(path.trim()).canonicalize())?;
        image.program(&path, &format!("bin/{program}"))?;
    }
    image.program(&tests, "bin/tests")?;
    // Where `ip` looks up the names of protocols.
    image.write("etc/protocols", "udp 17 UDP\nesp 50 ESP\n")?;
    image.write("lab/script", include_str!("../../lab/xfrm.sh"))?;
    image.write("lab/environment", "SEKISHO_TESTS_REQUIRE=xfrm,esp\nSEKISHO_XFRM_LAB=1\n")?;
    let packed = home.join("image.gz");
    image.pack(&packed)?;
    let said = machine::run(&kernel.image(), &packed, PATIENCE, |_| Err("nothing".to_owned()))?;
    said.tell("xfrm-lab", begin.elapsed().as_secs());
    Ok(if said.is_right() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
