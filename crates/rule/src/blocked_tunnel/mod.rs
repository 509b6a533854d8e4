//! F032: the outer packets of the tunnel can pass, both ways.

use std::net::IpAddr;

use design::LineTunnel;
use diag::{Text, text};
use model::{
    Aspect, Aspects, ESP, Effect, Effects, Encapsulation, Family, Hop, IKE, InterfaceIndex,
    NAT_TRAVERSAL, Node, NodeId, Outcome, StepKind, Tunnel, protocol,
};
use packet_set::{Cube, Field, Interval};
use pattern::Property;
use reach::{Exploration, Leaf, Mode, Start, exactly, explore, universe};

use crate::counterpart;
use crate::guilt::Guilt;
use crate::house::not_proved;
use crate::judgement::{Judgement, Later, Verdict};
use crate::private;
use crate::subject::lacks_address;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F032",
    name: "blocked-tunnel",
    property: Property::V7,
    requirement: || {
        text!(
            ja: "IPsec の鍵交換と ESP が、相手との間で往復できる",
            en: "key exchange and ESP pass between the tunnel's ends, both ways",
        )
    },
    explain: || {
        text!(
            ja: "IPsec トンネルには、鍵交換（UDP 500）と、ESP（途中にアドレス変換があれば UDP \
                 4500）が必要です。トンネルを張る機器のフィルター、途中のルータのフィルターや NAT \
                 のどれかがこれを止めると、トンネルはつながりません。相手への経路がトンネル自身を\
                 向いていてもつながりません。",
            en: "A tunnel needs key exchange (UDP 500) and ESP, which is UDP 4500 where an \
                 address translator stands on the way. It stays down if the lists of its end, or \
                 lists and NAT of a router on the way, stop any of these, or if the route to the \
                 peer leads into the tunnel itself.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::RouterItself]),
    fears: Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route, Effect::Stall]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    if scene.blueprint.line_tunnels.is_empty() {
        return vec![no_tunnel(scene)];
    }
    let mut judgements: Vec<Judgement> = Vec::new();
    for found in scene.tunnels().iter().flat_map(|(_, said)| said) {
        match judgements.iter_mut().find(|one| one.blames_same(found)) {
            Some(same) => same.merge(found),
            None => judgements.push(found.clone()),
        }
    }
    judgements
}

/// Which tunnel is the line's is not known, which is another rule's matter.
fn no_tunnel(scene: &Scene<'_>) -> Judgement {
    let reason = text!(
        ja: "契約した相手への IPsec トンネルがありません（F031）",
        en: "no IPsec tunnel to the contracted peer was found (F031)",
    );
    let requirement = (RULE.requirement)();
    Judgement::unknown(not_proved(&requirement), reason, scene.blueprint.place).after(&["F031"])
}

/// What an outer packet is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outer {
    KeyExchange,
    Esp,
    Udp,
}

impl Outer {
    fn name(self) -> &'static str {
        match self {
            Self::KeyExchange => "UDP 500",
            Self::Esp => "ESP",
            Self::Udp => "UDP 4500",
        }
    }

    fn packets(self, cube: Cube) -> Cube {
        let port = match self {
            Self::Esp => {
                let numbers = cube.with(Field::Protocol, Interval::single(u128::from(ESP)));
                let none = Interval::single(0);
                return numbers.with(Field::SourcePort, none).with(Field::DestinationPort, none);
            }
            Self::KeyExchange => IKE,
            Self::Udp => NAT_TRAVERSAL,
        };
        let port = Interval::single(u128::from(port));
        cube.with(Field::Protocol, Interval::single(u128::from(protocol::UDP)))
            .with(Field::SourcePort, port)
            .with(Field::DestinationPort, port)
    }
}

