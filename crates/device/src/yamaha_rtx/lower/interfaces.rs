//! Interfaces and their addresses.

use diag::{Diagnostic, Span, text};
use model::{
    AddressSource, Effects, Family, Interface, InterfaceAddress, InterfaceIndex, InterfaceKind,
    Net, Origin,
};
use std::net::{IpAddr, Ipv4Addr};

use super::super::assumptions::{Y_A10, Y_A11};
use super::super::config::{AddressWord, AuthWord, Direction, IfName};
use super::super::models::{Coverage, model_of};
use super::super::settings::InterfaceSettings;
use super::filters::Listing;
use super::{Lowering, not_modelled};

/// LIMIT: interfaces whose IPv4 address only the line hands out; each has a stand-in.
const MAX_STAND_INS: u8 = 15;

/// Whether an address is surely one of IPv6.
fn is_of_v6(own: &InterfaceAddress) -> bool {
    match (own.net, &own.source) {
        (Some(net), _) => net.family() == Family::V6,
        (None, AddressSource::Advertised | AddressSource::Delegated { .. }) => true,
        (None, _) => false,
    }
}

/// LAN interfaces of a model; of one that is not known those that the configuration names.
fn ports(model: &str) -> u16 {
    match model_of(Some(model)) {
        _ if model.is_empty() => 0,
        known if known.coverage == Coverage::Foreign => 0,
        known => known.lans,
    }
}

