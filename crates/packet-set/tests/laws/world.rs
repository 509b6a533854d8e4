//! Random patterns, lists and packets, small and large.

use packet_set::{Cube, Field, IntervalSet, List, Pattern, Point, Rule};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};

/// Values a small world uses in each of its fields.
pub(crate) const SMALL: u128 = 4;

/// The fields of the small world: one on top, one in the middle, one at the bottom.
pub(crate) const SMALL_FIELDS: [Field; 3] =
    [Field::Destination, Field::DestinationPort, Field::State];

/// Every packet of the small world, with one value beyond it that stands for all others.
pub(crate) fn small_points() -> Vec<Point> {
    let mut points = vec![Point([0; packet_set::FIELD_COUNT])];
    for field in SMALL_FIELDS {
        points = points
            .into_iter()
            .flat_map(|point| (0..=SMALL).map(move |value| point.with(field, value)))
            .collect();
    }
    points
}

fn small_values() -> impl Strategy<Value = IntervalSet> {
    any::<u8>().prop_map(|bits| {
        (0..SMALL)
            .filter(|value| bits >> value & 1 == 1)
            .map(packet_set::Interval::single)
            .collect()
    })
}

/// A pattern of the small world; any field may be left open.
pub(crate) fn small_pattern() -> impl Strategy<Value = Pattern> {
    vec(proptest::option::weighted(0.7, small_values()), SMALL_FIELDS.len()).prop_map(|wishes| {
        SMALL_FIELDS.into_iter().zip(wishes).fold(Pattern::any(), |pattern, (field, wish)| {
            match wish {
                Some(values) => pattern.with(field, values),
                None => pattern,
            }
        })
    })
}

fn edge(field: Field) -> impl Strategy<Value = u128> {
    let top = field.domain().hi();
    proptest::prop_oneof![
        3 => (0..8u128).prop_map(move |value| value.min(top)),
        2 => (0..4u128).prop_map(move |value| top - value.min(top)),
        2 => any::<u128>().prop_map(move |value| value & top),
        2 => (0..128u32).prop_map(move |bit| (1u128 << bit) & top),
    ]
}

fn values(field: Field) -> impl Strategy<Value = IntervalSet> {
    vec((edge(field), edge(field)), 1..4).prop_map(|ends| {
        ends.into_iter().map(|(a, b)| packet_set::Interval::new(a.min(b), a.max(b))).collect()
    })
}

/// A pattern over the full width of any of the ten fields.
pub(crate) fn pattern() -> impl Strategy<Value = Pattern> {
    let constraint = (0..packet_set::FIELD_COUNT).prop_flat_map(|at| {
        let field = Field::ALL[at];
        (Just(field), values(field))
    });
    vec(constraint, 0..4).prop_map(|all| {
        all.into_iter().fold(Pattern::any(), |pattern, (field, values)| pattern.with(field, values))
    })
}

/// A packet near the edges that patterns use.
pub(crate) fn point() -> impl Strategy<Value = Point> {
    let [a, b, c, d, e, f, g, h, i, j] = Field::ALL.map(edge);
    ((a, b, c, d, e), (f, g, h, i, j))
        .prop_map(|((a, b, c, d, e), (f, g, h, i, j))| Point([a, b, c, d, e, f, g, h, i, j]))
}

/// A list whose patterns come from `pattern`, with three outcomes.
pub(crate) fn rules<P: Strategy<Value = Pattern>>(
    pattern: P,
    size: usize,
) -> impl Strategy<Value = Vec<Rule>> {
    let rule =
        (vec(pattern, 1..3), 0..3u32).prop_map(|(patterns, outcome)| Rule { patterns, outcome });
    vec(rule, 0..size)
}

/// Packets worth trying on a list: the corners of its patterns and their neighbours.
pub(crate) fn corners(list: List<'_>) -> Vec<Point> {
    let mut points = vec![Cube::full().lowest()];
    for pattern in list.rules.iter().flat_map(|rule| &rule.patterns) {
        for (field, values) in pattern.constraints() {
            let start = points.len().saturating_sub(40);
            let known: Vec<Point> = points[start..].to_vec();
            for interval in values {
                for point in &known {
                    let (lo, hi) = (interval.lo(), interval.hi());
                    points.push(point.with(*field, lo));
                    points.push(point.with(*field, hi));
                    if hi < field.domain().hi() {
                        points.push(point.with(*field, hi + 1));
                    }
                }
                if points.len() > 600 {
                    return points;
                }
            }
        }
    }
    points
}
