//! The command as its users run it: the real binary, its output and its exit codes.
//!
//! What a rule says of which network is tested with the rule; here only that it arrives.

#[path = "cli/broken.rs"]
mod broken;
#[path = "cli/command.rs"]
mod command;
#[cfg(target_os = "linux")]
#[path = "cli/conversation.rs"]
mod conversation;
#[path = "cli/draw.rs"]
mod draw;
#[path = "cli/due.rs"]
mod due;
#[path = "cli/golden.rs"]
mod golden;
#[path = "cli/hidden.rs"]
mod hidden;
#[path = "cli/input.rs"]
mod input;
#[path = "cli/json.rs"]
mod json;
#[path = "cli/language.rs"]
mod language;
#[path = "cli/missing.rs"]
mod missing;
#[path = "cli/mistake.rs"]
mod mistake;
#[path = "cli/new.rs"]
mod new;
#[cfg(target_os = "linux")]
#[path = "cli/output.rs"]
mod output;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/width.rs"]
mod width;
