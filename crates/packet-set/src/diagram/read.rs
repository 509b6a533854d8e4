//! Questions to a diagram that make nothing new.

use std::ops::ControlFlow;

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::store::Edge;
use super::{Diagram, Diagrams, Size, Terminal};
use crate::cube::{Cube, Point};
use crate::interval::{Interval, above};

impl Diagrams {
    /// What the diagram says about one packet.
    #[must_use]
    pub fn terminal(&self, diagram: Diagram, point: &Point) -> Terminal {
        let mut at = diagram;
        while let Some(field) = self.store.asks(at) {
            let edges = self.store.edges(at);
            let value = point.value(field);
            let place = edges.partition_point(|edge| self.store.ends.value(edge.end) < value);
            // INVARIANT: the last edge ends the domain; a value beyond it is the caller's bug.
            at = edges[place].child;
        }
        at.as_terminal().expect("only terminals ask no field")
    }

    /// The first part of `within` whose terminal satisfies `wanted`, and that terminal.
    #[must_use]
    pub fn find(
        &self,
        diagram: Diagram,
        within: &Cube,
        mut wanted: impl FnMut(Terminal) -> bool,
    ) -> Option<(Cube, Terminal)> {
        // Nodes without a wanted part: what is below depends only on the node and `within`.
        let mut fruitless = HashSet::with_hasher(FxBuildHasher);
        self.find_below(diagram, within, *within, &mut wanted, &mut fruitless)
    }

    // The recursion is at most `FIELD_COUNT` deep.
    fn find_below(
        &self,
        diagram: Diagram,
        within: &Cube,
        path: Cube,
        wanted: &mut impl FnMut(Terminal) -> bool,
        fruitless: &mut HashSet<Diagram, FxBuildHasher>,
    ) -> Option<(Cube, Terminal)> {
        let Some(field) = self.store.asks(diagram) else {
            let terminal = diagram.as_terminal()?;
            return wanted(terminal).then_some((path, terminal));
        };
        if fruitless.contains(&diagram) {
            return None;
        }
        for (interval, child) in self.edges_within(diagram, within.interval(field)) {
            let path = path.with(field, interval);
            let found = self.find_below(child, within, path, wanted, fruitless);
            if found.is_some() {
                return found;
            }
        }
        fruitless.insert(diagram);
        None
    }

    /// A box of packets of the set, if it has any.
    #[must_use]
    pub fn witness(&self, set: Diagram) -> Option<Cube> {
        self.find(set, &Cube::full(), |terminal| terminal != 0).map(|(cube, _)| cube)
    }

    /// Whether some packet of `within` is in the set.
    #[must_use]
    pub fn overlaps(&self, set: Diagram, within: &Cube) -> bool {
        self.find(set, within, |terminal| terminal != 0).is_some()
    }

    /// Visits `within` as disjoint boxes with their terminals, 0 included, in ascending order.
    ///
    /// # Shape
    /// There can be exponentially more boxes than nodes: the visitor is the bound.
    pub fn visit<B>(
        &self,
        diagram: Diagram,
        within: &Cube,
        visitor: &mut impl FnMut(&Cube, Terminal) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let Some(field) = self.store.asks(diagram) else {
            return match diagram.as_terminal() {
                Some(terminal) => visitor(within, terminal),
                None => ControlFlow::Continue(()),
            };
        };
        for (interval, child) in self.edges_within(diagram, within.interval(field)) {
            self.visit(child, &within.with(field, interval), visitor)?;
        }
        ControlFlow::Continue(())
    }

    /// The edges of a node that touch `within`, cut down to it.
    fn edges_within(
        &self,
        diagram: Diagram,
        within: Interval,
    ) -> impl Iterator<Item = (Interval, Diagram)> + '_ {
        let edges = self.store.edges(diagram);
        let value = |edge: &Edge| self.store.ends.value(edge.end);
        let first = edges.partition_point(|edge| value(edge) < within.lo());
        let mut lo = Some(within.lo());
        edges[first..].iter().map_while(move |edge| {
            let start = lo?;
            let interval = Interval::try_new(start, value(edge).min(within.hi()))?;
            lo = above(interval.hi());
            Some((interval, edge.child))
        })
    }

    /// The terminals some packet reaches, ascending.
    #[must_use]
    pub fn terminals(&self, diagram: Diagram) -> Vec<Terminal> {
        let (_, mut terminals) = self.reachable(diagram);
        terminals.sort_unstable();
        terminals
    }

    /// Number of nodes and edges of one diagram.
    #[must_use]
    pub fn size_of(&self, diagram: Diagram) -> Size {
        self.reachable(diagram).0
    }

    fn reachable(&self, diagram: Diagram) -> (Size, Vec<Terminal>) {
        let mut seen = HashSet::with_hasher(FxBuildHasher);
        let (mut size, mut terminals) = (Size::default(), Vec::new());
        let mut open = vec![diagram];
        seen.insert(diagram);
        while let Some(next) = open.pop() {
            if let Some(terminal) = next.as_terminal() {
                terminals.push(terminal);
                continue;
            }
            size.nodes += 1;
            for edge in self.store.edges(next) {
                size.edges += 1;
                if seen.insert(edge.child) {
                    open.push(edge.child);
                }
            }
        }
        (size, terminals)
    }
}
