//! What the router relays at layer 2: PPPoE and LAN pass-through, bridges.

use diag::{Diagnostic, Span, text};
use model::{Effect, Effects, Family, InterfaceIndex, Origin, Ranges, Relay, ethertype};

use super::super::assumptions::Y_A7;
use super::super::config::{Direction, IfName};
use super::Lowering;

/// Whether a model and firmware pass PPPoE through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Support {
    Yes,
    No,
    Unknown,
}

/// First firmware of each model that passes PPPoE through; empty: all.
///
/// # Source
/// Yamaha, PPPoE pass-through page (2023-07-06); command reference 12.01, section 11.16.13.
const PASS_THROUGH: &[(&str, &str)] = &[
    ("RTX830", "15.02.03"),
    ("RTX840", ""),
    ("RTX1210", "14.01.26"),
    ("RTX1220", ""),
    ("RTX1300", ""),
    ("RTX3500", "14.00.26"),
    ("RTX3510", ""),
    ("RTX5000", "14.00.26"),
    ("RTX820", "11.03.28"),
    ("NVR510", "15.01.13"),
    ("NVR700W", "15.00.14"),
    ("FWX120", "11.03.25"),
];

/// A firmware name as numbers that compare.
fn revision(firmware: &str) -> Option<Vec<u32>> {
    let plain = firmware.trim_start_matches(|c: char| !c.is_ascii_digit());
    let numbers: Option<Vec<u32>> = plain
        .split('.')
        .map(|part| {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part[..end].parse().ok()
        })
        .collect();
    numbers.filter(|numbers| numbers.len() >= 3)
}

fn pppoe_support(model: Option<&str>, firmware: Option<&str>) -> Support {
    let Some(model) = model else { return Support::Unknown };
    if model.to_ascii_uppercase().starts_with("VRX") {
        return Support::No;
    }
    let Some((_, first)) = PASS_THROUGH.iter().find(|(one, _)| one.eq_ignore_ascii_case(model))
    else {
        return Support::Unknown;
    };
    if first.is_empty() {
        return Support::Yes;
    }
    match (firmware.and_then(revision), revision(first)) {
        (Some(found), Some(first)) if found >= first => Support::Yes,
        (Some(_), _) => Support::No,
        (None, _) => Support::Unknown,
    }
}

impl Lowering<'_> {
    pub(super) fn relays(&mut self) {
        if let Some((members, line)) = self.settings.pass_through {
            self.pppoe(members, line);
        }
        let lan: Vec<_> = self.settings.lan_members.iter().map(|(id, said)| (*id, *said)).collect();
        for (id, (members, line)) in lan {
            self.lan(id, members, line);
        }
        let bridges: Vec<_> =
            self.settings.bridges.iter().map(|(name, said)| (*name, *said)).collect();
        for (bridge, (members, line)) in bridges {
            self.bridge(bridge, members, line);
        }
    }

    fn pppoe(&mut self, members: &[(IfName, Span)], line: Span) {
        let config = self.config;
        let model = config.model.as_deref().unwrap_or("");
        let firmware = config.firmware.as_deref().unwrap_or("");
        match pppoe_support(config.model.as_deref(), config.firmware.as_deref()) {
            Support::Yes => {}
            Support::No => {
                self.say(
                    Diagnostic::error(
                        "R126",
                        text!(
                            ja: "{model} {firmware} は PPPoE パススルーに対応していません",
                            en: "{model} {firmware} does not support PPPoE pass-through",
                            model = model, firmware = firmware,
                        ),
                    )
                    .at(line)
                    .advise(text!(
                        ja: "対応するファームウェアに更新してください",
                        en: "update the firmware to one that supports it",
                    )),
                );
                return;
            }
            Support::Unknown => self.say(
                Diagnostic::note(
                    "R127",
                    text!(
                        ja: "この機種とファームウェアが PPPoE パススルーに対応するか確認できません",
                        en: "whether this model and firmware support PPPoE pass-through is not \
                             known",
                    ),
                )
                .at(line),
            ),
        }
        let types = Ranges::span(ethertype::PPPOE_DISCOVERY, ethertype::PPPOE_SESSION);
        self.relay("pppoe pass-through", members, types, line);
    }

    fn lan(&mut self, id: u32, members: &[(IfName, Span)], line: Span) {
        let Some((types, _)) = self.settings.ethertypes.get(&id).copied() else {
            let what = text!(
                ja: "EtherType が定義されていない LAN パススルー",
                en: "LAN pass-through without EtherTypes",
            );
            self.gap(line, what, Effects::of(&[Effect::Bridge]));
            return;
        };
        self.relay(&format!("lan pass-through {id}"), members, types.clone(), line);
    }

    fn relay(&mut self, name: &str, members: &[(IfName, Span)], ethertypes: Ranges, line: Span) {
        self.assume(&Y_A7, line);
        let ports = self.ports(members);
        self.meant.relayed.push((self.node.relays.len(), members.to_vec()));
        self.node.relays.push(Relay {
            name: name.to_owned(),
            ports,
            ethertypes,
            stages: Vec::new(),
            origin: Origin::Written(line),
        });
    }

    fn ports(&self, members: &[(IfName, Span)]) -> Vec<InterfaceIndex> {
        let mut ports: Vec<_> =
            members.iter().filter_map(|(name, _)| self.interface(*name)).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    fn bridge(&mut self, bridge: IfName, members: &[(IfName, Span)], line: Span) {
        let mut ports = self.ports(members);
        ports.extend(self.interface(bridge));
        for (member, _) in members {
            for family in Family::ALL {
                let lists: Vec<Span> = [Direction::In, Direction::Out]
                    .iter()
                    .filter_map(|way| self.settings.lists.get(&(*member, family, *way)))
                    .map(|(_, line)| *line)
                    .collect();
                for list in lists {
                    let what = text!(
                        ja: "ブリッジに収容したインターフェースのフィルター",
                        en: "a list at a member of a bridge",
                    );
                    let effects = Effects::of(&[Effect::Deny]);
                    self.scoped_gap(list, what, effects, Some(*member), Some(family));
                }
            }
        }
        self.node.relays.push(Relay {
            name: bridge.to_string(),
            ports,
            ethertypes: Ranges::span(0_u16, u16::MAX),
            stages: Vec::new(),
            origin: Origin::Written(line),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Support, pppoe_support};

    #[test]
    fn pass_through_depends_on_model_and_firmware() {
        let of = |model, firmware| pppoe_support(Some(model), firmware);
        assert!(of("RTX830", Some("15.02.03")) == Support::Yes);
        assert!(of("rtx830", Some("Rev.15.02.01")) == Support::No);
        assert!(of("RTX830", None) == Support::Unknown);
        assert!(of("RTX1220", None) == Support::Yes);
        assert!(of("vRX", None) == Support::No);
        assert!(of("RTX9999", Some("1.2.3")) == Support::Unknown);
        assert!(pppoe_support(None, Some("15.02.31")) == Support::Unknown);
    }
}
