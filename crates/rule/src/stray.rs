//! Which of several default routes of a terminal is the wrong one, so that one rule tells of it
//! and the others do not tell of what comes of it.

use model::{Family, Hop, NodeId, Route, StepKind};
use pattern::Property;
use reach::{Exploration, Leaf};

use crate::Scene;

impl<'a> Scene<'a> {
    /// The default routes of `machine` with their places among its routes.
    pub(crate) fn defaults(&self, machine: NodeId, family: Family) -> Vec<(usize, &'a Route)> {
        let routes = (0..).zip(&self.node(machine).routes);
        routes
            .filter(|(_, route)| route.prefix.family() == family && route.prefix.length() == 0)
            .collect()
    }

    /// Whether the route is that of a session which the machine ends itself.
    pub(crate) fn is_session_route(&self, machine: NodeId, route: &Route) -> bool {
        self.blueprint.sessions.iter().any(|session| {
            session.machine == machine
                && route.hops.iter().any(|hop| hop.hop == Hop::Interface(session.interface))
        })
    }

    /// The place of the default route, of several, by which `machine` reaches none of its listed
    /// destinations; one that nothing takes comes before one that leads astray.
    pub(crate) fn stray_default(&self, machine: NodeId, family: Family) -> Option<usize> {
        let defaults = self.defaults(machine, family);
        if defaults.len() < 2 {
            return None;
        }
        let mut candidates: Vec<(bool, usize)> = defaults
            .iter()
            .filter(|(_, route)| !self.is_session_route(machine, route))
            .filter(|(place, _)| !self.leads(machine, *place, true))
            .map(|(place, _)| (self.leads(machine, *place, false), *place))
            .collect();
        candidates.sort_unstable();
        candidates.first().map(|(_, place)| *place)
    }

    /// Whether `machine` takes the route at `place` for a listed destination; if `arriving`, for
    /// packets that get there.
    fn leads(&self, machine: NodeId, place: usize, arriving: bool) -> bool {
        let mut trials = self.destinations().iter().filter(|trial| trial.from == machine);
        trials.any(|trial| {
            let mut leaves = trial.found.leaves.iter();
            leaves.any(|leaf| {
                (!arriving || trial.arrives(leaf))
                    && is_routed_by(machine, place, &trial.found, leaf)
            })
        })
    }

    /// Whether `machine` sends the packets of `leaf` by the stray one of its default routes, while
    /// the page asks for the right ones.
    pub(crate) fn is_astray(&self, machine: NodeId, found: &Exploration, leaf: &Leaf) -> bool {
        let is_asked = self.house.is_some_and(|house| !house.clauses(Property::V9).is_empty());
        is_asked
            && self.blueprint.parties.all_terminals().contains(&machine)
            && self
                .stray_default(machine, leaf.family)
                .is_some_and(|place| is_routed_by(machine, place, found, leaf))
    }
}

/// Whether `machine` sends the packets of `leaf` by its route at `place`.
fn is_routed_by(machine: NodeId, place: usize, found: &Exploration, leaf: &Leaf) -> bool {
    found.back(leaf).any(|step| {
        step.node == machine && matches!(step.kind, StepKind::Routed(route, _) if route == place)
    })
}
