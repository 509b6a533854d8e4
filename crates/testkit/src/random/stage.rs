//! Random session tables, translations and pipelines.

use model::{
    AclIndex, Family, InterfaceIndex, Match, Node, Pipeline, Point, PortRewrite, Ranges, Related,
    RelatedDirection, Rewrite, Stage, StageKind, Tracker, TrackerIndex, TrackerKind, Translation,
    TranslationIndex, TranslationRule, Trigger, Unmatched,
};

use super::list::{about_protocol, condition};
use super::packet::address;
use super::{Random, origin};

/// Gives `node`, which has its interfaces and lists, tables, translations and pipelines.
pub(super) fn fill(random: &mut Random, node: &mut Node) {
    let interfaces = node.interfaces.len();
    node.trackers = random.some(0, 2, |random| Tracker {
        name: "table".into(),
        kind: random.pick(&[TrackerKind::Automatic, TrackerKind::Triggered]),
        origin: origin(),
    });
    let translations = if random.chance(35) { random.between(1, 2) } else { 0 };
    node.translations = (0..translations).map(|_| translation(random, interfaces)).collect();
    let count = random.between(0, 5);
    for _ in 0..count {
        let point = point(random, interfaces);
        let stages = random.some(1, 3, |random| stage(random, node));
        node.pipelines.push(Pipeline::new(point, stages));
    }
}

fn point(random: &mut Random, interfaces: usize) -> Point {
    let interface = InterfaceIndex(u32::try_from(random.below(interfaces)).unwrap_or(0));
    match random.below(9) {
        0 => Point::Ingress(interface),
        1..=2 => Point::Prerouting,
        3 => Point::LocalIn,
        4..=5 => Point::Forward,
        6 => Point::LocalOut,
        7 => Point::Postrouting,
        _ => Point::Egress(interface),
    }
}

fn stage(random: &mut Random, node: &Node) -> Stage {
    let index = |random: &mut Random, count: usize| u32::try_from(random.below(count)).unwrap_or(0);
    let list = StageKind::Filter(AclIndex(index(random, node.acls.len())));
    let kind = match random.below(10) {
        0..=2 if !node.trackers.is_empty() => {
            StageKind::Track(TrackerIndex(index(random, node.trackers.len())))
        }
        3..=4 if !node.trackers.is_empty() => {
            let tracker = TrackerIndex(index(random, node.trackers.len()));
            let interfaces = node.interfaces.len();
            StageKind::Open(tracker, random.some(1, 2, |random| trigger(random, interfaces)))
        }
        5..=6 if !node.translations.is_empty() => {
            StageKind::Translate(TranslationIndex(index(random, node.translations.len())))
        }
        _ => list,
    };
    let family = random.maybe(20, |random| random.pick(&Family::ALL));
    Stage { family, spares_own: random.chance(10), kind }
}

fn trigger(random: &mut Random, interfaces: usize) -> Trigger {
    let related = |random: &mut Random| Related {
        direction: random.pick(&[RelatedDirection::Same, RelatedDirection::Reverse]),
        matches: vec![about_protocol(random)],
        is_negotiated: false,
        origin: origin(),
    };
    Trigger {
        matches: random.some(1, 2, |random| condition(random, interfaces)),
        admits_replies: random.chance(70),
        related: random.some(0, 1, related),
        origin: origin(),
    }
}

fn translation(random: &mut Random, interfaces: usize) -> Translation {
    let unmatched = if random.chance(85) { Unmatched::Pass } else { Unmatched::Discard };
    Translation {
        name: "translation".into(),
        rules: random.some(0, 3, |random| rule(random, interfaces)),
        unmatched,
        origin: origin(),
    }
}

/// A rule for packets of one family; a shift only of ports that stay ports.
fn rule(random: &mut Random, interfaces: usize) -> TranslationRule {
    let family = random.pick(&Family::ALL);
    let mut one = Match { family: Some(family), ..condition(random, interfaces) };
    one.source = one.source.filter(|ranges| in_family(ranges, family));
    one.destination = one.destination.filter(|ranges| in_family(ranges, family));
    let to = address(random, family);
    let mut port =
        random.pick(&[PortRewrite::Keep, PortRewrite::Keep, PortRewrite::Any, PortRewrite::Near]);
    let is_source = random.chance(50);
    if random.chance(25) {
        port = PortRewrite::Shift { from: 80, to: random.pick(&[8080, 443, 22]) };
        one.protocol = Some(Ranges::one(6_u8));
        let ports = Some(Ranges::span(80_u16, 81_u16));
        (one.source_port, one.destination_port) =
            if is_source { (ports, None) } else { (None, ports) };
    }
    let rewrite = match random.below(10) {
        0 => Rewrite::Keep,
        1 => Rewrite::Discard,
        _ if is_source => Rewrite::Source(to, port),
        _ => Rewrite::Destination(to, port),
    };
    TranslationRule { matches: vec![one], rewrite, origin: origin() }
}

fn in_family(ranges: &Ranges, family: Family) -> bool {
    ranges.as_slice().iter().all(|(_, high)| *high <= family.top())
}
