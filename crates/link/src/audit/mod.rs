//! The audit log: what was decided about every file and what came of it. It only grows, each
//! record holds the hash of the one before it, and no record names a person.
//!
//! # Shape
//! JSON lines in UTF-8, in files `audit-YYYY.jsonl`. A record is one object: `n` (from 1, one
//! more each time), `t` (UTC), `act`, the facts of that act, `prev` (the hash of the record
//! before it, zeros for the first) and `hash`: the SHA-256 of the line up to `,"hash"`. The
//! chain goes on from the file of one year to that of the next. A log that was begun anew begins
//! with a record `break`, whose `prev` is the hash of the last record that was known before.

mod anchor;
mod inspect;
mod log;
mod record;
mod verify;

pub use inspect::inspect;
pub use log::{Log, LogError};
pub use record::{Chain, Entry, NO_HASH, Record};
pub use verify::{Fault, FaultKind, Verified, each, verify};
