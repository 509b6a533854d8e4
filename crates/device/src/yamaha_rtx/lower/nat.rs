//! NAT descriptors as translations.

use diag::{Diagnostic, Span, text};
use model::{
    AddressSource, ESP, Effect, Effects, Family, Match, Origin, PortRewrite, Ranges, Rewrite,
    Translation, TranslationIndex, TranslationRule, Unmatched, protocol,
};
use std::net::{IpAddr, Ipv4Addr};

use super::super::assumptions::Y_A16;
use super::super::config::{
    Direction, IfName, IncomingWord, LocalWord, NatType, OuterWord, PortForward, StaticNat,
    TraversalWord,
};
use super::super::settings::GatewaySettings;
use super::reading::Translated;
use super::{Lowering, not_modelled};

/// LIMIT: addresses of one-to-one entries that become rules of their own.
const MAX_STATIC_RULES: usize = 4_096;

const EFFECTS: [Effect; 3] = [Effect::Translate, Effect::Permit, Effect::Deny];

/// Rules of one interface, outward and inward.
#[derive(Default)]
struct Rules {
    out: Vec<TranslationRule>,
    inward: Vec<TranslationRule>,
}

impl Lowering<'_> {
    pub(super) fn translations(&mut self) {
        let uses: Vec<_> =
            self.settings.nat_uses.iter().map(|(name, said)| (*name, *said)).collect();
        for (name, (list, line)) in uses {
            let mut rules = Rules::default();
            for (id, span) in list {
                self.descriptor(name, (*id, *span), line, &mut rules);
            }
            self.translate(name, line, rules);
        }
    }

    fn translate(&mut self, name: IfName, line: Span, rules: Rules) {
        if rules.out.is_empty() && rules.inward.is_empty() {
            return;
        }
        let [outward, inward] = [(Direction::Out, rules.out), (Direction::In, rules.inward)].map(
            |(direction, rules)| {
                let word = direction.word();
                let index = u32::try_from(self.node.translations.len()).unwrap_or(u32::MAX);
                self.node.translations.push(Translation {
                    name: format!("ip {name} nat descriptor ({word})"),
                    rules,
                    unmatched: Unmatched::Pass,
                    origin: Origin::Written(line),
                });
                TranslationIndex(index)
            },
        );
        self.meant.translated.push(Translated { name, line, outward, inward });
    }

    fn descriptor(&mut self, name: IfName, (id, span): (u32, Span), line: Span, rules: &mut Rules) {
        let Some(nat) = self.settings.nats.get(&id) else {
            self.say(
                Diagnostic::error(
                    "R128",
                    text!(
                        ja: "NAT ディスクリプター {id} は定義されていません",
                        en: "NAT descriptor {id} is not defined",
                        id = id,
                    ),
                )
                .at(span),
            );
            let what = text!(
                ja: "定義されていない NAT ディスクリプター",
                en: "a NAT descriptor that is not defined",
            );
            self.scoped_gap(line, what, Effects::of(&EFFECTS), Some(name), Some(Family::V4));
            return;
        };
        let Some((kind, kind_line)) = nat.kind else { return };
        if kind == NatType::None {
            return;
        }
        let statics: Vec<(StaticNat, Span)> = nat.statics.values().copied().collect();
        let forwards: Vec<(&PortForward, Span)> = nat.forwards.values().copied().collect();
        let inner = nat.inner.map(|(ranges, _)| ranges.clone());
        let incoming = nat.incoming;
        let outer_word = nat.outer;
        for (one, line) in &statics {
            self.outside_inner(name, one.inner, inner.as_ref(), *line);
        }
        self.one_to_one(&statics, name, rules);
        if kind == NatType::Nat {
            self.chosen(name, kind_line);
            return;
        }
        if let (Some((OuterWord::First(_), line)), NatType::NatMasquerade) = (outer_word, kind) {
            self.chosen(name, line);
            return;
        }
        let Some(outer) = self.outer(name, outer_word.map(|(word, _)| word)) else {
            self.no_outer(name, id, outer_word.map_or(span, |(_, line)| line), kind_line);
            return;
        };
        if let Some((OuterWord::Address(_) | OuterWord::First(_), line)) = outer_word {
            self.foreign_outer(name, (outer, 1), line);
        }
        self.bare_esp(name, (outer, inner.as_ref()), &statics, &forwards, kind_line);
        for (forward, line) in forwards {
            self.outside_inner(name, forward.inner, inner.as_ref(), line);
            port_forward(forward, outer, line, rules);
        }
        masquerade(outer, inner, kind_line, incoming, rules);
    }

    /// Which inner address gets which outer one is decided as packets come.
    fn chosen(&mut self, name: IfName, line: Span) {
        let what = text!(
            ja: "一対一 NAT の動的な割り当て", en: "one-to-one NAT that chooses addresses itself",
        );
        self.say(not_modelled(&what, line));
        self.scoped_gap(line, what, Effects::of(&EFFECTS), Some(name), Some(Family::V4));
    }

    /// Written outer addresses that are none of the interface: whether packets to them come to this
    /// router is for the provider to say, or for the other machines of a LAN.
    fn foreign_outer(&mut self, name: IfName, (outer, count): (Ipv4Addr, u32), line: Span) {
        let Some(index) = self.interface(name) else { return };
        let is_peer = matches!(name, IfName::Pp(_) | IfName::PpAnonymous);
        let own = self.node.interface(index).addresses.iter().filter_map(|own| own.net);
        // On a LAN the network has other machines, too: the router would answer for theirs.
        let own = own.filter(|net| net.family() == Family::V4).map(|net| match is_peer {
            true => net.ranges(),
            false => Ranges::one(Family::number(net.address())),
        });
        let own = own.reduce(|one, other| one.union(&other)).unwrap_or_else(Ranges::none);
        let first = u32::from(outer);
        let all = Ranges::span(first, first.saturating_add(count.saturating_sub(1)));
        let foreign = all.intersection(&own.complement(Family::V4.top()));
        let Some((first, _)) = foreign.as_slice().first() else { return };
        self.say(
            Diagnostic::warning(
                "R142",
                text!(
                    ja: "NAT の外側アドレス {outer} は {name} のアドレスではありません",
                    en: "the outer address {outer} of NAT is none of {name}",
                    outer = Family::V4.address(*first), name = name,
                ),
            )
            .at(line)
            .because(text!(
                ja: "このアドレス宛てのパケットがこのルータに届くか、分かりません（Y-A16）",
                en: "whether packets to it come to this router is not known (Y-A16)",
            )),
        );
        self.assume(&Y_A16, line);
        self.meant.foreign.push((name, foreign, line));
    }

    /// A static entry for an address that `address inner` leaves out: whether it is translated is
    /// not known.
    ///
    /// # Source
    /// Command reference 12.01, section 23.5: addresses of the inner range are translated.
    fn outside_inner(
        &mut self,
        name: IfName,
        address: Ipv4Addr,
        inner: Option<&Ranges>,
        line: Span,
    ) {
        if inner.is_none_or(|inner| inner.contains(u32::from(address))) {
            return;
        }
        let what = text!(
            ja: "`nat descriptor address inner` に含まれないアドレスの静的エントリ",
            en: "a static entry for an address that `nat descriptor address inner` leaves out",
        );
        self.say(not_modelled(&what, line).advise(text!(
            ja: "`nat descriptor address inner` に {address} を加えてください",
            en: "add {address} to `nat descriptor address inner`",
            address = address,
        )));
        self.scoped_gap(line, what, Effects::of(&EFFECTS), Some(name), Some(Family::V4));
    }

    /// ESP of this router that a masquerade translates: it has no ports by which the answers could
    /// be told apart, so it needs an entry.
    ///
    /// # Source
    /// Command reference 12.01, section 23.8; the vendor's published IPsec set-ups.
    fn bare_esp(
        &mut self,
        name: IfName,
        (outer, inner): (Ipv4Addr, Option<&Ranges>),
        statics: &[(StaticNat, Span)],
        forwards: &[(&PortForward, Span)],
        line: Span,
    ) {
        let is_translated =
            |own: Ipv4Addr| own != outer && inner.is_none_or(|one| one.contains(u32::from(own)));
        let has_entry = |own: Ipv4Addr| {
            let mut one_to_one = statics.iter().map(|(one, _)| {
                let first = u32::from(one.inner);
                (first..first.saturating_add(one.count)).contains(&u32::from(own))
            });
            one_to_one.any(|holds| holds)
                || forwards.iter().any(|(one, _)| one.protocol == ESP && one.inner == own)
        };
        let is_bare = |one: &GatewaySettings<'_>| {
            let is_plain = one.traversal.is_none_or(|word| word == TraversalWord::Off);
            match one.local {
                Some((LocalWord::Address(IpAddr::V4(own)), _)) => {
                    is_plain && is_translated(own) && !has_entry(own)
                }
                _ => false,
            }
        };
        if !self.settings.ipsec.gateways.values().any(is_bare) {
            return;
        }
        let what = text!(
            ja: "静的エントリのない ESP の IP マスカレード",
            en: "ESP that is masqueraded without a static entry",
        );
        self.say(not_modelled(&what, line).advise(text!(
            ja: "`nat descriptor masquerade static` に esp を加えるか、`ipsec ike nat-traversal` を\
                 使ってください",
            en: "add an entry for esp with `nat descriptor masquerade static`, or use `ipsec ike \
                 nat-traversal`",
        )));
        self.scoped_gap(line, what, Effects::of(&[Effect::Stall]), Some(name), Some(Family::V4));
    }

    fn no_outer(&mut self, name: IfName, id: u32, span: Span, line: Span) {
        self.say(
            Diagnostic::warning(
                "R129",
                text!(
                    ja: "NAT ディスクリプター {id} の外側アドレスが {name} で決まりません",
                    en: "the outer address of NAT descriptor {id} cannot be told on {name}",
                    id = id, name = name,
                ),
            )
            .at(span),
        );
        let what = text!(ja: "外側アドレスが不明な NAT", en: "NAT without a known outer address");
        self.scoped_gap(line, what, Effects::of(&EFFECTS), Some(name), Some(Family::V4));
    }

    /// The outer address on `name`; one that the line hands out is the interface's stand-in.
    fn outer(&self, name: IfName, word: Option<OuterWord>) -> Option<Ipv4Addr> {
        let interface = self.node.interface(self.interface(name)?);
        let v4 = |wanted: fn(&AddressSource) -> bool, place: usize| {
            interface
                .addresses
                .iter()
                .filter(|one| wanted(&one.source))
                .filter_map(|one| match one.net?.address() {
                    IpAddr::V4(address) => Some(address),
                    IpAddr::V6(_) => None,
                })
                .nth(place)
        };
        let is_peer = matches!(name, IfName::Pp(_) | IfName::PpAnonymous);
        // Nothing written means `ipcp`.
        match word.unwrap_or(OuterWord::Ipcp) {
            // Of several a masquerade uses the first (23.4).
            OuterWord::Address(address) | OuterWord::First(address) => Some(address),
            // Each word names an address of one kind of interface only.
            OuterWord::Ipcp if is_peer => v4(|source| *source == AddressSource::Ipcp, 0),
            OuterWord::Ipcp => None,
            OuterWord::Primary | OuterWord::Secondary if is_peer => None,
            OuterWord::Primary => v4(|_| true, 0),
            OuterWord::Secondary => v4(|source| *source == AddressSource::Static, 1),
        }
    }

    fn one_to_one(&mut self, statics: &[(StaticNat, Span)], name: IfName, rules: &mut Rules) {
        for (one, line) in statics {
            let room = MAX_STATIC_RULES.saturating_sub(rules.out.len());
            if usize::try_from(one.count).unwrap_or(usize::MAX) > room {
                let what = text!(ja: "大きな一対一 NAT", en: "one-to-one NAT of many addresses");
                let effects = Effects::of(&EFFECTS);
                self.scoped_gap(*line, what, effects, Some(name), Some(Family::V4));
                continue;
            }
            self.foreign_outer(name, (one.outer, one.count), *line);
            for step in 0..one.count {
                let outer = Ipv4Addr::from(u32::from(one.outer).wrapping_add(step));
                let inner = Ipv4Addr::from(u32::from(one.inner).wrapping_add(step));
                let origin = || Origin::Written(*line);
                rules.out.push(TranslationRule {
                    matches: vec![from(inner)],
                    rewrite: Rewrite::Source(IpAddr::V4(outer), PortRewrite::Keep),
                    origin: origin(),
                });
                rules.inward.push(TranslationRule {
                    matches: vec![to(outer)],
                    rewrite: Rewrite::Destination(IpAddr::V4(inner), PortRewrite::Keep),
                    origin: origin(),
                });
            }
        }
    }
}

