//! The flows that the site needs: services inside and destinations outside.

use model::{NodeId, protocol};
use site::{PortSpec, Site};

use crate::blueprint::{Destination, Flow, Ports};
use crate::build::{Builder, model_net};

/// ESP (RFC 4303).
const ESP: u8 = 50;

/// What a port specification of the site file stands for.
pub(crate) fn ports(spec: &PortSpec) -> Ports {
    match spec {
        PortSpec::Any => Ports::Any,
        PortSpec::Icmp => Ports::Icmp,
        PortSpec::Esp => Ports::Protocol(ESP),
        PortSpec::Tcp(range) => Ports::Range(protocol::TCP, range.first(), range.last()),
        PortSpec::Udp(range) => Ports::Range(protocol::UDP, range.first(), range.last()),
    }
}

/// The services of the site file, machine by machine.
pub(crate) fn services(builder: &Builder<'_>) -> Vec<Flow> {
    let mut flows = Vec::new();
    for service in &builder.site.services {
        let ports: Vec<Ports> =
            service.uses.iter().flat_map(|used| &used.value.ports).map(ports).collect();
        for from in members(builder, &service.from.value) {
            for to in members(builder, &service.to.value) {
                if from != to {
                    flows.push(Flow { from, to, ports: ports.clone(), span: service.span });
                }
            }
        }
    }
    flows
}

/// The machine called `name`, or the machines of the zone called so.
fn members(builder: &Builder<'_>, name: &str) -> Vec<NodeId> {
    let site: &Site = builder.site;
    let in_zone = site.machines.iter().filter(|machine| {
        machine.name.value == name || machine.nics.iter().any(|nic| nic.value.zone.value == name)
    });
    in_zone.filter_map(|machine| builder.network.find(&machine.name.value)).collect()
}

/// The destinations of the site file.
pub(crate) fn destinations(builder: &Builder<'_>) -> Vec<Destination> {
    let destinations = builder.site.destinations.iter().map(|written| Destination {
        name: written.name.value.clone(),
        net: builder.outside(written.net.value),
        addresses: written.addresses.iter().map(|net| model_net(&net.value)).collect(),
        hosts: written.hosts.iter().map(|host| host.value.clone()).collect(),
        ports: written.ports.iter().map(|spec| ports(&spec.value)).collect(),
        span: written.name.span,
    });
    destinations.collect()
}
