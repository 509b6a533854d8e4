//! F043: the claims computers open only named services to an online-claims terminal.

use std::collections::BTreeSet;

use diag::text;
use model::{Aspect, Aspects, Effect, Effects, NodeId, Outcome, SegmentId};
use pattern::Property;

use crate::group::Groups;
use crate::intrusion::{self, Intrusion};
use crate::judgement::{Judgement, Reason, Verdict};
use crate::named::{by_services, named, unnamed};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F043",
    name: "exposed-claims-terminal",
    property: Property::V1Claims,
    requirement: || {
        text!(
            ja: "レセコン等からオンライン請求端末へは、書かれたサービスだけを開ける",
            en: "the claims computers open only named services to an online-claims terminal",
        )
    },
    explain: || {
        text!(
            ja: "参考資料は、レセプトのファイルがレセコンからオンライン請求端末へどう渡るかを定\
                 めていません（LAN、USB メモリなど）。書かれていないものは閉じておきます。LAN で\
                 渡すなら、使うサービスだけを `[[service]]` に書き、それ以外はルータA か端末のファ\
                 イアウォールで破棄してください。USB メモリなどなら、何も開く必要はありません。",
            en: "The reference document does not say how receipt files get from the claims \
                 computer to the online-claims terminal (over the LAN, on a stick). What is not \
                 spoken of stays closed. If they go over the LAN, name the service in use in \
                 `[[service]]` and discard the rest at Router A or by the terminal's firewall; if \
                 they are carried by hand, nothing has to be open.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::Frames]),
    fears: Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route, Effect::Bridge]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    let requirement = (RULE.requirement)();
    if parties.medical.is_empty() && parties.medical_segments.is_empty() {
        return vec![scene.without_claims_computer(requirement)];
    }
    // What is an eligibility terminal or a claims computer, too, is the matter of F001 and F040.
    let is_other =
        |node: &NodeId| parties.terminals.contains(node) || parties.medical.contains(node);
    let terminals: BTreeSet<NodeId> =
        parties.claims_terminals.iter().copied().filter(|node| !is_other(node)).collect();
    let is_source = |node: &NodeId| !parties.terminals.contains(node) && !terminals.contains(node);
    let inside = parties.medical.iter().chain(&parties.neighbours);
    let inside: Vec<NodeId> = inside.copied().filter(is_source).collect();
    let both = terminals.iter().chain(&inside);
    let mut judgements = scene.unwired(&requirement, both.copied());
    // What a machine may open is part of the question: those with the same services are alike.
    let unwritten = unwritten(scene, &terminals);
    for alike in by_services(scene, inside) {
        let found = Groups::new(scene).each(alike, |from| {
            let mut found = judge(scene, from, &terminals);
            found.extend(judge_unwritten(scene, from, &unwritten));
            found
        });
        for found in found {
            match judgements.iter_mut().find(|one| one.blames_same(&found)) {
                Some(same) => same.merge(&found),
                None => judgements.push(found),
            }
        }
    }
    judgements
}

/// Terminals that stand on a segment without an address that is known, with that segment.
fn unwritten(scene: &Scene<'_>, terminals: &BTreeSet<NodeId>) -> Vec<(SegmentId, NodeId)> {
    let of = |node: NodeId| {
        let interfaces = scene.node(node).interfaces.iter();
        let without = interfaces.filter(|one| one.addresses.iter().all(|own| own.net.is_none()));
        without.filter_map(move |one| Some((one.segment?, node)))
    };
    terminals.iter().copied().flat_map(of).collect()
}

/// What gets to whoever has an address on a segment where a terminal's is not known.
fn judge_unwritten(
    scene: &Scene<'_>,
    from: NodeId,
    unwritten: &[(SegmentId, NodeId)],
) -> Vec<Judgement> {
    let on = |segment| unwritten.iter().find(|(own, _)| *own == segment).map(|(_, node)| *node);
    let named = named(scene, from);
    let intrusion = Intrusion {
        from,
        is_target: &|outcome| match outcome {
            Outcome::OnSegment(segment) => on(segment).is_some(),
            Outcome::Delivered(_) | Outcome::Discarded(_) | Outcome::Lost(_) => false,
        },
        matter: &|leaf| unnamed(&named, leaf),
        headline: &|outcome| {
            text!(
                ja: "`{from}` から {to} へ、書かれていないサービスでもセッションを開けます",
                en: "`{from}` can open sessions to {to} other than the named services",
                from = scene.name(from), to = scene.end(outcome),
            )
        },
    };
    let mut found = intrusion::judge(scene, &intrusion);
    let names: Vec<&str> = unwritten.iter().map(|(_, node)| scene.name(*node)).collect();
    let reason = text!(
        ja: "そこにある {names} のアドレスが書かれていないため、届くかどうか分かりません",
        en: "the address of {names} there is not written, so whether they arrive is not known",
        names = names.join(", "),
    );
    for one in &mut found {
        one.revise(|one| one.verdict = Verdict::Unknown(vec![Reason::new(reason.clone(), None)]));
    }
    found
}

fn judge(scene: &Scene<'_>, from: NodeId, terminals: &BTreeSet<NodeId>) -> Vec<Judgement> {
    let named = named(scene, from);
    let intrusion = Intrusion {
        from,
        is_target: &|outcome| match outcome {
            Outcome::Delivered(node) => terminals.contains(&node),
            Outcome::OnSegment(_) | Outcome::Discarded(_) | Outcome::Lost(_) => false,
        },
        // What arrives inside a session of the terminal's own is the matter of F008 and F033.
        matter: &|leaf| match scene.ends_in_own_session(leaf) {
            true => Vec::new(),
            false => unnamed(&named, leaf),
        },
        headline: &|outcome| {
            text!(
                ja: "`{from}` からオンライン請求端末 {to} へ、書かれていないサービスでもセッショ\
                     ンを開けます",
                en: "`{from}` can open sessions to online-claims terminal {to} other than the \
                     named services",
                from = scene.name(from), to = scene.end(outcome),
            )
        },
    };
    let found = intrusion::judge(scene, &intrusion).into_iter().map(|found| {
        found.advise(text!(
            ja: "レセプトの受け渡しに使うサービスなら `[[service]]` に書き、それ以外はルータか端\
                 末のファイアウォールで破棄してください",
            en: "name the service in `[[service]]` if it hands over the claims; discard the rest \
                 at the router or by the terminal's firewall",
        ))
    });
    found.collect()
}
