//! Which packets may go another way in one network than in another that is almost the same: the
//! same site under another reading of an open point, or with another prefix of the line.

mod forged;
mod list;
mod told;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use model::{
    AclIndex, Family, Hop, Net, Network, Node, NodeId, NodeKind, Ranges, Relay, Rewrite, Segment,
    Stage, StageKind, Translation,
};
use packet_set::{Budget, Cube, Field, Pattern, matched};

pub(crate) use self::list::ComparedList;
pub use self::told::Difference;
use self::told::Part;
use crate::compile::{Atlas, Compiled, bounds, set_of, taken};
use crate::flight::universe;

/// Boxes of which the answer is made at most.
// LIMIT: with more it is cheaper to follow everything again.
const CUBES_MAX: usize = 256;

/// Steps that telling one element from another may cost.
// LIMIT: a list that needs more is followed again as a whole.
const STEPS_MAX: u64 = 10_000;

/// In what `other` differs from `one`, which is almost the same; `None` if that cannot be told.
///
/// Why packets outside of it go the same ways: a packet keeps its headers on its way (a family
/// with translations counts as a whole, and a tunnel carries the packet as it is), and a node
/// decides about it by its lists, stages, routes and addresses only. So if no element of any node
/// that differs between the networks holds for the packet, every decision about it is the same.
/// For a list, the entries that both have in the same order decide alike about what no other entry
/// matches; and about what one does match, the whole lists may still come to the same. For a
/// changed address or prefix, the packets to it are meant, and those from it that a router
/// answers: whether somebody can go on with a source is asked of these only.
#[must_use]
pub fn difference(one: &Atlas<'_>, other: &Atlas<'_>) -> Option<Difference> {
    let mut found =
        Found { told: Difference::default(), nets: Vec::new(), compared: &one.compared };
    found.networks(one, other)?;
    let networks = [one.network, other.network];
    found.nets(networks)?;
    for family in Family::ALL {
        let is_translated = networks.into_iter().any(|network| translates(network, family));
        if is_translated && found.told.parts.iter().any(|part| part.family == family) {
            found.add(Part::of(None, family, universe(family)));
        }
    }
    (found.told.parts.len() <= CUBES_MAX).then_some(found.told)
}

/// Whether relays carry all frames with packets in them alike.
fn relays_alike(own: &[Relay], its: &[Relay]) -> bool {
    own.len() == its.len()
        && own.iter().zip(its).all(|(own, its)| {
            let carries = carries_packets(own) || carries_packets(its);
            own.ports == its.ports && (own == its || !carries)
        })
}

fn carries_packets(relay: &Relay) -> bool {
    Family::ALL.iter().any(|family| relay.ethertypes.contains(family.ethertype()))
}

/// Whether packets of `family` are rewritten anywhere.
fn translates(network: &Network, family: Family) -> bool {
    let mut rules = network.nodes.iter().flat_map(|node| &node.translations);
    rules.any(|one: &Translation| {
        one.rules.iter().any(|rule| match rule.rewrite {
            Rewrite::Keep | Rewrite::Discard => false,
            Rewrite::Source(address, _) | Rewrite::Destination(address, _) => {
                Family::of(address) == family
            }
        })
    })
}

/// A node in both networks, and as it is prepared in both.
#[derive(Clone, Copy)]
struct Pair<'a> {
    id: NodeId,
    own: &'a Node,
    its: &'a Node,
    compiled: (&'a Rc<[Compiled; 2]>, &'a Rc<[Compiled; 2]>),
}

/// What differs so far. Every method returns `None` where packets cannot be told apart by it.
struct Found<'a> {
    compared: &'a RefCell<Vec<ComparedList>>,
    told: Difference,
    /// Networks in which an address or a segment lies in only one of the two networks.
    nets: Vec<Net>,
}

