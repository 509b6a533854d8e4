//! Packets that are too big for what lies ahead: who is told, and who limits them.

use std::net::{IpAddr, Ipv6Addr};

use diag::{Span, text};
use model::{Effect, Effects, Family, Gap, Hop, Net, protocol};

use super::super::config::{Direction, IfName};
use super::super::models::{self, Coverage};
use super::neighbours::{ANYBODY, Need, is_passed};
use super::{Lowering, not_modelled};

/// ICMP "destination unreachable" with the code "fragmentation needed".
///
/// # Source
/// RFC 1191 section 4.
const FRAGMENTATION_NEEDED: (u16, u16) = (3, 4);

/// ICMPv6 "packet too big".
///
/// # Source
/// RFC 4443 section 3.2.
const PACKET_TOO_BIG: (u16, u16) = (2, 0);

impl Lowering<'_> {
    /// A tunnel or session that takes less than a LAN, whose router neither tells the senders nor
    /// limits the segments of TCP.
    ///
    /// # Source
    /// RFC 1191: "fragmentation needed" is an ICMP message of the type that is not sent then.
    pub(super) fn sizes(&mut self) {
        for family in Family::ALL {
            let narrow = self.narrow(family);
            if narrow.is_empty() {
                continue;
            }
            match self.settings.untold.filter(|_| family == Family::V4) {
                Some(line) => self.never_told(&narrow, line),
                None => self.kept_from_senders(&narrow, family),
            }
        }
    }

    /// Tunnels and sessions that packets of `family` take.
    fn narrow(&self, family: Family) -> Vec<IfName> {
        let leads = |name: IfName| {
            let Some(index) = self.interface(name) else { return false };
            let own = &self.node.interface(index).addresses;
            let mut routes = self.node.routes.iter().filter(|one| one.prefix.family() == family);
            own.iter().any(|own| own.net.is_some_and(|net| net.family() == family))
                || routes.any(|route| {
                    let mut hops = route.hops.iter().map(|next| &next.hop);
                    hops.any(|hop| match hop {
                        Hop::Interface(on) | Hop::AddressOn(_, on) | Hop::Learned(on) => {
                            *on == index
                        }
                        _ => false,
                    })
                })
        };
        let all = self.settings.interfaces.iter().filter(|(_, one)| {
            let is_on = one.enabled.is_some_and(|(on, _)| on);
            is_on && (one.ipsec.is_some() || one.carrier.is_some())
        });
        // Of IPv6 there may be nothing in a tunnel at all.
        all.map(|(name, _)| *name).filter(|name| family == Family::V4 || leads(*name)).collect()
    }

    /// Whether a line says so, or PPPoE does by default.
    fn is_limited(&self, name: IfName, family: Family) -> bool {
        let said = self.settings.mss_limits.get(&(family, name)).copied();
        said.unwrap_or(match name {
            IfName::Pp(_) => !self.settings.pppoe_mss_unlimited.contains(&name),
            _ => false,
        })
    }

    /// Whether firmware of today limits it where no line says anything.
    ///
    /// # Source
    /// Command reference 12.01, section 8.1.21: `auto` is the initial value. Older firmware had
    /// another, so the model has to be one that the reference covers.
    fn is_limited_by_default(&self, name: IfName, family: Family) -> bool {
        let model = self.config.model.as_deref();
        model.is_some()
            && models::model_of(model).coverage == Coverage::Covered
            && !self.settings.mss_limits.contains_key(&(family, name))
            && matches!(name, IfName::Tunnel(_))
    }

    /// `ip icmp unreachable send off`.
    fn never_told(&mut self, narrow: &[IfName], line: Span) {
        for name in narrow.iter().copied() {
            if self.is_limited(name, Family::V4) {
                continue;
            }
            let what = text!(
                ja: "{name} に入らない大きさのパケットを送信元に知らせず、TCP の MSS も制限しない設定",
                en: "packets too big for {name}, of which no sender is told while nothing limits \
                     the MSS",
                name = name,
            );
            self.unlimited(name, what.clone(), line);
            let effects = Effects::of(&[Effect::Stall]);
            self.scoped_gap(line, what, effects, None, Some(Family::V4));
        }
    }

    /// Lists that discard what the router itself tells the hosts of a network about sizes.
    fn kept_from_senders(&mut self, narrow: &[IfName], family: Family) {
        let mut silent: Vec<(IfName, Span)> = Vec::new();
        for listing in &self.meant.lists {
            if (listing.family, listing.direction) != (family, Direction::Out) {
                continue;
            }
            let Some(side) = &listing.side else { continue };
            let needs = self.messages(listing.name, family);
            if needs.iter().any(|need| !is_passed(need, family, side)) {
                silent.push((listing.name, side.line));
            }
        }
        for (from, line) in silent {
            for name in narrow.iter().copied().filter(|name| *name != from) {
                if self.is_limited(name, family) {
                    self.decides(name);
                    continue;
                }
                if self.is_limited_by_default(name, family) {
                    continue;
                }
                let what = text!(
                    ja: "{name} に入らない大きさのパケットを {from} の端末に知らせる ICMP を\
                         破棄し、TCP の MSS も制限しない設定",
                    en: "packets too big for {name}: the list discards the ICMP that tells the \
                         hosts of {from}, and nothing limits the MSS",
                    name = name, from = from,
                );
                self.unlimited(name, what.clone(), line);
                let effects = Effects::of(&[Effect::Stall]);
                let interface = self.interface(from);
                self.meant.stopped.push(Gap {
                    span: line,
                    what,
                    effects,
                    interface,
                    family: Some(family),
                });
            }
        }
    }

    /// What the router tells the hosts of `name` about sizes, from each address that it has there.
    fn messages(&self, name: IfName, family: Family) -> Vec<Need> {
        let Some(index) = self.interface(name).filter(|_| name.has_wire()) else {
            return Vec::new();
        };
        let own = self.node.interface(index).addresses.iter().filter_map(|own| own.net);
        let message = |net: Net| {
            let (low, high) = net.bounds();
            let ((kind, code), number) = match family {
                Family::V4 => (FRAGMENTATION_NEEDED, protocol::ICMP),
                Family::V6 => (PACKET_TOO_BIG, protocol::ICMPV6),
            };
            Need {
                what: text!(ja: "大きさの通知", en: "news of sizes"),
                effects: Effects::of(&[Effect::Stall]),
                sources: vec![Family::number(net.address())],
                destinations: vec![
                    low.saturating_add(1).min(high),
                    high.saturating_sub(1).max(low),
                ],
                service: (number, kind, code),
            }
        };
        let mut all: Vec<Need> = own.filter(|net| net.family() == family).map(message).collect();
        let mut known = self.node.interface(index).addresses.iter();
        if family == Family::V6 && known.any(|own| own.net.is_none()) {
            // The prefix is learned: it may be any.
            all.extend(Net::new(IpAddr::V6(Ipv6Addr::from(ANYBODY[0])), 3).map(message));
        }
        all
    }

    fn unlimited(&mut self, name: IfName, what: diag::Text, line: Span) {
        self.say(not_modelled(&what, line).advise(text!(
            ja: "{name} に `tcp mss limit auto` を設定してください",
            en: "set `tcp mss limit auto` on {name}",
            name = name,
        )));
    }

    /// The lines that limit the segments of `name` are why nothing is lost.
    fn decides(&mut self, name: IfName) {
        let own = self.config.statements.iter().filter(|statement| {
            matches!(
                &statement.body,
                super::Body::Command(
                    super::Command::MssLimit(_, own, _) | super::Command::NoPppoeMssLimit(own)
                ) if *own == name
            )
        });
        self.deciding.extend(own.map(|statement| statement.span));
    }
}
