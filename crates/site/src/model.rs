//! The decoded site file. Every value keeps the place it was written at; entries keep the
//! order of their declaration.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use diag::{SourceId, Span};

use crate::{
    AccessMethod, App, Base, Certificate, Date, Deletion, Edition, Endpoint, FacilityKind,
    InboundDefault, InterferenceTest, LineKind, Net, OutsideNet, Pass, PortSpec, Reader, RelayKind,
    Retention, Role, RouterRole, Secret, Use, ZonePurpose,
};

/// The zone between the edge router and the ONU. It exists without a declaration.
pub const ONU: &str = "onu";

/// A value and where it was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the site file.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value` written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// One facility as its site file describes it.
///
/// # Shape
/// What could not be read is missing here and reported as a diagnostic; a site that was read
/// without an error is complete.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// The file it was read from.
    pub source: SourceId,
    /// Edition of the reference document that judges the site.
    pub edition: Option<Spanned<Edition>>,
    /// `[site]`.
    pub facility: Option<Spanned<Facility>>,
    /// `[line]`.
    pub line: Option<Spanned<Line>>,
    /// `[zones]`, without the built-in zone [`ONU`] unless it is declared.
    pub zones: Vec<Zone>,
    /// `[machines]`.
    pub machines: Vec<Machine>,
    /// `[routers]`.
    pub routers: Vec<Router>,
    /// `[relays]`.
    pub relays: Vec<Relay>,
    /// `[standing]`.
    pub standing: Vec<Standing>,
    /// `[destinations]`.
    pub destinations: Vec<Destination>,
    /// `[[service]]`.
    pub services: Vec<Service>,
    /// `[[assumption]]`.
    pub assumptions: Vec<Assumption>,
    /// `[[waiver]]`.
    pub waivers: Vec<Waiver>,
    /// `[[interference_test]]`.
    pub interference_tests: Vec<InterferenceTest>,
    /// `[retention]`.
    pub retention: Option<Spanned<Retention>>,
    /// `[deletion]`.
    pub deletion: Option<Spanned<Deletion>>,
    /// Files with facts of the site's own, relative to the site file.
    pub packs: Vec<Spanned<String>>,
    /// Places that hold a secret in clear. Their text must not reach any output.
    pub redactions: Vec<Span>,
}

impl Site {
    /// A site of which nothing is known.
    #[must_use]
    pub fn empty(source: SourceId) -> Self {
        Self {
            source,
            edition: None,
            facility: None,
            line: None,
            zones: Vec::new(),
            machines: Vec::new(),
            routers: Vec::new(),
            relays: Vec::new(),
            standing: Vec::new(),
            destinations: Vec::new(),
            services: Vec::new(),
            assumptions: Vec::new(),
            waivers: Vec::new(),
            interference_tests: Vec::new(),
            retention: None,
            deletion: None,
            packs: Vec::new(),
            redactions: Vec::new(),
        }
    }

    /// The declared zone of this name.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.name.value == name)
    }

    /// The machine of this name.
    #[must_use]
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.name.value == name)
    }

    /// The router of this name.
    #[must_use]
    pub fn router(&self, name: &str) -> Option<&Router> {
        self.routers.iter().find(|router| router.name.value == name)
    }

    /// The standing line of this name.
    #[must_use]
    pub fn standing_line(&self, name: &str) -> Option<&Standing> {
        self.standing.iter().find(|line| line.name.value == name)
    }
}

/// `[site]`: what the facility is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facility {
    /// Name of the facility.
    pub name: Spanned<String>,
    /// Kind of facility.
    pub kind: Spanned<FacilityKind>,
    /// Reference pattern the site claims to be, such as `ipvpn.separate`.
    pub pattern: Option<Spanned<String>>,
}

/// `[line]`: the access line to the Online Eligibility Verification system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Kind of line.
    pub kind: Spanned<LineKind>,
    /// Who runs it; the name of a pack.
    pub carrier: Option<Spanned<String>>,
    /// How eligibility traffic is carried. Present on an IP-VPN line.
    pub eligibility: Option<Spanned<AccessMethod>>,
    /// How online claims are carried, if they are sent at all.
    pub claims: Option<Spanned<AccessMethod>>,
    /// What ends the IPsec tunnel. Present on an IPsec line.
    pub endpoint: Option<Spanned<Endpoint>>,
    /// Who provides the IPsec service; the name in a pack.
    pub provider: Option<Spanned<String>>,
    /// Address or name of the provider's end of the tunnel.
    pub peer: Option<Spanned<String>>,
    /// How many PPPoE sessions may be open on it at once; absent is unknown.
    pub sessions_max: Option<Spanned<u16>>,
}

/// `[zones.NAME]`: machines that reach each other without a router.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Zone {
    /// Its name.
    pub name: Spanned<String>,
    /// IPv4 prefix.
    pub ipv4: Option<Spanned<Net>>,
    /// How IPv6 is given out.
    pub ipv6: Option<Spanned<ZoneIpv6>>,
    /// What stands in it.
    pub purpose: Option<Spanned<ZonePurpose>>,
}