impl Lowering<'_> {
    pub(super) fn interfaces(&mut self) {
        let model = self.config.model.clone().unwrap_or_default();
        let mut names: Vec<IfName> = (1..=ports(&model)).map(IfName::Lan).collect();
        names.extend(self.settings.interfaces.keys());
        let carriers = self.settings.interfaces.values().filter_map(|one| one.carrier);
        names.extend(carriers.map(|(name, _)| name));
        let parents: Vec<IfName> = names.iter().filter_map(|name| parent(*name)).collect();
        names.extend(parents);
        names.sort_unstable();
        names.dedup();
        for (place, name) in names.iter().enumerate() {
            let index = InterfaceIndex(u32::try_from(place).unwrap_or(u32::MAX));
            self.index.insert(*name, index);
        }
        let mut stand_ins = 0;
        for name in names {
            let interface = self.one_interface(name, &model, &mut stand_ins);
            self.node.interfaces.push(interface);
        }
        self.divisions(&model);
        self.tags();
    }

    /// Ports that carry PPPoE, have no IPv4 address, and no list for what comes without PPPoE.
    pub(super) fn bare(&mut self) {
        let (forwards, _) = &self.node.forwarding[Family::V4 as usize];
        if !forwards {
            return;
        }
        let carriers = self.settings.interfaces.values();
        let mut found: Vec<(IfName, Span)> = carriers.filter_map(|one| one.carrier).collect();
        found.sort_unstable();
        found.dedup_by_key(|(name, _)| *name);
        let is_list = |name: IfName, one: &Listing| {
            let place = (one.name, one.family, one.direction);
            place == (name, Family::V4, Direction::In) && one.side.is_some()
        };
        let listed = |name: IfName| self.meant.lists.iter().any(|one| is_list(name, one));
        found.retain(|(name, _)| {
            let port = self.interface(*name).map(|index| self.node.interface(index));
            let is_bare =
                port.is_some_and(|port| port.enabled && port.addresses.iter().all(is_of_v6));
            is_bare && !listed(*name)
        });
        for (_, span) in &found {
            self.assume(&Y_A11, *span);
        }
        self.meant.bare = found;
    }

    fn one_interface(&mut self, name: IfName, model: &str, stand_ins: &mut u8) -> Interface {
        let kind = self.kind(name);
        let Some(said) = self.settings.interfaces.get(&name) else {
            return Interface {
                name: name.to_string(),
                kind,
                enabled: !self.is_shut_down(name),
                addresses: Vec::new(),
                advertises: None,
                segment: None,
                origin: Origin::Default(text!(
                    ja: "{model} は {name} を備えています",
                    en: "an {model} has {name}",
                    model = if model.is_empty() { "RTX" } else { model }, name = name,
                )),
            };
        };
        let needs_enable = matches!(name, IfName::Pp(_) | IfName::PpAnonymous | IfName::Tunnel(_));
        let enabled = match said.enabled {
            Some((on, _)) => on,
            None => !needs_enable,
        } && !self.is_shut_down(name)
            && !self.carries_users(name);
        let warn = needs_enable && said.enabled.is_none() && said.is_used;
        let first = said.first;
        let mut dynamic = |word: &str| stand_in(stand_ins, word);
        let addresses = addresses(said, &self.index, &mut dynamic);
        let lost = said
            .addresses
            .iter()
            .filter(|(word, _)| {
                matches!(word, AddressWord::Delegated(from, ..)
                if !self.index.contains_key(from))
            })
            .map(|(_, span)| *span)
            .next();
        let advertises = self.advertises(name);
        if warn {
            self.not_enabled(name, first);
        }
        if let (InterfaceKind::Session { .. }, true) = (kind, enabled) {
            self.authentication(name);
        }
        if let (IfName::Pp(_), InterfaceKind::Tunnel, true) = (name, kind, enabled) {
            self.without_carrier(name, first);
        }
        if let Some(span) = lost {
            let what = text!(ja: "プレフィックスの取得元", en: "where the prefix is learned");
            self.gap(span, what, Effects::ALL);
        }
        Interface {
            name: name.to_string(),
            kind,
            enabled,
            addresses,
            advertises,
            segment: None,
            origin: Origin::Written(first),
        }
    }

    fn kind(&mut self, name: IfName) -> InterfaceKind {
        let index = |name: IfName| self.index.get(&name).copied();
        match name {
            IfName::Lan(_)
            | IfName::LanPart(..)
            | IfName::Vlan(_)
            | IfName::Onu(_)
            | IfName::Wan(_) => InterfaceKind::Port,
            IfName::LanTag(..) => match parent(name).and_then(index) {
                Some(parent) => InterfaceKind::Vlan { parent },
                None => InterfaceKind::Port,
            },
            IfName::Bridge(_) => InterfaceKind::Bridge,
            IfName::Loopback(_) => InterfaceKind::Loopback,
            IfName::Null => InterfaceKind::Null,
            IfName::Tunnel(_) => InterfaceKind::Tunnel,
            IfName::Pp(_) | IfName::PpAnonymous => {
                let carrier = self.settings.interfaces.get(&name).and_then(|one| one.carrier);
                match carrier.and_then(|(carrier, _)| index(carrier)) {
                    Some(carrier) => InterfaceKind::Session { carrier },
                    // Without a carrier it is no PPPoE session: PPP inside something else.
                    None => InterfaceKind::Tunnel,
                }
            }
        }
    }

    /// A session that no line says what to dial by: it never comes up, or by `pp bind` somewhere.
    fn without_carrier(&mut self, name: IfName, line: Span) {
        let what = text!(
            ja: "{name} がどの回線を使うか（`pppoe use` がありません）",
            en: "what {name} dials by, as there is no `pppoe use`",
            name = name,
        );
        self.say(not_modelled(&what, line).advise(text!(
            ja: "`pp select` の下に `pppoe use lan2` のように加えてください",
            en: "add a line like `pppoe use lan2` below `pp select`",
        )));
        self.gap(line, what, Effects::of(&[model::Effect::Stall]));
    }

    /// A session whose peer, if it asks, is not told who this is.
    fn authentication(&mut self, name: IfName) {
        let Some(said) = self.settings.interfaces.get(&name) else { return };
        let lacks = |word| !said.auth.contains(&word);
        let lacking = match (lacks(AuthWord::Accept), lacks(AuthWord::Name)) {
            (false, false) => return,
            (true, false) => "`pp auth accept chap pap`",
            (false, true) => "`pp auth myname …`",
            (true, true) => "`pp auth accept chap pap`, `pp auth myname …`",
        };
        let (Some((_, span)), Some(index)) = (said.carrier, self.interface(name)) else { return };
        self.meant.nameless.push(index);
        self.assume(&Y_A10, span);
        self.say(
            Diagnostic::warning(
                "R143",
                text!(
                    ja: "{name} の PPPoE セッションに認証の設定がありません（{lacking}）",
                    en: "the PPPoE session of {name} has no authentication ({lacking})",
                    name = name, lacking = lacking,
                ),
            )
            .at(span)
            .because(text!(
                ja: "接続先が認証を求める場合、セッションは開きません（Y-A10）",
                en: "if the far end asks for it, the session never comes up (Y-A10)",
            ))
            .advise(text!(
                ja: "`pp select` の下に加えてください。接続先が認証を求めないなら、サイトファイル\
                     の \
                     `[[assumption]]` に書いてください",
                en: "add it below `pp select`; if the far end does not ask, say so with \
                     `[[assumption]]` in the site file",
            )),
        );
    }

    fn not_enabled(&mut self, name: IfName, span: Span) {
        let command = match name {
            IfName::Pp(id) => format!("pp enable {id}"),
            IfName::Tunnel(id) => format!("tunnel enable {id}"),
            _ => "pp enable anonymous".to_owned(),
        };
        self.say(
            Diagnostic::warning(
                "R124",
                text!(
                    ja: "{name} は設定されていますが有効になっていません",
                    en: "{name} is configured but not enabled",
                    name = name,
                ),
            )
            .at(span)
            .advise(text!(
                ja: "使うなら `{command}` を加えてください",
                en: "add `{command}` if it is to be used",
                command = command,
            )),
        );
    }
}

