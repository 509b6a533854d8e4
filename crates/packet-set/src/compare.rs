//! Whether two lists decide alike, by whichever engine can tell.

use crate::budget::{Budget, BudgetExceeded};
use crate::cube::Cube;
use crate::diagram::{Diagram, Diagrams};
use crate::list::{List, Outcome};
use crate::pattern::Pattern;
use crate::split::{find, split_overlapping};
use crate::walk::{CANDIDATES_PER_STEP, Candidate, Step, Walk};

/// The engine that found an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// Interval diagrams: both lists were held as whole sets.
    Diagrams,
    /// Box splitting: the answer was near, or the diagrams did not fit the budget.
    Boxes,
}

/// Packets that two lists decide differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The packets; the entries below decide all of them.
    pub cube: Cube,
    /// The deciding entry of the first list; nothing when its default decides.
    pub first: Option<usize>,
    /// The deciding entry of the second list; nothing when its default decides.
    pub second: Option<usize>,
}

/// Whether two lists decide alike, and who says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// A difference; nothing when the lists decide every packet alike.
    pub difference: Option<Difference>,
    /// The engine that answered.
    pub engine: Engine,
}

/// The share of the budget for a first look by box splitting: real differences are found within
/// a few thousand steps, long before diagrams would be built.
const FIRST_LOOK: u64 = 16;

/// Packets of `within` that the two lists decide differently, or the proof that there are none.
///
/// After a short look by box splitting, diagrams are tried with half of what the budget has
/// left, then box splitting with the rest: diagrams prove equality of long lists, boxes survive
/// lists that make diagrams explode.
///
/// # Errors
/// When neither engine came to an end; the answer is then unknown.
pub fn difference_witness(
    first: List<'_>,
    second: List<'_>,
    within: &Cube,
    budget: &mut Budget,
) -> Result<Comparison, BudgetExceeded> {
    let attempts = [
        (Engine::Boxes, budget.left() / FIRST_LOOK),
        (Engine::Diagrams, budget.left() / 2),
        (Engine::Boxes, budget.left()),
    ];
    for (engine, share) in attempts {
        let mut part = Budget::new(share.min(budget.left()));
        let before = part.left();
        let answer = match engine {
            Engine::Boxes => difference_by_boxes(first, second, within, &mut part),
            Engine::Diagrams => difference_by_diagrams(first, second, within, &mut part),
        };
        budget.spend(before - part.left())?;
        if let Ok(difference) = answer {
            return Ok(Comparison { difference, engine });
        }
    }
    Err(BudgetExceeded)
}

/// Packets of `within` that the two lists decide differently, by diagrams alone.
///
/// # Errors
/// When the budget is spent; the answer is then unknown.
pub fn difference_by_diagrams(
    first: List<'_>,
    second: List<'_>,
    within: &Cube,
    budget: &mut Budget,
) -> Result<Option<Difference>, BudgetExceeded> {
    let mut home = Diagrams::new(*budget);
    let differing = disagreement(&mut home, first, second, &Pattern::from(within));
    *budget = home.budget();
    let Some(cube) = home.witness(differing?) else {
        return Ok(None);
    };
    // Every packet of the box is decided differently, but not by the same entries.
    let part = find(&cube, first.rules, budget, |_| true)?;
    let (cube, own) = part.expect("some entry or the default decides the first part of a box");
    let part = find(&cube, second.rules, budget, |_| true)?;
    let (cube, its) = part.expect("some entry or the default decides the first part of a box");
    Ok(Some(Difference { cube, first: own, second: its }))
}

fn disagreement(
    home: &mut Diagrams,
    first: List<'_>,
    second: List<'_>,
    question: &Pattern,
) -> Result<Diagram, BudgetExceeded> {
    let first = home.outcomes_within(first, question)?;
    let second = home.outcomes_within(second, question)?;
    home.disagreement(first, second)
}

