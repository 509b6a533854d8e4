//! LANs whose ports are divided among several interfaces, and tagged VLANs: which names exist.
//! Ports of one LAN that are not divided are one hub, whose frames the router never sees.

use std::collections::{BTreeMap, BTreeSet};

use diag::{Diagnostic, Span, Text, text};
use model::{Effect, Effects, Family};

use super::super::assumptions::Y_A9;
use super::super::config::{Division, IfName};
use super::super::models::model_of;
use super::super::settings::{InterfaceSettings, family_of};
use super::{Lowering, not_modelled};

/// What interfaces that the router does not have, or has otherwise, can do to a proof.
const EFFECTS: [Effect; 4] = [Effect::Permit, Effect::Deny, Effect::Bridge, Effect::Route];

/// Ports of the hub of a LAN. Models that are not known are taken to have as few as any.
///
/// # Source
/// Yamaha product pages; `lanN.M` does not exist on RTX1300 and vRX (command reference 12.01,
/// section 1.3).
fn hub_ports(model: &str, lan: u16) -> u16 {
    let model = model.to_ascii_uppercase();
    match model.as_str() {
        _ if lan != 1 => 0,
        "RTX1300" => 0,
        "RTX1200" | "RTX1210" | "RTX1220" => 8,
        _ if model.starts_with("VRX") => 0,
        _ => 4,
    }
}

/// Whether sockets of a model belong to the LANs that `lan flexible-port` says.
///
/// # Source
/// Command reference 12.01, section 53, and published configurations of RTX1300.
fn has_flexible_ports(model: &str) -> bool {
    model.eq_ignore_ascii_case("RTX1300")
}

