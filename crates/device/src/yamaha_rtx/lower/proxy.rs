//! `ip IF proxyarp on`: the router answers ARP for addresses to which it has a way elsewhere.

use std::net::IpAddr;

use model::{Family, Hop, InterfaceIndex, Node, Origin, Proxy, Ranges, Route};

use super::Lowering;

impl Lowering<'_> {
    /// For whom the router answers on which interface: for each address that one of its routes may
    /// lead to by another interface.
    ///
    /// # Shape
    /// That is the widest that the word can mean. Pages of the vendor use it for addresses of
    /// remote users in the network of a LAN.
    pub(super) fn proxies(&mut self) {
        for (name, line) in self.settings.proxy_arp.clone() {
            let Some(interface) = self.interface(name) else { continue };
            self.node.proxies.push(Proxy {
                interface,
                family: Family::V4,
                addresses: elsewhere(&self.node, interface),
                origin: Origin::Written(line),
            });
        }
    }
}

/// Addresses of IPv4 to which `node` has a way that does not leave by `interface`.
fn elsewhere(node: &Node, interface: InterfaceIndex) -> Ranges {
    let routes = node.routes.iter().filter(|route| route.prefix.family() == Family::V4);
    let mut routes: Vec<(u8, bool, &Route)> = routes
        .map(|route| {
            let mut hops = route.hops.iter();
            (route.prefix.length(), hops.any(|hop| leads_away(node, interface, hop.hop)), route)
        })
        .collect();
    // Longer prefixes have the last word, and of equal ones those that lead away.
    routes.sort_by_key(|(length, is_away, _)| (*length, *is_away));
    let mut found = Ranges::none();
    for (_, is_away, route) in routes {
        let here = route.prefix.prefix().ranges();
        if is_away {
            found = found.union(&here);
        } else if !route.hops.is_empty() && !route.hops.iter().any(|hop| hop.may_vanish) {
            found = found.intersection(&here.complement(Family::V4.top()));
        }
    }
    let own = node.interface(interface).addresses.iter().filter_map(|one| one.net);
    let own = own.filter(|net| net.family() == Family::V4).map(|net| Family::number(net.address()));
    let own = Ranges::of(own.map(|address| (address, address)));
    found.intersection(&own.complement(Family::V4.top()))
}

/// Whether packets for `hop` may leave by another interface than `interface`.
fn leads_away(node: &Node, interface: InterfaceIndex, hop: Hop) -> bool {
    match hop {
        Hop::Interface(to) | Hop::Learned(to) | Hop::AddressOn(_, to) => to != interface,
        Hop::Address(address) => !is_connected(node, interface, address),
        Hop::Discard => false,
    }
}

fn is_connected(node: &Node, interface: InterfaceIndex, address: IpAddr) -> bool {
    let mut nets = node.interface(interface).addresses.iter().filter_map(|one| one.net);
    nets.any(|net| net.contains(address))
}
