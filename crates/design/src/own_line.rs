//! The PPPoE session or tunnel that a machine ends itself, and the interface that carries it.

use diag::{Diagnostic, Span, text};
use model::{
    AddressSource, Family, Hop, Interface, InterfaceAddress, InterfaceIndex, InterfaceKind,
    NextHop, Node, NodeId, Origin, Peer, SegmentId, SegmentKind, ethertype,
};
use site::{Machine, Spanned};

use crate::blueprint::SessionLine;
use crate::build::Builder;
use crate::machine::default_route;
use crate::{contract, machine_tunnel, outside};

/// Gives machine `id` the PPPoE session or tunnel that it ends.
pub(crate) fn place(builder: &mut Builder<'_>, id: NodeId, written: &Machine) {
    if let Some(pppoe) = &written.pppoe {
        let wish = pppoe.value.zone.as_ref().map(|zone| zone.value.as_str());
        let far = pppoe.value.far_nets().into_iter().map(|net| builder.outside(net)).collect();
        let end = End { far, is_pppoe: true, span: pppoe.span };
        end_session(builder, id, written, (&pppoe.value.through, wish), end);
    }
    if let Some(tunnel) = &written.tunnel {
        let far = builder.outside(site::OutsideNet::EligibilityNet);
        let end = End { far: vec![far], is_pppoe: false, span: tunnel.span };
        end_session(builder, id, written, (&tunnel.value.through, None), end);
        let own = tunnel.value.peer.as_ref().map(|peer| contract::peer(&peer.value));
        let stated = builder.contract.as_ref().and_then(|contract| contract.peer.clone());
        let peer = own.or(stated).unwrap_or(Peer::Unknown);
        let span = tunnel.value.peer.as_ref().map_or(tunnel.span, |peer| peer.span);
        machine_tunnel::ends(builder, id, peer, Origin::Written(span));
    }
}

struct End {
    /// Not empty.
    far: Vec<NodeId>,
    is_pppoe: bool,
    span: Span,
}

fn end_session(
    builder: &mut Builder<'_>,
    id: NodeId,
    written: &Machine,
    (through, wish): (&Spanned<String>, Option<&str>),
    end: End,
) {
    let origin = Origin::Written(end.span);
    let found = carriers(builder, id, (&through.value, wish), end.is_pppoe);
    let Some(carrier) = found.first().copied() else {
        builder.diagnostics.push(no_carrier(written, through));
        return;
    };
    if found.len() > 1 {
        let diagnostic = open_carrier(builder.network.node(id), &found, &end);
        builder.diagnostics.push(diagnostic);
    }
    let net = builder.standins.ipv4(32);
    let index = InterfaceIndex(count(&builder.network.node(id).interfaces));
    let (name, kind, segment) = if end.is_pppoe {
        ("pppoe", InterfaceKind::Session { carrier }, SegmentKind::Session)
    } else {
        ("tunnel", InterfaceKind::Tunnel, SegmentKind::Tunnel)
    };
    let address =
        InterfaceAddress { source: AddressSource::Ipcp, net: Some(net), origin: origin.clone() };
    let device = builder.node_mut(id);
    device.interfaces.push(Interface {
        name: name.to_owned(),
        kind,
        enabled: true,
        addresses: vec![address],
        advertises: None,
        segment: None,
        origin: origin.clone(),
    });
    let far = end.far[0];
    if end.is_pppoe {
        let route = default_route(Family::V4, Hop::Interface(index), 500, origin.clone());
        device.routes.push(route);
        outside::connect(builder, (id, index), far, segment, origin);
        for other in &end.far[1..] {
            outside::join(builder, *other, (id, index));
        }
    }
    let through = builder.network.find(&through.value);
    builder.sessions.push(SessionLine {
        machine: id,
        interface: index,
        carrier,
        through,
        far,
        is_pppoe: end.is_pppoe,
        span: end.span,
    });
}

