//! Machines: interfaces, routes, the firewall of the host, and the sessions that they end.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use diag::Span;

use crate::{
    App, Base, Certificate, Date, InboundDefault, Net, OutsideNet, PortSpec, Reader, Role, Secret,
    Spanned,
};

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
    pub readers: Option<Spanned<Vec<Spanned<CardReader>>>>,
    /// Client certificates installed on it; absent is unknown.
    pub certificates: Option<Spanned<Vec<Spanned<Certificate>>>>,
    /// Network interfaces.
    pub nics: Vec<Spanned<Nic>>,
    /// Whether it forwards packets between its interfaces; absent is unknown.
    pub forwarding: Option<Spanned<bool>>,
    /// Its own firewall; absent is unknown.
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
    /// IPv6 address; absent where nothing is said of IPv6.
    pub ipv6: Option<Spanned<NicIpv6>>,
    /// Next hop of the default route.
    pub gateway: Option<Spanned<Hop>>,
    /// Further static routes.
    pub routes: Vec<Spanned<Route>>,
    /// Name servers set by hand: addresses, or routers that pass questions on; absent is unknown.
    pub dns: Option<Spanned<Vec<Spanned<Hop>>>>,
}

impl Nic {
    /// Name servers that are written.
    pub fn name_servers(&self) -> impl Iterator<Item = &Spanned<Hop>> {
        self.dns.iter().flat_map(|written| &written.value)
    }

    /// Addresses that are written, with their places.
    pub fn fixed_addresses(&self) -> impl Iterator<Item = (IpAddr, Span)> {
        let ipv4 = self.ipv4.map(|address| (IpAddr::V4(address.value), address.span));
        let ipv6 = self.ipv6.and_then(|written| match written.value {
            NicIpv6::Address(address) => Some((IpAddr::V6(address), written.span)),
            NicIpv6::Ra | NicIpv6::Off => None,
        });
        ipv4.into_iter().chain(ipv6)
    }
}

/// How an interface gets IPv6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NicIpv6 {
    /// It makes its own address from router advertisements.
    Ra,
    /// IPv6 is switched off on it.
    Off,
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

/// A card reader of a machine.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CardReader {
    /// One of this kind.
    Kind(Reader),
    /// One of this model; a pack says of which kind it is.
    Model(String),
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
    /// Networks at the far end, each once; not empty.
    #[must_use]
    pub fn far_nets(&self) -> Vec<OutsideNet> {
        if self.to.is_empty() {
            return vec![OutsideNet::ClaimsNet];
        }
        let nets: BTreeSet<OutsideNet> = self.to.iter().map(|written| written.value).collect();
        nets.into_iter().collect()
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
