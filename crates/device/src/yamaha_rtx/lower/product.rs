//! Whether the words that are read are those of the model.

use diag::{Diagnostic, Span, text};
use model::{Effect, Effects};

use super::super::models::{Coverage, model_of};
use super::Lowering;

impl Lowering<'_> {
    /// A model that the command reference does not cover may refuse any line; one that is near to
    /// it those of IPsec and of functions that came later.
    pub(super) fn coverage(&mut self) {
        let Some(model) = self.config.model.clone() else { return };
        if let Some((written, _, place)) = &self.config.heading
            && !written.eq_ignore_ascii_case(&model)
        {
            self.contradicted(&model, &written.clone(), *place);
        }
        let place = self.config.heading.as_ref().map(|(_, _, place)| *place);
        let place = place.or_else(|| self.config.statements.first().map(|one| one.span));
        let Some(place) = place else { return };
        match model_of(Some(&model)).coverage {
            Coverage::Covered => {}
            Coverage::Foreign => self.not_covered(&model, place, Effects::ALL),
            Coverage::Related => {
                let passes = self.settings.pass_through.map(|(_, line)| line);
                let passes = passes.filter(|_| !model_of(Some(&model)).has_pass_through);
                let tunnels = self.settings.interfaces.values();
                let line = tunnels.filter_map(|one| one.ipsec).map(|(_, line)| line).min();
                for line in passes.into_iter().chain(line) {
                    self.not_covered(&model, line, Effects::of(&[Effect::Stall]));
                }
            }
        }
    }

    /// The site file names another model than the heading that the router wrote itself.
    fn contradicted(&mut self, model: &str, written: &str, place: Span) {
        self.say(
            Diagnostic::error(
                "P144",
                text!(
                    ja: "サイトファイルの機種 {model} と、この見出しの機種 {written} が違います",
                    en: "the site file says {model}, and this heading says {written}",
                    model = model, written = written,
                ),
            )
            .at(place)
            .because(text!(
                ja: "機種によって、受け付けるコマンドと番号が違います",
                en: "which commands and numbers are taken depends on the model",
            ))
            .advise(text!(
                ja: "サイトファイルの `model` を消すか、実際の機種に直してください",
                en: "take `model` out of the site file, or correct it",
            )),
        );
        let what = text!(ja: "食い違う機種", en: "a model that is contradicted");
        self.gap(place, what, Effects::ALL);
    }

    fn not_covered(&mut self, model: &str, place: Span, effects: Effects) {
        self.say(
            Diagnostic::warning(
                "P143",
                text!(
                    ja: "{model} がこの設定を受け付けるか確かめられません",
                    en: "whether an {model} takes these commands is not known",
                    model = model,
                ),
            )
            .at(place)
            .because(text!(
                ja: "読み取りの元にしたコマンドリファレンスの対象機種ではありません",
                en: "the command reference that they are read by does not cover the model",
            )),
        );
        let what = text!(
            ja: "対象外の機種の設定", en: "a configuration of a model that is not covered",
        );
        self.gap(place, what, effects);
    }
}
