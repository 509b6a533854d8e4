//! Colours, sizes and lines. Every distinction is also one of pattern, width or mark, so that
//! it survives grey print.

use check::{PlaceKind, RouteKind, State};

use super::shape::{Color, Stroke};

pub(super) const WHITE: Color = [0xff, 0xff, 0xff];
pub(super) const INK: Color = [0x1f, 0x29, 0x33];
pub(super) const PALE: Color = [0x52, 0x60, 0x6d];
pub(super) const RED: Color = [0xc6, 0x28, 0x28];
const CALM: Color = [0x0b, 0x6e, 0x6e];
const DOUBT: Color = [0xb2, 0x6a, 0x00];
const WAIVED: Color = [0x6a, 0x3d, 0x9a];
pub(super) const NET: Color = [0x7b, 0x87, 0x94];
pub(super) const HEAD: Color = [0xe4, 0xe9, 0xee];
pub(super) const INSIDE: Color = [0xf5, 0xf8, 0xfa];
pub(super) const OUTSIDE: Color = [0xf7, 0xf4, 0xef];

/// Size of the facility's name.
pub(super) const HUGE: i32 = 20;
/// Size of titles.
pub(super) const LARGE: i32 = 13;
/// Size of names and addresses.
pub(super) const NORMAL: i32 = 11;
/// Size of what else is known, and of labels on lines.
pub(super) const SMALL: i32 = 10;

/// How a line is drawn: an outer stroke, and for sessions a second one upon it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Look {
    pub(super) outer: Stroke,
    pub(super) inner: Option<Stroke>,
}

pub(super) fn color(state: State) -> Color {
    match state {
        State::Plain => INK,
        State::Proved => CALM,
        State::Waived => WAIVED,
        State::Unknown => DOUBT,
        State::Refuted => RED,
    }
}

/// The line of a route.
pub(super) fn look(kind: RouteKind, state: State) -> Look {
    let color = color(state);
    let dashed = |width, dash| Look { outer: Stroke { color, width, dash }, inner: None };
    let tube = |width, core, dash| Look {
        outer: Stroke::solid(color, width),
        inner: Some(Stroke { color: WHITE, width: core, dash }),
    };
    match kind {
        RouteKind::Flow => match state {
            State::Plain | State::Proved => dashed(2, &[]),
            State::Waived => dashed(2, &[2, 3]),
            State::Unknown => dashed(2, &[7, 4]),
            State::Refuted => dashed(4, &[]),
        },
        RouteKind::Pppoe => tube(7, 3, &[]),
        RouteKind::Ipoe => dashed(5, &[14, 4]),
        RouteKind::Ipsec => tube(9, 5, &[9, 3]),
        RouteKind::Standing => dashed(3, &[12, 4, 3, 4]),
    }
}

/// Colour inside a place, and of its edge.
pub(super) fn place(kind: PlaceKind) -> (Color, Stroke) {
    match kind {
        PlaceKind::Medical => ([0xff, 0xff, 0xff], Stroke::solid([0x3e, 0x5c, 0x76], 1)),
        PlaceKind::Terminal => ([0xe8, 0xf1, 0xfa], Stroke::solid([0x1d, 0x4e, 0x89], 2)),
        PlaceKind::Machine => ([0xff, 0xff, 0xff], Stroke::solid(PALE, 1)),
        PlaceKind::InnerRouter | PlaceKind::EdgeRouter => {
            ([0xdd, 0xe3, 0xea], Stroke::solid(INK, 2))
        }
        PlaceKind::Relay | PlaceKind::Onu => ([0xf0, 0xf0, 0xf0], Stroke::solid(PALE, 1)),
        PlaceKind::Outside => {
            ([0xff, 0xfb, 0xf2], Stroke { color: [0x7a, 0x5c, 0x1e], width: 2, dash: &[] })
        }
        PlaceKind::Standing => {
            ([0xff, 0xff, 0xff], Stroke { color: [0x7a, 0x5c, 0x1e], width: 2, dash: &[6, 3] })
        }
    }
}
