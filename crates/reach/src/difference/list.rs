//! About which packets two lists decide differently.

use std::rc::Rc;

use model::{AclIndex, Action, Entry, Family, Node, NodeId, State, States};
use packet_set::{Budget, BudgetExceeded, Cube, Pattern, split};

use super::told::{Part, all_states};
use super::{CUBES_MAX, Found, Pair, STEPS_MAX, cubes_of};
use crate::compile::{Alternative, Alternatives, Listed};
use crate::flight::universe;

/// Boxes into which one box is cut at most, so that only what lists decide differently is left.
// LIMIT: with more, the whole box counts as different.
const REFINED_MAX: usize = 16;

/// An entry of a list with its alternatives for one family.
#[derive(Clone, Copy)]
struct Row<'a> {
    entry: &'a Entry,
    alternatives: &'a [Alternative],
}

impl PartialEq for Row<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.entry == other.entry
    }
}

impl<'a> Row<'a> {
    /// The alternatives for packets in `state`.
    fn met(self, state: State) -> impl Iterator<Item = &'a Alternative> {
        let all = self.alternatives.iter();
        all.filter(move |one| one.states.is_none_or(|states| states.contains(state)))
    }
}

/// A list of one network that was compared with that of another.
#[derive(Debug)]
pub(crate) struct ComparedList {
    id: NodeId,
    place: AclIndex,
    /// The lists, which are the same wherever these are used.
    lists: [Rc<Listed>; 2],
    /// What they decide differently, if that can be told.
    parts: Option<Vec<Part>>,
}

impl Found<'_> {
    /// What the list at `place` decides differently in both networks, found once for the same two.
    pub(super) fn compared_list(&mut self, pair: &Pair<'_>, place: AclIndex) -> Option<()> {
        let (own, its) = pair.compiled;
        let lists = [Rc::clone(own[0].listed(place)?), Rc::clone(its[0].listed(place)?)];
        let is_same = |one: &&ComparedList| {
            let pairs = one.lists.iter().zip(&lists);
            (one.id, one.place) == (pair.id, place)
                && pairs.into_iter().all(|(a, b)| Rc::ptr_eq(a, b))
        };
        let known = self.compared.borrow().iter().find(is_same).map(|one| one.parts.clone());
        let parts = known.unwrap_or_else(|| {
            let parts = differing(pair, place);
            let id = pair.id;
            let compared = ComparedList { id, place, lists, parts: parts.clone() };
            self.compared.borrow_mut().push(compared);
            parts
        })?;
        parts.into_iter().for_each(|part| self.add(part));
        (self.told.parts.len() <= CUBES_MAX).then_some(())
    }
}

/// What the list at `place` decides differently in both networks; `None` if that cannot be told.
fn differing(pair: &Pair<'_>, place: AclIndex) -> Option<Vec<Part>> {
    let lists = [pair.own.acl(place), pair.its.acl(place)];
    if lists[0].default != lists[1].default {
        return None;
    }
    let is_filter = [pair.own, pair.its].iter().all(|node| only_filters(node, place));
    let mut parts = Vec::new();
    for family in Family::ALL {
        let [own, its] = [(pair.own, pair.compiled.0), (pair.its, pair.compiled.1)]
            .map(|(node, compiled)| compiled[family as usize].list(node, family, place));
        let rows = [rows(&lists[0].entries, own), rows(&lists[1].entries, its)];
        for states in classes(&rows) {
            let Some(state) = states.iter().next() else { continue };
            let [own, its] = [0, 1].map(|at| -> Vec<Row<'_>> {
                let is_met = |row: &&Row<'_>| row.met(state).next().is_some();
                rows[at].iter().filter(is_met).copied().collect()
            });
            let (own_part, its_part) = stripped(&own, &its);
            let cubes = matched_differently(family, state, own_part, its_part)?;
            if cubes.is_empty() {
                continue;
            }
            let both = Both::new(family, state, lists[0].default, [&own, &its]);
            for cube in cubes {
                let refined = match &both {
                    Some(both) => both.refine(cube),
                    None => vec![(cube, true)],
                };
                parts.extend(refined.into_iter().map(|(cube, is_looser)| {
                    let is_looser = is_looser || !is_filter;
                    Part { node: Some(pair.id), family, states, cube, is_looser }
                }));
            }
        }
    }
    Some(parts)
}

