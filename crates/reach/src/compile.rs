//! The network prepared for questions: lists as patterns per family, routes in the order in
//! which they are tried, and who stands on which segment.

use std::cell::Cell;
use std::rc::Rc;

use model::{
    Acl, AclIndex, Family, InterfaceIndex, InterfaceKind, Match, Net, Network, Node, NodeId,
    NodeKind, Point, Ranges, RelatedDirection, SegmentId, Stage, StageKind, States, TrackerIndex,
    TrackerKind, TranslationIndex, Trigger, flags, icmp, protocol,
};
use packet_set::{Field, Interval, IntervalSet, Pattern};

use crate::flags::{exactly, fields_of};
use crate::flight::{Announced, Flight, TriggerId};
use crate::security::Security;

/// One alternative of an entry, ready to be tried on boxes of one family.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    pub(crate) pattern: Pattern,
    pub(crate) states: Option<States>,
    pub(crate) received_on: Option<Vec<InterfaceIndex>>,
    pub(crate) sent_on: Option<Vec<InterfaceIndex>>,
}

/// The entries of a list, or of any other list of unions of matches.
pub(crate) type Alternatives = Vec<Vec<Alternative>>;

/// One node for one family.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Per list of the node.
    pub(crate) acls: Vec<Rc<Alternatives>>,
    /// Per translation of the node.
    pub(crate) translations: Vec<Alternatives>,
    /// Places of routes in `Node::routes` with their destinations, in the order of trial.
    pub(crate) routes: Vec<(usize, Pattern)>,
    /// Packets to addresses of the node.
    pub(crate) to_itself: Pattern,
    /// Packets that the node takes as its own, and all others, per interface.
    pub(crate) local: Vec<[Pattern; 2]>,
    /// Stages by number of the point.
    points: Vec<Vec<CompiledStage>>,
    /// The segments that a frame sent on each interface enters, and the ports that it takes.
    pub(crate) doors: Vec<Vec<(InterfaceIndex, SegmentId)>>,
    /// Whether any table is automatic.
    pub(crate) is_tracking: bool,
    /// IPsec, if the node has any.
    pub(crate) security: Option<Box<Security>>,
}

/// One step of a pipeline, ready to be tried.
#[derive(Debug)]
pub(crate) struct CompiledStage {
    pub(crate) spares_own: bool,
    pub(crate) kind: CompiledKind,
}

/// What a stage does.
#[derive(Debug)]
pub(crate) enum CompiledKind {
    Filter(AclIndex),
    Track(TrackerIndex, Vec<Announcement>),
    Open { number: u32, tracker: TrackerIndex, triggers: Alternatives, admits: Vec<bool> },
    Translate(TranslationIndex),
}

/// Packets that a session announces if it was begun before.
#[derive(Debug)]
pub(crate) struct Announcement {
    pub(crate) trigger: TriggerId,
    pub(crate) related: usize,
    pub(crate) is_reverse: bool,
    pub(crate) packets: Vec<Alternative>,
}

/// Someone who sees the frames of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ear {
    pub(crate) node: NodeId,
    pub(crate) interface: InterfaceIndex,
}

/// A network prepared for [`explore`](crate::explore).
#[derive(Debug)]
pub struct Atlas<'a> {
    pub(crate) network: &'a Network,
    pub(crate) nodes: Vec<Rc<[Compiled; 2]>>,
    pub(crate) ears: Vec<Vec<Ear>>,
    /// Packets to and packets from addresses between which routers do not forward.
    pub(crate) unforwardable: Rc<[[Pattern; 2]; 2]>,
    pub(crate) first_states: Rc<[FirstStates; 2]>,
    /// Whether more than attacks was followed: what a node itself sends, or answers.
    is_beyond: Cell<bool>,
}

/// What an automatic session table says about first packets, as patterns.
#[derive(Debug)]
pub(crate) struct FirstStates {
    pub(crate) new: Vec<Pattern>,
    /// All but the new ones.
    pub(crate) not_new: Vec<Pattern>,
    pub(crate) untracked: Vec<Pattern>,
}

