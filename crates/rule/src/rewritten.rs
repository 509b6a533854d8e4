//! Whose rule wrote another address or port into a packet.

use diag::{Text, text};
use model::{Origin, Rewrite, StepKind};
use reach::Way;

use crate::Scene;
use crate::guilt::Guilt;

impl Scene<'_> {
    /// The rule that turned the packet of `way` to another destination or port, the last one.
    pub(crate) fn who_redirected(&self, way: &[Way]) -> Option<Guilt> {
        let (origin, _) = self
            .rewritings(way)
            .find(|(_, rewrite)| matches!(rewrite, Rewrite::Destination(..)))?;
        let text = text!(
            ja: "宛先を別のアドレスかポートに書き換えます",
            en: "turns it to another address or port",
        );
        Some(Guilt::at(origin, text))
    }

    /// The rule that wrote another address or port into the answer of `way`, the last one.
    pub(crate) fn who_rewrote(&self, way: &[Way]) -> Option<Guilt> {
        let (origin, _) = self.rewritings(way).next()?;
        let text = text!(
            ja: "応答のアドレスかポートを書き換えるため、元の通信の応答になりません",
            en: "writes another address or port into the answer, which then answers nothing",
        );
        Some(Guilt::at(origin, text))
    }

    /// What rules did to the packet of `way`, the last first.
    fn rewritings<'s>(&'s self, way: &'s [Way]) -> impl Iterator<Item = (&'s Origin, &'s Rewrite)> {
        way.iter().rev().filter_map(|step| match step.kind {
            StepKind::Translated(translation, Some(rule)) => {
                let rule = &self.node(step.node).translation(translation).rules[rule];
                Some((&rule.origin, &rule.rewrite))
            }
            _ => None,
        })
    }
}

/// What to do about a rule that redirects what is needed.
pub(crate) fn advice() -> Text {
    text!(
        ja: "この通信の宛先を書き換えないよう、変換の行を直してください",
        en: "correct the translation so that it leaves the destination of this session alone",
    )
}
