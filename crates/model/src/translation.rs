//! Network address translation.

use std::net::IpAddr;

use crate::{Match, Origin};

/// A translation of a node; an index into [`Node::translations`](crate::Node::translations).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TranslationIndex(pub u32);

/// A list of translations; the first matching rule decides.
///
/// A packet that belongs to a translated session is translated by that session before the
/// rules are looked at, in both directions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Translation {
    /// The name a person would use for it.
    pub name: String,
    /// The rules in the order in which they are tried.
    pub rules: Vec<TranslationRule>,
    /// What happens to a packet that no rule matches.
    pub unmatched: Unmatched,
    /// Where it comes from.
    pub origin: Origin,
}

/// What happens to packets that no rule translates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unmatched {
    /// They go on unchanged.
    Pass,
    /// They are discarded.
    Discard,
}

/// One rule of a translation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TranslationRule {
    /// The packets it is about: the union of these.
    pub matches: Vec<Match>,
    /// What it does with them.
    pub rewrite: Rewrite,
    /// The line it comes from.
    pub origin: Origin,
}

/// What a rule of a translation does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rewrite {
    /// The packet goes on unchanged and no further rule is tried.
    Keep,
    /// The packet is discarded.
    Discard,
    /// The source becomes this address.
    Source(IpAddr, PortRewrite),
    /// The destination becomes this address.
    Destination(IpAddr, PortRewrite),
}

/// What becomes of the port beside the rewritten address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PortRewrite {
    /// It stays.
    Keep,
    /// It may become any port: the translator chooses.
    Any,
    /// It may become any port of its [class](port_class): the translator chooses.
    Near,
    /// The port `from` becomes `to`, `from + 1` becomes `to + 1` and so on.
    Shift {
        /// First port before.
        from: u16,
        /// First port after.
        to: u16,
    },
}

/// The first and the last port of the class of `port`, out of which Linux chooses another where no
/// rule says which: below 512, up to 1023, and the rest.
///
/// # Source
/// Linux 6.1 `net/netfilter/nf_nat_core.c`, `nf_nat_l4proto_unique_tuple`.
#[must_use]
pub fn port_class(port: u16) -> (u16, u16) {
    PORT_CLASSES.into_iter().find(|(_, last)| port <= *last).unwrap_or(PORT_CLASSES[2])
}

/// The classes of [`port_class`].
pub const PORT_CLASSES: [(u16, u16); 3] = [(0, 511), (512, 1023), (1024, 65_535)];