/// Packets of `within` that the two lists decide differently, by box splitting alone.
///
/// It finds a difference fast; to prove equality of long lists is the work of diagrams, see
/// [`difference_witness`].
///
/// # Errors
/// When the budget is spent; the answer is then unknown.
pub fn difference_by_boxes(
    first: List<'_>,
    second: List<'_>,
    within: &Cube,
    budget: &mut Budget,
) -> Result<Option<Difference>, BudgetExceeded> {
    let mut pair = Pair { first, second, walk: Walk::new() };
    pair.walk.add(within, first.rules, budget)?;
    pair.walk.add(within, second.rules, budget)?;
    pair.walk.start(*within, Known::Nothing);
    while let Some(step) = pair.walk.next(budget)? {
        budget.spend((pair.walk.open(&step).len() / CANDIDATES_PER_STEP) as u64)?;
        if pair.is_settled(&step) {
            continue;
        }
        let found = pair.advance(step, budget)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// What is known of the first list on a box.
#[derive(Clone, Copy)]
enum Known {
    Nothing,
    Decided(Option<usize>),
}

/// Both lists walked at once: the second is only asked about boxes the first has decided.
struct Pair<'a> {
    first: List<'a>,
    second: List<'a>,
    walk: Walk<'a, Known>,
}

impl<'a> Pair<'a> {
    /// Whether what is left of the two lists cannot decide the box differently: both have one
    /// and the same outcome, or both have the same entries.
    fn is_settled(&self, step: &Step<'a, Known>) -> bool {
        let open = self.walk.open(step);
        let own = open.partition_point(|candidate| candidate.entry < self.first.rules.len());
        let (own, its) = open.split_at(own);
        let default = match step.note {
            Known::Nothing => self.first.default,
            Known::Decided(entry) => self.first.outcome(entry),
        };
        if default != self.second.default {
            return false;
        }
        let mut outcomes = open.iter().map(|candidate| self.outcome(candidate));
        if outcomes.all(|outcome| outcome == default) {
            return true;
        }
        let alike = |(a, b): (&Candidate<'_>, &Candidate<'_>)| {
            self.outcome(a) == self.outcome(b) && a.pattern == b.pattern
        };
        own.len() == its.len() && own.iter().zip(its).all(alike)
    }

    fn outcome(&self, candidate: &Candidate<'_>) -> Outcome {
        match candidate.entry.checked_sub(self.first.rules.len()) {
            None => self.first.rules[candidate.entry].outcome,
            Some(entry) => self.second.rules[entry].outcome,
        }
    }

    /// Lets the candidate that was found take its part of the box.
    fn advance(
        &mut self,
        mut step: Step<'a, Known>,
        budget: &mut Budget,
    ) -> Result<Option<Difference>, BudgetExceeded> {
        let own_entries = self.first.rules.len();
        let own = match step.note {
            Known::Nothing => None,
            Known::Decided(entry) => entry,
        };
        let Some(found) = step.found else {
            let differs = self.first.outcome(own) != self.second.default;
            let difference = Difference { cube: step.cube, first: own, second: None };
            return Ok(differs.then_some(difference));
        };
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let constraints = found.pattern.constraints();
        split_overlapping(step.cube, constraints, budget, &mut inside, &mut outside)?;
        let Some(entry) = found.entry.checked_sub(own_entries) else {
            self.walk.descend(&step, &step.cube, &mut outside, Known::Nothing, budget)?;
            self.walk.skip_to(&mut step, own_entries);
            let decided = Known::Decided(Some(found.entry));
            for part in inside {
                self.walk.descend(&step, &part, &mut vec![part], decided, budget)?;
            }
            return Ok(None);
        };
        if self.first.outcome(own) != self.second.outcome(Some(entry)) {
            let difference = |cube| Difference { cube, first: own, second: Some(entry) };
            return Ok(inside.first().copied().map(difference));
        }
        self.walk.descend(&step, &step.cube, &mut outside, Known::Decided(own), budget)?;
        Ok(None)
    }
}
