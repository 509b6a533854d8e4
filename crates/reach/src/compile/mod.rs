//! The network prepared for questions: lists as patterns per family, routes in the order in
//! which they are tried, and who stands on which segment.

mod entry;
mod stage;
mod state;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use model::{
    Acl, AclIndex, Family, Interface, InterfaceIndex, InterfaceKind, Net, Network, Node, NodeId,
    NodeKind, Point, SegmentId, StageKind, TrackerKind, Trigger,
};
use packet_set::{Field, Interval, IntervalSet, Pattern};

pub(crate) use self::entry::{Alternative, Alternatives, bounds, compile_all, set_of};
pub(crate) use self::stage::{Announcement, CompiledKind, CompiledStage};
use self::stage::{compile_points, numbered_stages};
use self::state::FirstStates;
use crate::difference::ComparedList;
use crate::flight::{Announced, Flight};
use crate::frame::Hearer;
use crate::security::Security;

/// One node for one family.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Per list of the node.
    acls: Vec<Rc<Listed>>,
    /// Per translation of the node.
    pub(crate) translations: Rc<Vec<Alternatives>>,
    /// Places of routes in `Node::routes` with their destinations, in the order of trial.
    pub(crate) routes: Rc<Vec<(usize, Pattern)>>,
    /// Packets to addresses of the node.
    pub(crate) to_itself: Pattern,
    /// Packets that the node takes as its own, and all others, per interface.
    pub(crate) local: Rc<Vec<[Pattern; 2]>>,
    /// Stages by number of the point.
    points: Rc<Vec<Vec<CompiledStage>>>,
    /// The segments that a frame sent on each interface enters, and the ports that it takes.
    pub(crate) doors: Rc<Vec<Vec<(InterfaceIndex, SegmentId)>>>,
    /// Whether any table is automatic.
    pub(crate) is_tracking: bool,
    /// IPsec, if the node has any.
    pub(crate) security: Option<Rc<Security>>,
}

/// The entries of a list, made patterns when somebody first asks for them.
pub(crate) type Listed = OnceCell<Alternatives>;

/// Someone who sees the frames of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ear {
    pub(crate) node: NodeId,
    pub(crate) interface: InterfaceIndex,
}

/// Who sees frames of an EtherType on a segment.
pub(crate) type Heard = BTreeMap<(SegmentId, u16), Rc<[Hearer]>>;

/// A network prepared for [`explore`](crate::explore).
#[derive(Debug)]
pub struct Atlas<'a> {
    pub(crate) network: &'a Network,
    pub(crate) nodes: Vec<Rc<[Compiled; 2]>>,
    pub(crate) ears: Vec<Vec<Ear>>,
    /// Packets to and packets from addresses between which routers do not forward.
    pub(crate) unforwardable: &'static [[Pattern; 2]; 2],
    pub(crate) first_states: &'static [FirstStates; 2],
    /// What is known of differences between lists of this network and of those that are like it.
    pub(crate) compared: Rc<RefCell<Vec<ComparedList>>>,
    /// As far as it was asked.
    pub(crate) heard: RefCell<Heard>,
    /// Whether more than attacks was followed: what a node itself sends, or answers.
    is_beyond: Cell<bool>,
}

impl<'a> Atlas<'a> {
    /// Prepares `network`.
    #[must_use]
    pub fn new(network: &'a Network) -> Self {
        Self::prepare(network, &[])
    }

