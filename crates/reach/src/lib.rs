//! All packets at once: which packets that a node sends arrive where, with the decisions on
//! the way, as `docs/PACKET-WALK.md` defines it.
//!
//! Sets are boxes that are split at every decision, so that each [`Leaf`] is a box of packets
//! with one way and one end. Nothing is approximated; when a limit is reached the exploration
//! says that it is not complete. It shares no code with `oracle` but the model.

mod answer;
mod compile;
mod difference;
mod explore;
mod flags;
mod flight;
mod frame;
mod layer2;
mod list;
mod node;
mod region;
mod route;
mod security;
mod translate;
mod witness;

pub use answer::may_be_forged;
pub use compile::Atlas;
pub use difference::{Difference, difference};
pub use explore::{Exploration, Leaf, Limits, Mode, Start, Way, explore};
pub use flags::{exactly, field_of_flags, flags_of_field};
pub use flight::{Announced, universe};
pub use frame::Hearer;
pub use witness::{Prepared, Taste, overlap, packet_of, pick_packet, point_of, without};
