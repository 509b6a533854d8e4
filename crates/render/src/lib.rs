//! Reports as terminal text and JSON. Layout, colour and width live here and in `display`, and
//! nowhere else.

mod answer;
mod codes;
mod hop;
mod json;
mod summary;
mod table;
mod text;

pub use answer::{answer, reachable};
pub use codes::{code_list, explained};
pub use display::{Style, diagnostics};
pub use json::{answer_json, json};
pub use text::report;
