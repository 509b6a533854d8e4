//! What is due when: how long an operating system is supported, how long a certificate holds and
//! when it can be renewed, and how near a last day is. Days in, answers out; no clock.

mod certificate;
mod deadline;
mod evidence;
mod support;

pub use certificate::{Flaw, flaw};
pub use deadline::{Deadline, LOOKED_UP_DAYS, Matter, Standing, sort, standing};
pub use evidence::{
    AppliedPolicy, Deleted, Evidence, EvidenceFault, INVARIANTS, Invariant, Log, Moment, Part,
    Pass, Passes,
};
pub use support::{Lack, Support, support};
