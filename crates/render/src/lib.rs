//! Reports as terminal text and JSON, and sites as drawings. Layout, colour and width live here
//! and in `display`, and nowhere else.

mod answer;
mod codes;
pub mod draw;
mod due;
mod hop;
mod json;
mod summary;
mod table;
mod text;

pub use answer::{answer, reachable};
pub use codes::{code_list, explained};
pub use display::{Style, diagnostics};
pub use due::{due, due_json, refusal_json, todo, todo_json};
pub use json::{answer_json, json, reachable_json};
pub use text::report;
