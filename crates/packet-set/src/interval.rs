//! Ranges of values of one field, and sets of them.

use std::fmt;

/// A range of values, both ends included.
///
/// # Shape
/// Never empty: `lo <= hi`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    lo: u128,
    hi: u128,
}

impl Interval {
    /// The range from `lo` to `hi`; it panics when `lo > hi`, see [`Interval::try_new`].
    #[must_use]
    pub const fn new(lo: u128, hi: u128) -> Self {
        assert!(lo <= hi, "an interval is never empty");
        Self { lo, hi }
    }

    /// The range from `lo` to `hi`, or nothing when it would be empty.
    #[must_use]
    pub const fn try_new(lo: u128, hi: u128) -> Option<Self> {
        if lo <= hi { Some(Self { lo, hi }) } else { None }
    }

    /// The range from `lo` to `hi` where the caller keeps `lo <= hi` itself.
    pub(crate) const fn known(lo: u128, hi: u128) -> Self {
        debug_assert!(lo <= hi, "an interval is never empty");
        Self { lo, hi }
    }

    /// The range that holds one value.
    #[must_use]
    pub const fn single(value: u128) -> Self {
        Self { lo: value, hi: value }
    }

    /// Lowest value.
    #[must_use]
    pub const fn lo(&self) -> u128 {
        self.lo
    }

    /// Highest value.
    #[must_use]
    pub const fn hi(&self) -> u128 {
        self.hi
    }

    /// Whether `value` lies in the range.
    #[must_use]
    pub const fn contains(&self, value: u128) -> bool {
        self.lo <= value && value <= self.hi
    }

    /// Whether every value of `other` lies in the range.
    #[must_use]
    pub const fn covers(&self, other: &Self) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }

    /// Whether the ranges have a value in common.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.lo <= other.hi && other.lo <= self.hi
    }

    /// The values in both ranges.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        Self::try_new(self.lo.max(other.lo), self.hi.min(other.hi))
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lo == self.hi {
            write!(f, "{:#x}", self.lo)
        } else {
            write!(f, "{:#x}..={:#x}", self.lo, self.hi)
        }
    }
}

/// A set of values of one field.
///
/// # Shape
/// Intervals in ascending order, disjoint and not adjacent, so that equal sets are equal
/// values. A set of one interval, the usual case, lives without a heap allocation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntervalSet(Repr);

// INVARIANT: `Many` never holds exactly one interval, so that `derive(PartialEq)` is equality
// of sets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    One(Interval),
    Many(Box<[Interval]>),
}

impl IntervalSet {
    /// Every value of `domain`.
    #[must_use]
    pub const fn any(domain: Interval) -> Self {
        Self(Repr::One(domain))
    }

    /// No value.
    #[must_use]
    pub fn empty() -> Self {
        Self(Repr::Many(Box::default()))
    }

    /// One value.
    #[must_use]
    pub const fn single(value: u128) -> Self {
        Self(Repr::One(Interval::single(value)))
    }

    /// The values from `lo` to `hi`; no value when `lo > hi`.
    #[must_use]
    pub fn range(lo: u128, hi: u128) -> Self {
        Interval::try_new(lo, hi).map_or_else(Self::empty, Self::from)
    }

    /// The addresses that share the first `length` of `width` bits with `address`.
    ///
    /// # Units
    /// `length` and `width` in bits; `length` above `width` counts as `width`.
    #[must_use]
    pub fn prefix(address: u128, length: u32, width: u32) -> Self {
        let host_bits = width.saturating_sub(length).min(128);
        let mask = if host_bits == 0 { 0 } else { u128::MAX >> (128 - host_bits) };
        Self::from(Interval::new(address & !mask, address | mask))
    }

    /// The intervals of the set, ascending.
    #[must_use]
    pub fn as_slice(&self) -> &[Interval] {
        match &self.0 {
            Repr::One(interval) => std::slice::from_ref(interval),
            Repr::Many(intervals) => intervals,
        }
    }

