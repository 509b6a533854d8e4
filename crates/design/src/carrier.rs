//! PPPoE sessions of routers on ports that do not lead to the line.

use std::collections::BTreeSet;

use diag::{Diagnostic, Span, text};
use model::{InterfaceKind, Network, NodeKind, SegmentId, ethertype};

use crate::build::Builder;

/// Says which sessions of routers run over a port from which no PPPoE frame comes to the line:
/// they never come up, and whoever stands there can play the provider.
pub(crate) fn find_stray(builder: &mut Builder<'_>) {
    let Some(line) = builder.parties.line else { return };
    let near = joined_to(&builder.network, line);
    let mut found: Vec<(String, String, String, Option<Span>)> = Vec::new();
    for node in builder.network.nodes.iter().filter(|node| node.kind == NodeKind::Router) {
        for interface in node.interfaces.iter().filter(|interface| interface.enabled) {
            let InterfaceKind::Session { carrier } = interface.kind else { continue };
            let carrier = node.interface(carrier);
            if carrier.segment.is_none_or(|segment| !near.contains(&segment)) {
                let names = (interface.name.clone(), carrier.name.clone());
                found.push((node.name.clone(), names.0, names.1, interface.origin.span()));
            }
        }
    }
    for (node, session, port, span) in found {
        let diagnostic = Diagnostic::error(
            "T106",
            text!(
                ja: "`{node}` の {session} は {port} を通りますが、{port} は ONU につながっていません",
                en: "{session} of `{node}` runs over {port}, which does not lead to the ONU",
                node = node, session = session, port = port,
            ),
        )
        .because(text!(
            ja: "PPPoE のフレームが回線に届かず、そのゾーンの機器がプロバイダーになりすませます",
            en: "no PPPoE frame comes to the line, and a machine there can play the provider",
        ))
        .advise(text!(
            ja: "`ports` を確かめ、ONU につながるポートでセッションを張ってください",
            en: "check `ports`, and run the session over the port that leads to the ONU",
        ));
        builder.diagnostics.push(match span {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        });
    }
}

/// The segments from which PPPoE frames come to `line`.
fn joined_to(network: &Network, line: SegmentId) -> BTreeSet<SegmentId> {
    let relays =
        || network.nodes.iter().flat_map(|node| node.relays.iter().map(move |relay| (node, relay)));
    let passing: Vec<Vec<SegmentId>> = relays()
        .filter(|(_, relay)| relay.ethertypes.contains(ethertype::PPPOE_SESSION))
        .map(|(node, relay)| {
            relay.ports.iter().filter_map(|port| node.interface(*port).segment).collect()
        })
        .collect();
    let mut near = BTreeSet::from([line]);
    // Each round adds a segment or is the last.
    loop {
        let before = near.len();
        for segments in &passing {
            if segments.iter().any(|segment| near.contains(segment)) {
                near.extend(segments);
            }
        }
        if near.len() == before {
            return near;
        }
    }
}
