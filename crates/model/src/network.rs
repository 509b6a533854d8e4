//! The whole network of a site.

use std::sync::Arc;

use crate::{Family, Net, Node, Origin};

/// A node; an index into [`Network::nodes`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

/// A segment; an index into [`Network::segments`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SegmentId(pub u32);

/// One layer-2 broadcast domain, or the two ends of a point-to-point session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Name of the zone, or of the session.
    pub name: String,
    /// What it is.
    pub kind: SegmentKind,
    /// Networks whose hosts may stand on it, whether or not the site file names them.
    pub nets: Vec<Net>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Kinds of segment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SegmentKind {
    /// A zone of the site.
    Zone,
    /// The wire between the edge router and the ONU.
    Line,
    /// A PPPoE session.
    Session,
    /// A tunnel.
    Tunnel,
}

/// A site as a network.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Machines, routers and the outside; networks that are almost the same share what is.
    pub nodes: Vec<Arc<Node>>,
    /// Segments.
    pub segments: Vec<Segment>,
}

impl Network {
    /// The node `id`.
    ///
    /// # Panics
    /// When `id` comes from another network.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The segment `id`.
    ///
    /// # Panics
    /// When `id` comes from another network.
    #[must_use]
    pub fn segment(&self, id: SegmentId) -> &Segment {
        &self.segments[id.0 as usize]
    }

    /// All nodes with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0u32..).map(NodeId).zip(self.nodes.iter().map(Arc::as_ref))
    }

    /// The node `id`, to be changed.
    ///
    /// # Panics
    /// When `id` comes from another network.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        Arc::make_mut(&mut self.nodes[id.0 as usize])
    }

    /// All nodes in order, to be changed.
    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.nodes.iter_mut().map(Arc::make_mut)
    }

    /// The node called `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.iter().find(|(_, node)| node.name == name).map(|(id, _)| id)
    }

    /// The networks of `family` on segment `id`.
    pub fn nets(&self, id: SegmentId, family: Family) -> impl Iterator<Item = Net> + '_ {
        self.segment(id).nets.iter().copied().filter(move |net| net.family() == family)
    }
}
