//! {{code}}: declaration, check and wording of the rule `{{name}}`.

use diag::text;
use model::{Aspect, Aspects, Effects};
use pattern::Property;

use crate::judgement::Judgement;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "{{code}}",
    name: "{{name}}",
    property: Property::V3,
    requirement: || {
        text!(
            ja: "`{{name}}` がない",
            en: "there is no `{{name}}`",
        )
    },
    explain: || {
        text!(
            ja: "このルールにはまだ判定がありません。",
            en: "This rule has no check yet.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::ALL,
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    vec![Judgement::unknown(
        text!(
            ja: "`{{name}}` を判定できません",
            en: "`{{name}}` cannot be judged",
        ),
        text!(
            ja: "このルールにはまだ判定がありません",
            en: "this rule has no check yet",
        ),
        scene.blueprint.place,
    )]
}
