//! Which packets may go another way in one network than in another that is almost the same: the
//! same site under another reading of an open point, or with another prefix of the line.

use model::{
    Acl, Family, Hop, Net, Network, Node, NodeKind, Ranges, Relay, Rewrite, Segment, Stage,
    StageKind, State, Translation,
};
use packet_set::{Budget, Cube, Field, Pattern, split};

use crate::compile::{Alternative, bounds, compile_all, set_of};
use crate::flight::universe;

/// Boxes of which the answer is made at most.
// LIMIT: with more it is cheaper to follow everything again.
const CUBES_MAX: usize = 256;

/// Steps that telling one element from another may cost.
// LIMIT: a list that needs more is followed again as a whole.
const STEPS_MAX: u64 = 10_000;

/// Packets, as an attacker sends them, that may go another way in `other` than in `one`; all
/// other packets have the same ways to the same ends in both. `None` if that cannot be told.
///
/// Why that holds: a packet keeps its headers on its way (a family with translations counts as a
/// whole, and a tunnel carries the packet as it is), and a node decides about it by its lists,
/// stages, routes and addresses only. So if no element of any node that differs between the
/// networks holds for the packet, every decision about it is the same. For a list, the entries
/// that both have in the same order decide alike about what no other entry matches. For a changed
/// address or prefix, the packets to it are meant, and those from it that a router answers:
/// whether somebody can go on with a source is asked of these only.
///
/// Answers, later packets of a session, and what `originate` sends are not meant: a list may
/// treat them in another way though it treats no first packet so.
///
/// # Shape
/// The boxes may overlap; none means that the networks carry all packets alike.
#[must_use]
pub fn difference(one: &Network, other: &Network) -> Option<Vec<(Family, Cube)>> {
    let mut found = Found::default();
    found.networks(one, other)?;
    found.nets(one, other)?;
    if found.parts.is_empty() {
        return Some(found.parts);
    }
    for family in Family::ALL {
        let is_translated = [one, other].into_iter().any(|network| translates(network, family));
        if is_translated && found.parts.iter().any(|(own, _)| *own == family) {
            found.add(family, universe(family));
        }
    }
    (found.parts.len() <= CUBES_MAX).then_some(found.parts)
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

/// What differs so far. Every method returns `None` where packets cannot be told apart by it.
#[derive(Default)]
struct Found {
    parts: Vec<(Family, Cube)>,
    /// Networks in which an address or a segment lies in only one of the two networks.
    nets: Vec<Net>,
}

impl Found {
    /// Adds `cube`, unless it is there already.
    fn add(&mut self, family: Family, cube: Cube) {
        if self.parts.iter().any(|(own, its)| *own == family && its.covers(&cube)) {
            return;
        }
        self.parts.retain(|(own, its)| *own != family || !cube.covers(its));
        self.parts.push((family, cube));
    }

    fn add_pattern(&mut self, family: Family, pattern: &Pattern) -> Option<()> {
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let whole = universe(family);
        split(&whole, pattern, &mut Budget::new(STEPS_MAX), &mut inside, &mut outside).ok()?;
        for cube in inside {
            self.add(family, cube);
        }
        (self.parts.len() <= CUBES_MAX).then_some(())
    }

    fn add_destination(&mut self, net: Net) -> Option<()> {
        let to = Pattern::any().with(Field::Destination, bounds(net));
        self.add_pattern(net.family(), &to)
    }

    fn networks(&mut self, one: &Network, other: &Network) -> Option<()> {
        let Network { nodes, segments } = one;
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
        for (own, its) in nodes.iter().zip(&other.nodes) {
            self.nodes(own, its)?;
        }
        Some(())
    }

    fn changed_nets(&mut self, own: &[Net], its: &[Net]) {
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
    fn nodes(&mut self, own: &Node, its: &Node) -> Option<()> {
        let Node {
            name,
            kind,
            interfaces,
            forwarding,
            routes: _,
            policy_routes,
            relays,
            acls: _,
            trackers,
            translations,
            tunnels,
            security_policies,
            pipelines: _,
            services,
            name_rules,
            gaps,
            // What was assumed and which line has which state decides about no packet.
            assumptions: _,
            lines: _,
            origin: _,
        } = own;
        let is_alike = *name == its.name
            && *kind == its.kind
            && forwarding.iter().zip(&its.forwarding).all(|(own, its)| own.0 == its.0)
            && *policy_routes == its.policy_routes
            && relays_alike(relays, &its.relays)
            && *trackers == its.trackers
            && *translations == its.translations
            && *tunnels == its.tunnels
            && *security_policies == its.security_policies
            && *services == its.services
            && *name_rules == its.name_rules
            && *gaps == its.gaps
            && interfaces.len() == its.interfaces.len();
        if !is_alike {
            return None;
        }
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
        self.routes(own, its)?;
        self.stages(own, its)?;
        self.lists(own, its)
    }

    /// Routes that only one of the nodes has, or that differ.
    fn routes(&mut self, own: &Node, its: &Node) -> Option<()> {
        if own.routes == its.routes {
            return Some(());
        }
        let only_own = own.routes.iter().filter(|route| !its.routes.contains(route));
        let only_its = its.routes.iter().filter(|route| !own.routes.contains(route));
        let prefixes: Vec<Net> = only_own.chain(only_its).map(|route| route.prefix).collect();
        for prefix in &prefixes {
            self.add_destination(*prefix)?;
        }
        // Packets to other destinations meet the rest, which has to be in the same order.
        let is_rest = |route: &&model::Route| !prefixes.contains(&route.prefix);
        let rests = (own.routes.iter().filter(is_rest), its.routes.iter().filter(is_rest));
        rests.0.eq(rests.1).then_some(())
    }

    fn stages(&mut self, own: &Node, its: &Node) -> Option<()> {
        if own.pipelines == its.pipelines {
            return Some(());
        }
        if own.pipelines.len() != its.pipelines.len() {
            return None;
        }
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
                    // Addresses that differ between the nodes are looked at elsewhere.
                    let families = Family::ALL.into_iter();
                    for family in families.filter(|one| family.is_none_or(|only| only == *one)) {
                        let addresses: Vec<_> = own.addresses(family).collect();
                        for address in addresses {
                            self.add_destination(Net::host(address))?;
                        }
                    }
                }
            }
        }
        Some(())
    }

    fn lists(&mut self, own: &Node, its: &Node) -> Option<()> {
        if own.acls == its.acls {
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
        // What uses a list that only one node has is different itself.
        for (own, its) in own.acls.iter().zip(&its.acls) {
            if own != its {
                self.list(own, its)?;
            }
        }
        Some(())
    }

    fn list(&mut self, own: &Acl, its: &Acl) -> Option<()> {
        if own.default != its.default {
            return None;
        }
        let (mut own, mut its) = (own.entries.as_slice(), its.entries.as_slice());
        while let ([a, own_rest @ ..], [b, its_rest @ ..]) = (own, its)
            && a == b
        {
            (own, its) = (own_rest, its_rest);
        }
        while let ([own_rest @ .., a], [its_rest @ .., b]) = (own, its)
            && a == b
        {
            (own, its) = (own_rest, its_rest);
        }
        let is_paired =
            own.len() == its.len() && own.iter().zip(its).all(|(a, b)| a.action == b.action);
        for family in Family::ALL {
            if is_paired {
                for (own, its) in own.iter().zip(its).filter(|(own, its)| own != its) {
                    let own = compile_all(&own.matches, family);
                    let its = compile_all(&its.matches, family);
                    self.matched_by_one(family, &own, &its)?;
                }
                continue;
            }
            for entry in own.iter().chain(its) {
                for alternative in compile_all(&entry.matches, family) {
                    self.add_pattern(family, &alternative.pattern)?;
                }
            }
        }
        Some(())
    }

    /// What only one of two unions matches.
    fn matched_by_one(
        &mut self,
        family: Family,
        own: &[Alternative],
        its: &[Alternative],
    ) -> Option<()> {
        let asks_interfaces =
            |one: &Alternative| one.received_on.is_some() || one.sent_on.is_some();
        for state in STATES {
            let [own, its] = [own, its].map(|all| -> Vec<&Alternative> {
                let holds = |one: &&Alternative| one.states.is_none_or(|all| all.contains(state));
                all.iter().filter(holds).collect()
            });
            // Conditions on interfaces that all have in common may be left aside.
            let mut all = own.iter().chain(&its);
            let first = all.next();
            let is_common = all.all(|one| {
                first.is_some_and(|first| {
                    first.received_on == one.received_on && first.sent_on == one.sent_on
                })
            });
            let is_open = !is_common && own.iter().chain(&its).any(|one| asks_interfaces(one));
            for (some, others) in [(&own, &its), (&its, &own)] {
                for one in some {
                    let others = if is_open { &[] } else { others.as_slice() };
                    self.matched_beside(family, &one.pattern, others)?;
                }
            }
        }
        Some(())
    }

    /// What `pattern` matches and none of `others`.
    fn matched_beside(
        &mut self,
        family: Family,
        pattern: &Pattern,
        others: &[&Alternative],
    ) -> Option<()> {
        if others.iter().any(|one| one.pattern == *pattern) {
            return Some(());
        }
        let budget = &mut Budget::new(STEPS_MAX);
        let (mut rest, mut outside) = (Vec::new(), Vec::new());
        split(&universe(family), pattern, budget, &mut rest, &mut outside).ok()?;
        for one in others {
            let mut left = Vec::new();
            for cube in rest {
                split(&cube, &one.pattern, budget, &mut Vec::new(), &mut left).ok()?;
            }
            rest = left;
        }
        for cube in rest {
            self.add(family, cube);
        }
        (self.parts.len() <= CUBES_MAX).then_some(())
    }

    /// Packets to and from networks that differ.
    fn nets(&mut self, one: &Network, other: &Network) -> Option<()> {
        let nets = std::mem::take(&mut self.nets);
        for net in &nets {
            self.add_destination(*net)?;
            let family = net.family();
            let answered = [one, other].map(|network| answered_by_routers(network, family));
            let from = Pattern::any()
                .with(Field::Source, bounds(*net))
                .with(Field::Destination, set_of(&answered[0].union(&answered[1])));
            self.add_pattern(family, &from)?;
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
                        self.add_destination(route.prefix)?;
                    }
                }
            }
        }
        Some(())
    }
}

