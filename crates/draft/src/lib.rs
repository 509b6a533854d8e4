//! The hearing sheet: a few questions, and from the answers a commented site file.
//!
//! Which question comes next depends on the answers so far; nothing that was not answered is
//! guessed. What stays open stands in the file as a comment with who knows it, and in
//! [`Draft::open`]. Showing questions and reading answers is the caller's work.

mod answer;
mod check;
mod conversation;
mod marks;
mod plan;
mod question;
mod write;

pub use answer::Answers;
pub use conversation::{QUESTIONS, next, relevant};
pub use marks::Marks;
pub use question::{Choice, Form, Question};
pub use write::{ConfigFile, Draft, Open, write};
