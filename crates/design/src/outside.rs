//! The networks outside: one node each, and where they touch the site.

use model::{
    Family, Interface, InterfaceIndex, InterfaceKind, Net, Node, NodeId, NodeKind, Origin,
    SegmentId, SegmentKind,
};
use site::{AccessMethod, LineKind, OutsideNet};

use crate::blueprint::LineTunnel;
use crate::build::Builder;

/// The name of an outside network.
pub(crate) fn name(net: OutsideNet) -> &'static str {
    match net {
        OutsideNet::EligibilityNet => "eligibility-net",
        OutsideNet::ClaimsNet => "claims-net",
        OutsideNet::Internet => "internet",
    }
}

/// Declares the three outside networks and puts those on the line that stand there.
///
/// The Internet always stands on the line: that a carrier keeps it away is not for the site to
/// prove, so an attacker is assumed on the far side of the ONU.
pub(crate) fn declare(builder: &mut Builder<'_>) {
    let origin = builder.place();
    let line = builder.site.line.as_ref().map(|line| &line.value);
    let is_ip_vpn = line.is_none_or(|line| line.kind.value == LineKind::IpVpn);
    let is_ipoe = |method: Option<AccessMethod>| method == Some(AccessMethod::Ipoe);
    let eligibility = line.and_then(|line| line.eligibility.as_ref()).map(|word| word.value);
    let claims = line.and_then(|line| line.claims.as_ref()).map(|word| word.value);
    for (net, is_on_line) in [
        (OutsideNet::EligibilityNet, is_ip_vpn && is_ipoe(eligibility)),
        (OutsideNet::ClaimsNet, is_ip_vpn && is_ipoe(claims)),
        (OutsideNet::Internet, true),
    ] {
        let node = Node::new(name(net), NodeKind::Outside, origin.clone());
        let id = builder.add(node);
        builder.parties.outside.push(id);
        if let Some(segment) = builder.parties.line.filter(|_| is_on_line) {
            attach(builder, id, "line", InterfaceKind::Port, segment);
        }
    }
}

/// Declares the far side of a standing line, or finds it.
///
/// A router or machine of that name is not the far side: whoever stands there would be lost.
pub(crate) fn far_side(builder: &mut Builder<'_>, name: &str, origin: Origin) -> NodeId {
    let mut outside = builder.parties.outside.iter();
    if let Some(known) = outside.find(|id| builder.network.node(**id).name == name) {
        return *known;
    }
    let id = builder.add(Node::new(name, NodeKind::Outside, origin));
    builder.parties.outside.push(id);
    id
}

/// Gives `node` an interface on `segment`.
pub(crate) fn attach(
    builder: &mut Builder<'_>,
    node: NodeId,
    name: &str,
    kind: InterfaceKind,
    segment: SegmentId,
) -> InterfaceIndex {
    let origin = builder.network.segment(segment).origin.clone();
    let interfaces = &mut builder.node_mut(node).interfaces;
    let index = InterfaceIndex(u32::try_from(interfaces.len()).unwrap_or(u32::MAX));
    interfaces.push(Interface {
        name: name.to_owned(),
        kind,
        enabled: true,
        addresses: Vec::new(),
        advertises: None,
        segment: Some(segment),
        origin,
    });
    index
}

/// Gives `far` an interface on the segment of `interface` of `node`, which is connected already.
pub(crate) fn join(
    builder: &mut Builder<'_>,
    far: NodeId,
    (node, interface): (NodeId, InterfaceIndex),
) {
    let device = builder.network.node(node);
    let name = format!("{} {}", device.name, device.interface(interface).name);
    let Some(segment) = device.interface(interface).segment else { return };
    let end = end_of(builder.network.segment(segment).kind);
    attach(builder, far, &name, end, segment);
}

/// Connects the door `interface` of `node` with the closed networks, which stand behind the
/// tunnel of an IPsec line.
pub(crate) fn carry_line(
    builder: &mut Builder<'_>,
    (node, interface): (NodeId, InterfaceIndex),
    origin: Origin,
) {
    let eligibility = builder.outside(OutsideNet::EligibilityNet);
    let claims = builder.outside(OutsideNet::ClaimsNet);
    connect(builder, (node, interface), eligibility, SegmentKind::Tunnel, origin);
    let device = builder.network.node(node);
    let door = device.interface(interface);
    let (name, segment) = (format!("{} {}", device.name, door.name), door.segment);
    if let Some(segment) = segment {
        attach(builder, claims, &name, InterfaceKind::Tunnel, segment);
    }
    if let Some(tunnel) = builder.network.node(node).tunnel_at(interface) {
        builder.line_tunnels.push(LineTunnel { node, tunnel });
    }
}

/// Connects `interface` of `node` with `far` by a segment of its own.
pub(crate) fn connect(
    builder: &mut Builder<'_>,
    (node, interface): (NodeId, InterfaceIndex),
    far: NodeId,
    kind: SegmentKind,
    origin: Origin,
) {
    let device = builder.network.node(node);
    let name = format!("{} {}", device.name, device.interface(interface).name);
    let nets: Vec<Net> = Family::ALL.map(Net::all).to_vec();
    let segment = builder.segment(name.clone(), kind, nets, origin);
    let place = interface.0 as usize;
    builder.node_mut(node).interfaces[place].segment = Some(segment);
    attach(builder, far, &name, end_of(kind), segment);
}

/// The interface with which a far side stands on a segment of `kind`.
fn end_of(kind: SegmentKind) -> InterfaceKind {
    match kind {
        SegmentKind::Session => InterfaceKind::Session { carrier: InterfaceIndex(0) },
        _ => InterfaceKind::Tunnel,
    }
}
