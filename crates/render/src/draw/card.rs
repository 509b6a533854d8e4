//! What is written in a place and in the name of a zone, and the room that it takes.

use check::{PictureZone, Place, Purpose};
use diag::{Lang, Text};

use super::measure::{width, wrap};
use super::shape::Color;
use super::style::{INK, LARGE, NORMAL, PALE, SMALL};
use super::wire::Pill;

/// Room between the edge of a card and its words.
pub(super) const MARGIN: i32 = 9;
/// Room for the sign beside the title.
pub(super) const SIGN: i32 = 26;
/// Most pixels of a line in a place.
const LINE_MAX: i32 = 178;
/// Least width of a place.
const PLACE_MIN: i32 = 104;
/// Most lines of a kind in one place; the others are counted.
const LINES_MAX: usize = 40;
/// Most names of servers in a network outside.
const HOSTS_MAX: usize = 2;

/// A block of words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Card {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) lines: Vec<CardLine>,
    /// Height that the words take.
    pub(super) filled: i32,
}

/// A line of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct CardLine {
    /// From the left edge.
    pub(super) x: i32,
    /// Base line, from the upper edge of the words.
    pub(super) y: i32,
    pub(super) size: i32,
    pub(super) fill: Color,
    pub(super) text: String,
}

impl Card {
    fn add(&mut self, text: &str, indent: i32, (size, fill): (i32, Color)) {
        for text in wrap(text, size, LINE_MAX - indent) {
            self.filled += size + 4;
            self.width = self.width.max(2 * MARGIN + indent + width(&text, size));
            let (x, y) = (MARGIN + indent, self.filled - 4);
            self.lines.push(CardLine { x, y, size, fill, text });
        }
    }

    fn finish(mut self, least: i32) -> Self {
        self.width = self.width.max(least);
        self.height = self.filled + 2 * MARGIN;
        self
    }
}

/// The card of a place.
pub(super) fn place(place: &Place, lang: Lang) -> Card {
    let mut card = Card::default();
    for title in &place.titles {
        card.add(title.get(lang), SIGN, (LARGE, INK));
    }
    if !place.name.is_empty() {
        card.add(&place.name, 0, (NORMAL, PALE));
    }
    let is_outside = place.kind == check::PlaceKind::Outside;
    let facts_max = if is_outside { HOSTS_MAX } else { LINES_MAX };
    for (texts, style, most) in
        [(&place.addresses, (NORMAL, INK), LINES_MAX), (&place.facts, (SMALL, PALE), facts_max)]
    {
        for text in texts.iter().take(most) {
            card.add(text.get(lang), 0, style);
        }
        if texts.len() > most {
            card.add(&more(texts.len() - most, lang), 0, (SMALL, PALE));
        }
    }
    card.finish(PLACE_MIN)
}

fn more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("ほか {count} 件"),
        Lang::En => format!("and {count} more"),
    }
}

/// The card of a zone.
pub(super) fn zone(zone: &PictureZone, lang: Lang) -> Card {
    let mut card = Card::default();
    let title = match zone.purpose {
        Purpose::ClaimsComputers => Text::new("レセコン側 LAN", "claims LAN"),
        Purpose::Terminals => Text::new("端末側 LAN", "terminal LAN"),
        Purpose::Edge => Text::new("ルータB 側 LAN", "edge LAN"),
        Purpose::Other => Text::new("LAN", "LAN"),
        Purpose::Line => Text::new("ONU 側", "to the ONU"),
        Purpose::Carrier => Text::new("回線", "line"),
    };
    card.add(title.get(lang), 0, (NORMAL, INK));
    if !zone.name.is_empty() && zone.purpose != Purpose::Line {
        card.add(&zone.name, 0, (SMALL, PALE));
    }
    for fact in zone.facts.iter().take(LINES_MAX) {
        card.add(fact.get(lang), 0, (SMALL, PALE));
    }
    card.finish(0)
}

/// Room for the mark in a pill.
pub(super) const MARK: i32 = 12;
/// Height of a pill.
pub(super) const PILL: i32 = 16;

/// Width of a pill.
pub(super) fn pill_width(pill: &Pill) -> i32 {
    let is_marked = pill.state.is_some_and(|state| state != check::State::Plain);
    width(&pill.text, SMALL) + 8 + if is_marked { MARK } else { 0 }
}
