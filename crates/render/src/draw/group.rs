//! Machines that are alike in everything but name and address become one place when there are
//! many, so that the drawing of a large site stays readable.

use check::{Link, Mark, Picture, Place, PlaceKind, Route, State, Stop};
use diag::text;

/// As many that are alike are drawn one by one.
const ALIKE_MAX: usize = 4;

/// `picture` with machines that are alike as one place each.
pub(super) fn grouped(picture: &Picture) -> Picture {
    let mut leaders: Vec<usize> = Vec::new();
    let mut leader_of: Vec<usize> = Vec::new();
    for place in 0..picture.places.len() {
        let known = leaders.iter().find(|leader| is_alike(picture, **leader, place));
        leader_of.push(known.copied().unwrap_or(place));
        if known.is_none() {
            leaders.push(place);
        }
    }
    let members = |leader: usize| -> Vec<usize> {
        (0..leader_of.len()).filter(|place| leader_of[*place] == leader).collect()
    };
    let mut moved: Vec<usize> = vec![0; picture.places.len()];
    let mut places: Vec<Place> = Vec::new();
    for leader in &leaders {
        let members = members(*leader);
        if members.len() <= ALIKE_MAX {
            for member in members {
                moved[member] = places.len();
                places.push(picture.places[member].clone());
            }
            continue;
        }
        for member in &members {
            moved[*member] = places.len();
        }
        places.push(together(picture, &members));
    }
    remapped(picture, places, &moved)
}

fn is_alike(picture: &Picture, one: usize, other: usize) -> bool {
    let (a, b) = (&picture.places[one], &picture.places[other]);
    let is_machine =
        matches!(a.kind, PlaceKind::Medical | PlaceKind::Terminal | PlaceKind::Machine);
    is_machine
        && a.kind == b.kind
        && a.titles == b.titles
        && a.facts == b.facts
        && zones(picture, one) == zones(picture, other)
        && ways(picture, one) == ways(picture, other)
        && marks(picture, one) == marks(picture, other)
}

fn zones(picture: &Picture, place: usize) -> Vec<usize> {
    let links = picture.links.iter().filter(|link| link.place == place);
    links.map(|link| link.zone).collect()
}

/// The ways that touch a place, with the place itself as `None`, in order.
fn ways(picture: &Picture, place: usize) -> Vec<(Vec<Option<Stop>>, Route)> {
    let touching = picture.routes.iter().filter(|route| route.way.contains(&Stop::Place(place)));
    let hidden = touching.map(|route| {
        let hide = |stop: &Stop| (*stop != Stop::Place(place)).then_some(*stop);
        let way = route.way.iter().map(hide).collect();
        (way, Route { way: Vec::new(), ..route.clone() })
    });
    hidden.collect()
}

fn marks(picture: &Picture, place: usize) -> Vec<(&'static str, State)> {
    let own = picture.marks.iter().filter(|mark| mark.place == place);
    own.map(|mark| (mark.code, mark.state)).collect()
}

fn together(picture: &Picture, members: &[usize]) -> Place {
    let first = &picture.places[members[0]];
    let count = members.len();
    let mut titles = first.titles.clone();
    if let Some(last) = titles.last_mut() {
        *last = text!(ja: "{what} ×{count}台", en: "{what} ×{count}", what = *last, count = count);
    }
    let addresses = members.iter().map(|member| {
        let place = &picture.places[*member];
        // One address tells them apart; the others follow from it.
        let address = place.addresses.first().cloned().unwrap_or_default();
        text!(ja: "{name} {address}", en: "{name} {address}", name = place.name, address = address)
    });
    Place {
        name: String::new(),
        titles,
        addresses: addresses.collect(),
        facts: first.facts.clone(),
        kind: first.kind,
    }
}

fn remapped(picture: &Picture, places: Vec<Place>, moved: &[usize]) -> Picture {
    let mut links: Vec<Link> = Vec::new();
    for link in &picture.links {
        let link = Link { place: moved[link.place], ..link.clone() };
        if !links.contains(&link) {
            links.push(link);
        }
    }
    let mut routes: Vec<Route> = Vec::new();
    for route in &picture.routes {
        let way = route.way.iter().map(|stop| match stop {
            Stop::Place(place) => Stop::Place(moved[*place]),
            zone @ Stop::Zone(_) => *zone,
        });
        let mut way: Vec<Stop> = way.collect();
        way.dedup();
        let route = Route { way, ..route.clone() };
        if !routes.contains(&route) {
            routes.push(route);
        }
    }
    let mut marks: Vec<Mark> = Vec::new();
    for mark in &picture.marks {
        let mark = Mark { place: moved[mark.place], ..mark.clone() };
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    Picture { places, links, routes, marks, ..picture.clone() }
}
