//! The site as rules see it, with explorations made once and shared.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::net::IpAddr;

use design::Blueprint;
use diag::{Text, text};
use model::{Family, Node, NodeId, Outcome, Ranges, SegmentId, StepKind, protocol};
use packet_set::{Cube, Field};
use reach::{Atlas, Exploration, Leaf, Limits, Mode, Start, Taste, Way, pick_packet};

use crate::House;
use crate::flows;
use crate::forgery::{self, Forgeries};
use crate::judgement::{Judgement, Witness};
use crate::listed::Listed;
use crate::tried::{Answered, Tried};

/// A step that needed flows also take, so that it is not what is wrong.
pub(crate) type Needed = BTreeSet<(NodeId, StepKind)>;

/// Which packets of attacks are followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Focus {
    /// All packets.
    All,
    /// Some boxes of packets only, for rules that have proved something about all others.
    ///
    /// It holds where a rule looks at nothing but attacks, forged sessions and the site, and is
    /// refuted by a single leaf: whether a leaf is bad may depend on the site, but not on other
    /// leaves.
    Part(Left),
}

/// Boxes of packets that are left to judge.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Left {
    /// Packets as an attacker sends them.
    pub attacks: Vec<(Family, Cube)>,
    /// Packets with which an attacker begins sessions in the name of others.
    pub forgeries: Vec<(Family, Cube)>,
}

/// What a rule is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// All its judgements.
    Fully,
    /// Whether it comes to a proof.
    Briefly,
}

/// A site to be judged.
pub struct Scene<'a> {
    /// The site.
    pub blueprint: &'a Blueprint,
    /// Its network, prepared for questions.
    pub atlas: &'a Atlas<'a>,
    /// Bounds of each exploration.
    pub limits: Limits,
    /// The site beside its network, for rules about it.
    pub house: Option<&'a House<'a>>,
    focus: Focus,
    /// Whether only that there is a judgement is asked, not which.
    is_brief: Cell<bool>,
    /// Whether everything is followed, also what must come to the same.
    is_plain: bool,
    attacks: Vec<OnceCell<Exploration>>,
    pub(crate) forgeries: Vec<OnceCell<Forgeries>>,
    /// Whether who can begin a session was not followed to the end.
    is_cut_short: Cell<bool>,
    attackers: Vec<NodeId>,
    listed: OnceCell<Listed>,
    pub(crate) tried: Tried<'a>,
    needed: OnceCell<Needed>,
}

impl<'a> Scene<'a> {
    /// The scene of `blueprint`, whose network `atlas` holds.
    #[must_use]
    pub fn new(
        blueprint: &'a Blueprint,
        atlas: &'a Atlas<'a>,
        limits: Limits,
        focus: Focus,
    ) -> Self {
        let attacks = blueprint.network.nodes.iter().map(|_| OnceCell::new()).collect();
        let forgeries = blueprint.network.nodes.iter().map(|_| OnceCell::new()).collect();
        Self {
            blueprint,
            atlas,
            limits,
            house: None,
            focus,
            is_brief: Cell::new(false),
            is_plain: false,
            attacks,
            forgeries,
            is_cut_short: Cell::new(false),
            attackers: attackers(blueprint),
            listed: OnceCell::new(),
            tried: Tried::default(),
            needed: OnceCell::new(),
        }
    }

    /// The scene with what is known beside the network.
    #[must_use]
    pub fn with_house(mut self, house: &'a House<'a>) -> Self {
        self.house = Some(house);
        self
    }

    /// The scene in which every machine is judged, however many are alike, and all is followed to
    /// its end: slow, and what tests compare the other with.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.is_plain = true;
        self
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Asks rules in this manner from now on. Asked [briefly](Manner::Briefly) they may leave out
    /// all judgements that follow one which is not a proof.
    pub fn ask(&self, manner: Manner) {
        self.is_brief.set(manner == Manner::Briefly);
    }

    /// Whether what is found first does not stand for what may be found further on, since the site
    /// has waivers: they may cover the one and not the other.
    pub(crate) fn is_to_be_searched_through(&self) -> bool {
        self.house.is_some_and(|house| !house.site.waivers.is_empty())
    }

