//! E006: the routers through which machines open PPPoE sessions are of a make that can pass them.

use std::collections::BTreeMap;

use design::SessionLine;
use diag::{Span, Text, text};
use model::{Aspects, Effects, NodeId, Product};
use pack::{Firmware, Found, RouterModel};
use pattern::Property;
use site::Router;

use crate::guilt::Suspect;
use crate::house::{self, House, Who};
use crate::judgement::{Judgement, Reason, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "E006",
    name: "incapable-router",
    property: Property::V4,
    requirement,
    explain: || {
        text!(
            ja: "端末が自分で PPPoE を張る場合、間のルータは PPPoE パススルーに対応した機種とファー\
                 ムウェアでなければなりません。設定を書いても、対応しない版では動きません。機種と\
                 ファームウェアは、サイトファイルの `model` と `firmware`、または設定ファイルの先頭\
                 にあるコメントから読み、対応する版は日付と出典のある事実（パック）から取ります。",
            en: "Where a machine opens its PPPoE session itself, the router between has to be of a \
                 model and firmware that can pass PPPoE through; with others the setting does \
                 nothing. Model and firmware come from `model` and `firmware` of the site file or \
                 from the comment at the top of the configuration, and what they can do comes from \
                 dated facts with a source (packs).",
        )
    },
    kind: Kind::Fact,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: true,
    check,
};

fn requirement() -> Text {
    text!(
        ja: "端末の PPPoE を通すルータは、PPPoE パススルーに対応した機種とファームウェアである",
        en: "routers that have to pass PPPoE are of a model and firmware that can",
    )
}

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let sessions = scene.blueprint.sessions.iter().filter(|session| session.is_pppoe);
    let mut needed: BTreeMap<NodeId, &SessionLine> = BTreeMap::new();
    for session in sessions {
        if let Some(router) = session.through {
            needed.entry(router).or_insert(session);
        }
    }
    if needed.is_empty() {
        return Vec::new();
    }
    let house = match house::of(scene, &requirement()) {
        Ok(house) => house,
        Err(unknown) => return unknown,
    };
    let judged = needed.into_iter().filter_map(|(router, session)| {
        let node = scene.node(router);
        let written = house.site.router(&node.name)?;
        let made = Made { house, written, product: node.product.as_ref() };
        // What passes by other means, such as a bridge, needs no function of the model.
        if made.pass_through().is_none() && scene.stopped_stage(session).is_none() {
            return None;
        }
        let mut found = made.judge()?.about([node.name.clone()]);
        let needs = text!(ja: "このセッションに必要です", en: "this session needs it");
        found.guilt.others.push(Suspect { span: Some(session.span), text: needs });
        Some(found)
    });
    judged.collect()
}

/// What is known of how a router was made.
struct Made<'a> {
    house: &'a House<'a>,
    written: &'a Router,
    product: Option<&'a Product>,
}

/// One statement of which product it is.
#[derive(Clone, Copy)]
struct Statement<'a> {
    model: Option<&'a str>,
    firmware: Option<&'a str>,
    place: Span,
}

/// What is known of whether a product can pass PPPoE through.
enum Ability {
    Can,
    Cannot(RouterModel),
    /// Which product it is does not tell enough.
    Unnamed,
    /// It depends on the firmware, which is not written.
    From(Firmware),
    /// There is no fact that may be used.
    Open(Text),
}

