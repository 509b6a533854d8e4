//! How long what may stay in the hand-over folders, and the decision about one file. Everything
//! here is a function of its arguments: no file, no clock.

mod age;
mod code;
mod decide;
mod policy;
mod policy_file;

pub(crate) use age::JUMP_MAX;
pub use age::{Anchor, Clock, Distrust, Reading, judge};
pub use code::RETENTION_CODES;
pub use decide::{Acknowledgement, Class, Decision, Facts, Part, Reason, class, decide};
pub use policy::{Policy, Rule};
pub use policy_file::{PolicyFile, parse};

/// Nanoseconds of a second.
pub const SECOND: i128 = 1_000_000_000;
