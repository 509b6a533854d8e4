//! Tests of the file exchange. Those that decide an acceptance criterion begin with its number.

#![allow(clippy::print_stdout, reason = "a test that is skipped, or runs in full size, says so")]

mod again;
mod attack;
mod budget;
#[cfg(target_os = "linux")]
mod cost;
mod crash;
mod delivery;
mod deterministic;
mod encoding;
mod exchange;
mod face;
mod folder;
mod fuzz;
mod hidden;
mod journal;
mod large;
mod name;
#[cfg(target_os = "linux")]
mod obstacle;
mod place;
mod question;
#[cfg(target_os = "linux")]
mod refusal;
#[cfg(target_os = "linux")]
mod samba;
#[cfg(target_os = "linux")]
mod samba_open;
#[cfg(target_os = "linux")]
mod samba_settings;
mod secrecy;
mod sweep;
mod terminal;
mod value;
mod verification;
#[cfg(windows)]
mod windows;
