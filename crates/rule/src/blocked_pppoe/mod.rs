//! F005: PPPoE frames pass the edge where claims need them, and only there.

use design::SessionLine;
use diag::text;
use model::{Aspect, Aspects, Effect, Effects};
use pattern::Property;

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene, Who};

pub(crate) static RULE: Rule = Rule {
    code: "F005",
    name: "blocked-pppoe",
    property: Property::V4,
    requirement: || {
        text!(
            ja: "端末が張る PPPoE セッションのフレームが、境界のルータを通る",
            en: "frames of PPPoE sessions that machines open pass the edge router",
        )
    },
    explain: || {
        text!(
            ja: "オンライン請求端末が自分で PPPoE を張る場合、境界のルータは PPPoE フレーム（\
                 EtherType 0x8863 と 0x8864）をレイヤー2で通す必要があります。PPPoE パススルーの\
                 設定を確認してください。",
            en: "Where the online-claims terminal opens its PPPoE session itself, the edge \
                 router has to pass PPPoE frames (EtherTypes 0x8863 and 0x8864) at layer 2. \
                 Check the PPPoE pass-through setting.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[Aspect::Frames]),
    fears: Effects::of(&[Effect::Deny, Effect::Bridge, Effect::Stall]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let sessions = scene.blueprint.sessions.iter().filter(|session| session.is_pppoe);
    let mut judgements: Vec<Judgement> =
        sessions.filter_map(|session| blocked(scene, session)).collect();
    judgements.extend(undeclared(scene));
    judgements
}

/// Claims or eligibility go over PPPoE, but nobody is said to open the session.
pub(crate) fn undeclared(scene: &Scene<'_>) -> Option<Judgement> {
    let blueprint = scene.blueprint;
    let is_ended_by_router = blueprint.parties.routers.iter().any(|router| {
        let interfaces = &scene.node(*router).interfaces;
        interfaces.iter().any(|one| matches!(one.kind, model::InterfaceKind::Session { .. }))
    });
    let claims = blueprint.claims_use_pppoe == Some(true);
    let eligibility = blueprint.eligibility_uses_pppoe == Some(true);
    if !eligibility
        && blueprint.claims_use_pppoe.is_none()
        && blueprint.contract.is_none()
        && !blueprint.parties.claims_terminals.is_empty()
        && !blueprint.sessions.iter().any(|one| one.is_pppoe)
    {
        return Some(unnamed_method(scene));
    }
    if !(claims || eligibility)
        || is_ended_by_router
        || blueprint.sessions.iter().any(|one| one.is_pppoe)
    {
        return None;
    }
    let found = Judgement::unknown(
        if claims {
            text!(
                ja: "オンライン請求は PPPoE ですが、どの端末がセッションを張るか書かれていません",
                en: "claims go over PPPoE, but which machine opens the session is not written",
            )
        } else {
            text!(
                ja: "資格確認は PPPoE ですが、どの端末がセッションを張るか書かれていません",
                en: "eligibility goes over PPPoE, but which machine opens the session is not written",
            )
        },
        text!(
            ja: "PPPoE を通すべき端末が分かりません",
            en: "for which machine PPPoE has to pass is not known",
        ),
        blueprint.place,
    );
    Some(found.advise(text!(
        ja: "その端末に `pppoe = {{ through = \"ルータ名\" }}` を書いてください",
        en: "give that machine `pppoe = {{ through = \"name of the router\" }}`",
    )))
}

/// There is an online-claims terminal, and how claims go is not written.
fn unnamed_method(scene: &Scene<'_>) -> Judgement {
    let headline = text!(
        ja: "オンライン請求を PPPoE で送るか IPoE で送るか書かれていません",
        en: "whether online claims go over PPPoE or IPoE is not written",
    );
    let reason = text!(
        ja: "`[line]` に `claims` がありません", en: "`[line]` states no `claims`",
    );
    let question = text!(
        ja: "オンライン請求の接続方式（PPPoE か IPoE か）",
        en: "how online claims are carried: PPPoE or IPoE",
    );
    Judgement::unknown(headline, reason, scene.blueprint.place)
        .advise(text!(
            ja: "`[line]` に `claims = \"pppoe\"` か `claims = \"ipoe\"` を書いてください",
            en: "write `claims = \"pppoe\"` or `claims = \"ipoe\"` under `[line]`",
        ))
        .ask(Who::LineProvider, question)
}

fn blocked(scene: &Scene<'_>, session: &SessionLine) -> Option<Judgement> {
    let (stopped, is_on_way_back) = scene.stopped_stage(session)?;
    let machine = scene.name(session.machine);
    let headline = match is_on_way_back {
        false => text!(
            ja: "`{machine}` の PPPoE フレームが ONU に届きません",
            en: "PPPoE frames of `{machine}` do not reach the ONU",
            machine = machine,
        ),
        true => text!(
            ja: "ONU からの PPPoE フレームが `{machine}` に届きません",
            en: "PPPoE frames from the ONU do not reach `{machine}`",
            machine = machine,
        ),
    };
    let found = Judgement::new(Verdict::Refuted(None), headline);
    let through = session.through.map_or("?", |router| scene.name(router));
    let origin = session.through.map(|router| scene.node(router).origin.clone());
    let text = text!(
        ja: "`{router}` は EtherType {stage} を通しません",
        en: "`{router}` does not pass EtherType {stage}",
        router = through, stage = format!("{stopped:#06x}"),
    );
    let origin = origin.unwrap_or(model::Origin::Written(session.span));
    let mut guilt = Guilt::at(&origin, text);
    guilt.others.push(crate::Suspect {
        span: Some(session.span),
        text: text!(ja: "このセッションに必要です", en: "this session needs it"),
    });
    Some(found.blame(guilt).about([machine.to_owned()]).advise(text!(
        ja: "`{router}` で、端末側と ONU 側のポートの間の PPPoE パススルーを有効にしてください",
        en: "switch on PPPoE pass-through on `{router}` between the machine's port and the ONU's",
        router = through,
    )))
}
