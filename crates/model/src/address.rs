//! IP address families and networks.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::Ranges;

/// A version of the Internet Protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// The family of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }

    /// The highest address as a number.
    #[must_use]
    pub fn top(self) -> u128 {
        match self {
            Self::V4 => u128::from(u32::MAX),
            Self::V6 => u128::MAX,
        }
    }

    /// Length of an address.
    ///
    /// # Units
    /// Bits.
    #[must_use]
    pub fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// EtherType that carries packets of this family.
    #[must_use]
    pub fn ethertype(self) -> u16 {
        match self {
            Self::V4 => crate::ethertype::IPV4,
            Self::V6 => crate::ethertype::IPV6,
        }
    }

    /// `address` as a number of this family.
    #[must_use]
    pub fn number(address: IpAddr) -> u128 {
        match address {
            IpAddr::V4(v4) => u128::from(u32::from(v4)),
            IpAddr::V6(v6) => u128::from(v6),
        }
    }

    /// The address whose number is `value`; IPv4 takes the low 32 bits.
    #[must_use]
    pub fn address(self, value: u128) -> IpAddr {
        match self {
            Self::V4 => {
                let low = u32::try_from(value & u128::from(u32::MAX)).unwrap_or(u32::MAX);
                IpAddr::V4(Ipv4Addr::from(low))
            }
            Self::V6 => IpAddr::V6(Ipv6Addr::from(value)),
        }
    }

    /// `IPv4` or `IPv6`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }
}

/// An address with the length of its network part, such as `192.0.2.5/24`.
///
/// # Shape
/// The host bits are kept: the same type serves an interface's address and a route's prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Net {
    address: IpAddr,
    length: u8,
}

impl Net {
    /// `address` with `length` network bits; `None` if the family has fewer bits.
    #[must_use]
    pub fn new(address: IpAddr, length: u8) -> Option<Self> {
        (length <= Family::of(address).bits()).then_some(Self { address, length })
    }

    /// The single address.
    #[must_use]
    pub fn host(address: IpAddr) -> Self {
        Self { address, length: Family::of(address).bits() }
    }

    /// All addresses of `family`.
    #[must_use]
    pub fn all(family: Family) -> Self {
        Self { address: family.address(0), length: 0 }
    }

    /// The address with its host bits.
    #[must_use]
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// Network bits.
    #[must_use]
    pub fn length(self) -> u8 {
        self.length
    }

    /// The family.
    #[must_use]
    pub fn family(self) -> Family {
        Family::of(self.address)
    }

    /// First and last address of the network as numbers.
    #[must_use]
    pub fn bounds(self) -> (u128, u128) {
        let family = self.family();
        let host_bits = u32::from(family.bits() - self.length);
        let mask = if host_bits == 128 { u128::MAX } else { (1u128 << host_bits) - 1 };
        let number = Family::number(self.address);
        (number & !mask, number | mask)
    }

    /// All addresses of the network.
    #[must_use]
    pub fn ranges(self) -> Ranges {
        let (low, high) = self.bounds();
        Ranges::span(low, high)
    }

    /// Whether `address` is in the network.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let (low, high) = self.bounds();
        Family::of(address) == self.family() && (low..=high).contains(&Family::number(address))
    }

    /// The same network with its host bits zero.
    #[must_use]
    pub fn prefix(self) -> Self {
        Self { address: self.family().address(self.bounds().0), length: self.length }
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl diag::Localize for Net {
    fn localize(&self, _: diag::Lang) -> String {
        self.to_string()
    }
}

/// The text is not an address with an optional `/length`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseNetError;

impl FromStr for Net {
    type Err = ParseNetError;

    fn from_str(text: &str) -> Result<Self, ParseNetError> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ParseNetError)?;
        match length {
            None => Ok(Self::host(address)),
            Some(length) => {
                let length = length.parse().map_err(|_| ParseNetError)?;
                Self::new(address, length).ok_or(ParseNetError)
            }
        }
    }
}
