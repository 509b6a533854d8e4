//! What differs between two networks that are almost the same: packets that `reach::difference`
//! leaves out go the same ways to the same ends in both, as `oracle` sees it.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{
    Action, Entry, Family, InterfaceIndex, Match, Net, Network, NodeId, Outcome, Packet, Ranges,
    State, States, StepKind,
};
use oracle::Oracle;
use packet_set::{Cube, Field, Interval};
use reach::{
    Atlas, Difference, Exploration, Leaf, Limits, Start, Taste, Way, difference, explore,
    pick_packet, point_of,
};
use testkit::random::{self, Random};

use crate::differential::ends;

/// Packets that are compared, at least.
const CASES: usize = 25_000;
/// Packets per attacker.
const PACKETS: usize = 4;

/// `network`, half of the time with lists that ask for no interface, go on to no other list and
/// choose no way, and without translations: only so is known which of two lists is the stricter
/// one.
fn with_plain_lists(mut network: Network, random: &mut Random) -> Network {
    if random.chance(50) {
        for node in network.nodes_mut() {
            node.translations.iter_mut().for_each(|one| one.rules.clear());
            node.policy_routes.clear();
        }
        let lists = network.nodes_mut().flat_map(|node| &mut node.acls);
        for one in lists.flat_map(|list| &mut Arc::make_mut(list).entries) {
            if !matches!(one.action, Action::Permit | Action::Deny) {
                one.action = Action::Permit;
            }
            one.matches.iter_mut().for_each(|one| {
                one.in_interfaces = None;
                one.out_interfaces = None;
            });
        }
    }
    network
}

/// `network` with one small change, as another reading of a configuration makes it.
fn changed(network: &Network, random: &mut Random) -> Network {
    let mut changed = network.clone();
    let at = random.below(changed.nodes.len());
    let node = Arc::make_mut(&mut changed.nodes[at]);
    match random.below(8) {
        0..=3 if !node.acls.is_empty() => {
            let list = random.below(node.acls.len());
            change_list(Arc::make_mut(&mut node.acls[list]), random);
        }
        4 if !node.pipelines.is_empty() => {
            let pipeline = random.below(node.pipelines.len());
            for stage in &mut node.pipelines[pipeline].stages {
                stage.spares_own ^= random.chance(50);
            }
        }
        5 if !node.routes.is_empty() => {
            let route = random.below(node.routes.len());
            if random.chance(50) {
                node.routes.remove(route);
            } else {
                node.routes[route].hops.truncate(1);
            }
        }
        6 => {
            let segment = random.below(changed.segments.len());
            changed.segments[segment].nets.pop();
        }
        _ => {
            let interfaces = node.interfaces.iter_mut();
            for address in interfaces.flat_map(|interface| &mut interface.addresses) {
                let moved = random::packet(random, network).source;
                let Some(net) = address.net.filter(|net| net.family() == Family::of(moved)) else {
                    continue;
                };
                address.net = Net::new(moved, net.length());
            }
        }
    }
    changed
}

fn change_list(list: &mut model::Acl, random: &mut Random) {
    if list.entries.is_empty() {
        return;
    }
    let place = random.below(list.entries.len());
    match random.below(10) {
        8..=9 => {
            let action = if random.chance(70) { Action::Deny } else { Action::Permit };
            let origin = list.default_origin.clone();
            let matches = vec![Match { states: random.maybe(30, some_states), ..Match::any() }];
            list.entries.insert(place, Entry { matches, action, origin });
        }
        0 => drop(list.entries.remove(place)),
        1 => {
            let entry = list.entries[place].clone();
            let to = random.below(list.entries.len());
            list.entries.insert(to, entry);
        }
        2 => list.entries.reverse(),
        3 => {
            let other = random.below(list.entries.len());
            list.entries[place].matches = list.entries[other].matches.clone();
        }
        4..=6 => {
            for one in &mut list.entries[place].matches {
                match random.below(4) {
                    0 => one.states = random.maybe(70, some_states),
                    1 => one.in_interfaces = random.maybe(70, some_interfaces),
                    2 => one.destination = None,
                    _ => one.protocol = random.maybe(70, |_| Ranges::one(6_u8)),
                }
            }
        }
        _ => {
            let is_permit = list.entries[place].action == Action::Permit;
            list.entries[place].action = if is_permit { Action::Deny } else { Action::Permit };
        }
    }
}

