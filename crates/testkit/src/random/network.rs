//! A random network.

use model::{Family, Network, Segment, SegmentKind};

use super::packet::net;
use super::{Random, node, origin};

/// A network of two to four nodes on two to five segments, well formed in every index.
pub fn network(random: &mut Random) -> Network {
    let segments = random.between(2, 5);
    let nodes = random.between(2, 4);
    Network {
        nodes: (0..nodes).map(|index| node::node(random, index, segments).into()).collect(),
        segments: (0..segments).map(|index| segment(random, index)).collect(),
    }
}

fn segment(random: &mut Random, index: usize) -> Segment {
    let nets = Family::ALL.into_iter().filter(|_| random.chance(85)).map(|one| net(index, one));
    let nets = nets.collect();
    let kind = match random.below(10) {
        0 => SegmentKind::Session,
        1 => SegmentKind::Tunnel,
        2 => SegmentKind::Line,
        _ => SegmentKind::Zone,
    };
    Segment { name: format!("segment-{index}"), kind, nets, origin: origin() }
}

/// Whether relays join segments in a loop, so that a frame can come back to its sender.
#[must_use]
pub fn has_relay_loop(network: &Network) -> bool {
    let mut joined: Vec<usize> = (0..network.segments.len()).collect();
    for node in &network.nodes {
        for relay in &node.relays {
            let ports = relay.ports.iter().map(|port| node.interface(*port));
            let segments: Vec<usize> =
                ports.filter_map(|port| port.segment.map(|segment| segment.0 as usize)).collect();
            for pair in segments.windows(2) {
                let (one, other) = (joined[pair[0]], joined[pair[1]]);
                if one == other {
                    return true;
                }
                joined.iter_mut().filter(|group| **group == other).for_each(|group| *group = one);
            }
        }
    }
    false
}
