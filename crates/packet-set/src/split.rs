//! Box splitting: which part of a box a pattern takes, and which entry decides each part.

use std::ops::ControlFlow;

use crate::budget::{Budget, BudgetExceeded};
use crate::cube::Cube;
use crate::field::Field;
use crate::interval::{Interval, IntervalSet, above, below};
use crate::list::Rule;
use crate::pattern::Pattern;
use crate::walk::Walk;

/// A part of a box and the entry that decides it; nothing when no entry matches.
pub type Decided = (Cube, Option<usize>);

/// Appends the packets of `cube` that match `pattern` to `inside`, the others to `outside`.
///
/// # Shape
/// The appended boxes are disjoint and together are exactly `cube`.
///
/// # Errors
/// When the budget does not cover one step per appended box; the vectors then hold a part.
pub fn split(
    cube: &Cube,
    pattern: &Pattern,
    budget: &mut Budget,
    inside: &mut Vec<Cube>,
    outside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    if !pattern.overlaps(cube) {
        budget.spend(1)?;
        outside.push(*cube);
        return Ok(());
    }
    split_overlapping(*cube, pattern.constraints(), budget, inside, outside)
}

/// Appends the packets of `cube` that `pattern` matches.
///
/// # Errors
/// When the budget is spent.
pub fn matched(
    cube: &Cube,
    pattern: &Pattern,
    budget: &mut Budget,
    inside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    if pattern.overlaps(cube) {
        matched_overlapping(*cube, pattern.constraints(), budget, inside)?;
    }
    Ok(())
}

fn matched_overlapping(
    cube: Cube,
    constraints: &[(Field, IntervalSet)],
    budget: &mut Budget,
    inside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    let Some(((field, values), rest)) = constraints.split_first() else {
        budget.spend(1)?;
        inside.push(cube);
        return Ok(());
    };
    let own = cube.interval(*field);
    for both in values.touching(&own).iter().filter_map(|part| part.intersect(&own)) {
        matched_overlapping(cube.with(*field, both), rest, budget, inside)?;
    }
    Ok(())
}

/// Appends the packets of `cube` that `pattern` does not match.
///
/// # Errors
/// When the budget is spent.
pub fn unmatched(
    cube: &Cube,
    pattern: &Pattern,
    budget: &mut Budget,
    outside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    if !pattern.overlaps(cube) {
        budget.spend(1)?;
        outside.push(*cube);
        return Ok(());
    }
    beside(*cube, pattern.constraints(), budget, outside)
}

fn beside(
    cube: Cube,
    constraints: &[(Field, IntervalSet)],
    budget: &mut Budget,
    outside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    let Some(((field, values), rest)) = constraints.split_first() else {
        return budget.spend(1);
    };
    let own = cube.interval(*field);
    let mut next = Some(own.lo());
    for part in values.touching(&own) {
        let gap = next.zip(below(part.lo())).and_then(|(lo, hi)| Interval::try_new(lo, hi));
        if let Some(gap) = gap {
            budget.spend(1)?;
            outside.push(cube.with(*field, gap));
        }
        if let Some(both) = part.intersect(&own) {
            beside(cube.with(*field, both), rest, budget, outside)?;
        }
        next = above(part.hi());
    }
    if let Some(gap) = next.and_then(|lo| Interval::try_new(lo, own.hi())) {
        budget.spend(1)?;
        outside.push(cube.with(*field, gap));
    }
    Ok(())
}

/// [`split`] for a pattern that overlaps the box.
// INVARIANT: every constraint overlaps the box in its own field, so every recursion ends in at
// least one box inside. The recursion is at most `FIELD_COUNT` deep.
pub(crate) fn split_overlapping(
    cube: Cube,
    constraints: &[(Field, IntervalSet)],
    budget: &mut Budget,
    inside: &mut Vec<Cube>,
    outside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    let Some(((field, values), rest)) = constraints.split_first() else {
        budget.spend(1)?;
        inside.push(cube);
        return Ok(());
    };
    let own = cube.interval(*field);
    let mut next = Some(own.lo());
    for part in values.touching(&own) {
        let gap = next.zip(below(part.lo())).and_then(|(lo, hi)| Interval::try_new(lo, hi));
        if let Some(gap) = gap {
            budget.spend(1)?;
            outside.push(cube.with(*field, gap));
        }
        if let Some(both) = part.intersect(&own) {
            split_overlapping(cube.with(*field, both), rest, budget, inside, outside)?;
        }
        next = above(part.hi());
    }
    if let Some(gap) = next.and_then(|lo| Interval::try_new(lo, own.hi())) {
        budget.spend(1)?;
        outside.push(cube.with(*field, gap));
    }
    Ok(())
}

/// Visits the parts of `cube` with the entry that decides each; nothing when none matches.
///
/// Depth first: the visitor sees a first answer without the rest being computed, and breaks
/// when it has seen enough.
///
/// # Shape
/// The visited boxes are disjoint; when the visitor never breaks they are exactly `cube`.
///
/// # Errors
/// When the budget is spent; what was visited until then is right, but not all.
pub fn first_match<B>(
    cube: &Cube,
    rules: &[Rule],
    budget: &mut Budget,
    visit: &mut impl FnMut(&Cube, Option<usize>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, BudgetExceeded> {
    let mut walk = Walk::new();
    walk.add(cube, rules, budget)?;
    walk.start(*cube, ());
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    while let Some(step) = walk.next(budget)? {
        let Some(found) = step.found else {
            if let ControlFlow::Break(found) = visit(&step.cube, None) {
                return Ok(ControlFlow::Break(found));
            }
            continue;
        };
        let constraints = found.pattern.constraints();
        split_overlapping(step.cube, constraints, budget, &mut inside, &mut outside)?;
        for part in inside.drain(..) {
            if let ControlFlow::Break(found) = visit(&part, Some(found.entry)) {
                return Ok(ControlFlow::Break(found));
            }
        }
        walk.descend(&step, &step.cube, &mut outside, (), budget)?;
    }
    Ok(ControlFlow::Continue(()))
}

/// The first part of `cube` whose deciding entry satisfies `wanted`.
///
/// # Errors
/// When the budget is spent before a part was found or the whole box was seen.
pub fn find(
    cube: &Cube,
    rules: &[Rule],
    budget: &mut Budget,
    mut wanted: impl FnMut(Option<usize>) -> bool,
) -> Result<Option<Decided>, BudgetExceeded> {
    let flow = first_match(cube, rules, budget, &mut |part, entry| {
        if wanted(entry) { ControlFlow::Break((*part, entry)) } else { ControlFlow::Continue(()) }
    })?;
    Ok(flow.break_value())
}
