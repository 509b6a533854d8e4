//! Stand-ins for addresses that only the line hands out.
//!
//! A prefix that comes by router advertisement is not known beforehand and changes. The analysis
//! takes one that no configuration mentions, so that no line of a configuration can treat the
//! site's own addresses in a special way; that this is so is the assumption [`LINE_PREFIX`].

use std::borrow::Borrow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use diag::{Span, text};
use model::{
    AclIndex, Action, AddressSource, Aspect, Aspects, Assumption, Family, Match, Net, Network,
    Node, NodeId, Point, Ranges, Reading, SegmentKind, StageKind,
};

use crate::own_prefix::OwnPrefix;

/// The prefix that the line hands out is not written in any configuration.
pub static LINE_PREFIX: Assumption = Assumption {
    id: "S-A1",
    question: || {
        text!(
            ja: "回線から配布される IPv6 プレフィックスは、設定に書かれたプレフィックスと重なら\
                 ないか",
            en: "is the IPv6 prefix that the line hands out apart from all prefixes that are \
                 written",
        )
    },
    readings: &[Reading {
        keyword: "apart",
        meaning: || {
            text!(
                ja: "重ならない（フィルターに自施設のプレフィックスは書かれていない）",
                en: "it is apart: no filter mentions the site's own prefix",
            )
        },
    }],
    has_default: true,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
};

/// The IPv4 address that the line hands out to a router is not written in its lists.
pub static LINE_ADDRESS: Assumption = Assumption {
    id: "S-A2",
    question: || {
        text!(
            ja: "回線からルータに割り当てられる IPv4 アドレスは、フィルターに書かれたアドレスではないか",
            en: "is the IPv4 address that the line hands out apart from all that its lists mention",
        )
    },
    readings: &[Reading {
        keyword: "apart",
        meaning: || {
            text!(
                ja: "書かれていない（フィルターは回線側の自分のアドレスに触れていない）",
                en: "it is apart: no list mentions the router's own address on the line",
            )
        },
    }],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::RouterItself]),
};

/// Prefixes to choose stand-ins from: documentation prefixes of RFC 3849 and RFC 9637.
const CANDIDATES: [u128; 4] = [
    0x2001_0db8_fff0_0000_0000_0000_0000_0000,
    0x3fff_0fff_0000_0000_0000_0000_0000_0000,
    0x3fff_0aaa_0000_0000_0000_0000_0000_0000,
    0x2001_0db8_0f0f_0000_0000_0000_0000_0000,
];

/// Further stand-ins: this many prefixes spread over 2000::/3.
const OTHERS: u128 = 4_096;
const OTHERS_FIRST: u128 = 0x2000_00aa_0000_0000_0000_0000_0000_0000;
const OTHERS_SHIFT: u32 = 113;

/// A range of more addresses than a /8 has is about the Internet as a whole, not about a prefix.
const WIDE: u128 = 1 << 120;

/// Hands out stand-in addresses.
#[derive(Debug)]
pub(crate) struct StandIns {
    base: u128,
    next_v4: u32,
    /// Whether any address was handed out for IPv6.
    pub(crate) is_used: bool,
    /// Zones in the order in which they asked, where the stand-ins have to lie inside a prefix;
    /// the first has that prefix itself.
    zones: Option<Vec<u16>>,
    /// Which learned address of a machine has which identifier.
    host: Option<(usize, u64)>,
    /// Learned addresses of machines so far.
    hosts: usize,
}

impl StandIns {
    /// Stand-ins that lie as `own` says.
    pub(crate) fn inside(own: OwnPrefix) -> Self {
        let zones = Some(own.zone.into_iter().collect());
        Self { base: own.prefix.bounds().0, zones, host: own.host, ..Self::at(0) }
    }

    fn at(base: u128) -> Self {
        Self { base, next_v4: 1, is_used: false, zones: None, host: None, hosts: 0 }
    }

    /// Stand-ins that none of `nodes` mentions, as far as there are such.
    pub(crate) fn apart_from<N: Borrow<Node>>(nodes: &[N]) -> Self {
        let is_mentioned = |base: u128| {
            let last = base | (u128::MAX >> 48);
            nodes.iter().map(Borrow::borrow).any(|node: &Node| {
                matches(node).any(|one| mentions(one, base, last)) || routes_into(node, base, last)
            })
        };
        // Lists that discard documentation prefixes leave other global ones to stand in.
        let others = (0..OTHERS).map(|step| OTHERS_FIRST + (step << OTHERS_SHIFT));
        let base = CANDIDATES.into_iter().chain(others).find(|base| !is_mentioned(*base));
        // When every candidate is mentioned, the lists speak of all global prefixes.
        Self::at(base.unwrap_or(CANDIDATES[0]))
    }

    /// An address in the prefixes.
    pub(crate) fn base(&self) -> u128 {
        self.base
    }

    /// The learned address of a machine in the zone with this number, which has `identifier`
    /// unless it is the turn of another one.
    pub(crate) fn host(&mut self, number: u16, identifier: u64) -> Net {
        let turn = self.host.filter(|(turn, _)| *turn == self.hosts);
        self.hosts += 1;
        let identifier = turn.map_or(identifier, |(_, identifier)| identifier);
        with_identifier(self.prefix(number), identifier)
    }

