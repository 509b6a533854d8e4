//! What depends on how open points are read: everything else is lowered once for all readings.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use diag::{Span, text};
use model::{
    Acl, AclIndex, Action, Assumption, AssumptionUse, Entry, Family, Gap, Hop, InterfaceIndex,
    Match, Node, Origin, Pipeline, Point, Proxy, Ranges, Readings, Relay, Stage, StageKind, State,
    States, TranslationIndex, Trigger,
};

use super::super::assumptions::{
    Y_A1, Y_A2, Y_A3, Y_A4, Y_A5, Y_A6, Y_A7, Y_A8, Y_A9, Y_A10, Y_A11, Y_A12, Y_A13, Y_A14, Y_A15,
    Y_A16, Y_A17, Y_A18,
};
use super::super::config::{Direction, IfName};
use super::filters::{Listing, Names, Side};
use crate::Lowered;

/// A configuration with its open points still open.
#[derive(Debug, Default)]
pub(crate) struct Meant {
    /// All that holds under every reading. Its lists are the guards of routes.
    pub(super) lowered: Option<Lowered>,
    pub(super) index: BTreeMap<IfName, InterfaceIndex>,
    pub(super) lists: Vec<Listing>,
    pub(super) translated: Vec<Translated>,
    /// Lists that stop what the router itself needs, if lists see its own packets.
    pub(super) stopped: Vec<Gap>,
    /// Tunnels with what they should carry: their place in the node.
    pub(super) policed: Vec<(usize, Match)>,
    /// Members of relays of frames: the place of the relay in the node.
    pub(super) relayed: Vec<(usize, Vec<(IfName, Span)>)>,
    /// Sessions that give their peers no name.
    pub(super) nameless: Vec<InterfaceIndex>,
    /// Ports without an IPv4 address and without a list, and the line by which they carry PPPoE.
    pub(super) bare: Vec<(IfName, Span)>,
    /// Lines that are up only if others do their part.
    pub(super) needing: Vec<(IfName, Span)>,
    /// Outer addresses of NAT that their interface does not have.
    pub(super) foreign: Vec<(IfName, Ranges, Span)>,
    /// Link-local gateways that are written.
    pub(super) neighbours: Vec<Hop>,
    /// Next hops that are there while hosts answer: the place of the route, and in the route.
    pub(super) watched: Vec<(usize, usize)>,
    /// Lines of PPP that carry no IPv6.
    pub(super) without_v6: Vec<(IfName, Span)>,
    /// Default routes of which nothing is written: their places in the node.
    pub(super) unwritten: Vec<usize>,
    /// Networks that share a port, and the line that says so.
    pub(super) shared: Vec<(Vec<InterfaceIndex>, Span)>,
    /// Lists by the place of their listing and how they are ordered, made once.
    acls: RefCell<BTreeMap<(usize, Order), Arc<Acl>>>,
}

/// How a list is put together; what makes no difference to it is the same in all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Order {
    session_first: bool,
    trigger_first: bool,
    passes_rest: bool,
    /// Whether `www` stands for HTTPS, too.
    wide_www: bool,
    names: Names,
    /// Whether lines are up that something keeps from being brought up.
    is_up: bool,
}

/// The translations of an interface, which come before or after its lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Translated {
    pub(super) name: IfName,
    pub(super) line: Span,
    pub(super) outward: TranslationIndex,
    pub(super) inward: TranslationIndex,
}

/// What is built up under certain readings. A reading is asked for only where something hangs on
/// it: what was not asked for is no reason to do this again.
struct Reading<'m> {
    meant: &'m Meant,
    readings: &'m Readings,
    node: Node,
    /// What happens at each interface, per point.
    stages: BTreeMap<(IfName, Direction), Vec<Stage>>,
    /// The list at each interface, for frames that are relayed.
    applied: BTreeMap<(IfName, Family, Direction), AclIndex>,
}

impl Meant {
    /// The meaning under `readings`.
    pub(super) fn under(&self, readings: &Readings) -> Lowered {
        let base = self.lowered.as_ref().expect("`finish` sets it");
        let mut reading = Reading {
            meant: self,
            readings,
            node: base.node.clone(),
            stages: BTreeMap::new(),
            applied: BTreeMap::new(),
        };
        let guards = std::mem::take(&mut reading.node.acls);
        reading.sessions();
        reading.bare();
        reading.without_v6();
        reading.needing();
        reading.lists();
        reading.translations();
        reading.foreign();
        reading.tunnels();
        reading.neighbours();
        reading.watched();
        reading.unwritten();
        reading.guards(guards);
        reading.relays();
        reading.shared_ports();
        reading.pipelines();
        Lowered { node: reading.node, diagnostics: base.diagnostics.clone() }
    }
}

