//! The fields of a packet, their domains and their order.

use crate::interval::Interval;

/// Number of fields of a packet.
pub const FIELD_COUNT: usize = 10;

/// A field of a packet.
///
/// # Shape
/// The order of the variants is the order of decisions in diagrams: addresses on top keep
/// diagrams of real lists an order of magnitude smaller than the reverse order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Field {
    /// Destination address; an IPv4 address is its 32-bit number.
    Destination,
    /// Source address; an IPv4 address is its 32-bit number.
    Source,
    /// IP protocol number or the last IPv6 next header.
    Protocol,
    /// Destination port; the ICMP code when the protocol is ICMP.
    DestinationPort,
    /// Source port; the ICMP type when the protocol is ICMP.
    SourcePort,
    /// 4, 6, or 0 when the frame is not IP.
    IpVersion,
    /// EtherType of the frame; PPPoE stages are 0x8863 (discovery) and 0x8864 (session).
    EtherType,
    /// Index of the interface the packet came in by; the caller numbers them.
    InputInterface,
    /// TCP flag bits.
    TcpFlags,
    /// Connection state; the caller numbers the states.
    State,
}

impl Field {
    /// All fields, in decision order.
    pub const ALL: [Self; FIELD_COUNT] = [
        Self::Destination,
        Self::Source,
        Self::Protocol,
        Self::DestinationPort,
        Self::SourcePort,
        Self::IpVersion,
        Self::EtherType,
        Self::InputInterface,
        Self::TcpFlags,
        Self::State,
    ];

    /// Position in [`Field::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Width of the field.
    ///
    /// # Units
    /// Bits, 1 to 128.
    #[must_use]
    pub const fn width_bits(self) -> u32 {
        match self {
            Self::Destination | Self::Source => 128,
            Self::DestinationPort | Self::SourcePort | Self::EtherType | Self::InputInterface => 16,
            Self::Protocol | Self::TcpFlags => 8,
            Self::IpVersion => 4,
            Self::State => 3,
        }
    }

    /// Every value the field can take.
    #[must_use]
    pub const fn domain(self) -> Interval {
        Interval::new(0, u128::MAX >> (128 - self.width_bits()))
    }
}
