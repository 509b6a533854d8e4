//! Outlines of letters.

use render::draw::Label;
use tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{Face, OutlineBuilder};

use crate::{Fault, number};

/// A font.
#[derive(Clone)]
pub struct Font<'a> {
    face: Face<'a>,
}

impl<'a> Font<'a> {
    /// The font number `index` in the bytes of a font file; `None` if there is none.
    #[must_use]
    pub fn read(bytes: &'a [u8], index: u32) -> Option<Self> {
        Some(Self { face: Face::parse(bytes, index).ok()? })
    }

    /// Whether it has `letter`.
    #[must_use]
    pub fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some()
    }
}

/// The outlines of all letters of `label`, where they stand on the page.
///
/// # Shape
/// Never wider than the room that was reckoned with: a wider font is narrowed.
pub(crate) fn outline(label: &Label, fonts: &[Font<'_>]) -> Result<Option<Path>, Fault> {
    let mut pen = Pen { path: PathBuilder::new(), x: 0.0, scale: 1.0 };
    for letter in label.text.chars() {
        let found = fonts.iter().find_map(|font| Some((font, font.face.glyph_index(letter)?)));
        let (font, glyph) = found.ok_or(Fault::Letter(letter))?;
        pen.scale = number(label.size) / f32::from(font.face.units_per_em());
        // A letter without an outline, such as a space, only takes room.
        let _ = font.face.outline_glyph(glyph, &mut pen);
        let advance = font.face.glyph_hor_advance(glyph).unwrap_or(0);
        pen.x += f32::from(advance) * pen.scale;
    }
    let narrow = if pen.x > number(label.room) { number(label.room) / pen.x } else { 1.0 };
    let (x, y) = (number(label.at.0), number(label.at.1));
    let path = pen.path.finish();
    Ok(path.and_then(|path| path.transform(Transform::from_row(narrow, 0.0, 0.0, 1.0, x, y))))
}

/// Takes outlines in units of the font, with y up, and draws them at the pen.
struct Pen {
    path: PathBuilder,
    x: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, -y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
