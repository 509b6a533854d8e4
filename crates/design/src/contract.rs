//! The tunnel of an IPsec line: who ends it inside, and who should be at its other end.

use std::net::IpAddr;

use diag::Span;
use model::{InterfaceIndex, Net, Node, Peer};
use site::{Endpoint, LineKind, Site};

/// What is agreed about the tunnel of an IPsec line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contract {
    /// What ends it inside.
    pub endpoint: Endpoint,
    /// The other end that the site file states.
    pub peer: Option<Peer>,
    /// Addresses of that end: the one that is stated, or those of the destination whose host name
    /// is stated; none if they are not known.
    pub addresses: Vec<IpAddr>,
    /// Where the site file speaks of it.
    pub span: Span,
}

/// The contract of `site`, if its line is an IPsec line.
pub(crate) fn of(site: &Site) -> Option<Contract> {
    let line = site.line.as_ref()?;
    if line.value.kind.value != LineKind::Ipsec {
        return None;
    }
    let endpoint = line.value.endpoint.as_ref()?.value;
    let written = line.value.peer.as_ref();
    let peer = written.map(|peer| self::peer(&peer.value));
    let addresses = peer.as_ref().map(|peer| addresses(site, peer)).unwrap_or_default();
    let span = written.map_or(line.span, |peer| peer.span);
    Some(Contract { endpoint, peer, addresses, span })
}

/// The end of a tunnel called `word`.
pub(crate) fn peer(word: &str) -> Peer {
    match word.parse() {
        Ok(address) => Peer::Address(address),
        Err(_) => Peer::Name(word.to_ascii_lowercase()),
    }
}

/// Addresses of `peer`, as far as the site file tells.
pub(crate) fn addresses(site: &Site, peer: &Peer) -> Vec<IpAddr> {
    match peer {
        Peer::Address(address) => vec![*address],
        Peer::Name(name) => site
            .destinations
            .iter()
            .filter(|one| one.hosts.iter().any(|host| host.value.eq_ignore_ascii_case(name)))
            .flat_map(|one| &one.addresses)
            .map(|net| crate::build::model_net(&net.value))
            .filter(|net| net.length() == net.family().bits())
            .map(Net::address)
            .collect(),
        Peer::Any | Peer::Unknown => Vec::new(),
    }
}

/// A tunnel of a router: its place among the routers, and its door.
pub(crate) type Door = (usize, InterfaceIndex);

/// The tunnels of `routers` that carry the line: those to the stated peer; if there is none, the
/// only one whose far end is not declared otherwise.
pub(crate) fn doors(site: &Site, routers: &[Node], contract: &Contract) -> Vec<Door> {
    if contract.endpoint != Endpoint::Router {
        return Vec::new();
    }
    let mut candidates: Vec<(Door, &Peer)> = Vec::new();
    for (place, (node, written)) in routers.iter().zip(&site.routers).enumerate() {
        for tunnel in &node.tunnels {
            let interface = node.interface(tunnel.interface);
            let is_declared = written.tunnels.iter().any(|one| one.name.value == interface.name)
                || site.standing.iter().any(|line| {
                    line.router.value == written.name.value
                        && line.interface.value == interface.name
                });
            if interface.enabled && !is_declared {
                candidates.push(((place, tunnel.interface), &tunnel.peer));
            }
        }
    }
    let agreed = candidates.iter().filter(|(_, peer)| is_agreed(contract, peer) == Some(true));
    let agreed: Vec<Door> = agreed.map(|(door, _)| *door).collect();
    match (agreed.is_empty(), &candidates[..]) {
        (false, _) => agreed,
        (true, [(door, _)]) => vec![*door],
        (true, _) => Vec::new(),
    }
}

/// Whether `peer` is the one of the contract; `None` if that cannot be told.
#[must_use]
pub fn is_agreed(contract: &Contract, peer: &Peer) -> Option<bool> {
    let stated = contract.peer.as_ref()?;
    match (stated, peer) {
        (_, Peer::Any | Peer::Unknown) => Some(false),
        (Peer::Address(stated), Peer::Address(found)) => Some(stated == found),
        (Peer::Name(stated), Peer::Name(found)) if stated == found => Some(true),
        (Peer::Name(_), Peer::Address(found)) if !contract.addresses.is_empty() => {
            Some(contract.addresses.contains(found))
        }
        // Two names may be of one host, and a name may have any address.
        _ => None,
    }
}
