//! A layout as shapes, from back to front.

use check::{Picture, PlaceKind, RouteKind, State};

use super::card::{self, Card};
use super::column::Columns;
use super::grid::{Grid, Laid, TIP};
use super::shape::{Area, Color, Dot, Frame, Label, Line, Part, Rect, Shape, Stroke};
use super::style::{self, HEAD, NET, SMALL, WHITE};
use super::wire::{End, Foot, Pill, Side, Tip};
use super::{measure, sign};

/// Shapes in the making.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) shapes: Vec<Shape>,
}

impl Canvas {
    /// Adds a rectangle; its number, for the labels in it.
    pub(super) fn rect(
        &mut self,
        part: Part,
        frame: Frame,
        (fill, stroke, radius): (Color, Option<Stroke>, i32),
    ) -> usize {
        self.shapes.push(Shape::Rect(Rect { part, frame, radius, fill, stroke }));
        self.shapes.len() - 1
    }

    pub(super) fn line(&mut self, part: Part, points: Vec<(i32, i32)>, stroke: Stroke) {
        let mut points = points;
        points.dedup();
        if points.len() > 1 {
            self.shapes.push(Shape::Line(Line { part, points, stroke }));
        }
    }

    pub(super) fn area(&mut self, points: Vec<(i32, i32)>, fill: Color) {
        self.shapes.push(Shape::Area(Area { points, fill }));
    }

    pub(super) fn dot(&mut self, at: (i32, i32), radius: i32, fill: Color) {
        self.shapes.push(Shape::Dot(Dot { at, radius, fill }));
    }

    pub(super) fn text(
        &mut self,
        inside: Option<usize>,
        at: (i32, i32),
        (size, fill): (i32, Color),
        text: &str,
    ) {
        if !text.trim().is_empty() {
            let room = measure::width(text, size);
            let text = text.to_owned();
            self.shapes.push(Shape::Text(Label { inside, at, size, room, fill, text }));
        }
    }
}

/// Zones, wires and places of `grid`.
pub(super) fn paint(
    canvas: &mut Canvas,
    picture: &Picture,
    columns: &Columns,
    grid: &Grid,
    (places, heads): (&[Card], &[Card]),
) {
    zones(canvas, columns, grid);
    for laid in grid.wires.iter().filter(|laid| laid.wire.style.is_none()) {
        link(canvas, grid, laid);
    }
    // Tubes lie under arrows; what is refuted lies on top.
    let rank = |laid: &&Laid| {
        let (kind, state) = laid.wire.style.unwrap_or((RouteKind::Standing, State::Plain));
        (kind == RouteKind::Flow, state)
    };
    let mut routes: Vec<&Laid> =
        grid.wires.iter().filter(|laid| laid.wire.style.is_some()).collect();
    routes.sort_by_key(rank);
    for laid in routes {
        route(canvas, grid, laid);
    }
    for (zone, head) in heads.iter().enumerate() {
        let frame = grid.heads[zone];
        let look = (HEAD, Some(Stroke::solid(NET, 1)), 3);
        let number = canvas.rect(Part::Head, frame, look);
        words(canvas, number, frame, head);
    }
    for (place, card) in places.iter().enumerate() {
        self::place(canvas, picture, grid, place, card);
    }
    for laid in &grid.wires {
        pills(canvas, grid, laid);
    }
    marks(canvas, picture, grid);
}

fn zones(canvas: &mut Canvas, columns: &Columns, grid: &Grid) {
    let stroke = Stroke::solid(NET, 4);
    for (x, from, to) in &grid.pieces {
        canvas.line(Part::Zone, vec![(*x, *from), (*x, *to)], stroke);
    }
    for (from, to, y) in &grid.joins {
        canvas.line(Part::Zone, vec![(*from, *y), (*to, *y)], stroke);
    }
    debug_assert_eq!(columns.pieces.len(), grid.pieces.len());
}

/// Where a foot touches its place.
fn edge(grid: &Grid, foot: &Foot) -> (i32, i32) {
    let frame = grid.places[foot.place];
    match foot.side {
        Side::Left => (frame.x, foot.y),
        Side::Right => (frame.right(), foot.y),
    }
}

