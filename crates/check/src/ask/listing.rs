//! Everything that somebody reaches.

use design::Blueprint;
use model::{Family, Network, Outcome};
use packet_set::Field;
use reach::{Atlas, Exploration, Leaf, Limits, Start};
use rule::{Focus, Scene};
use site::Date;

use super::end::End;
use super::{AskError, Doubt, doubts, reading, unmirrored};
use crate::assemble::{Assembled, Reading};
use crate::load::{ConfigFile, Loaded};

/// Everything that somebody reaches.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The sources of the run, for the spans.
    pub sources: diag::Sources,
    /// What is reached, by target.
    pub list: Vec<Reachable>,
    /// What was not read, or is not modelled: the list may lack something because of it.
    pub doubts: Vec<Doubt>,
}

/// Something that can be reached.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reachable {
    /// A machine, a router, a zone or a network outside.
    pub target: String,
    /// Version of IP.
    pub family: Family,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, or `other` for all that have no ports.
    pub protocol: String,
    /// Destination ports, such as `445` or `0-65535`.
    pub ports: String,
    /// Services of a router that answer, with the line that opens each.
    pub services: Vec<String>,
    /// Whether it is reached only while another session lives.
    pub needs_session: bool,
}

/// Everything that an attacker at `from` reaches, by target; for a zone, one at any of its
/// machines. `today` decides as for [`ask`].
///
/// # Errors
/// When nobody has the name `from`.
pub fn reachable(
    loaded: Loaded,
    files: &[ConfigFile],
    from: &str,
    today: Option<Date>,
) -> Result<Reached, AskError> {
    let assembled = Assembled::new(loaded, files, today);
    let Reading { blueprint, diagnostics } = assembled.lower(&assembled.readings);
    let Listing { list, is_complete, is_unmirrored } = listing(&assembled, &blueprint, from)?;
    let mut doubts = doubts(&assembled, &blueprint, &diagnostics, is_complete);
    if is_unmirrored {
        doubts.push(unmirrored(&blueprint));
    }
    let again = |other: &Blueprint| listing(&assembled, other, from).ok();
    doubts.extend(reading::doubts(&assembled, &blueprint, again, |other, _| {
        other.is_none_or(|other| {
            let is_new = |one: &Reachable| list.binary_search(one).is_err();
            !other.is_complete
                || other.is_unmirrored && !is_unmirrored
                || other.list.iter().any(is_new)
        })
    }));
    Ok(Reached { sources: assembled.shown_sources(), list, doubts })
}

/// What somebody reaches on one network.
struct Listing {
    list: Vec<Reachable>,
    is_complete: bool,
    /// Whether more may be reached that no two packets can show.
    is_unmirrored: bool,
}

/// What an attacker at `from` reaches on the site of `blueprint`.
fn listing(assembled: &Assembled, blueprint: &Blueprint, from: &str) -> Result<Listing, AskError> {
    let network = &blueprint.network;
    let senders = End::all_senders(blueprint, &assembled.site, from)?;
    let atlas = Atlas::new(network);
    let scene = Scene::new(blueprint, &atlas, Limits::default(), Focus::All);
    let mut list: Vec<Reachable> = Vec::new();
    let (mut is_complete, mut is_unmirrored) = (true, false);
    for sender in senders {
        let mut start = Start::attack(sender);
        start.follows_announced = true;
        let found = reach::explore(&atlas, &start, &scene.limits);
        is_complete &= found.is_complete;
        let possible =
            found.leaves.iter().filter_map(|leaf| scene.attempt(sender, leaf, &[leaf.sent]));
        list.extend(
            possible.filter_map(|one| describe(network, &one.leaf, one.leaf.announced.is_some())),
        );
        let made_up = scene.forged(sender, |leaf| match is_listed(&found, leaf) {
            true => Vec::new(),
            false => vec![leaf.sent],
        });
        is_complete &= made_up.is_complete;
        is_unmirrored |= made_up.is_unmirrored;
        let made_up = made_up.attempts.iter();
        list.extend(made_up.filter_map(|one| describe(network, &one.leaf, true)));
    }
    list.sort();
    list.dedup();
    // What is reached at any time needs no session.
    let always: Vec<Reachable> = list.iter().filter(|one| !one.needs_session).cloned().collect();
    let is_new = |one: &Reachable| {
        let plain = Reachable { needs_session: false, ..one.clone() };
        !one.needs_session || always.binary_search(&plain).is_err()
    };
    list.retain(is_new);
    Ok(Listing { list, is_complete, is_unmirrored })
}

/// Whether a leaf of `found` holds all packets of `leaf` for its end, as far as they are listed.
fn is_listed(found: &Exploration, leaf: &Leaf) -> bool {
    let holds = |one: &Leaf, field| {
        let (wide, narrow) = (one.sent.interval(field), leaf.sent.interval(field));
        wide.lo() <= narrow.lo() && narrow.hi() <= wide.hi()
    };
    found.leaves.iter().any(|one| {
        one.outcome == leaf.outcome
            && one.family == leaf.family
            && one.announced.is_none()
            && holds(one, Field::Protocol)
            && holds(one, Field::DestinationPort)
    })
}

fn describe(network: &Network, leaf: &Leaf, needs_session: bool) -> Option<Reachable> {
    let (target, services) = match leaf.outcome {
        Outcome::Delivered(node) => {
            let node = network.node(node);
            let offered = node.services.iter().filter(|service| {
                let admits = &service.admits;
                admits.iter().any(|one| {
                    let came_there = one.in_interfaces.as_ref().is_none_or(|interfaces| {
                        leaf.interface.is_some_and(|own| interfaces.contains(&own))
                    });
                    came_there && reach::overlap(leaf.family, &leaf.arrived, one).is_some()
                })
            });
            (node.name.clone(), offered.map(|service| service.name.clone()).collect())
        }
        Outcome::OnSegment(segment) => (network.segment(segment).name.clone(), Vec::new()),
        Outcome::Discarded(_) | Outcome::Lost(_) => return None,
    };
    let range = |field| {
        let interval = leaf.sent.interval(field);
        if interval.lo() == interval.hi() {
            interval.lo().to_string()
        } else {
            format!("{}-{}", interval.lo(), interval.hi())
        }
    };
    let numbers = leaf.sent.interval(Field::Protocol);
    let protocol = match (numbers.lo(), numbers.hi()) {
        (6, 6) => "tcp",
        (17, 17) => "udp",
        (1, 1) if leaf.family == Family::V4 => "icmp",
        (58, 58) if leaf.family == Family::V6 => "icmpv6",
        _ => "other",
    };
    let protocol = protocol.to_owned();
    let ports = range(Field::DestinationPort);
    Some(Reachable { target, family: leaf.family, protocol, ports, services, needs_session })
}
