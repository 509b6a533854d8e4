//! Packets of the router itself without which a link does not work: neighbour discovery, router
//! advertisements and DHCPv6. Lists that discard them stop everything behind them.

use std::borrow::Cow;

use diag::{Diagnostic, Span, Text, text};
use model::{Action, Effect, Effects, Entry, Family, Gap, Hop, Match, icmp, protocol};

use super::super::config::{AddressWord, Direction, IfName, LearnedBy, ServiceName};
use super::super::settings::family_of;
use super::Lowering;
use super::filters::{Names, Side};

/// First and last address of the link: `fe80::/64`.
const LINK: [u128; 2] = [0xfe80 << 112 | 1, 0xfe80 << 112 | u64::MAX as u128];

/// Addresses of anybody, where the prefix of a network is not known: ends of `2000::/3`.
pub(super) const ANYBODY: [u128; 2] = [0x2000 << 112 | 1, 0x3fff << 112 | u64::MAX as u128];

/// First and last address at which a neighbour is asked for: `ff02::1:ff00:0/104`.
const SOLICITED: [u128; 2] = [0xff02 << 112 | 0x1_ff00_0000, 0xff02 << 112 | 0x1_ffff_ffff];

/// All nodes, all routers, all DHCPv6 servers of the link.
const NODES: [u128; 1] = [0xff02 << 112 | 1];
const ROUTERS: [u128; 1] = [0xff02 << 112 | 2];
const DHCP_SERVERS: [u128; 1] = [0xff02 << 112 | 0x1_0002];

/// Ports of DHCPv6.
///
/// # Source
/// RFC 8415 section 7.2.
const CLIENT: u16 = 546;
const SERVER: u16 = 547;

/// Packets that have to pass, and what is lost if they do not.
pub(super) struct Need {
    pub(super) what: Text,
    pub(super) effects: Effects,
    pub(super) sources: Vec<u128>,
    pub(super) destinations: Vec<u128>,
    /// Protocol, source port or type, destination port or code.
    pub(super) service: (u8, u16, u16),
}

/// What the router does with IPv6 on a link.
#[derive(Default)]
struct Role {
    is_wire: bool,
    advertises: bool,
    hears_routers: bool,
    asks_dhcp: bool,
    tells_names: bool,
    /// Addresses of the other machines of the link.
    others: Vec<u128>,
}

impl Lowering<'_> {
    pub(super) fn neighbours(&mut self) {
        if !self.node.forwarding[Family::V6 as usize].0 {
            return;
        }
        let mut stopped = Vec::new();
        for listing in &self.meant.lists {
            if listing.family != Family::V6 {
                continue;
            }
            let (Some(role), Some(side)) = (self.role(listing.name), &listing.side) else {
                continue;
            };
            let needs = match listing.direction {
                Direction::In => inward(&role),
                Direction::Out => outward(&role),
            };
            let passes = |need: &Need| is_passed(need, Family::V6, side);
            if let Some(need) = needs.into_iter().find(|need| !passes(need)) {
                stopped.push((listing.name, listing.direction, side.line, need));
            }
        }
        for (name, direction, line, need) in stopped {
            self.stops(name, direction, line, need);
        }
    }

    /// `None` if the router does not use IPv6 on the link.
    fn role(&self, name: IfName) -> Option<Role> {
        let said = self.settings.interfaces.get(&name)?;
        let own = || said.addresses.iter().filter(|(word, _)| family_of(*word) == Family::V6);
        let sources = self.settings.interfaces.values().flat_map(|one| &one.addresses);
        let prefixes = self.settings.prefixes.values().filter_map(|(word, _)| word.source());
        let mut sources = sources.filter_map(|(word, _)| word.source()).chain(prefixes);
        let is_source = sources.any(|source| source == (name, LearnedBy::Advertisement));
        let asks_dhcp = self.settings.dhcpv6_clients.contains_key(&name);
        let advertises = self.settings.advertised.contains_key(&name);
        let is_auto = own().any(|(word, _)| *word == AddressWord::Auto);
        let index = self.interface(name)?;
        let leads = |hop: &Hop| match hop {
            Hop::Interface(on) | Hop::AddressOn(_, on) | Hop::Learned(on) => *on == index,
            _ => false,
        };
        let mut routes = self.node.routes.iter().filter(|one| one.prefix.family() == Family::V6);
        let is_way = routes.any(|route| route.hops.iter().any(|next| leads(&next.hop)));
        if own().next().is_none() && !is_source && !asks_dhcp && !advertises && !is_way {
            return None;
        }
        let mut others = LINK.to_vec();
        for (word, _) in own() {
            match word {
                AddressWord::Static(net) => {
                    let (low, high) = net.bounds();
                    others.extend([low.saturating_add(1).min(high), high]);
                }
                AddressWord::Delegated(..) => others.extend(ANYBODY),
                _ => {}
            }
        }
        Some(Role {
            is_wire: name.has_wire(),
            advertises,
            hears_routers: is_source || is_auto,
            asks_dhcp,
            tells_names: self.announces_by_dhcp(name),
            others,
        })
    }

    /// Whether hosts of `name` are told to ask the router's DHCPv6 server for name servers.
    pub(super) fn announces_by_dhcp(&self, name: IfName) -> bool {
        let services = &self.settings.services;
        let runs = services.get(&ServiceName::Dhcpv6).and_then(|one| one.runs);
        // Where no line asks DHCPv6 there is nothing to tell.
        runs.is_some_and(|(runs, _)| runs)
            && !self.settings.dhcpv6_clients.is_empty()
            && self.settings.dhcpv6_servers.contains(&name)
            && self.settings.tells_of_dhcp.contains(&name)
    }

    fn stops(&mut self, name: IfName, direction: Direction, line: Span, need: Need) {
        self.say(
            Diagnostic::warning(
                "R145",
                text!(
                    ja: "{name} の {direction} のリストは、IPv6 に必要なパケットを破棄します（{what}）",
                    en: "the list {direction} of {name} discards what IPv6 needs: {what}",
                    name = name, direction = direction.word(), what = need.what,
                ),
            )
            .at(line)
            .advise(text!(
                ja: "近隣探索（`icmp-nd`）と DHCPv6 を通すフィルターをリストの先頭に加えてください",
                en: "let neighbour discovery (`icmp-nd`) and DHCPv6 pass at the head of the list",
            )),
        );
        self.meant.stopped.push(Gap {
            span: line,
            what: need.what,
            effects: need.effects,
            interface: self.interface(name),
            family: Some(Family::V6),
        });
    }
}

