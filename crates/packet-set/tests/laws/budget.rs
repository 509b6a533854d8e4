//! What happens when the budget does not suffice: an error, never a wrong answer.

use std::ops::ControlFlow;

use packet_set::classbench::{Family, Generator, Profile};
use packet_set::{
    Boxes, Budget, BudgetExceeded, Cube, Diagrams, Engine, List, difference_by_boxes,
    difference_by_diagrams, difference_witness, find, first_match,
};
use proptest::prelude::ProptestConfig;
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::world;

#[test]
fn spending_more_than_is_left_empties_the_budget() {
    let mut budget = Budget::new(3);
    assert_eq!(budget.spend(2), Ok(()));
    assert_eq!(budget.spend(2), Err(BudgetExceeded));
    assert_eq!(budget.left(), 0);
    assert_eq!(budget.spend(1), Err(BudgetExceeded));
    assert_eq!(budget.spend(0), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_small_budget_gives_the_right_answer_or_none(
        rules in world::rules(world::pattern(), 8), steps in 0..60u64,
    ) {
        let list = List::new(&rules);
        let whole = |steps| {
            let wanted = |entry| list.outcome(entry) == 2;
            find(&Cube::full(), &rules, &mut Budget::new(steps), wanted)
        };
        let truth = whole(1_000_000).expect("enough");
        if let Ok(answer) = whole(steps) {
            prop_assert_eq!(answer, truth);
        }
        let mut home = Diagrams::new(Budget::new(steps));
        if let Ok(diagram) = home.outcomes(list) {
            let found = home.find(diagram, &Cube::full(), |outcome| outcome == 2);
            prop_assert_eq!(found.is_some(), truth.is_some());
        }
        prop_assert!(home.held().edges as u64 <= steps);
    }

    #[test]
    fn what_was_visited_before_the_end_is_right(
        rules in world::rules(world::pattern(), 8), steps in 0..60u64,
    ) {
        let list = List::new(&rules);
        let mut seen = Vec::new();
        let _ = first_match(&Cube::full(), &rules, &mut Budget::new(steps), &mut |cube, entry| {
            seen.push((*cube, entry));
            ControlFlow::<()>::Continue(())
        });
        prop_assert!(seen.len() as u64 <= steps);
        for (cube, entry) in seen {
            prop_assert_eq!(list.deciding(&cube.lowest()), entry);
        }
    }
}

#[test]
fn diagrams_can_be_used_after_a_spent_budget() {
    let mut generator = Generator::new(3, Profile::Struct, Family::V4, 50);
    let rules = generator.rules(50);
    let list = List::new(&rules);
    for steps in (0..6000).step_by(37) {
        let mut home = Diagrams::new(Budget::new(steps));
        let first = home.outcomes(list);
        home.refill(Budget::unlimited());
        let again = home.outcomes(list).expect("unlimited");
        assert!(first.is_err() || first == Ok(again));
        for _ in 0..5 {
            let point = generator.question().lowest();
            assert_eq!(home.terminal(again, &point), list.decide(&point));
        }
    }
}

#[test]
fn boxes_answer_where_diagrams_explode() {
    let mut generator = Generator::new(5, Profile::Cross, Family::V4, 400);
    let rules = generator.rules(400);
    let flipped = generator.mutated(&rules, 20);
    let mut budget = Budget::new(300_000);
    let found =
        difference_witness(List::new(&rules), List::new(&flipped), &Cube::full(), &mut budget)
            .expect("boxes find it");
    assert_eq!(found.engine, Engine::Boxes);
    assert!(found.difference.is_some());
}

#[test]
fn what_is_spent_is_gone() {
    let mut generator = Generator::new(5, Profile::Struct, Family::V4, 50);
    let rules = generator.rules(50);
    let list = List::new(&rules);
    let mut budget = Budget::default();
    let mut left = budget.left();
    for compare in [difference_by_boxes, difference_by_diagrams] {
        assert_eq!(compare(list, list, &Cube::full(), &mut budget), Ok(None));
        assert!(budget.left() < left);
        left = budget.left();
    }
    let compared = difference_witness(list, list, &Cube::full(), &mut budget);
    assert!(compared.is_ok() && budget.left() < left);
    left = budget.left();
    let found = find(&Cube::full(), &rules, &mut budget, |_| false);
    assert!(found == Ok(None) && budget.left() < left);
}

#[test]
fn without_a_budget_there_is_no_answer() {
    let mut generator = Generator::new(5, Profile::Struct, Family::V4, 50);
    let rules = generator.rules(50);
    let list = List::new(&rules);
    let none = Budget::new(0);
    let compared = difference_witness(list, list, &Cube::full(), &mut none.clone());
    assert_eq!(compared.map(|_| ()), Err(BudgetExceeded));
    let boxes = Boxes::from_list(&Cube::full(), &rules, &mut none.clone(), |_| true);
    assert_eq!(boxes.map(|_| ()), Err(BudgetExceeded));
    let complement = Boxes::full().intersection(&Boxes::full(), &mut none.clone());
    assert_eq!(complement.map(|_| ()), Err(BudgetExceeded));
    assert_eq!(Diagrams::new(none).from_list(list), Err(BudgetExceeded));
}
