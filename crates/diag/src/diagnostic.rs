//! What sekisho has to say about an input: the facts, not their layout.

use crate::{Span, Text};

/// How much a diagnostic weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Information.
    Note,
    /// Discouraged, due soon, or unknown.
    Warning,
    /// A required clause is refuted, or the input cannot be used.
    Error,
}

/// A place in the input and what is to be said about it there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it; may be empty.
    pub text: Text,
}

/// A replacement of one span that would mend the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What to replace.
    pub span: Span,
    /// The new text.
    pub replacement: String,
}

/// One statement about the input.
///
/// # Shape
/// The headline can be understood alone after `file:line: code`. Notes say why, with the
/// clause; helps say what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Letter and three digits, never reused.
    pub code: &'static str,
    /// Weight.
    pub severity: Severity,
    /// What is the matter.
    pub headline: Text,
    /// The place it is about; `None` when the statement is about the run as a whole.
    pub primary: Option<Label>,
    /// Further places that take part, in reading order.
    pub secondary: Vec<Label>,
    /// Why.
    pub notes: Vec<Text>,
    /// What to do.
    pub helps: Vec<Text>,
    /// Edits that do it.
    pub edits: Vec<Edit>,
}

impl Diagnostic {
    /// A diagnostic without a place.
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, headline: Text) -> Self {
        Self {
            code,
            severity,
            headline,
            primary: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// An error.
    #[must_use]
    pub fn error(code: &'static str, headline: Text) -> Self {
        Self::new(code, Severity::Error, headline)
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: &'static str, headline: Text) -> Self {
        Self::new(code, Severity::Warning, headline)
    }

    /// A note.
    #[must_use]
    pub fn note(code: &'static str, headline: Text) -> Self {
        Self::new(code, Severity::Note, headline)
    }

    /// The same diagnostic at `span`.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.primary = Some(Label { span, text: Text::default() });
        self
    }

    /// The same diagnostic at `span`, with words under the underline.
    #[must_use]
    pub fn at_saying(mut self, span: Span, text: Text) -> Self {
        self.primary = Some(Label { span, text });
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn also(mut self, span: Span, text: Text) -> Self {
        self.secondary.push(Label { span, text });
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn because(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// Adds an advice.
    #[must_use]
    pub fn advise(mut self, help: Text) -> Self {
        self.helps.push(help);
        self
    }

    /// Adds an edit that mends the input.
    #[must_use]
    pub fn mend(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.edits.push(Edit { span, replacement: replacement.into() });
        self
    }
}

/// What a code stands for, told at length.
#[derive(Debug)]
pub struct CodeInfo {
    /// Letter and three digits, never reused.
    pub code: &'static str,
    /// Its name in kebab-case.
    pub name: &'static str,
    /// What it means, why it matters and what to do.
    pub explain: fn() -> Text,
}
