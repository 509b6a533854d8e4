//! The shape of the network: zones, standing lines, relays and what leads to nothing.
//! Addresses are in `address`.

use std::collections::{BTreeMap, BTreeSet};

use diag::{Diagnostic, text};

use super::{Decoded, address};
use crate::names::Names;
use crate::{
    Hop, Machine, Net, Nic, ONU, Pass, Relay, RelayKind, Router, RouterRole, Site, Standing,
    ZoneIpv6, codes,
};

/// Adds what is wrong with the shape of the network.
///
/// # Shape
/// What would be concluded from an absence is said only of a file that was read completely.
pub(crate) fn check(site: &Site, names: &Names, decoded: Decoded, found: &mut Vec<Diagnostic>) {
    address::check(site, decoded, found);
    overlapping_zones(site, found);
    relay_loops(site, found);
    frames_told_apart(site, found);
    lines_elsewhere(site, found);
    wide_destinations(site, found);
    self_services(site, names, found);
    tunnels(site, found);
    standing_sessions(site, found);
    shared_configs(site, found);
    shared_roles(site, found);
    if decoded == Decoded::Fully {
        empty_zones(site, found);
        island_zones(site, found);
        routers_without_config(site, found);
        lonely_machines(site, found);
    }
}

fn overlapping_zones(site: &Site, found: &mut Vec<Diagnostic>) {
    let ipv4 =
        site.zones.iter().filter_map(|zone| zone.ipv4.map(|net| (zone, net.value, net.span)));
    let ipv6 = site.zones.iter().filter_map(|zone| match zone.ipv6?.value {
        ZoneIpv6::Prefix(net) => Some((zone, net, zone.ipv6?.span)),
        ZoneIpv6::Ra => None,
    });
    let mut nets: Vec<_> = ipv4.chain(ipv6).collect();
    // Sorted by first address, a prefix overlaps another exactly if it lies in one that is
    // still open; prefixes nest or are apart.
    nets.sort_by_key(|(_, net, span)| (net.address(), net.length(), *span));
    let mut widest: Option<(&str, Net, diag::Span)> = None;
    for (zone, net, span) in nets {
        if let Some((other, wide, first)) = widest
            && wide.overlaps(&net)
        {
            found.push(
                Diagnostic::error(
                    codes::OVERLAPPING_ZONES,
                    text!(
                        ja: "ゾーン `{zone}` の `{net}` が `{other}` の `{wide}` と重なっています",
                        en: "`{net}` of the zone `{zone}` overlaps `{wide}` of `{other}`",
                        zone = zone.name.value, net = net, other = other, wide = wide,
                    ),
                )
                .at(span)
                .also(first, text!(ja: "重なる相手です", en: "the other prefix"))
                .advise(text!(
                    ja: "どちらかのプレフィックスを直してください",
                    en: "correct one of the two prefixes",
                )),
            );
        } else {
            widest = Some((&zone.name.value, net, span));
        }
    }
}

fn frames_told_apart(site: &Site, found: &mut Vec<Diagnostic>) {
    let cannot = |relay: &&Relay| relay.kind.value != RelayKind::HomeGateway;
    for relay in site.relays.iter().filter(cannot) {
        let Some(pass) = relay.passes.iter().find(|pass| pass.value != Pass::All) else { continue };
        found.push(
            Diagnostic::warning(
                codes::FRAMES_TOLD_APART,
                text!(
                    ja: "`{relay}` は通すフレームを選べる機器ではありません",
                    en: "`{relay}` is no device that chooses the frames it passes",
                    relay = relay.name.value,
                ),
            )
            .at(pass.span)
            .because(text!(
                ja: "すべてのフレームを通すものとして判定します",
                en: "it is judged as one that passes every frame",
            ))
            .advise(text!(
                ja: "`passes` を消すか、ホームゲートウェイなら `kind` を直してください",
                en: "remove `passes`, or correct `kind` if it is a home gateway",
            )),
        );
    }
}