fn some_states(random: &mut Random) -> States {
    let all = [State::New, State::Established, State::Related, State::Invalid, State::Untracked];
    let chosen: Vec<State> = all.into_iter().filter(|_| random.chance(40)).collect();
    States::of(&chosen)
}

fn some_interfaces(random: &mut Random) -> Vec<InterfaceIndex> {
    random.some(0, 2, |random| InterfaceIndex(u32::from(random.chance(50))))
}

#[test]
fn what_does_not_differ_goes_the_same_ways() {
    let (mut compared, mut told_apart, mut networks, mut differing, mut lost) = (0, 0, 0, 0, 0);
    let mut seed = 0x5ca1_ab1e;
    while compared < CASES {
        seed += 1;
        let mut random = Random::new(seed);
        let network = with_plain_lists(random::network(&mut random), &mut random);
        let other = changed(&network, &mut random);
        networks += 1;
        let Some(parts) = difference(&Atlas::new(&network), &Atlas::new(&other)) else { continue };
        let (parts, new) = (parts.attacks(), parts.new_attacks());
        told_apart += 1;
        for (node, _) in network.iter() {
            let mut packets: Vec<Packet> =
                (0..PACKETS).map(|_| random::packet(&mut random, &network)).collect();
            // Packets that get somewhere in one of the two are the more telling ones.
            for one in [&network, &other] {
                let atlas = Atlas::new(one);
                let found = explore(&atlas, &Start::attack(node), &Limits { cubes: 5_000 });
                for _ in 0..PACKETS.min(found.leaves.len()) {
                    let leaf = &found.leaves[random.below(found.leaves.len())];
                    packets.push(pick_packet(leaf.family, &leaf.sent, &Taste::default()));
                }
            }
            for packet in packets {
                let point = point_of(&packet);
                let ways = [&network, &other].map(|one| {
                    let mut oracle = Oracle::new(one);
                    let ways = oracle.attack(node, packet);
                    oracle.is_complete().then(|| ends(&ways))
                });
                let [Some(own), Some(its)] = &ways else { continue };
                let has = |parts: &[(Family, Cube)]| {
                    let mut own = parts.iter().filter(|(family, _)| *family == packet.family());
                    own.any(|(_, cube)| cube.contains(&point))
                };
                if has(&parts) {
                    differing += usize::from(own != its);
                    lost += usize::from(own != its && !has(&new));
                    let gets_to = |end: &&Outcome| !matches!(end, Outcome::Discarded(_));
                    assert!(
                        has(&new) || its.iter().filter(gets_to).all(|end| own.contains(end)),
                        "seed {seed}: {node:?} {packet:?} gets on in {its:?}, not in {new:?}",
                    );
                    continue;
                }
                assert_eq!(own, its, "seed {seed}: {node:?} {packet:?} not in {parts:?}");
                compared += 1;
            }
        }
    }
    println!(
        "{networks} networks, {told_apart} told apart, {differing} packets differ, {lost} lost"
    );
    assert!(told_apart * 2 > networks, "{told_apart} of {networks} are told apart");
    assert!(differing > 100, "{differing} packets differ: the changes are too small");
    assert!(lost > 20, "{lost} only get to less");
}

/// `network` with one more entry in one list, about packets of open sessions only: answers and
/// later packets may go another way, first packets may not.
fn changed_for_sessions(network: &Network, random: &mut Random) -> Network {
    let mut changed = network.clone();
    let with_lists = changed.nodes_mut().filter(|node| !node.acls.is_empty());
    let mut nodes: Vec<_> = with_lists.collect();
    if nodes.is_empty() {
        return changed;
    }
    let at = random.below(nodes.len());
    let lists = &mut nodes[at].acls;
    let place = random.below(lists.len());
    let list = Arc::make_mut(&mut lists[place]);
    let states = Some(States::of(&[State::Established]));
    let entry = Entry {
        matches: vec![Match { states, ..Match::any() }],
        action: if random.chance(50) { Action::Deny } else { Action::Permit },
        origin: list.default_origin.clone(),
    };
    list.entries.insert(0, entry);
    changed
}

/// A way and its end, but for the numbers of entries of lists.
fn told(found: &Exploration, leaf: &Leaf) -> String {
    let step = |step: Way| match step.kind {
        StepKind::Permitted(list, _) => format!("{:?} permitted by {list:?}", step.node),
        StepKind::Denied(list, _) => format!("{:?} denied by {list:?}", step.node),
        kind => format!("{:?} {kind:?}", step.node),
    };
    let way: Vec<String> = found.way(leaf).into_iter().map(step).collect();
    format!("{:?} {way:?}", leaf.outcome)
}

