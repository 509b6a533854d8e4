//! The configuration of a Linux router in nftables' and iproute2's own words.

use std::net::IpAddr;

use diag::{Diagnostic, SourceId, Span, Text};
use model::{Effect, Family, Net, Origin, Peer, Ranges};

/// Everything read from the files of one router.
#[derive(Debug)]
pub(crate) struct Router {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) files: Vec<FileLines>,
    pub(crate) tables: Vec<Table>,
    pub(crate) facts: Facts,
    pub(crate) children: Vec<Child>,
    pub(crate) notes: Notes,
}

/// The non-blank lines of a file.
#[derive(Debug)]
pub(crate) struct FileLines {
    pub(crate) source: SourceId,
    /// Each line and whether it holds more than a comment.
    pub(crate) lines: Vec<(Span, bool)>,
}

/// What reading had to say besides the configuration itself.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) gaps: Vec<Unread>,
    /// Where a ruleset holds what nft prints of iptables and does not load, see L-A9.
    pub(crate) listing: Option<Span>,
    /// Whether a rule limits the size of TCP segments.
    pub(crate) limits_segments: bool,
    /// Text that cannot change a verdict.
    pub(crate) irrelevant: Vec<Span>,
}

impl Notes {
    /// Notes a part whose effects are known, but not its meaning in the model, and says so.
    pub(crate) fn part(&mut self, unread: Unread) {
        let headline = diag::text!(
            ja: "{what}はモデルにありません",
            en: "{what} is not modelled",
            what = unread.what,
        );
        self.diagnostics.push(Diagnostic::warning("P208", headline).at(unread.span));
        self.gaps.push(unread);
    }
}

/// Text whose meaning is not in the model.
#[derive(Clone, Debug)]
pub(crate) struct Unread {
    pub(crate) span: Span,
    pub(crate) what: Text,
    pub(crate) effects: &'static [Effect],
    pub(crate) family: Option<Family>,
}

/// A table of nftables.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) family: TableFamily,
    pub(crate) name: String,
    pub(crate) is_dormant: bool,
    pub(crate) chains: Vec<Chain>,
    pub(crate) sets: Vec<Set>,
    /// Objects `ct helper` with the kernel's name of what they are.
    pub(crate) helpers: Vec<(String, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum TableFamily {
    Ip,
    Ip6,
    Inet,
    Arp,
    Bridge,
    Netdev,
}

#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) base: Option<Base>,
    pub(crate) rules: Vec<Rule>,
}

/// What makes a chain a base chain.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) kind: ChainKind,
    pub(crate) hook: Hook,
    pub(crate) devices: Vec<String>,
    pub(crate) priority: i64,
    pub(crate) drops: bool,
    /// The `policy` if it is written, else the `type` line.
    pub(crate) span: Span,
    pub(crate) has_policy: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum ChainKind {
    Filter,
    Nat,
    Route,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Hook {
    Ingress,
    Prerouting,
    Input,
    Forward,
    Output,
    Postrouting,
    Egress,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) span: Span,
    pub(crate) statements: Vec<Statement>,
}

#[derive(Clone, Debug)]
pub(crate) enum Statement {
    Match(Condition),
    Verdict(Verdict),
    Vmap(Vec<Key>, Value, Span),
    Nat(Nat),
    /// `add @set { … }` and its like.
    Update(String),
    /// `fwd to DEVICE`.
    Relay(Value),
    /// It matches or not for reasons that the packet does not tell.
    Chance(Span, Text),
    /// It does something besides that is not modelled.
    Effect(Span, Text, &'static [Effect]),
    /// `ct helper set "NAME"`.
    Helper(Span, String),
    /// It changes nothing that the model speaks about.
    Nothing,
    /// The rest of the rule could not be read, which was noted.
    Rest,
}

/// `key … op value`.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) keys: Vec<Key>,
    pub(crate) mask: Option<Value>,
    pub(crate) op: Op,
    pub(crate) value: Value,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Implicit,
    Equal,
    NotEqual,
    /// `!`: none of the bits.
    Without,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Source,
    Destination,
}

