//! Prefixes that interfaces advertise.

use diag::{Diagnostic, Span, Text, text};
use model::{Effect, Effects, Family, Origin};

use super::super::config::{AddressWord, IfName, LearnedBy, PrefixWord};
use super::{Lowering, not_modelled};

impl Lowering<'_> {
    /// The line by which `name` advertises prefixes that are defined.
    pub(super) fn advertises(&mut self, name: IfName) -> Option<Origin> {
        let (numbers, line) = self.settings.advertised.get(&name).copied()?;
        if let Some(word) = self.settings.tells_names.get(&name).copied() {
            self.tells_names(name, word, line);
        }
        let mut is_any_defined = false;
        for number in numbers {
            match self.settings.prefixes.get(number).map(|(word, _)| *word) {
                None => {
                    let headline = text!(
                        ja: "IPv6 プレフィックス {number} は定義されていません",
                        en: "IPv6 prefix {number} is not defined",
                        number = *number,
                    );
                    self.no_prefix(name, headline, line);
                }
                Some(PrefixWord::Written(net)) => {
                    is_any_defined = true;
                    let said = self.settings.interfaces.get(&name);
                    let mut own = said.iter().flat_map(|one| &one.addresses);
                    let holds = |word: &AddressWord| match word {
                        AddressWord::Static(own) => net.contains(own.address()),
                        _ => false,
                    };
                    if !own.any(|(word, _)| holds(word)) {
                        let headline = text!(
                            ja: "{name} のアドレスは IPv6 プレフィックス {number} の範囲にありません",
                            en: "{name} has no address in IPv6 prefix {number}",
                            name = name, number = *number,
                        );
                        self.no_prefix(name, headline, line);
                    }
                }
                Some(word @ PrefixWord::Learned(from, _)) => {
                    is_any_defined = true;
                    let said = self.settings.interfaces.get(&name);
                    let mut own = said.iter().flat_map(|one| &one.addresses);
                    if from == name || !own.any(|(own, _)| own.source() == word.source()) {
                        let headline = text!(
                            ja: "{name} のアドレスは IPv6 プレフィックス {number} と同じ所から\
                                 学習していません",
                            en: "{name} does not learn its address where IPv6 prefix {number} \
                                 comes from",
                            name = name, number = *number,
                        );
                        self.no_prefix(name, headline, line);
                    }
                }
            }
        }
        is_any_defined.then_some(Origin::Written(line))
    }

    /// Name servers beside those of the site file; the prefixes are advertised all the same.
    fn tells_names(&mut self, name: IfName, word: Span, line: Span) {
        let what = text!(
            ja: "ルータ広告で配る DNS サーバ", en: "name servers that the router advertises",
        );
        self.say(not_modelled(&what, word));
        let effects = Effects::of(&[Effect::Resolve, Effect::Deny]);
        self.scoped_gap(line, what, effects, Some(name), None);
    }

    /// Prefixes that DHCPv6 would have to delegate, and nobody asks for.
    pub(super) fn delegations(&mut self) {
        let addresses = self.settings.interfaces.values().flat_map(|one| &one.addresses);
        let own = addresses.filter_map(|(word, line)| Some((word.source()?, *line)));
        let prefixes = self.settings.prefixes.values();
        let given = prefixes.filter_map(|(word, line)| Some((word.source()?, *line)));
        let clients = &self.settings.dhcpv6_clients;
        let missing: Vec<(IfName, Span)> = own
            .chain(given)
            .filter(|((from, by), _)| {
                matches!(by, LearnedBy::Delegation(_)) && clients.get(from).is_none_or(|asks| !asks)
            })
            .map(|((from, _), line)| (from, line))
            .collect();
        for (from, line) in missing {
            let headline = text!(
                ja: "{from} は DHCPv6 でプレフィックスを要求していません",
                en: "{from} asks DHCPv6 for no prefix", from = from,
            );
            self.say(Diagnostic::warning("R146", headline).at(line).advise(text!(
                ja: "`ipv6 {from} dhcp service client`（`ir=on` なし）を加えるか、\
                     `ra-prefix@{from}` に\
                     してください",
                en: "add `ipv6 {from} dhcp service client` without `ir=on`, or use \
                     `ra-prefix@{from}`",
                from = from,
            )));
            let what =
                text!(ja: "配布されないプレフィックス", en: "a prefix that is not delegated");
            let effects = Effects::of(&[Effect::Stall]);
            self.scoped_gap(line, what, effects, None, Some(Family::V6));
        }
    }

    fn no_prefix(&mut self, name: IfName, headline: Text, line: Span) {
        self.say(
            Diagnostic::warning("R141", headline)
                .at(line)
                .because(text!(
                    ja: "端末は使えるアドレスを受け取れません",
                    en: "hosts get no address that they can use",
                ))
                .advise(text!(
                    ja: "`ipv6 prefix` と `rtadv send` の番号を合わせてください",
                    en: "make the numbers of `ipv6 prefix` and `rtadv send` agree",
                )),
        );
        let what = text!(
            ja: "端末に配るプレフィックス", en: "the prefix that hosts are given",
        );
        self.scoped_gap(line, what, Effects::of(&[Effect::Deny]), Some(name), None);
    }
}
