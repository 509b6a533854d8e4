//! The settings that hold after all statements: a later command of the same kind takes the
//! place of an earlier one, `no` takes it away. Still the vendor's words, still no default.

mod dial_in;
mod interface;
mod ipsec;
mod nat;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use diag::{Diagnostic, Span, Text, text};
use model::{Family, Net, Ranges};

use self::dial_in::DialInSettings;
pub(crate) use self::interface::InterfaceSettings;
pub(crate) use self::ipsec::GatewaySettings;
use self::ipsec::IpsecSettings;
pub(crate) use self::nat::NatSettings;
use super::config::{
    AddressWord, Body, Command, Direction, Division, DnsSelect, DnsServers, Dynamic, Filter,
    FilterKind, Forward, Hosts, IfName, NoAddress, NumberList, OwnName, PrefixWord, RouteCommand,
    RtxConfig, SecureWord, ServiceName, ServiceWord, Statement,
};

/// Something and the command that says it.
pub(crate) type Said<T> = (T, Span);

/// All settings.
#[derive(Default)]
pub(crate) struct Settings<'c> {
    pub(crate) filters: BTreeMap<(Family, u32), Said<&'c Filter>>,
    pub(crate) dynamics: BTreeMap<(Family, u32), Said<&'c Dynamic>>,
    pub(crate) unreadable: BTreeSet<(FilterKind, Family, u32)>,
    /// Each direction of a set has a list of its own; a later line replaces those that it names.
    pub(crate) sets: BTreeMap<(Family, String), BTreeMap<Direction, &'c NumberList>>,
    pub(crate) lists: BTreeMap<(IfName, Family, Direction), Said<&'c NumberList>>,
    pub(crate) applied_sets: BTreeMap<(IfName, Family), Said<(&'c str, Span)>>,
    pub(crate) routing: [Option<Said<bool>>; 2],
    pub(crate) interfaces: BTreeMap<IfName, InterfaceSettings>,
    /// Numbers of the prefixes that interfaces advertise.
    pub(crate) advertised: BTreeMap<IfName, Said<&'c [u32]>>,
    pub(crate) nat_uses: BTreeMap<IfName, Said<&'c [(u32, Span)]>>,
    pub(crate) nats: BTreeMap<u32, NatSettings<'c>>,
    pub(crate) routes: BTreeMap<Net, Said<&'c RouteCommand>>,
    pub(crate) forwards: BTreeMap<(Family, u32), BTreeMap<u32, Said<&'c Forward>>>,
    pub(crate) forward_uses: BTreeMap<(Family, Option<IfName>), Said<u32>>,
    pub(crate) pass_through: Option<Said<&'c [(IfName, Span)]>>,
    pub(crate) ethertypes: BTreeMap<u32, Said<&'c Ranges>>,
    pub(crate) lan_members: BTreeMap<u32, Said<&'c [(IfName, Span)]>>,
    pub(crate) bridges: BTreeMap<IfName, Said<&'c [(IfName, Span)]>>,
    /// What the `lan type` lines of a LAN say about its ports, in order: the option and the line.
    pub(crate) lan_types: BTreeMap<u16, Vec<(Division, Span, Span)>>,
    /// LANs of which one port gets the frames of others.
    pub(crate) mirrored: BTreeMap<u16, Span>,
    pub(crate) tags: BTreeMap<IfName, Said<u16>>,
    pub(crate) mappings: BTreeMap<IfName, Said<IfName>>,
    pub(crate) learned: BTreeMap<IfName, Span>,
    /// Interfaces on which hosts are told to ask DHCPv6.
    pub(crate) tells_of_dhcp: BTreeSet<IfName>,
    /// Interfaces whose advertisements name servers, and the words.
    pub(crate) tells_names: BTreeMap<IfName, Span>,
    pub(crate) dhcpv6_servers: BTreeSet<IfName>,
    /// Whether the client of an interface asks for a prefix.
    pub(crate) dhcpv6_clients: BTreeMap<IfName, bool>,
    /// `ip keepalive` by number.
    pub(crate) keepalives: BTreeSet<(Family, u32)>,
    pub(crate) prefixes: BTreeMap<u32, Said<PrefixWord>>,
    pub(crate) services: BTreeMap<ServiceName, ServiceSettings<'c>>,
    pub(crate) dns_servers: Option<Said<&'c DnsServers>>,
    pub(crate) dns_selects: BTreeMap<u32, Said<&'c DnsSelect>>,
    /// Names that the router answers itself.
    pub(crate) own_names: Vec<Said<&'c OwnName>>,
    /// Name servers that hosts are told by DHCP.
    pub(crate) told_servers: Vec<Said<&'c [Ipv4Addr]>>,
    /// LANs that have sockets.
    pub(crate) flexible: Option<Said<&'c [u16]>>,
    /// LANs of which ports are joined to each other.
    pub(crate) aggregated: Vec<Said<&'c [u16]>>,
    pub(crate) ipsec: IpsecSettings<'c>,
    pub(crate) dial_in: DialInSettings<'c>,
    pub(crate) dhcp_relay: Option<Span>,
    /// Interfaces on which the router answers ARP for others.
    pub(crate) proxy_arp: BTreeMap<IfName, Span>,
    /// `ip icmp unreachable send off`.
    pub(crate) untold: Option<Span>,
    /// Whether an interface limits the size of TCP segments.
    pub(crate) mss_limits: BTreeMap<(Family, IfName), bool>,
    /// Sessions that do not limit it although PPPoE does by default.
    pub(crate) pppoe_mss_unlimited: BTreeSet<IfName>,
    /// Commands that take back what is not there.
    pub(crate) doubts: Vec<Said<Text>>,
    /// Remarks about commands that replace others.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What is said about one service.
#[derive(Default)]
pub(crate) struct ServiceSettings<'c> {
    pub(crate) runs: Option<Said<bool>>,
    /// The line that says who may use it, or all of them where they add up.
    pub(crate) hosts: Vec<Said<&'c Hosts>>,
    pub(crate) port: Option<Said<u16>>,
}

