//! The file exchange between claims computer (レセプトコンピュータ) and eligibility terminal
//! (資格確認端末): names, folders, the journal, and the commands of `sekisho link`.
//!
//! It opens no network listener and starts no process. What people are called and which codes
//! they have goes to standard output only, never into a log, an error or the journal.

pub mod acknowledge;
pub mod archive;
pub mod arguments;
pub mod audit;
pub mod catalogue;
pub mod client;
mod code;
pub mod command;
pub mod doctor;
pub mod document;
pub mod emulate;
pub mod encoding;
pub mod evidence;
pub mod folder;
mod heap;
pub mod journal;
pub mod language;
mod lock;
pub mod message;
pub mod moment;
pub mod name;
mod pdf;
pub mod pseudonym;
pub mod quarantine;
mod question;
pub mod retention;
pub mod state;
pub mod sweep;
pub mod user_file;
#[cfg(windows)]
mod windows;

pub use code::CODES;
