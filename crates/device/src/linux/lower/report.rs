//! What lowering has to say: diagnostics, gaps and the assumptions met.

use std::collections::BTreeSet;

use diag::{Diagnostic, Span, Text, text};
use model::{Effect, Effects, Family, Gap, InterfaceIndex};

/// Collects what lowering has to say, each thing once.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) gaps: Vec<Gap>,
    pub(super) irrelevant: Vec<Span>,
    /// Where L-A2 is met first.
    pub(super) loose: Option<Span>,
    here: Span,
    said: BTreeSet<(u32, u32, u32, &'static str)>,
}

impl Report {
    pub(super) fn new(here: Span) -> Self {
        Self {
            diagnostics: Vec::new(),
            gaps: Vec::new(),
            irrelevant: Vec::new(),
            loose: None,
            here,
            said: BTreeSet::new(),
        }
    }

    /// The rule that is being lowered.
    pub(super) fn here(&self) -> Span {
        self.here
    }

    /// Goes on to the rule at `span`.
    pub(super) fn go_to(&mut self, span: Span) {
        self.here = span;
    }

    /// Says it unless the same code was said at the same place.
    pub(super) fn say(&mut self, span: Span, diagnostic: Diagnostic) {
        if self.said.insert((span.source.0, span.start, span.end, diagnostic.code)) {
            self.diagnostics.push(diagnostic.at(span));
        }
    }

    pub(super) fn gap(
        &mut self,
        what: Text,
        effects: &[Effect],
        (interface, family): (Option<InterfaceIndex>, Option<Family>),
    ) {
        let span = self.here;
        let gap = Gap { span, what, effects: Effects::of(effects), interface, family };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    pub(super) fn uses_loose(&mut self) {
        self.loose.get_or_insert(self.here);
    }

    pub(super) fn undefined_set(&mut self, name: &str, span: Span) {
        let what = text!(ja: "定義のないセット", en: "a set that is not defined");
        self.gap(what, super::effect::ALL, (None, None));
        self.say(
            span,
            Diagnostic::error(
                "R152",
                text!(
                    ja: "セット `@{name}` は定義されていません",
                    en: "the set `@{name}` is not defined",
                    name = name,
                ),
            )
            .advise(text!(
                ja: "同じテーブルに `set {name}` を書いてください",
                en: "write `set {name}` in the same table",
                name = name,
            )),
        );
    }

    pub(super) fn open_set(&mut self, name: &str, span: Span, declared: Span) {
        self.say(
            span,
            Diagnostic::warning(
                "R156",
                text!(
                    ja: "`@{name}` に運用中に何が入っているか分かりません",
                    en: "what `@{name}` holds at run time is not known",
                    name = name,
                ),
            )
            .also(declared, text!(ja: "ここで宣言されています", en: "declared here")),
        );
    }

    pub(super) fn unknown_name(&mut self, word: &str) {
        let span = self.here;
        self.say(
            span,
            Diagnostic::error(
                "P207",
                text!(
                    ja: "`{word}` が指す番号やアドレスが分かりません",
                    en: "the number or address that `{word}` stands for is not known",
                    word = word,
                ),
            )
            .advise(text!(
                ja: "番号やアドレスで書いてください",
                en: "write the number or the address",
            )),
        );
    }
}
