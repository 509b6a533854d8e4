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
    /// The port `from` becomes `to`, `from + 1` becomes `to + 1` and so on.
    Shift {
        /// First port before.
        from: u16,
        /// First port after.
        to: u16,
    },
}