impl Found<'_> {
    /// Adds `cube`, unless it is there already.
    fn add(&mut self, new: Part) {
        let covers = |one: &Part, other: &Part| {
            one.family == other.family
                && (one.is_looser || !other.is_looser)
                && (one.node.is_none() || one.node == other.node)
                && other.states.intersection(one.states.complement()).is_empty()
                && one.cube.covers(&other.cube)
        };
        if self.told.parts.iter().any(|part| covers(part, &new)) {
            return;
        }
        self.told.parts.retain(|part| !covers(&new, part));
        self.told.parts.push(new);
    }

    fn add_pattern(
        &mut self,
        node: Option<NodeId>,
        family: Family,
        pattern: &Pattern,
    ) -> Option<()> {
        for cube in cubes_of(family, pattern)? {
            self.add(Part::of(node, family, cube));
        }
        (self.told.parts.len() <= CUBES_MAX).then_some(())
    }

    fn add_destination(&mut self, node: Option<NodeId>, net: Net) -> Option<()> {
        let family = net.family();
        let cube = universe(family).narrowed(Field::Destination, bounds(net))?;
        self.add(Part::of(node, family, cube));
        (self.told.parts.len() <= CUBES_MAX).then_some(())
    }

    fn networks(&mut self, one: &Atlas<'_>, other: &Atlas<'_>) -> Option<()> {
        let Network { nodes, segments } = one.network;
        let compiled = one.nodes.iter().zip(&other.nodes);
        let other = other.network;
        if nodes.len() != other.nodes.len() || segments.len() != other.segments.len() {
            return None;
        }
        for (own, its) in segments.iter().zip(&other.segments) {
            let Segment { name: _, kind, nets, origin: _ } = own;
            if *kind != its.kind {
                return None;
            }
            self.changed_nets(nets, &its.nets);
        }
        let nodes = (0..).map(NodeId).zip(nodes.iter().zip(&other.nodes));
        for ((id, (own, its)), compiled) in nodes.zip(compiled) {
            if !Arc::ptr_eq(own, its) {
                self.nodes(Pair { id, own, its, compiled })?;
            }
        }
        Some(())
    }

    fn changed_nets(&mut self, own: &[Net], its: &[Net]) {
        self.told.is_moved |= own != its;
        let only_own = own.iter().filter(|net| !its.contains(net));
        let only_its = its.iter().filter(|net| !own.contains(net));
        for net in only_own.chain(only_its) {
            let net = net.prefix();
            if !self.nets.contains(&net) {
                self.nets.push(net);
            }
        }
    }

    // INVARIANT: every field of a node is looked at or named as one that decides about no packet
    // of an attack; a new field does not compile until it is.
    fn nodes(&mut self, pair: Pair<'_>) -> Option<()> {
        let Pair { id, own, its, compiled } = pair;
        let Node {
            name,
            kind,
            interfaces,
            forwarding,
            takes_every_broadcast,
            routes: _,
            policy_routes,
            relays,
            proxies,
            acls: _,
            trackers,
            translations,
            tunnels,
            security_policies,
            pipelines: _,
            services,
            name_rules,
            tells_no_names,
            gaps,
            // What was assumed and which line has which state decides about no packet.
            assumptions: _,
            lines: _,
            product: _,
            origin: _,
        } = own;
        let is_alike = *name == its.name
            && *kind == its.kind
            && forwarding.iter().zip(&its.forwarding).all(|(own, its)| own.0 == its.0)
            && *takes_every_broadcast == its.takes_every_broadcast
            && *policy_routes == its.policy_routes
            && relays_alike(relays, &its.relays)
            && *proxies == its.proxies
            && *trackers == its.trackers
            && *translations == its.translations
            && *tunnels == its.tunnels
            && *security_policies == its.security_policies
            && *services == its.services
            && *name_rules == its.name_rules
            && *tells_no_names == its.tells_no_names
            && *gaps == its.gaps
            && interfaces.len() == its.interfaces.len();
        if !is_alike {
            return None;
        }
        // What is prepared together was compared when it was prepared.
        if Rc::ptr_eq(compiled.0, compiled.1) {
            return Some(());
        }
        self.told.is_moved |= *interfaces != its.interfaces;
        self.told.is_about_frames |= *relays != its.relays;
        for (own, its) in interfaces.iter().zip(&its.interfaces) {
            let is_alike = own.kind == its.kind
                && own.enabled == its.enabled
                && own.advertises.is_some() == its.advertises.is_some()
                && own.segment == its.segment;
            if !is_alike {
                return None;
            }
            let nets = |one: &model::Interface| -> Vec<Net> {
                one.addresses.iter().filter_map(|address| address.net).collect()
            };
            if own.addresses != its.addresses {
                self.changed_nets(&nets(own), &nets(its));
            }
        }
        self.routes(id, own, its)?;
        self.stages(id, own, its)?;
        self.lists(pair)
    }

    /// Routes that only one of the nodes has, or that differ.
    fn routes(&mut self, id: NodeId, own: &Node, its: &Node) -> Option<()> {
        if own.routes == its.routes {
            return Some(());
        }
        self.told.renumbered.push(id);
        let only_own = own.routes.iter().filter(|route| !its.routes.contains(route));
        let only_its = its.routes.iter().filter(|route| !own.routes.contains(route));
        let prefixes: Vec<Net> = only_own.chain(only_its).map(|route| route.prefix).collect();
        for prefix in &prefixes {
            self.add_destination(Some(id), *prefix)?;
        }
        // Packets to other destinations meet the rest, which has to be in the same order.
        let is_rest = |route: &&model::Route| !prefixes.contains(&route.prefix);
        let rests = (own.routes.iter().filter(is_rest), its.routes.iter().filter(is_rest));
        rests.0.eq(rests.1).then_some(())
    }

    fn stages(&mut self, id: NodeId, own: &Node, its: &Node) -> Option<()> {
        if own.pipelines == its.pipelines {
            return Some(());
        }
        if own.pipelines.len() != its.pipelines.len() {
            return None;
        }
        // What a node takes is the same at each of its stages.
        let mut is_added = [false; 2];
        for (one, other) in own.pipelines.iter().zip(&its.pipelines) {
            if one.point != other.point || one.stages.len() != other.stages.len() {
                return None;
            }
            for (one, other) in one.stages.iter().zip(&other.stages) {
                let Stage { family, spares_own, kind } = one;
                if *family != other.family || *kind != other.kind {
                    return None;
                }
                if *spares_own != other.spares_own {
                    self.told.partial.push(id);
                    // Addresses that differ between the nodes are looked at elsewhere.
                    let families = Family::ALL.into_iter();
                    for family in families.filter(|one| family.is_none_or(|only| only == *one)) {
                        if !std::mem::replace(&mut is_added[family as usize], true) {
                            self.add_pattern(Some(id), family, &taken(own, family))?;
                        }
                    }
                }
            }
        }
        Some(())
    }

    fn lists(&mut self, pair: Pair<'_>) -> Option<()> {
        let Pair { id, own, its, compiled } = pair;
        let places = (0..).map(AclIndex);
        let own_lists = own.acls.iter().zip(places);
        let differing: Vec<AclIndex> = own_lists
            .filter(|(_, place)| {
                let listed = [compiled.0, compiled.1].map(|one| one[0].listed(*place));
                !matches!(listed, [Some(own), Some(its)] if Rc::ptr_eq(own, its))
            })
            .filter(|(list, place)| its.acls.get(place.0 as usize).is_some_and(|its| its != *list))
            .map(|(_, place)| place)
            .collect();
        if differing.is_empty() && own.acls.len() == its.acls.len() {
            return Some(());
        }
        // Lists of relays decide about frames without packets too.
        let is_relaying = |relay: &Relay| {
            let mut stages = relay.stages.iter();
            carries_packets(relay) && stages.any(|stage| matches!(stage.kind, StageKind::Filter(_)))
        };
        if own.relays.iter().chain(&its.relays).any(is_relaying) {
            return None;
        }
        let filters = |relay: &Relay| !relay.stages.is_empty();
        self.told.is_about_frames |= own.relays.iter().chain(&its.relays).any(filters);
        // What uses a list that only one node has is different itself.
        for place in differing {
            if own.acl(place).entries.len() > its.acl(place).entries.len() {
                self.told.renumbered.push(id);
            }
            self.compared_list(&pair, place)?;
        }
        Some(())
    }

    /// Packets to and from networks that differ.
    fn nets(&mut self, [one, other]: [&Network; 2]) -> Option<()> {
        let nets = std::mem::take(&mut self.nets);
        self.told.nets.clone_from(&nets);
        for net in &nets {
            self.add_destination(None, *net)?;
            let family = net.family();
            let answered = [one, other].map(|network| answered_by_routers(network, family));
            let from = Pattern::any()
                .with(Field::Source, bounds(*net))
                .with(Field::Destination, set_of(&answered[0].union(&answered[1])));
            self.add_pattern(None, family, &from)?;
            // Whether such a next hop can be used, and who takes its packets, may differ.
            for node in one.nodes.iter().chain(&other.nodes) {
                let leads_there = |hop: &Hop| match hop {
                    Hop::Address(address) | Hop::AddressOn(address, _) => net.contains(*address),
                    Hop::Interface(_) | Hop::Learned(_) | Hop::Discard => false,
                };
                if node.policy_routes.iter().any(|policy| leads_there(&policy.hop.hop)) {
                    return None;
                }
                for route in &node.routes {
                    if route.hops.iter().any(|hop| leads_there(&hop.hop)) {
                        self.add_destination(None, route.prefix)?;
                    }
                }
            }
        }
        Some(())
    }
}

/// The packets of `family` that `pattern` matches, as boxes.
fn cubes_of(family: Family, pattern: &Pattern) -> Option<Vec<Cube>> {
    let mut inside = Vec::new();
    matched(&universe(family), pattern, &mut Budget::new(STEPS_MAX), &mut inside).ok()?;
    Some(inside)
}

/// Destinations at which routers answer: their addresses, and link-local ones. Nothing answers at
/// a multicast or broadcast address (RFC 1122 section 4.2.3.10).
fn answered_by_routers(network: &Network, family: Family) -> Ranges {
    let routers = network.nodes.iter().filter(|node| node.kind == NodeKind::Router);
    let own = routers.flat_map(|node| node.addresses(family));
    let own = own.map(|address| (Family::number(address), Family::number(address)));
    let link_local = match family {
        Family::V4 => None,
        Family::V6 => {
            // RFC 4291 section 2.5.6.
            let first = 0xfe80_u128 << 112;
            Some((first, first + (1_u128 << 118) - 1))
        }
    };
    Ranges::of(own.chain(link_local))
}

#[cfg(test)]
mod tests;
