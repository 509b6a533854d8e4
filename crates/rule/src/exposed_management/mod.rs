//! F004: no router offers its management or name service to the outside or to the terminals.

use diag::{Severity, Text, text};
use model::{
    Aspect, Aspects, Effect, Effects, Family, Match, NodeId, Outcome, Ranges, Service, ServiceKind,
    StepKind, protocol,
};
use packet_set::{Cube, Field};
use pattern::Property;
use reach::{Exploration, Leaf, Mode, Way};

use crate::forgery;
use crate::group::Groups;
use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::scene::link_local;
use crate::{Kind, Rule, Scene, Witness};

pub(crate) static RULE: Rule = Rule {
    code: "F004",
    name: "exposed-management",
    property: Property::V3,
    requirement: || {
        text!(
            ja: "外部と資格確認端末からは、ルータの管理機能を使えない",
            en: "neither the outside nor a terminal can reach the management of a router",
        )
    },
    explain: || {
        text!(
            ja: "ルータの telnet、SSH、Web 設定画面、DNS などが外部や資格確認端末から使えると、\
                 設定を変えられたり踏み台にされたりします。機器の初期値が「全て許可」のことがあ\
                 るため、使える相手を明示してください。",
            en: "If telnet, SSH, the web pages or the name service of a router answer the \
                 outside or a terminal, its configuration can be changed or the router be \
                 misused. Defaults often admit everybody: say who may use them.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[
        Aspect::FirstPackets,
        Aspect::Replies,
        Aspect::RouterItself,
        Aspect::Frames,
    ]),
    fears: Effects::of(&[
        Effect::Permit,
        Effect::Translate,
        Effect::Route,
        Effect::Bridge,
        Effect::Manage,
    ]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    let requirement = (RULE.requirement)();
    let mut judgements = scene.unmanned(&requirement);
    judgements.extend(scene.without_edge(&requirement));
    judgements.extend(scene.unwired(&requirement, parties.terminals.iter().copied()));
    for from in scene.attackers() {
        judge(scene, *from, &[ServiceKind::Management, ServiceKind::Names], &mut judgements);
    }
    let mut groups = Groups::new(scene);
    for from in &parties.terminals {
        if !groups.is_settled(*from) {
            let is_clean = judge(scene, *from, &[ServiceKind::Management], &mut judgements);
            groups.learn(*from, is_clean);
        }
    }
    judgements
}

/// Adds what is wrong to `out`; true if that is nothing.
fn judge(scene: &Scene<'_>, from: NodeId, kinds: &[ServiceKind], out: &mut Vec<Judgement>) -> bool {
    let attack = scene.attack(from);
    let mut is_found = false;
    for leaf in &attack.leaves {
        let Outcome::Delivered(router) = leaf.outcome else { continue };
        if !scene.blueprint.parties.routers.contains(&router) {
            continue;
        }
        let services = &scene.node(router).services;
        for service in services.iter().filter(|service| kinds.contains(&service.kind)) {
            let parts = usable(scene, from, service, leaf);
            let Some(attempt) = scene.attempt(from, leaf, &parts) else { continue };
            is_found = true;
            let seen = Use { from, router, service, way: &attack.way(leaf), family: leaf.family };
            state(scene, &seen, out, || {
                attempt.shown(scene.witness(Mode::Attack, from, attack, &attempt.leaf))
            });
        }
    }
    let unfinished = |found: &Exploration| {
        let what = text!(
            ja: "ルータの管理機能が使えないことを確かめられません",
            en: "that no router's management can be reached could not be established",
        );
        scene.incomplete(found, what)
    };
    let mut doubt = unfinished(attack);
    let goes_on = !is_found || scene.is_to_be_searched_through();
    if goes_on {
        is_found |= forged(scene, from, kinds, out);
        doubt = doubt.or_else(|| scene.forgeries(from).explorations().find_map(unfinished));
    }
    let is_clean = !is_found && doubt.is_none();
    out.extend(doubt.filter(|_| goes_on));
    is_clean
}

/// Somebody uses a service of a router.
struct Use<'a> {
    from: NodeId,
    router: NodeId,
    service: &'a Service,
    way: &'a [Way],
    family: Family,
}