/// The settings that hold after all statements of `config`.
pub(crate) fn settle(config: &RtxConfig) -> Settings<'_> {
    let mut settings = Settings::default();
    for statement in &config.statements {
        match &statement.body {
            Body::Command(command) => settings.apply(command, statement),
            Body::Irrelevant => {}
            Body::Unmodelled(gap) => {
                settings.unreadable.extend(gap.defines);
                if let Some(name) = gap.interface {
                    settings.interface(name, statement.span);
                }
            }
        }
    }
    settings
}

impl<'c> Settings<'c> {
    /// The settings of `name`, which `span` mentions.
    fn interface(&mut self, name: IfName, span: Span) -> &mut InterfaceSettings {
        self.interfaces.entry(name).or_insert_with(|| InterfaceSettings::new(span))
    }

    fn used(&mut self, name: IfName, span: Span) -> &mut InterfaceSettings {
        let interface = self.interface(name, span);
        interface.is_used = true;
        interface
    }

    fn apply(&mut self, command: &'c Command, statement: &Statement) {
        let span = statement.span;
        match command {
            Command::Filter(_)
            | Command::Dynamic(_)
            | Command::FilterSet(_)
            | Command::NoFilter(..)
            | Command::SecureFilter(_)
            | Command::NoSecureFilter(..) => {
                self.apply_filter(command, span);
            }
            Command::Route(_)
            | Command::NoRoute(_)
            | Command::Forward(_)
            | Command::ApplyForward(..)
            | Command::Keepalive(..)
            | Command::Routing(..) => self.apply_route(command, span),
            Command::Nat(id, word) => self.nats.entry(*id).or_default().apply(word, span),
            Command::Ipsec(word) => self.ipsec.apply(word, span),
            Command::DialIn(word) => {
                let name = self.dial_in.apply(word, span);
                name.map(|name| self.used(name, span));
            }
            Command::Service(name, word) => self.apply_service(*name, word, span),
            Command::PppoePassThrough(_)
            | Command::LanEthertype(..)
            | Command::LanPassThrough(..)
            | Command::BridgeMember(..)
            | Command::LanType(..)
            | Command::PortMirroring(_)
            | Command::PortMapping(..)
            | Command::Aggregation(_)
            | Command::FlexiblePort(_)
            | Command::TaggedVlan(..) => self.apply_layer2(command, span),
            Command::Prefix(number, word) => {
                self.prefixes.insert(*number, (*word, span));
                if let Some((from, _)) = word.source() {
                    self.learned.insert(from, span);
                    self.used(from, span);
                }
            }
            Command::DnsServer(servers) => self.dns_servers = Some((servers, span)),
            Command::DnsSelect(select) => {
                self.dns_selects.insert(select.number, (select, span));
            }
            Command::OwnName(name) => self.own_names.push((name, span)),
            Command::TellsServers(servers) => self.told_servers.push((servers, span)),
            Command::Unreachable(is_sent) => self.untold = (!is_sent).then_some(span),
            Command::MssLimit(family, name, is_limited) => {
                self.mss_limits.insert((*family, *name), *is_limited);
            }
            Command::NoPppoeMssLimit(name) => {
                self.pppoe_mss_unlimited.insert(*name);
            }
            Command::Plain | Command::Select(None) => {}
            other => self.apply_interface(other, span),
        }
    }

