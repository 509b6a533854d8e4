//! Services of the router itself and the choice of name servers.

use std::net::IpAddr;

use diag::{Diagnostic, text};
use model::{
    Asking, Effect, Effects, Family, InterfaceIndex, Match, NameRule, Net, Origin, Ranges, Service,
    ServiceKind, protocol,
};

use super::super::assumptions::Y_A6;
use super::super::config::{Hosts, IfName, ServiceName};
use super::{Lowering, not_modelled};

/// Initial values of a service.
struct Defaults {
    name: ServiceName,
    word: &'static str,
    kind: ServiceKind,
    /// Protocol and port.
    ports: &'static [(u8, u16)],
    runs: bool,
    host: Host,
}

/// Who may use a service by default.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    Any,
    Lan,
    None,
}

const TCP: u8 = protocol::TCP;
const UDP: u8 = protocol::UDP;

/// Initial values.
///
/// # Source
/// Command reference 12.01, sections 4.38–40, 4.54, 4.65–67, 24, 33.2; SNTP from general
/// knowledge, not re-read.
const DEFAULTS: &[Defaults] = &[
    service(ServiceName::Telnet, "telnet", ServiceKind::Management, &[(TCP, 23)], true, Host::Any),
    service(ServiceName::Ssh, "ssh", ServiceKind::Management, &[(TCP, 22)], false, Host::Any),
    service(ServiceName::Sftp, "sftp", ServiceKind::Management, &[(TCP, 22)], true, Host::None),
    service(ServiceName::Http, "http", ServiceKind::Management, &[(TCP, 80)], true, Host::Lan),
    service(ServiceName::Tftp, "tftp", ServiceKind::Management, &[(UDP, 69)], true, Host::None),
    service(ServiceName::Snmp, "snmp", ServiceKind::Management, &[(UDP, 161)], true, Host::None),
    service(ServiceName::SnmpV2c, "snmp", ServiceKind::Management, &[(UDP, 161)], true, Host::None),
    service(ServiceName::SnmpV3, "snmp", ServiceKind::Management, &[(UDP, 161)], true, Host::None),
    service(ServiceName::Dns, "dns", ServiceKind::Names, &[(UDP, 53), (TCP, 53)], true, Host::Any),
    service(ServiceName::Sntp, "sntp", ServiceKind::Other, &[(UDP, 123)], true, Host::Lan),
    service(ServiceName::Dhcp, "dhcp", ServiceKind::Other, &[(UDP, 67)], false, Host::Any),
    service(ServiceName::Dhcpv6, "dhcpv6", ServiceKind::Other, &[(UDP, 547)], false, Host::Any),
    service(ServiceName::L2tp, "l2tp", ServiceKind::Other, &[(UDP, 1701)], false, Host::Any),
    service(ServiceName::Pptp, "pptp", ServiceKind::Other, &[(TCP, 1723)], false, Host::Any),
];

const fn service(
    name: ServiceName,
    word: &'static str,
    kind: ServiceKind,
    ports: &'static [(u8, u16)],
    runs: bool,
    host: Host,
) -> Defaults {
    Defaults { name, word, kind, ports, runs, host }
}

