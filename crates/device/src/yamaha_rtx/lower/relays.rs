//! What the router relays at layer 2: PPPoE and LAN pass-through, bridges.

use diag::{Span, text};
use model::{
    AddressSource, Effect, Effects, Family, InterfaceIndex, Origin, Ranges, Relay, ethertype,
};

use super::super::assumptions::Y_A7;
use super::super::config::{Direction, IfName};
use super::Lowering;

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
            self.addressed(*member);
        }
        self.node.relays.push(Relay {
            name: bridge.to_string(),
            ports,
            ethertypes: Ranges::span(0_u16, u16::MAX),
            stages: Vec::new(),
            origin: Origin::Written(line),
        });
    }

    /// A member of a bridge has no address: what the router does with one is not told.
    fn addressed(&mut self, member: IfName) {
        let Some(index) = self.interface(member) else { return };
        let own = self.node.interface(index).addresses.iter();
        let lines: Vec<(Span, Family)> = own
            .filter_map(|one| {
                let family = match (one.net, one.source) {
                    (Some(net), _) => net.family(),
                    (None, AddressSource::Dhcp { .. } | AddressSource::Ipcp) => Family::V4,
                    (None, _) => Family::V6,
                };
                Some((one.origin.span()?, family))
            })
            .collect();
        for (line, family) in lines {
            let what = text!(
                ja: "ブリッジに収容したインターフェースのアドレス",
                en: "an address of a member of a bridge",
            );
            let effects = Effects::of(&[Effect::Route, Effect::Deny]);
            self.scoped_gap(line, what, effects, Some(member), Some(family));
        }
    }
}
