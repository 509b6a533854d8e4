//! Where the prefix that the line hands out might lie, seen from what the routers' lists say.
//!
//! Lists cut the global IPv6 addresses into parts: all addresses of a part are treated alike by
//! every line. The site is judged with its stand-in, which stands for the part that it lies in;
//! here is one prefix, or one address, for each other part. See `docs/adr/0003`.

use std::net::IpAddr;

use diag::Span;
use model::{Family, Match, Net, Node, Ranges, StageKind};
use site::{NicIpv6, Site, ZoneIpv6};

use crate::standin;

/// One way in which the prefix of the line may lie inside what is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OwnPrefix {
    /// The /64 of [`zone`](Self::zone).
    pub(crate) prefix: Net,
    /// Number of the zone that has this prefix; of no zone in particular if `None`.
    pub(crate) zone: Option<u16>,
    /// Which of the machines' learned addresses, counted in the order of the site file, has which
    /// identifier in its low 64 bits.
    pub(crate) host: Option<(usize, u64)>,
}

/// Lowest and highest global unicast address (RFC 4291 section 2.4, as allocated: 2000::/3).
const GLOBAL: (u128, u128) = (0x2000_u128 << 112, (0x4000_u128 << 112) - 1);

/// Addresses in a /64, less one.
const SUBNET: u128 = u64::MAX as u128;

/// Addresses that a line speaks of, as far as they are global.
struct Written {
    low: u128,
    high: u128,
    span: Span,
}

impl Written {
    fn holds(&self, address: u128) -> bool {
        (self.low..=self.high).contains(&address)
    }
}

/// One place for each part that lists treat in another way than `standin`, with a line that does.
pub(crate) fn places(site: &Site, routers: &[Node], standin: u128) -> Vec<(OwnPrefix, Span)> {
    let zones = zones(site);
    if zones.is_empty() {
        return Vec::new();
    }
    let known = known_hosts(site);
    let written: Vec<Written> = routers
        .iter()
        .flat_map(spoken_of)
        .filter(|one| {
            !known.as_slice().iter().any(|(low, high)| *low <= one.low && one.high <= *high)
        })
        .collect();
    let mut found = Vec::new();
    let own: Vec<u128> = zones.iter().map(|zone| standin + (u128::from(*zone) << 64)).collect();
    for (start, span) in parts(&written, &own) {
        let prefix = standin::net(Family::V6.address(start & !SUBNET), 64);
        found.extend(
            zones.iter().map(|zone| (OwnPrefix { prefix, zone: Some(*zone), host: None }, span)),
        );
        let inside_subnet = written.iter().any(|one| one.span == span && !is_subnet(one));
        if inside_subnet || start & SUBNET != 0 {
            let identifier = u64::try_from(start & SUBNET).unwrap_or_default();
            found.extend(learned(site).into_iter().enumerate().map(|(number, zone)| {
                let host = Some((number, identifier));
                (OwnPrefix { prefix, zone: Some(zone), host }, span)
            }));
        }
    }
    found
}

fn is_subnet(one: &Written) -> bool {
    one.low & SUBNET == 0 && one.high & SUBNET == SUBNET
}

/// The first address of each part that is not the part of all addresses of `own`, with the
/// narrowest line that tells them apart.
fn parts(written: &[Written], own: &[u128]) -> Vec<(u128, Span)> {
    let ends = written.iter().flat_map(|one| [one.low, one.high.saturating_add(1)]);
    let mut starts: Vec<u128> = ends.chain([GLOBAL.0]).filter(|start| *start <= GLOBAL.1).collect();
    starts.sort_unstable();
    starts.dedup();
    let cover =
        |address: u128| -> Vec<bool> { written.iter().map(|one| one.holds(address)).collect() };
    let mut covers = own.iter().map(|address| cover(*address));
    let own = covers.next().unwrap_or_default();
    let is_one_part = covers.all(|other| other == own);
    let mut seen: Vec<Vec<bool>> = if is_one_part { vec![own.clone()] } else { Vec::new() };
    let mut found = Vec::new();
    for start in starts {
        let here = cover(start);
        if seen.contains(&here) {
            continue;
        }
        let differs = |place: usize| own[place] != here[place] || !is_one_part;
        let telling = written.iter().enumerate().filter(|(place, _)| differs(*place));
        let narrowest = telling.min_by_key(|(_, one)| one.high - one.low);
        found.extend(narrowest.map(|(_, one)| (start, one.span)));
        seen.push(here);
    }
    found
}