fn number(address: Ipv4Addr) -> Ranges {
    Ranges::one(u32::from(address))
}

fn from(address: Ipv4Addr) -> Match {
    Match { source: Some(number(address)), ..Match::family(Family::V4) }
}

fn to(address: Ipv4Addr) -> Match {
    Match { destination: Some(number(address)), ..Match::family(Family::V4) }
}

/// `masquerade static`: inward by the outer port, outward by the inner one.
fn port_forward(forward: &PortForward, outer: Ipv4Addr, line: Span, rules: &mut Rules) {
    let all = [(0, 0, u16::MAX)];
    let ports = forward.ports.as_deref().unwrap_or(&all);
    let has_ports =
        matches!(forward.protocol, protocol::TCP | protocol::UDP) && forward.ports.is_some();
    for (outer_port, inner_port, more) in ports {
        let span = |first: u16| Ranges::span(first, first.saturating_add(*more));
        let mut outward = from(forward.inner);
        let mut inward = to(outer);
        outward.protocol = Some(Ranges::one(forward.protocol));
        inward.protocol = Some(Ranges::one(forward.protocol));
        if has_ports {
            outward.source_port = Some(span(*inner_port));
            inward.destination_port = Some(span(*outer_port));
        }
        let shift = |from: u16, to: u16| match has_ports && from != to {
            true => PortRewrite::Shift { from, to },
            false => PortRewrite::Keep,
        };
        rules.out.push(TranslationRule {
            matches: vec![outward],
            rewrite: Rewrite::Source(IpAddr::V4(outer), shift(*inner_port, *outer_port)),
            origin: Origin::Written(line),
        });
        rules.inward.push(TranslationRule {
            matches: vec![inward],
            rewrite: Rewrite::Destination(
                IpAddr::V4(forward.inner),
                shift(*outer_port, *inner_port),
            ),
            origin: Origin::Written(line),
        });
    }
}