impl Lowering<'_> {
    /// Whether the port is off that carries `name`.
    pub(super) fn is_shut_down(&self, name: IfName) -> bool {
        let is_off = |name: IfName| {
            let said = self.settings.interfaces.get(&name);
            said.is_some_and(|one| one.shutdown.is_some())
        };
        let port = match name {
            IfName::Pp(_) | IfName::PpAnonymous => {
                let carrier = self.settings.interfaces.get(&name).and_then(|one| one.carrier);
                carrier.map_or(name, |(carrier, _)| carrier)
            }
            name => name,
        };
        let hub = match port {
            IfName::LanPart(id, _) | IfName::LanTag(id, _) => is_off(IfName::Lan(id)),
            IfName::Vlan(_) => self.settings.lan_types.keys().any(|id| is_off(IfName::Lan(*id))),
            _ => false,
        };
        hub || is_off(port) || is_off(name)
    }

    /// Which LANs are divided, and the interfaces of their ports.
    pub(super) fn divisions(&mut self, model: &str) {
        let mut divided = BTreeSet::new();
        for (id, said) in self.settings.lan_types.clone() {
            let mut was_divided = false;
            for (division, option, line) in said.iter().copied() {
                match division {
                    Division::Divided => was_divided = true,
                    Division::Whole => was_divided = false,
                    Division::Unsaid if was_divided => self.maybe_undivided(id, line),
                    Division::Unsaid => {}
                    Division::Isolated => self.isolated(id, &[Effect::Deny], option, line),
                    Division::Other => {
                        self.isolated(id, &[Effect::Deny, Effect::Bridge], option, line);
                    }
                }
            }
            if said.last().is_some_and(|(division, ..)| *division == Division::Divided) {
                divided.insert(id);
                self.divided(id);
                self.mirrored(id);
            }
        }
        self.aggregated(&divided);
        self.flexible(model);
        self.second_networks();
        let owners = self.owners(&divided, model);
        self.absent(&divided, &owners, model);
        self.mixed_names();
    }

    /// The VLAN of each port of the divided LANs: the one of its number if nothing else is said.
    fn owners(&self, divided: &BTreeSet<u16>, model: &str) -> BTreeMap<IfName, IfName> {
        let mut owners = BTreeMap::new();
        for id in divided {
            for port in 1..=hub_ports(model, *id) {
                let part = IfName::LanPart(*id, port);
                let mapped = self.settings.mappings.get(&part).map(|(vlan, _)| *vlan);
                owners.insert(part, mapped.unwrap_or(IfName::Vlan(port)));
            }
        }
        owners
    }

    /// IPv6 on a divided LAN beside its first network.
    ///
    /// # Source
    /// Published set-ups of Yamaha routers with LAN division: IPv6 works on `vlan1` only.
    fn second_networks(&mut self) {
        let has_ipv6 = |name: &IfName, one: &InterfaceSettings| {
            let mut words = one.addresses.iter().map(|(word, _)| *word);
            words.any(|word| family_of(word) == Family::V6)
                || self.settings.advertised.contains_key(name)
        };
        let interfaces = self.settings.interfaces.iter();
        let later = interfaces.filter(|(name, _)| matches!(name, IfName::Vlan(id) if *id > 1));
        let found: Vec<(IfName, Span)> = later
            .filter(|(name, one)| has_ipv6(name, one))
            .map(|(name, one)| (*name, one.first))
            .collect();
        for (name, line) in found {
            let what = text!(
                ja: "分割した LAN の vlan1 以外での IPv6（動作しない機種があります）",
                en: "IPv6 on another network of a divided LAN than vlan1, where models lack it",
            );
            self.say(not_modelled(&what, line));
            let effects = Effects::of(&[Effect::Deny]);
            self.scoped_gap(line, what, effects, Some(name), Some(Family::V6));
        }
    }

    /// Interfaces that are set up but do not exist.
    fn absent(&mut self, divided: &BTreeSet<u16>, owners: &BTreeMap<IfName, IfName>, model: &str) {
        let had = model_of(Some(model));
        let flexible = self.settings.flexible.map(|(lans, _)| lans);
        let flexible = flexible.filter(|_| has_flexible_ports(model));
        let used = self.settings.interfaces.iter().filter(|(_, one)| one.is_used);
        let used: Vec<(IfName, Span)> = used.map(|(name, one)| (*name, one.first)).collect();
        for (name, line) in used {
            let why = match name {
                IfName::LanPart(id, _) if !divided.contains(&id) => undivided(id),
                IfName::LanPart(id, _) if !owners.contains_key(&name) => {
                    no_port(&format!("lan{id}"), model)
                }
                IfName::Vlan(_) if divided.is_empty() => undivided(1),
                IfName::Vlan(_) if !owners.values().any(|vlan| *vlan == name) => text!(
                    ja: "どのポートも {vlan} に属していません",
                    en: "no port belongs to {vlan}",
                    vlan = name,
                ),
                IfName::Lan(id) if flexible.is_some_and(|lans| lans.contains(&id)) => continue,
                IfName::Lan(id) if id == 0 || id > had.lans => no_lan(model),
                IfName::LanTag(id, _) if id == 0 || id > had.lans => no_lan(model),
                IfName::Onu(id) if !had.has_onu || id != 1 => no_lan(model),
                _ => continue,
            };
            self.no_interface(name, line, why);
        }
        let mappings: Vec<(IfName, Span)> =
            self.settings.mappings.iter().map(|(part, (_, line))| (*part, *line)).collect();
        for (part, line) in mappings {
            if let IfName::LanPart(id, _) = part
                && divided.contains(&id)
                && !owners.contains_key(&part)
            {
                self.no_interface(part, line, no_port(&format!("lan{id}"), model));
            }
        }
    }

    fn no_interface(&mut self, name: IfName, line: Span, why: Text) {
        self.say(
            Diagnostic::error(
                "R137",
                text!(ja: "{name} はありません", en: "there is no {name}", name = name),
            )
            .at(line)
            .because(why)
            .because(text!(
                ja: "分割されていない LAN のポートは 1 つのハブで、その間のフレームはどのフィル\
                     ターも通りません",
                en: "ports of a LAN that is not divided are one hub: no list sees the frames \
                     between them",
            )),
        );
        let what = text!(
            ja: "このルータにないインターフェース",
            en: "an interface that the router does not have",
        );
        self.gap(line, what, Effects::of(&EFFECTS));
    }

    /// A later `lan type` of a divided LAN that does not say so again.
    fn maybe_undivided(&mut self, id: u16, line: Span) {
        self.say(
            Diagnostic::warning(
                "R137",
                text!(
                    ja: "この行で lan{id} の分割が取り消されるかどうか分かりません",
                    en: "whether this line takes the division of lan{id} back is not known",
                    id = id,
                ),
            )
            .at(line)
            .advise(text!(
                ja: "`show config` の出力のように、1 行にまとめてください",
                en: "leave one line for each LAN, as `show config` does",
            )),
        );
        let what = text!(ja: "LAN の分割の取り消し", en: "a division that may be taken back");
        self.gap(line, what, Effects::of(&EFFECTS));
    }

    fn isolated(&mut self, id: u16, effects: &[Effect], option: Span, line: Span) {
        let what = text!(ja: "ポート間の分離", en: "isolation of switch ports");
        self.say(not_modelled(&what, option));
        self.scoped_gap(line, what, Effects::of(effects), Some(IfName::Lan(id)), None);
    }

    /// A port that gets the frames of others, which may belong to another network.
    fn mirrored(&mut self, id: u16) {
        let Some(line) = self.settings.mirrored.get(&id).copied() else { return };
        let what = text!(
            ja: "分割した LAN のポートミラーリング（ほかのネットワークのフレームが出ます）",
            en: "port mirroring on a divided LAN, which sends frames of one network into another",
        );
        self.say(not_modelled(&what, line));
        self.gap(line, what, Effects::of(&[Effect::Permit, Effect::Bridge]));
    }

    /// Which sockets belong to which LAN. The site file says which network stands at which LAN, and
    /// with it in which sockets; a LAN without any reaches nobody.
    fn flexible(&mut self, model: &str) {
        let Some((lans, line)) = self.settings.flexible else { return };
        if !has_flexible_ports(model) {
            let what = text!(
                ja: "ポートの割り当て", en: "which socket belongs to which LAN",
            );
            self.say(not_modelled(&what, line));
            self.gap(line, what, Effects::ALL);
            return;
        }
        let used = self.settings.interfaces.iter().filter(|(_, one)| one.is_used);
        let lost = used.map(|(name, _)| *name).find(|name| match name {
            IfName::Lan(id) | IfName::LanPart(id, _) | IfName::LanTag(id, _) => !lans.contains(id),
            _ => false,
        });
        let Some(name) = lost else { return };
        let what = text!(
            ja: "{name} にはポートが割り当てられていません", en: "{name} has no socket",
            name = name,
        );
        self.say(not_modelled(&what, line));
        self.scoped_gap(line, what, Effects::of(&[Effect::Stall]), Some(name), None);
    }

    /// Ports of a divided LAN, or of two LANs, that carry the same frames: of which network they
    /// are is not known.
    fn aggregated(&mut self, divided: &BTreeSet<u16>) {
        let is_mixed = |lans: &[u16]| {
            lans.iter().any(|id| divided.contains(id)) || lans.iter().any(|id| *id != lans[0])
        };
        let lines = self.settings.aggregated.iter();
        let mixed: Vec<Span> =
            lines.filter(|(lans, _)| is_mixed(lans)).map(|(_, line)| *line).collect();
        for line in mixed {
            let what = text!(
                ja: "別々のネットワークのポートをつなぐ場合があるリンクアグリゲーション",
                en: "link aggregation that may join ports of two networks",
            );
            self.say(not_modelled(&what, line));
            let effects = [Effect::Permit, Effect::Bridge, Effect::Stall];
            self.gap(line, what, Effects::of(&effects));
        }
    }

    /// Settings of a LAN that is divided.
    fn divided(&mut self, id: u16) {
        let name = IfName::Lan(id);
        let settings = self.settings.interfaces.get(&name).filter(|one| one.is_used);
        let spot = settings.map(|one| one.first);
        if let Some(index) = self.interface(name)
            && let Some(interface) = self.node.interfaces.get_mut(index.0 as usize)
        {
            interface.enabled = false;
        }
        let Some(span) = spot else { return };
        self.say(
            Diagnostic::warning(
                "R131",
                text!(
                    ja: "{name} は分割されているため、{name} への設定の意味が分かりません",
                    en: "{name} is divided; what a setting of {name} means then is not known",
                    name = name,
                ),
            )
            .at(span),
        );
        let what = text!(ja: "分割された LAN の設定", en: "a setting of a divided LAN");
        self.gap(span, what, Effects::ALL);
    }

    /// `lanN.M` and `vlanK` may be two names of one thing.
    fn mixed_names(&mut self) {
        let has_vlan = self.index.keys().any(|name| matches!(name, IfName::Vlan(_)));
        let parts: Vec<Span> = self
            .settings
            .interfaces
            .iter()
            .filter(|(name, one)| matches!(name, IfName::LanPart(..)) && one.is_used)
            .map(|(_, one)| one.first)
            .collect();
        if !has_vlan {
            return;
        }
        for span in parts {
            let what = text!(
                ja: "`lanN.M` と `vlanN` の併用",
                en: "`lanN.M` beside `vlanN`, which may be the same port",
            );
            self.gap(span, what, Effects::of(&EFFECTS));
        }
    }

    /// Tagged VLANs: each has a number of its own, on a LAN that is not divided.
    pub(super) fn tags(&mut self) {
        let mut known: BTreeMap<(u16, u16), Span> = BTreeMap::new();
        // What shares the wire of a LAN, and the first line that says so.
        let mut wires: BTreeMap<u16, (Vec<IfName>, Span)> = BTreeMap::new();
        let used = self.settings.interfaces.iter().filter(|(_, one)| one.is_used);
        let used: Vec<(IfName, Span)> = used.map(|(name, one)| (*name, one.first)).collect();
        for (name, first) in used {
            let IfName::LanTag(id, _) = name else { continue };
            let Some((tag, line)) = self.settings.tags.get(&name).copied() else {
                let why = text!(
                    ja: "`vlan {name} 802.1q vid=…` がありません",
                    en: "`vlan {name} 802.1q vid=…` is missing",
                    name = name,
                );
                self.no_interface(name, first, why);
                continue;
            };
            if self.settings.lan_types.get(&id).is_some_and(|said| {
                said.iter().any(|(division, ..)| *division == Division::Divided)
            }) {
                self.no_interface(
                    name,
                    first,
                    text!(
                        ja: "lan{id} は分割されています", en: "lan{id} is divided", id = id,
                    ),
                );
            }
            wires.entry(id).or_insert_with(|| (vec![IfName::Lan(id)], line)).0.push(name);
            match known.get(&(id, tag)).copied() {
                Some(other) => self.same_tag(id, tag, line, other),
                None => drop(known.insert((id, tag), line)),
            }
        }
        for (names, line) in wires.into_values() {
            let ports = names.into_iter().filter_map(|name| self.interface(name)).collect();
            self.assume(&Y_A9, line);
            self.meant.shared.push((ports, line));
        }
    }

    fn same_tag(&mut self, id: u16, tag: u16, line: Span, other: Span) {
        self.say(
            Diagnostic::error(
                "R138",
                text!(
                    ja: "lan{id} の 2 つの VLAN の番号が同じ {tag} です",
                    en: "two VLANs of lan{id} have the same number {tag}",
                    id = id, tag = tag,
                ),
            )
            .at(line)
            .also(other, text!(ja: "もう 1 つの VLAN", en: "the other VLAN"))
            .because(text!(
                ja: "同じ番号の VLAN は 1 つのネットワークです",
                en: "VLANs of one number are one network",
            )),
        );
        let what = text!(ja: "同じ番号の VLAN", en: "VLANs of the same number");
        self.gap(line, what, Effects::of(&EFFECTS));
    }
}

fn undivided(id: u16) -> Text {
    text!(
        ja: "`lan type lan{id} port-based-option=divide-network` がないか、後の行で取り消されてい\
             ます",
        en: "`lan type lan{id} port-based-option=divide-network` is missing, or a later line \
             takes it back",
        id = id,
    )
}

fn no_lan(model: &str) -> Text {
    if model.is_empty() {
        return text!(
            ja: "機種が分からないため、どの機種にもあるものしか使えません。サイトファイルに \
                 `model` を書いてください",
            en: "the model is not known, so only what every model has is sure; write `model` in \
                 the site file",
        );
    }
    text!(
        ja: "{model} にこのインターフェースがあるとは確かめられません",
        en: "nothing says that an {model} has this interface",
        model = model,
    )
}

fn no_port(lan: &str, model: &str) -> Text {
    text!(
        ja: "{model} の {lan} にこの番号のポートはありません",
        en: "{lan} of an {model} has no such port",
        lan = lan, model = if model.is_empty() { "RTX" } else { model },
    )
}
