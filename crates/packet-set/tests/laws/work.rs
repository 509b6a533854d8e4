//! Counted work on fixed lists, as a snapshot: a change that costs more is seen in review.

use std::fmt::Write;
use std::path::Path;

use packet_set::classbench::{Family, Generator, Profile};
use packet_set::{Budget, Diagrams, List, find};

const STEPS: u64 = 3_000_000;

fn line(profile: Profile, family: Family, size: usize) -> String {
    let mut generator = Generator::new(1, profile, family, size);
    let rules = generator.rules(size);
    let list = List::new(&rules);
    let mut out = format!("{profile:?} {family:?} {size}:").to_lowercase();
    for kind in ["deciding", "outcomes"] {
        let mut home = Diagrams::new(Budget::new(STEPS));
        let built = if kind == "deciding" { home.from_list(list) } else { home.outcomes(list) };
        let (held, steps) = (home.held(), STEPS - home.budget().left());
        let size = built.map(|diagram| home.size_of(diagram)).unwrap_or_default();
        let state = if built.is_ok() { "" } else { " budget exceeded" };
        write!(
            out,
            "\n  {kind}: {} nodes, {} edges; held {} nodes, {} edges; {steps} steps{state}",
            size.nodes, size.edges, held.nodes, held.edges,
        )
        .expect("a string takes everything");
    }
    let mut budget = Budget::new(STEPS);
    let questions = (0..100).map(|_| generator.question());
    let hits = questions
        .filter(|question| {
            let found = find(question, &rules, &mut budget, |entry| list.outcome(entry) == 1);
            found.expect("enough").is_some()
        })
        .count();
    let steps = STEPS - budget.left();
    writeln!(out, "\n  boxes: {hits} of 100 questions, {steps} steps").expect("as above");
    out
}

#[test]
fn counted_work_is_what_it_was() {
    let mut text = String::new();
    for (profile, family, size) in [
        (Profile::Struct, Family::V4, 100),
        (Profile::Struct, Family::V4, 1000),
        (Profile::Struct, Family::V6, 1000),
        (Profile::Random, Family::V4, 1000),
        (Profile::Cross, Family::V4, 100),
        (Profile::Cross, Family::V4, 1000),
    ] {
        text.push_str(&line(profile, family, size));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/work.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &text).expect("the snapshot can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "see UPDATE_SNAPSHOTS in the conventions");
}