/// Everything that no entry is about.
fn masquerade(
    outer: Ipv4Addr,
    inner: Option<Ranges>,
    line: Span,
    incoming: Option<(IncomingWord, Span)>,
    rules: &mut Rules,
) {
    let source = inner.unwrap_or_else(|| {
        // `auto` is every address but the outer one itself.
        number(outer).complement(Family::V4.top())
    });
    rules.out.push(TranslationRule {
        matches: vec![Match { source: Some(source), ..Match::family(Family::V4) }],
        rewrite: Rewrite::Source(IpAddr::V4(outer), PortRewrite::Any),
        origin: Origin::Written(line),
    });
    let (rewrite, origin) = match incoming {
        Some((IncomingWord::Discard, line)) => (Rewrite::Discard, Origin::Written(line)),
        Some((IncomingWord::Through, line)) => (Rewrite::Keep, Origin::Written(line)),
        Some((IncomingWord::Forward(host), line)) => {
            (Rewrite::Destination(IpAddr::V4(host), PortRewrite::Keep), Origin::Written(line))
        }
        None => (
            Rewrite::Discard,
            Origin::Implied(
                line,
                text!(
                    ja: "`nat descriptor masquerade incoming` の初期値は reject です",
                    en: "`nat descriptor masquerade incoming` is reject by default",
                ),
            ),
        ),
    };
    rules.inward.push(TranslationRule { matches: vec![to(outer)], rewrite, origin });
}
