//! Machines that learn their address from an advertisement whose prefix is written.
//!
//! What the line hands out has a stand-in ([`crate::standin`]); a written prefix has none, and
//! which address of it the machine takes is nowhere.

use diag::{Diagnostic, Text, text};
use model::{AddressSource, Family, Net, Node, NodeKind, SegmentId};

use site::ZoneIpv6;

use crate::build::{Builder, model_net};

/// Says where the written prefix does not tell the address.
pub(crate) fn find_untold(builder: &mut Builder<'_>) {
    let mut found: Vec<Diagnostic> = Vec::new();
    let machines = builder.network.nodes.iter().filter(|node| node.kind == NodeKind::Machine);
    for node in machines {
        for interface in &node.interfaces {
            let mut own = interface.addresses.iter();
            let learned = own.find(|own| own.source == AddressSource::Advertised);
            let Some(span) = learned.and_then(|own| own.origin.span()) else { continue };
            let prefix = interface.segment.and_then(|zone| written(builder, zone));
            let Some(prefix) = prefix else { continue };
            let mut own = interface.addresses.iter();
            let is_beside = own.any(|own| {
                own.source == AddressSource::Static
                    && own.net.is_some_and(|net| net.family() == Family::V6)
            });
            let help = if is_beside { off() } else { write() };
            found.push(untold(node, prefix).at(span).advise(help));
        }
    }
    builder.diagnostics.extend(found);
}

/// The prefix of a zone: its own in the site file, or that of a router which advertises there from
/// a written address.
pub(crate) fn written(builder: &Builder<'_>, zone: SegmentId) -> Option<Net> {
    let network = &builder.network;
    let routers = network.nodes.iter().filter(|node| node.kind == NodeKind::Router);
    let ports = routers.flat_map(|node| &node.interfaces);
    let ports = ports.filter(|port| port.segment == Some(zone) && port.advertises.is_some());
    let addresses = ports.flat_map(|port| &port.addresses);
    let fixed = addresses.filter(|own| own.source == AddressSource::Static);
    let fixed = fixed.filter_map(|own| own.net).filter(|net| net.family() == Family::V6);
    let name = &network.segment(zone).name;
    let stated = builder.site.zones.iter().find(|one| one.name.value == *name);
    let own = stated.and_then(|one| match one.ipv6?.value {
        ZoneIpv6::Prefix(net) => Some(model_net(&net)),
        ZoneIpv6::Ra => None,
    });
    own.or(fixed.map(Net::prefix).find(|net| !is_local(*net)))
}

/// Whether a prefix is that of link-local addresses (RFC 4291, section 2.5.6), which nobody
/// advertises.
fn is_local(net: Net) -> bool {
    net.bounds().0 >> 118 == 0xfe80 >> 6
}

fn untold(machine: &Node, prefix: Net) -> Diagnostic {
    let headline = text!(
        ja: "`{machine}` が {prefix} のどのアドレスを使うか分かりません",
        en: "which address of {prefix} `{machine}` has is not known",
        machine = machine.name, prefix = prefix,
    );
    Diagnostic::error("T137", headline)
}

fn write() -> Text {
    text!(
        ja: "`ipv6 = \"ra\"` の代わりに、機器に表示されるアドレスを書いてください",
        en: "instead of `ipv6 = \"ra\"` write the address that the machine shows",
    )
}

/// Beside a written address.
fn off() -> Text {
    text!(
        ja: "機器のルータ探索を無効にして、S-A5 に `off` と答えてください",
        en: "switch router discovery off on the machine, and answer S-A5 with `off`",
    )
}
