//! Addresses of routers that cannot be theirs: one that no host can have, and one that nobody hands
//! out.

use diag::{Diagnostic, Text, text};
use model::{AddressSource, Family, Interface, Net, Node, NodeKind, SegmentId, SegmentKind};

use crate::build::Builder;

/// Says which addresses of routers lead nowhere: who has them for a gateway gets no answer.
pub(crate) fn find_impossible(builder: &mut Builder<'_>) {
    let mut found: Vec<Diagnostic> = Vec::new();
    let routers = builder.network.nodes.iter().filter(|node| node.kind == NodeKind::Router);
    for node in routers {
        let enabled = node.interfaces.iter().filter(|one| one.enabled);
        for (interface, own) in
            enabled.flat_map(|one| one.addresses.iter().map(move |own| (one, own)))
        {
            let reason = match own.source {
                AddressSource::Static => own.net.filter(|net| is_no_host(*net)).map(no_host),
                AddressSource::Dhcp { .. } | AddressSource::Advertised => {
                    let zone = interface.segment.filter(|one| is_alone(builder, node, *one));
                    zone.map(|zone| nobody(&builder.network.segment(zone).name))
                }
                AddressSource::Ipcp | AddressSource::Delegated { .. } => None,
            };
            let Some(reason) = reason else { continue };
            let diagnostic = headline(node, interface).because(reason).advise(text!(
                ja: "このインターフェースに、ゾーンの中のアドレスを一つ書いてください",
                en: "give the interface one written address out of its zone",
            ));
            found.push(match own.origin.span() {
                Some(span) => diagnostic.at(span),
                None => diagnostic,
            });
        }
    }
    builder.diagnostics.extend(found);
}

fn headline(node: &Node, interface: &Interface) -> Diagnostic {
    Diagnostic::error(
        "T133",
        text!(
            ja: "`{node}` の `{interface}` は、このアドレスを使えません",
            en: "`{interface}` of `{node}` cannot have this address",
            node = node.name, interface = interface.name,
        ),
    )
}

fn no_host(net: Net) -> Text {
    text!(
        ja: "{address} はネットワーク {net} のネットワークアドレスかブロードキャストアドレスです",
        en: "{address} is the address of the network {net}, or its broadcast",
        address = net.address(), net = net.prefix(),
    )
}

fn nobody(zone: &str) -> Text {
    text!(
        ja: "ゾーン `{zone}` には、アドレスを配る機器がほかにありません",
        en: "no other device in zone `{zone}` could hand out addresses",
        zone = zone,
    )
}

/// Whether a host can have no such address.
fn is_no_host(net: Net) -> bool {
    let (low, high) = net.bounds();
    let number = Family::number(net.address());
    net.family() == Family::V4 && net.length() < 31 && (number == low || number == high)
}

/// Whether `node` shares the zone `segment` with machines only, which hand out nothing.
fn is_alone(builder: &Builder<'_>, node: &Node, segment: SegmentId) -> bool {
    let stands_there = |one: &Node| one.interfaces.iter().any(|own| own.segment == Some(segment));
    let gives = |one: &Node| one.kind != NodeKind::Machine || !one.relays.is_empty();
    let mut others = builder.network.nodes.iter().filter(|one| one.name != node.name);
    builder.network.segment(segment).kind == SegmentKind::Zone
        && node.relays.is_empty()
        && !others.any(|one| stands_there(one) && gives(one))
}
