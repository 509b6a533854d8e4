//! The laws of the algebra, on small domains where every packet can be tried and on full
//! ones, with three opinions: box splitting, diagrams and reading the list packet by packet.

#[path = "laws/agreement.rs"]
mod agreement;
#[path = "laws/algebra.rs"]
mod algebra;
#[path = "laws/budget.rs"]
mod budget;
#[path = "laws/intervals.rs"]
mod intervals;
#[path = "laws/preference.rs"]
mod preference;
#[path = "laws/splitting.rs"]
mod splitting;
#[path = "laws/work.rs"]
mod work;
#[path = "laws/world.rs"]
mod world;
#[path = "laws/z3_oracle.rs"]
mod z3_oracle;
