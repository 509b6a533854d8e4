//! The vendor-neutral network: nodes, interfaces, segments, layer-2 relays, routes, ACLs,
//! session tables, address translation and services, each with its [`Origin`].
//!
//! It is plain data with the few definitions that both judges (`oracle`, one packet at a
//! time, and `reach`, all packets at once) must read the same way. It holds no vendor word,
//! no rule and no search.

mod acl;
mod address;
mod coverage;
mod date;
mod name;
mod network;
mod next_hop;
mod node;
mod origin;
mod packet;
mod proxy;
mod ranges;
mod security;
mod session;
mod trace;
mod translation;

pub use acl::{Acl, AclIndex, Action, Entry, Match};
pub use address::{Family, Net, ParseNetError};
pub use coverage::{
    Aspect, Aspects, Assumption, AssumptionUse, Effect, Effects, Gap, LineClass, LineState,
    Reading, Readings,
};
pub use date::Date;
pub use name::{Asking, NameRule};
pub use network::{Network, NodeId, Segment, SegmentId, SegmentKind};
pub use node::{
    AddressSource, Hop, Interface, InterfaceAddress, InterfaceIndex, InterfaceKind, NextHop, Node,
    NodeKind, Pipeline, Point, PolicyRoute, Product, Relay, Route, Service, ServiceKind, Stage,
    StageKind,
};
pub use origin::Origin;
pub use packet::{Packet, State, States, flags, for_every_node, icmp, is_forwardable, protocol};
pub use proxy::Proxy;
pub use ranges::Ranges;
pub use security::{
    ESP, Encapsulation, IKE, NAT_TRAVERSAL, Peer, SecurityAction, SecurityPolicy, SecurityStep,
    Tunnel, TunnelIndex, is_outer_received, is_outer_sent, mirrored,
};
pub use session::{Related, RelatedDirection, Tracker, TrackerIndex, TrackerKind, Trigger};
pub use trace::{Outcome, Step, StepKind, Trace};
pub use translation::{
    PORT_CLASSES, PortRewrite, Rewrite, Translation, TranslationIndex, TranslationRule, Unmatched,
    port_class,
};

/// EtherTypes that the model speaks about.
///
/// # Source
/// IEEE 802 numbers registry; RFC 2516 section 4 for PPPoE.
pub mod ethertype {
    /// IPv4.
    pub const IPV4: u16 = 0x0800;
    /// Address resolution for IPv4.
    pub const ARP: u16 = 0x0806;
    /// IPv6.
    pub const IPV6: u16 = 0x86dd;
    /// PPPoE discovery stage.
    pub const PPPOE_DISCOVERY: u16 = 0x8863;
    /// PPPoE session stage.
    pub const PPPOE_SESSION: u16 = 0x8864;
}
