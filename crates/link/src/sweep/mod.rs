//! The retention sweeper: deletes from the hand-over folders what is finished, and nothing
//! else.
//!
//! A pass looks at every name (`survey`), decides (`retention`, a function of facts), opens and
//! reads what is due (`erase::examine`), writes what it is about to do into the audit log,
//! moves the file aside, looks again, and deletes it (`erase::erase`). Whatever happens in
//! between, what was not decided about goes back under its name, or stays aside and is
//! reported. The next pass tidies up what a crash left (`recover`).

mod aside;
pub mod clock;
mod draft;
mod erase;
mod execute;
mod finding;
#[cfg(target_os = "linux")]
mod holders;
#[cfg(target_os = "linux")]
mod lease;
mod memory;
mod pass;
mod recover;
mod report;
mod survey;
mod tell;

pub use erase::Obstacle;
pub(crate) use erase::is_open;
pub use finding::{age, findings};
#[cfg(target_os = "linux")]
pub(crate) use lease::does_server_tell;
pub use pass::{Confirmation, Limits, SweepError, Sweeper};
pub use report::{Cap, Line, Mode, Outcome, Recovered, Recovery, Report, Totals};

use std::io;

use crate::audit::{self, Record, Verified};
use crate::state::State;

/// Reads the whole audit log of a state, hands out every record that fits, and says what is wrong
/// with it: by itself, by its anchor, or by what the passes remember.
///
/// # Errors
/// When it cannot be read; what does not fit is part of the result.
pub fn inspect(state: &State, hand_out: impl FnMut(&Record)) -> io::Result<Verified> {
    audit::inspect(state, &memory::heads(&state.folder)?, hand_out)
}
