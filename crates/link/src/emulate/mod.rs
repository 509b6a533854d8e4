//! A terminal to learn and to test with: it takes requests from `req` and answers them in
//! `res`, rightly or wrongly as a scenario says, and pushes card reader results into `face`.
//!
//! Every person in it is invented, and it answers no institution whose code does not begin with
//! 99. What happens to a request depends on the seed and the request alone, not on when it
//! comes. It is not certified for anything.

mod answer;
mod dice;
mod pdf;
mod people;
mod plan;
mod play;
mod scenario;
mod stage;

pub use play::{Emulator, Pace, Summary};
pub use scenario::{Mistake, Play, Scenario, Write};
