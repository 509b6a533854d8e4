//! Interfaces of machines of which the site file says nothing about IPv6, where a router
//! advertises: most systems take an address and a default route from whatever they hear.

use diag::{Span, text};
use model::{
    AddressSource, Aspect, Aspects, Assumption, AssumptionUse, InterfaceAddress, InterfaceIndex,
    Net, NodeId, NodeKind, Origin, Reading, Readings, SegmentId, ethertype,
};

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

/// Whether `readings` say that the interfaces take what they hear.
#[must_use]
pub fn is_taken(readings: &Readings) -> bool {
    readings.of(&HEARD) == "taken"
}

/// The open point, at each interface that it is about.
pub(crate) fn uses(builder: &Builder<'_>) -> Vec<AssumptionUse> {
    let silent = silent(builder).into_iter();
    silent.map(|one| AssumptionUse { assumption: &HEARD, span: Some(one.span) }).collect()
}

/// Gives each interface that the open point is about what it hears.
pub(crate) fn take(builder: &mut Builder<'_>) {
    for Silent { machine, interface, zone, prefix, span } in silent(builder) {
        let line = || builder.standins.prefix(router::segment_number(zone.0));
        let prefix = prefix.unwrap_or_else(line);
        let net = standin::with_identifier(prefix, FIRST_HOST + u64::from(machine.0));
        let origin = Origin::Written(span);
        let source = AddressSource::Advertised;
        let own = InterfaceAddress { source, net: Some(net), origin: origin.clone() };
        let node = builder.node_mut(machine);
        node.interfaces[interface.0 as usize].addresses.push(own);
        node.routes.push(router::connected(interface, net, origin.clone()));
        node.routes.push(machine::learned_default(interface, origin));
    }
}

/// An interface of a machine that hears an advertisement and of which nothing is said.
struct Silent {
    machine: NodeId,
    interface: InterfaceIndex,
    zone: SegmentId,
    /// The prefix that a router there advertises, if it is written.
    prefix: Option<Net>,
    span: Span,
}

fn silent(builder: &Builder<'_>) -> Vec<Silent> {
    let mut found = Vec::new();
    for written in &builder.site.machines {
        let Some(machine) = builder.network.find(&written.name.value) else { continue };
        for (place, nic) in (0..).zip(&written.nics) {
            let Some(zone) = builder.zone(&nic.value.zone.value) else { continue };
            let heard = nic.value.ipv6.is_none().then(|| heard(builder, zone)).flatten();
            found.extend(heard.map(|prefix| Silent {
                machine,
                interface: InterfaceIndex(place),
                zone,
                prefix,
                span: nic.span,
            }));
        }
    }
    found
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
