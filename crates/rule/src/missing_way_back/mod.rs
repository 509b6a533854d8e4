//! F014: who receives the first packet of an allowed session knows the way back.

use std::net::IpAddr;

use diag::{Text, text};
use model::{
    AddressSource, Aspect, Aspects, Effect, Effects, Family, Net, NodeKind, Outcome, Segment,
    StepKind,
};
use packet_set::Field;
use pattern::Property;
use reach::{Exploration, Leaf, Mode};

use crate::answer::Departure;
use crate::counterpart;
use crate::flows::{Trial, written};
use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Remedy, Verdict};
use crate::tried::Answered;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F014",
    name: "missing-way-back",
    property: Property::V7,
    requirement: || {
        text!(
            ja: "許可したセッションの応答が、経路がないために失われることはない",
            en: "no answer of an allowed session is lost because a way back is missing",
        )
    },
    explain: || {
        text!(
            ja: "行きの経路だけを設定し、戻りの経路を忘れることはよくあります。最初のパケットは\
                 届きますが、応答は別の方向に送られるか、宛先への経路がないため破棄されます。経\
                 路を持っていない機器と、そこに加える経路を示します。",
            en: "Often only the way there is configured and the way back forgotten. The first \
                 packet arrives, but the answer is sent elsewhere or discarded for want of a \
                 route. The device that lacks the route is shown, with the route to add.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[
        Aspect::FirstPackets,
        Aspect::Replies,
        Aspect::RouterItself,
        Aspect::Frames,
    ]),
    fears: Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route, Effect::Stall]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let mut judgements: Vec<Judgement> = Vec::new();
    for Answered { trial, leaf, found: answers, .. } in scene.answered() {
        if !trial.works() {
            continue;
        }
        let Some(found) = judge(scene, trial, leaf, answers) else { continue };
        let same = judgements.iter_mut().find(|one| {
            one.headline == found.headline || one.blames_same(&found) && one.helps == found.helps
        });
        match same {
            Some(same) => same.merge(&found),
            None => judgements.push(found),
        }
        if scene.is_brief() {
            return judgements;
        }
    }
    judgements.extend(scene.held_up(&(RULE.requirement)(), scene.ways()));
    judgements.extend(scene.untried().judgement(&(RULE.requirement)()));
    judgements
}

fn judge(
    scene: &Scene<'_>,
    trial: &Trial,
    leaf: &Leaf,
    answers: &Exploration,
) -> Option<Judgement> {
    let mut lost = answers
        .leaves
        .iter()
        .filter(|one| one.outcome != Outcome::Delivered(trial.from))
        .peekable();
    lost.peek()?;
    let forth = trial.found.way(leaf);
    let (lost, back, departure) = lost.find_map(|one| {
        let back = answers.way(one);
        let departure = scene.departure(&forth, &back)?;
        Some((one, back, departure))
    })?;
    let first = counterpart::of(leaf, lost, true);
    let mut witness = scene.witness(Mode::Originate, trial.from, &trial.found, &first);
    let home = Home::of(scene, trial, leaf);
    let headline = text!(
        ja: "`{node}` に{home}への戻りの経路がなく、`{to}` から `{from}` への応答が届きません（\
             {ports}）",
        en: "`{node}` has no way back to {home}: answers from `{to}` to `{from}` are lost \
             ({ports})",
        node = scene.name(departure.node), home = home.title(), to = scene.name(trial.to),
        from = scene.name(trial.from), ports = written(trial.ports),
    );
    let guilt = guilt(scene, &departure, &scene.who_discarded(&back, lost.outcome));
    let names = [departure.node, trial.from, trial.to].map(|node| scene.name(node).to_owned());
    witness.answer = Some((lost.outcome, back));
    let found = Judgement::new(Verdict::Refuted(Some(witness)), headline).blame(guilt).about(names);
    Some(advise(scene, &departure, &home, found))
}

/// The device that lacks the route, the route that it takes instead, and who loses the answer.
fn guilt(scene: &Scene<'_>, departure: &Departure, loser: &Guilt) -> Guilt {
    let node = scene.node(departure.node);
    let lacks = text!(
        ja: "`{node}` に戻りの経路がありません", en: "`{node}` lacks the way back",
        node = node.name,
    );
    let place = match node.kind {
        NodeKind::Machine => &node.interface(departure.came_on).origin,
        NodeKind::Router | NodeKind::Outside => &node.origin,
    };
    let mut guilt = Guilt::at(place, lacks);
    let instead = departure.instead.map(|route| {
        let text = text!(
            ja: "応答はこの経路に送られます", en: "this route takes the answer instead",
        );
        Suspect::of(&node.routes[route].origin, text)
    });
    for other in instead.into_iter().chain(loser.primary.clone()) {
        let is_known =
            guilt.primary.iter().chain(&guilt.others).any(|known| known.span == other.span);
        if other.span.is_some() && !is_known {
            guilt.others.push(other);
        }
    }
    guilt
}

