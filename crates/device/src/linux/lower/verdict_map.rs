//! Verdict maps to entries of lists.

use diag::{Span, text};
use model::{Entry, Origin};

use super::chain::{Lists, Purpose, Reading};
use super::effect::DECIDE;
use super::field::Place;
use crate::registry::linux::config::{Data, Element, Key, Value, Verdict};

impl<'a> Lists<'a> {
    /// `KEY vmap { value : verdict, … }`.
    pub(super) fn map(
        &mut self,
        place: Place,
        reading: &Reading<'a>,
        (keys, map, span): (&[Key], &'a Value, Span),
        purpose: &Purpose,
        entries: &mut Vec<Entry>,
    ) {
        let (elements, is_open): (&'a [Element], bool) = match map {
            Value::Set(elements) => (elements, false),
            Value::Named(name) => {
                let (_, is_open) = self.scope.members(place.table, map, span, &mut self.report);
                let sets = &self.scope.tables[place.table].sets;
                let found = sets.iter().find(|set| set.name == *name);
                (found.map_or(&[], |set| &set.elements), is_open)
            }
            _ => (&[], true),
        };
        if is_open {
            let scope = self.reach(place, &reading.bounds.may);
            let what = text!(
                ja: "運用中に変わる判定表",
                en: "a verdict map that changes at run time",
            );
            self.report.gap(what, DECIDE, scope);
        }
        // `*` is what no other element is.
        let (rest, named): (Vec<_>, Vec<_>) =
            elements.iter().partition(|element| element.key == Value::Any);
        // Packets that come back from there must not meet `*` as well.
        let goes_on = |one: &&&Element| {
            matches!(one.data, Some(Data::Verdict(Verdict::Continue | Verdict::Jump(..))))
        };
        if !rest.is_empty() && named.iter().any(|one| goes_on(&one)) {
            let what = text!(
                ja: "`*` と、`continue` か `jump` とのある判定表",
                en: "a verdict map with `*` beside `continue` or `jump`",
            );
            self.not_modelled(place, reading, span, &what, DECIDE);
        }
        let permits = |one: &Element| {
            let Some(Data::Verdict(verdict)) = &one.data else { return false };
            matches!(verdict, Verdict::Accept | Verdict::Jump(..) | Verdict::Goto(..))
        };
        let beside_permits = elements.iter().any(permits);
        for element in named.into_iter().chain(rest) {
            let Some(Data::Verdict(verdict)) = &element.data else { continue };
            let mut one = Reading {
                bounds: reading.bounds.clone(),
                doubt: reading.doubt.clone(),
                is_rate: reading.is_rate,
                behind: reading.behind,
                beside_permits,
            };
            let found = self.scope.element(place, keys, &element.key, &mut self.report);
            if self.narrow(place, &mut one, found, (keys, element.span)) {
                let origin = Origin::Written(element.span);
                self.verdict(place, &one, verdict, purpose, origin, entries);
            }
        }
    }
}