/// A field of a packet, or something the kernel knows about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    /// `iif`, `iifname`.
    In,
    /// `oif`, `oifname`.
    Out,
    NfProto,
    L4Proto,
    /// `meta protocol`.
    Protocol,
    EtherType,
    Address(Family, Side),
    IpProtocol,
    NextHeader,
    /// Protocols whose port it is.
    Port(&'static [u8], Side),
    TcpFlags,
    IcmpType(Family),
    IcmpCode(Family),
    CtState,
    CtStatus,
    /// Not modelled; what its mere presence asks of the packet.
    Opaque(String, Option<Family>, Option<u8>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Number(u128),
    Address(IpAddr),
    /// `value / length`.
    Prefix(Box<Value>, u128),
    /// `value / mask` of flags.
    Masked(Box<Value>, Box<Value>),
    Range(Box<Value>, Box<Value>),
    /// A bare word or a quoted text; may end in `*`.
    Word(String),
    /// A hardware address.
    Hardware,
    /// `a,b` and `a | b`.
    List(Vec<Value>),
    Set(Vec<Element>),
    Named(String),
    Concat(Vec<Value>),
    /// `*`.
    Any,
    Unknown,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Element {
    pub(crate) key: Value,
    pub(crate) data: Option<Data>,
    pub(crate) expires: bool,
    pub(crate) span: Span,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Data {
    Verdict(Verdict),
    Value(Value),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Accept,
    Drop,
    Continue,
    Return,
    Jump(String, Span),
    Goto(String, Span),
}

#[derive(Clone, Debug)]
pub(crate) struct Nat {
    pub(crate) kind: NatKind,
    pub(crate) address: NatAddress,
    pub(crate) port: Option<Value>,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NatKind {
    Source,
    Destination,
    Masquerade,
    Redirect,
}

#[derive(Clone, Debug)]
pub(crate) enum NatAddress {
    None,
    Value(Value),
    /// `to KEY map { … }`.
    Map(Vec<Key>, Value),
    Unknown,
}

/// A named set or map.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Whether it has a flag that says that elements come and go.
    pub(crate) is_dynamic: bool,
    pub(crate) elements: Vec<Element>,
}

/// What is known about the router besides its ruleset.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) interfaces: Vec<Device>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) routes: Vec<Path>,
    pub(crate) bridges: Vec<BridgePort>,
    /// Interfaces of routes that have no carrier, as `ip -j route` tells.
    pub(crate) linkdown: Vec<(Option<String>, Span)>,
    pub(crate) forwarding: [Option<(bool, Span)>; 2],
    pub(crate) advertises: Vec<(String, Span)>,
    pub(crate) listeners: Vec<Listener>,
    /// `service none`.
    pub(crate) has_no_listener: Option<Span>,
    /// XFRM interfaces with their `if_id`.
    pub(crate) xfrm: Vec<(String, u32, Span)>,
    /// The interface that an XFRM interface sends by, where one is named.
    pub(crate) xfrm_ways: Vec<(String, String)>,
    /// What `ip -j` says of interfaces, until all files are read.
    pub(crate) links: Vec<Link>,
    /// Where `ip -j addr` prints an address of each family.
    pub(crate) printed: [Option<Span>; 2],
    /// The rule of `ip -j rule` for the table in which strongSwan makes its routes.
    pub(crate) own_table: Option<Span>,
    /// Files of `ip -j rule` that hold nothing but rules that the kernel begins with; whether the
    /// one for the table `default` is among them, which IPv4 alone has.
    pub(crate) rules: Vec<bool>,
    /// Whether `ip -j route` prints the routes that the kernel makes, for each family.
    pub(crate) has_kernel_routes: [bool; 2],
    /// Addresses that bring no route.
    pub(crate) unrouted: Vec<(String, IpAddr)>,
    /// What the kernel takes for the router itself.
    pub(crate) locals: Vec<Local>,
    /// What files tell of the kernel's settings.
    pub(crate) settings: super::setting::Settings,
    /// Whether any file describes interfaces.
    pub(crate) is_described: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) kind: DeviceKind,
    pub(crate) is_up: bool,
    pub(crate) span: Span,
}

/// An interface as `ip -j addr` and `ip -j link` print it.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    pub(crate) slave_kind: Option<String>,
    /// The one that it stands on.
    pub(crate) parent: Option<String>,
    /// The flag with which nothing comes through at a port.
    pub(crate) deaf: Option<&'static str>,
    /// Whether what it stands on is in another network namespace.
    pub(crate) is_elsewhere: bool,
    /// The one whose part it is.
    pub(crate) master: Option<String>,
    /// What its flags say, if they are there.
    pub(crate) is_up: Option<bool>,
    pub(crate) shape: LinkShape,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LinkShape {
    Loopback,
    PointToPoint,
    Other,
}

/// A route of the table `local`.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) kind: LocalKind,
    pub(crate) prefix: Net,
    pub(crate) dev: Option<String>,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LocalKind {
    /// An address of the router.
    Own,
    /// The first or last address of a network.
    Edge,
    Multicast,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum DeviceKind {
    Port,
    Bridge,
    Loopback,
    Tunnel,
    Vlan(String),
    Session(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) interface: String,
    pub(crate) source: Given,
    pub(crate) net: Option<Net>,
    /// The network to which the kernel makes a route for it.
    pub(crate) connected: Option<Net>,
    /// The metric of that route, if it is not the usual one.
    pub(crate) metric: Option<u32>,
    pub(crate) span: Span,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Given {
    Static,
    Dhcp,
    Ipcp,
    Advertised,
    Delegated(String, u64),
}

#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) prefix: Net,
    pub(crate) hops: Vec<PathHop>,
    /// Whether it goes with a lease.
    pub(crate) is_leased: bool,
    pub(crate) metric: u32,
    pub(crate) span: Span,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PathHop {
    Via(IpAddr, Option<String>),
    On(String),
    Learned(String),
}

#[derive(Clone, Debug)]
pub(crate) struct BridgePort {
    pub(crate) bridge: String,
    pub(crate) port: Option<String>,
    pub(crate) span: Span,
}

/// A child of a connection of strongSwan.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) local: Option<IpAddr>,
    pub(crate) peer: Peer,
    /// Where the peer is named.
    pub(crate) place: Span,
    pub(crate) local_ts: Vec<TrafficSelector>,
    pub(crate) remote_ts: Vec<TrafficSelector>,
    pub(crate) kind: ChildKind,
    /// Whether its policies stand also without a tunnel.
    pub(crate) is_trap: bool,
    /// Whether strongSwan brings its tunnel up without being asked by the peer.
    pub(crate) begins: bool,
    pub(crate) credential: Credential,
    /// Where that is said; its first line if it is not.
    pub(crate) start: Span,
    /// 0 if no XFRM interface belongs to it.
    pub(crate) if_id: u32,
    pub(crate) is_encapsulated: bool,
}

/// What a connection proves itself with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Credential {
    /// A pre-shared key that fits, in a file of the router.
    Here,
    /// A pre-shared key, and none that fits.
    Missing,
    /// Certificates, private keys or users, which are not in the files of the router.
    Elsewhere,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ChildKind {
    Tunnel,
    Pass,
    Drop,
}

/// Packets of one end.
#[derive(Clone, Debug)]
pub(crate) struct TrafficSelector {
    /// `None` for `dynamic`: the address of that end.
    pub(crate) addresses: Option<(Family, Ranges)>,
    pub(crate) protocol: Option<u8>,
    pub(crate) port: Option<u16>,
    /// Whether `addresses` are more than what is written.
    pub(crate) is_widened: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Listener {
    pub(crate) name: String,
    pub(crate) kind: model::ServiceKind,
    pub(crate) protocol: u8,
    pub(crate) ports: (u16, u16),
    pub(crate) from: Vec<Net>,
    /// Whether it may open sessions for those who ask.
    pub(crate) may_relay: bool,
    pub(crate) span: Span,
}