    /// Whether a rule may stop at a judgement that is not a proof.
    pub(crate) fn is_brief(&self) -> bool {
        self.is_brief.get()
    }

    /// Notes that who can begin some session was not followed to the end, so that nothing on
    /// which it depends is known.
    pub(crate) fn cut_short(&self) {
        self.is_cut_short.set(true);
    }

    /// Boxes made so far in all explorations of attacks.
    #[must_use]
    pub fn work(&self) -> u64 {
        self.attacks.iter().filter_map(OnceCell::get).map(|one| one.work).sum()
    }

    /// Whether packets of some attack get on only while a session lives that announces them.
    #[must_use]
    pub fn relies_on_sessions(&self) -> bool {
        let mut leaves = self.attacks.iter().filter_map(OnceCell::get).flat_map(|one| &one.leaves);
        leaves.any(|leaf| leaf.announced.is_some())
    }

    /// Everything an attacker at `node` can reach.
    pub fn attack(&self, node: NodeId) -> &Exploration {
        self.attacks[node.0 as usize].get_or_init(|| {
            let mut start = Start::attack(node);
            start.follows_announced = true;
            let parties = &self.blueprint.parties;
            let is_outside = parties.outside.contains(&node);
            // What one network outside sends to another is nobody's matter here, and of those
            // that stand at the same place one is enough.
            let spared = |other: &&NodeId| is_outside || !self.attackers.contains(other);
            start.ignored = parties.outside.iter().filter(spared).copied().collect();
            match &self.focus {
                Focus::All => {}
                Focus::Part(left) => start.packets.clone_from(&left.attacks),
            }
            reach::explore(self.atlas, &start, &self.limits)
        })
    }

    /// What an attacker at `node` can send into sessions that it began in the name of others.
    pub(crate) fn forgeries(&self, node: NodeId) -> &Forgeries {
        self.forgeries[node.0 as usize].get_or_init(|| match &self.focus {
            Focus::All => forgery::all(self, node),
            Focus::Part(left) => forgery::among(self, node, &left.forgeries),
        })
    }

    /// The networks outside, of those that stand at the same place only the first.
    #[must_use]
    pub fn attackers(&self) -> &[NodeId] {
        &self.attackers
    }

    /// The listed destinations, prepared for comparison.
    pub(crate) fn listed(&self) -> &Listed {
        self.listed.get_or_init(|| Listed::new(self))
    }

    /// Steps that the site's own flows take.
    pub(crate) fn needed(&self) -> &Needed {
        self.atlas.go_beyond_attacks();
        self.needed.get_or_init(|| {
            let mut needed = Needed::new();
            for Answered { trial, leaf, found, .. } in self.answered() {
                let back = found.leaves.iter().flat_map(|one| found.way(one));
                let way = trial.found.way(leaf).into_iter().chain(back);
                needed.extend(way.map(|step| (step.node, step.kind)));
            }
            needed
        })
    }