/// States that a packet of an attack can have: it belongs to no session.
const STATES: [State; 4] = [State::New, State::Related, State::Invalid, State::Untracked];

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
mod tests {
    use diag::Text;
    use model::{
        Acl, Action, Entry, Family, InterfaceIndex, Match, Network, Node, NodeKind, Origin, Ranges,
        Rewrite, State, States, Translation, TranslationRule, Unmatched,
    };

    use super::difference;

    fn network(matches: Vec<Match>) -> Network {
        let origin = Origin::Default(Text::verbatim("test"));
        let mut node = Node::new("router", NodeKind::Router, origin.clone());
        let entry = Entry { matches, action: Action::Permit, origin: origin.clone() };
        node.acls.push(Acl {
            name: "list".to_owned(),
            entries: vec![entry],
            default: Action::Deny,
            default_origin: origin,
        });
        Network { nodes: vec![node], segments: Vec::new() }
    }

    /// How many boxes of IPv4 packets `one` and `other` may treat differently.
    fn parts(one: Match, other: Match) -> usize {
        let found = difference(&network(vec![one]), &network(vec![other]));
        found.map_or(usize::MAX, |found| found.len())
    }

    fn tcp() -> Match {
        Match { protocol: Some(Ranges::one(6_u8)), ..Match::family(Family::V4) }
    }

