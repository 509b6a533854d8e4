//! The judges against each other.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail")]
#![allow(clippy::print_stdout, reason = "tests say what they compared, or why not")]

mod answers;
#[cfg(target_os = "linux")]
mod cases;
mod differential;
mod forged;
mod fuzz;
#[cfg(target_os = "linux")]
mod kernel;
mod parts;
mod tools;
mod work;
#[cfg(target_os = "linux")]
mod xfrm;
