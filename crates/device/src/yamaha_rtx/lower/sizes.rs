//! Packets that are too big for what lies ahead: who is told, and who limits them.

use diag::text;
use model::{Effect, Effects, Family};

use super::super::config::IfName;
use super::{Lowering, not_modelled};

impl Lowering<'_> {
    /// A tunnel or session that takes less than a LAN, whose router neither tells the senders nor
    /// limits the segments of TCP.
    ///
    /// # Source
    /// RFC 1191: "fragmentation needed" is an ICMP message of the type that is not sent then.
    pub(super) fn sizes(&mut self) {
        let Some(line) = self.settings.untold else { return };
        let is_limited = |name: &IfName| {
            self.settings.mss_limits.get(name).copied().unwrap_or(match name {
                // PPPoE limits them by default.
                IfName::Pp(_) => !self.settings.pppoe_mss_unlimited.contains(name),
                _ => false,
            })
        };
        let narrow = self.settings.interfaces.iter().filter(|(_, one)| {
            let is_on = one.enabled.is_some_and(|(on, _)| on);
            is_on && (one.ipsec.is_some() || one.carrier.is_some())
        });
        let found: Vec<IfName> =
            narrow.map(|(name, _)| *name).filter(|name| !is_limited(name)).collect();
        for name in found {
            let what = text!(
                ja: "{name} に入らない大きさのパケットを送信元に知らせず、TCP の MSS も制限しない設定",
                en: "packets too big for {name}, of which no sender is told while nothing limits \
                     the MSS",
                name = name,
            );
            self.say(not_modelled(&what, line).advise(text!(
                ja: "{name} に `tcp mss limit auto` を設定してください",
                en: "set `tcp mss limit auto` on {name}",
                name = name,
            )));
            let effects = Effects::of(&[Effect::Stall]);
            self.scoped_gap(line, what, effects, None, Some(Family::V4));
        }
    }
}
