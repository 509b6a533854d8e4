//! Where everything stands. Nothing can overlap, by construction:
//!
//! - Places of a column stand below each other; columns stand beside each other.
//! - Between two columns there is a space. Every foot of a wire has a height of its own in its
//!   space (even numbers for the left column, odd ones for the right; a straight wire takes one
//!   even number on both sides), and every vertical part has an x of its own there.
//! - A route that enters a place does not do so at the height at which another one leaves it on
//!   the other side.
//! - What is written beside a foot stands next to its place, where no vertical part runs.
//! - Wires between places that are not neighbours run below all places.

use std::collections::BTreeSet;

use check::{Picture, PlaceKind};

use super::card::Card;
use super::column::Columns;
use super::shape::Frame;
use super::wire::{End, Foot, Side, Wire, channel};

/// Distance of two heights in a space.
const PITCH: i32 = 12;
/// Least distance of a foot from the corners of its place.
const CORNER: i32 = 7;
/// Room between places of a column.
const GAP: i32 = 22;
/// Room for an arrow or a bar between a place and what is written beside it.
pub(super) const TIP: i32 = 14;
/// Room for one vertical part, and for one zone.
const TRACK: i32 = 12;
const ZONE: i32 = 20;
/// Room for one line below everything.
const LANE: i32 = 14;
/// Room between names of zones.
const APART: i32 = 8;

/// A wire with its vertical parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Laid {
    pub(super) wire: Wire,
    /// Vertical part beside the sources; `None` if it is straight or ends at a zone there.
    pub(super) near: Option<i32>,
    /// The part below everything, and the vertical part beside the ends.
    pub(super) far: Option<(i32, i32)>,
}

/// The finished layout.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Grid {
    pub(super) places: Vec<Frame>,
    /// Names of zones; the first piece of each.
    pub(super) heads: Vec<Frame>,
    /// Pieces of zones: x, and from where to where.
    pub(super) pieces: Vec<(i32, i32, i32)>,
    /// Parts below everything that join pieces of a zone: from, to, height.
    pub(super) joins: Vec<(i32, i32, i32)>,
    pub(super) wires: Vec<Laid>,
    /// Left edge of each column, and the right edge of the last.
    pub(super) columns: Vec<(i32, i32)>,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

/// Lays out the cards of all places and zones, from `left` and `top` on.
pub(super) fn lay(
    picture: &Picture,
    columns: &Columns,
    (places, heads): (&[Card], &[Card]),
    wires: Vec<Wire>,
    (left, top): (i32, i32),
) -> Grid {
    let head_height = heads.iter().map(|head| head.height).max().unwrap_or(0);
    let mut work = Work {
        columns,
        wires,
        frames: vec![Frame::default(); places.len()],
        used: BTreeSet::new(),
        top: top + head_height + GAP,
    };
    work.stack(picture, places);
    work.settle();
    let bottom = work.frames.iter().map(|frame| frame.bottom()).max().unwrap_or(work.top);
    work.place(places, heads, (left, top, bottom))
}

struct Work<'a> {
    columns: &'a Columns,
    wires: Vec<Wire>,
    frames: Vec<Frame>,
    /// Heights that are taken in each space, as numbers.
    used: BTreeSet<(usize, i32)>,
    /// Height number 0.
    top: i32,
}

