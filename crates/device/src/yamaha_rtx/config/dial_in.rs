//! What is said about users who dial in: `pp select anonymous` and the tunnels that carry them.

use std::net::Ipv4Addr;

use model::Ranges;

use super::IfName;

/// A command about users who dial in, or about what PPP carries for them.
#[derive(Debug)]
pub(crate) enum DialInWord {
    /// `pp bind tunnelN…` under `pp select anonymous`: numbers of the tunnels.
    Bind(Ranges),
    /// `ip pp remote address pool …` under `pp select anonymous`.
    Pool(PoolWord),
    /// The address of one user, in `pp auth username`.
    User(Ipv4Addr),
    /// `tunnel template N…` under a tunnel: numbers of those that are made like it.
    Template(IfName, Ranges),
    /// `ppp ipv6cp use on|off`.
    Ipv6(IfName, bool),
    /// `dhcp scope N A-B/M …`: addresses that it hands out.
    Scope(u32, Ranges),
    /// `dhcp scope bind N A …`: addresses that are kept for a host of the LAN.
    Kept(Ranges),
}

/// Where addresses of users who dial in come from.
#[derive(Debug)]
pub(crate) enum PoolWord {
    /// They are written.
    Written(Ranges),
    /// `dhcp`: out of the scopes of this router's own DHCP server.
    Scopes,
}
