//! X003: a router that is asked for names of the eligibility network can receive long answers.

use std::collections::BTreeSet;

use design::Server;
use diag::text;
use model::{Aspects, Effect, Effects, NameRule, NodeId, Origin};
use pattern::Property;

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::registry::misrouted_name::{asks, is_below};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "X003",
    name: "answer-without-edns",
    property: Property::V9,
    requirement: || {
        text!(
            ja: "資格確認の網の名前について、512 バイトを超える DNS 応答を受け取れる",
            en: "answers of more than 512 bytes for names of the eligibility network can be \
                 received",
        )
    },
    explain: || {
        text!(
            ja: "資格確認の網には、応答が 512 バイトを超える名前があります（配信や時刻のサーバー\
                 など）。EDNS を使わずに問い合わせると応答が切り詰められ、TCP で問い合わせ直さな\
                 い機種では名前を引けません。DNS サーバーの指定に EDNS を加えてください。",
            en: "Some names of the eligibility network (distribution and time servers) have \
                 answers of more than 512 bytes. Asked without EDNS the answer is cut, and a \
                 router that does not ask again by TCP cannot resolve the name. Add EDNS to the \
                 choice of the server.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[Effect::Resolve]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let asked = asked_by_terminals(scene);
    let mut judgements: Vec<Judgement> = Vec::new();
    for destination in &scene.blueprint.catalogue.destinations {
        if scene.name(destination.net) != "eligibility-net" {
            continue;
        }
        for host in &destination.hosts {
            for router in &scene.blueprint.parties.routers {
                let found = judge(scene, *router, host, asked.contains(router));
                let is_known =
                    |one: &Judgement| found.as_ref().is_some_and(|found| found.blames_same(one));
                if !judgements.iter().any(is_known) {
                    judgements.extend(found);
                }
            }
        }
    }
    judgements
}

/// Routers that the site file names as name servers of terminals.
fn asked_by_terminals(scene: &Scene<'_>) -> BTreeSet<NodeId> {
    let terminals = scene.blueprint.parties.all_terminals();
    let resolvers = scene.blueprint.resolvers.iter();
    resolvers
        .filter(|one| terminals.contains(&one.machine))
        .filter_map(|one| match one.server {
            Server::Router(router) => Some(router),
            Server::Address(address) => scene
                .blueprint
                .network
                .iter()
                .find(|(_, node)| node.owns(address))
                .map(|(id, _)| id),
        })
        .collect()
}

/// The first rule by which `router` asks for `host` without EDNS. Rules for all names count only
/// on a router that terminals ask.
fn judge(scene: &Scene<'_>, router: NodeId, host: &str, is_asked: bool) -> Option<Judgement> {
    let node = scene.node(router);
    let host = host.trim_start_matches("*.");
    let first = |kind: &str| {
        node.name_rules.iter().find(|rule| asks(rule, kind) && is_below(host, &rule.suffix))
    };
    let is_cut = |rule: &&NameRule| {
        let is_meant = is_asked || rule.suffix != ".";
        is_meant && !rule.edns && matches!(rule.origin, Origin::Written(_))
    };
    let rule = [first("aaaa"), first("a")].into_iter().flatten().find(is_cut)?;
    let headline = text!(
        ja: "`{router}` は `{host}` について、512 バイトを超える DNS 応答を受け取れません",
        en: "`{router}` cannot receive answers of more than 512 bytes for `{host}`",
        router = node.name, host = host,
    );
    let text = text!(ja: "EDNS が有効ではありません", en: "EDNS is not switched on");
    let found = Judgement::new(Verdict::Refuted(None), headline);
    Some(found.blame(Guilt::at(&rule.origin, text)).about([node.name.clone()]).advise(text!(
        ja: "この行の DNS サーバーのそれぞれに `edns=on` を加えてください",
        en: "add `edns=on` behind each server of this line",
    )))
}
