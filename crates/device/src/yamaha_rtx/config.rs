//! The vendor's own words: what the commands of an RTX say, each with its place, nothing
//! resolved yet and no default filled in.

mod dial_in;
mod filter;
mod ipsec;
mod layer2;
mod nat;
mod service;

use diag::{Diagnostic, Span, Text};
use model::{Effects, Family, Net, Origin, Ranges};
use std::cell::OnceCell;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use super::lower::Meant;
pub(crate) use dial_in::{DialInWord, PoolWord};
pub(crate) use filter::{
    Addresses, Direction, Dynamic, DynamicWord, Filter, FilterSet, NumberList, Protocol,
    SecureFilter, SecureWord, is_icmp_alone,
};
pub(crate) use ipsec::{
    EncapsulationWord, IdSide, IpsecWord, LocalWord, RemoteWord, SaPolicy, TraversalWord,
};
pub(crate) use layer2::Division;
pub(crate) use nat::{IncomingWord, NatType, NatWord, OuterWord, PortForward, StaticNat};
pub(crate) use service::{DnsSelect, DnsServers, Hosts, OwnName, ServiceName, ServiceWord};

/// A configuration as it was read.
#[derive(Debug)]
pub(crate) struct RtxConfig {
    /// Name of the device in the site file.
    pub(crate) name: String,
    /// Where the site file declares it.
    pub(crate) origin: Origin,
    /// Model: from the site file, else from the header of the text.
    pub(crate) model: Option<String>,
    /// Model and firmware in the header of the text, with their place.
    pub(crate) heading: Option<(String, String, Span)>,
    /// Statements in the order of the text.
    pub(crate) statements: Vec<Statement>,
    /// Further physical lines that belong to a statement: its place in `statements`, the line.
    pub(crate) more_lines: Vec<(usize, Span)>,
    /// What there is to say about the text as such.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What it means, once somebody asked.
    pub(crate) meant: OnceCell<Meant>,
}

/// One command, comment or remainder of a console.
#[derive(Debug)]
pub(crate) struct Statement {
    /// The physical line without its break; the first one if there are several.
    pub(crate) line: Span,
    /// The text of the command in it.
    pub(crate) span: Span,
    /// What it says.
    pub(crate) body: Body,
}

/// What a statement says.
#[derive(Debug)]
pub(crate) enum Body {
    /// A command that is understood.
    Command(Command),
    /// It cannot change a verdict.
    Irrelevant,
    /// It is not understood, or not modelled.
    Unmodelled(Box<Unmodelled>),
}

impl Body {
    /// The same; what it could do if it is not modelled it does to `family` only.
    pub(crate) fn of_family(mut self, family: Family) -> Self {
        if let Self::Unmodelled(gap) = &mut self {
            gap.family = Some(family);
        }
        self
    }
}

/// Why a statement is not modelled and what it could do.
#[derive(Debug)]
pub(crate) struct Unmodelled {
    /// The gap in words.
    pub(crate) what: Text,
    /// What it could do.
    pub(crate) effects: Effects,
    /// The only interface it can concern.
    pub(crate) interface: Option<IfName>,
    /// The only family it can concern.
    pub(crate) family: Option<Family>,
    /// What is said about it; `None` when another statement says it already.
    pub(crate) diagnostic: Option<Diagnostic>,
    /// The filter that it would have defined: it is not reported as undefined.
    pub(crate) defines: Option<(FilterKind, Family, u32)>,
}

/// The two number spaces of filters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum FilterKind {
    /// `ip filter N`.
    Static,
    /// `ip filter dynamic N`.
    Dynamic,
}

/// An interface as the vendor names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum IfName {
    /// `lanN`.
    Lan(u16),
    /// `lanN.M`, a port of a divided LAN.
    LanPart(u16, u16),
    /// `lanN/M`, a tagged VLAN.
    LanTag(u16, u16),
    /// `vlanN`, a group of ports of a divided LAN.
    Vlan(u16),
    /// `onuN`.
    Onu(u16),
    /// `wanN`, a mobile line.
    Wan(u16),
    /// `bridgeN`.
    Bridge(u16),
    /// `loopbackN`.
    Loopback(u16),
    /// `null`.
    Null,
    /// `pp N`.
    Pp(u16),
    /// `pp anonymous`.
    PpAnonymous,
    /// `tunnel N`.
    Tunnel(u16),
}

