//! A blueprint whose routers are read in another way, made from one that was built before.

use std::sync::Arc;

use model::{Node, Relay};

use crate::blueprint::Blueprint;
use crate::standin::StandIns;

/// Routers as they stand in blueprints that were [turned](turned) before, each with the value of
/// which it was made.
pub type Turned = Vec<(Arc<Node>, Arc<Node>)>;

/// The blueprint of the site of `first`, which was built from the routers `own`, with `its` in
/// their places; `None` where it has to be built anew. `known` is kept for the same `first`, so
/// that equal routers become the same value.
///
/// It is what the builder would make of `its`: that hands on lists, stages and open points of a
/// router as they are and looks at them for two things only. One is the choice of the stand-in
/// prefix, which is made again here; the other are the lines that speak of addresses which the
/// line hands out ([`Setting::literals`](crate::Setting::literals) and `own_address_lines`), which
/// are those of `first` and nobody asks another blueprint for.
#[must_use]
pub fn turned(
    first: &Blueprint,
    own: &[Arc<Node>],
    its: &[Arc<Node>],
    known: &mut Turned,
) -> Option<Blueprint> {
    let routers = first.parties.routers.as_slice();
    if routers.len() != own.len() || own.len() != its.len() {
        return None;
    }
    let is_same = own.iter().zip(its).all(|(own, its)| Arc::ptr_eq(own, its));
    if !is_same && StandIns::apart_from(its).base() != first.standin {
        return None;
    }
    let mut network = first.network.clone();
    for ((id, own), its) in routers.iter().zip(own).zip(its) {
        if Arc::ptr_eq(own, its) {
            continue;
        }
        let place = id.0 as usize;
        if let Some((_, made)) = known.iter().find(|(of, _)| Arc::ptr_eq(of, its)) {
            network.nodes[place] = Arc::clone(made);
            continue;
        }
        let built = first.network.node(*id);
        // That the builder hands them on is not believed, either.
        if !has_same_lists(own, built) || !is_alike(own, its) {
            return None;
        }
        if has_same_lists(own, its) {
            continue;
        }
        let made = Arc::new(with_lists(built, its));
        known.push((Arc::clone(its), Arc::clone(&made)));
        network.nodes[place] = made;
    }
    Some(Blueprint { network, setting: Arc::clone(&first.setting) })
}

fn has_same_lists(own: &Node, its: &Node) -> bool {
    own.acls == its.acls && own.pipelines == its.pipelines && own.relays == its.relays
}

/// `built` with lists, stages and open points of `its`.
fn with_lists(built: &Node, its: &Node) -> Node {
    let mut node = built.clone();
    node.acls.clone_from(&its.acls);
    node.pipelines.clone_from(&its.pipelines);
    node.relays.clone_from(&its.relays);
    node.assumptions.clone_from(&its.assumptions);
    node
}

/// Whether two readings of a router differ in lists, stages and open points only.
// INVARIANT: every field is compared, or handed on by `with_lists`; a new field does not compile
// here until it is.
fn is_alike(own: &Node, its: &Node) -> bool {
    let Node {
        name,
        kind,
        interfaces,
        forwarding,
        takes_every_broadcast,
        routes,
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
        assumptions: _,
        lines,
        product,
        origin,
    } = own;
    *name == its.name
        && *kind == its.kind
        && *interfaces == its.interfaces
        && *forwarding == its.forwarding
        && *takes_every_broadcast == its.takes_every_broadcast
        && *routes == its.routes
        && *policy_routes == its.policy_routes
        && relays.len() == its.relays.len()
        && *proxies == its.proxies
        && relays.iter().zip(&its.relays).all(|(own, its)| has_same_ports(own, its))
        && *trackers == its.trackers
        && *translations == its.translations
        && *tunnels == its.tunnels
        && *security_policies == its.security_policies
        && *services == its.services
        && *name_rules == its.name_rules
        && *tells_no_names == its.tells_no_names
        && *gaps == its.gaps
        && *lines == its.lines
        && *product == its.product
        && *origin == its.origin
}

fn has_same_ports(own: &Relay, its: &Relay) -> bool {
    let Relay { name, ports, ethertypes, stages: _, origin } = own;
    *name == its.name
        && *ports == its.ports
        && *ethertypes == its.ethertypes
        && *origin == its.origin
}
