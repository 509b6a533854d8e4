//! The steps of a packet's way in words.

use diag::{Span, Text, text};
use model::{
    InterfaceIndex, Network, NextHop, Node, Origin, Outcome, Packet, SecurityStep, Step, StepKind,
    Trace, TunnelIndex, protocol,
};

use crate::replay::Replayed;
use crate::report::{HopReport, WitnessReport};

/// A replayed witness in words.
pub(crate) fn witness(
    network: &Network,
    from: model::NodeId,
    packet: &Packet,
    replayed: &Replayed,
) -> WitnessReport {
    let has_numbers = packet.has_ports() || packet.is_icmp();
    let answer = replayed.answer.as_ref();
    WitnessReport {
        from: network.node(from).name.clone(),
        source: packet.source.to_string(),
        destination: packet.destination.to_string(),
        protocol: protocol_name(packet),
        source_port: has_numbers.then_some(packet.source_port),
        destination_port: has_numbers.then_some(packet.destination_port),
        flags: flags(packet),
        hops: hops(network, &replayed.way),
        answer: answer.map(|answer| hops(network, answer)).unwrap_or_default(),
    }
}

/// `tcp`, `udp`, `icmp`, `icmpv6`, `esp`, or the number.
pub(crate) fn protocol_name(packet: &Packet) -> String {
    match packet.protocol {
        protocol::TCP => "tcp".to_owned(),
        protocol::UDP => "udp".to_owned(),
        protocol::ICMP => "icmp".to_owned(),
        protocol::ICMPV6 => "icmpv6".to_owned(),
        model::ESP => "esp".to_owned(),
        number => number.to_string(),
    }
}

fn flags(packet: &Packet) -> String {
    if packet.protocol != protocol::TCP {
        return String::new();
    }
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
    let set = names.iter().enumerate().filter(|(bit, _)| packet.tcp_flags >> bit & 1 == 1);
    set.map(|(_, name)| *name).collect::<Vec<_>>().join(",")
}

/// The steps of `trace` that a person wants to see.
pub(crate) fn hops(network: &Network, trace: &Trace) -> Vec<HopReport> {
    let mut hops: Vec<HopReport> =
        trace.steps.iter().filter_map(|step| hop(network, step)).collect();
    match trace.outcome {
        Outcome::OnSegment(segment) | Outcome::Lost(segment) => {
            let zone = network.segment(segment);
            let is_lost = matches!(trace.outcome, Outcome::Lost(_));
            let text = if is_lost {
                text!(ja: "応答する機器がありません", en: "nobody answers for the next hop")
            } else {
                text!(ja: "ゾーンの機器に届きます", en: "reaches whoever has the address there")
            };
            let span = zone.origin.span();
            hops.push(HopReport { node: zone.name.clone(), text, span, passes: !is_lost });
        }
        Outcome::Delivered(node) if trace.steps.last().is_none_or(|last| !is_end(last)) => {
            let node = network.node(node);
            let text = text!(ja: "受け取ります", en: "receives it");
            hops.push(HopReport { node: node.name.clone(), text, span: None, passes: true });
        }
        Outcome::Delivered(_) | Outcome::Discarded(_) => {}
    }
    hops
}

fn is_end(step: &Step) -> bool {
    step.kind == StepKind::Accepted
}

fn hop(network: &Network, step: &Step) -> Option<HopReport> {
    let node = network.node(step.node);
    let (text, span, passes) = describe(node, step)?;
    Some(HopReport { node: node.name.clone(), text, span, passes })
}

type Described = (Text, Option<Span>, bool);

