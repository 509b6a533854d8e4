//! Boxes: intersection, subtraction, splitting by a pattern and by a list.

use std::ops::ControlFlow;

use packet_set::{
    Boxes, Budget, Cube, Field, List, Pattern, find, first_match, matched, split, unmatched,
};
use proptest::prelude::ProptestConfig;
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::world;

fn cube(pattern: &Pattern) -> Cube {
    pattern.constraints().iter().fold(Cube::full(), |cube, (field, values)| {
        values.iter().next().map_or(cube, |first| cube.with(*field, *first))
    })
}

/// Whether no two boxes have a packet in common.
fn disjoint(cubes: &[Cube]) -> bool {
    cubes.iter().enumerate().all(|(at, a)| cubes[at + 1..].iter().all(|b| !a.overlaps(b)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn boxes_meet_where_both_hold(
        a in world::pattern(), b in world::pattern(), point in world::point(),
    ) {
        let (a, b) = (cube(&a), cube(&b));
        let both = a.intersect(&b);
        prop_assert_eq!(both, b.intersect(&a));
        prop_assert_eq!(both.is_some(), a.overlaps(&b));
        let inside = both.is_some_and(|both| both.contains(&point));
        prop_assert_eq!(inside, a.contains(&point) && b.contains(&point));
        prop_assert_eq!(a.covers(&b), both == Some(b));
        prop_assert!(a.contains(&a.lowest()));
        prop_assert_eq!(Cube::single(&point).lowest(), point);
    }

    #[test]
    fn subtraction_leaves_a_partition(
        a in world::pattern(), b in world::pattern(), point in world::point(),
    ) {
        let (a, b) = (cube(&a), cube(&b));
        let mut rest = Vec::new();
        a.subtract(&b, &mut rest);
        let left = rest.iter().any(|part| part.contains(&point));
        prop_assert_eq!(left, a.contains(&point) && !b.contains(&point));
        rest.extend(a.intersect(&b));
        prop_assert!(disjoint(&rest));
        prop_assert!(rest.iter().all(|part| a.covers(part)));
    }

    #[test]
    fn what_matches_is_what_a_split_takes(a in world::pattern(), pattern in world::pattern()) {
        let a = cube(&a);
        let (mut inside, mut outside, mut found) = (Vec::new(), Vec::new(), Vec::new());
        let mut budget = Budget::default();
        prop_assert_eq!(split(&a, &pattern, &mut budget, &mut inside, &mut outside), Ok(()));
        prop_assert_eq!(matched(&a, &pattern, &mut budget, &mut found), Ok(()));
        prop_assert_eq!(found, inside);
        let mut left = Vec::new();
        prop_assert_eq!(unmatched(&a, &pattern, &mut budget, &mut left), Ok(()));
        prop_assert_eq!(left, outside);
        let none = &mut Budget::new(0);
        let is_met = matched(&a, &pattern, none, &mut Vec::new()).is_err();
        prop_assert_eq!(is_met, pattern.overlaps(&a));
    }

    #[test]
    fn a_split_is_an_exact_partition(
        a in world::pattern(), pattern in world::pattern(), point in world::point(),
    ) {
        let a = cube(&a);
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let mut budget = Budget::default();
        split(&a, &pattern, &mut budget, &mut inside, &mut outside).expect("small");
        let is_in = |cubes: &[Cube]| cubes.iter().any(|part| part.contains(&point));
        prop_assert_eq!(is_in(&inside), a.contains(&point) && pattern.matches(&point));
        prop_assert_eq!(is_in(&outside), a.contains(&point) && !pattern.matches(&point));
        prop_assert_eq!(pattern.overlaps(&a), !inside.is_empty());
        prop_assert_eq!(pattern.covers(&a), outside.is_empty());
        prop_assert!(inside.iter().all(|part| pattern.covers(part)));
        prop_assert!(outside.iter().all(|part| !pattern.overlaps(part)));
        inside.extend(outside);
        prop_assert!(disjoint(&inside));
    }

    #[test]
    fn patterns_meet_where_both_match(
        a in world::pattern(), b in world::pattern(), point in world::point(),
    ) {
        let both = a.intersection(&b);
        prop_assert_eq!(both.matches(&point), a.matches(&point) && b.matches(&point));
        prop_assert_eq!(a.meets(&b), !both.is_empty());
        prop_assert_eq!(&both, &b.intersection(&a));
        let own = cube(&a);
        prop_assert_eq!(Pattern::from(&own).matches(&point), own.contains(&point));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn the_first_matching_entry_decides(
        rules in world::rules(world::pattern(), 8), within in world::pattern(),
        points in proptest::collection::vec(world::point(), 20),
    ) {
        let (list, within) = (List::new(&rules), cube(&within));
        let mut parts = Vec::new();
        let mut budget = Budget::default();
        let flow = first_match(&within, &rules, &mut budget, &mut |part, entry| {
            parts.push((*part, entry));
            ControlFlow::<()>::Continue(())
        });
        prop_assert_eq!(flow, Ok(ControlFlow::Continue(())));
        let cubes: Vec<Cube> = parts.iter().map(|(part, _)| *part).collect();
        prop_assert!(disjoint(&cubes));
        for (part, entry) in &parts {
            prop_assert_eq!(list.deciding(&part.lowest()), *entry);
        }
        for point in points.iter().chain(&world::corners(list)) {
            let seen = parts.iter().find(|(part, _)| part.contains(point));
            let expected = within.contains(point).then(|| list.deciding(point));
            prop_assert_eq!(seen.map(|(_, entry)| *entry), expected);
        }
    }

    #[test]
    fn find_finds_if_there_is_one(
        rules in world::rules(world::pattern(), 8), within in world::pattern(),
    ) {
        let (list, within) = (List::new(&rules), cube(&within));
        let mut budget = Budget::default();
        let wanted = |entry| list.outcome(entry) == 1;
        let found = find(&within, &rules, &mut budget, wanted).expect("small");
        let all = Boxes::from_list(&within, &rules, &mut budget, wanted).expect("small");
        prop_assert_eq!(found.is_none(), all.is_empty());
        if let Some((part, entry)) = found {
            prop_assert!(within.covers(&part));
            prop_assert_eq!(list.deciding(&part.lowest()), entry);
            prop_assert_eq!(list.decide(&part.lowest()), 1);
        }
    }
}

#[test]
fn a_visitor_that_breaks_sees_nothing_more() {
    let rules = vec![packet_set::Rule::new(Pattern::any(), 1)];
    let mut seen = 0;
    let flow = first_match(&Cube::full(), &rules, &mut Budget::default(), &mut |_, entry| {
        seen += 1;
        ControlFlow::Break(entry)
    });
    assert_eq!((flow, seen), (Ok(ControlFlow::Break(Some(0))), 1));
}

#[test]
#[should_panic(expected = "leaves the domain of Protocol")]
fn a_box_refuses_values_its_field_cannot_have() {
    let _ = Cube::full().with(Field::Protocol, packet_set::Interval::single(256));
}
