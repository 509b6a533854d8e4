//! What Linux says about packets that belong to no session, as patterns.

use model::{Family, flags, icmp, protocol};
use packet_set::{Field, Interval, IntervalSet, Pattern};

use crate::flags::exactly;

/// What an automatic session table says about first packets, as patterns.
#[derive(Debug)]
pub(crate) struct FirstStates {
    pub(crate) new: Vec<Pattern>,
    /// All but the new ones.
    pub(crate) not_new: Vec<Pattern>,
    pub(crate) untracked: Vec<Pattern>,
}

impl FirstStates {
    /// The classes of `Tracker::linux_first_state`, written as sets from the same sources.
    pub(super) fn of(family: Family) -> Self {
        let icmp_number = match family {
            Family::V4 => protocol::ICMP,
            Family::V6 => protocol::ICMPV6,
        };
        let only = |number: u8| IntervalSet::single(u128::from(number));
        let tcp = Pattern::any().with(Field::Protocol, only(protocol::TCP));
        let icmp_any = Pattern::any().with(Field::Protocol, only(icmp_number));
        let named = only(protocol::TCP).union(&only(icmp_number));
        let others = named.complement(Field::Protocol.domain());
        let (requests, silent): (Vec<u8>, Vec<(u8, u8)>) = match family {
            Family::V4 => (vec![icmp::ECHO_REQUEST, 13, 15, 17], Vec::new()),
            Family::V6 => (vec![icmp::ECHO_REQUEST_V6, 139], vec![(130, 136), (143, 143)]),
        };
        let requests: IntervalSet =
            requests.into_iter().map(|kind| Interval::single(u128::from(kind))).collect();
        let opening = opening_flags();
        let no_opening = opening.complement(Field::TcpFlags.domain());
        let no_request = requests.complement(Field::SourcePort.domain());
        let not_new = vec![
            tcp.clone().with(Field::TcpFlags, no_opening),
            icmp_any.clone().with(Field::SourcePort, no_request),
        ];
        let new = vec![
            tcp.with(Field::TcpFlags, opening),
            icmp_any.clone().with(Field::SourcePort, requests),
            Pattern::any().with(Field::Protocol, others),
        ];
        let untracked = silent
            .into_iter()
            .map(|(low, high)| {
                let kinds = IntervalSet::range(u128::from(low), u128::from(high));
                icmp_any.clone().with(Field::SourcePort, kinds)
            })
            .collect();
        Self { new, not_new, untracked }
    }
}

/// Values of the TCP flags byte with which Linux takes a packet as the first of a session:
/// exactly one of SYN and ACK, neither RST nor FIN; URG, PSH, ECE and CWR do not matter.
fn opening_flags() -> IntervalSet {
    let opening = (0..=u8::MAX).filter(|value| {
        let deciding = value & (flags::SYN | flags::ACK | flags::RST | flags::FIN);
        deciding == flags::SYN || deciding == flags::ACK
    });
    opening.map(exactly).collect()
}
