//! `ipsec …`: policies, gateways and what is said about them.

use std::net::IpAddr;

use model::Ranges;

use super::IfName;

/// What an `ipsec` command says. A *gateway* is the number under which the router keeps what it
/// knows of a peer.
#[derive(Debug)]
pub(crate) enum IpsecWord {
    /// `ipsec sa policy P G …`.
    Policy(u32, SaPolicy),
    /// `ipsec ike remote address G …`.
    Remote(u32, RemoteWord),
    /// `ipsec ike local address G …`; `None` when it is learned.
    Local(u32, LocalWord),
    /// `ipsec ike local id G …`, `ipsec ike remote id G …`.
    Id(u32, IdSide, Ranges),
    /// `ipsec ike local name G …`, `ipsec ike remote name G …`.
    Named(u32, IdSide),
    /// `ipsec ike version G …`.
    Version(u32, u32),
    /// `ipsec ike nat-traversal G …`.
    NatTraversal(u32, TraversalWord),
    /// `ipsec ike pre-shared-key G …`.
    Key(u32),
    /// `ipsec auto refresh [G] on|off`.
    AutoRefresh(Option<u32>, bool),
    /// `ipsec use on|off`.
    Use(bool),
    /// `ipsec transport N P udp 1701`.
    Transport(u32, u32),
    /// `ipsec transport template N …`.
    TransportTemplate(u32, Ranges),
}

/// `ipsec sa policy P G …`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaPolicy {
    /// The gateway.
    pub(crate) gateway: u32,
    /// Whether it encrypts (`esp`); `ah` only signs.
    pub(crate) encrypts: bool,
    /// `local-id=`.
    pub(crate) local_id: Option<Ranges>,
    /// `remote-id=`.
    pub(crate) remote_id: Option<Ranges>,
}

/// When protected packets go in UDP 4500.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TraversalWord {
    /// Never.
    Off,
    /// Where an address translator is found on the way.
    Negotiated,
    /// Always.
    Forced,
}

/// Which end an id is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum IdSide {
    Local,
    Remote,
}

/// The far end of a gateway.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RemoteWord {
    /// An address.
    Address(IpAddr),
    /// A host name.
    Host(String),
    /// `any`.
    Any,
}

/// What a tunnel interface carries its packets in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EncapsulationWord {
    /// `ipsec`, the default.
    Ipsec,
    /// IP in IP, in clear.
    Plain,
    /// `l2tp` and its like: users who dial in, or layer 2 carried further.
    Dialled,
    /// Frames carried further.
    Layer2,
}

/// What `ipsec ike local address` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LocalWord {
    Address(IpAddr),
    /// What IPCP hands out to a session.
    Ipcp(IfName),
    /// What DHCP hands out to an interface.
    Dhcp(IfName),
    /// An address out of a prefix that an interface learns.
    Prefix(IfName),
}

impl LocalWord {
    /// The address, if it is written.
    pub(crate) fn address(self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(address),
            Self::Ipcp(_) | Self::Dhcp(_) | Self::Prefix(_) => None,
        }
    }
}