    /// What joins and divides segments.
    fn apply_layer2(&mut self, command: &'c Command, span: Span) {
        match command {
            Command::PppoePassThrough(members) => {
                self.pass_through = Some((members, span));
                self.mention(members, span);
            }
            Command::LanEthertype(id, types) => {
                self.ethertypes.insert(*id, (types, span));
            }
            Command::LanPassThrough(id, members) => {
                self.lan_members.insert(*id, (members, span));
                self.mention(members, span);
            }
            Command::BridgeMember(bridge, members) => {
                self.bridges.insert(*bridge, (members, span));
                self.used(*bridge, span);
                self.mention(members, span);
            }
            Command::LanType(id, division, option) => {
                if matches!(division, Division::Isolated | Division::Other) {
                    self.interface(IfName::Lan(*id), span);
                }
                self.lan_types.entry(*id).or_default().push((*division, *option, span));
            }
            Command::PortMirroring(id) => {
                self.mirrored.insert(*id, span);
            }
            Command::Aggregation(lans) => self.aggregated.push((lans, span)),
            Command::FlexiblePort(lans) => self.flexible = Some((lans, span)),
            Command::PortMapping(part, vlan) => {
                self.mappings.insert(*part, (*vlan, span));
                self.used(*vlan, span);
            }
            Command::TaggedVlan(name, tag) => {
                self.used(*name, span);
                self.tags.insert(*name, (*tag, span));
            }
            _ => {}
        }
    }

    fn mention(&mut self, members: &[(IfName, Span)], span: Span) {
        for (name, _) in members {
            self.used(*name, span);
        }
    }