fn link(canvas: &mut Canvas, grid: &Grid, laid: &Laid) {
    let End::Piece(piece) = laid.wire.end else { return };
    let x = grid.pieces[piece].0;
    for foot in &laid.wire.sources {
        canvas.line(Part::Link, vec![edge(grid, foot), (x, foot.y)], Stroke::solid(NET, 2));
        canvas.dot((x, foot.y), 4, NET);
    }
}

fn route(canvas: &mut Canvas, grid: &Grid, laid: &Laid) {
    let Some((kind, state)) = laid.wire.style else { return };
    let look = style::look(kind, state);
    for mut points in lines(grid, laid) {
        if let Some(last) = points.last_mut() {
            // A line ends where the arrow or the bar in front of the place begins.
            last.0 += points_back(grid, laid, *last, kind);
        }
        canvas.line(Part::Wire, points.clone(), look.outer);
        if let Some(inner) = look.inner {
            canvas.line(Part::Wire, points, inner);
        }
    }
    let color = style::color(state);
    match &laid.wire.end {
        End::Feet(ends) => {
            for foot in ends {
                let back = if foot.side == Side::Left { -1 } else { 1 };
                tip(canvas, edge(grid, foot), back, (laid.wire.tip, kind), color);
            }
        }
        End::Piece(piece) => {
            let x = grid.pieces[*piece].0;
            for foot in &laid.wire.sources {
                let back = if edge(grid, foot).0 < x { -1 } else { 1 };
                tip(canvas, (x + 3 * back, foot.y), back, (laid.wire.tip, kind), color);
            }
        }
    }
}

/// How far the line that ends at `last` stays back from there.
fn points_back(grid: &Grid, laid: &Laid, last: (i32, i32), kind: RouteKind) -> i32 {
    let room = match laid.wire.tip {
        Tip::Plain => return 0,
        Tip::Arrow => arrow(kind).0 - 1,
        Tip::Bar => 4,
    };
    match &laid.wire.end {
        End::Feet(ends) => {
            let foot = ends.iter().find(|foot| edge(grid, foot) == last);
            foot.map_or(0, |foot| if foot.side == Side::Left { -room } else { room })
        }
        End::Piece(piece) => {
            let from = edge(grid, &laid.wire.sources[0]).0;
            let x = grid.pieces[*piece].0;
            let back = room + 3;
            if last.0 != x {
                0
            } else if from < x {
                -back
            } else {
                back
            }
        }
    }
}

/// Length and half the width of an arrow.
fn arrow(kind: RouteKind) -> (i32, i32) {
    match kind {
        RouteKind::Flow => (10, 5),
        _ => (12, 8),
    }
}

fn tip(
    canvas: &mut Canvas,
    (x, y): (i32, i32),
    back: i32,
    (tip, kind): (Tip, RouteKind),
    color: Color,
) {
    match tip {
        Tip::Plain => {}
        Tip::Arrow => {
            let (length, half) = arrow(kind);
            let base = x + back * length;
            canvas.area(vec![(x, y), (base, y - half), (base, y + half)], color);
        }
        Tip::Bar => {
            let base = x + back * 4;
            canvas.area(vec![(x, y - 9), (base, y - 9), (base, y + 9), (x, y + 9)], color);
        }
    }
}

/// The lines of a wire: one from the first source to the first end, and a branch for each
/// further foot, which ends on what is drawn already.
fn lines(grid: &Grid, laid: &Laid) -> Vec<Vec<(i32, i32)>> {
    let sources = &laid.wire.sources;
    let End::Feet(ends) = &laid.wire.end else {
        let End::Piece(piece) = laid.wire.end else { return Vec::new() };
        let x = grid.pieces[piece].0;
        return sources.iter().map(|foot| vec![edge(grid, foot), (x, foot.y)]).collect();
    };
    let (first, last) = (edge(grid, &sources[0]), edge(grid, &ends[0]));
    let Some(near) = laid.near else { return vec![vec![first, last]] };
    let mut main = vec![first, (near, first.1)];
    let (near_end, far) = match laid.far {
        Some((lane, x)) => {
            main.extend([(near, lane), (x, lane)]);
            (lane, x)
        }
        None => (last.1, near),
    };
    main.extend([(far, last.1), last]);
    let far_start = laid.far.map_or(first.1, |(lane, _)| lane);
    let mut lines = vec![main];
    let mut covered = span(first.1, near_end);
    for foot in &sources[1..] {
        let from = edge(grid, foot);
        lines.push(branch(vec![from, (near, from.1)], &mut covered));
    }
    let mut covered = span(far_start, last.1);
    for foot in &ends[1..] {
        let to = edge(grid, foot);
        let mut points = branch(vec![to, (far, to.1)], &mut covered);
        points.reverse();
        lines.push(points);
    }
    lines
}