impl Reading<'_> {
    fn reads(&self, assumption: &'static Assumption, keyword: &str) -> bool {
        self.readings.of(assumption) == keyword
    }

    fn add_acl(&mut self, acl: impl Into<Arc<Acl>>) -> AclIndex {
        let index = AclIndex(u32::try_from(self.node.acls.len()).unwrap_or(u32::MAX));
        self.node.acls.push(acl.into());
        index
    }

    /// Peers that ask who this is never open a session without a name.
    fn sessions(&mut self) {
        if self.reads(&Y_A10, "asked") {
            for index in &self.meant.nameless {
                self.node.interfaces[index.0 as usize].enabled = false;
            }
        }
    }

    /// What comes to a port that only carries sessions is not for the router.
    fn bare(&mut self) {
        if self.meant.bare.is_empty() || !self.reads(&Y_A11, "ignores") {
            return;
        }
        for (name, line) in &self.meant.bare {
            let origin = Origin::Implied(
                *line,
                text!(
                    ja: "{name} には IPv4 アドレスがなく、PPPoE だけに使います（Y-A11）",
                    en: "{name} has no IPv4 address and carries PPPoE only (Y-A11)",
                    name = name,
                ),
            );
            let index = self.add_acl(Acl {
                name: format!("PPPoE ({name})"),
                entries: Vec::new(),
                default: Action::Deny,
                default_origin: origin,
            });
            let stage = Stage::of(Some(Family::V4), StageKind::Filter(index));
            self.stages.entry((*name, Direction::In)).or_default().push(stage);
        }
    }

    /// Lines of PPP over which no IPv6 is agreed.
    fn without_v6(&mut self) {
        for (name, line) in &self.meant.without_v6 {
            let index = self.add_acl(Acl {
                name: format!("ppp ipv6cp use ({name})"),
                entries: Vec::new(),
                default: Action::Deny,
                default_origin: Origin::Written(*line),
            });
            for direction in [Direction::In, Direction::Out] {
                let stage = Stage::of(Some(Family::V6), StageKind::Filter(index));
                self.stages.entry((*name, direction)).or_default().push(stage);
            }
        }
    }

    /// Lines that never come up, or not when they are needed.
    fn needing(&mut self) {
        if self.meant.needing.is_empty() || self.reads(&Y_A15, "up") {
            return;
        }
        for (name, line) in &self.meant.needing {
            let index = self.add_acl(Acl {
                name: format!("{name} is down (Y-A15)"),
                entries: Vec::new(),
                default: Action::Deny,
                default_origin: Origin::Written(*line),
            });
            for direction in [Direction::In, Direction::Out] {
                let stage = Stage::of(None, StageKind::Filter(index));
                self.stages.entry((*name, direction)).or_default().push(stage);
            }
        }
    }

    /// Default routes that are learned, or are not.
    fn unwritten(&mut self) {
        if self.meant.unwritten.is_empty() || self.reads(&Y_A12, "learned") {
            return;
        }
        for place in self.meant.unwritten.iter().rev() {
            self.node.routes.remove(*place);
        }
    }

    fn lists(&mut self) {
        if !self.reads(&Y_A6, "spared") && !self.meant.stopped.is_empty() {
            self.node.gaps.extend(self.meant.stopped.iter().cloned());
            self.node.gaps.sort_by_key(|gap| gap.span);
        }
        for (place, listing) in self.meant.lists.iter().enumerate() {
            let Listing { name, family, direction, side, tracker, session_line } = listing;
            if tracker.is_none() && side.is_none() {
                continue;
            }
            let spares_own = self.reads(&Y_A6, "spared");
            let stage = |kind| Stage { family: Some(*family), spares_own, kind };
            let mut stages = Vec::new();
            stages.extend(tracker.map(|tracker| stage(StageKind::Track(tracker))));
            let is_void = |side: &Side| side.undefined.is_some() && self.reads(&Y_A4, "list-void");
            let side = side.as_ref().filter(|side| !is_void(side));
            if let Some(side) = side {
                let order = Order {
                    session_first: session_line.is_none() || self.reads(&Y_A2, "session-first"),
                    trigger_first: !side.triggers.is_empty() && self.reads(&Y_A5, "trigger-first"),
                    passes_rest: !side.has_static && self.reads(&Y_A3, "pass"),
                    wide_www: !side.www.is_empty() && self.reads(&Y_A13, "both"),
                    names: match side.has_names() && self.reads(&Y_A14, "least") {
                        true => Names::Least,
                        false => Names::Most,
                    },
                    is_up: side.waiting.is_empty() || self.reads(&Y_A15, "up"),
                };
                let triggers = side.triggers(order.wide_www, order.names);
                let mut known = self.meant.acls.borrow_mut();
                let known = known.entry((place, order));
                let acl = Arc::clone(
                    known.or_insert_with(|| Arc::new(acl(listing, side, &triggers, order))),
                );
                let index = self.add_acl(acl);
                self.applied.insert((*name, *family, *direction), index);
                stages.push(stage(StageKind::Filter(index)));
                if let (Some(tracker), false) = (tracker, triggers.is_empty()) {
                    stages.push(stage(StageKind::Open(*tracker, triggers)));
                }
            }
            if !stages.is_empty() {
                self.stages.entry((*name, *direction)).or_default().extend(stages);
            }
        }
    }

    fn translations(&mut self) {
        for one in &self.meant.translated {
            let inside = self.reads(&Y_A1, "filter-inside");
            let Translated { name, line, outward, inward } = *one;
            let has_list = [Direction::In, Direction::Out]
                .iter()
                .any(|direction| self.applied.contains_key(&(name, Family::V4, *direction)));
            let used = &mut self.node.assumptions;
            if has_list && !used.iter().any(|used| used.assumption.id == Y_A1.id) {
                used.push(AssumptionUse { assumption: &Y_A1, span: Some(line) });
            }
            for (direction, index) in [(Direction::Out, outward), (Direction::In, inward)] {
                let stage = Stage::of(Some(Family::V4), StageKind::Translate(index));
                let stages = self.stages.entry((name, direction)).or_default();
                // Lists see inner addresses: inward NAT comes first, outward NAT last.
                if inside == (direction == Direction::In) {
                    stages.insert(0, stage);
                } else {
                    stages.push(stage);
                }
            }
        }
    }

    /// Outer addresses that the interface does not have: the router takes what is sent to them, or
    /// nothing of it comes.
    fn foreign(&mut self) {
        if self.meant.foreign.is_empty() {
            return;
        }
        let comes = self.reads(&Y_A16, "delivered");
        for (name, addresses, line) in &self.meant.foreign {
            let Some(interface) = self.meant.index.get(name).copied() else { continue };
            let origin = Origin::Written(*line);
            if comes {
                if name.has_wire() {
                    let addresses = addresses.clone();
                    self.node.proxies.push(Proxy {
                        interface,
                        family: Family::V4,
                        addresses,
                        origin,
                    });
                }
                continue;
            }
            let found = Match { destination: Some(addresses.clone()), ..Match::family(Family::V4) };
            let index = self.add_acl(Acl {
                name: format!("nat descriptor ({name}, Y-A16)"),
                entries: vec![Entry {
                    matches: vec![found],
                    action: Action::Deny,
                    origin: origin.clone(),
                }],
                default: Action::Permit,
                default_origin: origin,
            });
            let stage = Stage::of(Some(Family::V4), StageKind::Filter(index));
            self.stages.entry((*name, Direction::In)).or_default().insert(0, stage);
        }
    }

    /// Gateways that nobody may have.
    fn neighbours(&mut self) {
        if self.meant.neighbours.is_empty() || self.reads(&Y_A17, "there") {
            return;
        }
        let policies = self.node.policy_routes.iter_mut().map(|policy| &mut policy.hop);
        let hops = self.node.routes.iter_mut().flat_map(|route| &mut route.hops).chain(policies);
        for hop in hops.filter(|hop| self.meant.neighbours.contains(&hop.hop)) {
            hop.hop = Hop::Discard;
        }
    }

    /// Routes that go while hosts do not answer.
    fn watched(&mut self) {
        if self.meant.watched.is_empty() || self.reads(&Y_A18, "goes") {
            return;
        }
        for (route, hop) in &self.meant.watched {
            self.node.routes[*route].hops[*hop].may_vanish = false;
        }
    }

    fn tunnels(&mut self) {
        if !self.meant.policed.is_empty() && self.reads(&Y_A8, "policed") {
            for (place, ids) in &self.meant.policed {
                self.node.tunnels[*place].selectors = Some(vec![ids.clone()]);
            }
        }
    }

    /// Puts the guards of routes after the lists of interfaces.
    fn guards(&mut self, guards: Vec<Arc<Acl>>) {
        let before = u32::try_from(self.node.acls.len()).unwrap_or(u32::MAX);
        let hops = self.node.routes.iter_mut().flat_map(|route| &mut route.hops);
        let policies = self.node.policy_routes.iter_mut();
        let guarded = hops.filter_map(|hop| hop.guard.as_mut());
        for guard in guarded.chain(policies.map(|policy| &mut policy.guard)) {
            guard.0 = guard.0.saturating_add(before);
        }
        self.node.acls.extend(guards);
    }

    fn relays(&mut self) {
        if !self.meant.relayed.is_empty() && self.reads(&Y_A7, "filtered") {
            for (place, members) in &self.meant.relayed {
                self.node.relays[*place].stages = self.filtered(members);
            }
        }
    }

    /// VLANs that nothing keeps apart are one wire.
    fn shared_ports(&mut self) {
        if self.meant.shared.is_empty() || !self.reads(&Y_A9, "joined") {
            return;
        }
        for (ports, line) in &self.meant.shared {
            self.node.relays.push(Relay {
                name: "802.1q".to_owned(),
                ports: ports.clone(),
                ethertypes: Ranges::span(0_u16, u16::MAX),
                stages: Vec::new(),
                origin: Origin::Written(*line),
            });
        }
    }

    /// The lists of the members, for the reading that they apply to relayed frames.
    fn filtered(&mut self, members: &[(IfName, Span)]) -> Vec<Stage> {
        let mut stages = Vec::new();
        for direction in [Direction::In, Direction::Out] {
            for family in Family::ALL {
                let mut entries = Vec::new();
                for (name, span) in members {
                    let key = (*name, family, direction);
                    let applied = self.applied.get(&key).copied();
                    let index = self.meant.index.get(name).copied();
                    let (Some(list), Some(index)) = (applied, index) else { continue };
                    let mut found = Match::family(family);
                    match direction {
                        Direction::In => found.in_interfaces = Some(vec![index]),
                        Direction::Out => found.out_interfaces = Some(vec![index]),
                    }
                    entries.push(Entry {
                        matches: vec![found],
                        action: Action::Call(list),
                        origin: Origin::Written(*span),
                    });
                }
                if entries.is_empty() {
                    continue;
                }
                let acl = self.add_acl(Acl {
                    name: format!("pass-through {}", direction.word()),
                    entries,
                    default: Action::Permit,
                    default_origin: Origin::Default(text!(
                        ja: "リストのないインターフェースではすべて通ります",
                        en: "everything passes at an interface without a list",
                    )),
                });
                stages.push(Stage::of(Some(family), StageKind::Filter(acl)));
            }
        }
        stages
    }

    fn pipelines(&mut self) {
        for ((name, direction), stages) in std::mem::take(&mut self.stages) {
            let Some(index) = self.meant.index.get(&name).copied() else { continue };
            let point = match direction {
                Direction::In => Point::Ingress(index),
                Direction::Out => Point::Egress(index),
            };
            self.node.pipelines.push(Pipeline::new(point, stages));
        }
    }
}