/// The interface that carries a tagged VLAN.
fn parent(name: IfName) -> Option<IfName> {
    match name {
        IfName::LanTag(id, _) => Some(IfName::Lan(id)),
        _ => None,
    }
}

/// A stand-in for an address that only the line hands out: 203.0.113.(16 k + 2).
fn stand_in(count: &mut u8, word: &str) -> Option<Net> {
    if *count >= MAX_STAND_INS {
        return None;
    }
    let last = 16 * *count + 2;
    *count += 1;
    let length = if word == "dhcp" { 28 } else { 32 };
    Net::new(IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)), length)
}

fn addresses(
    said: &InterfaceSettings,
    index: &std::collections::BTreeMap<IfName, InterfaceIndex>,
    dynamic: &mut impl FnMut(&str) -> Option<Net>,
) -> Vec<InterfaceAddress> {
    let mut found = Vec::new();
    let mut push = |source, net, span| {
        found.push(InterfaceAddress { source, net, origin: Origin::Written(span) });
    };
    for (word, span) in &said.addresses {
        match word {
            AddressWord::Static(net) | AddressWord::Secondary(net) => {
                push(AddressSource::Static, Some(*net), *span);
            }
            AddressWord::Dhcp => {
                push(AddressSource::Dhcp { is_told: false }, dynamic("dhcp"), *span)
            }
            AddressWord::Auto => push(AddressSource::Advertised, None, *span),
            AddressWord::Delegated(from, _, identifier) => {
                if let Some(from) = index.get(from) {
                    let identifier = *identifier;
                    push(AddressSource::Delegated { from: *from, identifier }, None, *span);
                }
            }
        }
    }
    let has_v4 = said
        .addresses
        .iter()
        .any(|(word, _)| super::super::settings::family_of(*word) == model::Family::V4);
    if let (Some(span), false) = (said.ipcp, has_v4) {
        push(AddressSource::Ipcp, dynamic("ipcp"), span);
    }
    found
}
