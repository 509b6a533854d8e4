//! Whom the machines of the eligibility network ask for names, who answers, and which servers are
//! the right ones.

use std::net::IpAddr;

use design::{Destination, Ports, Server};
use diag::{Span, Text, text};
use model::{
    AddressSource, Asking, Family, Interface, NameRule, Net, Node, NodeId, ServiceKind, protocol,
};
use pack::Found;

use crate::house::{self, House};
use crate::judgement::Judgement;
use crate::{Rule, Scene, Who};

/// The port of name service.
const DOMAIN: u16 = 53;

/// A name to be asked for.
pub(crate) struct Wanted<'a> {
    pub(crate) host: &'a str,
    /// The type of the question, such as `aaaa`.
    pub(crate) kind: &'static str,
    pub(crate) destination: &'a Destination,
}

/// Whether a server is the one to ask for a name.
pub(crate) enum Standing {
    Right,
    /// It is not; why is said.
    Wrong(Text),
    /// Nothing says so; why, and what to ask.
    Open(Text),
}

/// Whom a machine asks.
pub(crate) struct Asked {
    pub(crate) machine: NodeId,
    pub(crate) server: Server,
    /// The address at which it asks, if the site file writes it.
    pub(crate) address: Option<IpAddr>,
    /// Where the site file says so; `None` if the machine learns it.
    pub(crate) span: Option<Span>,
}

