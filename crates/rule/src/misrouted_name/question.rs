//! Whether the question of a machine gets to the router that it asks.

use std::net::IpAddr;

use design::Ports;
use diag::text;
use model::{Family, Interface, Net, Node, NodeId, Outcome, ServiceKind, protocol};
use packet_set::Interval;
use reach::{Leaf, Mode};

use super::DOMAIN;
use crate::Scene;
use crate::flows::{self, Trial};
use crate::judgement::{Judgement, Verdict};
use crate::names::Asked;

/// What is wrong with the way of the questions that `asked` sends to `router`; `None` if one of
/// them gets there, or if no address of both is known.
pub(super) fn lost(scene: &Scene<'_>, asked: &Asked, router: NodeId) -> Option<Judgement> {
    scene.atlas.go_beyond_attacks();
    let trials = tried(scene, asked, router);
    let answers = |leaf: &Leaf| is_answered(scene, router, leaf);
    let works = |trial: &Trial| {
        let found = &trial.found;
        found.is_complete && !found.leaves.is_empty() && found.leaves.iter().all(answers)
    };
    if trials.iter().any(works) {
        return None;
    }
    let trial = trials.first()?;
    let names = [scene.name(asked.machine).to_owned(), scene.name(router).to_owned()];
    let headline = text!(
        ja: "`{machine}` からの DNS の問い合わせは `{router}` に届きません",
        en: "the questions of `{machine}` for names do not reach `{router}`",
        machine = names[0], router = names[1],
    );
    let failed = trial.found.leaves.iter().find(|leaf| !answers(leaf));
    let Some(leaf) = failed.filter(|_| trial.found.is_complete) else {
        let reason = text!(
            ja: "この問い合わせを最後まで追えません",
            en: "the way of the question could not be followed to its end",
        );
        return Some(Judgement::unknown(headline, reason, asked.span).about(names));
    };
    let witness = scene.witness(Mode::Originate, asked.machine, &trial.found, leaf);
    let guilt = scene.who_discarded(&witness.way, witness.outcome);
    let judgement = Judgement::new(Verdict::Refuted(Some(witness)), headline).blame(guilt);
    Some(judgement.about(names).advise(text!(
        ja: "端末側のインターフェースのフィルターで、ルータ自身への UDP 53 を通してください",
        en: "let UDP 53 to the router itself pass at the interface towards the machine",
    )))
}

/// The question sent from each address of the machine to each at which it may ask.
fn tried(scene: &Scene<'_>, asked: &Asked, router: NodeId) -> Vec<Trial> {
    let machine = scene.node(asked.machine);
    let targets = match asked.address {
        Some(address) => vec![address],
        None => beside(scene.node(router), machine),
    };
    let ports = Ports::Range(protocol::UDP, DOMAIN, DOMAIN);
    let mut trials = Vec::new();
    for target in targets {
        let family = Family::of(target);
        let near = beside(machine, scene.node(router)).into_iter();
        let mut sources: Vec<IpAddr> = near.filter(|own| Family::of(*own) == family).collect();
        if sources.is_empty() && asked.address.is_some() {
            sources = machine.addresses(family).collect();
        }
        let to = (family, Interval::single(Family::number(target)));
        let each = sources.into_iter();
        trials.extend(each.map(|source| {
            flows::attempt(scene, asked.machine, router, &[source], to, ports, None)
        }));
    }
    trials
}

/// Addresses of `node` on segments of `other`.
fn beside(node: &Node, other: &Node) -> Vec<IpAddr> {
    let segments: Vec<_> = other.interfaces.iter().filter_map(|one| one.segment).collect();
    let is_beside = |one: &&Interface| one.segment.is_some_and(|own| segments.contains(&own));
    let own = node.interfaces.iter().filter(|one| one.enabled).filter(is_beside);
    own.flat_map(|one| &one.addresses).filter_map(|own| own.net).map(Net::address).collect()
}

/// Whether the packets of `leaf` come to the name service of `router`.
fn is_answered(scene: &Scene<'_>, router: NodeId, leaf: &Leaf) -> bool {
    let node = scene.node(router);
    let mut services = node.services.iter().filter(|one| one.kind == ServiceKind::Names);
    let admits = |one: &model::Match| {
        let is_heard = one
            .in_interfaces
            .as_ref()
            .is_none_or(|interfaces| leaf.interface.is_some_and(|own| interfaces.contains(&own)));
        is_heard && reach::overlap(leaf.family, &leaf.arrived, one).is_some()
    };
    leaf.outcome == Outcome::Delivered(router)
        && services.any(|service| service.admits.iter().any(admits))
}