impl<'a> Atlas<'a> {
    /// Prepares `network`.
    #[must_use]
    pub fn new(network: &'a Network) -> Self {
        Self::prepare(network, None)
    }

    /// Prepares `network`, which is almost that of `other`: what they share is prepared once.
    #[must_use]
    pub fn like(network: &'a Network, other: &Atlas<'_>) -> Self {
        Self::prepare(network, Some(other))
    }

    fn prepare(network: &'a Network, other: Option<&Atlas<'_>>) -> Self {
        let nodes = network
            .nodes
            .iter()
            .enumerate()
            .map(|(place, node)| {
                let known = other.and_then(|other| {
                    Some((other.network.nodes.get(place)?, other.nodes.get(place)?))
                });
                match known {
                    Some((its, compiled)) if is_alike(node, its) => Rc::clone(compiled),
                    _ => Rc::new(Family::ALL.map(|family| {
                        let known = known.map(|(its, compiled)| (its, &compiled[family as usize]));
                        Compiled::new(node, family, known)
                    })),
                }
            })
            .collect();
        let mut ears = vec![Vec::new(); network.segments.len()];
        for (id, node) in network.iter() {
            for (index, interface) in node.interfaces() {
                let Some(segment) = interface.segment.filter(|_| interface.enabled) else {
                    continue;
                };
                ears[segment.0 as usize].push(Ear { node: id, interface: index });
            }
        }
        let (unforwardable, first_states) = match other {
            Some(other) => (Rc::clone(&other.unforwardable), Rc::clone(&other.first_states)),
            None => {
                (Rc::new(Family::ALL.map(unforwardable)), Rc::new(Family::ALL.map(FirstStates::of)))
            }
        };
        Self { network, nodes, ears, unforwardable, first_states, is_beyond: Cell::new(false) }
    }

    /// Notes that more than attacks is followed.
    pub fn go_beyond_attacks(&self) {
        self.is_beyond.set(true);
    }

    /// Whether more than attacks was followed since this was last asked.
    #[must_use]
    pub fn went_beyond_attacks(&self) -> bool {
        self.is_beyond.take()
    }

    pub(crate) fn compiled(&self, node: NodeId, family: Family) -> &Compiled {
        &self.nodes[node.0 as usize][family as usize]
    }

    pub(crate) fn ears(&self, segment: SegmentId) -> &[Ear] {
        &self.ears[segment.0 as usize]
    }

    /// The trigger whose session announces `announced`.
    #[must_use]
    pub fn trigger(&self, announced: &Announced) -> Option<&'a Trigger> {
        let (number, place) = announced.trigger;
        let node = self.network.node(announced.node);
        let (_, stage) = numbered_stages(node).nth(number as usize)?;
        match &stage.kind {
            StageKind::Open(_, triggers) => triggers.get(place),
            _ => None,
        }
    }

    /// IPsec of `node` for the family of `flight`, if it has any.
    pub(crate) fn security(&self, node: NodeId, flight: Option<&Flight>) -> Option<&Security> {
        self.compiled(node, flight?.family).security.as_deref()
    }

    pub(crate) fn is_outside(&self, node: NodeId) -> bool {
        self.network.node(node).kind == NodeKind::Outside
    }
}

/// Packets to and packets from addresses between which routers do not forward.
fn unforwardable(family: Family) -> [Pattern; 2] {
    let ends = set_of(&model::is_forwardable(family).complement(family.top()));
    [Field::Destination, Field::Source].map(|end| Pattern::any().with(end, ends.clone()))
}

/// Whether two nodes are compiled to the same.
// INVARIANT: every field that `Compiled::new` reads is compared; a new field does not compile
// here until it is looked at.
fn is_alike(own: &Node, its: &Node) -> bool {
    let Node {
        name: _,
        kind,
        interfaces,
        forwarding: _,
        routes,
        policy_routes: _,
        relays,
        acls,
        trackers,
        translations,
        tunnels,
        security_policies,
        pipelines,
        services: _,
        name_rules: _,
        gaps: _,
        assumptions: _,
        lines: _,
        origin: _,
    } = own;
    *kind == its.kind
        && *interfaces == its.interfaces
        && *routes == its.routes
        && *relays == its.relays
        && *acls == its.acls
        && *trackers == its.trackers
        && *translations == its.translations
        && *tunnels == its.tunnels
        && *security_policies == its.security_policies
        && *pipelines == its.pipelines
}

