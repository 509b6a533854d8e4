//! Ways through the drawing: from place to place over shared zones.

use std::collections::VecDeque;

use super::{Picture, PlaceKind, Stop};

impl Picture {
    /// The place called `name`.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.places.iter().position(|place| place.name == name && !name.is_empty())
    }

    /// The zones that a place is plugged into.
    fn zones_of(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        self.links.iter().filter(move |link| link.place == place).map(|link| link.zone)
    }

    /// Whether both are plugged into one zone.
    pub(crate) fn shares_zone(&self, one: usize, other: usize) -> bool {
        self.zones_of(one).any(|zone| self.zones_of(other).any(|its| its == zone))
    }

    /// The shortest way from one place to another over routers, else over relays too, else
    /// none in between.
    pub(crate) fn way(&self, from: usize, to: usize) -> Vec<Stop> {
        self.search(from, to, PlaceKind::is_router)
            .or_else(|| self.search(from, to, |kind| kind.is_router() || kind == PlaceKind::Relay))
            .unwrap_or_else(|| vec![Stop::Place(from), Stop::Place(to)])
    }

    /// Breadth first, places in their order.
    fn search(&self, from: usize, to: usize, passes: fn(PlaceKind) -> bool) -> Option<Vec<Stop>> {
        let mut before: Vec<Option<usize>> = vec![None; self.places.len()];
        let mut waiting = VecDeque::from([from]);
        while let Some(at) = waiting.pop_front() {
            if at == to {
                let mut way = vec![Stop::Place(to)];
                let mut step = to;
                while step != from {
                    step = before[step]?;
                    way.push(Stop::Place(step));
                }
                way.reverse();
                return Some(way);
            }
            if at != from && !passes(self.places[at].kind) {
                continue;
            }
            for zone in self.zones_of(at) {
                for link in self.links.iter().filter(|link| link.zone == zone) {
                    if link.place != from && before[link.place].is_none() {
                        before[link.place] = Some(at);
                        waiting.push_back(link.place);
                    }
                }
            }
        }
        None
    }
}

/// `way` without repetitions beside each other.
pub(crate) fn straighten(way: Vec<Stop>) -> Vec<Stop> {
    let mut way = way;
    way.dedup();
    way
}
