//! Values that TOML has no type for: prefixes, dates, ports and references to secrets.

use std::fmt;
use std::net::IpAddr;

use diag::{Lang, Localize};

/// An address prefix whose host bits are zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Net {
    address: IpAddr,
    length: u8,
}

impl Net {
    /// The prefix `address/length`; `None` when the length does not fit the family or a host
    /// bit is set.
    #[must_use]
    pub fn new(address: IpAddr, length: u8) -> Option<Self> {
        (length <= bits(address) && masked(address, length) == address)
            .then_some(Self { address, length })
    }

    /// The prefix of `length` bits that holds `address`; `None` when the length does not fit.
    #[must_use]
    pub fn around(address: IpAddr, length: u8) -> Option<Self> {
        (length <= bits(address)).then(|| Self { address: masked(address, length), length })
    }

    /// First address.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Prefix length.
    ///
    /// # Units
    /// Bits.
    #[must_use]
    pub fn length(&self) -> u8 {
        self.length
    }

    /// Last address: in IPv4 the broadcast address of a subnet.
    #[must_use]
    pub fn last(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(v4) => {
                let host = u32::MAX.checked_shr(u32::from(self.length)).unwrap_or(0);
                IpAddr::V4((u32::from(v4) | host).into())
            }
            IpAddr::V6(v6) => {
                let host = u128::MAX.checked_shr(u32::from(self.length)).unwrap_or(0);
                IpAddr::V6((u128::from(v6) | host).into())
            }
        }
    }

    /// Whether the prefix is of IPv4.
    #[must_use]
    pub fn is_ipv4(&self) -> bool {
        self.address.is_ipv4()
    }

    /// Whether `address` lies in the prefix.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.is_ipv4() && masked(address, self.length) == self.address
    }

    /// Whether the two prefixes have an address in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.contains(other.address) || other.contains(self.address)
    }
}

/// Width of an address of this family.
pub(crate) fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn masked(address: IpAddr, length: u8) -> IpAddr {
    let shift = u32::from(bits(address) - length.min(bits(address)));
    match address {
        IpAddr::V4(v4) => {
            IpAddr::V4((u32::from(v4) & u32::MAX.checked_shl(shift).unwrap_or(0)).into())
        }
        IpAddr::V6(v6) => {
            IpAddr::V6((u128::from(v6) & u128::MAX.checked_shl(shift).unwrap_or(0)).into())
        }
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl Localize for Net {
    fn localize(&self, _: Lang) -> String {
        self.to_string()
    }
}

/// Ports of TCP or UDP, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// Every port.
    pub const ALL: Self = Self { first: 1, last: u16::MAX };

    /// The ports `first..=last`; `None` when empty or with port 0.
    #[must_use]
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first >= 1 && first <= last { Some(Self { first, last }) } else { None }
    }

    /// One port. Port 0 reads as port 1: no packet names it.
    #[must_use]
    pub const fn one(port: u16) -> Self {
        let port = if port == 0 { 1 } else { port };
        Self { first: port, last: port }
    }

    /// Lowest port.
    #[must_use]
    pub const fn first(&self) -> u16 {
        self.first
    }

    /// Highest port.
    #[must_use]
    pub const fn last(&self) -> u16 {
        self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// What a session is opened to: a protocol and its destination ports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PortSpec {
    /// Every protocol and port.
    Any,
    /// ICMP in IPv4, ICMPv6 in IPv6.
    Icmp,
    /// Encapsulating Security Payload, IP protocol 50.
    Esp,
    /// TCP destination ports.
    Tcp(PortRange),
    /// UDP destination ports.
    Udp(PortRange),
}

impl PortSpec {
    /// Reads `tcp/443`, `udp/1000-2000`, `icmp`, `esp` or `any`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "any" => return Some(Self::Any),
            "icmp" => return Some(Self::Icmp),
            "esp" => return Some(Self::Esp),
            _ => {}
        }
        let (protocol, ports) = text.split_once('/')?;
        let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
        let range = PortRange::new(port(first)?, port(last)?)?;
        match protocol {
            "tcp" => Some(Self::Tcp(range)),
            "udp" => Some(Self::Udp(range)),
            _ => None,
        }
    }
}

fn port(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

impl fmt::Display for PortSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Icmp => f.write_str("icmp"),
            Self::Esp => f.write_str("esp"),
            Self::Tcp(range) => write!(f, "tcp/{range}"),
            Self::Udp(range) => write!(f, "udp/{range}"),
        }
    }
}

impl Localize for PortSpec {
    fn localize(&self, _: Lang) -> String {
        self.to_string()
    }
}

/// Where a secret is kept; the site file never holds the secret itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Secret {
    /// The environment variable of this name.
    Env(String),
    /// The file at this path.
    File(String),
}

impl Secret {
    /// Reads `env:NAME` or `file:PATH`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        let name = name.to_owned();
        match kind {
            "env" if is_variable(&name) => Some(Self::Env(name)),
            "file" if !name.trim().is_empty() => Some(Self::File(name)),
            _ => None,
        }
    }
}

/// Whether a shell takes `name` as the name of a variable.
fn is_variable(name: &str) -> bool {
    let is_head = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().next().is_some_and(is_head)
        && name.bytes().all(|byte| is_head(byte) || byte.is_ascii_digit())
}