/// What there is to say of the outer packets of the tunnel `one`; nothing if they pass.
pub(crate) fn judge(scene: &Scene<'_>, one: &LineTunnel) -> Vec<Judgement> {
    let tunnel = scene.line_tunnel(one);
    let peers = scene.peer_addresses(tunnel);
    if peers.is_empty() {
        return vec![nameless(scene, one)];
    }
    let machine = scene.node(one.node);
    if scene.blueprint.parties.machines.contains(&one.node) && lacks_address(machine) {
        let headline = text!(
            ja: "`{node}` のトンネルの外側のパケットが通るか判断できません",
            en: "whether the outer packets of `{node}` pass cannot be told",
            node = machine.name,
        );
        return vec![scene.unaddressed(one.node, headline)];
    }
    let mut found: Vec<Judgement> = doubtful(scene, one).into_iter().collect();
    for peer in peers {
        let attempt = |outer| refused(scene, one.node, tunnel, peer, outer);
        found.extend(attempt(Outer::KeyExchange));
        match tunnel.encapsulation {
            Encapsulation::Esp => found.extend(attempt(Outer::Esp)),
            Encapsulation::Udp => found.extend(attempt(Outer::Udp)),
            Encapsulation::Negotiated => found.extend(negotiated(scene, one.node, tunnel, peer)),
        }
    }
    found
}

/// Why the tunnel may stay down although its packets pass.
fn doubtful(scene: &Scene<'_>, one: &LineTunnel) -> Option<Judgement> {
    let tunnel = scene.line_tunnel(one);
    let reason = tunnel.doubt.clone()?;
    let headline = text!(
        ja: "`{node}` のトンネルがつながるか判断できません",
        en: "whether the tunnel of `{node}` comes up cannot be told",
        node = scene.name(one.node),
    );
    let found = Judgement::unknown(headline, reason, tunnel.origin.span());
    Some(found.about([scene.name(one.node).to_owned()]))
}

/// ESP goes in UDP if the ends find an address translator between them, else in IP (RFC 3947).
/// One of the provider's may stand there, too, so both have to pass unless the site has one.
fn negotiated(scene: &Scene<'_>, node: NodeId, tunnel: &Tunnel, peer: IpAddr) -> Vec<Judgement> {
    let udp = refused(scene, node, tunnel, peer, Outer::Udp);
    if is_translated(scene, node, tunnel, (peer, Outer::KeyExchange)) {
        let is_alike = || is_translated(scene, node, tunnel, (peer, Outer::Udp));
        return match udp {
            None if !is_alike() => vec![untranslated(scene, node, tunnel)],
            udp => udp.into_iter().collect(),
        };
    }
    if let Some(esp) = refused(scene, node, tunnel, peer, Outer::Esp) {
        return vec![esp];
    }
    let reason = text!(
        ja: "アドレス変換が途中にあれば UDP 4500 が使われます。あるかどうか分かりません",
        en: "UDP 4500 is used if an address translator stands on the way, which is not known",
    );
    let udp = udp.map(|one| match &one.verdict {
        Verdict::Unknown(_) => one,
        _ => {
            let doubt = Judgement::unknown(one.headline.clone(), reason, one.guilt.span());
            doubt.about(one.subjects.clone()).advise(advice())
        }
    });
    udp.into_iter().collect()
}

/// Whether something translates the addresses of `outer` packets on their way to `peer`.
fn is_translated(
    scene: &Scene<'_>,
    node: NodeId,
    tunnel: &Tunnel,
    (peer, outer): (IpAddr, Outer),
) -> bool {
    let (_, found) = attempts(scene, node, tunnel, peer, outer);
    found.leaves.iter().any(|leaf| {
        found.way(leaf).iter().any(|step| matches!(step.kind, StepKind::Translated(..)))
    })
}

