//! Tools of tests: random networks and packets, and their reduction to the smallest that still
//! shows a disagreement between two judges.
//!
//! It is never part of the product.

#[cfg(target_os = "linux")]
pub mod kernel;
pub mod random;
pub mod shrink;