    /// The node `id`.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &'a Node {
        self.blueprint.network.node(id)
    }

    /// The name of the node `id`.
    #[must_use]
    pub fn name(&self, id: NodeId) -> &'a str {
        &self.node(id).name
    }

    /// The name of the segment `id`.
    #[must_use]
    pub fn zone(&self, id: SegmentId) -> &'a str {
        &self.blueprint.network.segment(id).name
    }

    /// Who ended up with the packets, in words.
    #[must_use]
    pub fn end(&self, outcome: Outcome) -> Text {
        match outcome {
            Outcome::Delivered(node) | Outcome::Discarded(node) => {
                text!(ja: "`{node}`", en: "`{node}`", node = self.name(node))
            }
            Outcome::OnSegment(segment) | Outcome::Lost(segment) => text!(
                ja: "ゾーン `{zone}` の機器",
                en: "a machine in zone `{zone}`",
                zone = self.zone(segment),
            ),
        }
    }

    /// What a witness between these two should look like.
    pub(crate) fn taste(&self, from: NodeId, outcome: Outcome) -> Taste {
        let to: Vec<IpAddr> = match outcome {
            Outcome::Delivered(node) => self.all_addresses(node),
            _ => Vec::new(),
        };
        let mut inside: Vec<IpAddr> = Vec::new();
        for machine in &self.blueprint.parties.machines {
            inside.extend(self.all_addresses(*machine));
        }
        let is_outside = self.blueprint.parties.outside.contains(&from);
        let sources =
            if is_outside { flows::outside_addresses() } else { self.all_addresses(from) };
        let goes_out = match outcome {
            Outcome::Delivered(node) => self.blueprint.parties.outside.contains(&node),
            _ => false,
        };
        let destinations = if goes_out {
            flows::outside_addresses()
        } else if to.is_empty() {
            inside.into_iter().chain(flows::outside_addresses()).collect()
        } else {
            to
        };
        Taste { sources, destinations, ports: USUAL_PORTS.to_vec() }
    }

    fn all_addresses(&self, id: NodeId) -> Vec<IpAddr> {
        let node = self.node(id);
        Family::ALL.into_iter().flat_map(|family| node.addresses(family)).collect()
    }

    /// A plausible packet of `leaf` with its way.
    #[must_use]
    pub fn witness(&self, mode: Mode, from: NodeId, found: &Exploration, leaf: &Leaf) -> Witness {
        let taste = self.taste(from, leaf.outcome);
        Witness {
            mode,
            from,
            packet: pick_packet(leaf.family, &leaf.sent, &taste),
            outcome: leaf.outcome,
            way: found.way(leaf),
            answer: None,
            later: None,
            before: None,
        }
    }

    /// How plausible the packets of `leaf` are; lower is better.
    pub(crate) fn strangeness(&self, from: NodeId, leaf: &Leaf, way: &[Way]) -> Strangeness {
        let packet = pick_packet(leaf.family, &leaf.sent, &self.taste(from, leaf.outcome));
        let is_own_source =
            self.node(from).owns(packet.source) || self.blueprint.parties.outside.contains(&from);
        let is_real_target = match leaf.outcome {
            Outcome::Delivered(node) => self.node(node).owns(packet.destination),
            _ => false,
        };
        let is_opening = packet.tcp_flags == model::flags::SYN;
        Strangeness {
            is_announced: leaf.announced.is_some(),
            is_forged: !is_own_source,
            is_unreal: !is_real_target,
            is_not_opening: !is_opening,
            is_unusual: !has_ports(packet.protocol),
            steps: way.len(),
            is_ipv6: leaf.family == Family::V6,
        }
    }

    /// Some of the packets of `leaf` that may begin something; `None` if there are none.
    pub(crate) fn beginning(leaf: &Leaf) -> Option<Leaf> {
        let sent = Self::beginnings(leaf.family, vec![leaf.sent]).into_iter().next()?;
        Some(leaf.with_sent(sent))
    }

    /// The packets of `parts` that may begin something.
    ///
    /// ICMP error messages and replies begin nothing: they speak of a packet that was sent before.
    #[must_use]
    pub fn beginnings(family: Family, parts: Vec<Cube>) -> Vec<Cube> {
        Self::without_types(
            family,
            parts,
            &match family {
                // Echo reply, destination unreachable, source quench, time exceeded, parameter
                // problem, timestamp and information reply (RFC 792). A redirect is not among them:
                // it can change routes.
                Family::V4 => Ranges::of([(0, 0), (3, 4), (11, 12), (14, 14), (16, 16)]),
                // RFC 4443 section 2.1: error messages have types below 128; 129 is the echo reply.
                Family::V6 => Ranges::of([(0, 127), (129, 129)]),
            },
        )
    }

    /// The packets of `parts` that are no ICMP error messages.
    pub(crate) fn without_errors(family: Family, parts: Vec<Cube>) -> Vec<Cube> {
        Self::without_types(
            family,
            parts,
            &match family {
                Family::V4 => Ranges::of([(3, 4), (11, 12)]),
                Family::V6 => Ranges::of([(0, 127)]),
            },
        )
    }

    /// The packets of `parts` without ICMP of the `types`.
    fn without_types(family: Family, parts: Vec<Cube>, types: &Ranges) -> Vec<Cube> {
        let number = match family {
            Family::V4 => protocol::ICMP,
            Family::V6 => protocol::ICMPV6,
        };
        let may_be = |part: &Cube| part.interval(Field::Protocol).contains(u128::from(number));
        if !parts.iter().any(may_be) {
            return parts;
        }
        let none = model::Match {
            family: Some(family),
            protocol: Some(Ranges::one(number)),
            source_port: Some(types.clone()),
            ..model::Match::default()
        };
        reach::without(family, parts, &none)
    }

    /// The statement that nothing can be judged because the site file names no claims computer.
    pub(crate) fn without_claims_computer(&self, requirement: Text) -> Judgement {
        let headline = text!(
            ja: "「{requirement}」を判定できません",
            en: "not judged: {requirement}",
            requirement = requirement,
        );
        let reason = text!(
            ja: "サイトファイルにレセコン等（`claims-computer`、`server`）がありません",
            en: "the site file names no claims computer and no server",
        );
        Judgement::unknown(headline, reason, self.blueprint.place).advise(text!(
            ja: "レセコン等を `[machines]` に書き、`roles` に `claims-computer` を加えてください",
            en: "name the claims computers under `[machines]` with the role `claims-computer`",
        ))
    }

    /// The statements that zones for terminals name none, so that nobody there was judged.
    pub(crate) fn unmanned(&self, requirement: &Text) -> Vec<Judgement> {
        let zones = self.blueprint.parties.unmanned_segments.iter();
        zones
            .map(|segment| {
                let zone = self.blueprint.network.segment(*segment);
                let headline = text!(
                    ja: "「{requirement}」を判定できません",
                    en: "not judged: {requirement}",
                    requirement = *requirement,
                );
                let reason = text!(
                    ja: "資格確認端末のゾーン `{zone}` に、資格確認端末が書かれていません",
                    en: "zone `{zone}` is for terminals, but none is named there",
                    zone = zone.name,
                );
                Judgement::unknown(headline, reason, zone.origin.span()).advise(text!(
                    ja: "端末を `[machines]` に書き、`roles` に `eligibility-terminal` を加えてください",
                    en: "name the terminals under `[machines]` with the role `eligibility-terminal`",
                ))
            })
            .collect()
    }

    /// The statement that a limit was reached before everything was seen, if it was.
    pub(crate) fn incomplete(&self, found: &Exploration, headline: Text) -> Option<Judgement> {
        (!found.is_complete || self.is_cut_short.get()).then(|| {
            Judgement::unknown(
                headline,
                text!(
                    ja: "構成が複雑で、計算量の上限に達しました",
                    en: "the configuration is so intricate that the work limit was reached",
                ),
                None,
            )
        })
    }
}

