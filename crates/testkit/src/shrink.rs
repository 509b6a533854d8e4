//! Makes a network smaller as long as it still shows what it is kept for.

use std::sync::Arc;

use model::{Action, Network};

/// One way to make a network smaller: `None` when there is no `nth` thing to take away.
type Cut = fn(&mut Network, usize) -> Option<()>;

/// The smallest network that greedy cutting finds for which `shows` still holds.
///
/// # Shape
/// Nodes, interfaces, lists, tables, tunnels and translations keep their indices.
#[must_use]
pub fn shrink(network: &Network, mut shows: impl FnMut(&Network) -> bool) -> Network {
    let mut smallest = network.clone();
    loop {
        let mut has_changed = false;
        for cut in CUTS {
            let mut nth = 0;
            loop {
                let mut smaller = smallest.clone();
                if cut(&mut smaller, nth).is_none() {
                    break;
                }
                if shows(&smaller) {
                    smallest = smaller;
                    has_changed = true;
                } else {
                    nth += 1;
                }
            }
        }
        if !has_changed {
            return smallest;
        }
    }
}

/// The network in few words, for a person who looks for the cause.
#[must_use]
pub fn describe(network: &Network) -> String {
    let mut told = String::new();
    for (index, segment) in network.segments.iter().enumerate() {
        let nets: Vec<String> = segment.nets.iter().map(ToString::to_string).collect();
        told += &format!("segment {index} {:?} {nets:?}\n", segment.kind);
    }
    for (index, node) in network.nodes.iter().enumerate() {
        let forwards = [node.forwarding[0].0, node.forwarding[1].0];
        told += &format!("node {index} {:?} forwards {forwards:?}\n", node.kind);
        told += &lines("interface", &node.interfaces);
        told += &lines("route", &node.routes);
        told += &lines("policy route", &node.policy_routes);
        told += &lines("relay", &node.relays);
        told += &lines("proxy", &node.proxies);
        told += &lines("list", &node.acls);
        told += &lines("table", &node.trackers);
        told += &lines("translation", &node.translations);
        told += &lines("tunnel", &node.tunnels);
        told += &lines("policy", &node.security_policies);
        told += &lines("pipeline", &node.pipelines);
    }
    told
}

/// One line for each of `items`, without where it comes from and without what is absent.
fn lines<T: std::fmt::Debug>(name: &str, items: &[T]) -> String {
    const NOISE: [&str; 5] = [
        ", default_origin: Default(Text { ja: \"random\", en: \"random\" })",
        ", origin: Default(Text { ja: \"random\", en: \"random\" })",
        "name: \"port\", ",
        "source: Static, ",
        "kind: Port, ",
    ];
    const ABSENT: [&str; 14] = [
        "family",
        "ethertypes",
        "source",
        "destination",
        "protocol",
        "source_port",
        "destination_port",
        "tcp_flags",
        "states",
        "in_interfaces",
        "out_interfaces",
        "advertises",
        "guard",
        "interface",
    ];
    let mut told = String::new();
    for (index, item) in items.iter().enumerate() {
        let mut text = format!("{item:?}");
        for noise in NOISE {
            text = text.replace(noise, "");
        }
        for absent in ABSENT {
            text = text.replace(&format!("{absent}: None, "), "");
            text = text.replace(&format!(", {absent}: None"), "");
        }
        told += &format!("  {name} {index} {text}\n");
    }
    told
}

const CUTS: [Cut; 18] = [
    |network, nth| nth_of(network.nodes_mut().map(|node| &mut node.pipelines), nth),
    |network, nth| nth_of(network.nodes_mut().map(|node| &mut node.routes), nth),
    |network, nth| nth_of(network.nodes_mut().map(|node| &mut node.policy_routes), nth),
    |network, nth| nth_of(network.nodes_mut().map(|node| &mut node.relays), nth),
    |network, nth| nth_of(network.nodes_mut().map(|node| &mut node.proxies), nth),
    |network, nth| nth_of(network.nodes_mut().map(|node| &mut node.security_policies), nth),
    |network, nth| {
        let policies = network.nodes_mut().flat_map(|node| &mut node.security_policies);
        nth_of(policies.map(|policy| &mut policy.selectors), nth)
    },
    |network, nth| {
        let tunnels = network.nodes_mut().flat_map(|node| &mut node.tunnels);
        let mut selected = tunnels.filter(|tunnel| tunnel.selectors.is_some());
        selected.nth(nth).map(|tunnel| tunnel.selectors = None)
    },
    |network, nth| {
        let pipelines = network.nodes_mut().flat_map(|node| &mut node.pipelines);
        nth_of(pipelines.map(|pipeline| &mut pipeline.stages), nth)
    },
    |network, nth| {
        let relays = network.nodes_mut().flat_map(|node| &mut node.relays);
        nth_of(relays.map(|relay| &mut relay.stages), nth)
    },
    |network, nth| {
        let relays = network.nodes_mut().flat_map(|node| &mut node.relays);
        nth_of(relays.map(|relay| &mut relay.ports), nth)
    },
    |network, nth| {
        let lists = network.nodes_mut().flat_map(|node| &mut node.acls);
        nth_of(lists.map(|list| &mut Arc::make_mut(list).entries), nth)
    },
    |network, nth| {
        let lists = network.nodes_mut().flat_map(|node| &mut node.acls);
        let entries = lists.flat_map(|list| &mut Arc::make_mut(list).entries);
        nth_of(entries.map(|entry| &mut entry.matches), nth)
    },
    |network, nth| {
        let nodes = network.nodes_mut().flat_map(|node| &mut node.translations);
        nth_of(nodes.map(|translation| &mut translation.rules), nth)
    },
    |network, nth| {
        let interfaces = network.nodes_mut().flat_map(|node| &mut node.interfaces);
        nth_of(interfaces.map(|interface| &mut interface.addresses), nth)
    },
    |network, nth| {
        let routes = network.nodes_mut().flat_map(|node| &mut node.routes);
        nth_of(routes.map(|route| &mut route.hops), nth)
    },
    |network, nth| {
        let interfaces = network.nodes_mut().flat_map(|node| &mut node.interfaces);
        let mut standing = interfaces.filter(|interface| interface.segment.is_some());
        standing.nth(nth).map(|interface| interface.segment = None)
    },
    |network, nth| {
        let lists = network.nodes_mut().flat_map(|node| &mut node.acls);
        let mut calling =
            lists.filter(|list| !matches!(list.default, Action::Permit | Action::Deny));
        calling.nth(nth).map(|list| Arc::make_mut(list).default = Action::Permit)
    },
];

/// Takes away the `nth` of all things in `lists`.
fn nth_of<'l, T: 'l>(lists: impl Iterator<Item = &'l mut Vec<T>>, nth: usize) -> Option<()> {
    let mut before = 0;
    for list in lists {
        if nth < before + list.len() {
            list.remove(nth - before);
            return Some(());
        }
        before += list.len();
    }
    None
}
