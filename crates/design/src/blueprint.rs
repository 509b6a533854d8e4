//! The network of a site with the words that rules need to ask about it.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use crate::contract::Contract;
use crate::own_prefix::OwnPrefix;
use diag::{Diagnostic, Span};
use model::{
    AssumptionUse, Family, InterfaceIndex, Net, Network, NodeId, Origin, Ranges, SegmentId,
    TunnelIndex, protocol,
};

/// A site as a network, its parties and what it needs.
#[derive(Debug)]
pub struct Blueprint {
    /// The network.
    pub network: Network,
    /// All that is told of the site beside its network, which is one value for networks that
    /// differ in lists only.
    pub setting: Arc<Setting>,
}

impl Deref for Blueprint {
    type Target = Setting;

    fn deref(&self) -> &Setting {
        &self.setting
    }
}

/// A site beside its network.
#[derive(Debug)]
pub struct Setting {
    /// Who is who.
    pub parties: Parties,
    /// Sessions between the parties inside that the site uses.
    pub services: Vec<Flow>,
    /// Where the site may go outside.
    pub catalogue: Catalogue,
    /// PPPoE sessions and tunnels that machines end.
    pub sessions: Vec<SessionLine>,
    /// What is agreed about the tunnel of an IPsec line.
    pub contract: Option<Contract>,
    /// The tunnels that carry an IPsec line.
    pub line_tunnels: Vec<LineTunnel>,
    /// Name servers that are set by hand on machines, in the order of the file.
    pub resolvers: Vec<Resolver>,
    /// How many PPPoE sessions the line lets be open at once, and where that is written.
    pub sessions_max: Option<(u16, Span)>,
    /// Sessions and tunnels of routers whose far end the site file does not name.
    pub undeclared: Vec<UndeclaredLine>,
    /// Where routers end the standing lines of the site file.
    pub standing: Vec<(NodeId, InterfaceIndex)>,
    /// Whether online claims are carried over PPPoE; `None` if the site file does not say.
    pub claims_use_pppoe: Option<bool>,
    /// Whether eligibility is carried over PPPoE; `None` if the site file does not say.
    pub eligibility_uses_pppoe: Option<bool>,
    /// Whether closed networks answer private addresses that nothing translates, see
    /// [`WAY_BACK`](crate::WAY_BACK).
    pub knows_way_back: bool,
    /// Assumptions about the site itself; those of a device are in its node.
    pub assumptions: Vec<AssumptionUse>,
    /// What is wrong with how the pieces fit together.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the prefix that the line hands out could lie so that lists treat it in another way,
    /// with the lines.
    pub literals: Vec<(OwnPrefix, Span)>,
    /// Lines about IPv4 addresses that could be the one that the line hands out to a router.
    pub own_address_lines: Vec<Span>,
    /// The place that names the site, for findings that have no better one.
    pub place: Option<Span>,
    /// An address in the prefixes that stand in for what the line hands out.
    pub(crate) standin: u128,
}

impl Setting {
    /// Whether rules know the same of both sites beside their networks.
    // INVARIANT: all that they know is compared; a new field does not compile here until it is.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let Self {
            parties,
            services,
            catalogue,
            sessions,
            contract,
            line_tunnels,
            resolvers,
            sessions_max,
            undeclared,
            standing,
            claims_use_pppoe,
            eligibility_uses_pppoe,
            knows_way_back,
            // What the report says beside the judgement, and what readings are made from.
            assumptions: _,
            diagnostics: _,
            literals: _,
            own_address_lines: _,
            place: _,
            standin: _,
        } = self;
        *parties == other.parties
            && *services == other.services
            && *catalogue == other.catalogue
            && *sessions == other.sessions
            && *contract == other.contract
            && *line_tunnels == other.line_tunnels
            && *resolvers == other.resolvers
            && *sessions_max == other.sessions_max
            && *undeclared == other.undeclared
            && *standing == other.standing
            && *claims_use_pppoe == other.claims_use_pppoe
            && *eligibility_uses_pppoe == other.eligibility_uses_pppoe
            && *knows_way_back == other.knows_way_back
    }
}