/// An ONU or a home gateway is where a line comes in, and the outside stands at `onu`.
fn lines_elsewhere(site: &Site, found: &mut Vec<Diagnostic>) {
    let ends_a_line =
        |relay: &&Relay| matches!(relay.kind.value, RelayKind::Onu | RelayKind::HomeGateway);
    for relay in site.relays.iter().filter(ends_a_line) {
        if relay.zones.is_empty() || relay.zones.iter().any(|zone| zone.value == ONU) {
            continue;
        }
        found.push(
            Diagnostic::error(
                codes::LINE_ELSEWHERE,
                text!(
                    ja: "回線の終端 `{relay}` が `onu` につながっていません",
                    en: "a line ends at `{relay}`, which is not on `onu`",
                    relay = relay.name.value,
                ),
            )
            .at(relay.zones.first().map_or(relay.name.span, |zone| zone.span))
            .because(text!(
                ja: "その先は外部ですが、外部があるのはゾーン `onu` だけなので、ここから入れるかを\
                     判定できません",
                en: "the outside stands behind it, and that is at `onu` only; whether somebody \
                     comes in here cannot be judged",
            ))
            .advise(text!(
                ja: "回線につながっているなら `zones` に `onu` も書いてください（2 本目の回線も同じ\
                     です）。回線のない機器なら `kind` を直してください",
                en: "if it is on the line, write `onu` into `zones` too, also for a second line; \
                     if no line ends there, correct `kind`",
            )),
        );
    }
}

/// Most addresses that all destinations together may have: a 64th of either Internet (IPv6 as far
/// as it is handed out, 2000::/3).
const WIDEST: [u128; 2] = [1 << (32 - 6), 1 << (128 - 3 - 6)];

pub(crate) fn wide_destinations(site: &Site, found: &mut Vec<Diagnostic>) {
    let all = site.destinations.iter().flat_map(|one| &one.addresses);
    for (widest, is_v4) in WIDEST.into_iter().zip([true, false]) {
        let own = all.clone().filter(|net| net.value.address().is_ipv4() == is_v4);
        let bits = if is_v4 { 32 } else { 128 };
        let size = |net: &Net| 1_u128.checked_shl(bits - u32::from(net.length()));
        let sum = own
            .clone()
            .fold(0_u128, |sum, net| sum.saturating_add(size(&net.value).unwrap_or(u128::MAX)));
        let Some(largest) = own.min_by_key(|net| net.value.length()).filter(|_| sum > widest)
        else {
            continue;
        };
        found.push(
            Diagnostic::error(
                codes::WIDE_DESTINATION,
                text!(
                    ja: "接続先のアドレスが広すぎます。最も広いのは `{net}` です",
                    en: "the destinations cover too many addresses; the widest is `{net}`",
                    net = largest.value,
                ),
            )
            .at(largest.span)
            .because(text!(
                ja: "インターネットの 64 分の 1 を超える範囲は、特定の接続先とは言えません",
                en: "more than a 64th of the Internet is no particular destination",
            ))
            .advise(text!(
                ja: "回線事業者や接続先の案内にある範囲だけを書いてください",
                en: "write only the ranges that the carrier or the destination has told",
            )),
        );
    }
}