    /// The intervals of the set, ascending.
    pub fn iter(&self) -> std::slice::Iter<'_, Interval> {
        self.as_slice().iter()
    }

    /// Whether the set has no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Whether the set holds every value of `domain`.
    #[must_use]
    pub fn is_any(&self, domain: Interval) -> bool {
        self.iter().any(|interval| interval.covers(&domain))
    }

    /// Whether `value` is in the set.
    #[must_use]
    pub fn contains(&self, value: u128) -> bool {
        let slice = self.as_slice();
        let at = slice.partition_point(|interval| interval.hi < value);
        slice.get(at).is_some_and(|interval| interval.lo <= value)
    }

    /// Whether the set and `interval` have a value in common.
    #[must_use]
    pub fn overlaps(&self, interval: &Interval) -> bool {
        match &self.0 {
            Repr::One(own) => own.overlaps(interval),
            Repr::Many(all) => {
                let at = all.partition_point(|own| own.hi < interval.lo);
                all.get(at).is_some_and(|own| own.lo <= interval.hi)
            }
        }
    }

    /// The intervals that touch `within`, not clipped.
    #[must_use]
    pub fn touching(&self, within: &Interval) -> &[Interval] {
        let slice = self.as_slice();
        let start = slice.partition_point(|own| own.hi < within.lo);
        let end = start + slice[start..].partition_point(|own| own.lo <= within.hi);
        &slice[start..end]
    }

    /// The values in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).copied().collect()
    }

    /// The values in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if let (Repr::One(a), Repr::One(b)) = (&self.0, &other.0) {
            return a.intersect(b).map_or_else(Self::empty, Self::from);
        }
        let (a, b) = (self.as_slice(), other.as_slice());
        let (mut i, mut j, mut out) = (0, 0, Vec::new());
        while i < a.len() && j < b.len() {
            out.extend(a[i].intersect(&b[j]));
            if a[i].hi < b[j].hi {
                i += 1;
            } else {
                j += 1;
            }
        }
        Self::from_canonical(out)
    }

    /// The values of `domain` that are not in the set.
    #[must_use]
    pub fn complement(&self, domain: Interval) -> Self {
        let (mut out, mut next) = (Vec::new(), Some(domain.lo));
        for interval in self.touching(&domain) {
            if let Some(lo) = next {
                out.extend(below(interval.lo).and_then(|hi| Interval::try_new(lo, hi)));
            }
            next = above(interval.hi);
        }
        out.extend(next.and_then(|lo| Interval::try_new(lo, domain.hi)));
        Self::from_canonical(out)
    }

    /// The values in the set and not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement(Interval::new(0, u128::MAX)))
    }

    fn from_canonical(intervals: Vec<Interval>) -> Self {
        match intervals.as_slice() {
            [one] => Self(Repr::One(*one)),
            _ => Self(Repr::Many(intervals.into_boxed_slice())),
        }
    }
}

/// The value below `value`, if there is one.
pub(crate) const fn below(value: u128) -> Option<u128> {
    value.checked_sub(1)
}

/// The value above `value`, if there is one.
pub(crate) const fn above(value: u128) -> Option<u128> {
    value.checked_add(1)
}

impl From<Interval> for IntervalSet {
    fn from(interval: Interval) -> Self {
        Self(Repr::One(interval))
    }
}

impl FromIterator<Interval> for IntervalSet {
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut all: Vec<Interval> = intervals.into_iter().collect();
        all.sort_unstable();
        let mut out: Vec<Interval> = Vec::with_capacity(all.len());
        for interval in all {
            match out.last_mut() {
                Some(last) if above(last.hi).is_none_or(|next| interval.lo <= next) => {
                    last.hi = last.hi.max(interval.hi);
                }
                _ => out.push(interval),
            }
        }
        Self::from_canonical(out)
    }
}

impl<'a> IntoIterator for &'a IntervalSet {
    type Item = &'a Interval;
    type IntoIter = std::slice::Iter<'a, Interval>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for IntervalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
