//! Small networks for the tests.

use std::net::IpAddr;

use diag::Text;
use model::{
    Acl, AclIndex, Action, Entry, Family, Hop, Interface, InterfaceAddress, InterfaceIndex,
    InterfaceKind, Match, Net, Network, NextHop, Node, NodeId, NodeKind, Origin, Outcome, Packet,
    Pipeline, Point, Ranges, Relay, Route, Segment, SegmentId, SegmentKind, Stage, StageKind,
    StepKind, Trace, flags, protocol,
};

pub(crate) fn origin() -> Origin {
    Origin::Default(Text::verbatim("test"))
}

/// A network under construction, of one family.
pub(crate) struct Site {
    pub(crate) network: Network,
    pub(crate) family: Family,
}

impl Site {
    pub(crate) fn new(family: Family) -> Self {
        Self { network: Network::default(), family }
    }

    /// Address `host` in net `net`.
    pub(crate) fn at(&self, net: u8, host: u8) -> IpAddr {
        let text = match self.family {
            Family::V4 => {
                let prefix = ["192.0.2", "198.51.100", "203.0.113"][net as usize];
                format!("{prefix}.{host}")
            }
            Family::V6 => format!("2001:db8:0:{net:x}::{host:x}"),
        };
        text.parse().unwrap()
    }

    pub(crate) fn net(&self, net: u8, host: u8) -> Net {
        let length = if self.family == Family::V4 { 24 } else { 64 };
        Net::new(self.at(net, host), length).unwrap()
    }

    pub(crate) fn segment(&mut self, net: u8) -> SegmentId {
        let nets = vec![self.net(net, 0)];
        let name = format!("segment-{net}");
        let kind = SegmentKind::Zone;
        self.network.segments.push(Segment { name, kind, nets, origin: origin() });
        SegmentId(self.network.segments.len() as u32 - 1)
    }

    pub(crate) fn node(&mut self, name: &str, kind: NodeKind) -> NodeId {
        let mut node = Node::new(name, kind, origin());
        let forwards = kind == NodeKind::Router;
        node.forwarding = [(forwards, origin()), (forwards, origin())];
        self.network.nodes.push(node.into());
        NodeId(self.network.nodes.len() as u32 - 1)
    }

    pub(crate) fn edit(&mut self, node: NodeId) -> &mut Node {
        self.network.node_mut(node)
    }

    /// A port without address.
    pub(crate) fn port(&mut self, node: NodeId, segment: Option<SegmentId>) -> InterfaceIndex {
        let node = self.edit(node);
        node.interfaces.push(Interface {
            name: format!("port{}", node.interfaces.len()),
            kind: InterfaceKind::Port,
            enabled: true,
            addresses: Vec::new(),
            advertises: None,
            segment,
            origin: origin(),
        });
        InterfaceIndex(node.interfaces.len() as u32 - 1)
    }

    /// A port with address `host` of net `net`, and the connected route.
    pub(crate) fn interface(
        &mut self,
        node: NodeId,
        segment: Option<SegmentId>,
        net: u8,
        host: u8,
    ) -> InterfaceIndex {
        let index = self.port(node, segment);
        let net = self.net(net, host);
        let address = InterfaceAddress {
            source: model::AddressSource::Static,
            net: Some(net),
            origin: origin(),
        };
        self.edit(node).interfaces[index.0 as usize].addresses.push(address);
        self.route(node, net.prefix(), vec![hop(Hop::Interface(index))]);
        index
    }

    pub(crate) fn route(&mut self, node: NodeId, prefix: Net, hops: Vec<NextHop>) -> &mut Route {
        let routes = &mut self.edit(node).routes;
        routes.push(Route { prefix, hops, preference: 0, origin: origin() });
        routes.last_mut().unwrap()
    }

    pub(crate) fn default_route(&mut self, node: NodeId, to: Hop) {
        let all = Net::all(self.family);
        self.route(node, all, vec![hop(to)]);
    }

    pub(crate) fn acl(&mut self, node: NodeId, entries: Vec<Entry>, default: Action) -> AclIndex {
        let acls = &mut self.edit(node).acls;
        let name = format!("list-{}", acls.len());
        acls.push(Acl { name, entries, default, default_origin: origin() }.into());
        AclIndex(acls.len() as u32 - 1)
    }

