//! One device, machine or outside network.

use std::net::IpAddr;
use std::sync::Arc;

use diag::Span;

use crate::{
    Acl, AclIndex, AssumptionUse, Family, Gap, LineClass, Match, NameRule, Net, Origin, Proxy,
    Ranges, SecurityPolicy, SegmentId, Tracker, TrackerIndex, Translation, TranslationIndex,
    Trigger, Tunnel, TunnelIndex,
};

/// An interface of a node; an index into [`Node::interfaces`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InterfaceIndex(pub u32);

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NodeKind {
    /// A machine: it receives packets for its own addresses and forwards none, unless a route
    /// table and `forwarding` say otherwise.
    Machine,
    /// A router.
    Router,
    /// A network outside the site, such as the claims network or the Internet. It owns every
    /// address that nobody in the site owns, and an attacker stands on it.
    Outside,
}

/// The product that a configuration is of, as its text tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Product {
    /// Family of configuration languages, by the name in site files.
    pub vendor: &'static str,
    /// Model, firmware and the place of both, where the text has a heading.
    pub heading: Option<(String, String, Span)>,
    /// The line that switches on the product's own function that passes PPPoE through.
    pub pppoe_pass_through: Option<Span>,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name in the site file.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// Interfaces; an [`InterfaceIndex`] points here.
    pub interfaces: Vec<Interface>,
    /// Whether it forwards IPv4 and IPv6 packets between interfaces, and since where.
    pub forwarding: [(bool, Origin); 2],
    /// Whether it takes the broadcast addresses of all its networks on every interface, not only
    /// on the one that stands in the network.
    pub takes_every_broadcast: bool,
    /// Routes, in any order; connected routes are in it like all others.
    pub routes: Vec<Route>,
    /// Routing decisions that come before the route table.
    pub policy_routes: Vec<PolicyRoute>,
    /// Layer-2 relays between interfaces.
    pub relays: Vec<Relay>,
    /// For whom else it takes frames.
    pub proxies: Vec<Proxy>,
    /// Lists; an [`AclIndex`] points here.
    pub acls: Vec<Arc<Acl>>,
    /// Session tables.
    pub trackers: Vec<Tracker>,
    /// Translations.
    pub translations: Vec<Translation>,
    /// IPsec tunnels that it ends; a [`TunnelIndex`] points here.
    pub tunnels: Vec<Tunnel>,
    /// What must be protected, in the order in which the entries are tried.
    pub security_policies: Vec<SecurityPolicy>,
    /// What happens to packets, where.
    pub pipelines: Vec<Pipeline>,
    /// Services of the node itself.
    pub services: Vec<Service>,
    /// To which server which names are sent.
    pub name_rules: Vec<NameRule>,
    /// Interfaces on which it surely tells hosts no name server.
    pub tells_no_names: Vec<InterfaceIndex>,
    /// Lines that are not modelled.
    pub gaps: Vec<Gap>,
    /// Assumptions its meaning rests on.
    pub assumptions: Vec<AssumptionUse>,
    /// Every line of its configuration with its state.
    pub lines: Vec<LineClass>,
    /// Which product its configuration is of; `None` if it has none.
    pub product: Option<Product>,
    /// Where the node is declared.
    pub origin: Origin,
}