/// The interfaces of the machine by which it can leave, in an order of their own: those that stand
/// where the router does, and of several those that lead on. One of them, unless that is open.
fn carriers(
    builder: &Builder<'_>,
    id: NodeId,
    (through, wish): (&str, Option<&str>),
    is_pppoe: bool,
) -> Vec<InterfaceIndex> {
    let Some(router) = builder.network.find(through) else { return Vec::new() };
    let (router, machine) = (builder.network.node(router), builder.network.node(id));
    let wanted = wish.and_then(|zone| builder.zone(zone));
    let stands_there = |interface: &Interface| {
        interface.segment.is_some()
            && (wish.is_none() || interface.segment == wanted)
            && router.interfaces.iter().any(|port| port.segment == interface.segment)
    };
    let mut beside: Vec<InterfaceIndex> = machine
        .interfaces()
        .filter(|(_, interface)| stands_there(interface))
        .map(|(index, _)| index)
        .collect();
    let leading: Vec<InterfaceIndex> = beside
        .iter()
        .copied()
        .filter(|index| match is_pppoe {
            true => passes_pppoe(router, machine.interface(*index).segment),
            false => has_gateway(machine, *index),
        })
        .collect();
    if !leading.is_empty() {
        beside = leading;
    }
    // The order of the file must not decide anything; one without an address is hardly in use.
    beside.sort_by_key(|index| {
        let interface = machine.interface(*index);
        let zone = interface.segment.map(|segment| builder.network.segment(segment).name.as_str());
        let address = interface.addresses.first().and_then(|one| one.net);
        (zone, address.is_none(), interface.name.as_str(), address)
    });
    // Frames leave the same wire whichever interface they come from.
    beside.dedup_by_key(|index| machine.interface(*index).segment);
    beside
}

/// Whether the router passes frames of PPPoE sessions from `segment` to another one.
fn passes_pppoe(router: &Node, segment: Option<SegmentId>) -> bool {
    router.relays.iter().any(|relay| {
        let mut ports = relay.ports.iter().map(|port| router.interface(*port).segment);
        relay.ethertypes.contains(ethertype::PPPOE_SESSION) && ports.any(|port| port == segment)
    })
}

/// Whether a default route of the machine leaves by `interface`.
fn has_gateway(machine: &Node, interface: InterfaceIndex) -> bool {
    let leaves = |hop: &NextHop| match hop.hop {
        Hop::AddressOn(_, by) | Hop::Learned(by) | Hop::Interface(by) => by == interface,
        _ => false,
    };
    let mut routes = machine.routes.iter().filter(|route| route.prefix.length() == 0);
    routes.any(|route| route.hops.iter().any(leaves))
}

fn no_carrier(written: &Machine, through: &Spanned<String>) -> Diagnostic {
    let headline = text!(
        ja: "`{machine}` には `{router}` と同じゾーンの NIC がありません",
        en: "`{machine}` has no interface in a zone of `{router}`",
        machine = written.name.value, router = through.value,
    );
    Diagnostic::error("T106", headline).at(through.span).advise(text!(
        ja: "セッションを張る NIC のゾーンか、`through` のルータを直してください",
        en: "correct the zone of the interface that carries the session, or the router",
    ))
}

/// Several interfaces can carry it: by which of them it goes is not written.
fn open_carrier(machine: &Node, carriers: &[InterfaceIndex], end: &End) -> Diagnostic {
    let names = carriers.iter().map(|index| format!("`{}`", machine.interface(*index).name));
    let headline = text!(
        ja: "`{machine}` のどの NIC からルータへ出るか決まりません: {names}",
        en: "by which interface `{machine}` goes to the router is open: {names}",
        machine = machine.name, names = names.collect::<Vec<String>>().join(", "),
    );
    let found = Diagnostic::error("T136", headline).at(end.span).because(text!(
        ja: "ひとつに決まるまで、ネットワークの要件は証明しません",
        en: "until it is one of them, nothing is proved about the network",
    ));
    found.advise(match end.is_pppoe {
        true => text!(
            ja: "セッションを張る NIC のゾーンを、`pppoe` の `zone` に書いてください",
            en: "write the zone of the interface that carries the session as `zone` of `pppoe`",
        ),
        false => text!(
            ja: "トンネルに使う NIC だけに `gateway` を書いてください",
            en: "write `gateway` at the interface only by which the tunnel goes",
        ),
    })
}

fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
