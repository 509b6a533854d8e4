//! The laws of sets, for boxes and for diagrams.

use packet_set::{Boxes, Budget, Diagram, Diagrams, Pattern, Point};
use proptest::prelude::{ProptestConfig, Strategy};
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::world;

/// A union of two patterns, so that the sets are not plain boxes.
fn pair<P: Strategy<Value = Pattern> + Clone>(pattern: P) -> impl Strategy<Value = [Pattern; 2]> {
    [pattern.clone(), pattern]
}

struct BoxAlgebra(Budget);

impl BoxAlgebra {
    fn set(&mut self, [a, b]: &[Pattern; 2]) -> Boxes {
        let a = Boxes::from_pattern(a, &mut self.0).expect("small");
        let b = Boxes::from_pattern(b, &mut self.0).expect("small");
        a.union(&b, &mut self.0).expect("small")
    }

    fn or(&mut self, a: &Boxes, b: &Boxes) -> Boxes {
        a.union(b, &mut self.0).expect("small")
    }

    fn and(&mut self, a: &Boxes, b: &Boxes) -> Boxes {
        a.intersection(b, &mut self.0).expect("small")
    }

    fn minus(&mut self, a: &Boxes, b: &Boxes) -> Boxes {
        a.difference(b, &mut self.0).expect("small")
    }

    fn not(&mut self, a: &Boxes) -> Boxes {
        a.complement(&mut self.0).expect("small")
    }

    fn same(&mut self, a: &Boxes, b: &Boxes) -> bool {
        a.equal(b, &mut self.0).expect("small")
    }
}

struct DiagramAlgebra(Diagrams);

impl DiagramAlgebra {
    fn new() -> Self {
        Self(Diagrams::new(Budget::default()))
    }

    fn set(&mut self, [a, b]: &[Pattern; 2]) -> Diagram {
        let a = self.0.from_pattern(a, 1).expect("small");
        let b = self.0.from_pattern(b, 1).expect("small");
        self.or(a, b)
    }

    fn or(&mut self, a: Diagram, b: Diagram) -> Diagram {
        self.0.union(a, b).expect("small")
    }

    fn and(&mut self, a: Diagram, b: Diagram) -> Diagram {
        self.0.intersection(a, b).expect("small")
    }

    fn minus(&mut self, a: Diagram, b: Diagram) -> Diagram {
        self.0.difference(a, b).expect("small")
    }

    fn not(&mut self, a: Diagram) -> Diagram {
        self.0.complement(a).expect("small")
    }
}

fn box_laws(a: &[Pattern; 2], b: &[Pattern; 2], c: &[Pattern; 2]) {
    let mut s = BoxAlgebra(Budget::unlimited());
    let (a, b, c) = (s.set(a), s.set(b), s.set(c));
    let (a_or_b, a_and_b) = (s.or(&a, &b), s.and(&a, &b));
    let (b_or_c, b_and_c) = (s.or(&b, &c), s.and(&b, &c));
    let (not_a, not_b) = (s.not(&a), s.not(&b));
    let laws = [
        ("union commutes", s.or(&b, &a), a_or_b.clone()),
        ("intersection commutes", s.and(&b, &a), a_and_b.clone()),
        ("union associates", s.or(&a_or_b, &c), s.or(&a, &b_or_c)),
        ("intersection associates", s.and(&a_and_b, &c), s.and(&a, &b_and_c)),
        ("absorption", s.or(&a, &a_and_b), a.clone()),
        ("dual absorption", s.and(&a, &a_or_b), a.clone()),
        ("double complement", s.not(&not_a), a.clone()),
        ("de Morgan", s.not(&a_or_b), s.and(&not_a, &not_b)),
        ("dual de Morgan", s.not(&a_and_b), s.or(&not_a, &not_b)),
        ("difference is intersection with the complement", s.minus(&a, &b), s.and(&a, &not_b)),
        ("nothing is both in and out", s.and(&a, &not_a), Boxes::empty()),
        ("everything is in or out", s.or(&a, &not_a), Boxes::full()),
        ("itself less itself", s.minus(&a, &a), Boxes::empty()),
    ];
    for (law, left, right) in &laws {
        assert!(s.same(left, right), "{law}");
    }
    let (left, right) = (s.and(&a, &b_or_c), {
        let a_and_c = s.and(&a, &c);
        s.or(&a_and_b, &a_and_c)
    });
    assert!(s.same(&left, &right), "intersection distributes over union");
    let left_empty = s.minus(&a, &b).is_empty() && s.minus(&b, &a).is_empty();
    assert_eq!(s.same(&a, &b), left_empty, "equal is no difference");
}

