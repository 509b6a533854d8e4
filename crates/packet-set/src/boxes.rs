//! Sets of packets as lists of disjoint boxes.

use std::ops::ControlFlow;

use crate::budget::{Budget, BudgetExceeded};
use crate::cube::{Cube, Point};
use crate::list::Rule;
use crate::pattern::Pattern;
use crate::split::{first_match, split};

/// A set of packets as disjoint boxes.
///
/// # Shape
/// No box is the empty set. The same set can be cut into boxes in many ways, so `==` is not
/// offered; see [`Boxes::equal`].
#[derive(Clone, Debug, Default)]
pub struct Boxes(Vec<Cube>);

impl Boxes {
    /// No packet.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Every packet.
    #[must_use]
    pub fn full() -> Self {
        Self(vec![Cube::full()])
    }

    /// The packets that match `pattern`.
    ///
    /// # Errors
    /// When the budget does not cover one step per box.
    pub fn from_pattern(pattern: &Pattern, budget: &mut Budget) -> Result<Self, BudgetExceeded> {
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        split(&Cube::full(), pattern, budget, &mut inside, &mut outside)?;
        Ok(Self(inside))
    }

    /// The packets of `within` whose deciding entry satisfies `wanted`.
    ///
    /// # Errors
    /// When the budget is spent before the whole of `within` was seen.
    pub fn from_list(
        within: &Cube,
        rules: &[Rule],
        budget: &mut Budget,
        mut wanted: impl FnMut(Option<usize>) -> bool,
    ) -> Result<Self, BudgetExceeded> {
        let mut out = Vec::new();
        let _: ControlFlow<()> = first_match(within, rules, budget, &mut |part, entry| {
            if wanted(entry) {
                out.push(*part);
            }
            ControlFlow::Continue(())
        })?;
        Ok(Self(out))
    }

    /// The boxes.
    #[must_use]
    pub fn cubes(&self) -> &[Cube] {
        &self.0
    }

    /// Whether the set has no packet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the packet is in the set.
    #[must_use]
    pub fn contains(&self, point: &Point) -> bool {
        self.0.iter().any(|cube| cube.contains(point))
    }

    /// A packet of the set; [`crate::pick`] finds a more plausible one in a box.
    #[must_use]
    pub fn witness(&self) -> Option<Point> {
        self.0.first().map(Cube::lowest)
    }

    /// The packets in both sets.
    ///
    /// # Errors
    /// When the budget does not cover one step per pair of boxes.
    pub fn intersection(&self, other: &Self, budget: &mut Budget) -> Result<Self, BudgetExceeded> {
        let mut out = Vec::new();
        for cube in &self.0 {
            budget.spend(other.0.len() as u64)?;
            out.extend(other.0.iter().filter_map(|its| cube.intersect(its)));
        }
        Ok(Self(out))
    }

    /// The packets in the set and not in `other`.
    ///
    /// # Errors
    /// When the budget does not cover one step per box looked at.
    pub fn difference(&self, other: &Self, budget: &mut Budget) -> Result<Self, BudgetExceeded> {
        let mut out = Vec::new();
        for cube in &self.0 {
            out.append(&mut cube_difference(*cube, &other.0, budget)?);
        }
        Ok(Self(out))
    }

    /// The packets in either set.
    ///
    /// # Errors
    /// When the budget does not cover one step per box looked at.
    pub fn union(&self, other: &Self, budget: &mut Budget) -> Result<Self, BudgetExceeded> {
        let mut out = other.difference(self, budget)?.0;
        out.extend_from_slice(&self.0);
        Ok(Self(out))
    }

    /// The packets not in the set.
    ///
    /// # Errors
    /// When the budget does not cover one step per box looked at.
    pub fn complement(&self, budget: &mut Budget) -> Result<Self, BudgetExceeded> {
        Self::full().difference(self, budget)
    }

    /// Whether every packet of the set is in `other`.
    ///
    /// # Errors
    /// When the budget does not cover one step per box looked at.
    pub fn is_subset(&self, other: &Self, budget: &mut Budget) -> Result<bool, BudgetExceeded> {
        for cube in &self.0 {
            if !cube_difference(*cube, &other.0, budget)?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the sets hold the same packets.
    ///
    /// # Errors
    /// When the budget does not cover one step per box looked at.
    pub fn equal(&self, other: &Self, budget: &mut Budget) -> Result<bool, BudgetExceeded> {
        Ok(self.is_subset(other, budget)? && other.is_subset(self, budget)?)
    }
}

impl From<Cube> for Boxes {
    fn from(cube: Cube) -> Self {
        Self(vec![cube])
    }
}

fn cube_difference(
    cube: Cube,
    others: &[Cube],
    budget: &mut Budget,
) -> Result<Vec<Cube>, BudgetExceeded> {
    let (mut left, mut next) = (vec![cube], Vec::new());
    for other in others {
        budget.spend(left.len() as u64)?;
        for part in left.drain(..) {
            part.subtract(other, &mut next);
        }
        std::mem::swap(&mut left, &mut next);
        if left.is_empty() {
            break;
        }
    }
    Ok(left)
}
