//! Random pictures of every shape that a site file allows, and of some that it does not.

use check::{
    Link, Mark, Picture, PictureZone, Place, PlaceKind, Purpose, Route, RouteKind, State, Stop,
};
use diag::{Lang, Text};
use render::draw::drawing;

use crate::geometry::faults;

/// Random numbers from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).expect("a remainder is small")
    }

    fn is_rare(&mut self) -> bool {
        self.below(6) == 0
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn text(&mut self) -> Text {
        const WORDS: [(&str, &str); 7] = [
            ("レセプトコンピュータ等", "claims computer"),
            ("資格確認端末", "eligibility terminal"),
            ("192.0.2.130", "192.0.2.130"),
            ("2001:db8:a1:d00:1234:5678:9abc:def0", "2001:db8:a1:d00:1234:5678:9abc:def0"),
            (
                "とても長い名前の機器で、折り返さないと箱に入らないもの（別館三階）",
                "a machine with a very long name, third floor",
            ),
            ("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "mmmmmmmmmmmmmmmmmmmmmmmmm"),
            ("&<>\"'", "&<>\"'"),
        ];
        let (ja, en) = self.pick(&WORDS);
        Text::new(ja, en)
    }

    fn texts(&mut self, most: usize) -> Vec<Text> {
        (0..self.below(most + 1)).map(|_| self.text()).collect()
    }
}

const PURPOSES: [Purpose; 6] = [
    Purpose::ClaimsComputers,
    Purpose::Terminals,
    Purpose::Edge,
    Purpose::Other,
    Purpose::Line,
    Purpose::Carrier,
];

const KINDS: [PlaceKind; 6] = [
    PlaceKind::Medical,
    PlaceKind::Terminal,
    PlaceKind::Machine,
    PlaceKind::InnerRouter,
    PlaceKind::EdgeRouter,
    PlaceKind::Relay,
];

const ROUTES: [RouteKind; 6] = [
    RouteKind::Flow,
    RouteKind::Flow,
    RouteKind::Pppoe,
    RouteKind::Ipoe,
    RouteKind::Ipsec,
    RouteKind::Standing,
];

const STATES: [State; 5] =
    [State::Plain, State::Proved, State::Waived, State::Unknown, State::Refuted];

const CODES: [&str; 4] = ["", "F002", "F003", "T120"];

fn picture(random: &mut Random, most: usize) -> Picture {
    let mut picture = Picture::default();
    let zones = 2 + random.below(6);
    for number in 0..zones {
        let purpose = match zones - number {
            1 => Purpose::Carrier,
            2 => Purpose::Line,
            _ => random.pick(&PURPOSES[..4]),
        };
        let name = if random.is_rare() { String::new() } else { format!("zone-{number}") };
        picture.zones.push(PictureZone { name, facts: random.texts(2), purpose });
    }
    for number in 0..=random.below(most) {
        let kind = random.pick(&KINDS);
        picture.places.push(place(random, number, kind));
    }
    picture.places.push(place(random, 90, PlaceKind::Onu));
    for number in 91..=91 + random.below(4) {
        let kind = random.pick(&[PlaceKind::Outside, PlaceKind::Outside, PlaceKind::Standing]);
        picture.places.push(place(random, number, kind));
    }
    for place in 0..picture.places.len() {
        for _ in 0..random.below(4) {
            let port = if random.is_rare() { String::new() } else { "lan1".to_owned() };
            let link = Link { place, zone: random.below(zones), port };
            if !picture.links.contains(&link) {
                picture.links.push(link);
            }
        }
    }
    for _ in 0..random.below(14) {
        let route = route(random, picture.places.len(), zones);
        if route.way.len() > 1 {
            picture.routes.push(route);
        }
    }
    for _ in 0..random.below(5) {
        let place = random.below(picture.places.len());
        let (code, state) = (random.pick(&CODES[1..]), random.pick(&STATES));
        picture.marks.push(Mark { place, code, state });
    }
    picture.missing = random.texts(8);
    picture.site.name = random.text().ja;
    picture
}

fn place(random: &mut Random, number: usize, kind: PlaceKind) -> Place {
    let mut titles = vec![random.text()];
    titles.extend(random.texts(2));
    Place {
        name: format!("place-{number}"),
        titles,
        addresses: random.texts(3),
        facts: random.texts(3),
        kind,
    }
}

fn route(random: &mut Random, places: usize, zones: usize) -> Route {
    let mut way: Vec<Stop> =
        (0..2 + random.below(4)).map(|_| Stop::Place(random.below(places))).collect();
    way.dedup();
    if random.is_rare() {
        way.push(Stop::Zone(random.below(zones)));
    }
    Route {
        way,
        kind: random.pick(&ROUTES),
        label: if random.is_rare() { Text::verbatim("raw-printing +2") } else { Text::default() },
        state: random.pick(&STATES),
        code: random.pick(&CODES),
        is_stopped: random.is_rare(),
    }
}

#[test]
fn nothing_overlaps_on_random_sites() {
    let mut wrong = Vec::new();
    for seed in 1..=600_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let most = if seed % 10 == 0 { 30 } else { 9 };
        let picture = picture(&mut random, most);
        for lang in [Lang::Ja, Lang::En] {
            let faults = faults(&drawing(&picture, lang));
            wrong.extend(faults.first().map(|fault| format!("seed {seed} {lang:?}: {fault}")));
        }
    }
    assert!(wrong.is_empty(), "{} drawings: {:#?}", wrong.len(), &wrong[..wrong.len().min(12)]);
}
