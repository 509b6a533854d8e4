//! Packets that leave the site with an address that cannot be answered there.

use diag::{Text, text};
use model::{
    AddressSource, Family, InterfaceAddress, InterfaceIndex, InterfaceKind, Node, Outcome, Point,
    Rewrite, StageKind, StepKind,
};
use packet_set::Field;
use reach::{Exploration, Leaf};

use crate::Scene;

/// Why answers to the packets of `leaf` may not come back, if they arrive at the Internet from an
/// address that is nobody's there.
///
/// # Source
/// RFC 1918, RFC 6598, RFC 4193.
pub(crate) fn unanswerable(scene: &Scene<'_>, leaf: &Leaf) -> Option<Text> {
    let Outcome::Delivered(end) = leaf.outcome else { return None };
    let is_internet =
        scene.blueprint.parties.outside.contains(&end) && scene.name(end) == "internet";
    let source = leaf.arrived.interval(Field::Source).lo();
    let source = leased_of(scene, leaf.family, source).unwrap_or(source);
    (is_internet && is_private(leaf.family, source)).then(|| {
        text!(
            ja: "送信元 {source} は内部用のアドレスです。途中で変換されなければ、応答は戻りません",
            en: "the source {source} is a private address; unless something translates it on the \
                 way, no answer comes back",
            source = leaf.family.address(source),
        )
    })
}

/// Why answers to the packets of `leaf`, which `found` holds, may not come back, if they come from
/// a private address into a closed network that may know no such: through a PPPoE session, which
/// has an address of its own, or where the router translates the sources of others.
pub(crate) fn unrouted(scene: &Scene<'_>, found: &Exploration, leaf: &Leaf) -> Option<Text> {
    let Outcome::Delivered(end) = leaf.outcome else { return None };
    let is_closed = scene.blueprint.parties.outside.contains(&end) && scene.name(end) != "internet";
    let source = leaf.arrived.interval(Field::Source).lo();
    if !is_closed || scene.blueprint.knows_way_back || !is_private(leaf.family, source) {
        return None;
    }
    let (sender, interface) = found.back(leaf).find_map(|step| match step.kind {
        StepKind::Sent(interface) => Some((step.node, interface)),
        _ => None,
    })?;
    let node = scene.node(sender);
    let mut nets = node.interface(interface).addresses.iter().filter_map(|own| own.net);
    let address = leaf.family.address(source);
    // What both ends agreed to protect, both know.
    let tunnel = node.tunnel_at(interface).map(|tunnel| node.tunnel(tunnel));
    if nets.any(|net| net.contains(address)) || tunnel.is_some_and(|one| one.selectors.is_some()) {
        return None;
    }
    let is_session = matches!(node.interface(interface).kind, InterfaceKind::Session { .. });
    (is_session || translates_sources(node, interface)).then(|| {
        text!(
            ja: "送信元 {source} は内部用のアドレスのまま `{name}` から閉域網へ出ます。契約で割り\
                 当てられたアドレスでなければ、応答は戻りません",
            en: "the source {source} is a private address and enters the closed network by \
                 `{name}` as it is; unless the contract assigned it, no answer comes back",
            source = address, name = node.interface(interface).name,
        )
    })
}

/// Whether `node` rewrites sources of packets that it sends on `interface`.
fn translates_sources(node: &Node, interface: InterfaceIndex) -> bool {
    let here = [Point::Postrouting, Point::Egress(interface)];
    let at = node.pipelines.iter().filter(|one| here.contains(&one.point));
    let rules = at.flat_map(|one| &one.stages).filter_map(|stage| match stage.kind {
        StageKind::Translate(index) => Some(&node.translation(index).rules),
        _ => None,
    });
    rules.flatten().filter(|rule| matches!(rule.rewrite, Rewrite::Source(..))).any(|rule| {
        rule.matches
            .iter()
            .any(|one| one.out_interfaces.as_ref().is_none_or(|only| only.contains(&interface)))
    })
}

/// The network from which DHCP hands out the address for which `source` stands, as the site file
/// says.
fn leased_of(scene: &Scene<'_>, family: Family, source: u128) -> Option<u128> {
    let is_it = |own: &&InterfaceAddress| {
        let is_leased = own.source == AddressSource::Dhcp { is_told: false };
        is_leased && own.net.is_some_and(|net| Family::number(net.address()) == source)
    };
    let routers = scene.blueprint.parties.routers.iter();
    let interfaces = routers.flat_map(|router| &scene.node(*router).interfaces);
    let mut held = interfaces.filter_map(|one| {
        let own = one.addresses.iter().find(is_it)?;
        Some((own.net?, scene.blueprint.network.segment(one.segment?)))
    });
    let (own, segment) = held.next().filter(|_| family == Family::V4)?;
    let nets = segment.nets.iter().filter(|net| net.family() == family);
    let net = nets.copied().find(|net| net.prefix() != own.prefix())?;
    Some(Family::number(net.address()))
}

/// Whether an address is one for use inside (RFC 1918, RFC 6598, RFC 4193).
pub(crate) fn is_private(family: Family, address: u128) -> bool {
    let has = |prefix: u128, length: u32| {
        let rest = u32::from(family.bits()) - length;
        address >> rest == prefix >> rest
    };
    let v4 = |a: u128, b: u128| a << 24 | b << 16;
    match family {
        Family::V4 => {
            has(v4(10, 0), 8)
                || has(v4(172, 16), 12)
                || has(v4(192, 168), 16)
                || has(v4(100, 64), 10)
        }
        Family::V6 => has(0xfc << 120, 7),
    }
}