impl Scene<'_> {
    /// The names of the eligibility network that the site file registers.
    pub(crate) fn wanted_names(&self) -> Vec<Wanted<'_>> {
        let destinations = self.blueprint.catalogue.destinations.iter();
        let mut wanted = Vec::new();
        for destination in destinations.filter(|one| self.name(one.net) == "eligibility-net") {
            for host in &destination.hosts {
                let host = host.trim_start_matches("*.");
                for family in self.families(destination) {
                    let kind = match family {
                        Family::V4 => "a",
                        Family::V6 => "aaaa",
                    };
                    wanted.push(Wanted { host, kind, destination });
                }
            }
        }
        wanted
    }

    /// The versions of IP by which a destination is reached; without addresses that of the line.
    fn families(&self, destination: &Destination) -> Vec<Family> {
        let has = |family: &Family| destination.addresses.iter().any(|net| net.family() == *family);
        let written: Vec<Family> = Family::ALL.into_iter().filter(has).collect();
        match (written.is_empty(), self.blueprint.eligibility_uses_pppoe) {
            (false, _) => written,
            (true, Some(false)) => vec![Family::V6],
            (true, Some(true) | None) => vec![Family::V4],
        }
    }

    /// Machines that have to ask for names of the eligibility network.
    fn askers(&self) -> Vec<NodeId> {
        let parties = &self.blueprint.parties;
        let others = parties.web_api.iter().filter(|one| !parties.terminals.contains(one));
        parties.terminals.iter().chain(others).copied().collect()
    }

    /// Whom each of these machines asks, and the machines of which that is not known.
    pub(crate) fn asked_for_names(&self) -> (Vec<Asked>, Vec<NodeId>) {
        let mut asked = Vec::new();
        let mut open = Vec::new();
        for machine in self.askers() {
            let own = self.blueprint.resolvers.iter().filter(|one| one.machine == machine);
            let mut found: Vec<Asked> = own
                .map(|one| {
                    let address = match one.server {
                        Server::Address(address) => Some(address),
                        Server::Router(_) => None,
                    };
                    let router = address.and_then(|address| self.router_with(address));
                    let server = router.map_or(one.server, Server::Router);
                    Asked { machine, server, address, span: Some(one.span) }
                })
                .collect();
            if found.is_empty() {
                let routers = self.announcing_routers(machine).into_iter();
                found.extend(routers.map(|router| Asked {
                    machine,
                    server: Server::Router(router),
                    address: None,
                    span: None,
                }));
            }
            if found.is_empty() {
                open.push(machine);
            }
            asked.extend(found);
        }
        (asked, open)
    }

    fn router_with(&self, address: IpAddr) -> Option<NodeId> {
        let routers = self.blueprint.parties.routers.iter();
        routers.copied().find(|router| self.node(*router).owns(address))
    }

    /// Routers that serve names where the machine takes its addresses from announcements.
    fn announcing_routers(&self, machine: NodeId) -> Vec<NodeId> {
        let learns = |one: &&Interface| {
            one.addresses.iter().any(|address| address.source != AddressSource::Static)
        };
        let own = self.node(machine).interfaces.iter().filter(learns);
        let segments: Vec<_> = own.filter_map(|one| one.segment).collect();
        let serves = |node: &Node| {
            let mut services = node.services.iter();
            services.any(|one| one.kind == ServiceKind::Names && !one.admits.is_empty())
        };
        let stands = |node: &Node| {
            node.interfaces().any(|(index, one)| {
                let is_here = one.segment.is_some_and(|own| segments.contains(&own));
                one.enabled && is_here && !node.tells_no_names.contains(&index)
            })
        };
        let routers = self.blueprint.parties.routers.iter().copied();
        routers.filter(|one| serves(self.node(*one)) && stands(self.node(*one))).collect()
    }

    /// Whether `server` is the one to ask for `wanted`, by the site file and the packs.
    pub(crate) fn standing(
        &self,
        house: &House<'_>,
        rule: &Rule,
        wanted: &Wanted<'_>,
        server: IpAddr,
    ) -> Standing {
        let nets: Vec<Net> = self.listed_name_servers(wanted.destination.net).collect();
        let is_whole = |net: &Net| net.length() == net.family().bits();
        let is_listed = nets.iter().any(|net| is_whole(net) && net.address() == server);
        let is_in_range = nets.iter().any(|net| net.contains(server));
        match house.library.of(rule).name_servers_of(wanted.host, house.today) {
            Found::Known(known) if known.answers_at(server) => Standing::Right,
            Found::Known(known) if is_in_range => Standing::Open(text!(
                ja: "パックでは {known} です。`[destinations]` の登録と食い違います",
                en: "a pack names {known}, the site file lists another",
                known = known.addresses.join(", "),
            )),
            Found::Known(known) => Standing::Wrong(text!(
                ja: "正しいサーバは {known} です", en: "the right servers are {known}",
                known = known.addresses.join(", "),
            )),
            Found::Disputed => Standing::Open(text!(
                ja: "この名前のサーバについて、事実が矛盾しています（R300）",
                en: "the facts about the servers of this name contradict each other (R300)",
            )),
            Found::Missing | Found::Hearsay(_) if is_listed => Standing::Right,
            Found::Missing | Found::Hearsay(_) if is_in_range => Standing::Open(text!(
                ja: "`[destinations]` には範囲だけがあり、サーバのアドレスがありません",
                en: "`[destinations]` lists a range and not the address of a server",
            )),
            Found::Missing | Found::Hearsay(_) if nets.is_empty() => Standing::Open(text!(
                ja: "この名前を引く DNS サーバが登録されていません",
                en: "no name server of its network is listed",
            )),
            Found::Missing | Found::Hearsay(_) => Standing::Wrong(text!(
                ja: "`[destinations]` にも、パックにもないサーバです",
                en: "neither `[destinations]` nor a pack names this server",
            )),
        }
    }

    /// Networks of the name servers that the site file lists on the outside network `net`.
    fn listed_name_servers(&self, net: NodeId) -> impl Iterator<Item = Net> {
        let is_for_names = |ports: &Ports| {
            matches!(ports, Ports::Range(protocol::UDP | protocol::TCP, DOMAIN, DOMAIN))
        };
        let destinations = self.blueprint.catalogue.destinations.iter();
        let own =
            destinations.filter(move |one| one.net == net && one.ports.iter().any(is_for_names));
        own.flat_map(|one| one.addresses.iter().copied())
    }

    /// The statement that no name of the eligibility network is registered.
    pub(crate) fn without_names(&self, requirement: &Text) -> Judgement {
        let reason = text!(
            ja: "資格確認の網の接続先に、ホスト名（`hosts`）が登録されていません",
            en: "no host name (`hosts`) of the eligibility network is listed",
        );
        Judgement::unknown(house::not_proved(requirement), reason, self.blueprint.place)
            .advise(text!(
                ja: "接続先の名前を `[destinations]` の `hosts` に、DNS サーバを `udp/53` と\
                     ともに書いてください",
                en: "write the names as `hosts` under `[destinations]`, and the name servers with \
                     `udp/53`",
            ))
            .ask(Who::LineProvider, question())
    }

    /// The statements that it is not known whom `machines` ask.
    pub(crate) fn without_resolver(
        &self,
        requirement: &Text,
        machines: &[NodeId],
    ) -> Vec<Judgement> {
        let unknown = |machine: &NodeId| {
            let name = self.name(*machine);
            let reason = text!(
                ja: "`{machine}` がどの DNS サーバに問い合わせるか分かりません",
                en: "whom `{machine}` asks for names is not known",
                machine = name,
            );
            let span = self.node(*machine).origin.span();
            Judgement::unknown(house::not_proved(requirement), reason, span)
                .about([name.to_owned()])
                .advise(text!(
                    ja: "`{machine}` で `ipconfig /all` を実行し、DNS サーバを NIC の `dns` に\
                         書いてください",
                    en: "run `ipconfig /all` on `{machine}` and write its name servers as `dns` of \
                         the interface",
                    machine = name,
                ))
                .ask(
                    Who::Installer,
                    text!(
                        ja: "`{machine}` の DNS サーバ（`ipconfig /all`）",
                        en: "the name servers of `{machine}` (`ipconfig /all`)",
                        machine = name,
                    ),
                )
        };
        machines.iter().map(unknown).collect()
    }
}

