//! A site whose machines have no firewalls of their own at the networks that they stand in.

use std::sync::Arc;

use model::{Acl, Action, Entry, InterfaceIndex, InterfaceKind, Match, Node, NodeKind};

use crate::Blueprint;

/// `blueprint` with machines that take whatever comes to their network interfaces; what comes in
/// sessions that they end themselves their firewalls still judge, since no router sees it. `None`
/// if no machine has a firewall, or all were taken away before.
#[must_use]
pub fn without_own_firewalls(blueprint: &Blueprint) -> Option<Blueprint> {
    let has_own = |node: &Node| {
        let mut acls = node.acls.iter();
        node.kind == NodeKind::Machine
            && acls.any(|acl| !acl.entries.starts_with(&[open(node, acl)]))
    };
    if !blueprint.network.nodes.iter().any(|node| has_own(node)) {
        return None;
    }
    let mut network = blueprint.network.clone();
    for node in network.nodes.iter_mut().filter(|node| has_own(node)) {
        let node = Arc::make_mut(node);
        let opened: Vec<Entry> = node.acls.iter().map(|acl| open(node, acl)).collect();
        for (acl, open) in node.acls.iter_mut().zip(opened) {
            Arc::make_mut(acl).entries.insert(0, open);
        }
    }
    Some(Blueprint { network, setting: blueprint.setting.clone() })
}

/// The entry that lets everything from the network interfaces of `node` through its list `acl`.
fn open(node: &Node, acl: &Acl) -> Entry {
    let all = Match { in_interfaces: Some(ports(node)), ..Match::any() };
    Entry { matches: vec![all], action: Action::Permit, origin: acl.default_origin.clone() }
}

fn ports(node: &Node) -> Vec<InterfaceIndex> {
    let is_port = |kind: &InterfaceKind| *kind == InterfaceKind::Port;
    node.interfaces().filter(|(_, one)| is_port(&one.kind)).map(|(index, _)| index).collect()
}
