//! From patterns and lists to diagrams.
//!
//! A packet is decided by the lowest matching entry, so the diagram of a list is the union of
//! the diagrams of its entries, in any order. That freedom is used: entries are grouped by
//! what they say about a field, each group is built once for the fields below, and only the
//! groups are put on top of each other.

use super::store::Edge;
use super::{Diagram, Diagrams, Operation, Terminal};
use crate::budget::BudgetExceeded;
use crate::field::Field;
use crate::interval::{Interval, IntervalSet, above, below};
use crate::list::{Outcome, Rule};
use crate::pattern::Pattern;

/// A pattern of an entry, without the fields already asked.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    terminal: Terminal,
    constraints: &'a [(Field, IntervalSet)],
}

impl<'a> Item<'a> {
    pub(super) fn new(terminal: Terminal, pattern: &'a Pattern) -> Self {
        Self { terminal, constraints: pattern.constraints() }
    }

    fn values(&self, field: Field) -> Option<&'a IntervalSet> {
        self.constraints.first().filter(|(own, _)| *own == field).map(|(_, values)| values)
    }
}

/// An interval of a field and the diagram of what comes below it.
#[derive(Clone, Copy)]
struct Layer {
    interval: Interval,
    child: Diagram,
}

/// The index of an entry as a terminal can hold it.
pub(super) fn index(at: usize) -> Terminal {
    u32::try_from(at).expect("a list of 2^32 entries does not fit the memory")
}

/// The patterns of a list with the terminal `number(index, rule) + 1`.
pub(super) fn items<'a>(
    rules: &'a [Rule],
    mut number: impl FnMut(Terminal, &Rule) -> Terminal,
) -> Vec<Item<'a>> {
    let mut items = Vec::with_capacity(rules.len());
    for (at, rule) in rules.iter().enumerate() {
        let terminal = number(index(at), rule) + 1;
        items.extend(rule.patterns.iter().map(|pattern| Item::new(terminal, pattern)));
    }
    items
}

/// The patterns that meet the question, cut down to it, with entry index + 1.
pub(super) fn relevant(rules: &[Rule], question: &Pattern) -> Vec<(Terminal, Pattern)> {
    let mut out = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        for pattern in rule.patterns.iter().filter(|pattern| pattern.meets(question)) {
            out.push((index(at) + 1, pattern.intersection(question)));
        }
    }
    out
}

/// Rows of neighbours with one outcome.
///
/// They need no order among themselves, so they share a terminal until the diagram is built:
/// a long row of like entries then costs no more than a plain set.
#[derive(Default)]
pub(super) struct Runs(Vec<Outcome>);

impl Runs {
    /// The row of the next entry, from 0.
    pub(super) fn next(&mut self, outcome: Outcome) -> Terminal {
        if self.0.last() != Some(&outcome) {
            self.0.push(outcome);
        }
        index(self.0.len() - 1)
    }

    /// The outcome of terminal row + 1; nothing for 0, where no entry decides.
    pub(super) fn outcome(&self, terminal: Terminal) -> Option<Outcome> {
        terminal.checked_sub(1).map(|run| self.0[run as usize])
    }
}

impl Diagrams {
    /// The lowest terminal of the items that match, for every packet.
    pub(super) fn build(&mut self, items: &mut Vec<Item<'_>>) -> Result<Diagram, BudgetExceeded> {
        items.retain(|item| item.constraints.iter().all(|(_, values)| !values.is_empty()));
        let result = self.build_field(items);
        if result.is_err() {
            self.memory.pending.clear();
        }
        result
    }

    // The recursion is at most `FIELD_COUNT` deep: every step takes a field from all items.
    fn build_field(&mut self, items: &mut Vec<Item<'_>>) -> Result<Diagram, BudgetExceeded> {
        // INVARIANT: items keep the order of the list, so nothing after the first item
        // without constraints can decide.
        let certain = items.iter().position(|item| item.constraints.is_empty());
        items.truncate(certain.map_or(items.len(), |at| at + 1));
        let fields = items.iter().filter_map(|item| item.constraints.first());
        let Some(field) = fields.map(|(field, _)| *field).min() else {
            return Ok(items.first().map_or(Self::EMPTY, |item| Diagram::terminal(item.terminal)));
        };
        self.budget.spend(items.len() as u64)?;
        let mut layers = Vec::new();
        // The sort is stable: a group keeps the order of the list. Items that say nothing
        // about the field come first.
        items.sort_by(|a, b| a.values(field).cmp(&b.values(field)));
        for group in items.chunk_by(|a, b| a.values(field) == b.values(field)) {
            let values = group.first().and_then(|item| item.values(field));
            let mut below: Vec<Item<'_>> = group
                .iter()
                .map(|item| match values {
                    Some(_) => Item { constraints: &item.constraints[1..], ..*item },
                    None => *item,
                })
                .collect();
            let child = self.build_field(&mut below)?;
            match values {
                Some(values) => {
                    layers.extend(values.iter().map(|&interval| Layer { interval, child }));
                }
                None => layers.push(Layer { interval: field.domain(), child }),
            }
        }
        self.stack_layers(field, &mut layers)
    }

    /// The union of the layers.
    ///
    /// It sweeps over the field and keeps the layers over the current value, widest first,
    /// with the union up to each: a narrow prefix that ends leaves the work on the wide ones
    /// in place.
    fn stack_layers(
        &mut self,
        field: Field,
        layers: &mut [Layer],
    ) -> Result<Diagram, BudgetExceeded> {
        layers.sort_by_key(|layer| (layer.interval.lo(), !layer.interval.hi()));
        let base = self.memory.pending.len();
        let mut active: Vec<(Layer, Diagram)> = Vec::new();
        let (mut waiting, mut lo) = (layers.iter().peekable(), Some(field.domain().lo()));
        while let Some(start) = lo {
            let mut changed = active.len();
            active.retain({
                let mut at = 0;
                let changed = &mut changed;
                move |(layer, _)| {
                    let stays = layer.interval.hi() >= start;
                    if !stays {
                        *changed = (*changed).min(at);
                    }
                    at += 1;
                    stays
                }
            });
            while let Some(layer) = waiting.next_if(|layer| layer.interval.lo() == start) {
                let width = |layer: &Layer| layer.interval.hi() - layer.interval.lo();
                let place = active.partition_point(|(other, _)| width(other) >= width(layer));
                active.insert(place, (*layer, Self::EMPTY));
                changed = changed.min(place);
            }
            for at in changed.min(active.len())..active.len() {
                let wider = if at == 0 { Self::EMPTY } else { active[at - 1].1 };
                self.budget.spend(1)?;
                active[at].1 = self.combine(Operation::Union, wider, active[at].0.child)?;
            }
            let ends = active.iter().map(|(layer, _)| layer.interval.hi()).min();
            let next = waiting.peek().and_then(|layer| below(layer.interval.lo()));
            let hi = ends.into_iter().chain(next).min().unwrap_or(field.domain().hi());
            let child = active.last().map_or(Self::EMPTY, |(_, union)| *union);
            self.budget.spend(1)?;
            let end = self.store.ends.intern(hi);
            self.memory.push(base, Edge { end, child });
            lo = above(hi).filter(|&next| next <= field.domain().hi());
        }
        self.finish(field, base)
    }
}
