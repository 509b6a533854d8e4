//! The listed destinations as matches of packets.

use design::Ports;
use model::{Family, Net, NodeId};
use packet_set::Cube;

use crate::Scene;
use crate::tunnel::outer_packets;

/// Listed destinations, each for the networks outside where it may be reached.
#[derive(Debug)]
pub(crate) struct Listed {
    /// By IP version.
    known: [Vec<Entry>; 2],
    /// Those whose addresses nobody has written yet: each address of the network may be one.
    possible: [Vec<Entry>; 2],
}

type Entry = (Vec<NodeId>, reach::Prepared);

impl Listed {
    /// The destinations of the site file, and the peer of an IPsec line on the Internet.
    pub(crate) fn new(scene: &Scene<'_>) -> Self {
        let (peers, _) = scene.peers();
        let known = Family::ALL.map(|family| {
            let mut found = Vec::new();
            for destination in &scene.blueprint.catalogue.destinations {
                let at = standing_beside(scene, destination.net);
                let nets = destination.addresses.iter().filter(|net| net.family() == family);
                for net in nets {
                    found.extend(entries(&at, family, Some(net), &destination.ports));
                }
            }
            let internet = scene.blueprint.network.find("internet");
            let outer = outer_packets(&peers, family);
            let outer = outer.iter().filter_map(|one| reach::Prepared::new(family, one));
            found.extend(outer.map(|prepared| (internet.into_iter().collect(), prepared)));
            found
        });
        let possible = Family::ALL.map(|family| {
            let entries = scene.nameless().flat_map(|one| {
                let at = standing_beside(scene, one.net);
                let any = [Ports::Any];
                let ports: &[Ports] = if one.ports.is_empty() { &any } else { &one.ports };
                entries(&at, family, None, ports)
            });
            entries.collect()
        });
        Self { known, possible }
    }

    /// The parts of `cube`, which holds packets of `family` that come to the outside network
    /// `at`, that go to no destination listed there.
    pub(crate) fn outside_of(&self, family: Family, cube: Cube, at: NodeId) -> Vec<Cube> {
        without(&self.known[family as usize], vec![cube], at)
    }

    /// The parts of `cubes` that go to no destination that is listed without addresses either.
    pub(crate) fn outside_of_possible(
        &self,
        family: Family,
        cubes: Vec<Cube>,
        at: NodeId,
    ) -> Vec<Cube> {
        without(&self.possible[family as usize], cubes, at)
    }
}

fn without(listed: &[Entry], cubes: Vec<Cube>, at: NodeId) -> Vec<Cube> {
    let here = listed.iter().filter(|(places, _)| places.contains(&at));
    here.fold(cubes, |rest, (_, listed)| listed.without(rest))
}

/// What may be opened to `net`, or to any address if it is not given.
fn entries(at: &[NodeId], family: Family, net: Option<&Net>, ports: &[Ports]) -> Vec<Entry> {
    let prepared = ports.iter().filter_map(|ports| {
        let (protocol, destination_port) = ports.ranges(family);
        let one = model::Match {
            family: Some(family),
            destination: net.map(|net| net.ranges()),
            protocol,
            destination_port,
            ..model::Match::default()
        };
        reach::Prepared::new(family, &one)
    });
    prepared.map(|prepared| (at.to_vec(), prepared)).collect()
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
