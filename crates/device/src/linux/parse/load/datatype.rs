//! The types of nft's values: how wide they are, and how they are written.

/// A type of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::enum_variant_names, reason = "nft's own names of types")]
pub(super) enum Type {
    Ipv4,
    Ipv6,
    Ether,
    EtherType,
    Proto,
    Service,
    Mark,
    IfName,
    IfIndex,
    IfType,
    Group,
    NfProto,
    IcmpType,
    IcmpCode,
    Icmpv6Type,
    Icmpv6Code,
    IgmpType,
    TcpFlags,
    CtState,
    CtStatus,
    CtEvent,
    CtDirection,
    Label,
    PktType,
    Dscp,
    Ecn,
    AddrType,
    Realm,
    ClassId,
    Uid,
    Gid,
    ArpOp,
    Day,
    Hour,
    /// A day and a time of it.
    Time,
    /// A stretch of time such as `1h30m`.
    Stretch,
    /// `exists` or `missing`.
    Presence,
    /// Up to 15 characters in quotes.
    Text,
    Number(u8),
}

impl Type {
    /// The type that a set names; those whose elements are hard to write are left out.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ipv4_addr" => Self::Ipv4,
            "ipv6_addr" => Self::Ipv6,
            "ether_addr" => Self::Ether,
            "ether_type" => Self::EtherType,
            "inet_proto" => Self::Proto,
            "inet_service" => Self::Service,
            "mark" => Self::Mark,
            "ifname" => Self::IfName,
            "iface_index" => Self::IfIndex,
            "iface_type" => Self::IfType,
            "devgroup" => Self::Group,
            "nf_proto" => Self::NfProto,
            "icmp_type" => Self::IcmpType,
            "icmp_code" => Self::IcmpCode,
            "icmpv6_type" => Self::Icmpv6Type,
            "icmpv6_code" => Self::Icmpv6Code,
            "igmp_type" => Self::IgmpType,
            "tcp_flag" => Self::TcpFlags,
            "ct_state" => Self::CtState,
            "ct_status" => Self::CtStatus,
            "ct_dir" => Self::CtDirection,
            "pkt_type" => Self::PktType,
            "dscp" => Self::Dscp,
            "ecn" => Self::Ecn,
            "fib_addrtype" => Self::AddrType,
            "realm" => Self::Realm,
            "uid" => Self::Uid,
            "gid" => Self::Gid,
            _ => return None,
        })
    }

    pub(super) fn bits(self) -> u32 {
        match self {
            Self::Ecn => 2,
            Self::Dscp => 6,
            Self::Proto
            | Self::NfProto
            | Self::IcmpType
            | Self::IcmpCode
            | Self::Icmpv6Type
            | Self::Icmpv6Code
            | Self::IgmpType
            | Self::TcpFlags
            | Self::CtDirection
            | Self::PktType
            | Self::Day
            | Self::Presence => 8,
            Self::EtherType | Self::Service | Self::IfType | Self::ArpOp => 16,
            Self::Ipv4
            | Self::Mark
            | Self::IfIndex
            | Self::Group
            | Self::CtState
            | Self::CtStatus
            | Self::CtEvent
            | Self::AddrType
            | Self::Realm
            | Self::ClassId
            | Self::Uid
            | Self::Gid
            | Self::Hour => 32,
            Self::Ether => 48,
            Self::Stretch | Self::Time => 64,
            Self::Ipv6 | Self::IfName | Self::Text | Self::Label => 128,
            Self::Number(bits) => u32::from(bits),
        }
    }

    /// The largest value that may be written as a number; `None` if none may.
    pub(super) fn most(self) -> Option<u64> {
        match self {
            Self::Ipv4
            | Self::Ipv6
            | Self::Ether
            | Self::IfName
            | Self::IfIndex
            | Self::Text
            | Self::Hour
            | Self::Time
            | Self::Stretch
            | Self::Presence
            | Self::ClassId => None,
            Self::Label => Some(127),
            Self::Day => Some(6),
            one => Some(u64::MAX >> (64 - one.bits().min(64))),
        }
    }

    /// Whether several values may stand together, as bits of one.
    pub(super) fn is_flags(self) -> bool {
        matches!(self, Self::TcpFlags | Self::CtState | Self::CtStatus | Self::CtEvent)
    }

    /// Whether ranges of it can be written, and values be greater than others.
    pub(super) fn is_ordered(self) -> bool {
        !self.is_flags()
            && !matches!(
                self,
                Self::IfName | Self::IfIndex | Self::Text | Self::Presence | Self::Label
            )
    }

    /// Whether bits of it can be taken out with `&`.
    pub(super) fn has_bits(self) -> bool {
        self.is_flags() || matches!(self, Self::Mark | Self::Number(_))
    }

    /// Whether it can be a part of a concatenation.
    pub(super) fn is_part(self) -> bool {
        match self {
            Self::Label | Self::Text | Self::Presence | Self::Stretch | Self::Time => false,
            Self::Number(bits) => bits.is_multiple_of(8),
            _ => true,
        }
    }
}