impl Node {
    /// A node that has nothing and forwards nothing.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: NodeKind, origin: Origin) -> Self {
        Self {
            name: name.into(),
            kind,
            interfaces: Vec::new(),
            forwarding: [(false, origin.clone()), (false, origin.clone())],
            takes_every_broadcast: false,
            routes: Vec::new(),
            policy_routes: Vec::new(),
            relays: Vec::new(),
            proxies: Vec::new(),
            acls: Vec::new(),
            trackers: Vec::new(),
            translations: Vec::new(),
            tunnels: Vec::new(),
            security_policies: Vec::new(),
            pipelines: Vec::new(),
            services: Vec::new(),
            name_rules: Vec::new(),
            tells_no_names: Vec::new(),
            gaps: Vec::new(),
            assumptions: Vec::new(),
            lines: Vec::new(),
            product: None,
            origin,
        }
    }

    /// The interface `index`.
    ///
    /// # Panics
    /// When `index` comes from another node.
    #[must_use]
    pub fn interface(&self, index: InterfaceIndex) -> &Interface {
        &self.interfaces[index.0 as usize]
    }

    /// All interfaces with their indices, in order.
    pub fn interfaces(&self) -> impl Iterator<Item = (InterfaceIndex, &Interface)> {
        (0u32..).map(InterfaceIndex).zip(&self.interfaces)
    }

    /// The interface called `name`.
    #[must_use]
    pub fn find_interface(&self, name: &str) -> Option<InterfaceIndex> {
        self.interfaces().find(|(_, one)| one.name == name).map(|(index, _)| index)
    }

    /// The list `index`.
    ///
    /// # Panics
    /// When `index` comes from another node.
    #[must_use]
    pub fn acl(&self, index: AclIndex) -> &Acl {
        &self.acls[index.0 as usize]
    }

    /// The translation `index`.
    ///
    /// # Panics
    /// When `index` comes from another node.
    #[must_use]
    pub fn translation(&self, index: TranslationIndex) -> &Translation {
        &self.translations[index.0 as usize]
    }

    /// The session table `index`.
    ///
    /// # Panics
    /// When `index` comes from another node.
    #[must_use]
    pub fn tracker(&self, index: TrackerIndex) -> &Tracker {
        &self.trackers[index.0 as usize]
    }

    /// The tunnel `index`.
    ///
    /// # Panics
    /// When `index` comes from another node.
    #[must_use]
    pub fn tunnel(&self, index: TunnelIndex) -> &Tunnel {
        &self.tunnels[index.0 as usize]
    }

    /// The tunnel whose door is `interface`.
    #[must_use]
    pub fn tunnel_at(&self, interface: InterfaceIndex) -> Option<TunnelIndex> {
        let place = self.tunnels.iter().position(|tunnel| tunnel.interface == interface)?;
        Some(TunnelIndex(u32::try_from(place).ok()?))
    }

    /// Whether it forwards packets of `family`.
    #[must_use]
    pub fn forwards(&self, family: Family) -> bool {
        self.forwarding[family as usize].0
    }

    /// Addresses of the node of `family`, in the order of its interfaces.
    pub fn addresses(&self, family: Family) -> impl Iterator<Item = IpAddr> + '_ {
        self.interfaces
            .iter()
            .filter(|interface| interface.enabled)
            .flat_map(|interface| &interface.addresses)
            .filter_map(|address| address.net)
            .map(Net::address)
            .filter(move |address| Family::of(*address) == family)
    }

    /// Whether one of its enabled interfaces has `address`.
    #[must_use]
    pub fn owns(&self, address: IpAddr) -> bool {
        self.addresses(Family::of(address)).any(|own| own == address)
    }

    /// Stages that packets of `family` pass at `point`, in order.
    pub fn stages(&self, point: Point, family: Family) -> impl Iterator<Item = &Stage> {
        self.pipelines
            .iter()
            .filter(move |pipeline| pipeline.point == point)
            .flat_map(|pipeline| &pipeline.stages)
            .filter(move |stage| stage.family.is_none_or(|only| only == family))
    }
}

/// An interface.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interface {
    /// The device's name for it.
    pub name: String,
    /// What it is.
    pub kind: InterfaceKind,
    /// Whether it can be used.
    pub enabled: bool,
    /// Its addresses; IPv6 link-local ones are not listed, every enabled interface has one.
    pub addresses: Vec<InterfaceAddress>,
    /// Whether it tells the hosts on its segment to use this node as their IPv6 router.
    pub advertises: Option<Origin>,
    /// The segment it stands on, once the site says so.
    pub segment: Option<SegmentId>,
    /// The line that brings it into being.
    pub origin: Origin,
}

/// Kinds of interface.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum InterfaceKind {
    /// A port, or a group of switch ports that act as one.
    Port,
    /// A tagged VLAN of another interface.
    Vlan {
        /// The interface that carries it.
        parent: InterfaceIndex,
    },
    /// A PPPoE session.
    Session {
        /// The interface that carries it.
        carrier: InterfaceIndex,
    },
    /// A tunnel.
    Tunnel,
    /// The node's own foot in one of its relays.
    Bridge,
    /// A loopback.
    Loopback,
    /// A sink.
    Null,
}

/// An address of an interface.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InterfaceAddress {
    /// How it comes to be.
    pub source: AddressSource,
    /// The address with its prefix length: the written one, or a stand-in for one that only
    /// the line hands out.
    pub net: Option<Net>,
    /// The line that gives it.
    pub origin: Origin,
}

/// How an address comes to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AddressSource {
    /// It is written.
    Static,
    /// DHCP for IPv4.
    Dhcp {
        /// Whether the address that it gives is written, too; else the one here stands in for it.
        is_told: bool,
    },
    /// IPCP of a PPP session.
    Ipcp,
    /// Stateless autoconfiguration from a router advertisement, or DHCPv6.
    Advertised,
    /// The prefix that another interface learned (RA proxy or DHCPv6 prefix delegation), with
    /// these low 64 bits.
    Delegated {
        /// The interface that learned the prefix.
        from: InterfaceIndex,
        /// The interface identifier.
        identifier: u64,
    },
}

