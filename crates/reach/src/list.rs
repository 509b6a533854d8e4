//! First-match lists on regions: which entry decides which part.

use model::{AclIndex, Action, Family, InterfaceIndex, Node, NodeId, State};
use packet_set::BudgetExceeded;

use crate::compile::{Alternative, Alternatives, Compiled};
use crate::explore::Run;
use crate::flight::Flight;
use crate::region::{Cuts, Region};

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

/// A part of a region with its answer and who decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decided {
    pub(crate) region: Region,
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

/// Splits `region` by the first entry of a list of unions that matches.
///
/// # Shape
/// Disjoint parts that together are `region`; `None` for the part that no entry matches.
pub(crate) fn first_match<'a>(
    region: Region,
    list: &'a Alternatives,
    around: &Around,
    cuts: &mut Cuts<'a>,
) -> Result<Vec<(Region, Option<usize>)>, BudgetExceeded> {
    let mut decided = Vec::new();
    let mut rest = vec![region];
    let mut inside = Vec::new();
    for (place, alternatives) in list.iter().enumerate() {
        take(&mut rest, alternatives, around, cuts, &mut inside)?;
        decided.extend(inside.drain(..).map(|part| (part, Some(place))));
        if rest.is_empty() {
            break;
        }
    }
    decided.extend(rest.into_iter().map(|part| (part, None)));
    Ok(decided)
}

/// Moves what any of `alternatives` matches from `rest` to `inside`.
pub(crate) fn take<'a>(
    rest: &mut Vec<Region>,
    alternatives: &'a [Alternative],
    around: &Around,
    cuts: &mut Cuts<'a>,
    inside: &mut Vec<Region>,
) -> Result<(), BudgetExceeded> {
    for alternative in alternatives.iter().filter(|one| around.admits(one)) {
        cuts.take_pattern(rest, &alternative.pattern, inside)?;
    }
    Ok(())
}

/// Which parts of an answer the asker looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    All,
    /// Parts that are denied are left out.
    Passing,
}

impl Run<'_> {
    /// What list `acl` of `node` says about the parts of the flight.
    pub(crate) fn decide(
        &mut self,
        node: NodeId,
        acl: AclIndex,
        flight: &Flight,
        sent_on: Option<InterfaceIndex>,
        wanted: Wanted,
    ) -> Result<Vec<Decided>, BudgetExceeded> {
        let around = Around::of(flight, sent_on);
        let mut decided = Vec::new();
        let device = self.atlas.network.node(node);
        let lists = self.atlas.compiled(node, flight.family);
        let question = Question { device, lists, family: flight.family, around, wanted };
        question.list(acl, vec![flight.now], 0, &mut self.cuts, &mut decided)?;
        Ok(decided)
    }
}

struct Question<'a> {
    device: &'a Node,
    lists: &'a Compiled,
    family: Family,
    around: Around,
    wanted: Wanted,
}

impl<'a> Question<'a> {
    fn list(
        &self,
        index: AclIndex,
        regions: Vec<Region>,
        depth: u32,
        cuts: &mut Cuts<'a>,
        out: &mut Vec<Decided>,
    ) -> Result<(), BudgetExceeded> {
        let acl = self.device.acl(index);
        let decided = |region, answer, entry| Decided { region, answer, acl: index, entry };
        let wants_denied = self.wanted == Wanted::All;
        if depth > CALL_DEPTH_MAX {
            if wants_denied {
                out.extend(regions.into_iter().map(|part| decided(part, Answer::Deny, None)));
            }
            return Ok(());
        }
        let mut rest = regions;
        let mut inside = Vec::new();
        let list = self.lists.list(self.device, self.family, index);
        for (place, alternatives) in list.iter().enumerate() {
            if rest.is_empty() {
                return Ok(());
            }
            if !wants_denied && acl.entries[place].action == Action::Deny {
                for one in alternatives.iter().filter(|one| self.around.admits(one)) {
                    cuts.leave_out(&mut rest, &one.pattern);
                }
                continue;
            }
            take(&mut rest, alternatives, &self.around, cuts, &mut inside)?;
            if inside.is_empty() {
                continue;
            }
            let parts = std::mem::take(&mut inside);
            let entry = Some(place);
            let settle = |out: &mut Vec<Decided>, parts: Vec<Region>, answer| {
                out.extend(parts.into_iter().map(|part| decided(part, answer, entry)));
            };
            match acl.entries[place].action {
                Action::Permit => settle(out, parts, Answer::Permit),
                Action::Deny => settle(out, parts, Answer::Deny),
                Action::Return => settle(out, parts, Answer::Return),
                Action::Goto(next) => self.list(next, parts, depth + 1, cuts, out)?,
                Action::Call(next) => {
                    let from = out.len();
                    self.list(next, parts, depth + 1, cuts, out)?;
                    let called = out.split_off(from);
                    for one in called {
                        match one.answer {
                            Answer::Return => rest.push(one.region),
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
        if wants_denied || answer != Answer::Deny {
            out.extend(rest.into_iter().map(|part| decided(part, answer, None)));
        }
        Ok(())
    }
}
