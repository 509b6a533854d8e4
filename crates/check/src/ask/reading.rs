//! Whether an answer hangs on how open points are read.

use design::Blueprint;
use diag::Span;
use model::{Aspect, Aspects, Assumption};
use rule::Reason;

use super::Doubt;
use crate::assemble::{Assembled, assumptions};
use crate::reading::{
    LITERALS_MAX, gaps_that_come, other_prefix, other_reading, places, sets, together, untried,
};

/// The open points because of which the answer about the site of `first` may be another one:
/// `again` asks once more, and `changes` says whether that is another answer, also where the open
/// points have defaults.
pub(super) fn doubts<T>(
    assembled: &Assembled,
    first: &Blueprint,
    again: impl Fn(&Blueprint) -> T,
    changes: impl Fn(T, bool) -> bool,
) -> Vec<Doubt> {
    let open: Vec<&'static Assumption> = assumptions(first)
        .into_iter()
        .map(|used| used.assumption)
        .filter(|one| !assembled.readings.answers(one))
        .collect();
    let turned = |turns: &[(&'static Assumption, &str)]| {
        let mut readings = assembled.readings.clone();
        turns.iter().for_each(|(one, keyword)| readings.take(one.id, *keyword));
        let has_default = turns.iter().all(|(one, _)| one.has_default);
        let other = assembled.turn(first, &readings);
        // What a line does that is not modelled is not known, whatever else is found.
        gaps_that_come(first, &other).next().is_some() || changes(again(&other), has_default)
    };
    let mut found: Vec<Reason> = Vec::new();
    for one in &open {
        for reading in one.readings.iter().skip(1) {
            if turned(&[(*one, reading.keyword)]) {
                let spans = places(first, one.id).into_iter();
                found.extend(spans.map(|span| other_reading(one, reading.keyword, span)));
            }
        }
    }
    if open.iter().any(|one| one.id == design::LINE_PREFIX.id) {
        for (net, span) in first.literals.iter().take(LITERALS_MAX) {
            let other = assembled.lower_with(&assembled.readings, Some(*net)).blueprint;
            if changes(again(&other), design::LINE_PREFIX.has_default) {
                found.push(other_prefix(*span));
            }
        }
    }
    if found.is_empty() {
        found.extend(doubt_of_sets(first, &open, turned));
    }
    let place = first.place.unwrap_or(Span::new(diag::SourceId(0), 0, 0));
    found.into_iter().map(|one| (one.text, one.span.unwrap_or(place))).collect()
}

/// What several of the `open` points do together that none of them does alone.
fn doubt_of_sets(
    first: &Blueprint,
    open: &[&'static Assumption],
    turned: impl Fn(&[(&'static Assumption, &str)]) -> bool,
) -> Vec<Reason> {
    // What is about answers alone can only take something away together with others.
    let replies = Aspects::of(&[Aspect::Replies]);
    let turns: Vec<(&'static Assumption, &str)> = open
        .iter()
        .filter(|one| one.aspects != replies)
        .filter_map(|one| Some((*one, one.readings.get(1)?.keyword)))
        .collect();
    let Some(sets) = sets(turns.len()) else {
        let ids: Vec<&'static str> = turns.iter().map(|(one, _)| one.id).collect();
        return vec![untried(ids)];
    };
    let chosen = sets.into_iter().map(|set| {
        let all = turns.iter().enumerate().filter(|(place, _)| set >> *place & 1 == 1);
        all.map(|(_, turn)| *turn).collect::<Vec<_>>()
    });
    let mut telling = chosen.filter(|turns| turned(turns));
    let Some(turns) = telling.next() else { return Vec::new() };
    let points: Vec<&'static Assumption> = turns.iter().map(|(one, _)| *one).collect();
    let spans = points.iter().flat_map(|one| places(first, one.id));
    spans.map(|span| together(&points, span)).collect()
}
