//! An IPsec tunnel that a machine ends itself.

use std::net::IpAddr;

use model::{
    Encapsulation, Family, Hop, InterfaceKind, Net, NextHop, NodeId, Origin, Peer, Route, Tunnel,
};

use crate::build::Builder;
use crate::{contract, outside};

/// Preference of the routes that the tunnel software sets: before those of the interfaces.
const PREFERENCE: u32 = 2_000;

/// Makes the last interface of machine `id` the door of a tunnel to `peer`: everything goes
/// through it while it is up, but for the outer packets and the networks of the interfaces.
pub(crate) fn ends(builder: &mut Builder<'_>, id: NodeId, peer: Peer, origin: Origin) {
    let device = builder.network.node(id);
    let door = device.interfaces().last().filter(|(_, one)| one.kind == InterfaceKind::Tunnel);
    let Some((door, _)) = door else { return };
    let addresses = contract::addresses(builder.site, &peer);
    let ways = addresses.iter().filter_map(|address| way_out(builder, id, *address));
    let ways: Vec<Route> = ways.collect();
    let tunnel = Tunnel {
        name: builder.network.node(id).interface(door).name.clone(),
        interface: door,
        carrier: None,
        local: None,
        peer,
        selectors: None,
        encapsulation: Encapsulation::Negotiated,
        doubt: None,
        origin: origin.clone(),
    };
    let device = builder.node_mut(id);
    device.tunnels.push(tunnel);
    device.routes.extend(ways);
    let hop = NextHop {
        hop: Hop::Interface(door),
        guard: None,
        may_vanish: true,
        origin: origin.clone(),
    };
    device.routes.push(Route {
        prefix: Net::all(Family::V4),
        hops: vec![hop],
        preference: PREFERENCE,
        origin: origin.clone(),
    });
    outside::carry_line(builder, (id, door), origin);
}

/// The route to the peer's `address` around the tunnel: as the machine routes it without one.
fn way_out(builder: &Builder<'_>, id: NodeId, address: IpAddr) -> Option<Route> {
    let routes = &builder.network.node(id).routes;
    let best = routes
        .iter()
        .filter(|route| route.prefix.contains(address))
        .max_by_key(|route| (route.prefix.length(), route.preference))?;
    Some(Route { prefix: Net::host(address), preference: PREFERENCE, ..best.clone() })
}