/// The addresses of UDP 500 are translated, and those of UDP 4500, which follows, are not.
fn untranslated(scene: &Scene<'_>, node: NodeId, tunnel: &Tunnel) -> Judgement {
    let headline = text!(
        ja: "`{node}` の UDP 4500 の応答が戻るか判断できません",
        en: "whether answers to UDP 4500 of `{node}` come back cannot be told",
        node = scene.name(node),
    );
    let reason = text!(
        ja: "UDP 500 のアドレスは変換されますが、続く UDP 4500 は変換されずに出ます",
        en: "the addresses of UDP 500 are translated, and UDP 4500, which follows, leaves as it is",
    );
    let found = Judgement::unknown(headline, reason, tunnel.origin.span());
    found.about([scene.name(node).to_owned()]).advise(text!(
        ja: "UDP 500 と同じように、UDP 4500 もアドレスを変換してください",
        en: "translate UDP 4500 as UDP 500",
    ))
}

/// The peer's address is not known. That it is a foreign one, or that the configuration has none,
/// is another rule's matter.
fn nameless(scene: &Scene<'_>, one: &LineTunnel) -> Judgement {
    let tunnel = scene.line_tunnel(one);
    let headline = text!(
        ja: "`{node}` のトンネルの外側のパケットが通るか判断できません",
        en: "whether the outer packets of `{node}` pass cannot be told",
        node = scene.name(one.node),
    );
    let unknown = |reason| {
        let found = Judgement::unknown(headline.clone(), reason, tunnel.origin.span());
        found.about([scene.name(one.node).to_owned()])
    };
    let model::Peer::Name(name) = &tunnel.peer else {
        let reason = text!(
            ja: "トンネルの相手のアドレスが分かりません",
            en: "the address of the tunnel's peer is not known",
        );
        return unknown(reason).advise(text!(
            ja: "契約した相手のアドレスを、`[line]` の `peer`（機器の設定にもあれば、そこにも）に\
                 書いてください",
            en: "write the address of the contracted peer as `peer` into `[line]`, and into the \
                 configuration where the tunnel ends on a router",
        ));
    };
    let reason = text!(
        ja: "相手 `{name}` のアドレスが分かりません",
        en: "the address of the peer `{name}` is not known",
        name = *name,
    );
    unknown(reason).advise(text!(
        ja: "`[destinations]` に、相手の名前（`hosts`）とアドレス（`addresses`）を書いてください",
        en: "write name (`hosts`) and address (`addresses`) of the peer under `[destinations]`",
    ))
}

/// The first `outer` packets of `node` to `peer`, and where they go.
fn attempts(
    scene: &Scene<'_>,
    node: NodeId,
    tunnel: &Tunnel,
    peer: IpAddr,
    outer: Outer,
) -> (Start, Exploration) {
    let family = Family::of(peer);
    let to = universe(family).with(Field::Destination, Interval::single(Family::number(peer)));
    let to = outer.packets(to.with(Field::TcpFlags, exactly(0)));
    let sources: Vec<IpAddr> = match tunnel.local {
        Some(local) if Family::of(local) == family => vec![local],
        // No packet has addresses of both versions of IP.
        Some(_) => Vec::new(),
        None => scene.node(node).addresses(family).collect(),
    };
    let packets = sources
        .iter()
        .map(|own| (family, to.with(Field::Source, Interval::single(Family::number(*own)))));
    let start = Start::originate(node, packets.collect());
    let mut found = explore(scene.atlas, &start, &scene.limits);
    if tunnel.local.is_none() {
        keep_own_sources(scene, node, &mut found);
    }
    (start, found)
}

