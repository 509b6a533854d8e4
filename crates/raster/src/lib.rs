//! Drawings as PNG: the same shapes as in the SVG, with letters of fonts that the caller found.
//! It looks for no font itself.

mod glyph;

use std::fmt;

use render::draw::{Color, Drawing, Frame, Label, Line, Rect, Shape, Stroke};
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, StrokeDash, Transform,
};

pub use glyph::Font;

/// Most pixels of a picture.
///
/// # Units
/// Pixels; four bytes each.
// LIMIT: a page of 30 machines at double size has about 20 million.
const PIXELS_MAX: u64 = 120_000_000;

/// Why there is no picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No font has this letter.
    Letter(char),
    /// The picture would have more than the largest number of pixels.
    Size,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Letter(letter) => write!(out, "no font has `{letter}`"),
            Self::Size => write!(out, "more than {PIXELS_MAX} pixels"),
        }
    }
}

/// `drawing` as the bytes of a PNG file, with `scale` pixels for each of the drawing. Each letter
/// comes from the first of `fonts` that has it.
///
/// # Errors
/// When no font has a letter, or the picture would be too large.
pub fn png(drawing: &Drawing, fonts: &[Font<'_>], scale: u8) -> Result<Vec<u8>, Fault> {
    let side = |length: i32| u32::try_from(length).unwrap_or(0) * u32::from(scale);
    let (width, height) = (side(drawing.width), side(drawing.height));
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Fault::Size);
    }
    let mut canvas = Canvas {
        pixels: Pixmap::new(width, height).ok_or(Fault::Size)?,
        transform: Transform::from_scale(f32::from(scale), f32::from(scale)),
    };
    for shape in &drawing.shapes {
        match shape {
            Shape::Rect(one) => canvas.rect(one),
            Shape::Line(one) => canvas.line(one),
            Shape::Area(one) => {
                if let Some(path) = polygon(&one.points, true) {
                    canvas.fill(&path, one.fill);
                }
            }
            Shape::Dot(one) => {
                let (x, y) = (number(one.at.0), number(one.at.1));
                if let Some(path) = PathBuilder::from_circle(x, y, number(one.radius)) {
                    canvas.fill(&path, one.fill);
                }
            }
            Shape::Text(one) => canvas.text(one, fonts)?,
        }
    }
    canvas.pixels.encode_png().map_err(|_| Fault::Size)
}

struct Canvas {
    pixels: Pixmap,
    transform: Transform,
}

impl Canvas {
    fn fill(&mut self, path: &Path, color: Color) {
        self.pixels.fill_path(path, &paint(color), FillRule::Winding, self.transform, None);
    }

    fn stroke(&mut self, path: &Path, stroke: Stroke) {
        let dash = stroke.dash.iter().copied().map(number).collect();
        let line = tiny_skia::Stroke {
            width: number(stroke.width),
            line_cap: LineCap::Butt,
            line_join: LineJoin::Round,
            dash: StrokeDash::new(dash, 0.0),
            ..tiny_skia::Stroke::default()
        };
        self.pixels.stroke_path(path, &paint(stroke.color), &line, self.transform, None);
    }

    fn rect(&mut self, one: &Rect) {
        let Some(path) = rounded(one.frame, one.radius) else { return };
        self.fill(&path, one.fill);
        if let Some(stroke) = one.stroke {
            self.stroke(&path, stroke);
        }
    }

    fn line(&mut self, one: &Line) {
        if let Some(path) = polygon(&one.points, false) {
            self.stroke(&path, one.stroke);
        }
    }

    fn text(&mut self, one: &Label, fonts: &[Font<'_>]) -> Result<(), Fault> {
        if let Some(path) = glyph::outline(one, fonts)? {
            self.fill(&path, one.fill);
        }
        Ok(())
    }
}

fn paint([red, green, blue]: Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 0xff);
    paint
}

/// Lengths of a drawing are far below 2^24, so nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "lengths of a page are small whole numbers")]
fn number(length: i32) -> f32 {
    length as f32
}

fn polygon(points: &[(i32, i32)], is_closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (place, (x, y)) in points.iter().enumerate() {
        let (x, y) = (number(*x), number(*y));
        if place == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    if is_closed {
        path.close();
    }
    path.finish()
}

/// A rectangle with corners of the radius that SVG would take.
fn rounded(frame: Frame, radius: i32) -> Option<Path> {
    let (left, top) = (number(frame.x), number(frame.y));
    let (right, bottom) = (number(frame.right()), number(frame.bottom()));
    let radius = number(radius.min(frame.width / 2).min(frame.height / 2));
    // Distance of the control points of a quarter of a circle.
    let near = radius * (1.0 - 0.552_285);
    let mut path = PathBuilder::new();
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - near, top, right, top + near, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - near, right - near, bottom, right - radius, bottom);
    path.line_to(left + radius, bottom);
    path.cubic_to(left + near, bottom, left, bottom - near, left, bottom - radius);
    path.line_to(left, top + radius);
    path.cubic_to(left, top + near, left + near, top, left + radius, top);
    path.close();
    path.finish()
}
