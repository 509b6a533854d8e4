//! The SVG as text.

use check::{Picture, PictureZone, Place, PlaceKind, Purpose};
use diag::{Lang, Text};
use render::draw::{drawing, svg};

fn picture(name: &str) -> Picture {
    let zone = |purpose| PictureZone { name: String::new(), facts: Vec::new(), purpose };
    let place = |kind, name: &str| Place {
        name: name.to_owned(),
        titles: vec![Text::verbatim(name)],
        addresses: Vec::new(),
        facts: Vec::new(),
        kind,
    };
    Picture {
        zones: vec![zone(Purpose::Line), zone(Purpose::Carrier)],
        places: vec![place(PlaceKind::Terminal, name), place(PlaceKind::Onu, "ONU")],
        ..Picture::default()
    }
}

#[test]
fn names_cannot_break_the_file() {
    let text = svg(&drawing(&picture("<b a=\"1\">&\u{1}\n"), Lang::En));
    assert!(text.contains("&lt;b a=&quot;1&quot;&gt;&amp;␁"), "{text}");
    assert!(!text.contains("<b"), "{text}");
    assert!(text.ends_with("</svg>\n"), "{text}");
}

#[test]
fn every_number_is_whole() {
    let text = svg(&drawing(&picture("terminal"), Lang::Ja));
    for value in text.split('"').skip(1).step_by(2) {
        let is_number = value.starts_with(|first: char| first.is_ascii_digit());
        assert!(!is_number || !value.contains('.'), "{value}");
    }
}

#[test]
fn the_same_picture_gives_the_same_bytes() {
    let picture = picture("terminal");
    let text = |lang| svg(&drawing(&picture, lang));
    assert_eq!(text(Lang::Ja), text(Lang::Ja));
    assert!(
        text(Lang::Ja).contains("xml:lang=\"ja\"") && text(Lang::En).contains("xml:lang=\"en\"")
    );
}
