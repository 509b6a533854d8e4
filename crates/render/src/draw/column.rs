//! Which column a place stands in, and where zones run: from inside to outside, as in the
//! reference document.

use check::{Picture, PlaceKind, Purpose, Stop};

/// Columns from left to right.
const INSIDE: usize = 0;
const ROUTER_A: usize = 1;
const TERMINAL: usize = 2;
const EDGE: usize = 3;
const ONU: usize = 4;
const OUTSIDE: usize = 5;

/// A zone in the space between two columns. A zone that is needed in several spaces has several
/// pieces, which are joined below everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub(super) zone: usize,
    /// Number of the space; space 0 is right of column 0.
    pub(super) channel: usize,
}

/// Columns of places and pieces of zones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Columns {
    /// Places of each column from top to bottom; no column is empty.
    pub(super) places: Vec<Vec<usize>>,
    /// Column of each place.
    pub(super) of: Vec<usize>,
    /// Pieces of zones; the first one of a zone carries its name.
    pub(super) pieces: Vec<Piece>,
}

impl Columns {
    /// Puts the places of `picture` into columns and its zones between them.
    pub(super) fn of(picture: &Picture) -> Self {
        let spaces: Vec<usize> =
            (0..picture.zones.len()).map(|zone| space(picture, zone)).collect();
        let wanted: Vec<usize> =
            (0..picture.places.len()).map(|place| column(picture, place, &spaces)).collect();
        let mut used = wanted.clone();
        used.sort_unstable();
        used.dedup();
        let of: Vec<usize> =
            wanted.iter().map(|column| used.partition_point(|one| one < column)).collect();
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); used.len()];
        for (place, column) in of.iter().enumerate() {
            places[*column].push(place);
        }
        // The space after a column that is not there is the one after the column before it.
        let channels = used.len().saturating_sub(1).max(1);
        let channel = |space: usize| {
            let before = used.partition_point(|one| *one <= space);
            before.saturating_sub(1).min(channels - 1)
        };
        let pieces = spaces.iter().enumerate();
        let pieces = pieces.map(|(zone, space)| Piece { zone, channel: channel(*space) }).collect();
        let mut columns = Self { places, of, pieces };
        for link in &picture.links {
            columns.piece(link.place, link.zone);
        }
        for route in &picture.routes {
            if let [.., Stop::Place(place), Stop::Zone(zone)] = route.way[..] {
                columns.piece(place, zone);
            }
        }
        columns
    }

    /// How many spaces between columns there are.
    pub(super) fn channels(&self) -> usize {
        self.places.len().saturating_sub(1)
    }

    /// The piece of `zone` beside `place`, made if there is none.
    fn piece(&mut self, place: usize, zone: usize) {
        if self.find(place, zone).is_some() {
            return;
        }
        let column = self.of[place];
        let first = self.pieces.iter().find(|piece| piece.zone == zone);
        let is_right = first.is_some_and(|piece| piece.channel > column);
        let is_last = column == self.channels();
        let channel = if column == 0 || is_right && !is_last { column } else { column - 1 };
        self.pieces.push(Piece { zone, channel });
    }

    /// The piece of `zone` beside `place`.
    pub(super) fn find(&self, place: usize, zone: usize) -> Option<usize> {
        let column = self.of[place];
        let is_beside = |piece: &Piece| {
            piece.zone == zone && (piece.channel == column || piece.channel + 1 == column)
        };
        self.pieces.iter().position(is_beside)
    }
}

fn has(picture: &Picture, zone: usize, wanted: fn(PlaceKind) -> bool) -> bool {
    let links = picture.links.iter().filter(|link| link.zone == zone);
    links.into_iter().any(|link| wanted(picture.places[link.place].kind))
}

/// The space that a zone would like: 0 is right of the claims computers, and so on.
fn space(picture: &Picture, zone: usize) -> usize {
    let purpose = picture.zones[zone].purpose;
    let is_edge = has(picture, zone, |kind| kind == PlaceKind::EdgeRouter);
    let is_inner = has(picture, zone, |kind| kind == PlaceKind::InnerRouter);
    let is_medical = has(picture, zone, |kind| kind == PlaceKind::Medical);
    match purpose {
        Purpose::Carrier => ONU,
        Purpose::Line => EDGE,
        _ if is_edge && is_inner => ROUTER_A,
        _ if is_edge => TERMINAL,
        Purpose::ClaimsComputers => INSIDE,
        Purpose::Edge => TERMINAL,
        Purpose::Terminals => ROUTER_A,
        Purpose::Other if is_medical => INSIDE,
        Purpose::Other => ROUTER_A,
    }
}

fn column(picture: &Picture, place: usize, spaces: &[usize]) -> usize {
    let links = picture.links.iter().filter(|link| link.place == place);
    let mut own: Vec<usize> = links.map(|link| spaces[link.zone]).collect();
    own.sort_unstable();
    match picture.places[place].kind {
        PlaceKind::Medical | PlaceKind::Machine => {
            let is_beyond = own.first().is_some_and(|first| *first > INSIDE);
            if is_beyond { TERMINAL } else { INSIDE }
        }
        PlaceKind::Terminal => TERMINAL,
        PlaceKind::InnerRouter => ROUTER_A,
        PlaceKind::EdgeRouter => EDGE,
        PlaceKind::Relay => own.first().map_or(ROUTER_A, |first| (first + 1).min(EDGE)),
        PlaceKind::Onu => ONU,
        PlaceKind::Outside | PlaceKind::Standing => OUTSIDE,
    }
}
