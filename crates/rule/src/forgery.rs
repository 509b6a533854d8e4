//! Sessions that an attacker begins in the name of somebody else and answers itself.
//!
//! A node that remembers sessions lets answers pass where nothing may begin. It remembers any
//! packet that it lets through, also one with a forged source that goes to another network or back
//! to where it came from. What the attacker then sends to the one whose name it used counts as an
//! answer.

use diag::{Text, text};
use model::{Family, NodeId, Packet, Ranges, flags, protocol};
use packet_set::{Cube, Field, Interval};
use reach::{Exploration, Leaf, Mode, Start, Way, may_be_forged, pick_packet, point_of};

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Opening, Witness};
use crate::scene::Strangeness;
use crate::{Attempt, Scene};

/// All of them.
#[derive(Debug)]
pub(crate) struct Forgeries {
    /// The packets that may be to the use of the attacker, if all were tried.
    useful: Option<Vec<(Family, Cube)>>,
    /// What becomes of all packets that some node remembers.
    first: Exploration,
    /// Those of them that are remembered.
    all: Vec<Forgery>,
}

/// One kind of packet with a forged source that some node remembers.
#[derive(Debug)]
pub(crate) struct Forgery {
    /// The packets, as the attacker sends them.
    sent: Leaf,
    /// Their way.
    way: Vec<Way>,
    /// What becomes of the answers that it makes up itself.
    answers: Exploration,
}

/// What `from` can do in this way to anything inside.
pub(crate) fn all(scene: &Scene<'_>, from: NodeId) -> Forgeries {
    let useful = all_useful(scene, from);
    Forgeries { useful: Some(useful.clone()), ..tried(scene, from, useful) }
}

/// What it can do with first packets out of `parts`.
pub(crate) fn among(scene: &Scene<'_>, from: NodeId, parts: &[(Family, Cube)]) -> Forgeries {
    let useful = all_useful(scene, from);
    let sent = match left_by_others(scene, from, &useful) {
        Some(left) => both(&both(&useful, parts), &left),
        None => both(&useful, parts),
    };
    let sent = sent.into_iter();
    tried(scene, from, sent.filter_map(|(one, cube)| Some((one, may_be_forged(&cube)?))).collect())
}

/// The first packets that are left to try where all `useful` ones were tried on a network that is
/// almost the same; `None` if that is not known.
///
/// A first packet that goes the same ways in both networks is remembered by the same nodes: it is
/// in the same leaf there, or in none and begins nothing. If nothing that the answers to this leaf
/// meet lets more of them on, they get nowhere else, and the two packets were judged there. So what
/// is left are packets that may go another way, and those whose answers may get on.
fn left_by_others(
    scene: &Scene<'_>,
    from: NodeId,
    useful: &[(Family, Cube)],
) -> Option<Vec<(Family, Cube)>> {
    let (before, difference) = scene.before()?;
    let known = before.forgeries[from.0 as usize].get()?;
    let is_known =
        known.useful.as_deref() == Some(useful) && known.explorations().all(|one| one.is_complete);
    let let_on = known.all.iter().filter(|one| difference.lets_on(&one.answers));
    let let_on = let_on.map(|one| (one.sent.family, one.sent.sent));
    is_known.then(|| difference.openings().into_iter().chain(let_on).collect())
}

/// The packets that are in boxes of `one` and in boxes of `other`.
fn both(one: &[(Family, Cube)], other: &[(Family, Cube)]) -> Vec<(Family, Cube)> {
    let mut found: Vec<(Family, Cube)> = Vec::new();
    for (family, own) in one {
        for (_, its) in other.iter().filter(|(its, _)| its == family) {
            let Some(both) = own.intersect(its) else { continue };
            if !found.iter().any(|(known, cube)| known == family && cube.covers(&both)) {
                found.push((*family, both));
            }
        }
    }
    found
}

/// What becomes of the packets of `sent`, and of the answers to them that `from` makes up.
fn tried(scene: &Scene<'_>, from: NodeId, sent: Vec<(Family, Cube)>) -> Forgeries {
    let mut start = Start::attack(from);
    // A session is remembered even if the packet is discarded further on.
    start.keeps_discarded = true;
    start.only_remembered = true;
    start.packets = sent;
    let first = reach::explore(scene.atlas, &start, &scene.limits);
    let forgery = |sent: &Leaf| {
        let answers = scene.atlas.forged_answer(from, sent, &scene.limits);
        Forgery { sent: sent.clone(), way: first.way(sent), answers }
    };
    // An echo reply begins nothing.
    let is_of_use = |sent: &&Leaf| !is_icmp(&sent.sent);
    let all = first.leaves.iter().filter(is_of_use).map(forgery).collect();
    Forgeries { useful: None, first, all }
}

