//! What the commands of services and of name service say.

use std::net::IpAddr;

use model::{Asking, Ranges};

use super::IfName;

/// A service of the router itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum ServiceName {
    /// `telnetd`.
    Telnet,
    /// `sshd`.
    Ssh,
    /// `sftpd`.
    Sftp,
    /// `httpd`.
    Http,
    /// `tftp`.
    Tftp,
    /// `snmp`.
    Snmp,
    /// `snmpv2c`.
    SnmpV2c,
    /// `snmpv3`.
    SnmpV3,
    /// `dns`.
    Dns,
    /// `sntpd`.
    Sntp,
    /// `dhcp`.
    Dhcp,
    /// `ipv6 IF dhcp service server`.
    Dhcpv6,
    /// `l2tp`.
    L2tp,
    /// `pptp`.
    Pptp,
}

impl ServiceName {
    /// Whether each `host` command adds to those before it. The others replace them.
    pub(crate) fn collects_hosts(self) -> bool {
        matches!(self, Self::Snmp | Self::SnmpV2c | Self::SnmpV3)
    }
}

/// What a command says about a service.
#[derive(Clone, Debug)]
pub(crate) enum ServiceWord {
    /// Whether it runs.
    Runs(bool),
    /// Who may use it.
    Hosts(Box<Hosts>),
    /// The port it listens on.
    Port(u16),
}

/// Who may use a service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Hosts {
    /// Everyone.
    pub(crate) any: bool,
    /// All networks on the LAN side.
    pub(crate) lan: bool,
    /// Networks of these interfaces.
    pub(crate) interfaces: Vec<IfName>,
    /// IPv4 addresses.
    pub(crate) v4: Ranges,
    /// IPv6 addresses.
    pub(crate) v6: Ranges,
}

/// Name servers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum DnsServers {
    /// Written addresses, each with `edns=on` or not.
    Written(Vec<(IpAddr, bool)>),
    /// Those that the line tells, with `edns=on` or not.
    Learned(bool),
}

impl DnsServers {
    /// The addresses that are known.
    pub(crate) fn addresses(&self) -> Vec<IpAddr> {
        match self {
            Self::Written(servers) => servers.iter().map(|(server, _)| *server).collect(),
            Self::Learned(_) => Vec::new(),
        }
    }

    /// Whether all of them are asked with EDNS.
    pub(crate) fn has_edns(&self) -> bool {
        match self {
            Self::Written(servers) => servers.iter().all(|(_, edns)| *edns),
            Self::Learned(edns) => *edns,
        }
    }
}

/// `dns server select ID …`.
#[derive(Debug)]
pub(crate) struct DnsSelect {
    /// Its number: the lowest is tried first.
    pub(crate) number: u32,
    /// Who is asked.
    pub(crate) servers: DnsServers,
    /// Query type.
    pub(crate) kind: String,
    /// Suffix of names.
    pub(crate) query: String,
    /// Whether such questions are asked at all.
    pub(crate) asking: Asking,
}

/// A name that the router answers itself.
#[derive(Debug)]
pub(crate) struct OwnName {
    /// Query type; `any` for addresses.
    pub(crate) kind: &'static str,
    /// The name, in small letters and without the dot at its end.
    pub(crate) name: String,
}
