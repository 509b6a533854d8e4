//! What the codes of this vendor stand for.

mod reference;
mod text;

use diag::CodeInfo;

/// P120–P199 for the text, R120–R149 for references in it.
pub(crate) static CODES: &[&[CodeInfo]] = &[text::CODES, reference::CODES];
