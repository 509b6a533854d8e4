//! Sets of numbers as sorted, disjoint, inclusive ranges.

/// A set of numbers: addresses, ports, protocols, ICMP types.
///
/// # Shape
/// Sorted, disjoint and not touching each other; empty means no number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ranges(Vec<(u128, u128)>);

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
        Self(vec![(value, value)])
    }

    /// The numbers from `low` to `high`, both included; none if `low > high`.
    #[must_use]
    pub fn span(low: impl Into<u128>, high: impl Into<u128>) -> Self {
        let (low, high) = (low.into(), high.into());
        if low <= high { Self(vec![(low, high)]) } else { Self::none() }
    }

    /// The union of inclusive ranges in any order; a range with `low > high` is empty.
    #[must_use]
    pub fn of(parts: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut parts: Vec<_> = parts.into_iter().filter(|(low, high)| low <= high).collect();
        parts.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(parts.len());
        for (low, high) in parts {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    /// Whether `value` is in the set.
    #[must_use]
    pub fn contains(&self, value: impl Into<u128>) -> bool {
        let value = value.into();
        self.0.iter().any(|(low, high)| (*low..=*high).contains(&value))
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ranges in ascending order.
    #[must_use]
    pub fn as_slice(&self) -> &[(u128, u128)] {
        &self.0
    }

    /// The smallest number.
    #[must_use]
    pub fn first(&self) -> Option<u128> {
        self.0.first().map(|(low, _)| *low)
    }

    /// Numbers in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied())
    }

    /// Numbers in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|a| other.0.iter().map(move |b| (a, b)));
        Self::of(pairs.map(|(a, b)| (a.0.max(b.0), a.1.min(b.1))))
    }

    /// Numbers from 0 to `top` that are not in the set.
    #[must_use]
    pub fn complement(&self, top: u128) -> Self {
        let mut parts = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for (low, high) in &self.0 {
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
