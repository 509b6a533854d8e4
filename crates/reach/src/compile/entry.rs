//! Entries of lists as patterns of one family.

use model::{Family, InterfaceIndex, Match, Net, Ranges, States};
use packet_set::{Field, Interval, IntervalSet, Pattern};

use crate::flags::fields_of;

/// One alternative of an entry, ready to be tried on boxes of one family.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    pub(crate) pattern: Pattern,
    pub(crate) states: Option<States>,
    pub(crate) received_on: Option<Vec<InterfaceIndex>>,
    pub(crate) sent_on: Option<Vec<InterfaceIndex>>,
}

/// The entries of a list, or of any other list of unions of matches.
pub(crate) type Alternatives = Vec<Vec<Alternative>>;

pub(crate) fn bounds(net: Net) -> Interval {
    let (low, high) = net.bounds();
    Interval::new(low, high)
}

pub(crate) fn compile_all(matches: &[Match], family: Family) -> Vec<Alternative> {
    matches.iter().filter_map(|one| compile(one, family)).collect()
}

/// `None` if no packet of `family` can match.
fn compile(one: &Match, family: Family) -> Option<Alternative> {
    if one.family.is_some_and(|only| only != family) {
        return None;
    }
    let ethertype = family.ethertype();
    if one.ethertypes.as_ref().is_some_and(|types| !types.contains(ethertype)) {
        return None;
    }
    let mut pattern = Pattern::any();
    for (field, ranges) in [
        (Field::Source, &one.source),
        (Field::Destination, &one.destination),
        (Field::Protocol, &one.protocol),
        (Field::SourcePort, &one.source_port),
        (Field::DestinationPort, &one.destination_port),
    ] {
        if let Some(ranges) = ranges {
            pattern = pattern.with(field, set_of(ranges));
        }
    }
    if let Some(ranges) = &one.tcp_flags {
        pattern = pattern.with(Field::TcpFlags, fields_of(ranges));
    }
    (!pattern.is_empty()).then(|| Alternative {
        pattern,
        states: one.states,
        received_on: one.in_interfaces.clone(),
        sent_on: one.out_interfaces.clone(),
    })
}

pub(crate) fn set_of(ranges: &Ranges) -> IntervalSet {
    match ranges.as_slice() {
        [(low, high)] => IntervalSet::range(*low, *high),
        parts => parts.iter().filter_map(|(low, high)| Interval::try_new(*low, *high)).collect(),
    }
}
