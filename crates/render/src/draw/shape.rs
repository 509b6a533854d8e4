//! What a drawing is made of: shapes in whole pixels, from back to front.

use diag::Lang;

/// A finished drawing.
///
/// # Units
/// Pixels at 96 per inch; x to the right, y down. All numbers are whole, so that every platform
/// writes the same bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawing {
    /// Width of the page.
    pub width: i32,
    /// Height of the page.
    pub height: i32,
    /// Language of the words.
    pub lang: Lang,
    /// What it shows, in one line.
    pub title: String,
    /// Shapes from back to front.
    pub shapes: Vec<Shape>,
}

/// A shape.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A rectangle.
    Rect(Rect),
    /// A line through several points.
    Line(Line),
    /// A filled area.
    Area(Area),
    /// A filled circle.
    Dot(Dot),
    /// A line of text.
    Text(Label),
}

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rect {
    /// What it stands for.
    pub part: Part,
    /// Where.
    pub frame: Frame,
    /// Radius of the corners.
    pub radius: i32,
    /// Colour inside.
    pub fill: Color,
    /// The edge.
    pub stroke: Option<Stroke>,
}

/// A line through several points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// What it stands for.
    pub part: Part,
    /// Corners; at least two.
    pub points: Vec<(i32, i32)>,
    /// How it looks.
    pub stroke: Stroke,
}

/// A filled area.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Area {
    /// Corners; at least three.
    pub points: Vec<(i32, i32)>,
    /// Colour.
    pub fill: Color,
}

/// A filled circle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dot {
    /// Centre.
    pub at: (i32, i32),
    /// Radius.
    pub radius: i32,
    /// Colour.
    pub fill: Color,
}

/// A line of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The rectangle that it must not leave: an index into [`Drawing::shapes`].
    pub inside: Option<usize>,
    /// Left end of the base line.
    pub at: (i32, i32),
    /// Size of the type.
    pub size: i32,
    /// Most room that it takes in any of the fonts; see [`super::measure`].
    pub room: i32,
    /// Colour.
    pub fill: Color,
    /// The words.
    pub text: String,
}

/// What a rectangle or a line stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// The page, or an area behind everything.
    Ground,
    /// A machine, a router, a network outside.
    Place,
    /// The name of a zone.
    Head,
    /// A zone.
    Zone,
    /// What is plugged into a zone.
    Link,
    /// Sessions and tunnels.
    Wire,
    /// A short label on a line, or the code on a place.
    Pill,
    /// The legend and the list of requirements.
    Panel,
    /// A picture inside another part.
    Icon,
}

/// A rectangle of the page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Frame {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Frame {
    /// Right edge.
    #[must_use]
    pub fn right(self) -> i32 {
        self.x + self.width
    }

    /// Lower edge.
    #[must_use]
    pub fn bottom(self) -> i32 {
        self.y + self.height
    }

    /// Whether the two have a point inside in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether `other` lies in it; edges may touch.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && self.right() >= other.right()
            && self.bottom() >= other.bottom()
    }
}

/// How a line looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stroke {
    /// Colour.
    pub color: Color,
    /// Width.
    pub width: i32,
    /// Lengths of strokes and gaps; empty is an unbroken line.
    pub dash: &'static [i32],
}

impl Stroke {
    /// An unbroken line.
    pub(crate) fn solid(color: Color, width: i32) -> Self {
        Self { color, width, dash: &[] }
    }
}

/// Red, green and blue.
pub type Color = [u8; 3];

impl Label {
    /// The room that the text takes: from the top of the tallest letter to the lowest tail.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let above = self.size * 9 / 10;
        let height = self.size * 12 / 10;
        Frame { x: self.at.0, y: self.at.1 - above, width: self.room, height }
    }
}
