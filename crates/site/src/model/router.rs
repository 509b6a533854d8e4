//! Routers, relays, and the lines of somebody else into the site.

use std::collections::BTreeSet;

use crate::{Net, OutsideNet, Pass, RelayKind, RouterRole, Spanned};

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
    /// PPPoE sessions it ends itself, and tunnels in clear to the Internet.
    pub sessions: Vec<RouterSession>,
    /// Tunnel interfaces that are standing lines.
    pub tunnels: Vec<RouterTunnel>,
}

impl Router {
    /// Whether its configuration files are those of `other`; there is one at least.
    #[must_use]
    pub fn has_config_of(&self, other: &Self) -> bool {
        let names = |router: &Self| -> BTreeSet<String> {
            router.config.iter().map(|one| one.value.clone()).collect()
        };
        !self.config.is_empty() && names(self) == names(other)
    }
}

/// A port of a router.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port {
    /// Name of the interface in the configuration.
    pub name: Spanned<String>,
    /// Zones on it; not empty, more than one with VLANs.
    pub zones: Vec<Spanned<String>>,
}

/// A PPPoE session that a router ends, or a tunnel in clear to the Internet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouterSession {
    /// Name of the interface in the configuration.
    pub name: Spanned<String>,
    /// Networks at its far end; not empty.
    pub to: Vec<Spanned<OutsideNet>>,
}

impl RouterSession {
    /// Networks at the far end, each once.
    pub fn far_nets(&self) -> impl Iterator<Item = OutsideNet> {
        let nets: BTreeSet<OutsideNet> = self.to.iter().map(|written| written.value).collect();
        nets.into_iter()
    }
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