/// The segments that a frame of `family` sent on `interface` enters: its own, or for the foot of a
/// relay those of the relay's other ports.
fn doors(
    node: &Node,
    interface: InterfaceIndex,
    family: Family,
) -> Vec<(InterfaceIndex, SegmentId)> {
    let relays = node.relays.iter().enumerate().filter(|(place, relay)| {
        foot_of(node, *place) == Some(interface) && relay.ethertypes.contains(family.ethertype())
    });
    let ports = relays.flat_map(|(_, relay)| relay.ports.iter().copied());
    ports
        .filter(|port| *port != interface)
        .chain([interface])
        .filter(|port| node.interface(*port).enabled)
        .filter_map(|port| Some((port, node.interface(port).segment?)))
        .collect()
}

impl Compiled {
    /// Prepares `node`; lists that it shares with `known` are taken from there.
    fn new(node: &Node, family: Family, known: Option<(&Node, &Self)>) -> Self {
        let list = |(place, acl): (usize, &Acl)| {
            let shared = known.filter(|(its, _)| its.acls.get(place) == Some(acl));
            match shared {
                Some((_, compiled)) => Rc::clone(&compiled.acls[place]),
                None => Rc::new(compile_acl(acl, family)),
            }
        };
        let acls = node.acls.iter().enumerate().map(list).collect();
        let doors = node.interfaces().map(|(index, _)| doors(node, index, family)).collect();
        let translations = node
            .translations
            .iter()
            .map(|one| one.rules.iter().map(|rule| compile_all(&rule.matches, family)).collect())
            .collect();
        let mut order: Vec<usize> = (0..node.routes.len())
            .filter(|place| node.routes[*place].prefix.family() == family)
            .collect();
        order.sort_by_key(|place| {
            let route = &node.routes[*place];
            (std::cmp::Reverse((route.prefix.length(), route.preference)), *place)
        });
        let routes =
            order.into_iter().map(|place| (place, to(bounds(node.routes[place].prefix)))).collect();
        let own: IntervalSet = node
            .addresses(family)
            .map(|address| Interval::single(Family::number(address)))
            .collect();
        let every = set_of(&model::for_every_node(family));
        let local = node
            .interfaces
            .iter()
            .map(|interface| {
                let broadcasts: IntervalSet = interface
                    .addresses
                    .iter()
                    .filter_map(|address| address.net)
                    .filter(|net| net.family() == family)
                    .filter_map(directed_broadcast)
                    .collect();
                let local = own.union(&every).union(&broadcasts);
                let others = local.complement(Interval::new(0, family.top()));
                [to(local), to(others)]
            })
            .collect();
        let is_tracking = node.trackers.iter().any(|one| one.kind == TrackerKind::Automatic);
        let points = compile_points(node, family);
        let to_itself = to(own);
        let security = Security::new(node, family).map(Box::new);
        Self { acls, translations, routes, to_itself, local, points, doors, is_tracking, security }
    }

    /// The stages at `point`.
    pub(crate) fn stages(&self, point: Point) -> &[CompiledStage] {
        self.points.get(number_of(point)).map_or(&[], Vec::as_slice)
    }
}

/// Packets to `destinations`.
fn to(destinations: impl Into<IntervalSet>) -> Pattern {
    Pattern::any().with(Field::Destination, destinations)
}

/// Number of a point in the table of a node.
fn number_of(point: Point) -> usize {
    match point {
        Point::Prerouting => 0,
        Point::LocalIn => 1,
        Point::Forward => 2,
        Point::LocalOut => 3,
        Point::Postrouting => 4,
        Point::Ingress(interface) => 5 + 2 * interface.0 as usize,
        Point::Egress(interface) => 6 + 2 * interface.0 as usize,
    }
}