/// A route.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// Destinations.
    pub prefix: Net,
    /// Next hops.
    ///
    /// # Shape
    /// Those with a guard are tried first, in order, and the first whose guard matches is
    /// taken; otherwise one of those without a guard. Empty means discard.
    pub hops: Vec<NextHop>,
    /// Among routes to the same prefix the highest is used.
    pub preference: u32,
    /// The line it comes from.
    pub origin: Origin,
}

/// A next hop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextHop {
    /// Where to.
    pub hop: Hop,
    /// Only packets that this list permits take it.
    pub guard: Option<AclIndex>,
    /// Whether it may be out of use at times (keepalive, hidden while the link is down); the
    /// other next hops and then shorter prefixes take its place.
    pub may_vanish: bool,
    /// The line it comes from.
    pub origin: Origin,
}

/// Where a next hop leads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Hop {
    /// To the node with this address, on whatever connected network it is.
    Address(IpAddr),
    /// To the node with this address, on this interface (IPv6 link-local next hops).
    AddressOn(IpAddr, InterfaceIndex),
    /// Straight to the destination on this interface: a connected network, or a
    /// point-to-point interface.
    Interface(InterfaceIndex),
    /// To the router that advertises itself (RA) or was told by DHCP on this interface.
    Learned(InterfaceIndex),
    /// Nowhere: the packet is discarded.
    Discard,
}

/// A routing decision for packets received on certain interfaces, before the route table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyRoute {
    /// Interfaces on which the packets were received; `None` for packets of the node itself.
    pub interface: Option<InterfaceIndex>,
    /// Family.
    pub family: Family,
    /// The list: a packet that it permits takes `hop`, one that it denies is discarded, one that
    /// it returns goes on to the next policy route and then to the route table.
    pub guard: AclIndex,
    /// Where to.
    pub hop: NextHop,
    /// The line it comes from.
    pub origin: Origin,
}

/// A layer-2 relay: frames received on one port are sent on the others.
///
/// # Shape
/// A port that is [`InterfaceKind::Bridge`] is the node's own foot: frames for it enter the
/// node's IP side there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Relay {
    /// The name a person would use for it.
    pub name: String,
    /// Ports.
    pub ports: Vec<InterfaceIndex>,
    /// EtherTypes that it relays.
    pub ethertypes: Ranges,
    /// What happens to a frame before it is sent on: lists only, applied to the frame's packet
    /// when it holds one.
    pub stages: Vec<Stage>,
    /// The line it comes from.
    pub origin: Origin,
}

/// A place in a node that packets pass.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Point {
    /// Received on this interface; comes before [`Point::Prerouting`].
    Ingress(InterfaceIndex),
    /// Received on any interface.
    Prerouting,
    /// For the node itself.
    LocalIn,
    /// To be forwarded; the interface it will be sent on is known.
    Forward,
    /// From the node itself.
    LocalOut,
    /// To be sent on any interface.
    Postrouting,
    /// To be sent on this interface; comes after [`Point::Postrouting`].
    Egress(InterfaceIndex),
}

/// What happens at a point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pipeline {
    /// Where.
    pub point: Point,
    /// What, in order.
    pub stages: Vec<Stage>,
}

/// One step of a pipeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// Only packets of this family pass it; all, if `None`.
    pub family: Option<Family>,
    /// Whether packets from and to the node itself do not pass it.
    pub spares_own: bool,
    /// What it does.
    pub kind: StageKind,
}

/// What a stage does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StageKind {
    /// A list decides.
    Filter(AclIndex),
    /// The session table is looked up: it sets the state that later lists read. Before the
    /// first look-up at a node the state is [`State::Untracked`](crate::State::Untracked).
    Track(TrackerIndex),
    /// A packet that is `New` and matches a trigger begins a session in the table; the first
    /// matching trigger counts.
    Open(TrackerIndex, Vec<Trigger>),
    /// Addresses are translated.
    Translate(TranslationIndex),
}

/// A service of the node itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// Its usual name, such as `telnet`.
    pub name: String,
    /// What it is for.
    pub kind: ServiceKind,
    /// Packets that it answers: protocol and port, and from where.
    pub admits: Vec<Match>,
    /// The line, or the default, that opens it.
    pub origin: Origin,
}

/// What a service of a router is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ServiceKind {
    /// It can change or read the configuration.
    Management,
    /// Name service.
    Names,
    /// Anything else.
    Other,
}

impl Pipeline {
    /// A pipeline at `point`.
    #[must_use]
    pub fn new(point: Point, stages: Vec<Stage>) -> Self {
        Self { point, stages }
    }
}

impl Stage {
    /// A stage that all packets of `family` pass.
    #[must_use]
    pub fn of(family: Option<Family>, kind: StageKind) -> Self {
        Self { family, spares_own: false, kind }
    }
}
