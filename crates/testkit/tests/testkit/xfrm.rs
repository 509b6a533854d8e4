//! The oracle against the kernel's IPsec policies, in a network namespace of its own.
//!
//! What PROTECT, BYPASS and DISCARD do with packets that the node sends is compared, with lists
//! of policies in random order: while the tunnel is down, for which a kernel need only hold
//! policies, and while it is up, for which it has to hold a security association too. Few
//! kernels of machines that build software do; `cargo xtask xfrm-lab` boots one.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::process::Command;
use std::sync::Arc;

use model::{
    Encapsulation, Family, Hop, Interface, InterfaceAddress, InterfaceIndex, InterfaceKind, Match,
    Net, Network, NextHop, Node, NodeId, NodeKind, Origin, Outcome, Packet, Peer, Ranges, Route,
    SecurityAction, SecurityPolicy, SecurityStep, Segment, SegmentId, SegmentKind, StepKind,
    Tunnel, TunnelIndex, protocol,
};
use oracle::Oracle;
use testkit::random::Random;

/// Lists of policies that are compared.
const LISTS: usize = 40;
/// Where packets are sent.
const TARGETS: [[u8; 4]; 4] =
    [[198, 51, 100, 10], [198, 51, 100, 200], [203, 0, 113, 10], [192, 0, 2, 130]];
const PORTS: [u16; 2] = [53, 443];
const OWN: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 70);

fn origin() -> Origin {
    Origin::Default(diag::Text::verbatim("test"))
}

/// A policy with the selector that the kernel is told.
struct Drawn {
    destination: Net,
    port: Option<u16>,
    action: SecurityAction,
}

fn draw(random: &mut Random) -> Vec<Drawn> {
    let drawn = random.some(1, 4, |random| {
        let [a, b, c, d] = random.pick(&TARGETS);
        let address = IpAddr::V4(Ipv4Addr::new(a, b, c, d));
        let length = random.pick(&[0, 8, 24, 25, 32]);
        Drawn {
            destination: Net::new(address, length).unwrap_or(Net::host(address)).prefix(),
            port: random.maybe(40, |random| random.pick(&PORTS)),
            action: random.pick(&[
                SecurityAction::Protect(TunnelIndex(0)),
                SecurityAction::Bypass,
                SecurityAction::Discard,
            ]),
        }
    });
    // The kernel takes each selector once.
    let mut list: Vec<Drawn> = Vec::new();
    for one in drawn {
        if !list.iter().any(|own| own.destination == one.destination && own.port == one.port) {
            list.push(one);
        }
    }
    list
}

/// Whether the tunnel has its security association.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Down,
    Up,
}

/// What comes out of the node for a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Seen {
    Nothing,
    Clear,
    Protected,
}

/// Bytes of a frame that carries the packet in clear: Ethernet, IPv4, UDP and two of content.
const CLEAR_BYTES: u64 = 14 + 20 + 8 + 2;

