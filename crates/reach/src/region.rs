//! Regions: boxes with holes, so that taking a part out does not cut up what is left.

use packet_set::{Budget, BudgetExceeded, Cube, Field, Pattern, unmatched};

/// A set of packets: those of a box that lie in none of its holes. It may be empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Region {
    pub(crate) cube: Cube,
    pub(crate) holes: Holes,
}

/// The holes of a region: the last of a chain in [`Cuts`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Holes(u32);

impl Holes {
    pub(crate) const NONE: Self = Self(u32::MAX);
}

impl From<Cube> for Region {
    fn from(cube: Cube) -> Self {
        Self { cube, holes: Holes::NONE }
    }
}

#[derive(Clone, Copy, Debug)]
enum Hole<'a> {
    Pattern(&'a Pattern),
    Cube(Cube),
}

impl Hole<'_> {
    fn overlaps(&self, cube: &Cube) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.overlaps(cube),
            Self::Cube(hole) => hole.overlaps(cube),
        }
    }

    fn covers(&self, cube: &Cube) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.covers(cube),
            Self::Cube(hole) => hole.covers(cube),
        }
    }

    /// Appends the packets of `cube` outside the hole.
    fn outside(
        &self,
        cube: &Cube,
        budget: &mut Budget,
        out: &mut Vec<Cube>,
    ) -> Result<(), BudgetExceeded> {
        match self {
            Self::Pattern(pattern) => unmatched(cube, pattern, budget, out),
            Self::Cube(hole) => {
                let before = out.len();
                cube.subtract(hole, out);
                budget.spend((out.len() - before) as u64)
            }
        }
    }
}

/// The holes of all regions of an exploration, and what cutting may still cost.
#[derive(Debug)]
pub(crate) struct Cuts<'a> {
    pub(crate) budget: Budget,
    /// Each hole with the one before it in its chain.
    holes: Vec<(Hole<'a>, Holes)>,
}

impl<'a> Cuts<'a> {
    pub(crate) fn new(budget: Budget) -> Self {
        Self { budget, holes: Vec::new() }
    }

    fn chain(&self, last: Holes) -> impl Iterator<Item = &Hole<'a>> {
        let mut at = last;
        std::iter::from_fn(move || {
            let (hole, before) = self.holes.get(at.0 as usize)?;
            at = *before;
            Some(hole)
        })
    }

    fn add(&mut self, hole: Hole<'a>, before: Holes) -> Holes {
        let last = Holes(u32::try_from(self.holes.len()).unwrap_or(u32::MAX));
        self.holes.push((hole, before));
        last
    }

    /// What none of `patterns` matches of `region`; `None` if that is surely nothing.
    pub(crate) fn outside(
        &mut self,
        mut region: Region,
        patterns: impl IntoIterator<Item = &'a Pattern>,
    ) -> Option<Region> {
        for pattern in patterns {
            if pattern.covers(&region.cube) {
                return None;
            }
            if pattern.overlaps(&region.cube) {
                region.holes = self.add(Hole::Pattern(pattern), region.holes);
            }
        }
        Some(region)
    }

    /// Moves what `pattern` matches from `rest` to `inside`.
    pub(crate) fn take_pattern(
        &mut self,
        rest: &mut Vec<Region>,
        pattern: &'a Pattern,
        inside: &mut Vec<Region>,
    ) -> Result<(), BudgetExceeded> {
        for region in rest.iter() {
            self.matched(region, pattern, inside)?;
        }
        self.leave_out(rest, pattern);
        Ok(())
    }

    /// Takes what `pattern` matches out of `rest`.
    pub(crate) fn leave_out(&mut self, rest: &mut Vec<Region>, pattern: &'a Pattern) {
        rest.retain_mut(|region| {
            if !pattern.overlaps(&region.cube) {
                return true;
            }
            if pattern.covers(&region.cube) {
                return false;
            }
            region.holes = self.add(Hole::Pattern(pattern), region.holes);
            true
        });
    }

    /// Appends what `pattern` matches of `region`.
    pub(crate) fn matched(
        &mut self,
        region: &Region,
        pattern: &Pattern,
        inside: &mut Vec<Region>,
    ) -> Result<(), BudgetExceeded> {
        if pattern.overlaps(&region.cube) {
            self.narrow(*region, pattern.constraints(), inside)?;
        }
        Ok(())
    }

    fn narrow(
        &mut self,
        region: Region,
        constraints: &[(Field, packet_set::IntervalSet)],
        inside: &mut Vec<Region>,
    ) -> Result<(), BudgetExceeded> {
        let Some(((field, values), others)) = constraints.split_first() else {
            // Most empty regions are seen here: a single hole holds all of it.
            if !self.chain(region.holes).any(|hole| hole.covers(&region.cube)) {
                self.budget.spend(1)?;
                inside.push(region);
            }
            return Ok(());
        };
        let own = region.cube.interval(*field);
        for part in values.touching(&own) {
            if let Some(both) = part.intersect(&own) {
                let cube = region.cube.with(*field, both);
                self.narrow(Region { cube, ..region }, others, inside)?;
            }
        }
        Ok(())
    }

    /// Takes `part` out of `rest`.
    pub(crate) fn carve(&mut self, rest: &mut Vec<Region>, part: &Cube) {
        rest.retain_mut(|region| {
            if !part.overlaps(&region.cube) {
                return true;
            }
            if part.covers(&region.cube) {
                return false;
            }
            region.holes = self.add(Hole::Cube(*part), region.holes);
            true
        });
    }

    /// The packets of `region` as disjoint boxes.
    pub(crate) fn cubes(&mut self, region: &Region) -> Result<Vec<Cube>, BudgetExceeded> {
        let mut left = vec![region.cube];
        if region.holes == Holes::NONE {
            return Ok(left);
        }
        let holes = self.touching(region);
        let mut next = Vec::new();
        for hole in holes.iter().rev() {
            for cube in left.drain(..) {
                if hole.overlaps(&cube) {
                    hole.outside(&cube, &mut self.budget, &mut next)?;
                } else {
                    next.push(cube);
                }
            }
            std::mem::swap(&mut left, &mut next);
        }
        Ok(left)
    }

    /// Whether no packet is in `region`.
    pub(crate) fn is_empty(&mut self, region: &Region) -> Result<bool, BudgetExceeded> {
        if region.holes == Holes::NONE {
            return Ok(false);
        }
        let holes = self.touching(region);
        has_none(&region.cube, &holes, &mut self.budget)
    }

    /// The holes of `region` that touch its box, the last first.
    fn touching(&self, region: &Region) -> Vec<Hole<'a>> {
        let touches = |hole: &&Hole<'a>| hole.overlaps(&region.cube);
        self.chain(region.holes).filter(touches).copied().collect()
    }
}

fn has_none(cube: &Cube, holes: &[Hole<'_>], budget: &mut Budget) -> Result<bool, BudgetExceeded> {
    let Some(at) = holes.iter().position(|hole| hole.overlaps(cube)) else { return Ok(false) };
    if holes[at].covers(cube) {
        return Ok(true);
    }
    let mut outside = Vec::new();
    holes[at].outside(cube, budget, &mut outside)?;
    for part in outside {
        if !has_none(&part, &holes[at + 1..], budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}
