//! First-match lists: the entry that matches first decides.

use crate::cube::{Cube, Point};
use crate::pattern::Pattern;

/// What a list decides for a packet; the caller gives the numbers a meaning.
///
/// # Shape
/// 0 means the packet is not in the set the list describes.
pub type Outcome = u32;

/// One entry of a list: the packets of any of its patterns get its outcome.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Rule {
    /// The alternatives; none means the entry matches nothing.
    pub patterns: Vec<Pattern>,
    /// What the entry decides.
    pub outcome: Outcome,
}

impl Rule {
    /// An entry with one pattern.
    #[must_use]
    pub fn new(pattern: Pattern, outcome: Outcome) -> Self {
        Self { patterns: vec![pattern], outcome }
    }

    /// Whether the packet matches one of the alternatives.
    #[must_use]
    pub fn matches(&self, point: &Point) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(point))
    }

    /// Whether some packet of the box matches one of the alternatives.
    #[must_use]
    pub fn overlaps(&self, cube: &Cube) -> bool {
        self.patterns.iter().any(|pattern| pattern.overlaps(cube))
    }
}

/// A first-match list with what it decides when no entry matches.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// The entries, first match first.
    pub rules: &'a [Rule],
    /// What is decided when no entry matches.
    pub default: Outcome,
}

impl<'a> List<'a> {
    /// A list that puts a packet no entry matches outside the set.
    #[must_use]
    pub const fn new(rules: &'a [Rule]) -> Self {
        Self { rules, default: 0 }
    }

    /// The entry that decides the packet, found by reading the list from the top.
    #[must_use]
    pub fn deciding(&self, point: &Point) -> Option<usize> {
        self.rules.iter().position(|rule| rule.matches(point))
    }

    /// What the list decides for the packet.
    #[must_use]
    pub fn decide(&self, point: &Point) -> Outcome {
        self.outcome(self.deciding(point))
    }

    /// What `entry` decides; nothing stands for "no entry matched".
    ///
    /// It panics when the list has no such entry.
    #[must_use]
    pub fn outcome(&self, entry: Option<usize>) -> Outcome {
        entry.map_or(self.default, |entry| self.rules[entry].outcome)
    }
}
