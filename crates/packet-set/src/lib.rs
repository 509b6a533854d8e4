//! Exact sets of packets: algebra, emptiness, equality, witnesses and deciding lines.
//!
//! A packet is a [`Point`]: one number per [`Field`]. A first-match list is a [`List`] of
//! [`Rule`]s, each a union of [`Pattern`]s. Two engines answer questions about lists, and each
//! is the other's test: box splitting ([`first_match`], [`Boxes`]) needs no preparation and
//! stops at the first answer; [`Diagrams`] hold whole sets in canonical form. Both work within
//! a [`Budget`] and say so when it is spent; neither ever guesses.
//!
//! It knows no network: what an interface or a verdict means belongs to the caller.

mod boxes;
mod budget;
pub mod classbench;
mod compare;
mod cube;
mod diagram;
mod field;
mod interval;
mod list;
mod pattern;
mod preference;
mod split;
mod walk;

pub use boxes::Boxes;
pub use budget::{Budget, BudgetExceeded};
pub use compare::{
    Comparison, Difference, Engine, difference_by_boxes, difference_by_diagrams, difference_witness,
};
pub use cube::{Cube, Point};
pub use diagram::{Diagram, Diagrams, Size, TERMINAL_MAX, Terminal};
pub use field::{FIELD_COUNT, Field};
pub use interval::{Interval, IntervalSet};
pub use list::{List, Outcome, Rule};
pub use pattern::Pattern;
pub use preference::{Preference, pick};
pub use split::{Decided, find, first_match, matched, split, unmatched};