impl<'a> Made<'a> {
    fn judge(&self) -> Option<Judgement> {
        let all = self.statements();
        let judged: Vec<(Statement<'a>, Ability)> =
            all.into_iter().map(|one| (one, self.ability(one))).collect();
        let is_refuted = |ability: &Ability| matches!(ability, Ability::Cannot(_));
        let wrong = judged.iter().find(|(_, ability)| is_refuted(ability));
        let open = judged
            .iter()
            .find(|(_, ability)| !is_refuted(ability) && !matches!(ability, Ability::Can));
        match (wrong, open) {
            (Some((one, Ability::Cannot(fact))), _)
                if judged.iter().all(|(_, ability)| is_refuted(ability)) =>
            {
                Some(self.refuted(*one, fact))
            }
            (Some((one, _)), _) => Some(self.contradicting(&judged, one.place)),
            (None, Some((one, ability))) => Some(self.unknown(*one, ability)),
            (None, None) => None,
        }
    }

    /// What the site file and the configuration say; what one of them leaves out, the other adds.
    fn statements(&self) -> Vec<Statement<'a>> {
        let text = |written: &'a Option<site::Spanned<String>>| {
            written.as_ref().map(|written| written.value.as_str())
        };
        let heading = self.product.and_then(|product| product.heading.as_ref());
        let (model, firmware) = (text(&self.written.model), text(&self.written.firmware));
        let span =
            |written: &Option<site::Spanned<String>>| written.as_ref().map(|written| written.span);
        let place = span(&self.written.firmware).or(span(&self.written.model));
        let mut all = Vec::new();
        if let Some((model, firmware, place)) = heading {
            let (model, firmware) = (Some(model.as_str()), Some(firmware.as_str()));
            all.push(Statement { model, firmware, place: *place });
        }
        let is_needed = all.is_empty() || place.is_some();
        if is_needed {
            let other = all.first().copied();
            all.push(Statement {
                model: model.or(other.and_then(|other| other.model)),
                firmware: firmware.or(other.and_then(|other| other.firmware)),
                place: place.unwrap_or(self.written.name.span),
            });
        }
        all
    }

    /// The line that switches the function on.
    fn pass_through(&self) -> Option<Span> {
        self.product?.pppoe_pass_through
    }

    fn vendor(&self) -> &'a str {
        let stated = self.written.vendor.as_ref().map(|vendor| vendor.value.as_str());
        self.product.map(|product| product.vendor).or(stated).unwrap_or_default()
    }

    fn ability(&self, of: Statement<'_>) -> Ability {
        let fact = of.model.map_or(Found::Missing, |model| self.fact(model));
        match fact {
            Found::Known(fact) => match fact.pass_through.has(of.firmware) {
                Some(true) => Ability::Can,
                Some(false) => Ability::Cannot(fact),
                None => self.of_any(Ability::From(fact.pass_through)),
            },
            Found::Missing if of.model.is_none() => self.of_any(Ability::Unnamed),
            Found::Missing => self.of_any(Ability::Open(text!(
                ja: "この機種の事実がありません",
                en: "there is no fact about this model",
            ))),
            Found::Hearsay(_) => self.of_any(Ability::Open(text!(
                ja: "この機種の事実は確かさが低く（`L`）、証明に使えません",
                en: "the fact about this model is of low confidence (`L`), which proves nothing",
            ))),
            Found::Disputed => Ability::Open(text!(
                ja: "この機種の事実が矛盾しています（R300）",
                en: "the facts about this model contradict each other (R300)",
            )),
        }
    }

    /// What is so of every model of the vendor; `otherwise` if that does not decide it.
    fn of_any(&self, otherwise: Ability) -> Ability {
        let is_configured = self.pass_through().is_some();
        let Found::Known(fact) = self.fact(ANY) else { return otherwise };
        match fact.pass_through {
            Firmware::All => Ability::Can,
            Firmware::Configured if is_configured => Ability::Can,
            _ => otherwise,
        }
    }

    fn fact(&self, model: &str) -> Found<RouterModel> {
        self.house.library.of(&RULE).router(self.vendor(), model, self.house.today)
    }

    fn refuted(&self, one: Statement<'_>, fact: &RouterModel) -> Judgement {
        let headline = text!(
            ja: "`{router}`（{product}）は PPPoE パススルーに対応していません",
            en: "`{router}` ({product}) cannot pass PPPoE through",
            router = self.written.name.value, product = product(one),
        );
        let label = match &fact.pass_through {
            Firmware::Since(first) => text!(
                ja: "対応するのは {first} 以降です", en: "firmware {first} is the first that can",
                first = *first,
            ),
            _ => text!(ja: "対応しない機種です", en: "the model that cannot"),
        };
        let found = Judgement::new(Verdict::Refuted(None), headline)
            .blame(house::at(one.place, label))
            .because(house::source(&fact.provenance));
        match &fact.pass_through {
            Firmware::Since(first) => found.advise(text!(
                ja: "ファームウェアを {first} 以降に更新し、更新後の設定を取り直してください",
                en: "update the firmware to {first} or later and take the configuration anew",
                first = *first,
            )),
            _ => found.advise(text!(
                ja: "対応する機種に入れ替えるか、オンライン請求を IPv6（IPoE）に移してください",
                en: "change to a model that can, or move online claims to IPv6 (IPoE)",
            )),
        }
    }

    fn headline(&self) -> Text {
        text!(
            ja: "`{router}` が PPPoE パススルーに対応しているか分かりません",
            en: "whether `{router}` can pass PPPoE through is not known",
            router = self.written.name.value,
        )
    }

    fn contradicting(&self, judged: &[(Statement<'_>, Ability)], place: Span) -> Judgement {
        let mut reasons: Vec<Reason> = judged
            .iter()
            .map(|(one, _)| {
                let says = text!(
                    ja: "ここでは {product} です", en: "this says {product}",
                    product = product(*one),
                );
                Reason::new(says, Some(one.place))
            })
            .collect();
        reasons.sort_by_key(|reason| reason.span != Some(place));
        Judgement::new(Verdict::Unknown(reasons), self.headline())
            .advise(text!(
                ja: "ルータで機種とファームウェアを確認し、誤っている方を直してください",
                en: "look up model and firmware at the router, and correct the one that is wrong",
            ))
            .ask(Who::Installer, self.question())
    }

    fn unknown(&self, one: Statement<'_>, ability: &Ability) -> Judgement {
        let reason = match ability {
            Ability::Open(reason) => reason.clone(),
            Ability::From(first) => text!(
                ja: "対応は {first} 以降ですが、ファームウェアの版が書かれていません",
                en: "firmware {first} and later can, but which one it has is not written",
                first = first.to_string(),
            ),
            _ => text!(
                ja: "機種とファームウェアが書かれていません",
                en: "neither model nor firmware is written",
            ),
        };
        let found = Judgement::unknown(self.headline(), reason, Some(one.place))
            .ask(Who::Installer, self.question());
        match ability {
            Ability::Open(_) => found.advise(text!(
                ja: "対応する版をメーカーの資料で確認し、自施設のパックの `[[router]]` に出典とと\
                     もに書いてください",
                en: "look up at the maker which firmware can and write it with its source into a \
                     pack of your own, as `[[router]]`",
            )),
            _ => found.advise(text!(
                ja: "ルータで機種とファームウェアを確認し、サイトファイルの `model` と `firmware` \
                     に書いてください",
                en: "look up model and firmware at the router and write them as `model` and \
                     `firmware`",
            )),
        }
    }

    fn question(&self) -> Text {
        text!(
            ja: "`{router}` の機種とファームウェア、PPPoE パススルーに対応しているか",
            en: "model and firmware of `{router}`, and whether it can pass PPPoE through",
            router = self.written.name.value,
        )
    }
}

/// The model of a fact about all models of a vendor that have none of their own.
const ANY: &str = "any";

fn product(of: Statement<'_>) -> String {
    [of.model, of.firmware].into_iter().flatten().collect::<Vec<&str>>().join(" ")
}