    pub(crate) fn stages(&mut self, node: NodeId, point: Point, kinds: Vec<StageKind>) {
        let stages = kinds.into_iter().map(|kind| Stage::of(None, kind)).collect();
        self.edit(node).pipelines.push(Pipeline::new(point, stages));
    }

    /// A list that discards what `condition` describes, at `point`.
    pub(crate) fn deny(&mut self, node: NodeId, point: Point, condition: Match) {
        let acl = self.acl(node, vec![entry(condition, Action::Deny)], Action::Permit);
        self.stages(node, point, vec![StageKind::Filter(acl)]);
    }

    pub(crate) fn relay(&mut self, node: NodeId, ports: &[InterfaceIndex], ethertypes: Ranges) {
        let ports = ports.to_vec();
        let relay =
            Relay { name: "relay".into(), ports, ethertypes, stages: vec![], origin: origin() };
        self.edit(node).relays.push(relay);
    }

    pub(crate) fn foot(&mut self, node: NodeId) -> InterfaceIndex {
        let foot = self.port(node, None);
        self.edit(node).interfaces[foot.0 as usize].kind = InterfaceKind::Bridge;
        foot
    }

    /// A TCP SYN from one address to a port of another.
    pub(crate) fn syn(&self, from: (u8, u8), to: (u8, u8), port: u16) -> Packet {
        Packet {
            source: self.at(from.0, from.1),
            destination: self.at(to.0, to.1),
            protocol: protocol::TCP,
            source_port: 40_000,
            destination_port: port,
            tcp_flags: flags::SYN,
        }
    }
}

/// Client on net 0, router, server on net 1, and the segments between them.
pub(crate) struct Line {
    pub(crate) site: Site,
    pub(crate) client: NodeId,
    pub(crate) router: NodeId,
    pub(crate) server: NodeId,
    pub(crate) inside: InterfaceIndex,
    pub(crate) outside: InterfaceIndex,
}

impl Line {
    pub(crate) fn new(family: Family) -> Self {
        let mut site = Site::new(family);
        let (left, right) = (site.segment(0), site.segment(1));
        let client = site.node("client", NodeKind::Machine);
        let router = site.node("router", NodeKind::Router);
        let server = site.node("server", NodeKind::Machine);
        site.interface(client, Some(left), 0, 10);
        let inside = site.interface(router, Some(left), 0, 1);
        let outside = site.interface(router, Some(right), 1, 1);
        site.interface(server, Some(right), 1, 10);
        let (left_gateway, right_gateway) = (site.at(0, 1), site.at(1, 1));
        site.default_route(client, Hop::Address(left_gateway));
        site.default_route(server, Hop::Address(right_gateway));
        Self { site, client, router, server, inside, outside }
    }

    pub(crate) fn syn(&self, port: u16) -> Packet {
        self.site.syn((0, 10), (1, 10), port)
    }
}

pub(crate) fn hop(hop: Hop) -> NextHop {
    NextHop { hop, guard: None, may_vanish: false, origin: origin() }
}

pub(crate) fn entry(condition: Match, action: Action) -> Entry {
    Entry { matches: vec![condition], action, origin: origin() }
}

pub(crate) fn to_port(port: u16) -> Match {
    Match {
        protocol: Some(Ranges::one(protocol::TCP)),
        destination_port: Some(Ranges::one(port)),
        ..Match::any()
    }
}

pub(crate) fn all_ethertypes() -> Ranges {
    Ranges::span(0_u16, u16::MAX)
}

/// The ends of all ways, sorted, each once.
pub(crate) fn outcomes(traces: &[Trace]) -> Vec<Outcome> {
    let mut outcomes: Vec<_> = traces.iter().map(|trace| trace.outcome).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    outcomes
}

/// The kind of the last step of the only way.
pub(crate) fn last(traces: &[Trace]) -> StepKind {
    assert_eq!(traces.len(), 1, "{traces:#?}");
    traces[0].steps.last().unwrap().kind
}

/// Runs a test for both families.
pub(crate) fn both(test: impl Fn(Family)) {
    Family::ALL.into_iter().for_each(test);
}
