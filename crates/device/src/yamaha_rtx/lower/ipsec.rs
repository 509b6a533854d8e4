//! IPsec tunnels: `tunnel select`, `ipsec tunnel`, `ipsec sa policy` and the gateway behind it.

use diag::{Diagnostic, Span, Text, text};
use model::{
    AddressSource, Effect, Effects, Encapsulation, Family, InterfaceIndex, Match, Origin, Peer,
    Ranges, Tunnel,
};

use super::super::assumptions::Y_A8;
use super::super::config::{
    EncapsulationWord, IfName, LocalWord, RemoteWord, SaPolicy, TraversalWord,
};
use super::super::settings::GatewaySettings;
use super::{Lowering, not_modelled};

/// What users who dial in could do.
pub(super) const REMOTE: [Effect; 4] =
    [Effect::Permit, Effect::Route, Effect::Manage, Effect::Bridge];

impl Lowering<'_> {
    pub(super) fn ipsec(&mut self) {
        let tunnels = self.settings.interfaces.iter();
        let tunnels: Vec<_> =
            tunnels.filter_map(|(name, one)| one.ipsec.map(|said| (*name, said))).collect();
        for (name, (policy, line)) in tunnels {
            self.tunnel(name, policy, line);
        }
        let said = self.settings.interfaces.iter();
        let dialled: Vec<_> = said
            .filter_map(|(name, one)| Some((*name, one.encapsulation?)))
            .filter(|(name, (word, _))| match word {
                EncapsulationWord::Dialled => !self.carries_users(*name),
                word => *word == EncapsulationWord::Layer2,
            })
            .collect();
        for (_, (_, line)) in dialled {
            self.dialled(line);
        }
        self.transports();
    }

    /// Policies in transport mode that a tunnel of its own packets uses: what becomes of those no
    /// document says. A template is read for tunnels of its numbers and for policies that are
    /// counted on with them.
    fn transports(&mut self) {
        let said = self.settings.interfaces.iter();
        let tunnels = said.filter(|(_, one)| {
            one.encapsulation.is_none_or(|(word, _)| word == EncapsulationWord::Ipsec)
        });
        let tunnels: Vec<(IfName, u32)> = tunnels
            .filter_map(|(name, one)| one.ipsec.map(|(policy, _)| (*name, policy)))
            .collect();
        let said = &self.settings.ipsec;
        let transports: Vec<_> = said.transports.iter().map(|(id, said)| (*id, *said)).collect();
        let templates: Vec<_> =
            said.transport_templates.iter().map(|(id, said)| (*id, *said)).collect();
        for (_, (policy, line)) in &transports {
            if !self.settings.ipsec.policies.contains_key(policy) {
                self.no_policy(*policy, *line);
            }
            let used = tunnels.iter().filter(|(_, own)| own == policy);
            used.for_each(|(name, _)| self.transported(*name, *line));
        }
        for (id, (others, line)) in templates {
            let first = transports.iter().find(|(known, _)| *known == id);
            let is_copy = |(name, own): &&(IfName, u32)| {
                let counted_on = first.and_then(|(_, (policy, _))| (own + id).checked_sub(*policy));
                let is_named = matches!(name, IfName::Tunnel(number) if others.contains(*number));
                is_named || counted_on.is_some_and(|number| others.contains(number))
            };
            let used = tunnels.iter().filter(is_copy);
            used.for_each(|(name, _)| self.transported(*name, line));
        }
    }

    fn transported(&mut self, name: IfName, line: Span) {
        let what = text!(
            ja: "{name} のポリシーのトランスポートモード",
            en: "transport mode of the policy of {name}",
            name = name,
        );
        self.say(not_modelled(&what, line).advise(text!(
            ja: "リモートアクセスのトンネル（`tunnel encapsulation l2tp`）のポリシーを書いてください",
            en: "name the policy of the tunnel for remote access (`tunnel encapsulation l2tp`)",
        )));
        self.scoped_gap(line, what, Effects::of(&[Effect::Stall]), Some(name), None);
    }

    /// `l2tp` and its like: who comes in there, and how far, is not in the model.
    fn dialled(&mut self, line: Span) {
        let what = text!(
            ja: "リモートアクセスまたはレイヤー2を延長するトンネル",
            en: "a tunnel for remote access, or for layer 2 carried further",
        );
        self.say(not_modelled(&what, line));
        self.gap(line, what, Effects::of(&REMOTE));
    }

    fn tunnel(&mut self, name: IfName, number: u32, line: Span) {
        let Some(index) = self.interface(name) else { return };
        if let Some((false, _)) = self.settings.ipsec.is_used {
            // `ipsec use off`: no tunnel ever comes up.
            self.node.interfaces[index.0 as usize].enabled = false;
        }
        let encapsulation = self.settings.interfaces.get(&name).and_then(|one| one.encapsulation);
        if encapsulation.is_some_and(|(word, _)| word != EncapsulationWord::Ipsec) {
            return;
        }
        let Some((policy, said)) = self.settings.ipsec.policies.get(&number).copied() else {
            self.no_policy(number, line);
            self.node.tunnels.push(without_policy(name, index, line));
            return;
        };
        if !policy.encrypts {
            self.signed_only(said);
            return;
        }
        let gateway = self.settings.ipsec.gateways.get(&policy.gateway);
        let peer = match gateway.and_then(|one| one.remote) {
            Some((RemoteWord::Address(address), _)) => Peer::Address(*address),
            Some((RemoteWord::Host(name), _)) => Peer::Name(name.clone()),
            Some((RemoteWord::Any, _)) => Peer::Any,
            None => Peer::Unknown,
        };
        let traversal = gateway.and_then(|one| one.traversal).unwrap_or(TraversalWord::Off);
        let has_key = gateway.is_some_and(|one| one.has_key);
        let origin = gateway.and_then(|one| one.remote).map_or(line, |(_, line)| line);
        let said_local = gateway.and_then(|one| one.local);
        let local = said_local.and_then(|(word, _)| word.address());
        let peer_family = match &peer {
            Peer::Address(address) => Some(Family::of(*address)),
            _ => None,
        };
        let ids = ids(policy, gateway);
        let named = gateway.and_then(both_names);
        let refreshes = self.settings.ipsec.refreshes.is_some_and(|(on, _)| on)
            && gateway.and_then(|one| one.refreshes).is_none_or(|(on, _)| on);
        self.node.tunnels.push(Tunnel {
            name: name.to_string(),
            interface: index,
            carrier: None,
            local,
            peer,
            selectors: None,
            encapsulation: match traversal {
                TraversalWord::Off => Encapsulation::Esp,
                TraversalWord::Negotiated => Encapsulation::Negotiated,
                TraversalWord::Forced => Encapsulation::Udp,
            },
            doubt: doubt(name, has_key, refreshes),
            origin: Origin::Written(origin),
        });
        if let Some(ids) = ids {
            self.assume(&Y_A8, said);
            self.meant.policed.push((self.node.tunnels.len() - 1, ids));
        }
        if let Some((word, line)) = said_local {
            self.learned_local(word, peer_family, line);
        }
        if let Some(line) = named {
            self.both_named(line);
        }
        if !has_key {
            self.no_key(name, policy.gateway, line);
        }
        if !refreshes {
            self.never_begins(name, line);
        }
    }

    /// An address of its own that the router learns nowhere, or one of the other version of IP than
    /// that of the peer: IKE has nothing to send from.
    fn learned_local(&mut self, word: LocalWord, peer: Option<Family>, line: Span) {
        let (name, family) = match word {
            LocalWord::Address(_) => return,
            LocalWord::Ipcp(name) | LocalWord::Dhcp(name) => (name, Family::V4),
            LocalWord::Prefix(name) => (name, Family::V6),
        };
        let is_it = |own: &AddressSource| match word {
            LocalWord::Ipcp(_) => *own == AddressSource::Ipcp,
            LocalWord::Dhcp(_) => matches!(own, AddressSource::Dhcp { .. }),
            _ => matches!(own, AddressSource::Advertised | AddressSource::Delegated { .. }),
        };
        let is_there = self.interface(name).is_some_and(|index| {
            let own = &self.node.interface(index).addresses;
            own.iter().any(|one| is_it(&one.source))
        });
        if is_there && peer.is_none_or(|peer| peer == family) {
            return;
        }
        let what = text!(
            ja: "得られない送信元アドレス（{name}）",
            en: "a source address that is learned nowhere ({name})",
            name = name,
        );
        self.say(not_modelled(&what, line).advise(text!(
            ja: "相手に届くインターフェースのアドレスを `ipsec ike local address` に書いてください",
            en: "write the address of the interface that leads to the peer as `ipsec ike local \
                 address`",
        )));
        self.gap(line, what, Effects::of(&[Effect::Stall]));
    }

    /// IKEv1 with names of both ends: neither of its modes takes both.
    ///
    /// # Source
    /// Command reference 12.01, the beginning of section 15.
    fn both_named(&mut self, line: Span) {
        let what = text!(
            ja: "IKEv1 での両端の名前（`local name` と `remote name` は同時に使えません）",
            en: "names of both ends in IKEv1, which takes one of them at most",
        );
        self.say(not_modelled(&what, line).advise(text!(
            ja: "どちらかを消すか、`ipsec ike version … 2` にしてください",
            en: "take one of them out, or use `ipsec ike version … 2`",
        )));
        self.gap(line, what, Effects::of(&[Effect::Stall]));
    }

    fn no_key(&mut self, name: IfName, gateway: u32, line: Span) {
        self.say(
            Diagnostic::warning(
                "R139",
                text!(
                    ja: "{name} の事前共有鍵がありません",
                    en: "{name} has no pre-shared key",
                    name = name,
                ),
            )
            .at(line)
            .because(text!(
                ja: "鍵がないと鍵交換は成立せず、トンネルはつながりません",
                en: "without a key no key exchange succeeds, and the tunnel stays down",
            ))
            .advise(text!(
                ja: "`ipsec ike pre-shared-key {gateway} …` の行を残してください（鍵は `*` に置き換\
                     えられます）",
                en: "leave the line `ipsec ike pre-shared-key {gateway} …`; `*` may stand for the \
                     key",
                gateway = gateway,
            )),
        );
    }

    fn no_policy(&mut self, number: u32, line: Span) {
        self.say(
            Diagnostic::error(
                "R135",
                text!(
                    ja: "IPsec ポリシー {number} は定義されていません",
                    en: "IPsec policy {number} is not defined",
                    number = number,
                ),
            )
            .at(line)
            .advise(text!(
                ja: "`ipsec sa policy {number} …` を書いてください",
                en: "write `ipsec sa policy {number} …`",
                number = number,
            )),
        );
    }

    fn signed_only(&mut self, line: Span) {
        self.say(
            Diagnostic::warning(
                "P140",
                text!(
                    ja: "`ah` は署名するだけで、暗号化しません",
                    en: "`ah` only signs packets and does not encrypt them",
                ),
            )
            .at(line)
            .because(text!(
                ja: "このトンネルのパケットは平文として扱います",
                en: "what this tunnel carries is taken to be in clear",
            ))
            .advise(text!(ja: "`esp` に変えてください", en: "use `esp`")),
        );
    }

    fn never_begins(&mut self, name: IfName, line: Span) {
        self.say(
            Diagnostic::warning(
                "R136",
                text!(
                    ja: "{name} の鍵交換をこのルータからは始めません",
                    en: "this router never begins the key exchange of {name}",
                    name = name,
                ),
            )
            .at(line)
            .because(text!(
                ja: "`ipsec auto refresh` の初期値は off です。相手から始まらない限り、トンネルはつ\
                     ながりません",
                en: "`ipsec auto refresh` is off by default, so the tunnel comes up only if the \
                     peer begins",
            ))
            .advise(text!(
                ja: "`ipsec auto refresh on` を加えてください",
                en: "add `ipsec auto refresh on`",
            )),
        );
    }
}