fn relay_loops(site: &Site, found: &mut Vec<Diagnostic>) {
    // Zones are the vertices of a forest; a relay that joins two of one tree closes a loop.
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut parents: Vec<usize> = Vec::new();
    let mut vertex = |zone| {
        *numbers.entry(zone).or_insert_with(|| {
            parents.push(parents.len());
            parents.len() - 1
        })
    };
    let joined: Vec<Vec<_>> = site
        .relays
        .iter()
        .map(|relay| relay.zones.iter().map(|zone| vertex(zone.value.as_str())).collect())
        .collect();
    for (relay, vertices) in site.relays.iter().zip(joined) {
        let Some(first) = relay.zones.first() else { continue };
        for (zone, at) in relay.zones.iter().zip(&vertices).skip(1) {
            let (one, two) = (root_of(&mut parents, vertices[0]), root_of(&mut parents, *at));
            if one != two {
                parents[two] = one;
                continue;
            }
            if zone.value == first.value {
                continue;
            }
            found.push(
                Diagnostic::warning(
                    codes::RELAY_LOOP,
                    text!(
                        ja: "`{relay}` で `{first}` と `{zone}` がもう一度つながり、輪になってい\
                             ます",
                        en: "`{relay}` joins `{first}` and `{zone}` a second time and closes a \
                             loop",
                        relay = relay.name.value, first = first.value, zone = zone.value,
                    ),
                )
                .at(zone.span)
                .advise(text!(
                    ja: "配線を確かめ、余分な接続を外すか `zones` を直してください",
                    en: "check the cabling; unplug the extra connection or correct `zones`",
                )),
            );
        }
    }
}

