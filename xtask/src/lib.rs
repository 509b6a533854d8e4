//! Development tasks of sekisho, as functions: `main.rs` only reads the arguments.
//!
//! Nothing of this is part of the product, and no other crate imports it.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to the developer's terminal; there is no other output"
)]

pub mod bench;
pub mod fuzz;
pub mod generate;
pub mod help;
pub mod lab;
pub mod layers;
pub mod new;
pub mod problem;
pub mod process;
pub mod release;
pub mod soak;
pub mod test;
pub mod tidy;
pub mod tree;
pub mod windows;

mod ambient;
mod manifest;
mod matrix;
mod rule_index;
mod source;