fn describe(node: &Node, step: &Step) -> Option<Described> {
    Some(match step.kind {
        StepKind::Sent(interface) => {
            let name = &node.interface(interface).name;
            (text!(ja: "{name} から送ります", en: "sends it on {name}", name = *name), None, true)
        }
        StepKind::Received(interface) => {
            let name = &node.interface(interface).name;
            (text!(ja: "{name} で受けます", en: "receives it on {name}", name = *name), None, true)
        }
        StepKind::Relayed(relay, from, to) => relayed(node, relay, from, to),
        StepKind::Permitted(acl, entry) => {
            let list = node.acl(acl);
            let origin = entry.map_or(&list.default_origin, |entry| &list.entries[entry].origin);
            let text = text!(ja: "{list}: 通します", en: "{list}: lets it pass", list = list.name);
            (with_remark(text, origin), origin.span(), true)
        }
        StepKind::Denied(acl, entry) => {
            let list = node.acl(acl);
            let origin = entry.map_or(&list.default_origin, |entry| &list.entries[entry].origin);
            let text = text!(ja: "{list}: 破棄します", en: "{list}: discards it", list = list.name);
            (with_remark(text, origin), origin.span(), false)
        }
        StepKind::Opened(tracker, _) => {
            let name = &node.tracker(tracker).name;
            let text = text!(
                ja: "{name}: セッションを記録します",
                en: "{name}: remembers the session",
                name = *name,
            );
            (text, node.tracker(tracker).origin.span(), true)
        }
        StepKind::Translated(translation, rule) => {
            let found = node.translation(translation);
            let origin = rule.map_or(&found.origin, |rule| &found.rules[rule].origin);
            let text = text!(
                ja: "{name}: {source} → {destination} に変換します",
                en: "{name}: becomes {source} -> {destination}",
                name = found.name, source = step.packet.source,
                destination = step.packet.destination,
            );
            (text, origin.span(), true)
        }
        StepKind::Untranslatable(translation, _) => {
            let found = node.translation(translation);
            let text = text!(
                ja: "{name}: 変換できず破棄します",
                en: "{name}: discards it for want of a translation",
                name = found.name,
            );
            (text, found.origin.span(), false)
        }
        StepKind::Vanished(route, hop) => vanished(&node.routes[route].hops[hop]),
        StepKind::PolicyVanished(place) => vanished(&node.policy_routes[place].hop),
        StepKind::Secured(step) => secured(node, step),
        StepKind::NotForwarded => {
            let text = text!(ja: "転送しません", en: "does not forward it");
            (text, node.forwarding[step.packet.family() as usize].1.span(), false)
        }
        StepKind::NoRoute => {
            (text!(ja: "経路がありません", en: "has no route"), node.origin.span(), false)
        }
        StepKind::Loop => (text!(ja: "ループしています", en: "is in a routing loop"), None, false),
        StepKind::Accepted => (text!(ja: "受け取ります", en: "receives it"), None, true),
        StepKind::Tracked(..) | StepKind::Routed(..) | StepKind::PolicyRouted(_) => return None,
    })
}

fn relayed(node: &Node, relay: usize, from: InterfaceIndex, to: InterfaceIndex) -> Described {
    let text = text!(
        ja: "レイヤー2で {from} から {to} へ通します",
        en: "passes it at layer 2 from {from} to {to}",
        from = node.interface(from).name, to = node.interface(to).name,
    );
    (text, node.relays[relay].origin.span(), true)
}

fn vanished(hop: &NextHop) -> Described {
    let text = text!(ja: "この経路が使えない間", en: "while this route is out of use");
    (text, hop.origin.span(), true)
}

/// What IPsec made of the packet.
fn secured(node: &Node, step: SecurityStep) -> Described {
    let policy = |place: usize| node.security_policies[place].origin.span();
    let tunnel = |index: TunnelIndex| (&node.tunnel(index).name, node.tunnel(index).origin.span());
    match step {
        SecurityStep::Protected(place) => {
            let text = text!(ja: "IPsec で保護します", en: "protects it by IPsec");
            (text, policy(place), true)
        }
        SecurityStep::Bypassed(place) => {
            let text = text!(ja: "IPsec を通さず平文で通します", en: "passes it in clear");
            (text, policy(place), true)
        }
        SecurityStep::Discarded(place) => {
            let text = text!(ja: "IPsec ポリシーで破棄します", en: "an IPsec policy discards it");
            (text, policy(place), false)
        }
        SecurityStep::Unprotected(place) => {
            let text = text!(
                ja: "トンネルを通らずに来たため破棄します",
                en: "discards it because it did not come through the tunnel",
            );
            (text, policy(place), false)
        }
        SecurityStep::Absent(place) => {
            let text = text!(
                ja: "トンネルが切れている間、このポリシーはありません",
                en: "while the tunnel is down this policy is not there",
            );
            (text, policy(place), true)
        }
        SecurityStep::Unexpected(index) => {
            let (name, span) = tunnel(index);
            let text = text!(
                ja: "{name} の範囲外のパケットとして破棄します",
                en: "discards it: {name} has no policy for it",
                name = *name,
            );
            (text, span, false)
        }
        SecurityStep::Unselected(index) => {
            let (name, span) = tunnel(index);
            let text = text!(
                ja: "{name} のセレクターの範囲外なので破棄します",
                en: "discards it: {name} has no selector for it",
                name = *name,
            );
            (text, span, false)
        }
        SecurityStep::Down(index) => {
            let (name, span) = tunnel(index);
            let text = text!(
                ja: "{name} が切れている間は破棄します",
                en: "discards it while {name} is down",
                name = *name,
            );
            (text, span, false)
        }
    }
}

fn with_remark(text: Text, origin: &Origin) -> Text {
    match origin.remark() {
        Some(remark) => {
            text!(ja: "{text}（{remark}）", en: "{text} ({remark})", text = text, remark = *remark)
        }
        None => text,
    }
}
