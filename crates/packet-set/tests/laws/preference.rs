//! Picking a packet a person finds plausible.

use packet_set::{Cube, Field, Interval, IntervalSet, Preference, pick};
use proptest::prelude::ProptestConfig;
use proptest::{prop_assert, proptest};

use crate::world;

fn preference() -> Preference {
    let first = |lo| Interval::new(lo, lo + 1);
    Preference::none()
        .prefer(Field::DestinationPort, [Interval::single(445), Interval::single(443)])
        .prefer(Field::Source, [Interval::single(0xc000_0205), first(0xc633_6401)])
        .avoid(Field::Source, &IntervalSet::single(0))
        .avoid(Field::SourcePort, &IntervalSet::range(0, 1023))
}

#[test]
fn preferred_values_win_in_their_order() {
    let point = pick(&Cube::full(), &preference());
    assert_eq!(point.value(Field::DestinationPort), 445);
    assert_eq!(point.value(Field::Source), 0xc000_0205);
    let narrow = Cube::full().with(Field::DestinationPort, Interval::new(1, 444));
    assert_eq!(pick(&narrow, &preference()).value(Field::DestinationPort), 443);
    let narrow = Cube::full().with(Field::Source, Interval::new(0xc633_6402, 0xc633_64ff));
    assert_eq!(pick(&narrow, &preference()).value(Field::Source), 0xc633_6402);
}

#[test]
fn avoided_values_are_taken_only_when_nothing_else_is_left() {
    assert_eq!(pick(&Cube::full(), &preference()).value(Field::SourcePort), 1024);
    let narrow = Cube::full().with(Field::SourcePort, Interval::new(7, 9));
    assert_eq!(pick(&narrow, &preference()).value(Field::SourcePort), 7);
    let narrow = Cube::full().with(Field::Source, Interval::new(0, 50));
    assert_eq!(pick(&narrow, &preference()).value(Field::Source), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn the_picked_packet_is_in_the_box(pattern in world::pattern()) {
        let mut cube = Cube::full();
        for (field, values) in pattern.constraints() {
            let last = values.iter().next_back();
            cube = last.map_or(cube, |last| cube.with(*field, *last));
        }
        prop_assert!(cube.contains(&pick(&cube, &preference())));
    }
}