impl Lowering<'_> {
    pub(super) fn services(&mut self) {
        for defaults in DEFAULTS {
            let service = self.service(defaults);
            self.node.services.extend(service);
        }
        self.absent_hosts();
        self.dhcp_relay();
        let ipsec = self.settings.interfaces.values().find_map(|one| one.ipsec);
        if let Some((_, span)) = ipsec {
            self.node.services.push(ike(span));
        }
        let lists = self.settings.lists.values().map(|(_, line)| *line);
        let sets = self.settings.applied_sets.values().map(|(_, line)| *line);
        let first = lists.chain(sets).min();
        if let (Some(line), false) = (first, self.node.services.is_empty()) {
            self.assume(&Y_A6, line);
        }
    }

    /// Requests that are handed on are packets of the router itself, which NAT is not made for.
    ///
    /// # Source
    /// Command reference 12.01, section 12.1.1: no NAT beside a relay.
    fn dhcp_relay(&mut self) {
        let Some(line) = self.settings.dhcp_relay else { return };
        if self.settings.nat_uses.is_empty() {
            return;
        }
        let what = text!(ja: "NAT と併用する DHCP リレー", en: "DHCP relay beside NAT");
        self.say(not_modelled(&what, line));
        let effects = Effects::of(&[Effect::Translate, Effect::Permit, Effect::Deny]);
        self.scoped_gap(line, what, effects, None, Some(Family::V4));
    }

    /// A service for an interface that is not there: the router may refuse the line, and keep what
    /// held before it.
    fn absent_hosts(&mut self) {
        let all = self.settings.services.values().flat_map(|one| &one.hosts);
        let absent =
            all.flat_map(|(hosts, line)| hosts.interfaces.iter().map(move |name| (*name, *line)));
        let absent: Vec<_> = absent.filter(|(name, _)| !self.index.contains_key(name)).collect();
        for (name, line) in absent {
            self.say(
                Diagnostic::error(
                    "R137",
                    text!(ja: "{name} はありません", en: "there is no {name}", name = name),
                )
                .at(line)
                .because(text!(
                    ja: "ルータがこの行を受け付けなければ、それまでの設定や初期値のままです",
                    en: "if the router refuses the line, what held before it still holds",
                )),
            );
            let what = text!(
                ja: "このルータにないインターフェース",
                en: "an interface that the router does not have",
            );
            self.gap(line, what, Effects::of(&[Effect::Manage, Effect::Resolve]));
        }
    }

    /// Name servers that DHCP names to hosts, if they are others than this router.
    fn told_servers(&mut self) {
        for (servers, line) in self.settings.told_servers.clone() {
            let mut own = self.node.interfaces.iter().flat_map(|one| &one.addresses);
            let own: Vec<IpAddr> =
                own.by_ref().filter_map(|one| Some(one.net?.address())).collect();
            if servers.iter().all(|server| own.contains(&IpAddr::V4(*server))) {
                continue;
            }
            let what = text!(
                ja: "端末に知らせる DNS サーバ", en: "the name servers that hosts are told",
            );
            self.say(not_modelled(&what, line));
            self.gap(line, what, Effects::of(&[Effect::Resolve]));
        }
    }

    /// `defaults` with what is written, one for each line that says who may use it; empty if
    /// nobody can.
    fn service(&self, defaults: &Defaults) -> Vec<Service> {
        let said = self.settings.services.get(&defaults.name);
        let runs = said.and_then(|one| one.runs);
        if !runs.map_or(defaults.runs, |(runs, _)| runs) {
            return Vec::new();
        }
        let port = said.and_then(|one| one.port).map(|(port, _)| port);
        let hosts = said.map(|one| one.hosts.as_slice()).unwrap_or_default();
        if hosts.is_empty() {
            let hosts = match defaults.host {
                Host::Any => Hosts { any: true, ..Hosts::default() },
                Host::Lan => Hosts { lan: true, ..Hosts::default() },
                Host::None => return Vec::new(),
            };
            let origin = match runs {
                Some((_, span)) => Origin::Implied(span, default_host(defaults)),
                None => Origin::Default(default_host(defaults)),
            };
            return self.admitting(defaults, &hosts, port, origin).into_iter().collect();
        }
        let lines = hosts.iter();
        lines
            .filter_map(|(hosts, span)| {
                self.admitting(defaults, hosts, port, Origin::Written(*span))
            })
            .collect()
    }

    /// `defaults` for those that `hosts` names; `None` if they are nobody.
    fn admitting(
        &self,
        defaults: &Defaults,
        hosts: &Hosts,
        port: Option<u16>,
        origin: Origin,
    ) -> Option<Service> {
        let sources = self.sources(hosts);
        let mut admits = Vec::new();
        for source in sources {
            for (number, default_port) in defaults.ports {
                admits.push(Match {
                    protocol: Some(Ranges::one(*number)),
                    destination_port: Some(Ranges::one(port.unwrap_or(*default_port))),
                    ..source.clone()
                });
            }
        }
        (!admits.is_empty()).then_some(Service {
            name: defaults.word.to_owned(),
            kind: defaults.kind,
            admits,
            origin,
        })
    }

    /// Where packets may come from.
    fn sources(&self, hosts: &Hosts) -> Vec<Match> {
        if hosts.any {
            return vec![Match::any()];
        }
        let mut found = Vec::new();
        for (family, ranges) in [(Family::V4, &hosts.v4), (Family::V6, &hosts.v6)] {
            if !ranges.is_empty() {
                found.push(Match { source: Some(ranges.clone()), ..Match::family(family) });
            }
        }
        let names: Vec<IfName> = self
            .index
            .keys()
            .copied()
            .filter(|name| (hosts.lan && name.is_lan_side()) || hosts.interfaces.contains(name))
            .collect();
        for name in names {
            found.extend(self.of_interface(name));
        }
        found
    }

    /// Hosts of the networks of an interface.
    fn of_interface(&self, name: IfName) -> Vec<Match> {
        let Some(index) = self.interface(name) else { return Vec::new() };
        let interface = self.node.interface(index);
        let mut found = Vec::new();
        let nets = || interface.addresses.iter().filter_map(|one| one.net);
        for net in nets().filter(|net| net.family() == Family::V4) {
            let (low, high) = net.bounds();
            // The network's own address and its broadcast are no hosts.
            let ranges =
                if net.length() < 31 { Ranges::span(low + 1, high - 1) } else { net.ranges() };
            found.push(Match { source: Some(ranges), ..Match::family(Family::V4) });
        }
        for net in nets().filter(|net| net.family() == Family::V6) {
            found.push(Match { source: Some(net.ranges()), ..Match::family(Family::V6) });
        }
        // A prefix that is learned, and link-local addresses: whatever comes in there.
        found.push(Match { in_interfaces: Some(vec![index]), ..Match::family(Family::V6) });
        found
    }

    /// LAN interfaces whose hosts are told no name server: neither DHCP nor advertisements do.
    fn silent(&mut self) {
        let dhcp = self.settings.services.get(&ServiceName::Dhcp).and_then(|one| one.runs);
        let leases = dhcp.is_some_and(|(runs, _)| runs);
        // Addresses are handed out of the networks of the interface only.
        let serves = |index: InterfaceIndex| {
            let nets = self.node.interface(index).addresses.iter().filter_map(|one| one.net);
            leases && nets.map(Net::family).any(|family| family == Family::V4)
        };
        let names = self.index.iter().filter(|(name, _)| name.is_lan_side());
        let silent =
            names.filter(|(name, index)| !self.announces_by_dhcp(**name) && !serves(**index));
        self.node.tells_no_names = silent.map(|(_, index)| *index).collect();
    }

    pub(super) fn names(&mut self) {
        self.silent();
        self.told_servers();
        for (own, line) in self.settings.own_names.clone() {
            self.node.name_rules.push(NameRule {
                types: vec![own.kind.to_owned()],
                suffix: own.name.clone(),
                servers: Vec::new(),
                edns: true,
                asking: Asking::Nobody,
                origin: Origin::Written(line),
            });
        }
        let selects: Vec<_> = self.settings.dns_selects.values().copied().collect();
        for (select, line) in selects {
            // Which names a pattern stands for is written nowhere: some of those below its end.
            let is_pattern = select.query.contains('*') && select.asking == Asking::Always;
            self.node.name_rules.push(NameRule {
                types: vec![select.kind.clone()],
                suffix: suffix(&select.query).to_owned(),
                servers: select.servers.addresses(),
                edns: select.servers.has_edns(),
                asking: if is_pattern { Asking::Perhaps } else { select.asking },
                origin: Origin::Written(line),
            });
        }
        if let Some((servers, line)) = self.settings.dns_servers {
            self.node.name_rules.push(NameRule {
                types: vec!["any".to_owned()],
                suffix: ".".to_owned(),
                servers: servers.addresses(),
                edns: servers.has_edns(),
                asking: Asking::Always,
                origin: Origin::Written(line),
            });
        }
    }
}

