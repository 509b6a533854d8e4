//! Operations on one or two diagrams, node by node.

use std::cmp::Ordering;

use super::store::{Edge, rank};
use super::{Diagram, Diagrams, Terminal};
use crate::budget::BudgetExceeded;
use crate::field::Field;

/// An operation on two diagrams.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operation {
    /// The terminal that comes first in the order of deciding.
    Union,
    /// The terminal of the first where the second is not 0.
    Intersection,
    /// The terminal of the first where the second is 0.
    Difference,
    /// 1 where the terminals differ.
    Disagreement,
}

/// Results of earlier combinations and the edges of nodes in the making.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    // A place per hash; a newer result overwrites an older one. Forgetting costs time only.
    results: Vec<Remembered>,
    pub(super) pending: Vec<Edge>,
}

#[derive(Clone, Copy, Debug)]
struct Remembered {
    a: Diagram,
    b: Diagram,
    operation: Operation,
    result: Diagram,
}

const NOTHING: Remembered = Remembered {
    a: Diagrams::EMPTY,
    b: Diagrams::EMPTY,
    operation: Operation::Union,
    result: Diagrams::EMPTY,
};

// LIMIT: results remembered; 16 bytes each.
const REMEMBERED_MIN: usize = 1 << 10;
const REMEMBERED_MAX: usize = 1 << 20;

impl Memory {
    pub(super) fn new() -> Self {
        Self { results: vec![NOTHING; REMEMBERED_MIN], pending: Vec::new() }
    }

    fn place(&self, operation: Operation, a: Diagram, b: Diagram) -> usize {
        let key = u64::from(a.0) << 32 | u64::from(b.0);
        let hash = (key ^ operation as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (hash >> 32) as usize & (self.results.len() - 1)
    }

    fn recall(&self, operation: Operation, a: Diagram, b: Diagram) -> Option<Diagram> {
        let known = &self.results[self.place(operation, a, b)];
        let hit = known.a == a && known.b == b && known.operation == operation;
        hit.then_some(known.result)
    }

    fn remember(&mut self, known: Remembered, nodes: usize) {
        if nodes > self.results.len() && self.results.len() < REMEMBERED_MAX {
            let larger = self.results.len() * 4;
            let old = std::mem::replace(&mut self.results, vec![NOTHING; larger]);
            for kept in old.into_iter().filter(|kept| kept.a != Diagrams::EMPTY) {
                let place = self.place(kept.operation, kept.a, kept.b);
                self.results[place] = kept;
            }
        }
        let place = self.place(known.operation, known.a, known.b);
        self.results[place] = known;
    }

    /// Adds an edge to the node in the making whose edges begin at `base`.
    pub(super) fn push(&mut self, base: usize, edge: Edge) {
        match self.pending[base..].last_mut() {
            Some(last) if last.child == edge.child => last.end = edge.end,
            _ => self.pending.push(edge),
        }
    }
}

impl Diagrams {
    /// The result of `operation` on every packet.
    pub(super) fn combine(
        &mut self,
        operation: Operation,
        a: Diagram,
        b: Diagram,
    ) -> Result<Diagram, BudgetExceeded> {
        let result = self.combine_nodes(operation, a, b);
        if result.is_err() {
            self.memory.pending.clear();
        }
        result
    }

    // The recursion is at most `FIELD_COUNT` deep: every step asks a later field.
    fn combine_nodes(
        &mut self,
        operation: Operation,
        a: Diagram,
        b: Diagram,
    ) -> Result<Diagram, BudgetExceeded> {
        if let Some(known) = self.shortcut(operation, a, b) {
            return Ok(known);
        }
        let symmetric = matches!(operation, Operation::Union | Operation::Disagreement);
        let (a, b) = if symmetric && b < a { (b, a) } else { (a, b) };
        if let Some(known) = self.memory.recall(operation, a, b) {
            return Ok(known);
        }
        let result = match (self.store.asks(a), self.store.asks(b)) {
            (Some(x), Some(y)) => match x.cmp(&y) {
                Ordering::Less => self.combine_left(operation, x, a, b)?,
                Ordering::Equal => self.combine_both(operation, x, a, b)?,
                Ordering::Greater => self.combine_right(operation, y, a, b)?,
            },
            (Some(x), None) => self.combine_left(operation, x, a, b)?,
            (None, Some(y)) => self.combine_right(operation, y, a, b)?,
            (None, None) => unreachable!("two terminals always have a shortcut"),
        };
        let nodes = self.store.size().nodes;
        self.memory.remember(Remembered { a, b, operation, result }, nodes);
        Ok(result)
    }

