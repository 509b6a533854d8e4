//! A site as a drawing in the manner of the reference document: columns from inside to outside,
//! zones between them, sessions as lines of their own kind.
//!
//! `column` says who stands where, `wire` what is joined with what, `grid` where everything lies,
//! `paint` how it looks; `svg` writes it down.

mod card;
mod column;
mod grid;
mod group;
mod measure;
mod paint;
mod panel;
mod shape;
mod sign;
mod style;
mod svg;
mod wire;

pub use shape::{Area, Color, Dot, Drawing, Frame, Label, Line, Part, Rect, Shape, Stroke};
pub use svg::{FONTS, svg};

use check::{Picture, PlaceKind, Route, RouteKind};
use diag::{Lang, Text};

use card::Card;
use column::Columns;
use grid::Grid;
use measure::{clipped, width};
use paint::Canvas;
use style::{HUGE, INK, INSIDE, NORMAL, OUTSIDE, PALE, WHITE};

/// Room around everything.
const MARGIN: i32 = 24;
/// Height of the head of the page.
const HEAD: i32 = 58;
/// Room for the names of the two areas.
const AREA: i32 = 30;
/// Least width of the page, so that head and legend have room.
const WIDTH_MIN: i32 = 640;

/// Draws `picture` with words in `lang`.
#[must_use]
pub fn drawing(picture: &Picture, lang: Lang) -> Drawing {
    let picture = &group::grouped(picture);
    let columns = Columns::of(picture);
    let places: Vec<Card> = picture.places.iter().map(|place| card::place(place, lang)).collect();
    let heads: Vec<Card> = picture.zones.iter().map(|zone| card::zone(zone, lang)).collect();
    let wires = wire::wires(picture, &columns, |route| label(&picture.routes[route], lang));
    let origin = (MARGIN + 14, MARGIN + HEAD + AREA);
    let grid = grid::lay(picture, &columns, (&places, &heads), wires, origin);
    let right = (grid.right + 14).max(MARGIN + WIDTH_MIN);
    let mut canvas = Canvas::default();
    let title = head(&mut canvas, picture, right, lang);
    areas(&mut canvas, picture, (&columns, &grid), right, lang);
    paint::paint(&mut canvas, picture, &columns, &grid, (&places, &heads));
    let bottom = grid.bottom + 26;
    let bottom = panel::panel(&mut canvas, picture, (MARGIN, right, bottom + 12), lang);
    let (width, height) = (right + MARGIN, bottom + MARGIN);
    if let Some(Shape::Rect(page)) = canvas.shapes.first_mut() {
        page.frame = Frame { x: 0, y: 0, width, height };
    }
    Drawing { width, height, lang, title, shapes: canvas.shapes }
}

/// What is written on a route.
fn label(route: &Route, lang: Lang) -> String {
    let kind = match route.kind {
        RouteKind::Flow => "",
        RouteKind::Pppoe => "PPPoE",
        RouteKind::Ipoe => "IPoE",
        RouteKind::Ipsec => "IPsec",
        RouteKind::Standing => match lang {
            Lang::Ja => "常設回線",
            Lang::En => "standing",
        },
    };
    let is_told =
        matches!(route.state, check::State::Refuted | check::State::Unknown | check::State::Waived);
    let is_named = !kind.is_empty() || !route.label.get(lang).is_empty();
    // A proved way that has a name needs no code.
    let code = if is_told || !is_named { route.code } else { "" };
    let words = [kind, route.label.get(lang), code];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The head of the page: whose network it is. Returns what the drawing is called.
fn head(canvas: &mut Canvas, picture: &Picture, right: i32, lang: Lang) -> String {
    canvas.rect(Part::Ground, Frame::default(), (WHITE, None, 0));
    let site = &picture.site;
    let name = match (site.name.is_empty(), lang) {
        (false, Lang::Ja) => format!("{} ネットワーク構成図", site.name),
        (false, Lang::En) => format!("{}: network", site.name),
        (true, Lang::Ja) => "ネットワーク構成図".to_owned(),
        (true, Lang::En) => "Network".to_owned(),
    };
    let room = right - MARGIN;
    canvas.text(None, (MARGIN, MARGIN + 20), (HUGE, INK), &clipped(&name, HUGE, room));
    let mut words = Vec::new();
    if !site.pattern.is_empty() {
        words.push(format!("{} ({}) {}", site.pattern, site.page, site.title.get(lang)));
    }
    if !site.edition.is_empty() && !picture.requirements.is_empty() {
        words.push(match lang {
            Lang::Ja => format!("{} 年版で判定", site.edition),
            Lang::En => format!("edition {}", site.edition),
        });
    }
    if picture.requirements.is_empty() {
        words.push(
            match lang {
                Lang::Ja => "判定なしの図",
                Lang::En => "drawn without judgement",
            }
            .to_owned(),
        );
    }
    let words = words.join("  /  ");
    canvas.text(None, (MARGIN, MARGIN + 42), (NORMAL, PALE), &clipped(&words, NORMAL, room));
    name
}

/// What belongs to the site, and what does not.
fn areas(
    canvas: &mut Canvas,
    picture: &Picture,
    (columns, grid): (&Columns, &Grid),
    right: i32,
    lang: Lang,
) {
    let is_outside = |kind| matches!(kind, PlaceKind::Outside | PlaceKind::Standing);
    let first_outside = columns
        .places
        .iter()
        .position(|places| places.iter().all(|place| is_outside(picture.places[*place].kind)));
    let top = MARGIN + HEAD;
    let height = grid.bottom + 22 - top;
    let border = match first_outside {
        Some(column) if column > 0 => grid.columns[column - 1].1 + 12,
        _ => right,
    };
    let inside = Text::new("施設内", "inside the site");
    let outside = Text::new("施設の外", "outside");
    for (from, to, fill, words) in
        [(MARGIN, border - 3, INSIDE, inside), (border + 3, right, OUTSIDE, outside)]
    {
        let frame = Frame { x: from, y: top, width: to - from, height };
        let words = words.get(lang);
        if frame.width < width(words, NORMAL) + 24 {
            continue;
        }
        let number = canvas.rect(Part::Ground, frame, (fill, None, 8));
        canvas.text(Some(number), (from + 12, top + 18), (NORMAL, PALE), words);
    }
}
