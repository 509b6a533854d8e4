//! The vendor `yamaha-rtx`: cases as data, invariants on arbitrary input.

mod cases;
mod constructs;
mod examples;
mod property;
mod rendering;
pub(crate) mod security;

use device::{File, Input, Lowered};
use diag::Sources;
use model::{Origin, Readings};

/// A configuration read and lowered.
pub(crate) struct Device {
    pub(crate) sources: Sources,
    pub(crate) lowered: Lowered,
}

/// Reads `text` as the configuration of one router.
pub(crate) fn device(text: &str, readings: &Readings) -> Device {
    let mut sources = Sources::new();
    let source = sources.add("router", text);
    let vendor = device::vendor("yamaha-rtx").expect("the vendor is registered");
    let files = [File { source, name: "router", text }];
    let input = Input {
        name: "router",
        origin: Origin::Default(diag::Text::verbatim("test")),
        model: None,
        files: &files,
    };
    let lowered = (vendor.parse)(&input).lower(readings);
    Device { sources, lowered }
}
