//! On which interface a next hop stands that no connected network holds.

use std::net::IpAddr;

use crate::{Hop, InterfaceIndex, Net, NextHop, Node, Origin, Route};

impl Node {
    /// Every next hop, of routes and of policy routes.
    pub fn next_hops(&self) -> impl Iterator<Item = &NextHop> {
        let policy = self.policy_routes.iter().map(|policy| &policy.hop);
        self.routes.iter().flat_map(|route| &route.hops).chain(policy)
    }

    /// Puts next hops that no connected network holds on the interface to which a route for them
    /// leads straight, as to the other end of a point-to-point interface. Those are returned of
    /// which it stays open what the device does: no route leads straight to them, or one that
    /// `is_certain` does not vouch for.
    pub fn settle_next_hops(
        &mut self,
        is_certain: impl Fn(&Route) -> bool,
    ) -> Vec<(IpAddr, Origin)> {
        let mut open = Vec::new();
        let mut settled: Vec<(IpAddr, InterfaceIndex, bool)> = Vec::new();
        for hop in self.next_hops() {
            let Hop::Address(address) = hop.hop else { continue };
            if self.is_connected_to(address) {
                continue;
            }
            let straight = self.straight_to(address);
            settled.extend(straight.map(|(_, to, may_vanish)| (address, to, may_vanish)));
            if !straight.is_some_and(|(route, ..)| is_certain(route)) {
                open.push((address, hop.origin.clone()));
            }
        }
        for (address, interface, may_vanish) in settled {
            let policy = self.policy_routes.iter_mut().map(|policy| &mut policy.hop);
            let routes = self.routes.iter_mut().flat_map(|route| &mut route.hops);
            for hop in routes.chain(policy).filter(|hop| hop.hop == Hop::Address(address)) {
                hop.hop = Hop::AddressOn(address, interface);
                hop.may_vanish |= may_vanish;
            }
        }
        open
    }

    /// Whether a network of this node holds `address`, be its interface switched on or not.
    fn is_connected_to(&self, address: IpAddr) -> bool {
        let own = self.interfaces.iter().flat_map(|interface| &interface.addresses);
        own.filter_map(|own| own.net).any(|net: Net| net.contains(address))
    }

    /// The best route for `address` with its interface, if it leads straight to one and nowhere
    /// else, and whether it goes away with that interface.
    fn straight_to(&self, address: IpAddr) -> Option<(&Route, InterfaceIndex, bool)> {
        let holding = self.routes.iter().filter(|route| route.prefix.contains(address));
        let length = holding.clone().map(|route| route.prefix.length()).max()?;
        let mut best = holding
            .filter(|route| route.prefix.length() == length)
            .flat_map(|route| route.hops.iter().map(move |hop| (route, hop)));
        let (route, hop) = best.next()?;
        match (hop, best.next()) {
            (NextHop { hop: Hop::Interface(to), guard: None, may_vanish, .. }, None) => {
                Some((route, *to, *may_vanish))
            }
            _ => None,
        }
    }
}