impl Work<'_> {
    /// Puts the places of each column below each other, each so tall that no route has to enter it
    /// where another one leaves. Routers and the ONU are as tall as the
    /// tallest column, so that what passes them goes straight.
    fn stack(&mut self, picture: &Picture, cards: &[Card]) {
        let feet = self.feet();
        let height = |place: usize| {
            let (left, right) = feet[place];
            cards[place].height.max(2 * PITCH * (left + right) + 2 * CORNER)
        };
        let total = |column: &Vec<usize>| -> i32 {
            let heights: i32 = column.iter().map(|place| height(*place)).sum();
            heights + GAP * (count(column.len()) - 1)
        };
        let tallest = self.columns.places.iter().map(total).max().unwrap_or(0);
        for column in &self.columns.places {
            let gates: Vec<usize> = column
                .iter()
                .copied()
                .filter(|place| {
                    let kind = picture.places[*place].kind;
                    kind.is_router() || kind == PlaceKind::Onu
                })
                .collect();
            let spare = tallest - total(column);
            let (stretch, gap) = match gates.len() {
                0 => (0, spare / (count(column.len()) + 1)),
                gates => (spare / count(gates), 0),
            };
            let mut y = self.top + gap;
            for place in column {
                let stretch = if gates.contains(place) { stretch } else { 0 };
                let height = height(*place) + stretch;
                self.frames[*place] = Frame { x: 0, y, width: 0, height };
                y += height + GAP + gap;
            }
        }
    }

    /// How many feet each place has on its left and on its right.
    fn feet(&self) -> Vec<(i32, i32)> {
        let mut feet = vec![(0, 0); self.frames.len()];
        for foot in self.wires.iter().flat_map(all_feet) {
            match foot.side {
                Side::Left => feet[foot.place].0 += 1,
                Side::Right => feet[foot.place].1 += 1,
            }
        }
        feet
    }

    /// Gives every foot a height: straight where it can be, else near the other end.
    fn settle(&mut self) {
        for number in 0..self.wires.len() {
            let mut wire = self.wires[number].clone();
            if let (End::Feet(ends), [source]) = (&mut wire.end, &mut wire.sources[..])
                && let [end] = &mut ends[..]
                && let Some(y) = self.straight(source, end, &wire.routes, number)
            {
                source.y = y;
                end.y = y;
                // Even heights are apart enough for what is written beside the left column;
                // beside the right one there may be odd ones between them.
                if source.side == Side::Left {
                    end.pill = source.pill.take();
                }
                self.wires[number] = wire;
                continue;
            }
            let goal = match &wire.end {
                End::Feet(ends) => middle(self.frames[ends[0].place]),
                End::Piece(_) => middle(self.frames[wire.sources[0].place]),
            };
            for source in &mut wire.sources {
                source.y = self.free(source, goal, (&wire.routes, number));
            }
            let goal = wire.sources[0].y;
            if let End::Feet(ends) = &mut wire.end {
                for end in ends {
                    end.y = self.free(end, goal, (&wire.routes, number));
                }
            }
            self.wires[number] = wire;
        }
    }

    /// A height for both ends of a wire between neighbours, at which a part of the same route
    /// already runs if there is one.
    fn straight(&mut self, a: &Foot, b: &Foot, routes: &[usize], number: usize) -> Option<i32> {
        let space = self.space(a);
        if a.side == b.side || space != self.space(b) {
            return None;
        }
        let (one, other) = (self.frames[a.place], self.frames[b.place]);
        let low = one.y.max(other.y) + CORNER;
        let high = one.bottom().min(other.bottom()) - CORNER;
        let mut before = self.wires[..number].iter().filter_map(|wire| {
            let End::Feet(ends) = &wire.end else { return None };
            let is_part = wire.routes.iter().any(|route| routes.contains(route));
            ends.iter().find(|end| is_part && end.place == a.place).map(|end| end.y)
        });
        let goal = before.next_back().unwrap_or(i32::midpoint(low, high));
        let numbers = self.numbers(low, high).filter(|number| number % 2 == 0);
        let free = numbers.filter(|number| !self.used.contains(&(space, *number)));
        let mut free = free.filter(|at| {
            let y = self.height(*at);
            ![a, b].into_iter().any(|foot| self.misleads(foot, y, (routes, number)))
        });
        let nearest = |at: &i32| ((self.height(*at) - goal).abs(), *at);
        let best = free.by_ref().min_by_key(nearest)?;
        self.used.insert((space, best));
        Some(self.height(best))
    }

    /// Whether a route that enters or leaves at `foot` at this height would look like the other
    /// half of another route, which leaves or enters on the other side of the place.
    fn misleads(&self, foot: &Foot, y: i32, (routes, number): (&[usize], usize)) -> bool {
        let opposite =
            |other: &&Foot| (other.place, other.y) == (foot.place, y) && other.side != foot.side;
        let others = self.wires[..number].iter().filter(|wire| {
            !wire.routes.is_empty() && !wire.routes.iter().any(|route| routes.contains(route))
        });
        !routes.is_empty() && others.flat_map(all_feet).any(|other| opposite(&other))
    }

    /// A free height for `foot`, as near to `goal` as there is one that does not mislead.
    fn free(&mut self, foot: &Foot, goal: i32, part: (&[usize], usize)) -> i32 {
        let space = self.space(foot);
        let frame = self.frames[foot.place];
        let parity = i32::from(foot.side == Side::Left);
        let numbers = self.numbers(frame.y + CORNER, frame.bottom() - CORNER);
        let free = numbers
            .filter(|number| number % 2 == parity)
            .filter(|number| !self.used.contains(&(space, *number)))
            .filter(|number| !self.misleads(foot, self.height(*number), part));
        // INVARIANT: `stack` makes a place tall enough for twice as many heights as it has feet on
        // both sides: on each side as many of either parity as all of them.
        let best = free
            .min_by_key(|number| ((self.height(*number) - goal).abs(), *number))
            .expect("a place is tall enough for its feet");
        self.used.insert((space, best));
        self.height(best)
    }

    fn space(&self, foot: &Foot) -> usize {
        channel(self.columns.of[foot.place], foot.side)
    }

    fn height(&self, number: i32) -> i32 {
        self.top + number * PITCH
    }

    /// The numbers of the heights from `low` to `high`.
    fn numbers(&self, low: i32, high: i32) -> std::ops::RangeInclusive<i32> {
        let first = (low - self.top + PITCH - 1).div_euclid(PITCH);
        let last = (high - self.top).div_euclid(PITCH);
        first..=last
    }

    /// Gives everything its place across the page.
    fn place(self, cards: &[Card], heads: &[Card], (left, top, bottom): (i32, i32, i32)) -> Grid {
        let mut grid = Grid { places: self.frames.clone(), ..Grid::default() };
        let mut piece_x = vec![0; self.columns.pieces.len()];
        let mut near = vec![None; self.wires.len()];
        let mut beyond = vec![None; self.wires.len()];
        let mut head_right = left - APART;
        let mut x = left;
        for (number, column) in self.columns.places.iter().enumerate() {
            let width = column.iter().map(|place| cards[*place].width).max().unwrap_or(0);
            for place in column {
                grid.places[*place].x = x;
                grid.places[*place].width = width;
            }
            grid.columns.push((x, x + width));
            x += width;
            if number == self.columns.channels() {
                break;
            }
            let mut cursor = x + self.pills(number, Side::Right);
            for (place, piece) in self.columns.pieces.iter().enumerate() {
                if piece.channel != number {
                    continue;
                }
                let mut at = cursor + ZONE / 2;
                if is_first(self.columns, place) {
                    let width = heads[piece.zone].width;
                    at = at.max(head_right + APART + width / 2);
                    head_right = at - width / 2 + width;
                }
                piece_x[place] = at;
                cursor = at + ZONE / 2;
            }
            for (wire, laid) in self.wires.iter().enumerate() {
                let (is_near, is_beyond) = self.bends(laid, number);
                for (is_here, x) in [(is_near, &mut near[wire]), (is_beyond, &mut beyond[wire])] {
                    if is_here {
                        *x = Some(cursor + TRACK / 2);
                        cursor += TRACK;
                    }
                }
            }
            x = cursor + self.pills(number + 1, Side::Left);
        }
        grid.right = x.max(head_right);
        self.lanes(&mut grid, heads, (top, bottom), &piece_x);
        let mut lane = grid.bottom;
        for (number, wire) in self.wires.into_iter().enumerate() {
            let far = beyond[number].map(|x| {
                lane += LANE;
                (lane, x)
            });
            grid.wires.push(Laid { wire, near: near[number], far });
        }
        grid.bottom = lane;
        grid
    }

    /// Whether `wire` has a vertical part beside its sources, and one beside its ends, in the
    /// space `number`.
    fn bends(&self, wire: &Wire, number: usize) -> (bool, bool) {
        let End::Feet(ends) = &wire.end else { return (false, false) };
        let (a, b) = (self.space(&wire.sources[0]), self.space(&ends[0]));
        let is_straight =
            a == b && wire.sources.len() == 1 && ends.len() == 1 && wire.sources[0].y == ends[0].y;
        (a == number && !is_straight, a != b && b == number)
    }

    /// Room for what is written beside the feet on this side of a column.
    fn pills(&self, column: usize, side: Side) -> i32 {
        let feet = self.wires.iter().flat_map(all_feet);
        let own = feet.filter(|foot| self.columns.of[foot.place] == column && foot.side == side);
        let widest = own.filter_map(|foot| foot.pill.as_ref()).map(super::card::pill_width).max();
        TIP + widest.map_or(0, |widest| widest + 6)
    }

    /// Extents of zones, and the parts below everything that join their pieces.
    fn lanes(&self, grid: &mut Grid, heads: &[Card], (top, bottom): (i32, i32), piece_x: &[i32]) {
        let band = self.top - GAP;
        let mut lane = bottom + GAP / 2;
        let pieces = &self.columns.pieces;
        let mut joined = vec![None; heads.len()];
        for (zone, joint) in joined.iter_mut().enumerate() {
            let xs: Vec<i32> = (0..pieces.len())
                .filter(|piece| pieces[*piece].zone == zone)
                .map(|piece| piece_x[piece])
                .collect();
            if xs.len() > 1 {
                lane += LANE;
                *joint = Some(lane);
                let from = xs.iter().copied().min().unwrap_or(0);
                let to = xs.iter().copied().max().unwrap_or(0);
                grid.joins.push((from, to, lane));
            }
        }
        for (place, piece) in pieces.iter().enumerate() {
            let touching = self.wires.iter().filter(|wire| wire.end == End::Piece(place));
            let ys: Vec<i32> = touching.flat_map(|wire| &wire.sources).map(|foot| foot.y).collect();
            let lowest = ys.iter().copied().max().unwrap_or(band + GAP);
            let from = if is_first(self.columns, place) {
                let head = &heads[piece.zone];
                let x = piece_x[place] - head.width / 2;
                let y = top + (band - top - head.height);
                grid.heads.push(Frame { x, y, width: head.width, height: head.height });
                band
            } else {
                ys.iter().copied().min().unwrap_or(lowest)
            };
            grid.pieces.push((piece_x[place], from, joined[piece.zone].unwrap_or(lowest)));
        }
        grid.bottom = lane;
    }
}

/// Whether a piece is the first one of its zone.
fn is_first(columns: &Columns, piece: usize) -> bool {
    let zone = columns.pieces[piece].zone;
    columns.pieces.iter().position(|one| one.zone == zone) == Some(piece)
}

fn all_feet(wire: &Wire) -> impl Iterator<Item = &Foot> {
    let ends = match &wire.end {
        End::Feet(ends) => ends.as_slice(),
        End::Piece(_) => &[],
    };
    wire.sources.iter().chain(ends)
}

fn middle(frame: Frame) -> i32 {
    frame.y + frame.height / 2
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