/// What [`useful`] says of both families.
fn all_useful(scene: &Scene<'_>, from: NodeId) -> Vec<(Family, Cube)> {
    Family::ALL.into_iter().flat_map(|family| useful(scene, from, family)).collect()
}

/// All packets with which `from` begins something in the name of others that may be to its use.
///
/// In the name of somebody inside it gets at that one, so whoever it seems to speak with. In the
/// name of somebody outside a machine gets at that one, and has to be the other end itself, for a
/// session needs answers; but where nothing may leave in clear a single packet is too much. What
/// somebody outside sends in the name of others outside is nobody's matter.
fn useful(scene: &Scene<'_>, from: NodeId, family: Family) -> Vec<(Family, Cube)> {
    let inside = names(scene, family);
    let is_outside = scene.blueprint.parties.outside.contains(&from);
    let everybody = Ranges::span(0_u8, family.top());
    let outside = match is_outside {
        true => Ranges::none(),
        false => inside.complement(family.top()),
    };
    let to = match scene.blueprint.contract {
        Some(_) => everybody.clone(),
        None => scene.answered_for(from, family),
    };
    let all = between(family, &inside, &everybody).chain(between(family, &outside, &to));
    all.filter_map(|cube| Some((family, may_be_forged(&cube)?))).collect()
}

/// The packets from one of `sources` to one of `destinations`.
fn between(family: Family, sources: &Ranges, destinations: &Ranges) -> impl Iterator<Item = Cube> {
    let interval = |(low, high): &(u128, u128)| Interval::new(*low, *high);
    let whole = reach::universe(family);
    let from = sources.as_slice().iter().map(interval);
    let from: Vec<Cube> = from.map(|source| whole.with(Field::Source, source)).collect();
    let to: Vec<Interval> = destinations.as_slice().iter().map(interval).collect();
    from.into_iter().flat_map(move |cube| {
        to.clone().into_iter().map(move |to| cube.with(Field::Destination, to))
    })
}

/// Addresses of somebody inside.
fn names(scene: &Scene<'_>, family: Family) -> Ranges {
    let parties = &scene.blueprint.parties;
    let nodes = parties.machines.iter().chain(&parties.routers);
    let own = nodes.flat_map(|node| scene.node(*node).addresses(family));
    let own = own.map(|address| (Family::number(address), Family::number(address)));
    let segments = parties.inside_segments.iter();
    let nets = segments.flat_map(|one| &scene.blueprint.network.segment(*one).nets);
    let nets = nets.filter(|net| net.family() == family).map(|net| net.bounds());
    Ranges::of(own.chain(nets))
}

impl Forgeries {
    /// All that was followed.
    pub(crate) fn explorations(&self) -> impl Iterator<Item = &Exploration> {
        std::iter::once(&self.first).chain(self.all.iter().map(|one| &one.answers))
    }
}

/// What gets through as the answer to a packet with a forged source.
pub(crate) struct Passing<'s> {
    /// The packets that get through.
    pub(crate) leaf: &'s Leaf,
    /// Their way.
    pub(crate) way: Vec<Way>,
    /// The way of the packet that is sent before.
    pub(crate) way_before: &'s [Way],
    /// Both packets; `None` if addresses are rewritten on the way, so that no two can be shown that
    /// mirror each other.
    pub(crate) witness: Option<Witness>,
}

/// What `from` gets through of its forged answers, as far as it is the matter of a rule: the boxes
/// of `matter`, of those that may begin something.
pub(crate) fn passing<'s>(
    scene: &'s Scene<'_>,
    from: NodeId,
    matter: impl Fn(&Leaf, &[Way]) -> Vec<Cube>,
) -> impl Iterator<Item = Passing<'s>> {
    let all = scene.forgeries(from).all.iter();
    let each = all.flat_map(|one| one.answers.leaves.iter().map(move |leaf| (one, leaf)));
    each.filter_map(move |(forgery, leaf)| {
        let way = forgery.answers.way(leaf);
        let matter = Scene::beginnings(leaf.family, matter(leaf, &way));
        if matter.is_empty() {
            return None;
        }
        let witness = forgery.witness(scene, from, leaf, &matter);
        Some(Passing { leaf, way, way_before: &forgery.way, witness })
    })
}

