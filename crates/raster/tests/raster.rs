//! PNG files: their pixels, and what is refused.

use std::path::Path;

use diag::Lang;
use raster::{Fault, Font, png};
use render::draw::{Drawing, Frame, Label, Line, Part, Rect, Shape, Stroke};

const FONT: &str = "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf";

fn page(shapes: Vec<Shape>) -> Drawing {
    let frame = Frame { x: 0, y: 0, width: 40, height: 20 };
    let ground = Rect { part: Part::Ground, frame, radius: 0, fill: [255; 3], stroke: None };
    let shapes = std::iter::once(Shape::Rect(ground)).chain(shapes).collect();
    Drawing { width: 40, height: 20, lang: Lang::Ja, title: String::new(), shapes }
}

fn label(text: &str, room: i32) -> Shape {
    let text = text.to_owned();
    Shape::Text(Label { inside: None, at: (2, 15), size: 12, room, fill: [0; 3], text })
}

#[test]
fn a_letter_that_no_font_has_is_named() {
    assert_eq!(png(&page(vec![label("資格", 24)]), &[], 1), Err(Fault::Letter('資')));
    assert!(png(&page(Vec::new()), &[], 1).is_ok());
}

#[test]
fn a_page_without_end_is_refused() {
    let huge = Drawing { width: 100_000, height: 100_000, ..page(Vec::new()) };
    assert_eq!(png(&huge, &[], 1), Err(Fault::Size));
}

#[test]
fn the_same_drawing_gives_the_same_bytes() {
    let stroke = Stroke { color: [200, 0, 0], width: 3, dash: &[4, 2] };
    let points = vec![(2, 10), (30, 10), (30, 18)];
    let line = Shape::Line(Line { part: Part::Wire, points, stroke });
    let bytes = png(&page(vec![line.clone()]), &[], 2).expect("a line needs no font");
    assert_eq!(Ok(bytes.clone()), png(&page(vec![line]), &[], 2));
    assert_ne!(Ok(bytes), png(&page(Vec::new()), &[], 2));
}

/// With a font that is wider than what was reckoned with, letters are narrowed.
#[test]
fn letters_keep_to_their_room() {
    if !Path::new(FONT).is_file() {
        let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
        assert!(!required.contains("japanese-font"), "there is no {FONT}");
        println!("skipped: there is no {FONT} (Debian package fonts-ipafont-gothic)");
        return;
    }
    let bytes = std::fs::read(FONT).expect("the font can be read");
    let fonts = [Font::read(&bytes, 0).expect("it is a font")];
    let drawn = |room| png(&page(vec![label("資格確認", room)]), &fonts, 1).expect("it has them");
    // 48 pixels are needed; what does not fit is made to fit.
    assert_eq!(drawn(48), drawn(60));
    assert_ne!(drawn(48), drawn(30));
}