/// A packet that goes another way in `other`; one network may cut them into other boxes.
fn differing(one: &Exploration, other: &Exploration) -> Option<String> {
    let its: Vec<(String, &Leaf)> =
        other.leaves.iter().map(|leaf| (told(other, leaf), leaf)).collect();
    one.leaves.iter().find_map(|leaf| {
        let packet = pick_packet(leaf.family, &leaf.sent, &Taste::default());
        let (way, point) = (told(one, leaf), point_of(&packet));
        let is_same = |(its, other): &(String, &Leaf)| {
            *its == way && other.family == leaf.family && other.sent.contains(&point)
        };
        (!its.iter().any(is_same)).then(|| format!("{packet:?}: {way}"))
    })
}

/// Packets of the node's own addresses, of one family each, to everybody or to one address.
fn own_packets(network: &Network, node: &model::Node, random: &mut Random) -> Vec<(Family, Cube)> {
    let own = Family::ALL.into_iter().flat_map(|family| node.addresses(family));
    let number = |address| Interval::single(Family::number(address));
    own.map(|address| {
        let family = Family::of(address);
        let tcp = random.chance(50);
        let cube = reach::universe(family).with(Field::Source, number(address));
        let protocol = Interval::single(if tcp { 6 } else { 17 });
        let to = random::packet(random, network).destination;
        let is_fitting = Family::of(to) == family && random.chance(80);
        let cube = if is_fitting { cube.with(Field::Destination, number(to)) } else { cube };
        (family, cube.with(Field::Protocol, protocol))
    })
    .collect()
}

/// What an exploration did not meet does not change it: neither what a node sends itself, nor the
/// answers, nor what follows them.
#[test]
fn what_is_not_touched_is_found_again() {
    let limits = Limits { cubes: 20_000 };
    let (mut compared, mut touched, mut answers) = (0, 0, 0);
    let mut seed = 0x70_0c4ed;
    while compared < 4_000 {
        seed += 1;
        let mut random = Random::new(seed);
        let network = random::network(&mut random);
        let other = if random.chance(40) {
            changed_for_sessions(&network, &mut random)
        } else {
            changed(&network, &mut random)
        };
        let (own, its) = (Atlas::new(&network), Atlas::new(&other));
        let Some(difference) = difference(&own, &its) else { continue };
        for (node, device) in network.iter() {
            let start = Start::originate(node, own_packets(&network, device, &mut random));
            let [first, second] = [&own, &its].map(|atlas| explore(atlas, &start, &limits));
            if !first.is_complete || !second.is_complete {
                continue;
            }
            if difference.touches(&first) {
                touched += 1;
                continue;
            }
            let found = differing(&first, &second).or(differing(&second, &first));
            assert_eq!(found, None, "seed {seed}: {node:?}");
            compared += 1;
            for leaf in first.leaves.iter().take(8) {
                let answer = |atlas: &Atlas<'_>| atlas.answer(&first, leaf, &limits);
                let later = |atlas: &Atlas<'_>| atlas.follow_up(&start, leaf, &limits);
                for [one, two] in [[&own, &its].map(answer), [&own, &its].map(later)] {
                    if !difference.touches(&one) && one.is_complete && two.is_complete {
                        let found = differing(&one, &two).or(differing(&two, &one));
                        assert_eq!(found, None, "seed {seed}: after {leaf:?}");
                        answers += 1;
                    }
                }
            }
        }
    }
    println!("{compared} and {answers} answers compared, {touched} touched");
    assert!(touched > 200, "{touched} are touched: the changes are too small");
    assert!(answers > 1_000, "{answers} answers were compared");
}