/// What the kernel is told: the policies, and then every packet with the counter around it.
fn script(lists: &[Vec<Drawn>], state: State) -> String {
    let mut text = String::from(
        "set -e; ip link set lo up; ip link add v0 type veth peer name v1 || exit 77\n\
         ip link set v0 arp off; ip link set v1 arp off; ip addr add 192.0.2.70/32 dev v0\n\
         ip link set v0 up; ip link set v1 up; ip route add default dev v0 src 192.0.2.70\n\
         count() { awk '$1 == \"v0:\" { print $10 }' /proc/net/dev; }\n\
         echo 1 > /proc/sys/net/ipv6/conf/v0/disable_ipv6 || true\n",
    );
    if state == State::Up {
        text += "ip xfrm state add src 192.0.2.70 dst 203.0.113.200 proto esp spi 0x100 \
                 mode tunnel enc cipher_null '' || exit 77\n";
    }
    for list in lists {
        text += "ip xfrm policy flush\n";
        for (place, one) in list.iter().enumerate() {
            let selector = match one.port {
                Some(port) => format!("proto udp dport {port}"),
                None => String::new(),
            };
            let action = match one.action {
                SecurityAction::Protect(_) => {
                    "tmpl src 192.0.2.70 dst 203.0.113.200 proto esp mode tunnel"
                }
                SecurityAction::Bypass => "action allow",
                SecurityAction::Discard => "action block",
            };
            let (action, template) = match one.action {
                SecurityAction::Protect(_) => ("", action),
                _ => (action, ""),
            };
            let _ = writeln!(
                text,
                "ip xfrm policy add src 192.0.2.70/32 dst {} {selector} dir out {action} \
                 priority {} {template} || exit 77",
                one.destination,
                place + 1,
            );
        }
        for target in TARGETS {
            for port in PORTS {
                let [a, b, c, d] = target;
                let _ = writeln!(
                    text,
                    "before=$(count); (echo x > /dev/udp/{a}.{b}.{c}.{d}/{port}) 2>/dev/null || \
                     true; echo $(($(count) - before))"
                );
            }
        }
    }
    text
}

/// A node that sends, with a tunnel and `list` as its policies, and whoever is outside.
fn network(list: &[Drawn]) -> Network {
    let interface = |name: &str, kind, segment, address: Option<Net>| Interface {
        name: name.into(),
        kind,
        enabled: true,
        addresses: address
            .map(|net| InterfaceAddress {
                source: model::AddressSource::Static,
                net: Some(net),
                origin: origin(),
            })
            .into_iter()
            .collect(),
        advertises: None,
        segment: Some(SegmentId(segment)),
        origin: origin(),
    };
    let mut node = Node::new("node", NodeKind::Machine, origin());
    node.interfaces = vec![
        interface("v0", InterfaceKind::Port, 0, Some(Net::host(IpAddr::V4(OWN)))),
        interface("door", InterfaceKind::Tunnel, 1, None),
    ];
    let hop = NextHop {
        hop: Hop::Interface(InterfaceIndex(0)),
        guard: None,
        may_vanish: false,
        origin: origin(),
    };
    let prefix = Net::all(Family::V4);
    node.routes = vec![Route { prefix, hops: vec![hop], preference: 0, origin: origin() }];
    node.tunnels = vec![Tunnel {
        name: "tunnel".into(),
        interface: InterfaceIndex(1),
        carrier: Some(InterfaceIndex(0)),
        local: None,
        peer: Peer::Unknown,
        selectors: None,
        encapsulation: Encapsulation::Esp,
        doubt: None,
        origin: origin(),
    }];
    let policies = list.iter().map(|one| SecurityPolicy {
        selectors: vec![Match {
            destination: Some(one.destination.ranges()),
            protocol: one.port.map(|_| Ranges::one(protocol::UDP)),
            destination_port: one.port.map(Ranges::one),
            ..Match::family(Family::V4)
        }],
        action: one.action,
        may_be_absent: false,
        origin: origin(),
    });
    node.security_policies = policies.collect();
    let outside = |name: &str, segment| {
        let mut node = Node::new(name, NodeKind::Outside, origin());
        node.interfaces = vec![interface("end", InterfaceKind::Port, segment, None)];
        node
    };
    let segment = |kind| Segment { name: "s".into(), kind, nets: Vec::new(), origin: origin() };
    Network {
        nodes: [node, outside("line", 0), outside("far", 1)].map(Arc::new).to_vec(),
        segments: vec![segment(SegmentKind::Line), segment(SegmentKind::Tunnel)],
    }
}

