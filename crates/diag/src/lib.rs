//! What every stage needs to speak about the user's input: source files and byte spans,
//! text in two languages, and diagnostics that carry facts.
//!
//! It holds no layout, no colour and no width: turning a [`Diagnostic`] into a picture or a
//! line of terminal text is the work of `render`.

mod diagnostic;
mod os_error;
mod source;
mod text;
mod visible;

pub use diagnostic::{CodeInfo, Diagnostic, Edit, Label, Severity};
pub use os_error::{os_error, refused};
pub use source::{Location, Source, SourceId, Sources, Span};
pub use text::{Lang, Localize, Localized, Text};
pub use visible::{has_hidden, has_hidden_in_lines, is_hidden, visible, visible_lines};