/// What a rule about the outside says of forged answers that get through.
pub(crate) struct Statements<'a> {
    /// Those of the packets, as sent, that are its matter.
    pub(crate) matter: &'a dyn Fn(&Leaf, &[Way]) -> Vec<Cube>,
    /// The lines of a way that let a packet pass.
    pub(crate) guilt: &'a dyn Fn(&[Way]) -> Guilt,
    /// What is said of a packet with its way.
    pub(crate) state: &'a dyn Fn(Witness, &[Way], Guilt) -> Judgement,
    /// What is said where it is not known.
    pub(crate) unsure: Text,
}

/// One statement for each line that lets forged answers of `from` through, with the least strange
/// packets, and what is not known.
pub(crate) fn judge(
    scene: &Scene<'_>,
    from: NodeId,
    statements: &Statements<'_>,
    (found, doubts): (&mut Vec<(Strangeness, Judgement)>, &mut Vec<Judgement>),
) {
    let unfinished = |found: &Exploration| scene.incomplete(found, statements.unsure.clone());
    doubts.extend(scene.forgeries(from).explorations().find_map(unfinished));
    for one in passing(scene, from, statements.matter) {
        let guilt = one.guilt(statements.guilt);
        let Some(witness) = one.witness else {
            doubts.push(unmirrored(statements.unsure.clone(), &guilt));
            continue;
        };
        let strangeness = scene.strangeness(from, one.leaf, &one.way);
        let judgement = (statements.state)(witness, &one.way, guilt).advise(advice());
        match found.iter_mut().find(|(_, known)| known.guilt.span() == judgement.guilt.span()) {
            Some(same) if same.0 <= strangeness => {}
            Some(same) => *same = (strangeness, judgement),
            None => found.push((strangeness, judgement)),
        }
    }
}

/// Packets of an attack that pass because one with a forged source was sent before.
pub struct Forged {
    /// The packets, each with the one before it.
    pub attempts: Vec<Attempt>,
    /// Whether some may pass of which no two can be shown, since addresses are rewritten.
    pub is_unmirrored: bool,
    /// Whether everything was followed.
    pub is_complete: bool,
}

impl Scene<'_> {
    /// What `from` gets through as made-up answers, of those in the boxes of `matter`.
    #[must_use]
    pub fn forged(&self, from: NodeId, matter: impl Fn(&Leaf) -> Vec<Cube>) -> Forged {
        let is_complete = self.forgeries(from).explorations().all(|one| one.is_complete);
        let mut forged = Forged { attempts: Vec::new(), is_unmirrored: false, is_complete };
        for one in passing(self, from, |leaf, _| matter(leaf)) {
            let shown = one.witness.and_then(|witness| Some((witness.before?, witness.packet)));
            let Some((before, packet)) = shown else {
                forged.is_unmirrored = true;
                continue;
            };
            let parts = Self::beginnings(one.leaf.family, matter(one.leaf)).into_iter();
            let mut parts = parts.filter(|part| part.contains(&point_of(&packet)));
            forged.attempts.extend(parts.next().map(|part| Attempt {
                leaf: one.leaf.with_sent(part),
                announcing: Some((before, packet)),
            }));
        }
        forged
    }
}

impl Passing<'_> {
    /// The lines that let both packets pass, `whole` those of a way.
    pub(crate) fn guilt(&self, whole: impl Fn(&[Way]) -> Guilt) -> Guilt {
        let mut guilt = whole(self.way_before);
        guilt.others.extend(whole(&self.way).primary);
        guilt
    }
}

impl Forgery {
    /// A packet out of `parts`, which the answers of `leaf` hold, with the packet that has to be
    /// sent before it.
    fn witness(
        &self,
        scene: &Scene<'_>,
        from: NodeId,
        leaf: &Leaf,
        parts: &[Cube],
    ) -> Option<Witness> {
        if self.sent.is_rewritten() || leaf.is_rewritten() {
            return None;
        }
        let taste = scene.taste(from, leaf.outcome);
        parts.iter().find_map(|part| {
            let packet = pick_packet(leaf.family, part, &taste);
            let first = mirrored(packet);
            let before = self.sent.sent.contains(&point_of(&first)).then_some(first)?;
            let witness = scene.witness(Mode::Attack, from, &self.answers, leaf);
            Some(Witness { packet, before: Some(Opening { from, packet: before }), ..witness })
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

fn is_icmp(cube: &Cube) -> bool {
    let numbers = [protocol::ICMP, protocol::ICMPV6].map(|number| Interval::single(number.into()));
    numbers.contains(&cube.interval(Field::Protocol))
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
    (first.source_port, first.destination_port) = (answer.destination_port, answer.source_port);
    first
}
