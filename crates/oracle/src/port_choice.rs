//! Ports that a translator may choose, as few as tell all differences.
//!
//! A translator that may choose any port has 65,536 choices. Conditions compare ports only
//! with the ends of their ranges, and session tables only with ports that they hold: so the
//! first port of every stretch between such ends stands for the stretch.

use std::collections::BTreeSet;

use model::{Match, Network, Node, PortRewrite, Rewrite, StageKind};

use crate::memory::Memory;

/// How often a shifted port may be shifted again and still be told apart.
const SHIFT_ROUNDS: usize = 2;

/// The first port of every stretch of ports that the conditions of `network` do not tell apart.
pub(crate) fn stretches(network: &Network) -> Vec<u16> {
    let mut starts = BTreeSet::from([0]);
    for node in &network.nodes {
        for condition in conditions(node) {
            for ranges in [&condition.source_port, &condition.destination_port] {
                let ends = ranges.iter().flat_map(|ranges| ranges.as_slice());
                let of_range = |(low, high): &(u128, u128)| [*low, high.saturating_add(1)];
                starts.extend(ends.flat_map(of_range).filter_map(|end| u16::try_from(end).ok()));
            }
        }
    }
    for _ in 0..SHIFT_ROUNDS {
        for (from, to) in network.nodes.iter().flat_map(|node| shifts(node)) {
            let unshifted = |end: &u16| end.wrapping_sub(to).wrapping_add(from);
            starts.extend(starts.iter().map(unshifted).collect::<Vec<_>>());
            starts.extend([from, from.wrapping_sub(to)]);
        }
    }
    starts.into_iter().collect()
}

/// The stretches, cut once more at the ports that `memory` holds.
pub(crate) fn choices(stretches: &[u16], memory: &Memory<'_>) -> Vec<u16> {
    let translated = memory.translated.iter().flat_map(|one| [one.before, one.after]);
    let flows = memory.flows().chain(translated.map(|packet| crate::memory::Flow::of(&packet)));
    let held = flows.flat_map(crate::memory::Flow::ports);
    let cuts = held.flat_map(|port| [port, port.wrapping_add(1)]);
    let all: BTreeSet<u16> = stretches.iter().copied().chain(cuts).collect();
    all.into_iter().collect()
}

/// Every condition of a node that can be put to a packet.
fn conditions(node: &Node) -> impl Iterator<Item = &Match> {
    let entries = node.acls.iter().flat_map(|acl| &acl.entries);
    let rules = node.translations.iter().flat_map(|translation| &translation.rules);
    let stages = node.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
    let triggers = stages.flat_map(|stage| match &stage.kind {
        StageKind::Open(_, triggers) => &triggers[..],
        StageKind::Filter(_) | StageKind::Track(_) | StageKind::Translate(_) => &[],
    });
    let of_triggers = triggers.flat_map(|trigger| {
        trigger.matches.iter().chain(trigger.related.iter().flat_map(|related| &related.matches))
    });
    entries
        .flat_map(|entry| &entry.matches)
        .chain(rules.flat_map(|rule| &rule.matches))
        .chain(of_triggers)
}

/// The shifts of ports that a node does.
fn shifts(node: &Node) -> impl Iterator<Item = (u16, u16)> {
    let rules = node.translations.iter().flat_map(|translation| &translation.rules);
    rules.filter_map(|rule| match rule.rewrite {
        Rewrite::Source(_, PortRewrite::Shift { from, to })
        | Rewrite::Destination(_, PortRewrite::Shift { from, to }) => Some((from, to)),
        Rewrite::Source(..) | Rewrite::Destination(..) | Rewrite::Keep | Rewrite::Discard => None,
    })
}