/// Whether what the list at `place` of `node` denies is discarded: it chooses no way, and no other
/// list goes on to it.
fn only_filters(node: &Node, place: AclIndex) -> bool {
    let policies = node.policy_routes.iter();
    let hops = node.routes.iter().flat_map(|route| &route.hops);
    let hops = hops.chain(node.policy_routes.iter().map(|policy| &policy.hop));
    let mut guards = policies.map(|policy| policy.guard).chain(hops.filter_map(|hop| hop.guard));
    let mut actions = node.acls.iter().flat_map(|list| &list.entries).map(|entry| entry.action);
    let goes_there = |action| [Action::Call(place), Action::Goto(place)].contains(&action);
    !guards.any(|guard| guard == place) && !actions.any(goes_there)
}

fn rows<'a>(entries: &'a [Entry], compiled: &'a Alternatives) -> Vec<Row<'a>> {
    let all = entries.iter().zip(compiled);
    all.map(|(entry, alternatives)| Row { entry, alternatives }).collect()
}

/// The states of packets, those together that no entry tells apart.
fn classes(lists: &[Vec<Row<'_>>; 2]) -> Vec<States> {
    let mut classes = vec![all_states()];
    let alternatives = lists.iter().flatten().flat_map(|row| row.alternatives);
    for states in alternatives.filter_map(|one| one.states) {
        let parts =
            |class: States| [states, states.complement()].map(|part| class.intersection(part));
        classes = classes.into_iter().flat_map(parts).filter(|one| !one.is_empty()).collect();
    }
    classes
}

/// Two lists without what they begin and end with alike.
fn stripped<'a, 'r>(
    mut own: &'a [Row<'r>],
    mut its: &'a [Row<'r>],
) -> (&'a [Row<'r>], &'a [Row<'r>]) {
    while let ([a, own_rest @ ..], [b, its_rest @ ..]) = (own, its)
        && a == b
    {
        (own, its) = (own_rest, its_rest);
    }
    while let ([own_rest @ .., a], [its_rest @ .., b]) = (own, its)
        && a == b
    {
        (own, its) = (own_rest, its_rest);
    }
    (own, its)
}

