//! Which packet of a box a person finds plausible.

use crate::cube::{Cube, Point};
use crate::field::{FIELD_COUNT, Field};
use crate::interval::{Interval, IntervalSet};

/// Values a person expects to see in a witness, and values that look wrong.
///
/// # Shape
/// Earlier preferred values win over later ones. Fields are judged one by one.
#[derive(Clone, Debug)]
pub struct Preference {
    preferred: [Vec<Interval>; FIELD_COUNT],
    avoided: [IntervalSet; FIELD_COUNT],
}

impl Preference {
    /// No preference: the lowest value of every field.
    #[must_use]
    pub fn none() -> Self {
        Self {
            preferred: std::array::from_fn(|_| Vec::new()),
            avoided: std::array::from_fn(|_| IntervalSet::empty()),
        }
    }

    /// Adds values to prefer in `field`, after those already preferred.
    #[must_use]
    pub fn prefer(mut self, field: Field, values: impl IntoIterator<Item = Interval>) -> Self {
        self.preferred[field.index()].extend(values);
        self
    }

    /// Adds values to avoid in `field`; a preferred value is taken even if avoided.
    #[must_use]
    pub fn avoid(mut self, field: Field, values: &IntervalSet) -> Self {
        let avoided = &mut self.avoided[field.index()];
        *avoided = avoided.union(values);
        self
    }

    fn choose(&self, field: Field, allowed: &Interval) -> u128 {
        let mut preferred = self.preferred[field.index()].iter();
        if let Some(found) = preferred.find_map(|wish| wish.intersect(allowed)) {
            return found.lo();
        }
        let good = self.avoided[field.index()].complement(*allowed);
        good.iter().next().map_or(allowed.lo(), Interval::lo)
    }
}

impl Default for Preference {
    fn default() -> Self {
        Self::none()
    }
}

/// A plausible packet of the box: per field the first preferred value, else the lowest that is
/// not avoided, else the lowest.
#[must_use]
pub fn pick(cube: &Cube, preference: &Preference) -> Point {
    Point(Field::ALL.map(|field| preference.choose(field, &cube.interval(field))))
}