    /// The /64 with this number.
    pub(crate) fn prefix(&mut self, number: u16) -> Net {
        self.is_used = true;
        let place = match &mut self.zones {
            None => number,
            // The wire to the ONU is nobody's zone: it gets a prefix that no zone gets.
            Some(_) if number == 0 => u16::MAX,
            Some(zones) => {
                let known = zones.iter().position(|zone| *zone == number);
                let place = known.unwrap_or_else(|| {
                    zones.push(number);
                    zones.len() - 1
                });
                u16::try_from(place).unwrap_or(u16::MAX)
            }
        };
        let address = self.base.wrapping_add(u128::from(place) << 64);
        net(IpAddr::V6(Ipv6Addr::from(address)), 64)
    }

    /// An IPv4 address with its network, out of the benchmarking range of RFC 2544.
    pub(crate) fn ipv4(&mut self, length: u8) -> Net {
        let block = self.next_v4;
        self.next_v4 += 1;
        let address = Ipv4Addr::from(0xc612_0000 + (block << 8) + 2);
        net(IpAddr::V4(address), length)
    }
}

/// Lines of lists that would treat a router's own learned IPv4 address in another way than its
/// stand-in: they permit other addresses that the site does not have, or discard the stand-in.
pub(crate) fn own_address_lines(
    network: &Network,
    routers: &[NodeId],
    others: &[Net],
) -> Vec<Span> {
    let zones = network.segments.iter().filter(|segment| segment.kind == SegmentKind::Zone);
    let nets = zones.flat_map(|segment| &segment.nets).chain(others);
    let nets = nets.filter(|net| net.family() == Family::V4);
    let known = Ranges::of(nets.map(|net| net.bounds()));
    let everywhere = Ranges::span(0_u8, u32::MAX);
    let mut found: Vec<Span> = Vec::new();
    for router in routers {
        let node = network.node(*router);
        let learned: Vec<u128> = node
            .interfaces
            .iter()
            .flat_map(|interface| &interface.addresses)
            .filter(|own| matches!(own.source, AddressSource::Dhcp { .. } | AddressSource::Ipcp))
            .filter_map(|own| Some(Family::number(own.net?.address())))
            .collect();
        if learned.is_empty() {
            continue;
        }
        let inward = inward_lists(node);
        let lists = node.acls.iter().zip(inward).filter(|(_, is_inward)| *is_inward);
        for entry in lists.flat_map(|(acl, _)| &acl.entries) {
            let v4 = entry.matches.iter().filter(|one| one.family == Some(Family::V4));
            let touches = v4.filter_map(|one| one.destination.as_ref()).any(|to| {
                let holds = learned.iter().any(|address| to.contains(*address));
                let foreign = to.intersection(&known.complement(Family::V4.top()));
                match entry.action {
                    Action::Deny => holds && *to != everywhere,
                    _ => !holds && !foreign.is_empty(),
                }
            });
            found.extend(entry.origin.span().filter(|_| touches));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Which lists of `node` are asked about packets before it is known whether they are for the node
/// itself. A list that is asked about what is sent never sees a packet to the node's own address.
fn inward_lists(node: &Node) -> Vec<bool> {
    let is_inward =
        |point: Point| matches!(point, Point::Ingress(_) | Point::Prerouting | Point::LocalIn);
    let points = node.pipelines.iter().filter(|pipeline| is_inward(pipeline.point));
    let stages = points.flat_map(|pipeline| &pipeline.stages);
    let stages = stages.chain(node.relays.iter().flat_map(|relay| &relay.stages));
    let mut found = vec![false; node.acls.len()];
    let mut ahead: Vec<AclIndex> = stages
        .filter_map(|stage| match stage.kind {
            StageKind::Filter(acl) => Some(acl),
            _ => None,
        })
        .collect();
    while let Some(acl) = ahead.pop() {
        if std::mem::replace(&mut found[acl.0 as usize], true) {
            continue;
        }
        let list = node.acl(acl);
        let actions = list.entries.iter().map(|entry| entry.action).chain([list.default]);
        ahead.extend(actions.filter_map(|action| match action {
            Action::Call(next) | Action::Goto(next) => Some(next),
            Action::Permit | Action::Deny | Action::Return => None,
        }));
    }
    found
}

/// `prefix` with `identifier` in its low 64 bits.
pub(crate) fn with_identifier(prefix: Net, identifier: u64) -> Net {
    let high = Family::number(prefix.prefix().address()) & !u128::from(u64::MAX);
    let address = Family::V6.address(high | u128::from(identifier));
    net(address, 64)
}

/// A network whose length fits its family.
pub(crate) fn net(address: IpAddr, length: u8) -> Net {
    Net::new(address, length).unwrap_or_else(|| Net::host(address))
}

fn matches(node: &Node) -> impl Iterator<Item = &Match> {
    let lists = node.acls.iter().flat_map(|acl| &acl.entries).flat_map(|entry| &entry.matches);
    let rules = node.translations.iter().flat_map(|one| &one.rules);
    let services = node.services.iter().flat_map(|service| &service.admits);
    lists.chain(rules.flat_map(|rule| &rule.matches)).chain(services)
}

/// Whether a route, other than a default route, leads into the range.
fn routes_into(node: &Node, first: u128, last: u128) -> bool {
    node.routes.iter().map(|route| route.prefix).any(|prefix| {
        let (low, high) = prefix.bounds();
        prefix.family() == Family::V6 && prefix.length() > 3 && low <= last && first <= high
    })
}

fn mentions(one: &Match, first: u128, last: u128) -> bool {
    if one.family != Some(Family::V6) {
        return false;
    }
    let both = [&one.source, &one.destination].into_iter().flatten();
    let mut parts = both.flat_map(Ranges::as_slice).filter(|(low, high)| high - low < WIDE);
    parts.any(|(low, high)| *low <= last && first <= *high)
}
