//! The tunnels of an IPsec line, as rules need to ask about them.

use std::net::IpAddr;

use design::LineTunnel;
use diag::text;
use model::{
    ESP, Family, Hop, IKE, InterfaceIndex, Match, NAT_TRAVERSAL, NodeId, NodeKind, Origin, Peer,
    Ranges, SecurityStep, StepKind, Tunnel, protocol,
};
use reach::Way;

use crate::Scene;
use crate::guilt::{Guilt, Suspect};

/// The last stretch of a way to the outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stretch {
    /// Inside the tunnel of the line.
    Line,
    /// Inside this other tunnel.
    Other(NodeId, InterfaceIndex),
    /// In clear.
    Clear,
}

impl Scene<'_> {
    /// The tunnel of the line that `one` names.
    pub(crate) fn line_tunnel(&self, one: &LineTunnel) -> &Tunnel {
        self.node(one.node).tunnel(one.tunnel)
    }

    /// How the packets of `way` went on its last stretch.
    pub(crate) fn last_stretch(&self, way: &[Way]) -> Stretch {
        let sent = way.iter().rev().find_map(|step| match step.kind {
            StepKind::Sent(interface) => Some((step.node, interface)),
            _ => None,
        });
        let Some((node, interface)) = sent else { return Stretch::Clear };
        let Some(tunnel) = self.node(node).tunnel_at(interface) else { return Stretch::Clear };
        if self.blueprint.line_tunnels.contains(&LineTunnel { node, tunnel }) {
            Stretch::Line
        } else {
            Stretch::Other(node, interface)
        }
    }

    /// Addresses of the contracted peer, and whether they are known; where none is stated, those
    /// at the far ends of the line's tunnels.
    pub(crate) fn peers(&self) -> (Vec<IpAddr>, bool) {
        if let Some(contract) = &self.blueprint.contract
            && !contract.addresses.is_empty()
        {
            return (contract.addresses.clone(), true);
        }
        let mut found = Vec::new();
        let mut is_known = true;
        for one in &self.blueprint.line_tunnels {
            let addresses = self.peer_addresses(self.line_tunnel(one));
            is_known &= !addresses.is_empty();
            found.extend(addresses);
        }
        found.sort_unstable();
        found.dedup();
        (found, is_known)
    }

    /// Addresses of the far end of `tunnel`, as far as they are known.
    pub(crate) fn peer_addresses(&self, tunnel: &Tunnel) -> Vec<IpAddr> {
        match &tunnel.peer {
            Peer::Address(address) => vec![*address],
            Peer::Name(name) => {
                let listed = self.blueprint.catalogue.destinations.iter();
                let named = listed
                    .filter(|one| one.hosts.iter().any(|host| host.eq_ignore_ascii_case(name)));
                named
                    .flat_map(|one| &one.addresses)
                    .filter(|net| net.length() == net.family().bits())
                    .map(|net| net.address())
                    .collect()
            }
            Peer::Any | Peer::Unknown => Vec::new(),
        }
    }

    /// Who let the packet of `way` out in clear: a route that vanished while the tunnel was down,
    /// a list at the way out, or else the route that leads there.
    pub(crate) fn who_leaked(&self, way: &[Way]) -> Guilt {
        let gone = way.iter().find_map(|step| self.gone(step));
        let list = self.who_let_out(way);
        let route = way.iter().rev().find_map(|step| self.route_line(step));
        let is_passed = way
            .iter()
            .rev()
            .any(|step| matches!(step.kind, StepKind::Permitted(..) | StepKind::Relayed(..)));
        let all = match (gone, route) {
            (Some(gone), route) => vec![Some(gone), list.primary.clone(), route],
            (None, Some(route)) if !is_passed => vec![Some(route), list.primary.clone()],
            (None, route) => vec![list.primary.clone(), route],
        };
        let mut found: Vec<Suspect> = Vec::new();
        for suspect in all.into_iter().flatten().chain(list.others) {
            let is_known = found.iter().any(|one| one.span == suspect.span);
            if !is_known {
                found.push(suspect);
            }
        }
        let primary = (!found.is_empty()).then(|| found.remove(0));
        Guilt { primary, others: found }
    }

    /// What is out of use on the way while a tunnel is down.
    fn gone(&self, step: &Way) -> Option<Suspect> {
        let node = self.node(step.node);
        let origin = match step.kind {
            StepKind::Vanished(route, hop) => {
                let hop = &node.routes[route].hops[hop];
                let is_door = matches!(hop.hop, Hop::Interface(on) if node.tunnel_at(on).is_some());
                is_door.then_some(&hop.origin)?
            }
            StepKind::PolicyVanished(place) => {
                let hop = &node.policy_routes[place].hop;
                let is_door = matches!(hop.hop, Hop::Interface(on) if node.tunnel_at(on).is_some());
                is_door.then_some(&hop.origin)?
            }
            StepKind::Secured(SecurityStep::Absent(place)) => &node.security_policies[place].origin,
            _ => return None,
        };
        // What a machine's own tunnel software does is not written in any line.
        if node.kind == NodeKind::Machine {
            return None;
        }
        let text = text!(
            ja: "トンネルが切れている間、この行は働きません",
            en: "this line is out of use while the tunnel is down",
        );
        Some(Suspect::of(origin, text))
    }

    fn route_line(&self, step: &Way) -> Option<Suspect> {
        let node = self.node(step.node);
        let origin: &Origin = match step.kind {
            StepKind::Routed(route, hop) => {
                let route = &node.routes[route];
                route.hops.get(hop).map_or(&route.origin, |hop| &hop.origin)
            }
            StepKind::PolicyRouted(place) => &node.policy_routes[place].origin,
            StepKind::Secured(SecurityStep::Bypassed(place)) => {
                &node.security_policies[place].origin
            }
            _ => return None,
        };
        if node.kind == NodeKind::Machine {
            return None;
        }
        let text = text!(
            ja: "この行がトンネルの外へ送ります",
            en: "this line sends it past the tunnel",
        );
        Some(Suspect::of(origin, text))
    }
}

/// Outer packets of a tunnel to `peers` of `family`: key exchange, and what carries the protected
/// packets.
pub(crate) fn outer_packets(peers: &[IpAddr], family: Family) -> Vec<Match> {
    let own = peers.iter().filter(|peer| Family::of(**peer) == family);
    let own: Vec<(u128, u128)> =
        own.map(|peer| (Family::number(*peer), Family::number(*peer))).collect();
    if own.is_empty() {
        return Vec::new();
    }
    shapes(Match { destination: Some(Ranges::of(own)), ..Match::family(family) })
}

/// Packets of `among` that look like outer packets.
pub(crate) fn shapes(among: Match) -> Vec<Match> {
    let esp = Match { protocol: Some(Ranges::one(ESP)), ..among.clone() };
    let udp = [IKE, NAT_TRAVERSAL].map(|port| Match {
        protocol: Some(Ranges::one(protocol::UDP)),
        destination_port: Some(Ranges::one(port)),
        ..among.clone()
    });
    std::iter::once(esp).chain(udp).collect()
}
