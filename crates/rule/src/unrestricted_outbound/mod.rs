//! F006: sessions to the outside go to listed destinations only.

use diag::{Text, text};
use model::{Aspect, Aspects, Effect, Effects, Match, NodeId, Outcome};
use packet_set::Cube;
use pattern::Property;
use reach::{Leaf, Mode, Way};

use crate::forgery;
use crate::group::Groups;
use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict, Witness};
use crate::named::as_arrived;
use crate::scene::Strangeness;
use crate::subject::destination_question;
use crate::{Kind, Rule, Scene, Who};

pub(crate) static RULE: Rule = Rule {
    code: "F006",
    name: "unrestricted-outbound",
    property: Property::V5,
    requirement: || {
        text!(
            ja: "外部へは、登録した接続先にだけセッションを開ける（端末が自分で張った、閉域網への\
                 セッションの中は除く）",
            en: "sessions to the outside can be opened to listed destinations only (beside what \
                 goes to a closed network inside a session of a machine's own)",
        )
    },
    explain: || {
        text!(
            ja: "内部からどこへでも接続できると、乗っ取られた端末が情報を持ち出したり、外部から\
                 操作されたりします。ルータの外向きのフィルターを、`[destinations]` に書いた接続\
                 先だけに絞ってください。端末が自分で張った、閉域網への PPPoE セッションや IPsec ト\
                 ンネルの中は、どのルータにも見えないため対象外です。",
            en: "If machines inside can reach anything, one that was taken over can carry data \
                 away or be steered from outside. Narrow the router's outbound list to what \
                 `[destinations]` names. What goes to closed networks inside a PPPoE session or an \
                 IPsec tunnel that a machine ends itself is left out, since no router sees it.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::Frames]),
    fears: Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route, Effect::Bridge]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let requirement = (RULE.requirement)();
    let machines = &scene.blueprint.parties.machines;
    let mut judgements = scene.without_edge(&requirement);
    judgements.extend(scene.unwired(&requirement, machines.iter().copied()));
    let each = machines.iter().copied();
    for found in Groups::new(scene).each(each, |machine| judge(scene, machine)) {
        match judgements.iter_mut().find(|one| one.blames_same(&found)) {
            Some(same) => same.merge(&found),
            None => judgements.push(found),
        }
    }
    judgements
}

/// What is wrong with where `machine` can go.
pub(crate) fn judge(scene: &Scene<'_>, machine: NodeId) -> Vec<Judgement> {
    let attack = scene.attack(machine);
    let mut found: Vec<(Strangeness, Judgement)> = Vec::new();
    let mut doubts: Vec<Judgement> = Vec::new();
    for leaf in &attack.leaves {
        doubts.extend(handed_to_nobody(scene, machine, leaf));
        let Outcome::Delivered(outside) = leaf.outcome else { continue };
        let is_outside = scene.blueprint.parties.outside.contains(&outside);
        if !is_outside || scene.begins_in_closed_session(machine, attack.back(leaf).last()) {
            continue;
        }
        let unlisted = Scene::beginnings(leaf.family, unlisted(scene, leaf, outside));
        let surely = Scene::beginnings(leaf.family, surely_unlisted(scene, leaf, outside));
        let Some(attempt) = scene.attempt(machine, leaf, &surely) else {
            if scene.attempt(machine, leaf, &unlisted).is_some() {
                doubts.extend(perhaps_listed(scene, machine, outside));
            }
            continue;
        };
        let wild = &attempt.leaf;
        let way = attack.way(leaf);
        let guilt = match &wild.announced {
            Some(announced) => scene.who_announced(announced, &way),
            None => scene.who_let_out(&way),
        };
        let strangeness = scene.strangeness(machine, wild, &way);
        let same = found.iter_mut().find(|(_, one)| one.guilt.span() == guilt.span());
        if same.as_ref().is_some_and(|(known, _)| *known <= strangeness) {
            continue;
        }
        let witness = attempt.shown(scene.witness(Mode::Attack, machine, attack, wild));
        let judgement = state(scene, machine, witness, guilt);
        match same {
            Some(same) => *same = (strangeness, judgement),
            None => found.push((strangeness, judgement)),
        }
        if scene.is_brief() {
            break;
        }
    }
    if found.is_empty() || scene.is_to_be_searched_through() {
        forged(scene, machine, (&mut found, &mut doubts));
    }
    let mut unsure_of: Vec<Judgement> = Vec::new();
    if found.is_empty() || scene.is_to_be_searched_through() {
        unsure_of.extend(scene.incomplete(attack, unsure(scene, machine)));
        unsure_of.extend(doubts.into_iter().take(1));
    }
    if scene.blueprint.catalogue.destinations.is_empty() {
        return vec![without_list(scene, machine)];
    }
    found.sort_by_key(|(strangeness, _)| *strangeness);
    found.into_iter().map(|(_, judgement)| judgement).chain(unsure_of).collect()
}

/// The site file lists no destination at all: which of those that are open are needed nobody has
/// written yet.
fn without_list(scene: &Scene<'_>, machine: NodeId) -> Judgement {
    let reason = text!(
        ja: "`[destinations]` に接続先が一つも書かれていません",
        en: "`[destinations]` lists no destination at all",
    );
    let question = text!(
        ja: "オンライン資格確認・オンライン請求などの接続先のアドレスとポート",
        en: "addresses and ports of the destinations: eligibility, online claims and so on",
    );
    Judgement::unknown(unsure(scene, machine), reason, scene.blueprint.place)
        .about([scene.name(machine).to_owned()])
        .ask(Who::LineProvider, question)
}

/// What gets out as the answer to a packet with a forged source.
///
/// Only packets whose answers come back are counted: a session needs them, and a router that
/// remembers what goes to the listed destinations, whatever its source, lets single packets out in
/// their name.
fn forged(
    scene: &Scene<'_>,
    machine: NodeId,
    (found, doubts): (&mut Vec<(Strangeness, Judgement)>, &mut Vec<Judgement>),
) {
    let answered = |leaf: &Leaf, way: &[Way], cubes: &dyn Fn(NodeId) -> Vec<Cube>| {
        let Outcome::Delivered(outside) = leaf.outcome else { return Vec::new() };
        if !scene.blueprint.parties.outside.contains(&outside)
            || scene.begins_in_closed_session(machine, way.first().copied())
        {
            return Vec::new();
        }
        let answered = Match {
            source: Some(scene.answered_for(machine, leaf.family)),
            ..Match::family(leaf.family)
        };
        let cubes = cubes(outside).into_iter();
        cubes.filter_map(|cube| reach::overlap(leaf.family, &cube, &answered)).collect()
    };
    let surely = |leaf: &Leaf, way: &[Way]| {
        answered(leaf, way, &|outside| surely_unlisted(scene, leaf, outside))
    };
    let perhaps =
        |leaf: &Leaf, way: &[Way]| answered(leaf, way, &|outside| unlisted(scene, leaf, outside));
    let statements = forgery::Statements {
        matter: &surely,
        guilt: &|way| scene.who_let_out(way),
        state: &|witness, _, guilt| state(scene, machine, witness, guilt),
        unsure: unsure(scene, machine),
    };
    forgery::judge(scene, machine, &statements, (found, doubts));
    if found.is_empty() && scene.nameless().next().is_some() {
        let passing = forgery::passing(scene, machine, perhaps);
        let outside = passing.filter_map(|one| match one.leaf.outcome {
            Outcome::Delivered(outside) => Some(outside),
            _ => None,
        });
        doubts.extend(outside.take(1).filter_map(|one| perhaps_listed(scene, machine, one)));
    }
}

/// The packets of `leaf`, which come to `outside`, that go to no listed destination there.
fn unlisted(scene: &Scene<'_>, leaf: &Leaf, outside: NodeId) -> Vec<Cube> {
    as_arrived(leaf, |cube| scene.listed().outside_of(leaf.family, cube, outside))
}

/// Those of them that go to none whose addresses nobody has written yet, either.
fn surely_unlisted(scene: &Scene<'_>, leaf: &Leaf, outside: NodeId) -> Vec<Cube> {
    let listed = scene.listed();
    as_arrived(leaf, |cube| {
        let unlisted = listed.outside_of(leaf.family, cube, outside);
        listed.outside_of_possible(leaf.family, unlisted, outside)
    })
}

fn unsure(scene: &Scene<'_>, machine: NodeId) -> Text {
    text!(
        ja: "`{from}` の接続先を確かめられません",
        en: "where `{from}` can go could not be established",
        from = scene.name(machine),
    )
}

fn state(scene: &Scene<'_>, machine: NodeId, witness: Witness, guilt: Guilt) -> Judgement {
    let headline = text!(
        ja: "`{from}` から外部の {to} へ、登録されていない接続先にもセッションを開けます",
        en: "`{from}` can open sessions to unlisted destinations on {to}",
        from = scene.name(machine), to = scene.end(witness.outcome),
    );
    Judgement::new(Verdict::Refuted(Some(witness)), headline)
        .blame(guilt)
        .about([scene.name(machine).to_owned()])
        .advise(text!(
            ja: "この行を `[destinations]` の接続先に絞るか、必要な接続先なら `[destinations]` に\
                 加えてください",
            en: "narrow this line to the destinations listed, or list this one if it is needed",
        ))
}

/// What `machine` opens on `outside` may be a destination whose addresses nobody has written yet.
fn perhaps_listed(scene: &Scene<'_>, machine: NodeId, outside: NodeId) -> Option<Judgement> {
    let destination = scene.nameless().next()?;
    let headline = text!(
        ja: "`{from}` から {to} への通信が登録された接続先に限られるか、確かめられません",
        en: "whether `{from}` reaches only listed destinations on {to} is not known",
        from = scene.name(machine), to = scene.end(Outcome::Delivered(outside)),
    );
    let reason = text!(
        ja: "接続先 `{name}` のアドレスが書かれていません",
        en: "destination `{name}` has no addresses",
        name = destination.name,
    );
    let question = destination_question(scene.name(destination.net));
    Some(
        Judgement::unknown(headline, reason, Some(destination.span))
            .ask(question.who, question.text),
    )
}

/// A router hands the packets to a next hop in a zone that nobody in the site file is: it may be
/// another way out.
fn handed_to_nobody(scene: &Scene<'_>, machine: NodeId, leaf: &Leaf) -> Option<Judgement> {
    let Outcome::Lost(segment) = leaf.outcome else { return None };
    if !scene.blueprint.parties.inside_segments.contains(&segment) {
        return None;
    }
    let way = scene.attack(machine).way(leaf);
    if !scene.is_routed(&way) {
        return None;
    }
    let headline = text!(
        ja: "`{from}` の通信が、サイトファイルにない機器に渡ります",
        en: "sessions of `{from}` are handed to a device that the site file does not name",
        from = scene.name(machine),
    );
    let reason = text!(
        ja: "その機器が外部へ送るかどうか分かりません",
        en: "whether that device sends them outside is unknown",
    );
    let guilt = scene.who_discarded(&way, leaf.outcome);
    Some(Judgement::unknown(headline, reason, guilt.span()))
}