/// Boxes that hold every packet which entries of one list match and those of the other do not
/// match in the same way.
fn matched_differently(
    family: Family,
    state: State,
    own: &[Row<'_>],
    its: &[Row<'_>],
) -> Option<Vec<Cube>> {
    let mut found = Vec::new();
    let is_paired = own.len() == its.len()
        && own.iter().zip(its).all(|(a, b)| a.entry.action == b.entry.action);
    if is_paired {
        for (own, its) in own.iter().zip(its).filter(|(own, its)| own != its) {
            let [own, its] =
                [own, its].map(|row| -> Vec<&Alternative> { row.met(state).collect() });
            matched_by_one(family, &own, &its, &mut found)?;
        }
        return Some(found);
    }
    for alternative in own.iter().chain(its).flat_map(|row| row.met(state)) {
        for cube in cubes_of(family, &alternative.pattern)? {
            if !found.contains(&cube) {
                found.push(cube);
            }
        }
    }
    (found.len() <= CUBES_MAX).then_some(found)
}

/// What only one of two unions matches.
fn matched_by_one(
    family: Family,
    own: &[&Alternative],
    its: &[&Alternative],
    out: &mut Vec<Cube>,
) -> Option<()> {
    let asks_interfaces = |one: &&Alternative| one.received_on.is_some() || one.sent_on.is_some();
    // Conditions on interfaces that all have in common may be left aside.
    let mut all = own.iter().chain(its);
    let first = all.next();
    let is_common = all.all(|one| {
        first.is_some_and(|first| {
            first.received_on == one.received_on && first.sent_on == one.sent_on
        })
    });
    let is_open = !is_common && own.iter().chain(its).any(asks_interfaces);
    for (some, others) in [(own, its), (its, own)] {
        for one in some {
            let others = if is_open { &[] } else { others };
            matched_beside(family, &one.pattern, others, out)?;
        }
    }
    Some(())
}

/// What `pattern` matches and none of `others`.
fn matched_beside(
    family: Family,
    pattern: &Pattern,
    others: &[&Alternative],
    out: &mut Vec<Cube>,
) -> Option<()> {
    if others.iter().any(|one| one.pattern == *pattern) {
        return Some(());
    }
    let budget = &mut Budget::new(STEPS_MAX);
    let (mut rest, mut outside) = (Vec::new(), Vec::new());
    split(&universe(family), pattern, budget, &mut rest, &mut outside).ok()?;
    for one in others {
        let mut left = Vec::new();
        for cube in rest {
            split(&cube, &one.pattern, budget, &mut Vec::new(), &mut left).ok()?;
        }
        rest = left;
    }
    out.append(&mut rest);
    (out.len() <= CUBES_MAX).then_some(())
}

/// Two lists as they decide about packets of one family in one state.
struct Both<'a> {
    whole: Cube,
    /// Patterns with whether they permit, in order.
    lists: [Vec<(&'a Pattern, bool)>; 2],
    default: bool,
}

impl<'a> Both<'a> {
    /// `None` where more than the packet decides, or another list.
    fn new(family: Family, state: State, default: Action, lists: [&[Row<'a>]; 2]) -> Option<Self> {
        let default = permits(default)?;
        let [own, its] = lists.map(|rows| {
            let mut found = Vec::new();
            for row in rows {
                let is_permit = permits(row.entry.action)?;
                for one in row.met(state) {
                    if one.received_on.is_some() || one.sent_on.is_some() {
                        return None;
                    }
                    found.push((&one.pattern, is_permit));
                }
            }
            Some(found)
        });
        Some(Self { whole: universe(family), lists: [own?, its?], default })
    }

    /// The parts of `cube` about which the lists decide differently, or `cube` itself, each with
    /// whether the other list permits some of it that the own one denies.
    fn refine(&self, cube: Cube) -> Vec<(Cube, bool)> {
        let Ok(mut parts) = self.differing(cube, &mut Budget::new(STEPS_MAX)) else {
            return vec![(cube, true)];
        };
        // That all packets count may as well be said at once.
        if cube == self.whole && !parts.is_empty() {
            parts.retain(|(_, is_looser)| *is_looser);
            parts.push((cube, false));
        }
        match parts.len() <= REFINED_MAX {
            true => parts,
            false => vec![(cube, parts.iter().any(|(_, is_looser)| *is_looser))],
        }
    }

    fn differing(
        &self,
        cube: Cube,
        budget: &mut Budget,
    ) -> Result<Vec<(Cube, bool)>, BudgetExceeded> {
        let [own, its] = &self.lists;
        let mut found = Vec::new();
        for (part, permits) in self.decide(own, cube, budget)? {
            let decided = self.decide(its, part, budget)?;
            found.extend(decided.into_iter().filter(|one| one.1 != permits));
        }
        Ok(found)
    }

    /// The parts of `cube`, each with whether `list` permits it.
    fn decide(
        &self,
        list: &[(&Pattern, bool)],
        cube: Cube,
        budget: &mut Budget,
    ) -> Result<Vec<(Cube, bool)>, BudgetExceeded> {
        let mut touching = list.iter().filter(|(pattern, _)| pattern.overlaps(&cube)).peekable();
        if let Some((_, permits)) = touching.peek().filter(|(pattern, _)| pattern.covers(&cube)) {
            return Ok(vec![(cube, *permits)]);
        }
        let mut decided = Vec::new();
        let mut rest = vec![cube];
        let mut inside = Vec::new();
        for (pattern, permits) in touching {
            if rest.is_empty() {
                return Ok(decided);
            }
            let mut left = Vec::new();
            for part in rest {
                split(&part, pattern, budget, &mut inside, &mut left)?;
            }
            rest = left;
            decided.extend(inside.drain(..).map(|part| (part, *permits)));
        }
        decided.extend(rest.into_iter().map(|part| (part, self.default)));
        Ok(decided)
    }
}

fn permits(action: Action) -> Option<bool> {
    match action {
        Action::Permit => Some(true),
        Action::Deny => Some(false),
        Action::Call(_) | Action::Goto(_) | Action::Return => None,
    }
}
