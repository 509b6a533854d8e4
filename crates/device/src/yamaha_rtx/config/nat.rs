//! What `nat descriptor` says.

use std::net::Ipv4Addr;

use model::Ranges;

/// What a `nat descriptor` command says about one descriptor.
#[derive(Debug)]
pub(crate) enum NatWord {
    /// `type`.
    Type(NatType),
    /// `address outer`.
    Outer(OuterWord),
    /// `address inner`; `None` for `auto`.
    Inner(Option<Box<Ranges>>),
    /// `static D ID outer=inner [count]`.
    Static(u32, StaticNat),
    /// `masquerade static D ID …`.
    MasqueradeStatic(u32, Box<PortForward>),
    /// `masquerade incoming`.
    Incoming(IncomingWord),
}

/// Kinds of descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NatType {
    /// Nothing is translated.
    None,
    /// Addresses one to one.
    Nat,
    /// Many to one with ports.
    Masquerade,
    /// Both.
    NatMasquerade,
}

/// The outer address of a descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OuterWord {
    /// The address that IPCP gave.
    Ipcp,
    /// The first address of the interface.
    Primary,
    /// The second address of the interface.
    Secondary,
    /// A written address.
    Address(Ipv4Addr),
    /// The first of several.
    First(Ipv4Addr),
}

/// One-to-one translation of a run of addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StaticNat {
    /// First outer address.
    pub(crate) outer: Ipv4Addr,
    /// First inner address.
    pub(crate) inner: Ipv4Addr,
    /// How many.
    pub(crate) count: u32,
}

/// A port of the outer address that leads inside.
#[derive(Clone, Debug)]
pub(crate) struct PortForward {
    /// The inner host.
    pub(crate) inner: Ipv4Addr,
    /// Protocol.
    pub(crate) protocol: u8,
    /// Outer and inner ports, both from first to last; `None` for all.
    pub(crate) ports: Option<Vec<(u16, u16, u16)>>,
}

/// What happens to inbound packets that nothing expects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum IncomingWord {
    /// They are discarded, with or without an answer.
    Discard,
    /// They go on untranslated.
    Through,
    /// They go to this host.
    Forward(Ipv4Addr),
}