/// The list of `listing`, whose numbers are resolved in `side`.
fn acl(listing: &Listing, side: &Side, triggers: &[Trigger], order: Order) -> Acl {
    let Order { session_first, trigger_first, passes_rest, wide_www: _, names, is_up } = order;
    let Listing { name, family, direction, session_line, .. } = listing;
    let session = session_line.map(|line| Entry {
        matches: vec![Match {
            states: Some(States::of(&[State::Established, State::Related])),
            ..Match::family(*family)
        }],
        action: Action::Permit,
        origin: Origin::Written(line),
    });
    let mut entries = Vec::with_capacity(side.entries.len() + 1);
    entries.extend(session.clone().filter(|_| session_first));
    if trigger_first {
        entries.extend(triggers.iter().map(permit_trigger));
    }
    entries.extend(side.entries(names, is_up).map(Cow::into_owned));
    entries.extend(session.filter(|_| !session_first));
    Acl {
        name: list_name(*name, *family, *direction),
        entries,
        default: if passes_rest { Action::Permit } else { Action::Deny },
        default_origin: Origin::Implied(
            side.line,
            text!(
                ja: "リストのどれにも当てはまらないパケットは破棄されます",
                en: "packets that nothing in the list matches are discarded",
            ),
        ),
    }
}

fn permit_trigger(trigger: &Trigger) -> Entry {
    Entry {
        matches: trigger.matches.clone(),
        action: Action::Permit,
        origin: trigger.origin.clone(),
    }
}

fn list_name(name: IfName, family: Family, direction: Direction) -> String {
    let version = if family == Family::V4 { "ip" } else { "ipv6" };
    let direction = direction.word();
    match name {
        IfName::Pp(_) | IfName::PpAnonymous => {
            format!("{version} pp secure filter {direction} ({name})")
        }
        IfName::Tunnel(_) => format!("{version} tunnel secure filter {direction} ({name})"),
        _ => format!("{version} {name} secure filter {direction}"),
    }
}