fn diagram_laws(a: &[Pattern; 2], b: &[Pattern; 2], c: &[Pattern; 2]) {
    let mut s = DiagramAlgebra::new();
    let (a, b, c) = (s.set(a), s.set(b), s.set(c));
    let (a_or_b, a_and_b) = (s.or(a, b), s.and(a, b));
    let (b_or_c, b_and_c, a_and_c) = (s.or(b, c), s.and(b, c), s.and(a, c));
    let (a_or_c, not_a, not_b) = (s.or(a, c), s.not(a), s.not(b));
    let laws = [
        ("union commutes", s.or(b, a), a_or_b),
        ("intersection commutes", s.and(b, a), a_and_b),
        ("union associates", s.or(a_or_b, c), s.or(a, b_or_c)),
        ("intersection associates", s.and(a_and_b, c), s.and(a, b_and_c)),
        ("intersection distributes", s.and(a, b_or_c), s.or(a_and_b, a_and_c)),
        ("union distributes", s.or(a, b_and_c), s.and(a_or_b, a_or_c)),
        ("absorption", s.or(a, a_and_b), a),
        ("dual absorption", s.and(a, a_or_b), a),
        ("double complement", s.not(not_a), a),
        ("de Morgan", s.not(a_or_b), s.and(not_a, not_b)),
        ("dual de Morgan", s.not(a_and_b), s.or(not_a, not_b)),
        ("difference is intersection with the complement", s.minus(a, b), s.and(a, not_b)),
        ("nothing is both in and out", s.and(a, not_a), Diagrams::EMPTY),
        ("everything is in or out", s.or(a, not_a), Diagrams::FULL),
        ("itself less itself", s.minus(a, a), Diagrams::EMPTY),
        ("disagreement is either difference", s.0.disagreement(a, b).expect("small"), {
            let (left, right) = (s.minus(a, b), s.minus(b, a));
            s.or(left, right)
        }),
    ];
    for (law, left, right) in laws {
        assert_eq!(left, right, "{law}");
    }
}

fn membership(a: &[Pattern; 2], b: &[Pattern; 2], points: &[Point]) -> Result<(), String> {
    let mut boxes = BoxAlgebra(Budget::unlimited());
    let (x, y) = (boxes.set(a), boxes.set(b));
    let mut diagrams = DiagramAlgebra::new();
    let (p, q) = (diagrams.set(a), diagrams.set(b));
    let results = [
        (boxes.or(&x, &y), diagrams.or(p, q)),
        (boxes.and(&x, &y), diagrams.and(p, q)),
        (boxes.minus(&x, &y), diagrams.minus(p, q)),
        (boxes.not(&x), diagrams.not(p)),
    ];
    for point in points {
        let is_in = |set: &[Pattern; 2]| set.iter().any(|pattern| pattern.matches(point));
        let (u, v) = (is_in(a), is_in(b));
        for ((boxes, diagram), truth) in results.iter().zip([u || v, u && v, u && !v, !u]) {
            if boxes.contains(point) != truth {
                return Err(format!("boxes are wrong about {point:?}"));
            }
            if diagrams.0.terminal(*diagram, point) != u32::from(truth) {
                return Err(format!("the diagram is wrong about {point:?}"));
            }
        }
    }
    for (boxes, diagram) in &results {
        if boxes.is_empty() != diagrams.0.is_empty(*diagram) {
            return Err("boxes and diagrams differ in emptiness".to_owned());
        }
        let in_diagram = boxes.witness().is_none_or(|at| diagrams.0.terminal(*diagram, &at) == 1);
        let in_boxes = diagrams.0.witness(*diagram).is_none_or(|at| boxes.contains(&at.lowest()));
        if !in_diagram || !in_boxes {
            return Err("a witness of one engine is none for the other".to_owned());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_laws_hold_for_boxes(
        a in pair(world::small_pattern().boxed()), b in pair(world::small_pattern().boxed()),
        c in pair(world::small_pattern().boxed()),
    ) {
        box_laws(&a, &b, &c);
    }

    #[test]
    fn the_laws_hold_for_diagrams(
        a in pair(world::small_pattern().boxed()), b in pair(world::small_pattern().boxed()),
        c in pair(world::small_pattern().boxed()),
    ) {
        diagram_laws(&a, &b, &c);
    }

    #[test]
    fn the_laws_hold_for_diagrams_of_full_width(
        a in pair(world::pattern().boxed()), b in pair(world::pattern().boxed()),
        c in pair(world::pattern().boxed()),
    ) {
        diagram_laws(&a, &b, &c);
    }

    #[test]
    fn every_packet_of_a_small_world_is_where_it_belongs(
        a in pair(world::small_pattern().boxed()), b in pair(world::small_pattern().boxed()),
    ) {
        prop_assert_eq!(membership(&a, &b, &world::small_points()), Ok(()));
    }

    #[test]
    fn packets_of_full_width_are_where_they_belong(
        a in pair(world::pattern().boxed()), b in pair(world::pattern().boxed()),
        points in proptest::collection::vec(world::point(), 40),
    ) {
        prop_assert_eq!(membership(&a, &b, &points), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_laws_hold_for_boxes_of_full_width(
        a in world::pattern(), b in world::pattern(), c in world::pattern(),
    ) {
        let twice = |pattern: &Pattern| [pattern.clone(), pattern.clone()];
        box_laws(&twice(&a), &twice(&b), &twice(&c));
    }

    #[test]
    fn a_subset_is_a_set_without_difference(
        a in pair(world::small_pattern().boxed()), b in pair(world::small_pattern().boxed()),
    ) {
        let mut s = BoxAlgebra(Budget::unlimited());
        let (a, b) = (s.set(&a), s.set(&b));
        let (less, both) = (s.minus(&a, &b), s.and(&a, &b));
        prop_assert_eq!(a.is_subset(&b, &mut s.0), Ok(less.is_empty()));
        prop_assert_eq!(both.is_subset(&a, &mut s.0), Ok(true));
        let point = a.witness();
        prop_assert!(point.is_none_or(|point| a.contains(&point)));
    }
}
