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
pub use finding::{age, findings};
pub use memory::heads;
pub use pass::{Confirmation, Limits, SweepError, Sweeper};
pub use report::{Cap, Line, Mode, Outcome, Recovered, Recovery, Report, Totals};
