//! A third opinion from Z3, which shares no code and no idea with the two engines.
//!
//! Off by default. With `pip install z3-solver` in a virtual environment at `$VENV`:
//!
//! ```text
//! lib=$(echo $VENV/lib/python3*/site-packages/z3/lib)
//! Z3_LIBRARY_PATH_OVERRIDE=$lib Z3_SYS_Z3_VERSION=5.4.1 LD_LIBRARY_PATH=$lib \
//!     cargo test -p sekisho-packet-set --features z3-oracle z3_oracle
//! ```
#![cfg(feature = "z3-oracle")]

use packet_set::classbench::{Family, Generator, Profile};
use packet_set::{
    Boxes, Budget, Cube, Diagrams, Field, IntervalSet, List, Pattern, Point, Rule,
    difference_witness,
};
use proptest::prelude::ProptestConfig;
use proptest::{prop_assert_eq, proptest};
use z3::ast::{BV, Bool};
use z3::{SatResult, Solver};

use crate::world;

fn number(value: u128, field: Field) -> BV {
    BV::from_str(field.width_bits(), &value.to_string()).expect("a decimal number")
}

fn variable(field: Field) -> BV {
    BV::new_const(format!("{field:?}"), field.width_bits())
}

fn values(field: Field, values: &IntervalSet) -> Bool {
    let own = variable(field);
    let parts: Vec<Bool> = values
        .iter()
        .map(|part| {
            let (lo, hi) = (number(part.lo(), field), number(part.hi(), field));
            Bool::and(&[own.bvuge(&lo), own.bvule(&hi)])
        })
        .collect();
    Bool::or(&parts)
}

fn pattern(pattern: &Pattern) -> Bool {
    let parts: Vec<Bool> =
        pattern.constraints().iter().map(|(field, set)| values(*field, set)).collect();
    Bool::and(&parts)
}

/// Whether the list decides `outcome`, as an if-then-else chain from the last entry up.
fn decides(list: List<'_>, outcome: u32) -> Bool {
    list.rules.iter().rev().fold(Bool::from_bool(list.default == outcome), |rest, rule| {
        let alternatives: Vec<Bool> = rule.patterns.iter().map(pattern).collect();
        Bool::or(&alternatives).ite(&Bool::from_bool(rule.outcome == outcome), &rest)
    })
}

/// Whether some packet satisfies the formula.
fn possible(formula: &Bool) -> bool {
    let solver = Solver::new();
    solver.assert(formula);
    match solver.check() {
        SatResult::Sat => true,
        SatResult::Unsat => false,
        SatResult::Unknown => panic!("Z3 decides every formula over bit vectors"),
    }
}

fn is_point(point: &Point) -> Bool {
    let fields = Field::ALL.map(|field| variable(field).eq(number(point.value(field), field)));
    Bool::and(&fields)
}

fn agree(rules: &[Rule], other: &[Rule], question: &Pattern) -> Result<(), String> {
    let (a, b) = (List::new(rules), List::new(other));
    let mut budget = Budget::unlimited();
    let mut home = Diagrams::new(Budget::unlimited());
    let asked = Bool::and(&[decides(a, 1), pattern(question)]);
    let set = home.outcomes_within(a, question).expect("unlimited");
    let set = home.map(set, |outcome| u32::from(outcome == 1)).expect("unlimited");
    let boxes = Boxes::from_list(&Cube::full(), rules, &mut budget, |entry| a.outcome(entry) == 1)
        .and_then(|boxes| {
            let question = Boxes::from_pattern(question, &mut budget)?;
            boxes.intersection(&question, &mut budget)
        })
        .expect("unlimited");
    let truth = possible(&asked);
    if [!home.is_empty(set), !boxes.is_empty()] != [truth, truth] {
        return Err(format!("Z3 says some packet: {truth}"));
    }
    for witness in home.witness(set).iter().chain(boxes.cubes().first()) {
        if !possible(&Bool::and(&[asked.clone(), is_point(&witness.lowest())])) {
            return Err(format!("Z3 refuses the witness {witness:?}"));
        }
    }
    let differing: Vec<Bool> =
        (0..3).map(|outcome| decides(a, outcome).xor(decides(b, outcome))).collect();
    let found = difference_witness(a, b, &Cube::full(), &mut Budget::new(10_000_000));
    let found = found.expect("small").difference.is_some();
    if possible(&Bool::or(&differing)) != found {
        return Err(format!("Z3 denies that the lists differ: {found}"));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn random_lists_of_full_width(
        rules in world::rules(world::pattern(), 7), other in world::rules(world::pattern(), 7),
        question in world::pattern(),
    ) {
        prop_assert_eq!(agree(&rules, &other, &question), Ok(()));
    }

    #[test]
    fn lists_that_differ_in_their_order_only(
        rules in world::rules(world::small_pattern(), 7), question in world::small_pattern(),
    ) {
        let reversed: Vec<Rule> = rules.iter().rev().cloned().collect();
        prop_assert_eq!(agree(&rules, &reversed, &question), Ok(()));
    }
}

#[test]
fn lists_that_look_real() {
    for (profile, family) in [
        (Profile::Struct, Family::V4),
        (Profile::Struct, Family::V6),
        (Profile::Random, Family::V6),
        (Profile::Cross, Family::V4),
    ] {
        let mut generator = Generator::new(23, profile, family, 60);
        let rules = generator.rules(60);
        let (longer, flipped) = (generator.shadowed(&rules, 50), generator.mutated(&rules, 50));
        for other in [&longer, &flipped] {
            let question = Pattern::from(&generator.question());
            assert_eq!(agree(&rules, other, &question), Ok(()), "{profile:?} {family:?}");
        }
    }
}
