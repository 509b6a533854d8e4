//! What look-ups of facts answer.

use std::net::IpAddr;

use model::Date;

use crate::fact::Provenance;
use crate::firmware::Firmware;

/// What a look-up comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found<T> {
    /// There is one fact.
    Known(T),
    /// There is no fact that may be used.
    Missing,
    /// There is only hearsay.
    Hearsay(T),
    /// Two facts contradict each other.
    Disputed,
}

/// An operating system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Os {
    /// The name in site files.
    pub name: String,
    /// The first part of its build.
    pub build: String,
    /// What its maker calls it.
    pub title: String,
    /// Whether it is an edition for IoT.
    pub is_iot: bool,
    /// Last day of its maker's support.
    pub ends: Date,
    /// Last day that extended security updates are sold for; `None` if they are not.
    pub esu_ends: Option<Date>,
    /// Where the fact comes from.
    pub provenance: Provenance,
}

/// The operating systems that a clause lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OsList {
    /// Their names.
    pub systems: Vec<String>,
    /// Names of systems that are known not to be listed.
    pub excluded: Vec<String>,
    /// Whether there are no others.
    pub is_complete: bool,
    /// Where the fact comes from.
    pub provenance: Provenance,
}

/// A kind of certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CertificateKind {
    /// Months that it is valid.
    pub months: u32,
    /// Days before its end from which it can be renewed.
    pub renewable_days: u32,
    /// Days before its end at which to warn, the most first.
    pub warn_days: Vec<u32>,
    /// Where the fact comes from.
    pub provenance: Provenance,
}

/// A model of router.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouterModel {
    /// Firmware that can pass PPPoE through.
    pub pass_through: Firmware,
    /// Last day of its maker's support, where it is known.
    pub ends: Option<Date>,
    /// Where the fact comes from.
    pub provenance: Provenance,
}

/// A carrier of access lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carrier {
    /// What it is called.
    pub title: String,
    /// How its lines carry eligibility: words of the site file, `ipoe` or `pppoe`.
    pub methods: Vec<String>,
    /// PPPoE sessions that a line allows at the same time, where that is known.
    pub pppoe_sessions: Option<u32>,
    /// Most of them, where more can be ordered.
    pub pppoe_sessions_max: Option<u32>,
    /// Where the fact comes from.
    pub provenance: Provenance,
}

/// Servers that answer for names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameServers {
    /// Names that they answer for.
    pub suffixes: Vec<String>,
    /// Their addresses.
    pub addresses: Vec<String>,
    /// Where the fact comes from.
    pub provenance: Provenance,
}

/// Somewhere outside that a site may reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// Its name.
    pub name: String,
    /// Its host names.
    pub hosts: Vec<String>,
    /// Its addresses, as prefixes; those of a contract stand in packs of a site only.
    pub addresses: Vec<String>,
    /// What is opened to it, as site files write it; not empty.
    pub ports: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Where the fact comes from.
    pub provenance: Provenance,
}

impl NameServers {
    /// Whether one of them has this address.
    #[must_use]
    pub fn answers_at(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|own| own.parse() == Ok(address))
    }
}