fn compile_points(node: &Node, family: Family) -> Vec<Vec<CompiledStage>> {
    let mut points: Vec<Vec<CompiledStage>> = Vec::new();
    points.resize_with(5 + 2 * node.interfaces.len(), Vec::new);
    for (number, (point, stage)) in (0u32..).zip(numbered_stages(node)) {
        if stage.family.is_some_and(|only| only != family) {
            continue;
        }
        let kind = match &stage.kind {
            StageKind::Filter(acl) => CompiledKind::Filter(*acl),
            StageKind::Track(tracker) => {
                CompiledKind::Track(*tracker, announcements(node, *tracker, family))
            }
            StageKind::Open(tracker, triggers) => CompiledKind::Open {
                number,
                tracker: *tracker,
                triggers: triggers.iter().map(|one| compile_all(&one.matches, family)).collect(),
                admits: triggers.iter().map(|one| one.admits_replies).collect(),
            },
            StageKind::Translate(translation) => CompiledKind::Translate(*translation),
        };
        if let Some(stages) = points.get_mut(number_of(point)) {
            stages.push(CompiledStage { spares_own: stage.spares_own, kind });
        }
    }
    points
}

/// All stages of a node with their points; the place in this order is a stage's number.
fn numbered_stages(node: &Node) -> impl Iterator<Item = (Point, &Stage)> {
    node.pipelines
        .iter()
        .flat_map(|pipeline| pipeline.stages.iter().map(|stage| (pipeline.point, stage)))
}

/// What sessions in `tracker` announce, as packets that may come without a session of their own.
///
/// An announcement is about the addresses of its session, so the packets are restricted to those
/// between whose ends the trigger could have matched. Negotiated announcements are left out: the
/// initiator of the session asked for each of them.
fn announcements(node: &Node, tracker: TrackerIndex, family: Family) -> Vec<Announcement> {
    let mut found = Vec::new();
    for (number, (_, stage)) in (0u32..).zip(numbered_stages(node)) {
        let StageKind::Open(own, triggers) = &stage.kind else { continue };
        if *own != tracker || stage.family.is_some_and(|only| only != family) {
            continue;
        }
        for (place, trigger) in triggers.iter().enumerate() {
            let between = compile_all(&trigger.matches, family);
            for (related, one) in trigger.related.iter().enumerate() {
                if one.is_negotiated {
                    continue;
                }
                let is_reverse = one.direction == RelatedDirection::Reverse;
                let packets = compile_all(&one.matches, family);
                let packets = packets
                    .iter()
                    .flat_map(|packet| {
                        between.iter().map(|ends| announced(packet, ends, is_reverse))
                    })
                    .collect();
                let trigger = (number, place);
                found.push(Announcement { trigger, related, is_reverse, packets });
            }
        }
    }
    found
}

/// The packets of `packet` whose ends are those of `session`, turned round if `is_reverse`.
fn announced(packet: &Alternative, session: &Alternative, is_reverse: bool) -> Alternative {
    let mut found = packet.clone();
    for (own, its) in [(Field::Source, Field::Destination), (Field::Destination, Field::Source)] {
        let taken = if is_reverse { its } else { own };
        if let Some(values) = session.pattern.values(taken) {
            found.pattern = found.pattern.narrowed(own, values);
        }
    }
    found
}

fn directed_broadcast(net: Net) -> Option<Interval> {
    let is_broadcast = net.family() == Family::V4 && net.length() < 31;
    is_broadcast.then(|| Interval::single(net.bounds().1))
}

pub(crate) fn bounds(net: Net) -> Interval {
    let (low, high) = net.bounds();
    Interval::new(low, high)
}

fn compile_acl(acl: &Acl, family: Family) -> Alternatives {
    acl.entries.iter().map(|entry| compile_all(&entry.matches, family)).collect()
}

pub(crate) fn compile_all(matches: &[Match], family: Family) -> Vec<Alternative> {
    matches.iter().filter_map(|one| compile(one, family)).collect()
}