/// Adds the statement that this is possible to `out`; the witness is asked for where it is shown.
fn state(
    scene: &Scene<'_>,
    seen: &Use<'_>,
    out: &mut Vec<Judgement>,
    witness: impl FnOnce() -> Witness,
) {
    let Use { from, router, service, way, family } = *seen;
    let guilt = blame(scene, from, service, way);
    let headline = headline(scene, from, router, service);
    let about = [scene.name(from).to_owned(), scene.name(router).to_owned()];
    let found = Judgement::new(Verdict::Proved, headline).blame(guilt).about(about);
    let is_same = |one: &&mut Judgement| one.blames_same(&found) || one.headline == found.headline;
    let same = out.iter_mut().find(is_same);
    if same.as_ref().is_some_and(|same| same.is_about(&found.subjects)) {
        return;
    }
    let advice = text!(
        ja: "`{service}` を止めるか、使える相手を院内の管理用アドレスに限ってください",
        en: "stop `{service}`, or admit only the addresses inside that manage it",
        service = service.name,
    );
    let verdict = Verdict::Refuted(Some(witness()));
    let found = Judgement { verdict, ..found }.advise(advice);
    let found = if family == Family::V6 { found.advise(ipv6_advice()) } else { found };
    let is_inside = scene.blueprint.parties.terminals.contains(&from);
    let found = if is_inside { beyond_page(found) } else { found };
    match same {
        Some(same) => same.merge(&found),
        None => out.push(found),
    }
}

/// What a terminal inside reaches: the clause speaks of access from outside.
fn beyond_page(found: Judgement) -> Judgement {
    found.at_most(Severity::Warning).because(text!(
        ja: "ページが求めるのは外部からのアクセスの制限です。端末から管理機能に届かないことは、\
             sekisho の判断で求めています（決定 12）",
        en: "the page asks to restrict access from outside; that a terminal cannot reach the \
             management is asked by sekisho (decision 12)",
    ))
}

/// Uses of services by what gets through as the answer to a packet with a forged source.
fn forged(
    scene: &Scene<'_>,
    from: NodeId,
    kinds: &[ServiceKind],
    out: &mut Vec<Judgement>,
) -> bool {
    let mut is_found = false;
    for router in scene.blueprint.parties.routers.iter().copied() {
        let services = scene.node(router).services.iter();
        for service in services.filter(|service| kinds.contains(&service.kind)) {
            let matter = |leaf: &Leaf, _: &[Way]| match leaf.outcome {
                Outcome::Delivered(node) if node == router => usable(scene, from, service, leaf),
                _ => Vec::new(),
            };
            for one in forgery::passing(scene, from, matter) {
                is_found = true;
                let Some(witness) = one.witness else {
                    let guilt = blame(scene, from, service, one.way_before);
                    let headline = headline(scene, from, router, service);
                    out.push(forgery::unmirrored(headline, &guilt));
                    continue;
                };
                let (way, family) = (one.way_before, one.leaf.family);
                state(scene, &Use { from, router, service, way, family }, out, || witness);
            }
        }
    }
    is_found
}

/// What is easily forgotten where the witness is of IPv6.
fn ipv6_advice() -> Text {
    text!(
        ja: "IPv6 でも届きます。IPv4 の相手を限るだけでは足りません。リンクローカルアドレス\
             （`fe80::/10`）を含む IPv6 の相手を、サービスの設定か IPv6 のフィルターで拒否してくだ\
             さい",
        en: "it is reached over IPv6, so limits on IPv4 senders are not enough: refuse senders of \
             IPv6, link-local ones (`fe80::/10`) among them, in the settings of the service or by \
             a filter for IPv6",
    )
}

/// Addresses that a session can have at its ends.
fn unicast(family: Family) -> Ranges {
    match family {
        Family::V4 => model::is_forwardable(family),
        Family::V6 => model::is_forwardable(family).union(&link_local()),
    }
}

/// Addresses at which the router that took the packets of `leaf` answers sessions; nothing
/// answers them at multicast and broadcast addresses (RFC 1122 section 4.2.3.10).
fn own_addresses(scene: &Scene<'_>, leaf: &Leaf) -> Ranges {
    let Outcome::Delivered(router) = leaf.outcome else { return Ranges::none() };
    let own = scene.node(router).addresses(leaf.family).map(|address| {
        let number = Family::number(address);
        (number, number)
    });
    let own = Ranges::of(own);
    match leaf.family {
        Family::V4 => own,
        Family::V6 => own.union(&link_local()),
    }
}

