//! Where a fact of the model comes from.

use diag::{Span, Text};

/// Why an entry of the model is there.
///
/// Every entry has one, so that a verdict can always name the line that decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A line of a device configuration or of the site file.
    Written(Span),
    /// A vendor's default that holds because nothing was written.
    Default(Text),
    /// A default that a written line brings about, such as the discard at the end of a list.
    Implied(Span, Text),
}

impl Origin {
    /// The place in the input, if there is one.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Written(span) | Self::Implied(span, _) => Some(*span),
            Self::Default(_) => None,
        }
    }

    /// What is to be said beside the place.
    #[must_use]
    pub fn remark(&self) -> Option<&Text> {
        match self {
            Self::Written(_) => None,
            Self::Default(text) | Self::Implied(_, text) => Some(text),
        }
    }
}
