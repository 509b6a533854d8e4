//! What one line of a list says about a packet: a set of values for some of the fields.

use std::fmt;

use crate::cube::{Cube, Point};
use crate::field::Field;
use crate::interval::IntervalSet;

/// A product of sets of values: the packets that have an allowed value in every named field.
///
/// # Shape
/// Only constrained fields are stored, in decision order; no constraint is every packet. A
/// constraint that allows the whole domain is dropped, one that allows nothing makes the
/// pattern empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pattern(Vec<(Field, IntervalSet)>);

impl Pattern {
    /// Every packet.
    #[must_use]
    pub const fn any() -> Self {
        Self(Vec::new())
    }

    /// The same pattern with `values` in place of what it said about `field`.
    ///
    /// Values outside the domain of `field` are dropped.
    #[must_use]
    pub fn with(mut self, field: Field, values: impl Into<IntervalSet>) -> Self {
        let domain = field.domain();
        let mut values: IntervalSet = values.into();
        if values.iter().next_back().is_some_and(|last| last.hi() > domain.hi()) {
            values = values.intersection(&IntervalSet::any(domain));
        }
        let at = self.0.binary_search_by_key(&field, |(own, _)| *own);
        match (at, values.is_any(domain)) {
            (Ok(at), true) => {
                self.0.remove(at);
            }
            (Ok(at), false) => self.0[at].1 = values,
            (Err(_), true) => {}
            (Err(at), false) => self.0.insert(at, (field, values)),
        }
        self
    }

    /// The packets of this pattern whose `field` is also in `values`.
    #[must_use]
    pub fn narrowed(self, field: Field, values: &IntervalSet) -> Self {
        let both = match self.values(field) {
            Some(own) => own.intersection(values),
            None => values.clone(),
        };
        self.with(field, both)
    }

    /// The packets in both patterns; the result may be empty.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (field, values) in &other.0 {
            both = both.narrowed(*field, values);
        }
        both
    }

    /// What the pattern says about `field`; nothing when every value is allowed.
    #[must_use]
    pub fn values(&self, field: Field) -> Option<&IntervalSet> {
        self.0.iter().find(|(own, _)| *own == field).map(|(_, values)| values)
    }

    /// The constrained fields with their allowed values, in decision order.
    #[must_use]
    pub fn constraints(&self) -> &[(Field, IntervalSet)] {
        &self.0
    }

    /// Whether no packet matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().any(|(_, values)| values.is_empty())
    }

    /// Whether the packet has an allowed value in every field.
    #[must_use]
    pub fn matches(&self, point: &Point) -> bool {
        self.0.iter().all(|(field, values)| values.contains(point.value(*field)))
    }

    /// Whether some packet of the box matches.
    #[must_use]
    pub fn overlaps(&self, cube: &Cube) -> bool {
        self.0.iter().all(|(field, values)| values.overlaps(&cube.interval(*field)))
    }

    /// Whether every packet of the box matches.
    #[must_use]
    pub fn covers(&self, cube: &Cube) -> bool {
        self.0.iter().all(|(field, values)| values.is_any(cube.interval(*field)))
    }

    /// Whether some packet matches both patterns.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        !self.is_empty()
            && !other.is_empty()
            && self.0.iter().all(|(field, own)| {
                other.values(*field).is_none_or(|its| its.iter().any(|part| own.overlaps(part)))
            })
    }
}

impl From<&Cube> for Pattern {
    fn from(cube: &Cube) -> Self {
        Field::ALL
            .into_iter()
            .fold(Self::any(), |pattern, field| pattern.with(field, cube.interval(field)))
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(field, values)| (field, values))).finish()
    }
}
