//! T120: no layer-2 way leads around the edge router.

use std::collections::{BTreeMap, BTreeSet};

use diag::{Severity, Text, text};
use model::{
    Aspect, Aspects, Effect, Effects, InterfaceIndex, NodeId, Ranges, SegmentId, ethertype,
};
use pattern::Property;
use reach::Hearer;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::registry::blocked_pppoe;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "T120",
    name: "edge-bypass",
    property: Property::V8,
    requirement: || {
        text!(
            ja: "端末と ONU の間に、ルータを通らないレイヤー2の経路がない",
            en: "no layer-2 way between a machine and the ONU leads around the edge router",
        )
    },
    explain: || {
        text!(
            ja: "ハブ、IPv6 ブリッジ、無線などで端末と ONU がレイヤー2でつながると、ルータのフィ\
                 ルターは何も見ません。通してよいのは、端末が張る PPPoE セッションのフレームだけ\
                 です。",
            en: "If a hub, an IPv6 bridge or a wireless link joins a machine with the ONU at \
                 layer 2, no filter of any router sees anything. Only frames of the PPPoE \
                 sessions that machines open may pass.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::Frames]),
    fears: Effects::of(&[Effect::Bridge, Effect::Permit]),
    reads_packs: false,
    check,
};

/// EtherTypes tried, with what they carry. The last stands for all that have no name here
/// (IEEE 802 local experimental EtherType).
const KINDS: [(u16, &str); 6] = [
    (ethertype::IPV4, "IPv4"),
    (ethertype::ARP, "ARP"),
    (ethertype::IPV6, "IPv6"),
    (ethertype::PPPOE_DISCOVERY, "PPPoE"),
    (ethertype::PPPOE_SESSION, "PPPoE"),
    (0x88b5, "0x88b5"),
];

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    let Some(line) = parties.line else { return Vec::new() };
    let kinds = kinds(scene);
    let requirement = (RULE.requirement)();
    let mut judgements = scene.without_edge(&requirement);
    judgements.extend(scene.unwired(&requirement, parties.machines.iter().copied()));
    let machines: BTreeSet<NodeId> = parties.machines.iter().copied().collect();
    // While nobody has written who opens PPPoE, its frames may be needed anywhere.
    let undeclared = blocked_pppoe::undeclared(scene);
    let stated = |reached: Reached, kind: &FrameKind| match &undeclared {
        Some(unknown) if is_pppoe(kind.number) => unknown.clone(),
        _ => bypass(scene, reached, kind),
    };
    for outside in &parties.outside {
        for (index, interface) in scene.node(*outside).interfaces() {
            if interface.segment != Some(line) {
                continue;
            }
            for kind in &kinds {
                for reached in reached_machines(scene, (*outside, index), &machines, kind) {
                    add(&mut judgements, stated(reached, kind));
                }
            }
        }
    }
    let mut lines = Lines { scene, line, known: BTreeMap::new() };
    for machine in &parties.machines {
        for kind in &kinds {
            for reached in lines.reached_by(*machine, kind) {
                add(&mut judgements, stated(reached, kind));
            }
        }
    }
    judgements
}

/// Ways of frames from machines to the line, found once for all that stand on a segment.
struct Lines<'s, 'a> {
    scene: &'s Scene<'a>,
    line: SegmentId,
    /// The relays on each way from a segment, for senders that relay nothing.
    known: BTreeMap<(SegmentId, u16), Vec<Relays>>,
}

impl Lines<'_, '_> {
    /// Ways of frames of `kind` from the machine to the line.
    fn reached_by(&mut self, machine: NodeId, kind: &FrameKind) -> Vec<Reached> {
        let mut reached = Vec::new();
        let node = self.scene.node(machine);
        for (index, interface) in node.interfaces() {
            let Some(segment) = interface.segment else { continue };
            if is_needed(self.scene, Some(segment), kind.number) {
                continue;
            }
            if node.relays.is_empty() {
                let ways = self.relayed_on(segment, kind.like).iter().cloned();
                reached.extend(ways.map(|relays| Reached { machine, relays }));
            } else {
                let ways = self.to_line(&self.scene.atlas.frame(machine, index, kind.number));
                reached.extend(ways.into_iter().map(|relays| Reached { machine, relays }));
            }
        }
        reached
    }