    fn apply_interface(&mut self, command: &'c Command, span: Span) {
        match command {
            Command::Address(name, word) => self.give_address(*name, *word, span),
            Command::NoAddress(name, which) => self.take_address(*name, *which, span),
            Command::Advertise(name, said) => {
                self.used(*name, span);
                self.advertised.insert(*name, (&said.prefixes, span));
                match said.tells_names {
                    Some(word) => self.tells_names.insert(*name, word),
                    None => self.tells_names.remove(name),
                };
                if said.tells_of_dhcp {
                    self.tells_of_dhcp.insert(*name);
                } else {
                    self.tells_of_dhcp.remove(name);
                }
            }
            Command::RemoteAddress(name, address) => {
                self.used(*name, span).remote = Some((*address, span));
            }
            Command::ApplyNat(name, list) => {
                self.used(*name, span);
                self.nat_uses.insert(*name, (list, span));
            }
            Command::Select(Some(name)) => {
                self.interface(*name, span);
            }
            Command::Enable(name, on) => self.used(*name, span).enabled = Some((*on, span)),
            // Those that are mentioned later are not enabled yet.
            Command::DisableAll(is_meant) => {
                for (_, one) in self.interfaces.iter_mut().filter(|(name, _)| is_meant(**name)) {
                    one.enabled = Some((false, span));
                }
            }
            Command::AlwaysOn(name, on) => {
                self.interface(*name, span).always_on = on.then_some(span);
            }
            Command::PppoeUse(name, carrier) => {
                self.used(*name, span).carrier = Some((*carrier, span));
                self.used(*carrier, span);
            }
            // Users who dial in take an address and give none.
            Command::IpcpAddress(IfName::PpAnonymous, _) => {}
            Command::IpcpAddress(name, on) => {
                self.used(*name, span).ipcp = on.then_some(span);
            }
            Command::Authentication(name, word) => {
                self.used(*name, span).auth.insert(*word);
            }
            Command::IpsecTunnel(name, policy) => {
                self.used(*name, span).ipsec = Some((*policy, span));
            }
            Command::Encapsulation(name, word) => {
                self.interface(*name, span).encapsulation = Some((*word, span));
            }
            Command::Shutdown(name) => self.used(*name, span).shutdown = Some(span),
            Command::Dhcpv6Client(name, asks_for_prefix) => {
                self.used(*name, span);
                // One setting of an interface: what is written last holds.
                self.dhcpv6_servers.remove(name);
                self.dhcpv6_clients.insert(*name, *asks_for_prefix);
            }
            Command::Dhcpv6Server(name) => {
                self.dhcpv6_clients.remove(name);
                self.dhcpv6_servers.insert(*name);
                self.services.entry(ServiceName::Dhcpv6).or_default().runs = Some((true, span));
            }
            other => self.apply_way(other, span),
        }
    }

    /// Other ways than the written ones: backups, and what the router answers for others.
    fn apply_way(&mut self, command: &Command, span: Span) {
        match command {
            Command::Backup(name, target) => {
                self.interface(*name, span).backup = target.map(|target| (target, span));
            }
            Command::Needs(name) => {
                self.interface(*name, span).needs.get_or_insert(span);
            }
            Command::DhcpRelay => {
                self.services.entry(ServiceName::Dhcp).or_default().runs = Some((true, span));
                self.dhcp_relay = Some(span);
            }
            Command::ProxyArp(name, is_on) => {
                self.used(*name, span);
                match is_on {
                    true => self.proxy_arp.insert(*name, span),
                    false => self.proxy_arp.remove(name),
                };
            }
            _ => {}
        }
    }

    /// A first IPv4 address takes the place of the one before; others add up.
    fn give_address(&mut self, name: IfName, word: AddressWord, span: Span) {
        let addresses = &mut self.used(name, span).addresses;
        if is_first(word) {
            addresses.retain(|(one, _)| !is_first(*one));
        }
        if matches!(word, AddressWord::Secondary(_)) {
            addresses.retain(|(one, _)| !matches!(one, AddressWord::Secondary(_)));
        }
        addresses.retain(|(one, _)| *one != word);
        addresses.push((word, span));
    }

    /// `no … address`: only the address that it names goes.
    fn take_address(&mut self, name: IfName, which: NoAddress, span: Span) {
        let addresses = &mut self.interface(name, span).addresses;
        let before = addresses.len();
        addresses.retain(|(one, _)| match which {
            NoAddress::First => !is_first(*one),
            NoAddress::Secondary => !matches!(one, AddressWord::Secondary(_)),
            NoAddress::This(word) => *one != word,
        });
        if addresses.len() == before {
            let what = text!(
                ja: "設定されていないアドレスの取り消し",
                en: "an address taken back that was not set",
            );
            self.doubts.push((what, span));
        }
    }

