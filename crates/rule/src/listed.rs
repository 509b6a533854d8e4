//! The listed destinations as matches of packets.

use model::{Family, NodeId};
use packet_set::Cube;

use crate::Scene;
use crate::tunnel::outer_packets;

/// Listed destinations, each for the networks outside where it may be reached.
#[derive(Debug)]
pub(crate) struct Listed([Vec<(Vec<NodeId>, reach::Prepared)>; 2]);

impl Listed {
    /// The destinations of the site file, and the peer of an IPsec line on the Internet.
    pub(crate) fn new(scene: &Scene<'_>) -> Self {
        let (peers, _) = scene.peers();
        Self(Family::ALL.map(|family| {
            let mut found = Vec::new();
            for destination in &scene.blueprint.catalogue.destinations {
                let at = standing_beside(scene, destination.net);
                let nets = destination.addresses.iter().filter(|net| net.family() == family);
                for net in nets {
                    for ports in &destination.ports {
                        let (protocol, destination_port) = ports.ranges(family);
                        let one = model::Match {
                            family: Some(family),
                            destination: Some(net.ranges()),
                            protocol,
                            destination_port,
                            ..model::Match::default()
                        };
                        let prepared = reach::Prepared::new(family, &one);
                        found.extend(prepared.map(|prepared| (at.clone(), prepared)));
                    }
                }
            }
            let internet = scene.blueprint.network.find("internet");
            let outer = outer_packets(&peers, family);
            let outer = outer.iter().filter_map(|one| reach::Prepared::new(family, one));
            found.extend(outer.map(|prepared| (internet.into_iter().collect(), prepared)));
            found
        }))
    }

    /// The parts of `cube`, which holds packets of `family` that come to the outside network
    /// `at`, that go to no destination listed there.
    pub(crate) fn outside_of(&self, family: Family, cube: Cube, at: NodeId) -> Vec<Cube> {
        let all = self.0[family as usize].iter().filter(|(places, _)| places.contains(&at));
        all.fold(vec![cube], |rest, (_, listed)| listed.without(rest))
    }
}

/// `net`, and the other networks outside that stand on a segment of it: who of them takes a
/// packet there is the carrier's matter.
fn standing_beside(scene: &Scene<'_>, net: NodeId) -> Vec<NodeId> {
    let segments =
        |node: NodeId| scene.node(node).interfaces.iter().filter_map(|interface| interface.segment);
    let outside = scene.blueprint.parties.outside.iter().copied();
    let is_beside = |other: &NodeId| {
        *other == net || segments(*other).any(|one| segments(net).any(|own| own == one))
    };
    outside.filter(is_beside).collect()
}
