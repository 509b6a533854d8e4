//! Addresses of interfaces: in their zone, usable, of one machine only, and with next hops
//! that can be reached.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use diag::{Diagnostic, Span, text};

use super::Decoded;
use crate::{Hop, Machine, Net, Nic, ONU, Router, Site, Spanned, Zone, ZoneIpv6, codes};

/// Entries by name.
struct Index<'a> {
    zones: BTreeMap<&'a str, &'a Zone>,
    routers: BTreeMap<&'a str, &'a Router>,
    /// Router and zone of every port.
    ports: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Index<'a> {
    fn of(site: &'a Site) -> Self {
        let ports = site.routers.iter().flat_map(|router| {
            let zones = router.ports.iter().flat_map(|port| &port.zones);
            zones.map(|zone| (router.name.value.as_str(), zone.value.as_str()))
        });
        Self {
            zones: site.zones.iter().map(|zone| (zone.name.value.as_str(), zone)).collect(),
            routers: site.routers.iter().map(|one| (one.name.value.as_str(), one)).collect(),
            ports: ports.collect(),
        }
    }

    fn zone(&self, name: &str) -> Option<&'a Zone> {
        self.zones.get(name).copied()
    }
}

/// Adds what is wrong with addresses and next hops.
pub(crate) fn check(site: &Site, decoded: Decoded, found: &mut Vec<Diagnostic>) {
    let index = Index::of(site);
    let mut owners: BTreeMap<IpAddr, (&str, Span)> = BTreeMap::new();
    for machine in &site.machines {
        for nic in machine.nics.iter().map(|nic| &nic.value) {
            for (address, span) in nic.fixed_addresses() {
                shared(&mut owners, machine, address, span, found);
                if let Some(zone) = index.zone(&nic.zone.value) {
                    in_zone(zone, address, span, decoded, found);
                } else if nic.zone.value == ONU {
                    without_prefix(ONU, address, span, found);
                }
            }
            let gateway = nic.gateway.iter();
            for hop in gateway.chain(nic.routes.iter().map(|route| &route.value.via)) {
                reachable(&index, nic, hop, decoded, found);
            }
        }
        session(machine, decoded, found);
    }
}

/// The zone's prefix of the family of `address`.
fn prefix(zone: &Zone, address: IpAddr) -> Option<Spanned<Net>> {
    if address.is_ipv4() {
        return zone.ipv4;
    }
    let written = zone.ipv6?;
    match written.value {
        ZoneIpv6::Prefix(net) => Some(Spanned::new(net, written.span)),
        ZoneIpv6::Ra => None,
    }
}

fn shared<'a>(
    owners: &mut BTreeMap<IpAddr, (&'a str, Span)>,
    machine: &'a Machine,
    address: IpAddr,
    span: Span,
    found: &mut Vec<Diagnostic>,
) {
    let name = machine.name.value.as_str();
    let Some((other, first)) = owners.get(&address) else {
        owners.insert(address, (name, span));
        return;
    };
    found.push(
        Diagnostic::error(
            codes::SHARED_ADDRESS,
            text!(
                ja: "`{other}` と `{name}` が同じアドレス `{address}` を使っています",
                en: "`{other}` and `{name}` both use the address `{address}`",
                other = *other, name = name, address = address,
            ),
        )
        .at(span)
        .also(*first, text!(ja: "先に使っている側です", en: "where it is used first"))
        .advise(text!(
            ja: "実機のアドレスを確かめ、どちらかを直してください",
            en: "look at the machines and correct one of the two",
        )),
    );
}

fn in_zone(
    zone: &Zone,
    address: IpAddr,
    span: Span,
    decoded: Decoded,
    found: &mut Vec<Diagnostic>,
) {
    let Some(net) = prefix(zone, address) else {
        let is_ra = address.is_ipv6() && zone.ipv6.is_some();
        if !is_ra && decoded == Decoded::Fully {
            without_prefix(&zone.name.value, address, span, found);
        }
        return;
    };
    let zone_name = zone.name.value.as_str();
    let label = text!(ja: "ゾーンのプレフィックスです", en: "the prefix of the zone");
    if !net.value.contains(address) {
        found.push(
            Diagnostic::error(
                codes::OUTSIDE_ZONE,
                text!(
                    ja: "`{address}` はゾーン `{zone}` の `{net}` に含まれません",
                    en: "`{address}` is not in `{net}` of the zone `{zone}`",
                    address = address, zone = zone_name, net = net.value,
                ),
            )
            .at(span)
            .also(net.span, label)
            .advise(text!(
                ja: "アドレスかゾーンのプレフィックスを直してください",
                en: "correct the address or the prefix of the zone",
            )),
        );
    } else if is_unusable(net.value, address) {
        found.push(
            Diagnostic::error(
                codes::UNUSABLE_ADDRESS,
                text!(
                    ja: "`{address}` は `{net}` のネットワークアドレスまたはブロードキャストアド\
                         レスです",
                    en: "`{address}` is the network or broadcast address of `{net}`",
                    address = address, net = net.value,
                ),
            )
            .at(span)
            .also(net.span, label)
            .advise(text!(
                ja: "機器に割り当てられるアドレスに直してください",
                en: "write an address that a machine can have",
            )),
        );
    }
}

