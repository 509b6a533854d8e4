//! What is said about interfaces.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use diag::Span;

use super::super::config::{AddressWord, AuthWord, EncapsulationWord, IfName, Target};
use super::Said;

/// What is said about one interface.
pub(crate) struct InterfaceSettings {
    /// The first command that names it.
    pub(crate) first: Span,
    pub(crate) addresses: Vec<Said<AddressWord>>,
    pub(crate) enabled: Option<Said<bool>>,
    pub(crate) carrier: Option<Said<IfName>>,
    pub(crate) ipcp: Option<Span>,
    /// `pp always-on on`: the line is brought up without a packet that asks for it.
    pub(crate) always_on: Option<Span>,
    /// What is said to the peer's questions who this is.
    pub(crate) auth: BTreeSet<AuthWord>,
    pub(crate) remote: Option<Said<Ipv4Addr>>,
    pub(crate) shutdown: Option<Span>,
    pub(crate) ipsec: Option<Said<u32>>,
    /// What takes its place while it is down.
    pub(crate) backup: Option<Said<Target>>,
    /// The first line by which it needs something of others to be up.
    pub(crate) needs: Option<Span>,
    pub(crate) encapsulation: Option<Said<EncapsulationWord>>,
    /// Whether a command that changes what it does names it, not only a `select`.
    pub(crate) is_used: bool,
}

impl InterfaceSettings {
    /// One that `first` names, and of which nothing is said.
    pub(super) fn new(first: Span) -> Self {
        Self {
            first,
            addresses: Vec::new(),
            enabled: None,
            carrier: None,
            ipcp: None,
            always_on: None,
            auth: BTreeSet::new(),
            remote: None,
            shutdown: None,
            ipsec: None,
            backup: None,
            needs: None,
            encapsulation: None,
            is_used: false,
        }
    }
}
