//! The words of {{name}}, with their places in the text. No meaning: that is `lower`.

use diag::Span;
use model::Origin;

/// The configuration of one device.
#[derive(Debug)]
pub(super) struct Configuration {
    /// Its name in the site file.
    pub(super) name: String,
    /// Where the site file declares it.
    pub(super) origin: Origin,
    /// Lines that are not modelled: all that are not empty, for nothing is modelled yet.
    pub(super) not_modelled: Vec<Span>,
}
