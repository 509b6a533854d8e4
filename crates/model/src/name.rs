//! Whom a router asks for names.

use std::net::IpAddr;

use crate::Origin;

/// Whether a question that a [`NameRule`] is about goes to its servers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asking {
    /// It does.
    Always,
    /// It does for some who ask, or while a line is up; else later rules count.
    Perhaps,
    /// Nobody is asked: the router answers itself, or refuses the question.
    Nobody,
}

/// Which server is asked for which names (conditional DNS forwarding).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameRule {
    /// Query types, such as `a`, `aaaa`; `any` for all.
    pub types: Vec<String>,
    /// Suffix of the names; `.` for all.
    pub suffix: String,
    /// Servers; empty when they are learned.
    pub servers: Vec<IpAddr>,
    /// Whether queries that are longer than 512 bytes can be answered (EDNS).
    pub edns: bool,
    /// Whether such a question goes to the servers.
    pub asking: Asking,
    /// The line it comes from.
    pub origin: Origin,
}
