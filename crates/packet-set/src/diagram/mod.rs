//! Whole sets of packets in canonical form: hash-consed interval diagrams.
//!
//! A node asks for one field and has an edge per interval of its values; a terminal is a
//! number, 0 for "not in the set". Equal sets are the same node, so equality is free once a
//! diagram is built. In the diagram of a list the terminals are deciding entries. It does not
//! hold box splitting, which needs no preparation but cannot hold a set.

mod apply;
mod build;
mod read;
mod store;

use crate::budget::{Budget, BudgetExceeded};
use crate::list::List;
use crate::pattern::Pattern;
use apply::Operation;
use store::Store;

/// What a diagram says about a packet.
///
/// # Shape
/// 0 means "not in the set". In the diagram of a list it is the deciding entry + 1, or an
/// outcome; a plain set has terminal 1 inside. At most [`TERMINAL_MAX`].
pub type Terminal = u32;

/// Highest terminal a diagram can hold.
pub const TERMINAL_MAX: Terminal = store::TERMINAL_BIT - 1;

/// A map from packets to terminals, held by the [`Diagrams`] that made it.
///
/// # Shape
/// Two diagrams of one [`Diagrams`] are equal exactly when they map every packet alike.
/// A diagram means nothing to another [`Diagrams`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Diagram(u32);

/// Number of distinct nodes and edges of something built.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Size {
    /// Nodes.
    pub nodes: usize,
    /// Edges of all those nodes.
    pub edges: usize,
}

/// The home of diagrams: it makes every node once.
///
/// Nothing is ever freed before the whole; work is bounded by the budget given at the start.
#[derive(Clone, Debug)]
pub struct Diagrams {
    store: Store,
    memory: apply::Memory,
    budget: Budget,
}

impl Diagrams {
    /// The diagram of the empty set.
    pub const EMPTY: Diagram = Diagram::terminal(0);
    /// The diagram of the set of all packets.
    pub const FULL: Diagram = Diagram::terminal(1);

    /// No diagrams yet; all operations together may cost `budget`.
    #[must_use]
    pub fn new(budget: Budget) -> Self {
        Self { store: Store::new(), memory: apply::Memory::new(), budget }
    }

    /// What is left of the budget.
    #[must_use]
    pub const fn budget(&self) -> Budget {
        self.budget
    }

    /// Replaces what is left of the budget; what was made so far stays good.
    pub fn refill(&mut self, budget: Budget) {
        self.budget = budget;
    }

    /// Everything ever made here, intermediate results included.
    #[must_use]
    pub fn held(&self) -> Size {
        self.store.size()
    }

    /// The packets that match `pattern`, with `terminal` inside and 0 outside.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn from_pattern(
        &mut self,
        pattern: &Pattern,
        terminal: Terminal,
    ) -> Result<Diagram, BudgetExceeded> {
        self.build(&mut vec![build::Item::new(terminal, pattern)])
    }

    /// The deciding entry of every packet: entry index + 1, or 0 when no entry matches.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn from_list(&mut self, list: List<'_>) -> Result<Diagram, BudgetExceeded> {
        self.build(&mut build::items(list.rules, |at, _| at))
    }

    /// The deciding entry of every packet that matches `question`, as [`Diagrams::from_list`];
    /// 0 for every other packet. Entries that do not meet the question cost nothing.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn from_list_within(
        &mut self,
        list: List<'_>,
        question: &Pattern,
    ) -> Result<Diagram, BudgetExceeded> {
        let relevant = build::relevant(list.rules, question);
        let mut items =
            relevant.iter().map(|(at, pattern)| build::Item::new(*at, pattern)).collect();
        self.build(&mut items)
    }

    /// The outcome of every packet, the list's default included.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn outcomes(&mut self, list: List<'_>) -> Result<Diagram, BudgetExceeded> {
        let mut runs = build::Runs::default();
        let mut items = build::items(list.rules, |_, rule| runs.next(rule.outcome));
        let decided = self.build(&mut items)?;
        self.map(decided, |run| runs.outcome(run).unwrap_or(list.default))
    }

    /// The outcome of every packet that matches `question`, the list's default included; 0 for
    /// every other packet. Entries that do not meet the question cost nothing.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn outcomes_within(
        &mut self,
        list: List<'_>,
        question: &Pattern,
    ) -> Result<Diagram, BudgetExceeded> {
        let mut runs = build::Runs::default();
        let relevant = build::relevant(list.rules, question);
        let mut items: Vec<_> = relevant
            .iter()
            .map(|(at, pattern)| {
                let run = runs.next(list.rules[*at as usize - 1].outcome);
                build::Item::new(run + 1, pattern)
            })
            .collect();
        if list.default != 0 {
            items.push(build::Item::new(runs.next(list.default) + 1, question));
        }
        let decided = self.build(&mut items)?;
        self.map(decided, |run| runs.outcome(run).unwrap_or(0))
    }

    /// The same set with every terminal replaced, 0 included.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn map(
        &mut self,
        set: Diagram,
        change: impl Fn(Terminal) -> Terminal,
    ) -> Result<Diagram, BudgetExceeded> {
        self.replace(set, &change)
    }

    /// The packets in either set; where both are, the lower terminal (the earlier entry).
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn union(&mut self, a: Diagram, b: Diagram) -> Result<Diagram, BudgetExceeded> {
        self.combine(Operation::Union, a, b)
    }

    /// The packets in both sets, with the terminals of `a`.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn intersection(&mut self, a: Diagram, b: Diagram) -> Result<Diagram, BudgetExceeded> {
        self.combine(Operation::Intersection, a, b)
    }

    /// The packets in `a` and not in `b`, with the terminals of `a`.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn difference(&mut self, a: Diagram, b: Diagram) -> Result<Diagram, BudgetExceeded> {
        self.combine(Operation::Difference, a, b)
    }

    /// The packets on which the terminals of `a` and `b` differ, with terminal 1.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn disagreement(&mut self, a: Diagram, b: Diagram) -> Result<Diagram, BudgetExceeded> {
        self.combine(Operation::Disagreement, a, b)
    }

    /// The packets not in the set, with terminal 1.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn complement(&mut self, set: Diagram) -> Result<Diagram, BudgetExceeded> {
        self.map(set, |terminal| Terminal::from(terminal == 0))
    }

    /// The packets in the set, all with terminal 1.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn support(&mut self, set: Diagram) -> Result<Diagram, BudgetExceeded> {
        self.map(set, |terminal| Terminal::from(terminal != 0))
    }

    /// Whether the set has no packet.
    #[must_use]
    pub fn is_empty(&self, set: Diagram) -> bool {
        set == Self::EMPTY
    }

    /// The entries of the list that decide nothing: earlier entries take all their packets, or
    /// they match none.
    ///
    /// # Shape
    /// Indices into the list, ascending.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn shadowed(&mut self, list: List<'_>) -> Result<Vec<usize>, BudgetExceeded> {
        let deciding = self.from_list(list)?;
        let used = self.terminals(deciding);
        Ok((0..list.rules.len())
            .filter(|&at| used.binary_search(&(build::index(at) + 1)).is_err())
            .collect())
    }
}
