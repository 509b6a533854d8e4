//! Nodes, edges and interval ends, each stored once.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::{Diagram, Size, Terminal};
use crate::budget::BudgetExceeded;
use crate::field::Field;

/// The bit that tells a terminal from a node.
pub(super) const TERMINAL_BIT: u32 = 1 << 31;

/// The position of a terminal in the order of deciding: 0, "not in the set", comes last.
pub(super) const fn rank(terminal: Terminal) -> u32 {
    terminal.wrapping_sub(1)
}

impl Diagram {
    pub(super) const fn terminal(terminal: Terminal) -> Self {
        assert!(terminal < TERMINAL_BIT, "a terminal fits 31 bits");
        Self(terminal | TERMINAL_BIT)
    }

    pub(super) const fn as_terminal(self) -> Option<Terminal> {
        if self.0 & TERMINAL_BIT == 0 { None } else { Some(self.0 ^ TERMINAL_BIT) }
    }
}

/// One edge of a node: the values up to and including `end`, after those of the edge before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Edge {
    /// Index of the highest value in [`Ends`].
    pub(super) end: u32,
    /// Where those values lead.
    pub(super) child: Diagram,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// First edge; the edges end where those of the next node begin.
    start: u32,
    hash: u32,
    /// Lowest and highest rank of the terminals below.
    low: u32,
    high: u32,
    field: Field,
}

/// Every interval end in use, once; edges refer to it by index and take 8 bytes instead of 20.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    values: Vec<u128>,
    index: HashTable<u32>,
}

impl Ends {
    fn new() -> Self {
        Self { values: Vec::new(), index: HashTable::new() }
    }

    /// The index of `value`.
    pub(super) fn intern(&mut self, value: u128) -> u32 {
        let Self { values, index, .. } = self;
        let entry = index.entry(
            spread(hash_value(value)),
            |&at| values[at as usize] == value,
            |&at| spread(hash_value(values[at as usize])),
        );
        *entry
            .or_insert_with(|| {
                values.push(value);
                u32::try_from(values.len() - 1).expect("memory ends before 2^32 interval ends")
            })
            .get()
    }

    pub(super) fn value(&self, end: u32) -> u128 {
        self.values[end as usize]
    }
}

/// All nodes made so far.
// INVARIANT: a node has at least two edges, neighbours lead to different places, the last edge
// ends the domain, children ask later fields, and no two nodes are alike. So equal maps are
// equal nodes.
#[derive(Clone, Debug)]
pub(super) struct Store {
    pub(super) ends: Ends,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    unique: HashTable<u32>,
}

impl Store {
    pub(super) fn new() -> Self {
        Self { ends: Ends::new(), nodes: Vec::new(), edges: Vec::new(), unique: HashTable::new() }
    }

    pub(super) fn size(&self) -> Size {
        Size { nodes: self.nodes.len(), edges: self.edges.len() }
    }

    /// The field a node asks; nothing for a terminal.
    pub(super) fn asks(&self, diagram: Diagram) -> Option<Field> {
        if diagram.as_terminal().is_some() { None } else { Some(self.field(diagram)) }
    }

    /// The field a node asks.
    pub(super) fn field(&self, node: Diagram) -> Field {
        self.nodes[node.0 as usize].field
    }

    /// Positions of the edges of a node; none for a terminal.
    pub(super) fn edge_range(&self, diagram: Diagram) -> std::ops::Range<usize> {
        if diagram.as_terminal().is_some() {
            return 0..0;
        }
        edge_range(&self.nodes, &self.edges, diagram.0)
    }

    pub(super) fn edge(&self, at: usize) -> Edge {
        self.edges[at]
    }

    /// The edges of a node; none for a terminal.
    pub(super) fn edges(&self, diagram: Diagram) -> &[Edge] {
        &self.edges[self.edge_range(diagram)]
    }

    /// Lowest and highest rank of the terminals a packet can reach.
    pub(super) fn ranks(&self, diagram: Diagram) -> (u32, u32) {
        match diagram.as_terminal() {
            Some(terminal) => (rank(terminal), rank(terminal)),
            None => {
                let node = &self.nodes[diagram.0 as usize];
                (node.low, node.high)
            }
        }
    }

    /// The node with these edges, made now if it is new.
    ///
    /// # Shape
    /// Neighbouring edges lead to different places and the last one ends the domain.
    pub(super) fn intern(
        &mut self,
        field: Field,
        edges: &[Edge],
    ) -> Result<Diagram, BudgetExceeded> {
        if let [only] = edges {
            return Ok(only.child);
        }
        let hash = hash_edges(field, edges);
        let Self { nodes, edges: all, unique, .. } = self;
        let found = unique.find(spread(hash), |&at| {
            let node = &nodes[at as usize];
            node.hash == hash && node.field == field && all[edge_range(nodes, all, at)] == *edges
        });
        if let Some(&at) = found {
            return Ok(Diagram(at));
        }
        self.push(field, edges, hash)
    }

    fn push(&mut self, field: Field, edges: &[Edge], hash: u32) -> Result<Diagram, BudgetExceeded> {
        // LIMIT: positions are 32 bits wide; a list that needs more has no diagram.
        let start = u32::try_from(self.edges.len()).map_err(|_| BudgetExceeded)?;
        let at = u32::try_from(self.nodes.len()).map_err(|_| BudgetExceeded)?;
        if at >= TERMINAL_BIT {
            return Err(BudgetExceeded);
        }
        let (mut low, mut high) = (u32::MAX, 0);
        for edge in edges {
            let (edge_low, edge_high) = self.ranks(edge.child);
            low = low.min(edge_low);
            high = high.max(edge_high);
        }
        self.nodes.push(Node { start, hash, low, high, field });
        self.edges.extend_from_slice(edges);
        let nodes = &self.nodes;
        self.unique.insert_unique(spread(hash), at, |&at| spread(nodes[at as usize].hash));
        Ok(Diagram(at))
    }
}

fn edge_range(nodes: &[Node], edges: &[Edge], at: u32) -> std::ops::Range<usize> {
    let at = at as usize;
    let end = nodes.get(at + 1).map_or(edges.len(), |next| next.start as usize);
    nodes[at].start as usize..end
}

fn hash_edges(field: Field, edges: &[Edge]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(field as u8);
    for edge in edges {
        hasher.write_u64(u64::from(edge.end) << 32 | u64::from(edge.child.0));
    }
    fold(hasher.finish())
}

#[expect(clippy::cast_possible_truncation, reason = "both halves are hashed")]
fn hash_value(value: u128) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(value as u64);
    hasher.write_u64((value >> 64) as u64);
    fold(hasher.finish())
}

/// The 64-bit hash in 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is folded in")]
const fn fold(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

/// The 32-bit hash in 64 bits; the table reads both the lowest and the highest.
const fn spread(hash: u32) -> u64 {
    (hash as u64) << 32 | hash as u64
}
