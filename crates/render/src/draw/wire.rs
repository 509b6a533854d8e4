//! What is joined with what: links to zones, and ways cut into pieces from place to place.

use check::{Picture, RouteKind, State, Stop};

use super::column::Columns;

/// Something that is drawn as one line, perhaps with several feet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wire {
    /// Where it begins; not empty.
    pub(super) sources: Vec<Foot>,
    /// Where it ends.
    pub(super) end: End,
    /// What it is; `None` is a link to a zone.
    pub(super) style: Option<(RouteKind, State)>,
    /// What happens at its end.
    pub(super) tip: Tip,
    /// The place that opens the session, for what stays one from end to end; two sessions of
    /// different machines never look like one.
    pub(super) opener: Option<usize>,
    /// Routes that it is a part of.
    pub(super) routes: Vec<usize>,
}

/// Where a wire ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// At places; not empty. Several sources and several ends do not come together.
    Feet(Vec<Foot>),
    /// At a piece of a zone.
    Piece(usize),
}

/// Where a wire touches a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Foot {
    pub(super) place: usize,
    pub(super) side: Side,
    /// Height on the page; 0 until it is settled.
    pub(super) y: i32,
    /// What is written beside it.
    pub(super) pill: Option<Pill>,
}

/// A side of a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Side {
    Left,
    Right,
}

/// What happens at the end of a wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tip {
    /// Nothing; it goes on or is a link.
    Plain,
    /// An arrow.
    Arrow,
    /// A bar: nothing passes.
    Bar,
}

/// A short text on a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pill {
    pub(super) text: String,
    /// How it came out; `None` is a name.
    pub(super) state: Option<State>,
}

/// The space into which the side of a place in `column` opens.
pub(super) fn channel(column: usize, side: Side) -> usize {
    match side {
        Side::Left => column - 1,
        Side::Right => column,
    }
}

/// All wires of `picture`: links first, then routes in their order.
pub(super) fn wires(
    picture: &Picture,
    columns: &Columns,
    label: impl Fn(usize) -> String,
) -> Vec<Wire> {
    let mut wires: Vec<Wire> = Vec::new();
    for link in &picture.links {
        let piece = columns.find(link.place, link.zone).expect("a piece was made for every link");
        let side = beside(columns, link.place, piece);
        let pill = (!link.port.is_empty()).then(|| Pill { text: link.port.clone(), state: None });
        wires.push(Wire {
            sources: vec![Foot { place: link.place, side, y: 0, pill }],
            end: End::Piece(piece),
            style: None,
            tip: Tip::Plain,
            opener: None,
            routes: Vec::new(),
        });
    }
    for (number, route) in picture.routes.iter().enumerate() {
        for (step, pair) in route.way.windows(2).enumerate() {
            let Stop::Place(from) = pair[0] else { continue };
            let is_last = step + 2 == route.way.len();
            let text = if step == 0 { label(number) } else { String::new() };
            let pill = (!text.is_empty()).then_some(Pill { text, state: Some(route.state) });
            let tip = match (is_last, route.is_stopped) {
                (true, true) => Tip::Bar,
                // Who opens a standing line is not written anywhere.
                (true, false) if route.kind == RouteKind::Standing => Tip::Plain,
                (true, false) => Tip::Arrow,
                (false, _) if route.kind == RouteKind::Flow => Tip::Arrow,
                (false, _) => Tip::Plain,
            };
            let mut wire = match pair[1] {
                Stop::Place(to) => {
                    let (a, b) = sides(columns, from, to);
                    Wire {
                        sources: vec![Foot { place: from, side: a, y: 0, pill }],
                        end: End::Feet(vec![Foot { place: to, side: b, y: 0, pill: None }]),
                        style: None,
                        tip,
                        opener: None,
                        routes: Vec::new(),
                    }
                }
                Stop::Zone(zone) => {
                    let Some(piece) = columns.find(from, zone) else { continue };
                    let side = beside(columns, from, piece);
                    Wire {
                        sources: vec![Foot { place: from, side, y: 0, pill }],
                        end: End::Piece(piece),
                        style: None,
                        tip,
                        opener: None,
                        routes: Vec::new(),
                    }
                }
            };
            wire.style = Some((route.kind, route.state));
            wire.opener = match route.way.first() {
                Some(Stop::Place(first)) if route.kind != RouteKind::Flow => Some(*first),
                _ => None,
            };
            wire.routes = vec![number];
            add(&mut wires, wire, columns);
        }
    }
    wires
}

/// Adds `wire`, or makes it a part of one that it looks like and shares an end with.
fn add(wires: &mut Vec<Wire>, wire: Wire, columns: &Columns) {
    let opens = |foot: &Foot| channel(columns.of[foot.place], foot.side);
    let is_like = |other: &Wire| {
        other.style == wire.style && other.tip == wire.tip && other.opener == wire.opener
    };
    if let Some(same) = wires
        .iter_mut()
        .find(|other| is_like(other) && other.sources == wire.sources && other.end == wire.end)
    {
        same.routes.extend(wire.routes);
        return;
    }
    let (End::Feet(ends), [source]) = (&wire.end, &wire.sources[..]) else {
        wires.push(wire);
        return;
    };
    for other in wires.iter_mut().filter(|other| is_like(other)) {
        let End::Feet(others) = &mut other.end else { continue };
        let is_flow = matches!(wire.style, Some((RouteKind::Flow, _)));
        let has_same_pill = other.sources.iter().all(|foot| foot.pill == source.pill);
        if !is_flow || !has_same_pill {
            continue;
        }
        let first = &other.sources[0];
        if others == ends && opens(first) == opens(source) {
            // Many open sessions to one.
            if !other.sources.contains(source) {
                other.sources.push(source.clone());
            }
            other.routes.extend(wire.routes);
            return;
        }
        if other.sources.len() == 1 && first == source && opens(&others[0]) == opens(&ends[0]) {
            // One opens sessions to many.
            for end in ends {
                if !others.contains(end) {
                    others.push(end.clone());
                }
            }
            other.routes.extend(wire.routes);
            return;
        }
    }
    wires.push(wire);
}

/// The sides by which a wire from one place to another leaves and arrives.
fn sides(columns: &Columns, from: usize, to: usize) -> (Side, Side) {
    let (a, b) = (columns.of[from], columns.of[to]);
    if a < b {
        (Side::Right, Side::Left)
    } else if a > b {
        (Side::Left, Side::Right)
    } else if a == columns.channels() {
        (Side::Left, Side::Left)
    } else {
        (Side::Right, Side::Right)
    }
}

/// The side of `place` on which the piece of a zone runs.
fn beside(columns: &Columns, place: usize, piece: usize) -> Side {
    if columns.pieces[piece].channel == columns.of[place] { Side::Right } else { Side::Left }
}