/// Who is who in the network.
///
/// # Shape
/// A machine with several roles is in several lists. All lists are in the order of the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parties {
    /// Claims computers and servers (MED).
    pub medical: Vec<NodeId>,
    /// Eligibility terminals (ELG).
    pub terminals: Vec<NodeId>,
    /// Online-claims terminals (CLM).
    pub claims_terminals: Vec<NodeId>,
    /// Claims computers and servers that talk with the centre themselves.
    pub web_api: Vec<NodeId>,
    /// All machines.
    pub machines: Vec<NodeId>,
    /// All routers.
    pub routers: Vec<NodeId>,
    /// Networks outside the site; an attacker stands on each.
    pub outside: Vec<NodeId>,
    /// Zones where claims computers and servers stand, or that the site file sets aside for them,
    /// and where no terminal stands.
    pub medical_segments: Vec<SegmentId>,
    /// Machines of another kind, such as a file server, that stand in such a zone: who gets there
    /// has got among the claims computers.
    pub neighbours: Vec<NodeId>,
    /// Zones that the site file sets aside for terminals though no terminal stands there.
    pub unmanned_segments: Vec<SegmentId>,
    /// All zones of the site, without the line.
    pub inside_segments: Vec<SegmentId>,
    /// The wire to the ONU.
    pub line: Option<SegmentId>,
}

impl Parties {
    /// Whether `node` is a claims computer or server, or stands among them.
    #[must_use]
    pub fn is_inside(&self, node: NodeId) -> bool {
        self.medical.contains(&node) || self.neighbours.contains(&node)
    }

    /// Eligibility and online-claims terminals, each once.
    #[must_use]
    pub fn all_terminals(&self) -> BTreeSet<NodeId> {
        self.terminals.iter().chain(&self.claims_terminals).copied().collect()
    }
}

/// Sessions that the site needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flow {
    /// Who opens them.
    pub from: NodeId,
    /// Who answers.
    pub to: NodeId,
    /// What is used.
    pub ports: Vec<Ports>,
    /// Where the site file says so.
    pub span: Span,
}

/// Where the site may go outside.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Catalogue {
    /// The destinations in the order of the file.
    pub destinations: Vec<Destination>,
}

/// One destination outside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// Its name in the site file.
    pub name: String,
    /// The network it is on.
    pub net: NodeId,
    /// Its addresses.
    pub addresses: Vec<Net>,
    /// Its names.
    pub hosts: Vec<String>,
    /// What may be opened to it.
    pub ports: Vec<Ports>,
    /// Where the site file says so.
    pub span: Span,
}

/// A PPPoE session or tunnel that a machine ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionLine {
    /// The machine.
    pub machine: NodeId,
    /// Its interface on the far network.
    pub interface: InterfaceIndex,
    /// The interface that carries the frames.
    pub carrier: InterfaceIndex,
    /// The router that has to pass them.
    pub through: Option<NodeId>,
    /// The network at the far end.
    pub far: NodeId,
    /// Whether it is PPPoE; else a tunnel in IP packets.
    pub is_pppoe: bool,
    /// Where the site file says so.
    pub span: Span,
}

/// A tunnel that carries an IPsec line, at its end inside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineTunnel {
    /// The router or machine that ends it.
    pub node: NodeId,
    /// The tunnel.
    pub tunnel: TunnelIndex,
}

/// A name server that is set by hand on an interface of a machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Resolver {
    /// The machine.
    pub machine: NodeId,
    /// The interface.
    pub interface: InterfaceIndex,
    /// The server.
    pub server: Server,
    /// Where the site file says so.
    pub span: Span,
}

/// Who is asked for names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Server {
    /// A router, which asks on.
    Router(NodeId),
    /// Whoever has this address.
    Address(IpAddr),
}

/// A session or tunnel that a router ends and whose far end the site file does not name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UndeclaredLine {
    /// The router.
    pub router: NodeId,
    /// Its interface.
    pub interface: InterfaceIndex,
    /// Where it is configured.
    pub origin: Origin,
}

/// Protocol and destination ports of a flow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Ports {
    /// Everything.
    Any,
    /// ICMP of either family.
    Icmp,
    /// A protocol without ports.
    Protocol(u8),
    /// A protocol with destination ports from the first to the last.
    Range(u8, u16, u16),
}

impl Ports {
    /// The protocols and destination ports of `family` that it stands for; `None` for all.
    #[must_use]
    pub fn ranges(self, family: Family) -> (Option<Ranges>, Option<Ranges>) {
        let icmp = match family {
            Family::V4 => protocol::ICMP,
            Family::V6 => protocol::ICMPV6,
        };
        match self {
            Self::Any => (None, None),
            Self::Icmp => (Some(Ranges::one(icmp)), None),
            Self::Protocol(number) => (Some(Ranges::one(number)), None),
            Self::Range(number, first, last) => {
                (Some(Ranges::one(number)), Some(Ranges::span(first, last)))
            }
        }
    }
}
