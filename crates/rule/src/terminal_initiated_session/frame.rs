//! Frames that carry no IP packet from a terminal to the claims computers: what they hold, such as
//! NetBIOS, or IP in PPPoE, is seen by no list for packets.

use std::cell::LazyCell;

use diag::text;
use model::{NodeId, ethertype};

use crate::Scene;
use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::registry::edge_bypass::kinds;

/// One refutation for each line that relays such frames.
pub(super) fn judge(scene: &Scene<'_>, terminal: NodeId) -> Vec<Judgement> {
    let mut found: Vec<Judgement> = Vec::new();
    let packets = [ethertype::IPV4, ethertype::IPV6];
    for kind in kinds(scene).into_iter().filter(|kind| !packets.contains(&kind.number)) {
        let Some(one) = reached(scene, terminal, kind.number, &kind.name) else { continue };
        if !found.iter().any(|known| known.blames_same(&one)) {
            found.push(one);
        }
    }
    found
}

fn reached(scene: &Scene<'_>, terminal: NodeId, kind: u16, name: &str) -> Option<Judgement> {
    let parties = &scene.blueprint.parties;
    for (index, interface) in scene.node(terminal).interfaces() {
        if interface.segment.is_none_or(|own| parties.medical_segments.contains(&own)) {
            continue;
        }
        // Where frames of IP pass that no list looks into, what they can do is told of packets.
        let packets = [ethertype::IPV4, ethertype::IPV6];
        let beside = LazyCell::new(|| -> Vec<_> {
            packets.iter().flat_map(|one| scene.atlas.frame(terminal, index, *one)).collect()
        });
        let heard = scene.atlas.frame(terminal, index, kind);
        let reached = heard.into_iter().find(|ear| {
            let segment = scene.node(ear.node).interface(ear.interface).segment;
            let is_there = parties.is_inside(ear.node)
                || segment.is_some_and(|segment| parties.medical_segments.contains(&segment));
            let is_free = |(node, relay): &(NodeId, usize)| {
                scene.node(*node).relays[*relay].stages.is_empty()
            };
            let is_known = || {
                ear.relays.iter().all(is_free)
                    && beside
                        .iter()
                        .any(|one| (one.node, one.interface) == (ear.node, ear.interface))
            };
            is_there
                && !ear.relays.is_empty()
                && !is_known()
                && !is_for_packets(scene, kind, &ear.relays)
        });
        if let Some(ear) = reached {
            return Some(relayed(scene, terminal, &ear.relays, name));
        }
    }
    None
}

/// Whether these are the frames that find the addresses for packets which the same relays pass.
fn is_for_packets(scene: &Scene<'_>, kind: u16, relays: &[(NodeId, usize)]) -> bool {
    let passes_packets = |(node, relay): &(NodeId, usize)| {
        scene.node(*node).relays[*relay].ethertypes.contains(ethertype::IPV4)
    };
    kind == ethertype::ARP && relays.iter().all(passes_packets)
}

fn relayed(
    scene: &Scene<'_>,
    terminal: NodeId,
    relays: &[(NodeId, usize)],
    kind: &str,
) -> Judgement {
    let terminal = scene.name(terminal);
    let headline = text!(
        ja: "資格確認端末 `{from}` からレセコン側へ、{kind} のフレームがレイヤー2で届きます",
        en: "frames of {kind} from eligibility terminal `{from}` reach the claims side at layer 2",
        from = terminal, kind = kind,
    );
    let mut suspects = relays.iter().map(|(node, relay)| {
        let device = scene.node(*node);
        let text = text!(
            ja: "`{node}` がここで中継しています", en: "`{node}` relays them here",
            node = device.name,
        );
        Suspect::of(&device.relays[*relay].origin, text)
    });
    let guilt = Guilt { primary: suspects.next(), others: suspects.collect() };
    Judgement::new(Verdict::Refuted(None), headline)
        .blame(guilt)
        .about([terminal.to_owned()])
        .because(text!(
            ja: "IP ではないフレームの中身（NetBIOS や、PPPoE の中の IP など）は、ルータの IP フィ\
                 ルターの対象になりません",
            en: "what a frame without IP holds, such as NetBIOS or IP in PPPoE, is not seen by the \
                 router's IP filters",
        ))
        .advise(text!(
            ja: "端末側とレセコン側の間で、フレームを中継しないでください",
            en: "relay no frames between the terminals and the claims side",
        ))
}
