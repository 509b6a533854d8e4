//! Device configurations: text to the vendor's own words (`parse`), and from there to the
//! vendor-neutral model (`lower`). One folder per vendor; this file holds what they share.
//!
//! Parsing and lowering never fail and never panic: they return a value and diagnostics, and
//! every line is modelled, irrelevant, or reported as not modelled.

mod codes;
mod decode;
mod registry;

use std::net::IpAddr;

use diag::{Diagnostic, SourceId, Span, Text, text};
use model::{Aspects, Assumption, Net, Node, Origin, Reading, Readings};

pub use codes::CODES;
pub use decode::{BYTE_ORDER_MARK, Decoded, MAX_CONFIG_BYTES, decode, is_utf16};

/// How conditions count that a vendor cannot read exactly (rates, hardware addresses, marks): as
/// they let most pass, or, at worst, as they keep out all that they may keep out. No site answers
/// it; what holds both ways does not depend on them. Where the lines that say so make gaps with
/// nothing but [`model::Effect::Deny`], they make none at worst.
pub static AT_WORST: Assumption = Assumption {
    id: "at-worst",
    question: || {
        text!(
            ja: "正確には読めない条件の読み方",
            en: "how conditions count that cannot be read exactly",
        )
    },
    readings: &[
        Reading {
            keyword: "passed",
            meaning: || text!(ja: "通す側に読む", en: "on the side of letting pass"),
        },
        Reading {
            keyword: LOST,
            meaning: || text!(ja: "止める側に読む", en: "on the side of keeping out"),
        },
    ],
    has_default: true,
    aspects: Aspects::of(&[]),
};

/// The other reading of [`AT_WORST`].
pub const LOST: &str = "lost";

/// A router vendor, or an operating system that acts as a router.
pub struct Vendor {
    /// The word for it in the site file, such as `yamaha-rtx`.
    pub name: &'static str,
    /// Its name for people.
    pub title: fn() -> Text,
    /// How likely a text is of this vendor.
    ///
    /// # Units
    /// 0 (surely not) to 100 (surely).
    pub detect: fn(&str) -> u8,
    /// Reads the configuration of one device.
    pub parse: fn(&Input<'_>) -> Box<dyn Config>,
    /// The command that sets a static route to these destinations by this next hop.
    pub route: fn(Net, IpAddr) -> String,
    /// Where a text holds passwords and keys, which no output may show.
    pub secrets: fn(SourceId, &str) -> Vec<Span>,
    /// The open points that the meaning of its configurations may rest on.
    pub assumptions: &'static [&'static Assumption],
    /// Assumptions, diagnostics and their codes.
    pub codes: &'static [&'static [diag::CodeInfo]],
}

/// A decoded configuration file.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its id among the sources of the run.
    pub source: SourceId,
    /// Its name as the user knows it; the ending tells the kind where a vendor has several.
    pub name: &'a str,
    /// Its text, which may begin with a [byte order mark](BYTE_ORDER_MARK).
    pub text: &'a str,
}

/// Everything known about one device before its configuration is read.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// Its name in the site file.
    pub name: &'a str,
    /// Where the site file declares it.
    pub origin: Origin,
    /// Model that the site file states.
    pub model: Option<&'a str>,
    /// Its files in the order in which the site file lists them.
    pub files: &'a [File<'a>],
}

/// A configuration in the vendor's own words.
pub trait Config {
    /// Its meaning in the model under the given readings of the open points.
    fn lower(&self, readings: &Readings) -> Lowered;
}

/// A device in the model.
#[derive(Debug)]
pub struct Lowered {
    /// The device; its interfaces do not stand on segments yet.
    pub node: Node,
    /// What there is to say about the text, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// All vendors, by name.
#[must_use]
pub fn vendors() -> &'static [&'static Vendor] {
    registry::VENDORS
}

/// The vendor that the site file calls `name`.
#[must_use]
pub fn vendor(name: &str) -> Option<&'static Vendor> {
    vendors().iter().copied().find(|vendor| vendor.name == name)
}

/// The vendor that `text` most likely comes from; `None` if it looks like none of them.
#[must_use]
pub fn detect(text: &str) -> Option<&'static Vendor> {
    vendors()
        .iter()
        .map(|vendor| ((vendor.detect)(text), *vendor))
        .filter(|(likelihood, _)| *likelihood > 0)
        .max_by_key(|(likelihood, _)| *likelihood)
        .map(|(_, vendor)| vendor)
}