fn is_unusable(net: Net, address: IpAddr) -> bool {
    let has_both = net.is_ipv4() && net.length() < 31;
    has_both && (address == net.address() || address == net.last())
}

fn without_prefix(zone: &str, address: IpAddr, span: Span, found: &mut Vec<Diagnostic>) {
    let (family, key, example) = if address.is_ipv4() {
        ("IPv4", "ipv4", "192.0.2.0/24")
    } else {
        ("IPv6", "ipv6", "2001:db8::/64")
    };
    found.push(
        Diagnostic::error(
            codes::ZONE_WITHOUT_PREFIX,
            text!(
                ja: "`{address}` のゾーン `{zone}` に {family} のプレフィックスがありません",
                en: "the zone `{zone}` of `{address}` has no {family} prefix",
                address = address, zone = zone, family = family,
            ),
        )
        .at(span)
        .advise(text!(
            ja: "`[zones.{zone}]` に `{key} = \"{example}\"` のように加えてください",
            en: "add one to `[zones.{zone}]`, such as `{key} = \"{example}\"`",
            zone = zone, key = key, example = example,
        )),
    );
}

fn reachable(
    index: &Index<'_>,
    nic: &Nic,
    hop: &Spanned<Hop>,
    decoded: Decoded,
    found: &mut Vec<Diagnostic>,
) {
    let zone = nic.zone.value.as_str();
    let base = match &hop.value {
        Hop::Router(name) => {
            let Some(router) = index.routers.get(name.as_str()) else { return };
            if decoded < Decoded::Fully || index.ports.contains(&(name, zone)) {
                return;
            }
            if !index.ports.iter().any(|(own, _)| *own == name.as_str()) {
                let unwired = without_ports(router);
                if !found.contains(&unwired) {
                    found.push(unwired);
                }
                return;
            }
            Diagnostic::error(
                codes::GATEWAY_ELSEWHERE,
                text!(
                    ja: "ルータ `{name}` はゾーン `{zone}` にポートがありません",
                    en: "the router `{name}` has no port in the zone `{zone}`",
                    name = name, zone = zone,
                ),
            )
            .also(router.name.span, text!(ja: "このルータです", en: "the router"))
        }
        Hop::Address(address) => {
            let net = index.zone(zone).and_then(|zone| prefix(zone, *address));
            let own = nic.fixed_addresses().any(|(own, _)| own == *address);
            let Some(net) = net.filter(|net| own || !net.value.contains(*address)) else { return };
            if own {
                own_address(*address)
            } else {
                Diagnostic::error(
                    codes::GATEWAY_ELSEWHERE,
                    text!(
                        ja: "中継先 `{address}` はゾーン `{zone}` の `{net}` に含まれません",
                        en: "the next hop `{address}` is not in `{net}` of the zone `{zone}`",
                        address = *address, zone = zone, net = net.value,
                    ),
                )
                .also(
                    net.span,
                    text!(ja: "ゾーンのプレフィックスです", en: "the prefix of the zone"),
                )
            }
        }
    };
    found.push(base.at(hop.span).advise(text!(
        ja: "同じゾーンにあるルータを書くか、ルータの `ports` を直してください",
        en: "name a router in the same zone, or correct the `ports` of the router",
    )));
}

/// Nobody wrote where the ports of a router lead.
fn without_ports(router: &Router) -> Diagnostic {
    Diagnostic::error(
        codes::GATEWAY_ELSEWHERE,
        text!(
            ja: "ルータ `{name}` のどのポートがどこにつながるか書かれていません",
            en: "which port of the router `{name}` leads where is not written",
            name = router.name.value,
        ),
    )
    .at(router.name.span)
    .advise(text!(
        ja: "`ports = {{ lan1 = \"terminal-lan\", lan2 = \"onu\" }}` のように、設定での名前とゾー\
             ンを書いてください",
        en: "write its ports by their names in the configuration with their zones, such as \
             `ports = {{ lan1 = \"terminal-lan\", lan2 = \"onu\" }}`",
    ))
}

fn own_address(address: IpAddr) -> Diagnostic {
    Diagnostic::error(
        codes::GATEWAY_ELSEWHERE,
        text!(
            ja: "中継先 `{address}` が NIC 自身のアドレスです",
            en: "the next hop `{address}` is the address of the interface itself",
            address = address,
        ),
    )
}

fn session(machine: &Machine, decoded: Decoded, found: &mut Vec<Diagnostic>) {
    let Some(zone) = machine.pppoe.as_ref().and_then(|pppoe| pppoe.value.zone.as_ref()) else {
        return;
    };
    let is_there = machine.nics.iter().any(|nic| nic.value.zone.value == zone.value);
    if is_there || decoded < Decoded::Fully {
        return;
    }
    found.push(
        Diagnostic::error(
            codes::SESSION_WITHOUT_NIC,
            text!(
                ja: "`{machine}` はゾーン `{zone}` に NIC がないため、PPPoE セッションを張れません",
                en: "`{machine}` has no interface in `{zone}` to open its PPPoE session by",
                machine = machine.name.value, zone = zone.value,
            ),
        )
        .at(zone.span)
        .also(machine.name.span, text!(ja: "この機器です", en: "the machine"))
        .advise(text!(
            ja: "`nics` に NIC を加えるか、`pppoe` の `zone` を直してください",
            en: "add the interface to `nics`, or correct `zone` of `pppoe`",
        )),
    );
}
