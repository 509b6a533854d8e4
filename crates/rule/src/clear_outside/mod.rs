//! F030: nothing from inside reaches the outside but through the contracted tunnel.

mod names;

use diag::{Text, text};
use model::{Aspect, Aspects, Effect, Effects, Family, Match, NodeId, Outcome, StepKind};
use packet_set::Cube;
use pattern::Property;
use reach::{Leaf, Mode, Way};

use crate::forgery;
use crate::group::Groups;
use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict, Witness};
use crate::named::as_arrived;
use crate::scene::Strangeness;
use crate::tunnel::{Stretch, outer_packets, shapes};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F030",
    name: "clear-outside",
    property: Property::V6,
    requirement: || {
        text!(
            ja: "内部から外部へは、契約した IPsec トンネルだけを通る（切れている間も）",
            en: "nothing from inside reaches the outside but through the contracted tunnel, also \
                 while it is down",
        )
    },
    explain: || {
        text!(
            ja: "IPsec 接続では、内部からの通信はすべて契約したトンネルを通らなければなりません。\
                 トンネルの経路のほかに既定経路があったり、トンネルが切れたときに経路が消える設定\
                 （`hide` など）だと、平文のままインターネットへ出ます。名前解決をルータが平文で中\
                 継するのも同じです。トンネルへの経路を残し、回線側のフィルターで ESP・UDP 500・\
                 UDP 4500 以外を破棄してください。",
            en: "On an IPsec line all that machines inside send has to go through the contracted \
                 tunnel. A default route beside that of the tunnel, or a route that goes away with \
                 the tunnel (`hide` and the like), sends packets to the Internet in clear. So does \
                 a router that asks names in clear for the machines inside. Keep the route to the \
                 tunnel, and discard at the line all but ESP, UDP 500 and UDP 4500.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[
        Aspect::FirstPackets,
        Aspect::Replies,
        Aspect::Frames,
        Aspect::RouterItself,
    ]),
    fears: Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route, Effect::Bridge]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    if scene.blueprint.contract.is_none() {
        return Vec::new();
    }
    let requirement = (RULE.requirement)();
    let mut judgements = scene.without_edge(&requirement);
    let machines = scene.blueprint.parties.machines.iter();
    judgements.extend(scene.unwired(&requirement, machines.clone().copied()));
    let each = machines.copied();
    for found in Groups::new(scene).each(each, |machine| judge(scene, machine)) {
        match judgements.iter_mut().find(|one| one.blames_same(&found)) {
            Some(same) => same.merge(&found),
            None => judgements.push(found),
        }
    }
    judgements.extend(names::judge(scene));
    judgements
}

