//! The other judge of what must work: which sessions that the site needs the oracle sees open and
//! answered.

use std::collections::BTreeSet;
use std::net::IpAddr;

use design::{Blueprint, Ports};
use model::{Family, NodeId, Outcome};
use oracle::Oracle;

use crate::probe;

/// The rules that promise it: sessions of services, to destinations, and the answers to both.
pub(crate) const RULES: [&str; 3] = ["F001", "F007", "F009"];

/// The sessions that open and are answered, in words that do not change with the configurations.
pub(crate) fn working(blueprint: &Blueprint) -> BTreeSet<String> {
    let network = &blueprint.network;
    let mut found = BTreeSet::new();
    for flow in &blueprint.services {
        for family in Family::ALL {
            for to in network.node(flow.to).addresses(family) {
                for ports in &flow.ports {
                    if works(blueprint, (flow.from, flow.to), to, ports) {
                        // What is lost in one version of IP only is lost.
                        let to = format!("{} {family:?}", network.node(flow.to).name);
                        found.insert(told(blueprint, flow.from, &to, ports));
                    }
                }
            }
        }
    }
    let parties = &blueprint.parties;
    for destination in &blueprint.catalogue.destinations {
        let senders = match network.node(destination.net).name.as_str() {
            "eligibility-net" => &parties.terminals,
            "claims-net" => &parties.claims_terminals,
            _ => continue,
        };
        for from in senders.iter().copied() {
            for (net, ports) in destination
                .addresses
                .iter()
                .flat_map(|net| destination.ports.iter().map(move |ports| (net, ports)))
            {
                if works(blueprint, (from, destination.net), net.address(), ports) {
                    let to = format!("{} {net}", destination.name);
                    found.insert(told(blueprint, from, &to, ports));
                }
            }
        }
    }
    found
}

fn told(blueprint: &Blueprint, from: NodeId, to: &str, ports: &Ports) -> String {
    format!("{} -> {to} {ports:?}", blueprint.network.node(from).name)
}

/// Whether a session from `from` to the address `address` of `to` opens from one of its own
/// addresses, and is answered.
fn works(
    blueprint: &Blueprint,
    (from, to): (NodeId, NodeId),
    address: IpAddr,
    ports: &Ports,
) -> bool {
    let Ports::Range(protocol, port, _) = *ports else { return false };
    let network = &blueprint.network;
    network.node(from).addresses(Family::of(address)).any(|source| {
        let mut oracle = Oracle::new(network);
        let packet = probe::first(source, address, protocol, port);
        let arrived = oracle
            .originate(from, packet)
            .into_iter()
            .find(|trace| trace.outcome == Outcome::Delivered(to));
        arrived.is_some_and(|trace| {
            let mut answers = oracle.answer(&trace).into_iter();
            answers.any(|answer| answer.outcome == Outcome::Delivered(from))
        })
    })
}
