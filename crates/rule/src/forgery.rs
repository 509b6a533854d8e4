//! Sessions that an attacker begins in the name of somebody else and answers itself.
//!
//! A node that remembers sessions lets answers pass where nothing may begin. It remembers any
//! packet that it lets through, also one with a forged source that goes to another network or back
//! to where it came from. What the attacker then sends to the one whose name it used counts as an
//! answer.

use diag::{Text, text};
use model::{Family, NodeId, Outcome, Packet, Ranges, flags, icmp, protocol};
use packet_set::{Cube, Interval};
use reach::{Exploration, Leaf, Start, Way, pick_packet, point_of};

use crate::Scene;
use crate::guilt::Guilt;
use crate::judgement::{Judgement, Opening};

/// All of them.
#[derive(Debug)]
pub(crate) struct Forgeries {
    /// What becomes of all packets with the source of somebody inside.
    pub(crate) first: Exploration,
    /// Those of them that are remembered.
    pub(crate) all: Vec<Forgery>,
}

/// One kind of packet with a forged source that some node remembers.
#[derive(Debug)]
pub(crate) struct Forgery {
    /// The packets, as the attacker sends them.
    sent: Leaf,
    /// Their way.
    pub(crate) way: Vec<Way>,
    /// What becomes of the answers that it makes up itself.
    pub(crate) answers: Exploration,
}

/// What `from` can do in this way to anything inside.
pub(crate) fn all(scene: &Scene<'_>, from: NodeId) -> Forgeries {
    let mut start = Start::attack(from);
    // A session is remembered even if the packet is discarded further on.
    start.keeps_discarded = true;
    start.packets = Family::ALL.into_iter().flat_map(|family| in_names(scene, family)).collect();
    let first = reach::explore(scene.atlas, &start, &scene.limits);
    let remembered = first.leaves.iter().filter(|leaf| leaf.is_remembered());
    let forgery = |sent: &Leaf| {
        let answers = scene.atlas.forged_answer(from, sent, &scene.limits);
        Forgery { sent: sent.clone(), way: first.way(sent), answers }
    };
    let is_worth_a_look =
        |one: &Forgery| !one.answers.leaves.is_empty() || !one.answers.is_complete;
    let all = remembered.map(forgery).filter(is_worth_a_look).collect();
    Forgeries { first, all }
}

/// All packets in the name of somebody inside.
fn in_names(scene: &Scene<'_>, family: Family) -> Vec<(Family, Cube)> {
    let parties = &scene.blueprint.parties;
    let nodes = parties.machines.iter().chain(&parties.routers);
    let own = nodes.flat_map(|node| scene.node(*node).addresses(family));
    let own = own.map(|address| (Family::number(address), Family::number(address)));
    let segments = parties.inside_segments.iter();
    let nets = segments.flat_map(|one| &scene.blueprint.network.segment(*one).nets);
    let nets = nets.filter(|net| net.family() == family).map(|net| net.bounds());
    let names = Ranges::of(own.chain(nets));
    let whole = reach::universe(family);
    let narrowed = names.as_slice().iter().filter_map(|(low, high)| {
        whole.narrowed(packet_set::Field::Source, Interval::new(*low, *high))
    });
    narrowed.map(|cube| (family, cube)).collect()
}

impl Forgery {
    /// A packet out of `parts`, which the answers of one end hold, and the packet that has to be
    /// sent before it; `None` if addresses are rewritten on the way, so that the two do not mirror
    /// each other.
    pub(crate) fn packets(
        &self,
        scene: &Scene<'_>,
        from: NodeId,
        (family, outcome): (Family, Outcome),
        parts: &[Cube],
    ) -> Option<(Opening, Packet)> {
        let taste = scene.taste(from, outcome);
        parts.iter().find_map(|part| {
            let answer = pick_packet(family, part, &taste);
            let first = mirrored(answer);
            let is_sent = self.sent.sent.contains(&point_of(&first));
            is_sent.then_some((Opening { from, packet: first }, answer))
        })
    }
}

/// The statement for packets whose addresses are rewritten on the way, so that no two of them can
/// be shown that mirror each other.
pub(crate) fn unmirrored(headline: Text, guilt: &Guilt) -> Judgement {
    let reason = text!(
        ja: "送信元を偽ったパケットをルータが通すと、その応答に見せかけたパケットも通る可能性が\
             あります",
        en: "where a router passes a packet with a forged source, what looks like its answer may \
             pass too",
    );
    Judgement::unknown(headline, reason, guilt.span())
}

/// What closes the hole.
pub(crate) fn advice() -> Text {
    text!(
        ja: "このパケットを受信するインターフェースで、送信元がそのネットワークのアドレスでないも\
             のと、同じインターフェースへ折り返すもの、そのネットワークのブロードキャスト宛ての\
             ものを破棄してください",
        en: "at the interface that receives the packet, discard what does not come from an address \
             of that network, what would go out where it came in, and what goes to the broadcast \
             address of that network",
    )
}

/// The packet that `answer` answers.
fn mirrored(answer: Packet) -> Packet {
    let is_tcp = answer.protocol == protocol::TCP;
    let mut first = Packet {
        source: answer.destination,
        destination: answer.source,
        tcp_flags: if is_tcp { flags::SYN } else { answer.tcp_flags },
        ..answer
    };
    match answer.protocol {
        protocol::ICMP => first.source_port = icmp::ECHO_REQUEST.into(),
        protocol::ICMPV6 => first.source_port = icmp::ECHO_REQUEST_V6.into(),
        _ => {
            (first.source_port, first.destination_port) =
                (answer.destination_port, answer.source_port);
        }
    }
    first
}
