//! Sets of numbers as sorted, disjoint, inclusive ranges.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A set of numbers: addresses, ports, protocols, ICMP types.
///
/// # Shape
/// Sorted, disjoint and not touching each other; empty means no number.
#[derive(Clone, Default)]
pub struct Ranges(Parts);

/// One range, the usual case, lives without a heap allocation.
#[derive(Clone, Default)]
enum Parts {
    #[default]
    None,
    One((u128, u128)),
    Many(Arc<[(u128, u128)]>),
}

impl From<&[(u128, u128)]> for Ranges {
    fn from(parts: &[(u128, u128)]) -> Self {
        Self(match parts {
            [] => Parts::None,
            [one] => Parts::One(*one),
            many => Parts::Many(many.into()),
        })
    }
}

impl PartialEq for Ranges {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Ranges {}

impl PartialOrd for Ranges {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranges {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl Hash for Ranges {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

impl fmt::Debug for Ranges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ranges").field(&self.as_slice()).finish()
    }
}

impl Ranges {
    /// No number.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One number.
    #[must_use]
    pub fn one(value: impl Into<u128>) -> Self {
        let value = value.into();
        Self(Parts::One((value, value)))
    }

    /// The numbers from `low` to `high`, both included; none if `low > high`.
    #[must_use]
    pub fn span(low: impl Into<u128>, high: impl Into<u128>) -> Self {
        let (low, high) = (low.into(), high.into());
        if low <= high { Self(Parts::One((low, high))) } else { Self::none() }
    }

    /// The union of inclusive ranges in any order; a range with `low > high` is empty.
    #[must_use]
    pub fn of(parts: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut parts = parts.into_iter().filter(|(low, high)| low <= high);
        let Some(first) = parts.next() else { return Self::none() };
        let Some(second) = parts.next() else { return Self(Parts::One(first)) };
        let mut parts: Vec<_> = [first, second].into_iter().chain(parts).collect();
        parts.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(parts.len());
        for (low, high) in parts {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        merged.as_slice().into()
    }

    /// Whether `value` is in the set.
    #[must_use]
    pub fn contains(&self, value: impl Into<u128>) -> bool {
        let value = value.into();
        self.as_slice().iter().any(|(low, high)| (*low..=*high).contains(&value))
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Parts::None)
    }

    /// The ranges in ascending order.
    #[must_use]
    pub fn as_slice(&self) -> &[(u128, u128)] {
        match &self.0 {
            Parts::None => &[],
            Parts::One(one) => std::slice::from_ref(one),
            Parts::Many(many) => many,
        }
    }

    /// The smallest number.
    #[must_use]
    pub fn first(&self) -> Option<u128> {
        self.as_slice().first().map(|(low, _)| *low)
    }

    /// Numbers in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.as_slice().iter().chain(other.as_slice()).copied())
    }

    /// Numbers in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let its = other.as_slice();
        let pairs = self.as_slice().iter().flat_map(|a| its.iter().map(move |b| (a, b)));
        Self::of(pairs.map(|(a, b)| (a.0.max(b.0), a.1.min(b.1))))
    }

    /// Numbers from 0 to `top` that are not in the set.
    #[must_use]
    pub fn complement(&self, top: u128) -> Self {
        let own = self.as_slice();
        let mut parts = Vec::with_capacity(own.len() + 1);
        let mut next = 0;
        for (low, high) in own {
            if *low > next {
                parts.push((next, low - 1));
            }
            if *high >= top {
                return Self::of(parts);
            }
            next = high + 1;
        }
        parts.push((next, top));
        Self::of(parts)
    }
}