    fn relayed_on(&mut self, segment: SegmentId, kind: u16) -> &[Relays] {
        let key = (segment, kind);
        if !self.known.contains_key(&key) {
            let ways = self.to_line(&self.scene.atlas.heard_on(segment, kind));
            self.known.insert(key, ways);
        }
        self.known.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The ways on which somebody outside hears the frame on the line.
    fn to_line(&self, heard: &[Hearer]) -> Vec<Relays> {
        let is_outside = |ear: &&Hearer| {
            self.scene.blueprint.parties.outside.contains(&ear.node)
                && self.scene.node(ear.node).interface(ear.interface).segment == Some(self.line)
        };
        heard.iter().filter(is_outside).map(|ear| ear.relays.clone()).collect()
    }
}

/// Whether a machine on the segment opens a PPPoE session: then PPPoE may reach everybody there.
fn is_needed(scene: &Scene<'_>, segment: Option<SegmentId>, kind: u16) -> bool {
    let carries = |session: &design::SessionLine| {
        session.is_pppoe
            && scene.node(session.machine).interface(session.carrier).segment == segment
    };
    is_pppoe(kind) && scene.blueprint.sessions.iter().any(carries)
}

fn is_pppoe(kind: u16) -> bool {
    matches!(kind, ethertype::PPPOE_DISCOVERY | ethertype::PPPOE_SESSION)
}

/// Whether the frame is of PPPoE that the document itself asked the edge router to pass, and that
/// nothing on the line uses any more.
fn is_left_over(scene: &Scene<'_>, kind: &FrameKind) -> bool {
    let blueprint = scene.blueprint;
    is_pppoe(kind.number)
        && blueprint.claims_use_pppoe == Some(false)
        && blueprint.eligibility_uses_pppoe == Some(false)
        && !blueprint.sessions.iter().any(|session| session.is_pppoe)
}

fn left_over() -> Text {
    text!(
        ja: "オンライン請求も資格確認も IPoE のため、PPPoE のパススルー（R02）は要らなくなっています",
        en: "claims and eligibility both go over IPoE, so the PPPoE pass-through (R02) is not \
             needed any more",
    )
}

/// An EtherType to try.
pub(crate) struct FrameKind {
    pub(crate) number: u16,
    pub(crate) name: String,
    /// The first one that every relay and every list treats in the same way.
    like: u16,
}

/// EtherTypes to try: those of [`KINDS`], and those at both ends of every range that a relay or
/// the entry of a list knows, on either side, so that no kind of frame is left out that any of
/// them treats in its own way.
pub(crate) fn kinds(scene: &Scene<'_>) -> Vec<FrameKind> {
    let nodes = &scene.blueprint.network.nodes;
    let relays = nodes.iter().flat_map(|node| &node.relays).map(|relay| &relay.ethertypes);
    let entries = nodes.iter().flat_map(|node| &node.acls).flat_map(|acl| &acl.entries);
    let listed = entries.flat_map(|one| &one.matches).filter_map(|one| one.ethertypes.as_ref());
    let mut known: Vec<&Ranges> = Vec::new();
    for ranges in relays.chain(listed) {
        if !known.contains(&ranges) {
            known.push(ranges);
        }
    }
    let mut ends: BTreeSet<u16> = BTreeSet::new();
    for (low, high) in known.iter().flat_map(|ranges| ranges.as_slice()) {
        let around = [Some(*low), low.checked_sub(1), Some(*high), high.checked_add(1)];
        ends.extend(around.into_iter().flatten().filter_map(|end| u16::try_from(end).ok()));
    }
    let own = KINDS.into_iter().map(|(kind, name)| (kind, name.to_owned()));
    let is_new = |kind: &u16| KINDS.iter().all(|(known, _)| known != kind);
    let ends = ends.into_iter().filter(is_new).map(|kind| (kind, format!("{kind:#06x}")));
    let mut kinds: Vec<FrameKind> = Vec::new();
    for (number, name) in own.chain(ends) {
        let is_alike = |one: &&FrameKind| {
            known.iter().all(|ranges| ranges.contains(one.number) == ranges.contains(number))
        };
        let like = kinds.iter().find(is_alike).map_or(number, |one| one.like);
        kinds.push(FrameKind { number, name, like });
    }
    kinds
}

fn add(judgements: &mut Vec<Judgement>, found: Judgement) {
    let is_same = |one: &&mut Judgement| one.blames_same(&found) || one.headline == found.headline;
    match judgements.iter_mut().find(is_same) {
        Some(same) => same.merge(&found),
        None => judgements.push(found),
    }
}

/// Relays on a way: each with its node, and its place there.
type Relays = Vec<(NodeId, usize)>;

struct Reached {
    machine: NodeId,
    relays: Relays,
}

/// Those of `machines` that hear frames of `kind` from the line though they need not.
fn reached_machines(
    scene: &Scene<'_>,
    (outside, index): (NodeId, InterfaceIndex),
    machines: &BTreeSet<NodeId>,
    kind: &FrameKind,
) -> Vec<Reached> {
    let node = scene.node(outside);
    let heard = match node.interface(index).segment {
        Some(segment) if node.relays.is_empty() => scene.atlas.heard_on(segment, kind.like),
        _ => scene.atlas.frame(outside, index, kind.number).into(),
    };
    let needs_not = |ear: &&Hearer| {
        machines.contains(&ear.node)
            && !is_needed(scene, scene.node(ear.node).interface(ear.interface).segment, kind.number)
    };
    let reached = heard.iter().filter(needs_not);
    reached.map(|ear| Reached { machine: ear.node, relays: ear.relays.clone() }).collect()
}

fn bypass(scene: &Scene<'_>, reached: Reached, kind: &FrameKind) -> Judgement {
    let machine = scene.name(reached.machine);
    let is_left_over = is_left_over(scene, kind);
    let kind = &kind.name;
    let headline = text!(
        ja: "`{machine}` と ONU が、{kind} についてレイヤー2でつながっています",
        en: "`{machine}` and the ONU are joined at layer 2 for {kind}",
        machine = machine, kind = kind,
    );
    let mut suspects = reached.relays.iter().map(|(node, relay)| {
        let device = scene.node(*node);
        let text = text!(
            ja: "`{node}` がここでつないでいます",
            en: "`{node}` joins them here",
            node = device.name,
        );
        Suspect::of(&device.relays[*relay].origin, text)
    });
    let primary = suspects.next().or_else(|| {
        let text = text!(
            ja: "`{machine}` は ONU と同じゾーンにあります",
            en: "`{machine}` stands in the ONU's own zone",
            machine = machine,
        );
        Some(Suspect::of(&scene.node(reached.machine).origin, text))
    });
    let guilt = Guilt { primary, others: suspects.collect() };
    let found =
        Judgement::new(Verdict::Refuted(None), headline).blame(guilt).about([machine.to_owned()]);
    if is_left_over {
        return found.at_most(Severity::Warning).because(left_over()).advise(text!(
            ja: "PPPoE を使う端末がないことを確かめて、パススルーの設定を消してください",
            en: "make sure that no machine dials, and remove the pass-through",
        ));
    }
    found
        .because(text!(
            ja: "レイヤー2で通るフレームは、ルータの IP フィルターの対象になりません",
            en: "a frame that passes at layer 2 is not seen by the router's IP filters",
        ))
        .advise(text!(
            ja: "この中継をやめてルータで受けるか、PPPoE だけを必要なポートの間で通してください",
            en: "route instead of bridging, or pass PPPoE only, between the ports that need it",
        ))
}