/// What to ask where nothing says which server is the right one.
pub(crate) fn question() -> Text {
    text!(
        ja: "オンライン資格確認の接続先のホスト名と、その名前を引く DNS サーバのアドレス",
        en: "the host names of the eligibility network and the addresses of the servers that \
             answer for them",
    )
}

/// The first rule by which `router` handles questions of this type for `host`.
pub(crate) fn rule_for<'a>(router: &'a Node, kind: &str, host: &str) -> Option<&'a NameRule> {
    router.name_rules.iter().find(|rule| asks(rule, kind) && is_below(host, &rule.suffix))
}

/// The rules that may handle such a question, in order: conditional ones, and the first of the
/// others.
pub(crate) fn rules_for<'a>(router: &'a Node, kind: &str, host: &str) -> Vec<&'a NameRule> {
    let mut all = Vec::new();
    for rule in router.name_rules.iter().filter(|rule| asks(rule, kind)) {
        if is_below(host, &rule.suffix) {
            all.push(rule);
            if rule.asking != Asking::Perhaps {
                break;
            }
        }
    }
    all
}

/// The first rule by which `router` treats `host` in a special way, whatever the type.
pub(crate) fn special_rule<'a>(router: &'a Node, host: &str) -> Option<&'a NameRule> {
    router.name_rules.iter().find(|rule| rule.suffix != "." && is_below(host, &rule.suffix))
}

/// The first rule before `used` that may handle the question, if names are compared letter by
/// letter from their end and not label by label.
pub(crate) fn rule_before<'a>(
    router: &'a Node,
    kind: &str,
    host: &str,
    used: Option<&NameRule>,
) -> Option<&'a NameRule> {
    let before = router.name_rules.iter().take_while(|rule| Some(*rule) != used);
    before.into_iter().find(|rule| {
        let suffix = rule.suffix.as_str();
        asks(rule, kind) && suffix != "." && host.ends_with(suffix) && !is_below(host, suffix)
    })
}

/// Whether questions of this type are for `rule`.
fn asks(rule: &NameRule, kind: &str) -> bool {
    rule.types.iter().any(|own| own == kind || own == "any")
}

/// Whether `host` lies below the suffix of a rule.
fn is_below(host: &str, suffix: &str) -> bool {
    let suffix = suffix.trim_start_matches(['*', '.']);
    suffix.is_empty()
        || host == suffix
        || host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.'))
}