/// The root of the tree that holds `at`; shortens the way to it.
fn root_of(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

fn self_services(site: &Site, names: &Names, found: &mut Vec<Diagnostic>) {
    for service in &site.services {
        let name = &service.to.value;
        if service.from.value == *name && names.machines.contains(name) {
            found.push(
                Diagnostic::error(
                    codes::SELF_SERVICE,
                    text!(
                        ja: "通信の両端がどちらも `{name}` です",
                        en: "both ends of a service are `{name}`",
                        name = name,
                    ),
                )
                .at(service.to.span)
                .also(service.from.span, text!(ja: "開始する側です", en: "the side that opens it"))
                .advise(text!(
                    ja: "相手の機器に直すか、この `[[service]]` を消してください",
                    en: "name the other machine, or remove this `[[service]]`",
                )),
            );
        }
    }
}

fn tunnels(site: &Site, found: &mut Vec<Diagnostic>) {
    let lines = site.standing.iter().map(|line| (line.name.value.as_str(), line));
    let lines: BTreeMap<&str, &Standing> = lines.collect();
    for router in &site.routers {
        for tunnel in &router.tunnels {
            let Some(standing) = lines.get(tunnel.standing.value.as_str()) else { continue };
            let (router_name, interface) = (&router.name.value, &tunnel.name.value);
            if standing.router.value == *router_name && standing.interface.value == *interface {
                continue;
            }
            found.push(
                Diagnostic::error(
                    codes::TUNNEL_MISMATCH,
                    text!(
                        ja: "`{router}` の `{interface}` は `{line}` ですが、`{line}` は \
                             `{other}` の `{port}` にあります",
                        en: "`{interface}` of `{router}` is `{line}`, but `{line}` is on \
                             `{port}` of `{other}`",
                        router = router_name, interface = interface, line = standing.name.value,
                        other = standing.router.value, port = standing.interface.value,
                    ),
                )
                .at(tunnel.standing.span)
                .also(
                    standing.interface.span,
                    text!(ja: "もう一方の記述です", en: "the other half"),
                )
                .advise(text!(
                    ja: "`[standing]` と `tunnels` のどちらかを直してください",
                    en: "correct either `[standing]` or `tunnels`",
                )),
            );
        }
    }
}

/// Interfaces that are a session of the router and a line of somebody else in one.
fn standing_sessions(site: &Site, found: &mut Vec<Diagnostic>) {
    for standing in &site.standing {
        let owner = site.routers.iter().find(|one| one.name.value == standing.router.value);
        let sessions = owner.into_iter().flat_map(|router| &router.sessions);
        let mut same = sessions.filter(|one| one.name.value == standing.interface.value);
        let Some(session) = same.next() else { continue };
        found.push(
            Diagnostic::error(
                codes::STANDING_ON_SESSION,
                text!(
                    ja: "`{router}` の `{interface}` が `sessions` と `[standing.{line}]` の両方に\
                         あります",
                    en: "`{interface}` of `{router}` is both under `sessions` and \
                         `[standing.{line}]`",
                    router = standing.router.value, interface = standing.interface.value,
                    line = standing.name.value,
                ),
            )
            .at(standing.interface.span)
            .also(session.name.span, text!(ja: "もう一方の記述です", en: "the other entry"))
            .advise(text!(
                ja: "相手が網なら `[standing]` を、他社の回線なら `sessions` の項目を消して\
                     ください",
                en: "remove the `[standing]` if a network is at its other end, or the entry of \
                     `sessions` if it is somebody else's line",
            )),
        );
    }
}

fn empty_zones(site: &Site, found: &mut Vec<Diagnostic>) {
    let ports = site.routers.iter().flat_map(|router| &router.ports).flat_map(|port| &port.zones);
    let nics = site.machines.iter().flat_map(|machine| &machine.nics).map(|nic| &nic.value.zone);
    let used: BTreeSet<&str> = ports.chain(nics).map(|zone| zone.value.as_str()).collect();
    for zone in site.zones.iter().filter(|zone| zone.name.value != ONU) {
        if used.contains(zone.name.value.as_str()) {
            continue;
        }
        found.push(
            Diagnostic::warning(
                codes::EMPTY_ZONE,
                text!(
                    ja: "ゾーン `{zone}` には機器もルータのポートもありません",
                    en: "no machine and no port of a router is in the zone `{zone}`",
                    zone = zone.name.value,
                ),
            )
            .at(zone.name.span)
            .advise(text!(
                ja: "機器の `nics` かルータの `ports` に書くか、ゾーンを消してください",
                en: "name it in `nics` or `ports`, or remove it",
            )),
        );
    }
}

/// Zones with machines from which nothing leads elsewhere. A site of one zone without any router
/// is told by its routers.
fn island_zones(site: &Site, found: &mut Vec<Diagnostic>) {
    let ports = site.routers.iter().flat_map(|router| &router.ports).flat_map(|port| &port.zones);
    let relays = site.relays.iter().flat_map(|relay| &relay.zones);
    let joined: BTreeSet<&str> = ports.chain(relays).map(|zone| zone.value.as_str()).collect();
    let is_in =
        |machine: &Machine, zone: &str| machine.nics.iter().any(|nic| nic.value.zone.value == zone);
    // A router that is named as its way out is told where it is named.
    let names_a_router = |nic: &Nic| {
        let hops = nic.gateway.iter().chain(nic.routes.iter().map(|route| &route.value.via));
        hops.map(|hop| &hop.value).any(|hop| matches!(hop, Hop::Router(_)))
    };
    let leads_on = |machine: &Machine, zone: &str| {
        let mut nics = machine.nics.iter().map(|nic| &nic.value);
        nics.any(|nic| nic.zone.value != zone || names_a_router(nic))
    };
    for zone in site.zones.iter().filter(|zone| zone.name.value != ONU) {
        let name = zone.name.value.as_str();
        let mut inside = site.machines.iter().filter(|machine| is_in(machine, name)).peekable();
        let Some(machine) = inside.peek().map(|machine| &machine.name) else { continue };
        if joined.contains(name) || inside.any(|machine| leads_on(machine, name)) {
            continue;
        }
        found.push(
            Diagnostic::error(
                codes::ISLAND_ZONE,
                text!(
                    ja: "ゾーン `{zone}` から外へつながるものがありません",
                    en: "nothing leads out of the zone `{zone}`",
                    zone = name,
                ),
            )
            .at(zone.name.span)
            .also(machine.span, text!(ja: "このゾーンの機器です", en: "a machine in it"))
            .advise(text!(
                ja: "つながるルータのポートを `ports` に書いてください。同じ LAN なら、\
                     機器の `zone` をその LAN のゾーンにしてください",
                en: "name the router's port under `ports`; if it is the same LAN as another zone, \
                     put the machine into that one",
            )),
        );
    }
}

fn routers_without_config(site: &Site, found: &mut Vec<Diagnostic>) {
    for router in site.routers.iter().filter(|router| router.config.is_empty()) {
        found.push(
            Diagnostic::warning(
                codes::ROUTER_WITHOUT_CONFIG,
                text!(
                    ja: "ルータ `{router}` の設定ファイルが指定されていません",
                    en: "the router `{router}` names no configuration file",
                    router = router.name.value,
                ),
            )
            .at(router.name.span)
            .because(text!(
                ja: "設定がなければ、このルータを通る通信について何も証明できません",
                en: "without it, nothing can be proved about what passes the router",
            ))
            .advise(text!(
                ja: "`config = \"{router}.conf\"` のように加えてください",
                en: "add it, for example `config = \"{router}.conf\"`",
                router = router.name.value,
            )),
        );
    }
}

fn shared_configs(site: &Site, found: &mut Vec<Diagnostic>) {
    for (place, router) in site.routers.iter().enumerate() {
        let Some(config) = router.config.first() else { continue };
        let Some(other) = site.routers[..place].iter().find(|one| one.has_config_of(router)) else {
            continue;
        };
        found.push(
            Diagnostic::error(
                codes::SHARED_CONFIG,
                text!(
                    ja: "`{router}` の設定ファイルが `{other}` と同じです",
                    en: "`{router}` names the same configuration files as `{other}`",
                    router = router.name.value, other = other.name.value,
                ),
            )
            .at(config.span)
            .also(other.name.span, text!(ja: "同じファイルのルータ", en: "the other router"))
            .because(text!(
                ja: "`{router}` の実際の設定は読まれていないため、このルータについては何も証明し\
                     ません",
                en: "the configuration of `{router}` itself was not read, so nothing is proved \
                     about it",
                router = router.name.value,
            ))
            .advise(text!(
                ja: "それぞれのルータから取り出したファイルを指定してください",
                en: "name the files that were taken from each router",
            )),
        );
    }
}

fn shared_roles(site: &Site, found: &mut Vec<Diagnostic>) {
    let known = |router: &Router| router.role.filter(|role| role.value != RouterRole::Other);
    for (place, router) in site.routers.iter().enumerate() {
        let Some(role) = known(router) else { continue };
        let is_same = |one: &&Router| known(one).is_some_and(|other| other.value == role.value);
        let Some(other) = site.routers[..place].iter().find(is_same) else { continue };
        found.push(
            Diagnostic::warning(
                codes::SHARED_ROLE,
                text!(
                    ja: "`{router}` と `{other}` が同じ役割になっています",
                    en: "`{router}` has the same role as `{other}`",
                    router = router.name.value, other = other.name.value,
                ),
            )
            .at(role.span)
            .also(other.name.span, text!(ja: "同じ役割のルータ", en: "the other router"))
            .advise(text!(
                ja: "どちらかの `role` を直してください。予備機など、ルータA でもルータB でもない\
                     ものは `other` です",
                en: "correct one `role`; what is neither Router A nor Router B is `other`",
            )),
        );
    }
}

fn lonely_machines(site: &Site, found: &mut Vec<Diagnostic>) {
    for machine in site.machines.iter().filter(|machine| machine.nics.is_empty()) {
        found.push(
            Diagnostic::warning(
                codes::MACHINE_WITHOUT_NIC,
                text!(
                    ja: "機器 `{machine}` はどのゾーンにもつながっていません",
                    en: "the machine `{machine}` is in no zone",
                    machine = machine.name.value,
                ),
            )
            .at(machine.name.span)
            .advise(text!(
                ja: "`nics = [{{ zone = \"NAME\" }}]` のように加えてください",
                en: "add an interface, such as `nics = [{{ zone = \"NAME\" }}]`",
            )),
        );
    }
}
