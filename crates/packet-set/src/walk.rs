//! Boxes that are not decided yet, and the patterns that can still take a part of each.

use std::ops::Range;

use crate::budget::{Budget, BudgetExceeded};
use crate::cube::Cube;
use crate::list::Rule;
use crate::pattern::Pattern;

/// A pattern of a list and the entry it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) pattern: &'a Pattern,
    /// Index of the entry, counted through all lists of the walk.
    pub(crate) entry: usize,
}

/// A box taken from the stack and the first pattern that takes a part of it.
pub(crate) struct Step<'a, T> {
    pub(crate) cube: Cube,
    pub(crate) note: T,
    pub(crate) found: Option<Candidate<'a>>,
    /// The candidates after the one found.
    rest: Range<usize>,
}

/// The candidates one step of the budget pays for when a box is tried on them.
pub(crate) const CANDIDATES_PER_STEP: usize = 16;

/// A depth-first walk over the parts of a box, each with a note of type `T`.
///
/// A part is only ever tried on the candidates its parent overlaps: the deeper the walk, the
/// shorter the list.
pub(crate) struct Walk<'a, T> {
    // INVARIANT: a box on top of another has its candidates after those of the other, or
    // shares them; so what lies beyond the candidates of the top box is needed by no other.
    candidates: Vec<Candidate<'a>>,
    stack: Vec<(Cube, Range<usize>, T)>,
    entries: usize,
}

impl<'a, T: Copy> Walk<'a, T> {
    pub(crate) const fn new() -> Self {
        Self { candidates: Vec::new(), stack: Vec::new(), entries: 0 }
    }

    /// Adds a list whose entries come after those already there.
    pub(crate) fn add(
        &mut self,
        cube: &Cube,
        rules: &'a [Rule],
        budget: &mut Budget,
    ) -> Result<(), BudgetExceeded> {
        budget.spend((rules.len() / CANDIDATES_PER_STEP) as u64)?;
        for rule in rules {
            let meeting = rule.patterns.iter().filter(|pattern| pattern.overlaps(cube));
            let entry = self.entries;
            self.candidates.extend(meeting.map(|pattern| Candidate { pattern, entry }));
            self.entries += 1;
        }
        Ok(())
    }

    /// Puts the whole box on the stack.
    pub(crate) fn start(&mut self, cube: Cube, note: T) {
        self.stack.push((cube, 0..self.candidates.len(), note));
    }

    /// The next box.
    pub(crate) fn next(
        &mut self,
        budget: &mut Budget,
    ) -> Result<Option<Step<'a, T>>, BudgetExceeded> {
        let Some((cube, range, note)) = self.stack.pop() else {
            return Ok(None);
        };
        self.candidates.truncate(range.end);
        let mut all = self.candidates[range.clone()].iter();
        let found = all.position(|candidate| candidate.pattern.overlaps(&cube));
        let looked_at = found.map_or(range.len(), |at| at + 1);
        budget.spend(1 + (looked_at / CANDIDATES_PER_STEP) as u64)?;
        let rest = range.start + looked_at..range.end;
        let found = found.map(|at| self.candidates[range.start + at]);
        Ok(Some(Step { cube, note, found, rest }))
    }

    /// The candidate found and those after it; others have no part of the box.
    pub(crate) fn open(&self, step: &Step<'a, T>) -> &[Candidate<'a>] {
        &self.candidates[step.rest.start - usize::from(step.found.is_some())..step.rest.end]
    }

    /// Drops the candidates of entries before `entry` from what is still to be tried.
    pub(crate) fn skip_to(&self, step: &mut Step<'a, T>, entry: usize) {
        let rest = &self.candidates[step.rest.clone()];
        step.rest.start += rest.partition_point(|candidate| candidate.entry < entry);
    }

    /// Keeps `parts` of `hull`, which is a part of the box of `step`, for later.
    pub(crate) fn descend(
        &mut self,
        step: &Step<'a, T>,
        hull: &Cube,
        parts: &mut Vec<Cube>,
        note: T,
        budget: &mut Budget,
    ) -> Result<(), BudgetExceeded> {
        if parts.is_empty() {
            return Ok(());
        }
        budget.spend((step.rest.len() / CANDIDATES_PER_STEP) as u64)?;
        let start = self.candidates.len();
        for at in step.rest.clone() {
            let candidate = self.candidates[at];
            if candidate.pattern.overlaps(hull) {
                self.candidates.push(candidate);
            }
        }
        let range = start..self.candidates.len();
        self.stack.extend(parts.drain(..).rev().map(|part| (part, range.clone(), note)));
        Ok(())
    }
}
