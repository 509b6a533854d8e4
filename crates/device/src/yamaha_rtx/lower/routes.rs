//! Routes and policy routes.

use diag::{Diagnostic, Span, text};
use model::{
    Action, AddressSource, Effect, Effects, Family, Hop, InterfaceIndex, Net, NextHop, Origin,
    PolicyRoute, Route,
};
use std::net::IpAddr;

use super::super::assumptions::{Y_A12, Y_A17, Y_A18};
use super::super::config::{
    AddressWord, Forward, GatewayWord, IfName, LearnedBy, RouteCommand, Target,
};
use super::Lowering;

/// Preference of static routes.
///
/// # Source
/// Command reference 12.01, section 8.1.33.
const PREFERENCE: u32 = 10_000;

/// Preference of connected routes. The router gives them 10,000, too, and of equals it takes the
/// static route.
///
/// # Source
/// Command reference of vRX, section 5.1.31, `ip implicit-route preference`.
pub(super) const CONNECTED: u32 = 9_000;

impl Lowering<'_> {
    pub(super) fn routes(&mut self) {
        self.connected();
        self.overlapping();
        self.peers();
        let routes: Vec<(&RouteCommand, Span)> = self.settings.routes.values().copied().collect();
        for (route, line) in routes {
            self.route(route, line);
        }
        self.learned_default();
        self.users();
        self.policy_routes();
    }

    fn connected(&mut self) {
        let mut routes = Vec::new();
        for (index, interface) in self.node.interfaces() {
            for address in &interface.addresses {
                let Some(net) = address.net else { continue };
                let Some(span) = address.origin.span() else { continue };
                let text = text!(
                    ja: "{interface} に直結したネットワークへの経路",
                    en: "the route to the network on {interface}",
                    interface = interface.name,
                );
                routes.push(straight(net.prefix(), index, Origin::Implied(span, text)));
            }
        }
        self.node.routes.append(&mut routes);
    }

    /// Networks of two interfaces that overlap: which of the two connected routes counts, the
    /// documents do not say.
    fn overlapping(&mut self) {
        let mut known: Vec<(InterfaceIndex, Net, Span)> = Vec::new();
        let mut found = Vec::new();
        for (index, interface) in self.node.interfaces().filter(|(_, one)| one.enabled) {
            for address in &interface.addresses {
                let (Some(net), Some(span)) = (address.net, address.origin.span()) else {
                    continue;
                };
                // An address of its own is no network, and a stand-in tells nothing.
                let is_written = address.source == AddressSource::Static;
                if !is_written || net.length() == net.family().bits() {
                    continue;
                }
                let (low, high) = net.bounds();
                let meets = |(other, its, _): &&(InterfaceIndex, Net, Span)| {
                    let (first, last) = its.bounds();
                    *other != index && its.family() == net.family() && low <= last && first <= high
                };
                if let Some((other, ..)) = known.iter().find(meets) {
                    found.push((interface.name.clone(), *other, net, span));
                }
                known.push((index, net, span));
            }
        }
        self.same_prefix();
        for (name, other, net, span) in found {
            let other = self.node.interface(other).name.clone();
            self.say(
                Diagnostic::error(
                    "R149",
                    text!(
                        ja: "{name} のネットワーク {net} は {other} のネットワークと重なっています",
                        en: "the network {net} of {name} overlaps that of {other}",
                        name = name, net = net.prefix(), other = other,
                    ),
                )
                .at(span)
                .advise(text!(
                    ja: "インターフェースごとに別のネットワークにしてください",
                    en: "give each interface a network of its own",
                )),
            );
            let what = text!(
                ja: "二つのインターフェースにあるネットワーク", en: "a network on two interfaces",
            );
            self.scoped_gap(span, what, Effects::of(&[Effect::Route]), None, Some(net.family()));
        }
    }

    /// Two interfaces that take the same network of a prefix that is learned.
    fn same_prefix(&mut self) {
        let mut known: Vec<((IfName, LearnedBy), IfName)> = Vec::new();
        let mut found: Vec<(IfName, IfName, Span)> = Vec::new();
        for (name, one) in &self.settings.interfaces {
            for (word, span) in &one.addresses {
                let Some(source) = word.source() else { continue };
                match known.iter().find(|(its, other)| *its == source && other != name) {
                    Some((_, other)) => found.push((*name, *other, *span)),
                    None => known.push((source, *name)),
                }
            }
        }
        for (name, other, span) in found {
            self.say(
                Diagnostic::error(
                    "R149",
                    text!(
                        ja: "{name} と {other} は同じプレフィックスの同じ番号のネットワークです",
                        en: "{name} and {other} take the same network of the same prefix",
                        name = name, other = other,
                    ),
                )
                .at(span)
                .advise(text!(
                    ja: "`dhcp-prefix@lan2::1:0:0:0:1/64` のように、ネットワークの番号を分けてください",
                    en: "number the networks apart, as in `dhcp-prefix@lan2::1:0:0:0:1/64`",
                )),
            );
            let what = text!(
                ja: "二つのインターフェースにあるネットワーク", en: "a network on two interfaces",
            );
            self.scoped_gap(span, what, Effects::of(&[Effect::Route]), None, Some(Family::V6));
        }
    }

    /// `ip pp remote address A`: the peer is on the line.
    fn peers(&mut self) {
        let remotes = self.settings.interfaces.iter();
        let remotes: Vec<_> =
            remotes.filter_map(|(name, one)| one.remote.map(|said| (*name, said))).collect();
        for (name, (address, span)) in remotes {
            let Some(index) = self.interface(name) else { continue };
            let text = text!(ja: "相手先への経路", en: "the route to the peer");
            let prefix = Net::host(IpAddr::V4(address));
            self.node.routes.push(straight(prefix, index, Origin::Implied(span, text)));
        }
    }

    fn route(&mut self, route: &RouteCommand, line: Span) {
        let family = route.prefix.family();
        let mut hops = Vec::new();
        let mut spares = Vec::new();
        let is_watched = self.depends(route, line);
        let mut watched: [Vec<usize>; 2] = Default::default();
        for gateway in &route.gateways {
            let Some(hop) = self.next_hop(gateway, family, Some(route.prefix), line) else {
                continue;
            };
            let is_spare = gateway.is_spare && hop.guard.is_none();
            let among = if is_spare { &mut spares } else { &mut hops };
            if is_watched && gateway.keepalive.is_some() && !gateway.may_vanish {
                watched[usize::from(is_spare)].push(among.len());
            }
            among.push(hop);
        }
        self.against_connected(route, line);
        let route = |hops, preference| Route {
            prefix: route.prefix,
            hops,
            preference,
            origin: Origin::Written(line),
        };
        let has_hops = !hops.is_empty();
        let [first, second] = watched;
        if has_hops {
            let place = self.node.routes.len();
            self.meant.watched.extend(first.into_iter().map(|hop| (place, hop)));
            self.node.routes.push(route(hops, PREFERENCE));
        }
        if !spares.is_empty() {
            let preference = if has_hops { PREFERENCE - 1 } else { PREFERENCE };
            let place = self.node.routes.len();
            self.meant.watched.extend(second.into_iter().map(|hop| (place, hop)));
            self.node.routes.push(route(spares, preference));
        }
    }

    /// A route to exactly the network of an interface. For IPv4 it counts, for IPv6 the documents
    /// do not say.
    fn against_connected(&mut self, route: &RouteCommand, line: Span) {
        let family = route.prefix.family();
        let is_own = |own: &Route| own.preference == CONNECTED && own.prefix == route.prefix;
        if family == Family::V6 && self.node.routes.iter().any(is_own) {
            let what = text!(
                ja: "インターフェースのネットワークそのものへの経路",
                en: "a route to exactly the network of an interface",
            );
            self.scoped_gap(line, what, Effects::of(&[Effect::Route]), None, Some(family));
        }
    }

    /// Whether a route stays is decided by hosts that answer echo requests; which do is nowhere
    /// said. A gateway beside it that depends on none keeps the way.
    ///
    /// # Shape
    /// `true` where nothing else keeps the way, which is Y-A18.
    fn depends(&mut self, route: &RouteCommand, line: Span) -> bool {
        let is_sure = |one: &GatewayWord| one.keepalive.is_none() && one.filters.is_empty();
        let family = route.prefix.family();
        let known = &self.settings.keepalives;
        let mut watched = route.gateways.iter().filter_map(|one| one.keepalive);
        let undefined = watched.clone().find(|(id, _)| !known.contains(&(family, *id)));
        let first = watched.next();
        let Some((id, span)) = undefined.or(first.filter(|_| !route.gateways.iter().any(is_sure)))
        else {
            return false;
        };
        let headline = match undefined {
            Some(_) => text!(
                ja: "`ip keepalive {id}` は定義されていません",
                en: "`ip keepalive {id}` is not defined", id = id,
            ),
            None => text!(
                ja: "この経路は、監視先（`ip keepalive {id}`）が応答している間しかありません",
                en: "the route is there only while the host of `ip keepalive {id}` answers",
                id = id,
            ),
        };
        self.say(Diagnostic::warning("R148", headline).at(span).advise(text!(
            ja: "監視しないか、監視しないゲートウェイを並べて書いてください",
            en: "leave the watch away, or add a gateway that is not watched",
        )));
        self.assume(&Y_A18, line);
        true
    }

    /// Nothing in a site says which router of a line has a link-local address.
    fn written_neighbour(&mut self, address: IpAddr, name: IfName, (span, line): (Span, Span)) {
        let IpAddr::V6(own) = address else { return };
        if !own.is_unicast_link_local() {
            return;
        }
        self.say(
            Diagnostic::warning(
                "R147",
                text!(
                    ja: "{address} を持つルータが {name} の先にあるか分かりません",
                    en: "whether a router on {name} has {address} is not known",
                    address = address, name = name,
                ),
            )
            .at(span)
            .advise(text!(
                ja: "`gateway dhcp {name}` のように、回線から得る経路にしてください",
                en: "take the route from the line, as with `gateway dhcp {name}`",
                name = name,
            )),
        );
        let Some(index) = self.interface(name) else { return };
        self.assume(&Y_A17, line);
        self.meant.neighbours.push(Hop::AddressOn(address, index));
    }

    fn next_hop(
        &mut self,
        gateway: &GatewayWord,
        family: Family,
        prefix: Option<Net>,
        line: Span,
    ) -> Option<NextHop> {
        let hop = match gateway.target {
            Target::Address(address) if Family::of(address) == family => Hop::Address(address),
            Target::Address(_) => {
                self.unusable(gateway.span, line, family);
                return None;
            }
            Target::AddressOn(address, name) => {
                self.written_neighbour(address, name, (gateway.span, line));
                Hop::AddressOn(address, self.usable(name, gateway.span, line, family)?)
            }
            Target::Interface(name) => {
                Hop::Interface(self.usable(name, gateway.span, line, family)?)
            }
            Target::Learned(name) => {
                let index = self.usable(name, gateway.span, line, family)?;
                if !self.is_told(name, family) {
                    self.untold(name, family, (gateway.span, line));
                    return None;
                }
                Hop::Learned(index)
            }
            Target::Discard => Hop::Discard,
        };
        let guard = match (gateway.filters.is_empty(), prefix) {
            (false, Some(prefix)) => {
                let name = format!("ip route {prefix} filter");
                Some(self.guard(name, family, &gateway.filters, Action::Deny, line))
            }
            _ => None,
        };
        let origin = Origin::Written(line);
        // Users who dial in are there while they are connected.
        let is_user = gateway.target == Target::Interface(IfName::PpAnonymous);
        let may_vanish = gateway.may_vanish || gateway.keepalive.is_some() || is_user;
        Some(NextHop { hop, guard, may_vanish, origin })
    }

    fn usable(
        &mut self,
        name: IfName,
        span: Span,
        line: Span,
        family: Family,
    ) -> Option<InterfaceIndex> {
        let index = self.interface(name);
        if index.is_none() {
            self.say(
                Diagnostic::warning(
                    "R132",
                    text!(
                        ja: "経路の行き先の {name} は設定されていません",
                        en: "{name}, to which the route leads, is not configured",
                        name = name,
                    ),
                )
                .at(span),
            );
            let what = text!(ja: "設定のない行き先", en: "a gateway that is not configured");
            self.scoped_gap(line, what, Effects::of(&[Effect::Route]), None, Some(family));
        }
        index
    }

    /// Whether DHCP tells this interface its gateway: for IPv4 with its address, for IPv6 where a
    /// client asks, be it for an address, a prefix or nothing but information.
    fn is_told(&self, name: IfName, family: Family) -> bool {
        let mut addresses =
            self.settings.interfaces.get(&name).into_iter().flat_map(|said| &said.addresses);
        match family {
            Family::V4 => addresses.any(|(word, _)| *word == AddressWord::Dhcp),
            Family::V6 => self.settings.dhcpv6_clients.contains_key(&name),
        }
    }

    /// `gateway dhcp IF` where IF asks no DHCP server: no gateway is ever learned.
    fn untold(&mut self, name: IfName, family: Family, (span, line): (Span, Span)) {
        let (headline, help) = match family {
            Family::V4 => (
                text!(
                    ja: "{name} は DHCP でアドレスを取得しないため、この経路のゲートウェイは得られません",
                    en: "{name} takes no address by DHCP, so this route never learns its gateway",
                    name = name,
                ),
                text!(
                    ja: "`ip {name} address dhcp` を加えるか、ゲートウェイのアドレスを書いてください",
                    en: "add `ip {name} address dhcp`, or write the gateway's address",
                    name = name,
                ),
            ),
            Family::V6 => (
                text!(
                    ja: "{name} は DHCPv6 で問い合わせないため、この経路のゲートウェイは得られません",
                    en: "{name} asks nothing by DHCPv6, so this route never learns its gateway",
                    name = name,
                ),
                text!(
                    ja: "`ipv6 {name} dhcp service client ir=on` などを加えてください",
                    en: "add a client, such as `ipv6 {name} dhcp service client ir=on`",
                    name = name,
                ),
            ),
        };
        self.say(Diagnostic::error("R144", headline).at(span).advise(help));
        let what = text!(ja: "得られないゲートウェイ", en: "a gateway that is never learned");
        self.scoped_gap(line, what, Effects::of(&[Effect::Route]), None, Some(family));
    }

    fn unusable(&mut self, span: Span, line: Span, family: Family) {
        self.say(
            Diagnostic::error(
                "R133",
                text!(
                    ja: "経路とゲートウェイの IP バージョンが違います",
                    en: "the route and its gateway are of different IP versions",
                ),
            )
            .at(span),
        );
        let what = text!(ja: "使えないゲートウェイ", en: "a gateway that cannot be used");
        self.scoped_gap(line, what, Effects::of(&[Effect::Route]), None, Some(family));
    }

    /// A router that takes its prefix from advertisements takes its default route there, too.
    fn learned_default(&mut self) {
        let prefix = Net::all(Family::V6);
        if self.settings.routes.contains_key(&prefix) {
            return;
        }
        let mut sources: Vec<(IfName, Span)> =
            self.settings.learned.iter().map(|(name, span)| (*name, *span)).collect();
        for (name, one) in &self.settings.interfaces {
            for (word, span) in &one.addresses {
                match word {
                    AddressWord::Auto => sources.push((*name, *span)),
                    AddressWord::Delegated(from, ..) => sources.push((*from, *span)),
                    _ => {}
                }
            }
        }
        sources.sort_unstable();
        sources.dedup_by_key(|(name, _)| *name);
        for (name, span) in sources {
            let Some(index) = self.interface(name) else { continue };
            let text = text!(
                ja: "ルータ広告から得る既定経路",
                en: "the default route that router advertisements give",
            );
            let origin = Origin::Implied(span, text);
            let hop = NextHop {
                hop: Hop::Learned(index),
                guard: None,
                may_vanish: false,
                origin: origin.clone(),
            };
            self.assume(&Y_A12, span);
            self.meant.unwritten.push(self.node.routes.len());
            self.node.routes.push(Route {
                prefix,
                hops: vec![hop],
                preference: PREFERENCE,
                origin,
            });
        }
    }

    fn policy_routes(&mut self) {
        let uses: Vec<_> =
            self.settings.forward_uses.iter().map(|(key, said)| (*key, *said)).collect();
        for ((family, name), (set, line)) in uses {
            let rules: Vec<(&Forward, Span)> = self
                .settings
                .forwards
                .get(&(family, set))
                .map(|rules| rules.values().copied().collect())
                .unwrap_or_default();
            if rules.is_empty() {
                self.undefined_forward(set, line);
            }
            for (rule, span) in rules {
                let Some(hop) = self.next_hop(&rule.gateway, family, None, span) else { continue };
                let list = format!("ip forward filter {set} {}", rule.order);
                let filters = &rule.gateway.filters;
                let guard = self.guard(list, family, filters, Action::Return, span);
                self.node.policy_routes.push(PolicyRoute {
                    interface: name.and_then(|name| self.interface(name)),
                    family,
                    guard,
                    hop,
                    origin: Origin::Written(span),
                });
            }
        }
    }

    fn undefined_forward(&mut self, set: u32, line: Span) {
        self.say(
            Diagnostic::error(
                "R134",
                text!(
                    ja: "`ip forward filter {set}` は定義されていません",
                    en: "`ip forward filter {set}` is not defined",
                    set = set,
                ),
            )
            .at(line),
        );
    }
}

fn straight(prefix: Net, interface: InterfaceIndex, origin: Origin) -> Route {
    let hop = NextHop {
        hop: Hop::Interface(interface),
        guard: None,
        may_vanish: false,
        origin: origin.clone(),
    };
    Route { prefix, hops: vec![hop], preference: CONNECTED, origin }
}