impl IfName {
    /// Whether it is set up by selecting it, and has no name of its own in settings.
    ///
    /// # Source
    /// Command reference 12.01, section 1.3.
    pub(crate) fn is_selected(self) -> bool {
        matches!(self, Self::Pp(_) | Self::PpAnonymous | Self::Tunnel(_))
    }

    /// Whether frames of a wire pass it.
    pub(crate) fn has_wire(self) -> bool {
        !self.is_selected() && !matches!(self, Self::Null | Self::Loopback(_))
    }

    /// Whether hosts of the site stand on it: what the keyword `lan` of a service means.
    pub(crate) fn is_lan_side(self) -> bool {
        matches!(
            self,
            Self::Lan(_) | Self::LanPart(..) | Self::LanTag(..) | Self::Vlan(_) | Self::Bridge(_)
        )
    }
}

impl fmt::Display for IfName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lan(n) => write!(f, "lan{n}"),
            Self::LanPart(n, m) => write!(f, "lan{n}.{m}"),
            Self::LanTag(n, m) => write!(f, "lan{n}/{m}"),
            Self::Vlan(n) => write!(f, "vlan{n}"),
            Self::Onu(n) => write!(f, "onu{n}"),
            Self::Wan(n) => write!(f, "wan{n}"),
            Self::Bridge(n) => write!(f, "bridge{n}"),
            Self::Loopback(n) => write!(f, "loopback{n}"),
            Self::Null => f.write_str("null"),
            Self::Pp(n) => write!(f, "pp{n}"),
            Self::PpAnonymous => f.write_str("pp-anonymous"),
            Self::Tunnel(n) => write!(f, "tunnel{n}"),
        }
    }
}

impl diag::Localize for IfName {
    fn localize(&self, _: diag::Lang) -> String {
        self.to_string()
    }
}

/// Whether it is a `pp`.
pub(crate) const ALL_PEERS: fn(IfName) -> bool =
    |name| matches!(name, IfName::Pp(_) | IfName::PpAnonymous);

/// Whether it is a tunnel.
pub(crate) const ALL_TUNNELS: fn(IfName) -> bool = |name| matches!(name, IfName::Tunnel(_));

