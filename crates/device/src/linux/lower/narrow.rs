//! What a condition leaves of the packets that a rule is about.

use diag::{Diagnostic, Span, text};

use super::chain::{Lists, Reading};
use super::condition::{Bounds, Doubt};
use super::effect::DECIDE;
use super::field::Place;
use crate::registry::linux::config::Key;

impl<'a> Lists<'a> {
    /// Adds a condition; false if the rule cannot be listed any more.
    pub(super) fn narrow(
        &mut self,
        place: Place,
        reading: &mut Reading<'a>,
        found: Option<Bounds>,
        (keys, span): (&[Key], Span),
    ) -> bool {
        let Some(found) = found else { return self.too_many(place, reading, span) };
        if found.doubt != Doubt::None {
            let names: Vec<_> = keys.iter().map(super::word::key).collect();
            let what = text!(
                ja: "正確には読めない条件 `{key}`",
                en: "the condition `{key}`, which cannot be read exactly",
                key = names.join(" . "),
            );
            reading.doubt.get_or_insert((span, "P202", what));
            reading.is_rate = false;
        }
        match reading.bounds.and(&found) {
            Some(both) => reading.bounds = both,
            None => return self.too_many(place, reading, span),
        }
        true
    }

    fn too_many(&mut self, place: Place, reading: &Reading<'a>, span: Span) -> bool {
        self.report.say(
            span,
            Diagnostic::error(
                "P206",
                text!(
                    ja: "この規則の条件の組み合わせが多すぎます（上限 {limit}）",
                    en: "the conditions of this rule have too many combinations (limit {limit})",
                    limit = super::condition::MAX_MATCHES,
                ),
            ),
        );
        let scope = self.reach(place, &reading.bounds.may);
        let what = text!(ja: "大きすぎる規則", en: "a rule that is too large");
        self.report.gap(what, DECIDE, scope);
        false
    }
}