    /// The result where it needs no look below the two nodes.
    fn shortcut(&self, operation: Operation, a: Diagram, b: Diagram) -> Option<Diagram> {
        const NEVER: u32 = rank(0);
        // The usual cases, told without a look into memory.
        match operation {
            Operation::Union if b == Self::EMPTY || a == b => return Some(a),
            Operation::Union if a == Self::EMPTY => return Some(b),
            Operation::Intersection if a == Self::EMPTY || b == Self::EMPTY => {
                return Some(Self::EMPTY);
            }
            Operation::Difference if a == Self::EMPTY || b == Self::EMPTY => return Some(a),
            Operation::Disagreement if a == b => return Some(Self::EMPTY),
            _ => {}
        }
        let (ranks_a, ranks_b) = (self.store.ranks(a), self.store.ranks(b));
        match operation {
            Operation::Union if ranks_a.1 <= ranks_b.0 => Some(a),
            Operation::Union if ranks_b.1 <= ranks_a.0 => Some(b),
            Operation::Intersection if ranks_b.1 != NEVER || a == b => Some(a),
            Operation::Difference if ranks_b.1 != NEVER || a == b => Some(Self::EMPTY),
            Operation::Disagreement if ranks_a.1 < ranks_b.0 || ranks_b.1 < ranks_a.0 => {
                Some(Self::FULL)
            }
            _ => None,
        }
    }

    fn combine_both(
        &mut self,
        operation: Operation,
        field: Field,
        a: Diagram,
        b: Diagram,
    ) -> Result<Diagram, BudgetExceeded> {
        let (range_a, range_b) = (self.store.edge_range(a), self.store.edge_range(b));
        let (mut at_a, mut at_b) = (range_a.start, range_b.start);
        let base = self.memory.pending.len();
        while at_a < range_a.end && at_b < range_b.end {
            let (edge_a, edge_b) = (self.store.edge(at_a), self.store.edge(at_b));
            self.budget.spend(1)?;
            let child = self.combine_nodes(operation, edge_a.child, edge_b.child)?;
            let order = match edge_a.end == edge_b.end {
                true => Ordering::Equal,
                false => {
                    let (end_a, end_b) = (edge_a.end, edge_b.end);
                    self.store.ends.value(end_a).cmp(&self.store.ends.value(end_b))
                }
            };
            let end = if order == Ordering::Greater { edge_b.end } else { edge_a.end };
            self.memory.push(base, Edge { end, child });
            at_a += usize::from(order != Ordering::Greater);
            at_b += usize::from(order != Ordering::Less);
        }
        self.finish(field, base)
    }

    fn combine_left(
        &mut self,
        operation: Operation,
        field: Field,
        a: Diagram,
        b: Diagram,
    ) -> Result<Diagram, BudgetExceeded> {
        let base = self.memory.pending.len();
        for at in self.store.edge_range(a) {
            let Edge { end, child } = self.store.edge(at);
            self.budget.spend(1)?;
            let child = self.combine_nodes(operation, child, b)?;
            self.memory.push(base, Edge { end, child });
        }
        self.finish(field, base)
    }

    fn combine_right(
        &mut self,
        operation: Operation,
        field: Field,
        a: Diagram,
        b: Diagram,
    ) -> Result<Diagram, BudgetExceeded> {
        let base = self.memory.pending.len();
        for at in self.store.edge_range(b) {
            let Edge { end, child } = self.store.edge(at);
            self.budget.spend(1)?;
            let child = self.combine_nodes(operation, a, child)?;
            self.memory.push(base, Edge { end, child });
        }
        self.finish(field, base)
    }

    /// The node of the pending edges from `base` on.
    pub(super) fn finish(&mut self, field: Field, base: usize) -> Result<Diagram, BudgetExceeded> {
        let result = self.store.intern(field, &self.memory.pending[base..]);
        self.memory.pending.truncate(base);
        result
    }

    /// The diagram with every terminal replaced.
    pub(super) fn replace(
        &mut self,
        diagram: Diagram,
        change: &impl Fn(Terminal) -> Terminal,
    ) -> Result<Diagram, BudgetExceeded> {
        // A node has a lower number than those that lead to it.
        let nodes = if diagram.as_terminal().is_some() { 0 } else { diagram.0 as usize + 1 };
        let mut done = vec![None; nodes];
        let result = self.replace_nodes(diagram, change, &mut done);
        if result.is_err() {
            self.memory.pending.clear();
        }
        result
    }

    fn replace_nodes(
        &mut self,
        diagram: Diagram,
        change: &impl Fn(Terminal) -> Terminal,
        done: &mut [Option<Diagram>],
    ) -> Result<Diagram, BudgetExceeded> {
        if let Some(old) = diagram.as_terminal() {
            return Ok(Diagram::terminal(change(old)));
        }
        if let Some(known) = done[diagram.0 as usize] {
            return Ok(known);
        }
        let field = self.store.field(diagram);
        let base = self.memory.pending.len();
        for at in self.store.edge_range(diagram) {
            let Edge { end, child } = self.store.edge(at);
            self.budget.spend(1)?;
            let child = self.replace_nodes(child, change, done)?;
            self.memory.push(base, Edge { end, child });
        }
        let result = self.finish(field, base)?;
        done[diagram.0 as usize] = Some(result);
        Ok(result)
    }
}
