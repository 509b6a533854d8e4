//! A site whose machines have no firewalls of their own at the networks that they stand in.

use model::{Action, Entry, InterfaceIndex, InterfaceKind, Match, Node, NodeKind};

use crate::Blueprint;

/// `blueprint` with machines that take whatever comes to their network interfaces; what comes in
/// sessions that they end themselves their firewalls still judge, since no router sees it. `None`
/// if no machine has a firewall.
#[must_use]
pub fn without_own_firewalls(blueprint: &Blueprint) -> Option<Blueprint> {
    let has_own = |node: &Node| node.kind == NodeKind::Machine && !node.acls.is_empty();
    if !blueprint.network.nodes.iter().any(|node| has_own(node)) {
        return None;
    }
    let mut network = blueprint.network.clone();
    for node in network.nodes.iter_mut().filter(|node| has_own(node)) {
        let node = std::sync::Arc::make_mut(node);
        let ports = ports(node);
        for acl in &mut node.acls {
            let acl = std::sync::Arc::make_mut(acl);
            let origin = acl.default_origin.clone();
            let all = Match { in_interfaces: Some(ports.clone()), ..Match::any() };
            let open = Entry { matches: vec![all], action: Action::Permit, origin };
            acl.entries.insert(0, open);
        }
    }
    Some(Blueprint { network, setting: blueprint.setting.clone() })
}

fn ports(node: &Node) -> Vec<InterfaceIndex> {
    let is_port = |kind: &InterfaceKind| *kind == InterfaceKind::Port;
    node.interfaces().filter(|(_, one)| is_port(&one.kind)).map(|(index, _)| index).collect()
}
