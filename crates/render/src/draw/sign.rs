//! Small signs: what a place is, and how something came out.

use check::{PlaceKind, State};

use super::paint::Canvas;
use super::shape::{Color, Frame, Part, Stroke};
use super::style::{INK, PALE, WHITE};

/// The sign of a place, 20 pixels wide and 15 high.
pub(super) fn sign(canvas: &mut Canvas, kind: PlaceKind, (x, y): (i32, i32)) {
    let thin = Stroke::solid(INK, 1);
    let frame = |dx, dy, width, height| Frame { x: x + dx, y: y + dy, width, height };
    match kind {
        PlaceKind::Medical | PlaceKind::Terminal | PlaceKind::Machine => {
            canvas.rect(Part::Icon, frame(1, 0, 18, 11), (WHITE, Some(Stroke::solid(INK, 2)), 1));
            canvas.line(Part::Icon, vec![(x + 10, y + 11), (x + 10, y + 14)], thin);
            canvas.line(Part::Icon, vec![(x + 5, y + 14), (x + 15, y + 14)], thin);
        }
        PlaceKind::InnerRouter | PlaceKind::EdgeRouter => {
            canvas.rect(Part::Icon, frame(0, 4, 20, 9), (WHITE, Some(thin), 2));
            canvas.line(Part::Icon, vec![(x + 5, y + 4), (x + 3, y)], thin);
            canvas.line(Part::Icon, vec![(x + 15, y + 4), (x + 17, y)], thin);
            canvas.dot((x + 6, y + 8), 1, INK);
            canvas.dot((x + 10, y + 8), 1, INK);
            canvas.dot((x + 14, y + 8), 1, INK);
        }
        PlaceKind::Relay | PlaceKind::Onu => {
            canvas.rect(Part::Icon, frame(0, 3, 20, 9), (WHITE, Some(Stroke::solid(PALE, 1)), 2));
            canvas.dot((x + 5, y + 8), 1, PALE);
            canvas.dot((x + 15, y + 8), 1, PALE);
        }
        PlaceKind::Outside | PlaceKind::Standing => {
            canvas.dot((x + 5, y + 9), 4, PALE);
            canvas.dot((x + 10, y + 6), 5, PALE);
            canvas.dot((x + 15, y + 9), 4, PALE);
            let fill = (PALE, None, 0);
            canvas.rect(Part::Icon, frame(5, 8, 10, 5), fill);
        }
    }
}

/// How something came out, 10 pixels wide and high.
pub(super) fn mark(canvas: &mut Canvas, state: State, (x, y): (i32, i32), color: Color) {
    let stroke = Stroke::solid(color, 2);
    match state {
        State::Plain => {}
        State::Proved => {
            canvas.line(Part::Icon, vec![(x + 1, y + 5), (x + 4, y + 8), (x + 9, y + 1)], stroke);
        }
        State::Refuted => {
            canvas.line(Part::Icon, vec![(x + 1, y + 1), (x + 9, y + 9)], stroke);
            canvas.line(Part::Icon, vec![(x + 9, y + 1), (x + 1, y + 9)], stroke);
        }
        State::Unknown => {
            let hook = vec![(x + 2, y + 3), (x + 3, y + 1), (x + 7, y + 1), (x + 8, y + 3)];
            canvas.line(Part::Icon, hook, stroke);
            canvas.line(Part::Icon, vec![(x + 8, y + 3), (x + 5, y + 5), (x + 5, y + 7)], stroke);
            canvas.dot((x + 5, y + 9), 1, color);
        }
        State::Waived => {
            canvas.area(vec![(x + 5, y), (x + 10, y + 9), (x, y + 9)], color);
        }
    }
}