/// How a zone gets IPv6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ZoneIpv6 {
    /// The prefix comes from the line by router advertisement and is not known beforehand.
    Ra,
    /// A fixed prefix.
    Prefix(Net),
}

/// `[machines.NAME]`: a computer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Machine {
    /// Its name.
    pub name: Spanned<String>,
    /// What it does; not empty.
    pub roles: Vec<Spanned<Role>>,
    /// What it was before another function was installed on it.
    pub base: Option<Spanned<Base>>,
    /// Operating system; the name of a pack entry.
    pub os: Option<Spanned<String>>,
    /// Its build.
    pub os_build: Option<Spanned<String>>,
    /// Last day that extended security updates were bought for.
    pub esu: Option<Spanned<Date>>,
    /// Programs that share it, with their versions.
    pub apps: Option<Spanned<Vec<App>>>,
    /// Last day on which the operating system or one of the programs was changed.
    pub changed: Option<Spanned<Date>>,
    /// Card readers connected to it; absent is unknown.
    pub readers: Option<Spanned<Vec<Spanned<Reader>>>>,
    /// Client certificates installed on it; absent is unknown.
    pub certificates: Option<Spanned<Vec<Spanned<Certificate>>>>,
    /// Network interfaces.
    pub nics: Vec<Spanned<Nic>>,
    /// Whether it forwards packets between its interfaces; absent is no.
    pub forwarding: Option<Spanned<bool>>,
    /// Its own firewall; absent is unknown and treated as none.
    pub firewall: Option<Spanned<Firewall>>,
    /// A PPPoE session that it opens itself.
    pub pppoe: Option<Spanned<Pppoe>>,
    /// An IPsec tunnel that it ends itself.
    pub tunnel: Option<Spanned<Tunnel>>,
}

impl Machine {
    /// Whether the machine has this role.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.roles.iter().any(|written| written.value == role)
    }

    /// Whether the machine forwards packets between its interfaces.
    #[must_use]
    pub fn is_forwarding(&self) -> bool {
        self.forwarding.is_some_and(|written| written.value)
    }
}

/// A network interface of a machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Nic {
    /// Its name in the operating system.
    pub name: Option<Spanned<String>>,
    /// The zone it is plugged into.
    pub zone: Spanned<String>,
    /// IPv4 address.
    pub ipv4: Option<Spanned<Ipv4Addr>>,
    /// IPv6 address.
    pub ipv6: Option<Spanned<NicIpv6>>,
    /// Next hop of the default route.
    pub gateway: Option<Spanned<Hop>>,
    /// Further static routes.
    pub routes: Vec<Spanned<Route>>,
    /// Name servers set by hand: addresses, or routers that pass questions on.
    pub dns: Vec<Spanned<Hop>>,
}

impl Nic {
    /// Addresses that are written, with their places.
    pub fn fixed_addresses(&self) -> impl Iterator<Item = (IpAddr, Span)> {
        let ipv4 = self.ipv4.map(|address| (IpAddr::V4(address.value), address.span));
        let ipv6 = self.ipv6.and_then(|written| match written.value {
            NicIpv6::Address(address) => Some((IpAddr::V6(address), written.span)),
            NicIpv6::Ra => None,
        });
        ipv4.into_iter().chain(ipv6)
    }
}

/// How an interface gets IPv6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NicIpv6 {
    /// It makes its own address from router advertisements.
    Ra,
    /// A fixed address.
    Address(Ipv6Addr),
}

/// A static route.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// Where it leads.
    pub to: Spanned<RouteTarget>,
    /// Next hop.
    pub via: Spanned<Hop>,
}

/// Where a static route leads.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RouteTarget {
    /// Everywhere.
    Default,
    /// The prefix of this zone.
    Zone(String),
    /// A prefix.
    Prefix(Net),
}

/// A next hop.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Hop {
    /// The router of this name, at its address in the zone of the interface.
    Router(String),
    /// An address.
    Address(IpAddr),
}

/// The host firewall of a machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Firewall {
    /// None, or switched off.
    None,
    /// Nothing may open a session to the machine.
    InboundClosed,
    /// Closed but for some openings.
    Openings(FirewallOpenings),
}

/// A host firewall that is closed but for some openings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FirewallOpenings {
    /// What happens to the rest.
    pub inbound: Spanned<InboundDefault>,
    /// What may be opened.
    pub open: Vec<Spanned<PortSpec>>,
    /// Zones it may be opened from; empty is from everywhere.
    pub from: Vec<Spanned<String>>,
    /// Zones of the machine's own interfaces on which it may be opened; empty is on all, and
    /// inside sessions that the machine opens itself.
    pub on: Vec<Spanned<String>>,
}

/// A PPPoE session that a machine opens itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pppoe {
    /// Router that passes it through.
    pub through: Spanned<String>,
    /// Networks at its far end; empty is the claims net.
    pub to: Vec<Spanned<OutsideNet>>,
    /// Zone of the interface it leaves by; absent is the only one that reaches the router.
    pub zone: Option<Spanned<String>>,
    /// Where the password is kept.
    pub secret: Option<Spanned<Secret>>,
}