/// Why `outer` packets of `node` do not go to `peer` and back; `None` if they do.
fn refused(
    scene: &Scene<'_>,
    node: NodeId,
    tunnel: &Tunnel,
    peer: IpAddr,
    outer: Outer,
) -> Option<Judgement> {
    let (start, found) = attempts(scene, node, tunnel, peer, outer);
    let about = [scene.name(node).to_owned()];
    let headline = text!(
        ja: "`{node}` の {outer} が、トンネルの相手 {peer} に届きません",
        en: "{outer} of `{node}` does not reach the tunnel's peer {peer}",
        outer = outer.name(), node = scene.name(node), peer = peer,
    );
    let Some(leaf) = found.leaves.iter().find(|leaf| !arrives(scene, &found, leaf)) else {
        if found.leaves.is_empty() {
            let text =
                text!(ja: "送信元のアドレスがありません", en: "it has no address to send from");
            let judgement = Judgement::new(Verdict::Refuted(None), headline);
            return Some(judgement.blame(Guilt::at(&tunnel.origin, text)).about(about));
        }
        return found.leaves.iter().find_map(|leaf| {
            let lost = lost(scene, node, &found, leaf, (outer, peer));
            let lost = lost.or_else(|| goes_not_on(scene, &start, &found, leaf, (outer, peer)));
            lost.map(|one| one.about(about.clone()))
        });
    };
    let way = found.way(leaf);
    let guilt = match into_tunnel(scene, &found, leaf) {
        Some(guilt) => guilt,
        None if leaf.is_redirected() => scene.who_redirected(&way).unwrap_or_default(),
        None => scene.who_discarded(&way, leaf.outcome),
    };
    let witness = scene.witness(Mode::Originate, node, &found, leaf);
    let judgement = Judgement::new(Verdict::Refuted(Some(witness)), headline);
    Some(judgement.blame(guilt).about(about).advise(advice()))
}

/// Where no address is written, the packets have one of the interface to which they are routed.
fn keep_own_sources(scene: &Scene<'_>, node: NodeId, found: &mut Exploration) {
    let device = scene.node(node);
    let fits: Vec<bool> = found
        .leaves
        .iter()
        .map(|leaf| {
            let way = found.way(leaf);
            let routed = way.iter().find_map(|step| match step.kind {
                StepKind::Routed(route, hop) => device.routes[route].hops.get(hop),
                StepKind::PolicyRouted(place) => Some(&device.policy_routes[place].hop),
                _ => None,
            });
            let Some(interface) = routed.and_then(|hop| leads_to(device, hop.hop)) else {
                return true;
            };
            let source = leaf.family.address(leaf.sent.interval(Field::Source).lo());
            let own = &device.interface(interface).addresses;
            own.iter().filter_map(|address| address.net).any(|net| net.address() == source)
        })
        .collect();
    if fits.iter().any(|fits| *fits) {
        let mut fits = fits.into_iter();
        found.leaves.retain(|_| fits.next().unwrap_or(true));
    }
}

/// The interface to which `hop` leads.
fn leads_to(device: &Node, hop: Hop) -> Option<InterfaceIndex> {
    match hop {
        Hop::Interface(index) | Hop::Learned(index) | Hop::AddressOn(_, index) => Some(index),
        Hop::Address(address) => {
            let holds = |one: &model::Interface| {
                let mut nets = one.addresses.iter().filter_map(|own| own.net);
                one.enabled && nets.any(|net| net.contains(address))
            };
            device.interfaces().find(|(_, one)| holds(one)).map(|(index, _)| index)
        }
        Hop::Discard => None,
    }
}

fn advice() -> Text {
    text!(
        ja: "契約した相手との間で UDP 500 と、ESP または UDP 4500 を両方向に通してください",
        en: "let UDP 500, and ESP or UDP 4500, pass both ways between the two ends",
    )
}

/// Whether the packets of `leaf` come to the outside in clear.
fn arrives(scene: &Scene<'_>, found: &Exploration, leaf: &Leaf) -> bool {
    let Outcome::Delivered(end) = leaf.outcome else { return false };
    let is_outside = scene.blueprint.parties.outside.contains(&end);
    is_outside && !leaf.is_redirected() && into_tunnel(scene, found, leaf).is_none()
}