    #[test]
    fn every_state_that_an_attack_can_have_counts() {
        let of = |state| Match { states: Some(States::of(&[state])), ..tcp() };
        for state in [State::New, State::Related, State::Invalid, State::Untracked] {
            assert_eq!(parts(of(state), of(State::Established)), 1, "{state:?}");
        }
        assert_eq!(parts(of(State::Established), of(State::Established)), 0);
    }

    #[test]
    fn a_condition_on_an_interface_counts() {
        let on = |number| Match { in_interfaces: Some(vec![InterfaceIndex(number)]), ..tcp() };
        assert_eq!(parts(on(0), on(1)), 1);
        assert_eq!(parts(on(0), tcp()), 1);
        assert_eq!(parts(on(0), on(0)), 0);
    }

    #[test]
    fn where_addresses_are_translated_every_packet_may_differ() {
        let mut one = network(vec![tcp()]);
        let origin = one.nodes[0].origin.clone();
        let address = std::net::IpAddr::from([192, 0, 2, 1]);
        one.nodes[0].translations.push(Translation {
            name: "masquerade".to_owned(),
            rules: vec![TranslationRule {
                matches: vec![Match::any()],
                rewrite: Rewrite::Source(address, model::PortRewrite::Any),
                origin: origin.clone(),
            }],
            unmatched: Unmatched::Pass,
            origin,
        });
        let mut other = one.clone();
        other.nodes[0].acls[0].entries.clear();
        let found = difference(&one, &other).expect("only a list differs");
        assert_eq!(found, [(Family::V4, crate::universe(Family::V4))]);
    }
}
