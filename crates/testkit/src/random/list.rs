//! Random conditions and lists.

use model::{
    Acl, AclIndex, Action, Entry, Family, InterfaceIndex, Match, Net, Ranges, State, States,
    protocol,
};

use super::packet::{PORTS, PROTOCOLS, address};
use super::{Random, origin};

/// The lists of one node with `interfaces` interfaces.
pub(super) fn lists(random: &mut Random, interfaces: usize) -> Vec<Acl> {
    let count = random.between(1, 4);
    (0..count)
        .map(|index| Acl {
            name: format!("list-{index}"),
            entries: random.some(0, 4, |random| entry(random, interfaces, count)),
            default: default(random, count),
            default_origin: origin(),
        })
        .collect()
}

fn default(random: &mut Random, lists: usize) -> Action {
    match random.below(10) {
        0..=5 => Action::Permit,
        6..=7 => Action::Deny,
        8 => Action::Return,
        _ => action(random, lists),
    }
}

fn entry(random: &mut Random, interfaces: usize, lists: usize) -> Entry {
    let matches = match random.below(10) {
        0 => Vec::new(),
        1..=7 => vec![condition(random, interfaces)],
        _ => random.some(2, 2, |random| condition(random, interfaces)),
    };
    Entry { matches, action: action(random, lists), origin: origin() }
}

fn action(random: &mut Random, lists: usize) -> Action {
    let list = AclIndex(u32::try_from(random.below(lists)).unwrap_or(0));
    match random.below(10) {
        0..=3 => Action::Permit,
        4..=6 => Action::Deny,
        7 => Action::Call(list),
        8 => Action::Goto(list),
        _ => Action::Return,
    }
}

/// A condition; ports and flags only beside protocols that have them.
pub(super) fn condition(random: &mut Random, interfaces: usize) -> Match {
    let family = random.maybe(60, |random| random.pick(&Family::ALL));
    let mut one = about_protocol(random);
    one.family = family;
    if let Some(family) = family {
        one.source = random.maybe(30, |random| addresses(random, family));
        one.destination = random.maybe(30, |random| addresses(random, family));
    }
    one.ethertypes = random.maybe(4, |random| {
        let family = random.pick(&Family::ALL);
        Ranges::one(family.ethertype())
    });
    one.states = random
        .maybe(12, |random| States::of(&random.some(1, 3, |random| random.pick(&State::ALL))));
    one.in_interfaces = random.maybe(12, |random| some_interfaces(random, interfaces));
    one.out_interfaces = random.maybe(8, |random| some_interfaces(random, interfaces));
    one
}

/// A condition on protocol, ports and flags only.
pub(super) fn about_protocol(random: &mut Random) -> Match {
    let mut one = Match::any();
    match random.below(10) {
        0..=2 => {}
        3 => {
            let number = random.pick(&PROTOCOLS);
            one.protocol = Some(Ranges::one(number));
        }
        4 => {
            let number = random.pick(&[protocol::ICMP, protocol::ICMPV6]);
            one.protocol = Some(Ranges::one(number));
            one.source_port = Some(Ranges::one(random.pick(&[0_u16, 8, 128, 129, 135])));
            one.destination_port = random.maybe(30, |_| Ranges::one(0_u16));
        }
        kind => {
            let mut protocols = vec![(6, 6)];
            if kind >= 8 {
                protocols = vec![(17, 17)];
            } else if kind == 7 {
                protocols.push((17, 17));
            } else {
                one.tcp_flags = random.maybe(20, flags);
            }
            one.protocol = Some(Ranges::of(protocols));
            one.source_port = random.maybe(20, ports);
            one.destination_port = random.maybe(60, ports);
        }
    }
    one
}

fn flags(random: &mut Random) -> Ranges {
    let (mask, value) = random.pick(&[(0x12, 0x02), (0x10, 0x10), (0x04, 0x04), (0xff, 0x02)]);
    Ranges::of((0..=255_u128).filter(|flags| flags & mask == value).map(|flags| (flags, flags)))
}

fn ports(random: &mut Random) -> Ranges {
    let (one, other) = (u128::from(random.pick(&PORTS)), u128::from(random.pick(&PORTS)));
    if random.chance(60) {
        return Ranges::of([(one, one)]);
    }
    Ranges::of([(one.min(other), one.max(other))])
}

fn addresses(random: &mut Random, family: Family) -> Ranges {
    let one = address(random, family);
    let length = match family {
        Family::V4 => random.pick(&[32, 32, 30, 28, 24, 8, 0]),
        Family::V6 => random.pick(&[128, 128, 126, 64, 48, 32, 0]),
    };
    let net = Net::new(one, length).unwrap_or(Net::host(one));
    if random.chance(10) {
        return net.ranges().complement(family.top());
    }
    net.ranges()
}

fn some_interfaces(random: &mut Random, interfaces: usize) -> Vec<InterfaceIndex> {
    random.some(0, 2, |random| InterfaceIndex(u32::try_from(random.below(interfaces)).unwrap_or(0)))
}