/// A command that is understood.
#[derive(Debug)]
pub(crate) enum Command {
    /// `ip|ipv6 filter N …`.
    Filter(Box<Filter>),
    /// `ip|ipv6 filter dynamic N …`.
    Dynamic(Box<Dynamic>),
    /// `ip|ipv6 filter set NAME DIRECTION …`.
    FilterSet(Box<FilterSet>),
    /// `no ip|ipv6 filter [dynamic] N`.
    NoFilter(FilterKind, Family, u32),
    /// `ip|ipv6 IF secure filter in|out|name …`.
    SecureFilter(Box<SecureFilter>),
    /// `no ip|ipv6 IF secure filter in|out|name`.
    NoSecureFilter(Family, IfName, Option<Direction>),
    /// `ip|ipv6 routing on|off`.
    Routing(Family, bool),
    /// `ip IF [secondary] address …`, `ipv6 IF address …`.
    Address(IfName, AddressWord),
    /// `no ip IF [secondary] address [A/M]`, `no ipv6 IF address A/M`.
    NoAddress(IfName, NoAddress),
    /// `ipv6 IF rtadv send N…`.
    Advertise(IfName, Advertised),
    /// `ipv6 IF dhcp service client`, and whether it asks for a prefix.
    Dhcpv6Client(IfName, bool),
    /// `ipv6 IF dhcp service server`.
    Dhcpv6Server(IfName),
    /// `ipv6 prefix N …`.
    Prefix(u32, PrefixWord),
    /// The default, said in so many words.
    Plain,
    /// `ip pp|tunnel remote address A`.
    RemoteAddress(IfName, Ipv4Addr),
    /// `pp backup …`, `tunnel backup …`: what takes its place while it is down.
    Backup(IfName, Option<Target>),
    /// Something that the line needs of others to be up, such as `pppoe service-name`.
    Needs(IfName),
    /// `dhcp service relay`.
    DhcpRelay,
    /// `ip IF proxyarp on|off`.
    ProxyArp(IfName, bool),
    /// What is said about users who dial in.
    DialIn(Box<DialInWord>),
    /// `ip|ipv6 route …`.
    Route(Box<RouteCommand>),
    /// `no ip|ipv6 route PREFIX`.
    NoRoute(Net),
    /// `ip forward filter ID ORDER …`.
    Forward(Box<Forward>),
    /// `ip IF forward filter ID`; no interface: packets of the router itself.
    ApplyForward(Family, Option<IfName>, u32),
    /// `nat descriptor …`.
    Nat(u32, NatWord),
    /// `ip IF nat descriptor D…`.
    ApplyNat(IfName, Vec<(u32, Span)>),
    /// `pp select …`, `tunnel select …`: the interface is mentioned.
    Select(Option<IfName>),
    /// `pp enable …`, `tunnel enable …`, and `disable`.
    Enable(IfName, bool),
    /// `pp disable all`, `tunnel disable all`: which interfaces.
    DisableAll(fn(IfName) -> bool),
    /// `ip icmp unreachable send on|off`.
    Unreachable(bool),
    /// `ip IF tcp mss limit …`: whether it limits.
    MssLimit(Family, IfName, bool),
    /// `pppoe tcp mss limit off`.
    NoPppoeMssLimit(IfName),
    /// `ip keepalive N …`.
    Keepalive(Family, u32),
    /// `pp always-on on|off`.
    AlwaysOn(IfName, bool),
    /// `pppoe use IF`.
    PppoeUse(IfName, IfName),
    /// `ppp ipcp ipaddress on|off`.
    IpcpAddress(IfName, bool),
    /// `pp auth accept …`, `pp auth myname …`.
    Authentication(IfName, AuthWord),
    /// `ipsec tunnel P`.
    IpsecTunnel(IfName, u32),
    /// `ipsec …`.
    Ipsec(Box<IpsecWord>),
    /// `tunnel encapsulation WORD`.
    Encapsulation(IfName, EncapsulationWord),
    /// `pppoe pass-through member …`.
    PppoePassThrough(Vec<(IfName, Span)>),
    /// `lan pass-through ethertype ID …`.
    LanEthertype(u32, Box<Ranges>),
    /// `lan pass-through member ID …`.
    LanPassThrough(u32, Vec<(IfName, Span)>),
    /// `bridge member bridgeN …`.
    BridgeMember(IfName, Vec<(IfName, Span)>),
    /// `vlan lanN/M 802.1q vid=…`.
    TaggedVlan(IfName, u16),
    /// `lan type lanN …`: what it says about its ports, and where.
    LanType(u16, Division, Span),
    /// `vlan port mapping lanN.M vlanK`.
    PortMapping(IfName, IfName),
    /// `lan port-mirroring lanN …`.
    PortMirroring(u16),
    /// `lan shutdown lanN`.
    Shutdown(IfName),
    /// `SERVICE service on|off`, `SERVICE host …`, `SERVICE listen …`.
    Service(ServiceName, ServiceWord),
    /// `dns server …`.
    DnsServer(DnsServers),
    /// `dns server select …`.
    DnsSelect(Box<DnsSelect>),
    /// `ip host …`, `dns static …`, `dns private name …`.
    OwnName(Box<OwnName>),
    /// `dhcp scope option N dns=…`.
    TellsServers(Vec<Ipv4Addr>),
    /// `lan flexible-port …`: LANs that have sockets.
    FlexiblePort(Vec<u16>),
    /// `lan link-aggregation …`: LANs of which ports are joined.
    Aggregation(Vec<u16>),
}