fn need(what: Text, sources: &[u128], destinations: &[u128], service: (u8, u16, u16)) -> Need {
    let effects = Effects::of(&[Effect::Stall]);
    Need { what, effects, sources: sources.to_vec(), destinations: destinations.to_vec(), service }
}

fn discovery(sources: &[u128], destinations: &[u128], kind: u8) -> Need {
    let what = text!(ja: "近隣探索", en: "neighbour discovery");
    need(what, sources, destinations, (protocol::ICMPV6, kind.into(), 0))
}

fn advertisement(sources: &[u128], destinations: &[u128], kind: u8) -> Need {
    let what = text!(ja: "ルータ広告", en: "router advertisements");
    need(what, sources, destinations, (protocol::ICMPV6, kind.into(), 0))
}

fn dhcp(destinations: &[u128], from: u16, to: u16) -> Need {
    need(text!(ja: "DHCPv6", en: "DHCPv6"), &LINK, destinations, (protocol::UDP, from, to))
}

fn inward(role: &Role) -> Vec<Need> {
    let mut needs = Vec::new();
    if role.is_wire {
        needs.push(discovery(&role.others, &SOLICITED, icmp::NEIGHBOUR_SOLICITATION));
        needs.push(discovery(&role.others, &LINK, icmp::NEIGHBOUR_ADVERTISEMENT));
    }
    if role.hears_routers {
        needs.push(advertisement(&LINK, &NODES, icmp::ROUTER_ADVERTISEMENT));
    }
    if role.asks_dhcp {
        needs.push(dhcp(&LINK, SERVER, CLIENT));
    }
    if role.tells_names {
        let names = Effects::of(&[Effect::Resolve]);
        needs.push(Need { effects: names, ..dhcp(&DHCP_SERVERS, CLIENT, SERVER) });
    }
    needs
}

fn outward(role: &Role) -> Vec<Need> {
    let mut needs = Vec::new();
    if role.is_wire {
        needs.push(discovery(&LINK, &SOLICITED, icmp::NEIGHBOUR_SOLICITATION));
        needs.push(discovery(&LINK, &role.others, icmp::NEIGHBOUR_ADVERTISEMENT));
    }
    if role.advertises {
        needs.push(advertisement(&LINK, &NODES, icmp::ROUTER_ADVERTISEMENT));
    }
    if role.hears_routers {
        needs.push(advertisement(&LINK, &ROUTERS, icmp::ROUTER_SOLICITATION));
    }
    if role.asks_dhcp {
        needs.push(dhcp(&DHCP_SERVERS, CLIENT, SERVER));
    }
    if role.tells_names {
        let names = Effects::of(&[Effect::Resolve]);
        needs.push(Need { effects: names, ..dhcp(&LINK, SERVER, CLIENT) });
    }
    needs
}

/// Whether a list passes every packet of `need`.
pub(super) fn is_passed(need: &Need, family: Family, side: &Side) -> bool {
    need.sources.iter().all(|source| {
        need.destinations.iter().all(|destination| {
            let holds = |entry: &Cow<'_, Entry>| {
                entry.matches.iter().any(|one| {
                    let holds = one.family.is_none_or(|own| own == family);
                    holds && is_in(one, *source, *destination, need.service)
                })
            };
            side.entries(Names::Least, true)
                .find(holds)
                .is_some_and(|entry| entry.action == Action::Permit)
        })
    })
}

fn is_in(one: &Match, source: u128, destination: u128, (kind, from, to): (u8, u16, u16)) -> bool {
    let holds = |field: &Option<model::Ranges>, value: u128| {
        field.as_ref().is_none_or(|ranges| ranges.contains(value))
    };
    holds(&one.source, source)
        && holds(&one.destination, destination)
        && holds(&one.protocol, u128::from(kind))
        && holds(&one.source_port, u128::from(from))
        && holds(&one.destination_port, u128::from(to))
        && one.tcp_flags.is_none()
        && one.states.is_none()
}
