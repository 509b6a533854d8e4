//! One packet, and boxes of packets: one interval per field.

use std::fmt;

use crate::field::{FIELD_COUNT, Field};
use crate::interval::{Interval, above, below};

/// One packet: a value per field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point(pub [u128; FIELD_COUNT]);

impl Point {
    /// The value of `field`.
    #[must_use]
    pub const fn value(&self, field: Field) -> u128 {
        self.0[field.index()]
    }

    /// The same packet with another value in `field`.
    #[must_use]
    pub const fn with(mut self, field: Field, value: u128) -> Self {
        self.0[field.index()] = value;
        self
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for field in Field::ALL {
            map.entry(&field, &format_args!("{:#x}", self.value(field)));
        }
        map.finish()
    }
}

const WIDE: usize = 2;
const NARROW: usize = FIELD_COUNT - WIDE;

// INVARIANT: the `WIDE` first fields are the addresses and every other field fits 16 bits, so
// that a cube takes 96 bytes instead of 320.
const _: () = assert!(
    Field::Destination.index() < WIDE && Field::Source.index() < WIDE && Field::ALL.len() == 10
);

/// A box of packets: one interval per field.
///
/// # Shape
/// Never empty. Equal cubes hold the same packets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cube {
    wide: [Interval; WIDE],
    narrow: [(u16, u16); NARROW],
}

impl Cube {
    /// Every packet.
    #[must_use]
    pub const fn full() -> Self {
        let mut cube = Self { wide: [Interval::single(0); WIDE], narrow: [(0, 0); NARROW] };
        let mut at = 0;
        while at < FIELD_COUNT {
            let domain = Field::ALL[at].domain();
            if at < WIDE {
                cube.wide[at] = domain;
            } else {
                cube.narrow[at - WIDE] = (0, low_bits(domain.hi()));
            }
            at += 1;
        }
        cube
    }

    /// The box that holds one packet.
    #[must_use]
    pub fn single(point: &Point) -> Self {
        let mut cube = Self::full();
        for field in Field::ALL {
            cube.set(field, Interval::single(point.value(field)));
        }
        cube
    }

    /// The values of `field`.
    #[must_use]
    pub const fn interval(&self, field: Field) -> Interval {
        let at = field.index();
        if at < WIDE {
            self.wide[at]
        } else {
            let (lo, hi) = self.narrow[at - WIDE];
            Interval::known(lo as u128, hi as u128)
        }
    }

    /// The same box with `interval` in place of the values of `field`.
    ///
    /// It panics when `interval` leaves the domain of `field`.
    #[must_use]
    pub fn with(mut self, field: Field, interval: Interval) -> Self {
        self.set(field, interval);
        self
    }

    fn set(&mut self, field: Field, interval: Interval) {
        assert!(field.domain().covers(&interval), "{interval:?} leaves the domain of {field:?}");
        self.put(field, interval);
    }

    // INVARIANT: `interval` lies in the domain of `field`.
    fn put(&mut self, field: Field, interval: Interval) {
        let at = field.index();
        if at < WIDE {
            self.wide[at] = interval;
        } else {
            self.narrow[at - WIDE] = (low_bits(interval.lo()), low_bits(interval.hi()));
        }
    }

    /// The packets of this box whose `field` is in `interval`.
    #[must_use]
    pub fn narrowed(self, field: Field, interval: Interval) -> Option<Self> {
        let mut narrowed = self;
        narrowed.put(field, self.interval(field).intersect(&interval)?);
        Some(narrowed)
    }

    /// Whether the packet is in the box.
    #[must_use]
    pub fn contains(&self, point: &Point) -> bool {
        Field::ALL.iter().all(|&field| self.interval(field).contains(point.value(field)))
    }

    /// Whether every packet of `other` is in the box.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.wide.iter().zip(&other.wide).all(|(own, its)| own.covers(its))
            && self
                .narrow
                .iter()
                .zip(&other.narrow)
                .all(|(own, its)| own.0 <= its.0 && its.1 <= own.1)
    }

    /// Whether the boxes have a packet in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.wide.iter().zip(&other.wide).all(|(own, its)| own.overlaps(its))
            && self
                .narrow
                .iter()
                .zip(&other.narrow)
                .all(|(own, its)| own.0 <= its.1 && its.0 <= own.1)
    }

    /// The packets in both boxes.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        if !self.overlaps(other) {
            return None;
        }
        let mut both = *self;
        for (own, its) in both.wide.iter_mut().zip(&other.wide) {
            *own = own.intersect(its)?;
        }
        for (own, its) in both.narrow.iter_mut().zip(&other.narrow) {
            *own = (own.0.max(its.0), own.1.min(its.1));
        }
        Some(both)
    }

    /// Appends the packets of this box that are not in `other`, as disjoint boxes.
    ///
    /// # Shape
    /// At most two boxes per field; the box itself when the two do not overlap.
    pub fn subtract(&self, other: &Self, out: &mut Vec<Self>) {
        if !self.overlaps(other) {
            out.push(*self);
            return;
        }
        let mut rest = *self;
        for field in Field::ALL {
            let (own, its) = (rest.interval(field), other.interval(field));
            if its.covers(&own) {
                continue;
            }
            if let Some(part) = below(its.lo()).and_then(|hi| Interval::try_new(own.lo(), hi)) {
                out.push(rest.with(field, part));
            }
            if let Some(part) = above(its.hi()).and_then(|lo| Interval::try_new(lo, own.hi())) {
                out.push(rest.with(field, part));
            }
            // The boxes overlap, so the common part of every field is not empty.
            if let Some(both) = own.intersect(&its) {
                rest.set(field, both);
            }
        }
    }

    /// The packet with the lowest value in every field.
    #[must_use]
    pub fn lowest(&self) -> Point {
        Point(Field::ALL.map(|field| self.interval(field).lo()))
    }
}

impl fmt::Debug for Cube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for field in Field::ALL {
            if self.interval(field) != field.domain() {
                map.entry(&field, &self.interval(field));
            }
        }
        map.finish()
    }
}

/// The value as 16 bits.
///
/// # Shape
/// `value` is at most 0xffff: the callers have checked it against the domain of a narrow field.
#[expect(clippy::cast_possible_truncation, reason = "the domain of a narrow field fits")]
const fn low_bits(value: u128) -> u16 {
    value as u16
}