/// What makes a witness hard to believe, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Strangeness {
    is_announced: bool,
    is_forged: bool,
    is_unreal: bool,
    is_not_opening: bool,
    is_unusual: bool,
    steps: usize,
    is_ipv6: bool,
}

/// Whether people know packets of `number`: TCP and UDP.
fn has_ports(number: u8) -> bool {
    [protocol::TCP, protocol::UDP].contains(&number)
}

/// Ports that people know: SMB, HTTPS, HTTP, RDP, SSH, telnet, NetBIOS, DNS.
const USUAL_PORTS: [u16; 9] = [445, 443, 80, 3389, 22, 23, 139, 137, 53];

/// IPv6 link-local addresses (RFC 4291 section 2.5.6), with which hosts on a segment answer.
pub(crate) fn link_local() -> Ranges {
    let first = 0xfe80_u128 << 112;
    Ranges::span(first, first + (1_u128 << 118) - 1)
}

/// The networks outside, of those with the same segments only the first.
fn attackers(blueprint: &Blueprint) -> Vec<NodeId> {
    let places = |node: NodeId| -> BTreeSet<SegmentId> {
        let interfaces = blueprint.network.node(node).interfaces.iter();
        interfaces.filter_map(|interface| interface.segment).collect()
    };
    let mut seen: Vec<BTreeSet<SegmentId>> = Vec::new();
    let mut found = Vec::new();
    for outside in &blueprint.parties.outside {
        let place = places(*outside);
        if !place.is_empty() && !seen.contains(&place) {
            seen.push(place);
            found.push(*outside);
        }
    }
    found
}