/// The line that sends the packets of `leaf` into a tunnel.
fn into_tunnel(scene: &Scene<'_>, found: &Exploration, leaf: &Leaf) -> Option<Guilt> {
    let way = found.way(leaf);
    let entered = way.iter().position(|step| match step.kind {
        StepKind::Sent(interface) => scene.node(step.node).tunnel_at(interface).is_some(),
        _ => false,
    })?;
    let routed = way[..entered].iter().rev().find_map(|step| match step.kind {
        StepKind::Routed(route, hop) => {
            let route = &scene.node(step.node).routes[route];
            Some(route.hops.get(hop).map_or(&route.origin, |hop| &hop.origin))
        }
        _ => None,
    });
    let origin = routed.unwrap_or(&scene.node(way[entered].node).origin);
    let text = text!(
        ja: "相手への経路がトンネル自身を向いています",
        en: "the route to the peer leads into the tunnel itself",
    );
    Some(Guilt::at(origin, text))
}

/// The answer to the packets of `leaf` does not come back.
fn lost(
    scene: &Scene<'_>,
    node: NodeId,
    found: &Exploration,
    leaf: &Leaf,
    (outer, peer): (Outer, IpAddr),
) -> Option<Judgement> {
    let answers = scene.atlas.answer(found, leaf, &scene.limits);
    let comes_back = |one: &&Leaf| one.outcome == Outcome::Delivered(node) && !one.is_rewritten();
    let back = answers.leaves.iter().find(|one| !comes_back(one));
    let headline = text!(
        ja: "トンネルの相手 {peer} からの {outer} が、`{node}` に届きません",
        en: "{outer} from the tunnel's peer {peer} does not reach `{node}`",
        outer = outer.name(), node = scene.name(node), peer = peer,
    );
    let Some(back) = back else {
        if let Some(reason) = private::unanswerable(scene, leaf) {
            return Some(Judgement::unknown(headline, reason, None));
        }
        let is_answered = answers.is_complete && !answers.leaves.is_empty();
        let reason = text!(
            ja: "応答をたどれませんでした", en: "the answer could not be followed",
        );
        return (!is_answered).then(|| Judgement::unknown(headline, reason, None));
    };
    let (forth, return_way) = (found.way(leaf), answers.way(back));
    let guilt = scene.who_lost(&forth, &return_way, back.outcome);
    let first = counterpart::of(leaf, back, true);
    let mut witness = scene.witness(Mode::Originate, node, found, &first);
    witness.answer = Some((back.outcome, return_way));
    let judgement = Judgement::new(Verdict::Refuted(Some(witness)), headline);
    Some(judgement.blame(guilt).advise(advice()))
}

/// The flow of the packets of `leaf` does not go on once it was answered: what follows is the same
/// packet again for lists, but not for session tables.
fn goes_not_on(
    scene: &Scene<'_>,
    start: &Start,
    found: &Exploration,
    leaf: &Leaf,
    (outer, peer): (Outer, IpAddr),
) -> Option<Judgement> {
    let later = scene.atlas.follow_up(start, leaf, &scene.limits);
    let headline = text!(
        ja: "`{node}` の {outer} が、相手 {peer} の最初の応答の後で続きません",
        en: "{outer} of `{node}` does not go on after the first answer of the peer {peer}",
        outer = outer.name(), node = scene.name(start.node), peer = peer,
    );
    let Some(lost) = later.leaves.iter().find(|one| !arrives(scene, &later, one)) else {
        let reason = text!(ja: "計算量の上限に達しました", en: "the work limit was reached");
        return (!later.is_complete).then(|| Judgement::unknown(headline, reason, None));
    };
    let (forth, way) = (found.way(leaf), later.way(lost));
    let guilt = scene.who_lost(&forth, &way, lost.outcome);
    let first = counterpart::of(leaf, lost, false);
    let mut witness = scene.witness(Mode::Originate, start.node, found, &first);
    witness.answer = Some((lost.outcome, way));
    witness.later = Some(Later::of(lost, false));
    let judgement = Judgement::new(Verdict::Refuted(Some(witness)), headline);
    Some(judgement.blame(guilt).advise(text!(
        ja: "確立した通信（`established`）も、両方向に通してください",
        en: "let established packets pass too, both ways",
    )))
}