/// `None` if no packet of `family` can match.
fn compile(one: &Match, family: Family) -> Option<Alternative> {
    if one.family.is_some_and(|only| only != family) {
        return None;
    }
    let ethertype = family.ethertype();
    if one.ethertypes.as_ref().is_some_and(|types| !types.contains(ethertype)) {
        return None;
    }
    let mut pattern = Pattern::any();
    for (field, ranges) in [
        (Field::Source, &one.source),
        (Field::Destination, &one.destination),
        (Field::Protocol, &one.protocol),
        (Field::SourcePort, &one.source_port),
        (Field::DestinationPort, &one.destination_port),
    ] {
        if let Some(ranges) = ranges {
            pattern = pattern.with(field, set_of(ranges));
        }
    }
    if let Some(ranges) = &one.tcp_flags {
        pattern = pattern.with(Field::TcpFlags, fields_of(ranges));
    }
    (!pattern.is_empty()).then(|| Alternative {
        pattern,
        states: one.states,
        received_on: one.in_interfaces.clone(),
        sent_on: one.out_interfaces.clone(),
    })
}

pub(crate) fn set_of(ranges: &Ranges) -> IntervalSet {
    match ranges.as_slice() {
        [(low, high)] => IntervalSet::range(*low, *high),
        parts => parts.iter().filter_map(|(low, high)| Interval::try_new(*low, *high)).collect(),
    }
}

/// The relay of `node` that captures what arrives on `interface`, if it has a foot.
pub(crate) fn foot_of(node: &Node, relay: usize) -> Option<InterfaceIndex> {
    node.relays[relay]
        .ports
        .iter()
        .copied()
        .find(|port| node.interface(*port).kind == InterfaceKind::Bridge)
}

impl FirstStates {
    /// The classes of `Tracker::linux_first_state`, written as sets from the same sources.
    fn of(family: Family) -> Self {
        let icmp_number = match family {
            Family::V4 => protocol::ICMP,
            Family::V6 => protocol::ICMPV6,
        };
        let only = |number: u8| IntervalSet::single(u128::from(number));
        let tcp = Pattern::any().with(Field::Protocol, only(protocol::TCP));
        let icmp_any = Pattern::any().with(Field::Protocol, only(icmp_number));
        let named = only(protocol::TCP).union(&only(icmp_number));
        let others = named.complement(Field::Protocol.domain());
        let (requests, silent): (Vec<u8>, Vec<(u8, u8)>) = match family {
            Family::V4 => (vec![icmp::ECHO_REQUEST, 13, 15, 17], Vec::new()),
            Family::V6 => (vec![icmp::ECHO_REQUEST_V6, 139], vec![(130, 136), (143, 143)]),
        };
        let requests: IntervalSet =
            requests.into_iter().map(|kind| Interval::single(u128::from(kind))).collect();
        let opening = opening_flags();
        let no_opening = opening.complement(Field::TcpFlags.domain());
        let no_request = requests.complement(Field::SourcePort.domain());
        let not_new = vec![
            tcp.clone().with(Field::TcpFlags, no_opening),
            icmp_any.clone().with(Field::SourcePort, no_request),
        ];
        let new = vec![
            tcp.with(Field::TcpFlags, opening),
            icmp_any.clone().with(Field::SourcePort, requests),
            Pattern::any().with(Field::Protocol, others),
        ];
        let untracked = silent
            .into_iter()
            .map(|(low, high)| {
                let kinds = IntervalSet::range(u128::from(low), u128::from(high));
                icmp_any.clone().with(Field::SourcePort, kinds)
            })
            .collect();
        Self { new, not_new, untracked }
    }
}

/// Values of the TCP flags byte with which Linux takes a packet as the first of a session:
/// exactly one of SYN and ACK, neither RST nor FIN; URG, PSH, ECE and CWR do not matter.
fn opening_flags() -> IntervalSet {
    let opening = (0..=u8::MAX).filter(|value| {
        let deciding = value & (flags::SYN | flags::ACK | flags::RST | flags::FIN);
        deciding == flags::SYN || deciding == flags::ACK
    });
    opening.map(exactly).collect()
}
