//! Services that the site file names, and what of a packet's ways belongs to none of them.

use design::Flow;
use model::{Family, Match, NodeId, Outcome};
use packet_set::{Cube, Field};
use reach::{Leaf, Prepared};

use crate::Scene;

/// A service that the site file names, for packets of one family.
pub(crate) struct Named {
    to: NodeId,
    family: Family,
    packets: Prepared,
}

/// What the site file names from `machine` to other machines.
fn services<'a>(scene: &Scene<'a>, machine: NodeId) -> impl Iterator<Item = &'a Flow> {
    let flows = scene.blueprint.services.iter();
    flows.filter(move |flow| flow.from == machine)
}

/// `machines`, those together from which the site file names the same services.
pub(crate) fn by_services(
    scene: &Scene<'_>,
    machines: impl IntoIterator<Item = NodeId>,
) -> Vec<Vec<NodeId>> {
    let own = |machine: NodeId| services(scene, machine).map(|flow| (flow.to, &flow.ports));
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    for machine in machines {
        let is_alike =
            |group: &&mut Vec<NodeId>| group.iter().take(1).any(|one| own(*one).eq(own(machine)));
        match groups.iter_mut().find(is_alike) {
            Some(alike) => alike.push(machine),
            None => groups.push(vec![machine]),
        }
    }
    groups
}

/// The services that the site file names from `machine` to other machines.
pub(crate) fn named(scene: &Scene<'_>, machine: NodeId) -> Vec<Named> {
    let mut named = Vec::new();
    for flow in services(scene, machine) {
        for family in Family::ALL {
            named.extend(flow.ports.iter().filter_map(|ports| {
                let (protocol, destination_port) = ports.ranges(family);
                let one =
                    Match { family: Some(family), protocol, destination_port, ..Match::default() };
                let packets = Prepared::new(family, &one)?;
                Some(Named { to: flow.to, family, packets })
            }));
        }
    }
    named
}

/// The part of the packets of `leaf` that belongs to no named service of the server that they
/// come to. What counts is how they arrive: an address may be translated on the way.
pub(crate) fn unnamed(named: &[Named], leaf: &Leaf) -> Vec<Cube> {
    let Outcome::Delivered(server) = leaf.outcome else { return vec![leaf.sent] };
    let own = named.iter().filter(|one| one.to == server && one.family == leaf.family);
    as_arrived(leaf, |arrived| {
        own.clone().fold(vec![arrived], |rest, one| one.packets.without(rest))
    })
}

/// The packets of `leaf`, as sent, of which `test` leaves something; it is asked about their
/// destination as they arrive, since that may have been rewritten on the way.
pub(crate) fn as_arrived(leaf: &Leaf, test: impl Fn(Cube) -> Vec<Cube>) -> Vec<Cube> {
    let is_kept = [Field::Destination, Field::DestinationPort]
        .into_iter()
        .all(|field| leaf.sent.interval(field) == leaf.arrived.interval(field));
    if is_kept {
        return test(leaf.sent);
    }
    // Which of them were sent cannot be told of a box that was rewritten.
    if test(leaf.arrived).is_empty() { Vec::new() } else { vec![leaf.sent] }
}