/// What a router advertises.
#[derive(Debug)]
pub(crate) struct Advertised {
    /// Numbers of prefixes.
    pub(crate) prefixes: Vec<u32>,
    /// `m_flag=on` or `o_flag=on`: hosts ask DHCPv6 for name servers.
    pub(crate) tells_of_dhcp: bool,
    /// `rdnss=`: name servers that hosts are told of, beside those that the site file states.
    pub(crate) tells_names: Option<Span>,
}

/// How an interface gets an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AddressWord {
    /// Written.
    Static(Net),
    /// A further IPv4 address.
    Secondary(Net),
    /// `dhcp` for IPv4.
    Dhcp,
    /// `auto` or `dhcp` for IPv6.
    Auto,
    /// `ra-prefix@IF::x/64`, `dhcp-prefix@IF::x/64`.
    Delegated(IfName, LearnedBy, u64),
}

impl AddressWord {
    /// Where its prefix is learned, and how.
    pub(crate) fn source(self) -> Option<(IfName, LearnedBy)> {
        match self {
            Self::Delegated(from, by, _) => Some((from, by)),
            _ => None,
        }
    }
}

/// How a prefix is learned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LearnedBy {
    /// `ra-prefix@…`.
    Advertisement,
    /// `dhcp-prefix@…`, and the number of the network in the prefix.
    Delegation(u8),
}

/// What `ipv6 prefix N` gives to hosts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PrefixWord {
    /// A written prefix.
    Written(Net),
    /// `ra-prefix@IF::/64`, `dhcp-prefix@IF::/64`: it is learned on IF.
    Learned(IfName, LearnedBy),
}

impl PrefixWord {
    /// Where it is learned, and how.
    pub(crate) fn source(self) -> Option<(IfName, LearnedBy)> {
        match self {
            Self::Learned(from, by) => Some((from, by)),
            Self::Written(_) => None,
        }
    }
}

/// Which address is taken back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoAddress {
    /// The first IPv4 address; the secondary one stays.
    First,
    /// The secondary IPv4 address.
    Secondary,
    /// This one.
    This(AddressWord),
}

/// `ip|ipv6 route …`.
#[derive(Debug)]
pub(crate) struct RouteCommand {
    /// Destinations.
    pub(crate) prefix: Net,
    /// Gateways in order.
    pub(crate) gateways: Vec<GatewayWord>,
}

/// One gateway of a route.
#[derive(Debug)]
pub(crate) struct GatewayWord {
    /// Where to.
    pub(crate) target: Target,
    /// Where it stands.
    pub(crate) span: Span,
    /// Filters that select packets for it.
    pub(crate) filters: Vec<(u32, Span)>,
    /// `hide`.
    pub(crate) may_vanish: bool,
    /// Number of the `keepalive` on which it depends.
    pub(crate) keepalive: Option<(u32, Span)>,
    /// `weight 0`.
    pub(crate) is_spare: bool,
}

/// Where a gateway leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// An address.
    Address(IpAddr),
    /// An address on an interface.
    AddressOn(IpAddr, IfName),
    /// A point-to-point interface.
    Interface(IfName),
    /// `dhcp IF`, `ra`.
    Learned(IfName),
    /// `null`, `loopback`.
    Discard,
}

/// `ip forward filter ID ORDER gateway G filter N… [keepalive K]`.
#[derive(Debug)]
pub(crate) struct Forward {
    /// IPv4 or IPv6.
    pub(crate) family: Family,
    /// The set.
    pub(crate) set: u32,
    /// Its place in the set.
    pub(crate) order: u32,
    /// Where to; `filters` select the packets.
    pub(crate) gateway: GatewayWord,
}

/// What a peer is given to let this router in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum AuthWord {
    /// `accept`: the ways in which the router lets itself be asked.
    Accept,
    /// `myname`: its name and password.
    Name,
}
