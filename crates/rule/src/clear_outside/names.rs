//! Names that a router asks in clear for the machines inside.

use std::net::IpAddr;

use diag::{Text, text};
use model::{Asking, Family, NameRule, NodeId, Outcome, ServiceKind, flags, protocol};
use packet_set::{Cube, Field, Interval};
use reach::{Exploration, Leaf, Mode, Start, exactly, explore, overlap, universe};

use crate::group::Groups;
use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::tunnel::Stretch;
use crate::{Scene, Suspect, Who};

/// The port of name service.
const DOMAIN: u16 = 53;

/// One refutation for each rule by which a router asks a server in clear; where no rule says whom
/// it asks, it may be anybody.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Judgement> {
    let routers = scene.blueprint.parties.routers.iter();
    let asked = routers.filter(|router| is_asked(scene, **router));
    asked
        .flat_map(|router| {
            let rules = &scene.node(*router).name_rules;
            let asking = || rules.iter().filter(|rule| rule.asking != Asking::Nobody);
            let told = asking().filter_map(|rule| leaked(scene, *router, rule));
            let untold = asking().next().is_none().then(|| untold(scene, *router)).flatten();
            told.chain(untold).collect::<Vec<_>>()
        })
        .collect()
}

/// That nothing says whom `router` asks, if it can ask anybody outside in clear.
fn untold(scene: &Scene<'_>, router: NodeId) -> Option<Judgement> {
    let services = &scene.node(router).services;
    let service = services.iter().find(|one| one.kind == ServiceKind::Names)?;
    let name = scene.name(router);
    let mut start = Start::originate(router, queries(scene, router, &[]));
    start.follows_outages = true;
    let found = explore(scene.atlas, &start, &scene.limits);
    let headline = text!(
        ja: "`{router}` が内部の端末の名前解決を平文で外部に問い合わせないか確かめられません",
        en: "whether `{router}` asks names for the machines inside in clear is not known",
        router = name,
    );
    if !found.leaves.iter().any(|leaf| is_clear(scene, &found, leaf)) {
        return scene.incomplete(&found, headline);
    }
    let reason = text!(
        ja: "どのサーバに問い合わせるか書かれておらず、外部へは平文で問い合わせられます",
        en: "no line says which servers it asks, and its questions can leave in clear",
    );
    let judgement = Judgement::unknown(headline, reason, service.origin.span());
    Some(judgement.about([name.to_owned()]).advise(remedy()).ask(
        Who::Installer,
        text!(
            ja: "`{router}` が問い合わせる DNS サーバ",
            en: "the name servers that `{router}` asks",
            router = name,
        ),
    ))
}

fn is_clear(scene: &Scene<'_>, found: &Exploration, leaf: &Leaf) -> bool {
    let outside = &scene.blueprint.parties.outside;
    matches!(leaf.outcome, Outcome::Delivered(node) if outside.contains(&node))
        && scene.last_stretch(&found.way(leaf)) != Stretch::Line
}

fn remedy() -> Text {
    text!(
        ja: "トンネルの先のサーバだけに問い合わせるか、ルータの名前解決を止めて端末から直接問い\
             合わせてください",
        en: "ask servers behind the tunnel only, or switch name service off and let the machines \
             ask themselves",
    )
}

/// Whether a machine inside can ask `router` for names.
fn is_asked(scene: &Scene<'_>, router: NodeId) -> bool {
    let services = scene.node(router).services.iter();
    let admits: Vec<_> = services
        .filter(|service| service.kind == ServiceKind::Names)
        .flat_map(|service| &service.admits)
        .collect();
    let is_query = |leaf: &Leaf| {
        leaf.outcome == Outcome::Delivered(router)
            && admits.iter().any(|one| overlap(leaf.family, &leaf.arrived, one).is_some())
    };
    let mut groups = Groups::new(scene);
    let mut asks = |machine: NodeId| {
        if groups.is_settled(machine) {
            return false;
        }
        let attack = scene.attack(machine);
        let is_asking = !attack.is_complete || attack.leaves.iter().any(is_query);
        groups.learn(machine, !is_asking);
        is_asking
    };
    let mut machines = scene.blueprint.parties.machines.iter();
    !admits.is_empty() && machines.any(|machine| asks(*machine))
}

/// A query of `router` by `rule` that reaches the outside in clear.
fn leaked(scene: &Scene<'_>, router: NodeId, rule: &NameRule) -> Option<Judgement> {
    let mut start = Start::originate(router, queries(scene, router, &rule.servers));
    start.follows_outages = true;
    let found = explore(scene.atlas, &start, &scene.limits);
    let headline = text!(
        ja: "`{router}` が内部の端末の名前解決を平文で外部に問い合わせます",
        en: "`{router}` asks names for the machines inside in clear",
        router = scene.name(router),
    );
    let Some(leaf) = found.leaves.iter().find(|leaf| is_clear(scene, &found, leaf)) else {
        return scene.incomplete(&found, headline);
    };
    let way = found.way(leaf);
    let mut guilt = Guilt::at(
        &rule.origin,
        text!(ja: "この行のサーバに問い合わせます", en: "asks the servers of this line"),
    );
    let others = scene.who_leaked(&way);
    let known = guilt.span();
    let is_other = |one: &Suspect| one.span.is_some() && one.span != known;
    guilt.others = others.primary.into_iter().chain(others.others).filter(is_other).collect();
    let witness = scene.witness(Mode::Originate, router, &found, leaf);
    let judgement = Judgement::new(Verdict::Refuted(Some(witness)), headline);
    Some(judgement.blame(guilt).about([scene.name(router).to_owned()]).advise(remedy()))
}

/// Queries to `servers`, or to any server where they are learned from the line.
fn queries(scene: &Scene<'_>, router: NodeId, servers: &[IpAddr]) -> Vec<(Family, Cube)> {
    let node = scene.node(router);
    let mut packets = Vec::new();
    for family in Family::ALL {
        let all = if servers.is_empty() {
            vec![universe(family)]
        } else {
            super::destinations(family, servers)
        };
        for own in node.addresses(family) {
            let source = Interval::single(Family::number(own));
            for cube in &all {
                let query = |number: u8, flags: u8| {
                    cube.with(Field::Source, source)
                        .with(Field::Protocol, Interval::single(u128::from(number)))
                        .with(Field::SourcePort, Interval::new(1_024, 65_535))
                        .with(Field::DestinationPort, Interval::single(u128::from(DOMAIN)))
                        .with(Field::TcpFlags, exactly(flags))
                };
                packets.push((family, query(protocol::UDP, 0)));
                packets.push((family, query(protocol::TCP, flags::SYN)));
            }
        }
    }
    packets
}