/// Where IKEv1 is told the name of the far end beside its own.
fn both_names(gateway: &GatewaySettings<'_>) -> Option<Span> {
    let is_second = gateway.version.is_some_and(|(version, _)| version == 2);
    gateway.local_name.and(gateway.remote_name).filter(|_| !is_second)
}

/// The ids of phase 2 as a selector; with IKEv2 they have no effect.
fn ids(policy: &SaPolicy, gateway: Option<&GatewaySettings<'_>>) -> Option<Match> {
    if gateway.and_then(|one| one.version).is_some_and(|(version, _)| version == 2) {
        return None;
    }
    let of = |own: &Option<Ranges>, other: Option<&Ranges>| own.clone().or_else(|| other.cloned());
    let source = of(&policy.local_id, gateway.and_then(|one| one.local_id));
    let destination = of(&policy.remote_id, gateway.and_then(|one| one.remote_id));
    (source.is_some() || destination.is_some()).then(|| Match {
        source,
        destination,
        ..Match::family(Family::V4)
    })
}

/// A tunnel whose policy is not defined: whom it leads to is unknown.
fn without_policy(name: IfName, interface: InterfaceIndex, line: Span) -> Tunnel {
    Tunnel {
        name: name.to_string(),
        interface,
        carrier: None,
        local: None,
        peer: Peer::Unknown,
        selectors: None,
        encapsulation: Encapsulation::Esp,
        doubt: None,
        origin: Origin::Written(line),
    }
}

/// Why it is not sure that a tunnel comes up.
fn doubt(name: IfName, has_key: bool, refreshes: bool) -> Option<Text> {
    match (has_key, refreshes) {
        (false, _) => Some(text!(
            ja: "{name} の事前共有鍵がありません",
            en: "{name} has no pre-shared key",
            name = name,
        )),
        (true, false) => Some(text!(
            ja: "{name} の鍵交換をこのルータからは始めません",
            en: "this router never begins the key exchange of {name}",
            name = name,
        )),
        (true, true) => None,
    }
}
