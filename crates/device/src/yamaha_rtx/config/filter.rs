//! Filters and the lists that apply them.

use diag::{Diagnostic, Span};
use model::{Family, Ranges, protocol};

use super::IfName;

/// `in` or `out`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Direction {
    /// Packets received on the interface.
    In,
    /// Packets sent on the interface.
    Out,
}

impl Direction {
    /// The keyword.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// An address field of a filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Addresses {
    /// `*`.
    Any,
    /// Numbers of addresses.
    Set(Ranges),
    /// A name that only the router can resolve, or a word such as `map-e`.
    Named(Span),
}

/// `ip|ipv6 filter N …`.
#[derive(Debug)]
pub(crate) struct Filter {
    /// IPv4 or IPv6: separate number spaces.
    pub(crate) family: Family,
    /// Its number.
    pub(crate) number: u32,
    /// Where the number stands.
    pub(crate) number_span: Span,
    /// Whether matching packets pass.
    pub(crate) passes: bool,
    /// Whether they pass only while the line is up, and never bring it up.
    pub(crate) restricts: bool,
    /// Source addresses.
    pub(crate) source: Addresses,
    /// Destination addresses.
    pub(crate) destination: Addresses,
    /// Protocols; empty for `*`.
    pub(crate) protocols: Vec<Protocol>,
    /// Source ports, or ICMP types; `None` for `*`.
    pub(crate) source_port: Option<Ranges>,
    /// Destination ports, or ICMP codes; `None` for `*`.
    pub(crate) destination_port: Option<Ranges>,
    /// Something to say when it is used.
    pub(crate) remark: Option<Box<Diagnostic>>,
}

/// One item of a protocol field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Protocol {
    /// A protocol number.
    Number(u8),
    /// ICMP of the filter's family with these types, whatever the port fields say.
    IcmpTypes(Ranges),
    /// TCP with these values of the flags byte.
    TcpFlags(Ranges),
}

/// Whether the port fields hold ICMP type and code.
pub(crate) fn is_icmp_alone(family: Family, protocols: &[Protocol]) -> bool {
    let icmp = match family {
        Family::V4 => protocol::ICMP,
        Family::V6 => protocol::ICMPV6,
    };
    matches!(protocols, [Protocol::Number(number)] if *number == icmp)
}

/// `ip|ipv6 filter dynamic N …`.
#[derive(Debug)]
pub(crate) struct Dynamic {
    /// IPv4 or IPv6.
    pub(crate) family: Family,
    /// Its number.
    pub(crate) number: u32,
    /// Where the number stands.
    pub(crate) number_span: Span,
    /// Source addresses.
    pub(crate) source: Addresses,
    /// Destination addresses.
    pub(crate) destination: Addresses,
    /// What begins a session and what then passes.
    pub(crate) what: DynamicWord,
    /// Something to say about it.
    pub(crate) remark: Option<Box<Diagnostic>>,
}

/// The two forms of a dynamic filter.
#[derive(Debug)]
pub(crate) enum DynamicWord {
    /// Form 1: the name of an application.
    Application(&'static super::super::applications::Application),
    /// Form 2: numbers of static filters for trigger, `in` and `out`.
    Filters {
        /// Triggers.
        trigger: Vec<(u32, Span)>,
        /// The reverse direction.
        reverse: Vec<(u32, Span)>,
        /// The same direction.
        same: Vec<(u32, Span)>,
    },
}

/// `ip filter set NAME …`.
#[derive(Debug)]
pub(crate) struct FilterSet {
    /// IPv4 or IPv6.
    pub(crate) family: Family,
    /// Its name.
    pub(crate) name: String,
    /// Its list for each direction.
    pub(crate) lists: Vec<(Direction, NumberList)>,
}

/// The arguments of a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberList {
    /// Static filters in order.
    pub(crate) numbers: Vec<(u32, Span)>,
    /// Dynamic filters in order.
    pub(crate) dynamics: Vec<(u32, Span)>,
}

/// `ip IF secure filter …`.
#[derive(Debug)]
pub(crate) struct SecureFilter {
    /// IPv4 or IPv6.
    pub(crate) family: Family,
    /// The interface.
    pub(crate) interface: IfName,
    /// What is applied.
    pub(crate) what: SecureWord,
}

/// What a `secure filter` applies.
#[derive(Debug)]
pub(crate) enum SecureWord {
    /// A list in one direction.
    List(Direction, NumberList),
    /// A named set.
    Set(String, Span),
}
