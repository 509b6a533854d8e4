//! The clocks of the machine.

use crate::moment;
use crate::retention::Reading;

/// Reads both clocks.
#[cfg(target_os = "linux")]
#[must_use]
pub fn reading() -> Reading {
    let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let counter = i128::from(since.tv_sec) * 1_000_000_000 + i128::from(since.tv_nsec);
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    Reading { wall: moment::now(), counter, boot: boot.trim().to_owned() }
}

/// Reads both clocks. Windows does not say which start of the machine its counter counts from;
/// a counter that is smaller than before tells that there was another one.
#[cfg(windows)]
#[must_use]
pub fn reading() -> Reading {
    Reading { wall: moment::now(), counter: crate::windows::counter(), boot: String::new() }
}