    fn apply_filter(&mut self, command: &'c Command, span: Span) {
        match command {
            Command::Filter(filter) => {
                let key = (filter.family, filter.number);
                if let Some((_, before)) = self.filters.insert(key, (filter, span)) {
                    self.replaced(filter.number, filter.number_span, before);
                }
            }
            Command::Dynamic(dynamic) => {
                let key = (dynamic.family, dynamic.number);
                if let Some((_, before)) = self.dynamics.insert(key, (dynamic, span)) {
                    self.replaced(dynamic.number, dynamic.number_span, before);
                }
            }
            Command::FilterSet(set) => {
                let known = self.sets.entry((set.family, set.name.clone())).or_default();
                known.extend(set.lists.iter().map(|(direction, list)| (*direction, list)));
            }
            Command::NoFilter(kind, family, id) => {
                match kind {
                    FilterKind::Static => drop(self.filters.remove(&(*family, *id))),
                    FilterKind::Dynamic => drop(self.dynamics.remove(&(*family, *id))),
                }
                self.unreadable.remove(&(*kind, *family, *id));
            }
            Command::SecureFilter(secure) => {
                let (name, family) = (secure.interface, secure.family);
                self.used(name, span);
                match &secure.what {
                    SecureWord::List(direction, list) => {
                        self.lists.insert((name, family, *direction), (list, span));
                    }
                    SecureWord::Set(set, place) => {
                        self.applied_sets.insert((name, family), ((set, *place), span));
                    }
                }
            }
            Command::NoSecureFilter(family, name, direction) => match direction {
                Some(direction) => drop(self.lists.remove(&(*name, *family, *direction))),
                None => drop(self.applied_sets.remove(&(*name, *family))),
            },
            _ => {}
        }
    }

    fn replaced(&mut self, number: u32, now: Span, before: Span) {
        self.diagnostics.push(
            Diagnostic::note(
                "R125",
                text!(
                    ja: "フィルター {number} が重ねて定義されています（後の定義が有効です）",
                    en: "filter {number} is defined twice; the later definition holds",
                    number = number,
                ),
            )
            .at(now)
            .also(before, text!(ja: "前の定義", en: "the earlier definition")),
        );
    }

    fn apply_route(&mut self, command: &'c Command, span: Span) {
        match command {
            Command::Route(route) => {
                self.routes.insert(route.prefix, (route, span));
            }
            Command::NoRoute(prefix) => {
                self.routes.remove(&prefix.prefix());
            }
            Command::Forward(forward) => {
                let key = (forward.family, forward.set);
                self.forwards.entry(key).or_default().insert(forward.order, (forward, span));
            }
            Command::ApplyForward(family, name, set) => {
                if let Some(name) = name {
                    self.used(*name, span);
                }
                self.forward_uses.insert((*family, *name), (*set, span));
            }
            Command::Keepalive(family, id) => drop(self.keepalives.insert((*family, *id))),
            Command::Routing(family, on) => self.routing[*family as usize] = Some((*on, span)),
            _ => {}
        }
    }

    fn apply_service(&mut self, name: ServiceName, word: &'c ServiceWord, span: Span) {
        let service = self.services.entry(name).or_default();
        match word {
            ServiceWord::Runs(on) => service.runs = Some((*on, span)),
            ServiceWord::Hosts(hosts) => {
                if !name.collects_hosts() {
                    service.hosts.clear();
                }
                service.hosts.push((hosts, span));
            }
            ServiceWord::Port(port) => service.port = Some((*port, span)),
        }
    }
}

/// Whether it is the first IPv4 address of its interface.
fn is_first(word: AddressWord) -> bool {
    match word {
        AddressWord::Static(net) => net.family() == Family::V4,
        word => word == AddressWord::Dhcp,
    }
}

/// The family of an address.
pub(crate) fn family_of(word: AddressWord) -> Family {
    match word {
        AddressWord::Static(net) | AddressWord::Secondary(net) => net.family(),
        AddressWord::Dhcp => Family::V4,
        AddressWord::Auto | AddressWord::Delegated(..) => Family::V6,
    }
}
