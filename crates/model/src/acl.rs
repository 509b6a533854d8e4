//! Lists of entries that decide about packets.

use crate::{Family, InterfaceIndex, Origin, Ranges, States};

/// A list of a node; an index into [`Node::acls`](crate::Node::acls).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AclIndex(pub u32);

/// A list whose first matching entry decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acl {
    /// The name a person would use for it, such as `ip lan2 secure filter in`.
    pub name: String,
    /// Entries in the order in which they are tried.
    pub entries: Vec<Entry>,
    /// What happens to a packet that no entry matches.
    pub default: Action,
    /// Where the default comes from.
    pub default_origin: Origin,
}

/// One entry (ACE).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The packets it is about: the union of these.
    ///
    /// # Shape
    /// Empty means no packet.
    pub matches: Vec<Match>,
    /// What happens to them.
    pub action: Action,
    /// The line it comes from.
    pub origin: Origin,
}

/// What an entry does with the packets that it matches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// The packet passes this list and goes on to the next stage.
    Permit,
    /// The packet is discarded.
    Deny,
    /// Another list is tried; a packet that it returns goes on with the next entry here.
    Call(AclIndex),
    /// Another list is tried; a packet that it returns goes on as if this list returned it.
    Goto(AclIndex),
    /// The packet goes back to the list that called this one; at the outermost list its
    /// default decides.
    Return,
}

/// A conjunction of conditions; a field that is `None` does not restrict.
///
/// # Shape
/// `source`, `destination` are numbers of addresses of `family`, which must be given with them.
/// `source_port` and `destination_port` are compared for every packet that the other fields
/// let through; whoever builds a match restricts `protocol` so that the comparison has a sense.
/// For ICMP they hold type and code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Match {
    /// Version of IP.
    pub family: Option<Family>,
    /// EtherTypes; only frames at a relay have one to compare, see [`Relay`](crate::Relay).
    pub ethertypes: Option<Ranges>,
    /// Source addresses.
    pub source: Option<Ranges>,
    /// Destination addresses.
    pub destination: Option<Ranges>,
    /// Protocols.
    pub protocol: Option<Ranges>,
    /// Source ports or ICMP types.
    pub source_port: Option<Ranges>,
    /// Destination ports or ICMP codes.
    pub destination_port: Option<Ranges>,
    /// Values of the TCP flags byte.
    pub tcp_flags: Option<Ranges>,
    /// States the session table may say.
    pub states: Option<States>,
    /// Interfaces on which the packet may have been received.
    pub in_interfaces: Option<Vec<InterfaceIndex>>,
    /// Interfaces on which the packet may be sent.
    pub out_interfaces: Option<Vec<InterfaceIndex>>,
}

impl Match {
    /// Every packet.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Every packet of `family`.
    #[must_use]
    pub fn family(family: Family) -> Self {
        Self { family: Some(family), ..Self::default() }
    }
}