/// `points`, which end on the vertical part, led on to what of it is drawn.
fn branch(points: Vec<(i32, i32)>, covered: &mut (i32, i32)) -> Vec<(i32, i32)> {
    let mut points = points;
    let (x, y) = points[points.len() - 1];
    let nearest = y.clamp(covered.0, covered.1);
    if nearest != y {
        points.push((x, nearest));
        *covered = (covered.0.min(y), covered.1.max(y));
    }
    points
}

fn span(a: i32, b: i32) -> (i32, i32) {
    (a.min(b), a.max(b))
}

fn place(canvas: &mut Canvas, picture: &Picture, grid: &Grid, place: usize, card: &Card) {
    let frame = grid.places[place];
    let kind = picture.places[place].kind;
    let (fill, stroke) = style::place(kind);
    let radius = if kind == PlaceKind::Outside { 14 } else { 5 };
    let number = canvas.rect(Part::Place, frame, (fill, Some(stroke), radius));
    let top = words(canvas, number, frame, card);
    sign::sign(canvas, kind, (frame.x + card::MARGIN, top));
}

/// The words of a card in the middle of `frame`; the upper edge of the words.
fn words(canvas: &mut Canvas, number: usize, frame: Frame, card: &Card) -> i32 {
    let top = frame.y + (frame.height - card.filled) / 2;
    for line in &card.lines {
        let at = (frame.x + line.x, top + line.y);
        canvas.text(Some(number), at, (line.size, line.fill), &line.text);
    }
    top
}

fn pills(canvas: &mut Canvas, grid: &Grid, laid: &Laid) {
    let ends = match &laid.wire.end {
        End::Feet(ends) => ends.as_slice(),
        End::Piece(_) => &[],
    };
    for foot in laid.wire.sources.iter().chain(ends) {
        let Some(pill) = &foot.pill else { continue };
        let (x, y) = edge(grid, foot);
        let width = card::pill_width(pill);
        let left = match foot.side {
            Side::Left => x - TIP - width,
            Side::Right => x + TIP,
        };
        self::pill(canvas, (left, y - card::PILL / 2), pill);
    }
}

/// A pill whose upper left corner is at `(x, y)`.
pub(super) fn pill(canvas: &mut Canvas, (x, y): (i32, i32), pill: &Pill) {
    let frame = Frame { x, y, width: card::pill_width(pill), height: card::PILL };
    let (fill, ink, stroke) = match pill.state {
        None => (WHITE, style::PALE, None),
        Some(State::Refuted) => (style::RED, WHITE, None),
        Some(state) => {
            let color = style::color(state);
            (WHITE, color, Some(Stroke::solid(color, 1)))
        }
    };
    let number = canvas.rect(Part::Pill, frame, (fill, stroke, 7));
    canvas.text(Some(number), (x + 4, y + 12), (SMALL, ink), &pill.text);
    if let Some(state) = pill.state {
        sign::mark(canvas, state, (frame.right() - card::MARK, y + 3), ink);
    }
}

/// Codes on the upper edge of places, from the right; what has no room is in the list anyway.
fn marks(canvas: &mut Canvas, picture: &Picture, grid: &Grid) {
    let mut taken = vec![0; grid.places.len()];
    for mark in &picture.marks {
        let frame = grid.places[mark.place];
        let pill = Pill { text: mark.code.to_owned(), state: Some(mark.state) };
        let width = card::pill_width(&pill);
        let used = &mut taken[mark.place];
        if *used + width + 6 > frame.width {
            continue;
        }
        let x = frame.right() - 3 - *used - width;
        self::pill(canvas, (x, frame.y - card::PILL + 2), &pill);
        *used += width + 4;
    }
}