/// What the oracle says of the packet.
fn predicted(list: &[Drawn], target: [u8; 4], port: u16, state: State) -> Seen {
    let network = network(list);
    let packet = Packet {
        source: IpAddr::V4(OWN),
        destination: IpAddr::V4(Ipv4Addr::from(target)),
        protocol: protocol::UDP,
        source_port: 40_000,
        destination_port: port,
        tcp_flags: 0,
    };
    let traces = Oracle::new(&network).originate(NodeId(0), packet);
    let is_up = |trace: &&model::Trace| {
        trace.steps.iter().any(|step| step.kind == StepKind::Sent(InterfaceIndex(1)))
    };
    let is_down = |trace: &model::Trace| {
        let down = StepKind::Secured(SecurityStep::Down(TunnelIndex(0)));
        trace.steps.iter().any(|step| step.kind == down)
    };
    let is_protected = traces.iter().any(|trace| is_up(&trace));
    assert_eq!(is_protected, traces.iter().any(is_down), "a tunnel may be up or down");
    let is_clear = traces.iter().any(|trace| trace.outcome == Outcome::Delivered(NodeId(1)));
    assert!(!(is_protected && is_clear), "in clear in no case");
    match (is_protected, state) {
        (true, State::Up) => Seen::Protected,
        _ if is_clear => Seen::Clear,
        _ => Seen::Nothing,
    }
}

/// Compares every packet of the lists; `None` if the kernel cannot be asked here.
fn compared(state: State, lists: &[Vec<Drawn>], required_by: &str) -> Option<[usize; 3]> {
    let output = Command::new("unshare").args(["-n", "bash", "-c", &script(lists, state)]).output();
    let said = match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        other => {
            let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
            let is_required = required.split(',').any(|one| one.trim() == required_by);
            assert!(!is_required, "{required_by} is required: {other:?}");
            println!("skipped: this kernel takes no IPsec policies or associations ({other:?})");
            return None;
        }
    };
    let mut counts = said.lines().map(|line| match line.trim().parse::<u64>() {
        Ok(0) => Seen::Nothing,
        Ok(CLEAR_BYTES) => Seen::Clear,
        Ok(bytes) if bytes > CLEAR_BYTES => Seen::Protected,
        other => panic!("not a count: {other:?}"),
    });
    let mut seen = [0; 3];
    for (number, list) in lists.iter().enumerate() {
        for target in TARGETS {
            for port in PORTS {
                let kernel = counts.next().expect("a line for each packet");
                let oracle = predicted(list, target, port, state);
                let told: Vec<_> =
                    list.iter().map(|one| (one.destination, one.port, one.action)).collect();
                assert_eq!(kernel, oracle, "list {number}, {target:?} {port}: {told:?}");
                seen[kernel as usize] += 1;
            }
        }
    }
    Some(seen)
}

#[test]
fn policies_do_what_the_kernel_does_while_the_tunnel_is_down() {
    let mut random = Random::new(7);
    let lists: Vec<Vec<Drawn>> = (0..LISTS).map(|_| draw(&mut random)).collect();
    let Some([kept, sent, protected]) = compared(State::Down, &lists, "xfrm") else { return };
    println!("{sent} packets left in clear, {kept} did not");
    assert!(sent > 20 && kept > 20 && protected == 0, "{sent} {kept} {protected}");
}

#[test]
fn policies_do_what_the_kernel_does_while_the_tunnel_is_up() {
    let mut random = Random::new(11);
    let count = if std::env::var_os("SEKISHO_XFRM_LAB").is_some() { 3 * LISTS } else { LISTS };
    let lists: Vec<Vec<Drawn>> = (0..count).map(|_| draw(&mut random)).collect();
    let mut all = [0; 3];
    // A script is an argument, which has a length that it may not exceed.
    for some in lists.chunks(LISTS) {
        let Some(seen) = compared(State::Up, some, "esp") else { return };
        all = std::array::from_fn(|kind| all[kind] + seen[kind]);
    }
    let [kept, sent, protected] = all;
    println!("lab: {protected} packets left protected, {sent} in clear, {kept} did not leave");
    assert!(sent > 20 && kept > 20 && protected > 20, "{sent} {kept} {protected}");
}
