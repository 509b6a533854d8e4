//! Users who dial in. They stand at the far end of `pp-anonymous`, whatever tunnel carries them,
//! and have addresses of a pool. A tunnel that carries PPP carries nothing else.

use std::net::IpAddr;

use diag::{Span, text};
use model::{Effect, Effects, Family, Hop, Net, NextHop, Origin, Ranges, Route};

use super::super::config::{DialInWord, EncapsulationWord, GatewayWord, IfName, PoolWord, Target};
use super::routes::CONNECTED;
use super::{Lowering, not_modelled};

/// LIMIT: prefixes that the addresses of users who dial in fall into.
const MAX_PREFIXES: usize = 256;

impl Lowering<'_> {
    /// Whether `name` is a tunnel that carries PPP for users who dial in, and nothing else; without
    /// a `pp bind` nothing at all.
    pub(super) fn carries_users(&self, name: IfName) -> bool {
        self.is_dialled(name) && !self.has_ways(name)
    }

    /// Whether `name` is `l2tp` or `pptp`, by itself or like another tunnel.
    fn is_dialled(&self, name: IfName) -> bool {
        let IfName::Tunnel(number) = name else { return false };
        let said = |name: &IfName| {
            self.settings
                .interfaces
                .get(name)
                .and_then(|one| one.encapsulation)
                .map(|(word, _)| word)
        };
        let templates = self.settings.dial_in.templates.iter();
        let likes = templates.filter(|(_, (numbers, _))| numbers.contains(number));
        let word = said(&name).or_else(|| likes.filter_map(|(other, _)| said(other)).next());
        word == Some(EncapsulationWord::Dialled)
    }

    /// Whether `word` says which host of a LAN gets which address, and no user gets one of them, or
    /// that a line carries IPv6, as it does anyway.
    pub(super) fn is_idle(&self, word: &DialInWord) -> bool {
        let pool = self.settings.dial_in.pool;
        let is_used = pool.is_some_and(|(pool, _)| matches!(pool, PoolWord::Scopes));
        match word {
            DialInWord::Scope(..) | DialInWord::Kept(_) => !is_used,
            DialInWord::Ipv6(_, is_carried) => *is_carried,
            _ => false,
        }
    }

    /// Whether something is set up for packets of IP at the tunnel itself.
    fn has_ways(&self, name: IfName) -> bool {
        let settings = &self.settings;
        let leads_there = |one: &GatewayWord| match one.target {
            Target::Interface(to) | Target::Learned(to) | Target::AddressOn(_, to) => to == name,
            Target::Address(_) | Target::Discard => false,
        };
        let mut routed = settings.routes.values().flat_map(|(route, _)| &route.gateways);
        let mut forwarded = settings.forwards.values().flat_map(|set| set.values());
        let mut bridged = settings.bridges.values().flat_map(|(members, _)| members.iter());
        let said = settings.interfaces.get(&name);
        said.is_some_and(|one| !one.addresses.is_empty() || one.remote.is_some())
            || settings.lists.keys().any(|(own, ..)| *own == name)
            || settings.applied_sets.keys().any(|(own, _)| *own == name)
            || settings.nat_uses.contains_key(&name)
            || settings.forward_uses.keys().any(|(_, own)| *own == Some(name))
            || settings.advertised.contains_key(&name)
            || routed.any(leads_there)
            || forwarded.any(|(one, _)| leads_there(&one.gateway))
            || bridged.any(|(own, _)| *own == name)
    }

    /// What is said of users who dial in and cannot be so.
    pub(super) fn remote_access(&mut self) {
        self.bound_elsewhere();
        self.templates();
        let without: Vec<_> = self.settings.dial_in.without_v6.iter().collect();
        self.meant.without_v6 = without.into_iter().map(|(name, line)| (*name, *line)).collect();
    }

    /// Tunnels that are to carry PPP and are of another kind.
    fn bound_elsewhere(&mut self) {
        let Some((numbers, line)) = self.settings.dial_in.bound else { return };
        let tunnels = self.settings.interfaces.keys().copied();
        let bound = tunnels.filter(|name| match name {
            IfName::Tunnel(number) => numbers.contains(*number),
            _ => false,
        });
        // What is `l2tp` and more is told where its kind is said.
        let other = bound.filter(|name| !self.is_dialled(*name)).min();
        let Some(name) = other else { return };
        let what = text!(
            ja: "PPP を運ばない種類のトンネル（{name}）へのバインド",
            en: "PPP bound to {name}, a tunnel of another kind",
            name = name,
        );
        self.say(not_modelled(&what, line));
        self.gap(line, what, Effects::of(&super::ipsec::REMOTE));
    }

    /// Tunnels that are made like another one: those for users who dial in carry nothing.
    fn templates(&mut self) {
        let templates: Vec<_> =
            self.settings.dial_in.templates.iter().map(|(name, said)| (*name, *said)).collect();
        for (name, (numbers, line)) in templates {
            let is_known = |other: &IfName| match other {
                IfName::Tunnel(number) => numbers.contains(*number),
                _ => false,
            };
            let mut others = self.settings.interfaces.keys().filter(|other| is_known(other));
            if self.carries_users(name) && others.all(|other| self.carries_users(*other)) {
                continue;
            }
            let what = text!(
                ja: "ほかのトンネルの設定を引き継ぐトンネル",
                en: "tunnels that take over the settings of another one",
            );
            self.say(not_modelled(&what, line));
            self.gap(line, what, Effects::of(&super::ipsec::REMOTE));
        }
    }

    /// Routes to users who dial in: each is there while its user is connected. It is one to a
    /// single address, so none of the written ones counts before it.
    pub(super) fn users(&mut self) {
        let Some(index) = self.interface(IfName::PpAnonymous) else { return };
        let mut all: Vec<(Ranges, Span)> = Vec::new();
        match self.settings.dial_in.pool {
            Some((PoolWord::Written(addresses), line)) => all.push((addresses.clone(), line)),
            Some((PoolWord::Scopes, line)) => {
                let leased = self.settings.dial_in.leased();
                if leased.is_empty() {
                    self.no_scope(line);
                }
                all.push((leased, line));
            }
            None => {}
        }
        let users = self.settings.dial_in.users.iter();
        all.extend(users.map(|(address, line)| (Ranges::one(u32::from(*address)), *line)));
        let pieces: Vec<(Vec<Net>, Span)> =
            all.into_iter().map(|(addresses, line)| (self.apart(&addresses), line)).collect();
        for (nets, line) in pieces {
            if nets.len() > MAX_PREFIXES {
                let what = text!(
                    ja: "遠隔接続の相手に渡す多数のアドレス", en: "many addresses of remote users",
                );
                self.say(not_modelled(&what, line));
                let effects = Effects::of(&[Effect::Route]);
                self.scoped_gap(line, what, effects, None, Some(Family::V4));
                continue;
            }
            for prefix in nets {
                let text = text!(
                    ja: "接続中の遠隔利用者への経路",
                    en: "the route to a remote user who is connected",
                );
                let origin = Origin::Implied(line, text);
                let hop = NextHop {
                    hop: Hop::Interface(index),
                    guard: None,
                    may_vanish: true,
                    origin: origin.clone(),
                };
                let (hops, preference) = (vec![hop], CONNECTED);
                self.node.routes.push(Route { prefix, hops, preference, origin });
            }
        }
    }

    /// Prefixes of `addresses`, each longer than every route that it meets or a single address.
    fn apart(&self, addresses: &Ranges) -> Vec<Net> {
        let mut left = nets(addresses);
        left.reverse();
        let mut found = Vec::new();
        while let Some(net) = left.pop() {
            let mut routes = self.node.routes.iter().map(|route| route.prefix);
            let is_behind = routes.any(|other| {
                other.length() >= net.length()
                    && (other.contains(net.address()) || net.contains(other.address()))
            });
            let halves = halves(net).filter(|_| is_behind && found.len() <= MAX_PREFIXES);
            match halves {
                Some((low, high)) => left.extend([high, low]),
                None => found.push(net),
            }
        }
        found
    }

    /// `pool dhcp` on a router that hands out no addresses.
    fn no_scope(&mut self, line: Span) {
        let what = text!(
            ja: "範囲（`dhcp scope`）のない、遠隔接続の相手に渡すアドレス",
            en: "addresses of remote users out of no `dhcp scope`",
        );
        self.say(not_modelled(&what, line).advise(text!(
            ja: "`dhcp scope` を加えるか、`ip pp remote address pool 開始-終了` と書いてください",
            en: "add a `dhcp scope`, or write `ip pp remote address pool FIRST-LAST`",
        )));
        self.scoped_gap(line, what, Effects::of(&[Effect::Route]), None, Some(Family::V4));
    }
}

/// The two halves of a prefix; `None` of a single address.
fn halves(net: Net) -> Option<(Net, Net)> {
    let length = net.length() + 1;
    let (low, high) = net.bounds();
    let half = |number| Net::new(net.family().address(number), length);
    Some((half(low)?, half(low + (high - low) / 2 + 1)?)).filter(|_| low != high)
}

/// The fewest prefixes that hold exactly `addresses`.
fn nets(addresses: &Ranges) -> Vec<Net> {
    let mut found = Vec::new();
    for (low, high) in addresses.as_slice() {
        let mut first = *low;
        while first <= *high && found.len() <= MAX_PREFIXES {
            let aligned = if first == 0 { 32 } else { first.trailing_zeros().min(32) };
            let mut bits = aligned;
            while bits > 0 && first + (1 << bits) - 1 > *high {
                bits -= 1;
            }
            let length = u8::try_from(32 - bits).unwrap_or(32);
            let address: IpAddr = Family::V4.address(first);
            found.extend(Net::new(address, length));
            first += 1 << bits;
        }
    }
    found
}
