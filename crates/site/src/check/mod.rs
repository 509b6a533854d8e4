//! What the file says as a whole: references between entries and the shape of the network.

mod address;
mod machine;
mod reference;
mod topology;

use diag::Diagnostic;

use crate::Site;
use crate::names::Names;

/// How much of the file could be decoded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Decoded {
    /// Not all of it is TOML: a name may have been declared where nothing could be read.
    Broken,
    /// Some values are missing: nothing may be concluded from the absence of one.
    Partly,
    /// All of it.
    Fully,
}

/// Says where the destinations together have more addresses than any particular ones could have.
#[must_use]
pub fn wide_destinations(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    topology::wide_destinations(site, &mut found);
    found
}

/// Adds what is wrong with the site as a whole.
pub(crate) fn check(site: &Site, names: &Names, decoded: Decoded, found: &mut Vec<Diagnostic>) {
    reference::shared_names(site, found);
    if decoded > Decoded::Broken {
        reference::references(site, names, found);
    }
    if decoded == Decoded::Fully {
        machine::check(site, found);
    }
    topology::check(site, names, decoded, found);
}