/// Where the first packet came from.
struct Home<'a> {
    segment: Option<&'a Segment>,
    /// Its prefix, where that is written and not learned.
    prefix: Option<Net>,
}

impl<'a> Home<'a> {
    fn of(scene: &'a Scene<'_>, trial: &Trial, leaf: &Leaf) -> Self {
        let address = leaf.family.address(leaf.sent.interval(Field::Source).lo());
        let sent = trial.found.way(leaf).into_iter().find_map(|step| match step.kind {
            StepKind::Sent(interface) if step.node == trial.from => Some(interface),
            _ => None,
        });
        let interface = sent.map(|index| scene.node(trial.from).interface(index));
        let segment = interface
            .and_then(|interface| interface.segment)
            .map(|segment| scene.blueprint.network.segment(segment));
        let is_written = |interface: &&model::Interface| {
            interface.addresses.iter().any(|own| {
                own.source == AddressSource::Static
                    && own.net.is_some_and(|net| net.address() == address)
            })
        };
        let prefix = interface
            .filter(is_written)
            .and(segment)
            .and_then(|segment| segment.nets.iter().find(|net| net.contains(address)))
            .map(|net| net.prefix());
        Self { segment, prefix }
    }

    fn title(&self) -> Text {
        match self.segment {
            Some(segment) => text!(
                ja: "ゾーン `{zone}` ", en: "zone `{zone}`", zone = segment.name,
            ),
            None => text!(ja: "送信元", en: "where the session came from"),
        }
    }
}

fn advise(
    scene: &Scene<'_>,
    departure: &Departure,
    home: &Home<'_>,
    found: Judgement,
) -> Judgement {
    let family = home.prefix.map_or(Family::V4, Net::family);
    let neighbour = departure.before.map(|(node, _)| scene.name(node));
    let via = departure.before.and_then(|(node, interface)| {
        let addresses = &scene.node(node).interface(interface).addresses;
        let written = addresses.iter().filter(|own| own.source == AddressSource::Static);
        written.filter_map(|own| own.net).map(Net::address).find(|own| Family::of(*own) == family)
    });
    let node = scene.node(departure.node);
    if node.kind == NodeKind::Machine {
        let to = home.segment.map_or("", |segment| segment.name.as_str());
        let found = found.advise(text!(
            ja: "`{node}` のこの NIC に `routes = [{{ to = \"{to}\", via = \"{via}\" }}]` を加え、\
                 実機にも同じ静的経路を設定してください",
            en: "add `routes = [{{ to = \"{to}\", via = \"{via}\" }}]` to this interface of \
                 `{node}`, and set the same static route on the machine itself",
            node = node.name, to = to, via = neighbour.unwrap_or("?"),
        ));
        return persist(home.prefix, via, found);
    }
    let remedy = match (home.prefix, via) {
        (Some(prefix), Some(via)) => Some(Remedy::Route { router: departure.node, prefix, via }),
        _ => None,
    };
    if remedy.is_some() {
        return found.remedy(remedy);
    }
    found.advise(text!(
        ja: "`{node}` に、{home}への静的経路を `{via}` に向けて設定してください",
        en: "give `{node}` a static route to {home} by way of `{via}`",
        node = node.name, home = home.title(), via = neighbour.unwrap_or("?"),
    ))
}

/// The same on Windows, which most terminals run.
fn persist(prefix: Option<Net>, via: Option<IpAddr>, found: Judgement) -> Judgement {
    let (Some(prefix), Some(via)) = (prefix, via) else { return found };
    if prefix.family() != Family::V4 {
        return found;
    }
    let mask = u32::MAX.checked_shl(32 - u32::from(prefix.length())).unwrap_or(0);
    found.advise(text!(
        ja: "Windows の端末では `route -p add {net} mask {mask} {via}` です",
        en: "on a Windows terminal that is `route -p add {net} mask {mask} {via}`",
        net = prefix.address(), mask = IpAddr::V4(mask.into()), via = via,
    ))
}