    /// Prepares `network`, which is almost that of each of `others`: what it shares with them is
    /// prepared once.
    #[must_use]
    pub fn like(network: &'a Network, others: &[&Atlas<'_>]) -> Self {
        Self::prepare(network, others)
    }

    fn prepare(network: &'a Network, others: &[&Atlas<'_>]) -> Self {
        let nodes = network
            .nodes
            .iter()
            .enumerate()
            .map(|(place, node)| {
                let known = others.iter().filter_map(|other| {
                    Some((other.network.nodes.get(place)?, other.nodes.get(place)?))
                });
                let known: Vec<(&Arc<Node>, &Rc<[Compiled; 2]>)> = known.collect();
                let same = known.iter().find(|(its, _)| Arc::ptr_eq(node, its));
                match same.or_else(|| known.iter().find(|(its, _)| is_alike(node, its))) {
                    Some((_, compiled)) => Rc::clone(compiled),
                    None => Rc::new(Family::ALL.map(|family| {
                        let known = known.iter();
                        let known: Vec<(&Node, &Compiled)> = known
                            .map(|(its, compiled)| (its.as_ref(), &compiled[family as usize]))
                            .collect();
                        Compiled::new(node, family, &known)
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
        Self {
            network,
            nodes,
            ears,
            unforwardable: &UNFORWARDABLE,
            first_states: &FIRST_STATES,
            compared: others.first().map(|other| Rc::clone(&other.compared)).unwrap_or_default(),
            heard: RefCell::default(),
            is_beyond: Cell::new(false),
        }
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

/// The same for every network.
static UNFORWARDABLE: LazyLock<[[Pattern; 2]; 2]> =
    LazyLock::new(|| Family::ALL.map(unforwardable));
static FIRST_STATES: LazyLock<[FirstStates; 2]> =
    LazyLock::new(|| Family::ALL.map(FirstStates::of));

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
        takes_every_broadcast,
        routes,
        policy_routes: _,
        relays,
        proxies: _,
        acls,
        trackers,
        translations,
        tunnels,
        security_policies,
        pipelines,
        services: _,
        name_rules: _,
        tells_no_names: _,
        gaps: _,
        assumptions: _,
        lines: _,
        product: _,
        origin: _,
    } = own;
    *kind == its.kind
        && *interfaces == its.interfaces
        && *takes_every_broadcast == its.takes_every_broadcast
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
    /// Prepares `node`; what it shares with `known` is taken from there.
    // INVARIANT: `is_alike` compares every field that is read here.
    fn new(node: &Node, family: Family, known: &[(&Node, &Self)]) -> Self {
        let list = |(place, acl): (usize, &Arc<Acl>)| {
            let shared = known.iter().find(|(its, _)| its.acls.get(place) == Some(acl));
            shared.map_or_else(Rc::default, |(_, compiled)| Rc::clone(&compiled.acls[place]))
        };
        let acls = node.acls.iter().enumerate().map(list).collect();
        let alike = |is_same: fn(&Node, &Node) -> bool| {
            known.iter().find(|(its, _)| is_same(node, its)).map(|(_, compiled)| *compiled)
        };
        let translations = match alike(|own, its| own.translations == its.translations) {
            Some(known) => Rc::clone(&known.translations),
            None => Rc::new(translations(node, family)),
        };
        let routes = match alike(|own, its| own.routes == its.routes) {
            Some(known) => Rc::clone(&known.routes),
            None => Rc::new(routes(node, family)),
        };
        let own: IntervalSet = node
            .addresses(family)
            .map(|address| Interval::single(Family::number(address)))
            .collect();
        let is_for_same = |own: &Node, its: &Node| {
            own.interfaces == its.interfaces
                && own.takes_every_broadcast == its.takes_every_broadcast
        };
        let local = match alike(is_for_same) {
            Some(known) => Rc::clone(&known.local),
            None => Rc::new(local(node, family, &own)),
        };
        let is_door =
            |own: &Node, its: &Node| own.interfaces == its.interfaces && own.relays == its.relays;
        let doors = match alike(is_door) {
            Some(known) => Rc::clone(&known.doors),
            None => {
                Rc::new(node.interfaces().map(|(index, _)| doors(node, index, family)).collect())
            }
        };
        let is_piped = |own: &Node, its: &Node| {
            own.pipelines == its.pipelines && own.interfaces.len() == its.interfaces.len()
        };
        let points = match alike(is_piped) {
            Some(known) => Rc::clone(&known.points),
            None => Rc::new(compile_points(node, family)),
        };
        Self {
            acls,
            translations,
            routes,
            to_itself: to(own),
            local,
            points,
            doors,
            is_tracking: node.trackers.iter().any(|one| one.kind == TrackerKind::Automatic),
            security: Security::new(node, family).map(Rc::new),
        }
    }

    /// The entries of list `acl` of `node`, which is the one that was prepared.
    pub(crate) fn list(&self, node: &Node, family: Family, acl: AclIndex) -> &Alternatives {
        let entries = &node.acl(acl).entries;
        self.acls[acl.0 as usize].get_or_init(|| {
            entries.iter().map(|entry| compile_all(&entry.matches, family)).collect()
        })
    }

    /// List `acl` as it is prepared: one for the same entries, as far as that is known.
    pub(crate) fn listed(&self, acl: AclIndex) -> Option<&Rc<Listed>> {
        self.acls.get(acl.0 as usize)
    }

    /// The stages at `point`.
    pub(crate) fn stages(&self, point: Point) -> &[CompiledStage] {
        self.points.get(number_of(point)).map_or(&[], Vec::as_slice)
    }
}

fn translations(node: &Node, family: Family) -> Vec<Alternatives> {
    let rules = |one: &model::Translation| -> Alternatives {
        one.rules.iter().map(|rule| compile_all(&rule.matches, family)).collect()
    };
    node.translations.iter().map(rules).collect()
}

fn routes(node: &Node, family: Family) -> Vec<(usize, Pattern)> {
    let mut order: Vec<usize> = (0..node.routes.len())
        .filter(|place| node.routes[*place].prefix.family() == family)
        .collect();
    order.sort_by_key(|place| {
        let route = &node.routes[*place];
        (std::cmp::Reverse((route.prefix.length(), route.preference)), *place)
    });
    order.into_iter().map(|place| (place, to(bounds(node.routes[place].prefix)))).collect()
}

/// Packets that the node takes as its own, and all others, per interface.
fn local(node: &Node, family: Family, own: &IntervalSet) -> Vec<[Pattern; 2]> {
    let every = own.union(&set_of(&model::for_every_node(family)));
    let everywhere: IntervalSet = node
        .interfaces
        .iter()
        .filter(|interface| node.takes_every_broadcast && interface.enabled)
        .fold(IntervalSet::empty(), |all, one| all.union(&broadcasts(one, family)));
    node.interfaces
        .iter()
        .map(|interface| {
            let own = broadcasts(interface, family);
            let local = every.union(&own).union(&everywhere);
            let others = local.complement(Interval::new(0, family.top()));
            [to(local), to(others)]
        })
        .collect()
}

/// Broadcast addresses of the nets of `interface`.
fn broadcasts(interface: &Interface, family: Family) -> IntervalSet {
    let nets = interface.addresses.iter().filter_map(|address| address.net);
    nets.filter(|net| net.family() == family).filter_map(directed_broadcast).collect()
}

/// Packets that `node` takes as its own on one interface or another.
pub(crate) fn taken(node: &Node, family: Family) -> Pattern {
    let own = node.addresses(family).map(|one| Interval::single(Family::number(one)));
    let every = own.collect::<IntervalSet>().union(&set_of(&model::for_every_node(family)));
    let each = node.interfaces.iter().map(|interface| broadcasts(interface, family));
    to(each.fold(every, |all, one| all.union(&one)))
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

fn directed_broadcast(net: Net) -> Option<Interval> {
    let is_broadcast = net.family() == Family::V4 && net.length() < 31;
    is_broadcast.then(|| Interval::single(net.bounds().1))
}

/// The relay of `node` that captures what arrives on `interface`, if it has a foot.
pub(crate) fn foot_of(node: &Node, relay: usize) -> Option<InterfaceIndex> {
    node.relays[relay]
        .ports
        .iter()
        .copied()
        .find(|port| node.interface(*port).kind == InterfaceKind::Bridge)
}
