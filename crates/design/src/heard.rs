//! Interfaces of machines where a router advertises, and of which the site file says nothing about
//! IPv6 or a fixed address: most systems take an address and a default route from whatever they
//! hear, also beside an address that is written.
//!
//! # Source
//! RFC 4861, section 6.3.4, and RFC 4862, section 5.5, which ask for no address; the help of
//! Windows on static IPv6 addresses ("in addition to the auto-configured IPv6 addresses").

use diag::{Span, text};
use model::{
    AddressSource, Aspect, Aspects, Assumption, AssumptionUse, Family, Hop, InterfaceAddress,
    InterfaceIndex, Net, Node, NodeId, NodeKind, Origin, Reading, Readings, SegmentId, ethertype,
};
use site::NicIpv6;

use crate::build::Builder;
use crate::machine::{self, FIRST_HOST};
use crate::{advertised, router, standin};

/// An interface without `ipv6` takes no address from an advertisement.
pub static HEARD: Assumption = Assumption {
    id: "S-A4",
    question: || {
        text!(
            ja: "`ipv6` を書いていない機器のインターフェースは、ルータが広告する IPv6 アドレスと\
                 デフォルト経路を使うか",
            en: "do interfaces of machines for which no `ipv6` is written take the IPv6 address \
                 and the default route that a router advertises there",
        )
    },
    readings: &[
        Reading {
            keyword: "off",
            meaning: || {
                text!(
                    ja: "使わない（機器で IPv6 を無効にしている。`ipv6 = \"off\"` と同じ）",
                    en: "they do not: IPv6 is switched off there, as with `ipv6 = \"off\"`",
                )
            },
        },
        Reading {
            keyword: "taken",
            meaning: || {
                text!(
                    ja: "使う（`ipv6 = \"ra\"` と同じ）",
                    en: "they do, as with `ipv6 = \"ra\"`",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::RouterItself]),
};

/// An interface with a written IPv6 address takes nothing else from an advertisement.
pub static HEARD_BESIDE: Assumption = Assumption {
    id: "S-A5",
    question: || {
        text!(
            ja: "IPv6 アドレスを固定した機器のインターフェースも、ルータが広告するデフォルト経路\
                 とアドレスを使うか",
            en: "do interfaces of machines with a fixed IPv6 address also take the default route \
                 and an address that a router advertises there",
        )
    },
    readings: &[
        Reading {
            keyword: "off",
            meaning: || {
                text!(
                    ja: "使わない（ルータ探索を無効にしている。Windows では `netsh interface ipv6 \
                         show interface` で分かります）",
                    en: "they do not: router discovery is switched off there (on Windows `netsh \
                         interface ipv6 show interface` tells)",
                )
            },
        },
        Reading {
            keyword: "taken",
            meaning: || {
                text!(
                    ja: "使う（多くの OS の初期状態）",
                    en: "they do, as most systems are set up at first",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::RouterItself]),
};

/// The open points about what is heard.
const OPEN: [&Assumption; 2] = [&HEARD, &HEARD_BESIDE];

/// Which of the open points about what is heard `readings` answer with "taken".
#[must_use]
pub fn taken(readings: &Readings) -> [bool; 2] {
    OPEN.map(|one| readings.of(one) == "taken")
}

/// The open points, at each interface that they are about.
pub(crate) fn uses(builder: &Builder<'_>) -> Vec<AssumptionUse> {
    let silent = silent(builder).into_iter();
    silent.map(|one| AssumptionUse { assumption: one.assumption, span: Some(one.span) }).collect()
}

/// Gives each interface of which `readings` say so what it hears.
pub(crate) fn take(builder: &mut Builder<'_>, readings: &Readings) {
    let silent = silent(builder).into_iter();
    for one in silent.filter(|one| readings.of(one.assumption) == "taken") {
        let line = || builder.standins.prefix(router::segment_number(one.zone.0));
        let prefix = one.prefix.unwrap_or_else(line);
        let net = standin::with_identifier(prefix, FIRST_HOST + u64::from(one.machine.0));
        let origin = Origin::Written(one.span);
        let source = AddressSource::Advertised;
        let own = InterfaceAddress { source, net: Some(net), origin: origin.clone() };
        let node = builder.node_mut(one.machine);
        let known = &mut node.interfaces[one.interface.0 as usize].addresses;
        if known.iter().all(|known| known.net.map(Net::prefix) != Some(net.prefix())) {
            node.routes.push(router::connected(one.interface, net, origin.clone()));
        }
        node.interfaces[one.interface.0 as usize].addresses.push(own);
        if !one.has_its_route {
            node.routes.push(machine::learned_default(one.interface, origin));
        }
    }
}

/// An interface of a machine that may hear an advertisement.
struct Silent {
    assumption: &'static Assumption,
    machine: NodeId,
    interface: InterfaceIndex,
    zone: SegmentId,
    /// The prefix that a router there advertises, if it is written.
    prefix: Option<Net>,
    /// Whether a written default route leads to the only one who advertises.
    has_its_route: bool,
    span: Span,
}

fn silent(builder: &Builder<'_>) -> Vec<Silent> {
    let mut found = Vec::new();
    for written in &builder.site.machines {
        let Some(machine) = builder.network.find(&written.name.value) else { continue };
        for (place, nic) in (0..).zip(&written.nics) {
            let Some(zone) = builder.zone(&nic.value.zone.value) else { continue };
            let assumption = match nic.value.ipv6.as_ref().map(|ipv6| ipv6.value) {
                None => &HEARD,
                Some(NicIpv6::Address(_)) => &HEARD_BESIDE,
                Some(NicIpv6::Ra | NicIpv6::Off) => continue,
            };
            let interface = InterfaceIndex(place);
            found.extend(heard(builder, zone).map(|prefix| Silent {
                assumption,
                machine,
                interface,
                zone,
                prefix,
                has_its_route: has_its_route(builder, machine, interface, zone),
                span: nic.span,
            }));
        }
    }
    found
}

/// Whether the IPv6 default route that is written for `interface` leads to the only node that
/// advertises on `zone`.
fn has_its_route(
    builder: &Builder<'_>,
    machine: NodeId,
    interface: InterfaceIndex,
    zone: SegmentId,
) -> bool {
    let joined = joined(builder, zone);
    if builder.parties.line.is_some_and(|line| joined.contains(&line)) {
        return false;
    }
    let advertises = |node: &&Node| {
        let mut ports = node.interfaces.iter().filter(|port| port.advertises.is_some());
        ports.any(|port| port.segment.is_some_and(|own| joined.contains(&own)))
    };
    let nodes = builder.network.nodes.iter().map(|node| &**node);
    let advertisers: Vec<&Node> = nodes.filter(advertises).collect();
    let [only] = advertisers.as_slice() else { return false };
    let own = |address| only.addresses(Family::V6).any(|own| own == address);
    let routes = &builder.network.node(machine).routes;
    let defaults = routes.iter().filter(|route| route.prefix == Net::all(Family::V6));
    let mut hops = defaults.flat_map(|route| &route.hops);
    hops.any(
        |hop| matches!(hop.hop, Hop::AddressOn(address, on) if on == interface && own(address)),
    )
}

/// What is heard on `zone`: a written prefix, or `Some(None)` where it is the line's; `None` if
/// nobody advertises.
fn heard(builder: &Builder<'_>, zone: SegmentId) -> Option<Option<Net>> {
    let joined = joined(builder, zone);
    let nodes = builder.network.nodes.iter().filter(|node| node.kind == NodeKind::Router);
    let mut ports = nodes.flat_map(|node| &node.interfaces);
    let is_told = ports.any(|port| {
        port.advertises.is_some() && port.segment.is_some_and(|own| joined.contains(&own))
    });
    let is_line = builder.parties.line.is_some_and(|line| joined.contains(&line));
    let written = || joined.iter().find_map(|zone| advertised::written(builder, *zone));
    (is_told || is_line).then(written)
}

/// The segments that IPv6 frames of `zone` come to.
fn joined(builder: &Builder<'_>, zone: SegmentId) -> Vec<SegmentId> {
    let mut found = vec![zone];
    loop {
        let nodes = builder.network.nodes.iter();
        let relays = nodes.flat_map(|node| node.relays.iter().map(move |relay| (node, relay)));
        let next = relays
            .filter(|(_, relay)| relay.ethertypes.contains(ethertype::IPV6))
            .map(|(node, relay)| {
                relay.ports.iter().filter_map(|port| node.interface(*port).segment)
            })
            .map(Iterator::collect::<Vec<SegmentId>>)
            .filter(|ports| ports.iter().any(|port| found.contains(port)))
            .flatten()
            .find(|port| !found.contains(port));
        match next {
            Some(next) => found.push(next),
            None => return found,
        }
    }
}