fn judge(scene: &Scene<'_>, machine: NodeId) -> Vec<Judgement> {
    let attack = scene.attack(machine);
    let mut found: Vec<(Strangeness, Judgement)> = Vec::new();
    let mut doubts: Vec<Judgement> = Vec::new();
    for leaf in &attack.leaves {
        let way = attack.way(leaf);
        doubts.extend(handed_to_nobody(scene, machine, leaf, &way));
        let Outcome::Delivered(outside) = leaf.outcome else { continue };
        if !scene.blueprint.parties.outside.contains(&outside) {
            continue;
        }
        let stretch = scene.last_stretch(&way);
        if stretch == Stretch::Line {
            continue;
        }
        let rest = other_than_outer(scene, leaf);
        let Some(attempt) = scene.attempt(machine, leaf, &rest.foreign) else {
            if scene.attempt(machine, leaf, &rest.unnamed).is_some() {
                doubts.push(unnamed_peer(scene, machine));
            }
            continue;
        };
        let leaf = &attempt.leaf;
        let guilt = match &leaf.announced {
            Some(announced) => scene.who_announced(announced, &way),
            None => scene.who_leaked(&way),
        };
        let strangeness = scene.strangeness(machine, leaf, &way);
        let same = found.iter_mut().find(|(_, one)| one.guilt.span() == guilt.span());
        if same.as_ref().is_some_and(|(known, _)| *known <= strangeness) {
            continue;
        }
        let witness = attempt.shown(scene.witness(Mode::Attack, machine, attack, leaf));
        let judgement = state(scene, machine, (witness, stretch, &way), guilt);
        match same {
            Some(same) => *same = (strangeness, judgement),
            None => found.push((strangeness, judgement)),
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
    found.sort_by_key(|(strangeness, _)| *strangeness);
    found.into_iter().map(|(_, judgement)| judgement).chain(unsure_of).collect()
}

/// What gets out as the answer to a packet with a forged source.
fn forged(
    scene: &Scene<'_>,
    machine: NodeId,
    (found, doubts): (&mut Vec<(Strangeness, Judgement)>, &mut Vec<Judgement>),
) {
    let matter = |leaf: &Leaf, way: &[Way]| match leaf.outcome {
        Outcome::Delivered(outside)
            if scene.blueprint.parties.outside.contains(&outside)
                && scene.last_stretch(way) != Stretch::Line =>
        {
            other_than_outer(scene, leaf).foreign
        }
        _ => Vec::new(),
    };
    let statements = forgery::Statements {
        matter: &matter,
        guilt: &|way| scene.who_leaked(way),
        state: &|witness, way, guilt| {
            state(scene, machine, (witness, scene.last_stretch(way), way), guilt)
        },
        unsure: unsure(scene, machine),
    };
    forgery::judge(scene, machine, &statements, (found, doubts));
}

fn state(
    scene: &Scene<'_>,
    machine: NodeId,
    (witness, stretch, way): (Witness, Stretch, &[Way]),
    guilt: Guilt,
) -> Judgement {
    let headline = headline(scene, machine, witness.outcome, stretch, way);
    Judgement::new(Verdict::Refuted(Some(witness)), headline)
        .blame(guilt)
        .about([scene.name(machine).to_owned()])
        .advise(text!(
            ja: "トンネルが切れていても残る経路かポリシーでトンネルへ送り、回線側の出口のフィルター\
                 では ESP・UDP 500・UDP 4500 だけを契約した相手へ通してください",
            en: "send it to the tunnel by a route or a policy that stays while the tunnel is down, \
                 and let the list at the line pass nothing but ESP, UDP 500 and UDP 4500 to the \
                 contracted peer",
        ))
}

/// What is left of the packets of a leaf without the outer packets of the tunnel.
struct Rest {
    /// Packets that are no outer ones.
    foreign: Vec<Cube>,
    /// Packets that may be outer ones, and others: the peer's address is not known.
    unnamed: Vec<Cube>,
}

/// The packets of `leaf` that are no outer packets to the contracted peer. An echo reply is one of
/// them although it begins nothing: it carries what its sender likes, and nobody has to have asked.
fn other_than_outer(scene: &Scene<'_>, leaf: &Leaf) -> Rest {
    let (peers, is_known) = scene.peers();
    let without = |matches: &[Match]| {
        as_arrived(leaf, |cube| {
            let all = Scene::without_errors(leaf.family, vec![cube]);
            matches.iter().fold(all, |rest, one| reach::without(leaf.family, rest, one))
        })
    };
    let rest = without(&outer_packets(&peers, leaf.family));
    if is_known || scene.blueprint.line_tunnels.is_empty() {
        return Rest { foreign: rest, unnamed: Vec::new() };
    }
    Rest { foreign: without(&shapes(Match::family(leaf.family))), unnamed: rest }
}

fn headline(
    scene: &Scene<'_>,
    machine: NodeId,
    outcome: Outcome,
    stretch: Stretch,
    way: &[Way],
) -> Text {
    let (from, to) = (scene.name(machine), scene.end(outcome));
    if let Stretch::Other(node, door) = stretch {
        return text!(
            ja: "`{from}` から、契約したものではないトンネル `{door}` を通って {to} に届きます",
            en: "`{from}` reaches {to} through `{door}`, which is not the contracted tunnel",
            from = from, to = to, door = scene.node(node).interface(door).name,
        );
    }
    let is_down = way.iter().any(|step| {
        let is_gone = matches!(
            step.kind,
            StepKind::Vanished(..)
                | StepKind::PolicyVanished(_)
                | StepKind::Secured(model::SecurityStep::Absent(_))
        );
        is_gone && scene.blueprint.line_tunnels.iter().any(|one| one.node == step.node)
    });
    if is_down {
        text!(
            ja: "トンネルが切れている間、`{from}` から平文で {to} に届きます",
            en: "while the tunnel is down, `{from}` reaches {to} in clear",
            from = from, to = to,
        )
    } else {
        text!(
            ja: "`{from}` から、トンネルを通らずに平文で {to} に届きます",
            en: "`{from}` reaches {to} in clear, past the tunnel",
            from = from, to = to,
        )
    }
}

fn unsure(scene: &Scene<'_>, machine: NodeId) -> Text {
    text!(
        ja: "`{from}` から平文で外部に届かないことを確かめられません",
        en: "whether `{from}` reaches the outside in clear could not be established",
        from = scene.name(machine),
    )
}

/// Packets that look like those of the tunnel pass, but to which address they should go is not
/// known.
fn unnamed_peer(scene: &Scene<'_>, machine: NodeId) -> Judgement {
    let span = scene.blueprint.contract.as_ref().map(|contract| contract.span);
    let reason = text!(
        ja: "トンネルの相手のアドレスが分からず、外へ出る ESP・IKE が契約した相手へのものか判断で\
             きません",
        en: "the address of the tunnel's peer is not known, so whether the ESP and IKE that leave \
             are for it cannot be told",
    );
    Judgement::unknown(unsure(scene, machine), reason, span).advise(text!(
        ja: "`[line]` の `peer` にアドレスを書くか、`[destinations]` に相手の名前とアドレスを書い\
             てください",
        en: "write the address as `peer` of `[line]`, or name and address of the peer under \
             `[destinations]`",
    ))
}

/// A router hands the packets to a next hop in a zone that nobody in the site file is: it may be
/// another way out.
fn handed_to_nobody(
    scene: &Scene<'_>,
    machine: NodeId,
    leaf: &Leaf,
    way: &[Way],
) -> Option<Judgement> {
    let Outcome::Lost(segment) = leaf.outcome else { return None };
    let is_inside = scene.blueprint.parties.inside_segments.contains(&segment);
    if !is_inside || !scene.is_routed(way) {
        return None;
    }
    let guilt = scene.who_discarded(way, leaf.outcome);
    let reason = text!(
        ja: "サイトファイルにない機器に渡しており、その先は分かりません",
        en: "it is handed to a device that the site file does not name; what follows is unknown",
    );
    Some(Judgement::unknown(unsure(scene, machine), reason, guilt.span()))
}

/// The addresses of one family as one box of destinations.
fn destinations(family: Family, addresses: &[std::net::IpAddr]) -> Vec<Cube> {
    let own = addresses.iter().filter(|address| Family::of(**address) == family);
    own.map(|address| {
        let number = packet_set::Interval::single(Family::number(*address));
        reach::universe(family).with(packet_set::Field::Destination, number)
    })
    .collect()
}
