//! Addresses for which a node answers without having them.

use std::net::IpAddr;

use crate::{Family, InterfaceIndex, Origin, Ranges};

/// A node takes frames for these addresses on this interface and forwards what is in them: proxy
/// ARP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proxy {
    /// Where it answers.
    pub interface: InterfaceIndex,
    /// Family of the addresses.
    pub family: Family,
    /// For whom.
    pub addresses: Ranges,
    /// The line that says so.
    pub origin: Origin,
}

impl Proxy {
    /// Whether it is for `address` on `interface`.
    #[must_use]
    pub fn is_for(&self, interface: InterfaceIndex, address: IpAddr) -> bool {
        self.interface == interface
            && self.family == Family::of(address)
            && self.addresses.contains(Family::number(address))
    }
}