/// What lists, translations, services and session tables of `node` say of global addresses; a line
/// about all of them treats none in a special way.
fn spoken_of(node: &Node) -> Vec<Written> {
    let lists = node.acls.iter().flat_map(|acl| &acl.entries);
    let lists = lists.map(|entry| (&entry.matches, &entry.origin));
    let rules = node.translations.iter().flat_map(|one| &one.rules);
    let rules = rules.map(|rule| (&rule.matches, &rule.origin));
    let services = node.services.iter().map(|service| (&service.admits, &service.origin));
    let stages = node.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
    let stages = stages.chain(node.relays.iter().flat_map(|relay| &relay.stages));
    let triggers = stages.flat_map(|stage| match &stage.kind {
        StageKind::Open(_, triggers) => triggers.as_slice(),
        _ => &[],
    });
    let triggers = triggers.map(|trigger| (&trigger.matches, &trigger.origin));
    let mut found = Vec::new();
    for (matches, origin) in lists.chain(rules).chain(services).chain(triggers) {
        let Some(span) = origin.span() else { continue };
        for (low, high) in matches.iter().flat_map(ranges) {
            let (low, high) = (low.max(GLOBAL.0), high.min(GLOBAL.1));
            if low <= high && (low, high) != GLOBAL {
                found.push(Written { low, high, span });
            }
        }
    }
    found
}

fn ranges(one: &Match) -> impl Iterator<Item = (u128, u128)> + '_ {
    let is_v6 = one.family == Some(Family::V6);
    let ends = [&one.source, &one.destination].into_iter().flatten().filter(move |_| is_v6);
    ends.flat_map(Ranges::as_slice).copied()
}

/// Single hosts that the site file registers outside: they are no machine of the site.
fn known_hosts(site: &Site) -> Ranges {
    let nets = site.destinations.iter().flat_map(|one| &one.addresses);
    let nets = nets.filter(|net| matches!(net.value.address(), IpAddr::V6(_)));
    let bounds = nets.map(|net| standin::net(net.value.address(), net.value.length()).bounds());
    Ranges::of(bounds.filter(|(low, high)| high - low < SUBNET))
}

/// Numbers of the zones whose prefix the line hands out.
fn zones(site: &Site) -> Vec<u16> {
    let is_learned = |zone: &site::Zone| {
        matches!(zone.ipv6.as_ref().map(|ipv6| &ipv6.value), Some(ZoneIpv6::Ra))
    };
    let declared = site.zones.iter().enumerate().filter(|(_, zone)| is_learned(zone));
    let declared = declared.map(|(place, _)| number(place));
    let mut found: Vec<u16> = declared.chain(learned(site)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The zone of each learned address of a machine, in the order in which the builder places them.
fn learned(site: &Site) -> Vec<u16> {
    let nics = site.machines.iter().flat_map(|machine| &machine.nics);
    let learned = nics
        .filter(|nic| matches!(nic.value.ipv6.as_ref().map(|ipv6| &ipv6.value), Some(NicIpv6::Ra)));
    let zone = |name: &str| site.zones.iter().position(|zone| zone.name.value == name);
    learned.map(|nic| zone(&nic.value.zone.value).map_or(0, number)).collect()
}

/// Zones become segments in the order of the site file.
fn number(place: usize) -> u16 {
    u32::try_from(place).map_or(u16::MAX, crate::router::segment_number)
}