/// Whether one packet that nobody answers can do harm: management over anything but TCP.
fn is_datagram_management(service: &Service, one: &Match) -> bool {
    let is_tcp = one.protocol.as_ref() == Some(&Ranges::one(protocol::TCP));
    service.kind == ServiceKind::Management && !is_tcp
}

/// What was sent of `arrived`, a part of the packets of `leaf` as they arrive: all of `leaf` if
/// the destination was rewritten on the way, since which of them cannot be told then.
fn as_sent(leaf: &Leaf, arrived: &Cube) -> Cube {
    let is_kept = [Field::Destination, Field::DestinationPort]
        .into_iter()
        .all(|field| leaf.sent.interval(field) == leaf.arrived.interval(field));
    let same = if is_kept { leaf.sent.intersect(arrived) } else { None };
    same.unwrap_or(leaf.sent)
}

/// The packets of `leaf`, as sent, with which `from` can use `service`.
///
/// A TCP session and the name service are of no use to somebody who never sees the answers, so
/// for these the source has to be one for which `from` can answer. A single UDP packet to a
/// management service may already do harm.
fn usable(scene: &Scene<'_>, from: NodeId, service: &Service, leaf: &Leaf) -> Vec<Cube> {
    let usable = service.admits.iter().filter_map(|one| {
        let came_there = one.in_interfaces.as_ref().is_none_or(|interfaces| {
            leaf.interface.is_some_and(|interface| interfaces.contains(&interface))
        });
        let is_blind = is_datagram_management(service, one);
        if !came_there && !is_blind {
            return None;
        }
        let arrived = reach::overlap(leaf.family, &leaf.arrived, one)?;
        if is_blind {
            return Some(as_sent(leaf, &arrived));
        }
        let own = Match {
            family: Some(leaf.family),
            destination: Some(own_addresses(scene, leaf)),
            ..Match::default()
        };
        let sent = as_sent(leaf, &reach::overlap(leaf.family, &arrived, &own)?);
        // Its own address convinces more than others.
        let all = unicast(leaf.family).intersection(&scene.answered_for(from, leaf.family));
        let own = scene.node(from).addresses(leaf.family).map(Family::number);
        let own = Ranges::of(own.map(|own| (own, own))).intersection(&all);
        [own, all].into_iter().find_map(|sources| {
            let answered = Match { source: Some(sources), ..Match::family(leaf.family) };
            reach::overlap(leaf.family, &sent, &answered)
        })
    });
    usable.collect()
}

/// A way around the routers comes first, then the service's own line, if there is one; the
/// lists that let the packet pass take part.
fn blame(scene: &Scene<'_>, from: NodeId, service: &Service, way: &[reach::Way]) -> Guilt {
    let text =
        text!(ja: "`{service}` を開いています", en: "opens `{service}`", service = service.name);
    let own = Suspect::of(&service.origin, text);
    let passed = scene.who_permitted(way);
    if scene.is_around(way) || scene.stands_among_medical(from, way) {
        return Guilt {
            primary: passed.primary,
            others: passed.others.into_iter().chain([own]).collect(),
        };
    }
    let was_filtered = way.iter().any(|step| matches!(step.kind, StepKind::Permitted(..)));
    let mut lists: Vec<Suspect> = passed.primary.into_iter().chain(passed.others).collect();
    if own.span.is_some() {
        return Guilt { primary: Some(own), others: lists };
    }
    if !was_filtered || lists.is_empty() {
        // Nothing in the input opens it: the router's own declaration is the place.
        let node = way.last().map(|step| scene.node(step.node));
        let span = node.and_then(|node| node.origin.span());
        return Guilt { primary: Some(Suspect { span, text: own.text }), others: lists };
    }
    let first = lists.remove(0);
    let others = lists.into_iter().chain([own]).collect();
    Guilt { primary: Some(first), others }
}

fn headline(scene: &Scene<'_>, from: NodeId, router: NodeId, service: &Service) -> Text {
    text!(
        ja: "`{from}` から `{router}` の `{service}` を使えます",
        en: "`{from}` can reach `{service}` of `{router}`",
        from = scene.name(from), router = scene.name(router), service = service.name,
    )
}