impl Pppoe {
    /// Networks at the far end; not empty.
    #[must_use]
    pub fn far_nets(&self) -> Vec<OutsideNet> {
        if self.to.is_empty() {
            return vec![OutsideNet::ClaimsNet];
        }
        self.to.iter().map(|written| written.value).collect()
    }
}

/// An IPsec tunnel that a machine ends itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tunnel {
    /// Router that passes it on.
    pub through: Spanned<String>,
    /// Address or name of the far end; absent is the peer of `[line]`.
    pub peer: Option<Spanned<String>>,
    /// Where the pre-shared key is kept.
    pub secret: Option<Spanned<Secret>>,
}

/// `[routers.NAME]`: a device that forwards and filters packets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Router {
    /// Its name.
    pub name: Spanned<String>,
    /// Which router of the reference document it is.
    pub role: Option<Spanned<RouterRole>>,
    /// Family of configuration languages.
    pub vendor: Option<Spanned<String>>,
    /// Product name.
    pub model: Option<Spanned<String>>,
    /// Firmware revision.
    pub firmware: Option<Spanned<String>>,
    /// Configuration files, relative to the site file.
    pub config: Vec<Spanned<String>>,
    /// Which zones hang on which port.
    pub ports: Vec<Port>,
    /// PPPoE sessions it ends itself.
    pub sessions: Vec<RouterSession>,
    /// Tunnel interfaces that are standing lines.
    pub tunnels: Vec<RouterTunnel>,
}

/// A port of a router.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port {
    /// Name of the interface in the configuration.
    pub name: Spanned<String>,
    /// Zones on it; not empty, more than one with VLANs.
    pub zones: Vec<Spanned<String>>,
}

/// A PPPoE session that a router ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouterSession {
    /// Name of the interface in the configuration.
    pub name: Spanned<String>,
    /// Network at its far end.
    pub net: Spanned<OutsideNet>,
}

/// A tunnel interface of a router that is a standing line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouterTunnel {
    /// Name of the interface in the configuration.
    pub name: Spanned<String>,
    /// Name of the standing line.
    pub standing: Spanned<String>,
}

/// `[relays.NAME]`: a device that passes frames on without routing them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Relay {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is.
    pub kind: Spanned<RelayKind>,
    /// Zones it joins; not empty.
    pub zones: Vec<Spanned<String>>,
    /// What it passes; empty is the default of its kind.
    pub passes: Vec<Spanned<Pass>>,
}

impl Relay {
    /// Whether it passes this kind of frame. Only a home gateway tells frames apart.
    #[must_use]
    pub fn is_passing(&self, frame: Pass) -> bool {
        self.kind.value != RelayKind::HomeGateway
            || self.passes.is_empty()
            || self.passes.iter().any(|pass| pass.value == Pass::All || pass.value == frame)
    }
}

/// `[standing.NAME]`: a line of somebody else into the site, such as remote maintenance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Its name.
    pub name: Spanned<String>,
    /// Router that ends it.
    pub router: Spanned<String>,
    /// Interface of that router.
    pub interface: Spanned<String>,
    /// What it is for.
    pub purpose: Spanned<String>,
    /// Who answers for it.
    pub owner: Spanned<String>,
    /// IPv4 prefix of the far side.
    pub ipv4: Option<Spanned<Net>>,
    /// IPv6 prefix of the far side.
    pub ipv6: Option<Spanned<Net>>,
}

/// `[destinations.NAME]`: somewhere outside that the site may reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// Its name.
    pub name: Spanned<String>,
    /// Network it is on.
    pub net: Spanned<OutsideNet>,
    /// Its addresses.
    pub addresses: Vec<Spanned<Net>>,
    /// Its host names.
    pub hosts: Vec<Spanned<String>>,
    /// What is opened to it; not empty.
    pub ports: Vec<Spanned<PortSpec>>,
}

/// `[[service]]`: who uses what inside the site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// The whole entry.
    pub span: Span,
    /// Machine or zone that opens the session.
    pub from: Spanned<String>,
    /// Machine or zone that answers.
    pub to: Spanned<String>,
    /// What is used; not empty.
    pub uses: Vec<Spanned<Use>>,
}

/// `[[assumption]]`: how the site reads a sentence that the reference document leaves open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assumption {
    /// The whole entry.
    pub span: Span,
    /// Its identifier.
    pub id: Spanned<String>,
    /// The reading.
    pub reading: Spanned<String>,
    /// Why it is read so.
    pub reason: Spanned<String>,
    /// Who decided.
    pub by: Spanned<String>,
    /// When.
    pub on: Spanned<Date>,
}

/// `[[waiver]]`: a finding that is accepted for a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiver {
    /// The whole entry.
    pub span: Span,
    /// Code or name of the rule.
    pub rule: Spanned<String>,
    /// Machine, zone, router or relay it is limited to.
    pub at: Option<Spanned<String>>,
    /// Why it is accepted.
    pub reason: Spanned<String>,
    /// Who accepts it.
    pub by: Spanned<String>,
    /// Last day it is accepted.
    pub until: Spanned<Date>,
}
