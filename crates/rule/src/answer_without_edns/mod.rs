//! X003: a router that is asked for names of the eligibility network can receive long answers.

use design::Server;
use diag::{Text, text};
use model::{Asking, Aspect, Aspects, Effect, Effects, NameRule, Node};
use pattern::Property;

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::names::{self, Wanted};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "X003",
    name: "answer-without-edns",
    property: Property::V9Names,
    requirement: || {
        text!(
            ja: "資格確認の網の名前を問い合わせるルータは、512 バイトを超える DNS 応答を受け取れる",
            en: "routers that are asked for names of the eligibility network can receive answers \
                 of more than 512 bytes",
        )
    },
    explain: || {
        text!(
            ja: "資格確認の網には、応答が 512 バイトを超える名前があります（配信や時刻のサーバ\
                 など）。EDNS を使わずに問い合わせると応答が切り詰められ、TCP で問い合わせ直さな\
                 い機種では名前を引けません。DNS サーバの指定に EDNS を加えてください。",
            en: "Some names of the eligibility network (distribution and time servers) have \
                 answers of more than 512 bytes. Asked without EDNS the answer is cut, and a \
                 router that does not ask again by TCP cannot resolve the name. Add EDNS to the \
                 choice of the server.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[Aspect::RouterItself]),
    fears: Effects::of(&[Effect::Resolve, Effect::Manage]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let requirement = (RULE.requirement)();
    let wanted = scene.wanted_names();
    if wanted.is_empty() {
        return vec![scene.without_names(&requirement)];
    }
    let (asked, open) = scene.asked_for_names();
    let mut judgements = scene.without_resolver(&requirement, &open);
    for name in &wanted {
        for router in &scene.blueprint.parties.routers {
            let is_asked = asked.iter().any(|one| one.server == Server::Router(*router));
            let found = judge(scene.node(*router), name, is_asked);
            let is_known = |one: &Judgement| {
                found
                    .as_ref()
                    .is_some_and(|found| found.blames_same(one) || found.headline == one.headline)
            };
            if !judgements.iter().any(is_known) {
                judgements.extend(found);
            }
        }
    }
    judgements
}

/// The rule by which `router` asks for a name without EDNS. Rules for all names count only on a
/// router that terminals ask.
fn judge(router: &Node, name: &Wanted<'_>, is_asked: bool) -> Option<Judgement> {
    let rules = names::rules_for(router, name.kind, name.host);
    let is_short = |rule: &&NameRule| !rule.edns && (is_asked || rule.suffix != ".");
    if let Some(rule) = rules.iter().find(|rule| rule.asking == Asking::Nobody) {
        return Some(by_nobody(router, name, rule));
    }
    if rules.first().is_some_and(|rule| rule.asking == Asking::Perhaps) {
        return rules.into_iter().find(is_short).map(|rule| under_condition(router, name, rule));
    }
    let rule = rules.first().copied();
    if rule.is_none() && is_asked {
        return Some(unserved(router, name));
    }
    let rule = rule.filter(is_short)?;
    let headline = text!(
        ja: "`{router}` は `{host}` について、512 バイトを超える DNS 応答を受け取れません",
        en: "`{router}` cannot receive answers of more than 512 bytes for `{host}`",
        router = router.name, host = name.host,
    );
    let text = text!(ja: "EDNS が有効ではありません", en: "EDNS is not switched on");
    let found = Judgement::new(Verdict::Refuted(None), headline);
    Some(found.blame(Guilt::at(&rule.origin, text)).about([router.name.clone()]).advise(text!(
        ja: "この行の DNS サーバのそれぞれに `edns=on` を加えてください",
        en: "add `edns=on` behind each server of this line",
    )))
}

/// A rule without EDNS may be the one that counts.
fn under_condition(router: &Node, name: &Wanted<'_>, rule: &NameRule) -> Judgement {
    let why = text!(
        ja: "条件つきの振り分けがあり、EDNS のないこの行が使われる場合があります",
        en: "rules have conditions, and this line, without EDNS, may be the one that counts",
    );
    Judgement::unknown(how(router, name), why, rule.origin.span()).about([router.name.clone()])
}

/// The router answers by itself, or not at all.
fn by_nobody(router: &Node, name: &Wanted<'_>, rule: &NameRule) -> Judgement {
    let why = text!(
        ja: "この名前には、ルータが自分で答えるか、問い合わせを拒否します",
        en: "the router answers this name itself, or refuses the question",
    );
    Judgement::unknown(how(router, name), why, rule.origin.span()).about([router.name.clone()])
}

fn how(router: &Node, name: &Wanted<'_>) -> Text {
    text!(
        ja: "`{router}` が `{host}` をどう問い合わせるか分かりません",
        en: "how `{router}` asks for `{host}` is not known",
        router = router.name, host = name.host,
    )
}

/// No line says which server is asked, and how.
fn unserved(router: &Node, name: &Wanted<'_>) -> Judgement {
    let why = text!(
        ja: "設定に、この名前を引く DNS サーバがありません",
        en: "no line says which server it asks for this name",
    );
    Judgement::unknown(how(router, name), why, router.origin.span()).about([router.name.clone()])
}