/// The suffix of names without the dot that ends a full name; of a pattern the labels that follow
/// its last `*`.
fn suffix(query: &str) -> &str {
    if let Some((_, end)) = query.rsplit_once('*') {
        return end.split_once('.').map_or(".", |(_, below)| suffix(below));
    }
    match query.strip_suffix('.') {
        Some("") | None => query,
        Some(rest) => rest,
    }
}

fn default_host(defaults: &Defaults) -> diag::Text {
    let host = match defaults.host {
        Host::Any => "any",
        Host::Lan => "lan",
        Host::None => "none",
    };
    text!(
        ja: "{name} サービスは初期値で動作し、利用できるホストの初期値は {host} です",
        en: "{name} runs by default and admits {host} by default",
        name = defaults.word, host = host,
    )
}

/// An IPsec tunnel answers key exchange from anywhere.
fn ike(span: diag::Span) -> Service {
    let udp = |port: u16| Match {
        protocol: Some(Ranges::one(UDP)),
        destination_port: Some(Ranges::one(port)),
        ..Match::any()
    };
    let esp = Match { protocol: Some(Ranges::one(50_u8)), ..Match::any() };
    Service {
        name: "ike".to_owned(),
        kind: ServiceKind::Other,
        admits: vec![udp(500), udp(4500), esp],
        origin: Origin::Implied(
            span,
            text!(
                ja: "IPsec トンネルは鍵交換に応答します",
                en: "an IPsec tunnel answers key exchange",
            ),
        ),
    }
}