/// What becomes of `packet`, sent by `node`, and of the answers to it that `node` makes up itself;
/// `None` if that is too much.
fn forged(atlas: &Atlas<'_>, node: NodeId, packet: &Packet) -> Option<BTreeSet<String>> {
    let limits = Limits { cubes: 5_000 };
    let (family, point) = (packet.family(), point_of(packet));
    let only = |cube: Cube, field: Field| cube.with(field, Interval::single(point.value(field)));
    let mut start = Start::attack(node);
    start.packets = vec![(family, Field::ALL.into_iter().fold(reach::universe(family), only))];
    start.keeps_discarded = true;
    start.only_remembered = true;
    let first = explore(atlas, &start, &limits);
    let mut told_of = BTreeSet::new();
    for leaf in &first.leaves {
        let answers = atlas.forged_answer(node, leaf, &limits);
        if !answers.is_complete {
            return None;
        }
        // Entries and routes may have other numbers.
        let places = |one: &Leaf| -> Vec<Way> {
            let is_place =
                |step: &Way| matches!(step.kind, StepKind::Sent(_) | StepKind::Received(_));
            answers.way(one).into_iter().filter(is_place).collect()
        };
        let all = answers.leaves.iter();
        told_of.extend(all.map(|one| format!("{:?} {:?}", one.outcome, places(one))));
    }
    first.is_complete.then_some(told_of)
}

/// First packets of forged sessions of `node` that are left to try in the other network where all
/// were tried in this one: those that may go another way, and those whose answers met something
/// that lets more on; `None` if that is not known.
fn left(difference: &Difference, atlas: &Atlas<'_>, node: NodeId) -> Option<Vec<(Family, Cube)>> {
    let limits = Limits { cubes: 5_000 };
    let start = Start { only_remembered: true, keeps_discarded: true, ..Start::attack(node) };
    let first = explore(atlas, &start, &limits);
    let mut left = difference.openings();
    for leaf in &first.leaves {
        let answers = atlas.forged_answer(node, leaf, &limits);
        if !answers.is_complete {
            return None;
        }
        if difference.lets_on(&answers) {
            left.push((leaf.family, leaf.sent));
        }
    }
    (first.is_complete && difference.keeps_addresses()).then_some(left)
}

/// The forged answers to a packet of an attacker that `reach::difference` does not name get to no
/// place in the other network where they do not get in this one, nor do those to one not left.
#[test]
fn what_is_not_named_is_forged_alike() {
    let limits = Limits { cubes: 5_000 };
    let (mut compared, mut answered, mut differing, mut not_left, mut lost) = (0, 0, 0, 0, 0);
    let mut seed = 0xf0_46ed;
    while compared < 3_000 {
        seed += 1;
        let mut random = Random::new(seed);
        let network = with_plain_lists(random::network(&mut random), &mut random);
        let other = if random.chance(70) {
            changed_for_sessions(&network, &mut random)
        } else {
            changed(&network, &mut random)
        };
        let atlases = [Atlas::new(&network), Atlas::new(&other)];
        let Some(difference) = difference(&atlases[0], &atlases[1]) else { continue };
        let parts = difference.forgeries();
        for (node, _) in network.iter() {
            let left = left(&difference, &atlases[0], node);
            let mut packets = Vec::new();
            for atlas in &atlases {
                let start =
                    Start { only_remembered: true, keeps_discarded: true, ..Start::attack(node) };
                let found = explore(atlas, &start, &limits);
                if !found.leaves.is_empty() {
                    let leaf = &found.leaves[random.below(found.leaves.len())];
                    packets.push(pick_packet(leaf.family, &leaf.sent, &Taste::default()));
                }
            }
            for packet in packets {
                let [Some(own), Some(its)] =
                    atlases.each_ref().map(|atlas| forged(atlas, node, &packet))
                else {
                    continue;
                };
                let point = point_of(&packet);
                let has = |parts: &[(Family, Cube)]| {
                    let mut own = parts.iter().filter(|(family, _)| *family == packet.family());
                    own.any(|(_, cube)| cube.contains(&point))
                };
                let is_left = left.as_ref().is_none_or(|left| has(left));
                if has(&parts) && is_left {
                    differing += usize::from(own != its);
                    continue;
                }
                not_left += usize::from(has(&parts) && !own.is_empty());
                assert!(
                    its.is_subset(&own),
                    "seed {seed}: {node:?} {packet:?} not in {parts:?}: {own:?} {its:?}"
                );
                lost += usize::from(own != its);
                compared += 1;
                answered += usize::from(!own.is_empty());
            }
        }
    }
    println!("{compared} compared, {answered} with answers, {differing} differ");
    println!("{not_left} not left, {lost} get to less");
    assert!(not_left > 20, "{not_left} that are named had answers and are not left");
    assert!(answered > 100, "{answered} had answers");
    assert!(differing > 10, "{differing} differ: the changes are too small");
}
