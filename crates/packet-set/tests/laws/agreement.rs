//! Three opinions about lists: reading packet by packet, box splitting, diagrams.

use std::ops::ControlFlow;

use packet_set::classbench::{Family, Generator, Profile};
use packet_set::{
    Boxes, Budget, Cube, Diagrams, Engine, List, Pattern, Rule, difference_by_boxes,
    difference_by_diagrams, difference_witness, find,
};
use proptest::prelude::ProptestConfig;
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::world;

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("test lists are short")
}

/// Everything the two engines say about a list, against reading it.
fn agree(list: List<'_>, points: &[packet_set::Point]) {
    let mut home = Diagrams::new(Budget::unlimited());
    let deciding = home.from_list(list).expect("unlimited");
    let outcomes = home.outcomes(list).expect("unlimited");
    let mut budget = Budget::unlimited();
    let boxes =
        Boxes::from_list(&Cube::full(), list.rules, &mut budget, |entry| list.outcome(entry) == 1)
            .expect("unlimited");
    for point in points {
        let entry = list.deciding(point).map_or(0, |at| index(at) + 1);
        assert_eq!(home.terminal(deciding, point), entry, "deciding entry of {point:?}");
        assert_eq!(home.terminal(outcomes, point), list.decide(point), "outcome of {point:?}");
        assert_eq!(boxes.contains(point), list.decide(point) == 1, "boxes about {point:?}");
    }
    // Two ways to the same set are the same node.
    let mapped = home.map(deciding, |terminal| list.outcome((terminal as usize).checked_sub(1)));
    assert_eq!(mapped, Ok(outcomes), "outcomes by way of deciding entries");
    let permitted = home.map(outcomes, |outcome| u32::from(outcome == 1)).expect("unlimited");
    let mut from_boxes = Diagrams::EMPTY;
    for cube in boxes.cubes() {
        let part = home.from_pattern(&Pattern::from(cube), 1).expect("unlimited");
        from_boxes = home.union(from_boxes, part).expect("unlimited");
    }
    assert_eq!(from_boxes, permitted, "the boxes as a diagram");
    assert_eq!(home.is_empty(permitted), boxes.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn three_opinions_agree_in_a_small_world(
        rules in world::rules(world::small_pattern(), 8), default in 0..2u32,
    ) {
        agree(List { rules: &rules, default }, &world::small_points());
    }

    #[test]
    fn three_opinions_agree_on_full_width(
        rules in world::rules(world::pattern(), 7), default in 0..2u32,
        points in proptest::collection::vec(world::point(), 30),
    ) {
        let list = List { rules: &rules, default };
        let mut points = points;
        points.extend(world::corners(list));
        agree(list, &points);
    }

    #[test]
    fn a_question_restricts_and_changes_nothing_else(
        rules in world::rules(world::pattern(), 7), question in world::pattern(),
        default in 0..2u32,
    ) {
        let list = List { rules: &rules, default };
        let mut home = Diagrams::new(Budget::unlimited());
        let asked = home.from_pattern(&question, 1).expect("unlimited");
        for (whole, part) in [
            (home.from_list(list), home.from_list_within(list, &question)),
            (home.outcomes(list), home.outcomes_within(list, &question)),
        ] {
            let cut = home.intersection(whole.expect("unlimited"), asked);
            prop_assert_eq!(cut, part);
        }
    }

    #[test]
    fn shadowed_entries_are_those_that_decide_nothing(
        rules in world::rules(world::small_pattern(), 8),
    ) {
        let list = List::new(&rules);
        let mut home = Diagrams::new(Budget::unlimited());
        let points = world::small_points();
        let silent: Vec<usize> = (0..rules.len())
            .filter(|&at| points.iter().all(|point| list.deciding(point) != Some(at)))
            .collect();
        prop_assert_eq!(home.shadowed(list), Ok(silent.clone()));
        let mut budget = Budget::unlimited();
        for at in 0..rules.len() {
            let found = find(&Cube::full(), &rules, &mut budget, |entry| entry == Some(at));
            prop_assert_eq!(found.expect("unlimited").is_none(), silent.contains(&at));
        }
    }

    #[test]
    fn a_visit_is_a_partition_with_the_right_terminals(
        rules in world::rules(world::pattern(), 6), point in world::point(),
    ) {
        let list = List::new(&rules);
        let mut home = Diagrams::new(Budget::unlimited());
        let diagram = home.from_list(list).expect("unlimited");
        let mut seen = Vec::new();
        let _: ControlFlow<()> = home.visit(diagram, &Cube::full(), &mut |cube, terminal| {
            seen.push((*cube, terminal));
            if seen.len() < 3000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        prop_assert!(seen.is_sorted());
        for (cube, terminal) in &seen {
            let entry = list.deciding(&cube.lowest()).map_or(0, |at| index(at) + 1);
            prop_assert_eq!(*terminal, entry);
        }
        let holding = seen.iter().filter(|(cube, _)| cube.contains(&point)).count();
        prop_assert!(holding == 1 || (holding == 0 && seen.len() == 3000));
    }

    #[test]
    fn a_difference_is_real_and_its_absence_too(
        rules in world::rules(world::small_pattern(), 6),
        other in world::rules(world::small_pattern(), 6), default in 0..2u32,
    ) {
        let (a, b) = (List { rules: &rules, default }, List::new(&other));
        let points = world::small_points();
        let differs = points.iter().any(|point| a.decide(point) != b.decide(point));
        let engines = [Some(Engine::Boxes), Some(Engine::Diagrams), None];
        for (steps, engine) in [0u64, 60, 1 << 20].into_iter().flat_map(|steps| {
            engines.map(|engine| (steps, engine))
        }) {
            let mut budget = Budget::new(steps);
            let found = match engine {
                None => difference_witness(a, b, &Cube::full(), &mut budget)
                    .map(|found| found.difference),
                Some(Engine::Boxes) => difference_by_boxes(a, b, &Cube::full(), &mut budget),
                Some(Engine::Diagrams) => {
                    difference_by_diagrams(a, b, &Cube::full(), &mut budget)
                }
            };
            match found {
                Ok(found) => {
                    prop_assert_eq!(found.is_some(), differs);
                    if let Some(found) = found {
                        let point = found.cube.lowest();
                        prop_assert_eq!(a.deciding(&point), found.first);
                        prop_assert_eq!(b.deciding(&point), found.second);
                        prop_assert!(a.decide(&point) != b.decide(&point));
                    }
                }
                Err(_) => prop_assert!(steps < 1 << 20),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn boxes_and_diagrams_agree_whether_lists_differ(
        rules in world::rules(world::pattern(), 7), moved in 0..7usize, to in 0..7usize,
        within in world::pattern(), default in 0..2u32,
    ) {
        // The same entries in another order: often the same list, sometimes nearly.
        let mut other = rules.clone();
        if moved < other.len() {
            let rule = other.remove(moved);
            other.insert(to.min(other.len()), rule);
        }
        let (a, b) = (List { rules: &rules, default }, List { rules: &other, default });
        let within = within.constraints().iter().fold(Cube::full(), |cube, (field, values)| {
            values.iter().next().map_or(cube, |first| cube.with(*field, *first))
        });
        let by_boxes = difference_by_boxes(a, b, &within, &mut Budget::default()).expect("small");
        let by_diagrams = difference_by_diagrams(a, b, &within, &mut Budget::default());
        let by_diagrams = by_diagrams.expect("small");
        let either = difference_witness(a, b, &within, &mut Budget::default()).expect("small");
        prop_assert_eq!(by_boxes.is_some(), by_diagrams.is_some());
        prop_assert_eq!(by_boxes.is_some(), either.difference.is_some());
        for found in by_boxes.iter().chain(&by_diagrams) {
            prop_assert!(within.covers(&found.cube));
            let point = found.cube.lowest();
            prop_assert_eq!(a.deciding(&point), found.first);
            prop_assert_eq!(b.deciding(&point), found.second);
            prop_assert!(a.decide(&point) != b.decide(&point));
        }
    }
}

#[test]
fn both_engines_agree_on_lists_that_look_real() {
    for (profile, family, size) in [
        (Profile::Struct, Family::V4, 300),
        (Profile::Struct, Family::V6, 300),
        (Profile::Random, Family::V4, 150),
        (Profile::Random, Family::V6, 150),
        (Profile::Cross, Family::V4, 60),
    ] {
        let mut generator = Generator::new(7, profile, family, size);
        let rules = generator.rules(size);
        let list = List::new(&rules);
        let mut home = Diagrams::new(Budget::unlimited());
        let set = home.outcomes(list).expect("unlimited");
        let mut budget = Budget::unlimited();
        for _ in 0..200 {
            let question = generator.question();
            let asked = find(&question, &rules, &mut budget, |entry| list.outcome(entry) == 1);
            let asked = asked.expect("unlimited");
            let held = home.find(set, &question, |outcome| outcome == 1);
            assert_eq!(asked.is_some(), held.is_some(), "{profile:?} {family:?} {question:?}");
            for cube in asked.map(|(cube, _)| cube).into_iter().chain(held.map(|(cube, _)| cube)) {
                assert!(question.covers(&cube));
                assert_eq!(list.decide(&cube.lowest()), 1);
            }
        }
    }
}

#[test]
fn shadowed_additions_change_nothing_and_mutations_do() {
    let mut generator = Generator::new(11, Profile::Struct, Family::V4, 1000);
    let rules = generator.rules(1000);
    let longer = generator.shadowed(&rules, 50);
    let flipped = generator.mutated(&rules, 30);
    let mut budget = Budget::new(2_000_000);
    let mut compare = |other: &[Rule]| {
        difference_witness(List::new(&rules), List::new(other), &Cube::full(), &mut budget)
            .expect("enough")
    };
    let equal = compare(&longer);
    assert_eq!((equal.difference, equal.engine), (None, Engine::Diagrams));
    let found = compare(&flipped).difference.expect("a mutation decides something");
    let point = found.cube.lowest();
    assert_ne!(List::new(&rules).decide(&point), List::new(&flipped).decide(&point));
    let mut home = Diagrams::new(Budget::unlimited());
    let silent = home.shadowed(List::new(&longer)).expect("unlimited");
    assert!((rules.len()..longer.len()).all(|at| silent.contains(&at)));
}
