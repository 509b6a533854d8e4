//! First-match lists on boxes: which entry decides which part.

use model::{AclIndex, Action, InterfaceIndex, NodeId, State};
use packet_set::{Budget, BudgetExceeded, Cube, Pattern, split};

use crate::compile::{Alternative, Alternatives, Atlas};
use crate::flight::Flight;

/// How deep lists may call each other.
// LIMIT: the kernel allows 16 levels of jumps in nftables.
const CALL_DEPTH_MAX: u32 = 16;

/// What a list says about a part of a box.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    Permit,
    Deny,
    Return,
}

/// A part of a box with its answer and who decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decided {
    pub(crate) cube: Cube,
    pub(crate) answer: Answer,
    pub(crate) acl: AclIndex,
    /// The entry; `None` for the default.
    pub(crate) entry: Option<usize>,
}

/// What a condition may look at beside the packet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around {
    pub(crate) state: State,
    pub(crate) received_on: Option<InterfaceIndex>,
    pub(crate) sent_on: Option<InterfaceIndex>,
}

impl Around {
    pub(crate) fn of(flight: &Flight, sent_on: Option<InterfaceIndex>) -> Self {
        Self { state: flight.state, received_on: flight.received_on, sent_on }
    }

    pub(crate) fn admits(&self, alternative: &Alternative) -> bool {
        let among = |list: &Option<Vec<InterfaceIndex>>, own: Option<InterfaceIndex>| {
            list.as_ref().is_none_or(|list| own.is_some_and(|own| list.contains(&own)))
        };
        alternative.states.is_none_or(|states| states.contains(self.state))
            && among(&alternative.received_on, self.received_on)
            && among(&alternative.sent_on, self.sent_on)
    }
}

/// Splits `cube` by the first entry of a list of unions that matches.
///
/// # Shape
/// Disjoint parts that together are `cube`; `None` for the part that no entry matches.
pub(crate) fn first_match(
    cube: Cube,
    list: &Alternatives,
    around: &Around,
    budget: &mut Budget,
) -> Result<Vec<(Cube, Option<usize>)>, BudgetExceeded> {
    let mut decided = Vec::new();
    let mut rest = vec![cube];
    let mut inside = Vec::new();
    for (place, alternatives) in list.iter().enumerate() {
        take(&mut rest, alternatives, around, budget, &mut inside)?;
        decided.extend(inside.drain(..).map(|part| (part, Some(place))));
        if rest.is_empty() {
            break;
        }
    }
    decided.extend(rest.into_iter().map(|part| (part, None)));
    Ok(decided)
}

/// Moves what any of `alternatives` matches from `rest` to `inside`.
pub(crate) fn take(
    rest: &mut Vec<Cube>,
    alternatives: &[Alternative],
    around: &Around,
    budget: &mut Budget,
    inside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    for alternative in alternatives.iter().filter(|one| around.admits(one)) {
        take_pattern(rest, &alternative.pattern, budget, inside)?;
    }
    Ok(())
}

/// Moves what `pattern` matches from `rest` to `inside`.
pub(crate) fn take_pattern(
    rest: &mut Vec<Cube>,
    pattern: &Pattern,
    budget: &mut Budget,
    inside: &mut Vec<Cube>,
) -> Result<(), BudgetExceeded> {
    if !rest.iter().any(|cube| pattern.overlaps(cube)) {
        return Ok(());
    }
    for cube in std::mem::take(rest) {
        split(&cube, pattern, budget, inside, rest)?;
    }
    Ok(())
}

impl Atlas<'_> {
    /// What list `acl` of `node` says about the parts of the flight's box.
    pub(crate) fn decide(
        &self,
        node: NodeId,
        acl: AclIndex,
        flight: &Flight,
        sent_on: Option<InterfaceIndex>,
        budget: &mut Budget,
    ) -> Result<Vec<Decided>, BudgetExceeded> {
        let around = Around::of(flight, sent_on);
        let mut decided = Vec::new();
        let question = Question { atlas: self, node, flight, around };
        question.list(acl, vec![flight.now], 0, budget, &mut decided)?;
        Ok(decided)
    }
}

struct Question<'a> {
    atlas: &'a Atlas<'a>,
    node: NodeId,
    flight: &'a Flight,
    around: Around,
}

impl Question<'_> {
    fn list(
        &self,
        index: AclIndex,
        cubes: Vec<Cube>,
        depth: u32,
        budget: &mut Budget,
        out: &mut Vec<Decided>,
    ) -> Result<(), BudgetExceeded> {
        let acl = self.atlas.network.node(self.node).acl(index);
        let decided = |cube, answer, entry| Decided { cube, answer, acl: index, entry };
        if depth > CALL_DEPTH_MAX {
            out.extend(cubes.into_iter().map(|cube| decided(cube, Answer::Deny, None)));
            return Ok(());
        }
        let compiled = self.atlas.compiled(self.node, self.flight.family);
        let list = &compiled.acls[index.0 as usize];
        let mut rest = cubes;
        let mut inside = Vec::new();
        for (place, alternatives) in list.iter().enumerate() {
            if rest.is_empty() {
                return Ok(());
            }
            take(&mut rest, alternatives, &self.around, budget, &mut inside)?;
            if inside.is_empty() {
                continue;
            }
            let parts = std::mem::take(&mut inside);
            let entry = Some(place);
            let settle = |out: &mut Vec<Decided>, parts: Vec<Cube>, answer| {
                out.extend(parts.into_iter().map(|cube| decided(cube, answer, entry)));
            };
            match acl.entries[place].action {
                Action::Permit => settle(out, parts, Answer::Permit),
                Action::Deny => settle(out, parts, Answer::Deny),
                Action::Return => settle(out, parts, Answer::Return),
                Action::Goto(next) => self.list(next, parts, depth + 1, budget, out)?,
                Action::Call(next) => {
                    let from = out.len();
                    self.list(next, parts, depth + 1, budget, out)?;
                    let called = out.split_off(from);
                    for one in called {
                        match one.answer {
                            Answer::Return => rest.push(one.cube),
                            Answer::Permit | Answer::Deny => out.push(one),
                        }
                    }
                }
            }
        }
        let answer = match acl.default {
            Action::Permit => Answer::Permit,
            Action::Deny => Answer::Deny,
            Action::Return | Action::Call(_) | Action::Goto(_) => Answer::Return,
        };
        out.extend(rest.into_iter().map(|cube| decided(cube, answer, None)));
        Ok(())
    }
}
